"""A word in Latin or Serbian Cyrillic in the letters of Arabic and Persian: consonants by table,
long vowels kept, short ones left out by rule. What comes out is a suggestion, to be checked."""

from __future__ import annotations

import re

from spona.names.letters import graphemes, plain, script_of

_LETTERS = {
    "b": "ب",
    "p": "پ",
    "t": "ت",
    "d": "د",
    "k": "ک",
    "g": "گ",
    "q": "ق",
    "f": "ف",
    "v": "و",
    "w": "و",
    "h": "ه",
    "l": "ل",
    "m": "م",
    "n": "ن",
    "r": "ر",
    "s": "س",
    "z": "ز",
    "š": "ش",
    "ž": "ژ",
    "č": "چ",
    "ć": "چ",
    "đ": "ج",
    "dž": "ج",
    "dj": "ج",
    "gj": "ج",
    "dzh": "ج",
    "sh": "ش",
    "sch": "ش",
    "šč": "ش",
    "ch": "چ",
    "tch": "چ",
    "tsch": "چ",
    "dsch": "ج",
    "dschsch": "ج",
    "kh": "خ",
    "gh": "غ",
    "th": "ث",
    "dh": "ذ",
    "zh": "ژ",
    "ph": "ف",
    "ck": "ک",
    "qu": "ک",
    "x": "کس",
    "c": "ک",
    "ts": "تس",
    "tz": "تس",
    "dz": "ز",
}
_VOWELS = frozenset(("a", "e", "i", "o", "u", "ee", "oo", "ou"))
_FINAL = {"a": "ا", "e": "ه", "i": "ی", "ee": "ی", "o": "و", "u": "و", "oo": "و", "ou": "و"}
_LONG = {"ee": "ی", "i": "ی", "oo": "و", "ou": "و"}
_ABD = re.compile(r"^abd[aeou]+(?:l-?|-)?(?=...)")
_ARTICLE = re.compile(r"^[ae]l-(?=..)")
_OF_GOD = re.compile(r"(?<=..)[aou](?:ll+a|l+ah)$")
_OF_FAITH = re.compile(r"(?<=..)[aeou]d+[iy]n$")
_SERBIAN = frozenset(("č", "ć", "š", "ž", "đ", "dž"))


def arabic_of(word: str) -> str:
    """One word of `tokens.words`: `Jawad` and `Džavad` -> `جواد`. A Serbian j is a y, any other is
    the j of Jawad. What is said of God and of faith is written with its article."""
    text, as_serbian = plain(word), script_of(word) == "Cyrl"
    if re.match(r"^abd[aeou]+l+ah?$", text):
        return "عبدالله"
    before = "عبدال" if _ABD.match(text) else "ال" if _ARTICLE.match(text) else ""
    text = _ARTICLE.sub("", _ABD.sub("", text))
    after = "الله" if _OF_GOD.search(text) else "الدین" if _OF_FAITH.search(text) else ""
    if after:
        text = _OF_FAITH.sub("", _OF_GOD.sub("", text))
    return before + _core(text, as_serbian) + after


def _core(text: str, as_serbian: bool) -> str:
    parts = graphemes(text)
    as_serbian = as_serbian or bool(_SERBIAN & set(parts))
    parts = tuple(_sound(parts, at, as_serbian) for at in range(len(parts)))
    return "".join(_letter(parts, at, text) for at in range(len(parts)))


def _sound(parts: tuple[str, ...], at: int, as_serbian: bool) -> str:
    """The graphemes that are two sounds: j, and y, which is a vowel between consonants; c."""
    part, after = parts[at], parts[at + 1] if at + 1 < len(parts) else ""
    before = parts[at - 1] if at else ""
    if part == "j":
        return "y" if as_serbian else "dž"
    if part == "y" and after not in _VOWELS and before not in _VOWELS:
        return "i"
    return "s" if part == "c" and after in ("e", "i", "ee", "y") else part


def _letter(parts: tuple[str, ...], at: int, text: str) -> str:
    part = parts[at]
    if part == "y":
        return "ی"
    if part not in _VOWELS:
        return _LETTERS.get(part, "")
    if at == 0:
        return "ا"
    if at == len(parts) - 1:
        return _FINAL[part]
    return _LONG.get(part, "") or _inner(parts, at, text)


def _inner(parts: tuple[str, ...], at: int, text: str) -> str:
    """a and u are written where they are mostly long, in a last syllable: Jawad, Mahmud; not after
    a doubled consonant (Mohammad), nor where h only closes the word (Fatimah)."""
    part, closes_word = parts[at], at == len(parts) - 2
    if part == "u":
        return "و" if closes_word else ""
    if part == "a":
        after_vowel = at >= 2 and parts[at - 2] in _VOWELS
        if parts[-1] == "h" or parts[at - 1] * 2 in text:
            return ""
        return "ا" if closes_word and (after_vowel or parts[-1] == "n") else ""
    return ""
