"""A child who is met twice: the second file is seen before it is made."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from spona.base import rls
from spona.cases.models import Case
from spona.coordination.models import Notification
from tests.journeys.conftest import Newcomer
from tests.journeys.steps import press, section, sees, sees_text, write
from tests.journeys.stories import MINUTE, boy_in_care, boy_met, case_path

SAME_CHILD = "This may be the same child"


def test_an_intake_that_would_have_made_a_double_is_seen_before(sign_in: Newcomer) -> None:
    now = timezone.now()
    known = boy_in_care(now)
    met = boy_met(now - 10 * MINUTE)
    dragana = sign_in("dragana-dezurna")
    dragana.goto(reverse("coordination:notification_detail", args=[met.pk]))
    write(dragana, "Number of the intake sheet", "SINT 7")
    press(section(dragana, "Take over"), "Take over")
    _is_asked(dragana, known)
    assert _opened(met) is None

    press(dragana, "It is the same child: take over and compare")
    sees(dragana, "Possible doubles")
    sees_text(dragana, known.code)
    opened = _opened(met)
    assert opened is not None
    press(dragana, "It is another child")
    sees(dragana, "It was decided that this is another child.")
    assert dragana.url.endswith(case_path(opened, "case_doubles"))


def _opened(met: Notification) -> Case | None:
    with rls.engine_room():
        return Case.objects.filter(encounter_id=met.encounter_id).first()


def _is_asked(page: Page, known: Case) -> None:
    """Why it may be the same child stands in a table, and what was typed is still there."""
    asked = section(page, SAME_CHILD)
    sees_text(asked, known.code)
    expect(asked.get_by_role("table")).to_have_count(1)
    expect(page.locator("[name=intake_number]")).to_have_value("SINT 7")


def test_a_name_is_offered_in_other_scripts_while_it_is_typed(sign_in: Newcomer) -> None:
    case = boy_in_care(timezone.now())
    dragana = sign_in("dragana-dezurna", width=375)
    dragana.goto(case_path(case, "name_add"))
    write(dragana, "Given name", "محمد")
    write(dragana, "Family name", "نمونه")
    dragana.keyboard.press("Tab")
    suggested = dragana.get_by_role("checkbox", name="Muhamad Namuna")
    expect(suggested).not_to_be_checked()
    suggested.check()
    press(dragana, "Save")
    sees_text(dragana, "Muhamad Namuna")
    sees_text(dragana, "محمد نمونه")
