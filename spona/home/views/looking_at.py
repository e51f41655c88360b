"""What waits until somebody looks at it: a closing that a colleague proposed, files that another
institution takes for one child's, its question about a child, a plan to review."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from spona.accounts.models import Substitution
from spona.base.actor import Actor
from spona.base.clock import span_words
from spona.cases import permissions
from spona.cases.models import ClosureRequest, Merge, Plan
from spona.coordination.models import BlindMatch
from spona.coordination.models.matching import BlindMatchQuerySet

FEW = 5
MANY = 100


def beside(actor: Actor, at: datetime) -> dict[str, Any]:
    """The longest waiting first, at most `FEW` of each; `to_look_at` counts all, up to `MANY`."""
    if not permissions.runs_cases(actor):
        return {"closings": [], "merges": [], "plans": [], "matches": [], "to_look_at": 0}
    proposed, due, doubles = _closings(actor, at), _plans(actor, at), _merges(actor, at)
    asked = _matches(actor, at)
    found = asked.select_related("case", "asker").soonest_first()
    waiting = [proposed.order_by(), due.order_by(), doubles.order_by(), asked.order_by()]
    return {
        "merges": [(one, span_words(at - one.proposed_at)) for one in doubles[:FEW]],
        "closings": [(one, span_words(at - one.proposed_at)) for one in proposed[:FEW]],
        "plans": [(one, _days(one, at)) for one in due[:FEW]],
        "matches": list(found[:FEW]),
        "to_look_at": sum(one[:MANY].count() for one in waiting),
    }


def case_ids(beside: dict[str, Any]) -> list[int]:
    """Of the cases that stand there, for the log."""
    ids = [one.case_id for one, _waits in (*beside["closings"], *beside["plans"])]
    ids += [one.case_id for one in beside["matches"]]
    return ids + [pk for one, _waits in beside["merges"] for pk in (one.kept_id, one.other_id)]


def _matches(actor: Actor, at: datetime) -> BlindMatchQuerySet:
    """Of cases that the reader runs: whoever may decide."""
    return BlindMatch.objects.visible_to(actor, at).waiting(at)


def _closings(actor: Actor, at: datetime) -> QuerySet[ClosureRequest]:
    """For a second pair of eyes: whoever may answer, and has not proposed it."""
    seen = ClosureRequest.objects.visible_to(actor, at).filter(confirmed_at=None, returned_at=None)
    ours = seen.filter(case__organisation_id=actor.organisation_id or 0, case__closed_at=None)
    others = ours.exclude(proposed_by_id=actor.user_id or 0)
    return others.select_related("case").order_by("proposed_at", "pk")


def _merges(actor: Actor, at: datetime) -> QuerySet[Merge]:
    """For the institution that is asked whether two files are of one child."""
    seen = Merge.objects.visible_to(actor, at).waiting()
    asked = seen.filter(asked_id=actor.organisation_id or 0)
    return asked.select_related("kept", "other").order_by("proposed_at", "pk")


def _plans(actor: Actor, at: datetime) -> QuerySet[Plan]:
    """Of who leads the case, or of a colleague for whom the reader stands in; where nobody leads
    it, of all who see it."""
    absent = [one.pk for one in Substitution.objects.absent_for(actor, at)]
    whose = Q(case__lead=None) | Q(case__lead__in=[actor.user_id or 0, *absent])
    due = Plan.objects.review_due(at).visible_to(actor, at)
    ours = due.filter(whose, case__organisation_id=actor.organisation_id or 0)
    found: QuerySet[Plan] = ours.select_related("case").order_by("next_review_on", "pk")
    return found


def _days(plan: Plan, at: datetime) -> int:
    return (timezone.localdate(at) - plan.next_review_on).days
