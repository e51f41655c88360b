"""The page that shows every part draws in each language, with nobody's real name."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import RequestFactory
from django.utils import translation

from spona.base import views

pytestmark = pytest.mark.skipif(
    not (settings.ROOT / "web" / "dist" / "manifest.json").exists(),
    reason="the pages are not built: make setup",
)


def guide(language: str) -> str:
    with translation.override(language):
        return views.style_guide(RequestFactory().get("/")).content.decode()


@pytest.mark.parametrize(
    ("language", "lang", "said"),
    [("en", "en", "3 h late"), ("sr-latn", "sr-Latn", "Donesi"), ("sr", "sr-Cyrl", "Донеси")],
)
def test_every_part_is_drawn_in_each_language(language: str, lang: str, said: str) -> None:
    page = guide(language)
    assert f'lang="{lang}"' in page
    assert said in page


def test_the_title_is_neutral() -> None:
    assert "<title>Spona</title>" in guide("en")


def test_the_browser_is_given_the_sentences_it_may_need() -> None:
    page = guide("en")
    for name in ("clock-sentences", "say-offline", "say-failed", "say-restored", "say-discard"):
        assert f"data-{name}=" in page
