"""What a ledger file has that cannot be taken: gathered while it is read, and told together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from heinola_es.errors import BadInput, HeinolaError, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = 10_000
"""So many problems are kept word for word; a file with more has one cause, and the rest are counted."""

LONGEST = 500
"""Characters of a problem; a longer one quotes a cell that no table has."""


@frozen(slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        message: what is wrong and what to do.
        row: its row in the file, counted from 1; 0 where it is about the whole file.
        column: the header of its column, or empty.
        by_rule: whether a rule of the store refuses it, and not the file's own form.
    """

    message: str
    row: int = 0
    column: str = ""
    by_rule: bool = False

    def __str__(self) -> str:
        """Return the problem with its place: `row 12, column Toteuma: …`."""
        row = f"row {self.row}" if self.row else ""
        column = f"column {self.column}" if self.column else ""
        where = ", ".join(part for part in (row, column) if part)
        return f"{where}: {self.message}" if where else self.message


@define(slots=True)
class Problems:
    """All problems of a file so far."""

    kept: list[Problem] = field(factory=list)
    count: int = 0
    by_rule: int = 0

    def add(self, message: str, row: int = 0, column: str = "") -> None:
        """Take note of something in the file that cannot be taken."""
        self._keep(Problem(message, row, column))

    def refused(self, error: HeinolaError, row: int = 0, column: str = "", also: str = "") -> None:
        """Take note of what a rule refuses, in the words of its error."""
        self.by_rule += 1
        self._keep(Problem(f"{error}{also}", row, column, by_rule=True))

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[Problem]:
        return iter(sorted(self.kept, key=lambda problem: problem.row))

    def raise_any(self, file_name: str) -> None:
        """Refuse the file where anything is wrong with it.

        Raises:
            LedgerRefused: only rules of the store are against it.
            LedgerUnfit: the file or its mapping has to be mended.
        """
        if not self:
            return
        kind = LedgerRefused if self.by_rule == self.count else LedgerUnfit
        raise kind(f"{file_name}: {counted(self.count, 'problem')}; nothing was recorded")

    def _keep(self, problem: Problem) -> None:
        self.count += 1
        if len(self.kept) < KEPT:
            cut = problem.message if len(problem.message) <= LONGEST else f"{problem.message[:LONGEST]}…"
            self.kept.append(evolve(problem, message=cut, column=problem.column[:LONGEST]))


class LedgerUnfit(BadInput):
    """The file has problems; they were told one by one."""


class LedgerRefused(Refused):
    """The store's rules refuse what the file says; every refusal was told."""


def grouped(number: int) -> str:
    """Return a number with its thousands apart: `12 345`."""
    return f"{number:,}".replace(",", " ")


def counted(number: int, noun: str) -> str:
    """Return `1 row`, `12 345 rows`."""
    return f"{grouped(number)} {noun}{'' if number == 1 else 's'}"
