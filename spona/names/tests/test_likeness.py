"""The same child under the names that four offices wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.names import costs, evaluating, keys
from spona.names.cyrillic import letters_to_cyrillic, to_latin
from spona.names.letters import ARABIC, LATIN, graphemes, plain, script_of
from spona.names.likeness import Reason, alike, begins, compare
from spona.names.serbian import serbian
from spona.names.tokens import token, tokens, words

FOUR = (
    "محمد جواد حسینی",
    "Mohammad Jawad Hosseini",
    "Muhamed Džavad Huseini",
    "Мухамед Џавад Хусеини",
)
SERBIAN = "abcčćdđefghijklmnoprsštuvzž"
names = st.lists(st.text(SERBIAN, min_size=1, max_size=9), min_size=1, max_size=3).map(" ".join)
anything = st.text(SERBIAN + "wxyqابپتثجحخدذرزسشصضطظعغفقکگلمنهویюяъф'- ", max_size=24)


@pytest.mark.parametrize("one", FOUR)
@pytest.mark.parametrize("other", FOUR)
def test_four_offices_write_one_child(one: str, other: str) -> None:
    assert compare(one, other).score > 0.55
    assert compare(one, "Ahmad Zija Rezaji").score < 0.2
    assert all(
        keys.exact(x) & keys.exact(y) for x, y in zip(tokens(one), tokens(other), strict=True)
    )


@given(names)
def test_both_scripts_of_serbian_have_the_same_keys(name: str) -> None:
    cyrillic = letters_to_cyrillic(name)
    assert keys.of_name(cyrillic) == keys.of_name(to_latin(cyrillic))
    assert [one.forms for one in tokens(cyrillic)] == [one.forms for one in tokens(name)]
    if tokens(name):
        assert compare(name, cyrillic).score == pytest.approx(compare(name, name).score)


@given(anything, anything)
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    there, back = compare(one, other), compare(other, one)
    assert 0 <= there.score <= 1
    assert there.score == pytest.approx(back.score, abs=0.12)
    assert all(0 <= pair.score <= 1 for pair in there.pairs)


@given(names)
def test_a_name_is_most_like_itself(name: str) -> None:
    for one in tokens(name):
        assert all(alike(one, one) >= alike(one, two) for two in tokens("Zahra Muhamed Li"))
        assert keys.exact(one) <= keys.stored(one)


@pytest.mark.parametrize(
    ("apart", "together"),
    [
        ("Abd al Rahman", "Abdurrahman"),
        ("عبد الرحمن", "عبدالرحمن"),
        ("Zabih Ullah", "Zabihullah"),
        ("ذبیح الله", "Zabihullah"),
        ("Nur ad-Din", "Nureddine"),
        ("Husein Zadeh", "Huseinzadeh"),
        ("Abdel Aziz", "Abdulaziz"),
        ("Karim Zai", "Karimzai"),
    ],
)
def test_compounds_are_one_word(apart: str, together: str) -> None:
    assert len(tokens(apart)) == len(tokens(together)) == 1
    assert keys.exact(tokens(apart)[0]) & keys.exact(tokens(together)[0])


def test_an_article_is_no_part_of_a_name() -> None:
    assert words("al Kasas") == ["Kasas"]
    assert token("al-Jarrah").forms == token("Jarrah").forms
    assert len(token("الیاس").forms) == 2  # Elias, who only seems to have one


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Džavad", "Džavad", Reason.SAME),
        ("Џавад", "Džavad", Reason.SCRIPT),
        ("جواد", "Džavad", Reason.SOUND),
        ("Muhamed", "Mohamad", Reason.VOWELS),
        ("Muhamed", "Muhamned", Reason.LETTER),
        ("M", "Muhamed", Reason.INITIAL),
    ],
)
def test_why_two_words_are_a_pair(one: str, other: str, why: Reason) -> None:
    assert [pair.reason for pair in compare(one, other).pairs] == [why]


def test_order_and_what_is_missing_cost_little() -> None:
    whole = compare("Džavad Huseini", "Džavad Huseini").score
    turned = compare("Huseini Džavad", "Džavad Huseini")
    assert turned.swapped
    assert turned.score == pytest.approx(whole)
    assert compare("Džavad Huseini", "Muhamed Džavad Huseini").score > 0.8
    assert compare("", "Džavad") == compare("...", "Džavad")


def test_a_half_typed_word_begins_another() -> None:
    assert begins(token("dzav"), token("Џавад")) > 0.6
    assert begins(token("dzav"), token("جواد")) > 0.4
    assert begins(token("جو"), token("Džavad")) > 0.4
    assert begins(token("zah"), token("Džavad")) < 0.4
    assert set(keys.asked_as_beginning(token("Џ"))) & keys.stored(token("جواد"))


def test_a_slip_of_the_hand_is_forgiven() -> None:
    assert alike(token("Najam"), token("Najma")) > alike(token("Najam"), token("Najat"))
    assert keys.asked_near(token("Huseni")) | keys.exact(token("Huseni"))
    assert keys.asked_near(token("Husneini")) & keys.stored(token("Huseini"))


def test_scripts_and_letters() -> None:
    assert [script_of(text) for text in ("Ž", "ж", "ژ", "12")] == [LATIN, "Cyrl", ARABIC, "Zyyy"]
    assert plain("مُحَمَّد") == plain("محمد")
    assert plain("كريم") == plain("کریم")
    assert graphemes("fara7") == graphemes("farah")
    assert graphemes(plain("Хюсеин")) == graphemes(plain("Hjusein"))


@pytest.mark.parametrize(
    ("english", "ours"),
    [
        ("Jawad", "džavad"),
        ("Shahrokh", "šahroh"),
        ("Youssef", "jusef"),
        ("Qasim", "kasim"),
        ("Zahry", "zahri"),
        ("Celine", "seline"),
        ("Džavad", "džavad"),
        ("", ""),
    ],
)
def test_serbian_writes_by_sound(english: str, ours: str) -> None:
    assert serbian(english) == ours


def test_what_costs_nothing_is_not_there() -> None:
    tables = costs.tables()
    assert set(tables) == {(one, other) for one in (LATIN, ARABIC) for other in (LATIN, ARABIC)}
    known = tables[LATIN, LATIN]
    assert costs.evidence(("m", "a"), ("m", "a"), known) > 0
    assert costs.evidence(("m", "a"), ("k", "u"), known) < 0


def test_spellings_are_measured() -> None:
    rows = [
        {"component": "Q1", "script": "L", "form": "džavad"},
        {"component": "Q1", "script": "C", "form": "џавад"},
        {"component": "Q1", "script": "A", "form": "جواد"},
        {"component": "Q2", "script": "L", "form": "zahra"},
        {"component": "Q2", "script": "A", "form": "زهرا"},
        {"component": "Q3", "script": "L", "form": "only"},
    ]
    told = evaluating.variants_measured(rows)
    assert all(one == {"hit1": 1.0, "hit10": 1.0} for one in told.values())
    assert evaluating.variants_measured(rows, only={"Q2"})["ar_latn"]["hit1"] == 1.0
    assert evaluating.variants_measured([])["ar_latn"] == {"hit1": 0.0, "hit10": 0.0}
