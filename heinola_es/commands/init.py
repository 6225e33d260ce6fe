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

    with EventLog.create(door.store, city, chart, now=door.clock, by=door.who()) as log:
        click.echo(f"created {log.name} for {city}, with the chart {chart}")
