"""Notes, and their corrections: an earlier text is kept, never overwritten."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.models import Case, Note, NoteVersion

NOTHING_WRITTEN = _("Write the text of the note.")


@transaction.atomic
def note_write(*, case: Case, by: Actor, at: datetime, text: str) -> Note:
    """Write a note that everybody who sees the case reads."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_work_in)
    if not text.strip():
        raise Refused(NOTHING_WRITTEN)
    note = Note.objects.create(
        case=current,
        text=text,
        written_at=at,
        author_id=by.user_id,
        author_name=by.name,
        author_organisation=by.organisation_name,
    )
    audit.record("note_write", note, by=by, at=at, case_id=current.pk)
    return note


@transaction.atomic
def note_correct(*, note: Note, by: Actor, at: datetime, row_version: int, text: str) -> Note:
    """Put another text in place of one's own, also after the case is closed.

    Raises `Stale` if the note was corrected since `row_version` was shown.
    """
    gate.locked(note.case_id, by=by, at=at, may=permissions.can_work_in)
    current = Note.objects.visible_to(by, at).filter(pk=note.pk).first()
    if current is None or not permissions.can_correct_note(by, current.author_id):
        raise NotAllowed
    if current.row_version != row_version:
        raise Stale
    if not text.strip():
        raise Refused(NOTHING_WRITTEN)
    _keep(current, by=by, at=at)
    current.text = text
    current.corrected_at = at
    current.row_version += 1
    current.save(force_update=True)
    audit.record("note_correct", current, by=by, at=at, case_id=current.case_id)
    return current


def _keep(note: Note, *, by: Actor, at: datetime) -> None:
    NoteVersion.objects.create(
        case_id=note.case_id,
        note=note,
        number=note.row_version,
        text=note.text,
        replaced_at=at,
        replaced_by_id=by.user_id,
        replaced_by_name=by.name,
    )
