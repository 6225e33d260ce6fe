"""Forecasts that a ledger file tells: what a line of the year will end at, as seen at the end of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.period import Period
from heinola_es.errors import HeinolaError, Refused
from heinola_es.handlers.forecasts import give_forecast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.importing.ledger.recording.writing import Writing


def record_forecasts(writing: Writing, year: UnitYear, indexes: Sequence[int]) -> None:
    """Record what a file says that the lines of a unit's year will end at; accounts of a line add up.

    With an update, or of a content that was imported before, what is as it was given last is not given again.
    """
    ledger, amounts = writing.ledger, writing.ledger.amounts
    cells: dict[tuple[str, Period], list[int]] = {}
    for index in indexes:
        line = ledger.accounts[amounts.account[index]].line
        cells.setdefault((line, ledger.periods[amounts.period[index]]), []).append(index)
    for (line, period), parts in cells.items():
        _give(writing, year, line, period, parts)


def _give(writing: Writing, year: UnitYear, line: str, period: Period, parts: list[int]) -> None:
    if period == Period.of_year(period.year):
        writing.refuse(
            Refused(
                f"a forecast is given as seen at the end of its period, and at the end of {period.year} there is none "
                f'to give; say under [[amounts]] when it was seen, such as period = "1-6/{period.year}"'
            ),
            parts[0],
        )
        return
    cents = sum(writing.ledger.amounts.cents[index] for index in parts)
    before = year.forecasts.get((line, period.end))
    if before == cents and (writing.wishes.update or writing.again):
        writing.unchanged += 1
        return
    if before is not None and not (writing.wishes.update or writing.again):
        writing.refuse(
            Refused(
                f"a forecast of {year.unit} {line} as seen on {Period.of_day(period.end).label} was given already; add "
                f"--update where this file is a newer one, and its forecast takes the place of that"
            ),
            parts[0],
        )
        return
    session = writing.session
    session.stamp = writing.at(writing.source_of(parts))
    precision = writing.ledger.sources[writing.ledger.amounts.source[parts[0]]].column.precision_cents
    try:
        give_forecast(session, year.unit, line, period, cents, precision_cents=precision, contra=writing.wishes.contra)
    except HeinolaError as error:
        writing.refuse(error, parts[0])
