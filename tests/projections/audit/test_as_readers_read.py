"""What readers refuse of an event is named by a verification, and kept out of a store that an exported log makes.

Else one event, planted with hashes that fit, takes a city from all who read it, while nothing says what is the matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from heinola_es.store import transfer
from heinola_es.store.bodies import UnreadableEvent, body_of
from heinola_es.store.merkle import leaf_hash
from heinola_es.store.transfer_lines import NotThatLog
from projections.verifying import log_pass
from projections.verifying.log_pass import LogPass
from tests.events.test_stored_events import SAMPLES, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heinola_es.store.reading import Row

AT = 1025
ODD: tuple[Any, ...] = (None, 5, 10**19, 2.5, "", "x", [], [1], {"a": 1})
"""Values of a type, a form or a size that some field has not."""


def changed(path: Path) -> Iterator[tuple[str, Row]]:
    """Yield a stored event with each of its fields, and those that it leaves out, changed to each odd value."""
    topic, stream, version, stored, _leaf = read(path)
    body = orjson.loads(stored)
    for name in (*body, "login", "source", "reason"):
        for value in ODD:
            try:
                state = orjson.dumps(body | {name: value})
            except TypeError:  # a number that no body of ours holds
                state = orjson.dumps(body | {name: "~"}).replace(b'"~"', str(value).encode())
            yield f"{topic} with {name} = {value!r}", (AT, stream, version, topic, state)


def is_refused(row: Row) -> bool:
    """Return whether a reader cannot read an event."""
    try:
        body_of(row)
    except UnreadableEvent:
        return True
    return False


def is_named(row: Row) -> bool:
    """Return whether the pass over the log names an event as one that cannot be read."""
    position, stream, version, topic, state = row
    found = LogPass()
    found.last = AT - 1
    found.take([(position, stream.encode(), version, topic.encode(), state, leaf_hash(*row[1:]))])
    return position in found.unreadable


def is_kept_out(row: Row) -> bool:
    """Return whether a log with an event is refused where it comes in."""
    checking = transfer._Checking("jhs192-2026")
    checking.size, checking.frontier, checking.versions[row[1]] = AT - 1, [bytes(32)], row[2] - 1
    try:
        checking.take(AT + 1, row, leaf_hash(*row[1:]))
    except NotThatLog:
        return True
    return False


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_what_readers_refuse_is_named_and_kept_out(path: Path) -> None:
    """Any field of any event, changed to anything: nobody is left with a city that only verifies."""
    refused = [(said, row) for said, row in changed(path) if is_refused(row)]
    assert any("login" in said for said, _row in refused)
    assert [said for said, row in refused if not is_named(row)] == []
    assert [said for said, row in refused if not is_kept_out(row)] == []


def test_without_looking_as_readers_do_it_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: an event can be made of a login, a source and a reason that are no texts."""
    for module in (log_pass, transfer):
        monkeypatch.setattr(module, "require_as_read", lambda *_event: None)
    (path,) = (path for path in SAMPLES if path.stem == "GoalRevised.v1")
    missed = {said for said, row in changed(path) if is_refused(row) and not (is_named(row) or is_kept_out(row))}
    assert {f"GoalRevised with {name} = 5" for name in ("login", "source", "reason")} <= missed


def test_the_samples_themselves_are_read() -> None:
    """The refusals are for what was changed."""
    for path in SAMPLES:
        topic, stream, version, state, _leaf = read(path)
        assert not is_refused((AT, stream, version, topic, state))
        assert not is_named((AT, stream, version, topic, state))
