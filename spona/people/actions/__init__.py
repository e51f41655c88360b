"""Write down who somebody is, correct it, and join two records of one person."""

from spona.people.actions.indexing import Step, keys_renew, person_index, words_count
from spona.people.actions.joining import (
    BOTH,
    Joining,
    Since,
    person_join,
    person_part,
    since_joined,
)
from spona.people.actions.writing import (
    NO_NAME,
    SENTENCES,
    LanguageDraft,
    NameDraft,
    PersonDraft,
    document_number_add,
    identity_reseal,
    language_set,
    name_add,
    person_correct,
    person_create,
)

__all__ = [
    "BOTH",
    "NO_NAME",
    "SENTENCES",
    "Joining",
    "LanguageDraft",
    "NameDraft",
    "PersonDraft",
    "Since",
    "Step",
    "document_number_add",
    "identity_reseal",
    "keys_renew",
    "language_set",
    "name_add",
    "person_correct",
    "person_create",
    "person_index",
    "person_join",
    "person_part",
    "since_joined",
    "words_count",
]
