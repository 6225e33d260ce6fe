"""What a unit says its year will end at; and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events.figures import BudgetAdopted, BudgetAmended
from events.forecasts import ForecastGiven
from heinola_es.domain.aggregates.unit_year import AgainstLineSign, FinerThanStated, OtherYear
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.handlers.forecasts import give_forecast, give_forecast_against_budget
from tests.specification import CITY_FACTS, fact

if TYPE_CHECKING:
    from tests.specification import Given

SECOND_QUARTER = parse_period("2020Q2")
OF = ("4100", "personnel")


def test_a_forecast_is_given(given: Given) -> None:
    """What the year will end at, in words too; a later one of the same day is recorded as well."""
    given(*CITY_FACTS).when(give_forecast, *OF, SECOND_QUARTER, -1_000_00, precision_cents=100, text="Sijaiset").then(
        fact(
            ForecastGiven,
            "2020Q2",
            unit="4100",
            line="personnel",
            amount_cents=-1_000_00,
            precision_cents=100,
            text="Sijaiset",
        )
    ).when(give_forecast, *OF, SECOND_QUARTER, -1_100_00).then(
        fact(ForecastGiven, "2020Q2", unit="4100", line="personnel", amount_cents=-1_100_00)
    )


def test_a_forecast_is_given_against_the_budget(given: Given) -> None:
    """The budget is that with the amendments decided by the end of the period; where it is not known, none is told."""
    given(*CITY_FACTS).when(give_forecast_against_budget, *OF, SECOND_QUARTER, -50_00).refused(
        BadInput, "the budget of 4100 personnel for 2020 is not known, or not whole"
    )
    of: dict[str, Any] = {"unit": "4100", "fiscal_year": 2020, "line": "personnel"}
    given(
        *CITY_FACTS,
        fact(BudgetAdopted, "11.11.2019", **of, amount_cents=-1_000_00),
        fact(BudgetAmended, "1.5.2020", **of, amount_cents=-100_00),
        fact(BudgetAmended, "1.7.2020", **of, amount_cents=-7_00),
    ).when(give_forecast_against_budget, *OF, SECOND_QUARTER, -50_00).then(
        fact(
            ForecastGiven,
            "2020Q2",
            unit="4100",
            line="personnel",
            amount_cents=-1_150_00,
            deviation_cents=-50_00,
        )
    )


def test_what_is_no_forecast_is_refused(given: Given) -> None:
    """An amount against its line's sign, one that is finer than its precision, and one of two years."""
    situation = given(*CITY_FACTS)
    situation.when(give_forecast, *OF, SECOND_QUARTER, 1_00).refused(AgainstLineSign, "personnel is recorded negative")
    situation.when(give_forecast, *OF, SECOND_QUARTER, -1_01, precision_cents=100).refused(
        FinerThanStated, "is not in whole euros"
    )
    situation.when(give_forecast, *OF, parse_period("2019-12-01..2020-01-31"), -1_00).refused(
        OtherYear, "is not inside the fiscal year"
    )
