"""A data package of one or several reports: snapshots are taken, or published ones taken again, and written down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import field, frozen

from events.codec import parse_recorded
from events.period import Period
from heinola_es.domain.periods import format_instant
from heinola_es.errors import BadInput, Refused
from heinola_es.store.leaves import leaf_hashes, roots_at
from projections.published.publications import document_digest, last_published, published_snapshot
from projections.read_models.city import city_of
from projections.read_models.moment import answered
from projections.snapshot.canonical import canonical_json
from projections.snapshot.first_format import as_first_format
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from projections.writers.datapackage.csv_file import csv_bytes
from projections.writers.datapackage.descriptor import PATH, About, descriptor_of
from projections.writers.datapackage.licences import DEFAULT, Licence, licence_named
from projections.writers.datapackage.rows import Report, rows_by_table
from projections.writers.datapackage.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.store.reading import LogReader


class NothingToGive(Refused):
    """There is nothing in the reports asked for."""


def _in_order(periods: Sequence[Period]) -> tuple[Period, ...]:
    return tuple(sorted(set(periods), key=lambda period: (period.end, period.start)))


@frozen(slots=True, kw_only=True)
class PackageQuery:
    """What a package is asked for.

    Attributes:
        periods: of its reports; they are put in the order of time, and one named twice is there once.
        unit: only this unit and what stands under it, or None for the whole city.
        known_at: only what was recorded up to this instant, or None for everything.
        published: whether the reports are taken as they were published.
        revision: which revision of each published report, or None for the last.
        licence: what the package is given away under.
    """

    periods: tuple[Period, ...] = field(converter=_in_order)
    unit: str | None = None
    known_at: datetime | None = None
    published: bool = False
    revision: int | None = None
    licence: Licence = field(factory=lambda: licence_named(DEFAULT))


def build_package(reader: LogReader, query: PackageQuery) -> dict[str, bytes]:
    """Return the files of a package by path, `datapackage.json` first. The same log and query give the same bytes.

    Raises:
        BadInput: a period crosses years, there is no such unit, or a moment was named for published reports.
        NotPublished: a report was never published, or not in that revision.
        PublishedDiffers: a published report does not come out of the log as it was published.
        NothingToGive: no report asked for has any units.
    """
    return answered(reader, lambda: _built(reader, query))


def _built(reader: LogReader, query: PackageQuery) -> dict[str, bytes]:
    reports = [_report(reader, query, period) for period in query.periods]
    if not any(report.snapshot["units"] for report in reports):
        labels = ", ".join(period.label for period in query.periods)
        raise NothingToGive(f"no unit of the city is known in {labels}; name a later period or a later moment")
    rows = rows_by_table(reports, reader.chart())
    files = {table.path: csv_bytes(table, rows[table.name]) for table in TABLES}
    return {PATH: canonical_json(descriptor_of(_about(reader, query, reports), files)), **files}


def _report(reader: LogReader, query: PackageQuery, period: Period) -> Report:
    if not query.published:
        asked = SnapshotQuery(period=period, unit=query.unit, known_at=query.known_at)
        snapshot = take_snapshot(reader, asked)
        return Report(as_first_format(snapshot), document_digest(snapshot), None)
    if query.known_at is not None:
        raise BadInput("a published report is what it is; leave out --known-at")
    published = last_published(reader, period, query.unit, query.revision)
    return Report(as_first_format(published_snapshot(reader, published)), published.snapshot_sha256, published.revision)


def _about(reader: LogReader, query: PackageQuery, reports: Sequence[Report]) -> About:
    position = max(report.snapshot["position"] for report in reports)
    city = city_of(reader, position)
    return About(
        city=city.name,
        city_code=city.code,
        unit=query.unit,
        labels=tuple(period.label for period in query.periods),
        licence=query.licence,
        position=position,
        root=_root_at(reader, position).hex(),
        recorded=format_instant(parse_recorded(reader.recorded_at(position))),
    )


def _root_at(reader: LogReader, position: int) -> bytes:
    head = reader.head()
    return head.root if head.size == position else roots_at(leaf_hashes(reader, position), [position])[position]
