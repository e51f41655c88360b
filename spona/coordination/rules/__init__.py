"""Pure: who is told when, what a party may see of a child, when mail may go out. No clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from spona.conduct.book import Book, Rule, Tell, Term, Word
from spona.conduct.calendar import is_working_day, shift

BELGRADE = ZoneInfo("Europe/Belgrade")
DIGESTS = (time(7, 30), time(13, 30))
QUIET_FROM = time(20, 0)  # a digest that was held up is not sent into the evening

# What the law or the child cannot wait with is told at night too (look.md 9).
AT_ANY_HOUR = (Word.IMMEDIATELY, Word.URGENTLY, Word.WITHOUT_DELAY)

# Purpose decides what an institution sees of a child whose case it does not work on (P19).
# Nobody here sees needs, interviews, route, family or notes; the police see no more than this.
CARD: dict[str, tuple[str, ...]] = {
    "MUP": ("age", "guardian", "contact"),
    "KZA": ("age", "guardian", "contact", "languages"),
    "DZ": ("first_name", "age", "languages", "guardian", "contact"),
    "KIRS": ("first_name", "age", "languages", "guardian", "contact"),
    "CA": ("first_name", "age", "languages", "guardian", "contact"),
    "PC": ("first_name", "age", "languages", "guardian", "contact"),
    "USZ": ("first_name", "age", "languages", "guardian", "contact"),
    "SKOLA": ("first_name", "age", "languages", "guardian", "contact"),
}
MISSING_CHILD = ("names", "age", "sex", "guardian", "contact", "last_seen")
MISSING_CHILD_ACTS = frozenset({"missing_reported", "search_started", "public_alert"})


def card_fields(institution_type: str, acts: Sequence[str]) -> tuple[str, ...]:
    """The fields that an institution needs for the acts addressed to it; a type that is not named
    sees how to reach the centre for social work, and nothing of the child."""
    fields = CARD.get(institution_type, ("contact",))
    if institution_type == "MUP" and not MISSING_CHILD_ACTS.isdisjoint(acts):
        return MISSING_CHILD
    return fields


@dataclass(frozen=True, slots=True)
class Rung:
    """One telling of a breach: `number` counts from 1, `at` is when it is due."""

    number: int
    at: datetime
    tell: Tell


def next_rung(rule: Rule, told: int, due: datetime | None) -> Rung | None:
    """The next telling after `told` have been made; none where the rule has no deadline."""
    if due is None or told >= len(rule.on_breach):
        return None
    tell = rule.on_breach[told]
    return Rung(told + 1, shift(due, tell.after), tell)


def warning_at(rule: Rule, due: datetime | None, after: datetime) -> datetime | None:
    """The next moment, later than `after`, at which whoever owes the duty is reminded of it."""
    if due is None:
        return None
    moments = (shift(due, Term(term.unit, -term.amount)) for term in rule.warn)
    return min((moment for moment in moments if moment > after), default=None)


def digest_at(at: datetime) -> datetime | None:
    """The digest that may go out at `at`: the last of the day, on working days, and once the
    evening has come none any more. What is not urgent and was told later waits for the next one.
    """
    local = at.astimezone(BELGRADE)
    if local.time() >= QUIET_FROM or not is_working_day(local.date()):
        return None
    today = (datetime.combine(local.date(), moment, BELGRADE) for moment in DIGESTS)
    return max((moment for moment in today if moment <= at), default=None)


def is_urgent(book: Book, rule_id: str, acts: Sequence[str]) -> bool:
    """Protective acts, and what the law wants at once, do not wait for the morning."""
    if any(book.acts[act].protective for act in acts if act in book.acts):
        return True
    rows = book.rule(rule_id).rows
    return any(row.within and row.within.word in AT_ANY_HOUR for row in rows)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What a worker whose notification nobody has taken is to do: `call` the centre again, or
    `police` (192) once an hour has passed without a human answer (practice.md A 3)."""

    step: str
    since: timedelta


PATIENCE = timedelta(hours=1)


def next_step(sent_at: datetime, answered_at: datetime | None, at: datetime) -> NextStep:
    """For a notification that is not confirmed."""
    waiting = at - sent_at
    if answered_at is not None:
        return NextStep("wait", at - answered_at)
    return NextStep("police" if waiting >= PATIENCE else "call", waiting)
