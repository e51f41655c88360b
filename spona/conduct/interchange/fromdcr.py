"""A DCR graph as the document of a rule book.

Where the file carries the book it was made from and the graph still says the same, that book
comes back as it was. Otherwise a draft is made: every rule is marked as not checked and states no
law, and phrases name the acts in quotes, since a label cannot be declined by program.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import chain
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from spona.conduct.book import Kind, Unit
from spona.conduct.dcrxml import Plain, Refused, read_dcr
from spona.conduct.faults import BookFaults
from spona.conduct.interchange.lost import Lost
from spona.conduct.interchange.todcr import TAG, graph_of
from spona.conduct.reader import read_text
from spona.conduct.relations import Length, Relation

Data = dict[str, Any]


def from_dcr(xml: bytes, name: str) -> tuple[Data, Lost]:
    """The document of the graph in `xml`, and what it cannot say; raises `dcrxml.Refused`."""
    plain = read_dcr(xml)
    kept = next(iter(fromstring(xml).iter(TAG)), None)
    lost = Lost()
    if kept is None:
        return _draft(plain, name, lost), lost
    data, expected = _kept(kept)
    if changes := list(_changes(expected, plain)):
        for change in changes:
            lost.say("The graph was changed since; the book that it carries was not used", change)
        return _draft(plain, name, lost), lost
    return data, lost


def _kept(kept: Element) -> tuple[Data, Plain]:
    try:
        data: Data = json.loads(kept.text or "")
        book = read_text(json.dumps(data))
        return data, graph_of(book, kept.get("lang", "sr-latn"))[0]
    except (ValueError, KeyError, BookFaults) as error:
        raise Refused("The book that the file carries cannot be read.") from error


def _changes(before: Plain, after: Plain) -> Iterator[str]:
    """What differs between two graphs, in a word each."""
    for key in sorted(before.acts.keys() ^ after.acts.keys()):
        yield f"{'without' if key in before.acts else 'new'} act {key}"
    for key in sorted(before.acts.keys() & after.acts.keys()):
        if _about(before, key) != _about(after, key):
            yield f"act {key}"
    were, are = ({_told(relation) for relation in plain.relations} for plain in (before, after))
    yield from (f"without {told}" for told in sorted(were - are))
    yield from (f"new {told}" for told in sorted(are - were))


def _about(plain: Plain, key: str) -> tuple[object, ...]:
    marked = (key in acts for acts in (plain.executed, plain.included, plain.pending))
    return plain.acts[key], plain.roles.get(key), *marked


def _told(relation: Relation) -> str:
    time = f" {_term(relation.length)}" if relation.length is not None else ""
    return f"{relation.kind.value} {relation.source} → {relation.targets[0]}{time}"


def _draft(plain: Plain, name: str, lost: Lost) -> Data:
    keys = _unique(plain.acts, "[^a-z0-9_]+", "_", "act")
    roles = _unique(dict.fromkeys(plain.roles.values()), "[^a-z0-9_]+", "_", "role")
    lost.say("A draft: no rule states a law, and phrases name the acts in quotes", name)
    for key in chain(plain.executed, plain.pending):
        lost.say("A rule book begins with nothing done and nothing owed", keys[key])
    return {
        "id": _slug(name, "[^a-z0-9-]+", "-", "graph"),
        "version": "1",
        "title": {"sr-latn": name, "en": name},
        "parties": {key: _party(role) for role, key in roles.items()},
        "acts": {keys[key]: _act(plain, key, label, roles) for key, label in plain.acts.items()},
        "rules": list(_rules(plain, keys, lost)),
    }


def _slug(name: str, wrong: str, instead: str, first: str) -> str:
    slug = re.sub(wrong, instead, name.lower()).strip(instead)
    return slug if slug[:1].isalpha() else f"{first}{instead}{slug}".strip(instead)


def _unique(names: Iterable[str], wrong: str, instead: str, first: str) -> dict[str, str]:
    """A key that a rule book allows for each name, none of them twice."""
    keys: dict[str, str] = {}
    for name in names:
        key = base = _slug(name, wrong, instead, first)
        number = 1
        while key in keys.values() or key in ("anyone", "clock"):
            number += 1
            key = f"{base}{instead}{number}"
        keys[name] = key
    return keys


def _party(role: str) -> Data:
    cases = {"nom": "uloga", "gen": "uloge", "dat": "ulozi", "acc": "ulogu", "ins": "ulogom"}
    forms = {case: f"{noun} „{role}“" for case, noun in (cases | {"loc": "ulozi"}).items()}
    return {"type": "any", "gender": "f", "sr-latn": forms, "en": {"name": f"the role “{role}”"}}


def _act(plain: Plain, key: str, label: str, roles: Mapping[str, str]) -> Data:
    act: Data = {"by": roles[plain.roles[key]] if key in plain.roles else "anyone"}
    if key not in plain.included:
        act["included"] = False
    named, english = f"„{label}“", f"“{label}”"
    act["sr-latn"] = {
        "label": label,
        "kada": f"je izvršena radnja {named}",
        "da": f"izvrši radnju {named}",
        "gen": f"radnje {named}",
    }
    act["en"] = {
        "label": label,
        "when": f"the act {english} has been done",
        "do": f"do the act {english}",
        "noun": f"the act {english}",
    }
    return act


def _rules(plain: Plain, keys: Mapping[str, str], lost: Lost) -> Iterator[Data]:
    """A rule for each act from which relations go out."""
    rows: dict[str, list[Data]] = defaultdict(list)
    for relation in plain.relations:
        row = _row(relation, keys)
        if relation.length is not None and not {"within", "wait"} & row.keys():
            lost.say("A rule book has no such time", _told(relation))
        if row not in rows[relation.source]:
            rows[relation.source].append(row)
    for number, found in enumerate(rows.values(), 1):
        yield {"id": f"DCR-{number}", "verified": "memory", "rows": found}


def _row(relation: Relation, keys: Mapping[str, str]) -> Data:
    source, target = keys[relation.source], keys[relation.targets[0]]
    time = _term(relation.length) if relation.length is not None else ""
    match relation.kind:
        case Kind.RESPONSE:
            row: Data = {"when": source, "must": target, "opens": False}
            return {**row, "within": time} if time else row
        case Kind.CONDITION:
            row = {"may_not": target, "before": source}
            return {**row, "wait": time} if time else row
        case Kind.MILESTONE:
            return {"may_not": target, "while_owed": source}
        case Kind.INCLUDE:
            return {"when": source, "opens": target}
    return {"when": source, "closes": target}


def _term(time: Length) -> str:
    if isinstance(time, timedelta):
        return f"PT{time // timedelta(hours=1)}H"
    return f"P{time.amount}{'M' if time.unit is Unit.MONTHS else 'D'}"
