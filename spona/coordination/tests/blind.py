"""A boy is in care in one town; a worker of another institution meets somebody like him and asks.

blind = Blind()                   # the town, the boy's case, an association elsewhere
query = blind.asked()             # from an encounter of the association
blind.searched()                  # the clock: the boy's centre has a match
blind.basis(); blind.answers()    # vital interest; the centre asks to be called
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from spona.accounts.models import Membership
from spona.accounts.tests.factories import OrganisationFactory, person
from spona.base import rls
from spona.cases import actions as cases
from spona.cases.models import Case, CaseAccess, Encounter
from spona.coordination import actions
from spona.coordination.models import BlindMatch, BlindQuery, Disclosure
from spona.coordination.tests.story import BOY, EVENING, HOUR, MINUTE, Town

NAME = "Uzorak Sintetički"
THEN = EVENING + 2 * HOUR


class Blind:
    """`at` is now. `known` of False: the case in the town is of somebody with another name."""

    def __init__(self, *, known: bool = True) -> None:
        self.town = Town()
        met = self.town.boy_met(name_said=NAME if known else "Primer Bezimeni")
        self.town.called(met)
        self.case = self.town.claimed(met)
        self.home = OrganisationFactory.create(code="OCD", on_call_phone="000-000-201")
        self.asker = person("outreach_worker", self.home)
        self.colleague = person("outreach_worker", self.home)
        self.asker_head = person("head_of_service", self.home)
        self.at = THEN
        self.met = self.meets()

    def later(self, span: timedelta) -> datetime:
        self.at += span
        return self.at

    def meets(self, who: Membership | None = None, **said: Any) -> Encounter:
        by = (who or self.asker).actor()
        fields = BOY | {"name_said": "Узорак Синтетички", "age_said": 14} | said
        with rls.acting(by, self.at):
            return cases.encounter_record(
                by=by,
                at=self.at,
                kind="child",
                occurred_at=self.at - MINUTE,
                client_token=uuid4(),
                municipality=self.town.municipality,
                **fields,
            )

    def asked(
        self, met: Encounter | None = None, *, who: Membership | None = None, **said: Any
    ) -> BlindQuery:
        by = (who or self.asker).actor()
        place = said or {"encounter": met or self.met}
        with rls.acting(by, self.at):
            return actions.query_ask(purpose="protection", by=by, at=self.at, **place)

    def searched(self) -> BlindMatch | None:
        """What the clock finds; the match with the boy's case, if there is one."""
        actions.queries_follow(at=self.at)
        with rls.engine_room():
            return BlindMatch.objects.filter(case=self.case).select_related("case").last()

    def basis(self, **said: Any) -> None:
        by = self.town.officer.actor()
        fields: dict[str, Any] = {
            "kind": "vital_interest",
            "purpose": "protection",
            "categories": ("contact",),
            "recipient": self.home,
            "note": "Dete je samo.",
            "child_view": "agrees",
            "law": "vital_interest",
            "expires_at": self.at + 30 * 24 * HOUR,
        }
        with rls.acting(by, self.at):
            draft = cases.BasisDraft(**(fields | said))
            cases.basis_record(case=self.case, draft=draft, by=by, at=self.at)

    def answers(self, match: BlindMatch, *, who: Membership | None = None) -> Disclosure:
        by = (who or self.town.officer).actor()
        with rls.acting(by, self.at):
            return actions.match_answer(match=match, by=by, at=self.at)

    def declines(self, match: BlindMatch, *, who: Membership | None = None) -> None:
        by = (who or self.town.officer).actor()
        with rls.acting(by, self.at):
            actions.match_decline(match=match, by=by, at=self.at)

    def reads(self, query: BlindQuery, *, who: Membership | None = None) -> list[actions.Answered]:
        by = (who or self.asker).actor()
        with rls.acting(by, self.at):
            return actions.answers_read(query=query, by=by, at=self.at)

    def sees(self, who: Membership, model: Any) -> int:
        """How many rows the filter gives, and a forgotten filter: the same."""
        by = who.actor()
        with rls.acting(by, self.at):
            first = model.objects.visible_to(by, self.at).count()
            assert first == model.objects.count()
            return int(first)

    def lets_in(self, who: Membership) -> CaseAccess:
        """The owner lets somebody see the boy's case for a day."""
        by = self.town.officer.actor()
        with rls.acting(by, self.at):
            return cases.access_grant(
                case=self.case,
                organisation=who.organisation,
                user=who.user,
                basis=CaseAccess.Basis.GRANT,
                by=by,
                at=self.at,
                until=self.at + 24 * HOUR,
                reason="Zajednički rad.",
            )


def fresh(match: BlindMatch) -> BlindMatch:
    with rls.engine_room():
        return BlindMatch.objects.select_related("case").get(pk=match.pk)


def fresh_query(query: BlindQuery) -> BlindQuery:
    with rls.engine_room():
        return BlindQuery.objects.get(pk=query.pk)


def closed(case: Case, at: datetime) -> None:
    with rls.engine_room():
        Case.objects.filter(pk=case.pk).update(closed_at=at, closure_reason="reunited")
