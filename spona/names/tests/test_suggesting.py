"""A name typed in one script offers the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.names.cyrillic import to_latin
from spona.names.letters import ARABIC, LATIN, plain, script_of
from spona.names.likeness import compare
from spona.names.suggesting import CYRILLIC, suggestions

CONSONANTS = ("b", "č", "d", "f", "g", "h", "k", "l", "m", "n", "r", "š", "t", "v", "z", "ž", "đ")
SYLLABLE = st.tuples(st.sampled_from(CONSONANTS), st.sampled_from("aeiou")).map("".join)
WORD = st.lists(SYLLABLE, min_size=2, max_size=4).map("".join)
SERBIAN = st.tuples(WORD, WORD).map(lambda both: " ".join(one.capitalize() for one in both))
LETTERS = "ابتجحخدرزسشعفقکلمنهوی"
WRITTEN = st.text(LETTERS, min_size=3, max_size=7)


def offered(name: str, script: str) -> list[str]:
    return [one.text for one in suggestions(name) if one.script == script]


@pytest.mark.parametrize(
    ("typed", "latin"),
    [
        ("محمد جواد", "Muhamad Džavad"),
        ("احمد محمود", "Ahmad Mahmud"),
        ("حسن مهدی", "Hasan Mahdi"),
        ("مصطفی حسنی", "Mustafa Hasani"),
        ("عبد الرحمن", "Abdurahman"),
        ("ذبیح الله", "Zabihulah"),
        ("نور الدین", "Nurudin"),
        ("فاطمة الزهراء", "Fatma Al-Zahra"),
        ("سکینه رقیه", "Sakina Rakija"),
        ("عیسی یحیی", "Isi Jahji"),
        ("ایوب زیاد", "Ajub Zijad"),
    ],
)
def test_what_arabic_script_leaves_out_is_put_in_by_rule(typed: str, latin: str) -> None:
    assert offered(typed, LATIN) == [latin]


@pytest.mark.parametrize(
    ("typed", "arabic"),
    [
        ("Jawad", "جواد"),
        ("Džavad", "جواد"),
        ("Џавад", "جواد"),
        ("Mahmud", "مهمود"),
        ("Abdurahman", "عبدالرهمان"),
        ("Abd al-Qadir", "عبدالقدیر"),
        ("Zabihullah", "زبیهالله"),
        ("Najmuddin", "نجمالدین"),
        ("Khalid", "خلید"),
        ("Fatimah", "فتیمه"),
    ],
)
def test_short_vowels_are_left_out_and_long_ones_kept(typed: str, arabic: str) -> None:
    assert offered(typed, ARABIC) == [arabic]


def test_a_foreign_spelling_becomes_serbian_in_both_scripts() -> None:
    assert offered("Jawad Hosseini", LATIN) == ["Džavad Hoseini"]
    assert offered("Jawad Hosseini", CYRILLIC) == ["Џавад Хосеини"]


def test_what_may_be_serbian_already_is_also_offered_letter_by_letter() -> None:
    assert "Јован" in offered("Jovan", CYRILLIC)


def test_what_is_in_no_script_offers_nothing() -> None:
    assert suggestions("") == suggestions("12 – 7") == ()


def test_what_was_typed_is_never_offered() -> None:
    assert "Muhamed" not in offered("Muhamed", LATIN)


@given(SERBIAN)
def test_serbian_goes_into_cyrillic_and_back(name: str) -> None:
    assert any(name in offered(cyrillic, LATIN) for cyrillic in offered(name, CYRILLIC))


@given(SERBIAN)
def test_what_is_offered_in_cyrillic_is_found_by_what_was_typed(name: str) -> None:
    for one in offered(name, CYRILLIC):
        assert plain(name) == plain(one)


@given(st.tuples(WRITTEN, WRITTEN).map(" ".join))
def test_both_scripts_of_serbian_say_the_same_of_an_arabic_name(name: str) -> None:
    latin, cyrillic = offered(name, LATIN), offered(name, CYRILLIC)
    assert len(latin) == len(cyrillic) == 1
    assert script_of(cyrillic[0]) == CYRILLIC
    assert to_latin(cyrillic[0]) == latin[0]


@given(st.text(max_size=30))
def test_whatever_is_typed_each_suggestion_is_in_the_script_it_says(name: str) -> None:
    for one in suggestions(name):
        assert one.text.strip()
        assert one.text != name
        assert script_of(one.text) == one.script


@pytest.mark.parametrize(
    "name",
    ["محمد جواد حسینی", "احمد رحیمی", "فاطمه کریمی", "Mohammad Rahimi", "Muhamed Huseini",
     "Мухамед Хусеини", "Abdurahman Karimi", "Zabihullah Ahmadi"],
)  # fmt: skip
def test_what_is_offered_is_found_by_what_was_typed(name: str) -> None:
    for one in suggestions(name):
        assert compare(name, one.text).score > 0.55, one
