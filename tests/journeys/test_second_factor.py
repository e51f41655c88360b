"""Nobody gets in without an invitation and a code from a telephone."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from playwright.sync_api import expect

from tests.journeys.conftest import Newcomer
from tests.journeys.steps import is_at, press, sees, words, write

PASSWORD = "sintetička lozinka za test 17"
PERIOD = 30  # seconds that a code is good for


def test_an_invited_colleague_sets_up_a_telephone(
    sign_in: Newcomer, newcomer: Newcomer, settings: Any
) -> None:
    ruza = sign_in("ruza-rukovodilac")
    ruza.goto("/accounts/people/")
    press(ruza, "Invite somebody")
    write(ruza, "Name and surname", "Nova Dežurna-Demo")
    write(ruza, "E-mail at work", "nova.dezurna@demo.spona.example")
    ruza.get_by_role("checkbox", name=words("Duty officer")).check()
    ruza.locator("main button[type=submit]").click()
    is_at(ruza, "People")
    link = re.search(r"https?://\S+", str(mail.outbox[0].body))
    assert link

    settings.SECOND_FACTOR_OBLIGATORY = True
    nova = newcomer(width=375)
    nova.goto(link.group())
    write(nova, "Password", PASSWORD)
    write(nova, "The same password again", PASSWORD)
    press(nova, "Continue")
    is_at(nova, "One more step: your telephone")
    nova.goto("/")
    is_at(nova, "One more step: your telephone")
    secret = nova.locator(".code").inner_text()
    nova.locator("main input[name=code]").fill(_code(secret))
    press(nova, "Finish")
    nova.goto("/")
    is_at(nova, "My duties")
    sees(nova, "Nothing is late and nothing is due today.")
    expect(nova.get_by_role("banner")).to_contain_text("CSR Vranje")


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD)))
