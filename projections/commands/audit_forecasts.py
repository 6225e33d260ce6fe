"""`heinola audit forecasts`: what was forecast in a year, against how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.printing import hand_over, say_page
from heinola_es.commands.verb import Verb
from heinola_es.domain.periods import YEARS
from projections.commands.asking import as_known, in_format, in_language, of_unit
from projections.commands.listing import as_csv
from projections.commands.reading import ask
from projections.commands.terminal import PAGE_WIDTH, colour_wanted, width

if TYPE_CHECKING:
    from datetime import datetime

    from heinola_es.domain.chart import Chart
    from projections.audit.forecasts import TrackRecord


@click.command(cls=Verb)
@click.argument("year", type=click.IntRange(YEARS[0], YEARS[-1]))
@of_unit
@as_known
@in_format
@in_language
@pass_door
def forecasts(door: Door, *, year: int, unit: str | None, known_at: datetime | None, form: str, language: str) -> None:
    """Hold what was forecast in YEAR against how the year ended.

    Each forecast that was given is shown with its error, forecast − actual, in euros and per cent, and with what would
    have been computed on the same day; where none was given, what would have been computed for each unit's net. Then
    how far off forecasts were on average over five years, with their signs (bias) and without, by unit and by report.

    Example:
      heinola audit forecasts 2020 --unit 410
    """
    from projections.audit.forecasts import TrackQuery, track_record

    query = TrackQuery(year=year, unit=unit, known_at=known_at)
    found, chart = ask(door.store, lambda reader: (track_record(reader, query), reader.chart()))
    if form == "json":
        from projections.snapshot.canonical import canonical_json

        parts = {"forecasts": found.forecasts, "by_unit": found.by_unit, "by_report": found.by_report}
        told = {name: [dict(row) for row in part.rows] for name, part in parts.items()}
        hand_over(canonical_json({"year": year, **told}))
    elif form == "csv":
        hand_over(as_csv(found.forecasts))
    else:
        say_page(_as_page(found, chart, language))


def _as_page(found: TrackRecord, chart: Chart, language: str) -> str:
    from projections.report.language.words import words_in
    from projections.writers.terminal.grid import styled
    from projections.writers.terminal.spoken import Spoken
    from projections.writers.terminal.track_record import track_page

    wide = width(PAGE_WIDTH)
    return styled(track_page(Spoken(words_in(language), chart), found, wide), wide, colour=colour_wanted())
