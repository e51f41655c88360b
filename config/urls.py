"""Every address of Spona. Each is in the access matrix (tests/access_matrix.csv) or a test fails."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from spona.accounts.urls import sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("spona.accounts.urls")),
    path("accounts/", include(sign_in)),
]

if settings.DEMO or settings.TESTING:
    urlpatterns.append(path("demo/", include("demo.urls")))
