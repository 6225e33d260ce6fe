"""Publishing: a report is recorded as it stands, sealed, and comes out the same for ever."""

from __future__ import annotations

from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING

import pytest

from events.language import BY_TOPIC
from heinola_es.domain.aggregates.publication import PublishedBefore
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.handlers.figures import correct_actual, post_actual
from heinola_es.handlers.publications import LogMovedOn
from heinola_es.store.leaves import leaf_hashes
from heinola_es.store.log import EventLog, Request
from heinola_es.store.proofs import tree_root
from heinola_es.store.reading import LogReader
from heinola_es.version import program_version
from projections.published.publications import (
    NotPublished,
    last_published,
    published_document,
    published_snapshot,
    sealed_bytes,
)
from projections.publishing import Publisher, Publishing, publish, seal_of
from projections.read_models.catching_up import rebuild
from projections.read_models.models import ALL
from projections.snapshot.encoding import SCHEMA, encoded
from projections.snapshot.model import RULE
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from tests.projections.asking import LATER, import_text, record
from tests.projections.audit.later import MUCH_LATER, RECORDED_OTHERWISE, live_on
from tests.projections.conftest import SAMPLE
from tests.specification import SALT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from projections.snapshot.model import Snapshot

SECOND = parse_period("2020Q2")
SMALL = SAMPLE.parents[1] / "tests" / "documents" / "pieni-2021-q3.txt"


@pytest.fixture
def reader(sample_log: EventLog) -> Iterator[LogReader]:
    """Give a reader of the store with the sample report."""
    with LogReader(sample_log.path) as opened:
        yield opened


def publish_second(log: EventLog, reader: LogReader, unit: str | None = None, now: datetime = LATER) -> Publishing:
    """Publish the report of the second quarter."""
    return publish(Publisher(log, reader, now, Request("controller"), SALT), SECOND, unit, incomplete=True)


def correct(log: EventLog) -> None:
    """Put something right that the report shows."""
    record(log, correct_actual, "4100", "operating_income", parse_period("2020H1"), 100_000, reason="kirjausvirhe")


def test_a_publication_holds_what_it_rests_on(sample_log: EventLog, reader: LogReader) -> None:
    """Period, scope, revision, digest of what is kept, its format, position and the root at it: all are recorded."""
    snapshot = take_snapshot(reader, SnapshotQuery(period=SECOND))
    head = sample_log.head()
    published = publish_second(sample_log, reader).published
    assert (published.period, published.scope, published.revision) == (SECOND, "*", 1)
    assert (published.format, published.rule, published.program) == (SCHEMA, RULE, program_version())
    assert published.snapshot_sha256 == sha256(sealed_bytes(reader, published)).hexdigest()
    assert published_document(reader, published) == encoded(snapshot)
    assert published_snapshot(reader, published) == snapshot
    assert (published.position, published.root_sha256) == (head.size, head.root.hex())
    assert (published.at, published.recorded_by) == (head.size + 1, "controller")


def test_a_seal_covers_its_publication(sample_log: EventLog, reader: LogReader) -> None:
    """The sealed log ends with the publication itself, and its root is the one over all leaves up to there."""
    published = publish_second(sample_log, reader).published
    correct(sample_log)
    seal = seal_of(reader, published)
    assert (seal.size, seal.position) == (published.at, published.at - 1)
    assert seal.root == tree_root(list(leaf_hashes(reader, published.at)))
    assert (seal.origin, seal.snapshot_sha256) == ("heinola-es/heinola", published.snapshot_sha256)


def test_the_same_report_is_not_published_twice(sample_log: EventLog, reader: LogReader) -> None:
    """Nothing changed in the report: refused, though the log has grown by the publication itself."""
    publish_second(sample_log, reader)
    with pytest.raises(PublishedBefore, match="revision 1, and nothing in it has changed since"):
        publish_second(sample_log, reader)
    assert sample_log.head().size == reader.size()


def test_what_the_report_does_not_show_makes_no_revision(sample_log: EventLog, reader: LogReader) -> None:
    """Events about another year leave the report as it is: publishing it again is refused."""
    publish_second(sample_log, reader)
    record(sample_log, post_actual, "4100", "personnel", parse_period("1/2021"), -100)
    with pytest.raises(PublishedBefore):
        publish_second(sample_log, reader)


def test_a_revision_says_what_changed(sample_log: EventLog, reader: LogReader) -> None:
    """After a correction the report is published as revision 2, with every changed cell and the event that did it."""
    first = publish_second(sample_log, reader).published
    correct(sample_log)
    done = publish_second(sample_log, reader)
    assert (done.published.revision, done.before) == (2, first)
    assert not done.before_differs
    assert done.changes is not None
    changed = {change.key: (change.old["cents"], change.new["cents"]) for change in done.changes.changes}
    old, new = changed["figure", "4100", "income", "actual"]
    assert new - old == 100_000
    assert ("figure", "HYV", "operating_income", "actual") in changed
    events = {entry.position for change in done.changes.changes for entry in change.entries}
    assert events == {first.at + 1}


def test_a_unit_is_published_apart(sample_log: EventLog, reader: LogReader) -> None:
    """The report of one unit is a publication of its own, and shows that unit and what is below it."""
    publish_second(sample_log, reader)
    published = publish_second(sample_log, reader, "410").published
    assert (published.scope, published.revision, published.label) == ("410", 1, "1.4.–30.6.2020 of 410")
    assert published_snapshot(reader, published).units[0].code == "410"


def test_an_unknown_unit_is_not_published(sample_log: EventLog, reader: LogReader) -> None:
    """A slip in the code is told, and nothing is recorded."""
    before = reader.size()
    with pytest.raises(BadInput, match="unknown unit '41'"):
        publish_second(sample_log, reader, "41")
    assert reader.size() == before


def test_what_was_not_published_is_not_there(sample_log: EventLog, reader: LogReader) -> None:
    """A report or a revision that was never published is told, with the way on."""
    with pytest.raises(NotPublished, match="publish it with `heinola publish 2020-04-01/2020-06-30 --unit 410`"):
        last_published(reader, SECOND, "410")
    publish_second(sample_log, reader)
    with pytest.raises(NotPublished, match="has no revision 2; the last one published is 1"):
        last_published(reader, SECOND, None, 2)


def test_recording_in_between_is_noticed(
    sample_log: EventLog, reader: LogReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where somebody records between snapshot and publication, the snapshot is taken again and is the newer one."""
    waiting = [lambda: correct(sample_log)]

    def take_and_be_overtaken(reader: LogReader, query: SnapshotQuery) -> Snapshot:
        snapshot = take_snapshot(reader, query)
        if waiting:
            waiting.pop()()
        return snapshot

    monkeypatch.setattr("projections.publishing.take_snapshot", take_and_be_overtaken)
    before = reader.size()
    published = publish_second(sample_log, reader).published
    assert published.position == before + 1
    assert published_snapshot(reader, published).position == before + 1


def test_publishing_gives_up_where_others_never_rest(
    sample_log: EventLog, reader: LogReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Overtaken every time, publishing is refused after a few tries, and nothing was published."""

    def always_overtaken(reader: LogReader, query: SnapshotQuery) -> Snapshot:
        snapshot = take_snapshot(reader, query)
        correct(sample_log)
        return snapshot

    monkeypatch.setattr("projections.publishing.take_snapshot", always_overtaken)
    with pytest.raises(LogMovedOn):
        publish_second(sample_log, reader)
    with pytest.raises(NotPublished):
        last_published(reader, SECOND, None)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_published_report_is_the_same_after_a_thousand_events(sample_log: EventLog, path: Path, seed: int) -> None:
    """Whatever is recorded later, of every kind, published reports come out byte for byte as they were published."""
    with LogReader(path) as reader:
        reports = [publish_second(sample_log, reader, unit).published for unit in (None, "410")]
        as_published = [published_document(reader, one) for one in reports]
        sealed = [sealed_bytes(reader, one) for one in reports]
        seals = [seal_of(reader, one) for one in reports]
        later = live_on(sample_log, Random(seed), 1000, every_kind=True)
        import_text(sample_log, SMALL.read_text(encoding="utf-8"), SMALL.name, now=MUCH_LATER)
        reports.append(publish_second(sample_log, reader, now=MUCH_LATER).published)
        assert {event.TOPIC for event in later.events} | RECORDED_OTHERWISE == set(BY_TOPIC)
        assert take_snapshot(reader, SnapshotQuery(period=SECOND)) != published_snapshot(reader, reports[0])
        for one, document, content, seal in zip(reports, as_published, sealed, seals, strict=False):
            assert published_document(reader, one) == document
            assert sealed_bytes(reader, one) == content
            assert sha256(content).hexdigest() == one.snapshot_sha256
            assert seal_of(reader, one) == seal
            assert encoded(take_snapshot(reader, one.query())) == document
        rebuild(reader, ALL)
        assert published_document(reader, reports[0]) == as_published[0]


@pytest.fixture
def path(sample_log: EventLog) -> Path:
    """Give the file of the store with the sample report."""
    return sample_log.path
