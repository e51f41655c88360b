"""Opoziv: what rests on a consent stops at once, and every recipient is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from spona.base import rls
from spona.base.actor import CLOCK, Actor
from spona.cases import actions as cases
from spona.cases.models import LegalBasis
from spona.conduct import state
from spona.coordination.actions import disclosing, engine, referring
from spona.coordination.actions.starting import do
from spona.coordination.models import Disclosure, Referral, Run

ACT = "consent_withdrawn"


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a withdrawal stopped: how many fields, and the referrals whose recipients are told."""

    fields: int
    referrals: tuple[Referral, ...]


@transaction.atomic
def consent_withdraw(*, basis: LegalBasis, why: str, by: Actor, at: datetime) -> Stopped:
    """Withdraw a consent. What was shared on it is taken back field by field, and in each referral
    that used it the withdrawal is an act: the recipient owes a receipt. Raises what
    `cases.actions.basis_withdraw` raises."""
    cases.basis_withdraw(basis=basis, why=why, by=by, at=at)
    resting = Disclosure.objects.filter(basis=basis)
    with rls.engine_room():
        touched = Referral.objects.in_course().filter(run__disclosures__in=resting).distinct()
        referrals = list(touched.select_related("recipient"))
    fields = disclosing.end(resting, Disclosure.Ended.OPOZIV, by=by, at=at)
    with rls.engine_room():
        for referral in referrals:
            _tell(engine.locked(referral.run_id), by=by, at=at)
    return Stopped(fields, tuple(referrals))


def _tell(run: Run, *, by: Actor, at: datetime) -> None:
    graph, marking = run.version.graph, state.load(run.version.graph, run.state)
    if ACT in graph.enabled(marking, at, engine.facts_of(run, run.facts)):
        do(run, ACT, at, "person", by=by, at=at)
        referring.follow(run, by=by, at=at)


@transaction.atomic
def disclosures_sweep(*, at: datetime) -> int:
    """End what rests on a basis that has expired; returns how many fields. Reading is refused from
    the moment of expiry anyway: this takes the values away."""
    with rls.engine_room():
        over = Q(basis__expires_at__lte=at) | Q(basis__withdrawn_at__lte=at)
        expired = Disclosure.objects.in_force().filter(over)
        ids = list(expired.values_list("pk", flat=True)[:1_000])
    rows = Disclosure.objects.filter(pk__in=ids)
    return disclosing.end(rows, Disclosure.Ended.OPOZIV, by=CLOCK, at=at) if ids else 0
