"""The imports of one file content: a report is imported once, a ledger as often as something else is taken from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from attrs import define, field, frozen

from events.imports import FileImported, ImportsEvent
from heinola_es.domain.aggregates.base import Aggregate, Stamp
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from events.period import Period


class ImportedBefore(Refused):
    """The same content is in the log already."""


@frozen(slots=True, kw_only=True)
class Covers:
    """What an imported file is complete for; see `FileImported`."""

    units: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    lines: tuple[str, ...] = ()


COVERS_NOTHING = Covers()


@define(slots=True, kw_only=True, eq=False, repr=False)
class Import(Aggregate[ImportsEvent]):
    """The imports of a file with this digest, folded from its stream."""

    KIND = "an import"
    FAMILY = frozenset({FileImported})

    sha256: str
    imported: list[FileImported] = field(factory=list)

    def evolve(self, event: ImportsEvent) -> None:
        """Take an import into the state."""
        match event:
            case FileImported():
                self.imported.append(event)
            case _:
                assert_never(event)

    def require_new(self) -> None:
        """Refuse content that was imported before.

        Raises:
            ImportedBefore: says when, and under which name.
        """
        if self.imported:
            raise ImportedBefore(f"this content was already imported {_when(self.imported[0])}; nothing was recorded")

    def told(self) -> list[str]:
        """Return what was imported from the same content before, a sentence for each import."""
        return [
            f"the same content was imported before, {_when(event)} ({_events_of(event) or 'nothing new'})"
            for event in self.imported
        ]

    def complete(
        self,
        stamp: Stamp,
        period: Period,
        *,
        file_name: str,
        file_format: str,
        counts: tuple[str, ...],
        findings: tuple[tuple[str, ...], ...],
        covers: Covers = COVERS_NOTHING,
    ) -> None:
        """Record that the file was read, and whose books it has; a report asks before whether it is new."""
        self.record(
            FileImported(
                **self.head(stamp, period),
                sha256=self.sha256,
                file_name=file_name,
                format=file_format,
                counts=counts,
                findings=findings,
                covered_units=covers.units,
                covered_months=covers.months,
                covered_years=covers.years,
                covered_lines=covers.lines,
            )
        )


def _events_of(event: FileImported) -> str:
    """Return what an import recorded: `14 BudgetAdopted, 98 ActualPosted`; its other counts are of rows."""
    counts = (count.partition("=") for count in event.counts)
    return ", ".join(f"{number} {name}" for name, _is, number in counts if name[:1].isupper())


def _when(event: FileImported) -> str:
    day = event.recorded
    return f"on {day.day}.{day.month}.{day.year} as {event.file_name}"
