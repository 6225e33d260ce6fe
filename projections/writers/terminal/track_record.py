"""The track record of forecasts, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from projections.writers.terminal.listing import listing_page

if TYPE_CHECKING:
    from projections.audit.forecasts import TrackRecord
    from projections.writers.terminal.spoken import Spoken


def track_page(spoken: Spoken, found: TrackRecord, width: int) -> Text:
    """Return the forecasts of a year with their errors, then how far off they were over the years."""
    pages = [listing_page(spoken, found.forecasts, width)]
    for heading, part in (
        (spoken.words.say("Over the years, by unit"), found.by_unit),
        (spoken.words.say("Over the years, by report"), found.by_report),
    ):
        if part.rows:
            pages += [Text(f"\n{heading}", style="bold"), listing_page(spoken, part, width)]
    return Text("\n").join(pages)
