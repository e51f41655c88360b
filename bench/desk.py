"""How long people wait for their desk, and the clock for its sweep, in a country of 100,000 cases.

Run with `make bench`, or `python -m bench.desk [--rebuild]` from the root of the repository. Beside
each page stands the same SQL without Django, and its reads with the filter of the application but
without row security; beside each step of the engine its limit.
"""

from __future__ import annotations

import argparse
import os
from time import perf_counter

import django

from bench import server
from config import devdb

LEGEND = """
Milliseconds, median and 95th percentile, on {cores} cores; load of the machine before: {busy:.1f}.
One at a time, eight at once: the website, {workers} processes of gunicorn, asked without a pause.
Work: processor time of website and database for one request, asked in this process.
Eight at once share {cores} cores: each waits for about {share:.0f} times the work at least. With
more work than a {share:.0f}th of its limit no page keeps it at eight, whatever else is mended.
SQL alone: the same queries by plain psycopg, without commit.
Reads: what is read, with row security and without it; the filter of the application stays.
Rows: what the planner expected and what it met, at the step where they differ most.
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--rebuild", action="store_true", help="build the database anew")
    rebuild = options.parse_args().rebuild
    devdb.start()
    _set_up_django()
    _make(rebuild)
    from bench import pages, sweeps, website

    cores, busy = os.cpu_count() or 1, os.getloadavg()[0]
    share = pages.EIGHT / cores
    print(LEGEND.format(workers=website.WORKERS, cores=cores, busy=busy, share=share))
    pages.main()
    sweeps.main()


def _set_up_django() -> None:
    os.environ.setdefault("SPONA_DEMO", "1")
    os.environ["DATABASE_URL"] = server.url(server.LIVE)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()


def _make(rebuild: bool) -> None:
    from bench.country import fill

    if rebuild or not server.is_made():
        begun = perf_counter()
        print("Building a synthetic country; this happens once.", flush=True)
        server.make(fill)
        print(f"Built in {perf_counter() - begun:.0f} s.")


if __name__ == "__main__":
    main()
