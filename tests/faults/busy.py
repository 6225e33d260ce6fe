"""A process that gives one command line after another: `python -m tests.faults.busy SECONDS FOLDER WORD …`.

It says that it is ready and waits for a line; `{n}` in a word counts the commands.
What each said, and how it ended, goes to a file of its own in the folder.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import orjson
from click.testing import CliRunner

from cli import main

if __name__ == "__main__":
    seconds, folder, words = float(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    print("ready", flush=True)  # noqa: T201 - how two processes meet
    sys.stdin.readline()
    until, number = time.time() + seconds, 0
    while time.time() < until:
        number += 1
        ended = CliRunner().invoke(main, [word.replace("{n}", str(number)) for word in words])
        told = {"code": ended.exit_code, "stdout": ended.stdout, "stderr": ended.stderr, "error": repr(ended.exception)}
        (folder / f"{os.getpid()}-{number}.json").write_bytes(orjson.dumps(told))
