"""A report says which comparison it makes: what moved, merged and ended, and what earlier years are without."""

from __future__ import annotations

from csv import DictReader
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import orjson
import pytest
from openpyxl import load_workbook

from events.period import Period
from heinola_es.domain.chart import load_chart
from heinola_es.handlers.coverage import withdraw_completion
from heinola_es.handlers.figures import adopt_budget, post_actual
from heinola_es.handlers.organisation import close_unit, establish_unit, merge_unit, move_unit
from heinola_es.store.log import EventLog
from projections.report.content.document import Picture
from projections.report.language.languages import LANGUAGES
from projections.snapshot.encoding import decoded, encoded
from projections.writers.figures_csv import figures_csv
from projections.writers.markdown import markdown
from projections.writers.terminal.table import snapshot_table
from projections.writers.xlsx.workbook import workbook
from tests.city import FOUNDED, MADE
from tests.projections.asking import complete, record, snapshot_taken
from tests.projections.report.built import below_label, plain_text, report_of, sentences, table_of, tables_in
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.report.content.document import Document

LABELS = {"fi": "Miten vuosia verrataan", "sv": "Hur åren jämförs", "en": "How years are compared"}
NAMES = {"301": "TERVEYSASEMA", "302": "NEUVOLA", "41": "Kirjasto", "51": "Koulu", "52": "Nuorisotyö"}
in_each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[EventLog]:
    """Give a town in which health care left at the end of 2022, and youth work moved to another sector."""
    with EventLog.create(str(tmp_path / "town.db"), "Kylä", now=MADE, by="controller") as log:
        record(log, establish_unit, "HYV", FOUNDED, name="Hyvinvointi", kind="sector", parent=None)
        record(log, establish_unit, "SIV", FOUNDED, name="Sivistys", kind="sector", parent=None)
        record(log, establish_unit, "30", FOUNDED, name="Terveydenhuolto", kind="service_area", parent="HYV")
        for unit, above in (("301", "30"), ("302", "30"), ("41", "HYV"), ("51", "SIV"), ("52", "SIV")):
            record(log, establish_unit, unit, FOUNDED, name=NAMES[unit], kind="unit", parent=above)
        for number, unit in enumerate(NAMES, 1):
            for month in range(1, 13):
                record(log, post_actual, unit, "personnel", Period.of_month(2022, month), -number * 1_000_00)
            if unit[0] != "3":
                record(log, post_actual, unit, "personnel", Period.of_month(2023, 1), -number * 12_000_00)
                record(log, adopt_budget, unit, "personnel", 2023, -number * 12_000_00, day=date(2022, 11, 1))
        complete(log, "2022", "2023")
        yield log


def reform(log: EventLog) -> None:
    """Let a unit merge, two end and one move."""
    record(log, merge_unit, "302", date(2022, 6, 30), "301")
    for unit in ("301", "30"):
        record(log, close_unit, unit, date(2022, 12, 31))
    record(log, move_unit, "52", date(2023, 1, 1), "HYV")


def said(document: Document, language: str) -> list[str]:
    """Return what the summary says of the comparison."""
    return [sentences(text) for text in below_label(document.summary, LABELS[language])]


@in_each_language
def test_where_nothing_moved_nothing_is_said(town: EventLog, language: str) -> None:
    """A report of years in which everything stayed has no word about it, nor a field in its data."""
    document = report_of(town, "2023", language=language)
    assert LABELS[language] not in markdown(document).decode()
    assert not {"changes", "comparable", "excluded"} & orjson.loads(encoded(snapshot_taken(town, "2023"))).keys()


def test_what_moved_merged_and_ended_is_named(town: EventLog) -> None:
    """In the summary, in a table of the notes and on the terminal: the unit, the day, from where and to where."""
    reform(town)
    document = report_of(town, "2023", language="en")
    first, *named = said(document, "en")
    assert first == (
        "All years are shown in the organisation of 31 December 2023. What moved or merged stands, in earlier years "
        "too, where it stands on that day. What ended is in the figures of the years in which it was there."
    )
    assert named == [
        "302 NEUVOLA: part of 301 TERVEYSASEMA since 1 July 2022, into which it merged.",
        "30 Terveydenhuolto: ended on 31 December 2022.",
        "301 TERVEYSASEMA: ended on 31 December 2022.",
        "52 Nuorisotyö: moved from Sivistys to Hyvinvointi on 1 January 2023.",
    ]
    assert plain_text(table_of(document, "reorganised").rows) == [
        ["302 NEUVOLA", "merged", "1 July 2022", "30 Terveydenhuolto", "301 TERVEYSASEMA"],
        ["30 Terveydenhuolto", "ended", "31 December 2022", "Hyvinvointi", "–"],
        ["301 TERVEYSASEMA", "ended", "31 December 2022", "30 Terveydenhuolto", "–"],
        ["52 Nuorisotyö", "moved", "1 January 2023", "Sivistys", "Hyvinvointi"],
    ]
    page = sentences(snapshot_table(snapshot_taken(town, "2023"), load_chart(), language="en"))
    assert "52 Nuorisotyö: moved from SIV Sivistys to HYV Hyvinvointi on 1 January 2023." in page
    assert "All years are shown in the organisation of 31 December 2023." in " ".join(page.split())


@pytest.mark.parametrize(
    ("period", "asked", "units"),
    [
        ("2022", {}, {"302"}),  # the others changed on the day after it, or with its end
        ("2023Q1", {}, {"302", "30", "301", "52"}),
        ("2024Q1", {}, set()),  # 2023 is compared, in which nothing changed after its first day
        ("2024Q1", {"years": 2}, {"302", "30", "301", "52"}),
        ("2024Q1", {"structure": date(2022, 1, 1)}, {"302", "30", "301", "52"}),
        ("2022", {"structure": date(2023, 1, 1)}, {"302", "30", "301", "52"}),
        ("2023", {"unit": "SIV"}, {"52"}),  # which left it
        ("2023", {"unit": "51"}, set()),
    ],
)
def test_changes_are_those_of_the_years_compared_and_of_the_units_told(
    town: EventLog, period: str, asked: dict[str, object], units: set[str]
) -> None:
    """Those between the earliest year shown and the report's end, or the day of the organisation beyond either."""
    reform(town)
    assert {change.unit for change in snapshot_taken(town, period, **asked).changes} == units


def test_to_be_put_under_the_city_is_no_change(town: EventLog) -> None:
    """A sector was the city's before the city was a unit."""
    record(town, establish_unit, "KYL", date(2022, 7, 1), name="Kylä", kind="city", parent=None)
    assert snapshot_taken(town, "2023").changes == ()


@in_each_language
def test_earlier_years_without_what_left_say_so(town: EventLog, language: str) -> None:
    """Their columns, tables, pictures and sentences are called comparable; what is excluded stands beside, by line."""
    reform(town)
    document = report_of(town, "2023", language=language, comparable=True)
    word = {"fi": "vertailtava", "sv": "jämförbart", "en": "comparable"}[language]
    for table in tables_in(document):
        if table.key.startswith("figures-"):
            assert [word in column.title for column in table.columns] == [False, True, False, False, False]
    excluded = table_of(document, "excluded")
    amounts = [[cell.value for cell in row.cells[1:]] for row in excluded.rows if row.kind != "group"]
    assert amounts == [[-36_000], [-36_000]]
    assert not any(word in column.title for column in excluded.columns)
    (course,) = [b for b in document.blocks() if isinstance(b, Picture) and b.key == "income-and-expenses-hyv"]
    assert word in course.chart.last_year_label  # type: ignore[union-attr]
    assert sum("30 Terveydenhuolto" in text for text in said(document, language)) == 2


def test_every_format_tells_what_is_excluded(town: EventLog) -> None:
    """The workbook on a sheet of its own, CSV by the names of its columns, the data as facts that are read again."""
    reform(town)
    snapshot = snapshot_taken(town, "2023", comparable=True, years=2)
    assert decoded(encoded(snapshot)) == snapshot
    csv = next(iter(DictReader(figures_csv(snapshot).decode().splitlines())))
    assert {"final_accounts_comparable_eur", "final_accounts_2021_comparable_eur", "actual_eur"} <= csv.keys()
    assert not {"final_accounts_eur", "final_accounts_2021_eur"} & csv.keys()
    sheets = load_workbook(BytesIO(workbook(report_of(town, "2023", comparable=True))), read_only=True)
    rows = [list(row) for row in sheets["Kaupungista lähtenyt"].iter_rows(values_only=True)]
    assert [row[-1] for row in rows if isinstance(row[-1], int | float)] == [-36_000, -36_000]
    page = sentences(snapshot_table(snapshot, load_chart(), language="en"))
    assert "30 Terveydenhuolto, until 31 December 2022: net −€36,000 (Accounts 2022)." in " ".join(page.split())
    assert "not known in whole" not in page


def test_where_nothing_left_comparable_years_are_the_years(town: EventLog) -> None:
    """Asked for, it is said that there was nothing; no column is called otherwise, no figure differs."""
    document = report_of(town, "2023", language="en", comparable=True)
    assert said(document, "en") == [
        "Nothing left the city before 2023 that earlier years would have to be shown without."
    ]
    assert not any("comparable" in column.title for table in tables_in(document) for column in table.columns)
    shown, full = (snapshot_taken(town, "2023", comparable=way) for way in (True, False))
    assert (shown.units, shown.findings) == (full.units, full.findings)


def test_what_is_not_known_of_what_left_is_said_to_be_so(town: EventLog) -> None:
    """A unit whose books are not complete: no amount of it is told as one."""
    record(town, establish_unit, "60", FOUNDED, name="Palolaitos", kind="unit", parent="HYV")
    record(town, withdraw_completion, Period.of_month(2022, 12), "60", reason="kesken")
    record(town, close_unit, "60", date(2022, 12, 31))
    (text,) = [text for text in said(report_of(town, "2023", language="en", comparable=True), "en") if "until" in text]
    assert text == "60 Palolaitos, until 31 December 2022: net not known in whole (Accounts 2022)."


def test_the_commands_ask_for_it(town: EventLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`report` and `snapshot` take it, the report's own command names it, and CSV tells beside what it is without."""
    reform(town)
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(town.location)
    result = terminal.run("report 2023 --comparable --lang en --format md -o -")
    assert result.stdout_bytes == markdown(report_of(town, "2023", language="en", comparable=True))
    assert "--comparable`" in result.stdout
    told = terminal.run("snapshot 2023 --comparable --format csv")
    assert "30 Terveydenhuolto (ended 2022-12-31)" in told.stderr
    assert "final_accounts_comparable_eur" in told.stdout
    for verb in ("report", "snapshot"):
        assert (
            "leave out --known-at, --structure, --comparable"
            in terminal.run(f"{verb} 2023 --published --comparable").stderr
        )
