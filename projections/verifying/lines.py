"""Figures on lines that the chart of their year does not have: no row can show them, so whoever checks is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from events.streams import topics_of
from projections.read_models.moment import one_moment
from projections.read_models.without import left_out
from projections.verifying.problems import Problem, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.domain.chart import Chart, Charts
    from projections.verifying.workbench import Workbench

_LINES = (
    "SELECT fiscal_year, line FROM main.rm_totals UNION SELECT fiscal_year, line FROM main.rm_unread "
    "UNION SELECT CAST(substr(last_day, 1, 4) AS INTEGER), line FROM main.rm_statements"
)
_FORECASTS = "SELECT body FROM main.rm_words WHERE topic = 'ForecastGiven'"
_TOPICS = tuple(topic for topic in topics_of("figures", "forecasts") if topic != "StatementWithdrawn")
_EVENTS = (
    f"SELECT position, state FROM store.stored_events WHERE topic IN ({', '.join('?' * len(_TOPICS))}) "  # noqa: S608
    "AND position <= ? ORDER BY position"
)
_CONSEQUENCE = "no row shows it, and the figures of its unit are left empty; take it back with `heinola undo {at}`"


def line_problems(bench: Workbench) -> Iterator[Problem]:
    """Yield the figures that count and are on a line that is none, by the read models that were made anew.

    The read models tell which lines there are, so that a log without any such figure is not read again for it.
    """
    with one_moment(bench):
        absent = left_out(bench, bench.upto).positions
        charts = bench.charts(bench.upto, absent)
        unknown = _unknown(bench, charts)
        if not unknown:
            return
        found = bench.connection.execute(_EVENTS, (*_TOPICS, bench.upto)).fetchall()
    for position, state in found:
        of = _line_of(orjson.loads(state))
        if of in unknown and position not in absent:
            year, line = of
            message = (
                f"event {number(position)} is on the line {line!r}, which the chart of {year} "
                f"({charts.of(year).id}) does not have"
            )
            yield Problem("event", position, position, message, _CONSEQUENCE.format(at=position))


def _unknown(bench: Workbench, charts: Charts) -> set[tuple[int, str]]:
    """Return the fiscal years and lines of figures that the charts of these years do not have."""
    bodies = (orjson.loads(body) for (body,) in bench.connection.execute(_FORECASTS))
    lines = {*bench.connection.execute(_LINES), *filter(None, map(_line_of, bodies))}
    years: dict[int, Chart] = {year: charts.of(year) for year, _line in lines}
    return {(year, line) for year, line in lines if line not in years[year].lines}


def _line_of(body: dict[str, Any]) -> tuple[int, str] | None:
    """Return the fiscal year and the line that the body of a figure tells; None where it is of no line."""
    line = body.get("line")
    return (body.get("fiscal_year") or int(body["effective"].partition("/")[2][:4]), line) if line else None
