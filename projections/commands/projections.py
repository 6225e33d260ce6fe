"""`heinola projections`: the read models, how far they have come, and building them anew from the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.printing import hand_over, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.read_models.catching_up import ModelStatus

_COLUMNS = ("model", "version", "position", "behind", "rows")


@click.group("projections")
def projections() -> None:
    """Look after the read models.

    They are tables made from the log, brought up to date by every read. They can be thrown away: the log is the truth.
    """


@projections.command()
@click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True, help="What to print."
)
@pass_door
def status(door: Door, *, form: str) -> None:
    """Show how far each read model has come."""
    from heinola_es.store.reading import LogReader
    from projections.read_models.catching_up import status as status_of
    from projections.read_models.models import ALL
    from projections.read_models.moment import log_moment

    with LogReader.open(door.store) as reader, log_moment(reader):
        models = status_of(reader, ALL)
    if form == "json":
        hand_over(_as_json(models))
    else:
        say(*_as_table(models))


@projections.command()
@pass_door
def rebuild(door: Door) -> None:
    """Build the read models anew from the whole log, beside the old ones, and swap them in."""
    from heinola_es.commands.progress import Progress
    from heinola_es.store.reading import LogReader, require_writable
    from projections.read_models.catching_up import rebuild as build_anew
    from projections.read_models.catching_up import status as status_of
    from projections.read_models.models import ALL

    with LogReader.open(door.store) as reader, Progress() as progress:
        require_writable(reader)
        build_anew(reader, ALL, lambda done, total: progress.told("rebuilding", done, total))
        models = status_of(reader, ALL)
    names = ", ".join(f"{model.name} ({model.rows})" for model in models)
    say(f"rebuilt from {models[0].position} events: {names}")


def _as_json(models: Sequence[ModelStatus]) -> bytes:
    from attrs import asdict

    from projections.snapshot.canonical import canonical_json

    return canonical_json({"models": [asdict(model) for model in models]})


def _as_table(models: Sequence[ModelStatus]) -> list[str]:
    rows: list[tuple[Any, ...]] = [_COLUMNS]
    rows += [(model.name, model.version, model.position, model.behind, model.rows) for model in models]
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(_COLUMNS))]
    return [_line(row, widths) for row in rows]


def _line(row: Sequence[Any], widths: Sequence[int]) -> str:
    name, *numbers = (str(value) for value in row)
    cells = [name.ljust(widths[0]), *(text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True))]
    return "  ".join(cells)
