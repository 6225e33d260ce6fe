"""A ledger on its way into the log: what all parts of recording share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from events.coverage import CompletionWithdrawn
from heinola_es.domain.aggregates.base import Stamp
from heinola_es.domain.value_rule.coverage import imported_months
from heinola_es.handlers.session import Session
from heinola_es.importing.ledger.mapping.wishes import Wishes
from heinola_es.importing.ledger.placing.ledger import Ledger, LedgerUnit, UnitBegins, UnitChange
from heinola_es.store.appending import Body
from heinola_es.store.log import Command

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.errors import HeinolaError
    from heinola_es.importing.ledger.reading.problems import Cause

BATCH = 2000


@define(slots=True, kw_only=True)
class Writing:
    """A ledger on its way into the log.

    Attributes:
        session, command: the transaction.
        ledger: what is recorded; refusals are added to its problems.
        wishes: how.
        stamp: what the command itself carries.
        new_units: units that the file brings in, in the order they are established.
        changes: units that stand elsewhere, or are called otherwise, from a year on.
        begins: units that exist from an earlier day on.
        recorded: events by their topic.
        again: the same content was imported before.
        unchanged: how many cells of a newer file are as they were.
        derived: how many postings are differences of totals from 1 January.
        absent: how many accounts that earlier totals have are not in the file.
        bodies: encoded events that wait for the next batch.
    """

    session: Session
    command: Command
    ledger: Ledger
    wishes: Wishes
    stamp: Stamp
    new_units: list[LedgerUnit] = field(factory=list)
    changes: list[UnitChange] = field(factory=list)
    begins: list[UnitBegins] = field(factory=list)
    recorded: Counter[str] = field(factory=Counter)
    again: bool = False
    unchanged: int = 0
    derived: int = 0
    absent: int = 0
    bodies: list[Body] = field(factory=list)
    _imports: list[dict[str, Any]] | None = None

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

    def source_of(self, indexes: Sequence[int]) -> str:
        """Return the source of one amount or of several that are recorded as one."""
        return self.source(indexes[0]) if len(indexes) == 1 else self.rows(indexes)

    def refuse(
        self,
        error: HeinolaError | str,
        index: int | None,
        more: int = 0,
        *,
        cause: Cause | None = None,
        item: str = "",
    ) -> None:
        """Take note that a rule refuses a placed amount, or what has no row, and `more` others like it."""
        also = f" (and {more} more like it)" if more else ""
        if index is None:
            self.ledger.problems.refused(error, also=also)
            return
        amounts = self.ledger.amounts
        name = self.ledger.sources[amounts.source[index]].name
        self.ledger.problems.refused(error, amounts.row[index], name, also, cause=cause, item=item)

    def imported_months(self, year: UnitYear, line: str) -> int:
        """Return the months for which imports have the books of a unit on a line, as bits; January is the lowest.

        None are known to be whole where somebody took back that they are.
        """
        if any(isinstance(said, CompletionWithdrawn) for said in year.completions):
            return 0
        if self._imports is None:
            self._imports = [body for _at, body in self.session.log.positions_and_bodies("FileImported")]
        months, wider = 0, self.session.chart.at_or_above(line)
        for body in self._imports:
            lines = body.get("covered_lines", [])
            if year.unit in body.get("covered_units", []) and (not lines or not wider.isdisjoint(lines)):
                months |= imported_months("actual", year.fiscal_year, body.get("covered_months", []), ())[0]
        return months

    def flush(self, *, whole: bool = True) -> None:
        """Append what waits; with `whole` false, only if it makes a batch."""
        pending, bodies = self.session.pending, self.bodies
        if not whole and len(pending) + len(bodies) < BATCH:
            return
        self.recorded.update(event.TOPIC for event in pending)
        self.recorded.update(body[2] for body in bodies)
        if self.wishes.dry_run:
            self.command.permit.require(pending)
            self.command.permit.require_bodies(bodies)
        elif not self.ledger.problems:
            if pending:
                self.command.append(list(pending))
            if bodies:
                self.command.append_bodies(bodies)
        pending.clear()
        bodies.clear()
