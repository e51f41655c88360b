"""The same child is found as he is typed, in any script."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from spona.base import rls
from spona.cases.models import Case
from spona.people import actions
from tests.journeys.conftest import Newcomer
from tests.journeys.steps import field, sees_text
from tests.journeys.stories import actor, boy_in_care

WHO = actions.NameDraft(given="Muhamed Džavad", family="Huseini Sintetički")


@pytest.mark.parametrize("text", ["muh dzav", "محمد جو", "Мухамед Џ"])
def test_one_child_is_found_while_the_name_is_typed(sign_in: Newcomer, text: str) -> None:
    case = _called(boy_in_care(timezone.now()))
    dragana = sign_in("dragana-dezurna", width=375)
    dragana.goto(reverse("home:search"))
    _types(dragana, text)
    sees_text(dragana.locator("#found"), case.code)
    expect(dragana.locator("#found bdi").first).to_have_text(text.split()[0])
    _types(dragana, "Zzz qqq")
    expect(dragana.locator("#found").get_by_text(case.code)).to_have_count(0)


def _types(page: Page, text: str) -> None:
    """Key by key; nothing is pressed to send it."""
    box = field(page, "Name in any script, or case code")
    box.fill("")
    box.press_sequentially(text, delay=20)


def _called(case: Case) -> Case:
    at, by = timezone.now(), actor("dragana-dezurna")
    with rls.acting(by, at):
        actions.name_add(person=case.person, by=by, at=at, name=WHO, case_id=case.pk)
    return case
