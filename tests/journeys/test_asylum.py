"""A child says that it wants asylum: written down at once; registered only after a guardian."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from spona.coordination.actions import catch_up
from tests.journeys.conftest import Clock, Newcomer
from tests.journeys.steps import agree, duty, press, sees, sees_no, sees_text
from tests.journeys.stories import appoint, boy_met, case_path, taken_over

MINUTE = timedelta(minutes=1)
REGISTRATION = "Registracija namere za podnošenje zahteva za azil"
PASSED = "Isteklo je 15 dana od registracije"


def test_what_the_child_says_is_written_at_once_and_registered_after_a_guardian(
    sign_in: Newcomer, clock: Clock
) -> None:
    at = timezone.now()
    met = boy_met(at - 50 * MINUTE)
    case = taken_over(met, at - 20 * MINUTE)

    jelena = sign_in("jelena-teren", width=375)
    jelena.goto(reverse("coordination:encounter_detail", args=[met.encounter_id]))
    press(jelena, "The child said it wants asylum")
    agree(jelena)
    sees(jelena, "Recorded: the child said that it wants asylum.")

    petar = sign_in("petar-policija")
    _he_may_not_register_yet(petar)
    appoint(case, timezone.now())
    _now_he_may(petar)

    clock.shift(timedelta(days=15, hours=1))
    catch_up(at=timezone.now())
    stefan = sign_in("stefan-staratelj")
    stefan.goto(case_path(case))
    expect(stefan.locator(".river-list li", has_text=PASSED)).to_have_count(1)
    expect(duty(stefan, "Samostalno podnošenje zahteva za azil")).to_be_visible()


def _he_may_not_register_yet(petar: Page) -> None:
    """The sentence says what comes first, and whom to remind."""
    press(duty(petar, REGISTRATION), "Do it now")
    press(petar, "Do it now")
    sees(petar, "This cannot be recorded yet")
    note = petar.locator(".note-warning")
    expect(note).to_contain_text("staratelj")
    expect(note).to_contain_text("CSR Vranje")
    expect(petar.locator("main form")).to_have_count(0)
    sees_text(petar, "Dete je reklo da želi azil")


def _now_he_may(petar: Page) -> None:
    petar.reload()
    sees_no(petar, "This cannot be recorded yet")
    press(petar, "Record")
    sees(petar, "Recorded: %(act)s")
