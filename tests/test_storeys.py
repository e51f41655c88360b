"""Each contract of the tower is seen to break on a planted violation."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOWER, ROOMS, PURE = (
    "the tower: imports go down only",
    "the same eight rooms on every storey",
    "rules are pure",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house in which one may do wrong."""
    copy = tmp_path_factory.mktemp("house")
    ignore = shutil.ignore_patterns("__pycache__", "locale", "templates")
    shutil.copytree(ROOT / "spona", copy / "spona", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def broken(house: Path) -> set[str]:
    """The names of the contracts that import-linter finds broken."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(lint), "--no-logo", "--no-cache"],
        cwd=house,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    return {
        name for name in (TOWER, ROOMS, PURE) for line in lines if line.startswith(f"{name} BR")
    }


PLANTS = {
    "a lower storey imports an upper one": (
        "cases/rules/__init__.py", "from spona.coordination import rules as above", {TOWER},
    ),
    "siblings see each other": (
        "people/rules/__init__.py", "from spona.directory import rules as beside", {TOWER},
    ),
    "a room imports a room before it": (
        "cases/permissions.py", "from spona.cases import views", {ROOMS},
    ),
    "a model imports an action": (
        "people/models/person.py", "from spona.people import actions", {ROOMS},
    ),
    "rules import the framework": (
        "directory/rules/matching.py", "from django.db import models", {PURE},
    ),
    "the rules of conduct import the framework": (
        "conduct/calendar.py", "from django.utils import timezone", {PURE},
    ),
}  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS.values(), ids=PLANTS)
def test_a_planted_import_is_found(house: Path, plant: tuple[str, str, set[str]]) -> None:
    name, line, expected = plant
    file = house / "spona" / name
    before = file.read_text(encoding="utf-8")
    file.write_text(f"{before}\n{line}\n", encoding="utf-8")
    try:
        assert broken(house) >= expected
    finally:
        file.write_text(before, encoding="utf-8")


@pytest.mark.parametrize("room", ["services.py", "utils.py"])
def test_a_room_that_the_plan_does_not_have_is_found(house: Path, room: str) -> None:
    file = house / "spona" / "cases" / room
    file.write_text("", encoding="utf-8")
    try:
        assert ROOMS in broken(house)
    finally:
        file.unlink()


def test_the_house_as_it_is_keeps_every_contract(house: Path) -> None:
    assert broken(house) == set()
