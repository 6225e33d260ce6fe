"""A report is published as it stands, and again only when it has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.publications import ReportPublished
from heinola_es.aggregates.publication import PublishedBefore
from heinola_es.handlers.publications import LogMovedOn, Report, publish_report
from heinola_es.periods import parse_period
from heinola_es.store.merkle import EMPTY_ROOT
from tests.specification import CITY_FACTS, fact

if TYPE_CHECKING:
    from events.base import Event
    from tests.specification import Given

DIGEST = "5f" * 32


def report(position: int, *, scope: str = "*", period: str = "2020Q2", unchanged: bool = False) -> Report:
    """Return a report to be published."""
    return Report(
        period=parse_period(period), scope=scope, snapshot_sha256=DIGEST, position=position, unchanged=unchanged
    )


def published(revision: int, position: int, *, scope: str = "*", root: bytes = EMPTY_ROOT) -> Event:
    """Return a publication."""
    return fact(
        ReportPublished,
        "2020Q2",
        scope=scope,
        revision=revision,
        snapshot_sha256=DIGEST,
        position=position,
        root_sha256=root.hex(),
    )


def test_a_log_without_facts_can_be_published(given: Given) -> None:
    """The first publication is revision 1 and holds the root of the log that it rests on, here the store alone."""
    situation = given()
    made = situation.log.head()
    situation.when(publish_report, report(made.size)).then(published(1, made.size, root=made.root))


def test_a_change_makes_a_revision(given: Given) -> None:
    """A later publication of the same period bears the next number, and the root of the longer log."""
    situation = given(*CITY_FACTS, published(1, 1 + len(CITY_FACTS)))
    end = situation.log.head()
    situation.when(publish_report, report(end.size)).then(published(2, end.size, root=end.root))


def test_the_same_again_is_refused(given: Given) -> None:
    """Where nothing has changed, nothing is published; the sentence says when it was, and how to seal it again."""
    situation = given(published(1, 1), published(2, 2))
    situation.when(publish_report, report(situation.log.head().size, unchanged=True)).refused(
        PublishedBefore,
        "the report 1.4.–30.6.2020 was published before, on 1.1.2020 as revision 2, and nothing in it has changed "
        "since; nothing was recorded (to write its seal again, add --seal-again)",
    )


def test_every_scope_counts_its_own_revisions(given: Given) -> None:
    """The report of a unit and that of the whole city are published apart."""
    situation = given(published(1, 1))
    end = situation.log.head()
    expected = published(1, end.size, scope="410", root=end.root)
    situation.when(publish_report, report(end.size, scope="410")).then(expected)


def test_a_log_that_moved_on_is_not_published(given: Given) -> None:
    """Something recorded after the snapshot was taken might belong in it: the snapshot is to be taken again."""
    situation = given(*CITY_FACTS)
    situation.when(publish_report, report(situation.log.head().size - 1)).refused(LogMovedOn, "publish again")
