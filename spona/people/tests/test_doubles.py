"""Whether two records may be of one child."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from spona.people.rules import Birth, Precision
from spona.people.rules.doubles import NO_BIRTH, PRIOR, SHOWN, Known, likeness

ESTIMATED = Birth(date(2011, 1, 1), Precision.ESTIMATED)
NGO = Known(("Sintetik Namuna",), ESTIMATED, "m")
YEAR_BEFORE = Birth(date(2010, 1, 1), Precision.ESTIMATED)
CENTRE = Known(("Sintetik Namune",), YEAR_BEFORE, "m", "AF", "Primer")
EXACT = Birth(date(2012, 5, 3), Precision.DAY)
WORDS = st.text("abdehijklmnorstuz", min_size=3, max_size=8)
KNOWN = st.builds(
    Known,
    names=st.lists(st.tuples(WORDS, WORDS).map(" ".join), max_size=3).map(tuple),
    birth=st.sampled_from([ESTIMATED, EXACT, NO_BIRTH]),
    sex=st.sampled_from(["m", "f", "unknown"]),
    citizenship=st.sampled_from(["", "AF", "PK"]),
    father=st.one_of(st.just(""), WORDS),
)  # fmt: skip


def test_a_child_whose_name_is_spelt_otherwise_is_shown() -> None:
    assert likeness(NGO, CENTRE).total >= SHOWN


def test_the_same_child_in_the_script_of_the_border_is_shown() -> None:
    border = replace(NGO, names=("محمد جواد حسینی",))
    centre = replace(CENTRE, names=("Muhamed Džavad Huseini",))
    assert likeness(border, centre).total >= SHOWN


def test_another_name_is_not_shown() -> None:
    assert likeness(NGO, replace(CENTRE, names=("Probni Drugi",))).total < SHOWN


def test_a_girl_is_not_a_boy_of_a_name_that_is_only_alike() -> None:
    assert likeness(NGO, replace(CENTRE, sex="f")).total < likeness(NGO, CENTRE).total - 7


def test_an_alias_is_enough() -> None:
    with_alias = replace(CENTRE, names=("Probni Drugi", "Sintetik Namuna"))
    assert likeness(NGO, with_alias).total == likeness(NGO, replace(CENTRE, names=NGO.names)).total


def test_the_same_companions_speak_for_one_child() -> None:
    with_whom = frozenset({"7"})
    together = likeness(replace(NGO, companions=with_whom), replace(CENTRE, companions=with_whom))
    assert together.total > likeness(NGO, CENTRE).total + 5


@given(KNOWN, KNOWN)
def test_it_does_not_matter_who_is_compared_with_whom(one: Known, other: Known) -> None:
    assert isclose(likeness(one, other).total, likeness(other, one).total, abs_tol=1e-9)


@given(KNOWN)
def test_of_whom_nothing_is_known_nothing_is_said(one: Known) -> None:
    assert likeness(one, Known(())).total == PRIOR
