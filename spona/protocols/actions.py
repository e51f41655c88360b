"""Publish a rule book. What is published never changes; a mended book is a new version."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.conduct import reader
from spona.protocols.models import Version, VersionText


class AlreadyPublished(Exception):  # noqa: N818 - a state, not an error
    """This version number belongs to another text."""


@transaction.atomic
def version_publish(*, text: str, by: Actor, at: datetime) -> tuple[Version, bool]:
    """Publish the rule book written in `text`; returns it and whether it is new.

    Raises `BookFaults` where the book is faulty and `AlreadyPublished` where its version number
    was given to another text.
    """
    book = reader.read_text(text)
    known = Version.objects.filter(protocol=book.id, version=book.version).first()
    if known and known.digest != book.digest:
        raise AlreadyPublished(
            f"{known} is published with another text. Give the changed book a new version number."
        )
    if known:
        return known, False
    version = Version.objects.create(
        protocol=book.id,
        version=book.version,
        digest=book.digest,
        published_at=at,
        published_by=by.name,
    )
    VersionText.objects.create(version=version, text=text)
    audit.record("version_publish", version, by=by, at=at, detail={"digest": book.digest})
    return version, True
