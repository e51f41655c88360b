"""A log from a file: CSV or XES, packed with gzip or not."""

from __future__ import annotations

import gzip
import zlib
from io import TextIOWrapper
from pathlib import Path
from typing import IO, cast
from zoneinfo import ZoneInfo

from spona.conduct.replay.csvlog import Columns, read_csv
from spona.conduct.replay.log import Log, Oddities, Unusable
from spona.conduct.replay.xeslog import read_xes

KINDS = (".csv", ".tsv", ".xes", ".xml")


def read_log(path: Path, zone: ZoneInfo, columns: Columns | None = None) -> Log:
    """The log in `path`; times without a zone are of `zone`. Raises `Unusable` or `OSError`."""
    kinds = [suffix.lower() for suffix in path.suffixes[-2:]]
    packed = kinds[-1:] == [".gz"]
    kind = (kinds[:-1] if packed else kinds)[-1:]
    if not kind or kind[0] not in KINDS:
        raise Unusable(f"{path.name} is no log of a known kind: {', '.join(KINDS)}, also with .gz.")
    odd = Oddities(zone)
    try:
        with cast("IO[bytes]", gzip.open(path) if packed else path.open("rb")) as raw:
            if kind[0] in (".xes", ".xml"):
                return read_xes(raw, odd, columns.resource if columns else "")
            with TextIOWrapper(raw, encoding="utf-8", newline="") as text:
                return read_csv(text, odd, columns)
    except UnicodeDecodeError as error:
        raise Unusable(f"{path.name} is not text in UTF-8.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Unusable(f"{path.name} is not packed as its name says, or ends early.") from error
