"""A person, the names by which he or she is called, and by what they are found."""

from spona.people.models.finding import NameWord, SearchEntry
from spona.people.models.person import (
    COUNTRY,
    LANGUAGE,
    SCRIPT,
    Person,
    PersonDocument,
    PersonLanguage,
    PersonName,
)

__all__ = [
    "COUNTRY",
    "LANGUAGE",
    "SCRIPT",
    "NameWord",
    "Person",
    "PersonDocument",
    "PersonLanguage",
    "PersonName",
    "SearchEntry",
]
