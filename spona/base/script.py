"""Serbian text in the script of the page."""

from django.utils.translation import get_language

from spona.names.cyrillic import to_cyrillic


def in_script(text: str) -> str:
    """Latin as it was written; Cyrillic, where the reader chose it, made from the Latin."""
    return to_cyrillic(text) if get_language() == "sr" else text
