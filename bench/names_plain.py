"""The plain way to link registers with Splink: names romanised letter by letter, Jaro-Winkler."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pyarrow as pa
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.backends.duckdb import DuckDBAPI

from spona.names.cyrillic import to_latin
from spona.names.linking.matching import judged
from spona.names.linking.pairs import Linked
from spona.names.linking.registers import Registers

_ARABIC = dict(
    zip(
        "اأإآبپتثجچحخدذرزژسشصضطظعغفقكکگلمنهةويیىئ",
        "aaiabptsjchhdzrzzsssdtzagfqkkglmnhavyyay",
        strict=True,
    )
)
_RULES = (block_on("given"), block_on("family"), block_on("born"))


def romanised(name: str) -> str:
    latin = to_latin(name.casefold())
    letters = unicodedata.normalize("NFKD", "".join(_ARABIC.get(one, one) for one in latin))
    return "".join(one for one in letters if one.isascii() and (one.isalpha() or one == " "))


def measured_on(records: Registers) -> dict[str, float]:
    """F1 and recall of Splink as its tutorial trains it."""
    linker: Any = Linker(DuckDBAPI().register(_table(records)), _settings())
    train = linker.training
    train.estimate_probability_two_random_records_match(list(_RULES), recall=0.5)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in _RULES[::2]:
        train.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(warning_mode="never").as_pyarrow_table()
    left, right = (np.asarray(found[f"row_{side}"].to_numpy()) for side in "lr")
    weight = np.asarray(found["match_weight"].to_numpy())
    return judged(Linked(left, right, weight, {}, {}, 0.0, np.zeros(len(left))), records)


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="row",
        blocking_rules_to_generate_predictions=[
            *_RULES,
            block_on("substr(given, 1, 2)", "born"),
            block_on("substr(given, 1, 3)", "substr(family, 1, 3)"),
        ],
        comparisons=[
            *(cl.JaroWinklerAtThresholds(one, [0.95, 0.88, 0.8]) for one in _NAMES),
            cl.LevenshteinAtThresholds("born", [1, 2]),
            cl.ExactMatch("sex"),
            cl.ExactMatch("citizenship"),
        ],
    )


_NAMES = ("given", "family", "father")


def _table(records: Registers) -> pa.Table:
    names = [romanised(name).rsplit(" ", 1) for name in records.names]
    return pa.table(
        {
            "row": list(range(len(records))),
            "given": [one[0] or None for one in names],
            "family": [one[1] if len(one) > 1 else None for one in names],
            "father": [romanised(one) or None for one in records.fathers],
            "born": [None if one.on is None else f"{one.on:%Y-%m-%d}" for one in records.births],
            "sex": [one or None for one in records.sexes],
            "citizenship": [one or None for one in records.citizenships],
        }
    )
