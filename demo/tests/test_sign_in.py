"""One can become an invented person of the demo, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from demo.people import load_staff
from demo.views import sign_in_path
from spona.accounts.models import Membership
from spona.accounts.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
KEY = "jelena-teren"


@pytest.fixture(autouse=True)
def no_second_factor(settings: Any) -> None:
    settings.SECOND_FACTOR_OBLIGATORY = False


@pytest.fixture
def jelena() -> Membership:
    made: Membership = MembershipFactory.create(
        user__email=load_staff()[KEY].email, user__name="Jelena Demo", roles=["outreach_worker"]
    )
    return made


def test_the_page_offers_the_people_who_are_there(client: Client, jelena: Membership) -> None:
    page = client.get("/demo/").content.decode()
    assert "Jelena Demo" in page
    assert sign_in_path(KEY).rsplit("/", 2)[0] in page


def test_an_empty_demo_says_how_to_fill_it(client: Client) -> None:
    assert "make demo" in client.get("/demo/").content.decode()


def test_a_link_signs_in_with_a_new_session(client: Client, jelena: Membership) -> None:
    client.session["before"] = True
    response = client.get(sign_in_path(KEY))
    assert response.status_code == 302
    assert client.session["_auth_user_id"] == str(jelena.user_id)
    assert "before" not in client.session


@pytest.mark.parametrize("path", ["/demo/as/jelena-teren/no:sense/", "/demo/as/nobody/no:sense/"])
def test_a_false_link_leads_nowhere(client: Client, jelena: Membership, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.get(sign_in_path("nobody")).status_code == 404
    assert "_auth_user_id" not in client.session


def test_nobody_becomes_a_real_person_or_one_who_left(client: Client, jelena: Membership) -> None:
    jelena.user.synthetic = False
    jelena.user.save()
    assert client.get(sign_in_path(KEY)).status_code == 404
    jelena.user.synthetic = True
    jelena.user.save()
    jelena.ended_at = jelena.began_at
    jelena.save()
    assert client.get(sign_in_path(KEY)).status_code == 404


def test_outside_the_demo_the_links_are_dead(
    client: Client, jelena: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sign_in_path(KEY)
    monkeypatch.setattr(settings, "LOCAL", False)
    assert client.get("/demo/").status_code == 404
    assert client.get(path).status_code == 404
