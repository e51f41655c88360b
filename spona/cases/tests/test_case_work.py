"""Assessments and plans: what is kept, what is kept apart, and what is never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spona.accounts.tests.factories import person
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import actions
from spona.cases.actions.assessments import LONGEST, _sorted_out
from spona.cases.codes import assessments
from spona.cases.codes.assessments import Question
from spona.cases.models import Assessment, Goal, Plan
from spona.cases.tests.factories import (
    NOW,
    access,
    acting,
    assessment,
    case,
    close,
    goal,
    interpreting,
    plan,
)

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def _answer(question: Question) -> st.SearchStrategy[Any]:
    if question.type == "boolean":
        return st.booleans()
    if question.type == "code":
        return st.sampled_from(sorted(question.choices))
    return st.text(min_size=1, max_size=LONGEST)


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_answer_of_a_layer_is_never_among_those_that_everybody_reads(data: Any) -> None:
    kind = data.draw(st.sampled_from(sorted(assessments.forms())))
    asked = list(assessments.forms()[kind].questions())
    chosen = data.draw(st.lists(st.sampled_from(asked), min_size=1, unique_by=lambda q: q.key))
    answers = {question.key: data.draw(_answer(question)) for question in chosen}
    open_, restricted = _sorted_out(kind, answers)
    layered = {question.key for question in asked if question.sensitive}
    assert open_ | restricted == answers
    assert set(restricted) == set(answers) & layered


def test_each_form_asks_what_the_child_wants_and_names_each_question_once() -> None:
    assert set(assessments.forms()) == {"initial", "full", "review"}
    for form in assessments.forms().values():
        keys = [question.key for question in form.questions()]
        assert len(keys) == len(set(keys))
        assert "wishes" in keys
        for question in form.questions():
            assert bool(question.choices) is (question.type == "code")


def test_health_violence_and_trafficking_are_always_of_a_layer() -> None:
    health = [f"{area.name.code}" for area in assessments.forms()["full"].areas]
    assert {"safety", "health", "family", "housing", "education", "status", "wishes"} < set(health)
    layers = {q.code.layer for f in assessments.forms().values() for q in f.questions()}
    assert layers == {"general", "health", "gbv", "trafficking", "asylum"}


def test_an_assessment_is_written_by_who_runs_the_case() -> None:
    owner, partner, stranger = person("duty_officer"), person("health_worker"), person("guardian")
    opened = case(owner)
    access(opened, partner.organisation, partner.user)
    for who in (partner, stranger):
        with acting(who), pytest.raises(NotAllowed):
            assessment(opened, who)
    with acting(owner):
        made = assessment(opened, owner)
    assert made.answers == {"safe_tonight": True, "wishes": "da zove brata"}
    assert made.restricted == {"doctor_today": True}
    assert made.author_name == owner.user.name


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"kind": "score"}, "no such assessment"),
        ({"answers": {}}, "at least one"),
        ({"answers": {"asylum_grounds": "x"}}, "does not ask"),
        ({"answers": {"companion": "smuggler"}}, "does not ask"),
        ({"answers": {"wishes": "x" * (LONGEST + 1)}}, "does not ask"),
        ({"answers": {"safe_tonight": "yes"}}, "does not ask"),
        ({"made_at": NOW + timedelta(minutes=1)}, "after now"),
        ({"interpretation": ""}, "who interpreted"),
        ({"interpretation": "interpreted"}, "who interpreted"),
    ],
)
def test_what_an_assessment_does_not_take(said: dict[str, Any], sentence: str) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        with pytest.raises(Refused, match=sentence):
            assessment(opened, owner, **said)
        assert not Assessment.objects.exists()


def test_whom_the_child_refused_has_interpreted_no_assessment() -> None:
    owner = person("duty_officer")
    opened, other = case(owner), case(owner)
    with acting(owner):
        refused = interpreting(opened, owner, child="refused")
        elsewhere = interpreting(other, owner)
        for one, sentence in ((refused, "Nobody interpreted"), (elsewhere, "who interpreted")):
            with pytest.raises(Refused, match=sentence):
                assessment(opened, owner, interpretation="interpreted", interpreting=one)
        good = interpreting(opened, owner)
        made = assessment(opened, owner, interpretation="interpreted", interpreting=good)
    assert made.interpreting == good


def test_a_correction_keeps_what_was_said_before() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        made = assessment(opened, owner)
        said = {"safe_tonight": False}
        by = owner.actor()
        now = actions.assessment_correct(
            assessment=made, row_version=1, answers=said, by=by, at=NOW, registry_number="5/26"
        )
        with pytest.raises(Stale):
            actions.assessment_correct(assessment=made, row_version=1, answers=said, by=by, at=NOW)
        before = now.versions.get()
    assert (now.answers, now.restricted, now.registry_number) == (said, {}, "5/26")
    assert (before.answers, before.restricted) == (made.answers, made.restricted)


# --- plan


def test_a_case_has_one_plan_and_the_child_has_its_say() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        for said, sentence in (
            ({"aim": " "}, "what the plan is for"),
            ({"child_view": " "}, "not asked, write why"),
            ({"next_review_on": TODAY - timedelta(days=1)}, "from today on"),
        ):
            with pytest.raises(Refused, match=sentence):
                plan(opened, owner, **said)
        plan(opened, owner)
        with pytest.raises(Refused, match="a plan already"):
            plan(opened, owner)


def test_changed_words_are_kept_and_whoever_was_slower_is_told() -> None:
    owner = person("duty_officer")
    opened, by = case(owner), owner.actor()
    with acting(owner):
        written = plan(opened, owner)
        said = {"aim": "Drugo.", "child_view": "Isto.", "next_review_on": TODAY}
        now = actions.plan_change(plan=written, row_version=1, by=by, at=NOW, **said)  # type: ignore[arg-type]
        with pytest.raises(Stale):
            actions.plan_change(plan=written, row_version=1, by=by, at=NOW, **said)  # type: ignore[arg-type]
        assert (now.aim, now.versions.get().aim) == ("Drugo.", written.aim)


def test_a_review_moves_the_next_one() -> None:
    owner = person("duty_officer")
    opened, by = case(owner), owner.actor()
    with acting(owner):
        written = plan(opened, owner, next_review_on=TODAY)
        assert Plan.objects.review_due(NOW).get() == written
        assert not Plan.objects.review_due(NOW - timedelta(days=1)).exists()
        said: dict[str, Any] = {
            "held_on": TODAY,
            "changed": "Krenuo je u školu.",
            "child_view": "Zadovoljan.",
            "next_review_on": TODAY + timedelta(days=30),
        }
        for wrong, sentence in (
            ({"held_on": TODAY + timedelta(days=1)}, "after today"),
            ({"changed": ""}, "nothing has"),
            ({"child_view": ""}, "child says"),
        ):
            with pytest.raises(Refused, match=sentence):
                actions.plan_review(plan=written, by=by, at=NOW, **(said | wrong))
        actions.plan_review(plan=written, by=by, at=NOW, **said)
        assert not Plan.objects.review_due(NOW).exists()
        assert Plan.objects.review_due(NOW + timedelta(days=30)).exists()
        close(opened, owner)
        assert not Plan.objects.review_due(NOW + timedelta(days=30)).exists()


def test_a_goal_is_reached_or_dropped_with_a_reason_and_only_once() -> None:
    owner = person("duty_officer")
    opened, by = case(owner), owner.actor()
    with acting(owner):
        written = plan(opened, owner)
        first, second = goal(written, owner), goal(written, owner, organisation=owner.organisation)
        assert actions.goal_reach(goal=first, by=by, at=NOW).state == Goal.State.REACHED
        with pytest.raises(Refused, match="why the goal"):
            actions.goal_drop(goal=second, reason=" ", by=by, at=NOW)
        dropped = actions.goal_drop(goal=second, reason="dete ne želi", by=by, at=NOW)
        assert (dropped.state, dropped.reason) == (Goal.State.DROPPED, "dete ne želi")
        for ended in (first, second):
            with pytest.raises(Refused, match="already"):
                actions.goal_reach(goal=ended, by=by, at=NOW)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"person": ""}, "who does it"),
        ({"due_on": TODAY - timedelta(days=1)}, "before today"),
        ({"known_by": " "}, "how you will know"),
    ],
)
def test_a_goal_says_who_by_when_and_how_one_knows(said: dict[str, Any], sentence: str) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        written = plan(opened, owner)
        with pytest.raises(Refused, match=sentence):
            goal(written, owner, **said)


def test_a_stranger_and_a_partner_change_no_plan() -> None:
    owner, partner = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    with acting(owner):
        written = plan(opened, owner)
        set_ = goal(written, owner)
    access(opened, partner.organisation)
    for who in (partner, person("duty_officer")):
        with acting(who):
            with pytest.raises(NotAllowed):
                goal(written, who)
            with pytest.raises(NotAllowed):
                actions.goal_reach(goal=set_, by=who.actor(), at=NOW)


def test_decisions_that_an_institution_owes_by_a_day_come_back() -> None:
    owner = person("duty_officer")
    opened, by = case(owner), owner.actor()
    with acting(owner):
        planned = actions.conference_plan(case=opened, by=by, at=NOW, planned_at=NOW)
        held = actions.conference_hold(
            conference=planned,
            by=by,
            at=NOW,
            held_at=NOW,
            minutes="Zapisnik.",
            decisions=[
                {"text": "upis", "organisation": owner.organisation, "due_on": TODAY},
                {"text": "bez roka", "organisation": owner.organisation},
                {"text": "bez ustanove", "due_on": TODAY},
            ],
        )
        assert [one.text for one in held.owed()] == ["upis"]
