"""A process that records, for the tests that need a second one: `python writer.py STORE WHAT …`.

It says on standard output where it has got to, and where it is to be killed it waits for that.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta

from events.period import Period
from heinola_es.domain.aggregates.base import Stamp
from heinola_es.domain.chart import load_chart
from heinola_es.handlers.figures import post_actual
from heinola_es.handlers.session import Session, run
from heinola_es.store.log import EventLog, Request

KEYED = Request("writer", key="import-2020-03", digest="three postings")
MARCH = Period.of_month(2020, 3)


def three_postings(session: Session) -> None:
    """Post in three streams: three events that belong together."""
    for unit in ("4000", "4100", "4160"):
        post_actual(session, unit, "personnel", MARCH, -100, also=True)


def say(word: str) -> None:
    """Tell the test where this process has got to."""
    print(word, flush=True)  # noqa: T201 - how two processes meet


def record_many(log: EventLog, name: str, commands: int) -> None:
    """Record commands as fast as they go, with a clock that is some minutes behind now and then."""
    say("ready")
    sys.stdin.readline()
    for number in range(commands):
        now = datetime.now(UTC) - timedelta(minutes=20 * (number % 3))
        request = Request(name, key=f"{name}-{number}", digest=name)
        run(log, now, request, lambda session: post_actual(session, "4100", "personnel", MARCH, -100, also=True))
    say("done")


def hang_before_commit(log: EventLog) -> None:
    """Add the events of a command and stop before it is committed."""
    with log.command(datetime.now(UTC), KEYED) as command:
        session = Session(log=log, chart=load_chart(), stamp=Stamp(command.recorded, KEYED.by))
        three_postings(session)
        say(f"appended up to {command.append(session.pending).last}")
        time.sleep(60)


def hang_after_commit(log: EventLog) -> None:
    """Record a command and stop before anybody is told."""
    run(log, datetime.now(UTC), KEYED, three_postings)
    say("committed")
    time.sleep(60)


def record_until_killed(log: EventLog) -> None:
    """Record command after command."""
    say("ready")
    while True:
        run(log, datetime.now(UTC), Request("writer"), three_postings)


def main(path: str, what: str, *name: str) -> None:
    """Open the store and do what is asked for."""
    with EventLog.open(path) as log:
        match what:
            case "many":
                record_many(log, name[0], int(name[1]))
            case "hang before commit":
                hang_before_commit(log)
            case "hang after commit":
                hang_after_commit(log)
            case "until killed":
                record_until_killed(log)
            case _:
                raise ValueError(what)


if __name__ == "__main__":
    main(*sys.argv[1:])
