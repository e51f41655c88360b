"""`spona conduct`: what it prints, and one clear sentence for what it cannot use."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from spona.conduct.command import main
from spona.conduct.tests.books import document, rule

Out = pytest.CaptureFixture[str]


def step(execute: str | None, at_h: float, enabled: str, pending: Any, **more: Any) -> Any:
    done = {"execute": execute, "at_h": at_h, "enabled": list(enabled), "pending": pending}
    return {**done, "accepting": not pending, "included": ["a", "b"], **more}


def case(relations: Any, *steps: Any, **initial: Any) -> Any:
    return {
        "id": "g1",
        "events": ["a", "b"],
        "relations": [
            {"type": kind, "source": source, "target": target, **more}
            for kind, source, target, more in relations
        ],
        "initial": initial,
        "steps": list(steps),
    }


def run(tmp_path: Path, out: Out, command: str, data: Any) -> tuple[int, str]:
    """The exit code and what was printed; only one of the two streams may speak."""
    path = tmp_path / "file.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    code = main([*command.split(), str(path)])
    printed = out.readouterr()
    assert not (printed.out and printed.err)
    return code, (printed.out or printed.err).strip()


def walked(tmp_path: Path, out: Out, *cases: Any) -> tuple[int, str]:
    return run(tmp_path, out, "walk", {"cases": cases})


def test_a_walk_with_zero_and_repeated_deadlines_passes(tmp_path: Path, capsys: Out) -> None:
    relations = [("response", "a", "b", {"deadline_h": 0})]
    steps = [
        step(None, 0, "ab", {}),
        step("a", 1.5, "ab", {"b": 1.5}),
        step("a", 2, "ab", {"b": 1.5}),
        step("b", 3, "ab", {}),
    ]
    found = walked(tmp_path, capsys, case(relations, *steps))
    assert found == (0, "1 passed, 0 failed")


def test_include_and_exclude_of_one_pair_leave_it_open(tmp_path: Path, capsys: Out) -> None:
    relations: list[Any] = [("include", "a", "b", {}), ("exclude", "a", "b", {})]
    steps = [step(None, 0, "ab", {}), step("a", 1, "ab", {})]
    assert walked(tmp_path, capsys, case(relations, *steps))[0] == 0


@pytest.mark.parametrize("executed", [["a"], {"a": 0}, {"a": None}])
def test_what_was_executed_at_the_start_counts(tmp_path: Path, capsys: Out, executed: Any) -> None:
    relations: list[Any] = [("condition", "a", "b", {"delay_h": 5})]
    steps = [step(None, 0, "a", {}), step("a", 0, "a", {}), step("b", 5, "ab", {})]
    assert walked(tmp_path, capsys, case(relations, *steps, executed=executed))[0] == 0


@pytest.mark.parametrize("pending", [["b"], {"b": 7}])
def test_what_is_pending_at_the_start_counts(tmp_path: Path, capsys: Out, pending: Any) -> None:
    left = pending if isinstance(pending, dict) else {"b": None}
    started = case([], step(None, 0, "ab", left), pending=pending, included=["a", "b"])
    assert walked(tmp_path, capsys, started)[0] == 0


def test_the_first_difference_of_a_failing_case_is_printed(tmp_path: Path, capsys: Out) -> None:
    wrong = case([], step(None, 0, "a", {}))
    blocked = case([("condition", "a", "b", {})], step("b", 0, "ab", {}))
    code, text = walked(tmp_path, capsys, wrong, blocked, case([]))
    assert code == 1
    assert text.splitlines() == [
        "The case g1: step 0 (start at 0 h): enabled is ['a', 'b'], expected ['a']",
        "The case g1: step 0 (b at 0 h): 'b' is blocked: condition.",
        "1 passed, 2 failed",
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("{", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ({"cases": 3}, "holds no list of cases"),
        ([1], "A case is no walk of the known form: the case: 1 is not of type 'object'"),
        ([{"id": "g1"}], "The case g1 is no walk of the known form"),
        ([case([("foo", "a", "b", {})])], "relations/0/type"),
        ([case([("response", "a", "z", {})])], "names z, which is none of its events"),
        ([case([], step("z", 0, "", {}))], "names z, which is none of its events"),
        ([case([], executed=["z"])], "names z, which is none of its events"),
        ([case([], step(None, 1e15, "", {}))], "holds a time that no calendar knows"),
    ],
)
def test_a_walk_of_another_form_is_refused(
    tmp_path: Path, capsys: Out, data: Any, sentence: str
) -> None:
    code, text = run(tmp_path, capsys, "walk", data)
    assert code == 2
    assert sentence in text
    assert "\n" not in text


def test_a_deadline_is_counted(capsys: Out) -> None:
    within = '{"working_days": 5}'
    assert main(["due", "--from", "2026-11-23T10:00+01:00", "--within", within]) == 0
    assert capsys.readouterr().out == "2026-12-01T00:00:00+01:00\n"


def test_deadlines_are_compared(tmp_path: Path, capsys: Out) -> None:
    start = {"from": "2026-11-23T10:00:00+01:00", "within": {"days": 3}}
    right, wrong = {**start, "due": "2026-11-26T23:00:00Z"}, {**start, "due": "2026-11-27T00:00:00"}
    code, text = run(tmp_path, capsys, "due --check", {"cases": [right, wrong]})
    assert code == 1
    assert text.splitlines()[1:] == ["1 passed, 1 failed"]
    assert "is due 2026-11-27T00:00:00+01:00, expected 2026-11-27T00:00:00" in text


@pytest.mark.parametrize(
    "wrong", [3, {}, {"from": "x", "within": {"days": 3}, "due": "x"}, {"due": 3, "note": "x" * 99}]
)
def test_a_deadline_of_another_form_is_refused(tmp_path: Path, capsys: Out, wrong: Any) -> None:
    code, text = run(tmp_path, capsys, "due --check", [wrong])
    assert (code, "no deadline of the known form" in text) == (2, True)


@pytest.mark.parametrize(
    ("start", "within", "sentence"),
    [
        ("soon", '{"days": 3}', '"soon" is no moment'),
        ("2026-11-23T10:00", '{"days": 3}', "has no time zone"),
        ("2026-11-23T10:00Z", '{"months": 999999}', "no calendar goes so far"),
        ("2026-11-23T10:00Z", '{"hours": 99999999999999}', "no calendar goes so far"),
        ("2026-11-23T10:00Z", '{"weeks": 3}', "is no length"),
        ("2026-11-23T10:00Z", '{"days": true}', "is no length"),
        ("2026-11-23T10:00Z", '{"days": -1}', "is no length"),
        ("2026-11-23T10:00Z", "3", "is no length"),
        ("2026-11-23T10:00Z", "{", "--within is not JSON"),
    ],
)
def test_a_deadline_that_cannot_be_counted_is_refused(
    capsys: Out, start: str, within: str, sentence: str
) -> None:
    assert main(["due", "--from", start, "--within", within]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "required"),
        ("fly", "invalid choice"),
        ("due", "Give --check FILE, or both"),
        ("due --from 2026-11-23T10:00Z", "Give --check FILE, or both"),
        ("walk /nowhere/at/all.json", "cannot be read: no such file"),
        ("check /nowhere/at/all.yaml", "cannot be read: no such file"),
        ("explain /nowhere/at/all.yaml", "cannot be read: no such file"),
        ("explain x.yaml --lang fr", "invalid choice"),
    ],
)
def test_a_command_that_cannot_be_run_says_why(capsys: Out, line: str, sentence: str) -> None:
    assert main(line.split()) == 2
    assert sentence in capsys.readouterr().err


def test_help_is_no_failure(capsys: Out) -> None:
    assert main(["--help"]) == 0
    assert "rule books" in capsys.readouterr().out


def test_a_reader_who_has_seen_enough_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        monkeypatch.setattr("sys.stdout", closed)
        start = ["due", "--from", "2026-11-23T10:00Z", "--within", '{"days": 3}']
        assert main(start) == 0


def test_books_are_checked(tmp_path: Path, capsys: Out) -> None:
    good = document([rule({"when": "a", "must": "b"})])
    assert run(tmp_path, capsys, "check", good) == (0, "no faults")
    code, text = run(tmp_path, capsys, "check", {**good, "id": "A B"})
    assert (code, "file.json:1: " in text) == (1, True)


def test_a_book_with_faults_is_not_explained(tmp_path: Path, capsys: Out) -> None:
    code, text = run(tmp_path, capsys, "explain", {})
    assert (code, "The key 'acts' is missing." in text) == (1, True)


@pytest.mark.parametrize(
    ("lang", "said"), [("sr-latn", "Nikada"), ("sr", "Никада"), ("en", "Never")]
)
def test_a_book_is_explained_in_three_ways(
    tmp_path: Path, capsys: Out, lang: str, said: str
) -> None:
    never = rule({"never": {"sr-latn": "Nikada ovako.", "en": "Never so."}})
    code, text = run(tmp_path, capsys, f"explain --lang {lang}", document([never]))
    assert (code, said in text) == (0, True)
