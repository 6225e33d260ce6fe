"""The published reports: each taken again from the log, and its publication held against the log it rests on."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from projections.publications import Published, published_from, snapshot_digest
from projections.snapshot.taking import take_snapshot
from projections.verifying.problems import Problem, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from projections.verifying.workbench import Workbench

_SELECT = "SELECT position, state FROM store.stored_events WHERE topic = 'ReportPublished' ORDER BY position"


def readable_publications(connection: sqlite3.Connection) -> list[Published]:
    """Return the publications that can be read; what is the matter with the others, the pass over the log says."""
    return [one for one in map(_read, connection.execute(_SELECT)) if one is not None]


def _read(row: tuple[int, bytes]) -> Published | None:
    try:
        published = published_from(*row)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    numbers = (published.revision, published.position)
    texts = (published.scope, published.snapshot_sha256, published.root_sha256)
    fits = all(isinstance(value, int) for value in numbers) and all(isinstance(text, str) for text in texts)
    return published if fits else None


def publication_problems(published: Iterable[Published], roots: Mapping[int, bytes]) -> Iterator[Problem]:
    """Yield the publications whose place, number or root is not what the log says."""
    revisions: dict[tuple[object, str], int] = {}
    for one in published:
        key = (one.period, one.scope)
        revisions[key] = revisions.get(key, 0) + 1
        name = f"the publication of the report {one.label} (event {number(one.at)})"
        if one.position != one.at - 1:
            message = f"{name} stands at another place than the one it was recorded at"
            yield Problem("report", one.at, one.at, message, "an event was inserted, lost or moved before it")
        elif one.revision != revisions[key]:
            yield Problem("report", one.at, one.at, f"{name} is out of turn", "an earlier one was lost or moved")
        elif one.position in roots and roots[one.position].hex() != one.root_sha256:
            message = f"events 1–{number(one.position)} are not those that the report {one.label} was published on"
            yield Problem("report", 1, one.position, message, "some were exchanged or replaced since")


def regeneration_problems(
    bench: Workbench, published: Iterable[Published], told: Callable[[], None]
) -> Iterator[Problem]:
    """Yield the published reports that do not come out of the log as they were published."""
    for one in published:
        told()
        if not 0 <= one.position <= bench.upto:
            message = f"the report {one.label} cannot be taken again: an event that it rests on is lost or unreadable"
            yield Problem("report", one.at, one.at, message, "it can no longer be shown as it was published")
            continue
        try:
            digest = snapshot_digest(take_snapshot(bench, one.query()))
        except sqlite3.DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - a log that was tampered with may say anything
            flaw = f"{type(error).__name__}: {error}"
            message = f"the report {one.label} cannot be taken again ({flaw})"
            yield Problem("report", one.at, one.at, message, "it can no longer be shown as it was published")
            continue
        if digest != one.snapshot_sha256:
            message = f"the report {one.label} comes out differently than it was published (event {number(one.at)})"
            yield Problem("report", one.at, one.at, message, "what is shown as published is not what was published")
