"""Signing in as one of the invented people. Nothing here works outside the demo and the tests."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import login, logout
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from demo.people import load_staff
from demo.persons import SignIn
from spona.accounts import roles
from spona.accounts.models import Membership, User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GOOD_FOR = timedelta(days=7)


class Face(NamedTuple):
    """A person whom one can be, as the page shows them."""

    name: str
    roles: str
    organisation: str
    href: str


def sign_in_path(key: str) -> str:
    """The link, without a host, that signs in as the person with this key of staff.yaml."""
    return reverse("demo:sign_in", args=[key, _signer().sign(key).partition(":")[2]])


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    _only_in_the_demo()
    context = {"main": _faces(SignIn.MAIN), "further": _faces(SignIn.FURTHER)}
    return render(request, "demo/index.html", context)


@require_GET
def sign_in(request: HttpRequest, key: str, token: str) -> HttpResponse:
    """A link that is false, too old, or of somebody who is not invented leads nowhere."""
    _only_in_the_demo()
    try:
        _signer().unsign(f"{key}:{token}", max_age=GOOD_FOR)
    except BadSignature as error:
        raise Http404 from error
    user = _invented(key)
    logout(request)
    login(request, user, backend=BACKEND)
    return redirect("/")


def _only_in_the_demo() -> None:
    if not settings.LOCAL:
        raise Http404


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="demo.sign_in")


def _invented(key: str) -> User:
    staff = load_staff().get(key)
    people = User.objects.filter(email=staff.email, synthetic=True) if staff else None
    user = people.first() if people is not None else None
    if user is None or not user.memberships.active().exists():
        raise Http404
    return user


def _faces(kind: SignIn) -> list[Face]:
    """In the order of staff.yaml; who is not in the database yet is left out."""
    staff = {one.email: key for key, one in load_staff().items() if one.sign_in is kind}
    found = {
        member.user.email: member
        for member in Membership.objects.active()
        .filter(user__email__in=staff, user__synthetic=True)
        .select_related("user", "organisation")
    }
    return [_face(found[email], key) for email, key in staff.items() if email in found]


def _face(member: Membership, key: str) -> Face:
    return Face(
        name=str(member.user),
        roles=", ".join(roles.names(member.roles)),
        organisation=str(member.organisation),
        href=sign_in_path(key),
    )
