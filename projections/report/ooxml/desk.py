"""What is at hand while a document is written: the file, its words, and how far its numbers have come."""

from __future__ import annotations

from collections import Counter

from attrs import define, field
from docx.document import Document as WordDocument

from projections.report.document import Interface


@define(slots=True)
class Desk:
    """A document that is being written.

    Attributes:
        document: the file.
        interface: the words around the text.
        tint: of the ground behind what stands out in a table, `RRGGBB`.
        counted: how many there are of each kind of thing that is numbered.
    """

    document: WordDocument
    interface: Interface
    tint: str
    counted: Counter[str] = field(factory=Counter)

    def next(self, kind: str) -> int:
        """Return the number of the next thing of a kind: 1, 2 and so on."""
        self.counted[kind] += 1
        return self.counted[kind]
