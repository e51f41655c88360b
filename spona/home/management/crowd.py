"""Synthetic people for measuring the search: nobody in here has ever lived.

Names are drawn from a file of spellings (one group a word, one style a person), and those that have
to be found are hidden among them. Rows are written past the actions, by COPY, into a scratch
database: one institution may see them all, which is the hardest case for row security.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from spona.base.sealing import seal, search_keys
from spona.names import VERSION, keys, tokens
from spona.names.cyrillic import letters_to_cyrillic
from spona.names.serbian import serbian
from spona.people.models.finding import PLACE, hashed

STYLES = ("en", "sr", "cy", "ar")
SHARES = (40, 30, 15, 15)
SEED = 7
OFFICE, OFFICER, TOWN = 1, 1, 1
LOOSE = ("people_searchentry", "people_person", "people_nameword", "cases_case", "cases_caseaccess")
FOREIGN = """
SELECT conrelid::regclass::text, conname FROM pg_constraint
WHERE contype = 'f' AND (conrelid = ANY(%s::regclass[]) OR confrelid = ANY(%s::regclass[]))
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique
"""
Forms = Mapping[str, Sequence[str]]  # by style


@dataclass
class Crowd:
    """Invented people: `names[i]` is what person i + 1 is called, `groups[i]` are its groups."""

    names: list[str]
    groups: list[frozenset[str]]


def drawn(rows: Iterable[Mapping[str, str]], hidden: Crowd, people: int) -> Crowd:
    """The hidden names first, then as many drawn ones as make up `people`."""
    chance = random.Random(SEED)  # noqa: S311 - the same crowd each time
    groups = _styled(rows)
    made = Crowd(list(hidden.names), list(hidden.groups))
    for style in chance.choices(STYLES, SHARES, k=max(0, people - len(hidden.names))):
        # One or two given names and a family name.
        parts = chance.choices(groups, k=chance.choice((2, 3)))
        made.names.append(" ".join(chance.choice(forms[style]) for _group, forms in parts))
        made.groups.append(frozenset(group for group, _forms in parts))
    return made


def _styled(rows: Iterable[Mapping[str, str]]) -> list[tuple[str, Forms]]:
    """Each group's spellings by style; Serbian ones follow the rule of `spona.names.serbian`."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["group_qid"]][row["script"]].append(row["form"])
    usable = {name: group for name, group in found.items() if group["L"] and group["A"]}
    return [(name, _all_styles(group)) for name, group in usable.items()]


def _all_styles(group: Mapping[str, Sequence[str]]) -> Forms:
    own = [serbian(form) for form in group["L"]]
    cyrillic = [*group["C"], *(letters_to_cyrillic(form) for form in own)]
    return {"en": group["L"], "sr": own, "cy": cyrillic, "ar": group["A"]}


def settle(dsn: str, crowd: Crowd) -> None:
    """Write the crowd into an empty database and let one institution see all of it."""
    words = _Words()
    with psycopg.connect(dsn) as owner:
        again = _loosened(owner)
        owner.execute("SET LOCAL maintenance_work_mem = '512MB'")
        _copied(owner, "people_searchentry", ENTRY, words.entries(crowd.names))
        _copied(owner, "people_nameword", WORD, words.rows())
        owner.execute(PEOPLE, [len(crowd.names)])
        owner.execute(CASES, [len(crowd.names)])
        owner.execute(ACCESS, [len(crowd.names)])
        for definition in again:
            owner.execute(definition.encode())
        _forced(owner, "FORCE")
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")


class _Words:
    """Words as they are met, with their ids and how many people have them."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.people: dict[int, int] = defaultdict(int)
        self.cut: dict[str, tuple[int, ...]] = {}

    def entries(self, names: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        key_id = search_keys()[0][0]
        for person, name in enumerate(names, start=1):
            ids = [self._id(word.lower()) for word in tokens.words(name)]
            for id_ in ids:
                self.people[id_] += 1
            yield person, _array(ids), _array([1] * len(ids)), "{}", key_id, VERSION

    def _id(self, word: str) -> int:
        return self.ids.setdefault(word, len(self.ids) + 1)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        key_id, under = search_keys()[0]
        for word, id_ in self.ids.items():
            stored = sorted(hashed(key, under) for key in keys.stored(tokens.token(word)))
            sealed = seal(word.encode(), PLACE)
            mark, people = hashed(f"w{word}", under), self.people[id_]
            yield id_, mark, sealed, _array(stored), people, key_id, VERSION


def _array(numbers: Iterable[int]) -> str:
    """As COPY reads it, ten times as fast as by way of a list."""
    return "{" + ",".join(map(str, numbers)) + "}"


ENTRY = "person_id, words, name_of, numbers, key_id, version"
WORD = "id, mark, word, keys, people, key_id, version"
PEOPLE = """
INSERT INTO people_person (id, birth_precision, birth_declared_by, sex, country_said, father,
  synthetic, row_version, created_at)
SELECT n, 'unknown', 'child', 'unknown', '', '', true, 1, now() FROM generate_series(1, %s) n
"""
CASES = f"""
INSERT INTO cases_case (id, organisation_id, person_id, code, municipality_id, opened_at,
  closure_reason, row_version, synthetic)
SELECT n, {OFFICE}, n, 'SYN-' || n, {TOWN}, now(), '', 1, true FROM generate_series(1, %s) n
"""  # noqa: S608 - numbers of our own
ACCESS = f"""
INSERT INTO cases_caseaccess (case_id, organisation_id, basis, from_at, reason, reason_code)
SELECT n, {OFFICE}, 'owner', now(), '', '' FROM generate_series(1, %s) n
"""  # noqa: S608 - numbers of our own


def _loosened(owner: psycopg.Connection[Any]) -> list[str]:
    """Take off what slows COPY down; returns how the indexes are put back."""
    _forced(owner, "NO FORCE")
    for table, name in owner.execute(FOREIGN, [list(LOOSE), list(LOOSE)]).fetchall():
        owner.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"'.encode())
    found = owner.execute(INDEXES, [list(LOOSE)]).fetchall()
    for name, _definition in found:
        owner.execute(f"DROP INDEX {name}".encode())
    return [str(definition) for _name, definition in found]


def _forced(owner: psycopg.Connection[Any], how: str) -> None:
    for table in LOOSE:
        owner.execute(f"ALTER TABLE {table} {how} ROW LEVEL SECURITY".encode())


def _copied(
    owner: psycopg.Connection[Any], table: str, columns: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    with owner.cursor().copy(f"COPY {table} ({columns}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)
