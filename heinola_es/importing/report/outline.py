"""The headings of units, found before anything else is read: what stands under what depends on those that follow."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.importing.report import headings
from heinola_es.importing.report.frame import is_figure_header
from heinola_es.importing.report.wording import folded, same_start

if TYPE_CHECKING:
    from heinola_es.importing.report.lines import Line, Lines

_REACH = 3  # a unit's heading is followed this closely by who is responsible, or by its table


@frozen(slots=True)
class UnitHeading:
    """A heading such as `4100 Perusopetus`; `responsible` may come from the line below."""

    line: int
    code: str
    name: str
    responsible: str
    is_investment: bool

    @property
    def level(self) -> int:
        """How deep the unit stands, by the length of its code."""
        return len(self.code)


@frozen(slots=False)
class Outline:
    """The headings of a report.

    Attributes:
        sector: number of the line that heads the report, or None.
        investments: number of the line that opens the investments, or None.
        units: the numbered headings, by line number.
        topics: the headings in capital letters, by their letters alone.
    """

    sector: int | None
    investments: int | None
    units: dict[int, UnitHeading]
    topics: dict[str, str]

    def is_area(self, heading: UnitHeading) -> bool:
        """Return whether the heading is a service area's: its code is the shortest of the report."""
        return not heading.is_investment and heading.level == self.area_level

    @cached_property
    def area_level(self) -> int:
        """The length of the codes of service areas."""
        return min((unit.level for unit in self.units.values() if not unit.is_investment), default=0)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {letters: place for place, letters in enumerate(self.topics)}

    @cached_property
    def _lengths(self) -> set[int]:
        return {len(letters) for letters in self.topics}

    def topic_of(self, text: str) -> str | None:
        """Return the first heading in capital letters that a text, folded, begins with; or None."""
        begun = [text[:length] for length in self._lengths if text[:length] in self._places]
        return self.topics[min(begun, key=self._places.__getitem__)] if begun else None

    def units_below(self, line: int) -> list[UnitHeading]:
        """Return the units headed after a line, up to the next service area."""
        found: list[UnitHeading] = []
        for heading in list(self.units.values())[bisect_right(list(self.units), line) :]:
            if heading.is_investment or self.is_area(heading):
                break
            found.append(heading)
        return found


def read_outline(lines: Lines) -> Outline:
    """Return the headings of the report's units."""
    sector = next((line.number for line in lines.filled if _is_sector(lines, line)), None)
    investments = next((line.number for line in lines.filled if _is_investments(lines, line)), None)
    units: dict[int, UnitHeading] = {}
    for line in lines.filled:
        is_investment = investments is not None and line.number > investments
        if heading := _unit_heading(lines, line, is_investment=is_investment):
            units[line.number] = heading
    topics = {
        folded(line.prose): line.prose for line in lines.filled if line.is_prose and headings.is_capitals(line.prose)
    }
    return Outline(sector, investments, units, topics)


def missing_area_code(outline: Outline, line: int, current: str, taken: set[str]) -> str | None:
    """Return the code of a service area whose heading is lost, from the units that follow its table, or None.

    Args:
        outline: the headings that are there.
        line: where the table stands that has no heading.
        current: code of the service area that is open above it.
        taken: codes that are in use already.
    """
    codes = [heading.code for heading in outline.units_below(line)]
    if not codes or any(code.startswith(_stem(current)) for code in codes):
        return None
    level = outline.area_level
    first, last = min(codes), max(codes)
    shared = "".join(first[:length][-1] for length in range(1, level + 1) if last.startswith(first[:length]))
    candidates = (shared.ljust(level, "0"), codes[0][:level])
    return next((code for code in candidates if code not in taken), None)


def missing_area_name(outline: Outline, responsible: str, present: list[str]) -> UnitHeading | None:
    """Return the investment area that has the name of a service area whose heading is lost, or None.

    Args:
        outline: the headings that are there.
        responsible: who answers for the area.
        present: names of the service areas that have headings.
    """
    unclaimed = [
        heading
        for heading in outline.units.values()
        if heading.is_investment and not any(same_start(heading.name, name) for name in present)
    ]
    by_person = [heading for heading in unclaimed if responsible and folded(heading.responsible) == folded(responsible)]
    for candidates in (by_person, unclaimed):
        if len(candidates) == 1:
            return candidates[0]
    return None


def stands_elsewhere(code: str, area: str) -> bool:
    """Return whether a unit's code alone would put it under another service area than `area`."""
    return not code.startswith(_stem(area))


def _stem(area: str) -> str:
    return area.removesuffix("0")


def _is_sector(lines: Lines, line: Line) -> bool:
    return line.is_prose and headings.is_sector(line.prose) and _introduces_table(lines, line)


def _is_investments(lines: Lines, line: Line) -> bool:
    if not line.is_prose or not headings.is_investments(line.prose):
        return False
    near = [below.prose for below in lines.after(line, _REACH) if below.is_prose]
    return any(headings.committee(text) or headings.responsible(text) or headings.numbered_unit(text) for text in near)


def _unit_heading(lines: Lines, line: Line, *, is_investment: bool) -> UnitHeading | None:
    found = headings.numbered_unit(line.prose) if line.is_prose else None
    if not found or not (found[2] or _introduces_table(lines, line)):
        return None
    below = next((below for below in lines.after(line, _REACH) if below.is_prose), None)
    person = found[2] or (headings.responsible(below.prose) if below else None) or ""
    return UnitHeading(line.number, found[0], found[1], person, is_investment)


def _introduces_table(lines: Lines, line: Line) -> bool:
    for below in lines.after(line, _REACH):
        if is_figure_header(below) or (below.is_prose and headings.responsible(below.prose)):
            return True
        if below.is_prose and headings.numbered_unit(below.prose):
            return False
    return False
