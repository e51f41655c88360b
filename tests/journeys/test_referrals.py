"""A boy is referred: nothing goes along unless chosen, nobody is forgotten, a no is heard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from demo.people import load_staff
from spona.cases.models import Case
from spona.coordination.actions import catch_up, mail_notices, tell_what_is_due
from spona.coordination.rules import digest_at
from tests.journeys.conftest import Clock, Newcomer
from tests.journeys.steps import (
    answer,
    begin,
    choose,
    duty,
    is_at,
    press,
    section,
    sees,
    sees_no,
    sees_text,
    words,
    write,
)
from tests.journeys.stories import (
    answered,
    appoint,
    boy_in_care,
    case_path,
    consented,
    justified,
    needs,
    referral_path,
    referred,
)

LEGAL_AID, PLAY = "demo-pravna-pomoc-azil", "demo-igra-radionice"
NEXT_STEP, CHECKED = "Odluka o daljem koraku", "Provera sa osobom"
CLOSING, TOLD = "Zaključenje upućivanja", "Potvrda da je povlačenje primljeno"
FIRST_NAME = "Uzorak"


def test_a_boy_is_referred_and_somebody_helps(
    sign_in: Newcomer, newcomer: Newcomer, password: Callable[[str], str]
) -> None:
    at = timezone.now()
    case = boy_in_care(at)
    needs(case, "legal_help", at)
    justified(case, at)
    dragana = sign_in("dragana-dezurna")
    _is_sent_in_four_steps(dragana, case)

    nada = newcomer(width=375)
    _comes_from_the_mail_to_one_page(nada, password("nada-savetnica"))
    _reads_and_accepts(nada)
    _they_write_to_each_other(nada, dragana)
    _helps_and_says_so(nada)
    _the_boy_is_asked_and_it_ends(dragana)


def _is_sent_in_four_steps(dragana: Page, case: Case) -> None:
    dragana.goto(case_path(case, "case_referrals"))
    press(dragana, "Refer to a service")
    press(dragana, "pravna pomoć")
    dragana.get_by_role("checkbox", name=re.compile(r"^Pravna pomoć \(demo\)")).check()
    answer(dragana, "How urgent", "regular")
    choose(dragana, "What for", "pravna pomoć")
    press(dragana, "Next: what is shared")
    answer(dragana, "Uzrast", "before the decision")
    answer(dragana, "Lično ime", "only when accepted")
    press(dragana, "Next: look at it again")
    is_read = dragana.locator("tr", has_text="Uzrast")
    expect(is_read).to_contain_text("15")
    expect(is_read).to_contain_text("životno važan interes")
    press(dragana, "Send")
    is_at(dragana, "Pravna pomoć")


def _comes_from_the_mail_to_one_page(nada: Page, secret: str) -> None:
    """The mail says nothing but that there is a task; its link leads through signing in."""
    tell_what_is_due(at=timezone.now())
    mail_notices(at=_next_digest(timezone.now()))
    [letter] = [one for one in mail.outbox if load_staff()["nada-savetnica"].email in one.to]
    for told in (FIRST_NAME, "VR-", "pravna"):
        assert told not in f"{letter.subject}{letter.body}"
    link = re.search(r"https?://\S+", str(letter.body))
    assert link
    nada.goto(urlsplit(link.group()).path)
    write(nada, "E-mail at work", load_staff()["nada-savetnica"].email)
    write(nada, "Password", secret)
    press(nada, "Sign in")
    is_at(nada, "Pravna pomoć")


def _next_digest(at: datetime) -> datetime:
    """Two in the afternoon of the next working day."""
    days = (timezone.localtime(at) + timedelta(days=n) for n in range(1, 8))
    return next(day for day in (d.replace(hour=14) for d in days) if digest_at(day))


def _reads_and_accepts(nada: Page) -> None:
    shared = nada.locator(".card", has_text=words("What was shared with you"))
    expect(shared).to_contain_text("15")
    expect(shared.locator("dd", has_text=FIRST_NAME)).to_have_count(0)
    answer(nada, "Your answer", "We accept")
    write(nada, "Message to the sender", "Može u sredu.")
    press(nada, "Send the answer")
    sees(nada, "Your answer is recorded, and the other side is told.")
    expect(shared.locator("dd", has_text=FIRST_NAME)).to_be_visible()


def _they_write_to_each_other(nada: Page, dragana: Page) -> None:
    dragana.reload()
    sees_text(dragana, "Može u sredu.")
    write(dragana, "Message", "Dolazi sa starateljem.")
    press(dragana, "Send the message")
    nada.reload()
    sees_text(nada, "Dolazi sa starateljem.")


def _helps_and_says_so(nada: Page) -> None:
    page = nada.url
    begin(nada, "Prvi kontakt sa osobom")
    press(nada, "Record")
    nada.goto(page)
    begin(nada, "Povratna informacija o ishodu")
    answer(nada, "Ishod", "pomoć je pružena")
    press(nada, "Record")
    sees(nada, "Recorded: %(act)s")


def _the_boy_is_asked_and_it_ends(dragana: Page) -> None:
    page = dragana.url
    dragana.reload()
    begin(dragana, CHECKED)
    answer(dragana, "Ko je odgovorio", "osoba sama")
    answer(dragana, "Da li je pomoglo?", "da")
    press(dragana, "Record")
    dragana.goto(page)
    begin(dragana, CLOSING)
    answer(dragana, "Ishod", "pomoć je pružena")
    press(dragana, "Record")
    dragana.goto(page)
    ended = dragana.locator(".task", has_text=words("Ended"))
    expect(ended).to_contain_text("pomoć je pružena")
    sees_no(dragana, "What can be done now")


def test_not_us_but_they_comes_back_to_whoever_sent_it(sign_in: Newcomer) -> None:
    at = timezone.now()
    case = boy_in_care(at)
    justified(case, at)
    referral = referred(case, LEGAL_AID, at)
    nada = sign_in("nada-savetnica")
    nada.goto(referral_path(referral))
    answer(nada, "Your answer", "Not us, but another service")
    press(nada, "Send the answer")
    sees(nada, "This answer needs it.")
    choose(nada, "Which service", "Radionice igre i sporta (demo)")
    press(nada, "Send the answer")
    sees(nada, "Your answer is recorded, and the other side is told.")

    dragana = sign_in("dragana-dezurna")
    expect(duty(dragana, NEXT_STEP)).to_be_visible()
    dragana.goto(referral_path(referral))
    sees(dragana, "They propose: %(service)s. Nothing was passed on; you decide and send anew.")
    begin(dragana, NEXT_STEP)
    answer(dragana, "Šta dalje", "upućuje se drugoj službi")
    press(dragana, "Record")
    sees(dragana, "Recorded: %(act)s")


def test_silence_goes_up_and_says_nothing_of_the_boy(sign_in: Newcomer, clock: Clock) -> None:
    at = timezone.now()
    case = boy_in_care(at)
    justified(case, at)
    referred(case, LEGAL_AID, at, urgency="neodlozno")
    clock.shift(timedelta(days=3))
    catch_up(at=timezone.now())
    tell_what_is_due(at=timezone.now())
    ruza, kosta = sign_in("ruza-rukovodilac"), sign_in("kosta-koordinator")
    sees_text(section(ruza, "What came up to you"), NEXT_STEP)
    sees_text(section(kosta, "What came up to you"), "Potvrda prijema")
    for told in (case.code, FIRST_NAME):
        assert told not in kosta.content()
    expect(duty(sign_in("dragana-dezurna"), NEXT_STEP)).to_be_visible()


def test_a_no_reaches_whoever_read_it_and_the_fields_are_gone(sign_in: Newcomer) -> None:
    at = timezone.now()
    case = boy_in_care(at)
    appoint(case, at)
    consented(case, at)
    referral = referred(case, LEGAL_AID, at)
    answered(referral, "accepted", "nada-savetnica", at)
    nada = sign_in("nada-savetnica", width=375)
    nada.goto(referral_path(referral))
    sees_text(nada, FIRST_NAME)

    stefan = sign_in("stefan-staratelj")
    stefan.goto(case_path(case, "case_sharing"))
    press(stefan, "Withdraw the consent")
    sees(stefan, "The recipients are told, and owe a receipt.")
    press(stefan, "Withdraw the consent")
    sees(stefan, "Nothing may be shared from this case.")

    nada.reload()
    sees(nada, "The sender has withdrawn this referral. What was shared is closed.")
    assert FIRST_NAME not in nada.content()
    begin(nada, TOLD)
    press(nada, "Record")
    sees(nada, "Recorded: %(act)s")


def test_an_association_without_account_answers_on_a_page_of_its_own(
    sign_in: Newcomer, newcomer: Newcomer
) -> None:
    at = timezone.now()
    case = boy_in_care(at)
    justified(case, at)
    referral = referred(case, PLAY, at)
    dragana = sign_in("dragana-dezurna")
    dragana.goto(referral_path(referral))
    press(dragana, "Make a page with a code")
    address, code = dragana.locator(".code-line").all_inner_texts()

    guest = newcomer(width=375)
    guest.goto(urlsplit(address).path)
    assert FIRST_NAME not in guest.content()
    for tried in (f"{(int(code) + 1) % 10**6:06d}", code):
        write(guest, "Code", tried)
        press(guest, "Open")
    sees_text(guest, "15")
    write(guest, "Who answers", "Sintetička Igraonica, koordinatorka")
    answer(guest, "Your answer", "We accept")
    press(guest, "Send the answer")
    is_at(guest, "Thank you, your answer was sent")

    again = guest.goto(urlsplit(address).path)
    assert again is not None
    assert again.status == 404
    dragana.goto(referral_path(referral))
    expect(dragana.locator(".task", has_text="Sintetička Igraonica")).to_be_visible()


def test_police_see_only_what_is_addressed_to_them(sign_in: Newcomer) -> None:
    at = timezone.now()
    case = boy_in_care(at)
    justified(case, at)
    referral = referred(case, LEGAL_AID, at)
    petar = sign_in("petar-policija")
    for path in (
        case_path(case),
        case_path(case, "case_referrals"),
        case_path(case, "case_sharing"),
        referral_path(referral),
        reverse("coordination:referral_list"),
    ):
        answer_ = petar.goto(path)
        assert answer_ is not None
        assert referral.number not in petar.content()
        assert case.code not in petar.content()
        assert FIRST_NAME not in petar.content()
    petar.goto("/")
    petar.locator("#search").fill(case.code)
    petar.keyboard.press("Enter")
    petar.wait_for_load_state()
    expect(petar.locator(f"a[href='{case_path(case)}']")).to_have_count(0)
