"""Totals that a server keeps from page to page: whatever is recorded between two, they say what the log says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from projections.opened import OpenStore
from projections.read_models.present_totals import PresentTotals
from projections.snapshot.encoding import encoded
from tests.projections.asking import complete
from tests.projections.forging import Forger
from tests.terminal import Terminal

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

ASKED = "2020H1"
STEPS = (
    "record actual 4160 fees 2/2020 100",
    "record indicator 4160 2020H1 Asiakkaita 7",
    "record correction 4160 fees 2/2020 30 --reason tarkistus",
    "record budget 4160 fees 2020 900 --on 10.12.2019",
    "undo {last} --reason väärin",
    "record actual 4100 personnel 3/2020 -500",
    "undo {last} --reason väärin",
    "record actual 4100 personnel 12.3.2020 -40",
    "record rename 4160 Uimahalli --on 1.2.2020",
    "undo {last} --reason väärin",
)


def fresh(log: EventLog) -> bytes:
    """Return the snapshot as a reader gives it that has kept nothing."""
    return encoded(OpenStore(log.location).snapshot(ASKED))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Take note of which totals are read from the store."""
    found: list[tuple[str, int]] = []
    looked_at = PresentTotals._looked_at

    def noted(self: PresentTotals, months: tuple[int, ...]) -> list[tuple[Any, ...]]:
        found.append((self.measure, self.fiscal_year))
        return looked_at(self, months)

    monkeypatch.setattr(PresentTotals, "_looked_at", noted)
    return found


def test_after_every_command_what_was_kept_says_what_the_log_says(store: EventLog) -> None:
    """Postings, corrections, budgets and what takes them back are in the next answer; so are others."""
    complete(store, "1-6/2020")
    asked, terminal = OpenStore(store.location, lasting={}), Terminal(store.location)
    told = [encoded(asked.snapshot(ASKED))]
    for step in STEPS:
        assert terminal.run(step.format(last=store.head().size)).exit_code == 0, step
        told.append(encoded(asked.snapshot(ASKED)))
        assert told[-1] == fresh(store), step
    assert len(set(told)) == len(told)


def test_totals_are_read_again_only_where_something_moves_them(store: EventLog, read: list[tuple[str, int]]) -> None:
    """A figure does, a word does not."""
    asked, terminal = OpenStore(store.location, lasting={}), Terminal(store.location)
    terminal.run("record actual 4160 fees 2/2020 100")
    asked.snapshot(ASKED)
    assert ("actual", 2020) in read
    read.clear()
    terminal.run("record indicator 4160 2020H1 Asiakkaita 7")
    asked.snapshot(ASKED)
    assert not read
    terminal.run("record actual 4160 fees 3/2020 100")
    asked.snapshot(ASKED)
    assert ("actual", 2020) in read


def test_an_earlier_position_is_not_told_by_what_was_kept_later(store: EventLog, read: list[tuple[str, int]]) -> None:
    """What lasts is of one log: where the event it was read after is another, it is read again."""
    lasting: dict[Any, Any] = {}
    asked, terminal = OpenStore(store.location, lasting=lasting), Terminal(store.location)
    terminal.run("record actual 4160 fees 2/2020 100")
    asked.snapshot(ASKED)
    read.clear()
    Forger(store.location).execute(
        "UPDATE stored_events SET leaf_hash = ? WHERE position = ?", (b"\1" * 32, store.head().size)
    )
    asked.snapshot(ASKED)
    assert ("actual", 2020) in read


def test_without_a_place_for_it_nothing_is_kept(store: EventLog, read: list[tuple[str, int]]) -> None:
    """A command, which is asked once, reads for itself."""
    asked = OpenStore(store.location)
    Terminal(store.location).run("record actual 4160 fees 2/2020 100")
    for _time in range(2):
        read.clear()
        asked.snapshot(ASKED)
        assert ("actual", 2020) in read
