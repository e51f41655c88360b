"""One evening of a synthetic town, with a boy, a girl, and everybody who has to do with them.

    with whole_world() as world:       # one transaction, undone at the end
        world.visit("police", "coordination:duty_detail", "police")

Every sensitive field of the boy holds a canary: a word that is found nowhere else, so that a page
that shows it to somebody who must not know it can be told (trust.md P4, P19).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from http.cookies import SimpleCookie
from io import StringIO
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from uuid import UUID

import time_machine
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings

from spona.accounts.models import CalendarFeed, DutyShift, Invitation, Membership
from spona.accounts.rules import token_hash
from spona.accounts.tests.factories import OrganisationFactory, person, signed_in
from spona.base import rls
from spona.base.actor import NOBODY, Actor
from spona.base.tests.files import pdf
from spona.cases import actions as cases
from spona.cases.actions.conferences import ParticipantDraft
from spona.cases.models import Case, CaseAccess, Encounter
from spona.coordination import actions
from spona.coordination.actions import exchange
from spona.coordination.models import BlindMatch, BlindQuery, Duty, RunMigration
from spona.coordination.tests.story import BOY, DAY, EVENING, HOUR, MINUTE, Town, owed, run_of
from spona.directory.models import Centre
from spona.directory.tests.factories import service
from spona.protocols.models import Version
from spona.protocols.tests.story import Office
from tests import between
from tests.twice import Twice

NOW = EVENING + 4 * HOUR
ABSENT = 2_000_000_000
NO_NUMBER = "ZZZZZZZZ"
TOKEN = "sinteticki-zeton"

# What must not be known by everybody, by what it is.
CANARY = {
    "given": "Kanarinko",
    "family": "Pticić",
    "place": "kanar-mesto",
    "encounter note": "kanar-susret",
    "note": "kanar-zapis",
    "earlier note": "kanar-ranije",
    "minutes": "kanar-zapisnik",
    "companion": "kanar-pratilac",
    "decision": "kanar-odluka",
    "bed": "kanar-kuca",
    "placement": "kanar-razlog",
    "interview": "kanar-razgovor",
    "medical": "kanar-nalaz",
    "trafficking": "kanar-trgovina",
    "obstacle": "kanar-prepreka",
    "document": "kanar-papir",
    "guardian": "Kanarka Starateljka",
    "lead": "Kanarin Dežurni",
    "lost": "kanar-okolnosti",
    "wish": "kanar-zelja",
    "allergy": "kanar-alergija",
    "aim": "kanar-plan",
    "goal": "kanar-cilj",
    "restricted goal": "kanar-tajni-cilj",
    "lawyer": "Kanarin Punomoćnik",
    "court": "kanar-sud",
    "closing": "kanar-zatvaranje",
} | between.CANARY


# What differs between two answers that say the same.
FLEETING = re.compile(
    r'(?<=name="csrfmiddlewaretoken" value=")[^"]+|(?<=nonce[=-]["\'])[^"\']+'
    r'|(?<="X-CSRFToken": ")[^"]+|(?<=name="client_token" value=")[^"]+'
)


class Answer(NamedTuple):
    """What a browser got, without what differs each time."""

    status: int
    body: str
    headers: Mapping[str, str]


class World:
    """`people` are by the word that the access matrix has for them; `anonymous` is nobody."""

    def __init__(self) -> None:
        self.town = Town()
        self.people = self._people()
        self.boy = self._boy()
        self.waiting = self.town.boy_met(at=EVENING, name_said="Devojčica Primer", sex="f")
        self.light = self._light()
        self._case_work()
        self._plan()
        self._around()
        self._acts()
        self._beside()
        self._services()
        self._exchange()
        self.between = between.Between(self.town, self.boy, self.people)
        self.office = Office()
        self.office.consult()
        self.office.opine()
        self.people["lawyer"] = self.office.author
        self.migration = self._migration()
        twice = Twice(self.town, self.people, NOW, until=NOW + DAY)
        self.double, self.merge = twice.merged(self.sister)
        self.proposal = twice.proposed()
        self.query, self.match = self._query()
        self._cookies = {who: signed_in(one).cookies for who, one in self.people.items()}
        self._cookies["anonymous"] = SimpleCookie()

    def _query(self) -> tuple[BlindQuery, BlindMatch]:
        """The association elsewhere has met somebody who is called like the boy."""
        by, at = self.people["recipient"].actor(), EVENING + 3 * HOUR
        with rls.acting(by, at):
            met = cases.encounter_record(
                by=by,
                at=at,
                kind="child",
                occurred_at=at,
                client_token=UUID(int=8),
                municipality=self.town.municipality,
                **BOY | {"name_said": f"{CANARY['given']} {CANARY['family']}"},
            )
            query = actions.query_ask(encounter=met, purpose="protection", by=by, at=at)
        actions.queries_follow(at=at)
        with rls.engine_room():
            return query, BlindMatch.objects.get(query=query, case=self.boy)

    def _migration(self) -> RunMigration:
        """What the head decided about running matters, none of which runs any more."""
        with rls.engine_room():
            return RunMigration.objects.create(
                organisation=self.town.centre,
                version=Version.objects.latest("pk"),
                runs=1,
                made_at=NOW,
                made_by_name="Sintetička Rukovodilac",
            )

    # --- who

    def _people(self) -> dict[str, Membership]:
        town = self.town
        self.house = OrganisationFactory.create(code="PC", municipality=town.municipality)
        self.centre_of_house = Centre.objects.create(
            organisation=self.house, kind=Centre.Kind.ASYLUM
        )
        rename(town.guardian, CANARY["guardian"])
        rename(town.officer, CANARY["lead"])
        return {
            "finder": town.worker,
            "owner": town.officer,
            "second_officer": town.second_officer,
            "case_manager": person("case_manager", town.centre),
            "guardian": town.guardian,
            "head": town.head,
            "director": town.director,
            "police": town.policeman,
            "health": town.nurse,
            "asylum": town.asylum_officer,
            "facility": person("facility_worker", self.house),
            "coordinator": town.coordinator,
            "administrator": person("administrator", town.centre),
            "stranger": town.stranger,
            "expired": person("case_manager"),
        } | between.people(town)

    def actor(self, who: str) -> Actor:
        return self.people[who].actor() if who in self.people else NOBODY

    # --- what happened

    def _boy(self) -> Case:
        met = self.town.boy_met(
            name_said=f"{CANARY['given']} {CANARY['family']}",
            place_note=CANARY["place"],
            note=CANARY["encounter note"],
            language="tir",
            wants_asylum=True,
        )
        self.town.called(met)
        self.notification = met
        return self.town.claimed(met)

    def _light(self) -> Encounter:
        by = self.actor("finder")
        with rls.acting(by, EVENING):
            return cases.encounter_record(
                by=by,
                at=EVENING,
                kind="light",
                occurred_at=EVENING,
                seen_where="road",
                client_token=UUID(int=7),
            )

    def _case_work(self) -> None:
        by, at, case = self.actor("owner"), EVENING + HOUR, self.boy
        with rls.acting(by, at):
            self.note = cases.note_write(case=case, by=by, at=at, text=CANARY["earlier note"])
            cases.note_correct(note=self.note, by=by, at=at, row_version=1, text=CANARY["note"])
            self.need = cases.need_add(
                case=case, by=by, at=at, system="own", code="food", source="said"
            )
            self.document = cases.document_add(
                case=case,
                by=by,
                at=at,
                title=CANARY["document"],
                kind="medical",
                upload=SimpleUploadedFile("a.pdf", pdf(), "application/pdf"),
            )
            self._conferences(by)
            self.access = cases.access_grant(
                case=case,
                organisation=self.people["expired"].organisation,
                user=self.people["expired"].user,
                basis=CaseAccess.Basis.GRANT,
                by=by,
                at=at,
                until=at + HOUR,
                reason="privremena zamena",
            )

    def _conferences(self, by: Actor) -> None:
        at = EVENING + HOUR
        who: list[ParticipantDraft] = [{"name": CANARY["companion"]}]
        held, self.conference = (
            cases.conference_plan(case=self.boy, by=by, at=at, planned_at=at, participants=who)
            for _ in range(2)
        )
        cases.conference_hold(
            conference=held,
            by=by,
            at=at,
            held_at=at,
            minutes=CANARY["minutes"],
            decisions=[{"text": CANARY["decision"]}],
        )

    def _plan(self) -> None:
        """An assessment that was corrected, a plan with two goals that was looked at again."""
        by, at, case = self.actor("owner"), EVENING + HOUR, self.boy
        said = {"wishes": CANARY["wish"], "allergies": CANARY["allergy"]}
        with rls.acting(by, at):
            self.assessment = cases.assessment_record(
                case=case,
                kind="initial",
                made_at=at,
                answers={"safe_tonight": True},
                interpretation="not_needed",
                by=by,
                at=at,
            )
            cases.assessment_correct(
                assessment=self.assessment, row_version=1, answers=said, by=by, at=at
            )
            soon = (at + 9 * DAY).date()
            self.plan = cases.plan_write(
                case=case, aim=CANARY["aim"], child_view="Da.", next_review_on=soon, by=by, at=at
            )
            self.goal, _restricted = (
                cases.goal_set(
                    plan=self.plan,
                    what=CANARY[what],
                    person="Sintetička Vera",
                    due_on=soon,
                    known_by="potvrda",
                    sensitive=what != "goal",
                    by=by,
                    at=at,
                )
                for what in ("goal", "restricted goal")
            )
            cases.plan_review(
                plan=self.plan,
                held_on=at.date(),
                changed="Ništa.",
                child_view="Da.",
                next_review_on=soon,
                by=by,
                at=at,
            )

    def _around(self) -> None:
        """A sister, a lawyer, a hearing, an interpreter; a colleague proposes to close the case."""
        by, at, case = self.actor("owner"), EVENING + HOUR, self.boy
        with rls.acting(by, at):
            self.sister = cases.case_open(
                by=by,
                at=at,
                organisation=self.town.centre,
                person={"names": [{"given": "Sintetička", "family": "Sestra"}]},
                municipality=self.town.municipality,
            )
            self.link = cases.case_link(
                case=case, code=self.sister.code, kind="sibling", by=by, at=at
            )
            self.party = cases.case_party_add(
                case=case,
                draft=cases.PartyDraft(kind="lawyer", name=CANARY["lawyer"]),
                by=by,
                at=at,
            )
            self.hearing = cases.hearing_add(
                case=case, held_at=at + DAY, before_whom=CANARY["court"], by=by, at=at
            )
            register = cases.InterpreterDraft("Sintetička Laila", ["prs"], "phone")
            self.interpreter = cases.interpreter_add(draft=register, by=by, at=at)
            talk = cases.InterpretingDraft(
                language="tir",
                mode="phone",
                held_at=at,
                purpose="prvi razgovor",
                interpreter=self.interpreter,
                child="accepted",
            )
            cases.interpreting_record(case=case, draft=talk, by=by, at=at)
        by = self.actor("second_officer")
        with rls.acting(by, at):
            self.closure = cases.closure_propose(
                case=case,
                reason="reunited",
                summary=CANARY["closing"],
                remains="Ništa.",
                by=by,
                at=at,
            )

    def _acts(self) -> None:
        act, boy, after = self.town.act, self.boy, 30 * MINUTE
        bed = {"place": CANARY["bed"], "reason": CANARY["placement"]}
        act(boy, "bed_tonight", after=after, form=bed)
        self.town.appoint(boy)
        guardian, nurse = self.people["guardian"], self.people["health"]
        talk = {"reason": CANARY["interview"]}
        act(boy, "interview_without_interpreter", who=guardian, after=61 * MINUTE, form=talk)
        known = {"thb_suspected": True, "gbv_disclosed": True}
        self._known(known, after=62 * MINUTE)
        act(boy, "thb_reported", after=63 * MINUTE, reason=CANARY["trafficking"])
        act(boy, "first_medical_exam", who=nurse, after=65 * MINUTE, reason=CANARY["medical"])
        house = {"facility": {"centre": self.centre_of_house.pk}}
        act(boy, "urgent_placement", after=70 * MINUTE, form=house)

    def _known(self, facts: dict[str, Any], *, after: timedelta) -> None:
        by, at = self.actor("owner"), EVENING + after
        with rls.acting(by, at):
            actions.fact_record(
                run_id=run_of(self.boy).pk, facts=facts, occurred_at=at, by=by, at=at
            )

    def _beside(self) -> None:
        """An obstacle, a shift, an invitation: what else has an address."""
        by, at = self.actor("owner"), EVENING + 2 * HOUR
        with rls.acting(by, at):
            actions.obstacle_record(
                duty=self.duty("accommodation_conclusion"),
                code="other",
                note=CANARY["obstacle"],
                by=by,
                at=at,
            )
        self.shift = DutyShift.objects.create(
            organisation=self.town.centre,
            user=self.people["owner"].user,
            starts_at=EVENING,
            ends_at=EVENING + DAY,
        )
        self.invitation = Invitation.objects.create(
            email="pozvana@primer.invalid",
            name="Sintetička Pozvana",
            organisation=self.town.centre,
            roles=["case_manager"],
            invited_by=self.people["head"].user,
            invited_at=EVENING,
            expires_at=EVENING + 3 * DAY,
            token_hash=token_hash(TOKEN),
        )
        self._choices()

    def _choices(self) -> None:
        """What two colleagues planned and chose for their desks; it changes nobody's access."""
        by, at = self.people["head"].actor(), EVENING + 2 * HOUR
        with rls.acting(by, at):
            self.substitution = actions.substitution_plan(
                organisation=self.town.centre,
                absent=self.people["second_officer"].user,
                substitute=self.people["case_manager"].user,
                from_at=at,
                until_at=at + DAY,
                by=by,
                at=at,
            )
        CalendarFeed.objects.create(
            membership=self.people["owner"], token_hash=token_hash(TOKEN), made_at=at
        )

    def _services(self) -> None:
        """What the centre offers, and a service that only those see who work on cases."""
        self.service = service(self.town.centre)
        self.safe_house = service(kind="safe_house", name_sr="Sintetička sigurna kuća")

    def _exchange(self) -> None:
        """The boy's case went to Primero as a file and came back with a line more."""
        by, at, out = self.actor("head"), EVENING + 3 * HOUR, StringIO()
        with rls.acting(by, at):
            exchange.cases_export(out=out, organisation=self.town.centre, by=by, at=at)
            [boy] = [one for one in json.loads(out.getvalue()) if one["case_id"] == self.boy.code]
            boy["services_section"].append({"unique_id": "sinteticki", "service_type": "food"})
            exchange.cases_import(
                records=[boy], host="primero.invalid", organisation=self.town.centre, by=by, at=at
            )

    def duty(self, act: str) -> Duty:
        return owed(self.boy)[act]

    def session_of(self, who: str) -> int:
        return int(UserSession.objects.get(user=self.people[who].user).pk)

    # --- a browser

    def visit(
        self, who: str, path: str, data: Mapping[str, Any] | None = None, method: str = "get"
    ) -> Answer:
        """What this person gets at this address. Nothing that happens is kept."""
        with transaction.atomic():
            answer = self.do(who, path, data, method)
            transaction.set_rollback(True)
        return answer

    def do(
        self, who: str, path: str, data: Mapping[str, Any] | None = None, method: str = "get"
    ) -> Answer:
        """The same, and what happens stays until the end of the test."""
        browser = Client()
        browser.cookies = SimpleCookie(self._cookies[who].output(header="", sep=";"))
        response = getattr(browser, method)(path, data or {})
        text = response.content.decode(errors="replace")
        headers = {k: v for k, v in response.headers.items() if k not in UNLIKE}
        return Answer(response.status_code, FLEETING.sub("", text), headers)


UNLIKE = ("Content-Security-Policy", "Content-Length")  # a nonce in each; the length of a token


def rename(member: Membership, name: str) -> None:
    member.user.name = name
    member.user.save()


@contextmanager
def whole_world() -> Iterator[World]:
    """The world, later that evening, in a transaction that is undone."""
    with (
        TemporaryDirectory() as folder,
        override_settings(MEDIA_ROOT=folder, USERSESSIONS_TRACK_ACTIVITY=False),
        time_machine.travel(NOW, tick=False),
        transaction.atomic(),
    ):
        cache.clear()
        yield World()
        transaction.set_rollback(True)
