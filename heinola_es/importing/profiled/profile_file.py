"""From a TOML file to a profile: every key is checked, and all that is wrong is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from events.goals import GOAL_STATUSES
from events.organisation import UNIT_KINDS
from events.period import Period
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput, nearest
from heinola_es.files.toml_tables import TomlTable, read_toml
from heinola_es.importing.profiled.profile import (
    COLUMN_IS,
    GOAL_FIELDS,
    PRIORITY_FIELDS,
    PROJECT_FIELDS,
    STATISTIC_IS,
    TEXT_IS,
    ColumnRule,
    Profile,
    TextRule,
    UnitRule,
    key_of,
)
from heinola_es.importing.report.money_units import EUROS, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from heinola_es.importing.profiled.profile import ColumnIs, TextIs
    from heinola_es.importing.report.document import UnitKind

_KIND = "a profile"
DECIMALS = (",", ".")
EXPENSES = ("negative", "positive")
_OF = ("actual", "budget", "forecast")
_COMPARED = {"deviation": ("forecast", "budget"), "percent": ("actual", "budget")}
"""What a deviation is the difference of, and a per cent the quotient, where nothing is said of it."""


class ProfileUnfit(BadInput):
    """The profile says something that is none of its words; the sentence has a line for each."""


def read_profile(path: Path) -> Profile:
    """Return what a profile says.

    Raises:
        BadInput: it cannot be read or is no TOML.
        ProfileUnfit: a key or value is wrong; all of them are told.
    """
    return profile_from(read_toml(path, kind=_KIND, check="; check --profile"), str(path))


def profile_from(said: dict[str, Any], name: str) -> Profile:
    """Return the profile that the tables of a TOML document describe.

    Raises:
        ProfileUnfit.
    """
    wrong: list[str] = []
    table = TomlTable("", said, wrong, _KIND)
    profile = _profile(table)
    table.close()
    if wrong or profile is None:
        raise ProfileUnfit(*(f"{name}: {sentence}" for sentence in wrong))
    return profile


def _profile(table: TomlTable) -> Profile | None:
    if table.take("version", int, "1") != 1:
        table.complain("version", "is missing, or of a newer program; it should be 1")
    period = _period(table, "period")
    if period is None:
        if "period" not in table.said:
            table.complain("period", "is missing; write the report's period, such as 1.4.–30.6.2024 or 1-8/2024")
        return None
    figures = table.table("figures")
    goals, projects, priorities = (table.table(name) for name in ("goals", "projects", "priorities"))
    statistics = table.table("statistics")
    profile = Profile(
        period=period,
        expenses_positive=_choice(table, "expenses", EXPENSES, "negative") == "positive",
        unit=_unit(table.table("unit")),
        units=tuple(_unit_rules(table.tables("units"))),
        money=EUROS if figures is None else _money(figures, EUROS),
        decimal="," if figures is None else _choice(figures, "decimal", DECIMALS, ","),
        columns={} if figures is None else _columns(figures, period),
        lines={} if figures is None else _words(figures, "lines"),
        unit_tables=() if figures is None else tuple(_unit_tables(figures)),
        goal_columns={} if goals is None else _words(goals, "columns", GOAL_FIELDS),
        statuses={} if goals is None else _words(goals, "statuses", GOAL_STATUSES),
        project_columns={} if projects is None else _words(projects, "columns", PROJECT_FIELDS),
        project_money=EUROS if projects is None else _money(projects, EUROS),
        priority_columns={} if priorities is None else _words(priorities, "columns", PRIORITY_FIELDS),
        statistics={} if statistics is None else dict(_statistics(statistics)),
        texts=tuple(_text_rules(table.tables("texts"))),
    )
    for part in (figures, goals, projects, priorities, statistics):
        if part is not None:
            part.close()
    return profile


def _period(table: TomlTable, key: str) -> Period | None:
    said = table.text(key)
    if said is None:
        return None
    try:
        return parse_period(said)
    except BadInput as error:
        table.complain(key, f"names no period: {error}")
        return None


def _choice(table: TomlTable, key: str, known: Iterable[str], default: str) -> str:
    said = table.text(key)
    if said is None:
        return default
    if said not in known:
        table.complain(key, f"is {said!r}{nearest(said, known)}; it should be one of {', '.join(known)}")
        return default
    return said


def _money(table: TomlTable, default: int) -> int:
    said = table.text("money")
    if said is None:
        return default
    try:
        return unit_of(said, 0)
    except BadInput:
        table.complain("money", f"is {said!r}, no unit of money that is known; write €, 1 000 € or milj. €")
        return default


def _unit(table: TomlTable | None) -> tuple[str, str, UnitKind] | None:
    if table is None:
        return None
    code, name = table.text("code"), table.text("name")
    kind = _choice(table, "kind", UNIT_KINDS, "sector")
    table.close()
    if not code or not name:
        table.complain("code", "or name is missing; the unit that the report is of has both")
        return None
    return code, name, cast("UnitKind", kind)


def _unit_rules(tables: list[TomlTable]) -> Iterable[UnitRule]:
    for table in tables:
        kind = _choice(table, "kind", UNIT_KINDS, "unit")
        numbered = bool(table.take("numbered", bool, "true or false", default=False))
        digits = table.take("digits", int, "how many digits the codes have", 0)
        style = (table.text("style") or "").casefold()
        names = table.take("names", dict, "a table of names by their codes", {})
        for code, name in names.items():
            if not isinstance(name, str) or not name.strip() or not code.strip():
                table.complain("names", f"has {name!r} for {code}; it should be the name as the report prints it")
        if not numbered and not names:
            table.complain("names", "is missing; say which units the headings name, or numbered = true")
        table.close()
        codes = {key_of(str(name)): code for code, name in names.items()}
        yield UnitRule(kind=cast("UnitKind", kind), style=style, numbered=numbered, digits=digits, names=codes)


def _columns(figures: TomlTable, period: Period) -> dict[str, ColumnRule]:
    columns: dict[str, ColumnRule] = {}
    for table in figures.tables("columns"):
        header, what = table.text("header"), _choice(table, "is", COLUMN_IS, "")
        if not header or not what:
            table.complain("header", "or is is missing; a column has its header as printed, and what it is")
            continue
        if key_of(header) in columns:
            table.complain("header", f"{header!r} stands twice; remove one of the two")
        columns[key_of(header)] = ColumnRule(
            header=header,
            what=cast("ColumnIs", what),
            period=_period_of(table, what, period),
            money=_money(table, 0),
            of=_of(table, what),
            line=_line_of(table, what),
        )
        table.close()
    return columns


def _line_of(table: TomlTable, what: str) -> str:
    said = table.text("line") or ""
    if said and what == "skip":
        table.complain("line", "is nothing that a column that is skipped has; remove it")
    return said


def _unit_tables(figures: TomlTable) -> Iterable[tuple[str, str]]:
    """Yield the tables whose rows are units: what stands above each, as its key, and the line of its figures."""
    for table in figures.tables("unit_tables"):
        heading, line = table.text("heading"), table.text("line")
        table.close()
        if not heading or not line:
            table.complain("heading", "or line is missing; say what stands above the table, and the code of its line")
            continue
        yield key_of(heading), line


def _period_of(table: TomlTable, what: str, report: Period) -> Period | None:
    """Return what a column's figures are of: of a budget and a forecast a year, of an actual any period of one."""
    said = _period(table, "period")
    if what == "actual":
        return said or report.year_to_date()
    if what not in {"budget", "forecast"}:
        if said is not None:
            table.complain("period", f"is nothing that a column of {what} has; remove it")
        return None
    year = report.year if said is None else said.year
    if what == "forecast" and year != report.year:
        table.complain("period", f'is another year than the report\'s, {report.year}; write is = "skip" for the column')
    return report.year_to_date() if year == report.year else Period.of_year(year)


def _of(table: TomlTable, what: str) -> tuple[str, str]:
    default = _COMPARED.get(what)
    said = table.take("of", list, "two of actual, budget and forecast", None)
    if said is None:
        return default or ("", "")
    if default is None or len(said) != 2 or any(part not in _OF for part in said):  # noqa: PLR2004 - what and what
        table.complain("of", "should be two of actual, budget and forecast, of a deviation or a per cent")
        return default or ("", "")
    return said[0], said[1]


def _words(table: TomlTable, key: str, known: tuple[str, ...] = ()) -> dict[str, str]:
    """Return a table of words with what each stands for, by their keys."""
    words = table.take(key, dict, "a table of words with what they stand for", {})
    for word, means in words.items():
        if not isinstance(means, str) or (known and means not in known):
            choices = f"one of {', '.join(known)}" if known else "the code of a line"
            table.complain(key, f"says {means!r} of {word!r}; it should be {choices}")
    return {key_of(word): str(means) for word, means in words.items()}


def _statistics(statistics: TomlTable) -> Iterable[tuple[str, tuple[str, Period | None]]]:
    """Yield what the columns of tables of statistics have, by their keys, with the period of a value."""
    for table in statistics.tables("columns"):
        header, what = table.text("header"), _choice(table, "is", STATISTIC_IS, "")
        period = _period(table, "period")
        table.close()
        if not header or not what:
            table.complain("header", "or is is missing; a column has its header as printed, and what it is")
            continue
        if period is not None and what != "value":
            table.complain("period", f"is nothing that a column of {what} has; remove it")
        yield key_of(header), (what, period)


def _text_rules(tables: list[TomlTable]) -> Iterable[TextRule]:
    for table in tables:
        heading, style = table.text("heading") or "", (table.text("style") or "").casefold()
        what = _choice(table, "is", TEXT_IS, "narrative")
        if not heading and not style:
            table.complain("heading", 'is missing; write what the heading begins with, or its style ("heading 2")')
        table.close()
        yield TextRule(heading=key_of(heading), what=cast("TextIs", what), style=style)
