"""Parts of a rule book as frozen values, from data that already has the right form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from spona.conduct.book import (
    Act,
    Badge,
    Condition,
    Fact,
    Field,
    Fires,
    Kind,
    Law,
    Party,
    Row,
    Rule,
    Strength,
    Tell,
    Term,
    Unit,
    Unknown,
    Verified,
    Within,
    Word,
)

Data = Mapping[str, Any]

TERM = re.compile(r"-?P(T?)([0-9]+)([HDMY])")
UNITS = {"H": Unit.HOURS, "D": Unit.DAYS, "M": Unit.MONTHS, "Y": Unit.MONTHS}
WORDS = frozenset(Word)
OPERATORS = ("all", "any", "not")


def term(value: Any) -> Term:
    """PT24H, P30D, P3M, P18Y (twelve months each) or {working_days: 5}; a sign is dropped."""
    if isinstance(value, Mapping):
        return Term(Unit.WORKING_DAYS, value["working_days"])
    match = TERM.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is not a term such as PT24H, P30D, P3M or P18Y.")
    amount, unit = int(match[2]), match[3]
    return Term(UNITS[unit], amount * 12 if unit == "Y" else amount)


def _term_or_none(data: Data, key: str) -> Term | None:
    return term(data[key]) if key in data else None


def _several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def party(key: str, data: Data) -> Party:
    return Party(
        key=key,
        type=data["type"],
        glossary=data["type"],
        forms={"sr-latn": data["sr-latn"], "en": data["en"]},
        gender=data["gender"],
        plural=data.get("plural", False),
    )


def fact(key: str, data: Data) -> Fact:
    return Fact(
        key=key,
        type=data["type"],
        label=data["label"],
        unknown=Unknown(data.get("unknown", Unknown.APPLIES)),
        values=tuple(data.get("values", ())),
        sensitive=data.get("sensitive", False),
        phrase=data.get("phrase", {}),
    )


def field(data: Data) -> Field:
    return Field(
        key=data["key"],
        type=data["type"],
        label=data["label"],
        required=data.get("required", False),
        choices=data.get("choices", {}),
        sets=data.get("sets", ""),
    )


def fires(data: Data) -> Fires:
    return Fires(
        after=data.get("after", ""),
        fact=data.get("fact", ""),
        breach_of=data.get("breach_of", ""),
        wait=_term_or_none(data, "wait"),
        plus=_term_or_none(data, "plus"),
        minus=_term_or_none(data, "minus"),
    )


def act(key: str, data: Data) -> Act:
    return Act(
        key=key,
        by=_several(data["by"]),
        phrases={lang: data[lang] for lang in ("sr-latn", "en") if lang in data},
        to=_several(data.get("to", ())),
        included=data.get("included", True),
        protective=data.get("protective", False),
        with_=tuple(data.get("with", ())),
        without=tuple(data.get("without", ())),
        on_behalf=data.get("on_behalf", ""),
        binds=data.get("binds", {}),
        form=tuple(field(item) for item in data.get("form", ())),
        evidence=tuple(data.get("evidence", ())),
        records=data.get("records", ""),
        starts=data.get("starts", ""),
        executes=data.get("executes", ""),
        lasts=_term_or_none(data, "lasts"),
        fires=fires(data["fires"]) if "fires" in data else None,
        sensitive=data.get("sensitive", False),
        note=data.get("note", {}),
        checklist=tuple(data.get("checklist", ())),
    )


def law(data: Data) -> Law:
    return Law(act=data["act"], article=data.get("article"), note=data.get("note", ""))


def badge(value: Any) -> Badge:
    """One word for all parts, or words by part; parts not named follow the text."""
    if isinstance(value, str):
        return Badge(Verified(value), Verified(value), Verified(value))
    text, signed = value["text"], value.get("signed", {})
    return Badge(
        text=Verified(text),
        deadline=Verified(value.get("deadline", text)),
        article=Verified(value.get("article", text)),
        signed_by=signed.get("by", ""),
        signed_on=signed.get("on", ""),
    )


def rule(data: Data, rows: tuple[Row, ...], line: int) -> Rule:
    return Rule(
        id=data["id"],
        law=law(data.get("law", {"act": None})),
        source=data.get("source", ""),
        badge=badge(data["verified"]),
        rows=rows,
        on_breach=tuple(Tell(term(t["after"]), t["tell"]) for t in data.get("on_breach", ())),
        warn=tuple(term(t) for t in data.get("warn", ())),
        of=data.get("of", ""),
        unit_words=data.get("unit_words", "sat"),
        note=data.get("note", {}),
        line=line,
    )


def condition(data: Data) -> Condition:
    """A guard; raises `ValueError` unless it names exactly one fact, or all, any or not."""
    heads = [key for key in data if key not in ("unknown", "phrase")]
    if len(heads) != 1:
        raise ValueError("A guard names one fact, or one of all, any, not.")
    head, value = heads[0], data[heads[0]]
    unknown = Unknown(data["unknown"]) if "unknown" in data else None
    phrase = data.get("phrase", {})
    if head in OPERATORS:
        parts = [value] if head == "not" else value
        inner = tuple(condition(part) for part in parts)
        return Condition(head, parts=inner, unknown=unknown, phrase=phrase)
    return replace(compared(head, value), unknown=unknown, phrase=phrase)


def compared(fact_key: str, value: Any) -> Condition:
    """`value` itself, or one comparison such as {lte: 14}."""
    op, operand = next(iter(value.items())) if isinstance(value, Mapping) else ("eq", value)
    return Condition(op, fact=fact_key, value=operand)


def within(data: Data) -> Within | None:
    if "within" not in data:
        return None
    value, measure = data["within"], _term_or_none(data, "measure")
    if isinstance(value, str) and value in WORDS:
        return Within(word=Word(value), measure=measure)
    if isinstance(value, Mapping) and "until" in value:
        return Within(until=value["until"], measure=measure)
    return Within(term=term(value), measure=measure)


def _guard(data: Data) -> Condition | None:
    if "if" not in data:
        if "unknown" in data:
            raise ValueError("'unknown' speaks of a guard, and this row has no 'if'.")
        return None
    guard = condition(data["if"])
    return replace(guard, unknown=Unknown(data["unknown"])) if "unknown" in data else guard


def _response(data: Data) -> dict[str, Any]:
    when, must = data["when"], data["must"]
    by_fact = isinstance(when, Mapping)
    return {
        "source": "" if by_fact else when,
        "becomes": compared(when["fact"], when["becomes"]) if by_fact else None,
        "targets": (must,) if isinstance(must, str) else tuple(must["any_of"]),
        "prefers": "" if isinstance(must, str) else must.get("prefers", ""),
        "within": within(data),
        "renews": data.get("renews", False),
        "fresh": data.get("fresh", False),
        "opens": data.get("opens", True),
        "on_behalf": data.get("on_behalf", ""),
    }


def _periodic(data: Data) -> dict[str, Any]:
    return {
        "source": data.get("when", ""),
        "targets": (data["must"],),
        "within": Within(term=term(data["every"])),
        "every": True,
        "anchored": "anchored" in data,
        "fresh": data.get("fresh", False),
        "on_behalf": data.get("on_behalf", ""),
    }


def _pair(source: str, target: str) -> Any:
    return lambda data: {
        "source": data[source],
        "targets": (data[target],),
        "strength": Strength(data.get("strength", Strength.HARD)),
    }


FORMS: Mapping[str, tuple[Kind, Any]] = {
    "every": (Kind.RESPONSE, _periodic),
    "must": (Kind.RESPONSE, _response),
    "before": (Kind.CONDITION, _pair("before", "may_not")),
    "while_owed": (Kind.MILESTONE, _pair("while_owed", "may_not")),
    "extends": (Kind.EXTENDS, _pair("when", "extends")),
    "closes": (Kind.EXCLUDE, _pair("when", "closes")),
    "opens": (Kind.INCLUDE, _pair("when", "opens")),
    "never": (Kind.NEVER, lambda data: {"says": data["never"]}),
    "principle": (Kind.PRINCIPLE, lambda data: {"says": data["principle"]}),
}


def row(data: Data, line: int) -> Row:
    """One row; its form is known by the first of `FORMS` that stands in it."""
    kind, parts = next(form for sign, form in FORMS.items() if sign in data)
    common = {
        "says": data.get("says", {}),
        "condition": _guard(data),
        "wait": _term_or_none(data, "by" if kind is Kind.EXTENDS else "wait"),
        "most": _term_or_none(data, "max"),
        "why_closed": kind is Kind.EXCLUDE and "says" in data,
    }
    return Row(kind=kind, line=line, **(common | parts(data)))
