from django.urls import path

from spona.protocols import views

app_name = "protocols"
urlpatterns = [
    path("", views.version_list, name="version_list"),
    path("<slug:protocol>/<str:version>/", views.version_detail, name="version_detail"),
    path("<slug:protocol>/<str:version>/<str:rule_id>/", views.rule_detail, name="rule_detail"),
]
