"""`heinola list`: what there is in a store, to be looked over, and to take codes from."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING

import click

from events.period import Period
from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.parameters import Day, OneOf, UnitCode
from heinola_es.commands.printing import hand_over, say, say_page
from heinola_es.commands.verb import Verb
from projections.commands.asking import as_known, in_format
from projections.commands.reading import ask
from projections.commands.terminal import colour_wanted, width

if TYPE_CHECKING:
    from datetime import datetime

    from projections.listing import Listing

WIDTH = 120
KINDS = (
    "units",
    "lines",
    "goals",
    "priorities",
    "projects",
    "periods",
    "imports",
    "amendments",
    "publications",
    "indicators",
    "sections",
)
_LONG = frozenset(
    (
        *("name", "fi", "sv", "en", "sum_of", "binding_goal", "metric", "target_level"),
        *("title", "section", "project", "gave", "reason"),
    )
)
_DAYS = frozenset(["first_day", "last_day", "through", "withdrawn", "start", "end", "ended", "decided"])
_NUMBERS = frozenset({"position", "number", "revision", "characters", "value", "cents"})


@click.command("list", cls=Verb)
@click.argument("kind", metavar="WHAT", type=OneOf("list", KINDS))
@click.option("--on", "day", type=Day(), metavar="DATE", help="As of this day; of what belongs to a year, of its year.")
@as_known
@click.option("--unit", type=UnitCode(), metavar="CODE", help="Only of this unit and what stands under it.")
@in_format
@pass_door
def listing(door: Door, *, kind: str, day: date | None, known_at: datetime | None, unit: str | None, form: str) -> None:
    """List units, lines, goals, priorities, projects, periods, imports, amendments, publications, indicators, sections.

    Units are those of today, as a tree; periods say through which month the books of each unit are covered in the
    latest year, and by what; of all else every year is listed, where no day is given. JSON and CSV have amounts in
    cents.

    Examples:
      heinola list units
      heinola list goals --unit 410 --on 30.6.2020
      heinola list amendments --format csv
    """
    from projections.listing import Asked
    from projections.listing import listing as list_of

    asked = Asked(on=day, today=door.clock().date(), known_at=known_at, unit=unit)
    found = ask(door.store, lambda reader: list_of(reader, kind, asked))
    if form == "json":
        hand_over(_as_json(found))
    elif form == "csv":
        hand_over(_as_csv(found))
    elif found.rows:
        say_page(_as_table(found))
    else:
        say(f"no {kind}{_where(unit, day)}")


def _where(unit: str | None, day: date | None) -> str:
    """Return of what there is nothing."""
    of = f" of {unit}" if unit else ""
    return f"{of} on {day.day}.{day.month}.{day.year}" if day else of


def _as_json(found: Listing) -> bytes:
    from projections.snapshot.canonical import canonical_json

    return canonical_json([dict(row) for row in found.rows])


def _as_csv(found: Listing) -> bytes:
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(found.columns)
    writer.writerows([["" if row[name] is None else row[name] for name in found.columns] for row in found.rows])
    return file.getvalue().encode()


def _as_table(found: Listing) -> str:
    from projections.presenting.audit import euros, rendered
    from projections.presenting.grid import GridColumn, grid
    from projections.presenting.printable import one_line

    def cell(name: str, row: int) -> str:
        value = found.rows[row][name]
        if name == "cents" and isinstance(value, int):
            return euros(value)
        if name in _DAYS and value is not None:
            return Period.of_day(date.fromisoformat(str(value))).label
        text = "" if value is None else one_line(str(value)).replace("_", " " if name == "kind" else "_")
        return "  " * found.depths[row] + text if found.depths and name == found.columns[0] else text

    names = [name for name in found.columns if any(row[name] is not None for row in found.rows)]
    columns = [
        GridColumn(
            heading="euros" if name == "cents" else name.replace("_", " "),
            share=1 if name in _LONG else 0,
            right=name in _NUMBERS,
        )
        for name in names
    ]
    cells = [[cell(name, row) for name in names] for row in range(len(found.rows))]
    drawn = grid(columns, cells, width(WIDTH), indent=0)
    return rendered(lambda console: console.print(drawn), width(WIDTH), colour=colour_wanted())
