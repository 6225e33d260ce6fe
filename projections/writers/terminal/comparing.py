"""What a snapshot says of its comparison, on the terminal, before its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from projections.report.language.comparison import change_told, comparison, excluded_told
from projections.writers.terminal.grid import paragraph
from projections.writers.terminal.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.writers.terminal.columns import PageMaterial


def told(material: PageMaterial, width: int) -> Iterator[Text]:
    """Yield which comparison the columns make, what moved, merged and ended, and what earlier years are without."""
    words, snapshot = material.words, material.snapshot
    sentences = comparison(words, snapshot)
    if not sentences:
        return
    yield Text()
    yield paragraph(f"{words.say('How years are compared')}: {' '.join(sentences)}", width)
    for change in snapshot.changes:
        yield paragraph(change_told(words, change, _title), width, "dim", indent=2)
    for one in snapshot.excluded:
        yield paragraph(excluded_told(words, snapshot, one, material.chart, _title), width, "dim", indent=2)


def _title(code: str, name: str) -> str:
    return f"{one_line(code)} {one_line(name)}"
