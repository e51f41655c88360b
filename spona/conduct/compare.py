"""Two versions of a rule book compared in words: what came, what went, what reads differently."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from spona.conduct.book import Act, Book, Condition, Fact, Party, Rule
from spona.conduct.text import rule_text
from spona.conduct.text.words import badge_words, deadline_badge_words, nominative


class How(StrEnum):
    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Said:
    """One part that reads differently; `old` is empty where it is new, `new` where it is gone."""

    part: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one rule (`rules`), act, party or fact; `name` is its id or its own words.

    A rule that is the same but for what its acts mean now is not listed: its acts are.
    """

    section: str
    key: str
    name: str
    how: How
    said: tuple[Said, ...]


def compare(old: Book, new: Book, lang: str) -> tuple[Difference, ...]:
    """Every difference between two books in `sr-latn` or `en`: the book, rules, acts, parties,
    facts, each in the order of the new book and what is gone after it."""
    return (
        *_head(old, new, lang),
        *_section("rules", _rules(old), _rules(new), _told_rule(old, new, lang)),
        *_section("acts", old.acts, new.acts, _told_act(lang)),
        *_section("parties", old.parties, new.parties, _told_party(lang)),
        *_section("facts", old.facts, new.facts, _told_fact(lang)),
    )


Told = Callable[[Any, bool], tuple[str, dict[str, str]]]


def _head(old: Book, new: Book, lang: str) -> Iterable[Difference]:
    before = {"title": old.title[lang], "summary": old.summary.get(lang, "")}
    after = {"title": new.title[lang], "summary": new.summary.get(lang, "")}
    if said := _said(before, after):
        yield Difference("book", new.id, new.title[lang], How.CHANGED, said)


def _section(
    section: str, old: Mapping[str, Any], new: Mapping[str, Any], told: Told
) -> Iterable[Difference]:
    for key, part in new.items():
        if key not in old:
            name, now = told(part, True)
            yield Difference(section, key, name, How.ADDED, _said({}, now))
        elif _bare(old[key]) != _bare(part):
            name, now = told(part, True)
            yield Difference(section, key, name, How.CHANGED, _said(told(old[key], False)[1], now))
    for key, part in old.items():
        if key not in new:
            name, was = told(part, False)
            yield Difference(section, key, name, How.GONE, _said(was, {}))


def _said(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Said, ...]:
    parts = dict.fromkeys((*new, *old))
    both = ((part, *_apart(old.get(part, ""), new.get(part, ""))) for part in parts)
    return tuple(Said(*one) for one in both if one[1] != one[2])


def _apart(old: str, new: str) -> tuple[str, str]:
    """Without the sentences, one a line, that stand in both: a long rule changes in a few words."""
    was, now = old.split("\n"), new.split("\n")
    gone, came = (one for one in was if one not in now), (one for one in now if one not in was)
    return " ".join(gone), " ".join(came)


def _bare(part: Any) -> Any:
    """The part without the lines on which it stands in its file."""
    if isinstance(part, Rule):
        rows = tuple(_without_line(row) for row in part.rows)
        return {**_without_line(part), "rows": rows}
    return part


def _without_line(part: Any) -> dict[str, Any]:
    return {one.name: getattr(part, one.name) for one in fields(part) if one.name != "line"}


def _rules(book: Book) -> dict[str, Rule]:
    return {rule.id: rule for rule in book.rules}


def _told_rule(old: Book, new: Book, lang: str) -> Told:
    def told(rule: Rule, is_new: bool) -> tuple[str, dict[str, str]]:
        text = rule_text(new if is_new else old, rule, lang)
        warn = ", ".join(f"{term.amount} {term.unit}" for term in rule.warn)
        return rule.id, {
            "sentence": "\n".join(text.sentences),
            "law": text.law,
            "source": text.source,
            "badge": badge_words(rule.badge, lang),
            "deadline badge": deadline_badge_words(rule, lang),
            "note": text.note,
            "breach": text.breach,
            "warning": warn,
            "execution": _execution(rule),
        }

    return told


def _execution(rule: Rule) -> str:
    """What no sentence says and a run follows: whether a row opens, renews, waits, only asks."""
    said = []
    for row in rule.rows:
        flags = {
            "opens: false": not row.opens,
            "renews": row.renews,
            "fresh": row.fresh,
            "anchored": row.anchored,
            f"prefers {row.prefers}": bool(row.prefers),
            f"if {_guard(row.condition)}": row.condition is not None,
        }
        told = [name for name, is_so in flags.items() if is_so]
        said.append(" ".join([row.kind.value, row.source, *row.targets, *told]).strip())
    return "; ".join(said)


def _guard(guard: Condition | None) -> str:
    if guard is None:
        return ""
    if guard.parts:
        return f"{guard.op}({', '.join(map(_guard, guard.parts))})"
    return f"{guard.fact} {SIGNS[guard.op]} {json.dumps(guard.value)}"


SIGNS = {"eq": "=", "lt": "<", "lte": "≤", "gt": ">", "gte": "≥"}


def _told_act(lang: str) -> Told:
    def told(act: Act, is_new: bool) -> tuple[str, dict[str, str]]:
        phrases = act.phrases.get(lang, {})
        rest = {
            "who": ", ".join(act.by),
            "to": ", ".join(act.to),
            "with": ", ".join(act.with_),
            "without": ", ".join(act.without),
            "on behalf": act.on_behalf,
            "open at the start": _yes(act.included, lang),
            "protects": _yes(act.protective, lang),
            "sensitive": _yes(act.sensitive, lang),
            "form": ", ".join(one.label.get(lang, one.key) for one in act.form),
            "records": act.records,
            "starts": act.starts,
            "executes": act.executes,
            "clock": str(act.fires) if act.fires else "",
            "lasts": str(act.lasts) if act.lasts else "",
            "note": act.note.get(lang, ""),
            "checklist": " ".join(one.get(lang, "") for one in act.checklist),
        }
        return phrases.get("label", act.key), {**phrases, **rest}

    return told


def _told_party(lang: str) -> Told:
    def told(party: Party, is_new: bool) -> tuple[str, dict[str, str]]:
        return nominative(party, lang), {"type": party.type, **party.forms[lang]}

    return told


def _told_fact(lang: str) -> Told:
    def told(fact: Fact, is_new: bool) -> tuple[str, dict[str, str]]:
        return fact.label[lang], {
            "label": fact.label[lang],
            "type": fact.type,
            "values": ", ".join(fact.values),
            "while unknown": fact.unknown.value,
            "phrase": fact.phrase.get(lang, ""),
            "sensitive": _yes(fact.sensitive, lang),
        }

    return told


def _yes(is_so: bool, lang: str) -> str:
    return ("yes" if lang == "en" else "da") if is_so else ("no" if lang == "en" else "ne")


PARTS: Mapping[str, str] = {
    "sentence": "rečenica", "law": "propis", "source": "izvor", "badge": "provera",
    "deadline badge": "provera roka", "note": "napomena", "breach": "kada rok istekne",
    "warning": "upozorenje", "execution": "izvršavanje", "who": "ko", "to": "kome",
    "with": "uz prisustvo", "without": "bez prisustva", "on behalf": "u ime",
    "open at the start": "moguće od početka", "protects": "štiti osobu",
    "sensitive": "osetljivo", "form": "obrazac", "records": "beleži u predmet",
    "starts": "pokreće", "executes": "izvršava", "clock": "sat", "lasts": "trajanje",
    "checklist": "podsetnik", "type": "vrsta", "values": "vrednosti",
    "while unknown": "dok se ne zna", "phrase": "izraz", "label": "naziv", "title": "naslov",
    "summary": "sažetak", "name": "naziv",
}  # fmt: skip


def part_name(part: str, lang: str) -> str:
    """The name of a part for its reader; the four phrases of an act keep theirs."""
    return part if lang == "en" else PARTS.get(part, part)


__all__ = ["Difference", "How", "Said", "compare", "part_name"]
