"""Estimates what letters cost one another (`spona/names/costs.json`) and checks it on names that
the estimate has not seen.

Expectation maximisation of the stochastic edit distance over pairs of real spellings in
`../shared/data/names`. Only letters come out of it. `--check` estimates on one half of the name
groups and asks for the other half; without it the file is written anew from both.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from spona.names import costs
from spona.names.letters import Graphemes
from spona.names.tokens import token

DATA = Path(__file__).parents[2] / "shared" / "data" / "names"
TARGET = Path(costs.__file__).with_name("costs.json")
ROUNDS = 6
TOWARDS_ALL_PLACES = 20.0  # how many observations the mean of all places counts as
SEEN_ENOUGH = 1.0
GENERAL = 0.3  # a pair of names of any origin beside one of our names

Pair = tuple[Graphemes, Graphemes, float]
Groups = dict[str, dict[str, list[str]]]
Odds = dict[tuple[int, str, str], float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="ask for names not estimated on")
    if parser.parse_args().check:
        check()
    else:
        TARGET.write_text(json.dumps(estimated(groups()), ensure_ascii=False, indent=0) + "\n")


def groups() -> Groups:
    found: Groups = defaultdict(lambda: defaultdict(list))
    for row in _rows("name_variants.tsv", "\t"):
        found[row["group_qid"]][row["script"]].append(row["form"])
    return found


def estimated(of: Groups) -> dict[str, object]:
    return {
        "version": 1,
        "estimated": "bench/names_costs.py, from development spellings; letters only",
        "arabic_latin": _told([*_across(of), *_general()]),
        "latin_latin": _told([*_within(of, ("L", "C")), *_serbian()]),
        "arabic_arabic": _told(list(_within(of, ("A",)))),
    }


def check() -> None:
    """Two halves by the groups that share no form; each is asked for with the other's costs."""
    from spona.names.evaluating import variants_measured

    rows = list(_rows("name_variants.tsv", "\t"))
    families = sorted({row["component"] for row in rows})
    random.Random(5).shuffle(families)
    for half in (0, 1):
        asked = set(families[half::2])
        of: Groups = defaultdict(lambda: defaultdict(list))
        for row in rows:
            if row["component"] not in asked:
                of[row["group_qid"]][row["script"]].append(row["form"])
        told = {**estimated(of)}
        costs.tables.cache_clear()
        print(variants_measured(rows, only=asked, tables=costs.read(told)))


def _told(pairs: list[Pair]) -> dict[str, object]:
    usable = [pair for pair in pairs if pair[0] and pair[1]]
    odds, seen = _estimate(usable)
    lines = {}
    for one, other in {key[1:] for key in odds}:
        if seen[one, other] >= SEEN_ENOUGH:
            hundredths = [round(-100 * math.log(odds[at, one, other])) for at in range(3)]
            lines[one or "-", other or "-"] = hundredths
    return {
        "alone": _alone(Counter(_weighted(usable, 0))),
        "other_alone": _alone(Counter(_weighted(usable, 1))),
        "pairs": [" ".join(map(str, (*key, *lines[key]))) for key in sorted(lines)],
    }


def _weighted(pairs: Iterable[Pair], side: int) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for pair in pairs:
        for one in (pair[0], pair[1])[side]:
            found[one] += pair[2]
    return found


def _alone(counted: Counter[str]) -> dict[str, int]:
    total = sum(counted.values())
    return {one: round(-100 * math.log(counted[one] / total)) for one in sorted(counted)}


def _estimate(pairs: list[Pair]) -> tuple[Odds, dict[tuple[str, str], float]]:
    odds = _first_guess(pairs)
    seen: dict[tuple[str, str], float] = {}
    for _round in range(ROUNDS):
        counted: Odds = defaultdict(float)
        for pair in pairs:
            for key, share in _expected(*pair, odds):
                counted[key] += share
        odds, seen = _normalised(counted)
    return odds, seen


def _first_guess(pairs: list[Pair]) -> Odds:
    """Letters at about the same place in the word, by how much more often than by chance."""
    near: dict[tuple[str, str], float] = defaultdict(float)
    for one, other, weight in pairs:
        for i, x in enumerate(one):
            for j, y in enumerate(other):
                apart = abs((i + 0.5) / len(one) - (j + 0.5) / len(other))
                near[x, y] += weight * max(0.0, 0.2 - apart)
    left, right, all_near = _weighted(pairs, 0), _weighted(pairs, 1), sum(near.values())
    all_left, all_right = sum(left.values()), sum(right.values())
    odds: Odds = {}
    for place in range(3):
        for (x, y), much in near.items():
            by_chance = (left[x] / all_left) * (right[y] / all_right)
            odds[place, x, y] = 0.8 * (much / all_near) ** 2 / by_chance
        odds |= {(place, x, ""): 0.1 * much / all_left for x, much in left.items()}
        odds |= {(place, "", y): 0.1 * much / all_right for y, much in right.items()}
    return odds


def _normalised(counted: Odds) -> tuple[Odds, dict[tuple[str, str], float]]:
    places: dict[int, float] = defaultdict(float)
    seen: dict[tuple[str, str], float] = defaultdict(float)
    for (place, x, y), share in counted.items():
        places[place] += share
        seen[x, y] += share
    total = sum(seen.values())
    odds = {}
    for (x, y), share in seen.items():
        for place in range(3):
            told = counted.get((place, x, y), 0.0) + TOWARDS_ALL_PLACES * share / total
            odds[place, x, y] = told / (places[place] + TOWARDS_ALL_PLACES)
    return odds, seen


def _expected(
    one: Graphemes, other: Graphemes, weight: float, odds: Odds
) -> Iterator[tuple[tuple[int, str, str], float]]:
    """How often each edit is expected in this pair, over all the ways from one to the other."""
    n, m = len(one), len(other)
    steps = _steps(one, other, odds)
    ahead = [[0.0] * (m + 1) for _ in range(n + 1)]
    behind = [[0.0] * (m + 1) for _ in range(n + 1)]
    ahead[0][0] = behind[n][m] = 1.0
    for i, j, to_i, to_j, _key, odd in steps:
        ahead[to_i][to_j] += ahead[i][j] * odd
    for i, j, to_i, to_j, _key, odd in reversed(steps):
        behind[i][j] += behind[to_i][to_j] * odd
    if ahead[n][m] > 0:
        for i, j, to_i, to_j, key, odd in steps:
            share = ahead[i][j] * odd * behind[to_i][to_j] / ahead[n][m]
            if share > 1e-6:
                yield key, share * weight


def _steps(
    one: Graphemes, other: Graphemes, odds: Odds
) -> list[tuple[int, int, int, int, tuple[int, str, str], float]]:
    n, m = len(one), len(other)
    found = []
    for i in range(n + 1):
        for j in range(m + 1):
            edits = []
            if i < n and j < m:
                place = 0 if i == j == 0 else 2 if (i, j) == (n - 1, m - 1) else 1
                edits.append((i + 1, j + 1, (place, one[i], other[j])))
            if i < n:
                edits.append((i + 1, j, (_place(i, n), one[i], "")))
            if j < m:
                edits.append((i, j + 1, (_place(j, m), "", other[j])))
            found += [(i, j, *edit, odds.get(edit[2], 1e-7)) for edit in edits]
    return found


def _place(at: int, length: int) -> int:
    return 0 if at == 0 else 2 if at == length - 1 else 1


def _read(form: str) -> Graphemes:
    return token(form).forms[0]


def _across(of: Groups) -> Iterator[Pair]:
    for by_script in of.values():
        arabic = [_read(form) for form in by_script["A"]]
        latin = [_read(form) for form in (*by_script["L"], *by_script["C"])]
        weight = max(1, len(arabic) * len(latin)) ** -0.5
        yield from ((x, y, weight) for x in arabic for y in latin)


def _within(of: Groups, scripts: tuple[str, ...]) -> Iterator[Pair]:
    for by_script in of.values():
        forms = sorted({_read(form) for script in scripts for form in by_script[script]})
        weight = 1 / max(1, len(forms) - 1)
        for x in forms:
            yield from ((x, y, weight if x != y else weight / 2) for y in forms)


def _general() -> Iterator[Pair]:
    for line in (DATA / "google_ar2en_train.tsv").read_text("utf-8").splitlines():
        arabic, latin = line.split("\t")
        yield _read(arabic), _read(latin), GENERAL
    for line in (DATA / "wikidata_ar_tokens.tsv").read_text("utf-8").splitlines():
        latin, arabic, _often = line.split("\t")
        yield _read(arabic.replace(" ", "")), _read(latin), GENERAL


def _serbian() -> Iterator[Pair]:
    """Words of names in two spellings, both in Latin or Cyrillic: the Serbian ones are few."""
    for row in _rows("search.csv", ","):
        one, other = row["query"].split(), row["stored_name"].split()
        if "ar" not in (row["query_style"], row["stored_style"]) and len(one) == len(other):
            for x, y in zip(map(_read, one), map(_read, other), strict=True):
                yield from ((x, y, GENERAL), (y, x, GENERAL))


def _rows(name: str, delimiter: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file, delimiter=delimiter)


if __name__ == "__main__":
    main()
