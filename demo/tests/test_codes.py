"""Code lists say where they come from, are bilingual, and never code what must not be stored."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from demo.codes import (
    OF_CASES,
    SHARED,
    CodeVerified,
    Direction,
    Layer,
    load_languages,
    load_needs,
    load_obstacles,
    load_places,
)
from demo.rows import RowError

SYSTEMS = load_needs()


def test_the_four_systems_of_needs_are_there() -> None:
    assert set(SYSTEMS) == {"own", "rs-zapz-17", "unhcr", "iom-determinants"}
    assert all(system.source and system.needs for system in SYSTEMS.values())
    assert len(SYSTEMS["rs-zapz-17"].needs) == 10


def test_unhcr_codes_that_were_not_read_say_memory() -> None:
    codes = SYSTEMS["unhcr"].needs
    memory = {code for code, need in codes.items() if need.verified is CodeVerified.MEMORY}
    assert {"SC-UC", "SC-SC", "WR-WR", "SV-VF"} <= memory
    assert "CR-CP" not in memory
    assert all(codes[code].source == "memory" for code in memory)


def test_our_needs_map_only_to_codes_that_were_read() -> None:
    unhcr = SYSTEMS["unhcr"].needs
    mapped = {need.unhcr for need in SYSTEMS["own"].needs.values() if need.unhcr}
    assert mapped
    assert all(unhcr[code].verified is CodeVerified.PARTLY for code in mapped)
    assert all(unhcr[code].layer is Layer.GENERAL for code in mapped)


def test_orientation_and_origin_are_never_recorded_of_a_person() -> None:
    never = {c for s in SYSTEMS.values() for c, need in s.needs.items() if not need.recordable}
    assert never == {
        "individual.racial_or_ethnic_identity",
        "individual.sexual_orientation",
        "individual.gender_identity",
    }


@pytest.mark.parametrize(
    ("system", "code", "layer"),
    [
        ("rs-zapz-17", "zrtva_thb", Layer.TRAFFICKING),
        ("rs-zapz-17", "zrtva_mucenja", Layer.GBV),
        ("unhcr", "SV-VA", Layer.GBV),
        ("unhcr", "SM-CI", Layer.HEALTH),
        ("own", "medical", Layer.HEALTH),
        ("own", "food", Layer.GENERAL),
    ],
)
def test_a_sensitive_code_has_its_layer(system: str, code: str, layer: Layer) -> None:
    assert SYSTEMS[system].needs[code].layer is layer


def test_languages_have_three_letters_and_a_direction() -> None:
    languages = load_languages()
    assert {"prs", "pus", "urd", "arb", "kmr", "som", "eng", "fas"} <= languages.keys()
    for code, language in languages.items():
        assert len(code) == 3
        assert language.native
        assert (language.direction is Direction.RTL) is (language.script == "Arab"), code


def test_pashto_is_not_the_language_pbs() -> None:
    assert "pbs" not in load_languages()


def test_obstacles_and_places_end_with_other() -> None:
    assert list(load_obstacles())[-1] == "other"
    assert list(load_places())[-1] == "other"
    assert {"no_guardian_free", "no_interpreter", "no_bed", "no_doctor"} <= load_obstacles().keys()


@pytest.mark.parametrize(
    ("name", "change", "to"),
    [
        ("obstacles.yaml", "code: no_bed", "code: no_doctor"),
        ("obstacles.yaml", "source: spona", "source: ''"),
        ("languages.yaml", "direction: rtl", "direction: up"),
        ("needs.yaml", "layer: general", "layer: secret"),
        ("needs.yaml", "systems:", "system:"),
        ("places.yaml", "items:", "things:"),
    ],
)
def test_a_wrong_list_is_refused(tmp_path: Path, name: str, change: str, to: str) -> None:
    for folder in (OF_CASES, SHARED):
        shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert change in text
    (tmp_path / name).write_text(text.replace(change, to, 1), encoding="utf-8")
    load = {
        "obstacles.yaml": load_obstacles,
        "languages.yaml": load_languages,
        "needs.yaml": load_needs,
        "places.yaml": load_places,
    }[name]
    with pytest.raises(RowError):
        load(tmp_path)
