"""A real log of 1,434 cases, held against its planned ends and against examples/permits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from spona.conduct.calendar import Calendar, is_working_day
from spona.conduct.command import main
from spona.conduct.dcrxml import read_dcr
from spona.conduct.reader import read
from spona.conduct.replay.findings import Kind
from spona.conduct.replay.lateness import lateness
from spona.conduct.replay.log import Log
from spona.conduct.replay.mapping import Words, read_words
from spona.conduct.replay.plain import replay_plain
from spona.conduct.replay.reading import read_log
from spona.conduct.replay.report import Report, replay

ROOT = Path(__file__).parents[3]
SHARED = ROOT.parent / "shared" / "data"
RECEIPT = SHARED / "logs" / "receipt.csv.gz"
needs_log = pytest.mark.skipif(not RECEIPT.exists(), reason="../shared/data/logs is absent")

ZONE = ZoneInfo("Europe/Amsterdam")
DUTCH = Calendar("NL", ZONE)
BOOK, WORDS = ROOT / "examples/permits/book.yaml", ROOT / "examples/permits/words.yaml"


@cache
def log() -> Log:
    return read_log(RECEIPT, ZONE)


def held(**more: Any) -> Report:
    book = read(BOOK)
    words = read_words(WORDS.read_text(encoding="utf-8"), book)
    return replay(read_log(RECEIPT, ZONE, words.columns), book, words, calendar=DUTCH, **more)


def counted(report: Report, rule: str, kind: str) -> int:
    return sum(line.counts[kind] or 0 for line in report.lines if line.key.rule == rule)


def test_the_example_is_a_rule_book_and_its_mapping_fits() -> None:
    book = read(BOOK)
    words = read_words(WORDS.read_text(encoding="utf-8"), book)
    assert set(words.acts.values()) | set(words.moments.values()) == set(book.acts)


@needs_log
def test_389_of_1329_finished_cases_are_late_by_department_and_channel() -> None:
    found = lateness(log(), DUTCH, by=["department", "channel"])
    assert found is not None
    whole, *groups = found.groups
    assert (whole.finished, whole.late) == (1_329, 389)
    for by in ("department", "channel"):
        parts = [group for group in groups if group.by == by]
        assert sum(group.finished or 0 for group in parts) == 1_329
        assert sum(group.late or 0 for group in parts) == 389
    general = next(group for group in groups if group.value == "General")
    assert (general.finished, general.late) == (1_285, 381)


@needs_log
def test_in_working_days_fewer_are_late_and_the_calendar_matters() -> None:
    dutch, serbian = (lateness(log(), Calendar(country, ZONE)) for country in ("NL", "RS"))
    assert dutch is not None
    assert serbian is not None
    assert dutch.groups[0].late == serbian.groups[0].late == 389
    assert 0 < (dutch.groups[0].by_days or 0) < 389
    assert dutch.groups[0].working_days != serbian.groups[0].working_days


@needs_log
def test_small_groups_are_withheld_and_cannot_be_counted_back() -> None:
    found = lateness(log(), DUTCH, by=["department"], least=5)
    assert found is not None
    shown = {group.value: group.late for group in found.groups}
    assert shown == {"": None, "Customer contact": None, "Experts": None, "General": 381}


@needs_log
def test_the_rules_find_the_same_late_cases() -> None:
    report = held()
    assert (report.traces, report.events, dict(report.unknown)) == (1_434, 8_577, {})
    assert counted(report, "EX-01", "late") == 389
    assert dict(report.strangers) == {"Group 7": 2}
    assert report.conforming == 884
    orders = [found for found in report.findings if found.kind is Kind.OUT_OF_ORDER]
    assert [(found.rule, found.who) for found in orders] == [("EX-02", "Group 2")]


@needs_log
def test_the_whole_log_is_diagnosed_within_a_second_of_work() -> None:
    is_working_day(log().traces[0].entries[0].at.date(), DUTCH)  # type: ignore[union-attr]
    book = read(BOOK)
    words = read_words(WORDS.read_text(encoding="utf-8"), book)

    def seconds() -> Iterator[float]:
        for _ in range(3):
            begun = process_time()
            replay(log(), book, words, calendar=DUTCH)
            yield process_time() - begun

    assert min(seconds()) <= 1.0


@needs_log
def test_the_command_prints_both_and_json_names_each(capsys: pytest.CaptureFixture[str]) -> None:
    line = ["replay", str(RECEIPT), "--book", str(BOOK), "--map", str(WORDS), "--calendar", "NL"]
    assert main([*line, "--zone", "Europe/Amsterdam", "--by", "department"]) == 1
    text = capsys.readouterr().out
    assert "Working days: public holidays of NL; days begin in Europe/Amsterdam." in text
    assert "1,329   389" in text
    assert main([*line, "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["ends"]["groups"][0]["late"] == 389
    assert sum(one["kind"] == "late" for one in data["rules"]["findings"]) == 389


@needs_log
def test_mined_models_take_a_log_and_say_what_they_do_not_know() -> None:
    for path in sorted((SHARED / "dcr").glob("0[134]*.xml")):
        report = replay_plain(log(), read_dcr(path.read_bytes()), Words())
        assert report.traces == 1_434
        assert sum(report.unknown.values()) == 8_577
