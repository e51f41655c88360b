"""Write the log. Called beside each write, and once for each read, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, models
from psycopg.types.json import Jsonb

from spona.audit.models import Event
from spona.base.actor import Actor

Kind = Event.Kind
INSERT = """
INSERT INTO audit_event (at, kind, verb, actor_id, actor_name, organisation_id, organisation_name,
                         subject_type, subject_ids, case_ids, detail)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s::bigint[], %s::bigint[], %s)
"""


def record(
    verb: str,
    subject: models.Model,
    *,
    by: Actor,
    at: datetime,
    case_id: int | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Say that `by` did `verb` to `subject`; `detail` holds codes and ids only."""
    _write(Kind.WRITE, verb, [subject], by=by, at=at, case_ids=_known([case_id]), detail=detail)


def read(
    verb: str,
    subjects: Iterable[models.Model],
    *,
    by: Actor,
    at: datetime,
    case_ids: Iterable[int | None] = (),
) -> None:
    """Say that `by` saw these rows: one event a page, with all ids. Nothing seen, nothing said."""
    seen = list(subjects)
    if seen:
        _write(Kind.READ, verb, seen, by=by, at=at, case_ids=_known(case_ids), detail=None)


def refused(
    verb: str, subject: models.Model, *, by: Actor, at: datetime, detail: Mapping[str, Any]
) -> None:
    """Say that `by` asked for something that a rule or a right did not allow."""
    _write(Kind.REFUSED, verb, [subject], by=by, at=at, case_ids=[], detail=detail)


def _known(case_ids: Iterable[int | None]) -> list[int]:
    return sorted({case_id for case_id in case_ids if case_id is not None})


def _write(
    kind: str,
    verb: str,
    subjects: list[models.Model],
    *,
    by: Actor,
    at: datetime,
    case_ids: list[int],
    detail: Mapping[str, Any] | None,
) -> None:
    # Plain SQL: Django would read the row back, and who writes the log may not always read it.
    with connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [
                at,
                kind,
                verb,
                by.user_id,
                by.name,
                by.organisation_id,
                by.organisation_name,
                subjects[0]._meta.label,
                [subject.pk for subject in subjects],
                case_ids,
                Jsonb(dict(detail or {})),
            ],
        )
