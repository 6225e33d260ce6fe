"""`heinola init`: the store of a city."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.parameters import NewCode
from heinola_es.commands.verb import Verb
from heinola_es.domain.chart import DEFAULT_CHART

if TYPE_CHECKING:
    from heinola_es.domain.chart import OwnChart


@click.command(cls=Verb)
@click.option("--city", metavar="NAME", default="Heinola", show_default=True, help="The city that reports.")
@click.option(
    "--chart",
    metavar="FILE",
    default=DEFAULT_CHART,
    show_default=True,
    help="The chart of lines its reports use: the city's own (TOML), or the id of one that is shipped.",
)
@click.option(
    "--city-unit",
    type=NewCode("code"),
    metavar="CODE",
    help="Make the city a unit of this code above the sectors, for figures of its own: taxes, state grants, financing.",
)
@click.option("--signed", is_flag=True, help="Sign every head of the log with the key at hand; see `heinola keys`.")
@pass_door
def init(door: Door, city: str, chart: str, city_unit: str | None, *, signed: bool) -> None:
    """Create the store of a city.

    Its reports have the lines of a chart: the city's own, which is kept in the log, or one that is shipped.

    Examples:
      heinola --store heinola.db init --city Heinola
      heinola --store lahti.db init --city Lahti --chart chart.toml
      heinola --store kouvola.db init --city Kouvola --city-unit KOU
      heinola --store pori.db init --city Pori --signed
    """
    from heinola_es.store.log import EventLog

    who, lines = door.who(), _chart(chart)

    unit, signing = None if city_unit is None else (city_unit, city), door.signing() if signed else None

    def created() -> str:
        made = EventLog.create(
            door.store, city, lines, unit, now=door.clock, by=who, mode=door.file_mode, signing=signing
        )
        with made as log:
            return log.name

    door.aftermath.settle(
        created,
        lambda: _created_before(door.store, city),
        lambda name: [f"created {name} for {city}, with the chart {lines if isinstance(lines, str) else lines.id}"],
    )


def _chart(said: str) -> str | OwnChart:
    """Return the id of a shipped chart, or the chart in a file.

    Raises:
        BadInput: the file is not there, or no chart.
    """
    from heinola_es.domain.chart import is_shipped

    path = Path(said)
    if is_shipped(said) or not (path.suffix == ".toml" or path.exists()):
        return said
    from heinola_es.domain.chart_file import read_chart

    return read_chart(path)


def _created_before(store: str, city: str) -> str | None:
    """Return the name of the city's store where it was made, though something broke off the word about it."""
    from heinola_es.store.location import NoStoreHere
    from heinola_es.store.reading import LogReader

    try:
        with LogReader.open(store) as reader:
            return reader.name if reader.setting("city") == city else None
    except NoStoreHere:
        return None
