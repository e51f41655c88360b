"""Every address of Spona. Each is in tests/access_matrix.csv, or a test fails."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from spona.accounts.urls import sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("spona.accounts.urls")),
    path("accounts/", include(sign_in)),
    path("rules/", include("spona.protocols.urls")),
    path("cases/", include("spona.cases.urls")),
    path("services/", include("spona.directory.urls")),
    path("", include("spona.coordination.urls")),
    path("", include("spona.home.urls")),
]

handler400 = "spona.base.views.bad_request"
handler403 = "spona.base.views.permission_denied"
handler404 = "spona.base.views.page_not_found"
handler500 = "spona.base.views.server_error"

if settings.DEMO or settings.TESTING:
    urlpatterns.append(path("demo/", include("demo.urls")))
