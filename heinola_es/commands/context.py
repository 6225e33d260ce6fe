"""What the door hands to every command: which store, who asks, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import field, frozen

from heinola_es.commands.aftermath import Aftermath
from heinola_es.errors import BadInput
from heinola_es.files.output_files import PRIVATE, Writer
from heinola_es.inert import is_utf8
from heinola_es.languages import LANGUAGES
from heinola_es.store.location import is_on_server, store_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.base import Event
    from heinola_es.handlers.restating import PublishedReport
    from heinola_es.sealing.at_hand import KeyAtHand
    from heinola_es.store.log import EventLog

    CellsChanged = Callable[[str, Sequence[Event], Sequence[PublishedReport]], list[int]]


def _not_counted(_store: str, _events: Sequence[Event], _reports: Sequence[PublishedReport]) -> list[int]:
    return []


@frozen(slots=True, eq=False, repr=False)
class Door:
    """The environment of a command, read once, by the door.

    Attributes:
        store: the location of the store, as given.
        actor: who asks: a login or a role; empty where nobody could be made out.
        clock: returns the present instant in UTC.
        random_bytes: returns so many bytes that nobody can guess.
        keys: the files that a key for seals is in, or by default would be.
        file_mode: of what is written for nobody else to read: stores and exports.
        language: of what is shown: `fi`, `sv` or `en`.
        cells_changed: counts the cells of published reports that some events would change.
        aftermath: what is known of what the command records.
    """

    store: str
    actor: str
    clock: Callable[[], datetime]
    random_bytes: Callable[[int], bytes]
    keys: tuple[Path, ...] = ()
    file_mode: int = PRIVATE
    language: str = LANGUAGES[0]
    cells_changed: CellsChanged = _not_counted
    aftermath: Aftermath = field(factory=Aftermath)

    @property
    def files(self) -> Writer:
        """What writes files for this command, and never over the store or a key."""
        return self.files_besides()

    def files_besides(self, *keys: Path) -> Writer:
        """Return what writes files, and never over these keys either."""
        store = None if is_on_server(self.store) else store_path(self.store)
        return Writer(store, (*self.keys, *keys), self.file_mode)

    def log(self, key: Path | None = None) -> EventLog:
        """Return the store, open for recording, with the key at hand: where its log requires it, heads are signed.

        `key` names the file of another key than the one that the environment names, or the user's.

        Raises:
            NoStoreHere: none was initialised there.
        """
        from heinola_es.store.log import EventLog

        return EventLog.open(self.store, self.signing(key))

    def signing(self, key: Path | None = None) -> KeyAtHand | None:
        """Return the key at hand, loaded where it is asked for; None where no place of one is known."""
        from heinola_es.sealing.at_hand import KeyAtHand

        at_hand = key or next(iter(self.keys), None)
        return None if at_hand is None else KeyAtHand(at_hand)

    def who(self) -> str:
        """Return who asks, for what is recorded.

        Raises:
            BadInput: nobody knows.
        """
        if not self.actor.strip():
            raise BadInput("nobody knows who you are; say it with --actor NAME or HEINOLA_ACTOR")
        if not is_utf8(self.actor):
            raise BadInput("who you are is not UTF-8 text; say it with --actor NAME or HEINOLA_ACTOR")
        return self.actor


pass_door = click.make_pass_decorator(Door)
