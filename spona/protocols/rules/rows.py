"""A row of a rule as the fields of a form, and back: what no field shows stays as it was.

`split` takes a row as the YAML has it; `join(kind, fields, raw, facts)` gives the row again, and
`join(kind, split(row), row, facts) == row` for every row that the schema allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from spona.conduct.editing.writing import flow
from spona.conduct.form import ROW_SIGNS
from spona.conduct.yamltree import Unreadable, parse
from spona.protocols.rules import terms

Raw = dict[str, Any]
Fields = dict[str, Any]

# The kinds in the order of the table; a choice among acts is a form of `must` of its own.
KINDS = (
    "must", "any_of", "every", "before", "while_owed", "opens", "closes", "extends", "never",
    "principle",
)  # fmt: skip
ACTS: Mapping[str, tuple[str, ...]] = {
    "must": ("must",),
    "any_of": ("prefers",),
    "every": ("when", "must"),
    "before": ("may_not", "before"),
    "while_owed": ("while_owed", "may_not"),
    "opens": ("when", "opens"),
    "closes": ("when", "closes"),
    "extends": ("when", "extends"),
}
TERMS: Mapping[str, tuple[str, ...]] = {
    "must": ("measure",),
    "any_of": ("measure",),
    "every": ("every",),
    "before": ("wait",),
    "extends": ("by", "max"),
}
DUTIES = ("must", "any_of")
OWED = (*DUTIES, "every")
SAID = ("never", "principle")
COMPOUND = ("all", "any", "not")
FACT = "fact:"  # before the key of a fact that triggers instead of an act


def kind_of(raw: Any) -> str:
    """Which form a row has; empty where it has none."""
    if not isinstance(raw, dict):
        return ""
    sign = next((sign for sign, _ in ROW_SIGNS if sign in raw), "")
    return "any_of" if sign == "must" and isinstance(raw["must"], dict) else sign


# --- from the book to the form


def split(raw: Raw) -> Fields:
    kind = kind_of(raw)
    if kind in SAID:
        return {"said": _both(raw[kind])}
    fields: Fields = {name: raw.get(name, "") for name in ACTS[kind] if name != "prefers"}
    for name in TERMS.get(kind, ()):
        fields[name] = terms.split(raw.get(name))
    fields |= {"says": _both(raw.get("says")), **_guard(raw)}
    if kind in DUTIES:
        fields |= _duty(raw, kind)
    if kind in OWED:
        fields |= {"on_behalf": raw.get("on_behalf", ""), "anchored": "anchored" in raw}
        fields["fresh"] = raw.get("fresh") is True
    if kind in ("before", "while_owed"):
        fields["strength"] = raw.get("strength", "hard")
    return fields


def _group(value: Any) -> Raw:
    return value if isinstance(value, dict) else {}


def _both(phrases: Any) -> tuple[str, str]:
    said = _group(phrases)
    return str(said.get("sr-latn", "")), str(said.get("en", ""))


def _duty(raw: Raw, kind: str) -> Fields:
    when = raw.get("when", "")
    by_fact = isinstance(when, dict)
    within, amount, until = terms.split_within(raw.get("within"))
    op, value = _compared(when.get("becomes")) if isinstance(when, dict) else ("eq", "")
    fields: Fields = {
        "when": f"{FACT}{when.get('fact', '')}" if by_fact else when,
        "becomes_op": op,
        "becomes": value,
        "within": within,
        "amount": amount,
        "until": until,
        "asks_only": raw.get("opens") is False,
        "renews": raw.get("renews") is True,
    }
    if kind == "any_of":
        fields |= {
            "any_of": list(raw["must"].get("any_of", [])),
            "prefers": raw["must"].get("prefers", ""),
        }
    return fields


def _compared(value: Any) -> tuple[str, str]:
    if isinstance(value, dict) and len(value) == 1:
        op, value = next(iter(value.items()))
    else:
        op = "eq"
    return op, _written(value)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def is_compound(guard: Any) -> bool:
    """Whether a guard joins several facts: then it is shown as it stands in the text."""
    heads = [key for key in guard if key not in ("unknown", "phrase")] if guard else []
    return bool(guard) and (len(heads) != 1 or heads[0] in COMPOUND)


def _guard(raw: Raw) -> Fields:
    guard = _group(raw.get("if"))
    fields: Fields = {"phrase": _both(guard.get("phrase")), "unknown": raw.get("unknown", "")}
    if is_compound(guard):
        bare = {key: value for key, value in guard.items() if key != "phrase"}
        return {**fields, "fact": "", "op": "eq", "value": "", "compound": flow(bare)}
    fact = next((key for key in guard if key not in ("unknown", "phrase")), "")
    op, value = _compared(guard.get(fact))
    return {**fields, "fact": fact, "op": op, "value": value, "compound": ""}


# --- from the form to the book


def join(kind: str, fields: Fields, raw: Raw, facts: Mapping[str, Any]) -> Raw:
    """The row of this kind; `raw` is what stood there before ({} for a new one), `facts` are those
    of the book, for the types of what is compared. Raises `ValueError` with a sentence."""
    if kind in SAID:
        return {**raw, kind: phrases(fields["said"])}
    row: Raw = {name: fields.get(name) for name in ACTS[kind] if name != "prefers"}
    row |= {name: terms.join(*fields[name]) for name in TERMS.get(kind, ())}
    if kind in DUTIES:
        row |= _joined_duty(kind, fields, facts)
    row |= _joined_flags(kind, fields, raw)
    row |= {"if": _joined_guard(fields, raw, facts), "unknown": fields["unknown"]}
    row["says"] = phrases(fields["says"])
    return _ordered({key: value for key, value in row.items() if value not in ("", None, {})}, raw)


def _joined_flags(kind: str, fields: Fields, raw: Raw) -> Raw:
    row: Raw = {}
    if kind in OWED:
        row["on_behalf"] = fields["on_behalf"]
        row["fresh"] = True if fields["fresh"] else None
    if kind == "every":
        row["anchored"] = "calendar" if fields["anchored"] else None
    if kind in ("before", "while_owed"):
        row["strength"] = _unless(fields["strength"], "hard", raw, "strength")
    return row


def _ordered(row: Raw, raw: Raw) -> Raw:
    """Keys in the order in which they stood, new ones where the house writes them."""
    known = [key for key in raw if key in row]
    return {
        key: row[key] for key in (*known, *(key for key in ORDER if key in row and key not in raw))
    }


ORDER = (
    "when", "every", "while_owed", "may_not", "before", "must", "opens", "closes", "extends",
    "by", "max", "wait", "within", "measure", "renews", "fresh", "anchored", "on_behalf",
    "strength", "if", "unknown", "says",
)  # fmt: skip


def _joined_duty(kind: str, fields: Fields, facts: Mapping[str, Any]) -> Raw:
    when: Any = fields["when"]
    if when.startswith(FACT):
        fact = when.removeprefix(FACT)
        becomes = _comparison(fields["becomes_op"], fields["becomes"], facts.get(fact))
        when = {"fact": fact, "becomes": becomes}
    row: Raw = {
        "when": when,
        "within": terms.join_within(fields["within"], fields["amount"], fields["until"]),
        "opens": False if fields["asks_only"] else None,
        "renews": True if fields["renews"] else None,
    }
    if kind == "any_of":
        prefers = {"prefers": fields["prefers"]} if fields["prefers"] else {}
        row["must"] = {"any_of": list(fields["any_of"]), **prefers}
    return row


def _unless(value: Any, usual: Any, raw: Raw, key: str) -> Any:
    """Nothing for the usual value, unless the author wrote it out."""
    return value if value != usual or key in raw else None


def _joined_guard(fields: Fields, raw: Raw, facts: Mapping[str, Any]) -> Any:
    old = _group(raw.get("if"))
    phrase = phrases(fields["phrase"])
    if fields["compound"].strip():
        bare = _read(fields["compound"])
    elif fields["fact"]:
        inner = {"unknown": old["unknown"]} if "unknown" in old and not is_compound(old) else {}
        compared = _comparison(fields["op"], fields["value"], facts.get(fields["fact"]))
        bare = {fields["fact"]: compared, **inner}
    else:
        return None
    return _in_order({**bare, **({"phrase": phrase} if phrase else {})}, old)


def _in_order(guard: Raw, old: Raw) -> Raw:
    return {
        key: guard[key]
        for key in (*(k for k in old if k in guard), *(k for k in guard if k not in old))
    }


def _read(text: str) -> Raw:
    try:
        data = parse(text).data
    except Unreadable as error:
        raise ValueError(error.message) from error
    if not isinstance(data, dict):
        raise ValueError("A condition names facts, as in {any: [{a: true}, {b: true}]}.")
    return data


def _comparison(op: str, text: str, fact: Any) -> Any:
    value = _typed(text, fact.get("type") if isinstance(fact, dict) else "")
    return value if op == "eq" else {op: value}


def _typed(text: str, kind: Any) -> Any:
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == "integer" and text.lstrip("-").isdigit():
        return int(text)
    return text


def phrases(both: tuple[str, str]) -> Raw:
    serbian, english = both
    return {key: said for key, said in (("sr-latn", serbian), ("en", english)) if said}
