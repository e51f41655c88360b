"""A draft is tried: what would be owed, by whom, until when, if this happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from spona.base.http import Request, signed_in
from spona.base.script import in_script, said, written_language
from spona.conduct import text
from spona.conduct.book import Book, Fact
from spona.conduct.marking import Block, Owed
from spona.conduct.sandbox import Happened, Step, Trial, trial
from spona.conduct.text.words import nominative, upper
from spona.protocols.views import doors

SALT = "protocols.sandbox"
MOVES = {"hour": Step("wait", "", "60"), "day": Step("wait", "", "1440"), "next": Step("next")}
MOST = 400


@dataclass(frozen=True, slots=True)
class Played:
    """The steps of a trial as they travel with the page: nothing of it is kept."""

    begun: datetime
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, request: Request) -> Played:
        """What the page sent; a new trial where it sent none, or another's."""
        try:
            begun, steps = signing.loads(request.POST.get("played", ""), salt=SALT)
            return cls(datetime.fromisoformat(begun), tuple(Step(*one) for one in steps))
        except (signing.BadSignature, TypeError, ValueError):
            return cls(timezone.now().replace(second=0, microsecond=0), ())

    def written(self) -> str:
        return signing.dumps([self.begun.isoformat(), self.steps], salt=SALT, compress=True)


@signed_in
def draft_try(request: Request, pk: int) -> HttpResponse:
    draft = doors.shown(request, pk)
    book = draft.sound.book if not draft.sound.faults else None
    context = doors.frame(request, draft, "draft_try") | {"faults": draft.sound.faults}
    if book is None:
        return render(request, "protocols/draft_try.html", context)
    played = _with_step(request, Played.of(request))
    tried = trial(book, played.steps, played.begun)
    context |= _shown(book, tried) | {"played": played.written(), "steps": len(played.steps)}
    return render(request, "protocols/draft_try.html", context)


def _with_step(request: Request, played: Played) -> Played:
    """One more step, one less, or none at all."""
    given = request.POST
    if "again" in given:
        return Played(played.begun, ())
    if "back" in given:
        return Played(played.begun, played.steps[:-1])
    steps = list(played.steps[:MOST])
    if (move := given.get("move", "")) in MOVES:
        steps.append(MOVES[move])
    elif act := given.get("act", ""):
        steps.append(Step("act", act, given.get(f"reason-{act}", "").strip()))
    elif fact := given.get("fact", ""):
        steps.append(Step("fact", fact, given.get(f"value-{fact}", "").strip()))
    return Played(played.begun, tuple(steps))


def _shown(book: Book, tried: Trial) -> dict[str, Any]:
    possible = set(tried.possible)
    closed = [key for key, act in book.acts.items() if key not in possible and not act.by_clock]
    return {
        "now": _moment(tried.now),
        "next": tried.next_deadline,
        "owed": [_duty(book, tried, duty) for duty in tried.owed],
        "groups": _groups(book, tried),
        "closed": [(_label(book, key), _why_not(book, tried.blocks(key), key)) for key in closed],
        "facts": [_fact(tried, fact) for fact in book.facts.values()],
        "happened": [_line(book, one) for one in reversed(tried.happened)],
        "may_end": tried.graph.may_end(tried.marking),
    }


def _moment(at: datetime) -> str:
    return in_script(text.moment(timezone.localtime(at), written_language()))


def _label(book: Book, key: str) -> str:
    return in_script(book.acts[key].phrases[written_language()]["label"])


def _who(book: Book, key: str) -> str:
    party = book.parties.get(book.acts[key].by[0])
    return in_script(upper(nominative(party, written_language()))) if party else _("Anyone")


def _duty(book: Book, tried: Trial, duty: Owed) -> dict[str, Any]:
    lang, act = written_language(), duty.acts[0]
    known = duty.rule_id and any(rule.id == duty.rule_id for rule in book.rules)
    why = ""
    if known:
        why = text.why_owed(book, act, duty.rule_id, duty.since, duty.due, lang, duty.row)
    return {
        "what": " / ".join(_label(book, key) for key in duty.acts),
        "who": _who(book, act),
        "late": duty.late(tried.now),
        "until": in_script(text.deadline(duty.due, lang)) if duty.due else "",
        "why": in_script(why),
        "what_if": in_script(text.what_if(book, book.rule(duty.rule_id), duty.due, lang))
        if known
        else "",
    }


def _groups(book: Book, tried: Trial) -> list[tuple[str, list[dict[str, Any]]]]:
    """What may be done now, by institution."""
    groups: dict[str, list[dict[str, Any]]] = {}
    owed = {key for duty in tried.owed for key in duty.acts}
    done = tried.graph.executed(tried.marking)
    for key in tried.possible:
        if book.acts[key].by_clock:
            continue
        soft = _why_not(book, tried.blocks(key), key)
        line = {
            "key": key,
            "label": _label(book, key),
            "soft": soft,
            "owed": key in owed,
            "done": key in done,
        }
        groups.setdefault(_who(book, key), []).append(line)
    return list(groups.items())


def _why_not(book: Book, blocks: Iterable[Block], key: str) -> list[str]:
    lang = written_language()
    return [in_script(text.why_not(book, key, block, {}, lang)) for block in blocks]


def _fact(tried: Trial, fact: Fact) -> dict[str, Any]:
    value = tried.facts.get(fact.key)
    shown = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    offered = {"boolean": ("true", "false")}.get(fact.type, fact.values)
    kind = {"date": "date", "datetime": "datetime-local", "integer": "number"}.get(
        fact.type, "text"
    )
    return {
        "key": fact.key,
        "label": said(fact.label),
        "value": shown,
        "offered": offered,
        "kind": kind,
    }


def _line(book: Book, one: Happened) -> dict[str, Any]:
    if one.kind in ("act", "clock"):
        what = _label(book, one.key)
    elif one.kind == "fact":
        what = f"{said(book.facts[one.key].label)}: {one.value or '–'}"
    else:
        what = _("The clock was moved.")
    refused = _why_not(book, one.refused, one.key) if one.refused else []
    return {
        "at": _moment(one.at),
        "kind": one.kind,
        "what": what,
        "reason": one.value if one.kind == "act" else "",
        "refused": refused,
    }
