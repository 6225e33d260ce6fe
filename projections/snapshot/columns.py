"""The columns of a report: what each is called, what it is worked out from, and where it is shown.

Every output asks this registry: to add a column is to add an entry to `COLUMNS`, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from attrs import frozen

from events.period import Period

Covers = Callable[[Period, int], Period]
"""What a column covers in the report of a period, so many years back: 0 is the report's own year."""


@frozen(slots=True, eq=False, repr=False)
class Measured:
    """What is recorded of a measure over a period.

    Attributes:
        measure: `actual`; `budget` or `forecast`: what the year's is by, or as seen at, the end of the report's period.
        covers: which period.
    """

    measure: Literal["actual", "budget", "forecast"]
    covers: Covers


@frozen(slots=True, eq=False, repr=False)
class Sum:
    """What other columns add up to, each so many times: a deviation is an actual once and a budget minus once."""

    terms: Mapping[str, int]


@frozen(slots=True, eq=False, repr=False)
class Share:
    """How many per cent one column is of another."""

    part: str
    whole: str

    @property
    def names(self) -> tuple[str, str]:
        """Both columns."""
        return self.part, self.whole


Source = Measured | Sum | Share


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ReportColumn:
    """A column of figures.

    Attributes:
        name: in the snapshot, in options and in files: for ever.
        labels: how a report heads it, by language, with a line break where it may break; `{year}` and `{yy}` are the
            year that it covers, `{span}` the months from 1 January to the period's end (`6 kk`).
        told: what it is, in English, for whoever reads the data.
        source: what it is worked out from.
        by_default: whether a report has it without being asked.
        years_back: by how many years it lies before the report's own; in each further prior year it is shown again
            where that is not 0.
        compares: whether reconciliation compares the routes to its figures.
    """

    name: str
    labels: Mapping[str, str]
    told: str
    source: Source
    by_default: bool = False
    years_back: int = 0
    compares: bool = False

    @property
    def is_amount(self) -> bool:
        """Whether it holds amounts, and not per cents."""
        return not isinstance(self.source, Share)

    def covers(self, period: Period, further_back: int = 0) -> Period:
        """Return what it covers in the report of a period, so many years before where it stands by itself."""
        if isinstance(self.source, Measured):
            return self.source.covers(period, self.years_back + further_back)
        first = next(iter(self.source.terms)) if isinstance(self.source, Sum) else self.source.part
        return column_named(first).covers(period, further_back)

    def label(self, language: str, period: Period, span: str, further_back: int = 0) -> str:
        """Return how the report of a period heads it: lines, of which only the last may be `%` or what it covers."""
        year = self.covers(period, further_back).year
        return self.labels[language].format(year=year, yy=f"{year % 100:02}", span=span)

    def measured(self) -> tuple[ReportColumn, ...]:
        """Return the columns of what is recorded that it rests on; itself, where it is one."""
        if isinstance(self.source, Measured):
            return (self,)
        names = self.source.terms if isinstance(self.source, Sum) else self.source.names
        return tuple(dict.fromkeys(measured for name in names for measured in column_named(name).measured()))


def _whole_year(period: Period, back: int) -> Period:
    return Period.of_year(period.year - back)


def _same_months(period: Period, back: int) -> Period:
    return period.year_to_date().years_before(back)


FINAL_ACCOUNTS = ReportColumn(
    name="final_accounts",
    labels={"fi": "TP {year}", "sv": "Bokslut {year}", "en": "Accounts {year}"},
    told="the year before (tilinpäätös)",
    source=Measured("actual", _whole_year),
    by_default=True,
    years_back=1,
    compares=True,
)
PRIOR_ACTUAL = ReportColumn(
    name="prior_actual",
    labels={"fi": "TOT {year}\n{span}", "sv": "Utfall {year}\n{span}", "en": "Actual {year}\n{span}"},
    told="the same months of the year before",
    source=Measured("actual", _same_months),
    by_default=True,
    years_back=1,
    compares=True,
)
BUDGET = ReportColumn(
    name="budget",
    labels={"fi": "TA {year}\n+ muutokset", "sv": "Budget {year}\n+ ändringar", "en": "Budget {year}\n+ changes"},
    told="the year's, with the amendments decided by the end of the period (talousarvio + muutokset)",
    source=Measured("budget", _whole_year),
    by_default=True,
    compares=True,
)
ACTUAL = ReportColumn(
    name="actual",
    labels={"fi": "TOT {year}\n{span}", "sv": "Utfall {year}\n{span}", "en": "Actual {year}\n{span}"},
    told="from 1 January (toteuma)",
    source=Measured("actual", _same_months),
    by_default=True,
    compares=True,
)
PERCENT = ReportColumn(
    name="percent",
    labels={"fi": "TOT-{yy}\n%", "sv": "Utfall-{yy}\n%", "en": "Actual-{yy}\n%"},
    told="actual ÷ budget × 100",
    source=Share("actual", "budget"),
    by_default=True,
)

FORECAST = ReportColumn(
    name="forecast",
    labels={"fi": "Ennuste\n{year}", "sv": "Prognos\n{year}", "en": "Forecast\n{year}"},
    told="what the year will end at, as seen at the end of the period (ennuste)",
    source=Measured("forecast", _whole_year),
)
FORECAST_DEVIATION = ReportColumn(
    name="forecast_deviation",
    labels={"fi": "Poikkeama", "sv": "Avvikelse", "en": "Deviation"},
    told="forecast − budget; more than 0 is better",
    source=Sum({"forecast": 1, "budget": -1}),
)
FORECASTS = (FORECAST.name, FORECAST_DEVIATION.name)
"""The columns that a report has by itself where a forecast was given for its period."""

COLUMNS: tuple[ReportColumn, ...] = (
    FINAL_ACCOUNTS,
    PRIOR_ACTUAL,
    BUDGET,
    ACTUAL,
    PERCENT,
    FORECAST,
    FORECAST_DEVIATION,
)
"""Every column that a report can have, in its order."""


def column_named(name: str) -> ReportColumn:
    """Return the column of a name; KeyError where there is none."""
    return next(each for each in COLUMNS if each.name == name)


def all_columns() -> tuple[ReportColumn, ...]:
    """Return every column that a report can have."""
    return COLUMNS


def columns_by_default() -> tuple[ReportColumn, ...]:
    """Return the columns that a report has without being asked."""
    return tuple(each for each in COLUMNS if each.by_default)


def named(names: tuple[str, ...]) -> tuple[ReportColumn, ...]:
    """Return the columns of these names, in the order of a report."""
    return tuple(each for each in COLUMNS if each.name in names)


def amounts(columns: tuple[ReportColumn, ...]) -> tuple[ReportColumn, ...]:
    """Return those that hold amounts."""
    return tuple(each for each in columns if each.is_amount)


def default_amounts() -> tuple[str, ...]:
    """Return the names of the amounts that a report has without being asked."""
    return tuple(each.name for each in amounts(columns_by_default()))


def column_period(name: str, period: Period) -> Period:
    """Return what a column covers in the report of a period."""
    return column_named(name).covers(period)
