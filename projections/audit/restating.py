"""How many figures of reports that were published before come out otherwise, if something is recorded of units."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, get_args

from events.organisation import OrganisationEvent
from heinola_es.domain.aggregates.publication import WHOLE_CITY
from heinola_es.store.reading import LogReader
from projections.read_models.moment import answered
from projections.read_models.organisation import besides
from projections.snapshot.comparing import differing_figures
from projections.snapshot.taking import SnapshotQuery, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.base import Event
    from heinola_es.handlers.restating import PublishedReport


def cells_changed(location: str, events: Sequence[Event], reports: Sequence[PublishedReport]) -> list[int]:
    """Return how many cells of each report differ as soon as some events are recorded, from what it shows today.

    Args:
        location: of the store.
        events: what is about to be recorded; only events about units bear on it.
        reports: those that are asked about.
    """
    of_units = [cast("OrganisationEvent", event) for event in events if isinstance(event, get_args(OrganisationEvent))]
    with LogReader.open(location) as reader:
        return answered(reader, lambda: [_changed(reader, of_units, report) for report in reports])


def _changed(reader: LogReader, events: Sequence[OrganisationEvent], report: PublishedReport) -> int:
    query = SnapshotQuery(period=report.period, unit=None if report.scope == WHOLE_CITY else report.scope)
    now = take_snapshot(reader, query)
    with besides(reader, events):
        return len(differing_figures(now, take_snapshot(reader, query)))
