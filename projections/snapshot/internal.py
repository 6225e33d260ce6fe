"""Internal items (sisäiset erät) in a report: a city without those of its units, and whether these meet."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve

from heinola_es.domain.chart import CITY
from projections.snapshot.columns import EXTERNAL_AND_INTERNAL, FORECAST_DEVIATION, INTERNAL, Share, column_named
from projections.snapshot.model import Finding, Note
from projections.snapshot.notes import beside_budget
from projections.snapshot.percent import percent_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from events.period import Period
    from heinola_es.domain.aggregates.organisation import Organisation
    from heinola_es.domain.value_rule.column import Column
    from heinola_es.domain.value_rule.value import Value
    from projections.snapshot.columns import ReportColumn
    from projections.snapshot.figures import Figures
    from projections.snapshot.model import Cell, FigureRow, Snapshot, UnitReport

_DECISIVE = "actual"
"""The column whose internal part has to be known for a statement to be told without it."""


def has_external_statement(unit: UnitReport) -> bool:
    """Return whether a unit's statement is one of external items: a city's, whose internal ones are known.

    They have to be known of every line whose actual is, or the statement would be of two kinds. Where columns of either
    part were asked for, these tell it, and the others are the totals that they are parts of.
    """
    if unit.kind != CITY or any(row.cells.keys() & EXTERNAL_AND_INTERNAL for row in unit.figures[:1]):
        return False
    known = [row for row in unit.figures if row.cells.get(_DECISIVE) is not None]
    return bool(known) and all(row.external.get(_DECISIVE) is not None for row in known)


def external_of(snapshot: Snapshot) -> frozenset[str]:
    """Return the codes of the units of a snapshot whose statement is one of external items."""
    return frozenset(unit.code for unit in snapshot.units if has_external_statement(unit))


def statement_of(unit: UnitReport) -> UnitReport:
    """Return a unit with its rows as its own statement has them: of a city external, where that is known.

    In a column of which the internal items are not known, nothing is known then.
    """
    if not has_external_statement(unit):
        return unit
    return evolve(unit, figures=tuple(map(_external, unit.figures)))


def _external(row: FigureRow) -> FigureRow:
    cells = {name: row.external.get(name) if name in row.external else cell for name, cell in row.cells.items()}
    told = {name: Note("internal_unknown") for name in row.external if row.cells.get(name) and not cells[name]}
    deviation = cells.get(FORECAST_DEVIATION.name)
    if deviation is not None and deviation.cents:
        told[FORECAST_DEVIATION.name] = beside_budget(deviation)
    of_total = {FORECAST_DEVIATION.name} if deviation is not None else set[str]()
    notes = {name: note for name, note in row.notes.items() if name not in of_total}
    return evolve(
        row,
        cells=cells,
        percents={name: None if known is None else share_of(name, cells) for name, known in row.percents.items()},
        partial={name: part for name, part in row.partial.items() if name not in row.external},
        notes={**notes, **told},
        prior_years=tuple(
            evolve(one, cells={name: one.external.get(name) for name in one.cells}, partial={})
            for one in row.prior_years
        ),
    )


def share_of(name: str, cells: Mapping[str, Cell | None]) -> Decimal | None:
    """Return a column of per cents worked out from the amounts of others; None where one of them is not known."""
    source = column_named(name).source
    if not isinstance(source, Share):
        return None
    part, whole = (cells.get(of) for of in source.names)
    if part is None or whole is None:
        return None
    text = percent_text(part.cents, whole.cents)
    return None if text is None else Decimal(text)


def findings_on_internal(figures: Figures, period: Period, columns: Iterable[ReportColumn]) -> Iterator[Finding]:
    """Yield a finding for each column whose internal income and expenses do not meet over the whole city.

    What one unit earns of another, this one spends. Where any of it is not known, nothing is said. For a log in which
    anything is internal.
    """
    for of in columns:
        if of.name in INTERNAL:
            yield from _on_column(INTERNAL[of.name].name, figures.of(INTERNAL[of.name], period))


def _on_column(name: str, column: Column) -> Iterator[Finding]:
    chart = column.chart
    tops = [top for top in _tops(column.organisation) if column.rule.standing.is_there(top, column.period)]
    income = _known(column.value(top, chart.income[0]) for top in tops)
    expenses = _known(column.value(top, chart.expenses[0]) for top in tops)
    if income is None or expenses is None:
        return
    earned, spent = (sum(value.cents for value in values) for values in (income, expenses))
    slack = sum(value.slack_cents for value in (*income, *expenses))
    if earned + spent:
        yield Finding(
            kind="rounding" if abs(earned + spent) <= slack else "mismatch",
            code="internal_differs",
            column=name,
            stated=earned,
            computed=-spent,
            parameters={"income_cents": earned, "expenses_cents": spent},
        )


def _tops(organisation: Organisation) -> list[str]:
    """Return the units that stand below no other in their book."""
    units = organisation.units.values()
    return [one.code for one in units if one.parent is None or one.code not in organisation.below(one.parent)]


def _known(values: Iterable[Value | None]) -> Sequence[Value] | None:
    found = list(values)
    known = [value for value in found if value is not None]
    return known if len(known) == len(found) else None
