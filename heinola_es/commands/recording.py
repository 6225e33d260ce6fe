"""From a command line to the log: one transaction, then what was recorded is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, Protocol

from attrs import evolve, frozen

from heinola_es.commands.context import Door
from heinola_es.commands.printing import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from events.base import Event
    from heinola_es.commands.words import Words
    from heinola_es.handlers.restating import PublishedReport
    from heinola_es.handlers.session import Session
    from heinola_es.store.log import Receipt, Request

Arguments = ParamSpec("Arguments")


def record(door: Door, request: Request, work: Callable[[Session], None], tell: Callable[[Receipt], list[str]]) -> None:
    """Do a command's work in one transaction and tell what it recorded, also where the telling breaks off.

    Raises:
        Refused, BadInput: as the work decides; nothing was recorded.
    """
    from heinola_es.commands.aftermath import recorded_events
    from heinola_es.handlers.session import run

    asked: list[Event] = []

    def in_session(session: Session) -> None:
        work(session)
        asked.extend(session.pending)

    def in_log() -> Receipt:
        asked.clear()
        with door.log() as log:
            return run(log, door.clock, request, in_session)

    door.aftermath.settle(in_log, lambda: recorded_events(door.store, asked), tell)


def tried(door: Door, request: Request, work: Callable[[Session], None]) -> Receipt:
    """Do a command's work and undo it; return what would be recorded.

    Raises:
        Refused, BadInput: as the work decides.
    """
    from heinola_es.handlers.session import run

    with door.log() as log:
        return run(log, door.clock, request, work, dry_run=True)


class Telling(Protocol):
    """What tells, line by line, what a command recorded or would record."""

    def __call__(self, receipt: Receipt, *, dry_run: bool) -> list[str]:
        """Return the lines."""


class Asked(NamedTuple):
    """What a command line asks for.

    Attributes:
        said: the decision by its name, with its arguments; the same command line says the same on every machine and
            in every version, so that a retry is known.
        decide: decides it in a session.
    """

    said: tuple[object, ...]
    decide: Callable[[Session], None]


def asked(
    decision: Callable[Concatenate[Session, Arguments], None], *args: Arguments.args, **values: Arguments.kwargs
) -> Asked:
    """Return what is asked for by a decision and all its arguments but the session."""
    said = (decision.__name__, args, sorted(values.items()))
    return Asked(said, lambda session: decision(session, *args, **values))


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
        restates: changes of what is closed or published are meant.
    """

    door: Door
    source: str
    reason: str
    once: str | None
    dry_run: bool
    clock_is_right: bool
    large: bool = False
    restates: bool = False

    def run(
        self,
        decision: Callable[Concatenate[Session, Arguments], None],
        *args: Arguments.args,
        **values: Arguments.kwargs,
    ) -> None:
        """Do `decision(session, *args, **values)` in one transaction and tell what was recorded.

        Raises:
            Refused, BadInput: as it decides; nothing was recorded.
        """
        self._do(asked(decision, *args, **values))

    def run_telling(self, what: Asked, tell: Telling) -> None:
        """Do what is asked for in one transaction and tell it in words of its own.

        Raises:
            Refused, BadInput: as it decides; nothing was recorded.
        """
        self._do(what, tell)

    def run_with(self, words: Words, worded: Callable[[str], Asked]) -> None:
        """Do what is asked for with a text; where none was given it is written in an editor, from its last version on.

        What a rule refuses is refused before the editor opens: nobody writes a page in vain.

        Raises:
            Refused, BadInput: as it decides; nothing was recorded.
        """
        text = words.given()
        if text is None:
            words.require_editor()
            tentative = worded("…")
            receipt = tried(self.door, evolve(self._request(tentative), key=None), tentative.decide)
            text = words.written(_last_version(self.door.store, receipt.events[-1]))
        self._do(worded(text))

    def _do(self, what: Asked, tell: Telling | None = None) -> None:
        from heinola_es.commands.told import told as as_events
        from heinola_es.handlers.restating import Restates

        told = tell or as_events
        request = self._request(what)
        try:
            also = self._restated(request, what) if self.restates else []
            if self.dry_run:
                say(*told(tried(self.door, request, what.decide), dry_run=True), *also)
            else:
                record(self.door, request, what.decide, lambda receipt: [*told(receipt, dry_run=False), *also])
        except Restates as error:
            meant = evolve(request, restates=True, key=None)  # what a rule refuses whatever is meant comes first
            cells = self._cells(tried(self.door, meant, what.decide), error.reports)
            raise Restates(error.reports, error.closings, cells) from error

    def _restated(self, request: Request, what: Asked) -> list[str]:
        """Return what the command changes of published reports, in words; nothing of a retry."""
        from heinola_es.handlers.restating import restated

        sessions: list[Session] = []

        def noted(session: Session) -> None:
            what.decide(session)
            sessions.append(session)

        receipt = tried(self.door, request, noted)
        reports = sessions[0].restated if sessions else []
        return [f"changes {said}" for said in restated(reports, (), self._cells(receipt, reports))]

    def _cells(self, receipt: Receipt, reports: Sequence[PublishedReport]) -> list[int]:
        return self.door.cells_changed(self.door.store, receipt.events, reports) if reports else []

    def _request(self, what: Asked) -> Request:
        from hashlib import sha256

        from heinola_es.store.log import Request

        return Request(
            self.door.who(),
            self.source,
            self.reason,
            self.once,
            sha256(repr((*what.said, self.source, self.reason)).encode()).hexdigest(),
            clock_is_right=self.clock_is_right,
            large=self.large,
            restates=self.restates,
        )


_NOT_NAMING = frozenset({"v", "recorded", "recorded_by", "login", "source", "reason", "text", "status", "percent"})
"""The fields that do not tell of what a text is: another version of it may have others."""


def _last_version(store: str, event: Event) -> str:
    """Return the text that was recorded last of what an event is about; empty where there is none."""
    from events.codec import encode_body
    from heinola_es.store.bodies import body_of
    from heinola_es.store.reading import LogReader

    wanted = _naming(encode_body(event))
    with LogReader.open(store) as reader:
        undone, rows = reader.undone_positions(), reader.rows_of(event.originator_id, reader.size())
        bodies = (body_of(row) for row in rows if row[3] == event.TOPIC and row[0] not in undone)
        texts = [str(body.get("text") or "") for body in bodies if _naming(body) == wanted]
    return texts[-1] if texts else ""


def _naming(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in _NOT_NAMING}
