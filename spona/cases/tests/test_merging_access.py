"""Whatever access there was and whatever was decided: nobody sees a file that no decision gave, and
a split leaves everybody with what he or she saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import cycle

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person
from spona.cases import actions
from spona.cases.actions import AccessRow
from spona.cases.actions.merging import AccessChoice
from spona.cases.models import Case, CaseAccess
from spona.cases.tests.doubles import (
    LATER,
    ON_PAPER,
    SAID,
    compared,
    fresh,
    merge,
    sees,
    split,
)
from spona.cases.tests.factories import NOW, acting, case
from tests.grants import Access

pytestmark = pytest.mark.django_db
WHY = "odlučeno na sastanku"
GRANTS = st.lists(
    st.tuples(st.integers(0, 3), st.booleans(), st.booleans()), max_size=5, unique=True
)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def test_nobody_sees_a_file_that_no_decision_gave() -> None:
    owner = person("duty_officer")
    manager = person("case_manager", owner.organisation)
    outside = [person("duty_officer"), person("case_manager")]
    helpers = [*outside, manager, person("case_manager", owner.organisation)]
    kept = fresh(case(owner, person=SAID))
    other = fresh(case(owner, person=ON_PAPER, lead=manager.user))
    everybody = [owner, *helpers, person("director", owner.organisation), person("guardian")]

    @FEW
    @given(grants=GRANTS, picks=st.lists(st.integers(0, 5), min_size=12, max_size=12))
    def decided(grants: list[tuple[int, bool, bool]], picks: list[int]) -> None:
        with transaction.atomic():
            for number, in_other, in_person in grants:
                _grant(owner, other if in_other else kept, helpers[number], in_person)
            before = _seen(everybody, kept, other)
            rows = compared(owner, kept, other).rows
            choices = _choices(rows, picks)
            expected = _expected(everybody, rows, choices, kept, other)
            merged = merge(owner, kept, other, access=choices)
            assert _seen(everybody, kept, other) == expected
            split(owner, merged)
            assert _seen(everybody, kept, other) == before
            transaction.set_rollback(True)

    decided()


def _grant(owner: Membership, to: Case, whom: Membership, in_person: bool) -> None:
    with acting(owner):
        actions.access_grant(
            case=to,
            organisation=whom.organisation,
            user=whom.user if in_person else None,
            basis=CaseAccess.Basis.GRANT,
            by=owner.actor(),
            at=NOW,
            until=NOW + timedelta(days=20),
            reason=WHY,
        )


def _choices(rows: Sequence[AccessRow], picks: list[int]) -> dict[int, AccessChoice]:
    """Any of what may be decided about each row."""
    return {
        row.access.pk: AccessChoice(row.options[pick % len(row.options)], WHY)
        for row, pick in zip(rows, cycle(picks), strict=False)
    }


Seen = dict[int, tuple[bool, bool]]


def _seen(everybody: list[Membership], kept: Case, other: Case) -> Seen:
    return {who.pk: (sees(who, kept), sees(who, other)) for who in everybody}


def _expected(
    everybody: list[Membership],
    rows: Sequence[AccessRow],
    choices: dict[int, AccessChoice],
    kept: Case,
    other: Case,
) -> Seen:
    """Who sees what by the rows there were and what was decided about each, written plainly."""
    access = []
    for one in rows:
        row, what = one.access, choices[one.access.pk].what
        mine = Access(row.case_id, row.organisation_id, row.user_id, row.basis, row.until)
        mine.over = what == "ends"
        access.append(mine)
        if what == "sees_both":
            access.append(replace(mine, case=kept.pk))
    return {
        who.pk: (
            any(one.case == kept.pk and one.lets_in(who, LATER) for one in access),
            any(one.case == other.pk and one.lets_in(who, LATER) for one in access),
        )
        for who in everybody
    }


def test_the_moment_of_a_wider_view_is_not_longer_than_it_was() -> None:
    owner, helper = person("duty_officer"), person("case_manager")
    kept = fresh(case(owner, person=SAID))
    other = fresh(case(owner, person=ON_PAPER))
    _grant(owner, other, helper, in_person=True)
    choices = _choices(compared(owner, kept, other).rows, [1])
    merge(owner, kept, other, access=choices)
    assert sees(helper, kept)
    with acting(helper, LATER):
        rows = CaseAccess.objects.filter(case=kept, user=helper.user)
        assert [one.until for one in rows] == [NOW + timedelta(days=20)]
