"""Ways to tamper with what a store holds, drawn at random, by somebody who has the database and no key.

Each kind changes rows, with the guards sent away for that and put back, so that only what the rows say can tell.
Those of `AFTER_THE_LAST_SEAL` make a store that agrees with itself in every way: nothing in it tells, and no seal was
made since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson

from events.streams import stream_named
from heinola_es.store.kept import KeptName, KeptReport
from heinola_es.store.merkle import append_leaves, leaf_hash, pack_frontier, root_of
from tests.faults.stage import NotNow
from tests.projections.audit.tampering import changed_value

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.faults.stage import Raw

    Tampering = Callable[["Draw"], None]

FAR = 10**12
LOG = ("position", "originator_id", "originator_version", "topic", "state", "leaf_hash")


class Draw:
    """A store that is about to be tampered with, and chance.

    Attributes:
        raw: somebody's connection.
        chance: what to draw from.
        sealed: how many events the last seal covers.
    """

    def __init__(self, raw: Raw, chance: Random, sealed: int) -> None:
        self.raw, self.chance, self.sealed = raw, chance, sealed
        self.same = "IS NOT DISTINCT FROM" if raw.on_server else "IS"

    def size(self) -> int:
        """Return the last position."""
        return int(self.raw("SELECT max(position) FROM stored_events")[0][0])

    def position(self, first: int = 1, last: int = 0) -> int:
        """Return one of the positions, any or between two."""
        return self.chance.randint(first, last or self.size())

    def event(self, position: int) -> tuple[Any, ...]:
        """Return the row of the event at a position."""
        return self.raw(f"SELECT {', '.join(LOG)} FROM stored_events WHERE position = ?", position)[0]

    def body(self, position: int) -> dict[str, Any]:
        """Return what the event at a position says."""
        return dict(orjson.loads(self.event(position)[4]))

    def insert(self, row: tuple[Any, ...], table: str = "stored_events") -> None:
        """Insert a row."""
        self.raw(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", *row)

    def append(self, topic: str, body: dict[str, Any], stream: str = "", gap: int = 0) -> None:
        """Append an event that agrees with itself, by default in the stream that it names."""
        stream = stream or stream_named(topic, body)
        ((version,),) = self.raw(
            "SELECT coalesce(max(originator_version), 0) + 1 FROM stored_events WHERE originator_id = ?", stream
        )
        self.insert((self.size() + 1, stream, version + gap, topic, orjson.dumps(body), bytes(32)))

    def say(self, position: int, body: dict[str, Any]) -> None:
        """Let the event at a position say something else."""
        self.raw("UPDATE stored_events SET state = ? WHERE position = ?", orjson.dumps(body), position)

    def agree(self) -> None:
        """Make every leaf hash fit its event, and the head the leaves; what was made from the log is thrown away."""
        frontier: list[bytes] = []
        size, recorded = 0, ""
        for row in self.raw(f"SELECT {', '.join(LOG)} FROM stored_events ORDER BY position"):
            leaf = leaf_hash(*row[1:5])
            if leaf != row[5]:
                self.raw("UPDATE stored_events SET leaf_hash = ? WHERE position = ?", leaf, row[0])
            size = append_leaves(size, frontier, [leaf])
            said = orjson.loads(row[4])
            recorded = str(said.get("recorded", recorded)) if isinstance(said, dict) else recorded
        values = (size, root_of(frontier), pack_frontier(frontier), recorded)
        self.raw("UPDATE tree_head SET size = ?, root = ?, frontier = ?, recorded = ?", *values)
        for table in self.read_models():
            self.raw(f"DROP TABLE {table}")

    def read_models(self) -> list[str]:
        """Return the tables of the read models, by name."""
        return sorted(name for name in self.raw.tables() if name.split(".")[-1].startswith("rm_"))

    def cell(self, table: str, column: str = "") -> None:
        """Change a cell of a table."""
        columns = self.raw.columns(table)
        column = column or self.chance.choice(columns)
        rows = self.raw(f"SELECT * FROM {table}")
        if not rows:
            raise NotNow
        row = self.chance.choice(rows)
        value = row[columns.index(column)]
        changed = uuid4().hex if column == "originator_id" else changed_value(value, self.chance)
        where = " AND ".join(f"{name} {self.same} ?" for name in columns)
        self.raw(f"UPDATE {table} SET {column} = ? WHERE {where}", changed, *row)

    def lose(self, table: str) -> None:
        """Delete one row of a table, or all."""
        columns, rows = self.raw.columns(table), self.raw(f"SELECT * FROM {table}")
        if not rows:
            raise NotNow
        where = " AND ".join(f"{name} {self.same} ?" for name in columns)
        if self.chance.random() < 0.2:
            self.raw(f"DELETE FROM {table}")
        else:
            self.raw(f"DELETE FROM {table} WHERE {where}", *self.chance.choice(rows))


def deleted(draw: Draw) -> None:
    """Delete events: one, a few, the last, all."""
    first = draw.position()
    last = draw.chance.choice((first, first, first + 3, draw.size()))
    draw.raw("DELETE FROM stored_events WHERE position BETWEEN ? AND ?", first, last)


def closed_up(draw: Draw) -> None:
    """Delete an event and move the later ones up, with a head that fits or without."""
    at, size = draw.position(), draw.size()
    draw.raw("DELETE FROM stored_events WHERE position = ?", at)
    for later in range(at + 1, size + 1):
        draw.raw("UPDATE stored_events SET position = ? WHERE position = ?", later - 1, later)
    if at <= draw.sealed and draw.chance.random() < 0.5:
        draw.agree()


def repeated(draw: Draw) -> None:
    """Append an event once more: with its version, or as the next of its stream; with a head that fits or without."""
    _at, stream, version, topic, state, leaf = draw.event(draw.position())
    draw.insert((draw.size() + 1, stream, version + FAR, topic, state, leaf))
    if draw.chance.random() < 0.5:
        draw.agree()


def exchanged(draw: Draw) -> None:
    """Let two events exchange their places, or what they say; with hashes that fit or without."""
    one, other = draw.chance.sample(range(1, draw.sealed + 1), 2)
    if draw.chance.random() < 0.5:
        for old, new in ((one, -1), (other, one), (-1, other)):
            draw.raw("UPDATE stored_events SET position = ? WHERE position = ?", new, old)
    else:
        rows = {one: draw.event(other), other: draw.event(one)}
        if rows[one][3:5] == rows[other][3:5]:
            raise NotNow
        for position, row in rows.items():
            draw.raw("UPDATE stored_events SET topic = ?, state = ? WHERE position = ?", row[3], row[4], position)
    if draw.chance.random() < 0.5:
        draw.agree()


def rewritten(draw: Draw) -> None:
    """Change what a sealed event says, and make everything agree with it."""
    at = draw.position(2, draw.sealed)
    body = draw.body(at)
    name = draw.chance.choice([name for name in body if name not in {"v", "recorded", "effective"}])
    if isinstance(body[name], (list, dict)) or body[name] is None:
        raise NotNow
    body[name] = (not body[name]) if isinstance(body[name], bool) else changed_value(body[name], draw.chance)
    draw.say(at, body)
    draw.agree()


def respelt(draw: Draw) -> None:
    """Write a sealed body in other bytes that say the same."""
    at = draw.position(2, draw.sealed)
    body = draw.event(at)[4]
    draw.raw("UPDATE stored_events SET state = ? WHERE position = ?", body[:-1] + b" }", at)
    draw.agree()


def cut_off(draw: Draw) -> None:
    """Cut sealed events off the end, and make everything agree with it."""
    draw.raw("DELETE FROM stored_events WHERE position >= ?", draw.position(2, draw.sealed))
    draw.agree()


def estranged(draw: Draw) -> None:
    """Append an event to a stream that its content does not name, and make everything agree with it."""
    at = draw.position(2)
    topic = draw.event(at)[3]
    stream = draw.chance.choice((uuid4().hex, draw.event(draw.position(1, 1))[1]))
    draw.append(topic, draw.body(at) | {"recorded": draw.body(draw.size())["recorded"]}, stream)
    draw.agree()


def planted_key(draw: Draw) -> None:
    """Plant a command key for events that it does not follow."""
    size = draw.size()
    first, last = draw.chance.choice(((1, 1), (size, size + 5), (size, 2), (FAR, FAR), (size - 5, size - 3)))
    body = {"v": 1, "recorded": draw.body(size)["recorded"], "recorded_by": "x", "effective": "2021-01-01/2021-01-01"}
    draw.append("CommandKeyed", body | {"key": f"k{draw.chance.random()}", "digest": "d", "first": first, "last": last})
    draw.agree()


def second_key(draw: Draw) -> None:
    """Take a key out of the log, or let it stand for something else, and make everything agree with it."""
    keys = [at for at, topic in draw.raw("SELECT position, topic FROM stored_events") if topic == "CommandKeyed"]
    at = draw.chance.choice([key for key in keys if key <= draw.sealed])
    body = draw.body(at)
    draw.say(
        at, body | draw.chance.choice(({"digest": "other"}, {"key": "other"}, {"first": 1}, {"last": body["last"] - 1}))
    )
    draw.agree()


def gap_in_a_stream(draw: Draw) -> None:
    """Append an event of which the one before is missing, and make everything agree with it."""
    topic, body = _posting(draw)
    draw.append(topic, body, gap=draw.chance.choice((1, 7, FAR)))
    draw.agree()


def backdated(draw: Draw) -> None:
    """Append an event that says it was recorded before the one that it follows, and make everything agree with it."""
    topic, body = _posting(draw)
    draw.append(topic, body | {"recorded": draw.chance.choice(("2019-01-01T00:00:00.000000Z", "2020", "", "x"))})
    draw.agree()


UNKNOWN: tuple[Callable[[dict[str, Any]], object], ...] = (
    lambda body: body | {"v": 99},
    lambda body: body | {"v": "1"},
    lambda body: body | {"odd": 1},
    lambda body: body | {"amount_cents": "1"},
    lambda body: {name: value for name, value in body.items() if name != "v"},
    lambda body: {name: value for name, value in body.items() if name != "line"},
    lambda body: [body],
    lambda body: body["unit"],
)
"""What a body cannot be."""


def unknown(draw: Draw) -> None:
    """Append an event of a kind or a version that is not known, or one that cannot be read; all agrees with it."""
    topic, body = _posting(draw)
    if draw.chance.random() < 0.2:
        draw.append("LoanTaken", body, uuid4().hex)
    else:
        draw.append(topic, body)
        said = orjson.dumps(draw.chance.choice(UNKNOWN)(body))
        draw.raw("UPDATE stored_events SET state = ? WHERE position = ?", said, draw.size())
    draw.agree()


def far_away(draw: Draw) -> None:
    """Let positions, sizes and versions be of a size that nothing can count up to."""
    what = draw.chance.randrange(5)
    if what in {0, 1}:
        draw.raw("UPDATE stored_events SET position = ? WHERE position = ?", FAR, draw.size())
    if what in {1, 2}:
        draw.raw("UPDATE tree_head SET size = ?", FAR)
    if what == 3:
        draw.raw("UPDATE stored_events SET originator_version = ? WHERE position = ?", FAR, draw.position())
    if what == 4:
        draw.raw("UPDATE stored_events SET position = ? WHERE position = 1", -FAR)


def head_lost(draw: Draw) -> None:
    """Delete the head, or give it the form of none."""
    if draw.chance.random() < 0.5:
        draw.raw("DELETE FROM tree_head")
    else:
        column = draw.chance.choice(("root", "frontier"))
        draw.raw(f"UPDATE tree_head SET {column} = ?", draw.chance.choice((b"", b"x", bytes(32), bytes(31))))


def settings(draw: Draw) -> None:
    """Change, add or delete a setting: another city, another chart, a format that is not known."""
    what = draw.chance.randrange(4)
    name = draw.chance.choice(("city", "chart", "format"))
    if what == 0:
        draw.lose("store_settings")
    elif what == 1:
        draw.insert((f"odd{draw.chance.random()}", "1"), "store_settings")
    else:
        value = draw.chance.choice(("Lahti", "jhs192-2000", "1", "2", "4", "", "3 "))
        draw.raw("UPDATE store_settings SET value = ? WHERE name = ?", value, name)


def second_store(draw: Draw) -> None:
    """Append that the store is another city's, or was upgraded, and let the settings agree with it."""
    size = draw.size()
    body = draw.body(1) | {"recorded": draw.body(size)["recorded"], "city": "Lahti"}
    draw.append(draw.chance.choice(("StoreInitialised", "StoreUpgraded")), body)
    draw.raw("UPDATE store_settings SET value = 'Lahti' WHERE name = 'city'")
    draw.agree()


def read_model(draw: Draw) -> None:
    """Change, delete or repeat a row of what was made from the log."""
    table = draw.chance.choice([name for name in draw.read_models() if not name.endswith("rm_positions")])
    draw.chance.choice((draw.cell, draw.cell, draw.lose))(table)


def read_model_positions(draw: Draw) -> None:
    """Let a read model claim to know more of the log than there is."""
    table = next(name for name in draw.read_models() if name.endswith("rm_positions"))
    (model,) = draw.chance.choice(draw.raw(f"SELECT model FROM {table}"))
    value = draw.chance.choice((FAR, draw.size() + 1))
    draw.raw(f"UPDATE {table} SET position = ? WHERE model = ?", value, model)


def kept_report(draw: Draw) -> None:
    """Change, delete, exchange or plant the bytes of published reports."""
    what = draw.chance.randrange(4)
    if what == 0:
        draw.cell("kept_reports")
    elif what == 1:
        draw.lose("kept_reports")
    elif what == 2:
        draw.insert(KeptReport.of(draw.chance.randbytes(9)).row(), "kept_reports")
    else:
        (one, first), (other, second) = draw.raw("SELECT digest, packed FROM kept_reports ORDER BY digest LIMIT 2")
        for digest, packed in ((one, second), (other, first)):
            draw.raw("UPDATE kept_reports SET packed = ? WHERE digest = ?", packed, digest)


def kept_name(draw: Draw) -> None:
    """Change or plant a name that a published report may refer to."""
    if draw.chance.random() < 0.3:
        draw.insert(KeptName.of(f"Joku {draw.chance.random()}", draw.chance.randbytes(32)).row(), "kept_names")
    else:
        draw.cell("kept_names")


def _posting(draw: Draw) -> tuple[str, dict[str, Any]]:
    """Return a posting that could be the next event."""
    at = next(at for at, topic in draw.raw("SELECT position, topic FROM stored_events") if topic == "ActualPosted")
    return "ActualPosted", draw.body(at) | {"recorded": draw.body(draw.size())["recorded"]}


def posting_added(draw: Draw) -> None:
    """Append an event as a command would have."""
    topic, body = _posting(draw)
    draw.append(topic, body | {"amount_cents": draw.chance.randint(1, 10**6)})
    draw.agree()


def last_cut_off(draw: Draw) -> None:
    """Cut off what came after the last seal, or the last of it."""
    draw.raw("DELETE FROM stored_events WHERE position >= ?", draw.position(draw.sealed + 1))
    draw.agree()


def last_changed(draw: Draw) -> None:
    """Change an amount that came after the last seal."""
    at = draw.position(draw.sealed + 1)
    body = draw.body(at)
    if "amount_cents" not in body:
        raise NotNow
    draw.say(at, body | {"amount_cents": body["amount_cents"] + draw.chance.randint(1, 10**6)})
    draw.agree()


def key_planted(draw: Draw) -> None:
    """Plant a command key for the last event, as if its command had been given one."""
    size = draw.size()
    body = {"v": 1, "recorded": draw.body(size)["recorded"], "recorded_by": "x", "effective": "2021-01-01/2021-01-01"}
    draw.append("CommandKeyed", body | {"key": f"k{draw.chance.random()}", "digest": "d", "first": size, "last": size})
    draw.agree()


FOUND: dict[str, Tampering] = {
    **{f"a cell of {column}": lambda draw, column=column: draw.cell("stored_events", column) for column in LOG},  # type: ignore[misc]
    "a cell of the head": lambda draw: draw.cell(
        "tree_head", draw.chance.choice(("size", "root", "frontier", "recorded"))
    ),
    **{
        one.__name__.replace("_", " "): one
        for one in (
            deleted,
            closed_up,
            repeated,
            exchanged,
            rewritten,
            respelt,
            cut_off,
            estranged,
            planted_key,
            second_key,
            gap_in_a_stream,
            backdated,
            unknown,
            far_away,
            head_lost,
            settings,
            second_store,
            read_model,
            read_model_positions,
            kept_report,
            kept_name,
        )
    },
}
"""What a verification with the seals finds."""

AFTER_THE_LAST_SEAL: dict[str, Tampering] = {
    "an event appended": posting_added,
    "events cut off": last_cut_off,
    "an amount changed": last_changed,
    "a command key planted": key_planted,
}
"""What nothing tells, where it is done after the last seal and everything is made to agree with it."""


def tamper(raw: Raw, kind: Tampering, chance: Random, sealed: int) -> None:
    """Tamper with a store; what changes nothing, or what the database itself refuses, is drawn again.

    Raises:
        AssertionError: nothing could be drawn that changes something.
    """
    for _try in range(50):
        try:
            with raw.unlocked():
                kind(Draw(raw, chance, sealed))
        except raw.refusals:
            continue
        return
    raise AssertionError("this kind of tampering does nothing here")
