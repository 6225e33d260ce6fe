"""What is written is a valid data package, by a reader that others made; a damaged one is not."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from events.goals import GoalSet
from events.organisation import UnitEstablished
from events.period import Period
from events.projects import ProjectLaunched
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import post_actual
from heinola_es.handlers.goals import observe_indicator, update_goal_status
from heinola_es.handlers.organisation import assign_responsible, establish_unit
from heinola_es.handlers.projects import launch_project, report_progress
from heinola_es.store.log import Request
from tests.projections.asking import LATER, record
from tests.projections.audit.later import live_on
from tests.projections.writers.datapackage.packages import Files, descriptor, errors_in, package_of, rows
from tests.specification import fact, numbered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from events.base import Event
    from heinola_es.store.log import EventLog

SECOND = parse_period("2020Q2")
AWKWARD = (
    'Kirjasto, "uusi"\nja vanha',
    "=HYPERLINK(0)",
    "+358 3 123",
    "-1",
    "@summa",
    "\ttabulaattori",
    "rivi\r\ntoinen\rkolmas",
    "🏫 koulu 👩🏽‍🏫",
    "'",
    '"',
    ",",
    ";",
    "NULL",
    "   ",
    "\u2028\u00a0\ufeff",
)
"""Texts that break tables which are written without care."""


@pytest.mark.parametrize("periods", [("2020Q2",), ("2020Q2", "2020Q1", "2019", "6/2020")])
def test_the_sample_report_is_valid(sample_log: EventLog, tmp_path: Path, periods: tuple[str, ...]) -> None:
    """Types, constraints, keys, references, sizes and hashes all hold, for one period and for several."""
    assert errors_in(package_of(sample_log.path, *periods), tmp_path / "package") == []


def test_awkward_texts_are_valid(store: EventLog, tmp_path: Path) -> None:
    """Line breaks, quotes, formulas and emoji, in every column of text, break nothing."""
    for number, text in enumerate(AWKWARD):
        _record_everything(store, f"{text}{number}", text)
    files = package_of(store.path, "2020Q2", "2020Q3")
    assert errors_in(files, tmp_path / "package") == []
    assert len(rows(files, "projects")) == 2 * len(AWKWARD)
    goals = {row["text"] for row in rows(files, "goals")}
    assert goals >= {'Kirjasto, "uusi"\nja vanha', "'=HYPERLINK(0)", "rivi\r\ntoinen\rkolmas", "🏫 koulu 👩🏽‍🏫"}


def test_a_city_without_words_is_valid(store: EventLog, tmp_path: Path) -> None:
    """Tables without a row are tables all the same."""
    record(store, post_actual, "4100", "personnel", parse_period("5/2020"), -100_50)
    files = package_of(store.path, "2020Q2")
    assert errors_in(files, tmp_path / "package") == []
    assert [name for name in ("goals", "indicators", "projects") if rows(files, name)] == []


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_is_valid(sample_log: EventLog, tmp_path: Path, seed: int) -> None:
    """After events of every kind, with units that move, merge and end, a package of many periods is valid."""
    live_on(sample_log, Random(seed), 300, every_kind=True)
    files = package_of(sample_log.path, "2019", "2020Q1", "2020Q2", "2020", "2021Q1", "2021")
    assert errors_in(files, tmp_path / "package") == []


def test_a_part_of_the_city_is_valid(sample_log: EventLog, tmp_path: Path) -> None:
    """The unit above the one that was asked for is not there, so it is not named."""
    files = package_of(sample_log.path, "2020Q2", unit="410")
    assert errors_in(files, tmp_path / "package") == []
    assert (rows(files, "units")[0]["code"], rows(files, "units")[0]["parent"]) == ("410", "")
    assert {row["parent"] for row in rows(files, "units")[1:]} == {"410"}


def test_a_moment_with_microseconds_is_valid(sample_log: EventLog, tmp_path: Path) -> None:
    """The moment asked for is a datetime of the standard, to the microsecond."""
    known_at = datetime(2020, 8, 10, 9, 0, 0, 250, tzinfo=UTC)
    files = package_of(sample_log.path, "2020Q2", known_at=known_at)
    assert errors_in(files, tmp_path / "package") == []
    assert rows(files, "periods")[0]["known_at"] == "2020-08-10T09:00:00.000250Z"


def test_a_project_older_than_its_unit_is_valid(store: EventLog, tmp_path: Path) -> None:
    """A project may begin before the unit that owns it was there; in a report of that time it names none."""
    record(store, establish_unit, "4200", date(2020, 7, 1), name="Kirjasto", kind="unit", parent="400")
    record(store, launch_project, "Lukupiirit", Period(date(2020, 2, 1), date(2020, 12, 31)), "4200")
    alone, both = package_of(store.path, "2020Q2"), package_of(store.path, "2020Q2", "2020Q3")
    assert errors_in(alone, tmp_path / "alone") == []
    assert errors_in(both, tmp_path / "both") == []
    assert [row["unit"] for row in rows(alone, "projects")] == [""]
    assert [row["unit"] for row in rows(both, "projects")] == ["4200", "4200"]


def _replaced(table: str, old: bytes, new: bytes) -> Callable[[Files], Files]:
    def damage(files: Files) -> Files:
        assert old in files[f"{table}.csv"]
        return _resealed(files | {f"{table}.csv": files[f"{table}.csv"].replace(old, new, 1)}, table)

    return damage


def _resealed(files: Files, table: str) -> Files:
    """Return the package with the size and the hash of a table put right, so that only what it says is wrong."""
    told, content = descriptor(files), files[f"{table}.csv"]
    resource: dict[str, Any] = next(one for one in told["resources"] if one["name"] == table)
    resource |= {"bytes": len(content), "hash": f"sha256:{sha256(content).hexdigest()}"}
    return files | {"datapackage.json": json.dumps(told).encode()}


@pytest.mark.parametrize(
    ("damage", "found"),
    [
        (_replaced("figures", b",4100,income,", b",4109,income,"), "foreign-key"),
        (_replaced("figures", b",4100,income,", b",4100,incomes,"), "foreign-key"),
        (_replaced("goals", b"2020-04-01,2020-06-30,", b"2020-04-02,2020-06-30,"), "foreign-key"),
        (_replaced("units", b",410,", b",41O,"), "foreign-key"),
        (_replaced("figures", b",750375.00,", b",750 375,"), "type-error"),
        (_replaced("figures", b",budget,2020-01-01,", b",budget,1.1.2020,"), "type-error"),
        (_replaced("figures", b",budget,", b",plan,"), "constraint-error"),
        (_replaced("units", b",service_area,", b",,"), "constraint-error"),
        (_replaced("units", b"\r\n400,", b"\r\n410,"), "primary-key"),
        (_replaced("lines", b"label_sv", b"label_se"), "incorrect-label"),
        (lambda files: files | {"lines.csv": files["lines.csv"].replace(b"Sales", b"Sails")}, "hash-count"),
        (lambda files: files | {"units.csv": files["units.csv"] + b" "}, "byte-count"),
    ],
)
def test_a_damaged_package_is_found_out(
    sample_log: EventLog, tmp_path: Path, damage: Callable[[Files], Files], found: str
) -> None:
    """The same call that finds a package valid finds each kind of damage: the tests above can fail."""
    whole = package_of(sample_log.path, "2020Q2")
    assert errors_in(whole, tmp_path / "whole") == []
    assert found in errors_in(damage(whole), tmp_path / "damaged")


def test_the_command_of_others_agrees(sample_log: EventLog, tmp_path: Path) -> None:
    """`frictionless validate`, as a reader of open data runs it, passes the package and fails a damaged one."""
    files = package_of(sample_log.path, "2020Q2")
    told = {}
    for name, content in (("whole", files), ("damaged", _replaced("units", b",410,", b",41O,")(files))):
        errors_in(content, tmp_path / name)
        command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json"]
        done = subprocess.run(command, cwd=tmp_path / name, capture_output=True, text=True, check=False, timeout=60)
        told[name] = done.returncode
    assert told == {"whole": 0, "damaged": 1}


def _record_everything(log: EventLog, name: str, text: str) -> None:
    """Record a unit, a goal, an indicator and a project that are named and described by awkward texts.

    Codes and names are so awkward that no rule lets them in today; an older log may hold them.
    """
    _append(
        log,
        fact(UnitEstablished, "1.1.2020", code=name, name=name, kind="unit", parent="410"),
        fact(GoalSet, "2020", unit=name, goal=name, binding_goal=text, metric=text, target_level=text, subtask=text),
        fact(
            ProjectLaunched,
            SECOND,
            project=name,
            unit=name,
            start=SECOND.start,
            end=SECOND.end,
            description=text,
            funder=text,
            phase=text,
            other=text,
        ),
    )
    record(log, assign_responsible, name, date(2020, 1, 1), name)
    record(log, post_actual, name, "personnel", parse_period("5/2020"), -100_50)
    record(log, update_goal_status, name, SECOND, name, "delayed", text)
    record(log, observe_indicator, name, SECOND, name, "-3,5", text)
    record(log, report_progress, name, SECOND, "29,2", text)


def _append(log: EventLog, *facts: Event) -> None:
    with log.command(LATER, Request("controller", clock_is_right=True)) as command:
        command.append([evolve(each, recorded=command.recorded) for each in numbered(facts)])
