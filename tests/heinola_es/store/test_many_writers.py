"""Many writers at once and a reader that follows them: nothing is lost, doubled, out of order or seen too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.writers import account_for, run_writers
from tests.faults.whole import WHOLE

if TYPE_CHECKING:
    from tests.databases import Database

PROCESSES, SECONDS = (8, 3) if WHOLE else (4, 1.5)


def test_writers_at_once_are_accounted_for(kept_in: Database) -> None:
    """Several processes record, are refused and try again, while the log is followed; every event is where it was told.

    `python -m benchmarks.writers` does the same for a minute.
    """
    location = kept_in.new("written")
    outcome = run_writers(location, PROCESSES, SECONDS)
    account_for(location, outcome)
    assert outcome.events
    sentences = {sentence for account in outcome.accounts for sentence in account.refused}
    assert sentences == {
        "personnel is recorded negative, so 1 goes against its line; write -1, or add --contra if it is meant"
    }
