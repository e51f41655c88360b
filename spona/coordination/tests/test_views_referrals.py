"""The pages of a referral: four steps to send it, one page to answer it, one to follow it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.base import rls
from spona.cases.codes import sharing
from spona.coordination.models import Disclosure, Referral
from spona.coordination.tests.asking import EVERYTHING, THEN, Asking, fresh, last_seq, owed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(THEN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def asking() -> Asking:
    asking = Asking()
    asking.basis()
    return asking


def page(who: Membership, name: str, *args: Any) -> Any:
    return signed_in(who).get(reverse(f"coordination:{name}", args=args))


def say(response: Any) -> str:
    text: str = response.content.decode()
    return text


def share_address(asking: Asking) -> str:
    where = reverse("coordination:referral_share", args=[asking.case.pk, asking.need.pk])
    return f"{where}?services={asking.service.pk}&urgency=hitno&purpose=service"


def chosen(**fields: str) -> dict[str, str]:
    return {f"give_{field}": moment for field, moment in fields.items()} | {"step": "send"}


def test_facts_of_a_referral_are_asked_in_words(asking: Asking) -> None:
    referral = asking.sent()
    said = say(page(asking.town.officer, "fact_new", referral.run_id))
    for raw, words in (("neodlozno", "neodložno"), ("vital_interest", "životno važan interes")):
        assert f">{raw}</option>" not in said
        assert words in said.lower()
    for words in ("upućuje se drugoj službi", "delimično"):
        assert words in said


# --- sending


def test_the_first_step_shows_the_needs_and_the_second_who_can_help(asking: Asking) -> None:
    officer = asking.town.officer
    first = say(page(officer, "referral_need", asking.case.pk))
    second = reverse("coordination:referral_service", args=[asking.case.pk, asking.need.pk])
    assert second in first
    answer = signed_in(officer).get(second)
    assert answer.status_code == 200
    assert asking.service.name_sr in say(answer)


def test_nothing_is_shared_unless_somebody_says_so(asking: Asking) -> None:
    client = signed_in(asking.town.officer)
    form = say(client.get(share_address(asking)))
    assert 'name="give_age"' in form
    assert not re.findall(r'value="(?:now|later)"[^>]*checked', form)
    nothing = client.post(share_address(asking), {"step": "send"})
    assert nothing.status_code == 422
    with rls.engine_room():
        assert not Referral.objects.exists()


def test_what_is_sent_is_shown_field_by_field_before(asking: Asking) -> None:
    client = signed_in(asking.town.officer)
    check = client.post(
        share_address(asking), chosen(age="now", first_name="later") | {"step": "check"}
    )
    assert check.status_code == 200
    for words in ("15", "Uzorak", "životno važan interes"):
        assert words in say(check)
    with rls.engine_room():
        assert not Referral.objects.exists()
    sent = client.post(share_address(asking), chosen(age="now", first_name="later"))
    assert sent.status_code == 302
    with rls.engine_room():
        assert [one.field for one in Disclosure.objects.all()] == ["age"]
        assert Referral.objects.get().promised == ["first_name"]


def test_a_field_without_a_basis_cannot_be_chosen() -> None:
    asking = Asking()
    asking.basis(categories=("age_sex",))
    client = signed_in(asking.town.officer)
    form = say(client.get(share_address(asking)))
    assert 'name="give_age"' in form
    assert 'name="give_first_name"' not in form
    client.post(share_address(asking), chosen(age="now", first_name="now"))
    with rls.engine_room():
        assert [one.field for one in Disclosure.objects.all()] == ["age"]


@pytest.mark.parametrize("name", ["referral_need", "case_referrals"])
def test_strangers_find_nothing_there(asking: Asking, name: str) -> None:
    for who in (asking.town.stranger, asking.helper, asking.town.policeman):
        assert page(who, name, asking.case.pk).status_code == 404


FIELDS = sorted(sharing.shared_fields())


@given(
    given_categories=st.sets(st.sampled_from(EVERYTHING), max_size=3),
    wanted=st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["now", "later"]), max_size=6),
)
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_post_makes_a_share_that_the_ledger_does_not_justify(
    given_categories: set[str], wanted: dict[str, str]
) -> None:
    """P8, by the pages: whatever is posted, what leaves has its basis, category by category."""

    with transaction.atomic():
        asking = Asking()
        if given_categories:
            asking.basis(categories=tuple(given_categories))
        client = signed_in(asking.town.officer)
        typed = {f"typed_{field}": "reč" for field in wanted}
        client.post(share_address(asking), chosen(**wanted) | typed)
        with rls.engine_room():
            left = list(Disclosure.objects.all())
            referrals = list(Referral.objects.all())
        known = sharing.shared_fields()
        assert {one.category for one in left} <= given_categories
        assert all(known[one.field].category == one.category for one in left)
        promised = {field for one in referrals for field in one.promised}
        assert {known[field].category for field in promised} <= given_categories
        transaction.set_rollback(True)


# --- answering


def test_answering_takes_one_page(asking: Asking) -> None:
    referral = asking.sent()
    client = signed_in(asking.helper)
    shown = client.get(reverse("coordination:referral_detail", args=[referral.number]))
    assert shown.status_code == 200
    assert "15" in say(shown)
    assert asking.case.code not in say(shown)
    answered = client.post(
        reverse("coordination:referral_answer", args=[referral.number]),
        {"decision": "accepted", "seen": last_seq(referral)},
    )
    assert answered.status_code == 302
    assert fresh(referral).decision == "accepted"
    assert fresh(referral).received_at is not None


def test_an_answer_that_lacks_something_keeps_what_was_typed(asking: Asking) -> None:
    referral = asking.sent()
    typed = {"decision": "declined", "note": "nemamo mesta", "seen": last_seq(referral)}
    answered = signed_in(asking.helper).post(
        reverse("coordination:referral_answer", args=[referral.number]), typed
    )
    assert answered.status_code == 422
    assert "nemamo mesta" in say(answered)
    assert fresh(referral).decision == ""


def test_who_works_on_the_case_records_an_answer_given_by_telephone(asking: Asking) -> None:
    referral = asking.sent()
    where = reverse("coordination:referral_answer", args=[referral.number])
    client = signed_in(asking.town.officer)
    typed = {"decision": "accepted", "seen": last_seq(referral)}
    assert client.post(where, typed).status_code == 422
    typed["source_of_knowledge"] = "javila dežurna telefonom"
    assert client.post(where, typed).status_code == 302
    assert fresh(referral).decision == "accepted"


def test_the_inbox_names_the_kind_of_help_and_no_child(asking: Asking) -> None:
    referral = asking.sent()
    listed = say(page(asking.helper, "referral_list"))
    assert referral.number in listed
    assert "Uzorak" not in listed
    assert asking.case.code not in listed
    assert referral.number not in say(page(asking.other, "referral_list"))


def test_a_referral_is_on_the_desk_of_who_must_answer(asking: Asking) -> None:
    referral = asking.sent()
    desk = say(signed_in(asking.helper).get(reverse("home:desk")))
    assert reverse("coordination:referral_detail", args=[referral.number]) in desk


def test_hidden_and_absent_are_alike(asking: Asking) -> None:
    referral = asking.sent()
    hidden = page(asking.other, "referral_detail", referral.number)
    absent = page(asking.other, "referral_detail", "ZZZZZZZZ")
    assert hidden.status_code == absent.status_code == 404
    keeper = person("administrator", asking.helper.organisation)
    assert page(keeper, "referral_detail", referral.number).status_code == 404


def test_the_director_does_not_learn_of_a_restricted_need(asking: Asking) -> None:
    referral = asking.sent()
    assert referral.need is not None
    assert referral.need.sensitive
    assert page(asking.town.director, "referral_detail", referral.number).status_code == 404
    listed = say(page(asking.town.director, "case_referrals", asking.case.pk))
    assert referral.number not in listed


def test_one_field_is_opened_and_another_taken_back(asking: Asking) -> None:
    referral = asking.sent()
    asking.answers(referral, "accepted")
    client = signed_in(asking.town.officer)
    where = reverse("coordination:field_open", args=[referral.number])
    assert client.get(where).status_code == 200
    assert client.post(where, {"fields_": ["sex"]}).status_code == 302
    assert "sex" in asking.reads(referral)
    with rls.engine_room():
        age = Disclosure.objects.get(field="age")
    assert client.post(reverse("coordination:disclosure_end", args=[age.pk])).status_code == 302
    assert "age" not in asking.reads(referral)


def test_the_thread_is_written_by_both_sides(asking: Asking) -> None:
    referral = asking.sent()
    asking.answers(referral, "accepted")
    where = reverse("coordination:message_add", args=[referral.number])
    assert signed_in(asking.helper).post(where, {"text": "Dolazi u sredu."}).status_code == 302
    shown = say(page(asking.town.officer, "referral_detail", referral.number))
    assert "Dolazi u sredu." in shown
    assert signed_in(asking.other).post(where, {"text": "?"}).status_code == 404


# --- without an account


def opened(asking: Asking) -> tuple[Referral, str, str]:
    referral = asking.sent(services=[asking.offers(asking.house)], later=[])
    client = signed_in(asking.town.officer)
    made = client.post(reverse("coordination:doorway_new", args=[referral.number]))
    assert made.status_code == 200
    return referral, made.context["address"], made.context["code"]


def test_somebody_without_an_account_answers_with_the_code(asking: Asking) -> None:
    referral, address, code = opened(asking)
    visitor = Client()
    first = visitor.get(address)
    assert first.status_code == 200
    assert "15" not in say(first)
    assert visitor.post(address, {"code": "nije"}).status_code == 422
    assert visitor.post(address, {"code": code}).status_code == 302
    inside = visitor.get(address)
    assert "15" in say(inside)
    answer = {
        "name": "Sintetička Primalac",
        "decision": "accepted",
        "seen": last_seq(referral),
    }
    assert visitor.post(address, answer).status_code == 200
    assert fresh(referral).decided_by_name == "Sintetička Primalac"
    assert visitor.get(address).status_code == 404
    assert "first_contact" in owed_in(referral)


def test_the_code_opens_the_page_for_that_browser_only(asking: Asking) -> None:
    _referral, address, code = opened(asking)
    visitor = Client()
    visitor.post(address, {"code": code})
    assert "15" not in say(Client().get(address))
