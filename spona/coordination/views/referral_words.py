"""A referral in words: its stages, what was given, what can be done next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from spona.base.actor import Actor
from spona.base.clock import State, span_words
from spona.base.parts import Act, Fact, Task
from spona.base.script import in_script, said
from spona.cases import codes
from spona.cases.codes import sharing as shared
from spona.cases.models import Need
from spona.coordination import actions
from spona.coordination.actions.answering import DECISIONS, RECEIPT, Steps
from spona.coordination.actions.disclosing import Sharing
from spona.coordination.forms.referrals import REASONS
from spona.coordination.models import Disclosure, Duty, Message, Referral
from spona.coordination.views import rows
from spona.coordination.views.tabs import need_words
from spona.coordination.views.telling import when
from spona.people.models import Person

BASES: dict[str, str | Promise] = {
    "consent": gettext_lazy("consent"),
    "vital_interest": gettext_lazy("vital interest"),
    "legal_duty": gettext_lazy("legal duty"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One referral in a list: nothing of the child, nothing of the reason."""

    referral: Referral
    href: str
    stands: str
    waits: str
    state: State


def lines(referrals: Iterable[Referral], at: datetime) -> list[Line]:
    return [_line(one, at) for one in referrals]


def _line(referral: Referral, at: datetime) -> Line:
    open_ = referral.is_in_course and referral.decided_at is None
    return Line(
        referral=referral,
        href=reverse("coordination:referral_detail", args=[referral.number]),
        stands=stands(referral),
        waits=span_words(at - referral.sent_at) if open_ and referral.sent_at else "",
        state=_state(referral),
    )


def _state(referral: Referral) -> State:
    if referral.ended_at is not None:
        return State.DONE
    return State.ON_TIME if referral.decided_at is not None else State.TODAY


def stands(referral: Referral) -> str:
    """How far it has come, in one phrase."""
    if referral.ended_at is not None:
        return _("ended: %(how)s") % {"how": outcome_words(referral, referral.ended_as)}
    if referral.withdrawn_at is not None:
        return pgettext("referral", "withdrawn")
    reached = (
        (referral.confirmed_at, _("checked with the person")),
        (referral.outcome_at, _("outcome reported")),
        (referral.started_at, _("help has begun")),
        (referral.decided_at, str(referral.get_decision_display())),
        (referral.received_at, _("received, not answered yet")),
    )
    return next((phrase for moment, phrase in reached if moment), _("sent, not received yet"))


def outcome_words(referral: Referral, code: str) -> str:
    """A coded outcome in the words of the rule book that asked for it."""
    if not code:
        return ""
    for act in actions.version_of(referral.run_id).book.acts.values():
        for question in act.form:
            if question.key == "outcome" and code in question.choices:
                return said(question.choices[code])
    return code


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need of the case, or none for what was asked without one, with its referrals."""

    need: Need | None
    words: str
    referrals: list[Line]


def by_need(referrals: Iterable[Referral], at: datetime, *, sensitive: bool) -> list[NeedLine]:
    """Split needs stand together; those of the restricted part only for who may see it."""
    grouped: dict[int, list[Referral]] = {}
    needs: dict[int, Need | None] = {}
    for one in referrals:
        if one.need is not None and one.need.sensitive and not sensitive:
            continue
        grouped.setdefault(one.need_id or 0, []).append(one)
        needs[one.need_id or 0] = one.need
    return [
        NeedLine(need, need_words(need) if need else _("Without a coded need"), lines(found, at))
        for key, found in grouped.items()
        for need in (needs[key],)
    ]


def head(referral: Referral) -> list[Fact]:
    """The cover: what both sides may read at any time."""
    return [
        Fact(_("Service"), str(referral.service)),
        Fact(_("From"), str(referral.sender)),
        Fact(_("To"), str(referral.recipient)),
        Fact(_("How urgent"), str(referral.get_urgency_display())),
        Fact(_("Sent"), when(referral.sent_at) if referral.sent_at else ""),
        Fact(_("Sent by"), in_script(referral.sent_by_name)),
    ]


def stages(referral: Referral) -> list[Task]:
    """Receipt, decision, beginning, outcome and confirmation, each done or still to come."""
    decision = referral.get_decision_display() if referral.decision else ""
    steps = (
        (_("Received"), referral.received_at, in_script(referral.received_by_name)),
        (_("Answered"), referral.decided_at, str(decision)),
        (_("Help has begun"), referral.started_at, ""),
        (_("Outcome reported"), referral.outcome_at, outcome_words(referral, referral.outcome)),
        (_("Checked with the person"), referral.confirmed_at, ""),
        (_("Ended"), referral.ended_at, outcome_words(referral, referral.ended_as)),
    )
    return [
        Task(label, done=moment is not None, hint=_hint(moment, extra))
        for label, moment, extra in steps
    ]


def _hint(moment: datetime | None, extra: str) -> str:
    return ", ".join(part for part in (when(moment) if moment else "", extra) if part)


def reason_words(referral: Referral) -> str:
    return str(dict(REASONS).get(referral.answer_reason, ""))


# --- what was given


def package(referral: Referral, actor: Actor, at: datetime) -> list[Fact]:
    """What the recipient may read now. Reading it is logged, and is the receipt."""
    given = actions.package_read(sharing=Sharing.of_referral(referral), by=actor, at=at)
    return [Fact(field_label(one.field), value_words(one.field, one.value)) for one in given]


def field_label(field: str) -> str:
    known = shared.shared_fields()
    return str(known[field]) if field in known else field


def value_words(field: str, value: Any) -> str:
    """A value as JSON keeps it, in words: codes by their list, days as days."""
    if isinstance(value, list):
        return ", ".join(value_words(field, one) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    written = "" if value is None else str(value)
    if field == "languages" and written in codes.languages():
        return str(codes.languages()[written])
    if field == "age" and written.startswith("~"):
        return _("about %(age)s") % {"age": written[1:]}
    if field == "sex" and written in Person.Sex.values:
        return str(Person.Sex(written).label)
    day = parse_date(written) if field.endswith(("_date", "_on")) else None
    if day is not None:
        return date_format(day, "DATE_FORMAT")
    return in_script(_coded(written))


def _coded(written: str) -> str:
    """`system:code` of a need in words; other words as they are."""
    system, _sign, code = written.partition(":")
    known = codes.needs().get((system, code))
    return str(known) if known else written


def promised(referral: Referral) -> list[str]:
    """Labels of what opens with acceptance."""
    if referral.decided_at is not None:
        return []
    return [field_label(field) for field in referral.promised]


@dataclass(frozen=True, slots=True)
class Given:
    """A field that left the case, for those who work on it."""

    disclosure: Disclosure
    label: str
    value: str
    basis: str
    receipt: str
    ended: str


def disclosed(referral: Referral) -> list[Given]:
    found = Sharing.of_referral(referral).given.order_by("disclosed_at", "pk")
    return [
        Given(
            one,
            field_label(one.field),
            value_words(one.field, one.value) if one.ended_at is None else "",
            str(BASES.get(one.basis_kind, one.basis_kind)),
            _receipt(one),
            _ended(one, referral),
        )
        for one in found
    ]


def _ended(one: Disclosure, referral: Referral) -> str:
    """Why and when it was taken away again."""
    if one.ended_at is None:
        return ""
    why = str(one.get_ended_why_display())
    if one.ended_why == Disclosure.Ended.CLOSED and referral.started_at is not None:
        why = _("the referral has ended")
    return f"{why}, {when(one.ended_at)}"


def _receipt(one: Disclosure) -> str:
    if one.receipt_at is None:
        return _("not read yet")
    return _("read by %(who)s, %(when)s") % {
        "who": in_script(one.receipt_by_name),
        "when": when(one.receipt_at),
    }


def still_closed(referral: Referral, at: datetime) -> tuple[frozenset[str], list[str]]:
    """Fields that may be opened now, and the labels of those for which no basis is in force."""
    held = set(Sharing.of_referral(referral).given.in_force().values_list("field", flat=True))
    wanted = [field for field in shared.shared_fields() if field not in held]
    bases = actions.bases_for(referral.case_id, referral.recipient_id, referral.purpose, wanted, at)
    allowed = frozenset(field for field, basis in bases.items() if basis is not None)
    return allowed, [field_label(field) for field in wanted if field not in allowed]


# --- what comes next


@dataclass(frozen=True, slots=True)
class Links:
    """Buttons for what is the reader's own to do, and for what he or she records for others."""

    own: list[Act]
    others: list[Act]


def step_links(referral: Referral, steps: Steps, owed: Iterable[Duty]) -> Links:
    """The answer has a form of its own; whoever owes it sees that first."""
    asked = [act for act in steps.acts if act not in DECISIONS and act not in SILENT]
    answers = steps.own.intersection((RECEIPT, *DECISIONS))
    return links(referral.run_id, asked, steps.own, [] if answers else owed)


def links(run_id: int, acts: Sequence[str], own: frozenset[str], owed: Iterable[Duty]) -> Links:
    """Of one's own acts the one that is owed first stands out."""
    due = [act for duty in owed for act in duty.acts if act in own and act in acts]
    version = actions.version_of(run_id)
    made = {
        act: Act(
            label=rows.act_label(version, act),
            href=reverse("coordination:act_new", args=[run_id, act]),
            primary=act == next(iter(due), None),
        )
        for act in sorted(acts, key=lambda act: act not in due[:1])
    }
    return Links(
        [one for act, one in made.items() if act in own],
        [one for act, one in made.items() if act not in own],
    )


# Done by sending, or together with the answer.
SILENT = frozenset({"basis_recorded", "child_view", "guardian_agrees", "sent", "alternative_sent"})


def thread(referral: Referral, actor: Actor, at: datetime) -> list[Message]:
    seen = Message.objects.visible_to(actor, at).filter(referral=referral)
    return list(seen.select_related("author_organisation").order_by("written_at", "pk"))
