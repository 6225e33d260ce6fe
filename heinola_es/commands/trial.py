"""What a mapping that was suggested comes to: tried on the spot, as a dry run would, and told beside it."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from heinola_es.errors import HeinolaError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heinola_es.commands.context import Door
    from heinola_es.importing.ledger.placing.ledger import Ledger
    from heinola_es.importing.ledger.recording.recording import Outcome
    from heinola_es.store.log import EventLog

_NAMED_PROBLEMS = 5
_UNPLACED = ("totals", "empty", "repeated headers", "skipped", "left out")
"""Rows that have nothing to be placed."""


def told_trial(door: Door, log: EventLog | None, file: Path, mapping: str) -> Iterator[str]:
    """Yield how much of a file a mapping places, and what a dry run of it says; nothing is recorded.

    Args:
        door: who asks, and when.
        log: of the store, or None where there is none: then the units and periods of the file are taken on trust.
        file: the ledger.
        mapping: as TOML.
    """
    from heinola_es.importing.ledger.reading.problems import counted
    from heinola_es.importing.ledger.recording.recording import Outcome
    from heinola_es.importing.ledger.recording.telling import details, recorded, summary, told_problems

    outcome = Outcome()
    try:
        ledger = _tried(door, log, file, mapping, outcome)
    except HeinolaError as error:
        yield f"as it stands it cannot be tried: {error}"
        return
    yield _share(ledger)
    yield from summary(ledger, outcome)
    problems = list(told_problems(ledger.problems))
    if not problems:
        yield from details(ledger, outcome)
        yield recorded(outcome, dry_run=True) if log is not None else "without a store, no rule was asked"
        return
    yield from (f"  {problem}" for problem in problems[:_NAMED_PROBLEMS])
    if len(problems) > _NAMED_PROBLEMS:
        yield f"  … and {counted(len(problems) - _NAMED_PROBLEMS, 'problem')} more"


def _tried(door: Door, log: EventLog | None, file: Path, text: str, outcome: Outcome) -> Ledger:
    """Read a file by a mapping, and where there is a store, ask its rules.

    Raises:
        HeinolaError: the mapping does not fit the file.
    """
    from heinola_es.domain.chart import load_chart
    from heinola_es.importing.ledger.mapping.mapping_file import mapping_from
    from heinola_es.importing.ledger.mapping.wishes import Wishes
    from heinola_es.importing.ledger.placing.reading import LedgerFile, open_table, read_ledger
    from heinola_es.importing.ledger.reading.limits import digest_of
    from heinola_es.importing.ledger.recording.recording import record_ledger
    from heinola_es.store.log import Request

    mapping, wishes = mapping_from(tomllib.loads(text), "the suggestion"), Wishes(dry_run=True)
    chart = load_chart() if log is None else log.chart()
    opened = LedgerFile(file, digest_of(file), open_table(file, mapping.form))
    ledger = read_ledger(opened, mapping, chart, wishes=wishes, tell=_quietly)
    if log is not None:
        request = Request(door.actor or "suggestion", clock_is_right=True, large=True)
        try:
            record_ledger(log, door.clock, request, ledger, wishes, outcome, _quietly)
        except HeinolaError:
            if not ledger.problems:
                raise
    return ledger


def _quietly(_done: int) -> None:
    """Tell nobody how far it is."""


def _share(ledger: Ledger) -> str:
    """Return how many of the rows with anything to place are placed."""
    placed = ledger.counts["placed"]
    rows = ledger.counts["rows"] - sum(ledger.counts[name] for name in _UNPLACED)
    percent = round(100 * placed / rows) if rows else 0
    return f"tried as it stands: {placed} of {rows} rows with figures are placed ({percent} %)"
