"""A foreign name as Serbian writes it: by sound, letter by letter (Pravopis srpskoga jezika, the
chapter on transcription, as far as letters go)."""

from __future__ import annotations

import re

from spona.names.letters import graphemes, plain

_SOUNDS = {
    "sh": "š",
    "sch": "š",
    "ch": "č",
    "tch": "č",
    "tsch": "č",
    "dzh": "dž",
    "dsch": "dž",
    "dschsch": "dž",
    "j": "dž",
    "kh": "h",
    "gh": "g",
    "th": "t",
    "dh": "d",
    "zh": "ž",
    "ph": "f",
    "ck": "k",
    "qu": "kv",
    "q": "k",
    "x": "ks",
    "w": "v",
    "y": "j",
    "ou": "u",
    "oo": "u",
    "ee": "i",
    "ts": "c",
    "tz": "c",
    "c": "k",
    "dj": "dž",
    "gj": "đ",
}
_OWN = frozenset("čćšžđ")
_BEFORE_VOWEL = re.compile(r"^[aeiou]")


def serbian(word: str) -> str:
    """A word in Latin as Serbian Latin writes it: `Jawad` -> `Džavad`. Serbian stays as it is."""
    text = plain(word)
    if _OWN & set(text) or not text:
        return text
    parts = graphemes(text)
    return "".join(
        _sound(part, parts[at + 1] if at + 1 < len(parts) else "", at, parts[at - 1] if at else "")
        for at, part in enumerate(parts)
    )


def _sound(part: str, after: str, at: int, before: str) -> str:
    if part == "y" and not _BEFORE_VOWEL.match(after) and not (before and before in "aeiou"):
        return "i"
    if part == "c" and after[:1] in ("e", "i", "y"):
        return "s"
    return _SOUNDS.get(part, part)
