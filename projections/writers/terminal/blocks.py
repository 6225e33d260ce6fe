"""Blocks of the report's document model on the terminal: what they say is theirs, how it looks is said here.

Recorded texts in them are made inert once more: a document lets characters through that a terminal must not get.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from heinola_es.inert import inert_line
from projections.report.content.document import Bullets, Callout, Facts, Paragraph, Picture, Table
from projections.writers.terminal.grid import GridColumn, grid, paragraph
from projections.writers.terminal.printable import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from projections.report.content.document import Block, Cell, Row, Run, Tone
    from projections.writers.terminal.grid import Cell as GridCell

INDENT = 2
TONE_STYLES: Mapping[Tone, str] = {"good": "green", "attention": "yellow", "bad": "red", "muted": "dim"}
_STYLES = {"body": "", "lead": "bold", "note": "dim", "label": "italic"}
_ROW_STYLES = {"normal": "", "part": "", "total": "bold", "group": "italic"}


def blocks_below(title: str, blocks: Iterable[Block], width: int) -> Iterator[Text]:
    """Yield blocks under the heading of their part of the page, with an empty line between them; nothing of none."""
    for number, block in enumerate(blocks):
        yield from (Text(),) if number else heading(title, width)
        yield from shown(block, width)


def heading(title: str, width: int, told: str = "") -> Iterator[Text]:
    """Yield the heading of a part of the page that is not about one unit, with what is told beside it."""
    yield Text()
    yield grid([GridColumn(), GridColumn(share=1)], [[(title.upper(), "bold cyan"), told]], width, indent=0)
    yield Text()


def shown(block: Block, width: int, indent: int = INDENT) -> Iterator[Text]:
    """Yield a block as lines no longer than `width`.

    A table stands without its caption, which says again what the heading above it does, and a picture as what it says.
    """
    match block:
        case Paragraph():
            yield _runs(block.runs, width, _STYLES[block.style], " " * indent)
        case Bullets():
            yield from (_item(mark, item, width, indent) for mark, item in _marked(block))
        case Facts():
            yield from (_fact(fact.name, fact.value, width, indent) for fact in block.facts)
        case Table():
            yield _table(block, width, indent)
            if block.note:
                yield paragraph(inert_line(block.note), width, "dim", indent)
        case Picture():
            yield paragraph(inert_line(block.alternative), width, "", indent)
        case Callout():
            yield paragraph(inert_line(block.title), width, TONE_STYLES[block.tone], indent)
            yield from (text for inside in block.blocks for text in shown(inside, width, indent))


def _cell(cell: Cell, style: str) -> GridCell:
    """Return a cell of a table as one of a grid, in the style of its tone."""
    text = inert_line(cell.text)
    return text if cell.tone is None and not style else (text, TONE_STYLES[cell.tone] if cell.tone else style)


def _table(table: Table, width: int, indent: int) -> Text:
    """Return the rows of a table under its headings; a column in which nothing stands is left out."""
    filled = [any(row.cells[at].text for row in table.rows) for at in range(len(table.columns))]
    columns = [
        GridColumn(
            heading=column.title if there else "",
            share=0 if column.numeric else column.share,
            right=column.numeric,
        )
        for column, there in zip(table.columns, filled, strict=True)
    ]
    return grid(columns, [_row(row) for row in table.rows], width, indent)


def _row(row: Row) -> list[GridCell]:
    style = _ROW_STYLES[row.kind]
    return [_cell(cell, style) for cell in (row.cells[:1] if row.kind == "group" else row.cells)]


def _fact(name: str, value: str, width: int, indent: int) -> Text:
    return paragraph(f"{name}: {inert_line(value)}", width, "", indent)


def _marked(bullets: Bullets) -> Iterator[tuple[str, tuple[Run, ...]]]:
    for number, item in enumerate(bullets.items, 1):
        yield f"{number}. " if bullets.numbered else "– ", item


def _item(mark: str, runs: tuple[Run, ...], width: int, indent: int) -> Text:
    return _runs(runs, width, "", " " * indent + mark, " " * (indent + len(mark)))


def _runs(runs: Sequence[Run], width: int, style: str, first: str, then: str = "") -> Text:
    """Return runs on as many lines as they take, those that stand out in bold."""
    then = then or first
    whole = Text.assemble(*((inert_line(run.text), "bold" if run.strong else "") for run in runs), style=style)
    lines, at = list[Text](), 0
    for part in wrapped(whole.plain, max(1, width - len(first))):
        at = whole.plain.index(part, at)  # a line is a piece of the whole, without the blanks around it
        lines.append(Text(then if lines else first).append(whole[at : at + len(part)]))
        at += len(part)
    return Text("\n").join(lines)
