"""Numbers of papers, however they were typed."""

from __future__ import annotations

import unicodedata

# Letters of Cyrillic that look like a Latin one, as a clerk types them into a number.
_LOOK_ALIKE = str.maketrans("АВЕЅЈКМНОРСТХУІ", "ABESJKMHOPCTXYI")


def number_key(number: str) -> str:
    """Letters and digits only, in capitals, whatever script the keys were in: `A 12-34` -> `A1234`.

    Digits of Arabic and Persian become those of Latin; empty if nothing is left.
    """
    plain = unicodedata.normalize("NFKC", number).upper().translate(_LOOK_ALIKE)
    return "".join(_digit(letter) for letter in plain if letter.isalnum())


def _digit(letter: str) -> str:
    return str(unicodedata.digit(letter)) if letter.isdigit() else letter
