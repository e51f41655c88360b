"""Write the log, seal it, verify it. `record` stands beside each write and `read` once for each
page read, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from psycopg.types.json import Jsonb

from spona.audit import rules
from spona.audit.models import Event, Seal
from spona.audit.rules import Fault, Finding
from spona.base import rls
from spona.base.actor import Actor

Kind = Event.Kind
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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


def file(
    verb: str,
    model: type[models.Model],
    case_ids: Sequence[int],
    *,
    came: bool,
    by: Actor,
    at: datetime,
    detail: Mapping[str, Any],
) -> None:
    """Say that a file `came` in, or that one was made, with all the cases in it: one event a file,
    also where there was no case in it."""
    kind, ids = Kind.WRITE if came else Kind.READ, list(case_ids)
    subjects = model._meta.label
    _insert(kind, verb, subjects, ids, by=by, at=at, case_ids=sorted(ids), detail=detail)


def ran(verb: str, *, by: Actor, at: datetime, detail: Mapping[str, Any]) -> None:
    """Say that `by` did something to the whole instance and to no row of it."""
    _insert(Kind.WRITE, verb, "instance", [], by=by, at=at, case_ids=[], detail=detail)


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
    ids, label = [subject.pk for subject in subjects], subjects[0]._meta.label
    _insert(kind, verb, label, ids, by=by, at=at, case_ids=case_ids, detail=detail)


def _insert(
    kind: str,
    verb: str,
    label: str,
    ids: list[int],
    *,
    by: Actor,
    at: datetime,
    case_ids: list[int],
    detail: Mapping[str, Any] | None,
) -> None:
    # Plain SQL: Django would read the row back, and who writes the log may not always read it.
    values: list[Any] = [at, kind, verb, by.user_id, by.name]
    values += [by.organisation_id, by.organisation_name, label]
    values += [ids, case_ids, Jsonb(dict(detail or {}))]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, values)


# --- sealing and verifying; both in the engine room, for the app may not read the whole log

FIELDS = """
  (extract(epoch FROM at) * 1000000)::bigint, (extract(epoch FROM recorded_at) * 1000000)::bigint,
  kind, verb, actor_id, actor_name, organisation_id, organisation_name, subject_type,
  subject_ids::text, case_ids::text, detail::text, transaction
"""
PENDING = f"""
SELECT id, {FIELDS} FROM audit_event
WHERE transaction < %s AND (transaction >= %s OR %s) AND NOT (%s AND id = ANY(
  SELECT unnest(event_ids) FROM audit_seal))
ORDER BY id
"""  # noqa: S608 - no value is written into the text
PRESENT = f"SELECT id, {FIELDS} FROM audit_event WHERE id = ANY(%s)"  # noqa: S608
UNSEALED = """
SELECT id FROM audit_event event
WHERE (transaction < %s OR transaction >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint)
  AND NOT EXISTS (
    SELECT FROM (SELECT unnest(event_ids) AS id FROM audit_seal) sealed WHERE sealed.id = event.id)
ORDER BY id
"""
XMIN = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
ONE_SEALER = "SELECT pg_advisory_xact_lock(hashtext('audit_seal'))"
CHUNK = 5_000


def seal(*, at: datetime) -> int:
    """Seal every event whose transaction, and all that began before it, are over; how many."""
    with transaction.atomic(), rls.engine_room():
        _scalar(ONE_SEALER)
        last = Seal.objects.order_by("-id").first()
        until = _scalar(XMIN)
        since = last.before_transaction if last else 0
        # After a restore on a new server its transactions count from the beginning again.
        restored = since > until
        return _seal_all([until, since, restored, restored], last, at)


def _seal_all(limits: list[Any], last: Seal | None, at: datetime) -> int:
    sealed, head = 0, last.digest if last else rules.GENESIS
    with connection.chunked_cursor() as cursor:
        cursor.execute(PENDING, limits)
        while rows := cursor.fetchmany(CHUNK):
            batch = rules.Batch(
                previous=head,
                sealed_us=_microseconds(at),
                before_transaction=limits[0],
                ids=[row[0] for row in rows],
                digests="".join(rules.event_digest(row[1:]) for row in rows),
            )
            head = _keep(batch, at)
            sealed += len(rows)
    return sealed


def _keep(batch: rules.Batch, at: datetime) -> str:
    digest = batch.digest()
    Seal.objects.create(
        sealed_at=at,
        before_transaction=batch.before_transaction,
        event_ids=list(batch.ids),
        digests=batch.digests,
        previous=batch.previous,
        digest=digest,
    )
    return digest


def head() -> str:
    """The digest of the last seal: print it, mail it, and later give it to `verify` as anchor."""
    with transaction.atomic(), rls.engine_room():
        last = Seal.objects.order_by("-id").values_list("digest", flat=True).first()
    return last or rules.GENESIS


def verify(*, anchor: str = "") -> list[Finding]:
    """Everything in the log that is not as it was sealed, named; nothing if nothing is wrong."""
    with transaction.atomic(), rls.engine_room():
        comparison, found, pending = rules.Comparison(), list[Finding](), dict[int, str]()
        before, number, since, anchored = rules.GENESIS, 0, 0, anchor in ("", rules.GENESIS)
        for one in Seal.objects.order_by("id").iterator(chunk_size=50):
            batch = _batch(one)
            found += rules.check_link(one.pk, batch, digest=one.digest, before=before)
            before, number, since = one.digest, one.pk, one.before_transaction
            anchored = anchored or one.digest == anchor
            pending |= batch.sealed()
            if len(pending) >= CHUNK:
                comparison.add(pending, _present(pending))
                pending = {}
        comparison.add(pending, _present(pending))
        found += comparison.findings()
        found += [Finding(Fault.INSERTED, number) for number in _unsealed(since)]
        return found if anchored else [*found, Finding(Fault.ANCHOR_MISSING, number)]


def _batch(one: Seal) -> rules.Batch:
    return rules.Batch(
        previous=one.previous,
        sealed_us=_microseconds(one.sealed_at),
        before_transaction=one.before_transaction,
        ids=one.event_ids,
        digests=one.digests,
    )


def _present(sealed: Mapping[int, str]) -> dict[int, str]:
    """The digests of these events as they stand in the table now."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT, [list(sealed)])
        return {row[0]: rules.event_digest(row[1:]) for row in cursor.fetchall()}


def _unsealed(since: int) -> list[int]:
    """Events under no seal that can be neither younger than the last one nor of our own time."""
    with connection.cursor() as cursor:
        cursor.execute(UNSEALED, [since])
        return [number for (number,) in cursor.fetchall()]


def _scalar(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def _microseconds(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)
