"""A town with its institutions, and the first hours of a synthetic boy, for the tests.

town = Town()                    # centre, NGO, police, health centre, asylum office
met = town.boy_met()             # an encounter: its notification waits for a named person
case = town.claimed(met)         # the duty officer has taken over
town.act(case, "bed_tonight", form={"place": "Demo kuća"})
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from spona.accounts.models import Membership
from spona.accounts.tests.factories import MunicipalityFactory, OrganisationFactory, person
from spona.base import rls
from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.models import Case
from spona.coordination import actions
from spona.coordination.actions.notifications import Claim
from spona.coordination.models import Duty, Notification, Run, RunEvent
from spona.protocols.actions import version_publish

BOOKS = Path("protocols")
EVENING = datetime(2026, 11, 22, 18, 10, tzinfo=UTC)  # 19.10 in Belgrade
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Town:
    """Synthetic institutions and people of one municipality."""

    def __init__(self) -> None:
        books_publish(EVENING)
        town = MunicipalityFactory.create(key="vranje")
        self.centre = OrganisationFactory.create(
            municipality=town, code_prefix="VR", on_call_phone="000-000-101"
        )
        self.station = OrganisationFactory.create(code="MUP", municipality=town)
        self.clinic = OrganisationFactory.create(code="DZ", municipality=town)
        self.office = OrganisationFactory.create(code="KZA", municipality=town)
        self.worker = person("outreach_worker")
        self.officer = person("duty_officer", self.centre)
        self.second_officer = person("duty_officer", self.centre)
        self.head = person("head_of_service", self.centre)
        self.director = person("director", self.centre)
        self.guardian = person("guardian", self.centre)
        self.policeman = person("police_officer", self.station)
        self.nurse = person("health_worker", self.clinic)
        self.asylum_officer = person("asylum_officer", self.office)
        self.coordinator = person("coordinator")
        self.stranger = person("duty_officer")
        self.municipality = town

    def boy_met(self, *, at: datetime = EVENING, **said: Any) -> Notification:
        """A boy of fifteen, alone, at the bus station."""
        by = self.worker.actor()
        with rls.acting(by, at):
            encounter = cases.encounter_record(
                by=by,
                at=at + 5 * MINUTE,
                kind="child",
                occurred_at=at,
                client_token=uuid4(),
                municipality=self.municipality,
                **BOY | said,
            )
            return actions.encounter_begin(encounter=encounter, by=by, at=at + 5 * MINUTE)

    def called(self, met: Notification, *, after: timedelta = 10 * MINUTE) -> None:
        """The on-call number answers."""
        by, at = self.worker.actor(), EVENING + after
        with rls.acting(by, at):
            actions.call_record(
                notification=met,
                called_at=at,
                answered=True,
                spoke_with="Sintetička dežurna",
                by=by,
                at=at,
            )

    def claimed(self, met: Notification, *, after: timedelta = 20 * MINUTE) -> Case:
        by, at = self.officer.actor(), EVENING + after
        with rls.acting(by, at):
            return actions.notification_claim(
                notification=met, claim=Claim(occurred_at=at), by=by, at=at
            )

    def boy_in_care(self) -> Case:
        met = self.boy_met()
        self.called(met)
        return self.claimed(met)

    def act(
        self,
        case: Case,
        act: str,
        *,
        who: Membership | None = None,
        after: timedelta = HOUR,
        form: Mapping[str, Any] | None = None,
        **draft: Any,
    ) -> RunEvent:
        """`act` happens `after` the encounter, recorded at once by `who` (the duty officer)."""
        by, at = (who or self.officer).actor(), EVENING + after
        with rls.acting(by, at):
            return actions.act_record(
                run_id=run_of(case).pk,
                draft=actions.ActDraft(
                    act=act, occurred_at=at, seen=last_seq(case), form=form or {}, **draft
                ),
                by=by,
                at=at,
            )

    def appoint(self, case: Case, *, after: timedelta = HOUR) -> RunEvent:
        chosen = {"user": self.guardian.user_id, "name": self.guardian.user.name, "phone": "000"}
        self.act(case, "guardian_proposed", after=after)
        return self.act(case, "guardian_appointed", form={"guardian_person": chosen}, after=after)


BOY: dict[str, Any] = {
    "seen_where": "bus_station",
    "age_said": 15,
    "sex": "m",
    "language": "prs",
    "name_said": "Uzorak Sintetički",
    "needs": [],
    "danger_now": False,
    "alone": True,
}


def books_publish(at: datetime) -> None:
    """Every rule book that Spona ships."""
    for path in sorted(BOOKS.glob("*.yaml")):
        version_publish(text=path.read_text(encoding="utf-8"), by=Actor(name="test"), at=at)


def run_of(case: Case) -> Run:
    """The run with which the case began."""
    with rls.engine_room():
        return Run.objects.get(case=case, parent=None)


def last_seq(case: Case) -> int:
    with rls.engine_room():
        return run_of(case).events.latest("seq").seq


def owed(case: Case) -> dict[str, Duty]:
    """Open duties by act; groups under their first act."""
    with rls.engine_room():
        return {duty.act: duty for duty in case.duties.owed()}
