"""What the stories of the demo lack for their screens: states that they have not come to yet.

past = happened(at)     # `past.token` opens the page of an association without an account
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile

from spona.accounts.models import Organisation
from spona.base import rls
from spona.base.tests.files import pdf
from spona.cases import actions as cases
from spona.cases.models import Case, Need
from spona.coordination import actions
from spona.coordination.models import Handover, Referral
from spona.directory.models import Service
from tests.journeys.stories import actor, answered, handed_over, step

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DRAGANA, NEBOJSA, NADA = "dragana-dezurna", "nebojsa-dezurni", "nada-savetnica"
BRANKA = "branka-beograd"


class Past(NamedTuple):
    """`told` is a case with everything in it; `moving` one whose child goes to Belgrade."""

    told: Case
    moving: Handover
    closed: Referral
    declined: Referral
    token: str
    code: str


def happened(at: datetime) -> Past:
    bilal, yonas = _in_vranje("Bilal"), _in_vranje("Yonas")
    with rls.engine_room():
        playing = Referral.objects.get(service__key="demo-igra-radionice")
    _written(bilal, at)
    declined, closed = _asked_again(bilal, at)
    with rls.acting(actor(DRAGANA), at):
        key = actions.doorway_make(referral=playing, by=actor(DRAGANA), at=at)
    _emergency(at)
    _closing(yonas, at)
    return Past(bilal, _on_the_way(yonas, at), closed, declined, key.token, key.code)


def case_called(given: str, **where: Any) -> Case:
    """The one case of a child with this name; names are sealed and so read one by one."""
    with rls.engine_room():
        cases = Case.objects.filter(**where).prefetch_related("person__names")
        [found] = [
            case for case in cases if given in {name.given for name in case.person.names.all()}
        ]
        return found


def _in_vranje(given: str) -> Case:
    return case_called(given, organisation__key="csr-vranje")


def _written(case: Case, at: datetime) -> None:
    """Notes, a document, an assessment, a lawyer, a hearing, a conference to come."""
    by = actor(DRAGANA)
    with rls.acting(by, at):
        cases.note_write(case=case, by=by, at=at - 2 * HOUR, text="Javio se telefonom, dobro je.")
        cases.document_add(
            case=case,
            by=by,
            at=at - 2 * HOUR,
            title="Privremeni zaključak o smeštaju, sintetički",
            kind="decision",
            upload=SimpleUploadedFile("zakljucak.pdf", pdf(), "application/pdf"),
        )
        cases.assessment_record(
            case=case,
            kind="initial",
            made_at=at - 3 * HOUR,
            answers={"safe_tonight": True, "wishes": "Da uči srpski i da se čuje sa bratom."},
            interpretation="not_needed",
            by=by,
            at=at - 2 * HOUR,
        )
        lawyer = cases.PartyDraft(kind="lawyer", name="Nada Savetovalić-Demo", phone="000-000-204")
        cases.case_party_add(case=case, draft=lawyer, by=by, at=at)
        cases.hearing_add(
            case=case, held_at=at + 3 * DAY, before_whom="Kancelarija za azil", by=by, at=at
        )
        invited = [cases.ParticipantDraft(name="Sanja Štićenović-Demo")]
        cases.conference_plan(
            case=case, planned_at=at - HOUR, participants=invited, by=by, at=at - 2 * DAY
        )


def _asked_again(case: Case, at: datetime) -> tuple[Referral, Referral]:
    """One association declined; another helped, which the boy confirmed."""
    then = at - 4 * DAY
    by = actor(DRAGANA)
    with rls.acting(by, then):
        need = case.needs.get(code="legal_help", resolved_at=None)
        cases.basis_record(case=case, draft=_duty(then), by=by, at=then)
        services = [
            Service.objects.get(key=key)
            for key in ("demo-pravna-pomoc-azil", "demo-pravna-pomoc-podrska")
        ]
        declined, closed = _sent(case, need, services, then)
    answered(declined, "declined", NADA, then + HOUR, reason="no_capacity", note="Do kraja meseca.")
    answered(closed, "accepted", NADA, then + HOUR, note="Može odmah.")
    step(closed, "first_contact", NADA, then + DAY)
    step(closed, "outcome_recorded", NADA, then + 2 * DAY, outcome="helped")
    step(closed, "confirmed", DRAGANA, then + 3 * DAY, who="person", helped="yes")
    step(closed, "closed", DRAGANA, then + 3 * DAY + HOUR, outcome="helped")
    return declined, closed


def _duty(at: datetime) -> cases.BasisDraft:
    return cases.BasisDraft(
        kind="legal_duty",
        law="guardian_care",
        purpose="legal_aid",
        categories=("age_sex", "language", "needs", "contact"),
        note="Staranje o štićeniku; pravna pomoć u postupku.",
        child_view="agrees",
        expires_at=at + 90 * DAY,
    )


def _sent(case: Case, need: Need, services: list[Service], at: datetime) -> list[Referral]:
    draft = actions.ReferralDraft(
        services=services,
        urgency="hitno",
        purpose="legal_aid",
        now=("age", "languages", "need", "lead_name"),
        need=need,
    )
    return actions.referral_send(case=case, draft=draft, by=actor(DRAGANA), at=at)


def _emergency(at: datetime) -> None:
    """Belgrade opens a case of Vranje."""
    by, code = actor(BRANKA), _in_vranje("Zmarai").code
    with rls.acting(by, at):
        actions.emergency_begin(
            code=code,
            organisation=Organisation.objects.get(key="csr-vranje"),
            reason_code="found",
            reason="Dečak je večeras nađen kod nas, a u Vranju se niko ne javlja.",
            by=by,
            at=at,
        )


def _closing(case: Case, at: datetime) -> None:
    by = actor(NEBOJSA)
    with rls.acting(by, at):
        cases.closure_propose(
            case=case,
            reason="handed_over",
            summary="Dete prelazi u Beograd, gde je nađeno mesto.",
            remains="Zdravstvena knjižica, kod centra koji preuzima.",
            by=by,
            at=at,
        )


def _on_the_way(case: Case, at: datetime) -> Handover:
    then = at - 6 * HOUR
    handover = handed_over(case, then, planned_for=at - HOUR, spoken_to="Branka Beogradić-Demo")
    step(handover, "receiving_confirmed", BRANKA, at - 4 * HOUR, taken_by="Branka Beogradić-Demo")
    expected = (at + 3 * HOUR).isoformat()
    step(handover, "departed", DRAGANA, at - HOUR, escort="Vozač, Demo", expected_at=expected)
    return handover
