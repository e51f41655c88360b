"""Six institutions and what their people do with cases of two children: a state machine for
`test_grants.py`, which looks at what everybody reads after each step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
)

from spona.accounts.tests.factories import (
    MunicipalityFactory,
    OrganisationFactory,
    person,
    signed_in,
)
from spona.base import rls
from spona.base.errors import Refused
from spona.cases import actions as cases
from spona.cases.actions import BasisDraft
from spona.cases.codes import sharing
from spona.cases.models import Case, CaseAccess
from spona.cases.tests.factories import case
from spona.coordination import actions
from spona.coordination.actions.answering import Answer, steps_of
from spona.coordination.actions.handing_over import PACKAGE
from spona.coordination.models import Handover, Referral, RunEvent
from spona.coordination.tests.asking import Asking
from spona.coordination.tests.story import DAY, HOUR, MINUTE
from tests.grants import Access, Line, Oracle, Package

pytestmark = pytest.mark.django_db
NOW_READ, LATER = ("age", "languages"), ("first_name",)
FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)
WITH_EMERGENCY = ("stranger", "branka", "manager")
LOOKERS = ("officer", "manager", "guardian", "director", "branka", "helper", "stranger", "police")


class Setting:
    """Six institutions; made once, outside the examples, which undo only what they did."""

    def __init__(self) -> None:
        self.asking = Asking()
        town = self.asking.town
        self.city = OrganisationFactory.create(
            municipality=MunicipalityFactory.create(key="beograd"), code_prefix="BG"
        )
        self.people = {
            "officer": town.officer,
            "manager": person("case_manager", town.centre),
            "substitute": person("case_manager", town.centre),
            "head": town.head,
            "director": town.director,
            "guardian": person("guardian", town.centre),
            "branka": person("duty_officer", self.city),
            "city_manager": person("case_manager", self.city),
            "helper": self.asking.helper,
            "colleague": self.asking.colleague,
            "other": self.asking.other,
            "stranger": town.stranger,
            "police": town.policeman,
        }
        with time_machine.travel(self.asking.at, tick=False):
            self.browsers = {who: signed_in(one) for who, one in self.people.items()}


class Granting(RuleBasedStateMachine):
    """What people do, and what the list says of it; `at` is now, and moves on."""

    setting: Setting

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.people = self.setting.people
        self.oracle = Oracle(self.people)
        self.at: datetime = self.setting.asking.at
        self.cases: list[int] = []
        self.owner: dict[int, int] = {}
        self._of_the_town()
        self.guards: dict[int, Any] = {}
        self.moves: dict[int, Handover] = {}
        self.standing_in: Any = None

    def _of_the_town(self) -> None:
        """A boy was in care before the story begins."""
        boy, officer = self.setting.asking.case.pk, self.people["officer"]
        self.owner[boy] = officer.organisation_id
        for user in (None, officer.user_id):
            self.oracle.access.append(Access(boy, officer.organisation_id, user, "owner"))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @contextmanager
    def acting(self, who: str) -> Iterator[Any]:
        by = self.people[who].actor()
        with rls.acting(by, self.at):
            yield by

    def post(self, who: str, name: str, *args: Any, **typed: Any) -> int:
        client: Client = self.setting.browsers[who]
        with time_machine.travel(self.at, tick=False):
            return client.post(reverse(name, args=args), typed).status_code

    def the(self, number: int) -> Case:
        with rls.engine_room():
            return Case.objects.get(pk=self.cases[number % len(self.cases)])

    def owner_of(self, case_id: int) -> str:
        here = self.owner[case_id] == self.people["officer"].organisation_id
        return "officer" if here else "branka"

    # --- cases, guardians, colleagues

    @initialize()
    def two_cases(self) -> None:
        self._opened("manager")
        self._opened("branka")
        self.guardian_in(0)
        self._line(0, "service", None)

    def _opened(self, who: str) -> None:
        member = self.people[who]
        opened = case(member, at=self.at)
        self.cases.append(opened.pk)
        self.owner[opened.pk] = member.organisation_id
        users = (None, member.user_id) if who == "manager" else (None,)
        for user in users:
            self.oracle.access.append(Access(opened.pk, member.organisation_id, user, "owner"))

    @rule(which=st.integers(0, 1))
    def guardian_in(self, which: int) -> None:
        of, guardian = self.the(which), self.people["guardian"]
        if of.pk in self.guards or self.owner_of(of.pk) != "officer":
            return
        with self.acting("officer") as by:
            self.guards[of.pk] = cases.guardianship_begin(
                case=of,
                kind="temporary",
                guardian=guardian.user,
                guardian_name="",
                guardian_phone="000-000-001",
                by=by,
                at=self.at,
            )
        self.oracle.access.append(
            Access(of.pk, guardian.organisation_id, guardian.user_id, "guardian")
        )

    @rule(which=st.integers(0, 1))
    def guardian_out(self, which: int) -> None:
        of = self.the(which)
        if of.pk not in self.guards:
            return
        self.at += MINUTE
        with self.acting(self.owner_of(of.pk)) as by:
            cases.guardianship_end(guardianship=self.guards.pop(of.pk), by=by, at=self.at)
        self.oracle.ends(case=of.pk, why="guardian")

    @rule(which=st.integers(0, 1), to=st.sampled_from(("manager", "city_manager", "guardian")))
    def grant(self, which: int, to: str) -> None:
        """By the page of the owner, until the end of the next day."""
        of, whom = self.the(which), self.people[to]
        owner = self.owner_of(of.pk)
        last = (self.at + DAY).date()
        address = reverse("coordination:access_add", args=[of.pk])
        typed = {"user": whom.user_id, "reason": "treba da zna", "last_day": last.isoformat()}
        with time_machine.travel(self.at, tick=False):
            query = f"{address}?organisation={whom.organisation_id}"
            answer = self.setting.browsers[owner].post(query, typed)
        assert answer.status_code == (422 if to in self.oracle.gone else 302)
        if to in self.oracle.gone:
            return
        with rls.engine_room():
            until = CaseAccess.objects.latest("pk").until
        row = Access(of.pk, whom.organisation_id, whom.user_id, "grant", until)
        self.oracle.access.append(row)

    @precondition(lambda self: self.standing_in is None and "manager" not in self.oracle.gone)
    @rule()
    def stand_in(self) -> None:
        """For a day; what the absent person is given meanwhile is seen from the next minute on."""
        organisation, until = self.people["head"].organisation, self.at + DAY
        with self.acting("head") as by:
            self.standing_in = actions.substitution_plan(
                organisation=organisation,
                absent=self.people["manager"].user,
                substitute=self.people["substitute"].user,
                from_at=self.at,
                until_at=until,
                by=by,
                at=self.at,
            )

    @rule(who=st.sampled_from(("colleague", "city_manager", "manager")))
    def leave(self, who: str) -> None:
        if who in self.oracle.gone or self.standing_in is not None:
            return
        member = self.people[who]
        type(member).objects.filter(pk=member.pk).update(ended_at=self.at)
        self.oracle.gone.add(who)

    # --- an emergency

    @rule(who=st.sampled_from(WITH_EMERGENCY), which=st.integers(0, 1))
    def open_in_an_emergency(self, who: str, which: int) -> None:
        of, member = self.the(which), self.people[who]
        if who in self.oracle.gone:
            return
        typed = {
            "organisation": of.organisation_id,
            "code": of.code,
            "reason_code": "life",
            "reason": "Dete je kod nas i treba mu lekar odmah.",
        }
        before = of.pk in self.oracle.sees(who, self.at)
        status = self.post(who, "coordination:emergency", **typed)
        if status == 302 and not before:
            until = self.at + 4 * HOUR
            row = Access(of.pk, member.organisation_id, member.user_id, "emergency", until)
            self.oracle.access.append(row)

    @rule(who=st.sampled_from(WITH_EMERGENCY))
    def give_the_emergency_back(self, who: str) -> None:
        member = self.people[who]
        with rls.engine_room():
            rows = CaseAccess.objects.in_force(self.at).filter(
                basis="emergency", user_id=member.user_id
            )
            row = rows.first()
        if row is None or who in self.oracle.gone:
            return
        assert self.post(who, "coordination:emergency_end", row.pk) == 302
        self.oracle.ends(case=row.case_id, user=member.user_id, why="emergency")

    # --- the ledger and referrals

    def _line(self, which: int, purpose: str, org: Any) -> Line:
        of, by_whom = self.the(which), self.owner_of(self.the(which).pk)
        consent: dict[str, Any] = {
            "kind": "consent",
            "consent_kind": "data",
            "given_by": "guardian",
            "explained": True,
            "recipient": org,
        }
        necessity = {"kind": "vital_interest", "law": "vital_interest", "note": "dete je samo"}
        until = self.at + (3 * DAY if org else DAY)
        draft = BasisDraft(
            purpose=purpose,
            categories=tuple(sharing.categories()),
            expires_at=until,
            child_view="agrees",
            **(consent if org else necessity),
        )
        with self.acting(by_whom) as by:
            made = cases.basis_record(case=of, draft=draft, by=by, at=self.at)
        line = Line(made.pk, of.pk, purpose, until, org.pk if org else None, self.at)
        self.oracle.lines.append(line)
        return line

    @rule(which=st.integers(0, 1))
    def consent(self, which: int) -> None:
        if self.the(which).pk in self.guards:
            self._line(which, "service", self.people["helper"].organisation)

    @rule(which=st.integers(0, 1), agreed=st.booleans())
    def refer(self, which: int, agreed: bool) -> None:
        """All or nothing: without a line for each field nothing is sent."""
        of, to = self.the(which), self.people["helper"]
        if agreed:
            self.consent(which)
        draft = actions.ReferralDraft(
            services=(self.setting.asking.service,),
            urgency="hitno",
            purpose="service",
            now=NOW_READ,
            later=LATER,
            reason="dete je umorno",
        )
        sender = self.owner_of(of.pk)
        package = Package(
            0, of.pk, self.owner[of.pk], to.organisation_id, "service", frozenset(LATER)
        )
        line = self.oracle.line_for(package, self.at)
        if line is None:
            with pytest.raises(Refused), self.acting(sender) as by:
                actions.referral_send(case=of, draft=draft, by=by, at=self.at)
            return
        with self.acting(sender) as by:
            sent = actions.referral_send(case=of, draft=draft, by=by, at=self.at)[0]
        package.run = sent.run_id
        self.oracle.give(package, frozenset(NOW_READ), self.at)
        self.oracle.packages[sent.pk] = package

    @rule(decision=st.sampled_from(("accepted", "declined", "waiting_list")))
    def answer(self, decision: str) -> None:
        found = [pk for pk, one in self.oracle.packages.items() if _waits(one)]
        if not found:
            return
        self.at += MINUTE
        package = self.oracle.packages[found[0]]
        forms: dict[str, dict[str, Any]] = {
            "declined": {"reason": "no_capacity"},
            "waiting_list": {"expected_on": (self.at + 9 * DAY).date().isoformat()},
        }
        with self.acting("helper") as by:
            referral = Referral.objects.get(pk=found[0])
            seen = steps_of(referral=referral, by=by, works=False, at=self.at).last_seq
            said = Answer(decision, seen, forms.get(decision, {}))
            actions.referral_answer(referral=referral, answer=said, by=by, at=self.at)
        package.decided = decision
        if decision == "accepted":
            self.oracle.give(package, package.later, self.at)
        if decision == "declined":
            package.reads = {}

    @rule(which=st.integers(0, 3))
    def withdraw(self, which: int) -> None:
        """Opoziv, by its page; the minute clock comes after it."""
        lines = [one for one in self.oracle.lines if one.is_consent and one.stands(self.at)]
        if not lines:
            return
        line = lines[which % len(lines)]
        self.at += MINUTE
        owner = self.owner_of(line.case)
        assert self.post(owner, "coordination:basis_withdraw", line.pk, why="") == 302
        line.taken_back = self.at
        for one in self.oracle.packages.values():
            rested = line.pk in one.reads.values()
            one.reads = {name: pk for name, pk in one.reads.items() if pk != line.pk}
            one.withdrawn |= rested and not one.reads
        self._clock()

    # --- a handover, from Vranje to Belgrade

    @rule()
    def hand_over(self) -> None:
        of = self.the(0)
        with rls.engine_room():
            on_its_way = of.handovers.in_course().exists()
        if on_its_way or self.owner_of(of.pk) != "officer":
            return
        draft = actions.HandoverDraft(
            receiving=self.people["branka"].organisation,
            ground="UASC-02a",
            reason="smeštaj",
            planned_for=self.at + DAY,
        )
        with self.acting("officer") as by:
            begun = actions.handover_begin(case=of, draft=draft, by=by, at=self.at)[0]
        self.moves[of.pk] = begun
        package = Package(begun.run_id, of.pk, begun.sending_id, begun.receiving_id, "handover")
        with rls.engine_room():
            pk = of.legalbasiss.latest("pk").pk
        self.oracle.lines.append(Line(pk, of.pk, "handover", FOR_EVER))
        self.oracle.give(package, frozenset(PACKAGE), self.at)
        self.oracle.packages[-begun.pk] = package

    def _act(self, move: Handover, act: str, who: str, **said: Any) -> RunEvent:
        self.at += MINUTE
        with rls.engine_room():
            seen = RunEvent.objects.filter(run=move.run_id).latest("seq").seq
        draft = actions.ActDraft(act=act, occurred_at=self.at, seen=seen, **said)
        with self.acting(who) as by:
            return actions.act_record(run_id=move.run_id, draft=draft, by=by, at=self.at)

    @rule(step=st.sampled_from(("confirm", "take", "cancel", "take back")))
    def move_on(self, step: str) -> None:
        for pk, move in self.moves.items():
            with rls.engine_room():
                now = Handover.objects.get(pk=move.pk)
            if step == "confirm" and now.is_in_course and not now.confirmed_at:
                self._confirm(pk, now)
            elif step == "take" and now.confirmed_at and not now.taken_at and now.is_in_course:
                self._take(pk, now)
            elif step == "cancel" and now.is_in_course and not now.departed_at:
                self._cancel(pk, now)
            elif step == "take back" and now.taken_at:
                self._take_back(pk, now)

    def _confirm(self, pk: int, move: Handover) -> None:
        self._act(move, "receiving_confirmed", "branka", form={"taken_by": "Sintetička Branka"})
        branka = self.people["branka"]
        for user in (None, branka.user_id):
            self.oracle.access.append(Access(pk, move.receiving_id, user, "handover"))

    def _take(self, pk: int, move: Handover) -> None:
        if move.arrived_at is None:
            expected_at = (self.at + HOUR).isoformat()
            form = {"escort": "Sintetički vozač", "expected_at": expected_at}
            facts = {"expected_at": expected_at}
            self._act(move, "departed", "officer", form=form, facts=facts, reason="žurba")
            self._act(move, "arrived", "branka")
        self._act(move, "case_taken", "branka", form={"lead": "Sintetička Branka"})
        self.oracle.ends(case=pk, org=move.receiving_id, why="handover")
        for one in self.oracle.access:
            if (one.case, one.org, one.why) == (pk, move.sending_id, "owner"):
                one.why = "handover"
        for user in (None, self.people["branka"].user_id):
            self.oracle.access.append(Access(pk, move.receiving_id, user, "owner"))
        self.owner[pk] = move.receiving_id

    def _cancel(self, pk: int, move: Handover) -> None:
        self._act(move, "cancelled", "officer", form={"reason": "ostaje"})
        self.oracle.ends(case=pk, org=move.receiving_id, why="handover")
        self.oracle.packages[-move.pk].reads = {}

    def _take_back(self, pk: int, move: Handover) -> None:
        """The takeover was a mistake: the owner is the owner again."""
        self.at += MINUTE
        with rls.engine_room():
            taken = RunEvent.objects.filter(run=move.run_id, act="case_taken").latest("seq")
        status = self.post("branka", "coordination:event_revoke", taken.pk, reason="pogrešno")
        assert status == 302
        for one in self.oracle.access:
            if (one.case, one.over) == (pk, False) and one.why in ("owner", "handover"):
                one.why = "owner" if one.org == move.sending_id else "handover"
        self.owner[pk] = move.sending_id

    # --- time

    @rule(hours=st.sampled_from((1, 5, 26)))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        self._clock()

    def _clock(self) -> None:
        actions.disclosures_sweep(at=self.at)
        self.oracle.sweep(self.at)


def _waits(one: Package) -> bool:
    return one.purpose == "service" and not one.withdrawn and one.decided in ("", "waiting_list")
