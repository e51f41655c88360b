"""Who is competent for a child: one ground was read, the others are proposals, somebody acts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spona.accounts.models import Municipality, Organisation
from spona.accounts.tests.factories import LONG_AGO, MunicipalityFactory, OrganisationFactory
from spona.directory.models import competent_centres
from spona.directory.rules.competence import ACT_FIRST, RULE, Ground, competent

PLACE = st.sampled_from([None, "vranje", "presevo", "nis"])


def test_a_child_without_residence_belongs_to_the_place_where_it_was_found() -> None:
    (only,) = competent("vranje", None, None)
    assert (only.place, only.ground) == ("vranje", Ground.FOUND_HERE)
    assert (only.rule, only.verified) == (RULE, "read")


def test_where_the_child_is_placed_is_a_proposal_behind_the_rule() -> None:
    first, second = competent("vranje", None, "nis")
    assert (first.place, first.verified) == ("vranje", "read")
    assert (second.place, second.ground, second.verified) == ("nis", Ground.PLACEMENT, "local")


def test_the_rule_on_the_place_of_finding_does_not_speak_of_a_child_with_a_residence() -> None:
    first, second = competent("vranje", "nis", None)
    assert (first.place, first.ground, first.verified) == ("nis", Ground.RESIDENCE, "local")
    assert (second.place, second.rule, second.verified) == ("vranje", "", "local")
    assert "acts at once" in second.words.en


def test_a_child_found_where_it_lives_has_one_proposal() -> None:
    (only,) = competent("nis", "nis", "nis")
    assert only.ground is Ground.RESIDENCE


def test_nothing_known_names_nobody_and_somebody_acts_all_the_same() -> None:
    assert competent(None, None, None) == ()
    assert "Act first" in ACT_FIRST.en
    assert "Prvo se postupa" in ACT_FIRST.sr_latn


@given(PLACE, PLACE, PLACE)
def test_every_known_place_is_proposed_once_and_only_a_read_rule_says_read(
    found_in: str | None, residence: str | None, placement: str | None
) -> None:
    found = competent(found_in, residence, placement)
    assert {one.place for one in found} == {found_in, residence, placement} - {None}
    assert len({one.place for one in found}) == len(found)
    for one in found:
        assert (one.verified == "read") is bool(one.rule)
        assert (one.verified == "read") <= (residence is None and one.place == found_in)
        assert one.words.sr_latn
        assert one.words.en


def centre_of(*towns: Municipality, **fields: object) -> Organisation:
    return OrganisationFactory.create(municipality=towns[0], covers=list(towns), **fields)


@pytest.mark.django_db
def test_centres_are_named_with_their_ground() -> None:
    here, there = MunicipalityFactory.create(), MunicipalityFactory.create()
    mine, other = centre_of(here), centre_of(there)
    (first, why), (second, _then) = competent_centres(found_in=here, placement=there)
    assert (first, second) == (mine, other)
    assert why.ground is Ground.FOUND_HERE


@pytest.mark.django_db
def test_a_centre_of_two_towns_is_named_once_with_its_best_ground() -> None:
    here, there = MunicipalityFactory.create(), MunicipalityFactory.create()
    city = centre_of(here, there)
    ((centre, why),) = competent_centres(found_in=here, placement=there)
    assert (centre, why.ground) == (city, Ground.FOUND_HERE)


@pytest.mark.django_db
def test_no_centre_is_guessed() -> None:
    empty, closed = MunicipalityFactory.create(), MunicipalityFactory.create()
    centre_of(closed, suspended_at=LONG_AGO)
    assert competent_centres(found_in=empty) == []
    assert competent_centres(found_in=closed) == []
    assert competent_centres() == []
