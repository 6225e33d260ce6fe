"""The columns of a report: what each is called, what it is worked out from, and where it is shown.

Every output asks this registry: to add a column is to add an entry to `COLUMNS`, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Literal

from attrs import evolve, frozen

from events.period import Period
from heinola_es.domain.value_rule.standing import day_before
from heinola_es.errors import BadInput, nearest

Covers = Callable[[Period, int], Period]
"""What a column covers in the report of a period, so many years back: 0 is the report's own year."""


@frozen(slots=True, eq=False, repr=False)
class Measured:
    """What is recorded of a measure over a period.

    Attributes:
        measure: `actual`; `budget` or `forecast`: what the year's is by, or as seen at, the end of the report's period.
        covers: which period.
        internal: of what is marked internal alone (sisäiset erät).
        amendments: of the decisions alone that changed a budget after it was adopted.
        nothing_in: the periods in whose reports it covers no day, and so is 0.
    """

    measure: Literal["actual", "budget", "forecast"]
    covers: Covers
    internal: bool = False
    amendments: bool = False
    nothing_in: Callable[[Period], bool] = lambda _period: False

    @property
    def stated_as(self) -> str:
        """The measure of which it is stated."""
        return f"internal_{self.measure}" if self.internal else self.measure


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
            year that it covers, `{before}` the year before the report's, `{span}` the months from 1 January to the
            period's end (`6 kk`), `{alone}` those of the period (`4–6`).
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
        months = dict.fromkeys((period.start.month, period.end.month))
        alone = "–".join(map(str, months))
        return self.labels[language].format(year=year, yy=f"{year % 100:02}", span=span, alone=alone, before=year - 1)

    def covers_nothing(self, period: Period) -> bool:
        """Return whether it covers no day in the report of a period, and so is 0."""
        return isinstance(self.source, Measured) and self.source.nothing_in(period)

    def tells(self, period: Period) -> Hashable:
        """Return what it tells in the report of a period; two that tell the same have the same in every cell."""
        source = self.source
        if isinstance(source, Measured):
            return source.measure, self.covers(period), source.internal, source.amendments
        if isinstance(source, Share):
            return tuple(column_named(name).tells(period) for name in source.names)
        terms = [(column_named(name), times) for name, times in source.terms.items()]
        told = [(column.tells(period), times) for column, times in terms if not column.covers_nothing(period)]
        return told[0][0] if len(told) == 1 and told[0][1] == 1 else frozenset(told)

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


def _before(period: Period, back: int) -> Period:
    """Return the days from 1 January to the day before a period; of one from 1 January, its own."""
    cumulative = period.year_to_date()
    if _begins_the_year(period):
        return cumulative.years_before(back)
    return Period(cumulative.start, day_before(period.start)).years_before(back)


def _begins_the_year(period: Period) -> bool:
    return period.start == period.year_to_date().start


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
ACTUAL_BEFORE = ReportColumn(
    name="actual_before",
    labels=ACTUAL.labels,
    told="from 1 January to the day before the period",
    source=Measured("actual", _before, nothing_in=_begins_the_year),
)
"""What a column is worked out from, and no column by itself."""
AMENDMENTS = ReportColumn(
    name="amendments",
    labels={"fi": "Muutokset\n{year}", "sv": "Ändringar\n{year}", "en": "Changes\n{year}"},
    told="of the year's budget, decided by the end of the period",
    source=Measured("budget", _whole_year, amendments=True),
)
ORIGINAL_BUDGET = ReportColumn(
    name="original_budget",
    labels={"fi": "Alkuperäinen\nTA {year}", "sv": "Ursprunglig\nbudget {year}", "en": "Original\nbudget {year}"},
    told="the year's budget without its amendments",
    source=Sum({"budget": 1, "amendments": -1}),
)
DEVIATION = ReportColumn(
    name="deviation",
    labels={"fi": "Poikkeama\nTOT − TA", "sv": "Avvikelse\nutfall − budget", "en": "Deviation\nactual − budget"},
    told="actual − budget: how far the year so far is from its budget (poikkeama)",
    source=Sum({"actual": 1, "budget": -1}),
)
QUARTER = ReportColumn(
    name="quarter",
    labels={"fi": "TOT\n{alone}/{year}", "sv": "Utfall\n{alone}/{year}", "en": "Actual\n{alone}/{year}"},
    told="of the period alone: from 1 January, without the days before the period",
    source=Sum({"actual": 1, "actual_before": -1}),
)
CHANGE = ReportColumn(
    name="change",
    labels={"fi": "Muutos\n{before}–{year}", "sv": "Förändring\n{before}–{year}", "en": "Change\n{before}–{year}"},
    told="actual − the same months of the year before",
    source=Sum({"actual": 1, "prior_actual": -1}),
)
CHANGE_PERCENT = ReportColumn(
    name="change_percent",
    labels={
        "fi": "Muutos\n{before}–{year}\n%",
        "sv": "Förändring\n{before}–{year}\n%",
        "en": "Change\n{before}–{year}\n%",
    },
    told="change ÷ the same months of the year before × 100",
    source=Share("change", "prior_actual"),
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


def _internal(of: ReportColumn) -> ReportColumn:
    """Return the column of the internal part of another."""
    if not isinstance(of.source, Measured):
        raise TypeError(f"{of.name} is worked out from other columns")
    return ReportColumn(
        name=f"{of.name}_internal",
        labels=_labels(of, {"fi": "sisäiset", "sv": "interna", "en": "internal"}),
        told=f"the internal items of {of.name} (sisäiset erät)",
        source=evolve(of.source, internal=True),
        years_back=of.years_back,
    )


def _labels(of: ReportColumn, words: Mapping[str, str]) -> dict[str, str]:
    """Return the labels of a part of another column: which part it is stands before what the column covers."""
    parts = {language: label.partition("\n") for language, label in of.labels.items()}
    return {language: f"{first}, {words[language]}{gap}{rest}" for language, (first, gap, rest) in parts.items()}


def _external(of: ReportColumn) -> ReportColumn:
    """Return the column of what is left of another without internal items."""
    return ReportColumn(
        name=f"{of.name}_external",
        labels=_labels(of, {"fi": "ulkoiset", "sv": "externa", "en": "external"}),
        told=f"{of.name} without internal items (ulkoiset erät)",
        source=Sum({of.name: 1, f"{of.name}_internal": -1}),
        years_back=of.years_back,
    )


_DIVIDED = (FINAL_ACCOUNTS, PRIOR_ACTUAL, BUDGET, ACTUAL)
INTERNAL = {of.name: _internal(of) for of in _DIVIDED}
"""The columns of the internal part of others, by the names of these."""
EXTERNAL = {of.name: _external(of) for of in _DIVIDED}
"""Likewise, of what is left without it."""
INTERNAL_PARTS = {**INTERNAL, **{of.name: _internal(of) for of in (ACTUAL_BEFORE, AMENDMENTS)}}
"""Those of the internal part, with what others are worked out from."""
EXTERNAL_AND_INTERNAL = frozenset(column.name for column in (*INTERNAL.values(), *EXTERNAL.values()))
"""The names of the columns of either part."""

COLUMNS: tuple[ReportColumn, ...] = (
    FINAL_ACCOUNTS,
    PRIOR_ACTUAL,
    ORIGINAL_BUDGET,
    AMENDMENTS,
    BUDGET,
    QUARTER,
    ACTUAL,
    PERCENT,
    DEVIATION,
    FORECAST,
    FORECAST_DEVIATION,
    CHANGE,
    CHANGE_PERCENT,
    *(column for of in _DIVIDED for column in (EXTERNAL[of.name], INTERNAL[of.name])),
)
"""Every column that a report can have, in its order."""


_ASKED_FOR = {column.name: column for column in COLUMNS}
_BY_NAME = {**_ASKED_FOR, ACTUAL_BEFORE.name: ACTUAL_BEFORE}


def column_named(name: str) -> ReportColumn:
    """Return the column of a name; KeyError where there is none."""
    found = _BY_NAME.get(name)
    if found is None:
        raise KeyError(name)
    return found


SETS: Mapping[str, tuple[str, ...]] = {
    "default": tuple(column.name for column in COLUMNS if column.by_default),
    "council": ("original_budget", "amendments", "budget", "actual", "percent", "deviation"),
    "compared": ("quarter", "actual", "prior_actual", "change", "change_percent"),
    "forecasts": ("budget", "actual", "percent", "forecast", "forecast_deviation"),
    "internal": ("budget", "actual", "actual_external", "actual_internal", "percent"),
}
"""Columns that are often asked for together, by the name of the set."""


def chosen(
    names: Sequence[str], sets: Mapping[str, Sequence[str]] | None = None, period: Period | None = None
) -> tuple[str, ...]:
    """Return the names of the columns that people ask for, each once, in their order: by name, or by that of a set.

    A column that is in a set alone is left out where another tells the same in the report of a period.

    Args:
        names: of columns, and of sets.
        sets: those of the city besides `SETS`.
        period: of the report, where there is one.

    Raises:
        BadInput: one is neither.
    """
    known, found = {**SETS, **(sets or {})}, list[str]()
    for name in names:
        if name not in known and name not in _ASKED_FOR:
            raise BadInput(
                f"there is no column {name!r}{nearest(name, [*known, *_ASKED_FOR])}; the columns are "
                f"{', '.join(_ASKED_FOR)}; sets of them are {', '.join(known)}"
            )
        found += known.get(name, (name,))
    columns = tuple(map(column_named, dict.fromkeys(found)))
    kept = columns if period is None else once_each(columns, period)
    return tuple(column.name for column in columns if column in kept or column.name in names)


def once_each(columns: Iterable[ReportColumn], period: Period) -> tuple[ReportColumn, ...]:
    """Return columns without those that tell again, in the report of a period, what another of them tells.

    At the end of a year the same months of the year before are that whole year, as its final accounts are. What is
    measured is kept before what is worked out, and else the first.
    """
    columns, kept = tuple(columns), dict[Hashable, ReportColumn]()
    for column in sorted(columns, key=lambda column: not isinstance(column.source, Measured)):
        kept.setdefault(column.tells(period), column)
    return tuple(column for column in columns if kept[column.tells(period)] is column)


def shown_once(names: tuple[str, ...], period: Period) -> tuple[ReportColumn, ...]:
    """Return the columns that a snapshot has, as they are shown where nobody asks for others."""
    return once_each(named(names), period)


def told_again(names: tuple[str, ...], period: Period) -> frozenset[str]:
    """Return the names of the columns of a snapshot that are left out so."""
    return frozenset(names).difference(column.name for column in shown_once(names, period))


def require_amount_column(name: str) -> None:
    """Refuse what is no column of amounts.

    Raises:
        BadInput.
    """
    if name not in _ASKED_FOR or not _ASKED_FOR[name].is_amount:
        told = ", ".join(column.name for column in amounts(COLUMNS))
        raise BadInput(f"{name} is no amount that can be explained; take one of {told}")


def besides_default(names: Sequence[str]) -> tuple[str, ...]:
    """Return those of some columns that a report does not have without being asked."""
    return tuple(name for name in names if not column_named(name).by_default)


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
