"""A query is sent. It is written and nothing else happens: the clock searches (`searching`), so
that neither the answer nor the time it takes can tell whether anybody was found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases.codes import sharing
from spona.cases.models import Case, Encounter
from spona.coordination import permissions
from spona.coordination.actions.notices import Outbox
from spona.coordination.models import BlindQuery
from spona.coordination.rules import matching as rules
from spona.people.models import Person
from spona.people.rules import birth_of_age

NO_NAME = gettext_lazy(
    "No name is written down here, and without one nobody can be asked."
    " Write down the name as the child says it, then ask."
)
CLOSED = gettext_lazy("This case is closed. Nobody is asked from a closed case.")
FORGOTTEN = gettext_lazy(
    "This encounter was made anonymous after 90 days. Record a new one if you meet the child."
)
NO_PURPOSE = gettext_lazy("Choose what you ask for.")
TOO_MANY = gettext_lazy(
    "So many queries were sent today that no more go out before midnight. If a child is in danger"
    " now, call 192; else call the centre for social work of the town."
)


class TooMany(Refused):
    """The limit of a day is reached: of this person, or of the institution."""


@dataclass(frozen=True, slots=True)
class Asked:
    """About whom: as it stands in the asker's own record. Field by field what a query keeps."""

    name: str
    father: str = ""
    birth_date: date | None = None
    birth_precision: str = Person.BirthPrecision.UNKNOWN
    sex: str = ""
    country: str = ""


def query_ask(
    *,
    purpose: str,
    by: Actor,
    at: datetime,
    case: Case | None = None,
    encounter: Encounter | None = None,
) -> BlindQuery:
    """Ask other institutions about the child of one's own case, or of an encounter of one's own.

    Raises `NotAllowed`; `Refused` where there is nothing to ask with, or where it was asked from
    here and is still in course; `TooMany` past the limit of the day, which is in the log.
    """
    anchor = _anchor(case, encounter, by, at)
    asked = _of_case(anchor) if isinstance(anchor, Case) else _of_encounter(anchor)
    if not asked.name:
        raise Refused(NO_NAME)
    if purpose not in rules.askable(sharing.purposes()):
        raise Refused(NO_PURPOSE)
    try:
        return _send(anchor, asked, purpose, by=by, at=at)
    except TooMany:
        audit.refused("query_ask", anchor, by=by, at=at, detail={"why": "limit"})
        raise


def _anchor(
    case: Case | None, encounter: Encounter | None, by: Actor, at: datetime
) -> Case | Encounter:
    if case is not None:
        seen = Case.objects.visible_to(by, at).prefetch_related("person__names")
        found = seen.select_related("person").filter(pk=case.pk).first()
        if found is None or not permissions.can_ask_from_case(by, found):
            raise NotAllowed
        if not found.is_open:
            raise Refused(CLOSED)
        return found
    met = Encounter.objects.visible_to(by).filter(pk=encounter.pk if encounter else 0).first()
    if met is None or not permissions.can_ask_from_encounter(by, met):
        raise NotAllowed
    if met.anonymised_at is not None:
        raise Refused(FORGOTTEN)
    return met


def _of_case(case: Case) -> Asked:
    person = case.person
    return Asked(
        name=str(person.main_name or ""),
        father=person.father,
        birth_date=person.birth_date,
        birth_precision=person.birth_precision,
        sex=person.sex,
        country=person.country_said,
    )


def _of_encounter(met: Encounter) -> Asked:
    """What was said that night: no father, no country, and an age instead of a birth."""
    if met.age_said is None:
        return Asked(met.name_said, sex=met.sex)
    birth = birth_of_age(met.age_said, today=timezone.localdate(met.occurred_at))
    return Asked(
        met.name_said, birth_date=birth.on, birth_precision=str(birth.precision), sex=met.sex
    )


@transaction.atomic
def _send(
    anchor: Case | Encounter, asked: Asked, purpose: str, *, by: Actor, at: datetime
) -> BlindQuery:
    place = {"case": anchor} if isinstance(anchor, Case) else {"encounter_id": anchor.pk}
    with rls.engine_room():
        home = Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id or 0)
        mine = BlindQuery.objects.filter(organisation=home)
        running = mine.filter(**place).running(at).first()
        if running is not None:
            raise Refused(_still_in_course(running))
        count = _count_today(home, by, at)
        query = BlindQuery.objects.create(
            organisation=home,
            asked_by_id=by.user_id or 0,
            asked_by_name=by.name,
            purpose=purpose,
            asked_at=at,
            expires_at=at + rules.ANSWER_WITHIN,
            **place,
            **asdict(asked),
        )
        if rules.is_alarming(count + 1, _met_today(by, at)):
            _alarm(home, at)
    case_id = anchor.pk if isinstance(anchor, Case) else None
    audit.record("query_ask", query, by=by, at=at, case_id=case_id, detail={"purpose": purpose})
    return query


def _still_in_course(query: BlindQuery) -> str:
    until = date_format(timezone.localtime(query.expires_at), "SHORT_DATETIME_FORMAT")
    return _(
        "From here a query was sent already and is in course until %(until)s."
        " Whoever works with this child can answer it until then; after that you may ask again."
    ) % {"until": until}


def _count_today(home: Organisation, by: Actor, at: datetime) -> int:
    """How many this person has sent today; raises `TooMany`."""
    today = BlindQuery.objects.filter(organisation=home, asked_at__gte=_midnight(at))
    mine = today.filter(asked_by_id=by.user_id or 0).count()
    if mine >= rules.A_DAY_OF_ONE or today.count() >= rules.A_DAY_OF_ALL:
        raise TooMany(TOO_MANY)
    return mine


def _met_today(by: Actor, at: datetime) -> int:
    new = Encounter.objects.filter(recorded_by_id=by.user_id, recorded_at__gte=_midnight(at))
    return new.filter(organisation_id=by.organisation_id or 0).count()


def _midnight(at: datetime) -> datetime:
    return timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)


def _alarm(home: Organisation, at: datetime) -> None:
    """To the head of the asker's institution and to the coordinator: no child and no person."""
    outbox = Outbox(at)
    outbox.many_queries(home.pk)
    outbox.send()
