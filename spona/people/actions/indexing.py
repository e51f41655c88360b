"""Keep under what a person is found. Called by whatever writes a name, a father or a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spona import names
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
    key_id, under = search_keys()[0]
    marks = {hashed(f"w{text}", under): text for text in texts}
    known = _ids(marks)
    if missing := [mark for mark in marks if mark not in known]:
        NameWord.objects.bulk_create(
            (word_made(marks[mark], key_id, under) for mark in missing), ignore_conflicts=True
        )
        known = _ids(marks)
    return {text: known[mark] for mark, text in marks.items()}


def word_made(text: str, key_id: int, under: bytes) -> NameWord:
    """A word under one search key, not saved."""
    return NameWord(
        mark=hashed(f"w{text}", under),
        word=text,
        keys=sorted(hashed(key, under) for key in keys.stored(tokens.token(text))),
        key_id=key_id,
        version=names.VERSION,
    )


def _ids(marks: Iterable[int]) -> dict[int, int]:
    return dict(NameWord.objects.filter(mark__in=list(marks)).values_list("mark", "id"))


def _cut(name: str) -> list[str]:
    return [word.lower() for word in tokens.words(name)]


def _numbers(person: Person) -> Iterator[str]:
    for document in person.documents.all():
        if key := number_key(document.number):
            yield key
