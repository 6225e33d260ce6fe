"""`heinola report`: the report of a period as a page, a document, a workbook or text, to be read by people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
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
    of_period,
    of_structure,
    of_unit,
    theme_of,
)
from projections.commands.files import STDOUT, deliver, require_place
from projections.commands.reading import ask, checked
from projections.report.content.query import ReportQuery
from projections.writers.formats.written import file_name, written

if TYPE_CHECKING:
    from datetime import date, datetime

    from events.period import Period
    from projections.report.content.document import Document
    from projections.report.theme.theme import Theme

FORMATS = ("html", "pdf", "docx", "xlsx", "md")


@click.command(cls=Verb)
@of_period
@of_unit
@as_known
@of_structure
@in_comparable_years
@forecast_method
@as_published
@click.option("--format", "form", type=click.Choice(FORMATS), help="By default what -o ends in, else html.")
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="FILE",
    help="Write to FILE; - is stdout. By default a file in this folder, named for the report.",
)
@in_layout
@in_language
@in_columns
@click.option(
    "--years", type=click.IntRange(1, 10), default=1, show_default=True, metavar="N", help="How many prior years."
)
@by_theme
@checked
@click.option(
    "--seal",
    "seal_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --published: the seal of that publication, which the file carries along.",
)
@click.option("--euros", is_flag=True, help="All amounts in euros, also those known in thousands alone.")
@click.option("--open", "opened", is_flag=True, help="Open the file when it is written.")
@pass_door
def report(
    door: Door,
    *,
    period: Period,
    unit: str | None,
    known_at: datetime | None,
    structure: date | None,
    comparable: bool,
    forecast_method: str,
    published: int | None,
    form: str | None,
    output: str | None,
    layout: str | None,
    language: str,
    columns: tuple[str, ...] | None,
    years: int,
    theme_file: Path | None,
    seal_file: Path | None,
    euros: bool,
    opened: bool,
    from_log: bool,
) -> None:
    """Write the report of PERIOD to be read: figures, pictures, goals, texts, projects, and a summary in plain words.

    PERIOD is 1.4.–30.6.2020, 2020Q2, 1-6/2020, 2020H1, 6/2020, 2020 …; a single date is the year up to it. The same
    facts and the same question always give the same file.

    Examples:
      heinola report 2020Q2
      heinola report 2020Q2 --lang sv -o delarsrapport.pdf
      heinola report 2020Q2 --unit 410 --format docx
      heinola report 2020Q2 --published -o q2.html
      heinola report 2020Q2 --published --seal heinola-2020-04-01_2020-06-30-r1.seal -o q2.pdf
    """
    form = form or form_of(output)
    require_place(door.files, output)
    if opened and output == STDOUT:
        raise BadInput("what goes to stdout cannot be opened; leave out --open, or name a file with -o")
    chosen = known_at or structure or comparable or layout is not None or columns or years > 1 or forecast_method
    if published is not None and chosen:
        told = "--known-at, --structure, --comparable, --layout, --columns, --years and --forecast-method"
        raise BadInput(f"a published report is what it is; leave out {told}")
    if seal_file is not None and published is None:
        raise BadInput("only a published report has a seal; add --published, or leave out --seal")
    query = ReportQuery(
        period=period,
        unit=unit,
        known_at=known_at,
        structure=structure,
        comparable=comparable,
        published=published,
        language=language,
        columns=columns_of(columns, theme_file, period),
        years=years,
        euros=euros,
        layout=layout,
        forecast_method=forecast_method,
        seal="" if seal_file is None else _seal(seal_file),
    )
    theme = theme_of(theme_file)
    document = _document(door, query, theme, from_log=from_log)
    target = output or file_name(document.city, query, form)
    if output is None:
        require_place(door.files, target)
    deliver(door.files, written(document, theme, form), target)
    if opened:
        click.launch(target)


def form_of(output: str | None) -> str:
    """Return the format that a file's ending stands for; a page where there is no file.

    Raises:
        BadInput: the ending stands for none.
    """
    if output is None or output == STDOUT:
        return FORMATS[0]
    ending = Path(output).suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise BadInput(
            f"cannot tell the format of {output!r} from its ending; "
            "end it in .html, .pdf, .docx, .xlsx or .md, or give --format"
        )
    return ending


def _seal(path: Path) -> str:
    """Return the text of a seal, if it is one.

    Raises:
        BadInput: it is none, or cannot be read.
    """
    from heinola_es.sealing.notes import BadSeal
    from heinola_es.sealing.seals import content_of, parse_seal

    try:
        text = content_of(path).decode()
        parse_seal(text, None)
    except (BadSeal, UnicodeDecodeError) as error:
        told = error if isinstance(error, BadSeal) else "that is no seal: it is not text"
        raise BadInput(f"{path}: {told}; name the seal that `heinola publish` wrote with --seal") from None
    return text


def _document(door: Door, query: ReportQuery, theme: Theme, *, from_log: bool) -> Document:
    from projections.report.content.build import build_report

    return ask(door.store, lambda reader: build_report(reader, query, theme), from_log=from_log)
