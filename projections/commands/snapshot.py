"""`heinola snapshot`: the report of a period as data, as it stands or as it was known."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.printing import say_page, tell
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput
from projections.commands.asking import (
    as_known,
    as_published,
    by_theme,
    columns_of,
    forecast_method,
    in_columns,
    in_comparable_years,
    in_language,
    in_layout,
    in_lines,
    of_period,
    of_structure,
    of_unit,
)
from projections.commands.files import STDOUT, deliver, require_place
from projections.commands.reading import ask, checked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from events.period import Period
    from heinola_es.domain.chart import Chart
    from heinola_es.files.output_files import Writer
    from heinola_es.store.reading import LogReader
    from projections.published.publications import Published
    from projections.snapshot.coverage import UnitCoverage
    from projections.snapshot.model import Finding, Snapshot
    from projections.snapshot.taking import SnapshotQuery

SEALED = "sealed"
FORMATS = ("table", "json", "csv", SEALED)
FORMAT_OF_ENDING = {".json": "json", ".csv": "csv", ".txt": "table"}
FOUND = 3
"""The exit code of a check that found something."""


@click.command(cls=Verb)
@of_period
@of_unit
@as_known
@of_structure
@in_comparable_years
@click.option(
    "--years", type=click.IntRange(1, 10), default=1, show_default=True, metavar="N", help="How many prior years."
)
@in_columns
@by_theme
@forecast_method
@as_published
@in_lines
@in_layout
@click.option("--format", "form", type=click.Choice(FORMATS), help="By default what -o ends in, else a table.")
@click.option(
    "-o", "--output", type=click.Path(), metavar="FILE", help="Write to FILE (.json, .csv, .txt); - is stdout."
)
@click.option("--texts", is_flag=True, help="In a table, show every text, project and change of the budget in full.")
@click.option(
    "--findings",
    type=click.Choice(["short", "all"]),
    default="short",
    show_default=True,
    help="In a table, count rounding differences or list them all.",
)
@click.option("--coverage", is_flag=True, help="Through which month the books of each unit are covered, and by what.")
@in_language
@checked
@click.option("--strict", is_flag=True, help="Exit with 3 where there is any finding.")
@pass_door
@click.pass_context
def snapshot(
    ctx: click.Context,
    door: Door,
    *,
    period: Period,
    unit: str | None,
    known_at: datetime | None,
    structure: date | None,
    comparable: bool,
    years: int,
    columns: tuple[str, ...] | None,
    theme_file: Path | None,
    lines: str,
    layout: str | None,
    forecast_method: str,
    published: int | None,
    form: str | None,
    output: str | None,
    texts: bool,
    findings: str,
    coverage: bool,
    language: str,
    from_log: bool,
    strict: bool,
) -> None:
    """Show the report of PERIOD: figures, goals, texts, indicators, projects and findings.

    PERIOD is 1.4.–30.6.2020, 2020Q2, 1-6/2020, 2020H1, 6/2020, 2020 …; a single date is the year up to it. Figures
    run from 1 January to its end. Unknown is "–" in the table, null in JSON and empty in CSV; never 0.

    JSON holds everything, money in cents, always the same bytes for the same facts. CSV holds the figures alone: a row
    per unit and line, euros with a point. Sealed is the JSON whose SHA-256 a publication and its seal hold; persons
    stand in it by reference.

    Examples:
      heinola snapshot 2020Q2
      heinola snapshot 2020Q2 --unit 410 --known-at 15.8.2020
      heinola snapshot 2020Q2 --columns budget,actual,deviation
      heinola snapshot 2020Q2 -o q2.csv
      heinola snapshot 2020Q2 --published 1 -o q2.json
    """
    from projections.snapshot.columns import besides_default
    from projections.snapshot.taking import SnapshotQuery

    shown = columns_of(columns, theme_file, period)
    form = form or form_of(output)
    if form == SEALED and published is None:
        raise BadInput("only what was published is sealed; add --published, or publish it with `heinola publish`")
    asked = SnapshotQuery(period=period, unit=unit, known_at=known_at, structure=structure, years=years)
    query = evolve(asked, all_lines=lines == "all", layout=layout, columns=besides_default(shown))
    query = evolve(query, forecast_method=forecast_method, comparable=comparable)
    require_place(door.files, output)
    if coverage:
        _deliver_coverage(door, query, form, output, language)
        return

    taken, chart, document, of_then = ask(door.store, partial(_taken, query, published, form), from_log=from_log)
    shown = shown or of_then
    if form == "table":
        told = {"language": language, "names": shown, "texts": texts, "all_findings": findings == "all"}
        _deliver_page(door.files, _page_of(taken, chart, told), output)
    else:
        deliver(door.files, document or _encoded(taken, form, shown), output)
        _tell_of_figures_alone(taken, form)
    if strict and taken.findings:
        tell(f"heinola: {_counted(taken.findings)}")
        ctx.exit(FOUND)


def _taken(
    query: SnapshotQuery, published: int | None, form: str, reader: LogReader
) -> tuple[Snapshot, Chart, bytes, tuple[str, ...]]:
    """Return the snapshot that is asked for, its lines, and its bytes and columns where they were published."""
    chart = reader.charts().told_in(query.period.year).laid_out(query.layout)
    if published is None:
        from projections.snapshot.taking import take_snapshot

        return take_snapshot(reader, query), chart, b"", ()
    from projections.published.publications import published_snapshot

    one = _publication(reader, query, published)
    return published_snapshot(reader, one), chart, _document(reader, one, form), one.columns


def _page_of(taken: Snapshot, chart: Chart, told: dict[str, Any]) -> Callable[..., str]:
    from projections.snapshot.translating import told_in
    from projections.writers.terminal.table import snapshot_table

    return partial(snapshot_table, told_in(taken, told["language"]), chart, **told)


def _deliver_coverage(door: Door, query: SnapshotQuery, form: str, output: str | None, language: str) -> None:
    """Deliver what covers the books of the units of a report."""
    from projections.read_models.moment import one_moment
    from projections.snapshot.canonical import canonical_json
    from projections.snapshot.coverage import as_csv, coverage_of
    from projections.snapshot.taking import look

    def question(reader: LogReader) -> list[UnitCoverage]:
        with one_moment(reader):
            return coverage_of(look(reader, query), query)

    covered = ask(door.store, question)
    if form == "json":
        deliver(door.files, canonical_json([unit.as_json() for unit in covered]), output)
    elif form == "csv":
        deliver(door.files, as_csv(covered), output)
    else:
        from projections.report.language.words import words_in
        from projections.writers.terminal.coverage import coverage_page

        _deliver_page(door.files, partial(coverage_page, words_in(language), covered), output)


def _publication(reader: LogReader, query: SnapshotQuery, revision: int) -> Published:
    """Return the publication that is asked for; nothing about a published report is left to choose.

    Raises:
        BadInput: something was chosen.
    """
    from projections.published.publications import last_published
    from projections.snapshot.taking import SnapshotQuery

    if query != SnapshotQuery(period=query.period, unit=query.unit):
        chosen = "--known-at, --structure, --comparable, --years, --columns, --lines, --layout and --forecast-method"
        raise BadInput(f"a published report is what it is; leave out {chosen}")
    return last_published(reader, query.period, query.unit, revision or None)


def _document(reader: LogReader, published: Published, form: str) -> bytes:
    """Return a published report as it was written down when it was published; empty in formats that it was not."""
    from projections.published.publications import published_document, sealed_bytes

    if form == SEALED:
        return sealed_bytes(reader, published)
    return published_document(reader, published) if form == "json" else b""


def form_of(output: str | None) -> str:
    """Return the format that a file's ending stands for; a table where there is no file.

    Raises:
        BadInput: the ending stands for none.
    """
    if output is None or output == STDOUT:
        return "table"
    ending = Path(output).suffix.lower()
    if ending not in FORMAT_OF_ENDING:
        raise BadInput(
            f"cannot tell the format of {output!r} from its ending; end it in .json, .csv or .txt, or give --format"
        )
    return FORMAT_OF_ENDING[ending]


def _encoded(taken: Snapshot, form: str, shown: tuple[str, ...]) -> bytes:
    if form == "json":
        from projections.snapshot.encoding import encoded

        return encoded(taken)
    from projections.writers.figures_csv import figures_csv

    return figures_csv(taken, shown)


def _tell_of_figures_alone(taken: Snapshot, form: str) -> None:
    """Tell what earlier years are without beside a file of figures, which has no place for it."""
    if form == "csv" and taken.excluded:
        units = ", ".join(f"{one.unit} {one.name} (ended {one.last_day})" for one in taken.excluded)
        tell(f"heinola: earlier years are without what left the city: {units}; the amounts are in the JSON")


def _deliver_page(writer: Writer, page: Callable[..., str], output: str | None) -> None:
    """Deliver a page, made for the terminal or for a file."""
    from projections.commands.terminal import colour_wanted, width
    from projections.writers.terminal.grid import DEFAULT_WIDTH

    if output not in {None, STDOUT}:
        deliver(writer, page(width=DEFAULT_WIDTH, colour=False).encode(), output)
    else:
        say_page(page(width=width(DEFAULT_WIDTH), colour=colour_wanted()))


def _counted(findings: Sequence[Finding]) -> str:
    by_kind = Counter(finding.kind for finding in findings)
    told = ", ".join(f"{number} {kind}" for kind, number in sorted(by_kind.items()))
    return f"{len(findings)} {'finding' if len(findings) == 1 else 'findings'} ({told}); see them in the snapshot"
