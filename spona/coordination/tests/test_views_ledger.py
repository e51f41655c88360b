"""The tab of sharing and consent, the forms of the ledger, and who may see a case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.base import rls
from spona.cases import actions as cases
from spona.cases.models import CaseAccess, LegalBasis
from spona.coordination import actions
from spona.coordination.models import Disclosure
from spona.coordination.tests.asking import THEN, Asking

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CHOSEN = re.compile(r'<input[^>]* checked|<option[^>]* value="[^"]+" selected')


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(THEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def asking() -> Asking:
    return Asking()


def browser(who: Membership) -> Client:
    client = signed_in(who)
    client.cookies["language"] = "en"
    return client


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def tab(asking: Asking) -> str:
    return reverse("coordination:case_sharing", args=[asking.case.pk])


def add(asking: Asking, what: str = "") -> str:
    address = reverse("cases:basis_add", args=[asking.case.pk])
    return f"{address}?what={what}&next={tab(asking)}" if what else address


def guarded(asking: Asking) -> None:
    asking.town.appoint(asking.case, after=timedelta(hours=2))


def agreed(asking: Asking, **said: Any) -> dict[str, Any]:
    """What the guardian's consent looks like when it is typed."""
    return {
        "consent_kind": "data",
        "purpose": "service",
        "recipient": asking.helper.organisation_id,
        "categories": ["needs", "age_sex", "language"],
        "lasts": "30",
        "given_by": "guardian",
        "child_view": "agrees",
        "language": "prs",
        "mode": "phone",
        "interpreter_name": "Sintetička Laila",
        "present": "Sintetička Ana, starateljka\nSintetička Vera, psiholog",
        "explained": "on",
        "next": tab(asking),
    } | said


# --- recording


def test_not_to_share_is_the_first_answer_and_nothing_is_chosen(asking: Asking) -> None:
    page = browser(asking.town.officer).get(add(asking))
    body = page.content.decode()
    offered = re.findall(r'name="what" value="(\w+)"', body)
    assert offered == ["refused", "consent", "legal_duty", "vital_interest"]
    assert not CHOSEN.search(body)
    assert "costs nothing" in text_of(page)


@pytest.mark.parametrize("what", ["refused", "consent", "legal_duty", "vital_interest"])
def test_no_form_answers_for_anybody(asking: Asking, what: str) -> None:
    page = browser(asking.town.officer).get(add(asking, what))
    assert page.status_code == 200
    assert not CHOSEN.search(page.content.decode())


def test_a_consent_is_typed_and_stands_in_the_ledger(asking: Asking) -> None:
    guarded(asking)
    officer = browser(asking.town.officer)
    answer = officer.post(add(asking, "consent"), agreed(asking))
    assert answer.status_code == 302, text_of(answer)
    written = LegalBasis.objects.filter(case=asking.case)
    with rls.engine_room():
        line = written.get()
    assert line.present == ["Sintetička Ana, starateljka", "Sintetička Vera, psiholog"]
    assert line.given_by_name == asking.town.guardian.user.name
    said = text_of(officer.get(tab(asking)))
    assert "Consent to the sharing of data" in said
    assert "in force until" in said
    assert str(asking.helper.organisation) in said


def test_a_consent_that_was_not_explained_is_not_taken_and_nothing_is_lost(asking: Asking) -> None:
    guarded(asking)
    typed = agreed(asking, explained="")
    answer = browser(asking.town.officer).post(add(asking, "consent"), typed)
    assert answer.status_code == 422
    assert "First explain" in text_of(answer)
    assert "Sintetička Laila" in answer.content.decode()
    with rls.engine_room():
        assert not LegalBasis.objects.exists()


def test_another_day_has_to_be_named(asking: Asking) -> None:
    guarded(asking)
    officer = browser(asking.town.officer)
    typed = agreed(asking, lasts="until")
    assert officer.post(add(asking, "consent"), typed).status_code == 422
    last = (THEN + 9 * DAY).date().isoformat()
    assert officer.post(add(asking, "consent"), typed | {"until": last}).status_code == 302
    said = text_of(officer.get(tab(asking)))
    assert "1 December 2026" in said or "01/12/2026" in said or "1. 12. 2026" in said


def test_a_refusal_is_four_answers_and_closes_what_was_open(asking: Asking) -> None:
    guarded(asking)
    officer = browser(asking.town.officer)
    officer.post(add(asking, "consent"), agreed(asking))
    asking.at += timedelta(minutes=1)
    with time_machine.travel(asking.at, tick=False):
        typed = {"given_by": "child", "purpose": "service", "categories": ["needs", "age_sex"]}
        answer = officer.post(add(asking, "refused"), typed | {"next": tab(asking)})
        assert answer.status_code == 302, text_of(answer)
        page = text_of(officer.get(tab(asking)))
    assert "no institution" in page
    assert "refused: nothing is shared" in page
    found = cases.decide(
        case_id=asking.case.pk,
        recipient_id=asking.helper.organisation_id,
        purpose="service",
        categories=["needs", "language"],
        at=asking.at,
    )
    assert found["needs"] is None
    assert found["language"] is not None


def test_a_duty_shows_how_far_it_was_read(asking: Asking) -> None:
    officer = browser(asking.town.officer)
    form = officer.get(add(asking, "legal_duty"))
    assert "badge-partly" in form.content.decode()
    typed = {
        "law": "missing_child",
        "note": "nije se vratilo iz škole",
        "purpose": "missing_child",
        "categories": ["identity"],
        "lasts": "open",
        "child_view": "not_asked",
        "next": tab(asking),
    }
    answer = officer.post(add(asking, "legal_duty"), typed)
    assert answer.status_code == 302, text_of(answer)
    page = officer.get(tab(asking))
    assert "badge-read" in page.content.decode()
    assert "has not looked at it yet" in text_of(page)


def test_the_guardian_looks_at_it_on_a_page(asking: Asking) -> None:
    line = asking.basis()
    guarded(asking)
    review = reverse("cases:basis_review", args=[line.pk])
    guardian = browser(asking.town.guardian)
    assert guardian.get(review).status_code == 200
    assert guardian.post(review, {"note": "U redu.", "next": tab(asking)}).status_code == 302
    assert "has not looked" not in text_of(guardian.get(tab(asking)))
    assert guardian.post(review, {"note": ""}).status_code == 422
    assert guardian.get(review).status_code == 404


def test_a_consent_has_nothing_for_the_guardian_to_look_at(asking: Asking) -> None:
    guarded(asking)
    line = asking.consent()
    review = reverse("cases:basis_review", args=[line.pk])
    assert browser(asking.town.guardian).get(review).status_code == 404


def test_for_an_adult_the_guardian_is_asked_only_with_the_decision_of_a_court(
    asking: Asking,
) -> None:
    guarded(asking)
    by = asking.town.officer.actor()
    with rls.acting(by, THEN):
        born = {"birth_date": date(1990, 5, 5), "birth_precision": "day"}
        actions.birth_correct(case=asking.case, row_version=1, changes=born, by=by, at=THEN)
    officer = browser(asking.town.officer)
    form = text_of(officer.get(add(asking, "consent")))
    assert "a court has restricted the legal capacity" in form
    assert "not checked" in form
    answer = officer.post(add(asking, "consent"), agreed(asking, law="restricted_capacity"))
    assert answer.status_code == 422
    assert "the decision is in the file" in text_of(answer)


# --- a line, for the file


def test_a_line_is_a_page_for_the_file(asking: Asking) -> None:
    guarded(asking)
    officer = browser(asking.town.officer)
    officer.post(add(asking, "consent"), agreed(asking))
    with rls.engine_room():
        line = LegalBasis.objects.get()
    page = officer.get(reverse("coordination:basis_detail", args=[line.pk]))
    said = text_of(page)
    assert "file-page" in page.content.decode()
    for word in ("Sintetička Laila", "Sintetička Vera", "It was explained before", "Signature"):
        assert word in said


def test_a_line_that_names_restricted_data_is_not_shown_to_everybody(asking: Asking) -> None:
    line = asking.basis(categories=("violence",))
    director = browser(asking.town.director)
    assert director.get(tab(asking)).status_code == 200
    assert "violence" not in text_of(director.get(tab(asking)))
    assert director.get(reverse("coordination:basis_detail", args=[line.pk])).status_code == 404
    officer = browser(asking.town.officer)
    assert "violence suffered" in text_of(officer.get(tab(asking)))


@pytest.mark.parametrize(
    "name",
    ["coordination:basis_detail", "coordination:basis_withdraw", "cases:basis_review"],
)
def test_hidden_and_absent_lines_are_the_same_404(asking: Asking, name: str) -> None:
    line = asking.basis()
    for who in (asking.town.stranger, asking.helper, asking.town.policeman):
        client = browser(who)
        hidden = client.get(reverse(name, args=[line.pk]))
        absent = client.get(reverse(name, args=[line.pk + 1000]))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content


# --- withdrawing


def test_a_withdrawal_says_what_stops_and_what_stays_and_then_it_stops(asking: Asking) -> None:
    guarded(asking)
    asking.later(timedelta(hours=2))
    line = asking.consent(categories=("age_sex", "language", "identity"))
    asking.sent()
    with time_machine.travel(asking.at, tick=False):
        officer = browser(asking.town.officer)
        address = reverse("coordination:basis_withdraw", args=[line.pk])
        before = text_of(officer.get(address))
        assert "no longer reads 2 fields here" in before
        assert "cannot be made unread" in before
        done = officer.post(address, {"why": ""}, follow=True)
        assert "The consent is withdrawn." in text_of(done)
        assert "2 fields are closed" in text_of(done)
    with rls.engine_room():
        assert not Disclosure.objects.in_force().exists()
        assert not Disclosure.objects.exclude(value=None).exists()


def test_what_rests_on_a_duty_goes_on_and_the_page_says_so(asking: Asking) -> None:
    guarded(asking)
    asking.later(timedelta(hours=2))
    asking.basis(kind="legal_duty", categories=("identity",))
    line = asking.consent(categories=("identity",))
    with time_machine.travel(asking.at, tick=False):
        address = reverse("coordination:basis_withdraw", args=[line.pk])
        assert "Goes on without consent" in text_of(browser(asking.town.officer).get(address))


def test_vital_interest_ends_with_a_reason_and_its_fields_close(asking: Asking) -> None:
    line = asking.basis()
    asking.sent()
    officer = browser(asking.town.officer)
    address = reverse("coordination:basis_withdraw", args=[line.pk])
    assert officer.post(address, {"why": ""}).status_code == 422
    assert officer.post(address, {"why": "opasnost je prošla"}).status_code == 302
    with rls.engine_room():
        ended = Disclosure.objects.values_list("ended_why", flat=True)
        assert set(ended) == {Disclosure.Ended.EXPIRED}
    assert "Nothing may be shared" in text_of(officer.get(tab(asking)))


# --- who may see the case


def access_page(asking: Asking) -> str:
    return reverse("coordination:case_access", args=[asking.case.pk])


def grant(asking: Asking, to: Membership) -> str:
    address = reverse("coordination:access_add", args=[asking.case.pk])
    return f"{address}?organisation={to.organisation_id}"


def typed_grant(to: Membership, days: int = 10, **said: Any) -> dict[str, Any]:
    last = (THEN + days * DAY).date().isoformat()
    return {"user": to.user_id, "reason": "preuzima rad sa porodicom", "last_day": last} | said


def test_the_owner_lets_a_person_of_another_centre_see_the_case(asking: Asking) -> None:
    officer, partner = browser(asking.town.officer), person("case_manager")
    form = officer.get(grant(asking, partner))
    assert form.status_code == 200
    assert not CHOSEN.search(form.content.decode())
    assert officer.post(grant(asking, partner), typed_grant(partner)).status_code == 302
    page = text_of(officer.get(access_page(asking)))
    assert partner.user.name in page
    assert "preuzima rad sa porodicom" in page
    theirs = browser(partner)
    address = reverse("coordination:case_detail", args=[asking.case.pk])
    assert theirs.get(address).status_code == 200
    with rls.engine_room():
        row = CaseAccess.objects.get(basis="grant")
    end = reverse("coordination:access_end", args=[asking.case.pk, row.pk])
    assert officer.post(end).status_code == 302
    assert theirs.get(address).status_code == 404


@pytest.mark.parametrize(
    "said",
    [
        {"reason": ""},
        {"last_day": ""},
        {"last_day": (THEN + 91 * DAY).date().isoformat()},
        {"last_day": (THEN - DAY).date().isoformat()},
        {"user": 2_000_000_000},
        {"user": ""},
    ],
)
def test_access_has_a_reason_an_end_and_a_person_of_that_institution(
    asking: Asking, said: dict[str, Any]
) -> None:
    partner = person("case_manager")
    typed = typed_grant(partner) | said
    assert browser(asking.town.officer).post(grant(asking, partner), typed).status_code == 422
    with rls.engine_room():
        assert not CaseAccess.objects.filter(basis="grant").exists()


def test_the_owner_itself_cannot_be_shut_out(asking: Asking) -> None:
    with rls.engine_room():
        own = CaseAccess.objects.get(case=asking.case, basis="owner", user=None)
    end = reverse("coordination:access_end", args=[asking.case.pk, own.pk])
    assert browser(asking.town.officer).post(end).status_code == 404


@pytest.mark.parametrize("who", ["director", "guardian", "stranger", "policeman"])
def test_who_does_not_run_the_case_gives_no_access(asking: Asking, who: str) -> None:
    guarded(asking)
    client = browser(getattr(asking.town, who))
    assert client.get(access_page(asking)).status_code == 404
    partner = person("case_manager")
    assert client.post(grant(asking, partner), typed_grant(partner)).status_code == 404
