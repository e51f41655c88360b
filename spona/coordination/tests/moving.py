"""A boy in the care of Vranje moves to another town, whose centre is to take his case over.

moving = Moving()
handover = moving.begun()
moving.confirmed(handover)              # a named person of the other centre
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from spona.accounts.models import Membership
from spona.accounts.tests.factories import MunicipalityFactory, OrganisationFactory, person
from spona.base import rls
from spona.cases.models import Case
from spona.coordination import actions
from spona.coordination.models import Duty, Handover, RunEvent
from spona.coordination.tests.story import DAY, EVENING, HOUR, Town


class Moving:
    """`at` is now; it moves with `later`."""

    def __init__(self) -> None:
        self.town = Town()
        self.case = self.town.boy_in_care()
        self.town.appoint(self.case)
        city = MunicipalityFactory.create(key="beograd")
        self.centre = OrganisationFactory.create(municipality=city, code_prefix="BG")
        self.branka = person("duty_officer", self.centre)
        self.guardian = person("guardian", self.centre)
        self.at = EVENING + 2 * HOUR

    def later(self, span: timedelta = HOUR) -> datetime:
        self.at += span
        return self.at

    def begun(self, *, who: Membership | None = None, **said: Any) -> Handover:
        by = (who or self.town.officer).actor()
        fields: dict[str, Any] = {
            "receiving": self.centre,
            "ground": "UASC-02a",
            "reason": "Smeštaj u drugom gradu.",
            "planned_for": self.at + DAY,
        }
        draft = actions.HandoverDraft(**(fields | said))
        with rls.acting(by, self.at):
            return actions.handover_begin(case=self.case, draft=draft, by=by, at=self.at)[0]

    def act(
        self, handover: Handover, act: str, *, who: Membership | None = None, **draft: Any
    ) -> RunEvent:
        by = (who or self.town.officer).actor()
        with rls.engine_room():
            seen = RunEvent.objects.filter(run=handover.run_id).latest("seq").seq
        with rls.acting(by, self.at):
            typed = actions.ActDraft(act=act, occurred_at=self.at, seen=seen, **draft)
            return actions.act_record(run_id=handover.run_id, draft=typed, by=by, at=self.at)

    def confirmed(self, handover: Handover) -> RunEvent:
        form = {"taken_by": "Sintetička Branka"}
        return self.act(handover, "receiving_confirmed", who=self.branka, form=form)

    def taken(self, handover: Handover) -> RunEvent:
        form = {"lead": "Sintetička Branka"}
        return self.act(handover, "case_taken", who=self.branka, form=form)

    def arrived(self, handover: Handover) -> None:
        """The child has been moved and is with the other centre."""
        self.confirmed(handover)
        self.departs(handover)
        self.later()
        self.act(handover, "arrived", who=self.branka)

    def guardian_in(self, handover: Handover) -> RunEvent:
        chosen = {"user": self.guardian.user_id, "name": self.guardian.user.name, "phone": "000"}
        form = {"guardian_person": chosen}
        return self.act(handover, "guardian_in", who=self.branka, form=form)

    def departs(self, handover: Handover, *, hours: int = 5) -> RunEvent:
        expected = (self.at + hours * HOUR).isoformat()
        form = {"escort": "Sintetički vozač", "expected_at": expected}
        return self.act(
            handover,
            "departed",
            form=form,
            facts={"expected_at": expected},
            reason="Vozilo ne čeka.",
        )

    def works(self, who: Membership) -> bool:
        """Whether this person sees the case now."""
        by = who.actor()
        with rls.acting(by, self.at):
            return Case.objects.visible_to(by, self.at).filter(pk=self.case.pk).exists()


def fresh(handover: Handover) -> Handover:
    with rls.engine_room():
        return Handover.objects.select_related("run", "case").get(pk=handover.pk)


def owed_in(handover: Handover) -> dict[str, Duty]:
    with rls.engine_room():
        return {one.act: one for one in handover.run.duties.owed().select_related("organisation")}
