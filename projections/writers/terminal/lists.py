"""The lists at the end of a snapshot, on the terminal: projects, findings, and postings that a period cuts in two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from projections.report.language.scale import UNKNOWN
from projections.report.language.sentences import difference, difference_said, finding_sentence
from projections.report.language.words import msgid
from projections.writers.terminal.grid import GridColumn, grid, paragraph
from projections.writers.terminal.printable import one_line
from projections.writers.terminal.told_by_units import section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.report.language.words import Words
    from projections.snapshot.model import Finding, ProjectReport
    from projections.writers.terminal.columns import Columns
    from projections.writers.terminal.grid import Cell

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

_WIDE = 90

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


def projects(columns: Columns, width: int) -> Iterator[Text]:
    """Yield the projects: who answers for them, when, and the money; on a narrow page the first two below the name."""
    found = columns.snapshot.projects
    if not found:
        return
    words = columns.words
    yield from section(words.say("Projects"), width, words.say_of("{count} project", "{count} projects", len(found)))
    wide = width >= _WIDE
    rows: list[list[Cell]] = []
    for project in found:
        rows += [[], _project_row(words, project, wide=wide)]
    yield grid(_project_columns(words, wide=wide), rows[1:], width)


def _project_columns(words: Words, *, wide: bool) -> list[GridColumn]:
    numbers = (("Income", "€"), ("Expenses", "€"), ("City's share", "€"), ("Progress", "%"))
    who_and_when = [GridColumn(heading=words.say("Responsible"), share=2), GridColumn(heading=words.say("Time"))]
    return [
        GridColumn(heading=words.say("Unit")),
        GridColumn(heading=words.say("Project"), share=3),
        *(who_and_when if wide else []),
        *(GridColumn(heading=_of_two_lines(words.say(name), unit), right=True) for name, unit in numbers),
    ]


def _of_two_lines(name: str, unit: str) -> str:
    """Return a heading with the unit of its numbers, broken after its first word."""
    first, *rest = name.split()
    return f"{first}\n{' '.join((*rest, unit))}"


def _project_row(words: Words, project: ProjectReport, *, wide: bool) -> list[Cell]:
    numbers = words.numbers
    name, responsible, time = one_line(project.name), one_line(project.responsible), _time(words, project)
    narrow = "\n".join(part for part in (name, responsible, time.replace("–\n", "–")) if part)
    money = (project.income_cents, project.expense_cents, project.city_share_cents)
    return [
        one_line(project.unit),
        *((name, responsible, time) if wide else (narrow,)),
        *(UNKNOWN if cents is None else numbers.exact(cents) for cents in money),
        UNKNOWN if project.percent is None else numbers.as_recorded(project.percent),
    ]


def findings(columns: Columns, width: int, *, every: bool) -> Iterator[Text]:
    """Yield the findings by kind; of what a report has many (see `_is_counted`) only the number, unless `every`."""
    words = columns.words
    found = [finding for finding in columns.snapshot.findings if finding.column not in columns.told_again]
    if not found:
        return
    yield from section(words.say("Findings"), width, words.say("observations, no errors"))
    kinds = (*KINDS, *sorted({finding.kind for finding in found} - set(KINDS)))
    for number_of_kind, kind in enumerate(kind for kind in kinds if any(f.kind == kind for f in found)):
        of_kind = [finding for finding in found if finding.kind == kind]
        if number_of_kind:
            yield Text()
        heading: list[Cell] = [(_kind(words, kind), KINDS.get(kind, "bold")), _told(words, kind, of_kind, every=every)]
        yield grid([GridColumn(), GridColumn(share=1)], [heading], width)
        if every or not _is_counted(kind, of_kind):
            yield _findings_table(columns, of_kind, width)


def unplaced(columns: Columns, width: int) -> Iterator[Text]:
    """Yield the postings that are in no figure, because the period cuts theirs in two."""
    found = columns.snapshot.unplaced
    if not found:
        return
    words = columns.words
    why = words.say_of(
        "The end of the months shown cuts the period of {count} posting in two, so that it is in no figure.",
        "The end of the months shown cuts the periods of {count} postings in two, so that they are in no figure.",
        len(found),
    )
    yield from section(words.say("Postings that are in no figure"), width)
    yield paragraph(why, width, indent=2)
    rows: list[list[Cell]] = [
        [
            f"#{posting.position}",
            one_line(posting.unit),
            columns.line(posting.line),
            words.numbers.span(posting.start, posting.end),
            words.numbers.exact_euros(posting.cents),
        ]
        for posting in found
    ]
    yield grid([GridColumn(), GridColumn(), GridColumn(share=1), GridColumn(), GridColumn(right=True)], rows, width)


def _kind(words: Words, kind: str) -> str:
    return words.say(NAMES[kind]) if kind in NAMES else one_line(kind)


def _is_counted(kind: str, found: Sequence[Finding]) -> bool:
    """Return whether findings are only counted: rounding always, inferences where they would fill a screen."""
    return kind == "rounding" or (kind == "inferred" and len(found) > MANY)


def _findings_table(columns: Columns, found: Sequence[Finding], width: int) -> Text:
    """Lay out unit, cell, sentence and difference."""
    words = columns.words
    rows = [
        [*_where(columns, finding), one_line(sentence), difference_said(words, finding)]
        for finding in found
        for sentence in (finding_sentence(words, finding, columns.line),)
    ]
    return grid([GridColumn(), GridColumn(share=2), GridColumn(share=4), GridColumn(right=True)], rows, width)


def _where(columns: Columns, finding: Finding) -> tuple[str, str]:
    lines = finding.parameters.get("lines") if finding.kind == "incomplete" else None
    of_lines = [line for line in lines if isinstance(line, str)] if isinstance(lines, tuple) else [finding.line]
    parts = (
        ", ".join(columns.line(line) for line in of_lines if line),
        columns.name_of(finding.column) if finding.column else "",
    )
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
