"""A synthetic country: 50 centres for social work, 20,000 cases, 100,000 open duties.

One centre has 4,000 cases; caseworkers have 60 each; one police station owes the registration of
10,000 children; 400 notifications wait at the large centre. Nobody in here has ever lived.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any

import psycopg

from bench.children import OLDEST, in_care, waiting
from bench.copying import Rows
from bench.server import ROOT
from bench.stories import STORIES
from bench.town import CASES, LARGE, Centre, Town, institutions
from spona.cases.models import CaseCounter
from spona.conduct import reader
from spona.protocols.models import Version, VersionText, learn

WAITING_NOW, AT_ONCE = 400, 1_000
BOOK = ROOT / "protocols" / "unaccompanied-child.yaml"


def fill(connection: psycopg.Connection[Any]) -> None:
    """All rows of the country, in the transaction of `connection`."""
    at = datetime.now(UTC).replace(second=0, microsecond=0)
    rows = Rows(connection)
    version = _version(at)
    town = Town(rows, rows.put(version), at)
    rows.put(VersionText(version=version, text=BOOK.read_text(encoding="utf-8")))
    institutions(town)
    for number, (centre, story) in enumerate(zip(_homes(town), cycle(STORIES)), start=1):
        in_care(town, centre, story, number)
        if number % AT_ONCE == 0:
            rows.write()
    for number in range(WAITING_NOW):
        waiting(town, town.centres[0], number)
    for (organisation_id, year), last in town.codes.items():
        rows.put(CaseCounter(organisation_id=organisation_id, year=year, last=last))
    rows.finish()


def _version(at: datetime) -> Version:
    text = BOOK.read_text(encoding="utf-8")
    book = reader.read_text(text)
    learn(book.digest, text)
    return Version(
        protocol=book.id,
        version=book.version,
        digest=book.digest,
        published_at=at - OLDEST - timedelta(days=1),
        published_by="bench",
    )


def _homes(town: Town) -> list[Centre]:
    """Whose case each one is: the large centre's first, the rest in turn."""
    rest = cycle(town.centres[1:])
    return [town.centres[0]] * LARGE + [next(rest) for _ in range(CASES - LARGE)]
