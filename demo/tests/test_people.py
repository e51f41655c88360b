"""Nobody in the demo is real, nothing forbidden is kept of a child, and every story is possible."""

from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from demo.codes import load_languages, load_needs, load_obstacles, load_places
from demo.network import load_network
from demo.people import FOLDER, load_children, load_staff
from demo.persons import Act, Age, BirthPrecision, Child, DeclaredBy, Role, SignIn, Stage
from demo.rows import RowError
from spona.conduct.graph import Graph
from spona.conduct.reader import read

STAFF = load_staff()
CHILDREN = load_children()
NETWORK = load_network()
BOOK = read(Path(__file__).parents[2] / "protocols" / "unaccompanied-child.yaml")
NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
SAMPLE_NAMES = {"Namuna", "Mithal", "Nimûne", "Tusaale", "Abnet", "نمونه", "نمونہ", "مثال", "ኣብነት"}
FORBIDDEN = re.compile(
    r"smuggl|krijumč|route|imei|hiv|religi|orientation|nationality|fingerprint|x.?ray|credib"
    r"|ground|transcript|bone|nickname|risk|score|phone_number|photo",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", ["staff.yaml", "children.yaml"])
def test_every_person_says_synthetic(name: str) -> None:
    rows = yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))
    assert all(row["synthetic"] is True for row in rows)


def test_every_name_shows_that_it_is_invented() -> None:
    assert all(person.surname.endswith("-Demo") for person in STAFF.values())
    assert all(name.family in SAMPLE_NAMES for c in CHILDREN.values() for name in c.names)


def test_the_story_has_four_main_sign_ins() -> None:
    main = {role for p in STAFF.values() if p.sign_in is SignIn.MAIN for role in p.roles}
    assert len([p for p in STAFF.values() if p.sign_in is SignIn.MAIN]) == 4
    assert {Role.OUTREACH_WORKER, Role.DUTY_OFFICER, Role.GUARDIAN, Role.POLICE_OFFICER} <= main


def test_every_role_has_somebody() -> None:
    assert {role for person in STAFF.values() for role in person.roles} == set(Role)


def test_everybody_works_somewhere_and_has_an_address_of_their_own() -> None:
    places = {*NETWORK.organisations, *NETWORK.centres}
    assert {person.organisation for person in STAFF.values()} <= places
    assert len({person.email for person in STAFF.values()}) == len(STAFF)


def test_every_stage_of_the_story_has_a_child() -> None:
    assert {child.stage for child in CHILDREN.values()} == set(Stage)


def test_children_write_their_names_in_several_scripts() -> None:
    scripts = {name.script for child in CHILDREN.values() for name in child.names}
    assert {"Latn", "Arab", "Ethi"} <= scripts
    assert {child.age.precision for child in CHILDREN.values()} == set(BirthPrecision)


def test_a_light_contact_has_no_name_and_opens_no_case() -> None:
    for child in CHILDREN.values():
        light = child.stage is Stage.LIGHT_CONTACT
        assert (not child.names) is light, child.key
        assert (not child.acts) is light, child.key


def test_every_code_of_a_child_is_in_its_list() -> None:
    needs, places = load_needs()["own"].needs, load_places()
    obstacles, languages = load_obstacles(), load_languages()
    for child in CHILDREN.values():
        assert set(child.needs) <= needs.keys(), child.key
        assert all(needs[need].recordable for need in child.needs), child.key
        assert set(child.languages) <= languages.keys(), child.key
        assert child.met.place in places, child.key
        assert child.met.municipality in NETWORK.municipalities, child.key
        assert {obstacle.code for obstacle in child.obstacles} <= obstacles.keys(), child.key


def test_everybody_and_every_place_of_a_story_exists() -> None:
    for child in CHILDREN.values():
        doers = {child.met.by, *(a.by for a in child.acts), *(o.by for o in child.obstacles)}
        assert doers <= STAFF.keys(), child.key
        assert child.guardian is None or Role.GUARDIAN in STAFF[child.guardian].roles, child.key
        for act in child.acts:
            assert act.where is None or act.where in NETWORK.centres, child.key
            assert act.done_by is None or act.done_by in NETWORK.organisations, child.key
            assert (act.done_by is None) is (act.heard is None), child.key


def test_no_child_is_put_into_a_real_place() -> None:
    places = {act.where for child in CHILDREN.values() for act in child.acts if act.where}
    assert all(NETWORK.centres[place].origin.synthetic for place in places)


def test_siblings_are_never_split() -> None:
    groups: dict[str, set[tuple[Act, ...]]] = {}
    for child in CHILDREN.values():
        if child.group:
            groups.setdefault(child.group, set()).add(child.acts)
    assert groups
    assert all(len(stories) == 1 for stories in groups.values())


def test_nothing_is_kept_of_a_child_that_practice_forbids() -> None:
    text = (FOLDER / "children.yaml").read_text(encoding="utf-8")
    data = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert not FORBIDDEN.search(data)
    assert not any(FORBIDDEN.search(field.name) for field in fields(Child))


@pytest.mark.parametrize("child", CHILDREN.values(), ids=lambda child: child.key)
def test_a_story_begins_where_the_child_was_met_and_runs_forward(child: Child) -> None:
    hours = [act.hours for act in child.acts]
    assert hours == sorted(hours, reverse=True)
    if child.acts:
        met = child.acts[0]
        assert (met.act, met.hours, met.by) == ("child_met", child.met.hours, child.met.by)


def known(child: Child) -> dict[str, bool | int | date]:
    """The facts of the protocol, age and date of birth among them."""
    facts: dict[str, bool | int | date] = dict(child.facts)
    if child.age.years is not None:
        facts["age"] = child.age.years
    if born := child.age.born(NOW.date()):
        facts["birth_date"] = born
    return facts


def play(child: Child) -> set[str]:
    """Plays the story under the rules; gives the acts that are still owed."""
    graph = Graph.of(BOOK)
    marking = graph.start(NOW - timedelta(hours=child.met.hours))
    for act in child.acts:
        at = NOW - timedelta(hours=act.hours)
        marking = graph.catch_up(marking, known(child), at).marking
        assert graph.blocks(marking, act.act, at, known(child)) == (), act.act
        marking = graph.execute(marking, act.act, at, known(child)).marking
    owed = graph.owed(graph.catch_up(marking, known(child), NOW).marking)
    return {act for duty in owed if not duty.hidden for act in duty.acts}


@pytest.mark.parametrize(
    "child", [c for c in CHILDREN.values() if c.acts], ids=lambda child: child.key
)
def test_no_act_of_a_story_was_blocked_by_the_rules(child: Child) -> None:
    assert child.facts.keys() <= BOOK.facts.keys()
    play(child)


@pytest.mark.parametrize(
    ("key", "act"),
    [
        ("jawad", "csr_confirmed"),
        ("zmarai", "guardian_appointed"),
        ("hodan", "guardian_appointed"),
        ("rojin", "intention_registered"),
        ("bilal", "lodging_scheduled"),
        ("nawid", "absence_assessed"),
        ("yonas", "return_talk"),
    ],
)
def test_each_story_stops_where_somebody_owes_the_next_step(key: str, act: str) -> None:
    assert act in play(CHILDREN[key])


def test_an_obstacle_belongs_to_a_duty_that_is_still_owed() -> None:
    for child in CHILDREN.values():
        assert {obstacle.act for obstacle in child.obstacles} <= play(child) if child.acts else True


TODAY = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("precision", "days", "born"),
    [
        (BirthPrecision.DAY, 0, date(2014, 2, 28)),
        (BirthPrecision.DAY, 10, date(2014, 2, 19)),
        (BirthPrecision.MONTH, None, date(2014, 2, 1)),
        (BirthPrecision.YEAR, None, date(2014, 1, 1)),
        (BirthPrecision.ESTIMATED, None, None),
    ],
)
def test_an_age_becomes_a_date_of_birth_only_as_far_as_it_is_known(
    precision: BirthPrecision, days: int | None, born: date | None
) -> None:
    assert Age(14, days, precision, DeclaredBy.CHILD).born(TODAY) == born


def test_an_unknown_age_gives_no_date_of_birth() -> None:
    assert Age(None, None, BirthPrecision.UNKNOWN, DeclaredBy.NOBODY).born(TODAY) is None


@pytest.mark.parametrize(
    ("name", "change", "to", "fault"),
    [
        ("staff.yaml", "synthetic: true", "synthetic: false", "must say `synthetic: true`"),
        ("staff.yaml", "demo.spona.example", "ministry.example", "address of the demo"),
        ("staff.yaml", "key: dragana-dezurna", "key: jelena-teren", "two people with the key"),
        ("staff.yaml", "[outreach_worker]", "[supervisor]", "supervisor"),
        ("children.yaml", "  synthetic: true\n", "", "must say `synthetic: true`"),
        (
            "children.yaml",
            "years: null, precision: unknown",
            "years: 9, precision: unknown",
            "unknown age",
        ),
        ("children.yaml", "days_past_birthday: 80, ", "", "days_past_birthday"),
        ("children.yaml", "recorded_hours: 9.1", "recorded_hours: 12", "before it happens"),
        ("children.yaml", "needs: [food,", "nationality: AFG\n  needs: [food,", "unknown keys"),
        ("children.yaml", "relative_present: false", "relative_present: maybe", "true and false"),
        ("children.yaml", "hours: 1.7,", "hours: soon,", "must be a number"),
    ],
)
def test_a_wrong_person_is_refused(
    tmp_path: Path, name: str, change: str, to: str, fault: str
) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert change in text
    (tmp_path / name).write_text(text.replace(change, to, 1), encoding="utf-8")
    with pytest.raises(RowError, match=re.escape(fault)):
        (load_staff if name == "staff.yaml" else load_children)(tmp_path)
