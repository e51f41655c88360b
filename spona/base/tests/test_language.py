"""Serbian is written in Latin until somebody chooses Cyrillic."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "cookie", "written"),
    [
        ("sr-RS,sr;q=0.9", "", "sr-Latn"),
        ("sr-RS", "sr", "sr-Cyrl"),
        ("en-GB", "", "en"),
        ("en-GB", "sr-latn", "sr-Latn"),
        ("", "", "sr-Latn"),
    ],
)
def test_the_language_of_a_page(asked: str, cookie: str, written: str) -> None:
    client = Client(headers={"accept-language": asked})
    if cookie:
        client.cookies["language"] = cookie
    page = client.get(reverse("account_login")).content.decode()
    assert f'lang="{written}"' in page
