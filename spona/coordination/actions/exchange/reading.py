"""Cases of an institution one after the other, as a file needs them, in memory that does not grow.

Which cases they are is asked of both locks, as the person who makes the file. Their rows are then
read in portions in the engine room: each query of a portion would otherwise ask anew for all cases
that the person may see.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from spona.base import rls
from spona.base.actor import Actor
from spona.cases import codes
from spona.cases.models import Case, Need, Placement
from spona.coordination.actions.exchange.identity import case_uuid, need_uuid, referral_uuid
from spona.coordination.models import ExternalRecord, ImportedReferral, Referral
from spona.coordination.rules import primero
from spona.coordination.rules.primero import Row
from spona.people.models import Person

PORTION = 1_000
PARTS: tuple[Any, ...] = (
    "person__names",
    "person__languages",
    Prefetch("needs", Need.objects.order_by("pk")),
    Prefetch("externalrecords", ExternalRecord.objects.order_by("pk")),
    Prefetch("importedreferrals", ImportedReferral.objects.order_by("pk")),
    Prefetch("referrals", Referral.objects.select_related("service", "sender", "recipient")),
    Prefetch("placements", Placement.objects.filter(until_at=None)),
)


def case_ids(organisation_id: int, by: Actor, at: datetime) -> array[int]:
    """Ids of the institution's own cases that this person sees: eight bytes each."""
    own = Case.objects.visible_to(by, at).filter(organisation_id=organisation_id)
    found: array[int] = array("q")
    found.extend(own.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=10_000))
    return found


def in_portions(ids: array[int]) -> Iterator[Case]:
    for start in range(0, len(ids), PORTION):
        portion = ids[start : start + PORTION].tolist()
        with rls.engine_room():
            rows = Case.objects.filter(pk__in=portion).select_related("person", "municipality")
            found = list(rows.order_by("pk").prefetch_related(*PARTS))
        yield from found


def known_as(case: Case) -> tuple[str, Row]:
    """The id under which the case is known elsewhere, and what came with it from there."""
    records = case.externalrecords.all()
    for record in records:
        return str(record.uuid), record.payload
    return str(case_uuid(case)), {}


def told(case: Case, at: datetime, *, everything: bool) -> primero.Told:
    """All that a case tells; without `everything` what is sensitive, and what came from elsewhere
    and may be, is left out."""
    uuid, rest = known_as(case)
    needs = [one for one in case.needs.all() if everything or not one.sensitive]
    imported: list[ImportedReferral] = list(case.importedreferrals.all() if everything else ())
    lines = {one.pk: str(need_uuid(one)) for one in needs}
    lines |= {one.need_id: one.uid for one in imported if one.need_id and one.row is not None}
    sent = [one for one in case.referrals.all() if one.need_id in lines or everything]
    return primero.Told(
        id=uuid,
        closed=not case.is_open,
        code=case.code,
        opened_on=timezone.localdate(case.opened_at),
        lines=(*_imported_lines(imported, needs), *_lines(needs, imported, sent)),
        referrals=_in_order(
            [row for one in imported for row in one.transitions]
            + [_referral(one, uuid, lines, needs) for one in sent]
        ),
        rest=rest if everything else {},
        **who(case.person, at),
    )


def who(person: Person, at: datetime) -> Row:
    name = person.main_name
    spoken = sorted(person.languages.all(), key=lambda one: (not one.is_main, one.pk))
    return {
        "given": name.given if name else "",
        "family": name.family if name else "",
        "sex": person.sex,
        "birth": person.birth,
        "age": person.age_on(timezone.localdate(at)),
        "languages": tuple(one.code for one in spoken),
        "country": person.country_said,
    }


def _imported_lines(imported: list[ImportedReferral], needs: list[Need]) -> Iterator[Row]:
    """As they came, but for what was done here since."""
    met = {one.pk: one.resolved_at for one in needs if one.resolved_at}
    for one in imported:
        if one.row is not None:
            resolved_at = met.get(one.need_id or 0)
            yield primero.line_met(one.row, resolved_at) if resolved_at else one.row


def _lines(
    needs: list[Need], imported: list[ImportedReferral], sent: list[Referral]
) -> Iterator[Row]:
    from_there = {one.need_id for one in imported if one.row is not None}
    asked = {one.need_id: one for one in sorted(sent, key=lambda one: one.pk)}
    for need in needs:
        if need.pk not in from_there:
            yield line(need, asked.get(need.pk))


def line(need: Need, referral: Referral | None = None) -> Row:
    referred = {}
    if referral is not None:
        referred = primero.referral_line(referral.recipient.key, referral.service.key)
    return primero.line_object(
        need_uuid(need),
        key_of(need),
        noted_at=need.noted_at,
        resolved_at=need.resolved_at,
        **referred,
    )


def key_of(need: Need) -> str:
    return f"{need.system}:{need.code}"


def layer_of(need: Need) -> str:
    known = codes.needs().get((need.system, need.code))
    return known.layer if known else codes.GENERAL


def _referral(one: Referral, case_id: str, lines: dict[int, str], needs: list[Need]) -> Row:
    need = next((need for need in needs if need.pk == one.need_id), None)
    return primero.referral_object(
        primero.Asked(
            id=referral_uuid(one),
            case_id=case_id,
            line_id=lines.get(one.need_id or 0, ""),
            need=key_of(need) if need else "",
            sender=one.sender.key,
            recipient=one.recipient.key,
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
