"""Pages of accounts as people meet them: it works, mistakes are said, strangers get 404."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from spona.accounts.models import DutyShift, Invitation, Membership, User
from spona.accounts.tests.factories import PASSWORD, MembershipFactory, person, signed_in

pytestmark = pytest.mark.django_db
GOOD = {"name": "Sintetička Nova", "email": "nova@primer.invalid", "roles": ["case_manager"]}


@pytest.fixture(autouse=True)
def in_english(settings: Any) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def director() -> Membership:
    return person("director")


@pytest.fixture
def desk(director: Membership) -> Client:
    return signed_in(director)


def _text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


@pytest.fixture
def link(desk: Client, django_capture_on_commit_callbacks: Any) -> str:
    with django_capture_on_commit_callbacks(execute=True):
        assert desk.post("/accounts/invitations/new/", GOOD).status_code == 302
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_director_sees_colleagues_and_open_invitations(
    director: Membership, desk: Client, link: str
) -> None:
    person("case_manager", director.organisation, user__name="Sintetička Koleginica")
    page = _text(desk, "/accounts/people/")
    assert "Sintetička Koleginica" in page
    assert "nova@primer.invalid" in page


def test_a_case_manager_sees_colleagues_but_no_invitations(
    director: Membership, desk: Client, link: str
) -> None:
    page = _text(signed_in(person("case_manager", director.organisation)), "/accounts/people/")
    assert director.user.name in page
    assert "nova@primer.invalid" not in page


def test_a_case_manager_is_refused_where_only_a_director_may(director: Membership) -> None:
    worker = person("case_manager", director.organisation)
    client = signed_in(worker)
    for path in (
        "/accounts/invitations/new/",
        f"/accounts/people/{director.pk}/roles/",
        f"/accounts/people/{director.pk}/end/",
        "/accounts/roster/new/",
    ):
        assert client.get(path).status_code == 403, path


def test_a_stranger_gets_the_same_404_as_for_what_does_not_exist(
    director: Membership, desk: Client, link: str
) -> None:
    shift = _shift(director)
    stranger = signed_in(person("director"))
    invitation = Invitation.objects.get()
    for path, number in {
        "people/{}/roles/": director.pk,
        "people/{}/end/": director.pk,
        "invitations/{}/withdraw/": invitation.pk,
        "roster/{}/substitute/": shift.pk,
        "roster/{}/cancel/": shift.pk,
    }.items():
        hidden = stranger.post("/accounts/" + path.format(number))
        absent = stranger.post("/accounts/" + path.format(999_999))
        assert hidden.status_code == absent.status_code == 404, path
        assert len(hidden.content) == len(absent.content)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "nova"}, "valid email address"),
        ({"email": ""}, "Without an e-mail address nobody can be invited."),
        ({"name": ""}, "Write the person&#x27;s name and surname."),
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["emperor"]}, "emperor"),
        ({"roles": ["police_officer"]}, "police_officer"),
    ],
)
def test_a_wrong_invitation_says_what_is_wrong_and_keeps_what_was_typed(
    desk: Client, wrong: dict[str, object], sentence: str
) -> None:
    response = desk.post("/accounts/invitations/new/", GOOD | wrong)
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    kept = GOOD | wrong
    assert str(kept["name"]) in page
    assert str(kept["email"]) in page
    assert not Invitation.objects.exists()


def test_a_colleague_is_not_invited_twice(director: Membership, desk: Client) -> None:
    again = GOOD | {"email": director.user.email.upper()}
    page = desk.post("/accounts/invitations/new/", again).content.decode()
    assert "already with your organisation" in page


def test_an_invited_person_chooses_a_password_and_must_set_up_the_telephone(link: str) -> None:
    guest = Client()
    assert "Sintetička Nova" in _text(guest, link)
    response = guest.post(
        link, {"name": "Sintetička Nova", "password": PASSWORD, "again": PASSWORD}
    )
    assert response.headers["Location"] == "/accounts/second-factor/set-up/"
    assert guest.get("/accounts/people/").headers["Location"] == response.headers["Location"]
    assert "data:image/svg" in _text(guest, response.headers["Location"])


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("kratka", "kratka", "too short"),
        ("password1234", "password1234", "too common"),
        (PASSWORD, PASSWORD + "x", "The two passwords are not the same."),
        ("", "", "Choose a password."),
    ],
)
def test_a_weak_or_mistyped_password_is_explained_and_the_name_is_kept(
    link: str, password: str, again: str, sentence: str
) -> None:
    typed = {"name": "Sintetička Druga", "password": password, "again": again}
    response = Client().post(link, typed)
    assert sentence in response.content.decode()
    assert "Sintetička Druga" in response.content.decode()
    assert not User.objects.filter(email=GOOD["email"]).exists()


def test_a_bad_link_gets_one_clear_sentence(desk: Client, link: str) -> None:
    unknown = Client().get("/accounts/invitations/open/nonsense/")
    assert unknown.status_code == 410
    assert "This invitation is not known here." in unknown.content.decode()
    desk.post(f"/accounts/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert "This invitation was withdrawn." in Client().get(link).content.decode()


def test_an_expired_invitation_says_so(link: str) -> None:
    Invitation.objects.update(expires_at=timezone.now())
    assert "older than three days" in Client().get(link).content.decode()


def test_a_person_with_an_account_signs_in_and_joins(link: str) -> None:
    known = person("case_manager", user__email=GOOD["email"])
    assert "You have an account already" in _text(Client(), link)
    client = signed_in(known)
    assert "Join" in _text(client, link)
    assert client.post(link.replace("open", "join")).status_code == 302
    assert known.user.memberships.active().count() == 2
    assert client.post(link.replace("open", "join")).status_code == 410


def test_an_invitation_is_not_shown_to_somebody_else_who_is_signed_in(link: str) -> None:
    assert "Somebody else is signed in" in _text(signed_in(person("guardian")), link)


def test_roles_are_changed_and_none_is_refused(director: Membership, desk: Client) -> None:
    worker = person("case_manager", director.organisation)
    path = f"/accounts/people/{worker.pk}/roles/"
    assert "checked" in _text(desk, path)
    assert "Choose at least one role." in desk.post(path, {"roles": []}).content.decode()
    assert desk.post(path, {"roles": ["duty_officer"]}).status_code == 302
    worker.refresh_from_db()
    assert worker.roles == ["duty_officer"]


def test_roles_are_not_changed_with_a_confirmation_from_this_morning(
    director: Membership, desk: Client
) -> None:
    worker = person("case_manager", director.organisation)
    session = desk.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0.0}]
    session.save()
    response = desk.get(f"/accounts/people/{worker.pk}/roles/")
    assert response.headers["Location"].startswith("/accounts/second-factor/confirm/?next=")


def test_a_colleague_who_left_is_signed_out_and_gone_from_the_list(
    director: Membership, desk: Client
) -> None:
    worker = person("case_manager", director.organisation, user__name="Sintetički Bivši")
    theirs = signed_in(worker)
    path = f"/accounts/people/{worker.pk}/end/"
    assert "Sintetički Bivši" in _text(desk, path)
    assert desk.post(path).status_code == 302
    assert "Sintetički Bivši" not in _text(desk, "/accounts/people/").split("<main")[1]
    assert theirs.get("/accounts/people/").headers["Location"].startswith("/accounts/login/")
    assert desk.post(path).status_code == 404


def test_one_chooses_among_the_own_organisations_only(director: Membership, desk: Client) -> None:
    second = MembershipFactory.create(user=director.user, roles=["guardian"])
    assert str(second.organisation) in _text(desk, "/accounts/organisation/")
    path, wanted = "/accounts/organisation/", {"organisation": second.organisation_id}
    assert desk.post(path, wanted).status_code == 302
    assert desk.session["organisation_id"] == second.organisation_id
    for wrong in (person("director").organisation_id, "x", ""):
        assert desk.post(path, {"organisation": wrong}).status_code == 404


def test_a_person_sees_and_ends_the_own_sessions(director: Membership, desk: Client) -> None:
    other = signed_in(director)
    assert "This device" in _text(desk, "/accounts/sessions/")
    assert desk.post("/accounts/sessions/end-others/").status_code == 302
    assert other.get("/accounts/sessions/").status_code == 302
    third = signed_in(director)
    number = third.session.session_key
    pk = director.user.usersession_set.get(session_key=number).pk  # type: ignore[attr-defined]
    assert signed_in(person("director")).post(f"/accounts/sessions/{pk}/end/").status_code == 404
    assert desk.post(f"/accounts/sessions/{pk}/end/").status_code == 302
    assert third.get("/accounts/sessions/").status_code == 302


def _shift(member: Membership, hours: int = 8) -> DutyShift:
    now = timezone.now()
    return DutyShift.objects.create(
        organisation=member.organisation,
        user=member.user,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=hours),
        phone="000 sintetički",
    )


def test_the_roster_shows_who_is_on_duty_and_when_nobody_is(
    director: Membership, desk: Client
) -> None:
    assert "Nobody is on duty now." in _text(desk, "/accounts/roster/")
    _shift(director)
    page = _text(desk, "/accounts/roster/?week=nonsense")
    assert "On duty now:" in page
    assert "000 sintetički" in page
    assert "Nobody is on duty in the coming seven days" in page
    assert _text(desk, "/accounts/roster/?week=2026-01-01")


def _typed(who: Membership, hours: int = 8) -> dict[str, object]:
    start = timezone.localtime()
    ends = start + timedelta(hours=hours)
    form = "%Y-%m-%dT%H:%M"
    return {
        "user": who.user_id,
        "starts_at": start.strftime(form),
        "ends_at": ends.strftime(form),
        "phone": "000 sintetički",
    }


def test_a_shift_is_planned_handed_over_and_removed(director: Membership, desk: Client) -> None:
    officer = person("duty_officer", director.organisation)
    assert desk.get("/accounts/roster/new/").status_code == 200
    assert desk.post("/accounts/roster/new/", _typed(officer)).status_code == 302
    shift = DutyShift.objects.get()
    path = f"/accounts/roster/{shift.pk}/substitute/"
    assert officer.user.name in _text(desk, path)
    handed_over = signed_in(officer).post(path, {"user": director.user_id, "phone": ""})
    assert handed_over.status_code == 302
    on_duty = DutyShift.objects.on_duty(director.organisation_id, timezone.now())
    assert on_duty == [director.user]
    assert "instead of" in _text(desk, "/accounts/roster/")
    assert desk.post(f"/accounts/roster/{shift.pk}/cancel/").status_code == 302
    assert not DutyShift.objects.standing().exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"user": ""}, "Choose who will be on duty."),
        ({"user": 999_999}, "This person is not with your organisation."),
        ({"starts_at": "yesterday"}, "Write the day and the time at which the shift begins."),
        ({"ends_at": ""}, "Say when the shift ends."),
        ({"ends_at": "2020-01-01T00:00"}, "The shift must end after it begins."),
        ({"ends_at": "2062-01-01T00:00"}, "A shift lasts a week at most."),
    ],
)
def test_a_wrong_shift_is_explained_and_what_was_typed_is_kept(
    director: Membership, desk: Client, wrong: dict[str, object], sentence: str
) -> None:
    page = desk.post("/accounts/roster/new/", _typed(director) | wrong).content.decode()
    assert sentence in page
    assert "000 sintetički" in page
    assert not DutyShift.objects.exists()


def test_nobody_is_on_duty_twice_at_once_or_stands_in_for_themselves(
    director: Membership, desk: Client
) -> None:
    shift = _shift(director)
    again = desk.post("/accounts/roster/new/", _typed(director)).content.decode()
    assert "This person is already on duty at that time." in again
    path = f"/accounts/roster/{shift.pk}/substitute/"
    own = desk.post(path, {"user": director.user_id, "phone": ""}).content.decode()
    assert "This person is already on duty at that time." in own
