"""Where each thing of a report that carries its own data stands in its file: figures by table, row and column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from projections.report.content.prose import one_line

if TYPE_CHECKING:
    from projections.documents.figures import Figures
    from projections.documents.proof import CarriedProof

_LONGEST = 60


@define(slots=True)
class Places:
    """Places by number, as the importer's document names them.

    Attributes:
        words: each place, by its number.
    """

    words: dict[int, str] = field(factory=dict)
    _numbers: dict[str, int] = field(factory=dict)
    _figures: dict[tuple[str, str, str, int | None], str] = field(factory=dict)

    @classmethod
    def of(cls, proof: CarriedProof, figures: Figures, *, sheets: bool) -> Places:
        """Return the places of the figures in the tables of a file; `sheets`: they are those of a workbook."""
        found: dict[tuple[str, str, str, int | None], str] = {}
        for number, table in enumerate(proof.tables, start=1):
            where = f"sheet {one_line(table.caption)}" if sheets else f"table {number}"
            for at, row in enumerate(table.rows, start=2 if sheets else 1):
                for column in table.columns if row.of is not None else ():
                    if row.of is not None and column.of is not None:
                        key = (row.of.unit, row.of.line, column.of.name, column.of.year)
                        title = one_line(figures.headers(column)[0])
                        found.setdefault(key, f"{where}, row {at}, {title}")
        return cls(figures=found)

    def number(self, place: str) -> int:
        """Return the number of a place."""
        number = self._numbers.setdefault(place, len(self._numbers) + 1)
        self.words[number] = place
        return number

    def of_figure(self, unit: str, line: str, column: str, year: int | None) -> tuple[int, ...]:
        """Return the number of where a figure stands; of one that no table shows, that of the data."""
        shown = self._figures.get((unit, line, column, year))
        return (self.number(shown or f"its data on {unit}, {line} {column}{f' {year}' if year else ''}"),)

    def named(self, *parts: object) -> tuple[int, ...]:
        """Return the number of a place that is called so: `its data on 4160, goal 2`."""
        first, *others = (one_line(part)[:_LONGEST] for part in parts)
        return (self.number(", ".join(filter(None, (first, " ".join(others))))),)
