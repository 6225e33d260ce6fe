"""The numbers of tables and pictures, which a reader refers to: the same on a screen and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.content.document import Picture, Table

if TYPE_CHECKING:
    from projections.report.content.document import Document


@frozen(slots=True)
class Numbers:
    """The numbers, from 1, by key, and every table by its key.

    Attributes:
        pictures: of every picture.
        tables: of every table that stands by itself and is not folded up.
        by_key: tables that a picture may point to.
    """

    pictures: dict[str, int]
    tables: dict[str, int]
    by_key: dict[str, Table]

    @classmethod
    def of(cls, document: Document) -> Numbers:
        """Return the numbers of a document, in the order of reading."""
        blocks = list(document.blocks())
        pictures = [block.key for block in blocks if isinstance(block, Picture)]
        tables = [block for block in blocks if isinstance(block, Table)]
        numbered = [table.key for table in tables if not table.folded]
        return cls(_counted(pictures), _counted(numbered), {table.key: table for table in tables})


def _counted(keys: list[str]) -> dict[str, int]:
    return {key: number for number, key in enumerate(keys, 1)}
