"""Documents: cleaned by `base.uploads`, kept under a random name outside the web root."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from spona.audit import actions as audit
from spona.base import uploads
from spona.base.actor import Actor
from spona.base.errors import Refused
from spona.base.uploads import CleanFile
from spona.cases import permissions
from spona.cases.actions import gate
from spona.cases.models import Case, Document

NO_TITLE = _("Give the document a title.")


@transaction.atomic
def document_add(
    *,
    case: Case,
    by: Actor,
    at: datetime,
    title: str,
    kind: str,
    upload: File[bytes],
    registry_number: str = "",
    sensitive: bool = False,
) -> Document:
    """Keep a file in a case; a medical one is `sensitive` in any case. Raises
    `base.uploads.BadFile` with the reason if it is not kept."""
    current = gate.locked_open(case.pk, by=by, at=at, may=permissions.can_work_in)
    if not title.strip():
        raise Refused(NO_TITLE)
    kept = uploads.clean(upload.name or "", upload)
    document = Document(
        case=current,
        title=title,
        kind=kind,
        registry_number=registry_number,
        sensitive=sensitive or kind == Document.Kind.MEDICAL,
        original_name=kept.name,
        stored_name=secrets.token_hex(32),
        content_type=kept.content_type,
        size=len(kept.content),
        sha256=hashlib.sha256(kept.content).hexdigest(),
        uploaded_at=at,
        uploaded_by_id=by.user_id,
        uploaded_by_name=by.name,
    )
    _keep(kept, document.path)
    document.save(force_insert=True)
    audit.record("document_add", document, by=by, at=at, case_id=current.pk, detail={"kind": kind})
    return document


def _keep(kept: CleanFile, path: Path) -> None:
    """On the disk before the row is committed: a row never names a file that a crash lost.

    The other way round, a file whose row was rolled back, is swept by `tasks.sweep_documents`.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(kept.content)
        file.flush()
        os.fsync(file.fileno())
