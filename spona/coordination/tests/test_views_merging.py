"""The pages on which a person decides whether two files are of one child, and splits them again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import translation

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.base import rls
from spona.cases import actions as cases
from spona.cases.models import Case, CaseAccess, Merge
from spona.cases.tests.factories import case as opened
from spona.coordination.models import Duty
from spona.coordination.tests.doubles import REASON, Doubles, fresh, owed_of
from spona.coordination.tests.story import DAY, MINUTE, run_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english(settings: Any) -> Iterator[None]:
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def doubles() -> Iterator[Doubles]:
    made = Doubles()
    with time_machine.travel(made.at, tick=False):
        yield made


@pytest.fixture
def browser(doubles: Doubles) -> Client:
    return in_english(doubles.town.officer)


def in_english(who: Membership) -> Client:
    browser = signed_in(who)
    browser.cookies["django_language"] = "en"
    return browser


def compare(doubles: Doubles) -> str:
    return reverse("coordination:double_decide", args=[doubles.kept.pk, doubles.other.pk])


def typed(browser: Client, doubles: Doubles, **more: str) -> dict[str, str]:
    """The form as it is proposed, with a reason."""
    form = browser.get(compare(doubles)).context["form"]
    shown = {one.name: str(one.value() or "") for one in form}
    return shown | {"reason": REASON, "step": "do"} | more


def text(answer: Any) -> str:
    return str(answer.content.decode())


def merged(browser: Client, doubles: Doubles, **more: str) -> Merge:
    answer = browser.post(compare(doubles), typed(browser, doubles, **more))
    assert answer.status_code == 302, text(answer)
    with rls.engine_room():
        return Merge.objects.latest("pk")


def appointed(doubles: Doubles, to: Case) -> None:
    """A guardian without an account, appointed outside of the rules."""
    by = doubles.town.officer.actor()
    with rls.acting(by, doubles.at):
        cases.guardianship_begin(
            case=to,
            kind="temporary",
            guardian=None,
            guardian_name="Sintetička Ana",
            guardian_phone="000-000-001",
            by=by,
            at=doubles.at,
        )


def test_the_other_file_is_found_by_its_code_among_those_one_sees(
    doubles: Doubles, browser: Client
) -> None:
    page = reverse("coordination:double_find", args=[doubles.kept.pk])
    case_page = reverse("coordination:case_detail", args=[doubles.kept.pk])
    assert page in text(browser.get(case_page))
    found = browser.post(page, {"code": doubles.other.code})
    assert found.headers["Location"] == compare(doubles)
    hidden = opened(person("duty_officer"))
    assert browser.post(page, {"code": hidden.code + "x"}).status_code == 422


def test_both_files_stand_side_by_side_with_what_is_proposed(
    doubles: Doubles, browser: Client
) -> None:
    page = text(browser.get(compare(doubles)))
    assert doubles.other.code in page
    assert "Uzorak Sintetičko" in page
    assert 'class="differs"' not in page


def test_what_will_happen_is_said_before_it_happens(doubles: Doubles, browser: Client) -> None:
    said = browser.post(compare(doubles), typed(browser, doubles, step="check"))
    assert said.status_code == 200
    assert "is closed as opened twice" in text(said)
    assert fresh(doubles.other).is_open


def test_one_goes_back_from_there_and_finds_what_was_typed(
    doubles: Doubles, browser: Client
) -> None:
    back = browser.post(compare(doubles), typed(browser, doubles, step="change"))
    assert REASON in text(back)
    assert fresh(doubles.other).is_open


def test_the_files_are_merged_and_each_links_to_the_other(
    doubles: Doubles, browser: Client
) -> None:
    merge = merged(browser, doubles)
    assert fresh(doubles.other).closure_reason == "double"
    for one, other in ((doubles.kept, doubles.other), (doubles.other, doubles.kept)):
        page = text(browser.get(reverse("coordination:case_detail", args=[one.pk])))
        assert reverse("coordination:case_detail", args=[other.pk]) in page
        assert reverse("coordination:merge_detail", args=[merge.pk]) in page
    record = text(browser.get(reverse("coordination:merge_detail", args=[merge.pk])))
    assert REASON in record
    assert "Uzorak Sintetičko" in record


def test_without_a_reason_nothing_is_merged_and_nothing_typed_is_lost(
    doubles: Doubles, browser: Client
) -> None:
    number = owed_of(doubles.other)[0].number
    said = typed(browser, doubles, reason="") | {f"duty_{number}": "goes_on"}
    answer = browser.post(compare(doubles), said)
    assert answer.status_code == 422
    assert answer.context["form"][f"duty_{number}"].value() == "goes_on"
    assert fresh(doubles.other).is_open


def test_what_was_changed_meanwhile_is_shown_with_what_was_typed(
    doubles: Doubles, browser: Client
) -> None:
    said = typed(browser, doubles)
    doubles.renamed(doubles.other, "Sintetićko")
    answer = browser.post(compare(doubles), said)
    assert answer.status_code == 409
    assert REASON in text(answer)
    assert "Sintetićko" in text(answer)
    assert fresh(doubles.other).is_open
    again = said | {"seal": answer.context["form"]["seal"].value()}
    assert browser.post(compare(doubles), again).status_code == 302


def test_a_second_merging_of_the_same_files_is_told_so(doubles: Doubles, browser: Client) -> None:
    said = typed(browser, doubles)
    merged(browser, doubles)
    answer = browser.post(compare(doubles), said)
    assert answer.status_code == 409
    assert "merged already" in text(answer)


def test_what_stands_in_the_way_is_said_with_the_way_out(doubles: Doubles, browser: Client) -> None:
    appointed(doubles, doubles.other)
    answer = browser.get(compare(doubles))
    assert answer.status_code == 409
    turned = reverse("coordination:double_decide", args=[doubles.other.pk, doubles.kept.pk])
    assert turned in text(answer)
    assert browser.get(turned).status_code == 200


def test_two_guardians_are_shown_and_one_is_chosen(doubles: Doubles, browser: Client) -> None:
    doubles.town.appoint(doubles.kept, after=110 * MINUTE)
    appointed(doubles, doubles.other)
    assert "Two guardians are in office" in text(browser.get(compare(doubles)))
    assert browser.post(compare(doubles), typed(browser, doubles)).status_code == 422
    merged(browser, doubles, represents="kept")
    with rls.engine_room():
        assert not doubles.other.guardianships.filter(until_at=None).exists()


def test_nobody_else_finds_these_pages(doubles: Doubles, browser: Client) -> None:
    merge = merged(browser, doubles)
    pages = [
        compare(doubles),
        *(reverse(f"coordination:merge_{one}", args=[merge.pk]) for one in ("detail", "split")),
        reverse("coordination:double_find", args=[doubles.kept.pk]),
    ]
    for who in (doubles.town.stranger, doubles.town.policeman, doubles.town.guardian):
        other = signed_in(who)
        assert {other.get(one).status_code for one in pages} == {404}
    colleague = signed_in(doubles.town.second_officer)
    assert colleague.get(pages[1]).status_code == 200


def test_whoever_sees_one_file_reads_nothing_of_the_other(
    doubles: Doubles, browser: Client
) -> None:
    manager = person("case_manager")
    with rls.acting(doubles.town.officer.actor(), doubles.at):
        cases.access_grant(
            case=doubles.kept,
            organisation=manager.organisation,
            user=manager.user,
            basis=CaseAccess.Basis.GRANT,
            by=doubles.town.officer.actor(),
            at=doubles.at,
            until=doubles.at + DAY,
            reason="podrška",
        )
    said = typed(browser, doubles)
    [access] = [one for one in said if one.startswith("access_")]
    merged(browser, doubles, **{access: "stays", access.replace("access", "why"): "prati ga"})
    with time_machine.travel(doubles.at + MINUTE, tick=False):
        other = in_english(manager)
        for name in ("case_detail", "case_log", "case_person", "case_river"):
            page = text(other.get(reverse(f"coordination:{name}", args=[doubles.kept.pk])))
            assert doubles.other.code not in page
            assert "another file" not in page
            assert "merges/" not in page


# --- split again


def test_the_files_are_split_from_the_page(doubles: Doubles, browser: Client) -> None:
    before = [one.pk for one in owed_of(doubles.other)]
    merge = merged(browser, doubles)
    page = reverse("coordination:merge_split", args=[merge.pk])
    assert "two children" in text(browser.get(page))
    assert browser.post(page, {"reason": ""}).status_code == 422
    assert browser.post(page, {"reason": "Brat je."}).status_code == 302
    assert fresh(doubles.other).is_open
    assert [one.pk for one in owed_of(doubles.other)] == before
    record = text(browser.get(reverse("coordination:merge_detail", args=[merge.pk])))
    assert "split again" in record
    past = text(browser.get(reverse("coordination:case_detail", args=[doubles.kept.pk])))
    assert "This child has another file" not in past
    assert reverse("coordination:merge_detail", args=[merge.pk]) in past
    assert browser.post(page, {"reason": "Brat je."}).status_code == 422


def test_whose_a_later_name_is_has_to_be_said(doubles: Doubles, browser: Client) -> None:
    merge = merged(browser, doubles)
    doubles.renamed(doubles.kept, "Sintetićko")
    page = reverse("coordination:merge_split", args=[merge.pk])
    form = browser.get(page).context["form"]
    [whose] = [one.name for one in form.whose_fields()]
    assert browser.post(page, {"reason": "Brat je."}).status_code == 422
    assert browser.post(page, {"reason": "Brat je.", whose: "other"}).status_code == 302
    with rls.engine_room():
        assert fresh(doubles.other).person.names.filter(is_main=False).count() == 1


def test_a_duty_that_goes_on_says_what_it_is(doubles: Doubles, browser: Client) -> None:
    first = owed_of(doubles.other)[0]
    merged(browser, doubles, **{f"duty_{first.number}": "goes_on"})
    with rls.engine_room():
        carried = Duty.objects.owed().get(version__protocol="carried-duty")
    page = browser.get(reverse("coordination:duty_detail", args=[carried.number]))
    assert page.context["carried"]
    list_of_it = text(browser.get(reverse("coordination:case_detail", args=[doubles.kept.pk])))
    assert f"{page.context['carried']} (goes on)" in list_of_it
    assert run_of(doubles.kept).pk != carried.run_id


# --- two institutions


class Asked:
    """A second town with a file of the same child; each centre sees both."""

    def __init__(self) -> None:
        self.here, self.there = person("duty_officer"), person("duty_officer")
        self.kept, self.other = opened(self.here), opened(self.there)
        at = self.kept.opened_at
        for owner, case, guest in (
            (self.here, self.kept, self.there),
            (self.there, self.other, self.here),
        ):
            with rls.acting(owner.actor(), at):
                cases.access_grant(
                    case=case,
                    organisation=guest.organisation,
                    basis=CaseAccess.Basis.GRANT,
                    by=owner.actor(),
                    at=at,
                    until=at + timedelta(days=30),
                    reason="isto dete?",
                )
        self.at = at + MINUTE

    def proposed(self) -> Merge:
        browser = in_english(self.here)
        page = reverse("coordination:double_decide", args=[self.kept.pk, self.other.pk])
        form = browser.get(page).context["form"]
        shown = {one.name: str(one.value() or "") for one in form}
        answer = browser.post(page, shown | {"reason": REASON, "step": "do"})
        assert answer.status_code == 302, text(answer)
        with rls.engine_room():
            return Merge.objects.latest("pk")


@pytest.fixture
def asked() -> Iterator[Asked]:
    made = Asked()
    with time_machine.travel(made.at, tick=False):
        yield made


def person_of(case: Case) -> int:
    return fresh(case).person_id


def test_the_other_centre_looks_at_the_proposal_and_agrees(asked: Asked) -> None:
    merge = asked.proposed()
    browser = in_english(asked.there)
    case_page = text(browser.get(reverse("coordination:case_detail", args=[asked.other.pk])))
    assert "Look at it and answer" in case_page
    detail = reverse("coordination:merge_detail", args=[merge.pk])
    assert "Yes, this is one child" in text(browser.get(detail))
    assert "Yes, this is one child" not in text(in_english(asked.here).get(detail))
    confirm = reverse("coordination:merge_confirm", args=[merge.pk])
    assert signed_in(asked.here).post(confirm).status_code == 404
    assert browser.post(confirm).status_code == 302
    assert person_of(asked.kept) == person_of(asked.other)
    assert fresh(asked.other).is_open
    assert browser.post(confirm).status_code == 422


def test_the_other_centre_says_no_and_why(asked: Asked) -> None:
    merge = asked.proposed()
    browser = in_english(asked.there)
    refuse = reverse("coordination:merge_refuse", args=[merge.pk])
    assert browser.post(refuse, {"refusal": ""}).status_code == 422
    assert browser.post(refuse, {"refusal": "Drugi dečak."}).status_code == 302
    assert person_of(asked.kept) != person_of(asked.other)
    assert "Drugi dečak." in text(
        in_english(asked.here).get(reverse("coordination:merge_detail", args=[merge.pk]))
    )
