"""From a TOML file to a profile: every key is checked, and all that is wrong is told at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from events.period import Period
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.files.toml_forms import table_from
from heinola_es.files.toml_tables import read_toml
from heinola_es.importing.profiled.profile import ColumnRule, Profile, TextRule, UnitRule, key_of
from heinola_es.importing.profiled.profile_tables import COMPARED, ProfileTable, said_period
from heinola_es.importing.report.money_units import EUROS, unit_of

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.importing.profiled.profile_tables import FigureColumn, UnitHeadings
    from heinola_es.importing.report.document import UnitKind

_KIND = "a profile"


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
    top, wrong = table_from(ProfileTable, said, _KIND)
    if wrong:
        raise ProfileUnfit(*(f"{name}: {sentence}" for sentence in wrong))
    period = parse_period(top.period)
    return Profile(
        period=period,
        expenses_positive=top.expenses == "positive",
        unit=None if top.unit is None else (top.unit.code, top.unit.name, cast("UnitKind", top.unit.kind)),
        units=tuple(map(_unit, top.units)),
        money=_money(top.figures.money, EUROS),
        decimal=top.figures.decimal,
        columns={key_of(column.header): _column(column, period) for column in top.figures.columns},
        lines=_by_key(top.figures.lines),
        unit_tables=tuple((key_of(table.heading), table.line) for table in top.figures.unit_tables),
        goal_columns=_by_key(top.goals.columns),
        statuses=_by_key(top.goals.statuses),
        project_columns=_by_key(top.projects.columns),
        project_money=_money(top.projects.money, EUROS),
        priority_columns=_by_key(top.priorities.columns),
        statistics={key_of(one.header): (one.what, said_period(one.period)) for one in top.statistics.columns},
        texts=tuple(
            TextRule(heading=key_of(one.heading or ""), what=one.what, style=(one.style or "").casefold())
            for one in top.texts
        ),
    )


def _unit(table: UnitHeadings) -> UnitRule:
    return UnitRule(
        kind=cast("UnitKind", table.kind),
        style=(table.style or "").casefold(),
        numbered=table.numbered,
        digits=table.digits,
        names={key_of(name): code for code, name in table.names.items()},
    )


def _column(table: FigureColumn, report: Period) -> ColumnRule:
    first, second = table.of or COMPARED.get(table.what, ("", ""))
    return ColumnRule(
        header=table.header,
        what=table.what,
        period=_period_of(table, report),
        money=_money(table.money, 0),
        of=(first, second),
        line=table.line or "",
    )


def _period_of(table: FigureColumn, report: Period) -> Period | None:
    """Return what a column's figures are of: of a budget and a forecast a year, of an actual any period of one."""
    said = said_period(table.period)
    if table.what == "actual":
        return said or report.year_to_date()
    if table.what not in {"budget", "forecast"}:
        return None
    year = report.year if said is None else said.year
    return report.year_to_date() if year == report.year else Period.of_year(year)


def _money(said: str | None, default: int) -> int:
    return default if said is None else unit_of(said, 0)


def _by_key(words: dict[str, str]) -> dict[str, str]:
    return {key_of(word): means for word, means in words.items()}
