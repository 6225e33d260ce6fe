"""What is at hand while a document is written: the file, its words, and how far its numbers have come."""

from __future__ import annotations

from collections import Counter

from attrs import define, field
from docx.document import Document as WordDocument

from projections.report.content.document import Interface
from projections.writers.page.numbering import Numbers


@define(slots=True)
class Draft:
    """A document that is being written.

    Attributes:
        document: the file.
        interface: the words around the text.
        numbers: of tables and pictures.
        tint: of the ground behind what stands out in a table, `RRGGBB`.
        counted: how many there are so far of each kind of thing that Word numbers.
    """

    document: WordDocument
    interface: Interface
    numbers: Numbers
    tint: str
    counted: Counter[str] = field(factory=Counter)

    def next(self, kind: str) -> int:
        """Return the number of the next thing of a kind: 1, 2 and so on."""
        self.counted[kind] += 1
        return self.counted[kind]
