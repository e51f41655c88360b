"""Splink's model of the registers: its comparisons are our features, its chances our weights.

Names are compared by functions that the backend calls for the rows of a pair; births, sexes and
citizenships in SQL that DuckDB and Spark both read. Splink finds the pairs that share a block,
scores them, and on registers as they come fits by expectation-maximisation how often records of
one person differ (`Linker` of Splink 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spona.names.linking import blocks
from spona.names.linking.registers import Registers
from spona.names.linking.words import NOBODY, Column, Lexicon, column
from spona.names.weighing import Birth, Feature, Level, Precision, Weights
from spona.names.weighing.levels import ESTIMATE_REACHES

ROW = "record_row"
LEAST_CHANCE = 1e-9

_COARSER = "least(birth_known_l, birth_known_r)"
_APART = "abs(birth_year_l - birth_year_r)"
_FIGURES = " + ".join(
    f"(case when substr(born_l, {n}, 1) <> substr(born_r, {n}, 1) then 1 else 0 end)"
    for n in range(1, 9)
)
# In this order, as `levels.of_births` decides: a pair has the first level that fits, else APART.
_COARSE = (
    (Level.ESTIMATE_FITS, Precision.ESTIMATED, f"{_APART} <= {ESTIMATE_REACHES}"),
    (
        Level.ESTIMATES_NEAR,
        Precision.ESTIMATED,
        f"birth_known_l = birth_known_r and {_APART} <= {2 * ESTIMATE_REACHES}",
    ),
    (Level.YEAR_FITS, Precision.YEAR, f"{_APART} = 0"),
    (Level.YEAR_NEXT, Precision.YEAR, f"{_APART} = 1"),
    (Level.SAME_DAY, Precision.DAY, "born_l = born_r"),
)
_FINE = (
    (Level.SAME_MONTH, "birth_year_l = birth_year_r and birth_month_l = birth_month_r"),
    (
        Level.SWAPPED,
        "birth_year_l = birth_year_r"
        + " and birth_month_l = birth_day_r and birth_day_l = birth_month_r",
    ),
    (Level.ONE_FIGURE, f"{_FIGURES} = 1"),
    (Level.SAME_YEAR, "birth_year_l = birth_year_r"),
)
EQUAL: Mapping[Feature, str] = {Feature.SEX: "sex", Feature.CITIZENSHIP: "citizenship"}
NAMED: Mapping[Feature, str] = {Feature.NAMES: "spona_names", Feature.FATHER: "spona_fathers"}


@dataclass(frozen=True, slots=True)
class Prepared:
    """Registers with their names read, and the table that Splink sees."""

    records: Registers
    names: Column
    fathers: Column
    table: dict[str, list[Any]]

    @property
    def columns(self) -> dict[str, Column]:
        return {NAMED[Feature.NAMES]: self.names, NAMED[Feature.FATHER]: self.fathers}


def prepared(records: Registers, weights: Weights) -> Prepared:
    lexicon = Lexicon()
    names, fathers = (
        column(read, lexicon, weights.coefficients, weights.bands[feature])
        for feature, read in (
            (Feature.NAMES, records.names),
            (Feature.FATHER, records.fathers),
        )
    )
    return Prepared(records, names, fathers, _table(records, names, fathers))


def settings(weights: Weights, prior: float) -> dict[str, Any]:
    """Splink's settings. `prior` is the chance that two records drawn blindly are one person."""
    return {
        "link_type": "dedupe_only",  # a register may hold a person twice
        "unique_id_column_name": ROW,
        "probability_two_random_records_match": prior,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": "l.blocks = r.blocks", "arrays_to_explode": ["blocks"]}
        ],
        "comparisons": [comparison(feature, weights) for feature in compared()],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
    }


def compared() -> tuple[Feature, ...]:
    return (*NAMED, Feature.BIRTH, *EQUAL)


def levels_of(feature: Feature, weights: Weights) -> list[tuple[Level, float, float]]:
    """Level, m and u, as Splink numbers them down to nought."""
    if feature in NAMED:
        return [(band.level, band.m, band.u) for band in reversed(weights.bands[feature])]
    if feature is Feature.BIRTH:
        known = [level for level, _sql in birth_levels()[1:]] + [Level.APART]
    else:
        known = [Level.SAME, Level.DIFFERENT]
    return [(level, *weights.chances[feature][level]) for level in known]


def birth_levels() -> list[tuple[Level, str]]:
    """SQL for what is missing, then for each level but the last."""
    return [
        (Level.MISSING, f"coalesce({_COARSER}, 0) = 0"),
        *((level, f"{_COARSER} = {known:d} and {sql}") for level, known, sql in _COARSE),
        *((level, f"{_COARSER} > {Precision.YEAR:d} and {sql}") for level, sql in _FINE),
    ]


def comparison(feature: Feature, weights: Weights) -> dict[str, Any]:
    found = levels_of(feature, weights)
    missing, conditions = _conditions(feature, len(found))
    rest = [_level(sql, level, m, u) for sql, (level, m, u) in zip(conditions, found, strict=True)]
    null = {"sql_condition": missing, "label_for_charts": Level.MISSING, "is_null_level": True}
    return {
        "output_column_name": str(feature),
        "comparison_description": str(feature),
        "comparison_levels": [null, *rest],
    }


def _conditions(feature: Feature, count: int) -> tuple[str, list[str]]:
    """SQL for what is missing, and for each level but the last, which is what remains."""
    if feature in NAMED:
        asked = f"{NAMED[feature]}({ROW}_l, {ROW}_r)"
        return f"{asked} = {NOBODY}", [f"{asked} = {n}" for n in range(count - 1, 0, -1)] + ["ELSE"]
    if feature is Feature.BIRTH:
        (_missing, missing), *rest = birth_levels()
        return missing, [*(sql for _level, sql in rest), "ELSE"]
    name = EQUAL[feature]
    return f"{name}_l is null or {name}_r is null", [f"{name}_l = {name}_r", "ELSE"]


def _level(sql: str, level: Level, m: float, u: float) -> dict[str, Any]:
    return {
        "sql_condition": sql,
        "label_for_charts": str(level),
        "m_probability": max(m, LEAST_CHANCE),
        "u_probability": max(u, LEAST_CHANCE),
    }


def _table(records: Registers, names: Column, fathers: Column) -> dict[str, list[Any]]:
    births = [parts(birth) for birth in records.births]
    keys = "birth_year", "birth_month", "birth_day", "birth_known", "born"
    return {
        ROW: list(range(len(records))),
        "blocks": _lists(len(records), blocks.blocks(records, names, fathers)),
        "sex": [one.casefold() or None for one in records.sexes],
        "citizenship": [one.casefold() or None for one in records.citizenships],
        **{key: [birth[n] for birth in births] for n, key in enumerate(keys)},
    }


def parts(birth: Birth) -> tuple[int | None, int | None, int | None, int, str | None]:
    if birth.on is None:
        return None, None, None, int(Precision.UNKNOWN), None
    on = birth.on
    return on.year, on.month, on.day, int(birth.known_to), f"{on:%Y%m%d}"


def _lists(size: int, found: blocks.Blocks) -> list[Any]:
    lists: list[list[int]] = [[] for _row in range(size)]
    for block, row in zip(found[0].tolist(), found[1].tolist(), strict=True):
        lists[row].append(block)
    return lists
