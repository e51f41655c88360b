"""Names across scripts: the table of figures, each beside its baseline from the same run.

Words: beside Levenshtein and rapidfuzz's WRatio on names romanised letter by letter. Full names
among a million synthetic people: beside pg_trgm on the same romanised names, in the same database
(150 questions, as it is slow). Registers: `bench.names_linking`. The files are those for
development, on which the costs of letters were estimated; `python -m bench.names_costs --check`
asks for words that were not.
"""

from __future__ import annotations

import csv
import os
import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import django
import psycopg

DATA = Path(__file__).parents[2] / "shared" / "data" / "names"
PEOPLE, PEER_ASKS, PEER_WORDS = 1_000_000, 150, 400
NO_DATA = "../shared/data/names is not beside the project: nothing to measure on"
Rows = list[dict[str, str]]
Row = tuple[str, float, float, float, bool]


def main() -> int:
    if not DATA.exists():
        print(NO_DATA)
        return 0
    os.environ |= {"SPONA_DEMO": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    django.setup()
    variants, asked = _rows("name_variants.tsv", "\t"), _rows("search.csv", ",")
    print(f"{'':<44}{'baseline':>10}{'ours':>10}{'wanted':>10}")
    for row in (*_words(variants), *_searched(variants, asked)):
        _show(row)
    return 0


def _show(row: Row) -> None:
    title, baseline, ours, wanted, less_is_better = row
    reached = ours <= wanted if less_is_better else ours >= wanted
    ratio = ours / baseline if baseline else float("inf")
    missed = "" if reached else "  LIMIT MISSED"
    print(
        f"{title:<44}{baseline:>10.3f}{ours:>10.3f}{wanted:>10.3f}  x{ratio:.2f}{missed}",
        flush=True,
    )


# --- words


def _words(variants: Rows) -> Iterator[Row]:
    from rapidfuzz import fuzz
    from rapidfuzz.distance import Levenshtein

    from spona.names.evaluating import variants_measured

    ours = variants_measured(variants)
    for name, scorer in (
        ("Levenshtein", Levenshtein.normalized_similarity),
        ("WRatio", fuzz.WRatio),
    ):
        for way, asked, index, measure, wanted in (
            ("ar_latn", "A", "L", "hit10", 0.98),
            ("ar_latn", "A", "L", "hit1", 0.87),
            ("latn_ar", "L", "A", "hit10", 0.97),
        ):
            plain = _plainly(variants, asked, index, scorer)
            yield (
                f"word {way} {measure} ({name})",
                plain[measure],
                ours[way][measure],
                wanted,
                False,
            )


def _plainly(
    variants: Rows, asked: str, index: str, scorer: Callable[..., float]
) -> dict[str, float]:
    from rapidfuzz import process

    from bench.names_plain import romanised

    forms: dict[str, dict[str, set[str]]] = {asked: defaultdict(set), index: defaultdict(set)}
    for row in variants:
        if row["script"] in forms:
            forms[row["script"]][row["form"]].add(row["component"])
    answers = set().union(*forms[index].values())
    words = [form for form in sorted(forms[asked]) if forms[asked][form] & answers]
    random.Random(1).shuffle(words)
    known = sorted(forms[index])
    choices = [romanised(form) for form in known]
    first = among = 0
    for form in words[:PEER_WORDS]:
        best = process.extract(romanised(form), choices, scorer=scorer, limit=10)
        right = [bool(forms[index][known[at]] & forms[asked][form]) for _text, _score, at in best]
        first += right[0]
        among += any(right)
    count = len(words[:PEER_WORDS])
    return {"hit1": first / count, "hit10": among / count}


# --- full names


def _searched(variants: Rows, asked: Rows) -> Iterator[Row]:
    from config import devdb, scratch
    from spona.home.management import crowd, measuring

    devdb.start()
    everybody = crowd.drawn(variants, measuring.hidden(asked), PEOPLE)
    with scratch.database("spona_bench_names") as dsn:
        crowd.settle(dsn, everybody)
        ours = measuring.search_measured(asked, everybody)
        half_typed = measuring.prefix_measured(asked, everybody)
        peer = _trigrams(dsn, asked, everybody)
    yield "full name, 1 million, hit@10", peer["all"], ours["all"], 0.90, False
    yield "  Arabic and another script", peer["crossed"], ours["arabic_other"], 0.80, False
    yield "  the very person that was hidden", peer["person"], ours["very_person"], 0.0, False
    yield "  last word half typed", 0.0, half_typed, 0.80, False
    yield "  p50 ms, row security on", peer["p50"], ours["p50_ms"], 10.0, True
    yield "  p95 ms", peer["p95"], ours["p95_ms"], 50.0, True


def _trigrams(dsn: str, asked: Rows, everybody: Any) -> dict[str, float]:
    from bench.names_plain import romanised

    with psycopg.connect(dsn) as owner:
        owner.execute("CREATE EXTENSION pg_trgm")
        owner.execute("CREATE TABLE peer (id int, name text)")
        with owner.cursor().copy("COPY peer FROM STDIN") as copy:
            for number, name in enumerate(everybody.names, start=1):
                copy.write_row((number, romanised(name)))
        owner.execute("CREATE INDEX ON peer USING gin (name gin_trgm_ops)")
        owner.execute("ANALYZE peer")
        return _asked_by_trigrams(owner, asked, everybody)


def _asked_by_trigrams(owner: Any, asked: Rows, everybody: Any) -> dict[str, float]:
    from bench.names_plain import romanised

    rows = list(enumerate(asked))
    random.Random(1).shuffle(rows)
    times, hits, persons, crossed = [], [], [], []
    for at, row in rows[:PEER_ASKS]:
        began = perf_counter()
        found = owner.execute(
            "SELECT id FROM peer WHERE name % %(q)s ORDER BY similarity(name, %(q)s) DESC LIMIT 10",
            {"q": romanised(row["query"])},
        ).fetchall()
        times.append(1000 * (perf_counter() - began))
        right = any(everybody.groups[pk - 1] == everybody.groups[at] for (pk,) in found)
        hits.append(right)
        persons.append((at + 1,) in found)
        if (row["query_style"] == "ar") != (row["stored_style"] == "ar"):
            crossed.append(right)
    times.sort()
    return {
        "all": _share(hits),
        "person": _share(persons),
        "crossed": _share(crossed),
        "p50": times[len(times) // 2],
        "p95": times[int(len(times) * 0.95)],
    }


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0


def _rows(name: str, delimiter: str) -> Rows:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


if __name__ == "__main__":
    sys.exit(main())
