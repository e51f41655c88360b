"""Referrals of the synthetic country: runs of a second rule book, each under the run of its case.

A few of each kind are played; the country has copies of them, at other institutions. With each the
age of the child was disclosed; its proof is drawn by chance, as no page that is measured asks it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bench.lives import Life
from bench.stories import (
    ACCEPTED_REFERRAL,
    FINISHED_REFERRAL,
    UNANSWERED_REFERRAL,
    Story,
)
from bench.town import Town
from spona.cases.codes import sharing
from spona.cases.models import LegalBasis
from spona.coordination.models import Disclosure, Referral, Run
from spona.coordination.rules.referring import Happened, stages

EXAMPLES = 60


@dataclass
class Examples:
    """Ids of runs that were played. `past` are of closed cases."""

    past: list[int]
    finished: list[int]
    accepted: list[int]
    unanswered: list[int]

    def of_case(self, number: int, *, closed: bool) -> tuple[int, ...]:
        """Five referrals for a case: of one that is open two are in course."""
        if closed:
            return tuple(self.past[(number * 5 + k) % EXAMPLES] for k in range(5))
        done = tuple(self.finished[(number * 3 + k) % EXAMPLES] for k in range(3))
        turn = number % EXAMPLES
        return (*done, self.accepted[turn], self.unanswered[turn])


@dataclass(frozen=True, slots=True)
class Parent:
    """The run of a case that was played, and the centre that owns the case."""

    run: Run
    owner: int


def played(town: Town, past: list[Parent], current: list[Parent]) -> Examples:
    """Some referrals of each kind under runs of cases that were played."""

    def some(cases: list[Parent], story: Story, first: timedelta, step: timedelta) -> list[int]:
        begun = [town.at - first - step * number for number in range(EXAMPLES)]
        return [_referral(town, cases[n], story, at, n) for n, at in enumerate(begun)]

    hour = timedelta(hours=1)
    return Examples(
        past=some(past, FINISHED_REFERRAL, 60 * 24 * hour, 37 * hour),
        finished=some(current, FINISHED_REFERRAL, 4 * 24 * hour, 5 * hour),
        accepted=some(current, ACCEPTED_REFERRAL, 12 * hour, 2 * hour),
        unanswered=some(current, UNANSWERED_REFERRAL, hour, hour),
    )


def _referral(town: Town, parent: Parent, story: Story, at: datetime, number: int) -> int:
    helper, service = town.helpers[number % len(town.helpers)]
    run = Run(
        pk=town.rows.next_id(Run),
        version_id=town.referral.pk,
        case_id=parent.run.case_id,
        parent_id=parent.run.pk,
        organisation_id=parent.owner,
        started_at=at,
    )
    life = Life(run, town.referral, town.rows, "Sintetička Osoba")
    life.bind("sender", at, parent.owner)
    life.bind("receiver", at, helper.pk)
    life.play(story, None, town.at)
    columns = _columns(town, life)
    run.ended_at = columns["ended_at"]
    town.rows.put(run)
    sent_at = next(event.occurred_at for event in life.events if event.act == "sent")
    referral = town.rows.put(
        Referral(
            run_id=run.pk,
            case_id=parent.run.case_id or 0,
            service_id=service.pk,
            sender_id=parent.owner,
            recipient_id=helper.pk,
            purpose="service",
            urgency="hitno",
            cover=service.family.code,
            sent_at=sent_at,
            sent_by_name="Sintetička Osoba",
            **columns,
        )
    )
    _disclosed(town, referral, sent_at)
    return run.pk


def _disclosed(town: Town, referral: Referral, at: datetime) -> None:
    """The basis has the number of its case."""
    town.rows.put(
        Disclosure(
            case_id=referral.case_id,
            run_id=referral.run_id,
            number=referral.number,
            owner_id=referral.sender_id,
            recipient_id=referral.recipient_id,
            basis_id=referral.case_id,
            basis_kind=LegalBasis.Kind.VITAL_INTEREST,
            purpose=referral.purpose,
            field="age",
            category=sharing.shared_fields()["age"].category,
            value=15,
            mac=f"{town.chance.getrandbits(256):064x}",
            disclosed_at=at,
            disclosed_by_name="Sintetička Osoba",
        )
    )


def _columns(town: Town, life: Life) -> Mapping[str, Any]:
    acts = town.referral.book.acts
    return stages(
        Happened(acts[event.act].records, event.occurred_at, event.recorded_by_name, event.form)
        for event in life.events
    )
