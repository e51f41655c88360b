"""P1, P8: people of six institutions refer, answer, withdraw, hand over, open in an emergency,
stand in and leave; after each step everybody reads exactly what a plain list of grants says.

The list is `tests.grants`. Rows are compared in both locks, pages by what stands on them.
"""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import override_settings
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from spona.base import rls
from spona.coordination import actions
from spona.coordination.actions.disclosing import Sharing
from spona.coordination.models import Disclosure, Handover, Referral
from tests.granting import Granting, Setting
from tests.grants import Access, both_locks, everything, expected

pytestmark = pytest.mark.django_db
LOOKERS = ("officer", "manager", "guardian", "director", "branka", "helper", "stranger", "police")


class Grants(Granting):
    def _now(self) -> None:
        """The minute clock has passed: who stands in sees what the absent person sees."""
        actions.substitutions_follow(at=self.at)
        self.oracle.ends(why="substitute")
        if self.standing_in is None:
            return
        if self.at >= self.standing_in.until_at:
            self.standing_in = None
            return
        absent, stands = self.people["manager"], self.people["substitute"]
        for one in list(self.oracle.access):
            if one.user == absent.user_id and one.lets_in(absent, self.at):
                until = min(self.standing_in.until_at, one.until or self.standing_in.until_at)
                row = Access(one.case, stands.organisation_id, stands.user_id, "substitute", until)
                self.oracle.access.append(row)

    @invariant()
    def everybody_reads_what_the_list_says(self) -> None:
        self._now()
        rows = everything()
        for who, member in self.people.items():
            if who in self.oracle.gone:
                continue
            first, second = both_locks(member, self.at)
            assert first == second == expected(rows, self.oracle.sees(who, self.at), member), who

    @invariant()
    def fields_are_read_as_the_ledger_justifies(self) -> None:
        with rls.engine_room():
            given = set(Disclosure.objects.in_force().values_list("run_id", "field"))
        listed = [one for one in self.oracle.packages.values() if one.reads]
        assert given == {(one.run, name) for one in listed for name in one.reads}
        for one in self.oracle.packages.values():
            if one.purpose == "service":
                with self.acting("helper") as by:
                    seen = Referral.objects.visible_to(by, self.at).get(run=one.run)
                    read = actions.package_read(
                        sharing=Sharing.of_referral(seen), by=by, at=self.at
                    )
                assert {field.field for field in read} == set(one.reads)

    @rule(who=st.sampled_from(LOOKERS))
    def look(self, who: str) -> None:
        """The list, each case, each referral, each handover, as this person opens them."""
        self._now()
        seen, member = self.oracle.sees(who, self.at), self.people[who]
        opens = not {"outreach_worker", "police_officer"} & set(member.roles)
        works = opens and who != "director"
        restricted = self.oracle.sees_restricted(who, self.at, self.owner)
        for pk in self.cases:
            page = self._get(who, "coordination:case_people", pk)
            assert page.status_code == self._status(who, pk in seen and opens)
            if page.status_code == 200:
                assert page.context["head"].sensitive == (pk in restricted)
        if opens and who not in self.oracle.gone:
            lines = self._get(who, "coordination:case_list").context["lines"]
            assert {line["case"].pk for line in lines} == seen
        self._look_between(who, seen, works)

    def _look_between(self, who: str, seen: set[int], works: bool) -> None:
        member = self.people[who]
        for pk, one in self.oracle.packages.items():
            with rls.engine_room():
                number = (Referral if pk > 0 else Handover).objects.get(pk=abs(pk)).number
            name = "referral_detail" if pk > 0 else "handover_detail"
            acts = "director" not in member.roles
            to_us = member.organisation_id == one.to and (acts if pk > 0 else works)
            may = to_us or (one.case in seen and works)
            page = self._get(who, f"coordination:{name}", number)
            assert page.status_code == self._status(who, may), (who, name)

    def _get(self, who: str, name: str, *args: Any) -> Any:
        with time_machine.travel(self.at, tick=False):
            return self.setting.browsers[who].get(reverse(name, args=args))

    def _status(self, who: str, may: bool) -> int:
        if who in self.oracle.gone:
            return 403
        return 200 if may else 404


STORY: tuple[tuple[str, dict[str, Any]], ...] = (
    ("two_cases", {}),
    ("grant", {"which": 0, "to": "city_manager"}),
    ("refer", {"which": 0, "agreed": True}),
    ("answer", {"decision": "accepted"}),
    ("stand_in", {}),
    ("hand_over", {}),
    ("move_on", {"step": "confirm"}),
    ("move_on", {"step": "cancel"}),
    ("hand_over", {}),
    ("move_on", {"step": "confirm"}),
    ("open_in_an_emergency", {"who": "stranger", "which": 1}),
    ("withdraw", {"which": 0}),
    ("move_on", {"step": "take"}),
    ("guardian_out", {"which": 0}),
    ("move_on", {"step": "take back"}),
    ("give_the_emergency_back", {"who": "stranger"}),
    ("refer", {"which": 0, "agreed": False}),
    ("answer", {"decision": "declined"}),
    ("open_in_an_emergency", {"who": "branka", "which": 0}),
    ("time_passes", {"hours": 26}),
    ("leave", {"who": "manager"}),
)


def _story() -> None:
    """Everything once, in an order that makes sense: so that nothing is proved by doing nothing."""
    told = Grants()
    reached = set()
    for name, said in STORY:
        getattr(told, name)(**said)
        told.everybody_reads_what_the_list_says()
        told.fields_are_read_as_the_ledger_justifies()
        reached |= {one.why for one in told.oracle.access}
        reached |= {one.decided for one in told.oracle.packages.values()}
        reached |= {"withdrawn" for one in told.oracle.packages.values() if one.withdrawn}
    for who in LOOKERS:
        told.look(who)
    told.teardown()
    assert reached >= {"owner", "guardian", "grant", "handover", "substitute", "emergency"}
    assert reached >= {"accepted", "declined"}


def test_everybody_reads_exactly_what_was_granted() -> None:
    few = settings(
        max_examples=2,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    # Nobody is signed out while the days of the story pass.
    with override_settings(SESSION_COOKIE_AGE=10**8):
        Grants.setting = Setting()
        _story()
        run_state_machine_as_test(Grants, settings=few)
