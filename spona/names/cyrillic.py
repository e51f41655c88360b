"""Serbian Latin into Cyrillic, and back.

The pages are written in Latin and their Cyrillic is made here, never translated twice. What is
not Serbian stays as it is: placeholders, tags, addresses, codes, file names, foreign words.
"""

import re
import unicodedata

_LATIN = "a b c č ć d dž đ e f g h i j k l lj m n nj o p r s š t u v z ž"
_CYRILLIC = "а б ц ч ћ д џ ђ е ф г х и ј к л љ м н њ о п р с ш т у в з ж"

_TO_CYRILLIC = dict(zip(_LATIN.split(), _CYRILLIC.split(), strict=True))
_TO_LATIN = dict(zip(_CYRILLIC.split(), _LATIN.split(), strict=True))

# A stroke in the source keeps two letters apart where a digraph would be read: in|jekcija.
_MARK = re.compile(r"(?<=[nl])\|(?=j)|(?<=d)\|(?=ž)", re.IGNORECASE)

# Stems in which the two letters are always apart; any other word takes the stroke in the source.
# `\b` where the stem hides inside words that do have the digraph (anjon, but kanjon).
_STEMS_APART = (
    *("in|jekc", "in|jekt", "in|junk", r"\bin|jicir", "kon|junk", "kon|jug", "tan|jug"),
    *("van|jezi", "pan|jugosl", r"\ban|jon", "ben|jamin"),
    *("nad|živ", "nad|žnj", "nad|žup", "od|žal", "od|živ", "od|žvak"),
    *("pod|žanr", "pod|žar", "pod|žeg", "pod|žež", "pod|žup", "pred|živ"),
)
_APART = re.compile(
    "|".join("{}(?={})".format(*stem.split("|")) for stem in _STEMS_APART), re.IGNORECASE
)

_MARK_IN_CYRILLIC = re.compile(r"(?<=н)\|(?=ј)|(?<=л)\|(?=ј)|(?<=д)\|(?=ж)", re.IGNORECASE)

# Acronyms and names that Serbian Cyrillic keeps in Latin. All others are transliterated
# (CSR, MUP, KZM, OJT, NVO). Words with q, w, x or y need no entry.
_STAYS_LATIN = (
    *("UNHCR", "UNICEF", "IOM", "IASC", "OCHA", "EUAA", "IATI", "GBV", "MHPSS", "HSDS", "HXL"),
    *("QR", "MFA", "PIN", "TOTP", "SMS", "SIM", "USB", "GPS", "ID", "IP", "API", "URL", "HTTP"),
    *("HTTPS", "TLS", "HTML", "CSS", "CSV", "JSON", "PDF", "PNG", "JPG", "JPEG", "ZIP", "ISO"),
    *(
        "UTF",
        "DCR",
        "ODK",
        "GDPR",
        "AGPL",
        "Facebook",
        "Google",
        "Messenger",
        "Authenticator",
        "Aegis",
    ),
)
_FILE_ENDINGS = "csv docx? gif html? jpe?g json mo odt pdf png po py svg txt xlsx? xml ya?ml zip"
_DOMAIN_ENDINGS = "com eu gov info int net org rs"

_KEPT = (
    r"<[a-z/!][^<>]*>",  # tags, with whatever their attributes say
    r"&(?:\#\w+|\w+);",  # entities
    r"%\(\w+\)[-+\#0]*\d*(?:\.\d+)?[a-z]",  # %(name)s
    r"%%",
    r"%[-+\#0]*\d*(?:\.\d+)?[a-z]",  # %s, and %Y of a date
    r"\{[^{}]*\}",  # {name}
    r"(?:https?://|www\.)[^\s<>]+",
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    rf"\b[\w/.-]+\.(?:{'|'.join(_FILE_ENDINGS.split())})\b",
    rf"\b[\w-]+(?:\.[\w-]+)*\.(?:{'|'.join(_DOMAIN_ENDINGS.split())})\b(?:/[^\s<>]*)?",
    r"\b(?-i:[A-Z]+)(?:-(?-i:[A-Z]+))*-\d[\w-]*",  # VR-2026-0147, UASC-08a
    r"\w*_\w*",  # names of fields
    rf"\b(?-i:{'|'.join(_STAYS_LATIN)})(?![^\W\d_])",
    r"\b(?-i:h|min|km|cm|kg|kB|MB|GB)\b",  # symbols of units are Latin in both scripts
    r"\b(?-i:III?|IV|VI{1,3})\b",  # a lone I is "and"; with X the next line keeps it
    r"\w*[qwxy]\w*",
    r"\w*(?-i:[a-z][A-Z])\w*",  # FreeOTP, KoboToolbox
)
_WORD = r"[^\W\d_]+(?:\|[^\W\d_]+)*"
_PIECE = re.compile(rf"(?P<kept>{'|'.join(_KEPT)})|{_WORD}", re.IGNORECASE)
_LETTER = re.compile(r"[ln]j|dž|[^\W\d_]", re.IGNORECASE)


def without_marks(text: str) -> str:
    """The text as a reader of Latin sees it: `in|jekcija` without its stroke."""
    return _MARK.sub("", text)


def to_cyrillic(text: str) -> str:
    """Serbian Cyrillic of a text in Serbian Latin, which may hold strokes (`van|jezički`).

    Case follows the digraph: Lj and LJ give Љ, lj gives љ. Cyrillic input comes back unchanged.
    A one-letter Roman numeral is read as a letter: write 5. razred, not V razred.
    """
    return _PIECE.sub(
        lambda found: found[0] if found["kept"] else letters_to_cyrillic(found[0]),
        unicodedata.normalize("NFC", text),
    )


def letters_to_cyrillic(text: str) -> str:
    """Like `to_cyrillic`, but nothing is kept in Latin: for comparing and sorting names."""
    apart = _APART.sub(r"\g<0>|", unicodedata.normalize("NFC", text))
    return _MARK_IN_CYRILLIC.sub("", _LETTER.sub(_letter, apart))


def to_latin(text: str) -> str:
    """Serbian Latin of a text in Cyrillic; Latin input comes back unchanged.

    Љ gives LJ between capitals and Lj elsewhere.
    """
    return "".join(
        _latin(letter, text[at - 1 : at], text[at + 1 : at + 2]) for at, letter in enumerate(text)
    )


def _letter(found: re.Match[str]) -> str:
    cyrillic = _TO_CYRILLIC.get(found[0].lower(), found[0])
    return cyrillic.upper() if found[0][0].isupper() else cyrillic


def _latin(letter: str, before: str, after: str) -> str:
    latin = _TO_LATIN.get(letter.lower(), letter)
    if not letter.isupper():
        return latin
    capitals = after.isupper() or (before.isupper() and not after.isalpha())
    return latin.upper() if capitals else latin.capitalize()
