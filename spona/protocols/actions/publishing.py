"""Publish a rule book. What is published never changes; a mended book is a new version."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused
from spona.conduct import reader
from spona.protocols import permissions
from spona.protocols.models import Draft, Version, VersionText


class AlreadyPublished(Exception):  # noqa: N818 - a state, not an error
    """This version number belongs to another text."""


@transaction.atomic
def version_publish(
    *, text: str, by: Actor, at: datetime, valid_from: date | None = None
) -> tuple[Version, bool]:
    """Publish the rule book written in `text`, in force at once or from a day on; returns it and
    whether it is new.

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
        valid_from=valid_from,
    )
    VersionText.objects.create(version=version, text=text)
    audit.record("version_publish", version, by=by, at=at, detail={"digest": book.digest})
    return version, True


@transaction.atomic
def draft_publish(*, draft: Draft, valid_from: date, by: Actor, at: datetime) -> Version:
    """A signed draft becomes a version that never changes and binds from a day on; objections that
    remain stay beside it. Raises `NotAllowed`, and `Refused` where it cannot be published."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if not permissions.can_publish(by):
        raise NotAllowed
    if locked.state != Draft.State.SIGNED or locked.signature is None:
        raise Refused(_("Only a book that a named lawyer has signed is published."))
    try:
        version, new = version_publish(text=locked.text, by=by, at=at, valid_from=valid_from)
    except AlreadyPublished:
        new = False
    if not new:
        raise Refused(
            _(
                "A book with this version number is published already. The author takes the "
                "signature back and gives the draft a new number."
            )
        )
    locked.state, locked.version = Draft.State.PUBLISHED, version
    locked.save(update_fields=["state", "version"])
    audit.record("draft_publish", locked, by=by, at=at, detail={"version": version.pk})
    return version
