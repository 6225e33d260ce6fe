"""The charts of a store: which lines its fiscal years have, and from when on others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import define

from events.charts import ChartAdopted, ChartEvent
from events.period import Period
from heinola_es.domain.aggregates.base import Aggregate, Stamp
from heinola_es.domain.chart import Charts, continued
from heinola_es.errors import BadInput, Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.domain.chart import Chart

_YEARS = range(1900, 2200)
_NAMED = 5


class ChartKnown(Refused):
    """There was a chart with this id before, and an id stands for one chart for ever."""


class LaterChart(Refused):
    """A chart was taken into use from that year on, or from a later one."""


class DoesNotContinue(BadInput):
    """What lines continue does not fit the chart before."""


class LinesInUse(Refused):
    """Figures of these years are on lines that the chart does not have."""


@define(slots=True, kw_only=True, eq=False, repr=False)
class ChartBook(Aggregate[ChartEvent]):
    """The charts, folded from their stream."""

    KIND = "the charts"
    FAMILY = frozenset({ChartAdopted})

    def evolve(self, event: ChartEvent) -> None:
        """Take in a chart; which are there, those who read them know."""

    def adopt(self, stamp: Stamp, charts: Charts, chart: Chart, content: str, from_year: int) -> None:
        """Take a chart into use from a fiscal year on; `charts` are those that there are.

        Raises:
            BadInput, ChartKnown, LaterChart, DoesNotContinue.
        """
        if from_year not in _YEARS:
            raise BadInput(
                f"{from_year} is no fiscal year; write the first one that is to have the chart, such as 2027"
            )
        if chart.id in {charts.first.id, *(one.id for _since, one in charts.later)}:
            raise ChartKnown(f"the store has a chart {chart.id} already; give the new one an id of its own")
        if charts.later and charts.later[-1][0] >= from_year:
            since, last = charts.later[-1]
            raise LaterChart(
                f"the chart {last.id} holds from {since} on; take this one from a later year, or undo that first"
            )
        require_continuing(chart, charts.newest)
        day = Period.of_day(date(from_year, 1, 1))
        self.record(ChartAdopted(**self.head(stamp, day), chart=chart.id, content=content, from_year=from_year))


def require_continuing(chart: Chart, before: Chart) -> None:
    """Refuse a chart whose lines continue what is not there, or of which two continue the same.

    Raises:
        DoesNotContinue: all of it is told.
    """
    lost = [line for line in chart.lines.values() if line.continues and line.continues not in before.lines]
    wrong = [f"the line {line.code} continues {line.continues}, and {before.id} has no such line" for line in lost]
    by_old: dict[str, list[str]] = {}
    for code, old in continued(chart, before).items():
        by_old.setdefault(old, []).append(code)
    wrong += [f"{' and '.join(codes)} both continue {old}" for old, codes in by_old.items() if len(codes) > 1]
    if wrong:
        raise DoesNotContinue(*wrong)


def require_lines(chart: Chart, from_year: int, used: Iterable[tuple[int, str, str]]) -> None:
    """Refuse a chart that lacks lines on which figures of its years are.

    `used` tells the position of each of these, what it is of, and its line.

    Raises:
        LinesInUse: the first of them are named.
    """
    lost = [(at, what, line) for at, what, line in used if line not in chart.lines]
    if lost:
        named = ", ".join(f"#{at} ({what} {line})" for at, what, line in lost[:_NAMED])
        more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
        raise LinesInUse(
            f"what is recorded of {from_year} or later is on lines that the chart {chart.id} does not have: "
            f"{named}{more}; undo it, or take the chart from a later year"
        )
