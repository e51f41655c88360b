"""Two independent locks that always agree: `visible_to` in Python, row security in the database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person
from spona.audit.models import Event
from spona.base import rls
from spona.base.actor import CLOCK, NOBODY, Actor
from spona.base.checks import every_person_and_case_is_behind_row_security
from spona.cases import actions
from spona.cases.models import (
    Case,
    CaseAccess,
    CaseCounter,
    CaseLink,
    Document,
    Encounter,
    Interpreter,
    OfCase,
    persons_visible_to,
)
from spona.cases.tests.factories import (
    NOW,
    access,
    acting,
    assessment,
    basis,
    begin_guardianship,
    begin_placement,
    case,
    encounter,
    goal,
    hearing,
    interpreter,
    interpreting,
    lawyer,
    plan,
    propose_closing,
)
from spona.people.models import Person, PersonLanguage, PersonName

pytestmark = pytest.mark.django_db


def _fill(opened: Case, owner: Membership) -> None:
    """One row in every table of a case."""
    by = owner.actor()
    with acting(owner):
        begin_placement(opened, owner)
        begin_guardianship(opened, owner)
        basis(opened, owner)
        actions.need_add(case=opened, by=by, at=NOW, system="own", code="food", source="said")
        note = actions.note_write(case=opened, by=by, at=NOW, text="Prvo.")
        actions.note_correct(note=note, by=by, at=NOW, row_version=1, text="Drugo.")
        planned = actions.conference_plan(
            case=opened, by=by, at=NOW, planned_at=NOW, participants=[{"name": "Sintetička Eva"}]
        )
        actions.conference_hold(
            conference=planned,
            by=by,
            at=NOW,
            held_at=NOW,
            minutes="Zapisnik.",
            decisions=[{"text": "Škola"}],
        )
        _fill_case_work(opened, owner)
        Document.objects.create(
            case=opened,
            title="Rešenje",
            kind="decision",
            original_name="a.pdf",
            stored_name=f"sinteticki-{opened.pk}",
            content_type="application/pdf",
            size=1,
            sha256="0" * 64,
            uploaded_at=NOW,
        )


def _fill_case_work(opened: Case, owner: Membership) -> None:
    by = owner.actor()
    interpreter(owner)
    made = assessment(
        opened, owner, interpretation="interpreted", interpreting=interpreting(opened, owner)
    )
    actions.assessment_correct(
        assessment=made, row_version=1, answers={"safe_tonight": False}, by=by, at=NOW
    )
    written = plan(opened, owner)
    goal(written, owner)
    actions.plan_review(
        plan=written,
        held_on=NOW.date(),
        changed="Ništa.",
        child_view="Isto.",
        next_review_on=(NOW + timedelta(days=60)).date(),
        by=by,
        at=NOW,
    )
    lawyer(opened, owner)
    hearing(opened, owner)
    propose_closing(opened, owner)


def _ids(rows: models.QuerySet[Any]) -> set[int]:
    return set(rows.values_list("pk", flat=True))


def _both_locks(actor: Actor, at: datetime) -> dict[str, tuple[set[int], set[int]]]:
    """By table: what `visible_to` gives, and what the database gives to a forgotten filter."""
    people = persons_visible_to(actor, at)
    pairs: dict[str, tuple[models.QuerySet[Any], models.QuerySet[Any]]] = {
        "case": (Case.objects.visible_to(actor, at), Case.objects.all()),
        "person": (people, Person.objects.all()),
        "name": (PersonName.objects.filter(person__in=people), PersonName.objects.all()),
        "language": (
            PersonLanguage.objects.filter(person__in=people),
            PersonLanguage.objects.all(),
        ),
        "encounter": (Encounter.objects.visible_to(actor), Encounter.objects.all()),
        "interpreter": (Interpreter.objects.visible_to(actor), Interpreter.objects.all()),
        "link": (CaseLink.objects.visible_to(actor, at), CaseLink.objects.all()),
    }
    for model in OfCase.__subclasses__():
        manager: Any = model._default_manager
        pairs[model.__name__] = (manager.visible_to(actor, at), manager.all())
    return {name: (_ids(mine), _ids(everything)) for name, (mine, everything) in pairs.items()}


def test_a_forgotten_filter_leaks_nothing_in_any_table() -> None:
    owner, other = person("duty_officer"), person("duty_officer")
    manager = person("case_manager", owner.organisation)
    partner, guardian = person("outreach_worker"), person("guardian")
    first, second = case(owner, lead=manager.user), case(other)
    for opened, who in ((first, owner), (second, other)):
        _fill(opened, who)
    access(first, partner.organisation, partner.user)
    access(second, guardian.organisation, guardian.user, basis="guardian")
    encounter(partner)
    seen = {}
    for who in (owner, other, manager, partner, guardian, person("coordinator")):
        with acting(who):
            locks = _both_locks(who.actor(), NOW)
        assert all(mine == everything for mine, everything in locks.values()), who.roles
        seen[who.pk] = {name: everything for name, (_mine, everything) in locks.items()}
    assert seen[owner.pk]["case"] == {first.pk}
    assert seen[partner.pk]["case"] == {first.pk}
    assert seen[manager.pk]["case"] == {first.pk}
    assert seen[guardian.pk]["case"] == seen[other.pk]["case"] == {second.pk}
    ours = [one for one in OfCase.__subclasses__() if one._meta.app_label == "cases"]
    assert all(seen[owner.pk][model.__name__] for model in ours)
    assert not seen[owner.pk]["encounter"]
    assert seen[partner.pk]["encounter"]


def test_nobody_and_the_clock_see_nothing() -> None:
    _fill(opened := case(owner := person("duty_officer")), owner)
    assert opened.pk
    for actor in (NOBODY, CLOCK, Actor(organisation_id=owner.organisation_id)):
        with rls.acting(actor, NOW):
            assert all(a == b == set() for a, b in _both_locks(actor, NOW).values() if a or not b)
            assert not Case.objects.exists()
            assert not Case.objects.visible_to(actor, NOW).exists()


def test_who_left_the_organisation_behind_sees_only_its_own_side() -> None:
    """The same person in two institutions sees the cases of the one chosen."""
    here = person("duty_officer")
    there = person("duty_officer", user=here.user)
    mine = case(here)
    case(there)
    with acting(here):
        assert Case.objects.get() == mine
        assert CaseCounter.objects.count() == CaseAccess.objects.count() == 1


def test_the_log_of_a_case_is_read_by_whoever_sees_the_case() -> None:
    owner, stranger = person("duty_officer"), person("duty_officer")
    opened = case(owner)
    with acting(owner):
        assert Event.objects.of_case(opened.pk).filter(verb="case_open").exists()
    with acting(stranger):
        assert not Event.objects.exists()


def test_no_table_is_without_row_security() -> None:
    ours = ("people_", "cases_")
    missing = every_person_and_case_is_behind_row_security(None, databases=["default"])
    assert [m for m in missing if any(f"Table {name}" in m.msg for name in ours)] == []


class Grants(RuleBasedStateMachine):
    """P1: whatever is granted, ends or runs out, one sees exactly what a plain list says."""

    cases = Bundle("cases")
    accesses = Bundle("accesses")

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.at = NOW
        self.rows: list[dict[str, Any]] = []
        self.people: list[Membership] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize(target=cases)
    def two_institutions(self) -> Any:
        for _ in range(2):
            wide = person("duty_officer")
            own = [person("case_manager", wide.organisation) for _ in range(2)]
            self.people += [wide, *own]
        self.people.append(person("guardian"))
        return multiple(self._opened(self.people[0]), self._opened(self.people[3]))

    def _opened(self, who: Membership) -> Case:
        opened = case(who, at=self.at)
        self._row(opened, who.organisation_id, None)
        if who.actor().reach == "own":
            self._row(opened, who.organisation_id, who.user_id)
        return opened

    def _row(
        self, of: Case, organisation: int, user: int | None, until: datetime | None = None
    ) -> dict[str, Any]:
        row = {"case": of.pk, "org": organisation, "user": user, "until": until, "ended": False}
        self.rows.append(row)
        return row

    @rule(target=cases, index=st.sampled_from([0, 1, 3, 4]))
    def open_case(self, index: int) -> Case:
        return self._opened(self.people[index])

    @rule(
        target=accesses,
        of=cases,
        index=st.integers(0, 6),
        whole=st.booleans(),
        hours=st.one_of(st.none(), st.integers(1, 5)),
    )
    def grant(self, of: Case, index: int, whole: bool, hours: int | None) -> Any:
        to = self.people[index]
        until = None if hours is None else self.at + timedelta(hours=hours)
        user = None if whole else to.user
        given = access(of, to.organisation, user, at=self.at, until=until)
        return given, self._row(of, to.organisation_id, None if whole else to.user_id, until)

    @rule(pair=consumes(accesses))
    def end(self, pair: Any) -> None:
        given, row = pair
        with rls.acting(CLOCK, self.at):
            actions.access_end(access=given, by=CLOCK, at=self.at)
        row["ended"] = True

    @rule(hours=st.integers(1, 4))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @invariant()
    def both_locks_say_what_the_list_says(self) -> None:
        for who in self.people:
            actor = who.actor()
            with acting(who, self.at):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT visible_case_ids()")
                    told = set(cursor.fetchone()[0])
                locked = _ids(Case.objects.all())
                filtered = _ids(Case.objects.visible_to(actor, self.at))
                persons = _ids(Person.objects.all())
                through_cases = set(Case.objects.values_list("person_id", flat=True))
            assert told == locked == filtered == self._expected(actor)
            assert persons == through_cases

    def _expected(self, actor: Actor) -> set[int]:
        return {
            row["case"]
            for row in self.rows
            if row["org"] == actor.organisation_id
            and not row["ended"]
            and (row["until"] is None or self.at < row["until"])
            and (
                row["user"] == actor.user_id
                or (row["user"] is None and actor.reach == "organisation")
            )
        }


def test_one_sees_exactly_what_was_given_and_has_not_ended() -> None:
    few = settings(
        max_examples=12,
        stateful_step_count=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Grants, settings=few)
