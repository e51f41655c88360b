"""How fast a log is held against rules, beside pm4py and dcr-js on the same log.

Run with `python -m bench.replay` from the root of the repository. The log is the receipt log of
../shared/data where it is there, else a made-up one of as many cases. The plain model is that of
examples/permits without its planned end, every duty due within five working days. pm4py comes with
`uv sync --group bench`; dcr-js is measured where DCRJS names a checkout of it (MIT, dcr-engine).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from spona.conduct.book import Book, Kind, Term, Unit
from spona.conduct.calendar import Calendar
from spona.conduct.graph import Graph
from spona.conduct.reader import read
from spona.conduct.relations import Relation, relations
from spona.conduct.replay.log import Entry, Log, Oddities, gathered
from spona.conduct.replay.machine import Machine
from spona.conduct.replay.mapping import Words, read_words
from spona.conduct.replay.reading import read_log
from spona.conduct.replay.report import replay

ROOT = Path(__file__).parents[1]
RECEIPT = ROOT.parent / "shared" / "data" / "logs" / "receipt.csv.gz"
PERMITS = ROOT / "examples" / "permits"
DUTCH = Calendar("NL", ZoneInfo("Europe/Amsterdam"))
FIVE = Term(Unit.WORKING_DAYS, 5)
ROUNDS, REPEATS = 7, 20
CASES = 1_434
EVENTS_LIMIT, DIAGNOSIS_LIMIT_S = 1_000_000, 1.0
ROLLDOWN = ROOT / "web" / "node_modules" / ".bin" / "rolldown"

Events = list[list[tuple[str, datetime]]]


class Took(NamedTuple):
    """Seconds by the clock on the wall, and of processor time, which other work does not slow."""

    wall: float
    work: float


def best(rounds: int, what: Callable[[], object]) -> Took:
    """The quickest of several rounds, as is usual where a machine has other work."""
    taken = []
    for _ in range(rounds):
        wall, work = perf_counter(), process_time()
        what()
        taken.append(Took(perf_counter() - wall, process_time() - work))
    return Took(min(one.wall for one in taken), min(one.work for one in taken))


# --- the log and the model


def the_log(book: Book, words: Words) -> tuple[str, Log]:
    if RECEIPT.exists():
        return "the receipt log", read_log(RECEIPT, DUTCH.zone, words.columns)
    return "a made-up log", gathered(_made_up(book, words), Oddities(DUTCH.zone))


def _made_up(book: Book, words: Words) -> Iterator[tuple[str, dict[str, str], list[Entry]]]:
    chance, acts = random.Random(7), [word for word, act in words.acts.items() if act in book.acts]
    for number in range(CASES):
        at, entries = datetime(2011, 1, 3, 9, tzinfo=UTC), []
        for place in range(6):
            at += timedelta(minutes=chance.randint(5, 3_000))
            entries.append(Entry(chance.choice(acts), at, "Group 1", {}, f"{number}.{place}"))
        yield f"case-{number}", {}, entries


def plain(book: Book) -> list[Relation]:
    """The relations of the book that are plain, their duties with a deadline in working days."""
    found = [relation for relation in relations(book) if not relation.until]
    return [replace(r, length=FIVE) if r.kind is Kind.RESPONSE else r for r in found]


def events_of(log: Log, words: Words) -> Events:
    found = (((words.acts.get(e.activity), e.at) for e in trace.entries) for trace in log.traces)
    return [[(act, at) for act, at in trace if act and at] for trace in found]


# --- our own


def machine_rate(book: Book, made: list[Relation], events: Events) -> tuple[Took, int, int]:
    """The seconds for all events, and how many states were met and cases were fitting."""
    graph = Graph(tuple(book.acts), made, tuple(book.acts), calendar=DUTCH)
    machine = Machine(graph, graph.start(min(trace[0][1] for trace in events)))
    coded = [machine.coded(trace) for trace in events]
    fitting = sum(not verdict.blocked and not verdict.owed for verdict in map(machine.run, coded))

    def run() -> None:
        for _ in range(REPEATS):
            for trace in coded:
                machine.run(trace)

    return best(ROUNDS, run), machine.states, fitting


# --- peers


def pm4py_seconds(log: Log, words: Words, made: list[Relation]) -> dict[str, Took]:
    """pm4py on the same log: token replay on the net that it mines from the log itself, and the
    same rules as DECLARE constraints."""
    import pandas
    import pm4py

    rows = [
        (trace.case, words.acts.get(entry.activity) or entry.activity, entry.at)
        for trace in log.traces
        for entry in trace.entries
    ]
    names = ["case:concept:name", "concept:name", "time:timestamp"]
    frame = pandas.DataFrame(rows, columns=names)
    frame[names[2]] = pandas.to_datetime(frame[names[2]], utc=True)
    events = pm4py.convert_to_event_log(frame)
    net = pm4py.discover_petri_net_inductive(events, noise_threshold=0.2)
    declared = _declare(made)

    def tokens() -> None:
        pm4py.conformance_diagnostics_token_based_replay(events, *net)

    def declare() -> None:
        pm4py.conformance_declare(events, declared)

    return {
        "pm4py token replay, its own net": best(3, tokens),
        "pm4py DECLARE, the same rules": best(3, declare),
    }


def _declare(made: list[Relation]) -> dict[str, dict[tuple[str, str], dict[str, float]]]:
    kinds = {Kind.RESPONSE: "response", Kind.CONDITION: "precedence"}
    found: dict[str, dict[tuple[str, str], dict[str, float]]] = {}
    for relation in made:
        if relation.kind in kinds:
            pair = (relation.source, relation.targets[0])
            found.setdefault(kinds[relation.kind], {})[pair] = {"support": 1.0, "confidence": 1.0}
    return found


def dcrjs_rate(folder: Path, book: Book, made: list[Relation], events: Events) -> dict[str, Any]:
    """Seconds for one event of dcr-js under Node, without deadlines, on the same relations."""
    engine = folder / "dcr-engine" / "src" / "executionEngine.ts"
    pairs = [[r.kind.value, r.source, r.targets[0]] for r in made]
    traces = [[act for act, _ in trace] for trace in events]
    job = {"acts": [*book.acts], "relations": pairs, "traces": traces, "repeats": REPEATS}
    with TemporaryDirectory() as made_in:
        bundle = Path(made_in) / "engine.mjs"
        built = [str(ROLLDOWN), str(engine), "--format", "esm", "--file", str(bundle)]
        subprocess.run(built, check=True, capture_output=True)  # noqa: S603
        node = shutil.which("node") or "node"
        script = str(ROOT / "bench" / "dcrjs.mjs")
        done = subprocess.run(  # noqa: S603
            [node, script, str(bundle)],
            input=json.dumps(job),
            check=True,
            capture_output=True,
            text=True,
        )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# --- what is printed


class Rates(NamedTuple):
    """Events a second of processor time, of our own replay."""

    timed: float
    untimed: float


def report(what: str, took: Took, count: int, ours: float = 0, limit: str = "") -> None:
    rate = count / took.work
    ratio = f"ours is {ours / rate:,.1f} x as fast" if ours else limit
    print(
        f"{what:<38}{took.wall:>8.3f} s{took.work:>8.3f} s of work{rate:>12,.0f} events/s  {ratio}"
    )


def peers(log: Log, words: Words, book: Book, made: list[Relation], ours: Rates) -> None:
    if find_spec("pm4py"):
        for what, took in pm4py_seconds(log, words, made).items():
            report(what, took, log.events, ours.timed)
    else:
        print("pm4py is not installed, so it is not measured: uv sync --group bench")
    folder = os.environ.get("DCRJS", "")
    if folder and ROLLDOWN.exists():
        found = dcrjs_rate(Path(folder), book, made, events_of(log, words))
        took = Took(found["wall"], found["work"])
        report("dcr-js, no deadlines, same relations", took, found["events"], ours.untimed)
        print(f"  {found['fitting']:,} cases fit and owe nothing")
    else:
        print("dcr-js is not measured: DCRJS=/path/to/dcr-js names a checkout (after `make setup`)")


def main() -> None:
    book = read(PERMITS / "book.yaml")
    words = read_words((PERMITS / "words.yaml").read_text(encoding="utf-8"), book)
    name, log = the_log(book, words)
    made, events = plain(book), events_of(log, words)
    print(
        f"{name}: {len(log.traces):,} cases, {log.events:,} events; {len(made)} relations; "
        f"{median(map(len, events)):.0f} events a case; the quickest of several rounds"
    )
    count = REPEATS * sum(map(len, events))
    timed, states, fitting = machine_rate(book, made, events)
    report("our replay, working-day deadlines", timed, count, limit=f"wanted {EVENTS_LIMIT:,}")
    print(f"  {states} states; {fitting:,} cases fit and owe nothing")
    untimed, _, _ = machine_rate(book, [replace(one, length=None) for one in made], events)
    report("our replay, no deadlines", untimed, count, limit=f"wanted {EVENTS_LIMIT:,}")
    taken = best(3, lambda: replay(log, book, words, calendar=DUTCH))
    wanted = f"wanted {DIAGNOSIS_LIMIT_S:.0f} s"
    report("our diagnosis, every finding named", taken, log.events, limit=wanted)
    if RECEIPT.exists():
        reading = best(3, lambda: read_log(RECEIPT, DUTCH.zone, words.columns))
        report("our reading of the packed CSV", reading, log.events)
    sys.stdout.flush()
    peers(log, words, book, made, Rates(count / timed.work, count / untimed.work))


if __name__ == "__main__":
    main()
