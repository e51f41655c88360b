"""Kinds of services: bilingual, with a neutral family, and with needs that may be recorded."""

from __future__ import annotations

from django.utils import translation

from spona.directory import codes
from spona.directory.models import Service
from spona.directory.models.service import WHERE_SOMEBODY_SLEEPS

SPEAKING = ("nasilj", "žrtv", "trgovin", "azil", "violence", "victim", "traffick", "asylum")


def test_every_kind_answers_needs_that_may_be_recorded() -> None:
    for key, kind in codes.service_kinds().items():
        assert kind.needs, key
        assert set(kind.needs) <= set(codes.needs_by_key()), key
        assert kind.name.layer in Service.Layer.values, key
        assert kind.name.name_sr, key
        assert kind.name.name_en, key


def test_a_family_never_says_what_somebody_went_through() -> None:
    for family in codes.service_families().values():
        for words in (family.name_sr, family.name_en):
            assert not any(word in words for word in SPEAKING), family.code


def test_a_service_for_survivors_is_sensitive_and_its_family_neutral() -> None:
    for key in ("violence_support", "trafficking_support", "safe_house"):
        kind = codes.service_kinds()[key]
        assert kind.name.sensitive
        assert kind.family.code in {"support", "accommodation"}


def test_where_somebody_sleeps_is_what_the_database_never_makes_public() -> None:
    sleeping = {key for key, kind in codes.service_kinds().items() if kind.sleeps}
    assert sleeping == set(WHERE_SOMEBODY_SLEEPS)


def test_a_kind_is_read_in_the_language_of_the_page() -> None:
    kind = codes.service_kinds()["legal_aid"]
    assert str(kind) == "legal aid"
    with translation.override("sr-latn"):
        assert str(kind) == "pravna pomoć"
