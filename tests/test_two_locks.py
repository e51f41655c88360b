"""P3: a forgotten filter leaks nothing. `visible_to` is replaced by `all()`, and the database alone
gives everybody the same rows and the same pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from spona.base import rls
from spona.base.actor import NOBODY, Actor
from spona.cases.models import (
    Case,
    CaseAccess,
    CaseLink,
    Encounter,
    Interpreter,
    Merge,
    OfCase,
    persons_visible_to,
)
from spona.coordination.models import (
    Binding,
    BlindMatch,
    BlindQuery,
    Disclosure,
    Duty,
    Handover,
    HandoverItem,
    Message,
    Notification,
    Referral,
    Run,
    RunEvent,
    RunMigration,
)
from spona.people.models import Person
from tests.addresses import Address, addresses, of_the_house
from tests.world import NOW, Answer, World

WITHOUT_A_MOMENT = (Encounter, Notification, Interpreter, RunMigration)
LOCKED: tuple[Any, ...] = (
    Case, Encounter, *OfCase.__subclasses__(), Run, RunEvent, Binding, Duty, Notification,
    CaseLink, Interpreter, Referral, Disclosure, Message, Handover, HandoverItem,
    RunMigration, Merge, BlindQuery, BlindMatch,
)  # fmt: skip
WALKERS = (
    "finder",
    "owner",
    "case_manager",
    "guardian",
    "police",
    "expired",
    "recipient",
    "other_centre",
)


def test_every_filter_of_persons_and_cases_is_known_here() -> None:
    ours = ("cases", "coordination", "people")
    filtered = {
        model
        for model in apps.get_models()
        if model._meta.app_label in ours and hasattr(model._default_manager, "visible_to")
    }
    assert filtered == set(LOCKED)


def test_everybody_gets_the_rows_that_the_filter_would_give(world: World) -> None:
    for who in (*world.people, "anonymous"):
        actor = world.actor(who)
        with rls.acting(actor, NOW):
            for model in LOCKED:
                everything = model._default_manager.all()
                assert _ids(_visible(model, actor)) == _ids(everything), (who, model)
            assert _ids(persons_visible_to(actor, NOW)) == _ids(Person.objects.all())


def test_the_world_has_rows_in_every_table(world: World) -> None:
    """So that equal is not equal to nothing."""
    with rls.engine_room():
        assert [model for model in LOCKED if not model._default_manager.exists()] == []


def test_nobody_sees_no_row_of_anything(world: World) -> None:
    with rls.acting(NOBODY, NOW):
        assert [model for model in (*LOCKED, CaseAccess) if model._default_manager.exists()] == []


def _visible(model: Any, actor: Actor) -> models.QuerySet[Any]:
    moment = () if model in WITHOUT_A_MOMENT else (NOW,)
    found: models.QuerySet[Any] = model._default_manager.visible_to(actor, *moment)
    return found


def _ids(rows: models.QuerySet[Any]) -> set[int]:
    return set(rows.values_list("pk", flat=True))


@pytest.fixture
def open_lock() -> Iterator[pytest.MonkeyPatch]:
    """Every `visible_to` lets everything through; what is left is row security."""
    with pytest.MonkeyPatch.context() as patch:
        for model in LOCKED:
            rows = type(model._default_manager.all())
            owner = next(one for one in rows.__mro__ if "visible_to" in vars(one))
            patch.setattr(owner, "visible_to", lambda self, *_whom: self.all())
        yield patch


def test_without_the_first_lock_everybody_gets_the_same_pages(
    world: World, request: pytest.FixtureRequest
) -> None:
    with_both = dict(_walk(world))
    request.getfixturevalue("open_lock")
    differ = [one for one, answer in _walk(world) if answer != with_both[one]]
    assert differ == []


def _walk(world: World) -> Iterator[tuple[tuple[str, Address], Answer]]:
    """Every page in which there may be a child, and a search for it, by everybody."""
    places = [one for one in addresses(world) if not of_the_house(one.name)]
    pages = [one for one in places if world.visit("owner", one.path).status != 405]
    for who in WALKERS:
        for one in pages:
            yield (who, one), world.visit(who, one.path)
        search = Address("home:search", "given name")
        yield (who, search), world.visit(who, search.path, {"q": "Kanarinko"}, "post")
