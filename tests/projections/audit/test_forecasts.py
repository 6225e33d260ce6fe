"""The track record of forecasts: each against how its year ended, and how far off they were over the years."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import post_actual
from heinola_es.handlers.forecasts import give_forecast
from heinola_es.handlers.undoing import undo
from heinola_es.store.reading import LogReader
from projections.audit.diff import difference
from projections.audit.forecasts import TrackQuery, track_record
from projections.report.content.build import build_report
from projections.report.content.query import ReportQuery
from projections.report.theme.theme import Theme
from projections.snapshot.taking import SnapshotQuery
from projections.writers.pdf.pdf import pdf
from tests.projections.asking import LATER, record
from tests.terminal import Terminal

if TYPE_CHECKING:
    from datetime import datetime

    from heinola_es.store.log import EventLog
    from projections.audit.forecasts import TrackRecord


def live(log: EventLog) -> None:
    """Let a unit forecast two years at their half, and one of them in autumn again; both end."""
    for year, (first, last) in {2018: (-30_00, -70_00), 2019: (-33_00, -77_00), 2020: (-36_00, -84_00)}.items():
        record(log, post_actual, "4100", "personnel", parse_period(f"1-6/{year}"), first)
        record(log, post_actual, "4100", "personnel", parse_period(f"7-12/{year}"), last)
    for period, cents in (("1-6/2019", -100_00), ("1-6/2020", -130_00), ("1-6/2020", -126_00), ("1-9/2020", -121_00)):
        record(log, give_forecast, "4100", "personnel", parse_period(period), cents)


def tracked(log: EventLog, year: int, known_at: datetime | None = None) -> TrackRecord:
    """Return the track record of a year."""
    with LogReader.open(log.location) as reader:
        return track_record(reader, TrackQuery(year=year, unit="410", known_at=known_at))


def _size(log: EventLog) -> int:
    with LogReader.open(log.location) as reader:
        return reader.size()


def test_each_forecast_stands_beside_how_the_year_ended(store: EventLog) -> None:
    """The last of each day counts; beside it stands what would have been computed: 36 ÷ 0,3."""
    live(store)
    first, second = tracked(store, 2020).forecasts.rows
    assert first == {
        "unit": "4100",
        "line": "personnel",
        "period": "30.6.2020",
        "forecast_cents": -126_00,
        "final_cents": -120_00,
        "error_cents": -6_00,
        "error_percent": "-5.00",
        "computed_cents": -120_00,
        "computed_error_cents": 0,
    }
    assert (second["period"], second["error_cents"], second["error_percent"]) == ("30.9.2020", -1_00, "-0.83")


def test_bias_is_told_over_the_years(store: EventLog) -> None:
    """+10 in 2019, then −6 and −1: with their signs they are 1 on average, without 5,67; by report, 2 and 1 of them."""
    live(store)
    found = tracked(store, 2020)
    assert found.by_unit.rows == (
        {"unit": "4100", "line": "personnel", "count": 3, "bias_cents": 1_00, "mean_error_cents": 5_67},
    )
    assert found.by_report.rows == (
        {"seen": "30.6.", "count": 2, "bias_cents": 2_00, "mean_error_cents": 8_00},
        {"seen": "30.9.", "count": 1, "bias_cents": -1_00, "mean_error_cents": 1_00},
    )


def test_a_year_that_is_not_whole_has_no_error(store: EventLog) -> None:
    """Nobody knows how a year ends before it has; and as known before it was given there was no forecast."""
    live(store)
    record(store, post_actual, "4100", "personnel", parse_period("1-6/2021"), -40_00)
    given = LATER + timedelta(days=5)
    record(store, give_forecast, "4100", "personnel", parse_period("1-6/2021"), -140_00, now=given)
    (row,) = tracked(store, 2021).forecasts.rows
    assert (row["forecast_cents"], row["final_cents"], row["error_cents"]) == (-140_00, None, None)
    before = tracked(store, 2021, given - timedelta(hours=1)).forecasts.rows
    assert {row["forecast_cents"] for row in before} <= {None}


def test_a_difference_names_the_forecast_that_made_it(store: EventLog) -> None:
    """A cell of the column that a later forecast changed is told with that event, and no other."""
    live(store)
    older = _size(store)
    receipt = record(store, give_forecast, "4100", "personnel", parse_period("1-6/2020"), -150_00, now=LATER)
    with LogReader.open(store.location) as reader:
        query = SnapshotQuery(period=parse_period("2020H1"), unit="410")
        found = difference(reader, query, older, receipt.last)
    of_forecast = [change for change in found.changes if change.key[0] == "figure"]
    assert {change.key[-1] for change in of_forecast} == {"forecast"}
    assert {tuple(entry.position for entry in change.entries) for change in of_forecast} == {(receipt.first,)}
    record(store, undo, [(receipt.first, receipt.first)], reason="väärä", now=LATER + timedelta(days=1))
    assert tracked(store, 2020).forecasts.rows[0]["forecast_cents"] == -126_00


def test_the_command_prints_it_in_every_form_and_language(store: EventLog) -> None:
    """A table in three languages, JSON in cents, CSV."""
    terminal = Terminal(store.location)
    for year in (2019, 2020):
        terminal.done(f"record actual 4100 personnel {year} -100")
    terminal.done("record forecast 4100 personnel 2020H1 -110")
    for language, word in (("fi", "Lopputulos"), ("sv", "Slutade på"), ("en", "Ended at")):
        assert word in terminal.done(f"audit forecasts 2020 --lang {language}")
    told = orjson.loads(terminal.done("audit forecasts 2020 --format json"))
    assert [row["error_cents"] for row in told["forecasts"]] == [-10_00]
    assert (
        terminal.done("audit forecasts 2020 --format csv")
        .splitlines()[1]
        .startswith("4100,personnel,30.6.2020,-11000,")
    )


def test_a_report_tells_how_the_forecasts_of_the_year_before_held(store: EventLog) -> None:
    """One table and one picture, where the year before had forecasts and has ended; PDF pages are made of it."""
    live(store)
    for language, title in (("fi", "Miten vuoden 2019 ennusteet pitivät"), ("en", "How the forecasts of 2019 held")):
        page = Terminal(store.location).done(f"report 2020H1 --format md --lang {language} -o -")
        assert page.count(f"## {title}") == 1
        assert "10" in page.split(f"## {title}")[1].split("\n## ")[0]
    assert "pitivät" not in Terminal(store.location).done("report 2019H1 --format md --lang fi -o -")
    with LogReader.open(store.location) as reader:
        document = build_report(reader, ReportQuery(period=parse_period("2020H1")), Theme())
    assert pdf(document, Theme()).startswith(b"%PDF")
