"""How fast the cases of one institution leave as a file, and in how much memory.

Run with `python -m bench.exchange [--rebuild]` from the root of the repository. Two institutions,
one with ten times the cases of the other: the time may be tenfold, the memory must be the same.
Each export is a process of its own, so that the peak is its own. Nobody in here has ever lived.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, NamedTuple
from uuid import UUID

import django
import psycopg

from bench import server
from bench.figures import beside_limit
from config import devdb

DATABASE = "spona_bench_exchange"
SMALL, LARGE = 10_000, 100_000
SECONDS_LIMIT, GROWTH_LIMIT = 60.0, 1.25
AT_ONCE = 2_000
AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
NEEDS = ("food", "school")
# As much beside the mapped fields as a case of Primero has on average with its forms filled.
PAYLOAD = {f"primero_field_{number}": f"sintetička vrednost {number}" for number in range(60)}


class Figures(NamedTuple):
    """Of one export: a file of so many bytes in so many seconds, at a peak of so many MB; `own` is
    the processor time of this process alone, which other work on the machine changes little."""

    cases: int
    seconds: float
    own: float
    megabytes: float
    size: int


def fill(connection: psycopg.Connection[Any]) -> None:
    """Two centres; every third case was imported once."""
    from bench.copying import Rows
    from spona.accounts.models import InstitutionType, Membership, Municipality, Organisation, User

    rows = Rows(connection)
    kind = rows.put(InstitutionType(code="CSR", name_sr="Sintetički centar"))
    town = rows.put(Municipality(key="bench", name_sr="Sintetička opština"))
    for cases in (SMALL, LARGE):
        home = rows.put(
            Organisation(
                key=f"bench-{cases}", name_sr=f"CSR {cases}", type=kind, municipality=town,
                synthetic=True,
            )
        )  # fmt: skip
        head = rows.put(User(email=_head(cases), name="Sintetička Ana", password="!"))  # noqa: S106
        rows.put(Membership(user=head, organisation=home, roles=["head_of_service"], began_at=AT))
        for number in range(cases):
            _child(rows, home.pk, town.pk, number)
            if number % AT_ONCE == 0:
                rows.write()
    rows.finish()


def _head(cases: int) -> str:
    return f"rukovodilac-{cases}@bench.invalid"


def _child(rows: Any, home: int, town: int, number: int) -> None:
    from spona.cases.models import Case, CaseAccess, Need
    from spona.people.models import Person, PersonLanguage, PersonName

    person = rows.put(
        Person(
            birth_date=date(2011, 1 + number % 12, 1), birth_precision="month", sex="m",
            country_said="AF", synthetic=True, created_at=AT,
        )
    )  # fmt: skip
    rows.put(PersonName(person=person, given="Primer", family=f"Broj {number}", is_main=True))
    rows.put(PersonLanguage(person=person, code="prs", is_main=True))
    case = rows.put(
        Case(
            organisation_id=home, person=person, code=f"BE-2026-{number:06d}", synthetic=True,
            municipality_id=town, opened_at=AT, without_guardian_since=AT,
        )
    )  # fmt: skip
    rows.put(CaseAccess(case=case, organisation_id=home, basis="owner", from_at=AT))
    noted = {"system": "own", "source": "said", "noted_at": AT}
    needs = [rows.put(Need(case=case, code=code, **noted)) for code in NEEDS]
    if number % 3 == 0:
        _imported(rows, home, case, needs[0], number)


def _imported(rows: Any, home: int, case: Any, need: Any, number: int) -> None:
    from spona.coordination.models import ExternalRecord, ImportedReferral

    record = rows.put(
        ExternalRecord(
            case=case, organisation_id=home, host="primero.invalid", kind="case",
            uuid=UUID(int=number, version=4), payload=PAYLOAD, imported_at=AT,
        )
    )  # fmt: skip
    line = {"unique_id": f"line-{number}", "service_type": "food", "note": "sintetički zapis"}
    sent = {"id": f"referral-{number}", "status": "done", "created_at": "2026-10-01T10:00:00Z"}
    rows.put(
        ImportedReferral(
            case=case, record=record, uid=line["unique_id"], need=need, row=line,
            transitions=[sent],
        )
    )  # fmt: skip


def export(cases: int, file: Path) -> Figures:
    """Export once, in this process; the peak is of the process."""
    from django.utils import timezone

    from spona.accounts.models import Membership
    from spona.base import rls
    from spona.coordination.actions import exchange

    with_all = Membership.objects.select_related("organisation", "user")
    head = with_all.get(user__email=_head(cases))
    by, at = head.actor(), timezone.now()
    begun, begun_own = perf_counter(), process_time()
    with file.open("w", encoding="utf-8") as out, rls.acting(by, at):
        done = exchange.cases_export(out=out, organisation=head.organisation, by=by, at=at)
    seconds, own = perf_counter() - begun, process_time() - begun_own
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figures(done.cases, seconds, own, peak, file.stat().st_size)


def timed(cases: int) -> Figures:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "bench.exchange", "--one", str(cases)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=server.ROOT)  # noqa: S603
    return Figures(*json.loads(done.stdout))


def report(small: Figures, large: Figures) -> None:
    print(f"\nThe export, of its own two centres: {small.cases:,} and {large.cases:,} cases")
    for one in (small, large):
        beside_limit(f"{one.cases:,} cases as a file", one.seconds, SECONDS_LIMIT, "s")
        print(
            f"    of these {one.own:.1f} s are work of the exporting process;"
            f" {one.size / 1e6:.0f} MB of file, at most {one.megabytes:.0f} MB of memory"
        )
    growth = large.megabytes / small.megabytes
    beside_limit("memory, beside that for a tenth of the cases", growth, GROWTH_LIMIT, "x")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--rebuild", action="store_true", help="build the database anew")
    options.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    devdb.start()
    os.environ.setdefault("SPONA_DEMO", "1")
    os.environ["DATABASE_URL"] = server.url(DATABASE)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    if chosen.one:
        with TemporaryDirectory() as folder:
            print(json.dumps(export(chosen.one, Path(folder) / "cases.json")))
        return
    if chosen.rebuild or not server.is_made(DATABASE):
        server.make(fill, DATABASE)
    report(timed(SMALL), timed(LARGE))


if __name__ == "__main__":
    main()
