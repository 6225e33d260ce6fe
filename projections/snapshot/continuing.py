"""What an earlier year has on lines of its own chart that no line of the report continues: named, and in no row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.snapshot.model import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from heinola_es.domain.aggregates.organisation import UnitThen
    from heinola_es.domain.value_rule.column import Column


def findings_on_lines_of_before(units: Iterable[UnitThen], columns: Mapping[str, Column]) -> Iterator[Finding]:
    """Yield a finding for every row that a unit had in an earlier year, and that no line of this year continues."""
    for unit in units:
        for name, column in columns.items():
            kept = column.as_kept
            if kept is not column:
                yield from _of_unit(unit, name, kept, _continued(column))


def _continued(column: Column) -> frozenset[str]:
    """Return the lines of the column's own year that lines of the report's continue."""
    return frozenset(getattr(column, "lines", {}).values())


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
