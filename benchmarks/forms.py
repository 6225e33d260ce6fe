"""A quarter's forms of a whole city: made, and taken in once every unit has filled in all of its own.

    python benchmarks/forms.py [--units 200] [--accounts 20] [--runs 3]

The limits are those that the project has set itself for 200 forms: made in 10 seconds, taken in in 20.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bulk_city import build_city
from benchmarks.report import tell_of_units
from benchmarks.timing import Timing, bare_python, heinola, once, timed
from heinola_es.store.reading import LogReader

PERIOD = "2020Q3"
MADE_SECONDS, TAKEN_IN_SECONDS = 10, 20


def main() -> None:
    """Build a city, make its forms, fill all of them in, take them in, and print what that takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        store, forms = Path(folder) / "city.db", Path(folder) / "forms"
        build_city(store, units=given.units, accounts=given.accounts)
        tell_of_units(store, given.units)
        _warm(store)
        making = heinola("--store", str(store), "form", PERIOD, "-o", str(forms))
        made = timed(making, bare_python(), runs=given.runs)
        paths = sorted(forms.iterdir())
        for path in paths:
            fill(path)
        taken_in = min((_taken_in(store, forms) for _run in range(given.runs)), key=lambda timing: timing.seconds)
        print(f"{len(paths)} forms, {sum(path.stat().st_size for path in paths) / 1000:.0f} kB")
        print(f"\n{'forms':<10}{'seconds':>9}{'limit':>8}{'bare Python':>13}{'ratio':>8}{'MB':>7}")
        for name, timing, limit in (("made", made, MADE_SECONDS), ("taken in", taken_in, TAKEN_IN_SECONDS)):
            times = f"{timing.seconds:>9.2f}{limit:>8}{timing.reference_seconds:>13.3f}{timing.ratio:>8.0f}"
            print(f"{name:<10}{times}{timing.peak_megabytes:>7.0f}")


def _warm(store: Path) -> None:
    """Let the read models be caught up, as they are where anybody has asked before."""
    timed(heinola("--store", str(store), "list", "units"), bare_python(), runs=1)
    with LogReader.open(str(store)) as reader:
        print(f"{reader.size()} events")


def _taken_in(store: Path, forms: Path) -> Timing:
    """Take all forms in, once, into a copy of the store, and return what that takes."""
    copy = store.with_name("copy.db")
    shutil.copy(store, copy)
    reference, _megabytes = once(bare_python())
    seconds, megabytes = once(heinola("--store", str(copy), "import", "form", str(forms)))
    return Timing(seconds, reference, seconds / reference, megabytes)


def fill(path: Path) -> None:
    """Fill in every field of a form, as a program would."""
    book = openpyxl.load_workbook(path)
    rows = book["heinola"].iter_rows(min_row=2, values_only=True)
    for sheet, cell, said in [(str(s), str(c), str(k)) for kind, s, c, k in rows if kind == "entry"]:
        *about, field = json.loads(said)
        amount = "-1 000 000" if "expense" in about[-1] else "1 000 000"
        answers = {
            "amount": amount,
            "status": "käynnissä",
            "percent": "50",
            "value": "12,5",
            "actor": "yksikön päällikkö",
        }
        book[sheet][cell] = answers.get(field, "Palveluja järjestettiin suunnitellusti.\n\nLoppuvuosi on avoin.")
    book.save(path)


if __name__ == "__main__":
    main()
