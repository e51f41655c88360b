"""Registers linked: one child in four scripts, wrong files, and how good it is on known persons."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from math import fsum
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.names.linking import command, matching, model, registers
from spona.names.linking.blocks import within
from spona.names.linking.judging import measured
from spona.names.linking.pairs import Linked, fitted
from spona.names.weighing import Birth, Feature, Level, Precision, levels, shipped

KNOWN = Path(__file__).parents[4] / "shared" / "data" / "names" / "registers.csv"
HEADER = ",".join(registers.COLUMNS)
CHILD = [
    "1,border,محمد جواد,حسینی,,M,2009-02-23,declared,AF",
    "2,ngo,Mohammad Jawad,Hosseini,,M,2009-01-01,year,AF",
    "3,centre,Muhamed Džavad,Huseini,,M,2009-02-23,declared,AF",
    "4,guardian,Хусеини,Мухамед Џавад,,M,2009-02-23,declared,",
]
OTHERS = [
    "5,ngo,Ana,Petrosyan,,F,2011-07-01,declared,IR",
    "6,centre,Jusuf,Karimi,,M,2007-05-12,declared,AF",
    "7,border,طارق,منصوري,,M,2010-03-30,declared,SY",
]

births = st.builds(
    Birth,
    st.none() | st.dates(date(2005, 1, 1), date(2009, 12, 31)),
    st.sampled_from(Precision),
)


def write(folder: Path, rows: list[str], header: str = HEADER) -> Path:
    path = folder / "registers.csv"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> tuple[registers.Registers, Linked]:
    records = registers.read(write(tmp_path_factory.mktemp("linked"), [*CHILD, *OTHERS]))
    return records, matching.link(records)


def ids(records: registers.Registers, found: Linked, threshold: float) -> set[frozenset[str]]:
    return {
        frozenset((records.ids[int(found.left[at])], records.ids[int(found.right[at])]))
        for at in found.likely(threshold)
    }


def test_a_child_is_found_across_four_scripts_and_spellings(
    linked: tuple[registers.Registers, Linked],
) -> None:
    pairs = ids(*linked, threshold=0.9)
    assert pairs == {frozenset(pair) for pair in ("12", "13", "14", "23", "24", "34")}


def test_the_bars_of_every_pair_sum_to_its_score(
    linked: tuple[registers.Registers, Linked],
) -> None:
    _records, found = linked
    for at in range(len(found.left)):
        waterfall = found.waterfall(at)
        total = fsum([found.prior, *(bar.weight for bar in waterfall.bars)])
        assert waterfall.total == total == pytest.approx(found.total[at])


@given(births, births)
def test_splink_compares_births_as_one_does_by_hand(one: Birth, other: Birth) -> None:
    here, there = model.parts(one), model.parts(other)
    names = "birth_year", "birth_month", "birth_day", "birth_known", "born"
    columns = ", ".join(
        f"${n + 1}::{kind} as {name}{side}" for n, kind, name, side in _typed(names)
    )
    cases = " ".join(f"when {sql} then '{level}'" for level, sql in model.birth_levels())
    asked = f"select case {cases} else '{Level.APART}' end from (select {columns})"  # noqa: S608
    values = {str(n): value for n, value in enumerate([*here, *there], start=1)}
    answer = duckdb.execute(asked, values).fetchone()
    assert answer == (levels.of_births(one, other),)


def _typed(names: tuple[str, ...]) -> Iterator[tuple[int, str, str, str]]:
    for at, side in enumerate(("_l", "_r")):
        for n, name in enumerate(names):
            yield n + at * len(names), "varchar" if name == "born" else "integer", name, side


def test_every_level_is_told_apart_by_its_weight() -> None:
    for feature, meaning in matching.meaning_of(shipped()).items():
        weights = [weight for _level, weight in meaning.values()]
        assert len(set(weights)) == len(weights), feature


def test_small_blocks_go_before_large_ones() -> None:
    block, rows = np.asarray([7] * 4 + [9] * 2 + [5]), np.asarray([0, 1, 2, 3, 4, 5, 6])
    assert sorted(within(block, rows, budget=1)[1].tolist()) == [4, 5]
    assert sorted(within(block, rows, budget=7)[1].tolist()) == [0, 1, 2, 3, 4, 5]


def test_the_prior_follows_the_registers() -> None:
    sure = np.asarray([40.0] * 10 + [-20.0] * 10)
    assert 2 ** fitted(sure, records=1000) == pytest.approx(10 / 499_500, rel=0.01)


def test_recall_counts_pairs_that_were_never_looked_at() -> None:
    found = measured(np.asarray([3.0, 2.0, 1.0]), np.asarray([True, True, False]), true_pairs=4)
    assert found == {"f1": 0.6667, "recall_at_p95": 0.5}


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        ("record_id,register", "1,a", "lacks given, family"),
        (HEADER, "1,a,Ana", "Row 2 has 3 cells"),
        (HEADER, "1,a,Ana,,,F,23.2.2009,declared,AF", "Write it as 2009-02-23"),
        (HEADER, "1,a,Ana,,,F,2009-02-23,guessed,AF", "dob_quality 'guessed' is none of"),
        (HEADER, "1,a,Ana,,,F,,,AF\n1,b,Ana,,,F,,,AF", "'1' stands twice"),
        (HEADER, "", "no records"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence(
    tmp_path: Path, header: str, row: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(write(tmp_path, [row], header))]) == 2
    assert told in capsys.readouterr().err


def test_a_file_that_is_not_there_or_not_text_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main([str(tmp_path / "none.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    (tmp_path / "odd.csv").write_bytes(b"\xff\xfe\x00")
    assert command.main([str(tmp_path / "odd.csv")]) == 2
    assert "is not UTF-8" in capsys.readouterr().err


def test_without_the_extra_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None if name == "splink" else object())
    assert command.main([str(write(tmp_path, CHILD))]) == 2
    assert "pip install 'spona[linkage]'" in capsys.readouterr().err


def test_a_threshold_is_a_probability(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([str(write(tmp_path, CHILD)), "--threshold", "7"]) == 2
    assert "from 0 to 1" in capsys.readouterr().err


def test_pairs_are_written_with_their_explanation(tmp_path: Path) -> None:
    file, out = write(tmp_path, [*CHILD, *OTHERS]), tmp_path / "pairs"
    assert command.main([str(file), "--out", str(out), "--json"]) == 0
    rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert len(rows) == 6
    for row in rows:
        assert row["bits"] == fsum([row["prior"], *(bar["bits"] for bar in row["bars"].values())])
    assert command.main([str(file), "--out", str(out)]) == 0
    with out.open(encoding="utf-8") as lines:
        first = next(csv.DictReader(lines))
    assert first["birth"].startswith(Level.SAME_DAY)


def test_registers_in_which_nobody_meets_give_no_pairs(tmp_path: Path) -> None:
    out = tmp_path / "pairs.csv"
    assert command.main([str(write(tmp_path, OTHERS)), "--out", str(out)]) == 0
    assert len(out.read_text("utf-8").splitlines()) == 1


def test_the_truth_is_needed_to_judge_and_never_to_link(tmp_path: Path) -> None:
    with pytest.raises(registers.WrongFile, match="person_id"):
        matching.evaluate(write(tmp_path, CHILD))


@pytest.mark.skipif(not KNOWN.exists(), reason=f"{KNOWN} is no part of the project")
def test_registers_whose_persons_are_known_are_linked_well(tmp_path: Path) -> None:
    rows = KNOWN.read_text("utf-8").splitlines()
    found = matching.evaluate(write(tmp_path, rows[1:1501], rows[0]))
    assert found["f1"] > 0.7
    assert found["recall_at_p95"] > 0.5
    assert Feature.THROUGH not in matching.meaning_of(shipped())
