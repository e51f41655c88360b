"""Opoziv: what rests on a consent stops at once, and every recipient is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from spona.accounts.models import Organisation
from spona.base import rls
from spona.base.actor import CLOCK, Actor
from spona.cases import actions as cases
from spona.cases.actions.sharing import ground_of, is_of_age
from spona.cases.models import LegalBasis
from spona.cases.rules.sharing import OF_AGE, REPRESENTATIVES, WhyNot, standing
from spona.conduct import state
from spona.coordination.actions import disclosing, engine, referring
from spona.coordination.actions.notices import Outbox
from spona.coordination.actions.starting import do
from spona.coordination.models import Disclosure, Referral, Run

ACT = "consent_withdrawn"


@dataclass(frozen=True, slots=True)
class Stopped:
    """What a withdrawal stopped: how many fields, and the referrals whose recipients are told.
    `files` went to these institutions: what left in one is not taken back, but asked for."""

    fields: int
    referrals: tuple[Referral, ...]
    files: tuple[Organisation, ...]


@transaction.atomic
def consent_withdraw(*, basis: LegalBasis, why: str, by: Actor, at: datetime) -> Stopped:
    """Withdraw a consent. What was shared on it is taken back field by field; every recipient is
    told. A referral that rested on nothing else is withdrawn with it; one that also rests on a
    duty or on vital interest goes on without these fields. Raises what
    `cases.actions.basis_withdraw` raises."""
    cases.basis_withdraw(basis=basis, why=why, by=by, at=at)
    every = Disclosure.objects.filter(basis=basis)
    resting, in_files = every.read_here(), every.in_files()
    with rls.engine_room():
        whom = in_files.in_force().values("recipient")
        files = tuple(Organisation.objects.filter(pk__in=whom).order_by("pk"))
        touched = Referral.objects.in_course().filter(run__disclosures__in=resting).distinct()
        referrals = list(touched.select_related("recipient"))
    fields = disclosing.end(resting, Disclosure.Ended.OPOZIV, by=by, at=at)
    disclosing.end(in_files, Disclosure.Ended.OPOZIV, by=by, at=at)
    with rls.engine_room():
        for referral in referrals:
            _stop_or_tell(referral, by=by, at=at)
    return Stopped(fields, tuple(referrals), files)


@transaction.atomic
def basis_end(*, basis: LegalBasis, why: str, by: Actor, at: datetime) -> int:
    """A duty or vital interest is over, or was a mistake: what rests on it is taken back; returns
    how many fields. Raises what `cases.actions.basis_end` raises."""
    cases.basis_end(basis=basis, why=why, by=by, at=at)
    resting = Disclosure.objects.filter(basis=basis).read_here()
    return disclosing.end(resting, Disclosure.Ended.EXPIRED, by=by, at=at)


def _stop_or_tell(referral: Referral, *, by: Actor, at: datetime) -> None:
    run = engine.locked(referral.run_id)
    if not run.disclosures.in_force().exists():
        _tell(run, by=by, at=at)
        return
    outbox = Outbox(at)
    outbox.withdrawn(run, organisation_id=referral.recipient_id)
    outbox.send()


def _tell(run: Run, *, by: Actor, at: datetime) -> None:
    graph, marking = run.version.graph, state.load(run.version.graph, run.state)
    if ACT in graph.enabled(marking, at, engine.facts_of(run, run.facts)):
        do(run, ACT, at, "person", by=by, at=at)
        referring.follow(run, by=by, at=at)


# --- what no line of the ledger justifies any more


@transaction.atomic
def disclosures_sweep(*, at: datetime) -> int:
    """End what has lost its basis, and return how many fields: it expired, the person came of age,
    or a no was written down since. The recipient has read nothing of it from that moment on; now
    the values go. Where a no leaves nothing of a referral, it is the withdrawal of what the
    referral rested on."""
    with rls.engine_room():
        lost = [one for group in _groups(at) for one in _unjustified(group, at)]
    over = {one.pk for one in lost if _is_over(one, at)}
    said_no = {one.pk for one in lost} - over
    ended = _end(over, Disclosure.Ended.EXPIRED, at) + _end(said_no, Disclosure.Ended.OPOZIV, at)
    with rls.engine_room():
        left = Disclosure.objects.in_force().read_here().values("run_id")
        touched = Referral.objects.in_course().filter(run__disclosures__in=said_no)
        for run_id in set(touched.exclude(run__in=left).values_list("run_id", flat=True)):
            _tell(engine.locked(run_id), by=CLOCK, at=at)
    return ended


def _is_over(one: Disclosure, at: datetime) -> bool:
    """Nobody said no: its time has run out, or who agreed no longer speaks for the person."""
    basis = one.basis
    if not basis.is_consent or (basis.expires_at is not None and basis.expires_at <= at):
        return True
    of_age = is_of_age(one.case.person, at)
    return standing(ground_of(basis), at=at, of_age=of_age) is WhyNot.OF_AGE


def _groups(at: datetime) -> list[list[Disclosure]]:
    """What is in doubt, together with what the same institution was given for the same purpose."""
    since = OuterRef("disclosed_at")
    no = LegalBasis.objects.filter(
        Q(decision=LegalBasis.Decision.REFUSED, recorded_at__gte=since)
        | Q(withdrawn_at__gte=since, withdrawn_at__lte=at),
        kind=LegalBasis.Kind.CONSENT,
        case=OuterRef("case"),
        purpose=OuterRef("purpose"),
    )
    over = Q(basis__expires_at__lte=at) | Q(basis__withdrawn_at__lte=at)
    here = Disclosure.objects.in_force().read_here()
    doubtful = here.filter(over | _may_be_of_age(at) | Exists(no))
    groups: dict[tuple[int, int, str], list[Disclosure]] = {}
    for one in doubtful.select_related("basis", "case__person").order_by("pk"):
        groups.setdefault((one.case_id, one.recipient_id, one.purpose), []).append(one)
    return list(groups.values())


def _may_be_of_age(at: datetime) -> Q:
    """Somebody agreed for a child whose eighteenth birthday may have been."""
    today = timezone.localdate(at)
    leap = (today.month, today.day) == (2, 29)  # eighteen years earlier there is no such day
    born = today.replace(year=today.year - OF_AGE, day=28 if leap else today.day)
    by_others = Q(basis__kind=LegalBasis.Kind.CONSENT, basis__given_by__in=REPRESENTATIVES)
    return by_others & Q(case__person__birth_date__lte=born)


def _unjustified(group: list[Disclosure], at: datetime) -> list[Disclosure]:
    first, fields = group[0], {one.field for one in group}
    bases = disclosing.bases_for(first.case_id, first.recipient_id, first.purpose, fields, at)
    return [one for one in group if bases[one.field] is None]


def _end(ids: set[int], why: str, at: datetime) -> int:
    return disclosing.end(Disclosure.objects.filter(pk__in=ids), why, by=CLOCK, at=at) if ids else 0
