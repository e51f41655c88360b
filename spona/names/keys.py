"""By what a word of a name is found: consonant skeletons, with one of them missing, and beginnings.

Keys are equal or they are not, so they can be stored as keyed hashes and a stolen copy shows no
name. They only have to bring the right word among the candidates; `likeness` decides. Letters that
are written for one another fall into one class (b and p, ق and g), vowels, w and y are dropped, and
one wrong, missing or additional consonant is forgiven: what two skeletons become when one letter is
deleted is equal (the symmetric deletion of Garbe's SymSpell).
"""

from __future__ import annotations

from functools import lru_cache

from spona.names.letters import Graphemes, plain
from spona.names.tokens import Token, tokens

MOST_SKELETONS = 8
LONGEST_BEGINNING = 5

_DROPPED = frozenset("a e i o u y w ee oo ou ا آ ع ء ئ ؤ و ی ة".split())
_SILENT_AT_THE_END = frozenset("h ه".split())


def _classes() -> dict[str, tuple[str, ...]]:
    """Each grapheme's classes, the likeliest first; an empty one means that it may be dropped."""
    found: dict[str, tuple[str, ...]] = {}
    for letters, classes in (
        ("b p ب پ", "B"),
        ("f ph ف", "F"),
        ("v ڤ", "F -"),
        ("m م", "M"),
        ("n nj ن", "N"),
        ("l lj ل", "L"),
        ("r ر", "R"),
        ("t ت ط", "T"),
        ("d د", "D"),
        ("th ث", "T S"),
        ("dh ذ ض ظ", "D S"),
        ("s ts tz س ص ز", "S"),
        ("z", "S"),
        ("dz", "S C"),
        ("k ck qu q ک ق", "K"),
        ("c", "K S C"),
        ("x", "K H"),
        ("g", "K C"),
        ("gh gj غ گ ڨ", "K"),
        ("h ح ه", "H"),
        ("kh خ", "H K"),
        ("ch", "C H"),
        ("sh š sch tsch tch ش č ć چ dž dj đ dzh dsch dschsch ž zh ژ šč", "C"),
        ("j", "C -"),
        ("ج", "C K"),
        ("ځ څ", "S C"),
    ):
        for letter in letters.split():
            found[letter] = tuple("" if one == "-" else one for one in classes.split())
    return found


_CLASSES = _classes()


@lru_cache(maxsize=65_536)
def skeletons(word: Graphemes) -> tuple[str, ...]:
    """The consonants of a word by class, doubles once; several where letters are ambiguous."""
    found = {"": None}
    for at, letter in enumerate(word):
        silent = at == len(word) - 1 and at > 0 and letter in _SILENT_AT_THE_END
        classes = ("",) if silent or letter in _DROPPED else _CLASSES.get(letter, (letter,))
        found = {_added(one, more): None for one in found for more in classes}
        if len(found) > MOST_SKELETONS:
            found = dict.fromkeys(list(found)[:MOST_SKELETONS])
    return tuple(found)


def of_name(name: str) -> frozenset[str]:
    """Every key under which a name is stored."""
    return frozenset(key for one in tokens(name) for key in stored(one))


def stored(word: Token) -> frozenset[str]:
    """Every key under which a word is stored."""
    return exact(word) | near(word) | beginnings(word)


def exact(word: Token) -> frozenset[str]:
    """Keys of words that may be the same: an equal skeleton. An initial has a key of its own."""
    if word.is_initial:
        return frozenset(f"!{one[:1]}" for one in _read(word))
    return frozenset(f"={one}" for one in _read(word))


def near(word: Token) -> frozenset[str]:
    """Keys of words with one consonant wrong, missing or too many."""
    return frozenset(
        f"~{shorter}" for one in _read(word) if len(one) > 1 for shorter in (one, *_shorter(one))
    )


def beginnings(word: Token) -> frozenset[str]:
    """Keys of what a half typed word may become: beginnings of the skeleton and of the letters."""
    letters = plain(word.text)
    by_skeleton = {f"^{one[:n]}" for one in _read(word) for n in range(1, LONGEST_BEGINNING + 1)}
    return frozenset(by_skeleton | {f'"{letters[:n]}' for n in range(1, LONGEST_BEGINNING + 1)})


def asked_as_initial(word: Token) -> frozenset[str]:
    """The key of an initial that stands for this word."""
    return frozenset(f"!{one[:1]}" for one in _read(word) if one)


def asked_as_beginning(word: Token) -> tuple[str, ...]:
    """Keys under which a half typed word is looked for."""
    letters = plain(word.text)[:LONGEST_BEGINNING]
    found = {f"^{one[:LONGEST_BEGINNING]}": None for one in _read(word) if one}
    return (*found, f'"{letters}')


def _read(word: Token) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for form in word.forms for one in skeletons(form)))


def _shorter(skeleton: str) -> set[str]:
    return {skeleton[:at] + skeleton[at + 1 :] for at in range(len(skeleton))}


def _added(skeleton: str, letter: str) -> str:
    return skeleton if not letter or skeleton.endswith(letter) else skeleton + letter
