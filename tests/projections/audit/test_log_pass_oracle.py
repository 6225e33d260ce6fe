"""The pass over the log remembers what it found sound; a reading that remembers nothing must find the same.

Rows of a real log and of a ledger's postings are damaged in any way, some with the leaf hash that fits the damage, and
gone over in batches of any size.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import orjson
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.codec import decode_event, format_recorded, upcast
from events.figures import BudgetAdopted, BudgetAmended
from events.imports import FileImported
from events.organisation import OrganisationEvent
from events.projects import ProjectsEvent
from events.publications import ReportPublished
from events.store import CommandKeyed, StoreInitialised, StoreUpgraded
from events.streams import NAMESPACE
from heinola_es.store.bodies import require_as_read
from projections.verifying.log_pass import LogPass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.base import Event
    from projections.verifying.log_pass import RawRow
    from tests.projections.audit.conftest import PublishedStore

EXAMPLES = int(os.environ.get("HEINOLA_LOG_PASS_EXAMPLES", "150"))
LEDGER_ROWS = 40
ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        *("", "x", "4160", "ä\x00", None, 0, -5, 7, 2.5, [], {}, True, 2021),
        *("2020-01-01/2020-01-31", "2020-02-31/2020-02-31", "2019-12-01/2020-01-31"),
        *("2020-07-01T09:00:00.000000Z", "2019-07-01T09:00:00.000000Z", "2020-07-01 09:00"),
    ]
)
"""Values that a field of a body may be changed to: of a wrong type, form or meaning, or quite in order."""


def natural_key(event: Event) -> str:
    """Return the key that an event's stream is named by, from the event itself."""
    year = event.effective.year
    match event:
        case BudgetAdopted() | BudgetAmended():
            key = f"unit-year/{event.unit}/{event.fiscal_year}"
        case FileImported():
            key = f"import/{event.sha256}"
        case ReportPublished():
            key = f"publication/{event.effective}/{event.scope}"
        case StoreInitialised() | StoreUpgraded():
            key = "store"
        case CommandKeyed():
            key = f"command/{event.key}"
        case _ if isinstance(event, OrganisationEvent):
            key = f"unit/{event.code}"
        case _ if isinstance(event, ProjectsEvent):
            key = f"project/{event.project}"
        case _:
            key = f"unit-year/{event.unit}/{year}"  # type: ignore[attr-defined] # all others have one
    return key


def read_slowly(rows: list[RawRow]) -> dict[str, Any]:
    """Return what is the matter with rows of a log, each looked at by itself and nothing remembered."""
    found: dict[str, Any] = {name: [] for name in ("changed", "misplaced", "unordered", "backdated", "estranged")}
    found["unreadable"], versions, latest, last = set(), dict[bytes, int](), "", 0
    for position, stream, version, topic, state, leaf in rows:
        if sha256(b"\x00%b\x00%d\x00%b\x00%b" % (stream, version, topic, state)).digest() != leaf:
            found["changed"].append(position)
        if position != last + 1:
            found["misplaced"].append((last, position))
        if version != versions.get(stream, 0) + 1:
            found["unordered"].append(position)
        last, versions[stream] = position, version
        try:
            body = orjson.loads(state)
            if type(body["v"]) is not int or body["v"] < 1 or stream.lower() != stream:
                raise ValueError(body["v"])  # noqa: TRY301 - like any other flaw
            event = decode_event(topic.decode(), UUID(stream.decode()), version, body)
            require_as_read(position, topic.decode(), upcast(topic.decode(), body))
        except Exception:  # noqa: BLE001 - whatever is the matter
            found["unreadable"].add(position)
            continue
        if uuid5(NAMESPACE, natural_key(event)).hex.encode() != stream:
            found["estranged"].append(position)
        if format_recorded(event.recorded) != body["recorded"]:
            found["unreadable"].add(position)
        elif body["recorded"] < latest:
            found["backdated"].append(position)
        else:
            latest = body["recorded"]
    return found


def passed_over(rows: list[RawRow], batch: int) -> dict[str, Any]:
    """Return what the pass over the log finds in the same rows."""
    found = LogPass(batch=batch)
    for at in range(0, len(rows), batch):
        found.take(rows[at : at + batch])
    told = {name: getattr(found, name) for name in ("changed", "misplaced", "unordered", "backdated", "estranged")}
    return {**told, "unreadable": set(found.unreadable)}


def rows_of(published: PublishedStore) -> list[RawRow]:
    """Return rows of the log of a store, and after them a ledger's postings, of few units and months."""
    with closing(sqlite3.connect(published.path)) as connection:
        connection.text_factory = bytes
        rows: list[RawRow] = connection.execute(
            "SELECT position, originator_id, originator_version, topic, state, leaf_hash FROM stored_events "
            "WHERE position <= 12 OR position % 37 = 0 ORDER BY position"
        ).fetchall()
    rows = [(at, *row[1:]) for at, row in enumerate(rows, 1)]
    recorded = max(orjson.loads(row[4])["recorded"] for row in rows)
    versions: dict[str, int] = {}
    for number in range(LEDGER_ROWS):
        unit, month = f"U{number % 3}", number % 2 + 1
        body = {"v": 1, "recorded": recorded, "recorded_by": "ledger", "unit": unit, "line": "sales"}
        body |= {"effective": f"2031-{month:02}-01/2031-{month:02}-28", "amount_cents": number}
        stream = uuid5(NAMESPACE, f"unit-year/{unit}/2031").hex
        versions[stream] = versions.get(stream, 0) + 1
        rows.append(
            sealed((len(rows) + 1, stream.encode(), versions[stream], b"ActualPosted", orjson.dumps(body), b""))
        )
    return rows


def sealed(row: RawRow) -> RawRow:
    """Return a row with the leaf hash that it should have."""
    _at, stream, version, topic, state, _leaf = row
    return *row[:5], sha256(b"\x00%b\x00%d\x00%b\x00%b" % (stream, version, topic, state)).digest()


@st.composite
def damaged(draw: st.DrawFn, row: RawRow) -> RawRow:
    """Draw a row with something changed, and perhaps a leaf hash that fits."""
    at, stream, version, topic, state, leaf = row
    match draw(st.sampled_from(["field", "field", "field", "gone", "stream", "topic", "version", "state", "leaf"])):
        case "field":
            body = orjson.loads(state)
            name = draw(st.sampled_from([*body, "detail", "account", "surplus"]))
            state = orjson.dumps({**body, name: draw(ODD)})
        case "gone":
            body = orjson.loads(state)
            body.pop(draw(st.sampled_from([*body])))
            state = orjson.dumps(body)
        case "stream":
            stream = draw(st.sampled_from([stream.upper(), uuid5(NAMESPACE, "unit-year/U1/2031").hex.encode(), b"z"]))
        case "topic":
            topic = draw(st.sampled_from([b"ActualPosted", b"BudgetAdopted", b"FigureStated", b"Later", b"\xff"]))
        case "version":
            version += draw(st.sampled_from([-1, 1, 1000]))
        case "state":
            state = draw(st.sampled_from([b"", b"{", b"[]", b"null", b'{"v":1}', state + b" "]))
        case _:
            leaf = bytes(32)
            return at, stream, version, topic, state, leaf
    changed = (at, stream, version, topic, state, leaf)
    return sealed(changed) if draw(st.booleans()) else changed


def damaged_rows(rows: list[RawRow], data: st.DataObject) -> Iterator[RawRow]:
    """Yield rows of which some are damaged, twice the same way perhaps, and some are left out."""
    hurt = data.draw(st.sets(st.integers(0, len(rows) - 1), max_size=6), label="damaged")
    lost = data.draw(st.sets(st.integers(1, len(rows) - 1), max_size=2), label="lost")
    for number, row in enumerate(rows):
        if number not in lost:
            yield data.draw(damaged(row)) if number in hurt else row


@settings(max_examples=EXAMPLES)
@for_all(batch=st.sampled_from([1, 2, 4, 16, 128]), data=st.data())
def test_what_is_remembered_hides_nothing(published_once: PublishedStore, batch: int, data: st.DataObject) -> None:
    """Whatever was damaged, and whatever was found sound before it, the same events are named for the same reasons."""
    rows = list(damaged_rows(rows_of(published_once), data))
    assert passed_over(rows, batch) == read_slowly(rows)


def test_sound_rows_have_nothing_the_matter(published_once: PublishedStore) -> None:
    """The rows themselves are sound, by either reading: so what is found was put there."""
    rows = rows_of(published_once)
    versions = [row[0] for row in rows if row[0] in read_slowly(rows)["unordered"]]  # the sample leaves events out
    nothing: dict[str, Any] = {"changed": [], "misplaced": [], "backdated": [], "estranged": [], "unreadable": set()}
    assert read_slowly(rows) == passed_over(rows, 16) == {**nothing, "unordered": versions}
