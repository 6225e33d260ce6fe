"""The check that the tree is right: what units say must add up to what the unit above says, within rounding."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from attrs import frozen

from events.organisation import is_investment
from heinola_es.domain.amounts import format_cents
from heinola_es.importing.report.document import FigureRow, StatedAmount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heinola_es.domain.chart import Chart
    from heinola_es.importing.report.document import ReportUnit
    from heinola_es.importing.report.draft import Draft

_COLUMNS = ("final_accounts", "prior_actual", "budget", "actual")


@frozen(slots=True)
class _Rows:
    """The figure rows of a report, by unit and line."""

    rows: dict[tuple[str, str], FigureRow]

    def cells(self, keys: Iterable[tuple[str, str]], column: str) -> list[StatedAmount | None]:
        """Return the cells of a column, None where the row or its cell is missing."""
        return [getattr(self.rows[key], column) if key in self.rows else None for key in keys]


def check_sums(draft: Draft) -> None:
    """Say where units do not add up to the unit above, in a line and column that both have, and what that confirms."""
    rows = _Rows({(row.unit, row.line): row for row in draft.figures})
    off: set[str] = set()
    below: defaultdict[str | None, list[ReportUnit]] = defaultdict(list)
    for unit in draft.units.values():
        below[unit.parent].append(unit)
    for parent in draft.units.values():
        children = [unit for unit in below[parent.code] if _adds_up(unit, parent)]
        differences = list(_differences(draft.chart, rows, parent, children)) if children else []
        if differences:
            codes = ", ".join(child.code for child in children)
            message = f"The units under {parent.code} ({codes}) do not add up to it: {'; '.join(differences)}."
            draft.infer(parent.lines[0], message, parent.code)
            off.add(parent.code)
    for place in draft.placements:
        verdict = "but the sums do not confirm it" if off.intersection(place.parents) else "and the sums confirm it"
        draft.infer(place.line, f"{place.message}, {verdict}.", place.unit)


def _adds_up(unit: ReportUnit, parent: ReportUnit) -> bool:
    """Return whether a unit's figures are part of its parent's: a sector's income statement holds no investments."""
    return is_investment(parent.kind) or not is_investment(unit.kind)


def _differences(chart: Chart, rows: _Rows, parent: ReportUnit, children: list[ReportUnit]) -> Iterator[str]:
    printed = dict.fromkeys(line for child in children for line in chart.layout_of(child.kind).rows)
    for line in printed:
        lines = chart.counterparts(line, parent.kind)
        if not lines:
            continue
        for column in _COLUMNS:
            stated = rows.cells([(parent.code, above) for above in lines], column)
            added = rows.cells([(child.code, line) for child in children], column)
            total, computed = _sum(stated), _sum(added)
            if total is None or computed is None or stated[0] is None:
                continue
            if abs(computed - total) > _tolerance([*stated, *added]):
                label = rows.rows[parent.code, lines[0]].label
                yield f"{label}, {column}: {format_cents(computed)} € against {format_cents(total)} €"


def _sum(cells: Iterable[StatedAmount | None]) -> int | None:
    known = [cell.cents for cell in cells if cell]
    return sum(known) if known else None


def _tolerance(cells: Iterable[StatedAmount | None]) -> int:
    """Return how far rounding can take a sum: half the precision of each addend, the total included."""
    return sum(cell.precision_cents for cell in cells if cell) // 2
