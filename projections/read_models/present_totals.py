"""The running totals of the present: a block of `rm_totals`, looked at before it is believed, read once in a moment."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from attrs import define, field

from heinola_es.store.reading import LogReader
from projections.read_models.lasting_totals import Block, keep_block, lasting_block
from projections.read_models.marks import ModelsDiffer, differing
from projections.read_models.running_totals import (
    PRESENT,
    RESIDUE,
    RunningTotals,
    block_mark,
    key_mark,
    segments_mark,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heinola_es.domain.value_rule.facts import Totals

_BESIDE_SUMS = 6
"""How many values a row has before its sums: detail, unit, line, residue, first month, booked."""

_MOVED = (
    "SELECT 1 FROM stored_events WHERE position > ? AND position <= ? "  # noqa: S608 - words of ours
    f"AND topic IN ({', '.join(repr(topic) for topic in sorted(RunningTotals().topics))}) LIMIT 1"
)


def totals_since(reader: LogReader, upto: int, end: int) -> int:
    """Return from which position on, no later than `end`, the totals of the present hold as known at `upto`.

    That is `upto` itself where nothing was recorded from there to `end` that moves them, as after a publication.
    """
    return end if upto < end and reader.connection.execute(_MOVED, (upto, end)).fetchone() else upto


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
    _read: Block | None = field(init=False, default=None)

    def expect(self, month: int) -> None:
        """Make ready to be asked for the sums up to a month's end: those of all months expected are read together."""
        self._months.add(month)

    def booked(self) -> Mapping[str, int]:
        """Return the units with any posting in the fiscal year, and the months, as bits, of their ordinary ones."""
        return self._block().booked

    def lines(self) -> frozenset[str]:
        """Return the lines with any posting in the fiscal year."""
        return self._block().lines

    def until(self, month: int) -> Totals:
        """Return the sums up to a month's end, details among them: of each unit when it is first asked for."""
        self.expect(month)
        block = self._block()
        return _UntilMonth(block.by_unit, month, _BESIDE_SUMS + block.months.index(month))

    def sums(self, month: int) -> list[tuple[int, str, str, int]]:
        """Return whether of details, unit, line and cents of all that has any posting up to a month's end."""
        self.expect(month)
        block = self._block()
        at = _BESIDE_SUMS + block.months.index(month)
        return [(row[0], row[1], row[2], row[at]) for rows in block.by_unit.values() for row in rows if row[4] <= month]

    def _block(self) -> Block:
        """Return the totals up to the ends of all months that were expected so far."""
        if self._read is None or not self._months.issubset(self._read.months):
            key = self.measure, self.fiscal_year
            before = lasting_block(self.reader, key)
            if before is None or not self._months.issubset(before.months):
                months = tuple(sorted(self._months.union(before.months if before else ())))
                before = _block_of(months, self._looked_at(months))
                keep_block(self.reader, key, before)
            self._read = before
        return self._read

    def _looked_at(self, months: tuple[int, ...]) -> list[tuple[Any, ...]]:
        """Return the rows of the block, with the sums up to the ends of some months.

        Raises:
            ModelsDiffer: they are not those that were written.
        """
        block = self.measure, self.fiscal_year
        sums = "".join(f", c{month} + 0" for month in months)
        with differing("rm_totals"):
            rows: list[tuple[Any, ...]] = self.reader.models.execute(
                f"SELECT detail, unit, line, {RESIDUE} - ?, first_month + 0, booked + 0{sums} FROM rm_totals "  # noqa: S608
                "WHERE segment = ? AND measure = ? AND fiscal_year = ?",
                (block_mark(*block) + segments_mark(PRESENT), PRESENT, *block),
            ).fetchall()
        if len(rows) != rows_held(self.reader, *block, PRESENT, PRESENT):
            raise ModelsDiffer("rm_totals")
        require_marks(self.reader, rows)
        return rows


def _block_of(months: tuple[int, ...], rows: Sequence[tuple[Any, ...]]) -> Block:
    by_unit: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        of_unit = by_unit.get(row[1])
        if of_unit is None:
            by_unit[row[1]] = [row]
        else:
            of_unit.append(row)
    booked = {unit: reduce(or_, [row[5] for row in of_unit]) for unit, of_unit in by_unit.items()}
    return Block(months, by_unit, frozenset({row[2] for row in rows}), booked)


@define(slots=True, eq=False, repr=False)
class _UntilMonth(Mapping[str, "Mapping[str, int]"]):
    """The sums up to a month's end, by unit and line.

    Attributes:
        by_unit: all rows of the fiscal year.
        month: which.
        at: where in a row the sum up to its end is.
    """

    by_unit: Mapping[str, list[tuple[Any, ...]]]
    month: int
    at: int
    _known: dict[str, dict[str, int]] = field(init=False, factory=dict)

    def __getitem__(self, unit: str) -> Mapping[str, int]:
        """Return the sums of a unit that has any posting inside."""
        known = self._known.get(unit)
        if known is None:
            known = {}
            for row in self.by_unit.get(unit, ()):
                if row[4] <= self.month:
                    known[row[2]] = known.get(row[2], 0) + row[self.at]
            self._known[unit] = known
        if not known:
            raise KeyError(unit)
        return known

    def __iter__(self) -> Iterator[str]:
        """Yield the units that have any posting inside."""
        return (unit for unit, rows in self.by_unit.items() if any(row[4] <= self.month for row in rows))

    def __len__(self) -> int:
        """Return how many units have any."""
        return sum(1 for _unit in self)


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
            with differing("rm_totals"):
                marks[key] = key_mark(*key)
    wanted = [marks[key] for key in keys]
    if counts:
        wanted = [mark * count for mark, count in zip(wanted, counts, strict=True)]
    if wanted != [row[3] for row in rows]:
        raise ModelsDiffer("rm_totals")
