"""Reads beside writers: whatever a snapshot says, it is what the log says up to the very position that it names.

Eight processes record, two rebuild the read models and some read, all as fast as they go. When the dust has settled,
each snapshot is compared with that of another store, into which the log was imported up to its position and no further.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from heinola_es.store.merkle import append_leaves, root_of
from tests.faults.stage import ACTOR, READ, retry_option
from tests.faults.whole import TRIED, WHOLE, some, told
from tests.terminal import ROOT, Terminal, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.stage import Copy, Stage

SECONDS = 60 if WHOLE else 2
WRITING = "record actual 4160 fees 7/2021 {{n}},{number} --also {once} w{number}-{{n}}"
BUSY = ("others keep the store busy; try again", "is locked by another program for more than 10 seconds")
"""What a command says that waited too long for its turn; it has recorded nothing, and the next one may."""
READING = (READ, READ, f"{READ} --unit 410", "audit verify", "projections rebuild")


def processes(copy: Copy, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start all who write and read; each waits for a line."""
    writing = [WRITING.format(number=number, once=retry_option()) for number in range(10, 18)]
    for number, line in enumerate([*writing, *READING]):
        place = folder / f"{'w' if number < len(writing) else 'r'}{number}"
        place.mkdir()
        words = ["--store", copy.location, "--actor", ACTOR, *line.split()]
        command = [sys.executable, "-m", "tests.faults.busy", str(SECONDS), str(place), *words]
        yield subprocess.Popen(command, cwd=ROOT, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def let_go(started: list[subprocess.Popen[bytes]]) -> None:
    """Let all begin when the last is ready, and wait for them."""
    for process in started:
        assert process.stdout
        assert process.stdout.readline() == b"ready\n"
    for process in started:
        assert process.stdin
        process.stdin.write(b"go\n")
        process.stdin.close()
    assert [process.wait(120 + SECONDS) for process in started] == [0] * len(started)
    for process in started:
        assert process.stdout
        process.stdout.close()


def heard(folder: Path, whose: str) -> list[dict[str, Any]]:
    """Return how the commands of the writers or of the readers ended."""
    return [orjson.loads(path.read_bytes()) for path in sorted(folder.glob(f"{whose}*/*.json"))]


def broken(ended: list[dict[str, Any]]) -> list[str]:
    """Return how the commands ended that neither did what they were asked to nor waited for it in vain."""
    in_vain = [one for one in ended if one["code"] == 1 and any(words in one["stderr"] for words in BUSY)]
    assert len(in_vain) * 2 <= len(ended), "hardly a command has its turn"
    rest = [one for one in ended if one not in in_vain]
    return [f"{one}" for one in rest if one["code"] or one["error"] not in {"None", "SystemExit(0)"}]


def cut(log: list[bytes], position: int) -> bytes:
    """Return the exported log up to a position, as it would have been exported then."""
    header, events = orjson.loads(log[0]), log[1 : position + 1]
    frontier: list[bytes] = []
    append_leaves(0, frontier, (bytes.fromhex(orjson.loads(line)["leaf_hash"]) for line in events))
    recorded = orjson.loads(orjson.loads(events[-1])["body"])["recorded"]
    told = header | {"size": position, "root": root_of(frontier).hex(), "recorded": recorded}
    return b"\n".join([orjson.dumps(told), *events, *kept(log[header["size"] + 1 :], b"".join(events))]) + b"\n"


def kept(lines: list[bytes], events: bytes) -> Iterator[bytes]:
    """Yield what is kept of the reports that these events published: each with the names that follow it."""
    published = False
    for line in lines:
        told = orjson.loads(line)
        if "packed" in told:
            published = told["digest"].encode() in events
        if published:
            yield line


def snapshot_at(log: list[bytes], position: int, unit: str, folder: Path) -> str:
    """Return the snapshot of a store that holds the log up to a position."""
    file, store = folder / "cut.jsonl", Terminal(folder / f"{position}.db")
    file.write_bytes(cut(log, position))
    if not store.store.exists():
        done = store.run(f"import events {file}")
        assert done.exit_code == 0, done.output
    return store.done(f"{READ}{unit}")


def differing(said: list[str], log: list[bytes], folder: Path) -> list[str]:
    """Return the snapshots that are not what the log says up to the position that they name."""
    found = []
    for text in some(sorted(set(said)), 4, 300, "moments"):
        snapshot = orjson.loads(text)
        unit = " --unit 410" if len(snapshot["units"]) < len(log_units(log)) else ""
        if snapshot_at(log, snapshot["position"], unit, folder).strip() != text.strip():
            found.append(f"the snapshot{unit} of #{snapshot['position']} is not what the log says up to there")
        TRIED["snapshots beside writers"] += 1
    return found


def log_units(log: list[bytes]) -> list[bytes]:
    """Return the lines of the log that establish a unit."""
    return [line for line in log if b'"UnitEstablished"' in line]


def test_a_read_beside_writers_is_one_moment(stage: Stage, tmp_path: Path) -> None:
    """Every snapshot is that of its position; every command ends well; nothing is lost or recorded twice."""
    with stage.copied() as copy:
        before = len(copy.said() or [])
        let_go(list(processes(copy, tmp_path)))
        written, read = heard(tmp_path, "w"), heard(tmp_path, "r")
        exported = copy.terminal.run("export events -o -")
        assert exported.exit_code == 0, exported.output
        found = broken([*written, *read])
        log = exported.stdout_bytes.splitlines()
        assert len(copy.said() or []) == before + 2 * sum(one["code"] == 0 for one in written)
        said = [one["stdout"] for one in read if one["code"] == 0 and one["stdout"].startswith("{")]
        TRIED["commands beside others"] += len(written) + len(read)
        assert said
        found += differing(said, log, tmp_path)
        assert copy.problems() == []
    assert not found, told(found)


@pytest.mark.in_a_file
def test_a_snapshot_of_another_moment_is_found(stage: Stage, tmp_path: Path) -> None:
    """The control: a snapshot that names the position after its own is not taken for that of it."""
    with stage.copied() as copy:
        early = orjson.loads(copy.terminal.done(READ))
        copy.terminal.done("record statement 4160 fees 1-9/2021 5")
        log = copy.terminal.run("export events -o -").stdout_bytes.splitlines()
        late = copy.terminal.done(READ)
        early["position"] += 1
        mixed = orjson.dumps(early, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode()
        assert differing([late], log, tmp_path) == []
        assert len(differing([mixed], log, tmp_path)) == 1
