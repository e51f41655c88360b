"""A name into its words, with what belongs together joined and what is only an article apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from spona.names.letters import ARABIC, Graphemes, family_of, graphemes, plain

_BREAK = re.compile(r"[\s,;/()\"«»„“”.]+")
_INSIDE = re.compile(r"[\W_]+")  # what stands between letters of one word: al-, abu'l
_ARTICLE = re.compile(
    r"^(?:al|el|ul|ol|il|as|es|ar|er|an|en|at|et|ad|ed|az|ez|aš|eš|ash|esh)-(?=.)"
)
_ARTICLES = frozenset("al el ul as ar an ad az ash aš il the ال".split())
_PARTICLES = frozenset(
    "bin ibn ben bint binti bint' ould wld von van de da di du la le del den bn min"
    " بن ابن بنت بنتی ولد و".split()
)
_BEFORE = frozenset(  # is joined with what follows
    "abd abdul abdel abdal abdol abdu abdoul ebd abu abou ebu bou عبد ابو ابی بو عبدال".split()
)
_AFTER = frozenset(  # is joined with what stands before
    "allah ullah ollah ulah olah ula ola lah uddin eddin udin edin aldin din ddin"
    " zada zadah zadeh zade zai zay zoi zoy الله اله الدین دین زاده زئی زی".split()
)

# Abd, the article, and a name: the article takes on the sound of the letter after it.
_ABD = re.compile(r"^abd[aeiou]+(?=[^aeiou])")
_ABD_ARTICLE = re.compile(r"^abdl(?!l)(?=[^aeiou]|[aeiou](?!h))")
_OF_FAITH = re.compile(r"(?<=..)[aeou]?l?d+[iy]n[e]?$|(?<=..)[aeou]ldeen$")
_OF_GOD = re.compile(r"(?<=..)[aou](?:ll+a|l+ah)$")
_HONORIFIC = re.compile(r"(?<=....)(?:xon|jon|khon|khan|jan|džan|bek|boy)$")  # Nadimaxon: Nadima
_ARABIC_ABD = re.compile(r"^عبدال(?=..)")
_ARABIC_OF_GOD = re.compile("(?<=..)ال?له$")
_ARABIC_OF_FAITH = re.compile("(?<=..)الدین$")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a name. `forms` are its readings, the likeliest first: with and without the
    article, which some Arabic names only seem to have (Elias, Elham)."""

    text: str
    forms: tuple[Graphemes, ...]
    is_particle: bool
    is_initial: bool


def words(name: str) -> list[str]:
    """The words as written, compounds joined: `Zabih Ullah` -> `ZabihUllah`."""
    joined: list[str] = []
    waiting = ""
    for word in _BREAK.split(name):
        bare = _INSIDE.sub("", _ARTICLE.sub("", plain(word)))
        if not bare or bare in _ARTICLES:
            continue
        if waiting:
            word, waiting = waiting + word, ""
        elif bare in _BEFORE:
            waiting = word
            continue
        if joined and bare in _AFTER:
            joined[-1] += word
        else:
            joined.append(word)
    return [*joined, waiting] if waiting else joined


@lru_cache(maxsize=65_536)
def token(word: str) -> Token:
    """One word of `words`, read."""
    text = plain(word)
    bare = _INSIDE.sub("", _ARTICLE.sub("", text))
    read = _arabic(bare) if family_of(bare) == ARABIC else _latin(bare)
    forms = tuple(dict.fromkeys(found for one in read if (found := graphemes(one))))
    return Token(word, forms or (tuple(bare),), bare in _PARTICLES, len(bare) == 1)


def tokens(name: str) -> tuple[Token, ...]:
    return tuple(token(word) for word in words(name))


def _latin(bare: str) -> list[str]:
    short = _ABD_ARTICLE.sub("abd", _ABD.sub("abd", bare))
    short = _OF_GOD.sub("lah", _OF_FAITH.sub("din", short))
    # On a keyboard without č and ž, Džavad is typed Dzavad.
    return [short, _HONORIFIC.sub("", short), short.replace("dz", "dž")]


def _arabic(bare: str) -> list[str]:
    short = _ARABIC_OF_FAITH.sub("دین", _ARABIC_ABD.sub("عبد", bare))
    short = _ARABIC_OF_GOD.sub("له", short)
    if short.startswith("ال") and len(short) > 4:
        return [short[2:], short]
    return [short]
