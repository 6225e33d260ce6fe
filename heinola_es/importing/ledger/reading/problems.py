"""What a ledger file has that cannot be taken: gathered while it is read, and told together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from heinola_es.errors import BadInput, HeinolaError, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = 10_000
"""So many problems are kept word for word; a file with more has one cause, and the rest are counted."""

LONGEST = 600
"""Characters of a problem; a longer one quotes a cell that no table has."""

_ITEMS, _ROWS = 20, 4
"""So many things of one cause, and rows of one thing, are named."""


@frozen(slots=True)
class Cause:
    """What several problems have in common, where each is about another thing: an account, a unit.

    Attributes:
        said: what is wrong with them, after their number: `accounts feed no line of the chart`.
        hint: what to do about all of them.
    """

    said: str
    hint: str


@frozen(slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        message: what is wrong and what to do.
        row: its row in the file, counted from 1; 0 where it is about the whole file.
        column: the header of its column, or empty.
        by_rule: whether a rule of the store refuses it, and not the file's own form.
        cause: what it has in common with others, or None where only those of the same words are like it.
        item: what of its cause it is about: the account's code.
    """

    message: str
    row: int = 0
    column: str = ""
    by_rule: bool = False
    cause: Cause | None = None
    item: str = ""


@define(slots=True)
class Problems:
    """All problems of a file so far."""

    kept: list[Problem] = field(factory=list)
    count: int = 0
    by_rule: int = 0

    def add(self, message: str, row: int = 0, column: str = "", *, cause: Cause | None = None, item: str = "") -> None:
        """Take note of something in the file that cannot be taken."""
        self._keep(Problem(message, row, column, cause=cause, item=item))

    def refused(
        self,
        error: HeinolaError | str,
        row: int = 0,
        column: str = "",
        also: str = "",
        *,
        cause: Cause | None = None,
        item: str = "",
    ) -> None:
        """Take note of what a rule refuses, in the words of its error."""
        self.by_rule += 1
        self._keep(Problem(f"{error}{also}", row, column, by_rule=True, cause=cause, item=item))

    def rows(self) -> set[int]:
        """Return the rows of which something is told."""
        return {problem.row for problem in self.kept}

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[str]:
        """Iterate over sentences, one for each cause, in the order of their first rows."""
        return map(_told, self._by_cause())

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

    def _by_cause(self) -> list[list[Problem]]:
        """Return the problems by what they have in common."""
        alike: dict[tuple[Cause | str, str], list[Problem]] = {}
        for problem in sorted(self.kept, key=lambda problem: problem.row):
            alike.setdefault((problem.cause or problem.message, problem.column), []).append(problem)
        return list(alike.values())

    def _keep(self, problem: Problem) -> None:
        self.count += 1
        if len(self.kept) < KEPT:
            cut = problem.message if len(problem.message) <= LONGEST else f"{problem.message[:LONGEST]}…"
            self.kept.append(evolve(problem, message=cut, column=problem.column[:LONGEST], item=problem.item[:LONGEST]))


def _told(alike: list[Problem]) -> str:
    """Return what problems of one cause have in common, with their place: `row 12, column Toteuma: …`."""
    rows: dict[str, list[int]] = {}
    for problem in alike:
        rows.setdefault(problem.item, []).append(problem.row)
    first = alike[0]
    column = f"column {first.column}" if first.column else ""
    if first.cause is None or len(rows) == 1:
        where = ", ".join(part for part in (rows_in_words([problem.row for problem in alike]), column) if part)
        return f"{where}: {first.message}" if where else first.message
    items = [f"{item} ({rows_in_words(of)})" if of[0] else item for item, of in list(rows.items())[:_ITEMS]]
    more = f" and {len(rows) - _ITEMS} more" if len(rows) > _ITEMS else ""
    told = f"{grouped(len(rows))} {first.cause.said}: {', '.join(items)}{more}; {first.cause.hint}"
    return f"{column}: {told}" if column else told


def rows_in_words(rows: list[int]) -> str:
    """Return `row 12`, `rows 12, 15 and 17`, `rows 12, 13, 14 and 20 more`; nothing for a row that is none."""
    numbers = list(dict.fromkeys(row for row in rows if row))
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f"row {numbers[0]}"
    if len(numbers) <= _ROWS:
        return f"rows {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
    return f"rows {', '.join(map(str, numbers[: _ROWS - 1]))} and {grouped(len(numbers) - _ROWS + 1)} more"


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
