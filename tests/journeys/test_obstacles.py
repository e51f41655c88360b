"""What cannot be done is not lateness; a rule is passed with a reason; a child is gone."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from spona.cases.models import Case
from tests.journeys.conftest import Newcomer
from tests.journeys.steps import (
    answer,
    choose,
    duty,
    press,
    section,
    sees,
    sees_no,
    sees_text,
    unfold,
    write,
)
from tests.journeys.stories import act_path, boy_in_care, case_path, owed

GUARDIAN, NOBODY_FREE = "Postavljanje privremenog staratelja", "nema slobodnog staratelja"
MISSING, TALK = "Prijava nestanka deteta policiji", "Razgovor posle povratka"


def test_an_obstacle_goes_up_and_is_not_lateness(sign_in: Newcomer) -> None:
    case = boy_in_care(timezone.now())
    dragana = sign_in("dragana-dezurna")
    dragana.goto(
        reverse("coordination:duty_detail", args=[owed(case, "guardian_appointed").number])
    )
    unfold(dragana, "Cannot be done – say what stands in the way")
    answer(dragana, "What stands in the way", NOBODY_FREE)
    press(dragana, "Record the obstacle")
    sees_text(dragana, NOBODY_FREE)
    sees(dragana, "The duty stays owed and was passed on. It does not count as your omission.")

    dragana.goto("/")
    expect(duty(dragana, GUARDIAN)).to_have_attribute("data-state", "obstacle")
    sees_no(dragana, "Overdue")
    for key in ("ruza-rukovodilac", "dimitrije-direktor"):
        _sees_what_came_up(sign_in(key))
    kosta = sign_in("kosta-koordinator")
    _sees_what_came_up(kosta)
    page = kosta.content()
    assert case.code not in page
    assert "Uzorak" not in page


def _sees_what_came_up(page: Page) -> None:
    sees_text(section(page, "What came up to you"), NOBODY_FREE)


def test_a_bed_without_a_doctor_and_a_child_who_is_gone_for_an_hour(sign_in: Newcomer) -> None:
    case = boy_in_care(timezone.now())
    dragana = sign_in("dragana-dezurna")
    _placed_without_an_examination(dragana, case)

    dragana.goto(act_path(case, "absence_noticed"))
    minutes = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    write(dragana, "Kada je dete poslednji put viđeno", minutes)
    press(dragana, "Record")
    expect(duty(dragana, MISSING)).to_be_visible()

    kata = sign_in("kata-kuca")
    press(duty(kata, MISSING), "Do it now")
    press(kata, "Do it now")
    write(kata, "Kome je prijavljeno", "Demo policija, dežurni")
    press(kata, "Record")
    sees(kata, "Recorded: %(act)s")
    expect(kata.locator(".duty", has_text=MISSING)).to_have_count(0)

    petar = sign_in("petar-policija")
    expect(duty(petar, "Početak potrage")).to_be_visible()
    dragana.goto(act_path(case, "child_returned"))
    write(dragana, "Gde", "ispred kuće")
    press(dragana, "Record")
    expect(duty(dragana, TALK)).to_be_visible()
    petar.reload()
    expect(petar.locator(".duty", has_text="Početak potrage")).to_have_count(0)


def _placed_without_an_examination(dragana: Page, case: Case) -> None:
    """The rule asks for a reason and lets through: a bed waits for no doctor."""
    dragana.goto(act_path(case, "urgent_placement"))
    sees(dragana, "Something comes first")
    choose(dragana, "Ustanova ili porodica", "Demo kuća Vranje")
    press(dragana, "Record")
    expect(dragana.locator(".error-summary")).to_be_visible()
    write(dragana, "Reasons for going on", "Noću nema lekara.")
    press(dragana, "Record")
    sees(dragana, "Recorded: %(act)s")
    dragana.goto(case_path(case, "case_needs"))
    sees_text(dragana, "Demo kuća Vranje")
