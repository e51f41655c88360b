"""Two files of one child, and a third record made of both: for the tests of merging.

merged = merge(owner, kept, other)       # the birth from `other`, the rest from `kept`
split(owner, merged)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person
from spona.base import rls
from spona.cases import actions
from spona.cases.actions import comparing
from spona.cases.actions.merging import MergeChoice
from spona.cases.models import Case, CaseAccess, Merge
from spona.cases.tests.factories import NOW, acting
from spona.people.models import Person

WHY = "Isti ožiljak, ista fotografija majke."
LATER = NOW + timedelta(days=1)
SAID: dict[str, Any] = {
    "names": [{"given": "Sintetički", "family": "Huseini"}],
    "birth_date": date(2010, 1, 1),
    "birth_precision": "year",
    "birth_declared_by": "child",
    "sex": "m",
    "country_said": "AF",
    "languages": [{"code": "prs", "is_main": True}],
}
ON_PAPER: dict[str, Any] = {
    "names": [{"given": "Sintetički", "family": "Hoseini", "kind": "document"}],
    "birth_date": date(2011, 5, 3),
    "birth_precision": "day",
    "birth_declared_by": "document",
    "sex": "m",
    "languages": [{"code": "pus", "is_main": True, "needs_interpreter": False}],
}


def compared(who: Membership, kept: Case, other: Case) -> comparing.Compared:
    with acting(who, LATER):
        return actions.files_compare(kept=kept, other=other, by=who.actor(), at=LATER)


def chosen(who: Membership, kept: Case, other: Case, **said: Any) -> MergeChoice:
    """From the other record what it has on paper, from this one the rest."""
    seal = compared(who, kept, other).seal
    choice = MergeChoice(fields={"birth": "other", "country_said": "kept"}, seal=seal)
    return replace(choice, **said)


def merge(who: Membership, kept: Case, other: Case, **said: Any) -> Merge:
    choice = said.pop("choice", None) or chosen(who, kept, other, **said)
    with acting(who, LATER):
        return actions.persons_merge(
            kept=kept, other=other, choice=choice, reason=WHY, by=who.actor(), at=LATER
        )


def split(who: Membership, merged: Merge, **whose: str) -> Merge:
    with acting(who, LATER):
        return actions.merge_undo(
            merge=merged, whose=whose, reason="Dvoje dece.", by=who.actor(), at=LATER
        )


def fresh(one: Case) -> Case:
    with rls.engine_room():
        return Case.objects.select_related("person").get(pk=one.pk)


def names_of(one: Person) -> list[str]:
    with rls.engine_room():
        return sorted(str(name) for name in one.names.all())


def row(one: Any) -> dict[str, Any]:
    with rls.engine_room():
        found: dict[str, Any] = type(one).objects.filter(pk=one.pk).values().get()
        return found


def sees(who: Membership, one: Case) -> bool:
    with acting(who, LATER):
        return Case.objects.visible_to(who.actor(), LATER).filter(pk=one.pk).exists()


def granted(owner: Membership, to: Case) -> CaseAccess:
    """A helper of another institution sees the file for a week."""
    helper = person("case_manager")
    with acting(owner):
        return actions.access_grant(
            case=to,
            organisation=helper.organisation,
            user=helper.user,
            basis=CaseAccess.Basis.GRANT,
            by=owner.actor(),
            at=NOW,
            until=NOW + timedelta(days=7),
            reason="psihološka podrška",
        )
