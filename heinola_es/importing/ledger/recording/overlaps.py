"""Amounts of days that are recorded already: found before anything is recorded, and refused with the ways on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.domain.aggregates.booked import BookedCell
from heinola_es.domain.amounts import format_cents
from heinola_es.importing.ledger.reading.problems import Cause
from heinola_es.importing.ledger.recording.earlier import is_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heinola_es.domain.aggregates.booked import Booked
    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.domain.chart import Chart
    from heinola_es.importing.ledger.recording.writing import Writing

_MEANT = "add --also where both are meant"
_WAYS = (
    "where this file is a newer export, add --update to record the differences; where its amounts are totals from "
    f"1 January, say cumulative = true under [[amounts]]; {_MEANT}"
)
_BY_HAND = (
    "it was not imported, so leave it out of the file, or record the difference with `heinola record correction`; "
    f"{_MEANT}"
)
_ACROSS = (
    f"neither is part of the other, so no difference can be told; export the file again with the same periods; {_MEANT}"
)


@frozen(slots=True)
class Said:
    """What a file says of an account, or else a line, over one period.

    Attributes:
        line, account, period: the account is empty where the file tells lines.
        internal: whether of the internal items alone, beside which the others stand.
        indexes: of the amounts.
        cents: their sum.
    """

    line: str
    account: str
    internal: bool
    period: Period
    indexes: tuple[int, ...]
    cents: int


@frozen(slots=True)
class Overlap:
    """What a file says beside what is there of the same days."""

    said: Said
    cell: BookedCell


def overlaps_of(said: Iterable[Said], booked: Booked) -> list[Overlap]:
    """Return what the file says of days of which its account, or else its line, has a posting."""
    found = ((one, booked.over(one.line, one.account, one.period, internal=one.internal)) for one in said)
    return [Overlap(one, cell) for one, cell in found if cell is not None]


def insides_of(said: Sequence[Said], booked: Booked, chart: Chart) -> list[Overlap]:
    """Return what the file says of a line of which parts are there, by account or line, and of parts of such a line.

    What somebody posted on the line beside an import is meant.
    """
    by_lines = [one for one in said if not one.account]
    live = list(booked.live()) if by_lines else []
    whole = [cell for cell in booked.live() if not cell.account and is_row(cell.source)]
    if not by_lines and not whole:
        return []
    live = [cell for cell in live if is_row(cell.source)]
    return [
        *(found for one in by_lines if (found := _first(one, live, chart.at_or_below(one.line))) is not None),
        *(found for one in said if (found := _first(one, whole, chart.at_or_above(one.line))) is not None),
    ]


def _first(one: Said, cells: Iterable[BookedCell], lines: frozenset[str]) -> Overlap | None:
    own = one.line, one.account
    same = (cell for cell in cells if cell.internal == one.internal and cell.line in lines)
    within = (cell for cell in same if (cell.line, cell.account) != own)
    cell = next((cell for cell in within if cell.period.overlaps(one.period)), None)
    return None if cell is None else Overlap(one, cell)


def refuse_overlaps(
    writing: Writing, year: UnitYear, found: Sequence[Overlap], *, by_hand: bool = False, crossing: bool = False
) -> None:
    """Take note of what would be counted twice, once for the unit's year, with what stands there and the ways on."""
    first = found[0]
    said, cell = first.said, first.cell
    ways = _BY_HAND if by_hand else _ACROSS if crossing else _WAYS
    position = writing.session.log.positions_of(year.stream).get(cell.version)
    where = ", ".join([*([f"#{position}"] if position else []), *([cell.source] if cell.source else [])])
    what = f"{year.unit} {cell.account or cell.line} for {cell.period.label} is {format_cents(cell.cents)}"
    there = f"{what} already ({where})" if where else f"{what} already"
    writing.refuse(
        f"the actual of {there}, {_beside(said, cell)}; {ways}",
        said.indexes[0],
        len(found) - 1,
        cause=Cause("units have amounts of days that are recorded already", ways),
        item=f"{what} ({where})",
    )


def _beside(said: Said, cell: BookedCell) -> str:
    if (said.account, said.line) != (cell.account, cell.line):
        return f"and {said.account or said.line} of {said.period.label} has it in it, or is part of it"
    if said.period == cell.period:
        return "so its days would be counted twice"
    return f"and {said.period.label} shares days with that, which would be counted twice"


def refuse_total(writing: Writing, year: UnitYear, said: Said) -> None:
    """Take note of a total of days of which earlier files say that there is nothing."""
    what = f"{year.unit} {said.account or said.line}"
    writing.refuse(
        f"the total of {what} for {said.period.label} is {format_cents(said.cents)}, and earlier imports have nothing "
        f"of it for all these days; where this file is a newer export, add --update to record the difference",
        said.indexes[0],
    )


def refuse_between_columns(writing: Writing, total: Said, parts: Sequence[Said], there_cents: int) -> None:
    """Take note of a total from 1 January that is not the sum of the amounts that the same file has beside it."""
    what = total.account or total.line
    periods = ", ".join(_labels(parts))
    writing.refuse(
        f"the total of {what} for {total.period.label} is {format_cents(total.cents)}, and its parts ({periods}) come "
        f"to {format_cents(there_cents)}; mend the file, or leave the total out of the mapping",
        total.indexes[0],
    )


def _labels(parts: Iterable[Said]) -> Iterator[str]:
    return (period.label for period in sorted({part.period for part in parts}))
