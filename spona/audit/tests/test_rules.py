"""What the verifier names, without a database."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spona.audit.rules import GENESIS, Batch, Comparison, Fault, Finding, check_link, event_digest

LOG = {number: event_digest([f"line {number}", None, [number]]) for number in range(1, 9)}


def _found(present: dict[int, str], chunk: int = 3) -> list[Finding]:
    comparison = Comparison()
    numbers = list(LOG)
    for cut in range(0, len(numbers), chunk):
        part = {number: LOG[number] for number in numbers[cut : cut + chunk]}
        comparison.add(part, {n: present[n] for n in part if n in present})
    return comparison.findings()


def test_an_untouched_log_has_no_findings() -> None:
    assert _found(dict(LOG)) == []


@given(st.sampled_from(sorted(LOG)))
def test_an_edited_line_is_named(number: int) -> None:
    assert _found(LOG | {number: event_digest(["other"])}) == [Finding(Fault.EDITED, number)]


@given(st.sampled_from(sorted(LOG)[:-1]))
def test_a_deleted_line_is_named(number: int) -> None:
    present = {n: digest for n, digest in LOG.items() if n != number}
    assert _found(present) == [Finding(Fault.DELETED, number)]


@given(st.lists(st.sampled_from(sorted(LOG)), min_size=2, max_size=2, unique=True))
def test_two_lines_that_changed_places_are_named_as_a_pair(pair: list[int]) -> None:
    a, b = sorted(pair)
    assert _found(LOG | {a: LOG[b], b: LOG[a]}) == [Finding(Fault.MOVED, a, b)]


def test_three_lines_that_changed_places_are_named_each() -> None:
    turned = LOG | {1: LOG[2], 2: LOG[3], 3: LOG[1]}
    moved = [(one.number, one.other) for one in _found(turned) if one.fault is Fault.MOVED]
    assert moved == [(1, 2), (2, 3), (3, 1)]


@given(st.integers(min_value=2, max_value=8))
def test_a_tail_that_was_cut_is_named_from_where_to_where(first: int) -> None:
    present = {n: digest for n, digest in LOG.items() if n < first}
    assert _found(present) == [Finding(Fault.TAIL_CUT, first, 8)]


def test_a_log_without_any_line_left_is_a_cut_tail() -> None:
    assert _found({}) == [Finding(Fault.TAIL_CUT, 1, 8)]


def _batch(previous: str = GENESIS, ids: tuple[int, ...] = (1, 2)) -> Batch:
    return Batch(previous, 7, 100, ids, "".join(LOG[n] for n in ids))


def test_a_seal_gives_back_the_digest_of_each_event() -> None:
    assert _batch().sealed() == {1: LOG[1], 2: LOG[2]}


def test_a_seal_that_was_edited_or_lost_its_predecessor_is_named() -> None:
    good = _batch()
    assert check_link(1, good, digest=good.digest(), before=GENESIS) == []
    edited = check_link(1, _batch(ids=(2, 1)), digest=good.digest(), before=GENESIS)
    assert edited == [Finding(Fault.SEAL_EDITED, 1)]
    orphan = check_link(1, good, digest=good.digest(), before="f" * 64)
    assert orphan == [Finding(Fault.SEAL_MISSING, 1)]


def test_every_finding_is_a_sentence() -> None:
    assert str(Finding(Fault.TAIL_CUT, 3, 5)) == (
        "The end of the log was cut off: events 3 to 5 are gone."
    )
    assert all(str(Finding(fault, 1, 2)).endswith(".") for fault in Fault)


@given(st.lists(st.text() | st.none() | st.integers() | st.lists(st.integers()), max_size=4))
def test_different_fields_have_different_digests(fields: list[object]) -> None:
    assert event_digest(fields) != event_digest([*fields, ""])
    assert event_digest([fields]) != event_digest(fields)
