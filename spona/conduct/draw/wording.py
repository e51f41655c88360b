"""The fixed words of a drawing, in Serbian (Latin) and English; Cyrillic is made from Latin."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from spona.names.cyrillic import to_cyrillic

LANGUAGES = ("sr-latn", "sr", "en")

WORDS = {
    "anyone": ("Svako", "Anybody"),
    "clock": ("Sat", "The clock"),
    "facts": ("Kada se sazna", "Once it is known"),
    "version": ("verzija", "version"),
    "acts": ("radnji", "acts"),
    "part": ("deo protokola", "a part of the protocol"),
    "diagram": ("Dijagram", "Diagram"),
    # beside an arrow
    "if": ("ako", "if"),
    "one_of": ("jedno\u00a0od", "one\u00a0of"),
    "preferred": ("najpre\u00a0ovo", "this\u00a0first"),
    "again": ("ponovo", "again"),
    "each": ("na svakih", "every"),
    "not_until": ("posle", "after"),
    "reason": ("ili uz\u00a0razlog", "or for a\u00a0reason"),
    "by": ("do", "by"),
    "longer": ("duže za", "longer by"),
    "breach": ("kada se prekrši", "on breach of"),
    # inside a box: what an act does to itself, or to acts that are named by number
    "self_exclude": ("samo jednom", "only once"),
    "self_include": ("otvara samu sebe", "opens itself"),
    "self_condition": ("ne može prva", "cannot be first"),
    "self_milestone": ("ne dok se duguje", "not while owed"),
    "self_extends": ("produžava se", "is extended"),
    "out_response": ("traži", "calls for"),
    "out_condition": ("uslov za", "needed for"),
    "out_milestone": ("dok se duguje, čeka", "while owed, holds"),
    "out_include": ("otvara", "opens"),
    "in_include": ("otvaraju je", "opened by"),
    "out_exclude": ("zatvara", "closes"),
    "in_exclude": ("zatvaraju je", "closed by"),
    # states of a run
    "done": ("urađeno", "done"),
    "owed": ("duguje se", "owed"),
    "late": ("kasni", "late"),
    "blocked": ("još ne može", "not possible yet"),
    # the legend
    "response": ("posle prve radnje dužnost je druga", "after the first act, the second is owed"),
    "condition": ("druga ne može pre prve", "the second may not come before the first"),
    "milestone": (
        "dok se prva duguje, druga ne može",
        "while the first is owed, the second may not come",
    ),
    "include": ("prva otvara drugu", "the first opens the second"),
    "exclude": ("prva zatvara drugu", "the first closes the second"),
    "extends": ("prva produžava rok druge", "the first extends the time of the second"),
    "fires": ("sat je izvrši posle prve", "the clock does it after the first"),
    "legend_act": ("radnja i njen broj", "an act and its number"),
    "legend_protective": ("štiti dete: ništa je ne sprečava", "protects: nothing stands before it"),
    "legend_closed": ("zatvorena dok je nešto ne otvori", "closed until something opens it"),
    "legend_clock": ("radnja sata", "done by the clock"),
    "legend_fact": ("činjenica", "a fact"),
    "legend_around": ("izvan ovog dela", "outside of this part"),
    "legend_note": (
        "brojevi u okviru su brojevi drugih radnji",
        "numbers in a box are the numbers of other acts",
    ),
}


def word(key: str, lang: str) -> str:
    serbian, english = WORDS[key]
    return english if lang == "en" else script(lang)(serbian)


def script(lang: str) -> Callable[[str], str]:
    """What puts authored Serbian Latin (or English) into the letters of `lang`."""
    return _cyrillic if lang == "sr" else _same


def authored(lang: str) -> str:
    """The language in which the book itself holds the words of `lang`."""
    return "en" if lang == "en" else "sr-latn"


_cyrillic = cache(to_cyrillic)


def _same(text: str) -> str:
    return text
