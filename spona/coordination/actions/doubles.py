"""What a person decided about two records that look alike. Nothing is merged here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import models

from spona.audit import actions as audit
from spona.base.actor import Actor

APART, SAME = "told_apart", "told_same"


def told(
    subject: models.Model,
    *,
    apart: Collection[int] = (),
    same: int | None = None,
    by: Actor,
    at: datetime,
    case_id: int | None = None,
) -> None:
    """Keep that `by` said of `subject` (a case, or an encounter without one yet) that the cases in
    `apart` are of other children and that `same` is of this one. The other cases stand in `detail`
    alone: their logs would tell their readers that there is this one."""
    if apart:
        audit.record(APART, subject, by=by, at=at, case_id=case_id, detail={"cases": sorted(apart)})
    if same is not None:
        audit.record(SAME, subject, by=by, at=at, case_id=case_id, detail={"cases": [same]})
