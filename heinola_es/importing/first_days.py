"""Units that an import brought in exist from the earliest fact about them, whichever import tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from events.codec import format_recorded
from events.streams import unit_stream
from heinola_es.handlers.organisation import correct_first_day
from heinola_es.handlers.session import Session
from heinola_es.importing.files import FACTS_FORMAT

if TYPE_CHECKING:
    from datetime import date


@frozen(slots=True)
class BroughtIn:
    """The units that earlier imports brought in: their first days were concluded from the files, and nobody said them.

    Attributes:
        session: the import at work.
    """

    session: Session
    _imported: set[str] = field(factory=set)

    @classmethod
    def before(cls, session: Session) -> BroughtIn:
        """Return those that were brought in before."""
        imports = session.log.positions_and_bodies("FileImported")
        return cls(session, {body["recorded"] for _position, body in imports if body["format"] != FACTS_FORMAT})

    def has(self, code: str) -> bool:
        """Return whether a unit was established by the command that imported a file."""
        established = self.session.log.events_of(unit_stream(code))[:1]
        return any(format_recorded(event.recorded) in self._imported for event in established)

    def begin(self, code: str, day: date, *, source: str, file: str) -> None:
        """Let a unit exist from an earlier day on, of which a file tells.

        Raises:
            RestsOnFirstDay, BeforeUnitExisted, MoveUnderDescendant.
        """
        session, before = self.session, self.session.stamp
        why = f"{file} tells of {day.year}"
        reason = f"{why}; {before.reason}" if before.reason else why
        session.stamp = evolve(before, source=source, reason=reason)
        try:
            correct_first_day(session, code, day)
        finally:
            session.stamp = before
