"""Two files of one child: merged field by field by a person who sees both, and split again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person
from spona.base import rls
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import actions
from spona.cases.actions import comparing, merging, parting
from spona.cases.actions.merging import AccessChoice
from spona.cases.models import Case, CaseAccess, Guardianship, persons_visible_to
from spona.cases.tests.doubles import (
    LATER,
    ON_PAPER,
    SAID,
    WHY,
    chosen,
    compared,
    fresh,
    granted,
    merge,
    names_of,
    row,
    sees,
    split,
)
from spona.cases.tests.factories import (
    NOW,
    acting,
    begin_guardianship,
    begin_placement,
    case,
    propose_closing,
)
from spona.people import actions as people
from spona.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Membership:
    return person("duty_officer")


@pytest.fixture
def kept(owner: Membership) -> Case:
    return fresh(case(owner, person=SAID))


@pytest.fixture
def other(owner: Membership) -> Case:
    return fresh(case(owner, person=ON_PAPER))


# --- one institution


def test_both_files_are_of_one_child_with_what_was_chosen(
    owner: Membership, kept: Case, other: Case
) -> None:
    merged = merge(owner, kept, other)
    child = fresh(kept).person
    assert fresh(other).person_id == child.pk == merged.joined_id
    assert (child.birth_date, child.birth_declared_by) == (date(2011, 5, 3), "document")
    assert child.country_said == "AF"
    assert names_of(child) == ["Sintetički Hoseini", "Sintetički Huseini"]
    with rls.engine_room():
        spoken = list(child.languages.order_by("code").values_list("code", "is_main"))
    assert spoken == [("prs", True), ("pus", False)]


def test_the_main_name_is_the_one_that_was_chosen(
    owner: Membership, kept: Case, other: Case
) -> None:
    with rls.engine_room():
        paper = other.person.names.get()
    merge(owner, kept, other, main_name=paper.pk)
    with rls.engine_room():
        assert str(fresh(kept).person.names.get(is_main=True)) == "Sintetički Hoseini"


def test_the_other_file_is_closed_as_opened_twice_and_read_by_whom_it_was(
    owner: Membership, kept: Case, other: Case
) -> None:
    merge(owner, kept, other)
    assert (fresh(other).closed_at, fresh(other).closure_reason) == (LATER, "double")
    assert fresh(kept).is_open
    with acting(owner, LATER):
        assert Case.objects.visible_to(owner.actor(), LATER).filter(pk=other.pk).exists()


def test_the_two_records_are_kept_and_seen_by_nobody(
    owner: Membership, kept: Case, other: Case
) -> None:
    before = [row(one.person) for one in (kept, other)]
    merged = merge(owner, kept, other)
    assert [row(one.person) for one in (kept, other)] == before
    gone = (kept.person_id, other.person_id)
    with acting(owner, LATER):
        assert not persons_visible_to(owner.actor(), LATER).filter(pk__in=gone).exists()
        assert not Person.objects.filter(pk__in=gone).exists()
        two = actions.merge_joining(merge=merged, by=owner.actor(), at=LATER)
        assert str(two.other.main_name) == "Sintetički Hoseini"


def test_a_difference_is_decided_by_a_person_and_has_a_reason(
    owner: Membership, kept: Case, other: Case
) -> None:
    with pytest.raises(Refused):
        merge(owner, kept, other, fields={"birth": "other"})
    choice = chosen(owner, kept, other)
    with acting(owner, LATER), pytest.raises(Refused) as told:
        actions.persons_merge(
            kept=kept, other=other, choice=choice, reason=" ", by=owner.actor(), at=LATER
        )
    assert told.value.sentence == merging.NO_REASON
    assert fresh(other).is_open


def test_whoever_does_not_see_both_or_does_not_run_one_merges_nothing(
    owner: Membership, kept: Case, other: Case
) -> None:
    choice = chosen(owner, kept, other)
    for who in (person("duty_officer"), person("director", owner.organisation)):
        with acting(who, LATER), pytest.raises(NotAllowed):
            actions.persons_merge(
                kept=kept, other=other, choice=choice, reason=WHY, by=who.actor(), at=LATER
            )


def test_what_was_changed_since_it_was_shown_is_looked_at_again(
    owner: Membership, kept: Case, other: Case
) -> None:
    choice = chosen(owner, kept, other)
    with acting(owner, LATER):
        people.name_add(
            person=other.person, by=owner.actor(), at=LATER, name={"given": "Sintetičko"}
        )
    with pytest.raises(Stale):
        merge(owner, kept, other, choice=choice)


def test_what_is_merged_is_not_merged_again_in_either_direction(
    owner: Membership, kept: Case, other: Case
) -> None:
    choice = chosen(owner, kept, other)
    merge(owner, kept, other)
    for first, second in ((kept, other), (other, kept)):
        with pytest.raises(Refused) as told:
            merge(owner, fresh(first), fresh(second), choice=choice)
        assert told.value.sentence == comparing.MERGED_ALREADY


def test_a_file_is_no_double_of_itself(owner: Membership, kept: Case) -> None:
    with acting(owner, LATER), pytest.raises(Refused):
        actions.files_compare(kept=kept, other=kept, by=owner.actor(), at=LATER)


def test_the_open_file_is_led_on(owner: Membership, kept: Case, other: Case) -> None:
    third = case(owner)
    with rls.engine_room():
        Case.objects.filter(pk=kept.pk).update(closed_at=NOW, closure_reason="reunited")
    with pytest.raises(Refused) as told:
        compared(owner, kept, other)
    assert told.value.sentence == comparing.LEAD_THE_OPEN_ONE
    assert not compared(owner, third, kept).closes


def test_a_proposal_to_close_is_answered_first(owner: Membership, kept: Case, other: Case) -> None:
    with acting(owner):
        propose_closing(other, owner)
    with pytest.raises(Refused) as told:
        compared(owner, kept, other)
    assert told.value.sentence == comparing.CLOSING_WAITS


# --- what a child may have only one of


def test_a_guardian_or_a_bed_is_not_closed_with_the_file(
    owner: Membership, kept: Case, other: Case
) -> None:
    with acting(owner):
        begin_placement(other, owner)
    with pytest.raises(Refused) as told:
        compared(owner, kept, other)
    assert told.value.sentence == comparing.PLACE_IS_THERE
    with acting(owner):
        begin_guardianship(other, owner)
    with pytest.raises(Refused) as told:
        compared(owner, kept, other)
    assert told.value.sentence == comparing.GUARDIAN_IS_THERE
    assert compared(owner, other, kept).closes


def two_guardians(owner: Membership, kept: Case, other: Case) -> Membership:
    guardian = person("guardian", owner.organisation)
    with acting(owner):
        begin_guardianship(kept, owner)
        actions.guardianship_begin(
            case=other,
            kind="temporary",
            guardian=guardian.user,
            guardian_name="",
            guardian_phone="000",
            by=owner.actor(),
            at=NOW,
        )
    return guardian


def test_of_two_guardians_one_is_chosen_and_comes_back_with_the_split(
    owner: Membership, kept: Case, other: Case
) -> None:
    guardian = two_guardians(owner, kept, other)
    assert compared(owner, kept, other).conflict
    for wrong in ("", "other"):
        with pytest.raises(Refused):
            merge(owner, kept, other, represents=wrong)
    merged = merge(owner, kept, other, represents="kept")
    assert not sees(guardian, other)
    with rls.engine_room():
        assert Guardianship.objects.get(case=other).until_at == LATER
    split(owner, merged)
    assert sees(guardian, other)
    with rls.engine_room():
        assert Guardianship.objects.get(case=other).until_at is None
    assert fresh(other).without_guardian_since is None


# --- access


def rows_of(*cases: Case) -> list[Any]:
    with rls.engine_room():
        return list(CaseAccess.objects.filter(case__in=cases).order_by("pk").values())


def test_another_institution_is_decided_about_with_a_reason(
    owner: Membership, kept: Case, other: Case
) -> None:
    helper = granted(owner, other)
    silent: tuple[dict[int, AccessChoice], ...] = (
        {},
        {helper.pk: AccessChoice("stays")},
        {helper.pk: AccessChoice("rules", "tako")},
    )
    for access in silent:
        with pytest.raises(Refused) as told:
            merge(owner, kept, other, access=access)
        assert told.value.sentence == merging.DECIDE_ACCESS


@pytest.mark.parametrize(
    ("what", "sees_kept", "sees_other"),
    [("stays", False, True), ("sees_both", True, True), ("ends", False, False)],
)
def test_nobody_sees_more_than_was_decided_and_the_split_takes_it_back(
    owner: Membership, kept: Case, other: Case, what: str, sees_kept: bool, sees_other: bool
) -> None:
    helper = granted(owner, other)
    with rls.engine_room():
        who = Membership.objects.get(user=helper.user_id or 0)
    before = rows_of(kept, other)
    access = {helper.pk: AccessChoice(what, "i dalje je prati")}
    merged = merge(owner, kept, other, access=access)
    assert (sees(who, kept), sees(who, other)) == (sees_kept, sees_other)
    split(owner, merged)
    assert (sees(who, kept), sees(who, other)) == (False, True)
    assert [one for one in rows_of(kept, other) if one["ended_at"] is None] == before


def test_access_that_was_decided_anew_since_is_shown_and_left(
    owner: Membership, kept: Case, other: Case
) -> None:
    helper = granted(owner, other)
    access = {helper.pk: AccessChoice("sees_both", "i dalje je prati")}
    merged = merge(owner, kept, other, access=access)
    with rls.engine_room():
        given = CaseAccess.objects.filter(case=kept, user=helper.user_id)
        one = given.get()
    with acting(owner, LATER):
        actions.access_end(access=one, by=owner.actor(), at=LATER)
        undoing = actions.merge_undoing(merge=merged, by=owner.actor(), at=LATER)
    assert [row.pk for row in undoing.changed] == [one.pk]
    assert undoing.given == ()
    split(owner, merged)


def test_a_colleague_who_sees_only_the_other_file_may_be_let_in(
    owner: Membership,
) -> None:
    manager = person("case_manager", owner.organisation)
    kept, other = case(owner, person=SAID), case(owner, person=ON_PAPER, lead=manager.user)
    [row] = [one for one in compared(owner, kept, other).rows if one.access.user_id]
    assert not row.must
    merge(owner, kept, other)
    assert (sees(manager, kept), sees(manager, other)) == (False, True)


def test_and_is_let_in_where_it_was_decided(owner: Membership) -> None:
    manager = person("case_manager", owner.organisation)
    kept, other = case(owner, person=SAID), case(owner, person=ON_PAPER, lead=manager.user)
    [row] = [one for one in compared(owner, kept, other).rows if one.access.user_id]
    merge(owner, kept, other, access={row.access.pk: AccessChoice("sees_both", "vodi ga i dalje")})
    assert sees(manager, kept)


# --- split again


def test_split_again_everything_is_as_it_was(owner: Membership, kept: Case, other: Case) -> None:
    with acting(owner):
        begin_placement(kept, owner)
        begin_placement(other, owner)
    before = [row(fresh(one)) for one in (kept, other)]
    people_before = [row(one.person) for one in (kept, other)]
    access = rows_of(kept, other)
    for _again in range(2):
        split(owner, merge(owner, fresh(kept), fresh(other)))
    versions = [one.pop("row_version") for one in before]
    after = [row(fresh(one)) for one in (kept, other)]
    assert [one.pop("row_version") for one in after] == [versions[0], versions[1] + 4]
    assert after == before
    assert [row(one.person) for one in (kept, other)] == people_before
    assert rows_of(kept, other) == access
    assert names_of(other.person) == ["Sintetički Hoseini"]
    with rls.engine_room():
        assert not other.placements.filter(until_at__isnull=False).exists()


def test_what_was_corrected_since_is_asked_about(
    owner: Membership, kept: Case, other: Case
) -> None:
    merged = merge(owner, kept, other)
    with acting(owner, LATER):
        child = fresh(kept).person
        people.person_correct(
            person=child, by=owner.actor(), at=LATER, row_version=1, country_said="PK"
        )
        people.name_add(
            person=child, by=owner.actor(), at=LATER, name={"given": "Sintetičko", "is_main": True}
        )
        undoing = actions.merge_undoing(merge=merged, by=owner.actor(), at=LATER)
    [country, name] = undoing.since.keys
    with pytest.raises(Refused):
        split(owner, merged)
    split(owner, merged, **{country: "other", name: "both"})
    assert (fresh(kept).person.country_said, fresh(other).person.country_said) == ("AF", "PK")
    assert "Sintetičko" in names_of(kept.person)
    with rls.engine_room():
        assert str(other.person.names.get(is_main=True)) == "Sintetičko"


def test_a_split_needs_a_reason_and_happens_once(
    owner: Membership, kept: Case, other: Case
) -> None:
    merged = merge(owner, kept, other)
    with acting(owner, LATER), pytest.raises(Refused) as told:
        actions.merge_undo(merge=merged, whose={}, reason="", by=owner.actor(), at=LATER)
    assert told.value.sentence == parting.WHY_SPLIT
    split(owner, merged)
    with pytest.raises(Stale):
        split(owner, merged)


def test_of_three_files_the_last_merging_is_split_first(
    owner: Membership, kept: Case, other: Case
) -> None:
    first = merge(owner, kept, other)
    third = case(owner, person=SAID)
    second = merge(owner, fresh(kept), third)
    assert fresh(other).person_id == second.joined_id
    with pytest.raises(Refused) as told:
        split(owner, first)
    assert told.value.sentence == parting.MERGED_SINCE
    split(owner, second)
    assert fresh(other).person_id == fresh(kept).person_id == first.joined_id
    split(owner, first)
    assert (fresh(kept).person_id, fresh(other).person_id) == (kept.person_id, other.person_id)


def test_strangers_split_nothing(owner: Membership, kept: Case, other: Case) -> None:
    merged = merge(owner, kept, other)
    for who in (person("duty_officer"), person("guardian", owner.organisation)):
        with pytest.raises(NotAllowed):
            split(who, merged)
