"""Forecasts from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.forecasts import ForecastGiven

if TYPE_CHECKING:
    from tests.terminal import Terminal


def test_a_forecast_is_recorded(terminal: Terminal) -> None:
    """The amount is of the year's end, negative without quoting; its text and its precision are options."""
    event = terminal.recorded("record forecast 4100 personnel 2020Q2 -12 500 000 --precision thousand --text Sijaiset")
    assert isinstance(event, ForecastGiven)
    assert (event.unit, event.line, event.amount_cents) == ("4100", "personnel", -12_500_000_00)
    assert (event.precision_cents, event.text, event.deviation_cents) == (100_000, "Sijaiset", None)


def test_a_deviation_stands_in_place_of_the_amount(terminal: Terminal) -> None:
    """It is told against the budget; both amounts, or none, are refused in a sentence."""
    terminal.recorded("record budget 4100 personnel 2020 -1 000")
    event = terminal.recorded("record forecast 4100 personnel 2020Q2 --deviation -50")
    assert isinstance(event, ForecastGiven)
    assert (event.amount_cents, event.deviation_cents) == (-1_050_00, -50_00)
    for told, how in (("-1 000 --deviation -50", "has two amounts"), ("", "has no amount")):
        said = terminal.refused(f"record forecast 4100 personnel 2020Q2 {told}", code=2)
        assert f"the forecast {how}; give either" in said
