"""A draft is begun, changed by the table or in its text, and a change is undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from spona.accounts.models import Organisation, User
from spona.audit import actions as audit
from spona.base.actor import Actor
from spona.base.errors import NotAllowed, Refused, Stale
from spona.conduct.editing import CannotEdit, Document
from spona.conduct.editing.document import hull
from spona.conduct.yamltree import Path, Unreadable
from spona.protocols import permissions
from spona.protocols.models import Draft, DraftRevision, Version
from spona.protocols.rules.reading import wording

EMPTY = """\
# Nothing here is law before a named lawyer has signed it.
id: {protocol}
version: "{version}"
title:
  sr-latn: {title}
  en: {title_en}

parties: {{}}

facts: {{}}

acts: {{}}

rules: []
"""
NOTHING = object()
CLOSED = gettext_lazy("This draft is no longer worked on.")
SIGNED = gettext_lazy("This draft is signed. Take the signature back before you change it.")


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of the table: `value` at `path`, or before what stands there if `insert`; without
    a value what stands there goes. `seen` is the wording of what the person saw there."""

    path: Path
    what: str
    value: Any = NOTHING
    insert: bool = False
    seen: str = ""


@transaction.atomic
def draft_begin(*, text: str, based_on: Version | None, by: Actor, at: datetime) -> Draft:
    """A draft of `text` in the institution of whoever writes it; raises `NotAllowed`."""
    if not permissions.can_begin(by):
        raise NotAllowed
    document = _readable(text)
    draft = Draft.objects.create(
        organisation=Organisation.objects.get(pk=by.organisation_id or 0),
        author=User.objects.get(pk=by.user_id or 0),
        based_on=based_on,
        text=text,
        begun_at=at,
        changed_at=at,
        changed_by=by.name,
        **_named(document),
    )
    audit.record("draft_begin", draft, by=by, at=at, detail={"protocol": draft.protocol})
    return draft


@transaction.atomic
def draft_change(*, draft: Draft, edit: Edit, by: Actor, at: datetime) -> Draft:
    """One part of the draft becomes another. Raises `NotAllowed`, `Refused` where the draft is
    closed or the place cannot be edited, `Stale` where it says something else than was seen."""
    locked = _locked(draft, by)
    document = locked.document
    if _present(document, edit) != edit.seen:
        raise Stale(
            _(
                "%(who)s has changed this in the meantime. Compare with what stands there "
                "now; what you typed is still in the form. Save again to replace it."
            )
            % {"who": locked.changed_by}
        )
    try:
        changed = _edited(document, edit)
    except (CannotEdit, Unreadable) as error:
        raise Refused(
            _(
                "This part is written in a way that the table cannot change. Change it in "
                "the text of the book."
            )
        ) from error
    return _kept(locked, changed, edit.what, by, at)


@transaction.atomic
def draft_write(*, draft: Draft, text: str, row_version: int, by: Actor, at: datetime) -> Draft:
    """The whole text anew, as its author typed it; raises as `draft_change`, and `Refused` where
    the text is no YAML at all. Faults of a book may stand in a draft."""
    locked = _locked(draft, by)
    if locked.row_version != row_version:
        raise Stale(
            _(
                "%(who)s has changed the book in the meantime. Your text is still in the "
                "form: compare it with the book before you save it again."
            )
            % {"who": locked.changed_by}
        )
    document = _readable("\n".join(text.splitlines()) + "\n")
    return _kept(locked, document, "text", by, at)


@transaction.atomic
def draft_undo(*, draft: Draft, by: Actor, at: datetime) -> DraftRevision:
    """Take the last change back, byte by byte; raises `Refused` where there is none."""
    locked = _locked(draft, by)
    last = locked.revisions.filter(undone_at=None).order_by("-number").first()
    if last is None:
        raise Refused(_("There is nothing to undo."))
    end = last.start + len(last.new)
    text = locked.text[: last.start] + last.old + locked.text[end:]
    last.undone_at = at
    last.save(update_fields=["undone_at"])
    _save(locked, Document(text), by, at)
    audit.record("draft_undo", locked, by=by, at=at, detail={"number": last.number})
    return last


@transaction.atomic
def draft_abandon(*, draft: Draft, by: Actor, at: datetime) -> Draft:
    """It is kept and no longer worked on."""
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if not permissions.can_write(by, locked):
        raise NotAllowed
    if not locked.is_open:
        raise Refused(CLOSED)
    locked.state = Draft.State.ABANDONED
    locked.save(update_fields=["state"])
    audit.record("draft_abandon", locked, by=by, at=at)
    return locked


def _locked(draft: Draft, by: Actor) -> Draft:
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    if not permissions.can_write(by, locked):
        raise NotAllowed
    if not locked.is_written:
        raise Refused(SIGNED if locked.state == Draft.State.SIGNED else CLOSED)
    return locked


def _readable(text: str) -> Document:
    document = Document(text)
    try:
        data = document.data
    except Unreadable as error:
        said = _("Line %(line)d: %(message)s")
        raise Refused(said % {"line": error.line, "message": error.message}) from error
    if not isinstance(data, dict):
        raise Refused(_("A rule book begins with its id, version and title."))
    return document


def _present(document: Document, edit: Edit) -> str:
    """The wording of what stands at the place, or nothing where nothing does."""
    if edit.insert:
        return edit.seen
    try:
        return wording(document.get(edit.path))
    except (KeyError, IndexError):
        return ""


def _edited(document: Document, edit: Edit) -> Document:
    if edit.value is NOTHING:
        return document.remove(edit.path)
    section = edit.path[:1]
    if section[0] not in document.data:
        document = document.put(section, [] if section == ("rules",) else {})
    if edit.insert:
        return document.insert(edit.path, edit.value)
    return document.put(edit.path, edit.value)


def _kept(draft: Draft, document: Document, what: str, by: Actor, at: datetime) -> Draft:
    if document.text == draft.text:
        return draft
    splice = hull(draft.text, document.text)
    number = draft.revisions.count() + 1
    DraftRevision.objects.create(
        draft=draft,
        number=number,
        what=what[:200],
        start=splice.start,
        old=draft.text[splice.start : splice.end],
        new=splice.new,
        user_id=by.user_id or 0,
        by_name=by.name,
        at=at,
    )
    _save(draft, document, by, at)
    audit.record("draft_change", draft, by=by, at=at, detail={"number": number})
    return draft


def _save(draft: Draft, document: Document, by: Actor, at: datetime) -> None:
    draft.text = document.text
    draft.row_version += 1
    draft.changed_at, draft.changed_by = at, by.name
    for name, value in _named(document).items():
        setattr(draft, name, value)
    draft.save()


def _named(document: Document) -> dict[str, str]:
    data = document.data
    title = data.get("title")
    said = title.get("sr-latn", "") if isinstance(title, dict) else title
    return {"protocol": str(data.get("id", ""))[:64], "title": str(said or "–")[:300]}
