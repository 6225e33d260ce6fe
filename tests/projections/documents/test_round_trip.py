"""What is written as a report is read back into an empty store, and gives the same report again, or is refused."""

from __future__ import annotations

import os
import zlib
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from events.forecasts import ForecastGiven
from events.imports import FileImported
from heinola_es.domain.periods import parse_reporting_period
from heinola_es.store.reading import LogReader
from projections.report.language.languages import LANGUAGES
from projections.report.theme.theme import Theme
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from projections.writers.formats.written import written
from tests.city import CITY
from tests.projections.histories import HISTORIES, Given, live_through, living_city
from tests.projections.report.built import report_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from projections.snapshot.model import Snapshot

FORMATS = (("pdf", "fi"), ("docx", "sv"), ("xlsx", "en"), ("html", "sv"), ("md", "en"))
"""Each format, and each language."""

EXAMPLES = int(os.environ.get("HEINOLA_ROUND_TRIP_EXAMPLES", "6"))
"""How many cities are tried; many more after a change to what a report carries."""


def snapshot_of(store: Path | str, *, all_lines: bool = False) -> Snapshot:
    """Return the report of the second quarter as data."""
    with LogReader.open(str(store)) as reader:
        return take_snapshot(reader, SnapshotQuery(period=parse_reporting_period("2020Q2"), all_lines=all_lines))


def cells(snapshot: Snapshot) -> dict[tuple[str, str, str], object]:
    """Return every cell that is whole, also those that are worked out from others."""
    return {
        (unit.code, row.line, name): cell
        for unit in snapshot.units
        for row in unit.figures
        for name, cell in (*row.cells.items(), *row.percents.items())
        if cell is not None
    }


def unknown(snapshot: Snapshot) -> set[tuple[str, str, str]]:
    """Return every cell of the rows of a report that is not whole."""
    return {
        (unit.code, row.line, name)
        for unit in snapshot.units
        for row in unit.figures
        for name, cell in row.cells.items()
        if cell is None
    }


def words(snapshot: Snapshot) -> list[object]:
    """Return all that is said of units and projects beside figures."""
    units = [
        (
            *(unit.code, unit.name, unit.kind, unit.parent, unit.responsible),
            *(unit.goals, unit.priorities, unit.narratives, unit.indicators, unit.outlook, unit.translations),
        )
        for unit in snapshot.units
    ]
    return [*units, *snapshot.projects]


@pytest.mark.parametrize(("form", "language"), FORMATS)
def test_a_report_is_its_own_data_in_every_format(read_by_all: Path, tmp_path: Path, form: str, language: str) -> None:
    """Every figure, goal, status, text, statistic and project of the sample comes back; each event says from where."""
    file = tmp_path / f"q2.{form}"
    file.write_bytes(written(report_of(read_by_all, language=language), Theme(), form))
    terminal = Terminal(tmp_path / "new.db")
    terminal.done("init --city Heinola")
    told = terminal.done(f"import report {file}")
    assert "336 figures, 24 goals, 13 priorities, 49 narratives, 5 outlooks, 13 indicators, 15 projects" in told
    first, second = snapshot_of(read_by_all), snapshot_of(terminal.store)
    assert cells(second) == cells(first)
    assert words(second) == words(first)
    sources = [one.source for one in terminal.events() if not isinstance(one, FileImported)]
    assert all(source.startswith(f"q2.{form}") for source in sources)
    where = "sheet " if form == "xlsx" else "table "
    assert sum(f"q2.{form}, {where}" in source and ", row " in source for source in sources) > 200


@given(history=HISTORIES, language=st.sampled_from(LANGUAGES))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_city_comes_out_the_same_or_is_refused(founded: Path, history: list[Given], language: str) -> None:
    """Whatever a city recorded: no cell and no word comes out otherwise, and what was not whole is not whole again.

    Also of a line that the report does not show, nothing is whole that was not.
    """
    with living_city(founded) as log, TemporaryDirectory() as folder:
        live_through(log, history)
        first = snapshot_of(log.location)
        file = Path(folder, "q2.md")
        file.write_bytes(written(report_of(log, language=language), Theme(), "md"))
        terminal = Terminal(Path(folder, "new.db"))
        terminal.done(f"init --city {CITY}")
        result = terminal.run(f"import report {file}")
        assert result.exit_code in {0, 1, 2}, result.output
        event(f"exit code {result.exit_code}")
        if result.exit_code:
            assert terminal.events() == []
            assert "unforeseen" not in result.stderr
            return
        second, shown = cells(snapshot_of(terminal.store, all_lines=True)), cells(first)
        event(f"{min(len(shown) // 20 * 20, 100)} cells and more")
        assert {place: second.get(place) for place in shown} == shown
        assert not unknown(snapshot_of(log.location, all_lines=True)) & second.keys()
        assert words(snapshot_of(terminal.store)) == words(first)


# ---------------------------------------------------------------- what is refused, or told and left out


def reported(city: Terminal, folder: Path, options: str = "", form: str = "md") -> Path:
    """Write the report of the second quarter of a city."""
    file = folder / f"q2.{form}"
    assert city.run(f"report 2020Q2 {options} -o {file}").exit_code == 0
    return file


@pytest.fixture
def city(tmp_path: Path) -> Terminal:
    """Give a city with two units below a sector, whose figures are posted."""
    terminal = Terminal(tmp_path / "city.db")
    for line in (
        "init --city Koe",
        "record unit SIV Sivistys --kind sector --on 1.1.2019",
        "record unit 100 Koulut --parent SIV --on 1.1.2019",
        "record unit 200 Kirjasto --parent SIV --on 1.1.2019",
        "record actual 100 personnel 1-6/2020 -240 000",
        "record actual 200 sales 1-6/2020 7 000,50",
        "record complete 1-6/2020 --unit 100",
        "record complete 1-6/2020 --unit 200",
        "record goal 100 100-1 2020 --binding-goal Lukeminen",
    ):
        terminal.done(line)
    return terminal


@pytest.fixture
def new(tmp_path: Path) -> Terminal:
    """Give an empty store of the same city."""
    terminal = Terminal(tmp_path / "new.db")
    terminal.done("init --city Koe")
    return terminal


def cell(terminal: Terminal, unit: str, line: str) -> int | None:
    """Return the actual of a line in cents; None where it is not whole."""
    return next(
        None if row.actual is None else row.actual.cents
        for each in snapshot_of(terminal.store).units
        if each.code == unit
        for row in each.figures
        if row.line == line
    )


def test_a_figure_that_was_changed_is_refused_with_its_cell(city: Terminal, new: Terminal, tmp_path: Path) -> None:
    """Somebody edited the file: neither the printed figure nor the carried one is taken."""
    file = reported(city, tmp_path)
    file.write_text(file.read_text("utf-8").replace("−240", "−250"), "utf-8")
    result = new.run(f"import report {file}")
    assert result.exit_code == 2
    assert "q2.md was changed after it was made" in result.stderr
    assert "100 Menot · " in result.stderr
    assert new.events() == []


def test_a_text_that_was_changed_is_refused(city: Terminal, new: Terminal, tmp_path: Path) -> None:
    """Words are held against what the file carries as figures are."""
    city.done('record narrative 100 2020Q2 "Oleelliset tapahtumat" "Kaksi koulua yhdistettiin."')
    file = reported(city, tmp_path)
    file.write_text(file.read_text("utf-8").replace("Kaksi koulua", "Kolme koulua", 1), "utf-8")
    assert "100: the file does not print the text 'Kaksi koulua" in new.run(f"import report {file}").stderr
    assert new.events() == []


def test_what_is_not_whole_stays_unknown_and_is_told(city: Terminal, new: Terminal, tmp_path: Path) -> None:
    """A unit whose books are known through May has no total for June, and nor has the sector above it."""
    city.done("record unit 300 Museo --parent SIV --on 1.1.2019")
    city.done("record actual 300 sales 5/2020 90 000")
    file = reported(city, tmp_path, form="html")
    result = new.run(f"import report {file}")
    assert result.exit_code == 0, result.stderr
    assert "300" in result.stderr
    assert "income actual is not whole in the report" in result.stderr
    assert cell(new, "300", "income") is None
    assert cell(new, "SIV", "operating_income") is None
    assert cell(new, "200", "income") == 700_050


def test_a_part_that_would_look_whole_is_refused(city: Terminal, new: Terminal, tmp_path: Path) -> None:
    """Units below are whole and the sector has something of its own that is not: the sum of the units is no total."""
    city.done("record actual SIV sales 3/2020 5 000")
    assert cell(city, "SIV", "operating_income") is None
    result = new.run(f"import report {reported(city, tmp_path)}")
    assert result.exit_code == 2
    assert "SIV NETTO · actual: nothing whole in the report, -232 999,50 € from what is recorded" in result.stderr
    assert new.events() == []


def test_a_unit_that_moved_is_refused(city: Terminal, new: Terminal, tmp_path: Path) -> None:
    """The columns of earlier years are in the organisation of now; stated as such they would be false for then."""
    city.done("record unit TEK Tekninen --kind sector --on 1.1.2019")
    city.done("record move 200 TEK --on 1.3.2020")
    result = new.run(f"import report {reported(city, tmp_path)}")
    assert result.exit_code == 2
    assert "tells of units that moved (200 Kirjasto, 1.3.2020)" in result.stderr
    assert "`heinola export events`" in result.stderr


def test_a_computed_forecast_does_not_become_a_given_one(city: Terminal, new: Terminal, tmp_path: Path) -> None:
    """What a unit said comes back with its reason; what was computed is told and not recorded."""
    city.done("record budget 100 personnel 2020 -500 000")
    city.done("record budget 200 sales 2020 12 000")
    city.done('record forecast SIV personnel 2020Q2 -510 000 --text "Sijaisia"')
    file = reported(city, tmp_path, "--forecast-method budget --columns default,forecasts")
    result = new.run(f"import report {file}")
    assert result.exit_code == 0, result.stderr
    assert "forecast was computed and not given; not recorded" in result.stderr
    given = [one for one in new.events() if isinstance(one, ForecastGiven)]
    assert [(one.unit, one.line, one.amount_cents, one.text) for one in given] == [
        ("SIV", "personnel", -51_000_000, "Sijaisia")
    ]


def test_another_city_and_another_store_are_refused(city: Terminal, tmp_path: Path) -> None:
    """The report of one city says nothing of another; nor are its sums laid over the postings they are made of."""
    file = reported(city, tmp_path)
    other = Terminal(tmp_path / "other.db")
    other.done("init --city Muu")
    assert "is a report of Koe, and this is the store of Muu" in other.run(f"import report {file}").stderr
    assert "100 has postings of 2020 in this store already" in city.run(f"import report {file}").stderr


def test_a_published_report_is_taken_without_names_of_persons(city: Terminal, new: Terminal, tmp_path: Path) -> None:
    """They stand in what is sealed by reference alone; that they are not recorded is told, and all else is."""
    city.done('record responsible 100 "Rehtori Maija Virtanen" --on 1.1.2020')
    key = f"--key {tmp_path / 'seal.key'}"
    assert city.run(f"keys init {key}").exit_code == 0
    assert city.run(f"publish 2020Q2 --incomplete {key} -o {tmp_path / 'q2.seal'}").exit_code == 0
    file = reported(city, tmp_path, f"--published --seal {tmp_path / 'q2.seal'}", form="docx")
    result = new.run(f"import report {file}")
    assert result.exit_code == 0, result.stderr
    assert "names of persons stand in it by reference alone; not recorded" in result.stderr
    assert cell(new, "200", "income") == 700_050
    assert all(not unit.responsible for unit in snapshot_of(new.store).units)


def test_a_dry_run_shows_the_same_and_records_nothing(city: Terminal, new: Terminal, tmp_path: Path) -> None:
    """So many events, from a workbook as from any format."""
    file = reported(city, tmp_path, form="xlsx")
    told = new.done(f"import report {file} --dry-run")
    assert new.events() == []
    assert (
        told.split("would record ")[1].split()[0] == new.done(f"import report {file}").split("recorded ")[1].split()[0]
    )


def hostile_pdf() -> bytes:
    """Return a PDF that says it has a file in it, and whose table of contents unpacks to 320 MB."""
    packing = zlib.compressobj(9)
    packed = b"".join(packing.compress(bytes(1_000_000)) for _piece in range(320)) + packing.flush()
    table = b"1 0 obj\n<< /Type /XRef /Size 100000000 /W [1 2 1] /Root 2 0 R /Filter /FlateDecode /Length %d >>\n"
    start = b"%PDF-1.7\n% /EmbeddedFile\n"
    end = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(start)
    return start + table % len(packed) + b"stream\n" + packed + end


def test_a_hostile_file_is_refused_within_bounds(new: Terminal, tmp_path: Path) -> None:
    """The look for what a PDF carries is as bounded as the reading of any other."""
    file = tmp_path / "q2.pdf"
    file.write_bytes(hostile_pdf())
    memory, seconds = getrusage(RUSAGE_SELF).ru_maxrss, getrusage(RUSAGE_CHILDREN).ru_utime
    result = new.run(f"import report {file}")
    assert result.exit_code == 2
    assert "q2.pdf" in result.stderr
    assert getrusage(RUSAGE_SELF).ru_maxrss - memory < 100_000  # kilobytes
    assert getrusage(RUSAGE_CHILDREN).ru_utime - seconds < 6


def test_the_quarter_and_earlier_years_come_back(city: Terminal, new: Terminal, tmp_path: Path) -> None:
    """The days before the period are what the year so far has without it; further years are totals of their own."""
    for line in (
        "record unit KUL Kulttuuri --kind sector --on 1.1.2017",
        "record unit 400 Teatteri --parent KUL --on 1.1.2017",
        "record actual 400 sales 1-3/2020 1 000,25",
        "record actual 400 sales 4-6/2020 2 500",
        "record statement 400 income 2018 4 000",
        "record statement 400 income 2019 5 000",
        "record statement 400 income 1-6/2018 1 900",
        "record complete 1-6/2020 --unit 400",
    ):
        assert city.run(line).exit_code == 0, line
    file = reported(city, tmp_path, "--years 2 --columns default,quarter")
    result = new.run(f"import report {file}")
    assert result.exit_code == 0, result.stderr
    query = SnapshotQuery(period=parse_reporting_period("2020Q2"), years=2, columns=("quarter",))
    taken = []
    for store in (city, new):
        with LogReader.open(str(store.store)) as reader:
            taken.append(take_snapshot(reader, query))
    rows = [{(unit.code, row.line): row for unit in each.units for row in unit.figures} for each in taken]
    theatre = ("400", "income")
    assert rows[1][theatre].cells["quarter"] == rows[0][theatre].cells["quarter"] is not None
    assert [prior.cells for prior in rows[1][theatre].prior_years] == [
        prior.cells for prior in rows[0][theatre].prior_years
    ]
    assert cells(taken[1]).items() >= cells(taken[0]).items()


def test_internal_items_projects_and_translations_come_back(tmp_path: Path) -> None:
    """A city's statement without internal items, a project that is called otherwise now, and words in Swedish."""
    first, second = Terminal(tmp_path / "first.db"), Terminal(tmp_path / "second.db")
    for terminal in (first, second):
        terminal.done("init --city Koe --city-unit KOE")
    for line in (
        "record unit SIV Sivistys --kind sector --on 1.1.2019",
        "record unit 100 Koulut --parent SIV --on 1.1.2019",
        "record actual 100 personnel 1-6/2020 -240 000",
        "record actual 100 sales 1-6/2020 7 000 --internal",
        "record actual 100 fees 1-6/2020 2 000",
        "record complete 1-6/2020",
        "record project Kerhot 100 1.2.2020-31.12.2020 --income 1000",
        'record progress Kerhot 2020Q2 "Kerhot alkoivat." --percent 40',
        "record project-revision Kerhot --on 1.5.2020 --name Koulukerhot",
        "record translation Koulut Skolor --unit 100 --lang sv",
        'record translation "Kerhot alkoivat." "Klubbarna började." --project Kerhot --lang sv',
    ):
        assert first.run(line).exit_code == 0, line
    file = tmp_path / "q2.html"
    assert first.run(f"report 2020Q2 --lang sv -o {file}").exit_code == 0
    assert "Skolor" in file.read_text("utf-8")
    result = second.run(f"import report {file}")
    assert result.exit_code == 0, result.stderr
    ours, theirs = snapshot_of(first.store), snapshot_of(second.store)
    assert [row.external for unit in theirs.units for row in unit.figures] == [
        row.external for unit in ours.units for row in unit.figures
    ]
    assert any(cell for unit in ours.units for row in unit.figures for cell in row.external.values())
    assert cells(theirs) == cells(ours)
    assert words(theirs) == words(ours)
    assert theirs.units[2].translations[0].text == "Skolor"
