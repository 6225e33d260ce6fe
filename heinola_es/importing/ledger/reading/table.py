"""A ledger file that was opened: its rows in order, and what is known of it before they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from attrs import field, frozen

from heinola_es.importing.ledger.reading.cells import Row


@frozen(slots=True, kw_only=True)
class LedgerTable:
    """A table of rows.

    Attributes:
        name: of the file, without its folder.
        kind: `csv` or `xlsx`.
        described: how it is written, for the reader of a dry run: its encoding and marks, or the sheet.
        count: how many rows there are at most, for a progress bar.
        rows: begins to read them; every call begins anew.
        unreadable: cells of a workbook that hold no value, by row and column from 1, and why.
        notes: what the reader of a dry run should know.
        money: by column, from 0, the unit that the formats of its cells say: `thousand`, `million`.
        delimiter: what stands between the cells, where quotation marks may hold it; else empty.
    """

    name: str
    kind: str
    described: str
    count: int
    rows: Callable[[], Iterator[Row]] = field(repr=False)
    unreadable: dict[tuple[int, int], str] = field(factory=dict)
    notes: tuple[str, ...] = ()
    money: dict[int, str] = field(factory=dict)
    delimiter: str = ""
