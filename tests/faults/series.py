"""What is interrupted: commands that record or read, each with the state it starts from and the state it leaves."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import traceback
from contextlib import chdir
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from attrs import frozen
from click.testing import CliRunner

from cli import main
from tests.faults.stage import ACTOR, POSTED, READ, REPORT, retry_option
from tests.terminal import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.faults.stage import Copy


@frozen
class Series:
    """A command.

    Attributes:
        line: as typed; `{once}` stands for the option that names it, so that it is recorded once.
        city: whether it is given to the city's store, or where no store is yet.
        then: what is still to be done, and can be, where it ended after it had recorded.
        reads: whether it records nothing.
    """

    line: str
    city: bool = True
    then: str = ""
    reads: bool = False


PATIENCE_SECONDS = 60
NEVER_ENDED = 124
PUBLISH = "publish 2021Q3 --incomplete --key seal.key"
SERIES = {
    "init": Series("init --city Heinola", city=False),
    "import events into a new store": Series("import events log.jsonl", city=False),
    "copy into a new store": Series("store copy source.db {store}", city=False),
    "record": Series(f"{POSTED} {{once}} kerran"),
    "import figures": Series("import figures ledger.csv --mapping ledger.toml"),
    "import report": Series(f"import report {REPORT}.2"),
    "publish": Series(f"{PUBLISH} -o 3.seal", then=f"{PUBLISH} --seal-again 3 -o 3.seal"),
    "publish once": Series(f"{PUBLISH} -o 3.seal {{once}} kerran", then=f"{PUBLISH} --seal-again 3 -o 3.seal"),
    "require keys": Series("keys require --key seal.key"),
    "rebuild": Series("projections rebuild", reads=True),
    "snapshot": Series(READ, reads=True),
    "verify": Series("audit verify --seal 1.seal --key seal.key", reads=True),
}


@frozen
class Ended:
    """How a command ended: its exit code, or minus the signal that ended it, and what it said."""

    code: int
    stdout: str
    stderr: str

    @property
    def acknowledged(self) -> bool:
        """Whether somebody who watched would take it as done."""
        return self.code == 0 or bool(
            re.search(r"^(#\d|recorded|created|copied|  .*recorded)", self.stdout, re.MULTILINE)
        )


def words_of(series: Series, copy: Copy, line: str = "") -> list[str]:
    """Return the words of the command line, for a store and its folder."""
    said = (line or series.line).format(once=retry_option(), store=copy.location)
    return ["--store", copy.location, "--actor", ACTOR, *said.split()]


def run(
    series: Series, copy: Copy, line: str = "", *, under: Sequence[str] = (), control: str = "", stdout: str = "stdout"
) -> Ended:
    """Run the command in the store's folder as a process of its own, under another program or with a control."""
    program = ["-m", "tests.faults.program", control] if control else ["-m", "cli"]
    command = [*under, sys.executable, *program, *words_of(series, copy, line)]
    out = copy.folder / stdout
    variables = environment(PYTHONHASHSEED="0", PYTHONDONTWRITEBYTECODE="1", HOME=str(copy.folder))
    with out.open("wb") as said, TemporaryFile() as complained:
        code = _waited_for(command, cwd=copy.folder, env=variables, stdout=said, stderr=complained)
        complained.seek(0)
        heard = out.read_text(encoding="utf-8") if out.is_file() else ""
        return Ended(code, heard, complained.read().decode())


def _waited_for(command: list[str], **values: Any) -> int:  # noqa: ANN401 - as the library takes them
    """Run a command and return its exit code; what does not end is ended, with all that it started."""
    with subprocess.Popen(command, start_new_session=True, **values) as process:
        try:
            return process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return NEVER_ENDED


def run_here(series: Series, copy: Copy, line: str = "") -> Ended:
    """Run the command in the store's folder in this process, which takes a tenth of the time."""
    with chdir(copy.folder):
        result = CliRunner(env={"HEINOLA_STORE": None, "HEINOLA_ACTOR": None}).invoke(
            main, words_of(series, copy, line)
        )
    if result.exception and not isinstance(result.exception, SystemExit):
        return Ended(1, result.stdout, "".join(traceback.format_exception(result.exception)))
    return Ended(result.exit_code, result.stdout, result.stderr)
