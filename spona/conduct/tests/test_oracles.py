"""Behaviour computed by other programs; skipped where the shared folder is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from spona.conduct.command import main

ORACLES = Path(__file__).parents[4] / "shared" / "oracles"
needs_oracles = pytest.mark.skipif(not ORACLES.exists(), reason="../shared/oracles is absent")


@needs_oracles
def test_600_walks_of_another_engine_agree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["walk", str(ORACLES / "dcr.json")]) == 0
    assert capsys.readouterr().out == "600 passed, 0 failed\n"


@needs_oracles
def test_80_deadlines_of_another_program_agree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["due", "--check", str(ORACLES / "deadlines.json")]) == 0
    assert capsys.readouterr().out == "80 passed, 0 failed\n"
