"""The entry point: the text of an interim report in, a structured document out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.organisation import is_investment
from heinola_es.domain.chart import load_chart
from heinola_es.importing.report.draft import Draft
from heinola_es.importing.report.figures import open_table, read_figure_table
from heinola_es.importing.report.frame import OtherShape, is_figure_header, read_frame
from heinola_es.importing.report.goals import is_goal_header, read_goal_table
from heinola_es.importing.report.investments import read_investment_table
from heinola_es.importing.report.lines import Cursor, split_lines
from heinola_es.importing.report.narratives import close_passage
from heinola_es.importing.report.openings import open_sector, place_table, read_heading
from heinola_es.importing.report.outline import read_outline
from heinola_es.importing.report.projects import is_project_start, read_project
from heinola_es.importing.report.statistics import is_statistics_header, read_statistics
from heinola_es.importing.report.sums import check_sums

if TYPE_CHECKING:
    from heinola_es.domain.chart import Chart
    from heinola_es.importing.report.document import ReportDocument
    from heinola_es.importing.report.lines import Line


def read_report(text: str, chart: Chart | None = None) -> ReportDocument:
    """Return what an interim report says, everything with the lines it came from.

    Args:
        text: the whole report as plain text, its cells separated by tabs.
        chart: the lines that its tables have, those of the store; where there is none, those shipped.

    Raises:
        BadInput: the text is no report, or its figures are damaged; one sentence says what, where, and what to do.
    """
    lines = split_lines(text)
    frame = read_frame(lines)
    outline = read_outline(lines)
    if outline.sector is None:
        raise OtherShape(
            "this is no interim report: no heading names the sector above its person responsible and its figures; "
            "add one, such as: Hyvinvointilautakunnan toimiala"
        )
    draft = Draft(lines, outline, frame, chart or load_chart())
    draft.findings.extend(frame.findings)
    cursor = Cursor(lines)
    open_sector(cursor, draft, outline.sector)
    for line in cursor.rest():
        _read_block(cursor, draft, line)
    close_passage(draft)
    check_sums(draft)
    _miss_tables(draft)
    _account_for_all(draft)
    return draft.document()


def _read_block(cursor: Cursor, draft: Draft, line: Line) -> None:
    """Take in what starts at the line: a table, a heading or prose; what is none of these is left unparsed."""
    if is_statistics_header(line):  # the prose above a table of statistics goes on below it
        read_statistics(cursor, draft)
    elif is_figure_header(line):
        close_passage(draft)
        place_table(draft, line)
        _read_figures(cursor, draft)
    elif is_goal_header(line):
        close_passage(draft)
        read_goal_table(cursor, draft)
    elif is_project_start(line):
        close_passage(draft)
        read_project(cursor, draft)
    else:
        if not (read_heading(draft, line) or _read_prose(draft, line)):
            draft.leave_unparsed(line)
        cursor.step()


def _read_figures(cursor: Cursor, draft: Draft) -> None:
    table = open_table(cursor, draft)
    if is_investment(draft.units[draft.owner].kind):
        read_investment_table(cursor, draft, table)
    else:
        read_figure_table(cursor, draft, table)


def _read_prose(draft: Draft, line: Line) -> bool:
    """Take a line of prose into the section that is open; return whether there is one."""
    if draft.passage is None or not line.is_prose:
        return False
    draft.passage.add(line.number, line.prose, after_blank=draft.lines.follows_blank(line))
    draft.use([line], draft.passage.form)
    return True


def _miss_tables(draft: Draft) -> None:
    """Say which units have a heading and no figures: their table may be lost, or the heading none."""
    with_figures = {row.unit for row in draft.figures}
    for unit in draft.units.values():
        if unit.code not in with_figures:
            draft.infer(unit.lines[0], f"{unit.code} {unit.name} was read as a unit, but has no figures.", unit.code)


def _account_for_all(draft: Draft) -> None:
    """Leave nothing unsaid: a line that nobody accounted for is a finding."""
    told = {finding.line for finding in draft.findings if finding.kind == "unparsed"}
    for line in draft.lines.filled:
        if line.number not in draft.uses and line.number not in told:
            draft.leave_unparsed(line)
