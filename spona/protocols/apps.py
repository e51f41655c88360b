from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "spona.protocols"
    label = "protocols"
