"""A ledger on its way into the log: what all parts of recording share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from heinola_es.aggregates.base import Stamp
from heinola_es.importing.ledger.ledger import Ledger, LedgerUnit
from heinola_es.session import Session
from heinola_es.store.log import Body, Command

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.errors import HeinolaError

BATCH = 2000


@frozen(slots=True, kw_only=True)
class Wishes:
    """How a ledger is to be recorded.

    Attributes:
        detail: amounts that a statement has in it already are details of it.
        contra: amounts against the sign of their line are meant.
        update: what was imported earlier is compared with, and only differences are recorded.
        dry_run: nothing is recorded.
    """

    detail: bool = False
    contra: bool = False
    update: bool = False
    dry_run: bool = False


@define(slots=True, kw_only=True)
class Writing:
    """A ledger on its way into the log.

    Attributes:
        session, command: the transaction.
        ledger: what is recorded; refusals are added to its problems.
        wishes: how.
        stamp: what the command itself carries.
        new_units: units that the file brings in, in the order they are established.
        recorded: events by their topic.
        unchanged: how many cells of a newer file are as they were.
        bodies: encoded events that wait for the next batch.
    """

    session: Session
    command: Command
    ledger: Ledger
    wishes: Wishes
    stamp: Stamp
    new_units: list[LedgerUnit] = field(factory=list)
    recorded: Counter[str] = field(factory=Counter)
    unchanged: int = 0
    bodies: list[Body] = field(factory=list)

    def at(self, source: str, reason: str = "") -> Stamp:
        """Return the stamp of what a row of the file says."""
        reasons = [text for text in (reason, self.stamp.reason) if text]
        return evolve(self.stamp, source=source, reason="; ".join(reasons))

    def source(self, index: int) -> str:
        """Return the source of a placed amount: the file and its row, and its column where a row has several."""
        amounts = self.ledger.amounts
        return f"{self.ledger.name}:{amounts.row[index]}{self.columns()[amounts.source[index]]}"

    def columns(self) -> list[str]:
        """Return what a source adds of each column of amounts; nothing where there is one."""
        sources = self.ledger.sources
        return [f" [{source.name}]" if len(sources) > 1 else "" for source in sources]

    def rows(self, indexes: Iterable[int]) -> str:
        """Return the source of amounts that are recorded as one: their first and last row."""
        rows = sorted({self.ledger.amounts.row[index] for index in indexes})
        return f"{self.ledger.name}:{rows[0]}" + (f"–{rows[-1]}" if len(rows) > 1 else "")

    def refuse(self, error: HeinolaError, index: int, more: int = 0) -> None:
        """Take note that a rule refuses a placed amount, and `more` others like it."""
        amounts = self.ledger.amounts
        also = f" (and {more} more like it)" if more else ""
        name = self.ledger.sources[amounts.source[index]].name
        self.ledger.problems.refused(error, amounts.row[index], name, also)

    def flush(self, *, whole: bool = True) -> None:
        """Append what waits; with `whole` false, only if it makes a batch."""
        pending, bodies = self.session.pending, self.bodies
        if not whole and len(pending) + len(bodies) < BATCH:
            return
        self.recorded.update(event.TOPIC for event in pending)
        self.recorded.update(body[2] for body in bodies)
        if not self.ledger.problems and not self.wishes.dry_run:
            if pending:
                self.command.append(list(pending))
            if bodies:
                self.command.append_bodies(bodies)
        pending.clear()
        bodies.clear()
