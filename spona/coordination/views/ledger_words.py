"""A line of the ledger in words: whether it stands, for what it holds, what rests on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.base.parts import Fact
from spona.base.script import in_script
from spona.cases import codes
from spona.cases.actions.sharing import ground_of, is_of_age
from spona.cases.codes import sharing as shared
from spona.cases.models import Case, LegalBasis
from spona.cases.rules.sharing import WhyNot, holds_for, standing
from spona.coordination.models import Disclosure
from spona.coordination.views.telling import when

ENDINGS: dict[WhyNot, str | Promise] = {
    WhyNot.REFUSED: gettext_lazy("refused: nothing is shared"),
    WhyNot.WITHDRAWN: gettext_lazy("withdrawn"),
    WhyNot.EVIDENCE_UNKNOWN: gettext_lazy("imported: nobody knows who agreed to what"),
    WhyNot.EXPIRED: gettext_lazy("expired"),
    WhyNot.OF_AGE: gettext_lazy("the person is of age and is asked anew"),
    WhyNot.NOT_YET: gettext_lazy("not in force yet"),
}


@dataclass(frozen=True, slots=True)
class Resting:
    """What one institution reads on a line: the number of the referral, how many fields; or of
    the file in which they left."""

    recipient: str
    number: str
    fields: int
    in_file: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """`stands`: something may be shared on it now; `categories` are then those that still hold."""

    basis: LegalBasis
    what: str
    recipient: str
    categories: str
    state: str
    stands: bool
    resting: tuple[Resting, ...]

    @property
    def law(self) -> shared.Law | None:
        return shared.laws().get(self.basis.law)


def lines(case: Case, at: datetime) -> list[Line]:
    """All lines of a case, the latest first."""
    given = Prefetch(
        "disclosures",
        Disclosure.objects.in_force().select_related("recipient").order_by("pk"),
        to_attr="given_now",
    )
    found = LegalBasis.objects.filter(case=case).select_related("recipient").prefetch_related(given)
    ledger = list(found.order_by("-recorded_at", "-pk"))
    grounds = [ground_of(one) for one in ledger]
    of_age = is_of_age(case.person, at)
    return [
        _line(
            basis,
            holds_for(ground, grounds, at=at, of_age=of_age),
            standing(ground, at=at, of_age=of_age),
        )
        for basis, ground in zip(ledger, grounds, strict=True)
    ]


def line_of(basis: LegalBasis, case: Case, at: datetime) -> Line:
    return next(one for one in lines(case, at) if one.basis.pk == basis.pk)


def going_on(basis: LegalBasis, case: Case, at: datetime) -> list[Line]:
    """Other lines on which the same may still be shared once this one has ended."""
    named = set(basis.categories)
    return [
        one
        for one in lines(case, at)
        if one.stands
        and not one.basis.is_consent
        and one.basis.pk != basis.pk
        and one.basis.purpose == basis.purpose
        and one.basis.recipient_id in (None, basis.recipient_id)
        and named & set(one.basis.categories)
    ]


def can_end(basis: LegalBasis) -> bool:
    """A refusal is not withdrawn, and nothing ends twice."""
    return basis.decision != LegalBasis.Decision.REFUSED and basis.withdrawn_at is None


def _line(basis: LegalBasis, holds: frozenset[str], why: WhyNot | None) -> Line:
    named = [one for one in basis.categories if one in holds] or basis.categories
    return Line(
        basis=basis,
        what=_what(basis),
        recipient=recipient_words(basis),
        categories=category_words(named),
        state=_state(basis, bool(holds), why),
        stands=bool(holds),
        resting=_resting(getattr(basis, "given_now", [])),
    )


def _what(basis: LegalBasis) -> str:
    if basis.decision == LegalBasis.Decision.REFUSED:
        return _("Without sharing")
    kind = str(basis.get_kind_display())
    if basis.is_consent:
        return f"{kind} {basis.get_consent_kind_display()}"
    return kind


def _state(basis: LegalBasis, holds: bool, why: WhyNot | None) -> str:
    if why is WhyNot.WITHDRAWN and not basis.is_consent:
        return _("ended")
    if why is not None:
        return str(ENDINGS[why])
    if not holds:
        return _("another word was said since")
    if basis.expires_at is None:
        return _("in force")
    return _("in force until %(day)s") % {"day": last_day(basis.expires_at)}


def last_day(expires_at: datetime) -> str:
    """What ends at midnight, ended with the day before."""
    last = timezone.localdate(expires_at - timedelta(microseconds=1))
    return date_format(last, "SHORT_DATE_FORMAT")


def _resting(given: Iterable[Disclosure]) -> tuple[Resting, ...]:
    counted: dict[tuple[str, str, bool], int] = {}
    for one in given:
        key = (str(one.recipient), one.number, one.run_id is None)
        counted[key] = counted.get(key, 0) + 1
    return tuple(
        Resting(who, number, fields, filed) for (who, number, filed), fields in counted.items()
    )


def purpose_words(basis: LegalBasis) -> str:
    return str(shared.purposes().get(basis.purpose, basis.purpose))


def category_words(named: Iterable[str]) -> str:
    known = shared.categories()
    return ", ".join(str(known.get(one, one)) for one in named)


def recipient_words(basis: LegalBasis) -> str:
    if basis.recipient is not None:
        return str(basis.recipient)
    refused = basis.decision == LegalBasis.Decision.REFUSED
    return _("no institution") if refused else _("any institution asked for this purpose")


# --- for the file


def facts(basis: LegalBasis) -> list[Fact]:
    """Everything that stands in the line; what is empty is left out."""
    every = [*_about(basis), *_said(basis), *_since(basis)]
    return [one for one in every if one.value]


def _about(basis: LegalBasis) -> list[Fact]:
    law = shared.laws().get(basis.law)
    end = basis.expires_at
    return [
        Fact(_("What for"), purpose_words(basis)),
        Fact(_("To which institution"), recipient_words(basis)),
        Fact(_("Which data"), category_words(basis.categories)),
        Fact(_("Until"), last_day(end) if end else ""),
        Fact(
            _("Why somebody else decides") if basis.is_consent else _("Which duty"),
            str(law) if law else "",
        ),
        Fact(_("Reasons"), basis.note),
    ]


def _said(basis: LegalBasis) -> list[Fact]:
    languages = codes.languages()
    return [
        Fact(_("Who said it"), _giver(basis)),
        Fact(
            _("What the child or the adult person says to it"), str(basis.get_child_view_display())
        ),
        Fact(_("The child was told"), _("Yes") if basis.child_told else ""),
        Fact(_("It was explained before"), _("Yes") if basis.explained else ""),
        Fact(_("In which language"), str(languages.get(basis.language, basis.language))),
        Fact(_("How it was interpreted"), str(basis.get_mode_display()) if basis.mode else ""),
        Fact(_("Name of the interpreter"), basis.interpreter_name),
        Fact(_("Who was in the room"), ", ".join(basis.present)),
        Fact(_("Document"), basis.document.title if basis.document else ""),
    ]


def _giver(basis: LegalBasis) -> str:
    who = str(basis.get_given_by_display()) if basis.given_by else ""
    return ": ".join(part for part in (who, basis.given_by_name) if part)


def _since(basis: LegalBasis) -> list[Fact]:
    reviewed, ended = basis.reviewed_at, basis.withdrawn_at
    over = _("Withdrawn") if basis.is_consent else _("Ended")
    return [
        Fact(_("Recorded"), _signed(basis.recorded_at, basis.recorded_by_name)),
        Fact(
            _("The guardian has looked at it"),
            _signed(reviewed, basis.reviewed_by_name) if reviewed else "",
        ),
        Fact(_("What the guardian says to it"), basis.reviewed_note),
        Fact(over, _signed(ended, basis.withdrawn_by_name) if ended else ""),
        Fact(_("Why"), basis.withdrawn_why),
    ]


def _signed(at: datetime, name: str) -> str:
    return ", ".join(part for part in (when(at), in_script(name)) if part)
