"""The clock searches for what was asked, reminds, and forgets. All of it in the engine room.

Whatever is drawn from a sequence that somebody can see (the numbers of notices) is drawn alike for
every query, found or not: a gap would tell the asker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from spona.accounts.models import Membership
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import CLOCK
from spona.cases.models import Case, CaseAccess
from spona.coordination.actions.notices import Outbox
from spona.coordination.models import BlindMatch, BlindQuery, Notice
from spona.coordination.rules import matching as rules
from spona.names.weighing import Traits, Waterfall
from spona.people.models import Person, SearchEntry
from spona.people.models.search import find

AT_ONCE = 50
DRAWN = 4 * rules.MOST  # the lead or the heads, and whoever stands in for them
State = BlindMatch.State


@transaction.atomic
def queries_follow(*, at: datetime) -> int:
    """Search for what is new, remind of what waits, forget what is over; how many queries."""
    with rls.engine_room():
        course = BlindQuery.objects.filter(forgotten_at=None).select_for_update(skip_locked=True)
        over = list(course.filter(expires_at__lte=at).order_by("expires_at")[:AT_ONCE])
        for query in over:
            _forget(query, at)
        new = list(course.filter(matched_at=None, expires_at__gt=at).order_by("pk")[:AT_ONCE])
        for query in new:
            _search(query, at)
        old = course.filter(reminded_at=None, asked_at__lte=at - rules.REMIND_AFTER)
        waiting = list(old.filter(expires_at__gt=at).order_by("pk")[:AT_ONCE])
        for query in waiting:
            _remind(query, at)
    return len(over) + len(new) + len(waiting)


# --- searching


def _search(query: BlindQuery, at: datetime) -> None:
    found = list(_alike(query, at))
    made = [_match(query, case, why, at) for case, why in found]
    _tell([case for case, _why in found], query.organisation_id, at)
    BlindQuery.objects.filter(pk=query.pk).update(matched_at=at)
    for match in made:
        audit.record("match_found", match, by=CLOCK, at=at, case_id=match.case_id)


def _alike(query: BlindQuery, at: datetime) -> Iterator[tuple[Case, Waterfall]]:
    """The cases that look most alike, the best first."""
    ids = [one.person_id for one in find(query.name, few=rules.CANDIDATES, anywhere=True)]
    people = Person.objects.filter(pk__in=ids).prefetch_related("names")
    asked, known = _traits_asked(query), SearchEntry.objects.how_many()
    weighed = {one.pk: rules.best(asked, _traits_of(one), known) for one in people}
    alike = {pk: found for pk, found in weighed.items() if found is not None}
    cases = list(_of_others(query, at).filter(person_id__in=alike).select_related("person"))
    cases.sort(key=lambda case: (-alike[case.person_id].total, case.pk))
    for case in cases[: rules.MOST]:
        yield case, alike[case.person_id]


def _of_others(query: BlindQuery, at: datetime) -> QuerySet[Case]:
    """Cases in which nobody of the asker's institution has to do; that became of this very
    encounter, or are of this very person, none."""
    asker = query.organisation_id
    theirs = CaseAccess.objects.in_force(at).filter(organisation_id=asker).values("case_id")
    alive = Q(closed_at=None) | Q(closed_at__gt=at - rules.CLOSED_SINCE)
    owners = Q(organisation__suspended_at=None, organisation__uses_spona=True)
    found = Case.objects.filter(alive, owners).exclude(organisation_id=asker)
    found = found.exclude(pk__in=theirs)
    if query.case is not None:
        return found.exclude(person_id=query.case.person_id)
    return found.exclude(encounter_id=query.encounter_id)


def _traits_asked(query: BlindQuery) -> Traits:
    return rules.traits(
        name=query.name,
        father=query.father,
        born=query.birth_date,
        precision=query.birth_precision,
        sex=query.sex,
        country=query.country,
    )


def _traits_of(person: Person) -> Iterator[Traits]:
    for name in person.names.all():
        yield rules.traits(
            name=str(name),
            father=person.father,
            born=person.birth_date,
            precision=person.birth_precision,
            sex=person.sex,
            country=person.country_said,
        )


def _match(query: BlindQuery, case: Case, why: Waterfall, at: datetime) -> BlindMatch:
    return BlindMatch.objects.create(
        query=query,
        case=case,
        asker_id=query.organisation_id,
        asked_by_name=query.asked_by_name,
        purpose=query.purpose,
        asked=_said(query),
        explanation=_explained(why),
        found_at=at,
        expires_at=query.expires_at,
    )


def _said(query: BlindQuery) -> dict[str, str]:
    born = query.birth_date
    return {
        "name": query.name,
        "father": query.father,
        "birth_date": born.isoformat() if born else "",
        "birth_precision": query.birth_precision,
        "sex": query.sex,
        "country": query.country,
    }


def _explained(why: Waterfall) -> dict[str, Any]:
    bars = [
        {
            "feature": bar.feature.value,
            "level": bar.level.value,
            "weight": bar.weight,
            "pairs": [[pair.asked, pair.found] for pair in bar.pairs],
        }
        for bar in why.bars
    ]
    return {"prior": why.prior, "bars": bars}


# --- telling


def _tell(cases: Sequence[Case], asker_id: int, at: datetime) -> None:
    """Each owner's lead; where nobody leads the case, the heads of service, who run it."""
    drawn = [rls.next_id(Notice) for _ in range(DRAWN)]
    outbox = Outbox(at)
    for case in cases:
        lead = _lead(case)
        level = "" if lead else "head_of_service"
        outbox.asked(case.organisation_id, asker_id, user_id=lead, level=level)
    outbox.send(drawn)


def _lead(case: Case) -> int | None:
    """Whoever leads the case, while he or she works for its owner."""
    members = Membership.objects.active().filter(organisation_id=case.organisation_id)
    return case.lead_id if members.filter(user_id=case.lead_id or 0).exists() else None


def _remind(query: BlindQuery, at: datetime) -> None:
    waiting = query.matches.waiting(at).select_related("case").order_by("pk")
    _tell([match.case for match in waiting], query.organisation_id, at)
    BlindQuery.objects.filter(pk=query.pk).update(reminded_at=at)


# --- the end of the term


def _forget(query: BlindQuery, at: datetime) -> None:
    """Of every query alike: that it was sent, by whom, when and from where, is what stays."""
    for match in query.matches.filter(state=State.WAITING):
        audit.record("match_expire", match, by=CLOCK, at=at, case_id=match.case_id)
    query.matches.filter(state=State.WAITING).update(state=State.EXPIRED, decided_at=at)
    query.matches.update(asked=None, explanation=None)
    BlindQuery.objects.filter(pk=query.pk).update(
        name="",
        father="",
        birth_date=None,
        birth_precision=Person.BirthPrecision.UNKNOWN,
        sex="",
        country="",
        forgotten_at=at,
    )
