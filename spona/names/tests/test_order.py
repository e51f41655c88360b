"""Serbian alphabetical order without ICU."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from spona.names.cyrillic import to_cyrillic
from spona.names.order import sort_key

ALPHABET = "a b c č ć d dž đ e f g h i j k l lj m n nj o p r s š t u v z ž"


def in_order(names: list[str]) -> bool:
    return all(sort_key(one) < sort_key(next_) for one, next_ in pairwise(names))


def test_the_alphabet_is_in_serbian_order() -> None:
    assert in_order(ALPHABET.split())


def test_names_stand_as_in_a_serbian_register() -> None:
    names = ["Cvetić", "Čabarkapa", "Ćirić", "Damjanović", "Džavad", "Đorđević", "Lukić", "Ljubić"]
    names += ["Nović", "Njegoš", "Savić", "Šabić", "Zorić", "Žarković"]
    assert in_order(names)


@given(st.lists(st.sampled_from(ALPHABET.split()), min_size=1).map("".join))
def test_a_name_has_one_place_in_both_scripts(name: str) -> None:
    assert sort_key(to_cyrillic(name)) == sort_key(name)


def test_a_hidden_digraph_is_two_letters() -> None:
    assert sort_key("injekcija") < sort_key("inkluzija") < sort_key("inženjer") < sort_key("inja")


def test_short_names_come_before_longer_ones_and_digits_before_letters() -> None:
    names = ["Ana", "Ana 2", "Ana-Marija", "Ana Zec", "Anabela"]
    assert in_order(names)


def test_case_accents_and_punctuation_do_not_count() -> None:
    assert sort_key(" Hoseini,  José ") == sort_key("hoseini jose")
    assert sort_key("O'Brajen") == sort_key("OBrajen")


def test_foreign_latin_letters_stand_beside_their_neighbours() -> None:
    names = ["Petar", "Qasim", "Rada", "Vuk", "Wahid", "Xan", "Yasin", "Zoran"]
    assert in_order(names)


def test_other_scripts_come_after_the_last_serbian_letter() -> None:
    assert sort_key("Žžž") < sort_key("محمد")


@given(st.text())
def test_the_key_is_plain_ascii(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]*", sort_key(text))
