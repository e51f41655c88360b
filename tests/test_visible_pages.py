"""P1 as a browser sees it: whatever is granted, ends or runs out, the list of cases, the search
and the desk show each person exactly the cases that a plain list of grants says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    multiple,
    rule,
    run_state_machine_as_test,
)

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.base import rls
from spona.base.actor import CLOCK
from spona.cases import actions
from spona.cases.models import Case
from spona.cases.tests.factories import NOW, access, case

pytestmark = pytest.mark.django_db
OPENERS = (0, 1, 2)
ON_THE_DESK = 5


class Pages(RuleBasedStateMachine):
    """Two centres and a guardian of an association; `given` is the plain list of grants."""

    cases = Bundle("cases")
    grants = Bundle("grants")

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.at: datetime = NOW
        self.given: list[dict[str, Any]] = []
        officer = person("duty_officer")
        manager = person("case_manager", officer.organisation)
        self.people = [officer, manager, person("duty_officer"), person("guardian")]
        self.browsers = [self._browser(who) for who in self.people]

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def _browser(self, who: Membership) -> Client:
        with time_machine.travel(NOW, tick=False):
            return signed_in(who)

    @initialize(target=cases)
    def two_cases(self) -> Any:
        return multiple(self._opened(0), self._opened(2))

    @rule(target=cases, index=st.sampled_from(OPENERS))
    def open_case(self, index: int) -> Case:
        return self._opened(index)

    def _opened(self, index: int) -> Case:
        who = self.people[index]
        opened = case(who, at=self.at)
        self._note(opened, who, whole=True)
        if who.actor().reach == "own":
            self._note(opened, who, whole=False)
        return opened

    def _note(
        self, of: Case, who: Membership, *, whole: bool, until: datetime | None = None
    ) -> dict[str, Any]:
        user = None if whole else who.user_id
        row = {"case": of, "in": who.organisation_id, "user": user, "until": until}
        self.given.append(row)
        return row

    @rule(
        target=grants,
        of=cases,
        index=st.sampled_from((1, 2, 3)),
        hours=st.one_of(st.none(), st.integers(1, 4)),
    )
    def grant(self, of: Case, index: int, hours: int | None) -> Any:
        to = self.people[index]
        until = None if hours is None else self.at + timedelta(hours=hours)
        made = access(of, to.organisation, to.user, at=self.at, until=until)
        return made, self._note(of, to, whole=False, until=until)

    @rule(pair=consumes(grants))
    def end(self, pair: Any) -> None:
        made, row = pair
        with rls.acting(CLOCK, self.at):
            actions.access_end(access=made, by=CLOCK, at=self.at)
        self.given.remove(row)

    @rule(hours=st.integers(1, 3))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(index=st.integers(0, 3))
    def look(self, index: int) -> None:
        browser, mine = self.browsers[index], self._expected(self.people[index])
        own = {one for one in mine if one.organisation_id == self.people[index].organisation_id}
        with time_machine.travel(self.at, tick=False):
            listed = browser.get("/cases/").context["lines"]
            found = browser.post("/search/", {"q": "sintetički"}).context["found"]
            desk = browser.get("/").context
        assert {line["case"] for line in listed} == mine
        assert {hit.case for hit in found} == mine
        assert set(desk["gaps"]) <= own  # the desk shows those that wait longest
        assert len(desk["gaps"]) == min(len(own), ON_THE_DESK)

    def _expected(self, who: Membership) -> set[Case]:
        wide = who.actor().reach == "organisation"
        return {
            row["case"]
            for row in self.given
            if row["in"] == who.organisation_id
            and (row["until"] is None or self.at < row["until"])
            and (row["user"] == who.user_id or (row["user"] is None and wide))
        }


def test_pages_show_exactly_the_cases_that_were_given() -> None:
    few = settings(
        max_examples=6,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    # Nobody is signed out while the hours of the story pass.
    with override_settings(SESSION_COOKIE_AGE=10**8):
        run_state_machine_as_test(Pages, settings=few)
