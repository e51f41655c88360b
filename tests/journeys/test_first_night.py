"""A boy is met; the screen says that nobody has taken over until a named person has."""

from __future__ import annotations

import time
from datetime import timedelta

from playwright.sync_api import Page, expect

from spona.accounts.models import Organisation
from tests.journeys.conftest import Clock, Newcomer
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
    words,
    write,
)

PHONE = 375
FORTY_SECONDS = 40  # of screen time, of which a machine needs a few
BED, GUARDIAN = "Bezbedno mesto za noć", "Postavljanje privremenog staratelja"


def test_a_light_contact_becomes_a_case_only_by_decision(sign_in: Newcomer) -> None:
    jelena = sign_in("jelena-teren", width=PHONE)
    began = time.monotonic()
    press(jelena, "New encounter")
    press(jelena, "Light contact")
    choose(jelena, "Where the person was met", "park")
    press(jelena, "Save")
    sees(jelena, "Nobody was told. It becomes a case only if you decide so:")
    assert time.monotonic() - began < FORTY_SECONDS
    assert words("Name, as said") not in jelena.content()

    press(jelena, "This is a child: tell the centre")
    write(jelena, "Age, as said", "16")
    choose(jelena, "Language", "paštu")
    answer(jelena, "Is the child in danger now?", "No")
    choose(jelena, "Municipality", "Vranje")
    press(jelena, "Save and tell the centre")
    sees(jelena, "The notification was sent, but nobody has taken it over.")


def test_the_first_night_of_a_boy_of_fifteen(sign_in: Newcomer, clock: Clock) -> None:
    jelena = sign_in("jelena-teren", width=PHONE)
    _boy_is_met(jelena)
    _nobody_answers(jelena, clock)
    _the_call_is_answered(jelena)

    dragana, nebojsa = sign_in("dragana-dezurna"), sign_in("nebojsa-dezurni")
    for officer in (dragana, nebojsa):
        press(section(officer, "Inbox"), "Take over")
    press(dragana, "Take over")
    _the_second_is_told_who_was_first(nebojsa)
    jelena.reload()
    sees(jelena, "Taken over: %(who)s, %(centre)s")
    sees_text(jelena, "Dragana Dežurnić-Demo")
    sees_no(jelena, "The centre answered, but nobody has taken over yet.")

    _every_duty_says_when_and_how_sure(dragana)
    _a_bed_for_tonight(dragana)
    _a_guardian(dragana)

    stefan = sign_in("stefan-staratelj")
    sees_text(stefan, "Prvi razgovor sa detetom")


def _boy_is_met(jelena: Page) -> None:
    press(jelena, "New encounter")
    press(jelena, "A child without a parent or guardian")
    choose(jelena, "Where the person was met", "autobuska stanica")
    write(jelena, "Age, as said", "15")
    choose(jelena, "Language", "dari")
    answer(jelena, "Is the child in danger now?", "No")
    choose(jelena, "Municipality", "Vranje")
    unfold(jelena, "More, if you know it")
    write(jelena, "Name, as said", "Uzorak Sintetički")
    answer(jelena, "Is the person alone?", "Yes")
    press(jelena, "Save and tell the centre")


def _nobody_answers(jelena: Page, clock: Clock) -> None:
    """The number is on the screen until somebody has taken over; after an hour it is 192."""
    number = Organisation.objects.get(key="csr-vranje").on_call_phone
    sees(jelena, "The notification was sent, but nobody has taken it over.")
    sees(jelena, "Call the on-call number of the centre. The record is not the call.")
    expect(jelena.locator("a.phone")).to_contain_text(number)
    answer(jelena, "Did anybody answer?", "No")
    press(jelena, "Record the call")
    sees(jelena, "The notification was sent, but nobody has taken it over.")
    clock.shift(timedelta(minutes=70))
    jelena.reload()
    sees(jelena, "An hour has passed and nobody has answered. Call the police: 192.")
    expect(jelena.locator("a.phone-first")).to_have_attribute("href", "tel:192")


def _the_call_is_answered(jelena: Page) -> None:
    answer(jelena, "Did anybody answer?", "Yes")
    press(jelena, "Record the call")
    sees(jelena, "Write who answered: the name makes it a notification.")
    write(jelena, "Who answered", "dežurna, sintetička")
    press(jelena, "Record the call")
    sees(jelena, "The centre answered, but nobody has taken over yet.")


def _the_second_is_told_who_was_first(nebojsa: Page) -> None:
    write(nebojsa, "Number of the intake sheet", "PL-17")
    press(nebojsa, "Take over")
    expect(nebojsa.get_by_role("alert")).to_contain_text("Dragana Dežurnić-Demo")
    sees_text(nebojsa, "PL-17")


def _every_duty_says_when_and_how_sure(dragana: Page) -> None:
    sees(dragana, "Without a guardian: %(gap)s")
    for what in (BED, GUARDIAN, "Privremeni zaključak o obezbeđenju smeštaja"):
        line = duty(dragana, what)
        expect(line.locator("time")).to_be_visible()
        expect(line.locator(".badge")).to_be_visible()


def _a_bed_for_tonight(dragana: Page) -> None:
    press(duty(dragana, BED), "Do it now")
    write(dragana, "Mesto", "Demo kuća, soba 2")
    press(dragana, "Record")
    sees(dragana, "Recorded: %(act)s")
    expect(dragana.locator(".duty", has_text=BED)).to_have_count(0)


def _a_guardian(dragana: Page) -> None:
    """Proposing comes first; the page says so and shows the way."""
    press(duty(dragana, GUARDIAN), "Do it now")
    sees(dragana, "Something comes first")
    press(dragana, "Predlaganje privremenog staratelja")
    answer(dragana, "Predloženo lice", "Stefan")
    press(dragana, "Record")
    press(duty(dragana, GUARDIAN), "Do it now")
    sees_no(dragana, "Something comes first")
    answer(dragana, "Privremeni staratelj", "Stefan")
    press(dragana, "Record")
    sees_no(dragana, "Without a guardian: %(gap)s")
