"""Cases as a file: one's own, or what may be given to another controller."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TextIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from spona.accounts.models import Organisation
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions as cases
from spona.cases.codes import sharing
from spona.cases.models import Case, LegalBasis
from spona.cases.permissions import can_take_sensitive_away
from spona.coordination import permissions
from spona.coordination.actions.disclosing import FileGiven
from spona.coordination.actions.exchange import reading, sending
from spona.coordination.actions.exchange.reading import Whole
from spona.coordination.actions.exchange.report import Exported
from spona.coordination.rules import primero, unhcr
from spona.coordination.rules.primero import Row

NOT_YOURS = _(
    "A file of all cases is made by the head of service or the director of this institution."
)
TO_ONESELF = _("This is your own institution. Leave the recipient out.")
NO_PURPOSE = _("There is no such purpose. Choose one of: %(purposes)s.")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Another controller, and what the file is for."""

    organisation: Organisation
    purpose: str


@transaction.atomic
def cases_export(*, out: TextIO, organisation: Organisation, by: Actor, at: datetime) -> Exported:
    """All own cases as one JSON array in the shape of Primero's API. Stays with the institution, so
    it is no sharing; who does not see what is sensitive gets a file without it."""
    _check(organisation, by)
    report, day = Exported(), timezone.localdate(at)
    everything = can_take_sensitive_away(by, organisation.pk)
    if not everything:
        report.hidden["sensitive"] = 1

    def rows() -> Iterator[Row]:
        for whole in _all(organisation, by, at):
            report.case_ids.append(whole.case.id)
            yield primero.case_object(reading.told(whole, day, everything=everything))

    _write_json(out, rows())
    _say("cases_export", report, by=by, at=at)
    return report


@transaction.atomic
def cases_send(
    *, out: TextIO, organisation: Organisation, to: Recipient, by: Actor, at: datetime
) -> Exported:
    """The same shape for another controller: of each case only the categories that its ledger
    justifies for this recipient and purpose, and nothing that came from elsewhere."""
    _check(organisation, by, to)
    report, day = Exported(), timezone.localdate(at)
    given = _given(organisation, to, by=by, at=at)

    def rows() -> Iterator[Row]:
        for whole, bases in _justified(organisation, to, report, by=by, at=at):
            told = sending.told(whole, bases, day)
            cells = (*sending.cells(told), *sending.needs_told(whole, bases))
            given.add(whole.case.id, cells, bases)
            yield primero.case_object(told)

    _write_json(out, rows())
    given.keep()
    _say("cases_send", report, by=by, at=at, to=to, number=given.number)
    return report


@transaction.atomic
def unhcr_export(
    *, out: TextIO, organisation: Organisation, to: Recipient, by: Actor, at: datetime
) -> Exported:
    """UNHCR's table. A case is in it only if a line of its ledger names this recipient: a duty or
    vital interest towards everybody is no opt-in."""
    _check(organisation, by, to)
    report, day = Exported(), timezone.localdate(at)
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(unhcr.COLUMNS)
    given = _given(organisation, to, by=by, at=at)
    for whole, bases in _justified(organisation, to, report, by=by, at=at, opt_in=True):
        one = sending.individual(whole, day)
        given.add(whole.case.id, sending.table_cells(one, bases), bases)
        table.writerow(unhcr.row(one, bases))
    given.keep()
    _say("unhcr_export", report, by=by, at=at, to=to, number=given.number)
    return report


def _check(organisation: Organisation, by: Actor, to: Recipient | None = None) -> None:
    if not permissions.can_export(by, organisation.pk):
        raise NotAllowed(NOT_YOURS)
    if to is not None and to.organisation.pk == organisation.pk:
        raise Refused(TO_ONESELF)
    if to is not None and to.purpose not in sharing.purposes():
        raise Refused(NO_PURPOSE % {"purposes": ", ".join(sharing.purposes())})


def _all(organisation: Organisation, by: Actor, at: datetime) -> Iterator[Whole]:
    return reading.in_portions(reading.case_ids(organisation.pk, by, at))


def _justified(
    organisation: Organisation,
    to: Recipient,
    report: Exported,
    *,
    by: Actor,
    at: datetime,
    opt_in: bool = False,
) -> Iterator[tuple[Whole, dict[str, LegalBasis]]]:
    """Cases of which something may be given, each with its bases by category (P8). What the person
    who makes the file may not see is not given either."""
    open_to = _seen_by(by, organisation)
    for whole in _all(organisation, by, at):
        found = cases.decide(
            case_id=whole.case.id,
            recipient_id=to.organisation.pk,
            purpose=to.purpose,
            categories=open_to,
            at=at,
        )
        bases = {category: basis for category, basis in found.items() if basis is not None}
        if not bases or (opt_in and not _names(bases, to)):
            report.left_out["no_basis"] += 1
            continue
        report.hidden.update(open_to - bases.keys())
        report.bases.update(basis.pk for basis in bases.values())
        report.case_ids.append(whole.case.id)
        yield whole, bases


def _given(organisation: Organisation, to: Recipient, *, by: Actor, at: datetime) -> FileGiven:
    """Where it is kept what leaves with the file, on which basis each."""
    return FileGiven(
        owner_id=organisation.pk,
        recipient_id=to.organisation.pk,
        purpose=to.purpose,
        by=by,
        at=at,
    )


def _names(bases: Mapping[str, LegalBasis], to: Recipient) -> bool:
    return any(basis.recipient_id == to.organisation.pk for basis in bases.values())


def _seen_by(by: Actor, organisation: Organisation) -> frozenset[str]:
    everything = can_take_sensitive_away(by, organisation.pk)
    known = sharing.categories()
    return frozenset(code for code, one in known.items() if everything or not one.sensitive)


def _write_json(out: TextIO, rows: Iterator[Row]) -> None:
    encode: Callable[[Row], str] = json.JSONEncoder(ensure_ascii=False).encode
    out.write("[")
    for number, row in enumerate(rows):
        out.write(",\n" if number else "\n")
        out.write(encode(row))
    out.write("\n]\n")


def _say(
    verb: str,
    report: Exported,
    *,
    by: Actor,
    at: datetime,
    to: Recipient | None = None,
    number: str = "",
) -> None:
    detail = report.detail()
    if to is not None:
        detail |= {"recipient": to.organisation.pk, "purpose": to.purpose, "number": number}
    audit.file(verb, Case, report.case_ids, came=False, by=by, at=at, detail=detail)
