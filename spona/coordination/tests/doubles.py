"""A boy met twice on one evening: two files of one child in one centre, as the rules see them.

doubles = Doubles()
merge = doubles.merged()                 # every duty as it is proposed, the birth from the second
doubles.split(merge)
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from spona.accounts.models import Membership
from spona.base import rls
from spona.cases import actions as cases
from spona.cases.actions import MergeChoice
from spona.cases.models import Case, Merge
from spona.coordination import actions
from spona.coordination.actions.merging import GOES_ON, THERE, Twice
from spona.coordination.models import Duty
from spona.coordination.tests.story import EVENING, HOUR, MINUTE, Town
from spona.people import actions as people

REASON = "Isti ožiljak i isti telefon majke."


class Doubles:
    """`kept` was met first; `at` is now and moves with `later`."""

    def __init__(self) -> None:
        self.town = Town()
        self.kept = self._case(10 * MINUTE)
        self.other = self._case(40 * MINUTE, name_said="Uzorak Sintetičko")
        self.at = EVENING + 2 * HOUR

    def _case(self, after: timedelta, **said: Any) -> Case:
        met = self.town.boy_met(**said)
        self.town.called(met, after=after)
        return self.town.claimed(met, after=after + 10 * MINUTE)

    def later(self, span: timedelta = HOUR) -> datetime:
        self.at += span
        return self.at

    def born(self, of: Case, on: date, precision: str = "day") -> None:
        by, case = self.town.officer.actor(), fresh(of)
        with rls.acting(by, self.at):
            actions.birth_correct(
                case=case,
                row_version=case.person.row_version,
                changes={"birth_date": on, "birth_precision": precision},
                by=by,
                at=self.at,
            )

    def twice(self, who: Membership | None = None) -> list[Twice]:
        by = (who or self.town.officer).actor()
        with rls.acting(by, self.at):
            return actions.owed_twice(
                kept=fresh(self.kept), other=fresh(self.other), by=by, at=self.at
            )

    def choice(self, **said: Any) -> MergeChoice:
        by = self.town.officer.actor()
        with rls.acting(by, self.at):
            compared = cases.files_compare(
                kept=fresh(self.kept), other=fresh(self.other), by=by, at=self.at
            )
        fields = dict.fromkeys(compared.joining.differing(), "other")
        return MergeChoice(**({"fields": fields, "seal": compared.seal} | said))

    def merged(self, duties: dict[str, str] | None = None, **said: Any) -> Merge:
        by = self.town.officer.actor()
        proposed = {one.duty.number: one.proposed for one in self.twice()}
        choice = self.choice(**said)
        with rls.acting(by, self.at):
            return actions.files_merge(
                kept=fresh(self.kept),
                other=fresh(self.other),
                choice=choice,
                duties=proposed if duties is None else duties,
                reason=REASON,
                by=by,
                at=self.at,
            )

    def split(self, merge: Merge, whose: dict[str, str] | None = None) -> Merge:
        by = self.town.officer.actor()
        with rls.acting(by, self.at):
            return actions.files_split(
                merge=merge, whose=whose or {}, reason="Dvoje dece.", by=by, at=self.at
            )

    def renamed(self, of: Case, given: str) -> None:
        by, case = self.town.officer.actor(), fresh(of)
        with rls.acting(by, self.at):
            people.name_add(person=case.person, by=by, at=self.at, name={"given": given})

    def all_go_on(self) -> dict[str, str]:
        return {one.duty.number: GOES_ON for one in self.twice()}

    def all_there(self) -> dict[str, str]:
        return {one.duty.number: THERE for one in self.twice()}


def fresh(case: Case) -> Case:
    with rls.engine_room():
        return Case.objects.select_related("person", "organisation").get(pk=case.pk)


def owed_of(case: Case) -> list[Duty]:
    with rls.engine_room():
        owed = Duty.objects.owed().filter(case=case).select_related("version", "run")
        return list(owed.order_by("pk"))
