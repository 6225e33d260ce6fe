"""How long a cold command takes, beside a Python that does nothing.

    python benchmarks/cold_start.py [REPORT]

REPORT is an interim report to import first; by default the sample in examples/.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.timing import bare_python, heinola, timed

SAMPLE = Path(__file__).resolve().parents[1] / "examples" / "hyvinvointi-2020-q2.txt"


def main() -> None:
    """Print a line per command: median seconds, and how many times a bare Python that is."""
    report = sys.argv[1] if len(sys.argv) > 1 else str(SAMPLE)
    with TemporaryDirectory() as folder:
        store = str(Path(folder) / "heinola.db")
        for step in (("init",), ("import", "report", report), ("snapshot", "2020Q2", "-o", "-")):
            subprocess.run(heinola("--store", store, *step), check=True, capture_output=True)
        commands = {
            "heinola --help": heinola("--help"),
            "heinola snapshot 2020Q2 --format json": heinola(
                "--store", store, "snapshot", "2020Q2", "--format", "json"
            ),
            "heinola snapshot 2020Q2": heinola("--store", store, "snapshot", "2020Q2"),
            "heinola audit explain 410 net 2020Q2": heinola(
                "--store", store, "audit", "explain", "410", "net", "2020Q2"
            ),
            "heinola record actual … --dry-run": heinola(
                "--store", store, "record", "actual", "4100", "sales", "7/2020", "100", "--dry-run"
            ),
        }
        print(f"{'command':<42}{'seconds':>9}{'bare Python':>13}{'ratio':>7}")
        for name, command in commands.items():
            timing = timed(command, bare_python())
            print(f"{name:<42}{timing.seconds:>9.3f}{timing.reference_seconds:>13.3f}{timing.ratio:>7.1f}")


if __name__ == "__main__":
    main()
