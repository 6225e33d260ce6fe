"""`heinola form`: what units are to fill in for a period, as workbooks, documents, TOML or JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.parameters import UnitCode
from heinola_es.commands.printing import on_terminal, tell
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput
from projections.commands.asking import in_language, of_period
from projections.commands.files import STDOUT, deliver, require_place
from projections.commands.reading import ask

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.store.reading import LogReader
    from projections.forms.model import Form

FORMATS = ("xlsx", "docx", "toml", "json")


@click.command(cls=Verb)
@of_period
@click.option(
    "--unit",
    "units",
    type=UnitCode(),
    multiple=True,
    metavar="CODE",
    help="Of this unit and what stands under it; may be given several times.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="By default what -o ends in, else xlsx.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="DIR|FILE",
    help="A folder, for a form of each unit; or a file, for one with a part for each.",
)
@click.option("--edit", is_flag=True, help="Fill it in in $EDITOR; on saving, show what it records, and record it.")
@in_language
@pass_door
def form(
    door: Door,
    *,
    period: Period,
    units: tuple[str, ...],
    form: str | None,
    output: str | None,
    edit: bool,
    language: str,
) -> None:
    """Make the forms in which units report PERIOD, to be filled in and taken in by `heinola import form`.

    A form has a unit's figures, its goals with what was told last, its priorities, texts, statistics and projects, and
    its estimate for the year. Into a folder goes a form for each unit that reports, into a file one for all of them,
    such as those of a service area.

    Examples:
      heinola form 2020Q3 -o lomakkeet
      heinola form 2020Q3 --unit 410 -o koulutus.xlsx
      heinola form 2020Q3 --unit 4160 --lang sv -o 4160.docx
      heinola form 2020Q3 --unit 4160 --edit
    """
    if edit:
        if output is not None or form is not None:
            raise BadInput("a form is either edited or written: leave out -o and --format, or --edit")
        _edit(door, period, units, language)
        return
    if output is None:
        raise BadInput("say where the forms go, with -o FOLDER or -o FILE.xlsx")
    ending = Path(output).suffix.lower().lstrip(".")
    if ending in FORMATS or output == STDOUT:
        require_place(door.files, output)
        made = ask(door.store, lambda reader: _one(reader, period, units, language))
        deliver(door.files, written(made, form or ending or FORMATS[0], door), output)
        return
    if ending and form is None:
        raise BadInput(f"a form is written as {', '.join(FORMATS)}, and not as .{ending}; or name a folder")
    _into_folder(door, period, units, language, form or FORMATS[0], Path(output))


def _one(reader: LogReader, period: Period, units: tuple[str, ...], language: str) -> Form:
    from projections.forms.making import one_form
    from projections.read_models.moment import one_moment

    with one_moment(reader):
        return one_form(reader, period, units, language)


def _each(reader: LogReader, period: Period, units: tuple[str, ...], language: str) -> tuple[Form, ...]:
    from projections.forms.making import forms_of
    from projections.read_models.moment import one_moment

    with one_moment(reader):
        return forms_of(reader, period, units, language)


def _into_folder(door: Door, period: Period, units: tuple[str, ...], language: str, form: str, folder: Path) -> None:
    made = ask(door.store, lambda reader: _each(reader, period, units, language))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{folder} cannot be made ({error.strerror}); choose another folder with -o") from None
    for each in made:
        (code,) = each.identity.units
        door.files.write([written(each, form, door)], folder / f"{file_name(period, code)}.{form}")
    tell(f"wrote {len(made)} {'form' if len(made) == 1 else 'forms'} to {folder}")


def file_name(period: Period, code: str) -> str:
    """Return what the form of a unit is called, without its ending: `2020Q3-4160`."""
    safe = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in code)
    return f"{_short(period)}-{safe}"


def _short(period: Period) -> str:
    """Return a period for the name of a file: `2020Q3`, else both its days."""
    first, last = period.start, period.end
    if first.day == 1 and period == type(period).of_months(first.year, first.month, last.month):
        months = last.month - first.month + 1
        for letter, length in (("Q", 3), ("T", 4), ("H", 6)):
            if months == length and (first.month - 1) % length == 0:
                return f"{first.year}{letter}{(first.month - 1) // length + 1}"
        if months == 12:  # noqa: PLR2004 - of a year
            return str(first.year)
    return f"{first.isoformat()}_{last.isoformat()}"


def written(made: Form, form: str, door: Door) -> bytes:
    """Return a form as it is written down, in one of `FORMATS`."""
    at = door.clock().replace(tzinfo=None, microsecond=0)
    if form == "xlsx":
        from projections.writers.forms.workbook import workbook

        return workbook(made, at)
    if form == "docx":
        from projections.writers.forms.document import document

        return document(made, at)
    from projections.writers.forms.plain import form_json, form_toml

    return form_toml(made) if form == "toml" else form_json(made)


# ---------------------------------------------------------------- in an editor


def _edit(door: Door, period: Period, units: tuple[str, ...], language: str) -> None:
    """Let a form be filled in in $EDITOR, show what it would record, and record it; ask again where that is refused.

    Raises:
        BadInput: there is no terminal to write at, or nothing was written.
    """
    from heinola_es.errors import HeinolaError
    from projections.commands.forms_taken_in import How, take_in_forms
    from projections.forms.reading.plain import read_text
    from projections.writers.forms.plain import form_toml

    if not on_terminal(sys.stdin):
        raise BadInput("a form is edited at a terminal; write it with -o FILE.toml, and take it in with import form")
    text = form_toml(ask(door.store, lambda reader: _one(reader, period, units, language))).decode()
    while True:
        written_text = edited(text)
        if written_text is None:
            raise BadInput("the form was left as it is; nothing was recorded")
        text = written_text
        try:
            read = read_text(text, "form.toml", toml=True)
            take_in_forms(door, [read], (), How(dry_run=True))
        except HeinolaError as error:
            tell(*(f"heinola: {line}" if not at else line for at, line in enumerate(error.lines)))
            _require_agreed("edit it again?")
            continue
        _require_agreed("record it?")
        take_in_forms(door, [read], (), How())
        return


def _require_agreed(question: str) -> None:
    """Ask somebody at the terminal, who may answer with Enter alone.

    Raises:
        BadInput: they do not agree.
    """
    tell(f"{question} [Y/n]")
    answer = sys.stdin.readline()
    if not answer or answer.strip().casefold() not in {"", "y", "yes", "k", "kyllä", "j", "ja"}:
        raise BadInput("nothing was recorded, as was asked")


def edited(text: str) -> str | None:
    """Return a text as it was changed in $EDITOR; None where it was left as it is.

    Raises:
        BadInput: there is no such editor, or what was written is not UTF-8.
    """
    try:
        written_text = click.edit(text, extension=".toml", require_save=True)
    except UnicodeDecodeError as error:
        raise BadInput("what was written is not UTF-8 text; save it as UTF-8") from error
    except ValueError as error:  # a quotation mark of $EDITOR that is not closed
        raise BadInput(f"there is no such editor ({error}); check EDITOR") from error
    return None if written_text == text else written_text
