"""The program, loaded once: every run of it is a fork of a process that has imported it, so it starts in no time.

A run is a process of its own, with its own folder, environment and streams, and does what `python -m cli` does. What is
claimed of the start itself (what is imported, what an interpreter makes of its environment) asks `tests.terminal`.

`python -m tests.loaded SOCKET` is the process that forks. Whoever connects sends a request with three streams, and is
told how it ended.
"""

from __future__ import annotations

import array
import atexit
import gc
import json
import os
import pkgutil
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[1]
STREAMS = 3
LONGEST_REQUEST = 1 << 20
STARTED_MEGABYTES = 30
"""What a program that is started by itself takes before it reads anything."""
STARTING_SECONDS = 60
LEFT_BEHIND_SECONDS = 10
PATIENCE_SECONDS = 60
"""After which a program is taken to hang, and ended."""
LEFT_ALONE = ("projections.web", "projections.country", "heinola_es.lake", "projections.writers.formats")
"""Packages with libraries that start threads, or that few commands need: those load them as they always do."""


@frozen
class Ended:
    """How a run ended.

    Attributes:
        returncode: its exit code, or minus the signal that ended it.
        stdout, stderr: what it said.
        megabytes: of memory at its peak, as if it had started by itself.
        user_seconds, seconds: of a processor, outside the kernel and in all.
    """

    returncode: int
    stdout: bytes
    stderr: bytes
    megabytes: float
    user_seconds: float
    seconds: float


def run(*words: str, cwd: Path, env: Mapping[str, str], stdin: str = "") -> Ended:
    """Run the program and wait for it."""
    with TemporaryFile() as given, TemporaryFile() as said, TemporaryFile() as complained:
        given.write(stdin.encode())
        given.seek(0)
        request = {"words": words, "cwd": str(cwd), "env": dict(env)}
        told = ask(address(), request, (given, said, complained))
        said.seek(0)
        complained.seek(0)
        code, megabytes, user, system = told["code"], told["megabytes"], told["user"], told["system"]
        return Ended(code, said.read(), complained.read(), megabytes + STARTED_MEGABYTES, user, user + system)


def ask(path: str, request: Mapping[str, Any], streams: tuple[BinaryIO, BinaryIO, BinaryIO]) -> dict[str, Any]:
    """Have a request done with these streams, and return how it ended."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)) as asking:
        asking.connect(path)
        numbers = array.array("i", [stream.fileno() for stream in streams])
        asking.sendmsg([json.dumps(request).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, numbers)])
        told: dict[str, Any] = json.loads(asking.recv(LONGEST_REQUEST))
        return told


@cache
def address() -> str:
    """Return where the process is that forks; it is started when it is first asked for."""
    folder = TemporaryDirectory(prefix="heinola-loaded-")
    path = f"{folder.name}/socket"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HEINOLA", "_HEINOLA"))}
    process = subprocess.Popen([sys.executable, "-m", "tests.loaded", path], cwd=ROOT, env=environment)

    def end() -> None:
        process.kill()
        process.wait()
        folder.cleanup()

    atexit.register(end)
    until = time.monotonic() + STARTING_SECONDS
    while not Path(path).exists():
        if process.poll() is not None or time.monotonic() > until:
            raise AssertionError("the program cannot be loaded; see what it said")
        time.sleep(0.02)
    return path


# ---------------------------------------------------------------- the process that forks


def load() -> None:
    """Import the program: the door, and all that it may come to load, but what is left alone."""
    for package in ("cli", "events", "heinola_es", "projections"):
        top = import_module(package)
        for found in pkgutil.walk_packages(getattr(top, "__path__", []), f"{package}."):
            if not found.name.startswith(LEFT_ALONE) and "__main__" not in found.name:
                with suppress(ImportError):  # what belongs to an extra that is not installed
                    import_module(found.name)


def forked(path: str) -> dict[str, Any]:
    """Wait for requests; return in a new process for each of them, whose streams are those that came with it."""
    load()
    gc.collect()
    gc.freeze()  # so that no child copies all pages of what it never changes
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(f"{path}.new")
        listening.listen(64)
        Path(f"{path}.new").rename(path)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        listening.settimeout(LEFT_BEHIND_SECONDS)
        parent = os.getppid()
        while True:
            try:
                asking, _from = listening.accept()
            except TimeoutError:
                if os.getppid() != parent:  # which was killed, and could not end this process
                    sys.exit()
                continue
            with asking:
                if os.fork() == 0:
                    listening.close()
                    return _attended(asking)


def _attended(asking: socket.socket) -> dict[str, Any]:
    """Return a request in a process of its own; this one waits for that, tells how it ended, and ends itself."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    said, sent, _flags, _from = asking.recvmsg(LONGEST_REQUEST, socket.CMSG_SPACE(STREAMS * array.array("i").itemsize))
    streams = array.array("i")
    streams.frombytes(sent[0][2])
    process = os.fork()
    if process == 0:
        asking.close()
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        request: dict[str, Any] = json.loads(said)
        return request
    signal.signal(signal.SIGALRM, lambda _signal, _frame: os.killpg(process, signal.SIGKILL))
    signal.alarm(PATIENCE_SECONDS)
    _process, status, used = os.wait4(process, 0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # of which it has a copy
    told = {
        "code": os.waitstatus_to_exitcode(status),
        "megabytes": (used.ru_maxrss - before) / 1024,
        "user": used.ru_utime,
        "system": used.ru_stime,
    }
    asking.sendall(json.dumps(told).encode())
    os._exit(0)


def begin(request: Mapping[str, Any]) -> None:
    """Be as a process that was started for a request."""
    os.setsid()
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    if "umask" in request:
        os.umask(request["umask"])
    tempfile.tempdir = None
    time.tzset()
    sys.argv = ["heinola", *request["words"]]
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)
    if clock := request.get("clock"):
        _tell_time(Path(clock))


def _tell_time(told: Path) -> None:
    """Let the door's clock say what a file says, and a minute later the next time."""
    from heinola_es.commands import context

    now = datetime.fromisoformat(told.read_text().strip()) + timedelta(minutes=1)
    told.write_text(now.isoformat().replace("+00:00", "Z"))
    door = context.Door
    context.Door = lambda store, actor, clock, *more: door(  # type: ignore[assignment,misc]
        store, actor, lambda: now.astimezone(clock().tzinfo), *more
    )


if __name__ == "__main__":
    begin(forked(sys.argv[1]))
    import cli

    cli.main()
