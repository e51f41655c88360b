"""Letters of four ways of writing into graphemes that can be compared.

Serbian and other Cyrillic is read as Serbian Latin, so that both scripts of Serbian are one; the
Arabic script of Arabic, Persian, Pashto and Urdu keeps its own letters, since `sh` may stand for
one of them and `s` for three. No ICU and no list of names: what stands here are letters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LATIN, ARABIC = "Latn", "Arab"
Graphemes = tuple[str, ...]

_SERBIAN = dict(
    zip(
        "абвгдђежзијклљмнњопрстћуфхцчџш",
        "a b v g d đ e ž z i j k l lj m n nj o p r s t ć u f h c č dž š".split(),
        strict=True,
    )
)
# Russian, Ukrainian, Macedonian, Kazakh, Tatar, Tajik letters as Serbian would write the sound.
_OTHER_CYRILLIC = {
    **{"й": "j", "ы": "i", "э": "e", "ё": "jo", "я": "ja", "ю": "ju", "щ": "šč", "ь": "", "ъ": ""},
    **{"є": "je", "і": "i", "ї": "ji", "ґ": "g", "ў": "u", "ѓ": "đ", "ќ": "ć", "ѕ": "dz"},
    **{"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h"},
    **{"ҳ": "h", "ҷ": "dž", "ӣ": "i", "ӯ": "u", "ҙ": "z", "ҫ": "s", "ҡ": "k", "җ": "dž"},
}
_CYRILLIC = _SERBIAN | _OTHER_CYRILLIC

# Latin letters that no accent explains, and the two whose accent is a letter of its own.
_LATIN_LETTERS = {
    **{letter: letter for letter in "čćšžđ"},
    **{"ı": "i", "ə": "e", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ß": "ss", "ð": "d"},
    **{"þ": "th", "ŋ": "n", "ħ": "h", "ş": "š", "ç": "č", "ğ": "gh", "ș": "š"},
}
# English, French, German, Turkish and Serbian ways of writing one consonant; longest first.
DIGRAPHS = (
    *("dschsch", "dsch", "tsch", "tch", "dzh", "sch", "šč", "dž", "dj", "gj", "sh", "ch", "kh"),
    *("gh", "th", "dh", "zh", "ph", "ck", "qu", "ts", "tz", "dz", "nj", "lj", "ou", "oo", "ee"),
)
_LATIN_GRAPHEME = re.compile("|".join(DIGRAPHS) + r"|[^\W\d_]")

# Vowel signs, tatweel, joiners: written by few and never alike.
_ARABIC_MARKS = re.compile("[\u064b-\u065f\u0670\u0640\u200c-\u200f\u06d6-\u06ed]")
_ARABIC = str.maketrans(
    {
        **dict.fromkeys("أإٱٲٳ", "ا"),
        **dict.fromkeys("ىيېےۍێ", "ی"),
        **dict.fromkeys("كڪګ", "ک"),
        **dict.fromkeys("ۀہھەۂ", "ه"),
        **dict.fromkeys("ړڑڕ", "ر"),
        **dict.fromkeys("ډڈ", "د"),
        **dict.fromkeys("ټٹ", "ت"),
        **dict.fromkeys("ڼںڻ", "ن"),
        **dict.fromkeys("ۆۋۇۈ", "و"),
        **{"ڵ": "ل", "ښ": "ش", "ږ": "ژ", "ک": "ک", "ګ": "گ"},
    }
)
# Digits that stand for Arabic letters where people type Arabic on Latin keys: fara7, 3ali.
_CHAT = str.maketrans({"2": "", "3": "", "5": "kh", "7": "h"})
_NO_LETTER = re.compile(r"[\W\d_]")


def script_of(text: str) -> str:
    """ISO 15924 code of the first letter that tells: `Latn`, `Cyrl` or `Arab`; else `Zyyy`."""
    for letter in text:
        if letter.isalpha():
            name = unicodedata.name(letter, "")
            for word, code in (("LATIN", LATIN), ("CYRILLIC", "Cyrl"), ("ARABIC", ARABIC)):
                if name.startswith(word):
                    return code
    return "Zyyy"


def family_of(text: str) -> str:
    """`Arab` or `Latn`: which of the two sets of graphemes a word is read in."""
    return ARABIC if script_of(text) == ARABIC else LATIN


@lru_cache(maxsize=65_536)
def plain(word: str) -> str:
    """A word in lower case with one letter for each sound as far as letters go.

    Cyrillic comes back as Serbian Latin, accents of foreign letters are gone, čćšžđ stay.
    """
    lower = unicodedata.normalize("NFKC", word).lower()
    if family_of(lower) == ARABIC:
        return _ARABIC_MARKS.sub("", lower).translate(_ARABIC)
    return "".join(_latin(letter) for letter in unicodedata.normalize("NFC", lower))


def graphemes(word: str) -> Graphemes:
    """What one `plain` word is written of, each double taken once: `m o h a m a d`."""
    letters = _NO_LETTER.sub("", word.translate(_CHAT) if word[:1].isalpha() else word)
    found = letters if family_of(letters) == ARABIC else _LATIN_GRAPHEME.findall(letters)
    return tuple(one for at, one in enumerate(found) if at == 0 or found[at - 1] != one)


def _latin(letter: str) -> str:
    if letter in _CYRILLIC:
        return _CYRILLIC[letter]
    if letter in _LATIN_LETTERS:
        return _LATIN_LETTERS[letter]
    parts = unicodedata.normalize("NFKD", letter)
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    return _CYRILLIC.get(bare, bare)
