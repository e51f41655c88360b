from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "spona.base"
    label = "base"

    def ready(self) -> None:
        from spona.base import checks  # noqa: F401 - registers the system checks
