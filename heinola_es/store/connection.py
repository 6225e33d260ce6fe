"""What readers of a store may ask of its database, whichever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Rows(Protocol):
    """The rows that a statement returned."""

    def __iter__(self) -> Iterator[Any]: ...

    def fetchone(self) -> Any:  # noqa: ANN401 - a row, or None
        """Return the next row, or None."""

    def fetchall(self) -> list[Any]:
        """Return the rest of the rows."""


class Connection(Protocol):
    """A connection to a store's database; an open one commits each statement that stands outside BEGIN … COMMIT.

    Statements are written in the SQL that the databases share: `?` for a value; columns INTEGER, TEXT or BLOB; numbers
    are whole. `BEGIN IMMEDIATE` begins a transaction that no other like it runs beside.
    """

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        """Execute a statement."""

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> object:
        """Execute a statement for each of many rows of values."""

    def close(self) -> None:
        """Close the connection; what was not committed is undone."""
