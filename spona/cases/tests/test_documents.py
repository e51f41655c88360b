"""Documents: where they lie, and what is left of a transaction that broke."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from spona.accounts.models import Membership
from spona.accounts.tests.factories import person
from spona.base.errors import NotAllowed, Refused
from spona.base.tests.files import pdf
from spona.base.uploads import BadFile
from spona.cases import actions, tasks
from spona.cases.models import Case, Document
from spona.cases.tests.factories import NOW, access, acting, case, close

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept_aside(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def add(to: Case, who: Membership, content: bytes = b"", **said: Any) -> Document:
    upload = SimpleUploadedFile("rešenje.pdf", content or pdf())
    fields: dict[str, Any] = {"title": "Rešenje", "kind": "decision"} | said
    return actions.document_add(case=to, by=who.actor(), at=NOW, upload=upload, **fields)


def test_a_document_lies_under_a_random_name_that_only_we_read() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        kept = add(opened, owner, registry_number="560-1/26")
    assert kept.path.read_bytes() == pdf() == kept.intact()
    assert kept.path.stat().st_mode & 0o777 == 0o600
    assert "rešenje" not in kept.path.name
    assert (kept.original_name, kept.size) == ("rešenje.pdf", len(pdf()))


def test_a_partner_adds_a_document_and_a_stranger_does_not() -> None:
    owner, partner, stranger = person("duty_officer"), person("health_worker"), person("guardian")
    opened = case(owner)
    access(opened, partner.organisation, partner.user)
    with acting(partner):
        assert add(opened, partner).uploaded_by_name == partner.user.name
    with acting(stranger), pytest.raises(NotAllowed):
        add(opened, stranger)
    assert len(list(Document.folder().iterdir())) == 1


def test_a_bad_file_or_one_without_a_title_leaves_nothing_behind() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    with acting(owner):
        with pytest.raises(BadFile):
            add(opened, owner, b"<html>")
        with pytest.raises(Refused, match="title"):
            add(opened, owner, title=" ")
        close(opened, owner)
        with pytest.raises(Refused, match="closed"):
            add(opened, owner)
    assert not Document.folder().exists()


def test_a_file_whose_row_was_rolled_back_is_swept_after_a_day() -> None:
    owner = person("duty_officer")
    opened = case(owner)
    assert tasks.sweep_documents(NOW) == 0  # no folder yet
    with acting(owner):
        kept = add(opened, owner)
    lost = Document.folder() / "lost"
    lost.write_bytes(b"x")
    for path in (kept.path, lost):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert tasks.sweep_documents(NOW + timedelta(hours=23)) == 0
    assert tasks.sweep_documents(NOW + timedelta(hours=25)) == 1
    assert kept.path.exists()
    assert not lost.exists()
