"""What was done for somebody there: needs, referrals as far as they are known, and consents of
which nobody here has seen the evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.actions import BasisDraft
from spona.cases.codes import sharing
from spona.cases.models import Case, LegalBasis, Need
from spona.coordination.actions.exchange.identity import uuid_of
from spona.coordination.actions.exchange.report import Imported
from spona.coordination.models import ExternalRecord, ImportedReferral
from spona.coordination.rules import primero
from spona.directory.models import Service


@dataclass(slots=True)
class Part:
    """A line of services with the referrals for it, or a referral without a line."""

    line: primero.Line | None = None
    transitions: list[primero.Transition] = field(default_factory=list)


def take(
    known: ExternalRecord, record: primero.Record, by: Actor, at: datetime, report: Imported
) -> bool:
    """Keep what is new in the lines and referrals of the file; true if anything was."""
    rows = {one.uid: one for one in known.referrals.select_related("need")}
    changed = False
    for uid, part in _parts(known, record, rows).items():
        row = rows.get(uid) or ImportedReferral(case=known.case, record=known, uid=uid)
        if row.pk and not _differs(row, part):
            continue
        _fill(row, part, by, at, report)
        row.save()
        audit.record("imported_referral", row, by=by, at=at, case_id=known.case_id)
        changed = True
    return changed


def _parts(
    known: ExternalRecord, record: primero.Record, rows: dict[str, ImportedReferral]
) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    case = known.case
    ours = uuid_of("case", case.pk, case.opened_at) == record.uuid
    own = _own(case) if ours else frozenset()
    for line in record.lines:
        if line.uid not in own:
            parts.setdefault(line.uid, Part()).line = line
    for one in record.transitions:
        if one.uid not in own:
            uid = one.line_uid if one.line_uid in parts or one.line_uid in rows else one.uid
            parts.setdefault(uid, Part()).transitions.append(one)
    return parts


def _own(case: Case) -> frozenset[str]:
    """What left here with the case is not imported when it comes back."""
    needs = {str(uuid_of("need", one.pk, one.noted_at)) for one in case.needs.all()}
    sent = {str(uuid_of("referral", one.pk, one.sent_at)) for one in case.referrals.all()}
    return frozenset(needs | sent)


def _differs(row: ImportedReferral, part: Part) -> bool:
    line = part.line is not None and part.line.row != row.row
    return bool(line or _together(row, part) != row.transitions)


def _together(row: ImportedReferral, part: Part) -> list[Any]:
    """What was read before stays; a referral that is in the file again takes its own place."""
    found = {primero.id_of(one, "id"): one for one in row.transitions}
    return list((found | {one.uid: one.row for one in part.transitions}).values())


def _fill(row: ImportedReferral, part: Part, by: Actor, at: datetime, report: Imported) -> None:
    row.transitions = _together(row, part)
    if part.line is not None:
        row.row = part.line.row
        row.ended_at = primero.moment(part.line.row.get("service_implemented_day_time"))
        row.need = _need(row, part.line, by, at, report)
    if part.transitions:
        last = max(part.transitions, key=lambda one: (one.sent_at or at, one.uid))
        row.status, row.sent_at, row.decided_at = last.status, last.sent_at, last.decided_at
    _who(row, part, report)


def _who(row: ImportedReferral, part: Part, report: Imported) -> None:
    provider = part.line.provider if part.line else ""
    agency = part.line.agency if part.line else ""
    agency = agency or next((one.agency for one in part.transitions if one.agency), "")
    row.service = Service.objects.filter(key=provider).first() if provider else None
    row.recipient = Organisation.objects.filter(key=agency).first() if agency else None
    if agency and row.recipient is None:
        report.unknown[f"services_section: {agency[:80]}"] += 1


def _need(
    row: ImportedReferral, line: primero.Line, by: Actor, at: datetime, report: Imported
) -> Need | None:
    """The need of a line. What was met here stays met, whatever the file says."""
    if not line.need:
        report.unknown["services_section: service_type"] += 1
        return row.need
    need = row.need or _new_need(row.case, line, by, at)
    if need is not None and line.implemented and need.resolved_at is None:
        return cases.need_resolve(need=need, by=by, at=at)
    return need


def _new_need(case: Case, line: primero.Line, by: Actor, at: datetime) -> Need | None:
    """A need that stands already is the same one, unless the line is of a need met long ago."""
    system, code = line.need.split(":", 1)
    standing = case.needs.filter(system=system, code=code, resolved_at=None).first()
    if standing is not None:
        return None if line.implemented else standing
    source = Need.Source.REFERRED
    return cases.need_add(case=case, by=by, at=at, system=system, code=code, source=source)


def consents(known: ExternalRecord, record: primero.Record, by: Actor, at: datetime) -> None:
    """A line of the ledger for each thing said of consent: evidence unknown, justifies nothing."""
    before = set(known.case.legalbasiss.values_list("note", flat=True))
    for name, said in record.consents.items():
        kind, purpose = primero.CONSENTS[name]
        note = f"{known.host}: {name} = {str(said).lower()}"
        if note not in before:
            draft = BasisDraft(
                kind=LegalBasis.Kind.CONSENT,
                consent_kind=kind,
                purpose=purpose,
                categories=list(sharing.categories()),
                decision=LegalBasis.Decision.EVIDENCE_UNKNOWN,
                note=note,
            )
            cases.basis_record(case=known.case, draft=draft, by=by, at=at)
