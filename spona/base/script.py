"""Serbian text in the script of the page."""

from collections.abc import Mapping

from django.utils.translation import get_language

from spona.names.cyrillic import to_cyrillic, without_marks


def in_script(text: str) -> str:
    """Latin as it was written; Cyrillic, where the reader chose it, made from the Latin."""
    return to_cyrillic(text) if get_language() == "sr" else without_marks(text)


def written_language() -> str:
    """The language in which authored text exists for this page: `sr-latn` or `en`."""
    return "en" if get_language() == "en" else "sr-latn"


def said(phrases: Mapping[str, str]) -> str:
    """Authored text of a rule book or a code list, in the language and script of the page."""
    language = written_language()
    return in_script(phrases.get(language) or phrases["sr-latn"])
