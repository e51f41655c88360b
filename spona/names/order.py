"""Alphabetical order of Serbian names, one for both scripts.

The server has no ICU, so the order is a key in a column of plain ASCII.
"""

import unicodedata

from spona.names.cyrillic import letters_to_cyrillic

# The Latin order, with its Cyrillic letters; foreign letters beside their neighbours.
_ORDER = "а|б|ц ч ћ|д џ ђ|е|ф|г|х|и|ј|к|л љ|м|н њ|о|п|q|р|с ш|т|у|в|w|x|y|з ж"
_ASCII = "abcdefghijklmnopqrstuvwxyz"
_RANKS = {
    letter: f"{base}{rank}"
    for base, group in zip(_ASCII, _ORDER.split("|"), strict=True)
    for rank, letter in enumerate(group.split())
}
_SPACE = "00"


def sort_key(text: str) -> str:
    """The key by which a text stands in Serbian (Latin) alphabetical order.

    Both scripts give one key, so names in Latin and Cyrillic share a list: Džavad, Џавад.
    Case, accents of foreign letters and punctuation do not count; a space comes before a digit
    and a digit before a letter. The key is of a-z and 0-9 only, so that it sorts alike under
    any collation; letters of other scripts stand after ž, by code point. Two characters for a
    letter, eight for one of another script.
    """
    words = "".join(_kept(letter) for letter in _plain(text)).split()
    return _SPACE.join("".join(_rank(letter) for letter in word) for word in words)


def _plain(text: str) -> str:
    cyrillic = letters_to_cyrillic(unicodedata.normalize("NFKC", text).lower())
    return "".join(letter if letter in _RANKS else _bare(letter) for letter in cyrillic)


def _bare(letter: str) -> str:
    """A foreign letter without its accent: é stands as e, ü as u."""
    parts = unicodedata.normalize("NFKD", letter)
    return letters_to_cyrillic("".join(part for part in parts if not unicodedata.combining(part)))


def _kept(letter: str) -> str:
    if letter.isalnum():
        return letter
    return " " if letter.isspace() or letter in "-–" else ""


def _rank(letter: str) -> str:
    if letter in _RANKS:
        return _RANKS[letter]
    return f"1{letter}" if letter in "0123456789" else f"zz{ord(letter):06x}"
