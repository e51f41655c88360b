"""What leaves a case: field by field, on a legal basis each, with a proof; and what is taken back.

Whether a field may be shared is decided by `cases.actions.decide` and nowhere else: when it is
given, and again each time when the recipient reads it (P8).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from spona.audit import actions as audit
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.cases import actions as cases
from spona.cases.codes import sharing as shared
from spona.cases.models import Case, LegalBasis, Need
from spona.coordination import permissions
from spona.coordination.models import Disclosure, Referral
from spona.coordination.models.duty import random_number
from spona.coordination.models.referral import DisclosureQuerySet

Ended = Disclosure.Ended


@dataclass(frozen=True, slots=True)
class Given:
    """A field as its recipient reads it now; `value` as JSON keeps it."""

    field: str
    value: Any
    disclosed_at: datetime
    basis_kind: str


@dataclass(frozen=True, slots=True)
class Sharing:
    """To whom something of a case is given, with what, and what for. `number` is known to both."""

    run_id: int
    number: str
    case_id: int
    owner_id: int
    recipient_id: int
    purpose: str
    need_id: int | None = None

    @classmethod
    def of_referral(cls, referral: Referral) -> Sharing:
        return cls(
            run_id=referral.run_id,
            number=referral.number,
            case_id=referral.case_id,
            owner_id=referral.sender_id,
            recipient_id=referral.recipient_id,
            purpose=referral.purpose,
            need_id=referral.need_id,
        )

    @property
    def given(self) -> DisclosureQuerySet:
        return Disclosure.objects.filter(run_id=self.run_id)


# --- giving


def bases_for(
    case_id: int, recipient_id: int, purpose: str, fields: Iterable[str], at: datetime
) -> dict[str, LegalBasis | None]:
    """On which basis each field may be given to this institution for this purpose; none: not."""
    known = shared.shared_fields()
    wanted = {field: known[field].category for field in fields}
    decided = cases.decide(
        case_id=case_id,
        recipient_id=recipient_id,
        purpose=purpose,
        categories=set(wanted.values()),
        at=at,
    )
    return {field: decided[category] for field, category in wanted.items()}


def disclose(
    sharing: Sharing, fields: Sequence[str], typed: Mapping[str, str], *, by: Actor, at: datetime
) -> list[Disclosure]:
    """Give these fields, as they are in the case now; all of them or none.

    `typed` holds the words written for this sharing. Raises `Refused` with the names of the fields
    for which no legal basis is in force.
    """
    bases = bases_for(sharing.case_id, sharing.recipient_id, sharing.purpose, fields, at)
    if without := [field for field, basis in bases.items() if basis is None]:
        raise Refused(no_basis(without))
    with rls.engine_room():
        held = set(sharing.given.in_force().values_list("field", flat=True))
    wanted = {field: one for field, one in bases.items() if one is not None and field not in held}
    return give(sharing, wanted, typed, by=by, at=at)


def give(
    sharing: Sharing,
    bases: Mapping[str, LegalBasis],
    typed: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
) -> list[Disclosure]:
    """Fields that the recipient does not hold yet, each on the basis that `bases_for` found in
    this very transaction."""
    with rls.engine_room():
        values = _values(sharing, list(bases), at) | _written(typed) if bases else {}
        made = Disclosure.objects.bulk_create(
            _disclosure(sharing, field, basis, values.get(field), by=by, at=at)
            for field, basis in bases.items()
        )
    if made:
        given = [one.field for one in made]
        detail = {"fields": given, "recipient": sharing.recipient_id, "number": sharing.number}
        audit.record("disclosure", made[0], by=by, at=at, case_id=sharing.case_id, detail=detail)
    return made


FILE_PORTION = 1_000


@dataclass(frozen=True, slots=True)
class Cell:
    """What a file says of somebody in one place, and to which category of data that belongs."""

    field: str
    category: str
    value: Any


class FileGiven:
    """What leaves in one file for another controller, cell by cell; written in portions, so that a
    file of any size needs the same memory. `number` names the file."""

    def __init__(
        self, *, owner_id: int, recipient_id: int, purpose: str, by: Actor, at: datetime
    ) -> None:
        self.number, self.by, self.at = random_number(), by, at
        self.owner_id, self.recipient_id, self.purpose = owner_id, recipient_id, purpose
        self._rows: list[Disclosure] = []

    def add(self, case_id: int, cells: Iterable[Cell], bases: Mapping[str, LegalBasis]) -> None:
        """`bases` by category; nothing goes out without one, so that each has to be there."""
        self._rows += [self._row(case_id, cell, bases[cell.category]) for cell in cells]
        if len(self._rows) >= FILE_PORTION:
            self.keep()

    def keep(self) -> None:
        """Write what has been added since; the last portion when the file is whole."""
        with rls.engine_room():
            Disclosure.objects.bulk_create(self._rows)
        self._rows = []

    def _row(self, case_id: int, cell: Cell, basis: LegalBasis) -> Disclosure:
        who = (self.number, self.owner_id, self.recipient_id)
        return Disclosure(
            case_id=case_id,
            number=self.number,
            owner_id=self.owner_id,
            recipient_id=self.recipient_id,
            basis=basis,
            basis_kind=basis.kind,
            purpose=self.purpose,
            field=cell.field,
            category=cell.category,
            mac=mac_of(*who, cell.field, cell.value, self.at),
            disclosed_at=self.at,
            disclosed_by_id=self.by.user_id,
            disclosed_by_name=self.by.name,
        )


def _values(sharing: Sharing, fields: Sequence[str], at: datetime) -> dict[str, Any]:
    """From the case as it is now, also when it is the recipient whose acceptance opens them."""
    case = Case.objects.select_related("person", "organisation").get(pk=sharing.case_id)
    need = Need.objects.filter(pk=sharing.need_id or 0).first()
    return dict(cases.field_values(case=case, keys=fields, at=at, need=need))


def _written(typed: Mapping[str, str]) -> dict[str, str]:
    """Words for the fields that are written; what is read from the case is not said otherwise."""
    known = shared.shared_fields()
    return {field: words for field, words in typed.items() if known[field].typed}


def no_basis(fields: Iterable[str]) -> str:
    """The sentence that says what cannot be shared, and what to do."""
    known = shared.shared_fields()
    names = ", ".join(str(known[field]) for field in fields)
    return _(
        "There is no legal basis in force to share: %(fields)s. Leave them out, or record the basis"
        " first."
    ) % {"fields": names}


def _disclosure(
    sharing: Sharing, field: str, basis: LegalBasis, value: Any, *, by: Actor, at: datetime
) -> Disclosure:
    return Disclosure(
        case_id=sharing.case_id,
        run_id=sharing.run_id,
        number=sharing.number,
        owner_id=sharing.owner_id,
        recipient_id=sharing.recipient_id,
        basis=basis,
        basis_kind=basis.kind,
        purpose=sharing.purpose,
        field=field,
        category=shared.shared_fields()[field].category,
        value=value,
        mac=mac_of(sharing.number, sharing.owner_id, sharing.recipient_id, field, value, at),
        disclosed_at=at,
        disclosed_by_id=by.user_id,
        disclosed_by_name=by.name,
    )


def mac_of(
    number: str, owner_id: int, recipient_id: int, field: str, value: Any, at: datetime
) -> str:
    """HMAC-SHA-256, hex, under the key of the institution that gave the field (practice.md 35)."""
    said = rfc8785.dumps(
        {
            "number": number,
            "recipient": recipient_id,
            "field": field,
            "value": value,
            "at": at.astimezone(UTC).isoformat(),
        }
    )
    salt = f"spona.disclosure.{owner_id}"
    return salted_hmac(salt, said, secret=settings.PROOF_KEY, algorithm="sha256").hexdigest()


def proves(one: Disclosure, value: Any) -> bool:
    """Whether this value is what was given; also when the value itself has been taken away."""
    mac = mac_of(one.number, one.owner_id, one.recipient_id, one.field, value, one.disclosed_at)
    return constant_time_compare(mac, one.mac)


@transaction.atomic
def field_open(
    *, referral: Referral, fields: Sequence[str], typed: Mapping[str, str], by: Actor, at: datetime
) -> list[Disclosure]:
    """The owner opens more, field by field, after the referral was accepted."""
    seen = Referral.objects.visible_to(by, at).select_related("case", "need")
    current = seen.filter(pk=referral.pk).first()
    if current is None or not permissions.can_refer(by, current.case):
        raise NotAllowed
    if not current.is_in_course or current.withdrawn_at is not None:
        raise Refused(_("This referral is over: nothing more is shared through it."))
    return disclose(Sharing.of_referral(current), fields, typed, by=by, at=at)


@transaction.atomic
def field_close(*, disclosure: Disclosure, by: Actor, at: datetime) -> None:
    """The owner takes a field back: from now on the recipient does not read it here."""
    mine = Disclosure.objects.visible_to(by, at).read_here().select_related("case")
    current = mine.filter(pk=disclosure.pk).first()
    if current is None or not permissions.can_refer(by, current.case):
        raise NotAllowed
    end(Disclosure.objects.filter(pk=current.pk), Ended.OWNER, by=by, at=at)


# --- reading


@transaction.atomic
def package_read(*, sharing: Sharing, by: Actor, at: datetime) -> list[Given]:
    """What the recipient may read now; the first reading is the receipt of each field.

    A field whose basis is no longer in force is not among them, whether or not anybody has ended
    it yet. For the recipient only: raises `NotAllowed` for others.
    """
    if by.organisation_id != sharing.recipient_id:
        raise NotAllowed
    with rls.engine_room():
        given = list(sharing.given.in_force().order_by("pk"))
        fields = [one.field for one in given]
        bases = bases_for(sharing.case_id, sharing.recipient_id, sharing.purpose, fields, at)
        shown = [one for one in given if bases[one.field] is not None]
        _receipt(shown, by=by, at=at)
    if shown:
        audit.read("package_read", shown, by=by, at=at, case_ids=[sharing.case_id])
    return [Given(one.field, one.value, one.disclosed_at, one.basis_kind) for one in shown]


def _receipt(given: Iterable[Disclosure], *, by: Actor, at: datetime) -> None:
    new = [one.pk for one in given if one.receipt_at is None]
    if new:
        rows = Disclosure.objects.filter(pk__in=new)
        rows.update(receipt_at=at, receipt_by_name=by.name)


# --- taking back


def end(rows: QuerySet[Disclosure], why: str, *, by: Actor, at: datetime) -> int:
    """End what is still in force: the value goes, the proof and the receipt stay."""
    with rls.engine_room():
        ending = list(rows.filter(ended_at=None).select_for_update())
        Disclosure.objects.filter(pk__in=[one.pk for one in ending]).update(
            ended_at=at, ended_why=why, value=None
        )
    for one in ending:
        detail = {"field": one.field, "why": why, "recipient": one.recipient_id}
        audit.record("disclosure_end", one, by=by, at=at, case_id=one.case_id, detail=detail)
    return len(ending)
