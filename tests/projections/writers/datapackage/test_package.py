"""What stands in a package: the snapshot's own values, to the cent, with what it takes to trace them."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.errors import BadInput
from heinola_es.handlers.figures import correct_actual
from heinola_es.handlers.organisation import move_unit, rename_unit
from heinola_es.handlers.projects import launch_project
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from projections.published.publications import NotPublished
from projections.publishing import Publisher, publish
from projections.snapshot.columns import default_amounts
from projections.snapshot.encoding import encoded
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from projections.writers.datapackage.licences import LICENCES, licence_named
from projections.writers.datapackage.package import NothingToGive
from projections.writers.datapackage.tables import TABLES
from tests.projections.asking import IMPORTED_AT, LATER, record, snapshot_of, snapshot_taken
from tests.projections.writers.datapackage.packages import descriptor, package_of, rows
from tests.specification import SALT
from tests.terminal import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.snapshot.model import Snapshot

PERIODS = ("2019", "2020Q1", "2020Q2", "2020")
SECOND = parse_period("2020Q2")


def cells_of(snapshot: dict[str, Any]) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """Return what a snapshot says in each cell: cents, precision in cents, per cent; by period, unit, line, column."""
    period = snapshot["period"]
    return {
        (period["start"], period["end"], unit["code"], row["line"], column): (
            None if row[column] is None else row[column]["cents"],
            None if row[column] is None else row[column]["precision_cents"],
            row["percent"] if column == "actual" else None,
        )
        for unit in snapshot["units"]
        for row in unit["figures"]
        for column in default_amounts()
    }


def cents(text: str) -> int | None:
    """Return euros as written in whole cents; nothing is unknown."""
    return int(Decimal(text) * 100) if text else None


def cells_in(figures: Iterable[dict[str, str]]) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """Return what the rows of figures say, in the same form."""
    key = ("period_start", "period_end", "unit", "line", "measure")
    return {
        tuple(row[name] for name in key): (cents(row["amount"]), cents(row["precision"]), row["percent"] or None)
        for row in figures
    }


def test_every_figure_is_the_snapshots_to_the_cent(sample_log: EventLog) -> None:
    """Every cell of every report, and no other, with the same cents, precision and per cent; unknown is empty."""
    record(sample_log, correct_actual, "4160", "operating_expenses", parse_period("2020H1"), -1, reason="sentti")
    expected = [cells_of(snapshot_of(sample_log, period)) for period in PERIODS]
    figures = rows(package_of(sample_log.location, *PERIODS), "figures")
    found = cells_in(figures)
    assert len(figures) == len(found) == sum(map(len, expected)) > 1000
    assert found == {key: cell for cells in expected for key, cell in cells.items()}
    assert any(row["amount"].endswith(".99") or row["amount"].endswith(".01") for row in figures)
    assert {row["amount"] for row in figures} >= {"", "-13645400.00"}


def test_sums_hold_in_the_data(sample_log: EventLog) -> None:
    """Net is income and expenses in every unit, period and measure, within what the amounts were rounded to."""
    figures = rows(package_of(sample_log.location, *PERIODS), "figures")
    cells = {key: cell for key, cell in cells_in(figures).items() if cell[0] is not None}
    nets = [key for key in cells if key[3] == "net"]
    summed = 0
    for start, end, unit, _net, measure in nets:
        parts = [cells.get((start, end, unit, line, measure)) for line in ("income", "expenses", "net")]
        if all(parts):
            (income, *_), (expenses, *_), (net, precision, _) = (part for part in parts if part)
            assert abs(income + expenses - net) <= 2 * precision
            summed += 1
    assert summed > 50


def test_measures_say_what_they_cover(sample_log: EventLog) -> None:
    """The four measures of the second quarter cover the year before, its half, the year and its half."""
    figures = rows(package_of(sample_log.location, "2020Q2"), "figures")
    assert {(row["measure"], row["covered_start"], row["covered_end"]) for row in figures} == {
        ("final_accounts", "2019-01-01", "2019-12-31"),
        ("prior_actual", "2019-01-01", "2019-06-30"),
        ("budget", "2020-01-01", "2020-12-31"),
        ("actual", "2020-01-01", "2020-06-30"),
    }


def test_goals_indicators_and_projects_are_the_snapshots(sample_log: EventLog) -> None:
    """Each of them is there once for each report, with its status, its value and its amounts."""
    snapshot = snapshot_of(sample_log, "2020Q2")
    files = package_of(sample_log.location, "2020Q2")
    goals = [(unit["code"], goal) for unit in snapshot["units"] for goal in unit["goals"]]
    told = [(row["unit"], row["id"], row["status"] or None, row["binding_goal"]) for row in rows(files, "goals")]
    assert told == [(unit, goal["id"], goal["status"], goal["binding_goal"]) for unit, goal in goals]
    indicators = [(unit["code"], one["name"], one["value"]) for unit in snapshot["units"] for one in unit["indicators"]]
    assert [(row["unit"], row["name"], row["value"]) for row in rows(files, "indicators")] == indicators
    projects = rows(files, "projects")
    assert [(row["name"], row["percent"] or None) for row in projects] == [
        (project["name"], project["percent"]) for project in snapshot["projects"]
    ]
    for name in ("income", "expense", "city_share"):
        assert [cents(row[name]) for row in projects] == [project[f"{name}_cents"] for project in snapshot["projects"]]
    assert len(goals) == 24
    assert len(indicators) == 13
    assert len(projects) == 15


def test_no_person_responsible_for_a_project_is_named(store: EventLog) -> None:
    """Neither who answers for a project nor its owner as the document words it is anywhere in the package."""
    persons: dict[str, Any] = {"responsible": "Hankevastaava Nimetty", "administrator": "Omistaja Nimetty"}
    record(store, launch_project, "Lukupiirit", SECOND, "400", description="Luetaan.", **persons)
    (project,) = snapshot_of(store, "2020Q2")["projects"]
    assert {name: project[name] for name in persons} == persons
    files = package_of(store.location, "2020Q2")
    assert [row["description"] for row in rows(files, "projects")] == ["Luetaan."]
    assert [path for path, content in files.items() if b"Nimetty" in content] == []


def test_lines_are_the_charts(sample_log: EventLog) -> None:
    """All lines of the chart, with labels in three languages and what they are the sum of."""
    chart = load_chart()
    told = rows(package_of(sample_log.location, "2020Q2"), "lines")
    assert [row["code"] for row in told] == list(chart.lines)
    for row in told:
        line = chart.lines[row["code"]]
        assert {"fi": row["label_fi"], "sv": row["label_sv"], "en": row["label_en"]} == line.labels
        assert (int(row["sign"]), tuple(row["components"].split())) == (line.sign, line.components)


def test_units_are_as_each_period_has_them(store: EventLog) -> None:
    """A unit that moved and was renamed is told as it was in each period, and in the list of units as it is last."""
    july = datetime(2020, 7, 1, tzinfo=UTC).date()
    record(store, move_unit, "4160", july, "400")
    record(store, rename_unit, "4160", july, "Heinolan lukio")
    files = package_of(store.location, "2020Q3", "2020Q2")
    by_period = [
        (row["period_end"], row["name"], row["parent"]) for row in rows(files, "organisation") if row["unit"] == "4160"
    ]
    assert by_period == [("2020-06-30", "Lukio", "410"), ("2020-09-30", "Heinolan lukio", "400")]
    (unit,) = (row for row in rows(files, "units") if row["code"] == "4160")
    assert (unit["name"], unit["parent"], unit["kind"]) == ("Heinolan lukio", "400", "unit")
    codes = [row["code"] for row in rows(files, "units")]
    assert codes == [unit["code"] for unit in snapshot_of(store, "2020Q3")["units"]]


def test_each_report_can_be_made_again(sample_log: EventLog) -> None:
    """The digest beside each period is that of the canonical snapshot; position and moment say which."""
    files = package_of(sample_log.location, *PERIODS)
    told, size = rows(files, "periods"), sample_log.head().size
    assert [(row["period_start"], row["period_end"]) for row in told] == [
        tuple(snapshot_of(sample_log, period)["period"][name] for name in ("start", "end")) for period in PERIODS
    ]
    for row, period in zip(told, PERIODS, strict=True):
        assert row["snapshot_sha256"] == sha256(encoded(snapshot_taken(sample_log, period))).hexdigest()
        assert (row["position"], row["known_at"], row["revision"]) == (str(size), "", "")


def test_the_descriptor_says_where_the_data_is_from(sample_log: EventLog) -> None:
    """City, position, root, the instant of the last event: everything in it is in the log."""
    told = descriptor(package_of(sample_log.location, "2020Q2", "2020Q1"))
    size, root = sample_log.head().size, sample_log.head().root.hex()
    assert told["heinola"] == {
        "format": "heinola/datapackage/1",
        "city": "Heinola",
        "unit": None,
        "position": size,
        "root_sha256": root,
    }
    assert (told["created"], told["version"]) == ("2020-08-10T09:00:00Z", f"1.{size}.0")
    assert told["sources"] == [
        {"title": f"Log of events of Heinola, events 1–{size}, SHA-256 root {root}", "version": f"{size}"}
    ]
    assert told["name"] == "heinola-interim-report"
    assert told["title"].endswith("1.1.–31.3.2020, 1.4.–30.6.2020")
    assert told["licenses"][0]["name"] == "CC-BY-4.0"


def test_every_column_is_described(sample_log: EventLog) -> None:
    """Every table and column has a title and a description, in the file's order; amounts say what nothing means."""
    files = package_of(sample_log.location, "2020Q2")
    resources = descriptor(files)["resources"]
    assert [resource["path"] for resource in resources] == [table.path for table in TABLES]
    assert sorted([*(table.path for table in TABLES), "datapackage.json"]) == sorted(files)
    for resource in resources:
        fields = resource["schema"]["fields"]
        header = files[resource["path"]].decode().split("\r\n")[0]
        assert header == ",".join(field["name"] for field in fields)
        assert all(told["title"] and told["description"] for told in (resource, *fields))
    (amount,) = (field for field in resources[4]["schema"]["fields"] if field["name"] == "amount")
    assert "In euros" in amount["description"]
    assert "never 0" in amount["description"]


def test_what_was_known_then(sample_log: EventLog) -> None:
    """With a moment, figures, position, root and date of making are those of then, whatever was recorded since."""
    before, root = package_of(sample_log.location, "2020Q2"), sample_log.head().root.hex()
    record(sample_log, correct_actual, "4160", "operating_expenses", parse_period("2020H1"), -100, reason="lasku")
    then = package_of(sample_log.location, "2020Q2", known_at=LATER - timedelta(days=1))
    now = package_of(sample_log.location, "2020Q2")
    assert then["figures.csv"] == before["figures.csv"] != now["figures.csv"]
    assert (descriptor(then)["heinola"]["root_sha256"], descriptor(then)["created"]) == (root, "2020-08-10T09:00:00Z")
    version = f"1.{sample_log.head().size}.0"
    assert (descriptor(now)["version"], descriptor(now)["created"]) == (version, "2020-09-01T09:00:00Z")
    assert descriptor(now)["heinola"]["root_sha256"] != root


def test_published_reports_stay_as_they_were(sample_log: EventLog) -> None:
    """A package of a published report is the same bytes after later events; its digest is the publication's."""
    with LogReader.open(str(sample_log.location)) as reader:
        published = publish(
            Publisher(sample_log, reader, LATER, Request("controller"), SALT), SECOND, None, incomplete=True
        ).published
    first = package_of(sample_log.location, "2020Q2", published=True)
    record(sample_log, correct_actual, "4160", "operating_expenses", parse_period("2020H1"), -100, reason="lasku")
    with LogReader.open(str(sample_log.location)) as reader:
        publish(Publisher(sample_log, reader, LATER, Request("controller"), SALT), SECOND, None, incomplete=True)
    assert package_of(sample_log.location, "2020Q2", published=True, revision=1) == first
    (row,) = rows(first, "periods")
    assert (row["revision"], row["snapshot_sha256"]) == ("1", published.snapshot_sha256)
    assert descriptor(first)["heinola"]["root_sha256"] == published.root_sha256
    last = package_of(sample_log.location, "2020Q2", published=True)
    assert (rows(last, "periods")[0]["revision"], last["figures.csv"] != first["figures.csv"]) == ("2", True)


def test_what_was_not_published_is_refused(sample_log: EventLog) -> None:
    """One report of several that was never published makes no package; nor does a moment beside it."""
    with LogReader.open(str(sample_log.location)) as reader:
        publish(Publisher(sample_log, reader, LATER, Request("controller"), SALT), SECOND, None, incomplete=True)
    with pytest.raises(NotPublished, match="2020-01-01/2020-03-31"):
        package_of(sample_log.location, "2020Q2", "2020Q1", published=True)
    with pytest.raises(BadInput, match="leave out --known-at"):
        package_of(sample_log.location, "2020Q2", published=True, known_at=LATER)


def test_what_nobody_knew_is_refused(store: EventLog) -> None:
    """Where no unit is known in any period there is nothing to give away; where one is, the others are empty."""
    with pytest.raises(NothingToGive, match=r"no unit of the city is known in 1\.1\.–31\.3\.1990"):
        package_of(store.location, "1990Q1")
    with pytest.raises(NothingToGive):
        package_of(store.location, "2020Q2", known_at=IMPORTED_AT - timedelta(days=20_000))
    files = package_of(store.location, "1990Q1", "2020Q2")
    assert {row["period_end"] for row in rows(files, "organisation")} == {"2020-06-30"}


def test_what_is_recorded_meanwhile_is_in_no_report(sample_log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody records between two reports of a package, both rest on the events of before."""
    before, size = package_of(sample_log.location, "2020Q1", "2020Q2"), sample_log.head().size

    def take_and_be_overtaken(reader: LogReader, query: SnapshotQuery) -> Snapshot:
        taken = take_snapshot(reader, query)
        record(sample_log, correct_actual, "4160", "operating_expenses", parse_period("2020H1"), -100, reason="lasku")
        return taken

    monkeypatch.setattr("projections.writers.datapackage.package.take_snapshot", take_and_be_overtaken)
    assert package_of(sample_log.location, "2020Q1", "2020Q2") == before
    again = rows(package_of(sample_log.location, "2020Q1", "2020Q2"), "periods")
    assert {row["position"] for row in again} == {f"{size + 2}"}


def test_periods_are_put_in_order(sample_log: EventLog) -> None:
    """In whatever order and however often they are named, the package is the same."""
    asked = package_of(sample_log.location, "2020Q2", "2019", "4-6/2020", "2020Q1")
    assert asked == package_of(sample_log.location, "2019", "2020Q1", "2020Q2")


def test_two_processes_give_the_same_bytes(sample_log: EventLog) -> None:
    """The archive does not depend on the process, its hash seed, its time zone or its language."""
    words = ["--store", str(sample_log.location), "export", "datapackage", "2020Q2", "2019", "-o", "-"]
    archives = [
        subprocess.run(
            [sys.executable, "-m", "cli", *words],
            cwd=ROOT,
            env=environment(PYTHONHASHSEED=seed, TZ=zone, LC_ALL=language),
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone, language in (("1", "UTC", "C.UTF-8"), ("2", "Asia/Tokyo", "C"))
    ]
    assert archives[0] == archives[1]
    assert archives[0].startswith(b"PK")


@pytest.mark.parametrize("licence", LICENCES, ids=lambda licence: licence.name)
def test_licences_are_found_by_name_in_any_case(sample_log: EventLog, licence: Any) -> None:  # noqa: ANN401
    """Every licence of ours is found and stands in the descriptor, with its title and where its text is."""
    found = licence_named(licence.name.lower())
    told = descriptor(package_of(sample_log.location, "2020Q2", licence=found))["licenses"]
    assert told == [{"name": licence.name, "title": licence.title, "path": licence.path}]
    assert licence.path.startswith("https://")


def test_an_unknown_licence_is_refused() -> None:
    """A slip is told with what was meant."""
    with pytest.raises(BadInput, match=r"unknown licence 'CC-BY-4'; did you mean CC-BY-4\.0\?; the licences are CC-BY"):
        licence_named("CC-BY-4")


def test_a_period_across_years_is_refused(sample_log: EventLog) -> None:
    """A package has reports, and a report covers one fiscal year."""
    assert parse_reporting_period("1.7.2019-30.6.2020").start.year == 2019
    with pytest.raises(BadInput, match="crosses the turn of a year"):
        package_of(sample_log.location, "1.7.2019-30.6.2020")
