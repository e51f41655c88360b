"""The network in the database is the network of the files, however often it is loaded."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from demo.load import load
from demo.network import load_network
from spona.accounts.models import Municipality
from spona.base.actor import CLOCK
from spona.directory import actions
from spona.directory.models import Service

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)


def test_loading_again_adds_no_service_and_keeps_what_was_said_since() -> None:
    load(NOW)
    assert Service.objects.count() == len(load_network().services)
    said = Service.objects.get(key="demo-pravna-pomoc-podrska")
    actions.capacity_say(service=said, capacity="full", by=CLOCK, at=NOW)
    load(NOW + timedelta(hours=1))
    assert Service.objects.count() == len(load_network().services)
    said.refresh_from_db()
    assert (said.capacity, said.capacity_said_at) == ("full", NOW)


def test_the_services_of_the_south_answer_a_boy_in_vranje() -> None:
    load(NOW)
    found = Service.objects.standing().matching(
        at=NOW,
        needs=("own:psychosocial",),
        municipality=Municipality.objects.get(key="vranje"),
        age=15,
        sex="m",
        languages=("prs",),
    )
    first, why = found[0]
    assert first.key == "demo-pravna-pomoc-podrska"
    assert why.fits
    girls = next(one for service, one in found if service.key == "demo-pravna-pomoc-devojcice")
    assert [reason.words.en for reason in girls.hindrances] == [
        "For girls and women only.",
        "There is no room.",
    ]


def test_a_house_of_survivors_is_sensitive_and_nothing_where_somebody_sleeps_is_public() -> None:
    load(NOW)
    assert Service.objects.get(key="atina-siguran-smestaj").layer == "gbv"
    assert Service.objects.get(key="demo-bolnica-posle-nasilja").sensitive
    assert not Service.objects.filter(public=True).exists()
