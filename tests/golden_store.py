"""Makes a folder of `tests/golden`: a store, and what was published, sealed, proved and exported from it.

    python -m tests.golden_store tests/golden/0.2.0

makes it by the program in this checkout; `--by CHECKOUT` by that in another. Nothing but the command line is asked, so
that it serves any version. The key is thrown away: nobody seals with it again.
"""

from __future__ import annotations

import argparse
import gzip
import os
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import frozen

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "examples" / "hyvinvointi-2020-q2.txt"
LIFE = (
    "init --city Heinola",
    f"import report {SAMPLE}",
    "keys init",
    "keys show > heinola.pub",
    "publish 2020Q2 -o q2-r1.seal",
    'record correction 4160 expenses 1-6/2020 -12500 --reason "Kesäkuun lasku puuttui" --once tosite-4711',
    "publish 2020Q2 -o q2-r2.seal",
    "publish 2020Q2 --unit 410 -o q2-410-r1.seal",
    "snapshot 2020Q2 --published 1 --format json > q2-r1.json",
    "snapshot 2020Q2 --published 2 --format json > q2-r2.json",
    "snapshot 2020Q2 --unit 410 --published 1 --format json > q2-410-r1.json",
    "audit prove 42 --seal q2-r1.seal -o event-42.proof",
    "audit prove --from q2-r1.seal --to q2-410-r1.seal -o r1-to-410.proof",
    "audit verify --seal q2-r1.seal --seal q2-r2.seal --seal q2-410-r1.seal",
    "export events -o events.jsonl",
)
LEFT_OUT = ("seal.key",)


@frozen
class Program:
    """The program of a checkout, at work in a folder."""

    checkout: Path
    folder: Path

    def run(self, line: str) -> None:
        """Run a command line, written as for a shell; `> FILE` takes what is said."""
        told, _mark, target = line.partition(" > ")
        done = subprocess.run(
            [sys.executable, "-m", "cli", *shlex.split(told)],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.checkout), "HEINOLA_ACTOR": "controller", **self._places()},
            capture_output=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{line}: {done.stderr.decode()}")
        if target:
            (self.folder / target).write_bytes(done.stdout)

    def _places(self) -> dict[str, str]:
        return {"HEINOLA_STORE": str(self.folder / "heinola.db"), "HEINOLA_KEY": str(self.folder / "seal.key")}


def make(target: Path, checkout: Path) -> None:
    """Make a folder by the program of a checkout; it must not be there yet."""
    target.mkdir(parents=True)
    with TemporaryDirectory() as name:
        folder = Path(name)
        program = Program(checkout, folder)
        for line in LIFE:
            program.run(line)
        for path in sorted(folder.iterdir()):
            if path.suffix in {".json", ".jsonl", ".db"}:
                (target / f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
            elif path.name not in LEFT_OUT:
                (target / path.name).write_bytes(path.read_bytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--by", type=Path, default=ROOT, metavar="CHECKOUT")
    asked = parser.parse_args()
    make(asked.folder, asked.by.resolve())
