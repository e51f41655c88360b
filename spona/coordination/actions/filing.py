"""An act together with the documents that its form asks for: both are kept, or neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from spona.base.actor import Actor
from spona.cases import actions as cases
from spona.cases.models import Case, Document
from spona.coordination.actions.acts import ActDraft, act_record
from spona.coordination.models import RunEvent


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that answers a question of the form; `sensitive` where the act is."""

    title: str
    upload: File[bytes]
    registry_number: str = ""
    sensitive: bool = False


@transaction.atomic
def act_file(
    *,
    run_id: int,
    draft: ActDraft,
    case: Case | None,
    enclosures: Mapping[str, Enclosure],
    by: Actor,
    at: datetime,
) -> RunEvent:
    """Record an act; `enclosures` are by the key of their question. Raises `Refused`, as
    `act_record` and `cases.actions.document_add` do, and then nothing is kept."""
    kept = {
        key: {"document": _kept(case, enclosed, by=by, at=at).pk}
        for key, enclosed in enclosures.items()
        if case is not None
    }
    draft = replace(draft, form={**draft.form, **kept})
    return act_record(run_id=run_id, draft=draft, by=by, at=at)


def _kept(case: Case, enclosed: Enclosure, *, by: Actor, at: datetime) -> Document:
    return cases.document_add(
        case=case,
        by=by,
        at=at,
        title=enclosed.title,
        kind=Document.Kind.DECISION,
        upload=enclosed.upload,
        registry_number=enclosed.registry_number,
        sensitive=enclosed.sensitive,
    )
