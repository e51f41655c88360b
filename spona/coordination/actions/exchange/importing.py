"""Cases of a Primero file: opened here once, and afterwards brought up to date where nobody here
has said otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Municipality, Organisation
from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions as cases
from spona.cases.models import Case
from spona.coordination import permissions
from spona.coordination.actions.exchange import fields, history
from spona.coordination.actions.exchange.identity import print_of, prints_of, uuid_of
from spona.coordination.actions.exchange.report import Imported
from spona.coordination.models import ExternalRecord
from spona.coordination.rules import primero
from spona.directory import codes

NO_TOWN = _("This institution has no town in the directory, and a case needs one. Add it first.")
NO_HOST = _("Say from which system the file is, for example primero.example.org.")
NOT_YOURS = _(
    "A file is taken over by somebody who opens cases in this institution and sees all of them."
)
NO_ID = _("This record has no id by which it could be known again.")
TOO_DEEP = _("This record is nested too deeply to be a case.")


@dataclass(frozen=True, slots=True)
class House:
    """Who imports what from where, the same for the whole file."""

    host: str
    organisation: Organisation
    municipality: Municipality
    by: Actor
    at: datetime
    needs: frozenset[str]
    languages: frozenset[str]


@transaction.atomic
def cases_import(
    *,
    records: Iterable[Mapping[str, Any]],
    host: str,
    organisation: Organisation,
    by: Actor,
    at: datetime,
) -> Imported:
    """Take over the records of a file, each in its turn, all in one transaction: if the file ends
    in the middle (`records` raises), nothing was imported. The same file again changes nothing.

    Raises `NotAllowed` and `Refused`; a single record that cannot be taken is in the report.
    """
    house = _house(host, organisation, by, at)
    report, seen = Imported(), set[bytes]()
    for raw in records:
        report.read += 1
        try:
            with transaction.atomic():
                _one(raw, house, report, seen)
        except primero.NotACase:
            report.refused.append((f"#{report.read}", str(NO_ID)))
        except RecursionError:
            report.refused.append((f"#{report.read}", str(TOO_DEEP)))
        except Refused as refused:
            report.refused.append((str(raw.get("id")), str(refused)))
    detail = report.detail() | {"host": host}
    audit.file("cases_import", Case, report.case_ids, came=True, by=by, at=at, detail=detail)
    return report


def _house(host: str, organisation: Organisation, by: Actor, at: datetime) -> House:
    if not permissions.can_import(by, organisation.pk):
        raise NotAllowed(NOT_YOURS)
    if organisation.municipality is None:
        raise Refused(NO_TOWN)
    if not host.strip():
        raise Refused(NO_HOST)
    return House(
        host=host.strip().lower(),
        organisation=organisation,
        municipality=organisation.municipality,
        by=by,
        at=at,
        needs=frozenset(codes.needs_by_key()),
        languages=frozenset(codes.languages()),
    )


def _one(raw: Mapping[str, Any], house: House, report: Imported, seen: set[bytes]) -> None:
    record = primero.read(
        raw, languages=house.languages, needs=house.needs, today=timezone.localdate(house.at)
    )
    if record.uuid.bytes in seen:
        report.left_out["repeated"] += 1
        return
    seen.add(record.uuid.bytes)
    report.dropped.update(record.dropped)
    report.unknown.update(record.unmapped)
    known = _known(record.uuid, house)
    if known is not None:
        _again(known, record, house, report)
    elif _hidden(record.uuid, house):
        report.left_out["no_longer_here"] += 1
    elif not record.enabled:
        report.left_out["disabled_there"] += 1
    elif (ours := _ours(record, house)) is not None:
        _again(_write(ours, record, house, seen={}, digest=""), record, house, report)
    elif record.closed:
        report.left_out["closed_there"] += 1
    else:
        _open(record, house, report)


def _known(uuid: UUID, house: House) -> ExternalRecord | None:
    rows = ExternalRecord.objects.visible_to(house.by, house.at).select_related("case__person")
    return rows.filter(**_key(uuid, house)).first()


def _hidden(uuid: UUID, house: House) -> bool:
    """It was imported once, and the case has gone to another institution since."""
    with rls.engine_room():
        return ExternalRecord.objects.filter(**_key(uuid, house)).exists()


def _key(uuid: UUID, house: House) -> dict[str, Any]:
    kind = ExternalRecord.Kind.CASE
    return {"organisation": house.organisation, "host": house.host, "kind": kind, "uuid": uuid}


def _ours(record: primero.Record, house: House) -> Case | None:
    """A case that left here as a file and comes back."""
    mine = Case.objects.visible_to(house.by, house.at).filter(organisation=house.organisation)
    found = mine.filter(code=record.code).select_related("person").first()
    if found is None or uuid_of("case", found.pk, found.opened_at) != record.uuid:
        return None
    return found


def _open(record: primero.Record, house: House, report: Imported) -> None:
    case = cases.case_open(
        by=house.by,
        at=house.at,
        organisation=house.organisation,
        municipality=house.municipality,
        person=fields.person(record),
        synthetic=house.organisation.synthetic,
    )
    seen = prints_of(fields.told(record))
    known = _write(case, record, house, seen=seen, digest=_digest(record))
    history.take(known, record, house.by, house.at, report)
    history.consents(known, record, house.by, house.at)
    report.created += 1
    report.case_ids.append(case.pk)


def _write(
    case: Case, record: primero.Record, house: House, *, seen: dict[str, str], digest: str
) -> ExternalRecord:
    written = ExternalRecord.objects.create(
        case=case,
        payload=record.rest,
        seen=seen,
        digest=digest,
        changed_there_at=record.changed_at,
        imported_at=house.at,
        imported_by_id=house.by.user_id,
        imported_by_name=house.by.name,
        **_key(record.uuid, house),
    )
    detail = {"host": house.host, "kind": written.kind}
    audit.record(
        "external_record", written, by=house.by, at=house.at, case_id=case.pk, detail=detail
    )
    return written


def _again(known: ExternalRecord, record: primero.Record, house: House, report: Imported) -> None:
    """Bring up to date what the file changed and nobody here did."""
    digest = _digest(record)
    if known.digest == digest:
        report.unchanged += 1
        return
    if (why := _why_not(record, known)) is not None:
        report.left_out[why] += 1
        return
    report.conflicts += [(record.uuid, name) for name in _states(record)]
    conflicts = fields.merge(known, record, house.by, house.at)
    changed = conflicts.changed | history.take(known, record, house.by, house.at, report)
    history.consents(known, record, house.by, house.at)
    report.conflicts += [(record.uuid, name) for name in conflicts.stand]
    payload = known.payload | record.rest
    changed |= payload != known.payload
    known.payload, known.digest = payload, "" if conflicts.stand else digest
    known.changed_there_at = record.changed_at or known.changed_there_at
    known.save(update_fields=["payload", "digest", "seen", "changed_there_at"])
    report.updated += changed
    report.unchanged += not changed
    if changed:
        report.case_ids.append(known.case_id)
        audit.record(
            "external_record_change", known, by=house.by, at=house.at, case_id=known.case_id
        )


def _why_not(record: primero.Record, known: ExternalRecord) -> str | None:
    there, here = record.changed_at, known.changed_there_at
    if there is not None and here is not None and there < here:
        return "older_than_imported"
    return None if known.case.is_open else "closed_here"


def _states(record: primero.Record) -> list[str]:
    """A file never closes a case and never opens it again: two people do."""
    return ["status"] if record.closed or not record.enabled else []


def _digest(record: primero.Record) -> str:
    return print_of(
        {
            "told": fields.told(record),
            "rest": record.rest,
            "lines": [one.row for one in record.lines],
            "transitions": [one.row for one in record.transitions],
            "state": [record.closed, record.enabled],
        }
    )
