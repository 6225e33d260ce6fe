"""`heinola audit log|show|explain|diff|actors`: the questions an auditor asks of the log."""

from __future__ import annotations

import csv
import re
import sys
from contextlib import closing
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Any

import click
import orjson

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.parameters import MANY, LineName, PeriodType, Position, UnitCode
from heinola_es.commands.printing import hand_over, on_terminal, say, say_page, say_through_pager
from heinola_es.commands.verb import Verb
from heinola_es.domain.periods import parse_instant
from heinola_es.errors import BadInput, nearest, nearest_unit
from heinola_es.languages import LANGUAGES
from projections.commands.asking import as_published, in_comparable_years, in_format, in_language, of_structure
from projections.commands.reading import ask, tell_besides
from projections.commands.terminal import PAGE_WIDTH, colour_wanted, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from rich.text import Text

    from events.period import Period
    from heinola_es.domain.chart import Chart
    from heinola_es.store.reading import LogReader
    from projections.audit.diff import Difference
    from projections.audit.entries import Entry
    from projections.audit.explain import Node
    from projections.published.publications import Published
    from projections.snapshot.taking import SnapshotQuery

_ALSO = {"actual": "ActualPosted"}
"""What people call kinds of events besides, after the commands that record them."""
_CSV_FIELDS = (
    "position",
    "recorded",
    "recorded_by",
    "type",
    "about",
    "effective",
    "what",
    "source",
    "reason",
    "login",
)


@click.command(cls=Verb)
@click.option("--unit", type=UnitCode(), metavar="CODE", help="About this unit or anything that ever stood below it.")
@click.option("--actor", metavar="NAME", help="Recorded by.")
@click.option("--type", "kind", metavar="TYPE", help="Of this kind: in a word (correction), or ActualCorrected.")
@click.option("--since", type=parse_instant, metavar="T", help="Recorded at this moment or later.")
@click.option("--until", type=parse_instant, metavar="T", help="Recorded at this moment or before.")
@click.option("--effective", type=PeriodType(), metavar="PERIOD", help="About days of this period.")
@click.option("--source", metavar="TEXT", help="With this text in its source.")
@click.option("--correction", "corrections", is_flag=True, help="Only what puts something right.")
@in_format
@in_language
@pass_door
def log(
    door: Door,
    *,
    unit: str | None,
    actor: str | None,
    kind: str | None,
    since: datetime | None,
    until: datetime | None,
    effective: Period | None,
    source: str | None,
    corrections: bool,
    form: str,
    language: str,
) -> None:
    """List the events of the log, oldest first; it starts to print at once, however long the log is.

    Examples:
      heinola audit log --unit 410 --correction
      heinola audit log --since 2020-08-15 --format csv
    """
    from projections.audit.trail import TrailFilter, trail

    wanted = TrailFilter(
        unit=unit,
        actor=actor,
        kind=None if kind is None else _known_kind(kind, language),
        since=since,
        until=until,
        effective=effective,
        source=source,
        corrections=corrections,
    )

    def question(reader: LogReader) -> None:
        if unit is not None:
            _require_unit(reader, unit)
        with closing(trail(reader, wanted)) as entries:
            _print_trail(reader, entries, form, language)

    ask(door.store, question)


@click.command(cls=Verb)
@click.argument("position", type=Position())
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="What to print."
)
@in_language
@pass_door
def show(door: Door, *, position: int, form: str, language: str) -> None:
    """Show the event at POSITION in full, and which cells of its year's reports it moved.

    Example:
      heinola audit show 532
    """
    from heinola_es.store.reading import LogReader
    from projections.audit.show import show as show_event

    with LogReader.open(door.store) as reader:
        reader.tell = tell_besides
        event = show_event(reader, position)
        chart = reader.chart()
    if form == "json":
        _print_json(event.as_json())
        return
    from projections.report.language.words import words_in
    from projections.writers.terminal.audit import shown
    from projections.writers.terminal.spoken import Spoken

    _print_page(partial(shown, Spoken(words_in(language), chart), event))


@click.command(cls=Verb)
@click.argument("unit", type=UnitCode())
@click.argument("line", type=LineName())
@click.argument("period", type=PeriodType(up_to_date=True))
@click.option("--column", default="actual", show_default=True, metavar="NAME", help="Which amount of the snapshot.")
@click.option("--known-at", type=parse_instant, metavar="T", help="As it was known at this moment.")
@as_published
@of_structure
@in_comparable_years
@click.option("--depth", type=click.IntRange(1, MANY), metavar="N", help="So many steps down, and no further.")
@click.option(
    "--format", "form", type=click.Choice(["tree", "json"]), default="tree", show_default=True, help="What to print."
)
@in_language
@pass_door
def explain(
    door: Door,
    *,
    unit: str,
    line: str,
    period: Period,
    column: str,
    known_at: datetime | None,
    published: int | None,
    structure: date | None,
    comparable: bool,
    depth: int | None,
    form: str,
    language: str,
) -> None:
    """Explain a cell of the report: what it is the sum of, down to the events under it.

    A large sum has thousands of events under it: --depth 1 shows what it is made of, and each part can be explained
    in turn. Of comparable years it also tells what they are without.

    Examples:
      heinola audit explain 410 net 2020Q2
      heinola audit explain 410 net 2020Q2 --column prior_actual --comparable
    """
    from attrs import evolve

    from projections.audit.explain import explain as explain_cell
    from projections.snapshot.columns import require_amount_column
    from projections.snapshot.taking import SnapshotQuery, look

    if published is not None and (known_at or structure or comparable):
        raise BadInput("a published report is what it is; leave out --known-at, --structure and --comparable")
    require_amount_column(column)

    def question(reader: LogReader) -> tuple[int, Node, Chart]:
        query = SnapshotQuery(period=period, unit=unit, known_at=known_at, structure=structure, comparable=comparable)
        one = None if published is None else _publication_of(reader, query, published)
        query = evolve(query, position=one.position) if one else query
        view = look(reader, query)
        root = explain_cell(view, query, unit, view.chart.line(line).code, column, depth=depth)
        if one:
            _tell_if_published_otherwise(reader, one, root, column)
        return view.upto, root, reader.chart()

    at, root, chart = ask(door.store, question, from_log=True)
    if form == "json":
        _print_json({"column": column, "period": str(period), "position": at} | root.as_json())
        return
    from projections.report.language.words import words_in
    from projections.writers.terminal.audit import explanation
    from projections.writers.terminal.spoken import Spoken

    _print_page(partial(explanation, Spoken(words_in(language), chart), root))


@click.command(cls=Verb)
@click.argument("period", type=PeriodType(up_to_date=True))
@click.option(
    "--from", "older", metavar="T", required=True, help="A moment, a position (532), or published[:REVISION]."
)
@click.option("--to", "newer", metavar="T", default="now", show_default=True, help="A moment, a position, or now.")
@click.option("--unit", type=UnitCode(), metavar="CODE", help="Only this unit and what stands under it.")
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="What to print."
)
@in_language
@pass_door
def diff(door: Door, *, period: Period, older: str, newer: str, unit: str | None, form: str, language: str) -> None:
    """Show what changed in the report of PERIOD between two moments of knowledge, and the events that did it.

    Examples:
      heinola audit diff 2020Q2 --from 2020-08-15
      heinola audit diff 2020Q2 --from published --to now
    """
    from projections.audit.diff import difference
    from projections.snapshot.taking import SnapshotQuery

    query = SnapshotQuery(period=period, unit=unit)

    def question(reader: LogReader) -> tuple[Difference, Chart]:
        moments = _moment(reader, older, query), _moment(reader, newer, query)
        return difference(reader, query, *moments), reader.chart()

    found, chart = ask(door.store, question, from_log=True)
    if form == "json":
        told = [change.as_json() for change in found.changes]
        events = [entry.as_json() for entry in found.entries().values()]
        about = {"from": found.older, "to": found.newer, "period": str(period)}
        _print_json(about | {"changes": told, "events": events})
        return
    from projections.report.language.words import words_in
    from projections.writers.terminal.audit import changes
    from projections.writers.terminal.spoken import Spoken

    _print_page(partial(changes, Spoken(words_in(language), chart), found, period))


@click.command(cls=Verb)
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="What to print."
)
@in_language
@pass_door
def actors(door: Door, *, form: str, language: str) -> None:
    """List who recorded what, from when to when."""
    from heinola_es.store.reading import LogReader
    from projections.audit.trail import actors as all_actors

    with LogReader.open(door.store) as reader:
        found, chart = all_actors(reader), reader.chart()
    if form == "json":
        _print_json([actor.as_json() for actor in found])
        return
    from projections.report.language.words import words_in
    from projections.writers.terminal.audit import actors_table
    from projections.writers.terminal.spoken import Spoken

    _print_page(partial(actors_table, Spoken(words_in(language), chart), found))


def _moment(reader: LogReader, text: str, query: SnapshotQuery) -> int | Published:
    """Return the position of the log that a moment stands for, or the publication."""
    if text == "now":
        return reader.size()
    if re.fullmatch(r"published(:[1-9][0-9]{0,8})?", text):
        return _published(reader, query, int(text.partition(":")[2] or 0))
    if text.startswith("#") or text.isdecimal():
        return min(Position().convert(text, None, None), reader.size())
    return reader.position_at(parse_instant(text))


def _published(reader: LogReader, query: SnapshotQuery, revision: int) -> Published:
    """Return the last publication of the unit's report, or else of the whole city's; or the one of a revision.

    Raises:
        BadInput: it was never published.
        NotPublished: not in that revision.
    """
    from projections.published.publications import last_published, revisions_of

    for unit in dict.fromkeys((query.unit, None)):
        if revisions_of(reader, query.period, unit):
            return last_published(reader, query.period, unit, revision or None)
    raise BadInput(f"the report {query.period.label} was never published; name a moment, such as 2020-08-15")


def _publication_of(reader: LogReader, query: SnapshotQuery, revision: int) -> Published:
    """Return the publication of the report that a unit is in: its own, else of one above it, else of the whole city.

    Raises:
        NotPublished: there is none, or not in that revision.
    """
    from projections.published.publications import last_published, revisions_of
    from projections.snapshot.taking import look

    above = look(reader, query).organisation.at_or_above(str(query.unit))
    published = (unit for unit in (*above, None) if revisions_of(reader, query.period, unit))
    return last_published(reader, query.period, next(published, None), revision or None)


def _tell_if_published_otherwise(reader: LogReader, published: Published, root: Node, column: str) -> None:
    """Say where the log gives another figure today than the one that was published."""
    from projections.published.publications import published_snapshot

    units = (unit for unit in published_snapshot(reader, published).units if unit.code == root.unit)
    cells = [row.cell(column) for unit in units for row in unit.figures if row.line == root.line]
    if cells and (cells[0] and cells[0].cents) != root.cents:
        tell_besides(
            f"the report {published.label} (#{published.at}) was published with another figure here; see it with "
            f"`heinola snapshot {published.period} --published`, and run `heinola audit verify`"
        )


def _known_kind(text: str, language: str) -> str:
    """Return the topic that is meant: by itself, or by what it is called in any language.

    Raises:
        BadInput: there is no such kind of event; the sentence lists those of the reader's language.
    """
    from events.language import BY_TOPIC
    from projections.report.language.events import topics_by_word
    from projections.report.language.words import words_in

    called = topics_by_word(words_in(language))
    known = {topic.casefold(): topic for topic in BY_TOPIC} | _ALSO
    for other in LANGUAGES:
        known |= {_squeezed(word): topic for word, topic in topics_by_word(words_in(other)).items()}
    known |= {_squeezed(word): topic for word, topic in called.items()}
    if _squeezed(text) not in known:
        raise BadInput(
            f"there is no kind of event {text!r}{nearest(text, [*called, *BY_TOPIC])}; it is one of "
            f"{', '.join(f'{word} ({topic})' for word, topic in called.items())}"
        )
    return known[_squeezed(text)]


def _squeezed(word: str) -> str:
    return re.sub(r"[\s_-]", "", word.casefold())


def _require_unit(reader: LogReader, unit: str) -> None:
    names = reader.unit_names()
    if unit not in names:
        raise BadInput(f"unknown unit {unit!r}{nearest_unit(unit, names)}")


def _print_trail(reader: LogReader, entries: Iterator[Entry], form: str, language: str) -> None:
    if form != "table":
        for line in _LINES[form](entries):
            hand_over(line.encode())
        return
    from projections.writers.terminal.audit import trail_lines
    from projections.writers.terminal.spoken import Spoken

    spoken, wide = Spoken.of(reader, language), width(0) or None
    lines = (line for entry in entries for line in trail_lines(spoken, entry, wide))
    if on_terminal(sys.stdout):
        say_through_pager(lines)
        return
    for line in lines:
        say(line)


def _json_array(entries: Iterator[Entry]) -> Iterator[str]:
    """Yield a JSON array, an entry a line, as the entries come."""
    before = "["
    for entry in entries:
        yield f"{before}\n{orjson.dumps(entry.as_json(), option=orjson.OPT_SORT_KEYS).decode()}"
        before = ","
    yield "[]\n" if before == "[" else "\n]\n"


def _csv_lines(entries: Iterator[Entry]) -> Iterator[str]:
    from projections.audit.trail import gist_of, subject_of
    from projections.writers.spreadsheets import safe_text

    yield ",".join(_CSV_FIELDS) + "\r\n"
    for entry in entries:
        out = StringIO()
        told = (entry.recorded_by, entry.topic, subject_of(entry), str(entry.effective), gist_of(entry))
        texts = (*told, entry.source, entry.reason, entry.login)
        csv.writer(out).writerow([entry.position, entry.recorded, *(safe_text(text) for text in texts)])
        yield out.getvalue()


_LINES: dict[str, Callable[[Iterator[Entry]], Iterator[str]]] = {
    "json": _json_array,
    "csv": _csv_lines,
}


def _print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    from projections.snapshot.canonical import canonical_json

    hand_over(canonical_json(value))


def _print_page(draw: Callable[[int], Text]) -> None:
    from projections.writers.terminal.grid import styled

    wide = width(PAGE_WIDTH)
    say_page(styled(draw(wide), wide, colour=colour_wanted()))
