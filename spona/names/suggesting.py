"""A name typed in one script offers the others. Each is a suggestion that somebody has to check."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spona.names.cyrillic import letters_to_cyrillic, to_latin
from spona.names.from_arabic import latin_of
from spona.names.letters import ARABIC, LATIN, plain, script_of
from spona.names.serbian import serbian
from spona.names.to_arabic import arabic_of
from spona.names.tokens import words

CYRILLIC = "Cyrl"
_WORD = re.compile(r"[^\W\d_]+")
_SERBIAN_LATIN = re.compile(r"[a-pr-vzčćšžđ\W]+", re.IGNORECASE)
_SERBIAN_CYRILLIC = re.compile(r"[абвгдђежзијклљмнњопрстћуфхцчџш\W]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Suggestion:
    """`script` is an ISO 15924 code."""

    script: str
    text: str


def suggestions(name: str) -> tuple[Suggestion, ...]:
    """The name in the scripts in which it was not typed, and in Serbian Latin where it is spelt
    otherwise; none where no letter says which script it is in."""
    by_script: dict[str, Callable[[str], Iterator[Suggestion]]] = {
        LATIN: _of_latin,
        CYRILLIC: _of_cyrillic,
        ARABIC: _of_arabic,
    }
    make = by_script.get(script_of(name))
    found = make(" ".join(name.split())) if make else ()
    return tuple(dict.fromkeys(one for one in found if one.text.strip() and one.text != name))


def _of_latin(name: str) -> Iterator[Suggestion]:
    """As Serbian writes the sounds; and letter by letter, if it may have been Serbian already."""
    latin = _each_word(name, _as_serbian)
    if latin.casefold() != name.casefold():
        yield Suggestion(LATIN, latin)
    yield Suggestion(CYRILLIC, letters_to_cyrillic(latin))
    if _SERBIAN_LATIN.fullmatch(name):
        yield Suggestion(CYRILLIC, letters_to_cyrillic(name))
    yield Suggestion(ARABIC, _in_arabic(name))


def _of_cyrillic(name: str) -> Iterator[Suggestion]:
    is_serbian = _SERBIAN_CYRILLIC.fullmatch(name)
    yield Suggestion(LATIN, to_latin(name) if is_serbian else _each_word(name, _plain))
    yield Suggestion(ARABIC, _in_arabic(name))


def _of_arabic(name: str) -> Iterator[Suggestion]:
    latin = " ".join("-".join(map(_capital, latin_of(word).split("-"))) for word in words(name))
    yield Suggestion(LATIN, latin)
    yield Suggestion(CYRILLIC, letters_to_cyrillic(latin))


def _in_arabic(name: str) -> str:
    return " ".join(filter(None, map(arabic_of, words(name))))


def _each_word(name: str, change: Callable[[str], str]) -> str:
    return _WORD.sub(lambda found: change(found[0]), name)


def _as_serbian(word: str) -> str:
    return _capital(serbian(word))


def _plain(word: str) -> str:
    return _capital(plain(word))


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]
