"""`heinola init`: the store of a city."""

from __future__ import annotations

import click

from heinola_es.chart import DEFAULT_CHART
from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.verb import Verb


@click.command(cls=Verb)
@click.option("--city", metavar="NAME", default="Heinola", show_default=True, help="The city that reports.")
@click.option(
    "--chart", metavar="ID", default=DEFAULT_CHART, show_default=True, help="The chart of lines its reports use."
)
@pass_door
def init(door: Door, city: str, chart: str) -> None:
    """Create the store of a city.

    Example:
      heinola --store heinola.db init --city Heinola
    """
    from heinola_es.store.log import EventLog

    who = door.who()

    def created() -> str:
        with EventLog.create(door.store, city, chart, now=door.clock, by=who, mode=door.file_mode) as log:
            return log.name

    door.aftermath.settle(
        created,
        lambda: _created_before(door.store, city),
        lambda name: [f"created {name} for {city}, with the chart {chart}"],
    )


def _created_before(store: str, city: str) -> str | None:
    """Return the name of the city's store where it was made, though something broke off the word about it."""
    from heinola_es.store.location import NoStoreHere
    from heinola_es.store.reading import LogReader

    try:
        with LogReader.open(store) as reader:
            return reader.name if reader.setting("city") == city else None
    except NoStoreHere:
        return None
