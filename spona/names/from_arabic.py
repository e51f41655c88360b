"""A word in Arabic script as Serbian would write it by sound: letters, and rules for the short
vowels that are not written. No list of names: what comes out is a suggestion, to be checked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spona.names.letters import plain

_CONSONANTS = dict(
    zip(
        "بپتثجچحخدذرزژسشصضطظغفقکگلمنه",
        "b p t s dž č h h d z r z ž s š s z t z g f k k g l m n h".split(),
        strict=True,
    )
) | {"ځ": "z", "څ": "c", "ڤ": "v", "ھ": "h"}
_SILENT = frozenset("عءئ")
_GUTTURAL = frozenset("هحع")
_SUN = frozenset("تثدذرزسشصضطظلن")  # the article takes on their sound
_PASSIVE = re.compile("^م[^اآوی]{3}ی?$")  # muhammad: every consonant has a vowel
_REFLEXIVE = re.compile("^م[^اآوی][تط][^اآوی]ی$")  # mustafa, murtaza
_OF = {"الله": "ulah", "الدین": "udin"}
_COMPOUND = re.compile("(..+)(الله|الدین)(.*)")
_NISBA = re.compile("^[^اآوی]{3}ی$")  # hasani, but mahdi


@dataclass(frozen=True, slots=True)
class _Unit:
    """A letter as it sounds; `is_vowel` only where a vowel is written."""

    letter: str
    sound: str
    is_vowel: bool = False


def latin_of(word: str) -> str:
    """One word of `tokens.words`, in lower case: `محمد` -> `muhamad`."""
    letters = re.sub(r"[\W\d_]", "", plain(_endings(word)))
    if found := _COMPOUND.fullmatch(letters):
        return _core(found[1]) + _OF[found[2]] + _core(found[3])
    if letters.startswith("عبدال") and len(letters) > 6:
        rest = letters[5:]
        return ("abdu" if rest[0] in _SUN else "abdul") + _core(rest)
    if letters.startswith("ال") and len(letters) > 4:
        return "al-" + _core(letters[2:])
    return _core(letters)


def _endings(word: str) -> str:
    """The two signs for a last a that `plain` takes for other letters."""
    return re.sub("[ىة]$", "ا", word)


def _core(letters: str) -> str:
    units = _units(letters)
    if _REFLEXIVE.match(letters):
        units[-1] = _Unit(letters[-1], "a", True)
    said = ""
    voiced = False  # a vowel came last
    for at, unit in enumerate(units):
        said += unit.sound
        voiced_before, voiced = voiced, unit.is_vowel
        if not unit.is_vowel and _needs_vowel(units, at, voiced_before, letters):
            said += _vowel(units, at, letters)
            voiced = True
    return said


def _units(letters: str) -> list[_Unit]:
    found: list[_Unit] = []
    at = 0
    while at < len(letters):
        before = found[-1] if found else None
        unit, read = _read(letters, at, before)
        found += unit
        at += read
    return found


def _read(letters: str, at: int, before: _Unit | None) -> tuple[list[_Unit], int]:
    """What the letter at this place says, and how many letters that took."""
    letter, after, last = letters[at], letters[at + 1 : at + 2], at == len(letters) - 1
    if letter in "اآ":
        return _alif(letters, at)
    if letter == "و":
        return [_waw(after, before)], 1
    if letter == "ی":
        return _ya(letters, at, before), 1
    if letter == "ؤ":
        return [_Unit(letter, "u", True)], 1
    if letter == "ه" and last and before is not None and not before.is_vowel:
        return [_Unit(letter, "a", True)], 1
    if letter in _SILENT:
        return [_Unit(letter, "")], 1
    return [_Unit(letter, _CONSONANTS.get(letter, ""))], 1


def _alif(letters: str, at: int) -> tuple[list[_Unit], int]:
    """At the beginning it carries what follows: ای is i, او is u."""
    after, then = letters[at + 1 : at + 2], letters[at + 2 : at + 3]
    if at == 0 and letters[0] == "ا" and after in ("ی", "و") and then not in ("ا", "و", "ی"):
        return [_Unit(after, "i" if after == "ی" else "u", True)], 2
    return [_Unit(letters[at], "a", True)], 1


def _waw(after: str, before: _Unit | None) -> _Unit:
    consonant = before is None or before.is_vowel or after in ("ا", "آ", "و", "ی")
    return _Unit("و", "v") if consonant else _Unit("و", "u", True)


def _ya(letters: str, at: int, before: _Unit | None) -> list[_Unit]:
    after, last = letters[at + 1 : at + 2], at == len(letters) - 1
    glide, vowel = _Unit("ی", "j"), _Unit("ی", "i", True)
    if before is None:
        return [glide]
    opens = after in ("ا", "آ", "و") or (after == "ه" and at == len(letters) - 2)
    if before.is_vowel:
        return [vowel] if last else [] if after == "ی" else [glide]
    if opens:
        return [vowel, glide]
    return [glide] if after == "ی" else [vowel]


def _needs_vowel(units: list[_Unit], at: int, closes: bool, letters: str) -> bool:
    """Whether a short vowel stands after the consonant. `closes`: a vowel stands before it, so that
    it may end a syllable."""
    if at + 1 >= len(units) or units[at + 1].is_vowel:
        return False
    if not closes or at + 2 >= len(units):
        return True
    if _PASSIVE.match(letters) and not _REFLEXIVE.match(letters):
        return True
    if _NISBA.match(letters):
        return units[at].letter not in _GUTTURAL
    return False


def _vowel(units: list[_Unit], at: int, letters: str) -> str:
    """A participle begins with mu; after a w the lips stay round; else a, the commonest."""
    participle = at == 0 and _PASSIVE.match(letters)
    return "u" if participle or units[at].letter == "و" else "a"
