"""A case begins. How it ends: `closures`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Municipality, Organisation, User
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import codes, permissions, rules
from spona.cases.actions import access
from spona.cases.actions.needs import write_need
from spona.cases.models import Case, CaseAccess, CaseCounter, Need
from spona.people.actions import PersonDraft, person_create
from spona.people.models import Person

LEAD_FROM_ELSEWHERE = _("The case can be led only by somebody who works in this institution.")
NEXT_NUMBER = f"""
INSERT INTO {CaseCounter._meta.db_table} AS counter (organisation_id, year, last)
VALUES (%s, %s, 1)
ON CONFLICT (organisation_id, year) DO UPDATE SET last = counter.last + 1
RETURNING last
"""  # noqa: S608 - the name of our own table


@transaction.atomic
def case_open(
    *,
    by: Actor,
    at: datetime,
    organisation: Organisation,
    person: PersonDraft,
    municipality: Municipality,
    encounter_id: int | None = None,
    lead: User | None = None,
    needs: Sequence[str] = (),
    unrepresented_since: datetime | None = None,
    synthetic: bool = False,
) -> Case:
    """Open a case and write down its person. `needs` are codes of the short list (`codes.OWN`);
    `unrepresented_since` is when a guardian was first to be found, if before now.

    Access is written before the case exists, since a row that nobody may see cannot be created:
    for the institution, for the lead, and for whoever opens it without seeing all its cases.
    """
    if not permissions.can_open_case(by, organisation):
        raise NotAllowed
    if lead and not lead.memberships.active().filter(organisation=organisation).exists():
        raise Refused(LEAD_FROM_ELSEWHERE)
    case_id, person_id = rls.next_id(Case), rls.next_id(Person)
    _let_in(case_id, organisation, lead, by=by, at=at)
    case = Case.objects.create(
        id=case_id,
        organisation=organisation,
        person_id=person_id,
        encounter_id=encounter_id,
        code=_next_code(organisation, at),
        municipality=municipality,
        lead=lead,
        opened_at=at,
        without_guardian_since=unrepresented_since or at,
        synthetic=synthetic,
    )
    audit.record("case_open", case, by=by, at=at, case_id=case_id)
    _write_person(person_id, case_id, person, by=by, at=at, synthetic=synthetic)
    for code in needs:
        write_need(case, codes.OWN, code, Need.Source.SAID, by=by, at=at)
    return case


def _let_in(
    case_id: int, organisation: Organisation, lead: User | None, *, by: Actor, at: datetime
) -> None:
    ids = {lead.pk} if lead else set()
    if by.reach == "own" and by.user_id is not None:
        ids.add(by.user_id)
    for user in (None, *User.objects.filter(pk__in=ids)):
        access.write(case_id, organisation, user, basis=CaseAccess.Basis.OWNER, by=by, at=at)


def _next_code(organisation: Organisation, at: datetime) -> str:
    """The next code of the year. Two at once wait for each other: the counter's row is locked."""
    year = timezone.localtime(at).year
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBER, [organisation.pk, year])
        return rules.case_code(organisation.code_prefix, year, cursor.fetchone()[0])


def _write_person(
    person_id: int, case_id: int, draft: PersonDraft, *, by: Actor, at: datetime, synthetic: bool
) -> None:
    person_create(
        by=by,
        at=at,
        birth_date=draft.get("birth_date"),
        birth_precision=draft.get("birth_precision", Person.BirthPrecision.UNKNOWN),
        birth_declared_by=draft.get("birth_declared_by", Person.DeclaredBy.CHILD),
        sex=draft.get("sex", Person.Sex.UNKNOWN),
        names=draft.get("names", ()),
        languages=draft.get("languages", ()),
        country_said=draft.get("country_said", ""),
        father=draft.get("father", ""),
        synthetic=synthetic,
        person_id=person_id,
        case_id=case_id,
    )
