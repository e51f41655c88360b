"""Somebody was met: write it down once, and forget who it was in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Municipality
from spona.audit import actions as audit
from spona.base.actor import CLOCK, Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import codes, permissions, rules
from spona.cases.models import Encounter
from spona.cases.rules import EventFault
from spona.people.models import Person

EVENT_SENTENCES: dict[EventFault, str | Promise] = {
    EventFault.FUTURE: _("The date of the event cannot be after today."),
    EventFault.TOO_OLD: _("The date of the event cannot be more than two years ago."),
}
NO_LANGUAGE = _("Write which language the child speaks.")
NO_NAME_HERE = _("A light contact is recorded without a name.")
NO_SUCH_CODE = _("Choose from the list.")


@transaction.atomic
def encounter_record(
    *,
    by: Actor,
    at: datetime,
    kind: str,
    occurred_at: datetime,
    seen_where: str,
    municipality: Municipality | None = None,
    place_note: str = "",
    age_said: int | None = None,
    sex: str = Person.Sex.UNKNOWN,
    language: str = "",
    needs: Sequence[str] = (),
    danger_now: bool = False,
    onward_risk: bool | None = None,
    alone: bool | None = None,
    safety_information_given: bool = False,
    name_said: str = "",
    wants_asylum: bool | None = None,
    note: str = "",
    client_token: UUID,
) -> Encounter:
    """Write an encounter down. The same `client_token` again returns the first and writes nothing.

    `needs` are codes of the short list (`codes.OWN`). Raises `Refused` for an impossible time, an
    unknown code, a name in a light contact, or a child without a language. An age that nobody
    says stays empty.
    """
    if by.organisation_id is None or not permissions.can_record_encounter(by):
        raise NotAllowed
    draft = Encounter(
        organisation_id=by.organisation_id,
        recorded_by_id=by.user_id,
        recorded_by_name=by.name,
        kind=kind,
        occurred_at=occurred_at,
        recorded_at=at,
        seen_where=seen_where,
        municipality=municipality,
        place_note=place_note,
        age_said=age_said,
        sex=sex,
        language=language,
        needs=list(needs),
        danger_now=danger_now,
        onward_risk=onward_risk,
        alone=alone,
        safety_information_given=safety_information_given,
        name_said=name_said,
        wants_asylum=wants_asylum,
        note=note,
        client_token=client_token,
    )
    return _said_before(draft) or _write(draft, by=by, at=at)


def _said_before(draft: Encounter) -> Encounter | None:
    return Encounter.objects.filter(
        organisation_id=draft.organisation_id, client_token=draft.client_token
    ).first()


def _write(draft: Encounter, *, by: Actor, at: datetime) -> Encounter:
    _check(draft, at)
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError:
        # Two sendings of one encounter at the same moment: the other one came first.
        first = _said_before(draft)
        if first is None:
            raise
        return first
    audit.record("encounter_record", draft, by=by, at=at, detail={"kind": draft.kind})
    return draft


def _check(draft: Encounter, at: datetime) -> None:
    fault = rules.event_fault(draft.occurred_at, at=at)
    if fault:
        raise Refused(EVENT_SENTENCES[fault])
    if not _known(draft):
        raise Refused(NO_SUCH_CODE)
    if draft.kind == Encounter.Kind.LIGHT and draft.name_said:
        raise Refused(NO_NAME_HERE)
    if draft.kind == Encounter.Kind.CHILD and not draft.language:
        raise Refused(NO_LANGUAGE)


def _known(draft: Encounter) -> bool:
    return (
        draft.kind in Encounter.Kind.values
        and draft.seen_where in codes.places()
        and (not draft.language or draft.language in codes.languages())
        and all((codes.OWN, need) in codes.needs() for need in draft.needs)
    )


@transaction.atomic
def encounter_anonymise(*, encounter: Encounter, at: datetime) -> Encounter:
    """Take out of an encounter what could say who it was.

    Kept are kind of place, municipality, month, age, sex, language and needs of the general
    layer: what the counts of a strategy live on.
    """
    encounter.name_said = encounter.note = encounter.place_note = ""
    encounter.wants_asylum = None
    encounter.needs = [need for need in encounter.needs if not _sensitive(need)]
    encounter.occurred_at = rules.blurred(timezone.localtime(encounter.occurred_at))
    encounter.anonymised_at = at
    encounter.row_version += 1
    encounter.save(force_update=True)
    audit.record("encounter_anonymise", encounter, by=CLOCK, at=at)
    return encounter


def _sensitive(need: str) -> bool:
    known = codes.needs().get((codes.OWN, need))
    return known is None or known.sensitive
