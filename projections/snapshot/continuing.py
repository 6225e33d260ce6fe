"""What an earlier year has on lines of its own chart that no line of the report continues: named, and in no row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.domain.value_rule.continued import ContinuedColumn
from projections.snapshot.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from heinola_es.domain.aggregates.organisation import UnitThen
    from heinola_es.domain.value_rule.column import Column


def findings_on_lines_of_before(units: Iterable[UnitThen], columns: Mapping[str, Column]) -> Iterator[Finding]:
    """Yield a finding for every row that a unit had in an earlier year, and that no line of this year continues."""
    earlier = [
        (name, column.kept, frozenset(column.lines.values()))
        for name, column in columns.items()
        if isinstance(column, ContinuedColumn)
    ]
    for unit in units:
        for name, kept, continued in earlier:
            yield from _of_unit(unit, name, kept, continued)


def _of_unit(unit: UnitThen, name: str, kept: Column, continued: frozenset[str]) -> Iterator[Finding]:
    for line in kept.chart.layout_of(unit.kind).rows:
        cell = kept.cell(unit.code, line) if line not in continued else None
        if cell is not None and cell[0]:
            yield Finding(
                kind="incomplete",
                code="no_counterpart",
                unit=unit.code,
                line=line,
                column=name,
                computed=cell[0],
                parameters={"cents": cell[0]},
            )
