"""The lists at the end of a snapshot, on the terminal: projects, findings, and postings that a period cuts in two."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.text import Text

from heinola_es.chart import load_chart
from projections.presenting.finnish import UNKNOWN, count, day, euros, plain_number, span
from projections.presenting.grid import GridColumn, grid
from projections.presenting.numerals import number
from projections.presenting.printable import one_line
from projections.presenting.words import section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.presenting.columns import Columns
    from projections.presenting.grid import Cell

KINDS = {"mismatch": "bold red", "unparsed": "bold yellow", "inferred": "bold", "rounding": "bold"}
"""The kinds of findings, in the order in which they want attention, and how they are set off."""

MANY = 10
"""More inferences than this are counted and not listed: a report torn by page breaks has dozens that change nothing."""

_WIDE = 90

MEANINGS = {
    "mismatch": "more than rounding explains",
    "unparsed": "could not be placed",
    "inferred": "concluded without being printed",
    "rounding": "within what was rounded",
}


def projects(snapshot: Mapping[str, Any], width: int) -> Iterator[Text]:
    """Yield the projects: who answers for them, when, and the money; on a narrow page the first two below the name."""
    if not snapshot["projects"]:
        return
    yield from section("HANKKEET", width, count(len(snapshot["projects"]), "hanke", "hanketta"))
    wide = width >= _WIDE
    rows: list[list[Cell]] = []
    for project in snapshot["projects"]:
        rows += [[], _project_row(project, wide=wide)]
    yield grid(_project_columns(wide=wide), rows[1:], width)


def _project_columns(*, wide: bool) -> list[GridColumn]:
    money = ("Tulot\n€", "Menot\n€", "Kaupungin\nosuus €", "%")
    return [
        GridColumn(heading="Yks."),
        GridColumn(heading="Hanke", share=3),
        *([GridColumn(heading="Vastuuhenkilö", share=2), GridColumn(heading="Aika")] if wide else []),
        *(GridColumn(heading=heading, right=True) for heading in money),
    ]


def _project_row(project: Mapping[str, Any], *, wide: bool) -> list[Cell]:
    name, responsible, time = one_line(project["name"]), one_line(project["responsible"]), _time(project)
    narrow = "\n".join(part for part in (name, responsible, time.replace("–\n", "–")) if part)
    return [
        one_line(project["unit"]),
        *((name, responsible, time) if wide else (narrow,)),
        *(_money(project[amount]) for amount in ("income_cents", "expense_cents", "city_share_cents")),
        UNKNOWN if project["percent"] is None else plain_number(project["percent"]),
    ]


def findings(columns: Columns, width: int, *, every: bool) -> Iterator[Text]:
    """Yield the findings by kind; of what a report has many (see `_is_counted`) only the number, unless `every`."""
    found = columns.snapshot["findings"]
    if not found:
        return
    yield from section("FINDINGS", width, "observations, no errors")
    kinds = (*KINDS, *sorted({finding["kind"] for finding in found} - set(KINDS)))
    for number_of_kind, kind in enumerate(kind for kind in kinds if any(f["kind"] == kind for f in found)):
        of_kind = [finding for finding in found if finding["kind"] == kind]
        if number_of_kind:
            yield Text()
        heading: list[Cell] = [(one_line(kind), KINDS.get(kind, "bold")), _told(kind, of_kind, every=every)]
        yield grid([GridColumn(), GridColumn(share=1)], [heading], width)
        if every or not _is_counted(kind, of_kind):
            yield _findings_table(columns, of_kind, width)


def unplaced(snapshot: Mapping[str, Any], width: int) -> Iterator[Text]:
    """Yield the postings that are in no figure, because the period cuts theirs in two."""
    if not snapshot["unplaced"]:
        return
    yield from section("UNPLACED POSTINGS", width, "the period cuts theirs in two, so that they are in no figure")
    rows: list[list[Cell]] = [
        [
            f"event {posting['position']}",
            one_line(posting["unit"]),
            line_label(posting["line"]),
            span(posting["start"], posting["end"]),
            f"{euros(posting['cents'])} €",
        ]
        for posting in snapshot["unplaced"]
    ]
    yield grid([GridColumn(), GridColumn(), GridColumn(share=1), GridColumn(), GridColumn(right=True)], rows, width)


def line_label(code: str) -> str:
    """Return the label of a line, or its code where the chart has no such line."""
    line = load_chart().lines.get(code)
    return line.labels["fi"] if line else one_line(code)


def _is_counted(kind: str, found: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether findings are only counted: rounding always, inferences where they would fill a screen."""
    return kind == "rounding" or (kind == "inferred" and len(found) > MANY)


def _findings_table(columns: Columns, found: Sequence[Mapping[str, Any]], width: int) -> Text:
    """Lay out unit, cell, message and difference."""
    rows = [[*_where(columns, finding), one_line(finding["message"]), difference(finding)] for finding in found]
    return grid([GridColumn(), GridColumn(share=2), GridColumn(share=4), GridColumn(right=True)], rows, width)


def _where(columns: Columns, finding: Mapping[str, Any]) -> tuple[str, str]:
    parts = (
        line_label(finding["line"]) if finding["line"] else "",
        columns.heading_of(finding["column"]) if finding["column"] else "",
    )
    return one_line(finding["unit"] or UNKNOWN), " · ".join(part for part in parts if part)


def difference(finding: Mapping[str, Any]) -> str:
    """Return how far the computed value is from the stated one: `−1 €`, `0,03 %`; empty where one is not known."""
    stated, computed = finding["stated"], finding["computed"]
    if isinstance(stated, int) and isinstance(computed, int):
        return f"{euros(computed - stated)} €"
    if isinstance(stated, str) and isinstance(computed, str):
        return f"{number(Decimal(computed) - Decimal(stated), 2)} %"
    return ""


def _told(kind: str, found: Sequence[Mapping[str, Any]], *, every: bool) -> str:
    """Return how many findings of a kind there are and what the kind means."""
    told = " ".join((str(len(found)), MEANINGS.get(kind, ""))).strip()
    if every or not _is_counted(kind, found):
        return told
    amounts = [abs(f["computed"] - f["stated"]) for f in found if isinstance(f["computed"], int)]
    most = f", at most {euros(max(amounts))} €" if amounts else ""
    return f"{told}{most}; --findings all lists them"


def _time(project: Mapping[str, Any]) -> str:
    """Return first and last day on a line each, and the day it ended where that was told."""
    start, end = day(project["start"]), day(project["end"])
    ended = project.get("ended")
    lines = (f"{start}–" if start or end else "", end, f"päättyi {day(ended)}" if ended else "")
    return "\n".join(line for line in lines if line)


def _money(cents: int | None) -> str:
    return UNKNOWN if cents is None else euros(cents)
