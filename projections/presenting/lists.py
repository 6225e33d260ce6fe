"""The lists at the end of a snapshot, on the terminal: projects, findings, and postings that a period cuts in two."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from rich.text import Text

from projections.presenting.grid import GridColumn, grid
from projections.presenting.printable import one_line
from projections.presenting.told_by_units import count, section
from projections.report.language.scale import UNKNOWN
from projections.report.language.sentences import finding_sentence
from projections.report.language.words import msgid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.presenting.columns import Columns
    from projections.presenting.grid import Cell
    from projections.report.language.numbers import Numbers
    from projections.report.language.words import Words
    from projections.snapshot.model import Finding, ProjectReport

KINDS = {
    "mismatch": "bold red",
    "incomplete": "bold yellow",
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
    "unparsed": msgid("could not be placed"),
    "inferred": msgid("concluded without being printed"),
    "rounding": msgid("within what was rounded"),
}


def projects(columns: Columns, width: int) -> Iterator[Text]:
    """Yield the projects: who answers for them, when, and the money; on a narrow page the first two below the name."""
    found = columns.snapshot.projects
    if not found:
        return
    yield from section("HANKKEET", width, count(len(found), "hanke", "hanketta"))
    wide = width >= _WIDE
    rows: list[list[Cell]] = []
    for project in found:
        rows += [[], _project_row(columns.words.numbers, project, wide=wide)]
    yield grid(_project_columns(wide=wide), rows[1:], width)


def _project_columns(*, wide: bool) -> list[GridColumn]:
    money = ("Tulot\n€", "Menot\n€", "Kaupungin\nosuus €", "%")
    return [
        GridColumn(heading="Yks."),
        GridColumn(heading="Hanke", share=3),
        *([GridColumn(heading="Vastuuhenkilö", share=2), GridColumn(heading="Aika")] if wide else []),
        *(GridColumn(heading=heading, right=True) for heading in money),
    ]


def _project_row(numbers: Numbers, project: ProjectReport, *, wide: bool) -> list[Cell]:
    name, responsible, time = one_line(project.name), one_line(project.responsible), _time(numbers, project)
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
    found, words = columns.snapshot.findings, columns.words
    if not found:
        return
    yield from section(words.say("Findings").upper(), width, words.say("observations, no errors"))
    kinds = (*KINDS, *sorted({finding.kind for finding in found} - set(KINDS)))
    for number_of_kind, kind in enumerate(kind for kind in kinds if any(f.kind == kind for f in found)):
        of_kind = [finding for finding in found if finding.kind == kind]
        if number_of_kind:
            yield Text()
        heading: list[Cell] = [(one_line(kind), KINDS.get(kind, "bold")), _told(words, kind, of_kind, every=every)]
        yield grid([GridColumn(), GridColumn(share=1)], [heading], width)
        if every or not _is_counted(kind, of_kind):
            yield _findings_table(columns, of_kind, width)


def unplaced(columns: Columns, width: int) -> Iterator[Text]:
    """Yield the postings that are in no figure, because the period cuts theirs in two."""
    found = columns.snapshot.unplaced
    if not found:
        return
    yield from section("UNPLACED POSTINGS", width, "the period cuts theirs in two, so that they are in no figure")
    rows: list[list[Cell]] = [
        [
            f"event {posting.position}",
            one_line(posting.unit),
            line_label(columns, posting.line),
            posting.period.label,
            f"{columns.words.numbers.exact(posting.cents)} €",
        ]
        for posting in found
    ]
    yield grid([GridColumn(), GridColumn(), GridColumn(share=1), GridColumn(), GridColumn(right=True)], rows, width)


def line_label(columns: Columns, code: str) -> str:
    """Return the label of a line, or its code where the chart has no such line."""
    line = columns.chart.lines.get(code)
    return line.labels[columns.words.language] if line else one_line(code)


def _is_counted(kind: str, found: Sequence[Finding]) -> bool:
    """Return whether findings are only counted: rounding always, inferences where they would fill a screen."""
    return kind == "rounding" or (kind == "inferred" and len(found) > MANY)


def _findings_table(columns: Columns, found: Sequence[Finding], width: int) -> Text:
    """Lay out unit, cell, sentence and difference."""
    words = columns.words
    rows = [
        [*_where(columns, finding), one_line(finding_sentence(words, finding)), difference(words.numbers, finding)]
        for finding in found
    ]
    return grid([GridColumn(), GridColumn(share=2), GridColumn(share=4), GridColumn(right=True)], rows, width)


def _where(columns: Columns, finding: Finding) -> tuple[str, str]:
    lines = finding.parameters.get("lines") if finding.kind == "incomplete" else None
    of_lines = [line for line in lines if isinstance(line, str)] if isinstance(lines, tuple) else [finding.line]
    parts = (
        ", ".join(line_label(columns, line) for line in of_lines if line),
        columns.name_of(finding.column) if finding.column else "",
    )
    return one_line(finding.unit or UNKNOWN), " · ".join(part for part in parts if part)


def difference(numbers: Numbers, finding: Finding) -> str:
    """Return how far the computed value is from the stated one: `−1 €`, `0,03 %`; empty where one is not known."""
    stated, computed = finding.stated, finding.computed
    if isinstance(stated, int) and isinstance(computed, int):
        return f"{numbers.exact(computed - stated)} €"
    if isinstance(stated, str) and isinstance(computed, str):
        return f"{numbers.plain(Decimal(computed) - Decimal(stated), 2)} %"
    return ""


def _told(words: Words, kind: str, found: Sequence[Finding], *, every: bool) -> str:
    """Return how many findings of a kind there are and what the kind means."""
    told = f"{len(found)} {words.say(MEANINGS[kind]) if kind in MEANINGS else ''}".strip()
    if every or not _is_counted(kind, found):
        return told
    amounts = [abs(f.computed - f.stated) for f in found if isinstance(f.computed, int) and isinstance(f.stated, int)]
    most = words.say("at most {amount}", amount=f"{words.numbers.exact(max(amounts))} €") if amounts else ""
    listing = words.say("--findings all lists them")
    return f"{', '.join(filter(None, (told, most)))}; {listing}"


def _time(numbers: Numbers, project: ProjectReport) -> str:
    """Return first and last day on a line each, and the day it ended where that was told."""
    start, end = ("" if day is None else numbers.day(day) for day in (project.start, project.end))
    ended = "" if project.ended is None else f"päättyi {numbers.day(project.ended)}"
    lines = (f"{start}–" if start or end else "", end, ended)
    return "\n".join(line for line in lines if line)
