"""`spona names link`: registers in one CSV, pairs of records that may be one person out."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spona.names.linking.pairs import Linked
    from spona.names.linking.registers import Registers

NEEDED = {
    "duckdb": (("splink", "duckdb", "numpy", "pyarrow"), "pip install 'spona[linkage]'"),
    "spark": (
        ("splink", "numpy", "pyarrow", "pyspark"),
        "pip install 'spona[linkage]' pyspark, and Java 17",
    ),
}
COLUMNS = ("record_id_l", "record_id_r", "register_l", "register_r", "probability", "bits", "prior")
OPTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("registers", {"type": Path, "help": "CSV, one row for each record"}),
    ("--out", {"type": Path, "help": "where the pairs go; without it to the screen"}),
    ("--threshold", {"type": float, "default": 0.5, "help": "least probability, 0 to 1"}),
    ("--backend", {"choices": sorted(NEEDED), "default": "duckdb"}),
    ("--json", {"action": "store_true", "help": "JSON lines with every bar, not CSV"}),
)


def main(argv: list[str]) -> int:
    """0 when pairs were written, 2 with a sentence on stderr when not."""
    parser = argparse.ArgumentParser(prog="spona names link", description=__doc__)
    for name, how in OPTIONS:
        parser.add_argument(name, **how)
    asked = parser.parse_args(argv)
    refused = _refused(asked)
    if not refused:
        refused = _link(asked)
    if refused:
        print(refused, file=sys.stderr)
    return 2 if refused else 0


def _refused(asked: argparse.Namespace) -> str:
    if not 0 <= asked.threshold <= 1:
        return f"--threshold {asked.threshold} is no probability: give one from 0 to 1."
    modules, how = NEEDED[asked.backend]
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        return f"Linking registers needs {', '.join(missing)}. Install what is missing: {how}."
    return ""


def _link(asked: argparse.Namespace) -> str:
    from spona.names.linking import backends, matching, registers

    try:
        records = registers.read(asked.registers)
    except registers.WrongFile as fault:
        return str(fault)
    linked = matching.link(records, backend=backends.NAMED[asked.backend])
    out: AbstractContextManager[IO[str]] = (
        asked.out.open("w", newline="", encoding="utf-8") if asked.out else nullcontext(sys.stdout)
    )
    with out as file:
        written = _written(file, records, linked, asked)
    print(f"{len(records)} records, {written} pairs.", file=sys.stderr)
    return ""


def _written(file: IO[str], records: Registers, linked: Linked, asked: argparse.Namespace) -> int:
    rows = list(described(records, linked, asked.threshold))
    if asked.json:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        return len(rows)
    features = list(rows[0]["bars"]) if rows else []
    writer = csv.writer(file)
    writer.writerow([*COLUMNS, *features])
    for row in rows:
        bars = [f"{bar['level']} {bar['bits']:+.3f}" for bar in row["bars"].values()]
        writer.writerow([*(row[column] for column in COLUMNS), *bars])
    return len(rows)


def described(records: Registers, linked: Linked, threshold: float) -> Iterator[dict[str, Any]]:
    """Pairs as they are written, the likeliest first: bits are the prior and all bars together."""
    for at in linked.likely(threshold):
        left, right = int(linked.left[at]), int(linked.right[at])
        waterfall = linked.waterfall(at)
        yield {
            "record_id_l": records.ids[left],
            "record_id_r": records.ids[right],
            "register_l": records.registers[left],
            "register_r": records.registers[right],
            "probability": round(waterfall.probability, 6),
            "bits": waterfall.total,
            "prior": waterfall.prior,
            "bars": {
                str(bar.feature): {"level": str(bar.level), "bits": bar.weight}
                for bar in waterfall.bars
            },
        }
