"""`heinola import form`: what people filled in, exactly what they changed, a command for each form, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands import options
from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput
from projections.commands.forms_taken_in import How, take_in_forms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from projections.forms.filled import FilledForm
    from projections.forms.taking_in import Side

ENDINGS = (".xlsx", ".ods", ".docx", ".toml", ".json")


@click.command("form", cls=Verb)
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FILE|DIR...")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, with every problem; record nothing.")
@click.option("--mine", is_flag=True, help="Where somebody recorded something else meanwhile, the form holds.")
@click.option("--theirs", is_flag=True, help="Where somebody recorded something else meanwhile, that holds.")
@options.clock_is_right
@options.large
@options.restating
@pass_door
def import_form(
    door: Door,
    *,
    files: tuple[Path, ...],
    dry_run: bool,
    mine: bool,
    theirs: bool,
    clock_is_right: bool,
    large: bool,
    restates: bool,
) -> None:
    """Import forms that `heinola form` made and people filled in: exactly what was changed since.

    A folder stands for the forms in it. Each form is one command, under the name of whoever filled it in, else under
    --actor; of all forms everything is recorded, or nothing, and every problem is told with its form, sheet and cell.
    What was left as it was records nothing; an emptied field takes back what was in it. The same form records once.

    Examples:
      heinola import form lomakkeet --dry-run
      heinola import form 2020Q3-4160.xlsx --mine
    """
    if mine and theirs:
        raise BadInput("either the form holds or what is recorded: give --mine or --theirs, not both")
    side: Side = "mine" if mine else "theirs" if theirs else ""
    forms, unread = _read(files)
    how = How(side=side, dry_run=dry_run, clock_is_right=clock_is_right, large=large, restates=restates)
    take_in_forms(door, forms, unread, how)


def _read(files: Sequence[Path]) -> tuple[list[FilledForm], list[str]]:
    """Return the forms in some files and folders, and what is wrong with those that cannot be read.

    Raises:
        BadInput: a folder has no form in it.
    """
    forms: list[FilledForm] = []
    unread: list[str] = []
    for path in _each_file(files):
        try:
            forms.append(_reader_of(path)(path))
        except BadInput as error:
            unread.append(str(error))
    return forms, unread


def _each_file(files: Sequence[Path]) -> Iterator[Path]:
    for path in files:
        if not path.is_dir():
            yield path
            continue
        inside = [one for one in sorted(path.iterdir()) if one.suffix.lower() in ENDINGS and one.name[:1] not in "~."]
        if not inside:
            raise BadInput(f"{path} has no forms in it ({', '.join(ENDINGS)}); name the folder that they are in")
        yield from inside


def _reader_of(path: Path) -> Callable[[Path], FilledForm]:
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(f"{path.name}: forms are read from {', '.join(ENDINGS)}; save it as one of them")
    if not path.is_file():
        raise BadInput(f"{path} is not there, or is no file; check its name")
    if ending in {".xlsx", ".ods"}:
        from projections.forms.reading.workbook import read_workbook

        return read_workbook
    if ending == ".docx":
        from projections.forms.reading.document import read_document

        return read_document
    from projections.forms.reading.plain import read_plain

    return read_plain
