"""A synthetic country: 100,000 cases, 500,000 referrals, more than 5,000,000 events.

One centre has 4,000 cases, all open; elsewhere every sixth is open. Caseworkers have 60 cases each;
one police station owes the registration of 10,000 children; 400 notifications wait at the large
centre. A few hundred lives are played by the rules and written by COPY; the rest are copies of
them, made in the database. Nobody in here has ever lived.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import psycopg

from bench import copies
from bench.children import in_care, waiting
from bench.copies import CaseCopy, RunCopy
from bench.copying import Rows
from bench.referrals import Examples, Parent, played
from bench.server import ROOT
from bench.stories import FINISHED, STORIES
from bench.town import CASELOAD, CASES, LARGE, Centre, Town, institutions
from spona.base.sealing import seal
from spona.cases.models import CaseCounter
from spona.conduct import reader
from spona.coordination.models import Run
from spona.protocols.models import Version, VersionText, learn

WAITING_NOW, OPEN_ELSEWHERE = 400, 6  # notifications; of how many cases one is open
OPEN_EXAMPLES, PAST_EXAMPLES = 400, 200
FIRST, FIRST_REFERRAL = 10_000, 1_000_000  # numbers of the first copies
OLDEST = timedelta(days=30)
BOOKS = ("unaccompanied-child", "referral")

NOTICES = """
INSERT INTO coordination_notice (organisation_id, user_id, level, kind, version_id, rule, act,
  duty_number, institution_id, due_at, obstacle, urgent, at, mailed_at, read_at)
SELECT whom.organisation_id, whom.user_id, whom.level, whom.kind, duty.version_id, duty.rule,
  duty.acts[1], duty.number, duty.organisation_id, duty.due_at, '', false, whom.at, whom.at,
  whom.read_at
FROM coordination_duty duty CROSS JOIN LATERAL (
  VALUES (duty.organisation_id, duty.user_id, '', 'duty', duty.counted_from,
          CASE WHEN duty.counted_from < %(at)s - interval '3 days' THEN duty.counted_from END),
         (duty.organisation_id, NULL, 'head_of_service', 'late', duty.due_at, NULL),
         (%(coordinator)s, NULL, 'coordinator', 'late', duty.due_at + interval '2 days', NULL)
) whom (organisation_id, user_id, level, kind, at, read_at)
WHERE duty.state = 'owed' AND duty.organisation_id IS NOT NULL AND whom.at < %(at)s
"""
LOG = """
INSERT INTO audit_event (at, kind, verb, actor_name, organisation_id, organisation_name,
  subject_type, subject_ids, case_ids, detail, transaction, recorded_at)
SELECT event.recorded_at, 'write', 'act_record', 'Sintetička Osoba', event.organisation_id,
  'Sintetička ustanova', 'coordination.RunEvent', ARRAY[event.id], ARRAY[event.case_id], '{}', 1,
  event.recorded_at
FROM coordination_runevent event JOIN cases_case one ON one.id = event.case_id
WHERE one.closed_at IS NULL
"""


def fill(connection: psycopg.Connection[Any]) -> None:
    """All rows of the country, in the transaction of `connection`."""
    at = datetime.now(UTC).replace(second=0, microsecond=0)
    rows = Rows(connection)
    child, referral = (_version(rows, name, at) for name in BOOKS)
    town = Town(rows, child, referral, at)
    institutions(town)
    current, past = list(_current(town)), list(_past(town))
    examples = played(town, past, current)
    for number in range(WAITING_NOW):
        waiting(town, town.centres[0], number)
    for (organisation_id, year), last in town.codes.items():
        rows.put(CaseCounter(organisation_id=organisation_id, year=year, last=last))
    rows.go_on()
    _copied(connection, town, Played(current, past, examples))
    connection.execute(NOTICES, {"at": at, "coordinator": town.others["MRZBSP"].pk})
    connection.execute(LOG)
    rows.finish()


def _version(rows: Rows, name: str, at: datetime) -> Version:
    text = (ROOT / "protocols" / f"{name}.yaml").read_text(encoding="utf-8")
    book = reader.read_text(text)
    learn(book.digest, text)
    version = rows.put(
        Version(
            protocol=book.id,
            version=book.version,
            digest=book.digest,
            published_at=at - timedelta(days=1000),
            published_by="bench",
        )
    )
    rows.put(VersionText(version=version, text=text))
    return version


# --- what is played


def _current(town: Town) -> Iterator[Parent]:
    """Open cases, begun in the last thirty days."""
    step = (OLDEST - timedelta(hours=12)) / OPEN_EXAMPLES
    for number, story in zip(range(OPEN_EXAMPLES), cycle(STORIES), strict=False):
        met = town.at - timedelta(hours=12) - step * number
        yield _one(town, number, story, met.replace(second=0, microsecond=0))


def _past(town: Town) -> Iterator[Parent]:
    for number in range(PAST_EXAMPLES):
        met = town.at - timedelta(days=60) - timedelta(hours=73) * number
        yield _one(town, OPEN_EXAMPLES + number, FINISHED, met, met + timedelta(days=50))


def _one(
    town: Town, number: int, story: Any, met: datetime, closed: datetime | None = None
) -> Parent:
    centre = town.centres[1 + number % (len(town.centres) - 1)]
    run = in_care(town, centre, story, number, met, closed)
    return Parent(run, centre.organisation.pk)


# --- what is copied


@dataclass(frozen=True, slots=True)
class Played:
    current: list[Parent]
    past: list[Parent]
    referrals: Examples


def _copied(connection: psycopg.Connection[Any], town: Town, examples: Played) -> None:
    copies.tables(connection)
    placed = list(_placed(town, examples))
    copies.put_cases(connection, (case for case, _parent, _closed in placed))
    copies.put_runs(connection, _runs(town, examples.referrals, placed))
    copies.cases(connection)
    copies.runs(connection)


def _placed(town: Town, examples: Played) -> Iterator[tuple[CaseCopy, Run, bool]]:
    """Where each copied case belongs: the large centre's first, then the rest in turn."""
    rest = cycle(town.centres[1:])
    everywhere = CASES - len(examples.current) - len(examples.past)
    for number in range(everywhere):
        centre = town.centres[0] if number < LARGE else next(rest)
        closed = number >= LARGE and number % OPEN_ELSEWHERE > 0
        pool = examples.past if closed else examples.current
        run = pool[number % len(pool)].run
        yield _case(centre, FIRST + number, run), run, closed


def _case(centre: Centre, n: int, run: Run) -> CaseCopy:
    lead = centre.workers[min(centre.cases, CASELOAD * len(centre.workers) - 1) // CASELOAD]
    centre.cases += 1
    code = f"{centre.organisation.code_prefix}-{run.started_at.year}-{n}"
    place, clinic = centre.place.pk, centre.clinic.pk
    name = seal(f"Sintetički {n}".encode(), "people_personname.family")
    return CaseCopy(n, run.case_id or 0, centre.organisation.pk, place, clinic, lead.pk, code, name)


def _runs(
    town: Town, referrals: Examples, placed: list[tuple[CaseCopy, Run, bool]]
) -> Iterator[RunCopy]:
    for case, run, closed in placed:
        yield RunCopy(run.pk, case.n, case.n, None, case.centre, case.clinic, None, None)
        first = FIRST_REFERRAL + 5 * case.n
        for k, example in enumerate(referrals.of_case(case.n, closed=closed)):
            helper, service = town.helpers[(case.n + k) % len(town.helpers)]
            yield RunCopy(
                example, first + k, case.n, case.n, case.centre, case.clinic, helper.pk, service.pk
            )
