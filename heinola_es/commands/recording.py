"""From a command line to the log: one transaction, then what was recorded is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from attrs import frozen

from heinola_es.commands.context import Door

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.commands.words import Words
    from heinola_es.session import Session
    from heinola_es.store.log import Receipt

    Work = Callable[..., None]


@frozen(slots=True)
class Recording:
    """How a command is to be recorded.

    Attributes:
        door: the store, who asks, and the clock.
        source, reason: as every event carries them.
        key: makes a retry recognisable; None for none.
        dry_run: whether everything is undone at the end.
        large: an amount far beyond what the store has seen is meant.
    """

    door: Door
    source: str
    reason: str
    key: str | None
    dry_run: bool
    large: bool = False

    def run(self, work: Work, *args: Any, **values: Any) -> None:  # noqa: ANN401 - the handler's own arguments
        """Do `work(session, *args, **values)` in one transaction and tell what was recorded.

        Raises:
            Refused, BadInput: as the work decides; nothing was recorded.
        """
        from heinola_es.commands.told import told

        receipt = self._record(work, args, values, key=self.key, dry_run=self.dry_run)
        click.echo(told(receipt, dry_run=self.dry_run))

    def run_with(self, words: Words, work: Work, *args: Any, **values: Any) -> None:  # noqa: ANN401
        """Do as `run`, with the text as `values["text"]`; where none was given it is written in an editor.

        What a rule refuses is refused before the editor opens: nobody writes a page in vain.
        """
        text = words.given()
        if text is None:
            words.require_editor()
            self._record(work, args, {**values, "text": "…"}, key=None, dry_run=True)
            text = words.written()
        self.run(work, *args, text=text, **values)

    def _record(
        self,
        work: Work,
        args: tuple[Any, ...],
        values: dict[str, Any],
        *,
        key: str | None,
        dry_run: bool,
    ) -> Receipt:
        from heinola_es.session import run
        from heinola_es.store.log import EventLog, Request

        def in_session(session: Session) -> None:
            work(session, *args, **values)

        digest = self._digest(work, args, values)
        request = Request(self.door.who(), self.source, self.reason, key, digest, large=self.large)
        with EventLog.open(self.door.store) as log:
            return run(log, self.door.clock, request, in_session, dry_run=dry_run)

    def _digest(self, work: Work, args: tuple[Any, ...], values: dict[str, Any]) -> str:
        """Stand for what is asked: the same command line has the same digest on every machine."""
        from hashlib import sha256

        asked = (work.__name__, args, sorted(values.items()), self.source, self.reason)
        return sha256(repr(asked).encode()).hexdigest()
