"""New rules are published while a boy is in care: nothing changes in silence, and all of it can be
taken back. Everybody is synthetic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from spona.accounts.tests.factories import person, signed_in
from spona.base import rls
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases.models import Case
from spona.coordination import actions
from spona.coordination.actions.migrating import Planned
from spona.coordination.models import Duty, Notice, RunEvent, RunMigration
from spona.coordination.tests.story import EVENING, HOUR, Town, run_of
from spona.protocols.actions import version_publish
from spona.protocols.models import Version

pytestmark = pytest.mark.django_db
NOW = EVENING + 2 * HOUR
BOOK = Path("protocols/unaccompanied-child.yaml")


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
def case(town: Town) -> Case:
    return town.boy_in_care()


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def published(*changes: tuple[str, str], number: str = "2027.1") -> Version:
    """The book of the unaccompanied child with these words changed, published an hour ago."""
    text = BOOK.read_text(encoding="utf-8")
    version = next(line for line in text.splitlines() if line.startswith("version:"))
    for old, new in ((version, f'version: "{number}"'), *changes):
        assert old in text, old
        text = text.replace(old, new, 1)
    return version_publish(text=text, by=Actor(name="test"), at=NOW - HOUR)[0]


def term_of(rule_id: str, new: str) -> tuple[str, str]:
    """The first deadline of this rule, given another length."""
    text = BOOK.read_text(encoding="utf-8")
    begin = text.index(f"id: {rule_id}\n")
    line = text[begin : text.index("within: ", begin) + 40]
    length = line[line.rindex("within: ") :].split(",")[0].split("}")[0].split("\n")[0]
    old = line[: line.rindex("within: ")] + length
    return old, old.replace(length, f"within: {new}")


def plans(town: Town, version: Version) -> list[Planned]:
    by = town.head.actor()
    with rls.acting(by, NOW):
        return actions.runs_plan(to=version, by=by, at=NOW)


def go_on(town: Town, version: Version, *planned: Planned) -> RunMigration:
    by = town.head.actor()
    with rls.acting(by, NOW):
        agreed = {one.run.pk: one.seal for one in planned}
        return actions.runs_migrate(to=version, agreed=agreed, by=by, at=NOW)


def owed(case: Case) -> dict[str, object]:
    with rls.engine_room():
        return {"|".join(duty.acts): duty.due_at for duty in Duty.objects.owed().filter(case=case)}


def test_the_same_rules_under_a_new_number_are_safe_and_change_nothing(
    town: Town, case: Case
) -> None:
    version, before = published(), owed(case)
    [found] = plans(town, version)
    assert found.plan.safe
    go_on(town, version, found)
    assert owed(case) == before
    assert run_of(case).version == version
    assert list(actions.runs_verify()) == []


def test_a_shorter_term_is_shown_recorded_and_told(town: Town, case: Case) -> None:
    version = published(term_of("LOC-UC-05", "PT3H"))
    [found] = plans(town, version)
    assert [change.kind for change in found.plan.changes] == ["moved"]
    go_on(town, version, found)
    with rls.engine_room():
        event = RunEvent.objects.get(kind="migrated")
        told = Notice.objects.get(kind="moved")
    assert event.form["changes"][0]["names"] == ["bed_tonight"]
    assert told.act == "bed_tonight"
    assert told.organisation_id == town.centre.pk
    assert list(actions.runs_verify()) == []


def test_it_can_be_taken_back(town: Town, case: Case) -> None:
    before, old = owed(case), run_of(case).version
    version = published(term_of("LOC-UC-05", "PT3H"))
    done = go_on(town, version, *plans(town, version))
    assert owed(case) != before
    by = town.head.actor()
    with rls.acting(by, NOW):
        actions.migration_take_back(migration=done, by=by, at=NOW)
        with pytest.raises(Stale):
            actions.migration_take_back(migration=done, by=by, at=NOW)
    assert owed(case) == before
    assert run_of(case).version == old
    assert list(actions.runs_verify()) == []


def test_what_was_agreed_to_is_what_happens(town: Town, case: Case) -> None:
    version = published(term_of("LOC-UC-05", "PT3H"))
    [found] = plans(town, version)
    town.act(case, "bed_tonight", form={"place": "Demo kuća"})
    with pytest.raises(Stale):
        go_on(town, version, found)
    assert run_of(case).version != version


def test_only_the_head_decides_and_only_about_the_own_institution(town: Town, case: Case) -> None:
    version = published()
    for who in (town.officer, town.director, town.coordinator, town.policeman):
        by = who.actor()
        with rls.acting(by, NOW), pytest.raises(NotAllowed):
            actions.runs_plan(to=version, by=by, at=NOW)
    town.head = person("head_of_service")
    assert plans(town, version) == []
    with pytest.raises(Refused):
        go_on(town, version)


def test_rules_whose_first_day_has_not_come_bind_nobody_yet(town: Town, case: Case) -> None:
    version = published()
    found = plans(town, version)
    Version.objects.filter(pk=version.pk).update(valid_from=(NOW + timedelta(days=7)).date())
    with pytest.raises(Refused, match="prvi dan primene"):
        go_on(town, version, *found)
    listed = signed_in(town.head).get(reverse("coordination:migration_list")).content.decode()
    path = reverse("coordination:migration_plan", args=[version.pk])
    assert path not in listed
    assert signed_in(town.head).get(path).status_code == 404


# --- pages


def test_the_head_sees_ticks_and_sends(town: Town, case: Case) -> None:
    version = published(term_of("LOC-UC-05", "PT3H"))
    client = signed_in(town.head)
    listed = client.get(reverse("coordination:migration_list")).content.decode()
    assert reverse("coordination:migration_plan", args=[version.pk]) in listed
    path = reverse("coordination:migration_plan", args=[version.pk])
    page = client.get(path).content.decode()
    assert case.code in page
    assert "LOC-UC-05" in page
    assert " checked" not in page
    nothing = client.post(path)
    assert nothing.status_code == 422
    [found] = plans(town, version)
    assert client.post(path, {"runs": f"{found.run.pk}-0000"}).status_code == 422
    sent = client.post(path, {"runs": f"{found.run.pk}-{found.seal}"})
    assert sent.status_code == 302
    assert run_of(case).version == version
    with rls.engine_room():
        done = RunMigration.objects.get()
    client.post(reverse("coordination:migration_take_back", args=[done.pk]))
    assert run_of(case).version != version


def test_the_record_of_the_case_says_it_and_it_is_not_taken_back_there(
    town: Town, case: Case
) -> None:
    version = published(number="2027.1")
    go_on(town, version, *plans(town, version))
    client = signed_in(town.officer)
    page = client.get(reverse("coordination:case_detail", args=[case.pk])).content.decode()
    assert "2027.1" in page
    with rls.engine_room():
        event = RunEvent.objects.get(kind="migrated")
    detail = reverse("coordination:event_detail", args=[event.pk])
    assert "2027.1" in client.get(detail).content.decode()
    revoke = reverse("coordination:event_revoke", args=[event.pk])
    assert client.post(revoke, {"reason": "izmišljen razlog"}).status_code == 422
    assert run_of(case).version == version


@pytest.mark.parametrize("who", ["officer", "director", "stranger", "guardian"])
def test_for_everybody_else_there_is_no_such_page(town: Town, who: str) -> None:
    version = published()
    client = signed_in(getattr(town, who))
    assert client.get(reverse("coordination:migration_list")).status_code == 404
    path = reverse("coordination:migration_plan", args=[version.pk])
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404
    taken = client.post(reverse("coordination:migration_take_back", args=[1]))
    assert taken.status_code == 404


def test_a_day_passes_under_the_new_rules(town: Town, case: Case) -> None:
    version = published()
    go_on(town, version, *plans(town, version))
    later = NOW + timedelta(days=1)
    actions.catch_up(at=later)
    actions.tell_what_is_due(at=later)
    town.act(case, "bed_tonight", after=timedelta(days=2), form={"place": "Demo kuća"})
    assert list(actions.runs_verify()) == []
