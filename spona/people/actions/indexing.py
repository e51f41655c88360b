"""Keep under what a person is found. Called by whatever writes a name, a father or a number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from spona import names
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.sealing import search_keys
from spona.names import keys, tokens
from spona.people.models import NameWord, Person, SearchEntry
from spona.people.models.finding import FATHER, hashed
from spona.people.rules.numbers import number_key

WordsOf = list[tuple[str, int]]  # a word, and of which name


def person_index(person: Person) -> None:
    """Write anew under which words and numbers the person is found."""
    listed = words_of(person)
    ids = words_known({word for word, _name in listed})
    key_id, under = search_keys()[0]
    numbers = [hashed(f"#{key}", under) for key in _numbers(person)]
    SearchEntry.objects.update_or_create(
        person=person,
        defaults={
            "words": [ids[word] for word, _name in listed],
            "name_of": [name for _word, name in listed],
            "numbers": numbers,
            "key_id": key_id,
            "version": names.VERSION,
        },
    )


def words_of(person: Person) -> WordsOf:
    """The words of every name and of the father's, each with the number of its name."""
    found: WordsOf = [(word, FATHER) for word in _cut(person.father)]
    for number, name in enumerate(person.names.order_by("pk"), start=1):
        found += [(word, number) for word in (*_cut(name.given), *_cut(name.family))]
    return found


def words_known(texts: Iterable[str]) -> dict[str, int]:
    """The id of each word; what was not known yet is written."""
    listed = list(texts)
    known = _ids(listed)
    if missing := [text for text in listed if text not in known]:
        key_id, under = search_keys()[0]
        made = (word_made(text, key_id, under) for text in missing)
        NameWord.objects.bulk_create(made, ignore_conflicts=True)
        known |= _ids(missing)
    return known


def word_made(text: str, key_id: int, under: bytes) -> NameWord:
    """A word under one search key, not saved."""
    return NameWord(
        mark=hashed(f"w{text}", under),
        word=text,
        keys=sorted(hashed(key, under) for key in keys.stored(tokens.token(text))),
        key_id=key_id,
        version=names.VERSION,
    )


def _ids(texts: Iterable[str]) -> dict[str, int]:
    """Under whichever key a word still stands, while keys are being changed."""
    marks = {hashed(f"w{text}", under): text for text in texts for _id, under in search_keys()}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [list(marks)])
        return {marks[mark]: id_ for mark, id_ in cursor.fetchall()}


def _cut(name: str) -> list[str]:
    return [word.lower() for word in tokens.words(name)]


def _numbers(person: Person) -> Iterator[str]:
    for document in person.documents.all():
        if key := number_key(document.number):
            yield key


@dataclass(frozen=True, slots=True)
class Step:
    """What one transaction made anew, and how much is left of it."""

    what: str
    done: int
    left: int


def keys_renew(*, batch: int, by: Actor, at: datetime) -> Iterator[Step]:
    """Hash words, and then entries of people, anew under the newest search key and by the rules of
    today, in batches that are transactions of their own. What was interrupted goes on from there;
    questions are answered all the while, since they are asked under every key."""
    done: Counter[str] = Counter()
    for what, one_batch in (("words", _renew_words), ("people", _renew_entries)):
        while (step := one_batch(batch)).done:
            done[what] += step.done
            yield step
    detail = {"key": search_keys()[0][0], "version": names.VERSION, "rows": dict(done)}
    audit.ran("keys_renew", by=by, at=at, detail=detail)


@transaction.atomic
def _renew_words(batch: int) -> Step:
    key_id, under = search_keys()[0]
    older = NameWord.objects.exclude(key_id=key_id, version=names.VERSION)
    taken = list(older.select_for_update(skip_locked=True, no_key=True).order_by("pk")[:batch])
    for word in taken:
        made = word_made(word.word, key_id, under)
        word.mark, word.keys = made.mark, made.keys
        word.key_id, word.version = made.key_id, made.version
    NameWord.objects.bulk_update(taken, ["mark", "keys", "key_id", "version"])
    return Step("words", len(taken), older.count())


@transaction.atomic
def _renew_entries(batch: int) -> Step:
    """Also of people who have no entry yet: those who were written down before there were any."""
    current = SearchEntry.objects.filter(key_id=search_keys()[0][0], version=names.VERSION)
    older = Person.objects.exclude(pk__in=current.values("person_id"))
    taken = list(older.select_for_update(skip_locked=True, no_key=True).order_by("pk")[:batch])
    for person in taken:
        person_index(person)
    return Step("people", len(taken), older.count())


COUNTED = f"""
UPDATE {NameWord._meta.db_table} word SET people = counted.people
FROM (SELECT id, coalesce(had.people, 0) AS people FROM {NameWord._meta.db_table} LEFT JOIN (
        SELECT one AS id, count(*) AS people
        FROM {SearchEntry._meta.db_table}, unnest(words) one GROUP BY one) had USING (id)) counted
WHERE counted.id = word.id AND counted.people <> word.people
"""  # noqa: S608 - names of our own tables
UNUSED = f"SELECT id FROM {NameWord._meta.db_table} WHERE people = 0 FOR UPDATE SKIP LOCKED"  # noqa: S608
FORGOTTEN = f"""
DELETE FROM {NameWord._meta.db_table} word WHERE id = ANY(%s)
AND NOT EXISTS (SELECT FROM {SearchEntry._meta.db_table} WHERE words @> ARRAY[word.id])
"""  # noqa: S608 - names of our own tables
# Whoever is about to use a word holds it, so that it is not forgotten at that moment.
KNOWN = f"SELECT mark, id FROM {NameWord._meta.db_table} WHERE mark = ANY(%s) FOR KEY SHARE"  # noqa: S608


@transaction.atomic
def words_count() -> None:
    """How many people have each word, by which the rarer is asked first; a word that nobody has any
    more is forgotten."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED)
        cursor.execute(UNUSED)
        cursor.execute(FORGOTTEN, [[id_ for (id_,) in cursor.fetchall()]])
