"""P6: the log is written with the deed, cannot be changed by the app, and tampering is named.

The tampering is done by the owner of the tables, who alone can, over a connection of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from spona.accounts.models import InstitutionType
from spona.audit import actions
from spona.audit.models import Event, Seal
from spona.audit.rules import GENESIS, Fault, Finding
from spona.base import rls
from spona.base.actor import Actor

AT = timezone.now()
WHO = Actor(user_id=7, organisation_id=3, name="Sintetička Ana", organisation_name="Sintetički CSR")
SUBJECT = InstitutionType(pk=11, code="CSR")


def _write(times: int = 1) -> None:
    for number in range(times):
        with transaction.atomic():
            actions.record("tested", SUBJECT, by=WHO, at=AT, case_id=number, detail={"n": number})


def _ids() -> list[int]:
    with transaction.atomic(), rls.engine_room():
        return list(Event.objects.order_by("id").values_list("id", flat=True))


@pytest.mark.django_db
def test_an_event_says_who_did_what_to_what() -> None:
    actions.record("tested", SUBJECT, by=WHO, at=AT, case_id=5, detail={"code": "x"})
    with rls.engine_room():
        event = Event.objects.get()
    assert (event.kind, event.verb, event.actor_id, event.actor_name) == (
        "write",
        "tested",
        7,
        "Sintetička Ana",
    )
    assert (event.subject_type, event.subject_ids, event.case_ids) == (
        "accounts.InstitutionType",
        [11],
        [5],
    )


@pytest.mark.django_db
def test_a_page_that_was_read_is_one_event_and_an_empty_page_is_none() -> None:
    actions.read("listed", [SUBJECT, InstitutionType(pk=12)], by=WHO, at=AT, case_ids=[4, None, 4])
    actions.read("listed", [], by=WHO, at=AT)
    with rls.engine_room():
        event = Event.objects.get()
    assert (event.kind, event.subject_ids, event.case_ids) == ("read", [11, 12], [4])


@pytest.mark.django_db
def test_what_was_refused_is_said_too() -> None:
    actions.refused("tested", SUBJECT, by=WHO, at=AT, detail={"rule": "UASC-1"})
    with rls.engine_room():
        assert Event.objects.get().kind == "refused"


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["spona_app", "spona_worker"])
@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE audit_event SET verb = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE audit_seal SET digest = 'x'",
        "DELETE FROM audit_seal",
    ],
)
def test_neither_app_nor_worker_can_change_the_log(role: str, deed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(deed)


@pytest.mark.django_db
def test_the_app_does_not_touch_the_seals() -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        Seal.objects.count()


# --- sealed for good: real transactions from here on


WAITING = actions.XMIN
NOT_WAITING = actions.XMIN.replace("xmin", "xmax")


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Transactions are counted over the whole server: do not wait for those of its neighbours."""
    monkeypatch.setattr(actions, "XMIN", NOT_WAITING)


@pytest.fixture
def owner(transactional_db: None) -> Iterator[psycopg.Connection]:
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"] or None,
        password=settings["PASSWORD"] or None,
        dbname=settings["NAME"],
        user="spona_owner",
        autocommit=True,
    ) as link:
        yield link


@pytest.fixture
def log(owner: psycopg.Connection) -> list[int]:
    """Six events under two seals."""
    _write(4)
    assert actions.seal(at=AT) == 4
    _write(2)
    assert actions.seal(at=AT + timedelta(minutes=1)) == 2
    assert actions.verify() == []
    return _ids()


def test_sealing_again_seals_nothing_twice(log: list[int]) -> None:
    assert actions.seal(at=AT) == 0
    assert len(actions.head()) == 64


def test_an_empty_log_is_in_order(owner: psycopg.Connection) -> None:
    assert actions.head() == GENESIS
    assert actions.verify(anchor=GENESIS) == []


def test_what_a_running_transaction_wrote_waits_for_the_next_seal(
    owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "XMIN", WAITING)
    owner.autocommit = False
    owner.execute(
        "INSERT INTO audit_event (at, kind, verb, actor_name, organisation_name, subject_type,"
        " subject_ids, case_ids, detail)"
        " VALUES (now(), 'write', 'slow', '', '', 't', '{}', '{}', '{}')"
    )
    _write(1)
    assert actions.seal(at=AT) == 0
    owner.commit()
    monkeypatch.setattr(actions, "XMIN", NOT_WAITING)
    assert actions.seal(at=AT) == 2
    assert actions.verify() == []


def test_an_edited_event_is_named(owner: psycopg.Connection, log: list[int]) -> None:
    owner.execute("UPDATE audit_event SET actor_name = 'Sintetički Petar' WHERE id = %s", [log[2]])
    assert actions.verify() == [Finding(Fault.EDITED, log[2])]


CHANGES = (
    "at = at - interval '1 second'",
    "recorded_at = recorded_at + interval '1 microsecond'",
    "kind = 'read'",
    "verb = 'other'",
    "actor_id = 8",
    "organisation_id = NULL",
    "organisation_name = ''",
    "subject_type = 'x'",
    "subject_ids = '{12}'",
    "case_ids = '{}'",
    """detail = '{"n": "1"}'""",
    "transaction = transaction + 1",
)


def test_no_field_of_an_event_can_be_edited_unnoticed(
    owner: psycopg.Connection, log: list[int]
) -> None:
    number = log[1]
    for change in CHANGES:
        owner.execute(
            "CREATE TEMP TABLE before AS SELECT * FROM audit_event WHERE id = %s", [number]
        )
        owner.execute(f"UPDATE audit_event SET {change} WHERE id = {number}")  # noqa: S608
        assert actions.verify() == [Finding(Fault.EDITED, number)], change
        owner.execute("DELETE FROM audit_event WHERE id = %s", [number])
        owner.execute("INSERT INTO audit_event SELECT * FROM before; DROP TABLE before")
    assert actions.verify() == []


def test_a_deleted_event_is_named(owner: psycopg.Connection, log: list[int]) -> None:
    owner.execute("DELETE FROM audit_event WHERE id = %s", [log[1]])
    assert actions.verify() == [Finding(Fault.DELETED, log[1])]


def test_two_events_that_changed_places_are_named(
    owner: psycopg.Connection, log: list[int]
) -> None:
    a, b = log[0], log[4]
    owner.execute(
        "UPDATE audit_event SET id = CASE id WHEN %(a)s THEN -%(b)s ELSE -%(a)s END"
        " WHERE id IN (%(a)s, %(b)s)",
        {"a": a, "b": b},
    )
    owner.execute("UPDATE audit_event SET id = -id WHERE id < 0")
    assert actions.verify() == [Finding(Fault.MOVED, a, b)]


def test_a_backdated_event_is_named(owner: psycopg.Connection, log: list[int]) -> None:
    (number,) = owner.execute(
        "INSERT INTO audit_event (at, recorded_at, kind, verb, actor_name, organisation_name,"
        " subject_type, subject_ids, case_ids, detail, transaction)"
        " SELECT at, recorded_at, kind, 'invented', actor_name, organisation_name, subject_type,"
        " subject_ids, case_ids, detail, transaction FROM audit_event WHERE id = %s RETURNING id",
        [log[0]],
    ).fetchone() or (0,)
    assert actions.verify() == [Finding(Fault.INSERTED, number)]
    assert actions.seal(at=AT) == 0


def test_a_cut_tail_is_named_from_where_to_where(owner: psycopg.Connection, log: list[int]) -> None:
    owner.execute("DELETE FROM audit_event WHERE id >= %s", [log[3]])
    assert actions.verify() == [Finding(Fault.TAIL_CUT, log[3], log[5])]


def test_a_removed_last_seal_shows_by_the_anchor_alone(
    owner: psycopg.Connection, log: list[int]
) -> None:
    anchor = actions.head()
    assert actions.verify(anchor=anchor) == []
    owner.execute("DELETE FROM audit_seal WHERE digest = %s", [anchor])
    assert actions.verify() == []
    assert [one.fault for one in actions.verify(anchor=anchor)] == [Fault.ANCHOR_MISSING]
    actions.seal(at=AT + timedelta(minutes=9))
    assert [one.fault for one in actions.verify(anchor=anchor)] == [Fault.ANCHOR_MISSING]


def test_a_chain_written_anew_shows_by_the_anchor(
    owner: psycopg.Connection, log: list[int]
) -> None:
    anchor = actions.head()
    owner.execute("UPDATE audit_event SET verb = 'nicer' WHERE id = %s", [log[0]])
    owner.execute("DELETE FROM audit_seal")
    actions.seal(at=AT)
    assert actions.verify() == []
    assert [one.fault for one in actions.verify(anchor=anchor)] == [Fault.ANCHOR_MISSING]


def test_a_long_log_is_sealed_and_compared_piece_by_piece(
    owner: psycopg.Connection, log: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "CHUNK", 2)
    _write(5)
    assert actions.seal(at=AT) == 5
    assert len(_seals()) == 5
    assert actions.verify(anchor=actions.head()) == []
    owner.execute("DELETE FROM audit_event WHERE id = %s", [log[1]])
    owner.execute("UPDATE audit_event SET verb = 'x' WHERE id = %s", [log[5]])
    assert actions.verify() == [Finding(Fault.DELETED, log[1]), Finding(Fault.EDITED, log[5])]


def test_an_edited_seal_and_a_missing_one_are_named(
    owner: psycopg.Connection, log: list[int]
) -> None:
    first, second = _seals()
    owner.execute("UPDATE audit_seal SET sealed_at = now() WHERE id = %s", [second])
    assert actions.verify() == [Finding(Fault.SEAL_EDITED, second)]
    owner.execute("DELETE FROM audit_seal WHERE id = %s", [first])
    named = actions.verify()
    assert Finding(Fault.SEAL_MISSING, second) in named
    inserted = [one.number for one in named if one.fault is Fault.INSERTED]
    assert inserted == log[:4]


def _seals() -> list[int]:
    with transaction.atomic(), rls.engine_room():
        return list(Seal.objects.order_by("id").values_list("id", flat=True))


def test_after_a_restore_on_a_new_server_sealing_goes_on(owner: psycopg.Connection) -> None:
    """A new server counts its transactions from the beginning again."""
    _write(3)
    with transaction.atomic(), rls.engine_room():
        actions._seal_all([9_000_000_000, 0, False, False], None, AT)
    _write(2)
    assert actions.seal(at=AT) == 2
    assert actions.seal(at=AT) == 0
    assert actions.verify() == []


def test_the_commands_seal_print_the_head_and_verify(
    owner: psycopg.Connection, log: list[int]
) -> None:
    said = StringIO()
    _write(1)
    call_command("audit", "seal", stdout=said)
    call_command("audit", "head", stdout=said)
    call_command("audit", "verify", anchor=actions.head(), stdout=said)
    assert said.getvalue().splitlines() == [
        "1 events sealed.",
        actions.head(),
        "The log is as it was sealed.",
    ]
    owner.execute("DELETE FROM audit_event WHERE id = %s", [log[0]])
    with pytest.raises(CommandError):
        call_command("audit", "verify", stdout=said)
    assert f"Event {log[0]} was deleted." in said.getvalue()
