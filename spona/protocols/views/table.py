"""A draft as a table: a line a row of a rule, in the words of the book, whatever its faults."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.base.script import in_script, written_language
from spona.conduct import text
from spona.conduct.book import Badge, Book, Rule
from spona.conduct.build import badge, term
from spona.conduct.faults import Fault
from spona.conduct.text.numbers import term_text
from spona.conduct.text.words import LAWS
from spona.protocols.forms.choosing import WITHIN, group, words
from spona.protocols.models import Draft
from spona.protocols.rules import rows, terms
from spona.protocols.rules.reading import wording

MODALS: dict[str, str | Promise] = {
    "must": gettext_lazy("must"),
    "any_of": gettext_lazy("must do one of"),
    "every": gettext_lazy("must, again and again"),
    "before": gettext_lazy("may not before that"),
    "while_owed": gettext_lazy("may not while that is owed"),
    "opens": gettext_lazy("may"),
    "closes": gettext_lazy("may no longer"),
    "extends": gettext_lazy("gets more time for"),
    "never": gettext_lazy("never"),
    "principle": gettext_lazy("principle"),
}
WHEN = {"before": "before", "while_owed": "while_owed"}
WHAT = {"before": "may_not", "while_owed": "may_not", "opens": "opens", "closes": "closes",
        "extends": "extends", "every": "must"}  # fmt: skip
TERM = {"every": "every", "before": "wait", "extends": "by"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: when, who, must or may or may not, what, within."""

    when: str
    who: str
    modal: str
    what: str
    within: str
    only_if: str


@dataclass(frozen=True, slots=True)
class RuleLines:
    """A rule with its rows; `badge` is none where it has a fault."""

    number: int
    id: str
    lines: tuple[Line, ...]
    law: str
    badge: Badge | None
    sentences: tuple[str, ...]
    faults: tuple[Fault, ...]
    wording: str


def table(draft: Draft) -> list[RuleLines]:
    """Every rule of the draft in the order of the book."""
    data, sound = draft.document.data, draft.sound
    book = sound.book
    known = {rule.id: rule for rule in book.rules} if book else {}
    rules = group(data).get("rules")
    return [
        _rule(data, number, raw, book, known, sound.faults)
        for number, raw in enumerate(rules if isinstance(rules, list) else [])
    ]


def _rule(
    data: Any,
    number: int,
    raw: Any,
    book: Book | None,
    known: dict[str, Rule],
    faults: Iterable[Fault],
) -> RuleLines:
    rule_id = str(group(raw).get("id", ""))
    rule = known.get(rule_id)
    olds = group(raw).get("rows")
    return RuleLines(
        number=number,
        id=rule_id,
        lines=tuple(_line(data, row) for row in (olds if isinstance(olds, list) else [])),
        law=_law(group(group(raw).get("law")).get("act")),
        badge=_badge(group(raw).get("verified")),
        sentences=sentences(book, rule) if book and rule else (),
        faults=tuple(fault for fault in faults if fault.where == rule_id),
        wording=wording(raw),
    )


def sentences(book: Book, rule: Rule) -> tuple[str, ...]:
    """A rule in words, in the language and script of the page."""
    told = text.rule_text(book, rule, written_language())
    return tuple(in_script(one) for one in told.sentences)


def _law(act: Any) -> str:
    if not act:
        return ""
    names = LAWS.get(str(act), (str(act), str(act)))
    return names[1] if written_language() == "en" else in_script(names[0])


def _badge(value: Any) -> Badge | None:
    try:
        return badge(value)
    except (KeyError, TypeError, ValueError):
        return None


def _line(data: Any, raw: Any) -> Line:
    kind = rows.kind_of(raw)
    if not kind:
        return Line("", "", _("This row has no known form."), "", "", "")
    if kind in rows.SAID:
        said = group(raw[kind])
        return Line(
            "", "", str(MODALS[kind]), in_script(str(said.get(written_language(), ""))), "", ""
        )
    acts = _targets(kind, raw)
    return Line(
        when=_when(data, kind, raw),
        who=_who(data, acts),
        modal=str(MODALS[kind]),
        what=", ".join(_act(data, key) for key in acts),
        within=_within(data, kind, raw),
        only_if=_only_if(raw),
    )


def _targets(kind: str, raw: dict[str, Any]) -> list[str]:
    if kind == "any_of":
        return [str(key) for key in raw["must"].get("any_of") or []]
    return [str(raw.get(WHAT.get(kind, kind), ""))]


def _when(data: Any, kind: str, raw: dict[str, Any]) -> str:
    when = raw.get(WHEN.get(kind, "when"), "")
    if isinstance(when, dict):
        key = str(when.get("fact", ""))
        return f"{words(group(group(data).get('facts')).get(key), key)}: {when.get('becomes')}"
    return _act(data, str(when)) if when else ""


def _act(data: Any, key: str) -> str:
    return words(group(group(data).get("acts")).get(key), key)


def _who(data: Any, acts: list[str]) -> str:
    by = [group(group(group(data).get("acts")).get(key)).get("by") for key in acts]
    keys = [one if isinstance(one, str) else (one or [""])[0] for one in by]
    parties = group(group(data).get("parties"))
    return ", ".join(dict.fromkeys(words(parties.get(key), _reserved(key)) for key in keys))


def _reserved(key: str) -> str:
    return {"anyone": _("anyone"), "clock": _("the clock")}.get(key, key)


def _within(data: Any, kind: str, raw: dict[str, Any]) -> str:
    if kind in TERM:
        return _term(raw.get(TERM[kind]))
    unit, _amount, until = terms.split_within(raw.get("within"))
    if unit == terms.UNTIL:
        return words(group(group(data).get("facts")).get(until), until)
    if unit in terms.TERM_UNITS:
        return _term(raw["within"])
    measure = _term(raw.get("measure"))
    said = str(dict(WITHIN)[unit]) if unit else ""
    return f"{said} ({measure})" if measure else said


def _term(raw: Any) -> str:
    try:
        return in_script(term_text(term(raw), "nom", written_language())) if raw else ""
    except (KeyError, TypeError, ValueError):
        return ""


def _only_if(raw: dict[str, Any]) -> str:
    phrase = group(group(raw.get("if")).get("phrase"))
    return in_script(str(phrase.get(written_language(), "")))
