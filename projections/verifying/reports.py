"""The published reports: each taken again from the log, and its publication held against the log it rests on."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import Factory, define, frozen

from heinola_es.domain.amounts import format_cents
from heinola_es.version import program_version
from projections.published.kept_reports import ERASED
from projections.published.publications import Published, published_from, snapshot_digest
from projections.snapshot.comparing import differing_figures, told_otherwise
from projections.snapshot.encoding import UnreadableSnapshot, decoded
from projections.snapshot.model import RULE
from projections.snapshot.taking import take_snapshot
from projections.verifying.kept import Kept
from projections.verifying.problems import LOST, Problem, listed, named, number
from projections.verifying.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from projections.snapshot.comparing import FigureDiffers
    from projections.snapshot.model import Cell, Snapshot

_KEPT = "what was published is kept, and shown as it was"
_MOST_CELLS = 20
_SELECT = "SELECT position, state FROM store.stored_events WHERE topic = 'ReportPublished' ORDER BY position"


def readable_publications(connection: sqlite3.Connection) -> list[Published]:
    """Return the publications that can be read; what is the matter with the others, the pass over the log says."""
    return [one for one in map(_read, connection.execute(_SELECT)) if one is not None]


def _read(row: tuple[int, bytes]) -> Published | None:
    try:
        published = published_from(*row)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    numbers = (published.revision, published.position, published.rule)
    texts = (published.scope, published.snapshot_sha256, published.root_sha256, published.format, published.program)
    fits = all(isinstance(value, int) for value in numbers) and all(isinstance(text, str) for text in texts)
    return published if fits else None


def publication_problems(published: Iterable[Published], roots: Mapping[int, bytes]) -> Iterator[Problem]:
    """Yield the publications whose place, number or root is not what the log says."""
    revisions: dict[tuple[object, str], int] = {}
    for one in published:
        key = (one.period, one.scope)
        revisions[key] = revisions.get(key, 0) + 1
        name = f"the publication of {named(one)}"
        if one.position != one.at - 1:
            message = f"{name} stands at another place than the one it was recorded at"
            yield Problem("report", one.at, one.at, message, "an event was inserted, lost or moved before it")
        elif one.revision != revisions[key]:
            yield Problem("report", one.at, one.at, f"{name} is out of turn", "an earlier one was lost or moved")
        elif one.position in roots and roots[one.position].hex() != one.root_sha256:
            message = f"events 1–{number(one.position)} are not those that the report {one.label} was published on"
            yield Problem("report", 1, one.position, message, "some were exchanged or replaced since")


@frozen(slots=True)
class Note:
    """Something to know that is no sign of tampering.

    Attributes:
        message: what it is.
        lines: the places that it is about, each in words.
    """

    message: str
    lines: tuple[str, ...] = ()


@define(slots=True)
class Regeneration:
    """The published reports, each taken again from the log by this program and held against what was published.

    Attributes:
        bench: where the read models were made anew from the log.
        kept: what is kept of the reports.
        at_fault: says whether the log that a report was published on is not what it was.
        problems: what was tampered with.
        notes: what this program works out or words otherwise, though all is as it was recorded.
    """

    bench: Workbench
    kept: Kept
    at_fault: Callable[[Published], bool]
    problems: list[Problem] = Factory(list)
    notes: list[Note] = Factory(list)

    def take(self, one: Published) -> None:
        """Take a report again, and hold it against what was published."""
        if erased := self.kept.erased(one):
            self.notes.append(Note(f"{named(one)}: names that were erased from it: {number(erased)}"))
        if not 0 <= one.position <= self.bench.upto:
            self._cannot_be_taken(one, "an event that it rests on is lost or unreadable")
            return
        try:
            taken = take_snapshot(self.bench, one.query())
        except sqlite3.DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - a log that was tampered with may say anything
            self._cannot_be_taken(one, f"{type(error).__name__}: {error}")
            return
        if one.is_kept:
            self._hold_against_kept(one, taken)
        elif snapshot_digest(taken) != one.snapshot_sha256:
            self._differs_from_digest(one)

    def _cannot_be_taken(self, one: Published, why: str) -> None:
        message = f"{named(one)} cannot be taken again ({why})"
        if one.is_kept and not self.at_fault(one):
            self.notes.append(Note(f"{message}; {_KEPT}"))
        else:
            self.problems.append(Problem("report", one.at, one.at, message, _KEPT if one.is_kept else LOST))

    def _differs_from_digest(self, one: Published) -> None:
        """Tell of a report of version 1, of which there is a digest alone."""
        message = f"{named(one)} comes out differently than it was published"
        if self.at_fault(one):
            self.problems.append(Problem("report", one.at, one.at, message, LOST))
        else:
            self.notes.append(
                Note(
                    f"{message}, and the hashes of the log hold: this program works something out or words it "
                    "otherwise. What, cannot be proved, as the bytes of version 1 were not kept"
                )
            )

    def _hold_against_kept(self, one: Published, taken: Snapshot) -> None:
        """Tell where this program comes to something else than was published."""
        document = self.kept.document(one)
        if document is None:
            return
        try:
            published = decoded(document)
        except UnreadableSnapshot as error:
            self.notes.append(Note(f"{named(one)} cannot be compared with what the log gives ({error}); {_KEPT}"))
            return
        cells, others = differing_figures(published, taken), told_otherwise(published, taken, ERASED)
        if not cells and not others:
            return
        lines = (*_cells_in_words(one, cells), *_others_in_words(others))
        if self.at_fault(one):
            message = f"the log gives {named(one)} otherwise than it was published: {'; '.join(lines)}"
            self.problems.append(Problem("report", one.at, one.at, message, _KEPT))
        else:
            self.notes.append(Note(f"{named(one)} {_by_whom(one)}; {_KEPT}:", lines))


def _by_whom(one: Published) -> str:
    """Say that this program comes to something else than the one that published, as far as they can be told apart."""
    now, then = program_version(), one.program
    if (now, RULE) == (then, one.rule):
        return (
            f"was published by this version ({now or 'not installed'}, value rule {RULE}), which comes to something "
            "else now; only its seal tells whether the log is the one that it was published on"
        )
    return (
        f"was published by version {then or '?'} (value rule {one.rule}), and this one, {now or '?'} (value rule "
        f"{RULE}), comes to something else"
    )


def _cells_in_words(one: Published, cells: Sequence[FigureDiffers]) -> Iterator[str]:
    for cell in cells[:_MOST_CELLS]:
        yield (f"{cell.unit} {cell.line} {cell.column}: published {_euros(cell.first)}, computed {_euros(cell.second)}")
    if len(cells) > _MOST_CELLS:
        of_unit = "" if one.unit is None else f" --unit {one.unit}"
        command = f"heinola audit diff {one.period}{of_unit} --from published:{one.revision} --to {one.position}"
        yield f"and {number(len(cells) - _MOST_CELLS)} figures more; see `{command}`"


def _others_in_words(others: Sequence[str]) -> Iterator[str]:
    if others:
        yield f"words, and other facts than figures: {listed(others)}"


def _euros(cell: Cell | None) -> str:
    return "unknown" if cell is None else f"{format_cents(cell.cents)} €"
