"""Small pages of a case, as a browser sees them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person, signed_in
from spona.audit.models import Event
from spona.base import rls
from spona.base.tests.files import jpeg, pdf
from spona.cases import actions
from spona.cases.models import Conference, Document, Need, Note, NoteVersion
from spona.cases.tests.factories import NOW, access, acting, case, close

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _kept_aside(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def browser(who: Membership) -> Client:
    client = signed_in(who)
    client.cookies["language"] = "en"
    return client


class World:
    """A case with one thing of each kind, and those who look at it."""

    def __init__(self) -> None:
        self.owner = person("duty_officer")
        self.case = case(self.owner)
        by = self.owner.actor()
        with acting(self.owner):
            self.note = actions.note_write(case=self.case, by=by, at=NOW, text="Spava.")
            self.need = actions.need_add(
                case=self.case, by=by, at=NOW, system="own", code="food", source="said"
            )
            self.conference = actions.conference_plan(case=self.case, by=by, at=NOW, planned_at=NOW)
            self.document = actions.document_add(
                case=self.case,
                by=by,
                at=NOW,
                title="Rešenje",
                kind="decision",
                upload=SimpleUploadedFile("rešenje.pdf", pdf()),
            )

    def addresses(self, shift: int = 0) -> dict[str, str]:
        """Every address; `shift` makes them those of rows that do not exist."""
        of_case = {"case_id": self.case.pk + shift}
        rows = {
            "document_detail": self.document.pk,
            "note_correct": self.note.pk,
            "need_resolve": self.need.pk,
        }
        hold = {"pk": self.conference.pk + shift}
        return {
            "conference_hold": reverse("coordination:conference_hold", kwargs=hold),
            **{
                name: reverse(f"cases:{name}", kwargs=of_case)
                for name in ("document_add", "note_add", "need_add", "conference_new")
            },
            **{
                name: reverse(f"cases:{name}", kwargs={"pk": pk + shift})
                for name, pk in rows.items()
            },
        }


def test_hidden_and_absent_are_one_page() -> None:
    world = World()
    client = browser(person("duty_officer"))
    for name, hidden in world.addresses().items():
        absent = world.addresses(shift=100_000)[name]
        for ask in (client.get, client.post):
            if (name, ask) in {("need_resolve", client.get), ("document_detail", client.post)}:
                continue
            answers = [ask(address) for address in (hidden, absent)]
            assert [answer.status_code for answer in answers] == [404, 404], name
            assert answers[0].content == answers[1].content, name


def test_who_is_not_signed_in_is_sent_to_the_door() -> None:
    for address in World().addresses().values():
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "/accounts/" in answer.headers["Location"]


def test_a_partner_writes_and_does_not_decide() -> None:
    world, partner = World(), person("duty_officer")
    access(world.case, partner.organisation)
    client, where = browser(partner), world.addresses()
    assert client.get(where["note_add"]).status_code == 200
    assert client.get(where["document_detail"]).status_code == 200
    for name in ("conference_new", "conference_hold", "note_correct"):
        assert client.get(where[name]).status_code == 404


@pytest.mark.parametrize(
    "name",
    ["document_add", "note_add", "note_correct", "need_add", "conference_new", "conference_hold"],
)
def test_each_page_opens_for_the_owner(name: str) -> None:
    world = World()
    answer = browser(world.owner).get(world.addresses()[name], {"next": "/cases/7/"})
    assert answer.status_code == 200
    assert world.case.code in answer.content.decode()
    assert 'value="/cases/7/"' in answer.content.decode()
    assert "Sintetički" not in answer.content.decode()


def _seen(who: Membership, count: Callable[[], int]) -> int:
    with rls.acting(who.actor(), NOW):
        return count()


def test_a_note_is_written_and_one_goes_back() -> None:
    world = World()
    answer = browser(world.owner).post(
        world.addresses()["note_add"], {"text": "Nova.", "next": "/cases/7/"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cases/7/")
    assert _seen(world.owner, Note.objects.count) == 2


@pytest.mark.parametrize("address", ["https://example.org/", "//example.org/", "javascript:1"])
def test_nobody_is_sent_to_a_foreign_address(address: str) -> None:
    world = World()
    answer = browser(world.owner).post(
        world.addresses()["note_add"], {"text": "Nova.", "next": address}
    )
    assert answer.headers["Location"] == "/"


def test_a_stale_correction_keeps_what_was_typed() -> None:
    world = World()
    client, address = browser(world.owner), world.addresses()["note_correct"]
    assert client.post(address, {"text": "Prva.", "row_version": 1}).status_code == 302
    answer = client.post(address, {"text": "Druga ispravka.", "row_version": 1})
    assert answer.status_code == 422
    assert "Druga ispravka." in answer.content.decode()
    assert "changed this in the meantime" in answer.content.decode()
    assert _seen(world.owner, NoteVersion.objects.count) == 1


def test_a_need_is_added_once_and_met() -> None:
    world = World()
    client, where = browser(world.owner), world.addresses()
    said = {"need": "own:sleep", "source": "said"}
    assert client.post(where["need_add"], said).status_code == 302
    again = client.post(where["need_add"], said)
    assert (again.status_code, "already in the case" in again.content.decode()) == (422, True)
    yesterday = {"expires_on": "2026-11-23"}
    assert client.post(where["need_add"], said | yesterday).status_code == 422
    assert client.post(where["need_resolve"]).status_code == 302
    twice = client.post(where["need_resolve"])
    assert (twice.status_code, "already been met" in twice.content.decode()) == (422, True)
    assert _seen(world.owner, Need.objects.filter(resolved_at=None).count) == 1


def test_a_worker_whose_role_does_not_write_meets_no_need() -> None:
    world, director = World(), person("director")
    access(world.case, director.organisation)
    assert browser(director).post(world.addresses()["need_resolve"]).status_code == 404


def test_a_conference_is_planned_and_held_in_the_browser() -> None:
    world = World()
    client, where = browser(world.owner), world.addresses()
    who = {"who-TOTAL_FORMS": 2, "who-INITIAL_FORMS": 0, "who-0-name": "Sintetička Vera"}
    planned = {"planned_at": "2026-11-25T10:00"}
    assert client.post(where["conference_new"], planned | who).status_code == 302
    held = {
        "held_at": "2026-11-23T20:30",
        "minutes": "Zapisnik.",
        "decided-TOTAL_FORMS": 1,
        "decided-INITIAL_FORMS": 0,
        "decided-0-text": "Škola",
        "decided-0-due_on": "2026-12-01",
    }
    assert client.post(where["conference_hold"], held).status_code == 302
    twice = client.post(where["conference_hold"], held)
    assert (twice.status_code, "already kept" in twice.content.decode()) == (422, True)
    with acting(world.owner):
        later = Conference.objects.get(held_at=None)
        assert later.participants.get().name == "Sintetička Vera"
        assert Conference.objects.exclude(held_at=None).get().decisions.get().text == "Škola"


def test_a_participant_without_a_name_is_asked_for_one() -> None:
    world = World()
    who = {"who-TOTAL_FORMS": 1, "who-INITIAL_FORMS": 0, "who-0-function": "psiholog"}
    answer = browser(world.owner).post(
        world.addresses()["conference_new"], {"planned_at": "2026-11-25T10:00"} | who
    )
    assert answer.status_code == 422
    assert "psiholog" in answer.content.decode()


# --- documents


def _add(client: Client, world: World, name: str, content: bytes) -> Any:
    upload = SimpleUploadedFile(name, content)
    said = {"title": "Potvrda", "kind": "certificate", "upload": upload}
    return client.post(world.addresses()["document_add"], said)


def test_a_photograph_is_kept_without_its_place_and_served_as_a_download() -> None:
    world = World()
    client = browser(world.owner)
    assert _add(client, world, "slika.jpg", jpeg(place=True)).status_code == 302
    with acting(world.owner):
        kept = Document.objects.latest("pk")
    answer = client.get(reverse("cases:document_detail", kwargs={"pk": kept.pk}))
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="slika.jpg"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in answer.headers["Cache-Control"]
    assert b"Exif" not in answer.content
    assert len(answer.content) == kept.size


def test_a_download_is_in_the_log() -> None:
    world = World()
    browser(world.owner).get(world.addresses()["document_detail"])
    with acting(world.owner):
        read = Event.objects.of_case(world.case.pk).get(verb="document_read")
    assert (read.kind, read.subject_ids) == ("read", [world.document.pk])


@pytest.mark.parametrize(
    ("name", "content"), [("slika.svg", b"<svg/>"), ("slika.pdf", b"<html>"), ("prazno.pdf", b"")]
)
def test_a_harmful_file_is_refused_in_one_sentence(name: str, content: bytes) -> None:
    world = World()
    answer = _add(browser(world.owner), world, name, content)
    assert answer.status_code == 422
    assert "Potvrda" in answer.content.decode()
    assert len(list(Document.folder().iterdir())) == 1


def test_a_changed_or_lost_file_is_not_handed_out() -> None:
    world = World()
    client, address = browser(world.owner), world.addresses()["document_detail"]
    world.document.path.write_bytes(b"changed")
    assert client.get(address).status_code == 404
    world.document.path.unlink()
    assert client.get(address).status_code == 404


def test_ended_access_closes_every_page_at_once() -> None:
    world, partner = World(), person("duty_officer")
    access(world.case, partner.organisation, until=NOW + timedelta(hours=1))
    client, address = browser(partner), world.addresses()["document_detail"]
    assert client.get(address).status_code == 200
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert client.get(address).status_code == 404


def test_a_closed_case_takes_no_note_and_says_so() -> None:
    world = World()
    with acting(world.owner):
        close(world.case, world.owner)
    answer = browser(world.owner).post(world.addresses()["note_add"], {"text": "Kasno."})
    assert (answer.status_code, "Kasno." in answer.content.decode()) == (422, True)
