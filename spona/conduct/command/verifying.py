"""`spona conduct verify FILE...`: what rules of conduct lead to, before they are published."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from spona.conduct import dcrxml
from spona.conduct.book import Book
from spona.conduct.command.explaining import LANGUAGES
from spona.conduct.command.files import Refused, read_book, why
from spona.conduct.faults import BookFaults

if TYPE_CHECKING:
    from spona.conduct.command.files import Commands
    from spona.conduct.verify import Finding, Report
    from spona.conduct.verify.words import Words

CAP = 4_000
WORDS = {
    "fault": ("GREŠKA", "FAULT"),
    "intended": ("namerno", "intended"),
    "note": ("napomena", "note"),
}


class Verified(NamedTuple):
    """A file with what was found in it; `refused` says by name what is not supported."""

    path: Path
    book: Book | None
    report: Report | None
    words: Words | None
    refused: str = ""


def add(commands: Commands) -> None:
    told = "dead ends, contradictions and silent gaps of rule books and DCR graphs"
    command = commands.add_parser("verify", help=told, description=f"Find {told}.")
    command.add_argument("files", type=Path, nargs="+", help="YAML rule books or DCR XML")
    command.add_argument("--json", action="store_true", help="print one JSON document")
    command.add_argument("--lang", choices=LANGUAGES, default="sr-latn")
    command.add_argument("--all", action="store_true", help="print what is intended and noted too")
    limit = "states searched for one question; beyond it the answer says that it is not exhaustive"
    command.add_argument("--cap", type=int, default=CAP, metavar="N", help=limit)
    command.set_defaults(run=_verify)


def _verify(given: argparse.Namespace) -> int:
    if given.cap < 1:
        raise Refused("--cap is a number of states, at least 1.")
    verified = [_verified(path, given.cap) for path in given.files]
    if given.json:
        print(json.dumps([_as_json(one) for one in verified], ensure_ascii=False, indent=1))
    else:
        for one in verified:
            for line in _lines(one, given.lang, everything=given.all):
                print(line)
    if any(one.report and one.report.faults for one in verified):
        return 1
    return 2 if any(one.refused for one in verified) else 0


def _verified(path: Path, cap: int) -> Verified:
    from spona.conduct.verify import verify, verify_graph
    from spona.conduct.verify.words import Words

    if path.suffix.lower() != ".xml":
        try:
            book = read_book(path)
        except BookFaults as faults:
            raise Refused(f"{faults}\n{path} has faults; see spona conduct check.") from faults
        return Verified(path, book, verify(book, cap), Words.of(book))
    try:
        graph = dcrxml.read_dcr(path.read_bytes())
    except OSError as error:
        raise Refused(f"{path} cannot be read: {why(error)}.") from error
    except dcrxml.Refused as refused:
        return Verified(path, None, None, None, str(refused))
    return Verified(path, None, verify_graph(graph, cap), Words(graph.acts))


# --- in words


def _lines(one: Verified, lang: str, *, everything: bool) -> Iterator[str]:
    from spona.names.cyrillic import to_cyrillic

    for line in _latin(one, "en" if lang == "en" else "sr-latn", everything=everything):
        yield to_cyrillic(line) if lang == "sr" else line


def _latin(one: Verified, lang: str, *, everything: bool) -> Iterator[str]:
    if one.report is None:
        yield f"{one.path}: {one.refused}"
        return
    for finding in one.report.findings:
        if everything or finding.severity == "fault":
            yield from _finding(one, finding, lang)
    yield f"{one.path}: {_summary(one.report, lang)}"


def _finding(one: Verified, finding: Finding, lang: str) -> Iterator[str]:
    from spona.conduct.verify.words import rule_sentences

    head = f"{WORDS[finding.severity][lang == 'en']} [{finding.code}]"
    yield f"{one.path}: {head} {finding.said[lang]}"
    if one.book is not None and finding.severity == "fault":
        for rule_id, text in rule_sentences(one.book, finding, lang):
            yield f"    {rule_id}: {text}"


def _summary(report: Report, lang: str) -> str:
    counts = {key: sum(f.severity == key for f in report.findings) for key in WORDS}
    whole = sum(search.exhaustive for search in report.searches)
    asked = len(report.searches)
    if lang == "en":
        found = f"{counts['fault']} faults, {counts['intended']} intended, {counts['note']} notes"
        return f"{found}; {whole} of {asked} questions answered exhaustively"
    found = (
        f"grešaka: {counts['fault']}, namernih: {counts['intended']}, napomena: {counts['note']}"
    )
    return f"{found}; iscrpno odgovoreno na {whole} od {asked} pitanja"


# --- as JSON


def _as_json(one: Verified) -> dict[str, Any]:
    report = one.report
    if report is None:
        return {"file": str(one.path), "refused": one.refused}
    return {
        "file": str(one.path),
        "exhaustive": report.exhaustive,
        "findings": [_finding_json(finding) for finding in report.findings],
        "not_exhaustive": [
            {"code": s.code, "acts": s.acts, "states": s.states}
            for s in report.searches
            if not s.exhaustive
        ],
    }


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "rules": finding.rules,
        "acts": finding.acts,
        "exhaustive": finding.exhaustive,
        "sentence": dict(finding.said),
        "trace": [
            {
                "act": move.act,
                "party": move.party,
                "at": move.at.isoformat(),
                "facts": {key: _plain(value) for key, value in move.facts.items()},
            }
            for move in finding.trace
        ],
    }


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | bool) else str(value)
