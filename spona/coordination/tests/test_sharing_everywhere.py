"""P8: every way in which a field of a case can leave it, walked with and without a line of the
ledger. A new way is a new caller of `disclosing`, and has to be added here."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from spona.accounts.tests.factories import signed_in
from spona.base import rls
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions as cases
from spona.coordination import actions
from spona.coordination.actions import exchange
from spona.coordination.models import Disclosure
from spona.coordination.tests.asking import Asking, fresh
from spona.coordination.tests.moving import Moving
from spona.coordination.tests.story import DAY, MINUTE

pytestmark = pytest.mark.django_db
ROOM = Path("spona/coordination/actions")
WRITES = re.compile(r"\bDisclosure(\.objects\.(\w+\()*(bulk_)?create|\()(?!QuerySet)")
GIVES = re.compile(r"\bdisclose\(|\bFileGiven\(")


def _sources() -> list[Path]:
    every = Path("spona").rglob("*.py")
    return [one for one in every if not {"tests", "migrations", "models"} & set(one.parts)]


def test_disclosures_are_written_in_one_module_and_given_by_those_that_are_walked_here() -> None:
    text = {one: one.read_text(encoding="utf-8") for one in _sources()}
    assert {one for one in text if WRITES.search(text[one])} == {ROOM / "disclosing.py"}
    givers = {one for one in text if GIVES.search(text[one])} - {ROOM / "disclosing.py"}
    assert {str(one.relative_to(ROOM).with_suffix("")) for one in givers} == {
        "referring",
        "handing_over",
        "handing_back",
        "deciding",
        "matching/deciding",
        "exchange/exporting",
    }


# --- the ways, as people go them; what is refused leaves nothing behind


def sends(asking: Asking) -> None:
    asking.sent()


def sends_by_post(asking: Asking) -> None:
    where = reverse("coordination:referral_share", args=[asking.case.pk, asking.need.pk])
    query = f"services={asking.service.pk}&urgency=hitno&purpose=service"
    typed = {"give_age": "now", "give_first_name": "later", "step": "send", "reason": "umorno je"}
    with time_machine.travel(asking.at, tick=False):
        signed_in(asking.town.officer).post(f"{where}?{query}", typed)


def decides_at_a_conference(asking: Asking) -> None:
    by, at = asking.town.officer.actor(), asking.at
    with rls.acting(by, at):
        planned = cases.conference_plan(
            case=asking.case, by=by, at=at, planned_at=at, participants=[{"name": "Sintetička Eva"}]
        )
        decision: cases.DecisionDraft = {
            "text": "Dete ide kod psihologa.",
            "organisation": asking.helper.organisation,
            "due_on": (at + DAY).date(),
        }
        actions.conference_hold(
            conference=planned, held_at=at, minutes="Reč.", decisions=[decision], by=by, at=at
        )


def sends_a_file(asking: Asking) -> None:
    _file(asking, exchange.cases_send)


def sends_a_table(asking: Asking) -> None:
    _file(asking, exchange.unhcr_export)


def _file(asking: Asking, export: Callable[..., Any]) -> None:
    by, centre = asking.town.head.actor(), asking.town.centre
    for purpose in ("service", "protection"):
        to = exchange.Recipient(asking.helper.organisation, purpose)
        with rls.acting(by, asking.at):
            export(out=io.StringIO(), organisation=centre, to=to, by=by, at=asking.at)


WAYS: Mapping[str, Callable[[Asking], None]] = {
    "a referral": sends,
    "a referral by its page": sends_by_post,
    "a decision of a conference": decides_at_a_conference,
    "a file": sends_a_file,
    "a table for UNHCR": sends_a_table,
}


def given_rows() -> list[Disclosure]:
    with rls.engine_room():
        return list(Disclosure.objects.select_related("basis").order_by("pk"))


def unjustified(rows: list[Disclosure]) -> list[str]:
    """Read off the line itself: who, for what, which data, and from when to when."""
    return [
        f"{one.field} to {one.recipient_id}"
        for one in rows
        if one.basis.case_id != one.case_id
        or one.basis.purpose != one.purpose
        or one.category not in one.basis.categories
        or one.basis.recipient_id not in (None, one.recipient_id)
        or one.basis.decision != "given"
        or not one.basis.from_at <= one.disclosed_at
        or (one.basis.expires_at is not None and one.basis.expires_at <= one.disclosed_at)
        or (one.basis.withdrawn_at is not None and one.basis.withdrawn_at <= one.disclosed_at)
    ]


def goes(way: str, asking: Asking) -> None:
    with contextlib.suppress(Refused, NotAllowed):
        WAYS[way](asking)


@pytest.mark.parametrize("way", WAYS)
def test_without_a_line_nothing_leaves_and_with_one_only_what_it_names(way: str) -> None:
    asking = Asking()
    goes(way, asking)
    _others_say(asking)
    goes(way, asking)
    assert given_rows() == []
    for purpose in ("service", "protection"):
        asking.basis(
            kind="legal_duty",
            purpose=purpose,
            recipient=asking.helper.organisation,
            categories=("age_sex", "language", "identity", "note"),
        )
    asking.later(MINUTE)
    goes(way, asking)
    rows = given_rows()
    assert rows
    assert unjustified(rows) == []
    assert {one.recipient_id for one in rows} == {asking.helper.organisation_id}


def _others_say(asking: Asking) -> None:
    """Lines that are about somebody else, something else, another time, or are a no."""
    to = asking.helper.organisation
    for purpose in ("service", "protection"):
        asking.basis(purpose=purpose, recipient=asking.other.organisation)
        asking.basis(purpose=purpose, recipient=to, categories=("asylum",))
        asking.basis(purpose="education", recipient=to)
        over = asking.basis(kind="legal_duty", purpose=purpose, recipient=to, expires_at=None)
        by = asking.town.officer.actor()
        with rls.acting(by, asking.at):
            actions.basis_end(basis=over, why="bila je greška", by=by, at=asking.at)
        asking.basis(
            kind="consent",
            consent_kind="data",
            decision="refused",
            purpose=purpose,
            recipient=to,
            expires_at=None,
        )
    asking.later(MINUTE)


def test_accepting_and_opening_more_ask_the_ledger_again() -> None:
    """What was promised on a line that has ended meanwhile stays closed; so does what is opened
    afterwards by the page of the owner."""
    asking = Asking()
    line = asking.basis(expires_at=asking.at + timedelta(hours=2))
    referral = asking.sent()
    before = len(given_rows())
    asking.later(timedelta(hours=3))
    asking.answers(referral, "accepted")
    where = reverse("coordination:field_open", args=[referral.number])
    with time_machine.travel(asking.at, tick=False):
        signed_in(asking.town.officer).post(where, {"fields_": ["sex", "full_name"]})
    assert fresh(referral).decision == "accepted"
    assert len(given_rows()) == before
    assert asking.reads(referral) == {}
    assert {one.basis for one in given_rows()} == {line}


def test_a_handover_writes_its_line_first_and_gives_nothing_once_that_is_over() -> None:
    moving = Moving()
    handover = moving.begun()
    rows = given_rows()
    assert rows
    assert unjustified(rows) == []
    moving.later()
    cancelled = moving.act(handover, "cancelled", form={"reason": "Dete ostaje."})
    by = moving.town.officer.actor()
    moving.later()
    with rls.acting(by, moving.at):
        basis = rows[0].basis
        actions.basis_end(basis=basis, why="ne seli se", by=by, at=moving.at)
        actions.event_revoke(event_id=cancelled.pk, reason="greška", by=by, at=moving.at)
    assert [one for one in given_rows() if one.ended_at is None] == []
