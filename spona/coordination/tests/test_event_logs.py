"""Own runs leave as an event log, and come back as what they were."""

from __future__ import annotations

import json
import stat
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed
from spona.cases.models import Case
from spona.conduct.replay.findings import Kind
from spona.conduct.replay.reading import read_log
from spona.conduct.replay.report import Report, replay
from spona.coordination.actions import logs
from spona.coordination.models import Duty, Run
from spona.coordination.rules import eventlog
from spona.coordination.rules.eventlog import Happened, Pseudonyms, Told
from spona.coordination.tests.story import DAY, EVENING, HOUR, Town, run_of

pytestmark = pytest.mark.django_db
AT = EVENING + 3 * DAY
ZONE = ZoneInfo("Europe/Belgrade")


@pytest.fixture
def town() -> Town:
    return Town()


def five(town: Town) -> list[Case]:
    """Five boys; two get their bed late, one has a guardian who was named late."""
    cases = [town.boy_in_care() for _ in range(5)]
    for number, case in enumerate(cases):
        town.act(
            case, "bed_tonight", form={"place": "Demo kuća"}, after=(1 + 20 * (number % 2)) * HOUR
        )
        town.appoint(case, after=30 * HOUR)
    return cases


def given_out(who: Membership, form: logs.Form, town: Town) -> tuple[str, logs.Logged]:
    by, out = who.actor(), StringIO()
    with rls.acting(by, AT):
        done = logs.runs_export(out=out, form=form, organisation=town.centre, by=by, at=AT)
    return out.getvalue(), done


def read_back(text: str, folder: Path, case: Case) -> Report:
    path = folder / "log.xes"
    path.write_text(text, encoding="utf-8")
    with rls.engine_room():
        book = run_of(case).version.book
    return replay(read_log(path, ZONE), book, until=AT)


def expected(cases: list[Case]) -> Counter[tuple[str, str, str]]:
    """What the duties of the runs themselves say, without what never leaves."""
    with rls.engine_room():
        untold = eventlog.untold_of(run_of(cases[0]).version.book)
        duties = list(Duty.objects.filter(case__in=cases).exclude(rule=""))
    told = ((duty, _outcome(duty)) for duty in duties if not untold.issuperset(duty.acts))
    return Counter((duty.rule, duty.acts[0], how) for duty, how in told if how)


def _outcome(duty: Duty) -> str:
    if duty.state == Duty.State.DONE:
        return "late" if duty.done_late else "kept"
    if duty.state == Duty.State.CLOSED_LATE:
        return "closed_late"
    late = duty.due_at is not None and duty.due_at < AT
    return ("never_done" if late else "open") if duty.state == Duty.State.OWED else ""


def test_a_log_read_back_finds_what_the_runs_themselves_say(town: Town, tmp_path: Path) -> None:
    cases = five(town)
    text, done = given_out(town.head, logs.Form.XES, town)
    assert (done.runs, done.rare) == (5, 0)
    report = read_back(text, tmp_path, cases[0])
    assert dict(report.unknown) == {}
    assert not [found for found in report.findings if found.kind is Kind.OUT_OF_ORDER]
    wanted = expected(cases)
    late = {kind.value for kind in (Kind.LATE, Kind.CLOSED_LATE, Kind.NEVER_DONE)}
    found = Counter((f.rule, f.act, f.kind.value) for f in report.findings if f.kind in late)
    assert found == Counter({key: n for key, n in wanted.items() if key[2] in late})
    assert found
    for how in ("kept", "open"):
        counted = sum(line.counts[how] or 0 for line in report.lines)
        assert counted == sum(n for key, n in wanted.items() if key[2] == how), how


def test_nobody_and_nothing_sensitive_is_in_the_file(town: Town) -> None:
    cases = five(town)
    for form in logs.Form:
        text, _ = given_out(town.head, form, town)
        for word in (
            "Sintetičk",
            "Uzorak",
            "Demo kuća",
            "VR-2026",
            str(town.centre),
            'birth_date"',
        ):
            assert word not in text, (form, word)
        for case in cases:
            assert f'"{case.pk}"' not in text
        with rls.engine_room():
            untold = eventlog.untold_of(run_of(cases[0]).version.book)
        body = text.replace(f'value="{" ".join(sorted(untold))}"', "")
        assert not [word for word in untold if word in body]


def test_two_files_cannot_be_put_together(town: Town) -> None:
    five(town)
    one, other = (json.loads(given_out(town.head, logs.Form.OCEL, town)[0]) for _ in range(2))
    assert not {o["id"] for o in one["objects"]} & {o["id"] for o in other["objects"]}


def test_a_run_with_something_rare_stays_here(town: Town) -> None:
    cases = five(town)
    sixth = town.boy_in_care()
    _, done = given_out(town.head, logs.Form.XES, town)
    assert (done.runs, done.rare) == (6, 0)  # what the sixth did, five did
    town.act(sixth, "intention_voiced", after=2 * HOUR)
    text, done = given_out(town.head, logs.Form.XES, town)
    assert (done.runs, done.rare) == (5, 1)
    assert "intention_voiced" not in text
    assert list(done.case_ids) == sorted(case.pk for case in cases)


def test_what_was_taken_back_is_not_told(town: Town) -> None:
    from spona.coordination import actions

    cases = five(town)
    by, at = town.officer.actor(), EVENING + 31 * HOUR
    for case in cases:
        event = town.act(case, "intention_voiced", after=31 * HOUR)
        with rls.acting(by, at):
            actions.event_revoke(event_id=event.pk, reason="greška", by=by, at=at)
    text, done = given_out(town.head, logs.Form.XES, town)
    assert done.runs == 5
    assert "intention_voiced" not in text


def test_only_who_answers_for_the_institution_takes_it(town: Town) -> None:
    for who in (town.officer, town.guardian, town.coordinator, town.policeman):
        with pytest.raises(NotAllowed):
            given_out(who, logs.Form.XES, town)
    with pytest.raises(NotAllowed):
        given_out(person("head_of_service"), logs.Form.XES, town)
    assert given_out(town.director, logs.Form.XES, town)[1].runs == 0


def test_a_file_stands_in_the_log(town: Town) -> None:
    cases = five(town)
    given_out(town.head, logs.Form.OCEL, town)
    with rls.engine_room():
        event = Event.objects.get(verb="runs_export")
    assert event.case_ids == sorted(case.pk for case in cases)
    assert event.detail["form"] == "ocel"
    assert event.detail["runs"] == 5


# --- the shapes

RELATED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["objectId", "qualifier"],
        "properties": {"objectId": {"type": "string"}, "qualifier": {"type": "string"}},
        "additionalProperties": False,
    },
}
TYPES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "attributes"],
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "attributes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "type"],
                    "properties": {
                        "name": {"type": "string"},
                        "type": {"enum": ["string", "time", "integer", "float", "boolean"]},
                    },
                },
            },
        },
    },
}
VALUES: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "value"],
        "properties": {"name": {"type": "string"}, "value": {"type": "string"}},
    },
}
# The form of an OCEL 2.0 log in JSON, written after the standard (ocel-standard.org, 2.0).
OCEL: dict[str, Any] = {
    "type": "object",
    "required": ["eventTypes", "objectTypes", "events", "objects"],
    "additionalProperties": False,
    "properties": {
        "eventTypes": TYPES,
        "objectTypes": TYPES,
        "events": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type", "time"],
                "properties": {
                    "id": {"type": "string"},
                    "type": {"type": "string"},
                    "time": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT.*[+]00:00$"},
                    "attributes": VALUES,
                    "relationships": RELATED,
                },
            },
        },
        "objects": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "type"],
                "properties": {
                    "id": {"type": "string"},
                    "type": {"type": "string"},
                    "attributes": {
                        **VALUES,
                        "items": {**VALUES["items"], "required": ["name", "value", "time"]},
                    },
                    "relationships": RELATED,
                },
            },
        },
    },
}


def test_ocel_has_the_form_of_the_standard_and_names_only_what_is_in_it(town: Town) -> None:
    five(town)
    data = json.loads(given_out(town.head, logs.Form.OCEL, town)[0])
    Draft202012Validator(OCEL).validate(data)
    objects = {one["id"] for one in data["objects"]}
    assert len(objects) == len(data["objects"])
    assert len({one["id"] for one in data["events"]}) == len(data["events"])
    for one in (*data["events"], *data["objects"]):
        assert {r["objectId"] for r in one["relationships"]} <= objects
    for part, types in (("events", "eventTypes"), ("objects", "objectTypes")):
        known = {t["name"]: {a["name"] for a in t["attributes"]} for t in data[types]}
        for one in data[part]:
            assert {a["name"] for a in one["attributes"]} <= known[one["type"]]


def test_xes_has_the_structure_of_the_standard(town: Town) -> None:
    from defusedxml.ElementTree import fromstring

    five(town)
    root = fromstring(given_out(town.head, logs.Form.XES, town)[0])
    space = "{http://www.xes-standard.org/}"
    assert (root.tag, root.get("xes.version")) == (f"{space}log", "1849.2016")
    order = [child.tag.removeprefix(space) for child in root]
    assert order == sorted(order, key=["extension", "global", "classifier", "trace"].index)
    prefixes = {child.get("prefix") for child in root.iter(f"{space}extension")}
    assert prefixes == {"concept", "lifecycle", "org", "time"}
    kinds = {"string", "date", "int", "float", "boolean", "id"}
    for trace in root.iter(f"{space}trace"):
        for event in trace.iter(f"{space}event"):
            keys = [child.get("key") for child in event]
            assert len(set(keys)) == len(keys)
            assert {"concept:name", "time:timestamp"} <= set(keys)
            assert {child.tag.removeprefix(space) for child in event} <= kinds


# --- rules

MOMENT = datetime(2026, 11, 23, 9, tzinfo=ZONE)
runs = st.lists(st.lists(st.sampled_from("abcdef"), max_size=4), max_size=40)


def told(number: int, acts: list[str]) -> Told:
    happened = tuple(
        Happened("act", MOMENT + timedelta(hours=n), act) for n, act in enumerate(acts)
    )
    return Told(f"run-{number}", "", "", "made-up 1", "", MOMENT, None, happened)


@given(runs)
def test_whatever_leaves_is_shared_by_five(made: list[list[str]]) -> None:
    left = eventlog.common([told(number, acts) for number, acts in enumerate(made)])
    assert len(left) == 0 or len(left) >= 5
    counts = Counter(act for one in left for act in {event.act for event in one.happened})
    assert not [act for act, n in counts.items() if n < 5]
    again = eventlog.common(left)
    assert again == left


def test_a_pseudonym_is_the_same_in_a_file_and_another_with_another_key() -> None:
    one, other = Pseudonyms(b"a"), Pseudonyms(b"b")
    assert one.of("case", 7) == one.of("case", 7) != one.of("run", 7)
    assert one.of("case", 7) != other.of("case", 7)
    assert one.of("case", None) == ""


def test_an_age_is_an_answer_and_a_day_is_a_moment() -> None:
    def aged(number: int, age: int) -> Told:
        facts = {"age": age, "due_on": f"2026-11-{number + 1:02d}"}
        happened = (Happened("fact", MOMENT, facts=facts),)
        return Told(f"run-{number}", "", "", "made-up 1", "", MOMENT, None, happened)

    made = [aged(number, 15) for number in range(5)]
    assert len(eventlog.common(made)) == 5
    assert eventlog.common([*made, aged(6, 9)]) == made


# --- the command


def test_the_command_writes_a_file_that_others_may_not_read(town: Town, tmp_path: Path) -> None:
    five(town)
    file = tmp_path / "log.xes"
    out = StringIO()
    given = {"organisation": town.centre.key, "by": town.head.user.email, "stdout": out}
    call_command("runs_export", "--xes", str(file), **given)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "5 runs" in out.getvalue()
    assert "still personal data" in out.getvalue()
    call_command("runs_export", "--ocel", str(tmp_path / "log.json"), **given)
    assert json.loads((tmp_path / "log.json").read_text())["events"]


def test_the_command_says_why_it_does_not(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "log.xes"
    for who, told_why in ((town.officer, "rukovodilac službe"), (town.stranger, "no account")):
        with pytest.raises(CommandError, match=told_why):
            call_command(
                "runs_export", "--xes", str(file), organisation=town.centre.key, by=who.user.email
            )
    with pytest.raises(CommandError, match="no institution with the key"):
        call_command(
            "runs_export", "--xes", str(file), organisation="nowhere", by="a@primer.invalid"
        )
    assert not list(tmp_path.iterdir())
    with rls.engine_room():
        assert not Event.objects.filter(verb="runs_export").exists()
        assert not Run.objects.filter(state="").exists()
