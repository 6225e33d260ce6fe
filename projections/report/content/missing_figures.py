"""What of a report is not whole: which units or lines are missing from which column, and how far the rest is known."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from events.value_object import ValueObject
from projections.report.content.document import Bullets, Run
from projections.report.content.prose import paragraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from projections.report.content.document import Block
    from projections.report.content.snapshot_material import SnapshotMaterial, Unit
    from projections.snapshot.model import FigureRow, Partial


@frozen(slots=True, eq=False, repr=False)
class Missing(ValueObject):
    """What is missing from a column.

    Attributes:
        units: codes of the units, lowest down, that are not whole.
        through: the last day through which they are whole; None where they are through none.
        lines: codes of the lines that are missing from these; empty where all are.
    """

    units: tuple[str, ...]
    through: date | None
    lines: tuple[str, ...]


def is_whole(material: SnapshotMaterial) -> bool:
    """Return whether every figure of which anything is known is known in whole."""
    return not any(row.partial for row in material.figures)


def incomplete_notice(material: SnapshotMaterial) -> Iterator[Block]:
    """Yield what is said before anything else of a report that is not whole: that it is not, and what is missing."""
    if is_whole(material):
        return
    words = material.words
    yield paragraph(words.say("This report is not whole."), style="lead")
    yield paragraph(
        words.say(
            "Some figures are known in part alone. The known part stands in square brackets and is no total: no per "
            "cent is taken of it, and nothing is concluded from it. What is missing:"
        )
    )
    yield Bullets(items=tuple((Run(text),) for text in what_is_missing(material)))


def what_is_missing(material: SnapshotMaterial) -> Iterator[str]:
    """Yield by column which units or lines are missing, and through which day the rest is known."""
    names = material.column_names
    for column in material.scales:
        for missing in _missing_from(material, column):
            yield f"{names[column]}: {_told(material, missing)}"


def below_a_table(material: SnapshotMaterial, units: Iterable[Unit]) -> Iterator[Block]:
    """Yield what is said below a table of figures with brackets in it: from which lines what is missing."""
    names = material.column_names
    texts = [
        f"{names[column]}, {', '.join(material.label(line) for line in lines)}: {_told(material, missing)}"
        for unit in units
        for column in material.scales
        for missing, lines in _by_what_is_missing(unit, column).items()
    ]
    if texts:
        brackets = material.words.say("[ ] known in part.")
        yield paragraph(f"{brackets} {'. '.join(dict.fromkeys(texts))}.", style="note")


def _by_what_is_missing(unit: Unit, column: str) -> dict[Missing, list[str]]:
    found: dict[Missing, list[str]] = {}
    for row in unit.figures:
        if column in row.partial:
            partial = row.partial[column]
            others = tuple(code for code in partial.missing_units if code != unit.code)
            found.setdefault(Missing(others, partial.through, partial.missing_lines), []).append(row.line)
    return found


def _missing_from(material: SnapshotMaterial, column: str) -> list[Missing]:
    """Return what is missing from a column, the units of which the same is missing together."""
    partials = [row.partial[column] for row in material.figures if column in row.partial]
    codes = dict.fromkeys(code for partial in partials for code in partial.missing_units)
    together: dict[tuple[date | None, tuple[str, ...]], list[str]] = {}
    for code in codes:
        together.setdefault(_of_unit(material, code, column), []).append(code)
    return [Missing(tuple(units), *what) for what, units in together.items()]


def _of_unit(material: SnapshotMaterial, code: str, column: str) -> tuple[date | None, tuple[str, ...]]:
    """Return through which day a unit's rows are all known in a column, and which lines alone are missing from it."""
    rows: Sequence[FigureRow] = material.units[code].figures if code in material.units else ()
    partials: list[Partial] = [row.partial[column] for row in rows if column in row.partial]
    days = [partial.through for partial in partials]
    unknown = not partials or any(row.cell(column) is None and column not in row.partial for row in rows)
    through = None if unknown or None in days else min(day for day in days if day is not None)
    every_row_by_lines = bool(partials) and all(partial.missing_lines for partial in partials)
    lines = dict.fromkeys(line for partial in partials for line in partial.missing_lines) if every_row_by_lines else {}
    return through, tuple(lines)


def _told(material: SnapshotMaterial, missing: Missing) -> str:
    words = material.words
    parts = []
    if missing.through is not None:
        parts.append(words.say("known through {through}", through=words.numbers.day(missing.through)))
    if missing.lines:
        lines = ", ".join(material.label(line) for line in missing.lines)
        parts.append(words.say("known in part, without {missing_lines}", missing_lines=lines))
    if missing.units:
        named = material.listed(missing.units)
        # Those that are known through a day lack what comes after it; of the others nothing whole is known.
        parts.append(named if missing.through is not None else words.say("units missing: {units}", units=named))
    return ": ".join(parts) if missing.through is not None and missing.units else "; ".join(parts)
