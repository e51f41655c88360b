"""Our addresses beside all others, wherever the site puts them."""

from django.urls import include, path

from config.urls import urlpatterns as site

urlpatterns = [path("cases/", include("spona.cases.urls")), *site]
