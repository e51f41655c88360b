"""Children who have two files: one pair is merged, of another a centre has proposed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import datetime

from spona.accounts.models import Membership
from spona.base import rls
from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.models import Case, CaseAccess, Merge
from spona.coordination import actions
from spona.coordination.tests.story import Town


@dataclass
class Twice:
    """`at` is when all of it happens, `until` how long two centres look into each other's file."""

    town: Town
    people: Mapping[str, Membership]
    at: datetime
    _: KW_ONLY
    until: datetime

    def merged(self, sister: Case) -> tuple[Case, Merge]:
        """The sister has another file in her centre, which was merged with hers."""
        owner = self.people["owner"]
        with rls.acting(owner.actor(), self.at):
            double = self._case_of(owner, "Sintetićka")
            return double, self._merged(sister, double, owner.actor())

    def proposed(self) -> Merge:
        """Two centres, each of which lets the other one look at its file; one has asked."""
        here, there = self.people["owner"], self.people["other_centre"]
        first, second = self._shown(here, there), self._shown(there, here)
        with rls.acting(here.actor(), self.at):
            return self._merged(first, second, here.actor())

    def _shown(self, officer: Membership, other: Membership) -> Case:
        with rls.acting(officer.actor(), self.at):
            file = self._case_of(officer, "Sintetička")
            cases.access_grant(
                case=file,
                organisation=other.organisation,
                basis=CaseAccess.Basis.GRANT,
                by=officer.actor(),
                at=self.at,
                until=self.until,
                reason="isto dete?",
            )
        return file

    def _case_of(self, officer: Membership, given: str) -> Case:
        return cases.case_open(
            by=officer.actor(),
            at=self.at,
            organisation=officer.organisation,
            person={"names": [{"given": given, "family": "Sestra"}]},
            municipality=self.town.municipality,
        )

    def _merged(self, kept: Case, other: Case, by: Actor) -> Merge:
        seal = cases.files_compare(kept=kept, other=other, by=by, at=self.at).seal
        return actions.files_merge(
            kept=kept,
            other=other,
            choice=cases.MergeChoice(fields={}, seal=seal),
            duties={},
            reason="Ista sintetička devojčica.",
            by=by,
            at=self.at,
        )
