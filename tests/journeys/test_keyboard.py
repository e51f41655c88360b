"""The keyboard alone gets through, and one always sees where one is."""

from __future__ import annotations

from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.conftest import Newcomer
from tests.journeys.steps import field, is_at, sees, sees_text, tab_to
from tests.journeys.stories import (
    appoint,
    boy_in_care,
    handed_over,
    handover_path,
    justified,
    referral_path,
    referred,
)


def test_a_light_contact_with_the_keyboard_alone(sign_in: Newcomer) -> None:
    jelena = sign_in("jelena-teren")
    keys = jelena.keyboard
    tab_to(jelena, "Skip to the content", at_most=1)
    tab_to(jelena, "New encounter")
    keys.press("Enter")
    is_at(jelena, "Whom did you meet?")
    tab_to(jelena, "Light contact")
    keys.press("Enter")
    is_at(jelena, "Light contact")
    tab_to(jelena, "Where the person was met")
    keys.type("park")
    tab_to(jelena, "Age, as said")
    keys.type("16")
    tab_to(jelena, "Safety information was given")
    keys.press("Space")
    expect(field(jelena, "Safety information was given")).to_be_checked()
    tab_to(jelena, "More, if you know it")
    keys.press("Enter")
    tab_to(jelena, "Municipality")
    keys.type("Vranje")
    tab_to(jelena, "Save")
    keys.press("Enter")
    sees(jelena, "Thank you, it is recorded. After 90 days it is made anonymous.")
    sees_text(jelena, "Vranje")


def test_the_menu_opens_and_closes_with_the_keyboard(sign_in: Newcomer) -> None:
    jelena = sign_in("jelena-teren")
    tab_to(jelena, "Menu")
    jelena.keyboard.press("Enter")
    tab_to(jelena, "Srpski")
    jelena.keyboard.press("Escape")
    expect(jelena.locator(".menu-sheet")).to_be_hidden()
    jelena.keyboard.press("Enter")
    tab_to(jelena, "Srpski", at_most=20)
    jelena.keyboard.press("Space")
    expect(jelena.locator("html")).to_have_attribute("lang", "sr-Latn")


def test_a_referral_is_answered_with_the_keyboard_alone(sign_in: Newcomer) -> None:
    at = timezone.now()
    case = boy_in_care(at)
    justified(case, at)
    nada = sign_in("nada-savetnica")
    nada.goto(referral_path(referred(case, "demo-pravna-pomoc-azil", at)))
    keys = nada.keyboard
    tab_to(nada, "We accept")
    keys.press("Space")
    tab_to(nada, "Message to the sender")
    keys.type("Može u sredu.")
    tab_to(nada, "Send the answer")
    keys.press("Enter")
    sees(nada, "Your answer is recorded, and the other side is told.")
    sees_text(nada, "Može u sredu.")


def test_a_handover_is_received_with_the_keyboard_alone(sign_in: Newcomer) -> None:
    at = timezone.now()
    case = boy_in_care(at)
    appoint(case, at)
    branka = sign_in("branka-beograd")
    branka.goto(handover_path(handed_over(case, at)))
    keys = branka.keyboard
    tab_to(branka, "Potvrda preuzimanja")
    keys.press("Enter")
    sees(branka, "Cannot be done – say what stands in the way")
    tab_to(branka, "Do it now")
    keys.press("Enter")
    sees(branka, "Ko preuzima (ime i prezime)")
    tab_to(branka, "Ko preuzima (ime i prezime)")
    keys.type("Branka Beogradić-Demo")
    tab_to(branka, "Record")
    keys.press("Enter")
    sees(branka, "Recorded: %(act)s")
