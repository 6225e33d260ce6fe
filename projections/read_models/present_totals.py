"""The running totals of the present: a block of `rm_totals`, looked at before it is believed, read once in a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field

from heinola_es.store.reading import LogReader
from projections.read_models.marks import ModelsDiffer, differing
from projections.read_models.running_totals import PRESENT, RESIDUE, block_mark, key_mark, segments_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_BESIDE_SUMS = 6
"""How many values a row has before its sums: detail, unit, line, residue, first month, booked."""


def present_totals(reader: LogReader, measure: str, fiscal_year: int) -> PresentTotals:
    """Return the totals of a measure and fiscal year, the same for everything that is asked in a moment."""
    kept: dict[tuple[str, int], PresentTotals] = reader.kept.setdefault("present totals", {})
    block = measure, fiscal_year
    if block not in kept:
        kept[block] = PresentTotals(reader, *block)
    return kept[block]


@define(slots=True, eq=False, repr=False)
class PresentTotals:
    """The totals of a measure and fiscal year, up to the ends of those months that are asked for.

    Attributes:
        reader: of the read models.
        measure, fiscal_year: of what.
    """

    reader: LogReader
    measure: str
    fiscal_year: int
    _months: set[int] = field(init=False, factory=set)
    _read: tuple[int, ...] | None = field(init=False, default=None)
    _rows: list[tuple[Any, ...]] = field(init=False, factory=list)
    _booked: dict[str, int] = field(init=False, factory=dict)

    def expect(self, month: int) -> None:
        """Make ready to be asked for the sums up to a month's end: those of all months expected are read together."""
        self._months.add(month)

    def booked(self) -> dict[str, int]:
        """Return the units with any posting in the fiscal year, and the months, as bits, of their ordinary ones."""
        self._read_months()
        return dict(self._booked)

    def sums(self, month: int) -> list[tuple[int, str, str, int]]:
        """Return whether of details, unit, line and cents of all that has any posting up to a month's end."""
        self.expect(month)
        at = _BESIDE_SUMS + self._read_months().index(month)
        return [(row[0], row[1], row[2], row[at]) for row in self._rows if row[4] <= month]

    def _read_months(self) -> tuple[int, ...]:
        """Return the months that are read: all that were expected so far."""
        if self._read is None or not self._months.issubset(self._read):
            self._read = tuple(sorted(self._months))
            self._rows = self._looked_at(self._read)
            booked = self._booked = dict[str, int]()
            for row in self._rows:
                booked[row[1]] = booked.get(row[1], 0) | row[5]
        return self._read

    def _looked_at(self, months: tuple[int, ...]) -> list[tuple[Any, ...]]:
        """Return the rows of the block, with the sums up to the ends of some months.

        Raises:
            ModelsDiffer: they are not those that were written.
        """
        block = self.measure, self.fiscal_year
        sums = "".join(f", c{month}" for month in months)
        with differing("rm_totals"):
            rows: list[tuple[Any, ...]] = self.reader.models.execute(
                f"SELECT detail, unit, line, {RESIDUE} - ?, first_month, booked{sums} FROM rm_totals "  # noqa: S608
                "WHERE segment = ? AND measure = ? AND fiscal_year = ?",
                (block_mark(*block) + segments_mark(PRESENT), PRESENT, *block),
            ).fetchall()
        if len(rows) != rows_held(self.reader, *block, PRESENT, PRESENT):
            raise ModelsDiffer("rm_totals")
        require_marks(self.reader, rows)
        return rows


def rows_held(reader: LogReader, measure: str, fiscal_year: int, first: int, last: int) -> int:
    """Return how many rows some segments must hold between them, however far positions lie apart."""
    ending = f" {measure} {fiscal_year}"
    held: Mapping[str, list[int]] = reader.kept["checks"].get("totals", {})
    return sum(
        number
        for key, (number, _mark) in held.items()
        if key.startswith("rm_totals ") and key.endswith(ending) and first <= int(key.split()[1]) <= last
    )


def require_marks(reader: LogReader, rows: Sequence[Any], counts: Iterable[int] = ()) -> None:
    """Refuse totals where what is left of a mark (the fourth value) is not the mark of the key (the first three).

    Args:
        reader: of the read models.
        rows: of totals, or sums of several.
        counts: how many rows each is the sum of; one, where nothing is said.

    Raises:
        ModelsDiffer.
    """
    marks: dict[tuple[int, str, str], int] = reader.kept.setdefault("key marks", {})
    keys = [(row[0], row[1], row[2]) for row in rows]
    for key in keys:
        if key not in marks:
            marks[key] = key_mark(*key)
    wanted = [marks[key] for key in keys]
    if counts:
        wanted = [mark * count for mark, count in zip(wanted, counts, strict=True)]
    if wanted != [row[3] for row in rows]:
        raise ModelsDiffer("rm_totals")
