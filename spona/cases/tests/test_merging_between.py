"""A child with a file in each of two towns: two owners have to agree that it is one child."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person
from spona.audit.models import Event
from spona.base import rls
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import actions
from spona.cases.actions import comparing, merging
from spona.cases.actions.merging import AccessChoice
from spona.cases.models import Case, CaseAccess, Merge
from spona.cases.tests.doubles import (
    LATER,
    ON_PAPER,
    SAID,
    compared,
    fresh,
    granted,
    merge,
    split,
)
from spona.cases.tests.factories import NOW, acting, case
from spona.people import actions as people

pytestmark = pytest.mark.django_db


class Two:
    """A child with a file in each of two towns; each centre lets the other look."""

    def __init__(self) -> None:
        self.here, self.there = person("duty_officer"), person("duty_officer")
        self.kept = fresh(case(self.here, person=SAID))
        self.other = fresh(case(self.there, person=ON_PAPER))
        self.look(self.there, self.other, self.here)

    def look(self, owner: Membership, to: Case, who: Membership) -> None:
        with acting(owner):
            actions.access_grant(
                case=to,
                organisation=who.organisation,
                basis=CaseAccess.Basis.GRANT,
                by=owner.actor(),
                at=NOW,
                until=NOW + timedelta(days=30),
                reason="isto dete?",
            )

    def proposed(self) -> Merge:
        self.look(self.here, self.kept, self.there)
        return merge(self.here, self.kept, self.other)


def confirm(who: Membership, merged: Merge, **access: AccessChoice) -> Merge:
    with acting(who, LATER):
        return actions.merge_confirm(merge=merged, access={}, by=who.actor(), at=LATER)


def test_two_owners_have_to_agree() -> None:
    two = Two()
    proposed = two.proposed()
    assert proposed.asked == two.there.organisation
    assert fresh(two.kept).person_id != fresh(two.other).person_id
    with pytest.raises(NotAllowed):
        confirm(two.here, proposed)
    merged = confirm(two.there, proposed)
    assert fresh(two.kept).person_id == fresh(two.other).person_id == merged.joined_id
    assert fresh(two.kept).is_open
    assert fresh(two.other).is_open


def test_who_cannot_see_both_files_is_not_asked_for_a_yes() -> None:
    two = Two()
    with pytest.raises(Refused) as told:
        merge(two.here, two.kept, two.other)
    assert str(two.there.organisation) in str(told.value.sentence)


def test_the_other_owner_may_say_no_with_a_reason() -> None:
    two = Two()
    proposed = two.proposed()
    with acting(two.there, LATER):
        with pytest.raises(Refused):
            actions.merge_refuse(merge=proposed, refusal=" ", by=two.there.actor(), at=LATER)
        actions.merge_refuse(
            merge=proposed, refusal="Brat je, ne isti dečak.", by=two.there.actor(), at=LATER
        )
    with pytest.raises(Refused) as told:
        confirm(two.there, proposed)
    assert told.value.sentence == merging.ANSWERED
    assert fresh(two.kept).person_id == two.kept.person_id


def test_a_proposal_waits_alone_and_grows_stale() -> None:
    two = Two()
    proposed = two.proposed()
    with pytest.raises(Refused) as told:
        compared(two.there, two.other, two.kept)
    assert told.value.sentence == comparing.WAITING_ALREADY
    with acting(two.here, LATER):
        people.name_add(
            person=two.kept.person, by=two.here.actor(), at=LATER, name={"given": "Sintetičko"}
        )
    with pytest.raises(Stale):
        confirm(two.there, proposed)


def test_either_owner_splits_and_each_keeps_its_file() -> None:
    two = Two()
    merged = confirm(two.there, two.proposed())
    split(two.here, merged)
    assert fresh(two.other).person_id == two.other.person_id


def test_whoever_sees_one_of_the_files_does_not_learn_of_the_other() -> None:
    two = Two()
    confirm(two.there, two.proposed())
    helper = granted(two.here, two.kept)
    with rls.engine_room():
        who = Membership.objects.get(user=helper.user_id or 0)
    with acting(who, LATER):
        assert not Merge.objects.visible_to(who.actor(), LATER).exists()
        assert not Merge.objects.exists()
        told = Event.objects.of_case(two.kept.pk).filter(case_ids__contains=[two.other.pk])
        assert not told.exists()


def test_the_database_knows_who_says_yes() -> None:
    two = Two()
    proposed = two.proposed()
    with pytest.raises(IntegrityError), transaction.atomic(), rls.engine_room():
        Merge.objects.filter(pk=proposed.pk).update(
            decided_at=LATER, decided_by_id=proposed.proposed_by_id, joined=two.kept.person
        )
