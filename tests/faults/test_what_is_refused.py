"""What a command must not record: by a clock that is wrong, or in a stream that is not the event's own.

Each is tried on both databases: it is refused in a sentence and nothing is there. With the check that refuses it taken
out it is recorded: the control.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

import orjson
import pytest

from heinola_es.errors import HeinolaError
from heinola_es.store.appending import Body
from heinola_es.store.log import EventLog, Request
from tests.faults.series import Series, run_here
from tests.faults.stage import POSTED
from tests.faults.test_schema_changes import sentence
from tests.faults.whole import SEED, TRIED, WHOLE, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.stage import Copy, Stage

TRIES = 40 if WHOLE else 4


def clock_at(instant: datetime, patch: pytest.MonkeyPatch) -> None:
    """Set the clock of this machine, as far as the program looks at it."""

    class Clock(datetime):
        @classmethod
        def now(cls, _zone: object = None) -> datetime:  # type: ignore[override]
            return instant

    patch.setattr("datetime.datetime", Clock)


def wrong_instants(name: str) -> list[datetime]:
    """Return instants far from the end of a log that was recorded just now, either way."""
    chance = Random(f"{SEED}/clock/{name}")
    far = [timedelta(days=chance.randint(33, 30_000)) for _try in range(TRIES)]
    back = [timedelta(minutes=chance.randint(90, 1_000_000)) for _try in range(TRIES)]
    now = datetime.now(UTC)
    return [*(now + one for one in far), *(now - one for one in back)]


def recording(copy: Copy, more: str = "") -> str:
    """Record: return nothing where it is refused in a sentence and not there; else what happened."""
    before = copy.said()
    ended = run_here(Series(f"{POSTED} {more}"), copy)
    if copy.said() != before or not ended.code:
        return "it is recorded"
    return sentence("recording", ended) or ("" if "nothing was recorded" in ended.stderr else f"{ended.stderr!r}")


def test_a_wrong_clock_stamps_nothing(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Years ahead, or hours behind: refused, unless it is said that the clock is right."""
    found = []
    with stage.copied() as copy:
        for instant in wrong_instants("wrong"):
            with monkeypatch.context() as patch:
                clock_at(instant, patch)
                found += [f"{instant}: {flaw}" for flaw in [recording(copy)] if flaw]
            TRIED["commands by a wrong clock"] += 1
        assert not found, told(found)
        with monkeypatch.context() as patch:
            clock_at(datetime.now(UTC) + timedelta(days=400), patch)
            assert recording(copy, "--clock-is-right") == "it is recorded"


def test_without_its_check_a_wrong_clock_stamps(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the check of the clock taken out, an event of 2099 is recorded."""
    with stage.copied() as copy:
        monkeypatch.setattr("heinola_es.store.log.require_right_clock", lambda *_args: None)
        clock_at(datetime(2099, 1, 1, tzinfo=UTC), monkeypatch)
        assert recording(copy) == "it is recorded"


def _estranged(copy: Copy, chance: Random) -> Body:
    """Return an event that stands in the log, as it would stand in a stream that is not its own."""
    with copy.raw() as raw:
        rows = raw("SELECT topic, state FROM stored_events WHERE topic NOT LIKE 'Store%' ORDER BY position")
        ((login,),) = raw("SELECT session_user") if raw.on_server else (("",),)
    topic, state = chance.choice(rows)
    stream = UUID(int=chance.getrandbits(128)).hex
    body = (
        orjson.loads(bytes(state)) | {"recorded": "2099-01-01T00:00:00.000000Z"} | ({"login": login} if login else {})
    )
    return Body(stream, 1, topic, orjson.dumps(body))


def _foreign_kind(copy: Copy, chance: Random) -> Body:
    """Return an event of a kind that no program knows."""
    body = _estranged(copy, chance)
    return body._replace(topic=f"Odd{chance.randrange(100)}", originator_id=UUID(int=chance.getrandbits(128)).hex)


MISPLACED: dict[str, Callable[[Copy, Random], Body]] = {"estranged": _estranged, "of no kind": _foreign_kind}


def appended(copy: Copy, body: Body) -> str:
    """Append what a program of somebody else's might; return nothing where it is refused and not there."""
    before = copy.said()
    now = datetime(2099, 1, 1, tzinfo=UTC)
    try:
        with EventLog.open(copy.location) as log, log.command(now, Request("x", clock_is_right=True)) as command:
            command.append_bodies([body])
    except HeinolaError as error:
        return "" if copy.said() == before and "nothing was recorded" in str(error) else str(error)
    return "it is recorded"


@pytest.mark.parametrize("kind", MISPLACED)
def test_an_event_stands_in_its_own_stream(stage: Stage, kind: str) -> None:
    """Whoever appends, and whatever: in a stream that its content does not name nothing is taken."""
    found = []
    with stage.copied() as copy:
        for number in range(TRIES):
            body = MISPLACED[kind](copy, Random(f"{SEED}/{kind}/{number}"))
            found += [f"{body.topic} in {body.originator_id}: {flaw}" for flaw in [appended(copy, body)] if flaw]
            TRIED["events in streams not theirs, appended"] += 1
        assert copy.problems() == []
    assert not found, told(found)


@pytest.mark.parametrize("kind", MISPLACED)
def test_without_its_check_any_stream_is_taken(stage: Stage, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the check of the stream taken out it is recorded, and only a verification tells."""
    with stage.copied() as copy:
        monkeypatch.setattr("heinola_es.store.appending._require_own_stream", lambda *_args: None)
        assert appended(copy, MISPLACED[kind](copy, Random(SEED))) == "it is recorded"
        assert copy.problems()
