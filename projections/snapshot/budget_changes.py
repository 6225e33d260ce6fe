"""What changed the budget of a year, and what is proposed to: decisions, newer ledgers, and what waits for a decision.

No figure is worked out from it. It is what the amendments of the figures consist of, by the value rule's own days.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from heinola_es.domain.amounts import is_readable
from heinola_es.domain.value_rule.facts import decided_by
from projections.read_models.checked import rows_of
from projections.read_models.models import DECISIONS
from projections.snapshot.model import BudgetChange, BudgetChangeKind

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from events.period import Period
    from heinola_es.store.reading import LogReader


def budget_changes_of(reader: LogReader, period: Period, units: Container[str], upto: int) -> tuple[BudgetChange, ...]:
    """Return what changed the budgets of some units by the end of a period, and what waited then, in the log's order.

    In the report of a whole year every decision on its budget counts, whenever taken. What breaks a total down changes
    no budget, and is left out.
    """
    year = str(period.year)
    rows = rows_of(reader, DECISIONS, upto, year, "year = ?", (year,))
    last = decided_by(period)
    taken = [(row[0], row[1], orjson.loads(row[5])) for row in rows if date.fromisoformat(row[4]) <= last]
    settled = {body.get("proposal", 0) for _at, topic, body in taken if topic != "AmendmentProposed"}
    return tuple(
        change
        for at, topic, body in taken
        if topic != "AmendmentDropped" and at not in settled and body["unit"] in units
        for change in _change(at, _kind(topic, body), body)
    )


def _kind(topic: str, body: dict[str, Any]) -> BudgetChangeKind:
    """Return what a change is: an import that names no organ took an amount from a ledger, and no decision."""
    if topic == "AmendmentProposed":
        return "proposal"
    from heinola_es.importing.ledger.recording.earlier import is_row  # noqa: PLC0415 - many reports have no change

    return "ledger" if is_row(body.get("source", "")) and not body.get("organ") else "decision"


def _change(at: int, kind: BudgetChangeKind, body: dict[str, Any]) -> Iterator[BudgetChange]:
    if body.get("detail") or not is_readable(body["amount_cents"]):
        return
    yield BudgetChange(
        kind=kind,
        position=at,
        unit=body["unit"],
        line=body["line"],
        cents=body["amount_cents"],
        day=date.fromisoformat(body["effective"][-10:]),
        organ=body.get("organ", ""),
        minutes_section=body.get("minutes_section", ""),
        address=body.get("address", ""),
        source=body.get("source", ""),
    )
