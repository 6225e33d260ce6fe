"""What stands in a report's file: its tables as they are read, and the proof that it carries."""

from __future__ import annotations

import re

from attrs import field, frozen

from heinola_es.errors import BadInput

LIMIT_BYTES = 100_000_000
WHAT = "a report is smaller, check the file"
MOST_CELLS = 3_000_000
"""More than any report has: a file with more is not read to its end."""
_UNSEEN = re.compile("[\\s\u00ad\u200b-\u200d\u2060\ufeff]+")

Printed = str | float
"""A cell as it is read: a text, or in a workbook a number."""


class Unreadable(BadInput):
    """A file that is damaged, or is no report of any of the formats."""


class NoProof(BadInput):
    """A file that can be read, and carries no proof."""


@frozen(slots=True)
class PrintedTable:
    """A table as it is read.

    Attributes:
        caption: above it, with its number; of a workbook, the name of the sheet.
        rows: the cells; the first row is the header.
    """

    caption: str
    rows: tuple[tuple[Printed, ...], ...]


@frozen(slots=True, kw_only=True)
class PrintedReport:
    """A report's file as it is read.

    Attributes:
        proof: the text that `carried` wrote.
        snapshot, seal: where they stand beside it; else empty.
        tables: in their order.
        text: all that it prints, marks and breaks of lines and pages among it.
    """

    proof: str
    snapshot: str = ""
    seal: str = ""
    tables: tuple[PrintedTable, ...] = field(repr=False)
    text: str = field(default="", repr=False)


def no_proof(name: str) -> NoProof:
    """Return what is said of a file without proof."""
    return NoProof(
        f"{name} carries no proof: it is no report of `heinola report`, was made before reports had one, or a program "
        f"that saved it left the proof out; ask for the file as it was published"
    )


def packed(text: str) -> str:
    """Return a text without blanks and characters that are not seen, which lines and pages break at as they like."""
    return _UNSEEN.sub("", text)
