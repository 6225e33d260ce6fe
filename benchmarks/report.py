"""The report of a whole city, written in each of its forms by a process that starts from nothing.

    python benchmarks/report.py [--units 200] [--accounts 20] [--runs 3] [--forms html pdf …]

Beside figures, the city has goals, priorities, texts, statistics and projects, as a report has them. The limits are
those that the project has set itself for a city of 200 units: seconds of an idle machine, and megabytes of the PDF.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bulk_city import build_city
from benchmarks.timing import bare_python, heinola, timed
from events.period import Period
from heinola_es.handlers.goals import (
    give_outlook,
    observe_indicator,
    report_narrative,
    report_priority,
    set_goal,
    set_priority,
    update_goal_status,
)
from heinola_es.handlers.projects import launch_project, report_progress
from heinola_es.handlers.session import Session, run
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMS = ("html", "pdf", "docx", "xlsx", "md")
LIMITS = {"html": "1.5", "pdf": "10, 600 MB", "docx": "3", "xlsx": "1"}
PERIOD = "2020Q2"

_QUARTER = Period(date(2020, 4, 1), date(2020, 6, 30))
_RECORDED = datetime(2020, 8, 10, tzinfo=UTC)
_STATUSES = ("achieved", "in_progress", "not_started", "delayed")
_SENTENCE = "Palveluja on järjestetty etänä ja lähellä, ja henkilöstön saatavuus on pysynyt vuoden takaisella tasolla. "


def main() -> None:
    """Build a city that tells of more than its figures, and print what each form of its report takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--forms", nargs="+", choices=FORMS, default=FORMS)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = Path(folder) / "city.db"
        build_city(store, units=given.units, accounts=given.accounts)
        tell_of_units(store, given.units)
        with LogReader.open(str(store)) as reader:
            print(
                f"{reader.size()} events, {given.units} units, {given.accounts} accounts, {given.units // 5} projects"
            )
        _print_forms(store, Path(folder), given.forms, given.runs)


def _print_forms(store: Path, folder: Path, forms: Sequence[str], runs: int) -> None:
    print(f"\n{'report':<8}{'seconds':>9}{'limit':>12}{'bare Python':>13}{'ratio':>8}{'MB':>7}{'file, kB':>11}")
    for form in forms:
        file = folder / f"report.{form}"
        command = heinola("--store", str(store), "report", PERIOD, "--format", form, "-o", str(file))
        timing = timed(command, bare_python(), runs=runs)
        times = f"{timing.seconds:>9.2f}{LIMITS.get(form, ''):>12}{timing.reference_seconds:>13.3f}{timing.ratio:>8.0f}"
        print(f"{form:<8}{times}{timing.peak_megabytes:>7.0f}{file.stat().st_size / 1000:>11.0f}")


# ---------------------------------------------------------------- what a city tells


def tell_of_units(store: Path, units: int) -> None:
    """Record the goals, texts and projects of every unit, as its head would."""
    with EventLog.open(str(store)) as log:
        for number in range(units):
            run(log, _RECORDED, Request("benchmark"), partial(_unit_tells, number=number))
        for number in range(0, units, 5):
            run(log, _RECORDED, Request("benchmark"), partial(_project, number=number))


def _unit_tells(session: Session, number: int) -> None:
    unit = f"U{number}"
    for which in range(1, 4):
        goal = f"{unit}-{which}"
        set_goal(
            session,
            unit,
            2020,
            goal,
            programme_goal=f"Ohjelman tavoite {which}: palvelut ja asukkaat kohtaavat entistä helpommin",
            binding_goal=f"Toimiva monialainen yhteistyö kehittyy, osa {which}",
            metric="Asiakkaiden määrä ja kyselyn keskiarvo",
            target_level="Vähintään 4 asteikolla 1–5",
        )
        update_goal_status(
            session, unit, _QUARTER, goal, _STATUSES[(number + which) % len(_STATUSES)], _SENTENCE.strip()
        )
    for which in (1, 2):
        set_priority(session, unit, 2020, which, f"Painopiste {which}: etäpalvelut vakiintuvat", "Käyntien määrä")
        report_priority(session, unit, _QUARTER, which, _SENTENCE * 2)
    for section in ("Toiminta", "Talous"):
        report_narrative(session, unit, _QUARTER, section, _SENTENCE * 6)
    give_outlook(session, unit, _QUARTER, _SENTENCE * 2)
    observe_indicator(session, unit, _QUARTER, "Käynnit", str(1000 + number), "kertaa")


def _project(session: Session, number: int) -> None:
    name = f"Hanke {number}: yhteinen asiointi"
    launch_project(
        session,
        name,
        Period(date(2019, 9, 1), date(2021, 6, 30)),
        f"U{number}",
        description=_SENTENCE.strip(),
        responsible="projektipäällikkö",
        funder="valtio",
        income_cents=8_000_000,
        expense_cents=-10_000_000,
        city_share_cents=2_000_000,
        budget_years=(2020,),
    )
    report_progress(session, name, _QUARTER, str(number % 100), _SENTENCE.strip())


if __name__ == "__main__":
    main()
