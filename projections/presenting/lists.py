"""The lists at the end of a snapshot, on the terminal: projects, findings, and postings that a period cuts in two."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from heinola_es.chart import load_chart
from projections.presenting.finnish import UNKNOWN, count, day, euros, number, one_line, plain_number, shown, span
from projections.presenting.words import columns_side_by_side, section

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import RenderableType

    from projections.presenting.columns import Columns

KINDS = {"mismatch": "bold red", "unparsed": "bold yellow", "inferred": "bold", "rounding": "bold"}
"""The kinds of findings, in the order in which they want attention, and how they are set off."""

_WIDE = 90

MEANINGS = {
    "mismatch": "more than rounding explains",
    "unparsed": "could not be placed",
    "inferred": "concluded without being printed",
    "rounding": "within what was rounded",
}


def projects(snapshot: Mapping[str, Any], width: int) -> Iterator[RenderableType]:
    """Yield the projects: who answers for them, when, and the money; on a narrow page the first two below the name."""
    if not snapshot["projects"]:
        return
    yield from section("HANKKEET", count(len(snapshot["projects"]), "hanke", "hanketta"))
    wide = width >= _WIDE
    grid = _projects_table(wide=wide)
    for number_of_project, project in enumerate(snapshot["projects"]):
        if number_of_project:
            grid.add_row()
        name, *about = one_line(project["name"]), one_line(project["responsible"]), _time(project)
        grid.add_row(
            Text(shown(project["unit"])),
            *([Text(name), *map(Text, about)] if wide else [_below_each_other(name, about)]),
            *(_money(project[amount]) for amount in ("income_cents", "expense_cents", "city_share_cents")),
            _progress(project["percent"]),
        )
    yield grid


def _projects_table(*, wide: bool) -> Table:
    grid = Table(box=None, padding=(0, 0, 0, 2), pad_edge=True, header_style="dim", expand=True)
    grid.add_column("Yks.", no_wrap=True)
    grid.add_column("Hanke", ratio=3, overflow="fold")
    if wide:
        grid.add_column("Vastuuhenkilö", ratio=2, overflow="fold")
        grid.add_column("Aika", no_wrap=True)
    for heading in ("Tulot\n€", "Menot\n€", "Kaupungin\nosuus €", "%"):
        grid.add_column(heading, justify="right", no_wrap=True)
    return grid


def _below_each_other(name: str, about: Sequence[str]) -> Text:
    lines = [part.replace("–\n", "–") for part in about if part]
    return Text.assemble(name, *((f"\n{line}", "dim") for line in lines))


def findings(columns: Columns, *, every: bool) -> Iterator[RenderableType]:
    """Yield the findings by kind; rounding differences, of which a report has many, are only counted unless `every`."""
    found = columns.snapshot["findings"]
    if not found:
        return
    yield from section("FINDINGS", "observations, no errors")
    kinds = (*KINDS, *sorted({finding["kind"] for finding in found} - set(KINDS)))
    for number_of_kind, kind in enumerate(kind for kind in kinds if any(f["kind"] == kind for f in found)):
        of_kind = [finding for finding in found if finding["kind"] == kind]
        if number_of_kind:
            yield Text()
        yield Text.assemble("  ", (one_line(kind), KINDS.get(kind, "bold")), f"  {_told(kind, of_kind, every=every)}")
        if every or kind != "rounding":
            yield _findings_table(columns, of_kind)


def unplaced(snapshot: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield the postings that are in no figure, because the period cuts theirs in two."""
    if not snapshot["unplaced"]:
        return
    yield from section("UNPLACED POSTINGS", "the period cuts theirs in two, so that they are in no figure")
    grid = columns_side_by_side()
    for posting in snapshot["unplaced"]:
        grid.add_row(
            Text(f"event {posting['position']}"),
            Text(one_line(posting["unit"])),
            Text(line_label(posting["line"])),
            Text(span(posting["start"], posting["end"])),
            Text(f"{euros(posting['cents'])} €", justify="right"),
        )
    yield grid


def line_label(code: str) -> str:
    """Return the label of a line, or its code where the chart has no such line."""
    line = load_chart().lines.get(code)
    return line.labels["fi"] if line else one_line(code)


def _findings_table(columns: Columns, found: Sequence[Mapping[str, Any]]) -> Table:
    """Lay out unit, cell, message and difference; a column that nothing stands in takes no room."""
    rows = [(*_where(columns, finding), one_line(finding["message"]), difference(finding)) for finding in found]
    places = any(row[1] for row in rows)
    grid = columns_side_by_side(expand=True)
    grid.add_column(no_wrap=True)
    if places:
        grid.add_column(ratio=2)
    grid.add_column(ratio=4)
    grid.add_column(no_wrap=True, justify="right")
    for unit, place, message, apart in rows:
        grid.add_row(Text(unit), *([Text(place)] if places else []), Text(message), Text(apart))
    return grid


def _where(columns: Columns, finding: Mapping[str, Any]) -> tuple[str, str]:
    parts = (
        line_label(finding["line"]) if finding["line"] else "",
        columns.heading_of(finding["column"]) if finding["column"] else "",
    )
    return shown(finding["unit"] or UNKNOWN), " · ".join(part for part in parts if part)


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
    if kind != "rounding" or every:
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


def _money(cents: int | None) -> Text:
    return Text(UNKNOWN, style="dim") if cents is None else Text(euros(cents))


def _progress(percent: str | None) -> Text:
    return Text(UNKNOWN, style="dim") if percent is None else Text(plain_number(percent))
