"""A PostgreSQL server for the tests: of its own, on loopback, in a temporary folder, run by an unprivileged user.

`HEINOLA_TEST_POSTGRES` may name one that runs already (`postgresql://…`); a schema is made in it for every store.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

RUNNING = "HEINOLA_TEST_POSTGRES"
CHECKOUT = Path(__file__).resolve().parents[1]
DEBIAN = Path("/usr/lib/postgresql")
UNPRIVILEGED = ("postgres", "nobody")
SUPERUSER = "heinola"
STARTING_SECONDS = 60
MEMORY = Path("/dev/shm")  # noqa: S108 - holds folders of random names
"""Where files are kept in memory: what a test writes need not survive it."""
ROOM_BYTES = 2 << 30


class NoServerHere(Exception):
    """There is no PostgreSQL on this machine."""


def programs() -> Path:
    """Return the folder with the newest `initdb` and `postgres` of this machine.

    Raises:
        NoServerHere: there are none, or nobody unprivileged can run them.
    """
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    if found is None:
        raise NoServerHere("PostgreSQL is not installed; on Debian and Ubuntu: apt install postgresql")
    return Path(found).parent


def as_somebody() -> list[str]:
    """Return what a command begins with so that it is not run as root, whom the server refuses."""
    if os.geteuid() != 0:
        return []
    known = {user.pw_name for user in pwd.getpwall()}
    name = next((name for name in UNPRIVILEGED if name in known), None)
    if name is None or shutil.which("setpriv") is None:
        raise NoServerHere("there is no unprivileged user to run PostgreSQL as")
    return [
        "setpriv",
        f"--reuid={name}",
        f"--regid={pwd.getpwnam(name).pw_gid}",
        "--clear-groups",
        "--pdeathsig=QUIT",
        "--",
    ]


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@cache
def readable_product() -> Path:
    """Return a folder with the product that anybody may read: the checkout, or else a copy, gone at the end."""
    others_enter = all(folder.stat().st_mode & 0o005 == 0o005 for folder in (CHECKOUT, *CHECKOUT.parents))
    if others_enter and (CHECKOUT / "cli.py").stat().st_mode & 0o004:
        return CHECKOUT
    copy = Path(tempfile.mkdtemp(prefix="heinola-product-", dir=roomy()))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    shutil.copyfile(CHECKOUT / "cli.py", copy / "cli.py")
    for package in ("events", "heinola_es", "projections"):
        shutil.copytree(CHECKOUT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(["chmod", "-R", "a+rX", str(copy)], check=True)
    return copy


@contextmanager
def postgres_server(**settings: str) -> Iterator[str]:
    """Run a server with these settings and give its address, `postgresql://USER@127.0.0.1:PORT/postgres`.

    Raises:
        NoServerHere: there is no PostgreSQL on this machine.
    """
    with unprivileged_folder() as folder:
        made = ["-D", f"{folder}/data", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        _run([*as_somebody(), f"{programs()}/initdb", *made])
        with started_server(folder / "data", **settings) as address:
            yield address


@contextmanager
def started_server(data: Path, **settings: str) -> Iterator[str]:
    """Run the server whose data are in a folder, with these settings, and give its address."""
    port = free_port()
    chosen = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", **settings}
    options = [word for name, value in chosen.items() for word in ("-c", f"{name}={value}")]
    server = [*as_somebody(), f"{programs()}/postgres", "-D", str(data), *options]
    told = data.with_name(f"{data.name}.log")
    with (
        told.open("wb") as log,
        subprocess.Popen(server, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process,
    ):
        try:
            _wait_for(process, port, told)
            yield f"postgresql://{SUPERUSER}@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGQUIT)  # at once: nothing here is to be kept


@contextmanager
def unprivileged_folder() -> Iterator[Path]:
    """Give a temporary folder that whoever runs the server can write to."""
    folder = Path(tempfile.mkdtemp(prefix="heinola-postgres-", dir=roomy()))
    try:
        folder.chmod(0o777)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Wait until the server answers."""
    ready = [f"{programs()}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    for _try in range(STARTING_SECONDS * 20):
        if process.poll() is not None:
            break
        if subprocess.run(ready, check=False).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')}")


def roomy() -> Path | None:
    """Return the folder in memory, where there is one with room; else, or where TMPDIR names one, None."""
    if "TMPDIR" in os.environ:
        return None
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return MEMORY if roomy else None


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[-1]} failed: {done.stdout}{done.stderr}")


def main() -> None:
    """Run the command given on the command line beside a server, which it finds in `HEINOLA_TEST_POSTGRES`."""
    with postgres_server() as address:
        done = subprocess.run(sys.argv[1:], env={**os.environ, RUNNING: address}, check=False)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
