"""A key is changed while people work: every value moves to the newest, and nothing is lost."""

from __future__ import annotations

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings

from conftest import connected_as
from spona.accounts.tests.factories import person
from spona.audit.models import Event
from spona.base import rls
from spona.base.sealing import Unreadable, key_id_of, resealing
from spona.base.tests.test_sealing import ring
from spona.cases.tests.factories import CHILD, acting, case
from spona.people.models import PersonName

pytestmark = pytest.mark.django_db(transaction=True)

OLD, BOTH, NEW = ring(1), ring(2, 1), ring(2)
NAMES = [{"given": f"Sintetički {number}", "family": "نمونه"} for number in range(7)]


def reseal(batch: int = 3) -> str:
    out = StringIO()
    with connected_as("spona_owner"):
        call_command("identity", "reseal", batch=batch, stdout=out, stderr=out)
    return out.getvalue()


def keys_of(column: str) -> set[int]:
    with rls.engine_room(), connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM people_personname WHERE {column} <> ''")  # noqa: S608
        return {key_id_of(value) for (value,) in cursor.fetchall()}


def names() -> set[str]:
    with rls.engine_room():
        return {str(name) for name in PersonName.objects.all()}


def test_a_key_is_exchanged_and_the_old_one_thrown_away() -> None:
    with override_settings(IDENTITY_KEYS=OLD):
        case(person("duty_officer"), person=CHILD | {"names": NAMES})
        before = names()
    with override_settings(IDENTITY_KEYS=BOTH):
        assert names() == before  # both read while the old one is still there
        said = reseal()
        assert "people_personname: 3 rows" in said
        assert "people_personname: 7 rows" in said
        assert "No value is left under an older key." in said
        assert "Sintetički" not in said
        again = reseal()
        assert "rows" not in again
    with override_settings(IDENTITY_KEYS=NEW):
        assert names() == before
        assert keys_of("given") == keys_of("family") == {2}
    with override_settings(IDENTITY_KEYS=OLD), pytest.raises(Unreadable):
        names()
    with connected_as("spona_owner"):
        detail = Event.objects.filter(verb="identity_reseal").earliest("pk").detail
    assert detail["key"] == 2
    assert detail["rows"]["people_personname"] == 7


def test_what_was_interrupted_goes_on_where_it_stopped() -> None:
    with override_settings(IDENTITY_KEYS=OLD):
        case(person("duty_officer"), person=CHILD | {"names": NAMES})
        before = names()
    with override_settings(IDENTITY_KEYS=BOTH):
        table = resealing.Table("people_personname", ("given", "family"))
        with connected_as("spona_owner"):
            next(resealing.reseal(table, batch=3))
            assert resealing.held(table) == {1: 8, 2: 6}
        assert names() == before
        assert "people_personname: 4 rows" in reseal()
    with override_settings(IDENTITY_KEYS=NEW):
        assert names() == before


def test_a_row_that_somebody_is_writing_is_not_waited_for() -> None:
    with override_settings(IDENTITY_KEYS=OLD):
        owner = person("duty_officer")
        opened = case(owner, person=CHILD | {"names": NAMES})
    said: list[str] = []
    with override_settings(IDENTITY_KEYS=BOTH):
        with acting(owner):
            held = PersonName.objects.select_for_update().filter(person=opened.person).first()
            assert held is not None
            other = threading.Thread(target=lambda: said.append(_reseal_elsewhere()))
            other.start()
            other.join(timeout=60)
            held.given = "Sintetički Novi"
            held.save()
        assert "people_personname: 6 rows" in said[0]
        assert "key 1: 2 values" in said[0]
        assert keys_of("given") == {2}  # what was written meanwhile is under the new key
        assert "Sintetički Novi نمونه" in names()


def _reseal_elsewhere() -> str:
    """On a connection of its own, which the thread has by itself."""
    try:
        return reseal()
    finally:
        connection.close()


def test_what_cannot_be_read_is_named_and_left() -> None:
    with override_settings(IDENTITY_KEYS=OLD):
        case(person("duty_officer"), person=CHILD | {"names": NAMES})
    with connected_as("spona_owner"), connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM people_personname")
        [pk] = cursor.fetchone()
        cursor.execute("UPDATE people_personname SET given = family WHERE id = %s", [pk])
    with override_settings(IDENTITY_KEYS=BOTH):
        out = StringIO()
        with (
            connected_as("spona_owner"),
            pytest.raises(CommandError, match="1 rows cannot be read"),
        ):
            call_command("identity", "reseal", stdout=out, stderr=out)
        assert f"people_personname: row {pk} cannot be read" in out.getvalue()
        assert "people_personname: 6 rows" in out.getvalue()
        assert "key 1: 2 values" in out.getvalue()


def test_only_the_owner_of_the_tables_seals_afresh() -> None:
    with pytest.raises(CommandError, match="SPONA_DB_ROLE=spona_owner"):
        call_command("identity", "reseal")
    with connected_as("spona_owner"), pytest.raises(CommandError, match="at least 1"):
        call_command("identity", "reseal", batch=0)
