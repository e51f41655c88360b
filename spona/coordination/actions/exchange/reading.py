"""Cases of an institution one after the other, as a file needs them, in memory that does not grow.

Which cases they are is asked of both locks, as the person who makes the file. Their rows are then
read in portions in the engine room: each query of a portion would otherwise ask anew for all cases
that the person may see. Rows are tuples: models and their prefetching took nine tenths of the time.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from spona.base import rls
from spona.base.actor import Actor
from spona.cases import codes
from spona.cases.models import Case, Need, Placement
from spona.coordination.actions.exchange.identity import uuid_of
from spona.coordination.models import ExternalRecord, ImportedReferral, Referral
from spona.coordination.rules import primero
from spona.coordination.rules.primero import Row
from spona.people import rules as people
from spona.people.models import PersonLanguage, PersonName

PORTION = 1_000
CASE = (
    "id",
    "code",
    "opened_at",
    "closed_at",
    "person_id",
    "municipality__name_sr",
    "person__birth_date",
    "person__birth_precision",
    "person__sex",
    "person__country_said",
)
NAME = ("id", "person_id", "given", "family", "script", "is_main")
LANGUAGE = ("id", "person_id", "code", "is_main")
NEED = ("id", "case_id", "system", "code", "noted_at", "resolved_at", "sensitive")
RECORD = ("case_id", "uuid", "payload")
IMPORTED = ("case_id", "uid", "need_id", "row", "transitions")
REFERRAL = (
    "id",
    "case_id",
    "need_id",
    "sent_at",
    "decision",
    "decided_at",
    "answer_reason",
    "outcome",
    "ended_at",
    "withdrawn_at",
    "service__key",
    "sender__key",
    "recipient__key",
)
PLACED = ("case_id", "kind")
Rows = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """A case with its rows; each a tuple with the names of the fields above."""

    case: Any
    names: Rows
    languages: Rows
    needs: Rows
    records: Rows
    imported: Rows
    referrals: Rows
    placed: Rows

    @property
    def known_as(self) -> tuple[str, Row]:
        """The id under which the case is known elsewhere, and what came with it from there."""
        for record in self.records:
            return str(record.uuid), record.payload
        return str(uuid_of("case", self.case.id, self.case.opened_at)), {}

    @property
    def closed(self) -> bool:
        return self.case.closed_at is not None


def case_ids(organisation_id: int, by: Actor, at: datetime) -> array[int]:
    """Ids of the institution's own cases that this person sees: eight bytes each."""
    own = Case.objects.visible_to(by, at).filter(organisation_id=organisation_id)
    found: array[int] = array("q")
    found.extend(own.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=10_000))
    return found


def in_portions(ids: array[int]) -> Iterator[Whole]:
    for start in range(0, len(ids), PORTION):
        with rls.engine_room():
            portion = list(_portion(ids[start : start + PORTION].tolist()))
        yield from portion


def _portion(ids: list[int]) -> Iterator[Whole]:
    cases = Case.objects.filter(pk__in=ids).order_by("pk").values_list(*CASE, named=True)
    people = [one.person_id for one in cases]
    lasting = Placement.objects.filter(until_at=None)
    names = _grouped(PersonName.objects.filter(person__in=people), NAME)
    languages = _grouped(PersonLanguage.objects.filter(person__in=people), LANGUAGE)
    needs = _grouped(Need.objects.filter(case__in=ids), NEED)
    records = _grouped(ExternalRecord.objects.filter(case__in=ids), RECORD)
    imported = _grouped(ImportedReferral.objects.filter(case__in=ids), IMPORTED)
    referrals = _grouped(Referral.objects.filter(case__in=ids), REFERRAL)
    placed = _grouped(lasting.filter(case__in=ids), PLACED)
    for case in cases:
        yield Whole(
            case=case,
            names=names[case.person_id],
            languages=languages[case.person_id],
            needs=needs[case.id],
            records=records[case.id],
            imported=imported[case.id],
            referrals=referrals[case.id],
            placed=placed[case.id],
        )


def _grouped(rows: QuerySet[Any], fields: tuple[str, ...]) -> defaultdict[int, list[Any]]:
    owner = "person_id" if "person_id" in fields else "case_id"
    place = fields.index(owner)
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows.order_by("pk").values_list(*fields, named=True):
        found[row[place]].append(row)
    return found


def told(whole: Whole, day: date, *, everything: bool) -> primero.Told:
    """All that a case tells; without `everything` what is sensitive, and what came from elsewhere
    and may be, is left out."""
    uuid, rest = whole.known_as
    needs = [one for one in whole.needs if everything or not one.sensitive]
    imported = whole.imported if everything else ()
    lines = {one.id: uid_of(one) for one in needs}
    lines |= {one.need_id: one.uid for one in imported if one.need_id and one.row is not None}
    sent = [one for one in whole.referrals if one.need_id in lines or everything]
    asked = [_referral(one, uuid, lines, needs) for one in sent]
    return primero.Told(
        id=uuid,
        closed=whole.closed,
        code=whole.case.code,
        opened_on=timezone.localdate(whole.case.opened_at),
        lines=(*_imported_lines(imported, needs), *_lines(needs, lines, imported, sent)),
        referrals=_in_order([row for one in imported for row in one.transitions] + asked),
        rest=rest if everything else {},
        **who(whole, day),
    )


def who(whole: Whole, day: date) -> Row:
    """The person, by the names of `primero.Told`."""
    case = whole.case
    name = min(whole.names, key=_main_first, default=None)
    birth = people.Birth(case.person__birth_date, people.Precision(case.person__birth_precision))
    spoken = sorted(whole.languages, key=lambda one: (not one.is_main, one.id))
    return {
        "given": name.given if name else "",
        "family": name.family if name else "",
        "sex": case.person__sex,
        "birth": birth,
        "age": people.age_on(day, birth),
        "languages": tuple(one.code for one in spoken),
        "country": case.person__country_said,
    }


def _main_first(name: Any) -> tuple[bool, bool, int]:
    """As `Person.main_name` chooses."""
    return name.script != "Latn", not name.is_main, name.id


def _imported_lines(imported: Rows, needs: Rows) -> Iterator[Row]:
    """As they came, but for what was done here since."""
    met = {one.id: one.resolved_at for one in needs if one.resolved_at}
    for one in imported:
        if one.row is not None:
            resolved_at = met.get(one.need_id)
            yield primero.line_met(one.row, resolved_at) if resolved_at else one.row


def _lines(needs: Rows, uids: dict[int, str], imported: Rows, sent: Rows) -> Iterator[Row]:
    from_there = {one.need_id for one in imported if one.row is not None}
    asked = {one.need_id: one for one in sent}
    for need in needs:
        if need.id not in from_there:
            yield line(need, uids[need.id], asked.get(need.id))


def line(need: Any, uid: str, referral: Any = None) -> Row:
    """A need of ours; `referral` is the last one made for it."""
    referred = {}
    if referral is not None:
        referred = primero.referral_line(referral.recipient__key, referral.service__key)
    return primero.line_object(
        uid,
        key_of(need),
        noted_at=need.noted_at,
        resolved_at=need.resolved_at,
        **referred,
    )


def uid_of(need: Any) -> str:
    return str(uuid_of("need", need.id, need.noted_at))


def key_of(need: Any) -> str:
    return f"{need.system}:{need.code}"


def layer_of(need: Any) -> str:
    known = codes.needs().get((need.system, need.code))
    return known.layer if known else codes.GENERAL


def _referral(one: Any, case_id: str, lines: dict[int, str], needs: Rows) -> Row:
    need = next((need for need in needs if need.id == one.need_id), None)
    return primero.referral_object(
        primero.Asked(
            id=uuid_of("referral", one.id, one.sent_at),
            case_id=case_id,
            line_id=lines.get(one.need_id, ""),
            need=key_of(need) if need else "",
            sender=one.sender__key,
            recipient=one.recipient__key,
            sent_at=one.sent_at,
            decision=one.decision,
            reason=one.answer_reason,
            decided_at=one.decided_at,
            done=one.ended_at is not None or bool(one.outcome),
            withdrawn=one.withdrawn_at is not None,
        )
    )


def _in_order(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (str(row.get("created_at")), str(row.get("id")))))
