"""Runs the console blocks of a document as a reader would type them, and compares what they print.

In a block fenced as `console`, a line that begins with `$ ` is a command, one that begins with `> ` continues it, and
what follows is what it prints, errors included. `…` stands for any text within a line, and a line of `…` alone for any
lines. A comment `<!-- run: COMMAND -->` is a command that the reader does not see, such as the making of a store.
A comment `<!-- edit: before|instead of TEXT in PATH -->` puts the next Python block before, or in the place of, the
first line of a file that begins with a text, but for its indentation; `<!-- edit: new PATH -->` makes a file of it.

A document that speaks of `$DATABASE` gets a PostgreSQL server, on a machine that has one; elsewhere it is not run.
All commands of a document run in one shell, in a directory of their own with the samples in it; CHECKOUT says where
the checkout is, and a copy of its packages in the directory goes before it. Where no copy is edited, `heinola` is
loaded once for all of them, and each is a process forked from there. Their clock is told,
not read: it begins on 10 August 2020, goes on by a minute with every `heinola`, and a comment
`<!-- clock: 2020-09-01T08:00:00Z -->` sets it.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from tests import loaded

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
EDIT = Path(__file__).with_name("edit.py")
BEGINNING = "2020-08-10T09:00:00Z"

_FENCE = re.compile(r"^```(\w*)$")
_HIDDEN = re.compile(r"^<!-- (run|clock): (.+) -->$")
_EDIT = re.compile(
    r"^<!-- edit: (?:(new)|(before|instead) (?:of )?([^\n]+) in) (\S+) -->\n\n```python\n(.*?)^```$",
    re.DOTALL | re.MULTILINE,
)

_HEINOLA = """#!{python}
import sys
from datetime import datetime, timedelta
from pathlib import Path

import cli
from heinola_es.commands import context

told = Path({clock!r})
now = datetime.fromisoformat(told.read_text().strip()) + timedelta(minutes=1)
told.write_text(now.isoformat().replace("+00:00", "Z"))
door = context.Door
context.Door = lambda store, actor, clock, *more: door(store, actor, lambda: now.astimezone(clock().tzinfo), *more)
sys.argv[0] = "heinola"
cli.main()
"""
_FORKED = """#!{python} -IS
import array, json, os, socket, sys

umask = os.umask(0)
os.umask(umask)
request = dict(words=sys.argv[1:], cwd=os.getcwd(), env=dict(os.environ), umask=umask, clock={clock!r})
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as asking:
    asking.connect({address!r})
    streams = array.array("i", [0, 1, 2])
    asking.sendmsg([json.dumps(request).encode()], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, streams)])
    code = json.loads(asking.recv(1 << 16))["code"]
sys.exit(code if code >= 0 else 128 - code)
"""
"""The same by a fork of a process that has loaded the program (`tests.loaded`), which takes a quarter of the time."""
_DATE = """#!/bin/sh
test "$*" = "-u +%FT%TZ" || {{ echo "the documents tell the time as date -u +%FT%TZ"; exit 1; }}
cat {clock}
"""


@frozen
class Step:
    """A command of a document.

    Attributes:
        line: where it stands in the document.
        command: as a shell runs it.
        expected: what it prints, or None where the document does not show it; then it must succeed.
    """

    line: int
    command: str
    expected: str | None


def blocks_of(document: str, language: str) -> list[tuple[int, str]]:
    """Return the blocks fenced as `language`, each with the number of its first line."""
    found: list[tuple[int, str]] = []
    fenced, begun, lines = None, 0, list[str]()
    for number, line in enumerate(document.split("\n"), 1):
        fence = _FENCE.match(line)
        if fence and fenced is None:
            fenced, begun, lines = fence[1], number + 1, []
        elif fence:
            if fenced == language:
                found.append((begun, "".join(f"{kept}\n" for kept in lines)))
            fenced = None
        elif fenced is not None:
            lines.append(line)
    return found


def steps_of(document: str) -> list[Step]:
    """Return the commands of a document in order, shown and hidden."""
    hidden = [
        Step(number, told[2] if told[1] == "run" else f'echo "{told[2]}" > "$TOLD_CLOCK"', None)
        for number, line in enumerate(document.split("\n"), 1)
        if (told := _HIDDEN.match(line))
    ]
    shown = [step for begun, block in blocks_of(document, "console") for step in _steps(begun, block)]
    return sorted([*hidden, *_edits(document), *shown], key=lambda step: step.line)


def _edits(document: str) -> Iterator[Step]:
    for found in _EDIT.finditer(document):
        new, how, anchor, path, block = found.groups()
        words = (sys.executable, str(EDIT), new or how, anchor or "", path)
        command = f"{shlex.join(words)} <<'END_OF_BLOCK'\n{block}END_OF_BLOCK"
        yield Step(document.count("\n", 0, found.start()) + 1, command, None)


def _steps(begun: int, block: str) -> list[Step]:
    steps: list[Step] = []
    for number, line in enumerate(block.removesuffix("\n").split("\n"), begun):
        if line.startswith("$ "):
            steps.append(Step(number, line[2:], ""))
            continue
        if not steps:
            raise ValueError(f"line {number} is the output of no command")
        last = steps[-1]
        if line.startswith("> ") and not last.expected:
            steps[-1] = Step(last.line, f"{last.command}\n{line[2:]}", "")
        else:
            steps[-1] = Step(last.line, last.command, f"{last.expected}{line}\n")
    return steps


def run(steps: list[Step], directory: Path, **variables: str) -> list[tuple[str, int]]:
    """Run the commands in one shell, with these variables; return what each printed and its exit code."""
    place, outputs = directory / "place", directory / "outputs"
    place.mkdir()
    outputs.mkdir()
    (place / "examples").symlink_to(ROOT / "examples")
    script = "".join(
        f"{{ {step.command}\n}} >{outputs}/{number} 2>&1; code=$?; echo $code >{outputs}/{number}.code; (exit $code)\n"
        for number, step in enumerate(steps)
    )
    own_packages = any("END_OF_BLOCK" in step.command for step in steps)
    environment = _environment(directory, _HEINOLA if own_packages else _FORKED) | variables
    environment["PATH"] += f":{variables.get('POSTGRES_PROGRAMS', '')}"
    subprocess.run(["bash", "-c", script], cwd=place, env=environment, check=False, stdin=subprocess.DEVNULL)
    return [
        ((outputs / str(number)).read_text("utf-8"), int((outputs / f"{number}.code").read_text()))
        for number, _step in enumerate(steps)
    ]


def _environment(directory: Path, heinola: str) -> dict[str, str]:
    commands, clock = directory / "bin", directory / "clock"
    commands.mkdir()
    clock.write_text(BEGINNING)
    values = {"python": sys.executable, "clock": str(clock), "address": loaded.address()}
    for name, text in (("heinola", heinola), ("date", _DATE)):
        (commands / name).write_text(text.format(**values), "utf-8")
        (commands / name).chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEINOLA", "_HEINOLA", "XDG_"))}
    return {
        **kept,
        "PATH": f"{commands}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(directory),
        "PYTHONPATH": f"{directory / 'place'}:{ROOT}",
        "CHECKOUT": str(ROOT),
        "TOLD_CLOCK": str(clock),
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
        "HEINOLA_LANG": "en",
        "NO_COLOR": "1",
    }


def differences(steps: list[Step], printed: list[tuple[str, int]]) -> list[str]:
    """Return what a document says otherwise than it is, each with its line."""
    found = []
    for step, (output, code) in zip(steps, printed, strict=True):
        if step.expected is None:
            if code:
                found.append(f"line {step.line}: {step.command}\nfailed with {code}:\n{output}")
        elif not matches(step.expected, output):
            found.append(f"line {step.line}: {step.command}\nshould print:\n{step.expected}\nbut prints:\n{output}")
        elif code and "heinola: " not in step.expected:
            found.append(f"line {step.line}: {step.command}\nfails with {code}, which the document does not show")
    return found


def matches(expected: str, output: str) -> bool:
    """Return whether an output is what a document shows, but for what it leaves out and kinds of space."""
    shown = (
        r"(?:.*\n)*?" if line == "…" else ".*?".join(map(re.escape, line.split("…"))) + "\n"
        for line in _lines(expected)
    )
    return re.fullmatch("".join(shown), "".join(f"{line}\n" for line in _lines(output))) is not None


def _lines(text: str) -> list[str]:
    return [re.sub("[\u00a0\u202f]", " ", line).rstrip() for line in text.splitlines()]
