"""`heinola country`: one snapshot over every city of a lake."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.parameters import PeriodType
from heinola_es.commands.printing import tell
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput, Refused
from projections.commands.asking import as_known, by_theme, columns_of, in_columns, in_language, in_lines, theme_of
from projections.commands.files import require_place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from events.period import Period
    from heinola_es.files.output_files import Writer
    from projections.country.table import CountryTable

FORMATS = (".parquet", ".csv", ".json")
REPORTS = (".html", ".xlsx")


@click.command(cls=Verb)
@click.argument("period", type=PeriodType(up_to_date=True))
@click.option("--lake", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where the cities are.")
@as_known
@in_lines
@click.option(
    "--by",
    type=click.Choice(["city", "sector", "unit"]),
    default="city",
    show_default=True,
    help="The rows of the cities themselves, of their sectors too, or of every unit.",
)
@in_columns
@click.option(
    "--processes", type=click.IntRange(1, 1024), metavar="N", help="How many at once; by default, one a core."
)
@click.option("--strict", is_flag=True, help="Write nothing where a city cannot be computed.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help=".parquet, .csv or .json.")
@click.option(
    "--report",
    "report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The cities beside each other, per inhabitant, by size: .html or .xlsx.",
)
@click.option(
    "--inhabitants",
    metavar="NAME",
    help="What the indicator is called that says how many people live in a city; by default asukasluku and the like.",
)
@in_language
@by_theme
@pass_door
def country(
    door: Door,
    *,
    period: Period,
    lake: Path,
    known_at: datetime | None,
    lines: str,
    by: str,
    columns: tuple[str, ...] | None,
    processes: int | None,
    strict: bool,
    output: Path | None,
    report: Path | None,
    inhabitants: str | None,
    language: str,
    theme_file: Path | None,
) -> None:
    """Write the snapshot of PERIOD of every city in a lake as one table.

    Every cell is that of the city's own `heinola snapshot`, by the same code. A row per city, unit and line; amounts in
    cents, each with whether it is whole; unknown is empty. A city that cannot be computed is named beside the table, in
    FILE.errors.csv, and does not stop the others.

    --report holds the cities beside each other to be read: amounts per inhabitant, where an indicator of the city says
    how many people live in it; medians and quartiles by size; and what lies far from others of the same size.

    Examples:
      heinola country 2020Q2 --lake lake -o country.csv
      heinola country 1-6/2020 --lake lake --by unit --columns budget,actual,deviation -o country.parquet
      heinola country 2020Q2 --lake lake --report country.html
    """
    from projections.country.cities import Question
    from projections.opened import open_lake
    from projections.report.content.country import CountryAsked, country_report
    from projections.snapshot.taking import SnapshotQuery
    from projections.writers.formats.written import written

    if output is None and report is None:
        raise BadInput(
            "there is nothing to write; name a file for the table with -o, or for the comparison with --report"
        )
    _require_ending(door.files, output, FORMATS)
    _require_ending(door.files, report, REPORTS)
    query = SnapshotQuery(
        period=period,
        known_at=known_at,
        columns=columns_of(columns, None, period),
        all_lines=lines == "all",
    )
    question = Question(query, by) if inhabitants is None else Question(query, by, frozenset({inhabitants.casefold()}))
    table = open_lake(lake).figures_asked(question, processes=processes)
    tell(*(f"city={code}: {error}" for code, error in table.errors.items()))
    if table.errors and strict:
        cities = table.answered + len(table.errors)
        raise Refused(f"{len(table.errors)} of {cities} cities could not be computed, so nothing was written")
    if report is not None and not table.cities:
        raise Refused("there is no city to compare: none has a unit that is the city itself, so nothing was written")
    asked = {"period": str(period), "known_at": None if known_at is None else known_at.isoformat(), "by": by}
    if output is not None:
        _write(door.files, output, table, asked)
        tell(f"wrote {len(table)} rows of {table.answered} cities to {output}")
    if report is not None:
        document = country_report(
            table.cities, table.errors, CountryAsked(period=period, known_at=known_at, language=language)
        )
        door.files.write([written(document, theme_of(theme_file), report.suffix.casefold()[1:])], report)
        tell(f"wrote the comparison of {len(table.cities)} cities to {report}")


def _require_ending(writer: Writer, path: Path | None, forms: Sequence[str]) -> None:
    """Refuse a file that is named by no form, or that could not be written.

    Raises:
        BadInput.
    """
    if path is None:
        return
    if path.suffix.casefold() not in forms:
        raise BadInput(f"{path} ends in none of {', '.join(forms)}; name the file by what it is to be")
    require_place(writer, path)


def _write(writer: Writer, output: Path, table: CountryTable, asked: Mapping[str, object]) -> None:
    """Write a table, and beside it, unless it holds them itself, the cities that could not be computed."""
    from projections.writers.country_table import as_csv, as_json, as_parquet

    form = output.suffix.casefold()
    if form == ".json":
        content = as_json(table, asked)
    else:
        content = as_csv(table.cells, list(table.types)) if form == ".csv" else as_parquet(table)
    writer.write([content], output)
    beside = output.with_name(f"{output.name}.errors.csv")
    if form != ".json" and (table.errors or beside.exists()):
        told = [{"city": code, "error": error} for code, error in table.errors.items()]
        writer.write([as_csv(told, ["city", "error"])], beside)
        tell(f"wrote {len(table.errors)} errors to {beside}")
