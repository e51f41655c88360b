"""Event logs as CSV: which column is what is named, or guessed and said."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from spona.conduct.replay.log import Entry, Log, Oddities, Unusable, gathered

# Names by which a column is known, the surest first; compared without case.
GUESSES: Mapping[str, tuple[str, ...]] = {
    "case": ("case:concept:name", "case_id", "case id", "caseid", "case", "trace"),
    "activity": ("concept:name", "activity", "act", "event", "task"),
    "time": ("time:timestamp", "timestamp", "time", "occurred_at", "complete timestamp", "date"),
    "resource": ("org:group", "org:resource", "resource", "institution", "organisation", "group"),
}
OF_CASE = "case:"  # a column whose name begins so speaks of the whole case
DELIMITERS = ",;\t|"
SAMPLE = 8_192
FIELD_LIMIT = 1_000_000


class Columns(NamedTuple):
    """The columns by name; an empty one is guessed. `resource` may be missing."""

    case: str = ""
    activity: str = ""
    time: str = ""
    resource: str = ""


def read_csv(lines: Iterable[str], odd: Oddities, named: Columns | None = None) -> Log:
    """The log in `lines` with a head; raises `Unusable`.

    Columns that begin with `case:` are attributes of the case, as its first event gives them.
    """
    csv.field_size_limit(FIELD_LIMIT)
    text = iter(lines)
    head = next(text, "")
    rows = csv.reader(_chained(head, text), delimiter=_delimiter(head))
    names = next(rows, [])
    if len(set(names)) < len(names):
        raise Unusable("Two columns have the same name; rename one of them.")
    columns, said = _columns(names, named or Columns())
    traces: dict[str, tuple[dict[str, Any], list[Entry]]] = {}
    try:
        for row in rows:
            if row:
                _row(rows.line_num, dict(zip(names, row, strict=False)), columns, traces, odd)
    except csv.Error as error:
        raise Unusable(f"Line {rows.line_num} is no line of CSV: {error}.") from error
    return gathered(((case, *parts) for case, parts in traces.items()), odd, said)


def _chained(head: str, text: Iterable[str]) -> Iterable[str]:
    yield head.removeprefix("\ufeff")
    yield from text


def _delimiter(head: str) -> str:
    return max(DELIMITERS, key=head.count)


def _columns(names: list[str], named: Columns) -> tuple[Columns, list[str]]:
    said, found = [], {}
    for part, column in named._asdict().items():
        if column and column not in names:
            raise Unusable(f"There is no column {column}; there are {', '.join(names)}.")
        found[part] = column or _guessed(part, names)
        if not column and found[part]:
            said.append(f"The {part} was taken from the column {found[part]} (guessed).")
        if not found[part] and part != "resource":
            raise Unusable(f"Which column is the {part}? Name it; there are {', '.join(names)}.")
    return Columns(**found), said


def _guessed(part: str, names: list[str]) -> str:
    known = {name.casefold().strip(): name for name in reversed(names)}
    return next((known[guess] for guess in GUESSES[part] if guess in known), "")


def _row(
    number: int,
    row: Mapping[str, str],
    columns: Columns,
    traces: dict[str, tuple[dict[str, Any], list[Entry]]],
    odd: Oddities,
) -> None:
    place = f"line {number}"
    case = row.get(columns.case, "")
    if not case:
        odd.caseless.append(place)
        return
    attributes, entries = traces.setdefault(case, ({}, []))
    if not entries:
        attributes.update((k, v) for k, v in row.items() if k.startswith(OF_CASE) and v)
    value = row.get(columns.time, "")
    entries.append(
        Entry(
            activity=row.get(columns.activity, ""),
            at=odd.moment(value) if value else None,
            resource=row.get(columns.resource, ""),
            attributes={k: v for k, v in row.items() if v and not k.startswith(OF_CASE)},
            place=place,
        )
    )
