"""spona demo: from an empty database to a running demo with sign-in links."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from demo.draft import consult
from demo.load import load
from demo.people import load_staff
from demo.persons import SignIn
from demo.play import play
from demo.views import sign_in_path
from spona.base import rls
from spona.base.actor import Actor
from spona.coordination import actions
from spona.coordination.models import Notice
from spona.protocols.actions import version_publish

FIRST_PORT, PORTS = 8000, 50
PROTOCOLS = Path("protocols")
YESTERDAY = timedelta(days=1)


class Command(BaseCommand):
    help = "Set up the demo with synthetic people and serve it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=0, help="8000, or the next that is free")
        parser.add_argument("--no-serve", action="store_true", help="set up, print links, stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demo: set SPONA_DEMO=1, on a database of its own.")
        with _one_at_a_time():
            _migrate()
            _fill()
        port = options["port"] or _free_port()
        self._say(port)
        if not options["no_serve"]:
            _serve(port)

    def _say(self, port: int) -> None:
        self.stdout.write("\nSpona, demonstration. All people and cases are invented.\n")
        staff = load_staff()
        for rank, title in ((SignIn.MAIN, "Sign in as"), (SignIn.FURTHER, "Others")):
            self.stdout.write(f"\n{title}:")
            for key, person in staff.items():
                if person.sign_in is rank:
                    who = f"{person.first_name} {person.surname} ({person.roles[0].value})"
                    self.stdout.write(f"  {who:<52} http://localhost:{port}{sign_in_path(key)}")
        self.stdout.write(
            f"\nEverybody on one page: http://localhost:{port}{reverse('demo:index')}"
        )
        self.stdout.write("Stop with Ctrl-C; `make stop` also stops the database.\n")
        self.stdout.flush()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two demos of one folder share the database: the second waits for the first to set it up."""
    folder = settings.ROOT / ".dev"
    folder.mkdir(exist_ok=True)
    with (folder / "demo.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _migrate() -> None:
    """As the owner of the tables, which the website is not."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env={**os.environ, "SPONA_DB_ROLE": "spona_owner", **_settings()},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CommandError(f"The database could not be set up:\n{done.stderr}")


def _settings() -> dict[str, str]:
    return {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(settings.ROOT)}


def _fill() -> None:
    at = timezone.now()
    for path in sorted((settings.ROOT / PROTOCOLS).glob("*.yaml")):
        version_publish(text=path.read_text(encoding="utf-8"), by=Actor(name="demo"), at=at)
    load(at)
    consult(at)
    if play(at):
        actions.catch_up(at=at)
        actions.tell_what_is_due(at=at)
        with rls.engine_room():
            Notice.objects.filter(at__lt=at - YESTERDAY).update(read_at=at, mailed_at=at)
    connection.close()


def _free_port() -> int:
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise CommandError(f"No free port from {FIRST_PORT} on; name one with --port.")


def _serve(port: int) -> None:
    """The website and the worker, until one of them ends or somebody presses Ctrl-C."""
    env = {**os.environ, **_settings(), "SPONA_URL": f"http://localhost:{port}"}
    web = [sys.executable, "-m", "gunicorn", "config.wsgi", "--workers", "2", "--threads", "2"]
    worker = [sys.executable, "-m", "django", "procrastinate", "worker"]
    running = [
        subprocess.Popen([*web, "--bind", f"127.0.0.1:{port}", "--log-level", "warning"], env=env),  # noqa: S603
        subprocess.Popen(worker, env={**env, "SPONA_DB_ROLE": "spona_worker"}),  # noqa: S603
    ]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        os.wait()
    except KeyboardInterrupt:
        pass
    finally:
        for process in running:
            process.terminate()
