"""Charts: the lines that fiscal years have change from one on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from heinola_es.domain.aggregates.charts import require_lines
from heinola_es.domain.chart import chart_from
from heinola_es.domain.value_rule.coverage import is_month
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.domain.chart import OwnChart
    from heinola_es.handlers.session import Session

_BY_LINE = ("BudgetAdopted", "BudgetAmended", "AmendmentProposed", "ActualPosted", "ActualCorrected", "FigureStated")
_BY_LINES = ("BooksCompleted", "CompletionWithdrawn")


class PublishedWith(Refused):
    """A report of these years was published with the lines of another chart."""


def adopt_chart(session: Session, own: OwnChart, from_year: int) -> None:
    """Take a chart into use from a fiscal year on; what is recorded of earlier years keeps the lines that it is on.

    Raises:
        BadInput, ChartKnown, LaterChart, DoesNotContinue, LinesInUse; PublishedWith, unless that is meant.
    """
    chart = chart_from(orjson.loads(own.content))
    require_lines(chart, from_year, _lines_used(session, from_year))
    published = [
        (at, body["effective"])
        for at, body in session.log.positions_and_bodies("ReportPublished")
        if int(body["effective"][-10:-6]) >= from_year
    ]
    if published and not session.restates:
        at, period = published[0]
        raise PublishedWith(
            f"#{at} published a report of {period.replace('/', '–')}, with the lines of the chart before; take the "
            "chart from a later year, or add --restates if it is meant"
        )
    session.chart_book().adopt(session.stamp, session.charts(), chart, own.content, from_year)


def _lines_used(session: Session, from_year: int) -> Iterator[tuple[int, str, str]]:
    """Yield position, unit and line of what is recorded of a fiscal year or later ones."""
    for topic in (*_BY_LINE, *_BY_LINES):
        for at, body in session.log.positions_and_bodies(topic):
            if body.get("fiscal_year", int(body["effective"][-10:-6])) >= from_year:
                for line in [body["line"]] if topic in _BY_LINE else body.get("lines", ()):
                    yield at, body["unit"], line
    for at, body in session.log.positions_and_bodies("FileImported"):
        months = filter(is_month, body.get("covered_months", ()))
        years = [int(month[:4]) for month in months] + list(body.get("covered_years", ()))
        if max(years, default=0) >= from_year:
            yield from ((at, body.get("file_name", ""), line) for line in body.get("covered_lines", ()))
