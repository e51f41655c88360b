"""Addresses of the demonstration; config/urls.py includes them in the demo and the tests only."""

from django.urls import URLPattern, path

from demo import views

app_name = "demo"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="index"),
    path("as/<slug:key>/<str:token>/", views.sign_in, name="sign_in"),
]
