"""What closes a snapshot on the terminal: projects, what waits for a decision, findings, and postings cut in two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from projections.report.content import notes
from projections.report.content.budget_changes import budget_changes as of_report
from projections.report.content.budget_changes import proposals
from projections.report.content.pictures_of import time_gone
from projections.report.language.numbers import NBSP
from projections.report.language.scale import UNKNOWN
from projections.report.language.sentences import difference, difference_text, finding_sentence
from projections.report.language.words import msgid
from projections.writers.terminal.blocks import blocks_below, heading
from projections.writers.terminal.goals_and_texts import labelled
from projections.writers.terminal.grid import GridColumn, grid, paragraph
from projections.writers.terminal.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.report.language.words import Words
    from projections.snapshot.model import Finding, ProjectReport
    from projections.writers.terminal.grid import Cell
    from projections.writers.terminal.page_material import PageMaterial

KINDS = {
    "mismatch": "bold red",
    "incomplete": "bold yellow",
    "stale": "bold yellow",
    "unparsed": "bold yellow",
    "inferred": "bold",
    "rounding": "bold",
}
"""The kinds of findings, in the order in which they want attention, and how they are set off."""

MANY = 10
"""More inferences than this are counted and not listed: a report torn by page breaks has dozens that change nothing."""

_WIDE, _WIDEST = 90, 110
"""From which width on a project has columns for who and when, and for how much of its time has gone."""

MEANINGS = {
    "mismatch": msgid("more than rounding explains"),
    "incomplete": msgid("known in part alone"),
    "stale": msgid("with texts older than their figures"),
    "unparsed": msgid("could not be placed"),
    "inferred": msgid("concluded without being printed"),
    "rounding": msgid("within what was rounded"),
}


NAMES = {
    "mismatch": msgid("mismatch"),
    "incomplete": msgid("incomplete"),
    "stale": msgid("outdated"),
    "unparsed": msgid("unparsed"),
    "inferred": msgid("inferred"),
    "rounding": msgid("rounding"),
}


def projects(material: PageMaterial, width: int, *, in_full: bool) -> Iterator[Text]:
    """Yield the projects: who answers for them, when, and the money; on a narrow page the first two below the name.

    In full, what is known of each follows, as the report tells it.
    """
    found = material.snapshot.projects
    if not found:
        return
    words = material.words
    yield from heading(words.say("Projects"), width, words.say_of("{count} project", "{count} projects", len(found)))
    rows: list[list[Cell]] = []
    for project in found:
        rows += [[], _project_row(material, project, width)]
    yield grid(_project_columns(words, width), rows[1:], width)
    if in_full:
        yield from _projects_in_full(material, width)


def _projects_in_full(material: PageMaterial, width: int) -> Iterator[Text]:
    from projections.report.content.project_parts import project_blocks  # noqa: PLC0415 - few ask for the texts

    for project in material.snapshot.projects:
        yield Text()
        yield paragraph(one_line(project.name), width, "bold")
        yield from labelled(project_blocks(material, project), width)


def _project_columns(words: Words, width: int) -> list[GridColumn]:
    numbers = [("Income", "€"), ("Expenses", "€"), ("City's share", "€"), ("Progress", "%")]
    numbers += [("Time gone", "%")] if width >= _WIDEST else []
    who_and_when = [GridColumn(heading=words.say("Responsible"), share=2), GridColumn(heading=words.say("Time"))]
    return [
        GridColumn(heading=words.say("Unit")),
        GridColumn(heading=words.say("Project"), share=3),
        *(who_and_when if width >= _WIDE else []),
        *(GridColumn(heading=_of_two_lines(words.say(name), unit), right=True) for name, unit in numbers),
    ]


def _of_two_lines(name: str, unit: str) -> str:
    """Return a heading with the unit of its numbers, broken after its first word."""
    first, *rest = name.split()
    return f"{first}\n{' '.join((*rest, unit))}"


def _project_row(material: PageMaterial, project: ProjectReport, width: int) -> list[Cell]:
    words, numbers, gone = material.words, material.words.numbers, time_gone(material, project)
    name, responsible, time = one_line(project.name), one_line(project.responsible), _time(words, project)
    narrow = "\n".join(part for part in (name, responsible, time.replace("–\n", "–")) if part)
    money = (project.income_cents, project.expense_cents, project.city_share_cents)
    return [
        one_line(project.unit),
        *((name, responsible, time) if width >= _WIDE else (narrow,)),
        *(UNKNOWN if cents is None else numbers.exact(cents) for cents in money),
        UNKNOWN if project.percent is None else numbers.as_recorded(project.percent),
        *([UNKNOWN if gone is None else numbers.plain(gone)] if width >= _WIDEST else []),
    ]


def findings(material: PageMaterial, width: int, *, every: bool) -> Iterator[Text]:
    """Yield the findings by kind; of what a report has many (see `_is_counted`) only the number, unless `every`."""
    words = material.words
    found = [finding for finding in material.snapshot.findings if finding.column not in material.repeated_columns]
    if not found:
        return
    yield from heading(words.say("Findings"), width, words.say("observations, no errors"))
    kinds = (*KINDS, *sorted({finding.kind for finding in found} - set(KINDS)))
    for number_of_kind, kind in enumerate(kind for kind in kinds if any(f.kind == kind for f in found)):
        of_kind = [finding for finding in found if finding.kind == kind]
        if number_of_kind:
            yield Text()
        titled: list[Cell] = [(_kind(words, kind), KINDS.get(kind, "bold")), _told(words, kind, of_kind, every=every)]
        yield grid([GridColumn(), GridColumn(share=1)], [titled], width)
        if every or not _is_counted(kind, of_kind):
            yield _findings_table(material, of_kind, width)


def budget_proposals(material: PageMaterial, width: int) -> Iterator[Text]:
    """Yield the amendments of the budget that wait for a decision."""
    yield from blocks_below(material.words.say("Proposed amendments"), proposals(material), width)


def budget_changes(material: PageMaterial, width: int) -> Iterator[Text]:
    """Yield every change of the budget, and the amendments that wait for a decision."""
    part = of_report(material)
    if part is not None:
        yield from blocks_below(part.title, part.blocks, width)


def unplaced(material: PageMaterial, width: int) -> Iterator[Text]:
    """Yield the postings that are in no figure, because the period cuts theirs in two."""
    yield from blocks_below(material.words.say("Postings that are in no figure"), notes.unplaced(material), width)


def _kind(words: Words, kind: str) -> str:
    return words.say(NAMES[kind]) if kind in NAMES else one_line(kind)


def _is_counted(kind: str, found: Sequence[Finding]) -> bool:
    """Return whether findings are only counted: rounding always, inferences where they would fill a screen."""
    return kind == "rounding" or (kind == "inferred" and len(found) > MANY)


def _findings_table(material: PageMaterial, found: Sequence[Finding], width: int) -> Text:
    """Lay out unit, cell, sentence and difference."""
    words = material.words
    rows = [
        [*_where(material, finding), one_line(sentence), difference_text(words, finding)]
        for finding in found
        for sentence in (finding_sentence(words, finding, material.label),)
    ]
    return grid([GridColumn(), GridColumn(share=2), GridColumn(share=4), GridColumn(right=True)], rows, width)


def _where(material: PageMaterial, finding: Finding) -> tuple[str, str]:
    if finding.column == "projects":  # the sentence names it
        return one_line(finding.unit or UNKNOWN), material.words.say("Projects")
    line, column = notes.figure_of(material, finding)
    parts = (one_line(line), one_line(column).replace(" ", NBSP))
    return one_line(finding.unit or UNKNOWN), " · ".join(part for part in parts if part)


def _told(words: Words, kind: str, found: Sequence[Finding], *, every: bool) -> str:
    """Return how many findings of a kind there are and what the kind means."""
    told = f"{len(found)} {words.say(MEANINGS[kind]) if kind in MEANINGS else ''}".strip()
    if every or not _is_counted(kind, found):
        return told
    amounts = [abs(between) for f in found if isinstance(between := difference(f), int)]
    most = words.say("at most {amount}", amount=words.numbers.exact_euros(max(amounts))) if amounts else ""
    listing = words.say("--findings all lists them")
    return f"{', '.join(filter(None, (told, most)))}; {listing}"


def _time(words: Words, project: ProjectReport) -> str:
    """Return first and last day on a line each, and the day it ended where that was told."""
    start, end = ("" if day is None else words.numbers.day(day) for day in (project.start, project.end))
    ended = "" if project.ended is None else words.say("ended {day}", day=words.numbers.day(project.ended))
    lines = (f"{start}–" if start or end else "", end, ended)
    return "\n".join(line for line in lines if line)
