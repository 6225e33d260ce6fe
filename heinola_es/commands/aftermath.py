"""What is recorded is told as recorded, whatever breaks afterwards: a full disk, a closed pipe, an interrupt.

A commit and the word about it are two things, and anything may come between them. Where it does, the store itself is
asked whether the events are there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from heinola_es.commands.printing import say_done
from heinola_es.commands.trouble import sentences_for
from heinola_es.errors import BadInput, HeinolaError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from events.base import Event
    from heinola_es.store.head import TreeHead
    from heinola_es.store.log import Receipt
    from heinola_es.store.reading import LogReader
    from heinola_es.store.transfer import LogHeader

Done = TypeVar("Done")

NOTHING = "nothing was recorded"
UNKNOWN = "it is not known whether anything was recorded; look with `heinola audit log`"


class Unknown(Refused):
    """It could not be found out whether the log has what was to be recorded."""


class Aftermath:
    """What is known of the recording that a command has begun, for whatever ends it."""

    def __init__(self) -> None:
        """Know of nothing yet.

        Attributes:
            begun: something is being recorded, and how that ended is not known yet.
            recorded: what was recorded, in words; empty where nothing was.
        """
        self.begun = False
        self.recorded = ""

    def words(self) -> str:
        """Return what is to be said of the log where a command breaks off."""
        return UNKNOWN if self.begun else self.recorded or NOTHING

    def settle(
        self, do: Callable[[], Done], found: Callable[[], Done | None], lines: Callable[[Done], Iterable[str]]
    ) -> Done:
        """Do what records, tell it, and return it.

        Args:
            do: records, all or nothing.
            found: asks the store for what `do` was to record; None where it is not there.
            lines: what is told of it.

        Raises:
            Unknown: it broke off, and the store cannot be asked.
            BaseException: whatever `do` raised, where nothing was recorded.
        """
        self.begun = True
        try:
            done = do()
            self._tell(lines(done))
        except BaseException as error:
            there = self._asked(found, error)
            if there is None:
                raise
            done = there
            self._tell(lines(done))
        return done

    def _tell(self, lines: Iterable[str]) -> None:
        told = list(lines)
        self.recorded, self.begun = "; ".join(told), False
        say_done(*told)

    def _asked(self, found: Callable[[], Done | None], error: BaseException) -> Done | None:
        plain = isinstance(error, HeinolaError) and error.__cause__ is None  # a rule refused it, no database failed
        if plain or isinstance(error, BadInput):
            self.begun = False
            return None
        try:
            there = found()
        except Exception as trouble:  # noqa: BLE001 - whatever it is, nobody knows then
            # The commit itself may be what broke: what the error says of it is not known.
            said = "; ".join(sentences_for(error)) or "this broke off"
            raise Unknown(f"{said.removesuffix(f'; {NOTHING}')}; {UNKNOWN} ({trouble})") from error
        self.begun = False
        return there


def recorded_events(store: str, events: list[Event]) -> Receipt | None:
    """Return the receipt of events that a command was to record, where the log has them; None where it does not."""
    from heinola_es.store.log import Receipt
    from heinola_es.store.reading import LogReader

    if not events:
        return None
    with LogReader.open(store) as reader:
        first, last = (position_of(reader, event) for event in (events[0], events[-1]))
    return Receipt(tuple(events), first, last) if first and last else None


def recorded_log(store: str, head: TreeHead | LogHeader) -> int | None:
    """Return the size of a whole log that a command was to record, where it is there; None where it is not."""
    from heinola_es.store.leaves import leaf_hashes, roots_at
    from heinola_es.store.location import NoStoreHere
    from heinola_es.store.reading import LogReader

    try:
        with LogReader.open(store) as reader:
            root = roots_at(leaf_hashes(reader, head.size), (head.size,)).get(head.size)
    except NoStoreHere:
        return None
    return head.size if root == head.root else None


def position_of(reader: LogReader, event: Event) -> int:
    """Return the position of an event in the log; 0 where another, or none, stands in its place."""
    import orjson

    from events.codec import encode_body

    row = reader.row_of(event.originator_id.hex, event.originator_version)
    if row is None or row[3] != event.TOPIC:
        return 0
    return row[0] if row[4] == orjson.dumps(encode_body(event)) else 0
