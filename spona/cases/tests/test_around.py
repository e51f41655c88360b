"""People around a child: interpreters, lawyer, siblings, and the place where it is held."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from spona.accounts.models import Membership
from spona.accounts.tests.factories import OrganisationFactory, person
from spona.audit.models import Event
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import actions
from spona.cases.models import Case, CaseLink, Interpreter, Interpreting
from spona.cases.tests.factories import (
    NOW,
    access,
    acting,
    begin_placement,
    case,
    hearing,
    interpreter,
    interpreting,
    lawyer,
)
from spona.directory.models import Centre

pytestmark = pytest.mark.django_db


# --- interpreters


def test_a_register_is_seen_by_the_institution_that_keeps_it_and_by_nobody_else() -> None:
    owner, other = person("duty_officer"), person("outreach_worker")
    with acting(owner):
        kept = interpreter(owner)
    opened = case(owner)
    access(opened, other.organisation, other.user)
    with acting(other):
        assert not Interpreter.objects.exists()
        with pytest.raises(NotAllowed):
            actions.interpreter_change(
                interpreter=kept,
                row_version=1,
                draft=actions.InterpreterDraft("x", ["prs"], "both"),
                by=other.actor(),
                at=NOW,
            )
    with acting(person("case_manager", owner.organisation)):
        assert Interpreter.objects.get() == kept


def test_a_guardian_a_director_and_a_coordinator_keep_no_register() -> None:
    for role in ("guardian", "director", "coordinator", "administrator"):
        who = person(role)
        with acting(who), pytest.raises(NotAllowed):
            interpreter(who)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": " "}, "name"),
        ({"languages": []}, "language"),
        ({"languages": ["xxx"]}, "language"),
        ({"reach": "letter"}, "from the list"),
        ({"confidentiality_signed_on": NOW.date() + timedelta(days=1)}, "after today"),
    ],
)
def test_what_the_register_does_not_take(said: dict[str, Any], sentence: str) -> None:
    owner = person("duty_officer")
    with acting(owner), pytest.raises(Refused, match=sentence):
        interpreter(owner, **said)


def test_a_row_of_the_register_is_changed_once_at_a_time() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        kept = interpreter(owner)
        draft = actions.InterpreterDraft("Sintetička Laila", ["prs"], "phone", active=False)
        by = owner.actor()
        actions.interpreter_change(interpreter=kept, row_version=1, draft=draft, by=by, at=NOW)
        assert not Interpreter.objects.active().exists()
        with pytest.raises(Stale):
            actions.interpreter_change(interpreter=kept, row_version=1, draft=draft, by=by, at=NOW)
        with pytest.raises(Refused, match="still called"):
            interpreting(opened, owner, interpreter=kept)


@pytest.mark.parametrize("conflict", Interpreting.Conflict.values)
def test_a_conflict_stops_the_interpreter_unless_it_could_not_wait(conflict: str) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        with pytest.raises(Refused, match="should not interpret"):
            interpreting(opened, owner, conflicts=[conflict])
        done = interpreting(
            opened, owner, conflicts=[conflict], conflict_reason="hitna pomoć, niko drugi"
        )
    assert (done.conflicts, done.took_place) == ([conflict], True)


def test_a_child_that_refuses_an_interpreter_is_asked_for_no_reason() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        refused = interpreting(opened, owner, child="refused", conflicts=["same_group"])
    assert not refused.took_place
    assert not [f.name for f in Interpreting._meta.fields if "refus" in f.name]


def test_nobody_was_found_and_that_is_written_down_too() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        none = interpreting(opened, owner, mode="none", name="", child="")
    assert (none.interpreter_name, none.took_place) == ("", False)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name": " "}, "name"),
        ({"child": ""}, "accepts"),
        ({"language": "xxx"}, "from the list"),
        ({"purpose": " "}, "for what"),
        ({"held_at": NOW + timedelta(hours=1)}, "later than now"),
        ({"conflicts": ["tall"]}, "from the list"),
    ],
)
def test_what_is_asked_of_a_talk_with_an_interpreter(said: dict[str, Any], sentence: str) -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner), pytest.raises(Refused, match=sentence):
        interpreting(opened, owner, **said)


def test_the_name_of_an_interpreter_is_read_by_who_sees_the_case() -> None:
    owner, guardian = person("duty_officer"), person("guardian")
    opened = case(owner)
    with acting(owner):
        interpreting(opened, owner, interpreter=interpreter(owner), name="")
    access(opened, guardian.organisation, guardian.user, basis="guardian")
    with acting(guardian):
        assert Interpreting.objects.get().interpreter_name == "Sintetička Laila"
        assert not Interpreter.objects.exists()
        interpreting(opened, guardian)


# --- lawyer and hearings


def test_a_lawyer_has_a_power_of_attorney_and_a_relative_has_none() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    day = NOW.date()
    with acting(owner):
        kept = lawyer(opened, owner, power_from=day, power_until=day)
        for said, sentence in (
            ({"kind": "relative", "power_from": day}, "Only a lawyer"),
            ({"power_from": day, "power_until": day - timedelta(days=1)}, "before it begins"),
            ({"power_until": day}, "before it begins"),
            ({"name": ""}, "name"),
            ({"kind": "smuggler"}, "from the list"),
        ):
            with pytest.raises(Refused, match=sentence):
                lawyer(opened, owner, **said)
        by = owner.actor()
        assert actions.case_party_end(party=kept, by=by, at=NOW).ended_at == NOW
        with pytest.raises(Refused, match="no longer"):
            actions.case_party_end(party=kept, by=by, at=NOW)


def test_lawyer_and_guardian_are_told_of_a_hearing_once_each() -> None:
    owner, stranger = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    with acting(owner):
        planned = hearing(opened, owner)
        by = owner.actor()
        told = actions.hearing_told(hearing=planned, whom="lawyer", by=by, at=NOW)
        assert (told.lawyer_told_at, told.guardian_told_at) == (NOW, None)
        with pytest.raises(Refused, match="already"):
            actions.hearing_told(hearing=planned, whom="lawyer", by=by, at=NOW)
        actions.hearing_told(hearing=planned, whom="guardian", by=by, at=NOW)
    with acting(stranger), pytest.raises(NotAllowed):
        actions.hearing_told(hearing=planned, whom="lawyer", by=stranger.actor(), at=NOW)


def test_an_institution_with_something_to_do_in_a_case_writes_nobody_down() -> None:
    owner, partner = person("duty_officer"), person("health_worker")
    opened = case(owner)
    access(opened, partner.organisation, partner.user)
    with acting(partner), pytest.raises(NotAllowed):
        lawyer(opened, partner)


# --- siblings and group


def link(one: Case, other: Case, who: Membership, kind: str = "sibling") -> CaseLink:
    return actions.case_link(case=one, code=other.code, kind=kind, by=who.actor(), at=NOW)


def test_a_stranger_to_the_other_case_sees_no_link_not_even_a_count() -> None:
    owner, other = person("duty_officer"), person("duty_officer")
    mine, theirs = case(owner), case(other)
    access(theirs, owner.organisation)
    with acting(owner):
        link(mine, theirs, owner)
        assert CaseLink.objects.visible_to(owner.actor(), NOW).of(mine).count() == 1
    partner = person("guardian")
    access(mine, partner.organisation, partner.user, basis="guardian")
    for who in (other, partner, person("duty_officer")):
        with acting(who):
            assert CaseLink.objects.count() == 0
            assert CaseLink.objects.visible_to(who.actor(), NOW).count() == 0
            assert not Event.objects.filter(verb="case_link").exists()
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM cases_caselink")
                assert cursor.fetchone() == (0,)


def test_a_case_that_one_does_not_see_is_answered_as_one_that_does_not_exist() -> None:
    owner, other = person("duty_officer"), person("duty_officer")
    mine, _first, hidden = case(owner), case(other), case(other)
    answers = []
    with acting(owner):
        for code in (hidden.code, "VR-1999-9999"):
            with pytest.raises(Refused) as refused:
                actions.case_link(case=mine, code=code, kind="sibling", by=owner.actor(), at=NOW)
            answers.append(str(refused.value))
    assert len(set(answers)) == 1


def test_children_are_linked_once_and_never_with_themselves() -> None:
    owner = person("duty_officer")
    mine, sister = case(owner), case(owner)
    with acting(owner):
        first = link(mine, sister, owner)
        with pytest.raises(Refused, match="already"):
            link(sister, mine, owner, kind="relative")
        with pytest.raises(Refused, match="itself"):
            link(mine, mine, owner)
        with pytest.raises(Refused, match="from the list"):
            link(mine, sister, owner, kind="friend")
        actions.case_unlink(link=first, by=owner.actor(), at=NOW)
        with pytest.raises(Refused, match="already"):
            actions.case_unlink(link=first, by=owner.actor(), at=NOW)
        link(sister, mine, owner, kind="relative")


def test_a_group_is_reached_over_others_but_not_over_those_that_are_hidden() -> None:
    owner, other = person("duty_officer"), person("duty_officer")
    first, second, third = (case(owner) for _ in range(3))
    beyond = case(other)
    access(third, other.organisation)
    with acting(owner):
        link(first, second, owner)
        link(second, third, owner)
        seen = CaseLink.objects.visible_to(owner.actor(), NOW).standing()
        assert seen.group_of(first) == {first.pk, second.pk, third.pk}
    with acting(other):
        link(third, beyond, other)
        seen = CaseLink.objects.visible_to(other.actor(), NOW).standing()
        assert seen.group_of(beyond) == {beyond.pk, third.pk}


# --- held


def _centre(kind: str) -> Centre:
    return Centre.objects.create(organisation=OrganisationFactory.create(), kind=kind)


def test_a_place_of_detention_is_no_shelter() -> None:
    owner = person("duty_officer")
    opened, by = case(owner), owner.actor()
    held, house = _centre("detention"), _centre("PC")
    with acting(owner):
        for kind in ("bed_tonight", "urgent", "institution", "other"):
            with pytest.raises(Refused, match="not shelter"):
                actions.placement_begin(case=opened, kind=kind, by=by, at=NOW, centre=held)
        said: dict[str, Any] = {"from_at": NOW, "reason": "pozvan staratelj", "by": by, "at": NOW}
        for wrong, sentence in (
            ({"centre": house}, "not a place of detention"),
            ({}, "where the child is held"),
            ({"centre": held, "from_at": NOW + timedelta(hours=1)}, "after now"),
            ({"centre": held, "reason": " "}, "what was done"),
        ):
            with pytest.raises(Refused, match=sentence):
                actions.detention_begin(case=opened, **(said | wrong))
        before = begin_placement(opened, owner)
        now = actions.detention_begin(case=opened, centre=held, **said)
        before.refresh_from_db()
    assert (now.kind, before.until_at) == ("detention", NOW)
