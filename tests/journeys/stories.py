"""What happened before a journey begins, recorded as those who work with the child would have.

met = boy_met(at)                 # by the outreach worker; nobody has taken over yet
case = taken_over(met, at)        # by the duty officer, after the on-call number answered
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.urls import reverse

from demo.people import load_staff
from spona.accounts.models import Membership, Municipality, Organisation
from spona.base import rls
from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.codes import sharing
from spona.cases.models import Case, Encounter, LegalBasis, Need
from spona.coordination import actions
from spona.coordination.actions.answering import Answer
from spona.coordination.actions.notifications import Claim
from spona.coordination.models import Duty, Handover, Notification, Referral, Run, RunEvent
from spona.directory.models import Service

MINUTE = timedelta(minutes=1)


def actor(key: str) -> Actor:
    """The invented person with this key of staff.yaml."""
    email = load_staff()[key].email
    return Membership.objects.active().get(user__email=email).actor()


def boy_met(at: datetime) -> Notification:
    """A boy of fifteen, alone, at the bus station of Vranje."""
    by = actor("jelena-teren")
    with rls.acting(by, at):
        encounter = cases.encounter_record(
            by=by,
            at=at,
            kind="child",
            occurred_at=at,
            seen_where="bus_station",
            municipality=Municipality.objects.get(key="vranje"),
            age_said=15,
            sex="m",
            language="prs",
            needs=[],
            danger_now=False,
            alone=True,
            name_said="Uzorak Sintetički",
            client_token=uuid4(),
        )
        return actions.encounter_begin(encounter=encounter, by=by, at=at)


def taken_over(met: Notification, at: datetime) -> Case:
    by = actor("dragana-dezurna")
    with rls.acting(by, at):
        claim = Claim(occurred_at=at)
        return actions.notification_claim(notification=met, claim=claim, by=by, at=at)


def boy_in_care(at: datetime) -> Case:
    """Met 50 minutes before `at`, in the care of the centre for 20."""
    return taken_over(boy_met(at - 50 * MINUTE), at - 20 * MINUTE)


def record(case: Case, act: str, by: str, at: datetime, **form: Any) -> RunEvent:
    """`act` happens at `at` and is typed at once by the person with the key `by`."""
    run, doer = run_of(case), actor(by)
    with rls.acting(doer, at):
        draft = actions.ActDraft(act=act, occurred_at=at, seen=last_seq(case), form=form)
        return actions.act_record(run_id=run.pk, draft=draft, by=doer, at=at)


def appoint(case: Case, at: datetime) -> None:
    """The centre proposes and appoints the guardian of the demo."""
    stefan = actor("stefan-staratelj")
    chosen = {"user": stefan.user_id, "name": stefan.name, "phone": "000-000-120"}
    record(case, "guardian_proposed", "dragana-dezurna", at, proposed_person=chosen)
    record(case, "guardian_appointed", "dragana-dezurna", at, guardian_person=chosen)


# --- between institutions


def justified(case: Case, at: datetime, **said: Any) -> LegalBasis:
    """Vital interest, for every institution and category, unless said otherwise."""
    fields: dict[str, Any] = {
        "kind": "vital_interest",
        "law": "vital_interest",
        "purpose": "legal_aid",
        "categories": tuple(sharing.categories()),
        "note": "Dete je samo i traži pravnu pomoć.",
        "child_view": "agrees",
        "expires_at": at + timedelta(days=60),
    }
    by = actor(said.pop("by", "dragana-dezurna"))
    with rls.acting(by, at):
        draft = cases.BasisDraft(**(fields | said))
        return cases.basis_record(case=case, draft=draft, by=by, at=at)


def consented(case: Case, at: datetime) -> LegalBasis:
    """The guardian says yes to the association that helps with law."""
    return justified(
        case,
        at,
        by="stefan-staratelj",
        kind="consent",
        law="",
        consent_kind="data",
        recipient=Organisation.objects.get(key="demo-pravna-pomoc"),
        given_by="guardian",
        explained=True,
        language="prs",
        mode="phone",
    )


def needs(case: Case, code: str, at: datetime) -> Need:
    by = actor("dragana-dezurna")
    with rls.acting(by, at):
        return cases.need_add(case=case, by=by, at=at, system="own", code=code, source="said")


def referred(case: Case, to: str, at: datetime, *, urgency: str = "hitno") -> Referral:
    """Age and language now, the first name with acceptance; `to` is a service."""
    need, by = needs(case, "legal_help", at), actor("dragana-dezurna")
    draft = actions.ReferralDraft(
        services=[Service.objects.get(key=to)],
        urgency=urgency,
        purpose="legal_aid",
        now=("age", "languages"),
        later=("first_name",),
        need=need,
        reason="Dete je tražilo pomoć odmah.",
    )
    with rls.acting(by, at):
        return actions.referral_send(case=case, draft=draft, by=by, at=at)[0]


def answered(referral: Referral, decision: str, by: str, at: datetime, **form: Any) -> None:
    doer = actor(by)
    with rls.acting(doer, at):
        answer = Answer(decision=decision, seen=last_seq_of(referral.run_id), form=form)
        actions.referral_answer(referral=referral, answer=answer, by=doer, at=at)


def handed_over(case: Case, at: datetime, **said: Any) -> Handover:
    """Vranje tells Belgrade that the child is to move."""
    by = actor("dragana-dezurna")
    fields: dict[str, Any] = {
        "receiving": Organisation.objects.get(key="csr-beograd"),
        "ground": "UASC-02a",
        "reason": "Slobodno mesto u kući za mlade.",
        "planned_for": at + timedelta(days=1),
    }
    with rls.acting(by, at):
        draft = actions.HandoverDraft(**(fields | said))
        return actions.handover_begin(case=case, draft=draft, by=by, at=at)[0]


def step(of: Referral | Handover, act: str, by: str, at: datetime, **form: Any) -> RunEvent:
    """An act of the run of a referral or of a handover."""
    doer = actor(by)
    draft = actions.ActDraft(
        act=act,
        occurred_at=at,
        seen=last_seq_of(of.run_id),
        form=form,
        facts={key: form[key] for key in ("expected_at",) if key in form},
        reason="Vozilo čeka.",
    )
    with rls.acting(doer, at):
        return actions.act_record(run_id=of.run_id, draft=draft, by=doer, at=at)


def referral_path(referral: Referral) -> str:
    return reverse("coordination:referral_detail", args=[referral.number])


def handover_path(handover: Handover) -> str:
    return reverse("coordination:handover_detail", args=[handover.number])


def run_of(case: Case) -> Run:
    with rls.engine_room():
        return Run.objects.get(case=case, parent=None)


def last_seq(case: Case) -> int:
    with rls.engine_room():
        return RunEvent.objects.filter(run__case=case).latest("seq").seq


def last_seq_of(run_id: int) -> int:
    with rls.engine_room():
        return RunEvent.objects.filter(run=run_id).latest("seq").seq


def owed(case: Case, act: str) -> Duty:
    """The open duty of a case to do this act."""
    with rls.engine_room():
        return case.duties.owed().get(acts__contains=[act])


def encounters() -> int:
    """How many were recorded."""
    with rls.engine_room():
        return Encounter.objects.count()


def act_path(case: Case, act: str) -> str:
    return reverse("coordination:act_new", args=[run_of(case).pk, act])


def case_path(case: Case, page: str = "case_detail") -> str:
    return reverse(f"coordination:{page}", args=[case.pk])
