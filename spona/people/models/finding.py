"""By what a person is found: words of names, known by keyed hashes alone.

A word stands here once, sealed, however many people are called by it, and says of nobody that he
exists; whose words they are says `SearchEntry`, which is seen by those who may see the person.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import connection, models

from spona.base.sealing import search_keys, unseal
from spona.base.sealing.fields import SealedTextField
from spona.people.models.person import Person
from spona.people.rules.numbers import number_key

FATHER = 0  # in `SearchEntry.name_of`; names count from one

WORDS = """
SELECT id, word, people FROM people_nameword WHERE keys && %s::bigint[]
ORDER BY people DESC LIMIT %s
"""
# As whoever asks: by index, then only those of whose cases one is open to them. And the same by
# the policy of the table: all whom one may see, then their words.
FOUND = "SELECT person_id, words, name_of FROM found_people(%s::int[], %s::int[])"
SEEN = """
SELECT person_id, words, name_of FROM people_searchentry
WHERE words && %s::int[] AND words && %s::int[]
"""
PEOPLE = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE relname = 'people_searchentry'"


class Word(NamedTuple):
    """A candidate: `sealed` is opened by `opened`, `people` is how many had it when counted."""

    id: int
    sealed: bytes
    people: int


class Entry(NamedTuple):
    """Whose words these are; `name_of` says of each to which of the names it belongs."""

    person_id: int
    words: Sequence[int]
    name_of: Sequence[int]


class NameWord(models.Model):
    """A word of names. `mark` finds it again, `keys` are those of `spona.names.keys`, both hashed
    under the search key `key_id`; `people` is counted at night."""

    id = models.AutoField(primary_key=True)
    mark = models.BigIntegerField(unique=True)
    word = SealedTextField(max_length=130)
    keys = ArrayField(models.BigIntegerField())
    people = models.PositiveIntegerField(default=0)
    key_id = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [
            GinIndex(fields=["keys"], fastupdate=False, name="name_words_by_key"),
            models.Index(fields=["key_id", "version"], name="name_words_by_making"),
        ]


class SearchEntryManager(models.Manager["SearchEntry"]):
    def words_under(self, keys: Iterable[str], most: int) -> list[Word]:
        """Words that are stored under one of these keys, those of most people first."""
        with connection.cursor() as cursor:
            cursor.execute(WORDS, [every_hash(keys), most])
            return [Word(id_, bytes(word), people) for id_, word, people in cursor.fetchall()]

    def with_words(self, one: Sequence[int], other: Sequence[int], *, few: bool) -> list[Entry]:
        """Entries with a word of each of the two sets, of people whom the actor may see.

        `few` says that the words are rare, so that asking for each person is quicker than
        beginning with all whom the actor sees.
        """
        with connection.cursor() as cursor:
            cursor.execute(FOUND if few else SEEN, [list(one), list(other)])
            return [Entry(*row) for row in cursor.fetchall()]

    def with_words_anywhere(self, one: Sequence[int], other: Sequence[int]) -> list[Entry]:
        """The same among all people: only in the engine room, where no name leaves it."""
        with connection.cursor() as cursor:
            cursor.execute(SEEN, [list(one), list(other)])
            return [Entry(*row) for row in cursor.fetchall()]

    def with_number(self, typed: str) -> list[int]:
        """Ids of the people of whose papers one has exactly this number."""
        if not (key := number_key(typed)):
            return []
        found = self.filter(numbers__overlap=every_hash([f"#{key}"]))
        return list(found.values_list("person_id", flat=True))

    def how_many(self) -> int:
        """About how many people there are, as the server remembers."""
        with connection.cursor() as cursor:
            cursor.execute(PEOPLE)
            return int(cursor.fetchone()[0])


class SearchEntry(models.Model):
    """A person's words (`NameWord` ids), those of the father with `FATHER`, and the hashed numbers
    of his papers."""

    person = models.OneToOneField(
        Person, on_delete=models.CASCADE, primary_key=True, related_name="search_entry"
    )
    words = ArrayField(models.IntegerField())
    name_of = ArrayField(models.SmallIntegerField())
    numbers = ArrayField(models.BigIntegerField(), default=list)
    key_id = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()

    objects = SearchEntryManager()

    class Meta:
        indexes = [
            GinIndex(fields=["words"], fastupdate=False, name="people_by_word"),
            GinIndex(fields=["numbers"], fastupdate=False, name="people_by_number"),
            models.Index(fields=["key_id", "version"], name="entries_by_making"),
        ]


PLACE = f"{NameWord._meta.db_table}.word"


def opened(sealed: bytes) -> str:
    """The word that stands sealed."""
    return unseal(sealed, PLACE).decode()


def hashed(key: str, under: bytes) -> int:
    """Eight bytes of HMAC-SHA-256, as the database's bigint."""
    return int.from_bytes(hmac.digest(under, key.encode(), "sha256")[:8], "big", signed=True)


def every_hash(keys: Iterable[str]) -> list[int]:
    """Under each search key that is in use: while keys are being changed there are two."""
    listed = list(keys)
    return [hashed(key, under) for _id, under in search_keys() for key in listed]
