"""Addresses under /services/, for staff."""

from django.urls import URLPattern, path

from spona.directory import views

app_name = "directory"
urlpatterns: list[URLPattern] = [
    path("", views.service_list, name="service_list"),
    path("new/", views.service_new, name="service_new"),
    path("<int:pk>/", views.service_detail, name="service_detail"),
    path("<int:pk>/change/", views.service_change, name="service_change"),
    path("<int:pk>/end/", views.service_end, name="service_end"),
    path("<int:pk>/capacity/", views.capacity_say, name="capacity_say"),
]
