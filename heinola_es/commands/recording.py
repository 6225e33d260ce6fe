"""From a command line to the log: one transaction, then what was recorded is told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from heinola_es.commands.context import Door
from heinola_es.commands.printing import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.base import Event
    from heinola_es.commands.words import Words
    from heinola_es.session import Session
    from heinola_es.store.log import Receipt, Request

    Work = Callable[..., None]


def record(door: Door, request: Request, work: Callable[[Session], None], tell: Callable[[Receipt], list[str]]) -> None:
    """Do a command's work in one transaction and tell what it recorded, also where the telling breaks off.

    Raises:
        Refused, BadInput: as the work decides; nothing was recorded.
    """
    from heinola_es.commands.aftermath import recorded_events
    from heinola_es.session import run
    from heinola_es.store.log import EventLog

    asked: list[Event] = []

    def in_session(session: Session) -> None:
        work(session)
        asked.extend(session.pending)

    def in_log() -> Receipt:
        asked.clear()
        with EventLog.open(door.store) as log:
            return run(log, door.clock, request, in_session)

    door.aftermath.settle(in_log, lambda: recorded_events(door.store, asked), tell)


def tried(door: Door, request: Request, work: Callable[[Session], None]) -> Receipt:
    """Do a command's work and undo it; return what would be recorded.

    Raises:
        Refused, BadInput: as the work decides.
    """
    from heinola_es.session import run
    from heinola_es.store.log import EventLog

    with EventLog.open(door.store) as log:
        return run(log, door.clock, request, work, dry_run=True)


@frozen(slots=True, kw_only=True)
class Recording:
    """How a command is to be recorded.

    Attributes:
        door: the store, who asks, and the clock.
        source, reason: as every event carries them.
        once: a key that makes a retry recognisable; None for none.
        dry_run: whether everything is undone at the end.
        clock_is_right: a clock far from the end of the log is meant.
        large: amounts far beyond what the store has ever seen are meant.
    """

    door: Door
    source: str
    reason: str
    once: str | None
    dry_run: bool
    clock_is_right: bool
    large: bool = False

    def run(self, work: Work, *args: Any, **values: Any) -> None:  # noqa: ANN401 - the handler's own arguments
        """Do `work(session, *args, **values)` in one transaction and tell what was recorded.

        Raises:
            Refused, BadInput: as the work decides; nothing was recorded.
        """
        from heinola_es.commands.told import told

        request, in_session = self._request(work, args, values), partial(_worked, work, args, values)
        if self.dry_run:
            say(*told(tried(self.door, request, in_session), dry_run=True))
        else:
            record(self.door, request, in_session, partial(told, dry_run=False))

    def run_with(self, words: Words, work: Work, *args: Any, **values: Any) -> None:  # noqa: ANN401
        """Do as `run`, with the text as `values["text"]`; where none was given it is written in an editor.

        What a rule refuses is refused before the editor opens: nobody writes a page in vain.
        """
        text = words.given()
        if text is None:
            words.require_editor()
            tentative = {**values, "text": "…"}
            request = evolve(self._request(work, args, tentative), key=None)
            tried(self.door, request, partial(_worked, work, args, tentative))
            text = words.written()
        self.run(work, *args, text=text, **values)

    def _request(self, work: Work, args: tuple[Any, ...], values: dict[str, Any]) -> Request:
        from heinola_es.store.log import Request

        return Request(
            self.door.who(),
            self.source,
            self.reason,
            self.once,
            self._digest(work, args, values),
            clock_is_right=self.clock_is_right,
            large=self.large,
        )

    def _digest(self, work: Work, args: tuple[Any, ...], values: dict[str, Any]) -> str:
        """Stand for what is asked: the same command line has the same digest on every machine."""
        from hashlib import sha256

        asked = (work.__name__, args, sorted(values.items()), self.source, self.reason)
        return sha256(repr(asked).encode()).hexdigest()


def _worked(work: Work, args: tuple[Any, ...], values: dict[str, Any], session: Session) -> None:
    work(session, *args, **values)
