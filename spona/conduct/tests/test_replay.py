"""A log held against a rule book: late, never done, out of order, by somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from spona.conduct.book import Book
from spona.conduct.replay.findings import Finding, Kind
from spona.conduct.replay.log import Entry, Log, Oddities, Unusable, gathered
from spona.conduct.replay.mapping import Words, read_words
from spona.conduct.replay.report import Report, replay, suppressed
from spona.conduct.tests.books import DAY, HOUR, MONDAY, act, book, clock, party, rule

ZONE = ZoneInfo("Europe/Belgrade")
Told = tuple[Any, ...]  # activity, hours after Monday, resource


def log(*traces: tuple[Told, ...], **attributes: Any) -> Log:
    odd = Oddities(ZONE)
    made = [
        (f"case-{number}", attributes, [_entry(*told) for told in trace])
        for number, trace in enumerate(traces, 1)
    ]
    return gathered(made, odd)


def _entry(activity: str, hour: float, resource: str = "", **attributes: Any) -> Entry:
    at = MONDAY + hour * HOUR
    return Entry(activity, at, resource, attributes, f"hour {hour}")


def held(rows: list[Any], *traces: tuple[Told, ...], words: Words = Words(), **more: Any) -> Report:  # noqa: B008
    return replay(log(*traces), book(rule(*rows), **more), words)


def kinds(report: Report) -> list[tuple[str, str]]:
    return [(finding.kind.value, finding.act) for finding in report.findings]


WITHIN_A_DAY = {"when": "a", "must": "b", "within": "PT24H"}


def test_what_is_done_in_time_is_kept_and_nothing_is_found() -> None:
    report = held([WITHIN_A_DAY], (("a", 0), ("b", 24)))
    assert (report.findings, report.conforming) == ((), 1)
    [line] = report.lines
    assert (line.key.rule, line.key.who, line.counts["kept"]) == ("R-1", "csr", 1)


def test_what_is_late_is_found_with_the_time_lost() -> None:
    [found] = held([WITHIN_A_DAY], (("a", 0), ("b", 24 + 72))).findings
    assert found.kind is Kind.LATE
    assert (found.lost, found.working_days) == (3 * DAY, 3)
    assert found.due == MONDAY + DAY


def test_the_weekend_is_no_working_day() -> None:
    [found] = held([WITHIN_A_DAY], (("a", 72), ("b", 72 + 24 + 48))).findings
    assert (found.lost, found.working_days) == (2 * DAY, 0)  # due Friday, done Sunday


def test_what_was_never_done_counts_up_to_the_end_of_the_log() -> None:
    report = held([WITHIN_A_DAY], (("a", 0),), (("a", 0), ("b", 1), ("a", 48)))
    assert kinds(report) == [("never_done", "b")]
    assert report.findings[0].lost == DAY
    [line] = report.lines
    assert (line.counts["kept"], line.counts["open"], line.counts["never_done"]) == (1, 1, 1)


def test_a_case_that_is_over_owes_nothing_any_more() -> None:
    owing = [{"when": "a", "must": "b"}]
    still = log((("a", 0),))
    over = log((("a", 0),), ended=(MONDAY + HOUR).isoformat())
    made = book(rule(*owing))
    assert kinds(replay(still, made)) == []
    [found] = replay(over, made, Words(ended="ended")).findings
    assert (found.kind, found.due, found.lost) == (Kind.NEVER_DONE, None, timedelta())


def test_what_is_closed_late_does_not_vanish() -> None:
    rows = [WITHIN_A_DAY, {"when": "c", "closes": "b", "says": {"sr-latn": "x", "en": "x"}}]
    report = held(rows, (("a", 0), ("c", 48)))
    assert kinds(report) == [("closed_late", "b")]


@pytest.mark.parametrize(
    ("row", "events", "block"),
    [
        ({"before": "a", "may_not": "b"}, (("b", 0),), "condition"),
        ({"before": "a", "may_not": "b", "wait": "PT5H"}, (("a", 0), ("b", 4)), "delay"),
        ({"while_owed": "a", "may_not": "b"}, (("c", 0), ("b", 1)), "milestone"),
        (
            {"when": "a", "closes": "b", "says": {"sr-latn": "x", "en": "x"}},
            (("a", 0), ("b", 1)),
            "excluded",
        ),
    ],
)
def test_what_is_out_of_order_is_found(row: Any, events: tuple[Told, ...], block: str) -> None:
    report = held([row, {"when": "c", "must": "a"}], events)
    [found] = [f for f in report.findings if f.kind is Kind.OUT_OF_ORDER]
    assert (found.act, found.block) == ("b", block)


def two_houses() -> Book:
    acts = {"a": act(), "b": act("police")}
    parties = {"csr": party(), "police": party(type="MUP")}
    return book(rule(WITHIN_A_DAY), acts=acts, parties=parties)


def test_the_wrong_institution_is_found() -> None:
    words = Words(parties={"Centre": "csr", "Station": "police"})
    right = (("a", 0, "Centre"), ("b", 1, "Station"))
    wrong = (("a", 0, "Centre"), ("b", 1, "Centre"))
    report = replay(log(right, wrong), two_houses(), words)
    assert [(f.kind, f.case, f.who) for f in report.findings] == [
        (Kind.WRONG_PARTY, "case-2", "Centre")
    ]
    assert {line.key.who for line in report.lines} == {"Station", "police", "Centre"}


def test_what_the_book_has_no_word_for_is_listed_and_left_out() -> None:
    report = held([WITHIN_A_DAY], (("a", 0, "Somebody"), ("dance", 1)))
    assert dict(report.unknown) == {"dance": 1}
    assert dict(report.strangers) == {"Somebody": 1}


def test_a_label_in_either_language_names_an_act_too() -> None:
    named = act(en={"label": "Phone", "when": "w", "do": "d", "noun": "n"})
    report = held([WITHIN_A_DAY], (("Phone", 0), ("b", 48)), acts={"a": named, "b": act()})
    assert kinds(report) == [("late", "b")]


def test_the_clock_acts_where_the_log_does_not_tell_of_it() -> None:
    acts = {"a": act(), "b": act(), "tick": clock(after="a", wait="P1D")}
    rows = [{"when": "tick", "must": "b", "within": "PT1H"}]
    assert kinds(held(rows, (("a", 0), ("b", 30)), acts=acts)) == [("late", "b")]
    told = held(rows, (("a", 0), ("tick", 29.5), ("b", 30)), acts=acts)
    assert kinds(told) == []


def test_attributes_of_a_case_are_facts_and_moments() -> None:
    facts = {"minor": "boolean", "by": "date"}
    rows = [
        {"when": "a", "must": "b", "within": {"until": "by"}, "if": {"minor": True}},
    ]
    words = Words(facts={"young": "minor", "until": "by"}, moments={"done": "b"})
    made = book(rule(*rows), facts=facts)
    young = log((("a", 0),), young="true", until="2026-11-24", done="2026-11-25T01:00+01:00")
    [found] = replay(young, made, words).findings
    assert (found.kind, found.lost) == (Kind.LATE, HOUR)
    grown = log((("a", 0),), young="false", until="2026-11-24", done="2026-11-25T01:00+01:00")
    assert replay(grown, made, words).findings == ()
    odd = log((("a", 0),), young="perhaps")
    assert "Values of the fact minor that could not be read: 1." in replay(odd, made, words).said


def test_lines_are_summed_by_an_attribute_of_the_case() -> None:
    found = replay(
        log((("a", 0), ("b", 1)), channel="Desk"), book(rule(WITHIN_A_DAY)), by=["channel"]
    )
    assert [line.key.groups for line in found.lines] == [("Desk",)]
    with pytest.raises(Unusable, match="No case has an attribute colour; there are: channel"):
        replay(log((("a", 0),), channel="Desk"), book(rule(WITHIN_A_DAY)), by=["colour"])


def test_small_numbers_are_withheld_with_their_sums() -> None:
    traces = [(("a", 0), ("b", 1))] * 7 + [(("a", 0), ("b", 48))] * 4
    report = suppressed(held([WITHIN_A_DAY], *traces), 5)
    [line] = report.lines
    assert (line.counts["kept"], line.counts["late"]) == (7, None)
    assert (line.lost, line.middle, line.working_days) == (None, None, None)
    assert (report.findings, report.conforming) == ((), None)


def test_nothing_small_is_left_in_a_suppressed_report() -> None:
    for late in range(12):
        traces = [(("a", 0), ("b", 1))] * (11 - late) + [(("a", 0), ("b", 48))] * late
        report = suppressed(held([WITHIN_A_DAY], *traces), 5)
        for line in report.lines:
            assert not any(n and n < 5 for n in line.counts.values())
        assert report.conforming is None or report.conforming in (0, 5, 6, 11)


def test_a_mapping_is_read_and_its_faults_are_named() -> None:
    made = book(rule(WITHIN_A_DAY))
    words = read_words("acts: {Phone: a, Noise: null}\nresource: who", made)
    assert (words.acts, words.columns.resource) == ({"Phone": "a", "Noise": None}, "who")
    for text, told in (
        ("acts: {Phone: z}", r"z \(acts\)"),
        ("parties: {x: nobody}", r"nobody \(parties\)"),
        ("colours: {}", "colours"),
        ("acts: [a]", "pairs of words"),
        ("[a]", "no list of keys"),
        ("a: [", "no YAML"),
    ):
        with pytest.raises(Unusable, match=told):
            read_words(text, made)


def test_another_calendar_counts_other_working_days() -> None:
    from spona.conduct.calendar import Calendar

    rows = [{"when": "a", "must": "b", "within": {"working_days": 1}}]
    made = book(rule(*rows))
    kings_day = datetime(2026, 4, 24, 9, tzinfo=ZONE)  # a Friday; Monday the 27th is free in NL
    entries = [
        Entry("a", kings_day, "", {}, "1"),
        Entry("b", kings_day + 4 * DAY, "", {}, "2"),
    ]
    told = gathered([("case", {}, entries)], Oddities(ZONE))
    dutch = Calendar("NL", ZoneInfo("Europe/Amsterdam"))
    assert [f.kind for f in replay(told, made).findings] == [Kind.LATE]
    assert replay(told, made, calendar=dutch).findings == ()


def test_a_finding_is_one_value() -> None:
    assert Finding(Kind.LATE, "c", "R-1", "a", "x", MONDAY).lost == timedelta()
