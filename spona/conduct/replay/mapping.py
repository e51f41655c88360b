"""What the words of a log mean in the words of a rule book: activity to act, resource to party."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import yaml

from spona.conduct.book import Book
from spona.conduct.guards import Value
from spona.conduct.replay import own
from spona.conduct.replay.csvlog import Columns
from spona.conduct.replay.log import Entry, Oddities, Trace, Unusable

COLUMNS = Columns._fields
GUESSED = Columns()
PARTS = frozenset({*COLUMNS, "ended", "planned", "acts", "parties", "facts", "moments"})


@dataclass(frozen=True, slots=True)
class Words:
    """A mapping file. What it does not name is matched by the book's own keys and labels.

    `acts` and `parties` map to a key of the book, or to none: known, and left out on purpose.
    `facts` maps an attribute to a fact. `moments` maps an attribute of a case that holds a time to
    the act that happened then. `ended` and `planned` are attributes of a case: when it was over,
    and when it was to be.
    """

    columns: Columns = GUESSED
    acts: Mapping[str, str | None] = field(default_factory=dict)
    parties: Mapping[str, str | None] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    moments: Mapping[str, str] = field(default_factory=dict)
    ended: str = ""
    planned: str = ""


def read_words(text: str, book: Book | None) -> Words:
    """The mapping in YAML (or JSON); raises `Unusable` where it names what the book has not."""
    try:
        data = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise Unusable(f"The mapping is no YAML: {error}.") from error
    if not isinstance(data, dict) or (strange := sorted(map(str, data.keys() - PARTS))):
        odd = ", ".join(strange) if isinstance(data, dict) else "it is no list of keys"
        raise Unusable(
            f"The mapping has no such parts: {odd}; known are {', '.join(sorted(PARTS))}."
        )
    if not all(
        isinstance(data.get(part, {}), dict) for part in ("acts", "parties", "facts", "moments")
    ):
        raise Unusable("In a mapping acts, parties, facts and moments are pairs of words.")
    if book is not None and (faults := list(_strange(data, book))):
        raise Unusable(f"The mapping names what the rule book has not: {', '.join(faults)}.")
    columns = Columns(*(str(data.get(part, "")) for part in COLUMNS))
    pairs = {part: data.get(part, {}) for part in ("acts", "parties", "facts", "moments")}
    return Words(columns, **pairs, ended=data.get("ended", ""), planned=data.get("planned", ""))


def _strange(data: Mapping[str, Any], book: Book) -> Iterator[str]:
    known = {"acts": book.acts, "parties": book.parties, "facts": book.facts, "moments": book.acts}
    for part, keys in known.items():
        for key in data.get(part, {}).values():
            if key is not None and key not in keys:
                yield f"{key} ({part})"


class Happening(NamedTuple):
    """An entry in the words of the book. An empty `act` is a change of facts alone; `restarts`
    names acts whose clocks begin anew. `facts` are those established by it."""

    at: datetime
    act: str = ""
    party: str = ""
    institution: str = ""
    facts: Mapping[str, Value] = {}
    reason: bool = False
    by_proxy: bool = False
    restarts: tuple[str, ...] = ()


class Translator:
    """From entries to happenings; counts what it has no word for."""

    def __init__(self, book: Book, words: Words, odd: Oddities) -> None:
        self.book, self.words, self.odd = book, words, odd
        self.unknown: Counter[str] = Counter()
        self.strangers: Counter[str] = Counter()
        self.unread: Counter[str] = Counter()
        self._acts = {**_named(book.acts), **words.acts}
        self._parties = {**_by_name(book), **words.parties}

    def happenings(self, trace: Trace) -> list[Happening]:
        """In the order of time; what happened at the end of the case comes after its entries."""
        found = [made for entry in trace.entries if (made := self._made(entry))]
        for attribute, act in self.words.moments.items():
            moment = self.odd.moment(trace.attributes.get(attribute, ""))
            if moment is not None:
                found.append(Happening(moment, act))
        return sorted(found, key=lambda happening: happening.at)

    def begun(self, trace: Trace, first: datetime) -> datetime:
        """When the run began: as it says itself, else with its first event."""
        return self.odd.moment(trace.attributes.get(own.STARTED, "")) or first

    def of_case(self, trace: Trace) -> dict[str, Value]:
        """The facts that the attributes of a case establish."""
        return self._facts(trace.attributes)

    def _made(self, entry: Entry) -> Happening | None:
        said, at = entry.attributes, entry.at
        if at is None:
            return None
        kind = said.get(own.KIND, "act")
        act = self._act(entry.activity) if kind == "act" else ""
        if act is None:
            return None
        return Happening(
            at=at,
            act=act,
            party=str(said.get(own.PARTY) or self._party(entry.resource)),
            institution=entry.resource,
            facts=self._facts(said),
            reason=said.get(own.REASON) is True,
            by_proxy=said.get(own.PROXY) is True,
            restarts=tuple(str(said.get(own.RESTARTS, "")).split()),
        )

    def _act(self, activity: str) -> str | None:
        if activity not in self._acts:
            self.unknown[activity] += 1
            return None
        return self._acts[activity]

    def _party(self, resource: str) -> str:
        if resource and resource not in self._parties:
            self.strangers[resource] += 1
        return self._parties.get(resource) or ""

    def _facts(self, said: Mapping[str, Any]) -> dict[str, Value]:
        known = self.book.facts
        ours = ((key.removeprefix(own.FACT), key, value) for key, value in said.items())
        told = {fact: value for fact, key, value in ours if fact != key}
        told |= {fact: said[name] for name, fact in self.words.facts.items() if name in said}
        read = {k: self._typed(known[k].type, v, k) for k, v in told.items() if k in known}
        unknown = dict.fromkeys(str(said.get(own.UNKNOWN, "")).split())
        return {key: value for key, value in read.items() if value is not None} | unknown

    def _typed(self, kind: str, value: Any, key: str) -> Value:
        try:
            return typed(kind, value, self.odd)
        except ValueError:
            self.unread[key] += 1
            return None


def typed(kind: str, value: Any, odd: Oddities) -> Value:
    """A value of a log in the type of a fact; raises `ValueError` where it is none."""
    if kind == "datetime":
        moment = odd.moment(value)
        if moment is None:
            raise ValueError(value)
        return moment
    if kind == "date":
        return value.date() if isinstance(value, datetime) else date.fromisoformat(str(value)[:10])
    if kind == "boolean":
        return ("false", "true").index(str(value).lower()) == 1
    return int(value) if kind == "integer" else str(value)


def _named(parts: Mapping[str, Any]) -> dict[str, str | None]:
    """Acts by key, and by their label in each language."""
    labels = {p["label"]: key for key, act in parts.items() for p in act.phrases.values()}
    return {**labels, **{key: key for key in parts}}


def _by_name(book: Book) -> dict[str, str | None]:
    names = {party.forms["sr-latn"]["nom"]: key for key, party in book.parties.items()}
    names |= {party.forms["en"]["name"]: key for key, party in book.parties.items()}
    return {**names, **{key: key for key in book.parties}}
