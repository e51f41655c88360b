"""What a rule book of the right form may still get wrong: names, phrases, guards, clocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from spona.conduct.book import (
    Act,
    Condition,
    Fact,
    Fires,
    Kind,
    Party,
    Row,
    Rule,
    Strength,
    Verified,
    Within,
)
from spona.conduct.yamltree import Path

Found = tuple[Path, str]

RESERVED = frozenset({"anyone", "clock"})
PHRASES: Mapping[str, tuple[str, ...]] = {
    "sr-latn": ("label", "kada", "da", "gen"),
    "en": ("label", "when", "do", "noun"),
}
CLOCK_PHRASES: Mapping[str, tuple[str, ...]] = {
    "sr-latn": ("label", "kada"),
    "en": ("label", "when"),
}
DAY = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])-[0-3][0-9]")
MOMENT = re.compile(DAY.pattern + r"T[0-2][0-9]:[0-5][0-9](Z|[+-][0-2][0-9]:[0-5][0-9])")
WRITTEN = {"date": DAY, "datetime": MOMENT}
ORDERED = frozenset({"lt", "lte", "gt", "gte"})
TYPES: Mapping[str, type] = {
    "integer": int,
    "boolean": bool,
    "date": str,
    "datetime": str,
    "code": str,
}


@dataclass(slots=True)
class Draft:
    """Those parts of a book that have the right form, and every key that it names at all."""

    parties: dict[str, Party] = field(default_factory=dict)
    facts: dict[str, Fact] = field(default_factory=dict)
    acts: dict[str, Act] = field(default_factory=dict)
    rules: dict[int, Rule] = field(default_factory=dict)
    rows: list[tuple[Path, Row]] = field(default_factory=list)
    names: dict[str, frozenset[str]] = field(default_factory=dict)
    rule_ids: list[tuple[Path, str]] = field(default_factory=list)

    def unknown(self, kind: str, name: str, path: Path) -> Iterator[Found]:
        if name and name not in self.names[kind]:
            yield path, f"There is no {KINDS[kind]} '{name}' in this book."


KINDS = {"parties": "party", "facts": "fact", "acts": "act", "rules": "rule"}


def check(draft: Draft) -> Iterator[Found]:
    """Every fault of meaning, each with the path where it stands."""
    for act in draft.acts.values():
        for test in ACT_TESTS:
            yield from test(draft, act, ("acts", act.key))
    for fact in draft.facts.values():
        if fact.values and fact.type != "code":
            yield ("facts", fact.key, "values"), "Only a fact of the type code lists its values."
    yield from _rules(draft)
    for path, row in draft.rows:
        for row_test in ROW_TESTS:
            yield from row_test(draft, row, path)


def _act_parties(draft: Draft, act: Act, path: Path) -> Iterator[Found]:
    for name in act.by:
        if name not in RESERVED:
            yield from draft.unknown("parties", name, (*path, "by"))
    named = {"to": act.to, "with": act.with_, "without": act.without, "on_behalf": (act.on_behalf,)}
    for key, names in named.items():
        for name in names:
            yield from draft.unknown("parties", name, (*path, key))


def _act_phrases(draft: Draft, act: Act, path: Path) -> Iterator[Found]:
    for lang, needed in (CLOCK_PHRASES if act.by_clock else PHRASES).items():
        for phrase in needed:
            if phrase not in act.phrases.get(lang, {}):
                yield path, f"The phrase '{phrase}' in {lang} is missing."


def _act_clock(draft: Draft, act: Act, path: Path) -> Iterator[Found]:
    if "clock" in act.by and not act.by_clock:
        yield (*path, "by"), "The clock acts alone; it cannot share an act with a party."
    elif act.by_clock and act.fires is None:
        yield path, "An act of the clock needs 'fires', which says when."
    elif act.fires and not act.by_clock:
        yield (*path, "fires"), "Only an act of the clock fires."
    if act.fires:
        yield from _fires(draft, act.fires, (*path, "fires"))


def _fires(draft: Draft, fires: Fires, path: Path) -> Iterator[Found]:
    if sum(map(bool, (fires.after, fires.fact, fires.breach_of))) != 1:
        yield path, "The clock fires after one of an act, a fact or a breach of a rule."
    if fires.wait is None and not fires.fact:
        yield path, "The key 'wait' says how long the clock waits; it is missing."
    if (fires.wait and fires.fact) or ((fires.plus or fires.minus) and not fires.fact):
        yield path, "A fact is moved by 'plus' and 'minus'; an act and a breach by 'wait'."
    yield from draft.unknown("acts", fires.after, (*path, "after"))
    yield from draft.unknown("rules", fires.breach_of, (*path, "breach_of"))
    yield from draft.unknown("facts", fires.fact, (*path, "fact"))
    if (fact := draft.facts.get(fires.fact)) and fact.type not in WRITTEN:
        yield (*path, "fact"), f"The clock fires at a date, and '{fact.key}' is no date."


def _act_form(draft: Draft, act: Act, path: Path) -> Iterator[Found]:
    keys: set[str] = set()
    for index, question in enumerate(act.form):
        place = (*path, "form", index)
        if question.key in keys:
            yield place, f"The form asks '{question.key}' twice."
        keys.add(question.key)
        if question.type == "code" and not question.choices and not _values(draft, question.sets):
            yield place, f"The question '{question.key}' is a code and names no choices."
        yield from draft.unknown("facts", question.sets, (*place, "sets"))
    for role, key in act.binds.items():
        yield from draft.unknown("parties", role, (*path, "binds", role))
        if key not in keys:
            yield (*path, "binds", role), f"The form of this act has no question '{key}' to bind."


def _values(draft: Draft, fact: str) -> bool:
    return fact in draft.facts and bool(draft.facts[fact].values)


def _rules(draft: Draft) -> Iterator[Found]:
    seen: set[str] = set()
    for path, rule_id in draft.rule_ids:
        if rule_id in seen:
            yield path, f"The rule id '{rule_id}' stands here twice."
        seen.add(rule_id)
    for index, rule in draft.rules.items():
        yield from _rule(draft, rule, ("rules", index))


def _rule(draft: Draft, rule: Rule, path: Path) -> Iterator[Found]:
    yield from draft.unknown("rules", rule.of, (*path, "of"))
    if rule.badge.text not in (Verified.LOCAL, Verified.MEMORY) and not rule.source:
        yield path, f"A rule whose text is '{rule.badge.text}' names its source."
    signed = Verified.SIGNED in (rule.badge.text, rule.badge.deadline, rule.badge.article)
    if signed and not rule.badge.signed_by:
        yield (*path, "verified"), "A signed rule says who signed it and on which day."


def _row_names(draft: Draft, row: Row, path: Path) -> Iterator[Found]:
    for name in (row.source, *row.targets):
        yield from draft.unknown("acts", name, path)
    yield from draft.unknown("parties", row.on_behalf, (*path, "on_behalf"))
    if row.prefers and row.prefers not in row.targets:
        yield (*path, "must"), f"The preferred act '{row.prefers}' is none of those in any_of."


def _row_guards(draft: Draft, row: Row, path: Path) -> Iterator[Found]:
    if row.condition:
        yield from _guard(draft, row.condition, (*path, "if"))
    if row.becomes:
        yield from _guard(draft, row.becomes, (*path, "when"))


def _guard(draft: Draft, guard: Condition, path: Path) -> Iterator[Found]:
    for part in guard.parts:
        yield from _guard(draft, part, path)
    yield from draft.unknown("facts", guard.fact, path)
    if fact := draft.facts.get(guard.fact):
        yield from _comparison(fact, guard, path)


def _comparison(fact: Fact, guard: Condition, path: Path) -> Iterator[Found]:
    wanted, value = TYPES[fact.type], guard.value
    written = WRITTEN.get(fact.type)
    if type(value) is not wanted or (written and not written.fullmatch(str(value))):
        yield path, f"The fact '{fact.key}' is of the type {fact.type} and never equals {value!r}."
    elif fact.values and value not in fact.values:
        yield path, f"'{value}' is none of the values of '{fact.key}'."
    if guard.op in ORDERED and fact.type in ("boolean", "code"):
        yield path, f"The fact '{fact.key}' has no order, so '{guard.op}' says nothing."


def _row_within(draft: Draft, row: Row, path: Path) -> Iterator[Found]:
    if row.within and row.within.word and row.within.measure is None:
        yield path, f"The word '{row.within.word}' needs a measure, by which the desk sorts."
    if row.within and row.within.term and row.within.measure:
        yield (*path, "measure"), "A measure stands beside a word of the law, not beside a term."
    if row.every and row.within and row.within.term and not row.within.term.amount:
        yield (*path, "every"), "What is owed again and again needs a time between."
    if row.within and row.within.until:
        yield from _until(draft, row.within, path)


def _until(draft: Draft, within: Within, path: Path) -> Iterator[Found]:
    yield from draft.unknown("facts", within.until, (*path, "within"))
    fact = draft.facts.get(within.until)
    if fact and fact.type not in WRITTEN:
        yield (*path, "within"), f"A deadline is a date, and '{fact.key}' is no date."
    if within.measure:
        yield (*path, "measure"), "A measure stands beside a word of the law, not beside a day."


def _row_protective(draft: Draft, row: Row, path: Path) -> Iterator[Found]:
    blocks = row.kind in (Kind.CONDITION, Kind.MILESTONE) and row.strength is Strength.HARD
    target = draft.acts.get(row.targets[0]) if row.targets else None
    if blocks and target and target.protective:
        yield path, f"No hard guard may stand before '{target.key}', which protects the person."


ACT_TESTS: tuple[Callable[[Draft, Act, Path], Iterator[Found]], ...] = (
    _act_parties,
    _act_phrases,
    _act_clock,
    _act_form,
)
ROW_TESTS: tuple[Callable[[Draft, Row, Path], Iterator[Found]], ...] = (
    _row_names,
    _row_guards,
    _row_within,
    _row_protective,
)
