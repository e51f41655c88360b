"""Event logs are read as they come: CSV and XES, with what is odd in them said."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from spona.conduct.replay.csvlog import Columns
from spona.conduct.replay.log import Log, Unusable
from spona.conduct.replay.reading import read_log

BELGRADE = ZoneInfo("Europe/Belgrade")
NOON = "2026-11-23T12:00:00+00:00"
LATER = "2026-11-23T13:00:00+00:00"


def read(path: Path, text: str, columns: Columns | None = None) -> Log:
    packed = path.suffix == ".gz"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    return read_log(path, BELGRADE, columns)


def acts(log: Log) -> dict[str, list[str]]:
    return {trace.case: [entry.activity for entry in trace.entries] for trace in log.traces}


@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_columns_are_guessed_and_that_is_said(tmp_path: Path, name: str, sign: str) -> None:
    rows = ["Case ID,Activity,Timestamp,Resource", f"1,a,{NOON},x", f"1,b,{LATER},y"]
    log = read(tmp_path / name, "\n".join(rows).replace(",", sign))
    assert acts(log) == {"1": ["a", "b"]}
    assert [entry.resource for entry in log.traces[0].entries] == ["x", "y"]
    assert "The case was taken from the column Case ID (guessed)." in log.said


def test_columns_may_be_named(tmp_path: Path) -> None:
    columns = Columns("who", "what", "when", "")
    log = read(tmp_path / "log.csv", f"who,what,when\n1,a,{NOON}\n", columns)
    assert acts(log) == {"1": ["a"]}
    assert log.said == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x,y\n1,2\n", "Which column is the case?"),
        ("case,case,time\n", "Two columns have the same name"),
        ("", "Which column is the case?"),
    ],
)
def test_a_file_without_the_columns_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(Unusable, match=told.replace("?", r"\?")):
        read(tmp_path / "log.csv", text)


def test_a_named_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="There is no column who"):
        read(tmp_path / "log.csv", "case,activity,time\n", Columns("who"))


@pytest.mark.parametrize("name", ["log.txt", "log", "log.gz"])
def test_a_kind_that_is_not_known_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unusable, match="no log of a known kind"):
        read(tmp_path / name, "")


def test_what_is_not_packed_as_its_name_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    path.write_text("case,activity,time\n")
    with pytest.raises(Unusable, match="not packed as its name says"):
        read_log(path, BELGRADE)


def test_what_is_odd_is_said(tmp_path: Path) -> None:
    rows = [
        "case,activity,time",
        f"1,b,{LATER}",
        f"1,a,{NOON}",
        f"1,a,{NOON}",
        "1,c,yesterday",
        "2,a,",
        f",a,{NOON}",
        "3,a,2026-11-23 12:00",
    ]
    log = read(tmp_path / "log.csv", "\n".join(rows))
    assert acts(log) == {"3": ["a"], "1": ["a", "b"]}
    assert log.traces[0].entries[0].at == datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert log.said[-6:] == (
        "No time that can be read, left out: 2 (line 5, line 6).",
        "No case, left out: 1 (line 7).",
        "The same twice in everything, counted once: 1 (line 4).",
        "Times without a zone, read as Europe/Belgrade: 1.",
        "Cases whose events were put in the order of time: 1.",
        "Cases without an event, left out: 1.",
    )


XES = f"""<?xml version="1.0"?>
<log xmlns="http://www.xes-standard.org/">
  <trace><string key="concept:name" value="1"/><string key="channel" value="Desk"/>
    <event><string key="concept:name" value="a"/><date key="time:timestamp" value="{NOON}"/>
      <string key="org:group" value="x"/><boolean key="ok" value="true"/><int key="n" value="3"/>
      <float key="f" value="no number"/></event>
  </trace>
</log>"""


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz", "log.xml"])
def test_xes_is_read_with_types(tmp_path: Path, name: str) -> None:
    log = read(tmp_path / name, XES)
    [trace] = log.traces
    assert trace.attributes["channel"] == "Desk"
    [entry] = trace.entries
    assert (entry.activity, entry.resource) == ("a", "x")
    assert (entry.attributes["ok"], entry.attributes["n"]) == (True, 3)
    assert entry.attributes["f"] == "no number"
    assert log.last == datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "<log><trace></log>",
        "<html/>",
        '<!DOCTYPE log [<!ENTITY a "b">]><log><trace>&a;</trace></log>',
        '<!DOCTYPE log [<!ENTITY a SYSTEM "file:///etc/passwd">]><log>&a;</log>',
        "",
    ],
)
def test_xml_that_may_harm_or_is_no_log_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unusable, match="no XES that may be read"):
        read(tmp_path / "log.xes", text)
