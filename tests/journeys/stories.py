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
from spona.accounts.models import Membership, Municipality
from spona.base import rls
from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.models import Case, Encounter
from spona.coordination import actions
from spona.coordination.actions.notifications import Claim
from spona.coordination.models import Duty, Notification, Run, RunEvent

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
