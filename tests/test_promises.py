"""What is promised of every page (trust.md): the log, need-to-know, the end of access."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any, NamedTuple

import pytest
import time_machine
from django.core import mail
from django.db import ProgrammingError, connection, transaction
from django.test import TestCase
from django.utils import timezone

from spona.audit.models import Event
from spona.base import rls
from spona.base.checks import guarded_tables
from spona.coordination import actions
from spona.coordination.actions import exchange
from spona.coordination.models import Notice
from spona.coordination.tests.story import EVENING, HOUR, MINUTE
from tests.addresses import Address, addresses, of_the_house
from tests.dumps import found, rows
from tests.world import CANARY, NOW, Answer, World

CARD_OF_ALL = {"guardian", "lead"}
NOBODYS_BUSINESS: set[str] = set()
EVERYTHING = set(CANARY)
RESTRICTED = {"trafficking", "violence", "restricted duty", "restricted report"}
RESTRICTED |= {"document", "allergy", "restricted goal", "closing"}
FINDERS = {"given", "family", "place", "encounter note", "lead"}

# Which canaries may stand on any page that these people open. `lead` and `guardian` are names of
# colleagues: who takes a child over is told to whoever found it.
MAY_KNOW: dict[str, set[str]] = {
    "police": CARD_OF_ALL,
    "asylum": CARD_OF_ALL | {"language"},
    "health": CARD_OF_ALL | {"given", "language", "medical", "violence", "restricted duty"},
    "facility": CARD_OF_ALL | {"given", "language"},
    "finder": FINDERS | {"language"},
    "coordinator": NOBODYS_BUSINESS,
    "administrator": {"guardian", "lead"},
    "case_manager": {"guardian", "lead"},
    "stranger": NOBODYS_BUSINESS,
    "expired": NOBODYS_BUSINESS,
    "recipient": {"given", "language", "message", "thread", "lead"},
    "other_centre": CARD_OF_ALL | {"language", "move"},
    "director": EVERYTHING - RESTRICTED | {"language"},
}
ACTS = {"restricted duty", "restricted report"}
# What a form offers to everybody says nothing.
OFFERED = re.compile(r'(?:<option[^>]*>|<input type="checkbox"[^>]*>)[^<]*')
WORDS = CANARY | {
    "language": "tigrinja",
    "violence": "seksualno nasilje",
    "restricted duty": "Hitna zdravstvena zaštita",
    "restricted report": "žrtava trgovine ljudima",
}
WALKERS = ("owner", "guardian", *MAY_KNOW)
OF_THE_CHILD = {*CANARY, "language"} - {"guardian", "lead"}


class Step(NamedTuple):
    """One page that one person opened, and what the log says of it."""

    who: str
    place: Address
    answer: Answer
    log: list[Event]

    def __str__(self) -> str:
        return f"{self.who} at {self.place.name} ({self.place.object})"

    @property
    def known(self) -> set[str]:
        body = OFFERED.sub("", self.answer.body)
        found = {what for what, word in WORDS.items() if word in body}
        # A notice names a rule, an institution and a random number: an act, and no child.
        return found - ACTS if self.place.name == "home:notice_list" else found


@pytest.fixture(scope="module")
def steps(world: World) -> list[Step]:
    """Everybody opens every page in which there may be a child."""
    pages = [one for one in addresses(world) if not of_the_house(one.name)]
    pages = [one for one in pages if world.visit("owner", one.path).status != 405]
    return [_step(world, who, one) for who in WALKERS for one in pages]


def _step(
    world: World, who: str, one: Address, data: dict[str, Any] | None = None, method: str = "get"
) -> Step:
    with transaction.atomic():
        last = _last_of_the_log()
        answer = world.do(who, one.path, data, method)
        with rls.engine_room():
            log = list(Event.objects.filter(pk__gt=last))
        transaction.set_rollback(True)
    return Step(who, one, answer, log)


def _last_of_the_log() -> int:
    with rls.engine_room():
        return Event.objects.latest("pk").pk


# --- P19, P4: to each its purpose


def test_nobody_reads_more_than_the_purpose_of_the_institution(steps: list[Step]) -> None:
    too_much = [
        f"{step}: {sorted(step.known - MAY_KNOW[step.who])}"
        for step in steps
        if step.known - MAY_KNOW.get(step.who, {*WORDS})
    ]
    assert too_much == [], "\n".join(too_much)


def test_who_works_on_the_case_does_read_it(steps: list[Step]) -> None:
    """So that nothing is proved by empty pages."""
    seen = set().union(*(step.known for step in steps if step.who == "owner"))
    assert seen >= EVERYTHING - {
        "place",
        "encounter note",
        "earlier note",
        "document",
        "lost",
        "move",
    }
    nurse = set().union(*(step.known for step in steps if step.who == "health"))
    assert {"given", "language", "guardian"} <= nurse


def test_the_police_get_name_and_last_place_only_while_the_child_is_missing(world: World) -> None:
    with transaction.atomic():
        form = {"last_seen": "2026-11-22T21:00", "circumstances": CANARY["lost"]}
        world.town.act(world.boy, "absence_noticed", after=3 * HOUR, form=form)
        police_number = {"police_station": "Sintetička", "police_number": "1"}
        world.town.act(world.boy, "missing_reported", after=3 * HOUR + MINUTE, form=police_number)
        search = _duty_page(world, "search_started")
        other = _duty_page(world, "intention_registered")
        transaction.set_rollback(True)
    assert search.known == {"given", "family", "guardian", "lead"}
    assert "22. 11. 2026" in search.answer.body
    assert other.known == {"guardian", "lead"}


def _duty_page(world: World, act: str) -> Step:
    number = world.duty(act).number
    return _step(world, "police", Address("coordination:duty_detail", act, (number,)))


def test_rows_that_the_police_reach_are_addressed_to_them(world: World) -> None:
    station = world.town.station.pk
    addressed = {
        "coordination_duty": "organisation_id",
        "coordination_obstacle": "organisation_id",
        "coordination_notice": "organisation_id",
        "coordination_binding": "organisation_id",
        "coordination_runevent": "organisation_id",
        "cases_encounter": "organisation_id",
        "cases_caseaccess": "organisation_id",
        "cases_casecounter": "organisation_id",
    }
    with rls.acting(world.actor("police"), NOW), connection.cursor() as cursor:
        nobodys = {"people_nameword"}  # sealed words, which say of nobody that he exists
        for table in sorted(guarded_tables() - nobodys | {"coordination_notice", "audit_event"}):
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t')  # noqa: S608
            for (text,) in cursor.fetchall():
                assert json.loads(text)[addressed[table]] == station, table
                assert not [word for word in WORDS.values() if word in text], table


def test_no_notice_and_no_mail_says_anything_of_a_child(world: World) -> None:
    with transaction.atomic(), TestCase.captureOnCommitCallbacks(execute=True):
        actions.mail_notices(at=NOW)
    written = [f"{one.subject} {one.body}" for one in mail.outbox]
    with rls.engine_room(), connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM coordination_notice t")
        written += [text for (text,) in cursor.fetchall()]
        assert Notice.objects.count() > 5
    assert len(mail.outbox) > 2
    words = [*WORDS.values(), world.boy.code]
    assert [text for text in written if any(word in text for word in words)] == []


def test_no_file_holds_what_is_restricted_unless_a_line_of_the_ledger_names_it(
    world: World,
) -> None:
    """P4: neither what the director takes away nor what goes to somebody else."""
    to, centre = world.people["recipient"].organisation, world.town.centre
    files = {}
    for who in ("director", "head"):
        by, out, table = world.actor(who), StringIO(), StringIO()
        with transaction.atomic(), rls.acting(by, NOW):
            if who == "director":
                exchange.cases_export(out=out, organisation=centre, by=by, at=NOW)
            else:
                whom = exchange.Recipient(to, "protection")
                for export, target in (
                    (exchange.cases_send, out),
                    (exchange.unhcr_export, table),
                ):
                    export(out=target, organisation=centre, to=whom, by=by, at=NOW)
            transaction.set_rollback(True)
        files[who] = out.getvalue() + table.getvalue()
    assert CANARY["given"] in files["director"]
    restricted = {what: CANARY[what] for what in RESTRICTED & CANARY.keys()}
    assert [what for what, word in restricted.items() if word in files["director"]] == []
    assert [what for what, word in CANARY.items() if word in files["head"]] == []


def test_the_log_names_who_did_what_and_no_word_of_it(world: World) -> None:
    """P4, P16: in the whole log only the names of colleagues, who are told by it."""
    with rls.engine_room(), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM audit_event t")
        log = [text for (text,) in cursor.fetchall()]
    assert len(log) > 50
    words = {what: word for what, word in CANARY.items() if what not in CARD_OF_ALL}
    assert {what for what, word in words.items() if any(word in text for text in log)} == set()


# --- P11: a stolen dump shows no identity


def test_the_rows_of_a_whole_evening_hold_nothing_that_was_said_of_the_children(
    world: World,
) -> None:
    """What is of staff, of institutions and of the time of a court stays as it is."""
    with rls.engine_room():
        dump = rows()
    assert len(dump) > 100_000
    words = {what: word for what, word in CANARY.items() if what not in ("guardian", "lead")}
    assert found(words | {"waiting": "Devojčica"}, dump) == {"court"}


# --- P6: what is read and written is logged


def test_a_page_of_a_child_adds_one_line_to_the_log(world: World, steps: list[Step]) -> None:
    shown = [step for step in steps if step.answer.status == 200 and _shows(world, step)]
    assert len(shown) > 50
    wrong = [str(step) for step in shown if [e.kind for e in step.log] != [Event.Kind.READ]]
    assert wrong == []
    unnamed = [
        str(step)
        for step in shown
        if not _children(world) & {*step.log[0].case_ids} and not _before_the_case(step)
    ]
    assert unnamed == []
    assert [step.log[0].actor_id for step in shown] == [
        world.people[step.who].user_id for step in shown
    ]


def _shows(world: World, step: Step) -> bool:
    of_child = step.known & OF_THE_CHILD
    return bool(of_child) or world.boy.code in step.answer.body


def _children(world: World) -> set[int]:
    return {world.boy.pk, world.between.moved.pk}


def _before_the_case(step: Step) -> bool:
    """An encounter and its notification point at no case: the log names them instead."""
    return step.log[0].subject_type in ("cases.Encounter", "coordination.Notification")


def test_a_refusal_reads_nothing(steps: list[Step]) -> None:
    assert [str(step) for step in steps if step.answer.status == 404 and step.log] == []


def _local(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M")


def deeds() -> list[tuple[str, str, str, str, dict[str, Any]]]:
    """Who, address, object, what the log calls it, what was typed."""
    now = _local(NOW)
    rows = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0"}
    who, decided = ({f"{prefix}-{k}": v for k, v in rows.items()} for prefix in ("who", "decided"))
    known = {"f_has_property": "yes", "occurred_at": now}
    taken, call = {"occurred_at": now}, {"answered": "no", "called_at": now}
    minutes = {"held_at": _local(EVENING + HOUR), "minutes": "Reč."}
    return [
        ("owner", "cases:note_add", "boy", "note_write", {"text": "Reč."}),
        ("owner", "cases:note_correct", "boy", "note_correct", {"text": "Reč.", "row_version": 2}),
        ("owner", "cases:need_add", "boy", "need_add", {"need": "own:water", "source": "said"}),
        ("owner", "cases:need_resolve", "boy", "need_resolve", {}),
        ("owner", "cases:conference_new", "boy", "conference_plan", {"planned_at": now} | who),
        ("owner", "coordination:conference_hold", "boy", "conference_hold", minutes | decided),
        ("owner", "cases:goal_reach", "boy", "goal_end", {}),
        ("owner", "cases:goal_drop", "boy", "goal_end", {"reason": "Reč."}),
        ("owner", "cases:hearing_told", "boy", "hearing_told", {}),
        ("owner", "cases:case_party_end", "boy", "case_party_end", {}),
        ("owner", "cases:case_link_end", "boy", "case_unlink", {}),
        ("owner", "cases:closure_return", "boy", "closure_return", {"return_reason": "Reč."}),
        ("owner", "coordination:name_add", "boy", "name_add", _NAME),
        ("owner", "coordination:document_number_add", "boy", "document_number_add", _NUMBER),
        ("owner", "coordination:obstacle_add", "centre", "obstacle_record", _OBSTACLE),
        ("owner", "coordination:obstacle_overcome", "obstacle", "obstacle_overcome", {}),
        ("owner", "coordination:event_revoke", "centre", "event_revoke", {"reason": "Greška."}),
        ("owner", "coordination:fact_new", "boy", "fact_record", known),
        ("head", "coordination:notification_claim", "girl", "notification_claim", taken),
        ("finder", "coordination:call_add", "girl", "call_record", call),
        ("finder", "coordination:intention_add", "boy", "act_record", {"seen": "99"}),
        ("police", "coordination:act_new", "police", "act_record", taken | {"seen": "99"}),
        ("police", "home:notice_read", "police", "notice_read", {"from": "desk"}),
        ("recipient", "coordination:message_add", "accepted", "message_write", {"text": "Reč."}),
        ("owner", "coordination:disclosure_end", "accepted", "disclosure_end", {}),
        ("owner", "coordination:basis_withdraw", "consent", "basis_withdraw", {"why": ""}),
        ("owner", "coordination:handover_item_add", "moved", "handover_item_add", {"what": "Reč."}),
    ]


_NUMBER = {"kind": "passport", "number": "SINTETIČKI 000", "country": "AF"}
_NAME = {"given": "Drugo", "script": "Latn", "kind": "said"}
_OBSTACLE = {"code": "other", "note": "Nema mesta."}


def test_every_deed_is_written_into_the_log(world: World) -> None:
    places = {(one.name, one.object): one for one in addresses(world)}
    missing = []
    for who, name, whose, verb, typed in deeds():
        step = _step(world, who, places[name, whose], typed, "post")
        written = {event.verb for event in step.log if event.kind == Event.Kind.WRITE}
        if step.answer.status != 302 or verb not in written:
            missing.append(f"{step}: {step.answer.status}, {sorted(written)}")
    assert missing == []


def test_to_see_a_name_is_to_be_in_the_log(world: World) -> None:
    one = Address("coordination:name_reveal", "boy", (world.boy.pk,))
    step = _step(world, "second_officer", one, {}, "post")
    assert {"given", "family"} <= step.known
    assert [event.verb for event in step.log] == ["name_reveal"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET actor_name = 'drugi'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "UPDATE coordination_runevent SET reason = ''",
        "DELETE FROM coordination_runevent",
        "UPDATE cases_caseaccess SET until = NULL",
    ],
)
def test_the_app_can_change_neither_the_log_nor_the_entries_nor_access(
    world: World, sql: str
) -> None:
    with (
        rls.acting(world.actor("owner"), NOW),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(sql)


# --- access ends


@pytest.mark.parametrize(
    ("after", "status"), [(HOUR, 200), (2 * HOUR - MINUTE, 200), (2 * HOUR, 404), (5 * HOUR, 404)]
)
def test_access_for_an_hour_lasts_an_hour(world: World, after: timedelta, status: int) -> None:
    case = Address("coordination:case_detail", "boy", (world.boy.pk,))
    with time_machine.travel(EVENING + after, tick=False):
        answer = world.visit("expired", case.path)
        listed = world.visit("expired", Address("coordination:case_list").path)
        found = world.visit("expired", Address("home:search").path, {"q": "Kanarinko"}, "post")
    assert answer.status == status
    assert (world.boy.code in listed.body) is (status == 200)
    assert (world.boy.code in found.body) is (status == 200)


@pytest.fixture
def ended(world: World) -> Iterator[None]:
    """The officer has left the centre."""
    with transaction.atomic():
        member = world.people["owner"]
        member.ended_at = NOW
        member.save()
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("ended")
def test_who_has_left_the_centre_sees_nothing(world: World) -> None:
    case = Address("coordination:case_detail", "boy", (world.boy.pk,))
    assert world.visit("owner", case.path).status == 403
