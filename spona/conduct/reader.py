"""From the YAML of a rule book to a `Book`, or to every fault at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any, NamedTuple

import rfc8785

from spona.conduct import build
from spona.conduct.book import Act, Book, Condition, Row, Rule
from spona.conduct.checks import RESERVED, Draft, Found, check
from spona.conduct.faults import BookFaults, Fault
from spona.conduct.form import departures
from spona.conduct.yamltree import Path, Tree, Unreadable, parse

SECTIONS = {"parties": build.party, "facts": build.fact, "acts": build.act}


def read(path: File | str) -> Book:
    """The book in the file `path` (UTF-8 YAML); raises `BookFaults`, or `OSError`."""
    raw = File(path).read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise BookFaults([Fault(str(path), line, "", "This is not UTF-8 text.")]) from error
    return read_text(text, str(path))


def read_text(text: str, path: str = "book.yaml") -> Book:
    """The book written in `text`; `path` is only named in the faults."""
    try:
        tree = parse(text)
    except Unreadable as error:
        raise BookFaults([Fault(path, error.line, "", error.message)]) from error
    draft, found = _draft(tree)
    if faults := _faults(tree, found, path):
        raise BookFaults(faults)
    return _book(tree.data, draft)


class Sound(NamedTuple):
    """What of a book can be read although it has faults: `book` holds the sound parts alone, and is
    none where nothing can be made of the text."""

    book: Book | None
    faults: tuple[Fault, ...]


def sound(text: str, path: str = "book.yaml") -> Sound:
    """As `read_text` for a book that is being written; never raises."""
    try:
        tree = parse(text)
    except Unreadable as error:
        return Sound(None, (Fault(path, error.line, "", error.message),))
    draft, found = _draft(tree)
    faults = BookFaults(_faults(tree, found, path)).faults
    return Sound(_sound_book(tree.data, draft, found), faults)


def _faults(tree: Tree, found: list[Found], path: str) -> list[Fault]:
    places = [(at, tree.line(at), told) for at, told in found]
    places += [(at, line, f"The key '{at[-1]}' stands here twice.") for at, line in tree.repeated]
    return [Fault(path, line, _where(tree.data, at), told) for at, line, told in places]


def _sound_book(data: Any, draft: Draft, found: list[Found]) -> Book | None:
    if not _sections_stand(data) or not data.keys() >= HEAD:
        return None
    spoilt = {at[:2] for at, _ in found}
    if any(len(at) < 2 and at[:1] != () and at[0] in HEAD for at in spoilt):
        return None
    for section in ("parties", "facts", "acts", "rules"):
        parts = getattr(draft, section)
        kept = {key: part for key, part in parts.items() if (section, key) not in spoilt}
        setattr(draft, section, kept)
    draft.acts = {key: act for key, act in draft.acts.items() if _act_stands(draft, act)}
    draft.rules = {key: rule for key, rule in draft.rules.items() if _rule_stands(draft, rule)}
    return _book(data, draft)


HEAD = {"id", "version", "title"}


def _act_stands(draft: Draft, act: Act) -> bool:
    named = {*act.by, *act.to, *act.with_, *act.without, act.on_behalf, *act.binds}
    return named <= {*draft.parties, *RESERVED, ""}


def _rule_stands(draft: Draft, rule: Rule) -> bool:
    acts = {key for row in rule.rows for key in (row.source, *row.targets)}
    facts = {row.within.until for row in rule.rows if row.within}
    for row in rule.rows:
        facts |= {*_facts(row.becomes), *_facts(row.condition)}
    return acts <= {*draft.acts, ""} and facts <= {*draft.facts, ""}


def _facts(guard: Condition | None) -> Iterator[str]:
    if guard:
        yield guard.fact
        for part in guard.parts:
            yield from _facts(part)


def digest(document: Mapping[str, Any]) -> str:
    """sha256 (hexadecimal) of the RFC 8785 canonical JSON of a document."""
    return hashlib.sha256(rfc8785.dumps(dict(document))).hexdigest()


def _draft(tree: Tree) -> tuple[Draft, list[Found]]:
    found: list[Found] = list(departures(tree.data))
    broken = {_part(at) for at, _ in found}
    draft = Draft()
    if _sections_stand(tree.data):
        for section, maker in SECTIONS.items():
            _section(draft, tree.data.get(section, {}), section, maker, broken)
        _rules(draft, tree, broken, found)
        found += check(draft)
    return draft, found


def _part(at: Path) -> Path:
    """The part of the book that a departure spoils: a row, or a whole rule, act, fact, party."""
    return at[:4] if at[2:3] == ("rows",) and len(at) > 3 else at[:2]


def _sections_stand(data: Any) -> bool:
    """Whether names can be looked up at all; a list of acts would make every act unknown."""
    return (
        isinstance(data, dict)
        and all(isinstance(data.get(section, {}), dict) for section in SECTIONS)
        and isinstance(data.get("rules", []), list)
    )


def _section(draft: Draft, items: Any, section: str, maker: Any, broken: set[Path]) -> None:
    draft.names[section] = frozenset(items)
    made = {key: maker(key, item) for key, item in items.items() if (section, key) not in broken}
    setattr(draft, section, made)


def _rules(draft: Draft, tree: Tree, broken: set[Path], found: list[Found]) -> None:
    rules = [(index, rule) for index, rule in enumerate(tree.data.get("rules", []))]
    for index, rule in rules:
        if isinstance(rule, dict) and "id" in rule:
            draft.rule_ids.append((("rules", index, "id"), str(rule["id"])))
    draft.names["rules"] = frozenset(rule_id for _, rule_id in draft.rule_ids)
    for index, rule in rules:
        rows = list(_rows(tree, index, rule, broken, found))
        draft.rows += rows
        if ("rules", index) not in broken:
            made = tuple(row for _, row in rows)
            draft.rules[index] = build.rule(rule, made, tree.line(("rules", index)))


def _rows(
    tree: Tree, index: int, rule: Any, broken: set[Path], found: list[Found]
) -> Iterator[tuple[Path, Row]]:
    rows = rule.get("rows") if isinstance(rule, dict) else None
    for number, data in enumerate(rows if isinstance(rows, list) else []):
        at: Path = ("rules", index, "rows", number)
        if at in broken:
            continue
        try:
            yield at, build.row(data, tree.line(at))
        except ValueError as error:
            found.append((at, str(error)))


def _where(data: Any, at: Path) -> str:
    """What the author calls the place: a rule by its id, another part by its key."""
    if at[:1] != ("rules",):
        return str(at[1]) if len(at) > 1 else ""
    rule = data["rules"][at[1]] if len(at) > 1 else {}
    return str(rule.get("id", "")) if isinstance(rule, dict) else ""


def _book(data: Mapping[str, Any], draft: Draft) -> Book:
    return Book(
        id=data["id"],
        version=data["version"],
        title=data["title"],
        summary=data.get("summary", {}),
        parties=draft.parties,
        facts=draft.facts,
        acts=draft.acts,
        rules=tuple(draft.rules.values()),
        digest=digest(data),
    )
