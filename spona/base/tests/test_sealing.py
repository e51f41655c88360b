"""What says who a child is opens under its own key, in its own column, and nowhere else."""

from __future__ import annotations

import base64
import os
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import FieldError
from django.db import DataError, connection, models
from django.test import SimpleTestCase, override_settings
from django.test.utils import isolate_apps
from hypothesis import given
from hypothesis import strategies as st

from spona.base import checks
from spona.base.sealing import (
    IdentityKeysError,
    Unreadable,
    key_id_of,
    newest,
    seal,
    search_keys,
    unseal,
)
from spona.base.sealing.fields import SealedJSONField, SealedTextField
from spona.base.sealing.keys import derived, parsed

PLACE = "people_personname.given"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abš"), inner),
)


def ring(*numbers: int) -> str:
    """A key for each number, the same whenever it is asked for."""
    keys = ((number, bytes([number % 256]) * 32) for number in numbers)
    return ",".join(f"{number}:{base64.b64encode(key).decode()}" for number, key in keys)


@given(st.binary(), st.sampled_from([PLACE, "people_person.father"]))
def test_what_is_sealed_opens_again_and_shows_nothing(plain: bytes, place: str) -> None:
    sealed = seal(plain, place)
    assert unseal(sealed, place) == plain
    assert len(plain) < 8 or plain not in sealed
    assert seal(plain, place) != sealed  # two of one name cannot be told to be one


@given(st.binary(min_size=1), st.data())
def test_whatever_was_changed_does_not_open(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal(plain, PLACE))
    where = data.draw(st.integers(0, len(sealed) - 1))
    sealed[where] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable, match=PLACE):
        unseal(bytes(sealed), PLACE)
    with pytest.raises(Unreadable):
        unseal(bytes(sealed[:-1]), PLACE)


def test_a_value_does_not_open_in_another_column() -> None:
    with pytest.raises(Unreadable) as refused:
        unseal(seal(b"Kanarinko", PLACE), "people_personname.family")
    assert "Kanarinko" not in str(refused.value)


@given(st.permutations([1, 2, 65_535]))
def test_the_first_key_writes_and_all_of_them_read(order: list[int]) -> None:
    with override_settings(IDENTITY_KEYS=ring(*order)):
        sealed = seal(b"x", PLACE)
        assert key_id_of(sealed) == newest() == order[0]
    with override_settings(IDENTITY_KEYS=ring(*reversed(order))):
        assert unseal(sealed, PLACE) == b"x"
    with (
        override_settings(IDENTITY_KEYS=ring(*order[1:])),
        pytest.raises(Unreadable, match=f"key {order[0]} is not in SPONA_IDENTITY_KEYS"),
    ):
        unseal(sealed, PLACE)


def test_another_key_with_the_same_number_opens_nothing() -> None:
    sealed = seal(b"x", PLACE)
    other = f"1:{base64.b64encode(os.urandom(32)).decode()}"
    with override_settings(IDENTITY_KEYS=other), pytest.raises(Unreadable, match="does not open"):
        unseal(sealed, PLACE)


def test_each_purpose_has_a_key_of_its_own_and_the_newest_comes_first() -> None:
    with override_settings(IDENTITY_KEYS=ring(2, 1)):
        seals, searches = derived("seal"), search_keys()
        assert [number for number, _key in searches] == [2, 1]
        assert len({key for _number, key in (*seals, *searches, *parsed(ring(2, 1)))}) == 6
    with override_settings(IDENTITY_KEYS=ring(1)):
        assert search_keys() == searches[1:]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "names no key"),
        ("unset", "number:base64"),
        ("0:" + "A" * 44, "from 1 to 65535"),
        ("70000:" + "A" * 44, "from 1 to 65535"),
        ("1:Kanarinko!", "not base64"),
        ("1:" + base64.b64encode(b"Kanarinko").decode(), "32 bytes"),
        (f"{ring(1)},{ring(1)}", "one number"),
    ],
)
def test_a_ring_with_a_mistake_is_named_and_not_shown(text: str, fault: str) -> None:
    with pytest.raises(IdentityKeysError, match=fault) as refused:
        parsed(text)
    assert "Kanarinko" not in str(refused.value)
    with override_settings(IDENTITY_KEYS=text):
        assert [one.id for one in checks.identity_can_be_sealed(None)] == (
            [] if text == "unset" else ["spona.E004"]
        )


def test_real_data_needs_a_key() -> None:
    def wanted(**said: Any) -> set[str]:
        with override_settings(LOCAL=False, **said):
            return {one.msg.split()[0] for one in checks.somebody_answers_for_the_data(None)}

    assert "SPONA_IDENTITY_KEYS" in wanted(IDENTITY_KEYS="unset")
    assert "SPONA_IDENTITY_KEYS" not in wanted(IDENTITY_KEYS=ring(1))


# --- the fields


with isolate_apps("spona.base"):

    class Sealing(models.Model):
        """Stands in no database."""

        text = SealedTextField(max_length=5, blank=True)
        said = SealedJSONField(null=True)

        class Meta:
            app_label = "base"


TEXT: Any = Sealing._meta.get_field("text")
SAID: Any = Sealing._meta.get_field("said")


def through(field: Any, value: Any) -> Any:
    return field.from_db_value(field.get_db_prep_save(value, connection), None, connection)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
def test_text_comes_back_and_empty_text_stays_empty(text: str) -> None:
    assert through(TEXT, text) == text
    assert (TEXT.get_db_prep_save(text, connection) == b"") is (text == "")


@given(JSON)
def test_json_comes_back(value: Any) -> None:
    assert through(SAID, value) == value


def test_text_that_is_too_long_is_refused_and_not_repeated() -> None:
    with pytest.raises(DataError, match="at most 5 characters") as refused:
        TEXT.get_db_prep_save("Kanarinko", connection)
    assert "Kanarinko" not in str(refused.value)


@pytest.mark.parametrize(
    "asked",
    [
        {"text": "Mi"},
        {"text__icontains": "Mi"},
        {"text__in": [""]},
        {"text__gt": ""},
        {"said__name": "Mi"},
        {"said__contains": {}},
        {"said": {}},
        {"text": models.F("said")},
    ],
)
def test_nobody_filters_on_what_is_sealed(asked: dict[str, Any]) -> None:
    with pytest.raises(FieldError, match="is sealed"):
        Sealing._default_manager.filter(**asked)


def test_whether_anything_stands_there_can_be_asked() -> None:
    Sealing._default_manager.filter(text="").exclude(said=None).filter(said__isnull=True)


@isolate_apps("spona.base", attr_name="apps")
class TestWhatIsOrdered(SimpleTestCase):
    apps: Any

    def test_an_index_or_an_order_over_what_is_sealed_is_a_fault(self) -> None:
        class Ordered(models.Model):
            text = SealedTextField()
            number = SealedTextField(unique=True)
            listed = SealedTextField()
            free = SealedTextField()

            class Meta:
                app_label = "base"
                ordering = ("-text",)
                indexes = (models.Index(fields=["listed"], name="of_nothing"),)

        with mock.patch.object(checks, "apps", self.apps):
            faults = checks.nothing_is_ordered_by_what_is_sealed(None)
        assert [one.msg.split()[0] for one in faults] == [
            "base_ordered.text", "base_ordered.number", "base_ordered.listed",
        ]  # fmt: skip
        assert checks.nothing_is_ordered_by_what_is_sealed(None) == []
