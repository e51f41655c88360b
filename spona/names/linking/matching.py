"""Registers in, pairs out: the whole way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from itertools import combinations
from math import log2
from pathlib import Path
from typing import Any

import numpy as np
from splink import Linker

from spona.names.linking import backends, model, pairs, registers
from spona.names.linking.judging import measured
from spona.names.linking.registers import Registers
from spona.names.weighing import Feature, Level, Weights, shipped

Meaning = Mapping[Feature, Mapping[int, tuple[Level, float]]]
Backend = Callable[[model.Prepared], Any]

DOUBTFUL = -14.0  # bits under which a pair is not even carried on


def link(
    records: Registers, *, backend: Backend = backends.on_duckdb, weights: Weights | None = None
) -> pairs.Linked:
    """Pairs of records that may be one person. Who they are is never read."""
    by = weights or shipped()
    prepared = model.prepared(records, by)
    table = backend(prepared)
    quiet()
    linker = Linker(table, model.settings(by, prior=1 / max(len(records), 2)))
    found: Any = linker.inference.predict(threshold_match_weight=DOUBTFUL, warning_mode="never")
    return pairs.from_splink(found.as_pyarrow_table(), meaning_of(by), len(records))


def quiet() -> None:
    """Splink tells its progress on stderr unless somebody listens already."""
    logger = logging.getLogger("splink")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.propagate = False


def meaning_of(weights: Weights) -> Meaning:
    """What Splink's numbers of levels mean: it counts down to nought, the last."""
    found = {feature: model.levels_of(feature, weights) for feature in model.compared()}
    return {
        feature: {
            len(levels) - 1 - at: (level, log2(m / u)) for at, (level, m, u) in enumerate(levels)
        }
        for feature, levels in found.items()
    }


def evaluate(path: Path) -> dict[str, float]:
    """Best F1 and recall at 95 % precision on registers whose `person_id` is known: linked without
    it, judged by it."""
    records = registers.read(path)
    if not records.persons:
        raise registers.WrongFile("There is no column person_id to judge by.")
    return judged(link(records), records)


def judged(linked: pairs.Linked, records: Registers) -> dict[str, float]:
    rows: dict[str, list[int]] = {}
    for row, person in enumerate(records.persons):
        rows.setdefault(person, []).append(row)
    true = sum(1 for those in rows.values() for _pair in combinations(those, 2))
    persons = np.asarray(records.persons, object)
    same = np.asarray(persons[linked.left] == persons[linked.right], bool)
    return measured(linked.total, same, true)
