"""A log on its way between stores and machines: JSON Lines, one event to a line, each with its hash.

The first line tells whose log it is, how many events it has and the root over them. One line per event follows, in the
order of the log: position, stream, version, topic, the body as the exact text that is stored, and the leaf hash. The
last lines are what is kept of published reports (see `transfer_kept`), or the command keys of a store of the first
format. The same log always gives the same bytes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID

import orjson
from attrs import frozen

from events.charts import ChartAdopted
from events.codec import decode_event, format_recorded, upcast
from events.keys import KeysRequired
from events.store import CommandKeyed, StoreInitialised, StoreUpgraded
from events.streams import stream_named
from heinola_es.domain.chart import ChartDamaged, chart_in, is_shipped, lines_told, load_chart
from heinola_es.errors import Refused, flaw_in_words
from heinola_es.files.output_files import PRIVATE
from heinola_es.store.bodies import UnreadableEvent, require_as_read
from heinola_es.store.command_keys import CommandKey, KeysNotSound, keys_taken_in
from heinola_es.store.kept import owed_by
from heinola_es.store.merkle import append_leaves, leaf_hash, root_of
from heinola_es.store.settings import require_known_format
from heinola_es.store.transfer_kept import Keeping, kept_in, kept_lines
from heinola_es.store.transfer_lines import NotThatLog, line_of, object_in

if TYPE_CHECKING:
    from events.base import Event
    from heinola_es.store.head import TreeHead
    from heinola_es.store.kept import Kept
    from heinola_es.store.log import Clock
    from heinola_es.store.reading import LogReader, Row

FORMAT = "heinola/events/2"
FIRST_FORMAT = "heinola/events/1"
"""The format of the logs of stores that keep no reports: command keys may stand after the events."""
BATCH = 5_000
MOST_EVENTS = 1_000_000_000

_LINE = {"position": int, "stream": str, "version": int, "topic": str, "body": str, "leaf_hash": str}
"""What the line of an event says, and of what type each is."""

Lines = Callable[[], Iterable[bytes]]
"""Opens the lines of an exported log; it is asked for them twice, to check them all before any is recorded."""

NumberedRow = tuple[int, "Row", bytes]
"""The number of its line, the row and the leaf hash of an event."""

Progress = Callable[[int, int], None]
"""Told how many events are done, and of how many."""


@frozen(slots=True)
class LogHeader:
    """What the first line tells.

    Attributes:
        city, chart: as chosen when the store was initialised.
        size: number of events.
        root: over all leaves.
        recorded: the instant of the last event, as stored text; empty in an empty log.
        format: of the lines.
        signature: the signed note of the head, where the log requires keys; None where it requires none.
    """

    city: str
    chart: str
    size: int
    root: bytes
    recorded: str
    format: str = FORMAT
    signature: str | None = None

    @classmethod
    def parse(cls, line: bytes) -> LogHeader:
        """Return the header in a line.

        Raises:
            NotThatLog: it is none.
        """
        told = object_in(line, 1)
        if told.get("format") not in {FORMAT, FIRST_FORMAT}:
            raise NotThatLog(f"this is no exported log: its first line does not say {FORMAT!r}")
        try:
            size, root = _size(told["size"]), bytes.fromhex(told["root"])
            signature = told.get("signature")
            if not isinstance(signature, str | None):
                raise TypeError("its signature is none")  # noqa: TRY301 - told like any other flaw
            return cls(told["city"], told["chart"], size, root, told["recorded"], told["format"], signature)
        except (KeyError, TypeError, ValueError) as error:
            raise NotThatLog(f"line 1 is not as an exported log begins ({flaw_in_words(error)})") from error

    def line(self) -> bytes:
        """Return the line that `parse` reads."""
        told = {"format": self.format, "city": self.city, "chart": self.chart, "size": self.size}
        told |= {"root": self.root.hex(), "recorded": self.recorded}
        return line_of(told if self.signature is None else told | {"signature": self.signature})


def exported(reader: LogReader, head: TreeHead | None = None, progress: Progress | None = None) -> Iterator[bytes]:
    """Yield the lines of a store's log, up to a head that it had; as it stands now, where none is given.

    Raises:
        Refused: the log is not what its tree says, or a published report is not what the log says; what was yielded is
            not to be kept.
    """
    head = head or reader.head()
    form = FORMAT if reader.keeps_reports() else FIRST_FORMAT
    told = head.size, head.root, head.recorded, form, reader.signature()
    yield LogHeader(reader.setting("city"), reader.setting("chart"), *told).line()
    frontier: list[bytes] = []
    size, last = 0, b"{}"
    owed: dict[str, int] = {}
    for row in reader.rows(0, head.size):
        leaf, last = leaf_hash(*row[1:]), row[-1]
        size = append_leaves(size, frontier, [leaf])
        yield _event_line(row, leaf)
        if (digest := _owed_by(row)) is not None:
            owed.setdefault(digest, row[0])
        if progress and size % BATCH == 0:
            progress(size, head.size)
    if size != head.size or root_of(frontier) != head.root or _recorded_in(last) != head.recorded:
        raise Refused("the log is not what its tree says, so it is not exported; see `heinola audit verify`")
    for key in reader.command_keys(head.size):
        yield line_of({"key": key.key, "digest": key.digest, "first": key.first, "last": key.last})
    for digest, position in owed.items():
        yield from kept_lines(reader, digest, position)


def _owed_by(row: tuple[int, str, int, str, bytes]) -> str | None:
    """Return what a store keeps for an event, as `owed_by`; an event that is none is told.

    Raises:
        Refused.
    """
    try:
        return owed_by(row[3], row[4])
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise UnreadableEvent.at(row[0], error) from error


def _recorded_in(body: bytes) -> object:
    """Return the instant in the body of the last event; an empty text where there are none."""
    return object_in(body, 0).get("recorded", "")


def read_header(lines: Lines) -> LogHeader:
    """Return the header of an exported log.

    Raises:
        NotThatLog: the lines are none.
    """
    return LogHeader.parse(next(iter(lines()), b""))


def import_into(
    location: str, lines: Lines, *, now: Clock, by: str, mode: int = PRIVATE, progress: Progress | None = None
) -> int:
    """Make a new store of an exported log, word for word; return how many events it told of. All of it, or nothing.

    A log of a store of an earlier format says at its end, in one more event, that it is of this one, at the instant
    `now` and by whoever imports it, `by`; that of the first takes its settings and command keys into itself.

    Raises:
        NotThatLog: the log is not as it was exported; nothing was recorded.
        StoreExists: there is a store already.
    """
    from heinola_es.store.log import EventLog  # noqa: PLC0415 - the library is not needed to export

    header, owed = _checked(lines, progress)
    events, keys, kept = _parts(lines, header)
    settings = (header.city, header.chart)
    whole = Keeping(owed).checked(kept)
    head = header.root, header.signature
    EventLog.take_over(location, settings, _batches(events), keys, whole, head, now=now, by=by, mode=mode)
    return header.size


def _checked(lines: Lines, progress: Progress | None) -> tuple[LogHeader, Mapping[str, int]]:
    """Go through an exported log from end to end; return its header, and what it must keep of published reports.

    Raises:
        NotThatLog: a hash, a position, a version or an instant is not as it must be, or an event cannot be read.
    """
    header = read_header(lines)
    checking = _Checking(header.chart)
    events, keys, kept = _parts(lines, header)
    for number, row, leaf in events:
        checking.take(number, row, leaf)
        if progress and row[0] % BATCH == 0:
            progress(row[0], header.size)
    checking.finish(header)
    for number, key in enumerate(keys, header.size + 2):
        if checking.settings is not None:
            raise NotThatLog(
                f"line {number}: the command key {key.key!r} stands beside a log that keeps its keys itself"
            )
    for _one in Keeping(checking.owed).checked(kept):
        pass
    return header, checking.owed


class _Checking:
    """A log that is gone through event by event."""

    def __init__(self, chart: str) -> None:
        self.chart = chart
        self.lines_of_chart = frozenset(load_chart(chart).lines) if is_shipped(chart) else frozenset[str]()
        self.size = 0
        self.frontier: list[bytes] = []
        self.versions: dict[str, int] = {}
        self.recorded = ""
        self.settings: tuple[str, str] | None = None
        self.owed: dict[str, int] = {}
        self.charts: list[bytes] = []
        self.requires_keys = False

    def take(self, number: int, row: Row, leaf: bytes) -> None:
        """Take in the next event, on line `number`."""
        position, stream, version, topic, body = row
        if position != self.size + 1:
            raise NotThatLog(f"line {number}: position {position} does not follow {self.size}")
        if leaf_hash(stream, version, topic, body) != leaf:
            raise NotThatLog(f"line {number}: event {position} was changed, it is not what its hash says")
        if version != self.versions.get(stream, 0) + 1:
            raise NotThatLog(f"line {number}: event {position} does not continue its stream")
        try:
            said = orjson.loads(body)
            event = decode_event(topic, UUID(stream), version, said)
            require_as_read(position, topic, upcast(topic, said))
        except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError) as error:
            raise NotThatLog(f"line {number}: event {position} cannot be read ({flaw_in_words(error)})") from error
        if event.originator_id.hex != stream or format_recorded(event.recorded) != said["recorded"]:
            raise NotThatLog(f"line {number}: the stream or the instant of event {position} is not written as they are")
        if stream_named(topic, said) != stream:
            raise NotThatLog(f"line {number}: event {position} does not stand in the stream that it belongs in")
        if not self.lines_of_chart.issuperset((said["line"],) if "line" in said else said.get("lines", ())):
            raise NotThatLog(f"line {number}: event {position} is about a line that is not in the chart of the log")
        self._take_of_store(number, position, event)
        if said["recorded"] < self.recorded:
            raise NotThatLog(f"line {number}: event {position} was recorded before the one it follows")
        if (digest := owed_by(topic, body)) is not None:
            self.owed.setdefault(digest, position)
        self.requires_keys |= topic == KeysRequired.TOPIC
        if topic == ChartAdopted.TOPIC and said["chart"] == self.chart:
            self._take_chart(body)
        elif topic == ChartAdopted.TOPIC and "from_year" in said:
            self.lines_of_chart |= lines_told(said["content"])
        self.versions[stream], self.recorded = version, said["recorded"]
        self.size = append_leaves(self.size, self.frontier, [leaf])

    def _take_of_store(self, number: int, position: int, event: Event) -> None:
        """Take in what an event says of the store itself."""
        if isinstance(event, CommandKeyed) and not event.first <= event.last == position - 1:
            raise NotThatLog(f"line {number}: the command key {event.key!r} stands for events that it does not follow")
        if isinstance(event, StoreInitialised | StoreUpgraded):
            if isinstance(event, StoreInitialised) and position > 1:
                raise NotThatLog(f"line {number}: the store was initialised, and events stand before that")
            if isinstance(event, StoreUpgraded):
                _require_sound_keys(number, event, position - 1)
            require_known_format(event.format)
            self.settings = (event.city, event.chart)

    def _take_chart(self, body: bytes) -> None:
        """Take in the chart of the log, of which the events that follow have their lines."""
        self.charts.append(body)
        with suppress(ChartDamaged):  # which is told at the end, of every log alike
            self.lines_of_chart = frozenset(chart_in(self.chart, self.charts).lines)

    def finish(self, header: LogHeader) -> None:
        """Hold what came against what the first line told."""
        if self.size != header.size:
            raise NotThatLog(f"there are {self.size} events, and the first line tells of {header.size}")
        if root_of(self.frontier) != header.root or self.recorded != header.recorded:
            raise NotThatLog("the events are not those that the first line tells of: the root over them is another")
        self._require_signed(header)
        if self.settings not in {None, (header.city, header.chart)}:
            raise NotThatLog("the first line tells of another city or chart than the events")
        try:
            chart_in(header.chart, self.charts)
        except ChartDamaged as error:
            raise NotThatLog(str(error)) from error

    def _require_signed(self, header: LogHeader) -> None:
        """Hold what the first line says of a signature against the log; whether it holds, the next command looks."""
        of_head = f"\n{header.size}\n{b64encode(header.root).decode()}\n\n"
        if self.requires_keys and of_head not in (header.signature or ""):
            raise NotThatLog("the log requires that its head is signed, and it is not; sign it in its own store first")
        if header.signature is not None and not self.requires_keys:
            raise NotThatLog("the first line has a signature of the head, and the log requires none")


def _require_sound_keys(number: int, event: StoreUpgraded, size: int) -> None:
    try:
        keys_taken_in(event.keys, size)
    except KeysNotSound as error:
        raise NotThatLog(f"line {number}: the command keys that this event took in cannot be") from error


def _parts(
    lines: Lines, header: LogHeader
) -> tuple[Iterator[NumberedRow], Iterator[CommandKey], Iterator[tuple[int, Kept]]]:
    """Return the events, the command keys and what is kept, of one reading, to be gone through in this order."""
    reading = islice(lines(), 1, None)
    events = _events(islice(reading, header.size))
    if header.format == FIRST_FORMAT:
        return events, _keys(reading, header), iter(())
    return events, iter(()), kept_in(reading, header.size + 2)


def _events(lines: Iterable[bytes]) -> Iterator[NumberedRow]:
    for number, line in enumerate(lines, 2):
        told = object_in(line, number)
        try:
            for name, kind in _LINE.items():
                if type(told[name]) is not kind:
                    raise TypeError(f"its {name} is none")  # noqa: TRY301 - told like any other flaw
            row = (told["position"], told["stream"], told["version"], told["topic"], told["body"].encode())
            yield number, row, bytes.fromhex(told["leaf_hash"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotThatLog(f"line {number} is not an event as it is exported ({flaw_in_words(error)})") from error


def _batches(events: Iterable[NumberedRow]) -> Iterator[list[Row]]:
    rows = (row for _number, row, _leaf in events)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _keys(lines: Iterable[bytes], header: LogHeader) -> Iterator[CommandKey]:
    for number, line in enumerate(lines, header.size + 2):
        told = object_in(line, number)
        try:
            key = CommandKey(told["key"], told["digest"], told["first"], told["last"])
        except KeyError as error:
            raise NotThatLog(
                f"line {number} is not a command key as it is exported ({flaw_in_words(error)})"
            ) from error
        if not key.is_one_of(header.size):
            raise NotThatLog(f"line {number}: the command key {key.key!r} stands for events that are not there")
        yield key


def _event_line(row: Row, leaf: bytes) -> bytes:
    position, stream, version, topic, body = row
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise Refused(f"event {position} is not what was recorded ({error}); see `heinola audit verify`") from error
    told = {"position": position, "stream": stream, "version": version, "topic": topic, "body": text}
    return line_of(told | {"leaf_hash": leaf.hex()})


def _size(told: object) -> int:
    """Return how many events the first line tells of.

    Raises:
        NotThatLog: more than any log has.
        TypeError: it is no number.
    """
    if not isinstance(told, int) or isinstance(told, bool):
        raise TypeError(f"size is {str(told)[:40]!r}")
    if not 0 <= told <= MOST_EVENTS:
        raise NotThatLog(f"line 1 tells of {str(told)[:40]} events, which no log has; export it again")
    return told
