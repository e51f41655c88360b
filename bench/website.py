"""The website as it runs: gunicorn on a port of this machine, asked by one or by many at once."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from bench import server

WORKERS, PATIENCE_S = 4, 60.0
TOKEN = "b" * 32  # the same in the cookie and in the form, as the protection of forms wants it


@dataclass(frozen=True, slots=True)
class Ask:
    """One request; `sent` makes it a POST."""

    path: str
    sent: dict[str, Any] | None = None


@contextmanager
def website() -> Iterator[int]:
    """The site on the database in which Django works; gives its port. Not a Unix socket: the site
    wants to know from which address it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", str(WORKERS)]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error", "--timeout", "120"]
    env = os.environ | {"SPONA_DEMO": "1", "DATABASE_URL": server.url(server.LIVE)}
    with subprocess.Popen(command, cwd=server.ROOT, env=env) as site:  # noqa: S603 - our own
        try:
            _wait(port)
            yield port
        finally:
            site.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            if _open(port, "", Ask("/accounts/login/"))[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The website did not start.")


def seconds(
    port: int, sessions: Sequence[str], asks: Iterator[Ask], *, at_once: int, times: int
) -> list[float]:
    """How long each request took, from the first byte sent to the last one read. Nobody pauses."""
    pairs = list(zip(cycle(sessions), islice(asks, times), strict=False))
    with ThreadPoolExecutor(at_once) as people:
        return list(people.map(lambda pair: _timed(port, *pair), pairs))


def _timed(port: int, session: str, ask: Ask) -> float:
    begun = perf_counter()
    status, body = _open(port, session, ask)
    taken = perf_counter() - begun
    if status != (302 if ask.sent else 200):
        raise RuntimeError(f"{ask.path} answers {status}: {body[:300]!r}")
    return taken


def _open(port: int, session: str, ask: Ask) -> tuple[int, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"Cookie": f"sessionid={session}; csrftoken={TOKEN}"}
    if ask.sent is None:
        link.request("GET", ask.path, headers=headers)
    else:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(ask.sent | {"csrfmiddlewaretoken": TOKEN})
        link.request("POST", ask.path, body=body, headers=headers)
    answer = link.getresponse()
    read = answer.read()
    link.close()
    return answer.status, read
