"""`heinola list`: what there is in a store, to be looked over, and to take codes from."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.parameters import Day, OneOf, UnitCode
from heinola_es.commands.printing import hand_over, say_page
from heinola_es.commands.verb import Verb
from projections.commands.asking import as_known, in_format, in_language
from projections.commands.reading import ask
from projections.commands.terminal import PAGE_WIDTH, colour_wanted, width

if TYPE_CHECKING:
    from datetime import date, datetime

    from heinola_es.domain.chart import Chart
    from projections.audit.listing import Listing, Value

KINDS = (
    "units",
    "lines",
    "goals",
    "priorities",
    "projects",
    "periods",
    "imports",
    "amendments",
    "proposals",
    "publications",
    "roles",
    "indicators",
    "sections",
    "translations",
)


@click.command("list", cls=Verb)
@click.argument("kind", metavar="WHAT", type=OneOf("list", KINDS))
@click.option("--on", "day", type=Day(), metavar="DATE", help="As of this day; of what belongs to a year, of its year.")
@as_known
@click.option("--unit", type=UnitCode(), metavar="CODE", help="Only of this unit and what stands under it.")
@in_format
@in_language
@pass_door
def listing(
    door: Door,
    *,
    kind: str,
    day: date | None,
    known_at: datetime | None,
    unit: str | None,
    form: str,
    language: str,
) -> None:
    """List what a store holds: units, lines, goals, projects, imports, amendments, proposals and the like.

    Besides, priorities, periods, publications, roles, indicators, sections and translations. Units are those of today,
    as a tree; periods say through which month the books of each unit are covered in the latest year, and by what;
    translations are of the words that reports of that year show, and empty where one is lacking; of all else every year
    is listed, where no day is given. JSON and CSV have amounts in cents.

    Examples:
      heinola list units
      heinola list goals --unit 410 --on 30.6.2020
      heinola list amendments --format csv
    """
    from projections.audit.listing import Asked
    from projections.audit.listing import listing as list_of

    asked = Asked(on=day, today=door.clock().date(), known_at=known_at, unit=unit)
    found, chart = ask(door.store, lambda reader: (list_of(reader, kind, asked), reader.chart()))
    if form == "json":
        hand_over(as_json(found))
    elif form == "csv":
        hand_over(as_csv(found))
    else:
        say_page(as_page(found, chart, language))


def as_json(found: Listing) -> bytes:
    """Return a list as JSON: an object for each row."""
    from projections.snapshot.canonical import canonical_json

    return canonical_json([dict(row) for row in found.rows])


def as_csv(found: Listing) -> bytes:
    """Return a list as CSV."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(found.columns)
    writer.writerows([[_plain(row[name]) for name in found.columns] for row in found.rows])
    return file.getvalue().encode()


def _plain(value: Value) -> str | int:
    """Return a value as it stands in a cell."""
    return "" if value is None else ", ".join(value) if isinstance(value, tuple) else value


def as_page(found: Listing, chart: Chart, language: str) -> str:
    """Return a list as a page on the terminal."""
    from projections.report.language.words import words_in
    from projections.writers.terminal.grid import styled
    from projections.writers.terminal.listing import listing_page
    from projections.writers.terminal.spoken import Spoken

    wide = width(PAGE_WIDTH)
    return styled(listing_page(Spoken(words_in(language), chart), found, wide), wide, colour=colour_wanted())
