"""Several processes record in one store at once, while a reader follows the log; then everything is accounted for.

python -m benchmarks.writers [--seconds 60] [--processes 8] [STORE …]

A STORE is a location that is not there yet, a path or postgresql://…; by default a file in a temporary folder. With
`TMPDIR=/var/tmp python -m tests.servers python -m benchmarks.writers` a server of its own is there, with its files on
disk, and is measured too.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from attrs import asdict, define, field, frozen

from events.period import Period
from events.store import CommandKeyed
from heinola_es.errors import HeinolaError
from heinola_es.handlers.figures import post_actual
from heinola_es.handlers.organisation import establish_unit
from heinola_es.handlers.session import run
from heinola_es.store.log import EventLog, Request
from heinola_es.store.merkle import append_leaves, leaf_hash, root_of
from heinola_es.store.reading import LogReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heinola_es.handlers.session import Session

ROOT = Path(__file__).resolve().parents[1]
MADE = datetime(2000, 1, 3, 8, 0, tzinfo=UTC)
"""When the store is said to have been made: so long ago that no pause after it is longer."""
FOUNDED, FOUNDED_AT = date(2015, 1, 1), datetime(2019, 1, 2, 8, 0, tzinfo=UTC)
MARCH = Period.of_month(2020, 3)
SHARED, OWN = "4100", ("4000", "4030", "4160", "INV-1")
FIRST_YEAR, YEARS = 2016, 20
EVERY_SHARED, EVERY_REFUSED, EVERY_REPEATED = 4, 5, 7
"""Every so many commands a writer posts where all do, asks for what a rule refuses, or gives an earlier one again."""


@define
class Account:
    """What one writer says it did.

    Attributes:
        name: of the writer.
        spans: first and last positions of each command that was recorded.
        repeated: retries that were recognised.
        refused: sentences of the refusals, with how often each was said.
        slowest_ms: the longest that a command took.
    """

    name: str
    spans: list[tuple[int, int]] = field(factory=list)
    repeated: int = 0
    refused: dict[str, int] = field(factory=dict)
    slowest_ms: float = 0.0


@frozen
class Outcome:
    """What came of it.

    Attributes:
        accounts: one for each writer.
        followed: how many events the reader saw go by, one after the other.
        events: how many were recorded, those that keep the keys of commands among them.
        seconds: from the first command to the last.
    """

    accounts: tuple[Account, ...]
    followed: int
    events: int
    seconds: float


def write(location: str, name: str, number: int, seconds: float) -> Account:
    """Record for some seconds, as fast as it goes, and return the account."""
    account = Account(name)
    with EventLog.open(location) as log:
        until, count = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            count += 1
            began = time.monotonic()
            _give(log, account, count, number)
            account.slowest_ms = max(account.slowest_ms, (time.monotonic() - began) * 1000)
    return account


def _give(log: EventLog, account: Account, count: int, number: int) -> None:
    """Give one command: mostly one or two postings, now and then a retry, or what a rule refuses."""
    again = count % EVERY_REPEATED == 0
    key = f"{account.name}-{count - 1 if again else count}"
    request = Request(account.name, key=key, digest=account.name)
    now = datetime.now(UTC) - timedelta(minutes=count % 3)  # clocks differ between machines
    work = _refused if count % EVERY_REFUSED == 0 and not again else _posting(number, count)
    try:
        receipt = run(log, now, request, work)
    except HeinolaError as refusal:
        account.refused[str(refusal)] = account.refused.get(str(refusal), 0) + 1
        return
    if receipt.repeated:
        account.repeated += 1
    else:
        account.spans.append((receipt.first, receipt.last))


def _posting(number: int, count: int) -> Callable[[Session], None]:
    """Return the work of posting in a stream that few writers share and, now and then, in one that all do, too."""
    month = Period.of_month(FIRST_YEAR + count % YEARS, 1 + count % 12)

    def post(session: Session) -> None:
        post_actual(session, OWN[number % len(OWN)], "sales", month, 100, also=True)
        if count % EVERY_SHARED == 0:
            post_actual(session, SHARED, "personnel", MARCH, -100, also=True)

    return post


def _refused(session: Session) -> None:
    post_actual(session, SHARED, "personnel", MARCH, -100, also=True)
    post_actual(session, SHARED, "personnel", MARCH, 100, also=True)  # an expense that is none: the first goes with it


def follow(location: str, writers: Sequence[subprocess.Popen[bytes]]) -> int:
    """Follow the log until the writers are done and return how far it was seen; none is ever missed."""
    seen = 0
    with LogReader.open(location) as reader:
        working = True
        while working:
            working = any(writer.poll() is None for writer in writers)
            size = reader.size()
            positions = [row[0] for row in reader.rows(seen, size)]
            assert positions == list(range(seen + 1, size + 1)), f"the reader missed some after {seen}"
            seen = size
            time.sleep(0.005)
    return seen


def run_writers(location: str, processes: int, seconds: float) -> Outcome:
    """Let processes record in a new store, and return what came of it."""
    with EventLog.create(location, "Heinola", now=MADE, by="controller") as log:
        run(log, FOUNDED_AT, Request("controller", clock_is_right=True), _found)
        founded = log.head().size
    arguments = [sys.executable, "-m", "benchmarks.writers", "--write", location, "--seconds", str(seconds)]
    began = time.monotonic()
    writers = [
        subprocess.Popen([*arguments, "--number", str(number)], cwd=ROOT, stdout=subprocess.PIPE)
        for number in range(processes)
    ]
    followed = follow(location, writers)
    told = [orjson.loads(writer.communicate()[0]) for writer in writers]
    accounts = tuple(Account(**{**one, "spans": [tuple(span) for span in one["spans"]]}) for one in told)
    assert [writer.returncode for writer in writers] == [0] * processes
    return Outcome(accounts, followed, followed - founded, time.monotonic() - began)


def _found(session: Session) -> None:
    for code in (SHARED, *OWN):
        establish_unit(session, code, FOUNDED, name=code, kind="unit", parent=None)


def account_for(location: str, outcome: Outcome) -> None:
    """Demand that the log holds what the writers say they recorded, all of it and nothing else, in a tree without flaw.

    Raises:
        AssertionError: it does not.
    """
    frontier: list[bytes] = []
    recorders: dict[int, str] = {}
    keys: dict[str, tuple[int, int]] = {}
    before, size = "", 0
    with LogReader.open(location) as reader:
        head = reader.head()
        for row in reader.rows(0, head.size):
            body = orjson.loads(row[4])
            size = append_leaves(size, frontier, [leaf_hash(*row[1:])])
            assert row[0] == size, f"position {row[0]} stands where {size} should"
            assert body["recorded"] >= before, f"event {size} was recorded before the one it follows"
            before = body["recorded"]
            if row[3] == CommandKeyed.TOPIC:
                assert size == body["last"] + 1, f"the key {body['key']} does not follow what was recorded under it"
                assert body["recorded_by"] == body["key"].rpartition("-")[0]
                keys[body["key"]] = body["first"], body["last"]
            else:
                recorders[size] = body["recorded_by"]
    assert (size, root_of(frontier)) == (head.size, head.root), "the head is not that of the events"
    assert outcome.followed == size
    claimed: Counter[int] = Counter()
    for account in outcome.accounts:
        for first, last in account.spans:
            claimed.update(range(first, last + 1))
            assert {recorders[at] for at in range(first, last + 1)} == {account.name}
        assert set(account.spans) == {span for key, span in keys.items() if key.rpartition("-")[0] == account.name}
    assert sorted(claimed) == [at for at, name in recorders.items() if name.startswith("writer-")]
    assert set(claimed.values()) == {1}, "two commands were told the same position"


def _tell(location: str, outcome: Outcome) -> None:
    commands = sum(len(account.spans) for account in outcome.accounts)
    refused = Counter[str]()
    for account in outcome.accounts:
        refused.update(account.refused)
    print(f"{location}: {len(outcome.accounts)} writers, {outcome.seconds:.0f} s")
    print(f"  {outcome.events} events in {commands} commands: {outcome.events / outcome.seconds:.0f} events/s")
    print(f"  commands of each writer: {sorted(len(account.spans) for account in outcome.accounts)}")
    print(f"  slowest command: {max(account.slowest_ms for account in outcome.accounts):.0f} ms")
    print(f"  retries recognised: {sum(account.repeated for account in outcome.accounts)}")
    for sentence, times in refused.items():
        print(f"  refused {times} times: {sentence}")
    print(f"  positions 1 to {outcome.followed} without gaps, all seen by the reader; the root is that of the events")


def main() -> None:
    """Run the writers, or be one of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stores", nargs="*", metavar="STORE")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--write", help=argparse.SUPPRESS)
    parser.add_argument("--number", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.write:
        account = write(given.write, f"writer-{given.number}", given.number, given.seconds)
        sys.stdout.buffer.write(orjson.dumps(asdict(account)))
        return
    with tempfile.TemporaryDirectory() as folder:
        server = os.environ.get("HEINOLA_TEST_POSTGRES")
        usual = [f"{folder}/heinola.db", *([f"{server}?schema=writers"] if server else [])]
        for location in given.stores or usual:
            outcome = run_writers(location, given.processes, given.seconds)
            account_for(location, outcome)
            _tell(location, outcome)


if __name__ == "__main__":
    main()
