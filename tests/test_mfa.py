"""P15: a password alone never reaches a page, whatever the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from spona.accounts.models import Membership
from spona.accounts.tests.factories import PASSWORD, MembershipFactory, person, signed_in
from spona.base.middleware import SecondFactorMiddleware

pytestmark = pytest.mark.django_db
SET_UP = "/accounts/second-factor/set-up/"
CODE = "/accounts/second-factor/code/"
CONFIRM = "/accounts/second-factor/confirm/"
INSIDE = "/accounts/people/"
EXAMPLES = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000000"}


@pytest.fixture(autouse=True)
def fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def worker() -> Membership:
    return person("head_of_service")


@pytest.fixture
def secret(worker: Membership) -> str:
    made: str = generate_totp_secret()
    TOTP.activate(worker.user, made)
    return made


def _sign_in(worker: Membership, client: Client, password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": worker.user.email, "password": password})


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def _addresses(
    patterns: list[URLPattern | URLResolver], path: str = "", name: str = ""
) -> Iterator[tuple[str, str]]:
    """Every address of the project with an example of each part, and its name."""
    for one in patterns:
        if isinstance(one, URLResolver):
            space = f"{name}{one.namespace}:" if one.namespace else name
            yield from _addresses(one.url_patterns, path + _example(one), space)
        else:
            yield path + _example(one), f"{name}{one.name}"


def _example(one: Any) -> str:
    route = str(one.pattern)
    if route.startswith("^"):
        return "password/reset/key/x-y-z/"
    for name, converter in one.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        route = route.replace(f"<{kind}:{name}>", EXAMPLES.get(kind, "x"))
    return route


ADDRESSES = sorted(set(_addresses(get_resolver().url_patterns)))


def test_with_a_password_alone_every_page_leads_to_the_second_factor(worker: Membership) -> None:
    client = Client()
    client.force_login(worker.user)
    reached = [
        path
        for path, name in ADDRESSES
        if name not in SecondFactorMiddleware.OPEN
        for answer in (client.get(f"/{path}"), client.post(f"/{path}"))
        if (answer.status_code, answer.headers.get("Location")) != (302, SET_UP)
    ]
    assert len(ADDRESSES) > 30
    assert reached == []


def test_the_open_pages_exist_and_are_about_signing_in(worker: Membership) -> None:
    known = {name for _, name in ADDRESSES}
    assert known >= SecondFactorMiddleware.OPEN
    assert all(
        name == "set_language"
        or name.startswith(("account_", "mfa_", "accounts:invitation_accept"))
        for name in SecondFactorMiddleware.OPEN
    )


def test_signing_in_for_the_first_time_leads_to_setting_up_and_then_inside(
    worker: Membership,
) -> None:
    client = Client()
    _sign_in(worker, client)
    assert client.get(INSIDE).headers["Location"] == SET_UP
    client.get(SET_UP)
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302
    client.get(SET_UP)
    wrong = client.post(SET_UP, {"code": "000000"})
    assert wrong.status_code == 200
    assert not Authenticator.objects.exists()
    done = client.post(SET_UP, {"code": _code(client.session["mfa.totp.secret"])})
    assert done.headers["Location"] == "/accounts/second-factor/recovery/"
    assert client.get(done.headers["Location"]).status_code == 200
    assert client.get(INSIDE).status_code == 200


def test_a_session_from_before_the_second_factor_does_not_come_inside(worker: Membership) -> None:
    """Somebody who knew the password sat waiting until the owner set up the telephone."""
    waiting = Client()
    _sign_in(worker, waiting)
    TOTP.activate(worker.user, generate_totp_secret())
    assert waiting.get(INSIDE).headers["Location"].startswith(CONFIRM)
    password = waiting.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert password.headers["Location"].startswith(CONFIRM)
    assert waiting.get(INSIDE).headers["Location"].startswith(CONFIRM)
    assert waiting.get(SET_UP).status_code == 302
    assert waiting.post("/accounts/second-factor/replace/").headers["Location"].startswith(CONFIRM)


def test_setting_up_signs_out_whoever_waited_elsewhere(worker: Membership) -> None:
    waiting, owner = Client(), Client()
    _sign_in(worker, waiting)
    _sign_in(worker, owner)
    owner.post("/accounts/reauthenticate/", {"password": PASSWORD})
    owner.get(SET_UP)
    owner.post(SET_UP, {"code": _code(owner.session["mfa.totp.secret"])})
    assert "_auth_user_id" not in waiting.session
    assert UserSession.objects.filter(user=worker.user).count() == 1


def test_the_password_is_asked_first_and_then_the_code(worker: Membership, secret: str) -> None:
    client = Client()
    assert _sign_in(worker, client).headers["Location"] == CODE
    assert "_auth_user_id" not in client.session
    assert client.get(INSIDE).headers["Location"].startswith("/accounts/login/")
    assert client.get(CODE).status_code == 200
    assert client.post(CODE, {"code": "000000"}).status_code == 200
    assert "_auth_user_id" not in client.session
    client.post(CODE, {"code": _code(secret)})
    assert client.get(INSIDE).status_code == 200


def test_the_same_code_does_not_work_twice(worker: Membership, secret: str) -> None:
    code = _code(secret)
    first, second = Client(), Client()
    for client in (first, second):
        _sign_in(worker, client)
        client.post(CODE, {"code": code})
    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_a_recovery_code_opens_the_door_once(worker: Membership, secret: str) -> None:
    code = RecoveryCodes.activate(worker.user).get_unused_codes()[0]
    inside = []
    for _ in range(2):
        client = Client()
        _sign_in(worker, client)
        client.post(CODE, {"code": code})
        inside.append(client.get(INSIDE).status_code == 200)
    assert inside == [True, False]


def test_codes_cannot_be_guessed_without_end(worker: Membership, secret: str) -> None:
    client = Client()
    _sign_in(worker, client)
    for guess in range(12):
        client.post(CODE, {"code": f"{guess:06}"})
    client.post(CODE, {"code": _code(secret)})
    assert "_auth_user_id" not in client.session


def test_recovery_codes_alone_are_no_second_factor(worker: Membership) -> None:
    RecoveryCodes.activate(worker.user)
    client = Client()
    _sign_in(worker, client)
    assert client.get(INSIDE).headers["Location"] == SET_UP


def test_a_new_telephone_closes_everything_until_it_is_set_up(worker: Membership) -> None:
    client = signed_in(worker)
    assert client.get("/accounts/second-factor/replace/").status_code == 200
    replaced = client.post("/accounts/second-factor/replace/")
    assert replaced.headers["Location"] == SET_UP
    assert client.get(INSIDE).headers["Location"] == SET_UP
    assert client.get(SET_UP).status_code == 200
    client.post(SET_UP, {"code": _code(client.session["mfa.totp.secret"])})
    assert client.get(INSIDE).status_code == 200


def test_a_forgotten_password_is_renewed_and_the_code_is_asked_all_the_same(
    worker: Membership, secret: str
) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": worker.user.email})
    body = str(mail.outbox[-1].body)
    assert not any(word in body.lower() for word in ("child", "migrant", "detet", "deca"))
    link = next(word for word in body.split() if word.startswith("http://testserver"))
    form = client.get(link.removeprefix("http://testserver")).headers["Location"]
    assert client.get(form).status_code == 200
    new = "sasvim nova spajalica"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert "_auth_user_id" not in client.session
    assert _sign_in(worker, client, new).headers["Location"] == CODE
    assert "_auth_user_id" not in client.session


def test_an_address_without_an_account_learns_nothing(worker: Membership) -> None:
    answers = [
        Client().post("/accounts/password/reset/", {"email": email})
        for email in (worker.user.email, "nobody@primer.invalid")
    ]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert len(mail.outbox) == 1


def test_nobody_signs_up(client: Client) -> None:
    typed = {"email": "new@primer.invalid", "password1": PASSWORD}
    for answer in (client.get("/accounts/signup/"), client.post("/accounts/signup/", typed)):
        assert answer.templates[0].name == "account/signup_closed.html"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("state", ["ended", "suspended"])
def test_who_left_or_whose_organisation_is_suspended_stays_outside(state: str) -> None:
    gone = MembershipFactory.create(**{state: True})
    client = Client()
    assert _sign_in(gone, client).headers["Location"] == "/accounts/inactive/"
    assert client.get("/accounts/inactive/").status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/email/",
        "/accounts/confirm-email/",
        "/accounts/password/set/",
        "/accounts/login/code/confirm/",
        "/accounts/2fa/",
        "/accounts/second-factor/recovery/download/",
    ],
)
def test_pages_of_the_library_that_spona_does_not_use_are_not_there(
    client: Client, path: str
) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/login/",
        "/accounts/logout/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/password/reset/key/x-y-z/",
        "/accounts/password/reset/key/done/",
        "/accounts/inactive/",
        "/accounts/signup/",
    ],
)
def test_the_pages_at_the_door_are_ours_and_in_three_scripts(client: Client, path: str) -> None:
    for language in ("sr-latn", "sr", "en"):
        client.cookies["language"] = language
        answer = client.get(path, follow=True)
        assert answer.status_code == 200
        assert b"<main" in answer.content


def test_the_pages_about_signing_in_open_for_somebody_inside(worker: Membership) -> None:
    client = signed_in(worker)
    RecoveryCodes.activate(worker.user)
    for path in (
        "second-factor/",
        "second-factor/recovery/",
        "second-factor/recovery/new/",
        "second-factor/confirm/",
        "password/change/",
        "sessions/",
        "logout/",
    ):
        answer = client.get(f"/accounts/{path}")
        assert answer.status_code == 200, path
        assert b"<main" in answer.content
    renewed = client.post("/accounts/second-factor/recovery/new/")
    assert renewed.headers["Location"] == "/accounts/second-factor/recovery/"


def test_changing_the_password_ends_the_other_sessions(worker: Membership) -> None:
    here, there = signed_in(worker), signed_in(worker)
    new = "sasvim nova spajalica"
    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert there.get(INSIDE).status_code == 302
    worker.user.refresh_from_db()
    assert worker.user.check_password(new)
