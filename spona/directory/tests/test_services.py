"""An institution says what it offers; nobody else says it; where somebody sleeps is secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from spona.accounts.models import Membership
from spona.accounts.tests.factories import LONG_AGO, MunicipalityFactory, person
from spona.audit.models import Event
from spona.base import rls
from spona.base.actor import CLOCK, NOBODY, Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.directory import actions, permissions
from spona.directory.actions import Period, ServiceDraft
from spona.directory.models import Service, ServiceObservation
from spona.directory.rules.matching import Point
from spona.directory.tests.factories import NOW, service

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YEAR = Period(date(2025, 12, 1), date(2026, 11, 30))


@pytest.fixture
def head() -> Membership:
    return person("head_of_service")


def draft(**said: Any) -> ServiceDraft:
    whole: ServiceDraft = {
        "name_sr": "Sintetičko svratište",
        "kind": "drop_in",
        "nationwide": True,
    }
    whole.update(said)  # type: ignore[typeddict-item]
    return whole


def record(member: Membership, **said: Any) -> Service:
    return actions.service_record(
        organisation=member.organisation, said=draft(**said), by=member.actor(), at=NOW
    )


def update(what: Service, by: Actor, row_version: int = 1, **said: Any) -> Service:
    fields: ServiceDraft = said  # type: ignore[assignment]
    return actions.service_update(
        service=what, said=fields, row_version=row_version, by=by, at=NOW + DAY
    )


def test_a_head_records_what_the_own_institution_offers(head: Membership) -> None:
    made = record(head)
    assert made.needs == list(made.kind_words.needs)
    assert (made.verified, made.source) == ("local", "")
    assert made.updated_at == NOW
    with rls.engine_room():
        assert Event.objects.get(verb="service_record").subject_ids == [made.pk]


def test_an_import_names_its_source() -> None:
    made = service(verified="partly")
    assert (made.verified, made.source) == ("partly", "sintetički izvor")
    assert made.synthetic


@pytest.mark.parametrize("role", ["duty_officer", "case_manager", "coordinator", "guardian"])
def test_who_does_not_lead_the_institution_keeps_no_services(role: str) -> None:
    with pytest.raises(NotAllowed):
        record(person(role))


def test_a_stranger_changes_nothing(head: Membership) -> None:
    theirs, me = service(), head.actor()
    acts: tuple[Callable[[], Service], ...] = (
        lambda: actions.service_record(
            organisation=theirs.organisation, said=draft(), by=me, at=NOW
        ),
        lambda: update(theirs, me, phone="000-000-999"),
        lambda: actions.service_end(service=theirs, by=me, at=NOW),
        lambda: actions.capacity_say(service=theirs, capacity="full", by=me, at=NOW),
    )
    for act in acts:
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"name_sr": " "}, "what the service is called"),
        ({"kind": "palace"}, "from the lists"),
        ({"needs": ["own:gold"]}, "from the lists"),
        ({"needs": ["iom-determinants:individual.sexual_orientation"]}, "from the lists"),
        ({"languages": ["xxx"]}, "from the lists"),
        ({"nationwide": False}, "in which towns"),
        ({"minimum_age": 18, "maximum_age": 12}, "cannot be below"),
        ({"kind": "accommodation", "public": True}, "never public"),
        ({"kind": "safe_house", "public": True}, "never public"),
        ({"kind": "foster_care", "public": True}, "never public"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    head: Membership, said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        record(head, **said)
    assert not Service.objects.exists()


def test_not_even_a_slip_makes_a_place_where_children_sleep_public() -> None:
    house = service(kind="accommodation", for_children=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Service.objects.filter(pk=house.pk).update(public=True)


def test_a_clinic_and_a_drop_in_may_be_public(head: Membership) -> None:
    assert record(head, public=True).public


def test_the_whole_country_needs_no_towns(head: Membership) -> None:
    made = record(head, covers=[MunicipalityFactory.create()])
    assert not made.covers.exists()


def test_a_second_service_of_a_kind_gets_a_key_of_its_own(head: Membership) -> None:
    keys = [record(head).key for _ in range(3)]
    stem = f"{head.organisation.key}-drop-in"
    assert keys == [stem, f"{stem}-2", f"{stem}-3"]


def test_a_key_is_given_once() -> None:
    service(key="jedna")
    with pytest.raises(Refused, match="already"):
        service(key="jedna")


def test_what_is_not_said_stays_as_it_was(head: Membership) -> None:
    town = MunicipalityFactory.create()
    made = record(head, nationwide=False, covers=[town], phone="000-000-901", needs=["own:food"])
    changed = update(made, head.actor(), hours="radnim danima")
    assert (changed.phone, changed.hours, changed.needs) == (
        "000-000-901",
        "radnim danima",
        ["own:food"],
    )
    assert changed.covers.get() == town
    assert (changed.updated_at, changed.row_version) == (NOW + DAY, 2)


def test_of_two_who_change_a_service_the_second_is_told(head: Membership) -> None:
    made = record(head)
    update(made, head.actor(), hours="ujutru")
    with pytest.raises(Stale):
        update(made, head.actor(), hours="uveče")


def test_a_service_does_not_become_less_sensitive_than_its_kind(head: Membership) -> None:
    assert record(head, kind="safe_house", layer="general").layer == "gbv"
    assert record(head, kind="hospital_care", layer="gbv").layer == "gbv"


def test_whoever_opens_the_door_says_whether_there_is_room() -> None:
    worker = person("facility_worker")
    made = service(worker.organisation)
    said = actions.capacity_say(service=made, capacity="full", by=worker.actor(), at=NOW)
    assert said.capacity_at(NOW + DAY) is Service.Capacity.FULL
    assert said.capacity_at(NOW + 8 * DAY) is Service.Capacity.UNKNOWN


def test_a_service_that_ended_is_neither_changed_nor_offered(head: Membership) -> None:
    made, me = record(head), head.actor()
    actions.service_end(service=made, by=me, at=NOW)
    acts: tuple[Callable[[], Service], ...] = (
        lambda: update(made, me, hours="nikad"),
        lambda: actions.capacity_say(service=made, capacity="open", by=me, at=NOW),
        lambda: actions.service_end(service=made, by=me, at=NOW),
    )
    for act in acts:
        with pytest.raises(Refused, match="has ended"):
            act()
    assert not Service.objects.standing().exists()
    assert str(made) == "Sintetičko svratište"


def test_services_of_a_suspended_institution_are_not_offered() -> None:
    made = service()
    made.organisation.suspended_at = LONG_AGO
    made.organisation.save()
    assert not Service.objects.standing().exists()


def test_a_sensitive_service_is_seen_by_who_works_on_cases_and_by_its_own_people() -> None:
    house = service(kind="safe_house")
    seen = {
        "case worker": person("case_manager").actor(),
        "guardian": person("guardian").actor(),
        "own": person("outreach_worker", house.organisation).actor(),
    }
    hidden = {
        "police": person("police_officer").actor(),
        "outreach": person("outreach_worker").actor(),
        "coordinator": person("coordinator").actor(),
        "nobody": NOBODY,
    }
    for who, actor in seen.items():
        assert Service.objects.visible_to(actor).exists(), who
    for who, actor in hidden.items():
        assert not Service.objects.visible_to(actor).exists(), who


def test_an_ordinary_service_is_seen_by_all_staff_and_by_nobody_else() -> None:
    service()
    assert Service.objects.visible_to(person("police_officer").actor()).exists()
    assert not Service.objects.visible_to(NOBODY).exists()


def test_services_are_matched_as_they_stand_in_the_directory() -> None:
    here = service(languages=["prs"], maximum_age=17)
    actions.capacity_say(service=here, capacity="open", by=CLOCK, at=NOW)
    away = service(languages=["prs"])
    found = Service.objects.standing().matching(
        at=NOW,
        needs=("own:psychosocial",),
        municipality=here.organisation.municipality,
        age=15,
        sex="m",
        languages=("prs",),
    )
    assert [one for one, _why in found] == [here, away]
    assert found[0][1].fits
    assert [reason.point for reason in found[1][1].hindrances] == [Point.PLACE]


def test_matching_asks_the_database_three_times(django_assert_num_queries: Any) -> None:
    for _ in range(4):
        service()
    with django_assert_num_queries(3):
        Service.objects.standing().matching(at=NOW)


def figures(what: Service, asked: int, period: Period = YEAR, **seen: Any) -> ServiceObservation:
    given = {"answered_in_time": asked, "accepted": asked // 2, "median_hours": 20.0} | seen
    return actions.observe(service=what, period=period, asked=asked, by=CLOCK, at=NOW, **given)


def test_figures_are_shown_once_the_service_was_asked_five_times() -> None:
    made = service()
    assert made.observed is None
    figures(made, 4)
    assert Service.objects.get().observed is None
    figures(made, 6)
    seen = Service.objects.get().observed
    assert seen
    assert (seen.asked, seen.answered_in_time, seen.accepted, seen.median_hours) == (6, 6, 3, 20.0)
    assert ServiceObservation.objects.count() == 1


def test_the_newest_figures_count_even_if_they_say_nothing_yet() -> None:
    made = service()
    figures(made, 9, Period(date(2024, 1, 1), date(2024, 12, 31)))
    assert Service.objects.get().observed
    figures(made, 2)
    assert Service.objects.get().observed is None


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (2, {"accepted": 3}),
        (2, {"answered_in_time": 3}),
        (-1, {}),
        (2, {"period": Period(date(2026, 2, 1), date(2026, 1, 1))}),
    ],
)
def test_impossible_figures_are_refused(asked: int, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="not possible"):
        figures(service(), asked, **wrong)


def test_nobody_types_figures(head: Membership) -> None:
    made = record(head)
    with pytest.raises(NotAllowed):
        actions.observe(
            service=made,
            period=YEAR,
            asked=9,
            answered_in_time=9,
            accepted=9,
            by=head.actor(),
            at=NOW,
        )


def test_an_institution_sees_its_own_figures_only(head: Membership) -> None:
    made = record(head)
    assert permissions.can_see_figures(head.actor(), made.organisation_id)
    assert not permissions.can_see_figures(person("director").actor(), made.organisation_id)
