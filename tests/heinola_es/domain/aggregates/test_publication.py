"""A report is published as it stands, and again only when it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from events.publications import ReportPublished
from heinola_es.domain.aggregates.publication import PublishedBefore
from heinola_es.handlers.publications import LogMovedOn, publish_report
from heinola_es.store.kept import KeptReport
from heinola_es.store.log import StoreNotSound
from heinola_es.store.merkle import EMPTY_ROOT
from heinola_es.store.reading import LogReader
from tests.publishing import KEPT, NAME, report
from tests.specification import CITY_FACTS, fact

if TYPE_CHECKING:
    from events.base import Event
    from heinola_es.handlers.session import Session
    from tests.specification import Given


def published_first(revision: int, position: int) -> Event:
    """Return a publication of version 1, of which nothing is kept."""
    return evolve(published(revision, position), snapshot_format="", rule=0, program="")


def published(revision: int, position: int, *, scope: str = "*", root: bytes = EMPTY_ROOT) -> ReportPublished:
    """Return a publication."""
    made = fact(
        ReportPublished,
        "2020Q2",
        scope=scope,
        revision=revision,
        snapshot_sha256=KEPT.digest,
        position=position,
        root_sha256=root.hex(),
        snapshot_format="heinola/snapshot/2",
        rule=2,
        program="0.1.0",
    )
    assert isinstance(made, ReportPublished)
    return made


def test_a_log_without_facts_can_be_published(given: Given) -> None:
    """The first publication is revision 1 and holds the root of the log that it rests on, here the store alone."""
    situation = given()
    made = situation.log.head()
    situation.when(publish_report, report(made.size)).then(published(1, made.size, root=made.root))


def test_a_change_makes_a_revision(given: Given) -> None:
    """A later publication of the same period bears the next number, and the root of the longer log."""
    situation = given(*CITY_FACTS, published_first(1, 1 + len(CITY_FACTS)))
    end = situation.log.head()
    situation.when(publish_report, report(end.size)).then(published(2, end.size, root=end.root))


def test_the_same_again_is_refused(given: Given) -> None:
    """Where nothing has changed, nothing is published; the sentence says when it was, and how to seal it again."""
    situation = given(published_first(1, 1), published_first(2, 2))
    situation.when(publish_report, report(situation.log.head().size, unchanged=True)).refused(
        PublishedBefore,
        "the report 1.4.–30.6.2020 was published before, on 1.1.2020 as revision 2, and nothing in it has changed "
        "since; nothing was recorded (to write its seal again, add --seal-again)",
    )


def test_every_scope_counts_its_own_revisions(given: Given) -> None:
    """The report of a unit and that of the whole city are published apart."""
    situation = given(published_first(1, 1))
    end = situation.log.head()
    expected = published(1, end.size, scope="410", root=end.root)
    situation.when(publish_report, report(end.size, scope="410")).then(expected)


def test_a_report_is_kept_with_its_publication(given: Given) -> None:
    """The bytes stand under their digest, and the names that they refer to under theirs."""
    situation = given()
    root = situation.log.head().root
    situation.when(publish_report, report(1)).then(published(1, 1, root=root))
    with LogReader.open(situation.log.location) as reader:
        assert reader.kept_report(KEPT.digest) == KEPT
        assert reader.kept_names([NAME.digest, "0" * 64]) == {NAME.digest: NAME}


def test_a_publication_without_its_report_is_refused(given: Given) -> None:
    """What is published is kept, or it is not published."""

    def publish_alone(session: Session) -> None:
        publish_report(session, report(1))
        session.kept.clear()

    given().when(publish_alone).refused(
        StoreNotSound,
        f"(a report was published and its bytes were not kept: {KEPT.digest}), so nothing was recorded",
    )


@pytest.mark.parametrize("kept", [evolve(KEPT, packed=KeptReport.of(b"{}").packed), evolve(KEPT, packed=b"x")])
def test_a_report_that_is_not_the_published_one_is_not_kept(given: Given, kept: KeptReport) -> None:
    """Bytes of another digest are refused, and nothing is recorded."""

    def publish_otherwise(session: Session) -> None:
        publish_report(session, report(1))
        session.kept[0] = kept

    flaw = "what is kept of a published report is not what was published"
    given().when(publish_otherwise).refused(StoreNotSound, flaw)


def test_a_log_that_moved_on_is_not_published(given: Given) -> None:
    """Something recorded after the snapshot was taken might belong in it: the snapshot is to be taken again."""
    situation = given(*CITY_FACTS)
    situation.when(publish_report, report(situation.log.head().size - 1)).refused(LogMovedOn, "publish again")
