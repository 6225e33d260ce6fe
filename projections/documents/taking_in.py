"""A report that carries its own data, made ready to be recorded: only what gives the same report again.

The data is read into the importer's document, that is recorded into an empty store that nobody sees, and the report is
taken from there. Where that shows one figure, or says one word, otherwise than the file does, the file is refused.
"""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import orjson
from attrs import frozen

from heinola_es.domain.chart import OwnChart
from heinola_es.errors import BadInput
from heinola_es.handlers.charts import adopt_chart
from heinola_es.handlers.session import run
from heinola_es.importing.recorder import ReportFile, record_report
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from projections.documents.checking import check
from projections.documents.figures import Figures
from projections.documents.lost import Lost, lost
from projections.documents.own_data import document_of, require_own
from projections.documents.places import Places
from projections.documents.proof import proof_in
from projections.documents.words import changed_words
from projections.published.kept_reports import shown
from projections.snapshot.columns import besides_default
from projections.snapshot.encoding import decoded
from projections.snapshot.model import Snapshot
from projections.snapshot.taking import SnapshotQuery, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.store.log import Clock
    from projections.documents.own_data import Stating
    from projections.documents.printed import PrintedReport

MOST_TOLD = 5
_CHARTS = "ChartAdopted"
_WAY = "take the log itself over with `heinola export events` and `heinola import events`"


class Edited(BadInput):
    """What a report prints is not what it carries."""


class NotTheSame(BadInput):
    """A report would come out otherwise from what can be recorded of it."""


@frozen(slots=True)
class OwnData:
    """A report with what it carries.

    Attributes:
        name: of the file.
        sha256: hex digest of its bytes.
        snapshot: the report as data.
        places: where its figures stand in the file.
    """

    name: str
    sha256: str
    snapshot: Snapshot
    places: Places


def own_data(report: PrintedReport, path: Path) -> OwnData:
    """Return the data of a report's file, which is what the file prints.

    Raises:
        Edited, NotOwn; NoProof where the proof is damaged.
    """
    name = path.name
    checked = check(report, name, None)
    proof = proof_in(report, name)
    snapshot = decoded(shown(proof.snapshot, {}))
    told = [*checked.findings, *changed_words(report, snapshot, proof.language)]
    if told:
        more = [f"and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
        raise Edited(
            f"{name} was changed after it was made, so what it carries is not what it prints; record the changes "
            "as corrections, or import the file as it was made:",
            *told[:MOST_TOLD],
            *more,
        )
    require_own(snapshot, name)
    sheets = any(isinstance(cell, float) for table in report.tables for row in table.rows for cell in row)
    places = Places.of(proof, Figures.of(snapshot, proof.language), sheets=sheets)
    return OwnData(name, sha256(path.read_bytes()).hexdigest(), snapshot, places)


def report_file(own: OwnData, log: EventLog, now: Clock) -> ReportFile:
    """Return a report as it can be recorded, tried in an empty store with the charts of another.

    Raises:
        NotTheSame: it is of another city or chart, or came out otherwise.
    """
    _require_same_city(own, log)
    _require_same_lines(own, log)
    file, found = _tried(own, log, now, frozenset())
    if unstated := frozenset(one.stating for one in found if one.stating is not None):
        file, found = _tried(own, log, now, unstated)
    _require_none(own, [one for one in found if not one.is_rounding])
    return file


def _tried(own: OwnData, log: EventLog, now: Clock, finer: frozenset[Stating]) -> tuple[ReportFile, list[Lost]]:
    """Return a report as it would be recorded, and what would come out otherwise."""
    said = document_of(own.snapshot, own.places, finer)
    file = ReportFile(own.name, own.sha256, said, own.places.words, is_own_data=True)
    return file, lost(own.snapshot, _taken_again(file, own.snapshot, log, now))


def _require_none(own: OwnData, found: Sequence[Lost]) -> None:
    if not found:
        return
    told = [one.told for one in islice(found, MOST_TOLD)]
    more = [f"and {len(found) - MOST_TOLD} more"] if len(found) > MOST_TOLD else []
    raise NotTheSame(
        f"{own.name} cannot be recorded so that it comes out as it is; {_WAY}. Otherwise would be:", *told, *more
    )


def _require_same_city(own: OwnData, log: EventLog) -> None:
    with LogReader.open(log.location) as reader:
        city = take_city(reader)
    if city != own.snapshot.city:
        raise NotTheSame(f"{own.name} is a report of {own.snapshot.city}, and this is the store of {city}")


def take_city(reader: LogReader) -> str:
    """Return what the city of a store is called."""
    from projections.read_models.city import city_of  # noqa: PLC0415 - where it is asked alone

    return city_of(reader, reader.size()).name


def _require_same_lines(own: OwnData, log: EventLog) -> None:
    """Refuse a report whose lines are other ones than those of the store, though they have the same codes."""
    chart = log.charts().of(own.snapshot.period.year)
    for unit in own.snapshot.units:
        for row in unit.figures:
            line = chart.lines.get(row.line)
            if line is None or line.labels["fi"] != row.label:
                there = "has no such line" if line is None else f"calls that line {line.labels['fi']!r}"
                raise NotTheSame(
                    f"{own.name} has the line {row.line} {row.label!r}, and the chart of this store {there}; make the "
                    "store with the chart of the report: `heinola init --chart`"
                )


def _taken_again(file: ReportFile, snapshot: Snapshot, log: EventLog, now: Clock) -> Snapshot:
    """Return the report of a store that holds nothing but what is recorded of a file."""
    with TemporaryDirectory(prefix="heinola-") as folder:
        place = str(Path(folder) / "tried.db")
        first, later = _charts_of(log)
        request = Request("report", clock_is_right=True, large=True)
        with EventLog.create(place, snapshot.city, first, now=now, by="report") as tried:
            for own, year in later:
                run(tried, now, request, partial(adopt_chart, own=own, from_year=year))
            run(tried, now, request, partial(record_report, file=file))
        with LogReader.open(place) as reader:
            return take_snapshot(reader, _asked(snapshot))


def _charts_of(log: EventLog) -> tuple[str | OwnChart, list[tuple[OwnChart, int]]]:
    """Return the chart that a store was made with, and those it took into use later, each with its first year."""
    bodies = [orjson.loads(state) for _at, topic, state in log.told_of_charts() if topic == _CHARTS]
    made_with = next((OwnChart(one["chart"], one["content"]) for one in bodies if not one.get("from_year")), None)
    later = [(OwnChart(one["chart"], one["content"]), one["from_year"]) for one in bodies if one.get("from_year")]
    return made_with or log.setting("chart"), later


def _asked(snapshot: Snapshot) -> SnapshotQuery:
    """Return the question that a snapshot answers."""
    years = {prior.year for unit in snapshot.units for row in unit.figures for prior in row.prior_years}
    columns = besides_default(snapshot.columns)
    return SnapshotQuery(period=snapshot.period, columns=columns, years=1 + len(years), all_lines=True)
