"""A snapshot as a page for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve
from rich.text import Text

from heinola_es.languages import LANGUAGES
from projections.report.content.comparing import in_the_summary
from projections.report.language.columns import months_covered
from projections.report.language.numbers import NBSP
from projections.report.language.titles import report_title
from projections.report.language.words import words_in
from projections.writers.terminal.figure_pages import FigurePages
from projections.writers.terminal.goals_and_texts import goals, indicators, labelled, texts_counted, texts_in_full
from projections.writers.terminal.grid import DEFAULT_WIDTH, paragraph, styled
from projections.writers.terminal.page_material import PageMaterial
from projections.writers.terminal.printable import one_line
from projections.writers.terminal.projects_and_findings import (
    budget_changes,
    budget_proposals,
    findings,
    projects,
    unplaced,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heinola_es.domain.chart import Chart
    from projections.snapshot.model import Snapshot

WIDEST_PAGE = 110
_NARROWEST_PAGE = 40


def snapshot_table(
    snapshot: Snapshot,
    chart: Chart,
    *,
    language: str = LANGUAGES[0],
    names: Sequence[str] = (),
    width: int = DEFAULT_WIDTH,
    colour: bool = False,
    texts: bool = False,
    all_findings: bool = False,
) -> str:
    """Return the snapshot as text of lines.

    Args:
        snapshot: what is shown.
        chart: the lines of the city.
        language: of the page: `fi`, `sv` or `en`.
        names: of the columns in their order; all of the snapshot where there are none.
        width: of the terminal, in characters; lines longer than `WIDEST_PAGE` are only used where columns need them.
        colour: whether the terminal understands ANSI styles; without, the text holds none.
        texts: show priorities, narratives and outlooks in full.
        all_findings: list the rounding differences too.
    """
    material = _material(snapshot, chart, language, names)
    page = _page_width(material, width)
    text = Text("\n").join(_page(material, page, texts=texts, all_findings=all_findings))
    return styled(text, page, colour=colour)


def _material(snapshot: Snapshot, chart: Chart, language: str, names: Sequence[str]) -> PageMaterial:
    """Return the columns of a page; of a city without internal items, where these are known."""
    if not any(row.external for unit in snapshot.units for row in unit.figures[:1]):
        return PageMaterial(
            snapshot=snapshot, chart=chart, words=words_in(language, snapshot.recorded_in), chosen=tuple(names)
        )
    from projections.snapshot.internal import external_of, statement_of  # noqa: PLC0415 - few logs have any

    shown = evolve(snapshot, units=tuple(map(statement_of, snapshot.units)))
    return PageMaterial(
        snapshot=shown,
        chart=chart,
        words=words_in(language, snapshot.recorded_in),
        chosen=tuple(names),
        external=external_of(snapshot),
    )


def _page(material: PageMaterial, width: int, *, texts: bool, all_findings: bool) -> Iterator[Text]:
    snapshot = material.snapshot
    yield from _title(material, width)
    yield from _not_whole(material, width)
    yield from labelled(in_the_summary(material, most=None), width)
    yield from FigurePages(material, width).renderables() if snapshot.units else _no_units(material, width)
    yield from goals(material, width)
    yield from indicators(material, width)
    yield from texts_in_full(material, width) if texts else texts_counted(material, width)
    yield from projects(material, width, in_full=texts)
    yield from (budget_changes(material, width) if texts else budget_proposals(material, width))
    yield from findings(material, width, every=all_findings)
    yield from unplaced(material, width)


def _title(material: PageMaterial, width: int) -> Iterator[Text]:
    """Yield what is shown, and as known when if that was asked for; below it, what the figures rest on."""
    snapshot, words, numbers = material.snapshot, material.words, material.words.numbers
    title = report_title(words, snapshot.period)
    known = "" if snapshot.known_at is None else words.say("Known at") + " " + numbers.instant(snapshot.known_at)
    parts = (one_line(snapshot.city), title, known)
    cumulative = numbers.span(snapshot.cumulative.start, snapshot.cumulative.end)
    events = words.say("Events") + f"{NBSP}1–{numbers.plain(snapshot.position)}"
    rests_on = (
        f"{words.say('Cumulative figures')} {cumulative} ({months_covered(words, snapshot.period)})",
        f"{words.say('Organisation as of')} {numbers.day(snapshot.structure)}",
        events if snapshot.position else words.say("none"),
    )
    yield paragraph(" · ".join(part for part in parts if part), width, "bold")
    yield paragraph(" · ".join(rests_on), width, "dim")


def _not_whole(material: PageMaterial, width: int) -> Iterator[Text]:
    """Yield, before any figure, that the report is not whole, where it is not."""
    rows = (row for unit in material.snapshot.units for row in unit.figures)
    if any(row.partial or any(prior.partial for prior in row.prior_years) for row in rows):
        words = material.words
        brackets = words.say("What stands in square brackets is a part and no total; the findings say what is missing.")
        yield paragraph(f"{words.say('This report is not whole.')} {brackets}", width, "bold yellow")


def _no_units(material: PageMaterial, width: int) -> Iterator[Text]:
    day = material.words.numbers.day(material.snapshot.structure)
    yield Text()
    nothing = material.words.say("No unit is known on {day}, so there is nothing to report.", day=day)
    leading_on = material.words.say("Record one with `heinola record unit`.")
    yield paragraph(f"{nothing} {leading_on}", width)


def _page_width(material: PageMaterial, width: int) -> int:
    widest = max(WIDEST_PAGE, width if material.prior else 0)
    return max(_NARROWEST_PAGE, min(width, widest))
