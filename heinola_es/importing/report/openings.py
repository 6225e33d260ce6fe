"""What opens at a line: a unit, a part of the report, or a section of prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import BadInput
from heinola_es.importing.report import headings
from heinola_es.importing.report.draft import Placement
from heinola_es.importing.report.frame import is_figure_header, period_at_end
from heinola_es.importing.report.narratives import close_passage
from heinola_es.importing.report.outline import missing_area_code, missing_area_name, stands_elsewhere
from heinola_es.importing.report.passages import Passage
from heinola_es.importing.report.projects import is_project_start
from heinola_es.importing.report.wording import likeness_of_words, plain, words_of

if TYPE_CHECKING:
    from heinola_es.importing.report.document import UnitKind
    from heinola_es.importing.report.draft import Draft
    from heinola_es.importing.report.headings import Section
    from heinola_es.importing.report.lines import Cursor, Line
    from heinola_es.importing.report.outline import UnitHeading

MOST_LISTS = 300  # of priorities: one for each unit that has any
_ALIKE = 0.6  # share of a unit's name whose words, inflected, a heading must hold
_INVESTMENT_KINDS = frozenset({"investment_programme", "investment_area", "investment_item"})


def open_sector(cursor: Cursor, draft: Draft, heading: int) -> None:
    """Open the sector at its heading; lines above the heading are left unparsed."""
    for line in cursor.rest():
        cursor.step()
        if line.number == heading:
            name = plain(line.prose).rstrip(":")
            draft.use([line], "unit heading")
            code = name[:3].upper().strip(" -.,")
            draft.open_unit(heading, code, name, "sector", None)
            draft.infer(heading, f"The sector has no number; it was given the code {code}.")
            return
        draft.leave_unparsed(line, f"This line stands before the heading of the report: {line.filled[0]}")


def place_table(draft: Draft, line: Line, responsible: str = "") -> None:
    """Open the unit that a figure table without a heading belongs to, where the open one has its table already.

    Raises:
        BadInput: there is no telling whose table it is.
    """
    if not draft.has_figures:
        return
    programme = _investment_programme(draft)
    if programme is not None:
        draft.owner = draft.area = programme
    else:
        _open_missing_area(draft, line, responsible)


def read_heading(draft: Draft, line: Line) -> bool:
    """Take in a line that opens something, or says who answers for it; return whether it is one."""
    if not line.is_prose:
        return False
    return (
        _read_unit_heading(draft, line)
        or _read_responsible(draft, line)
        or _read_committee(draft, line)
        or _read_investments_heading(draft, line)
        or _read_projects_heading(draft, line)
        or _read_strategic_goal(draft, line)
        or _read_outlook_heading(draft, line)
        or _read_priorities_heading(draft, line)
        or _read_section_heading(draft, line)
    )


def _open_missing_area(draft: Draft, line: Line, responsible: str) -> None:
    """Open a service area whose heading is lost: its code from the units that follow, its name from the investments."""
    headed = [heading for heading in draft.outline.units.values() if draft.outline.is_area(heading)]
    taken = {*draft.units, *(heading.code for heading in draft.outline.units.values())}
    code = missing_area_code(draft.outline, line.number, draft.area, taken)
    source = missing_area_name(draft.outline, responsible, [heading.name for heading in headed])
    if code is None or source is None:
        raise BadInput(
            f"line {line.number}: a figure table without a heading follows {draft.owner} "
            f"{draft.units[draft.owner].name}, and neither the units below it nor the investments say whose it is; "
            "add its heading, code and name"
        )
    draft.open_unit(line.number, code, source.name, "service_area", draft.sector.code, responsible)
    below = ", ".join(unit.code for unit in draft.outline.units_below(line.number))
    message = (
        f"The heading of this service area is missing; its code {code} was inferred from the units that follow "
        f"({below}), its name {source.name!r} from the investments ({source.code}, line {source.line})"
    )
    draft.placements.append(Placement(line.number, code, (draft.sector.code, code), message))


def _read_unit_heading(draft: Draft, line: Line) -> bool:
    heading = draft.outline.units.get(line.number)
    if heading is None:
        return False
    close_passage(draft)
    draft.use([line], "unit heading")
    kind, parent = _place_of(draft, heading)
    on_same_line = headings.numbered_unit(line.prose)
    draft.open_unit(line.number, heading.code, heading.name, kind, parent, on_same_line[2] if on_same_line else "")
    if kind == "unit" and draft.units[parent].kind == "service_area" and stands_elsewhere(heading.code, parent):
        message = f"{heading.code} {heading.name} stands under {parent}, as the document has it"
        draft.placements.append(Placement(line.number, heading.code, (parent,), message))
    return True


def _place_of(draft: Draft, heading: UnitHeading) -> tuple[UnitKind, str]:
    """Return what a headed unit is and the code of the unit above it, in document order."""
    if heading.is_investment:
        return "investment_area", _investment_programme(draft) or draft.sector.code
    if draft.outline.is_area(heading):
        return "service_area", draft.sector.code
    return "unit", draft.area


def _investment_programme(draft: Draft) -> str | None:
    return next((unit.code for unit in draft.units.values() if unit.kind == "investment_programme"), None)


def _read_responsible(draft: Draft, line: Line) -> bool:
    person = headings.responsible(line.prose)
    if person is None:
        return False
    below = draft.lines.below(line)
    if draft.has_figures and below is not None and is_figure_header(below):
        close_passage(draft)
        place_table(draft, line, person)
    elif draft.has_figures or draft.units[draft.owner].responsible or draft.passage:
        return False
    draft.extend_unit(draft.owner, [line.number], person)
    draft.use([line], "responsible")
    return True


def _read_committee(draft: Draft, line: Line) -> bool:
    committee = headings.committee(line.prose)
    if committee is None or draft.committee or draft.passage:
        return False
    draft.committee = committee
    draft.extend_unit(draft.owner, [line.number])
    draft.use([line], "committee")
    return True


def _read_investments_heading(draft: Draft, line: Line) -> bool:
    if line.number != draft.outline.investments:
        return False
    close_passage(draft)
    sector = draft.sector.code
    draft.open_unit(line.number, f"{sector}-INV", plain(line.prose).rstrip(":"), "investment_programme", sector)
    draft.infer(line.number, f"The investments have no number; they were given the code {sector}-INV.")
    draft.use([line], "unit heading")
    return True


def _read_projects_heading(draft: Draft, line: Line) -> bool:
    below = draft.lines.below(line)
    if not headings.is_projects(line.prose) or below is None or not is_project_start(below):
        return False
    close_passage(draft)
    draft.owner = draft.area = draft.sector.code
    draft.use([line], "section heading")
    return True


def _read_strategic_goal(draft: Draft, line: Line) -> bool:
    goal = headings.strategic_goal(line.prose)
    if goal is None:
        return False
    close_passage(draft)
    if draft.owner != draft.area:
        draft.owner, draft.named = draft.area, ""
        draft.infer(line.number, f"Goals and narratives from here on were read as those of the area {draft.area}.")
    draft.strategic_goal = goal
    draft.use([line], "strategic goal")
    return True


def _read_outlook_heading(draft: Draft, line: Line) -> bool:
    text = headings.outlook(line.prose)
    if text is None:
        return False
    close_passage(draft)
    draft.passage = Passage("outlook", draft.owner, "", draft.frame.period, line)
    draft.use([line], "outlook")
    if text:
        draft.passage.add(line.number, text, after_blank=True)
    return True


def _read_priorities_heading(draft: Draft, line: Line) -> bool:
    name = headings.priorities(line.prose)
    if name is None:
        return False
    close_passage(draft)
    if draft.next_number("lists of priorities") > MOST_LISTS:
        raise BadInput(f"line {line.number}: this is one more than {MOST_LISTS} lists of priorities; split it")
    draft.named = _named_unit(draft, line, name) if name else ""
    title = plain(line.prose).partition("/")[0].rstrip(": ")
    draft.passage = Passage("priorities", draft.named or draft.owner, title, draft.frame.period, line)
    draft.use([line], "section heading")
    return True


def _named_unit(draft: Draft, line: Line, name: str) -> str:
    """Return the unit of the open service area whose name, inflected, the heading of priorities holds, or nothing."""
    candidates = [unit for unit in draft.units.values() if draft.area in {unit.parent, unit.code}]
    # Where an area and its unit share a name, "… yksikkö" means the unit, which is listed later.
    words = words_of(name)
    likely = {unit.code: likeness_of_words(words, draft.words[unit.code]) for unit in candidates}
    best = max(reversed(candidates), key=lambda unit: likely[unit.code])
    if likely[best.code] < _ALIKE:
        message = f"No unit of {draft.area} is called {name!r}; its priorities were given to {draft.owner}."
        draft.infer(line.number, message)
        return ""
    draft.infer(line.number, f"{name!r} was read as the unit {best.code} {best.name}.", best.code)
    return best.code


def _read_section_heading(draft: Draft, line: Line) -> bool:
    section, text = _section_at(draft, line)
    if section is None:
        return False
    close_passage(draft)
    period = None if text else period_at_end(line)
    draft.passage = Passage(
        "narrative",
        draft.owner,
        section.title,
        period or draft.frame.period,
        line,
        kind=section.kind,
        known=section.known,
    )
    draft.use([line], "narrative" if text else "section heading")
    if text:
        draft.passage.add(line.number, text, after_blank=True)
    return True


def _section_at(draft: Draft, line: Line) -> tuple[Section | None, str]:
    """Return the section that opens at the line and the prose on the same line."""
    if draft.units[draft.owner].kind in _INVESTMENT_KINDS and (found := headings.investment_section(line.prose)):
        return found
    return headings.section(line, draft.lines.below(line)), ""
