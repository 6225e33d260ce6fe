"""The body of a Word document, read as a stream: paragraphs, tables with merged cells, text boxes, tracked changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal
from xml.parsers import expat

from attrs import define, field

from heinola_es.errors import BadInput
from heinola_es.importing.documents.docx_styles import (
    DEEPEST,
    MOST_ELEMENTS,
    PLAIN,
    Style,
    level_said,
    local,
    parse,
    value_of,
)
from heinola_es.importing.documents.pieces import LONGEST_PIECE, MOST_CELLS, RAISED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_GONE = frozenset({"del", "moveFrom"})
_MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_MOST_BLOCKS = 200_000
_EXCERPT = 40  # characters of a text that are told


@define(slots=True)
class Paragraph:
    """A paragraph, with what it says and the style it is in.

    Attributes:
        text: what it says, lines broken by hand apart.
        style: its style.
        joined: whether its end was removed, so that the next one goes on with it.
        after: what stands in text boxes that hang on it.
    """

    is_table: Literal[False] = field(default=False, init=False)
    text: str = ""
    style: Style = PLAIN
    joined: bool = False
    after: list[Block] = field(factory=list)


@define(slots=True)
class Row:
    """A row: its cells, one for each column, and the same with merged cells in every place they cover."""

    cells: tuple[str, ...]
    spread: tuple[str, ...]


@define(slots=True)
class Table:
    """A table that is read or was read.

    Attributes:
        rows: of it.
        cells, spread: of the row that is open.
        gone: whether that row was removed.
        span, follows: how many columns the open cell covers, and whether it goes on from the row above.
        inner: tables within its cells.
    """

    is_table: Literal[True] = field(default=True, init=False)
    rows: list[Row] = field(factory=list)
    cells: list[str] = field(factory=list)
    spread: list[str] = field(factory=list)
    gone: bool = False
    span: int = 1
    follows: bool = False
    inner: list[Block] = field(factory=list)


Block = Paragraph | Table


class Body:
    """Reads the body of a document."""

    def __init__(self, where: str, styles: dict[str, Style]) -> None:
        self.where, self.styles = where, styles
        self.path: list[str] = []
        self.skipped = 0  # how deep we are in what was removed
        self.elements = self.blocks = 0
        self.holders: list[list[Block]] = [[]]  # the body, a cell, a text box: what paragraphs stand in
        self.paragraphs: list[Paragraph] = []
        self.tables: list[Table] = []
        self.run: list[str] = []
        self.hidden = self.raised = False

    def read(self, data: bytes) -> Iterator[Block]:
        """Yield the paragraphs and tables of a document, tables within tables after those they stand in.

        Raises:
            BadInput: it is no XML, or has more, or nests deeper, than any document.
        """
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        try:
            parse(self.where, data, parser)
        except IndexError:  # a row or a cell outside a table
            raise BadInput(f"{self.where} is damaged: its tables are broken; save it anew as .docx") from None
        yield from _whole(self.holders[0])

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        word = local(name)
        self.path.append(word)
        self.elements += 1
        if self.elements > MOST_ELEMENTS or len(self.path) > DEEPEST:
            raise BadInput(f"{self.where} has more, or nests deeper, than any report; import it in parts")
        if self.skipped:
            self.skipped += 1
        elif word in _GONE:
            self._removed()
        elif word == "~Fallback":
            self.skipped = 1
        elif word in self._OPENING:
            self._OPENING[word](self)
        elif word in self._SAYING:
            self._SAYING[word](self, attributes)
        elif word in _MARKS and self.paragraphs and self.path[-2] == "r":
            self.run.append(_MARKS[word])

    def _end(self, _name: str) -> None:
        word = self.path.pop()
        if self.skipped:
            self.skipped -= 1
        elif word in self._CLOSING:
            self._CLOSING[word](self)

    def _text(self, text: str) -> None:
        if not self.skipped and self.path and self.path[-1] == "t" and self.paragraphs:
            self.run.append(text)

    # ------------------------------------------------------------ changes

    def _removed(self) -> None:
        """Take in what a tracked change removed: a row, the end of a paragraph, or what stands within the mark."""
        above = self.path[-2] if len(self.path) > 1 else ""
        if above == "trPr" and self.tables:
            self.tables[-1].gone = True
        elif above == "rPr" and "pPr" in self.path[-3:-1] and self.paragraphs:
            self.paragraphs[-1].joined = True
        elif above not in {"trPr", "rPr"}:
            self.skipped = 1

    # ------------------------------------------------------------ paragraphs

    def _open_paragraph(self) -> None:
        self.blocks += 1
        if self.blocks > _MOST_BLOCKS:
            raise BadInput(f"{self.where} has more paragraphs than any report; import it in parts")
        self._close_run()
        self.paragraphs.append(Paragraph())

    def _close_paragraph(self) -> None:
        self._close_run()
        paragraph, holder = self.paragraphs.pop(), self.holders[-1]
        before = holder[-1] if holder else None
        if isinstance(before, Paragraph) and before.joined:
            before.text += paragraph.text
            self._require_measure(before.text)
            before.joined = paragraph.joined
            before.after += paragraph.after
        else:
            holder.append(paragraph)

    def _set_style(self, attributes: dict[str, str]) -> None:
        if self.paragraphs:
            self.paragraphs[-1].style = self.styles.get(value_of(attributes), PLAIN)

    def _set_level(self, attributes: dict[str, str]) -> None:
        if self.paragraphs:
            name = self.paragraphs[-1].style.name
            self.paragraphs[-1].style = Style(name, level_said(attributes))

    def _close_run(self) -> None:
        if self.paragraphs and not self.hidden:
            said = "".join(self.run)
            self.paragraphs[-1].text += said.translate(RAISED) if self.raised else said
            self._require_measure(self.paragraphs[-1].text)
        self.run.clear()
        self.hidden = self.raised = False

    def _require_measure(self, text: str) -> None:
        """Refuse a paragraph that is put together from more than any has, before that takes long."""
        if len(text) > LONGEST_PIECE:
            raise BadInput(
                f"{self.where}, the paragraph that begins {text[:_EXCERPT]!r}: longer than anything in a report; "
                "break it up"
            )

    def _hide(self, attributes: dict[str, str]) -> None:
        if self.path[-3:-1] == ["r", "rPr"]:
            self.hidden |= value_of(attributes) not in {"0", "false", "off"}

    def _raise(self, attributes: dict[str, str]) -> None:
        if self.path[-3:-1] == ["r", "rPr"]:
            self.raised = value_of(attributes) == "superscript"

    def _open_box(self) -> None:
        self._close_run()
        self.holders.append([])

    def _close_box(self) -> None:
        inside = self.holders.pop()
        if self.paragraphs:
            self.paragraphs[-1].after += inside
        else:
            self.holders[-1] += inside

    # ------------------------------------------------------------ tables

    def _open_table(self) -> None:
        self.tables.append(Table())

    def _close_table(self) -> None:
        self.holders[-1].append(self.tables.pop())

    def _open_row(self) -> None:
        table = self.tables[-1]
        table.cells, table.spread, table.gone = [], [], False

    def _close_row(self) -> None:
        table = self.tables[-1]
        if not table.gone:
            table.rows.append(Row(tuple(table.cells), tuple(table.spread)))

    def _open_cell(self) -> None:
        self.tables[-1].span, self.tables[-1].follows = 1, False
        self.holders.append([])

    def _close_cell(self) -> None:
        table, inside = self.tables[-1], list(_whole(self.holders.pop()))
        table.inner += [block for block in inside if block.is_table]
        text = " ".join(" ".join(block.text.split()) for block in inside if not block.is_table).strip()
        at, above = len(table.cells), table.rows[-1].spread if table.rows else ()
        if table.follows and at < len(above):
            table.cells += [""] * table.span
            table.spread += [above[at]] * table.span
        else:
            table.cells += [text] + [""] * (table.span - 1)
            table.spread += [text] * table.span
        if len(table.cells) > MOST_CELLS:
            raise BadInput(f"{self.where} has a table of more than {MOST_CELLS} columns; check the file")

    def _set_span(self, attributes: dict[str, str]) -> None:
        said = value_of(attributes)
        self.tables[-1].span = min(MOST_CELLS, int(said)) if said.isascii() and said[:4].isdigit() else 1
        self.tables[-1].span = max(1, self.tables[-1].span)

    def _set_before(self, attributes: dict[str, str]) -> None:
        said = value_of(attributes)
        if said.isascii() and said.isdigit() and len(said) < 4:  # noqa: PLR2004 - digits
            missing = [""] * min(MOST_CELLS, int(said))
            self.tables[-1].cells += missing
            self.tables[-1].spread += missing

    def _set_follows(self, attributes: dict[str, str]) -> None:
        self.tables[-1].follows = value_of(attributes) != "restart"

    _OPENING: ClassVar[dict[str, Callable[[Body], None]]] = {
        "p": _open_paragraph,
        "txbxContent": _open_box,
        "tbl": _open_table,
        "tr": _open_row,
        "tc": _open_cell,
    }
    _CLOSING: ClassVar[dict[str, Callable[[Body], None]]] = {
        "p": _close_paragraph,
        "r": _close_run,
        "txbxContent": _close_box,
        "tbl": _close_table,
        "tr": _close_row,
        "tc": _close_cell,
    }
    _SAYING: ClassVar[dict[str, Callable[[Body, dict[str, str]], None]]] = {
        "pStyle": _set_style,
        "outlineLvl": _set_level,
        "vanish": _hide,
        "strike": _hide,
        "dstrike": _hide,
        "vertAlign": _raise,
        "gridSpan": _set_span,
        "gridBefore": _set_before,
        "vMerge": _set_follows,
    }


def _whole(blocks: list[Block]) -> Iterator[Block]:
    """Yield blocks, each with what hangs on it or stands within it after it."""
    for block in blocks:
        yield block
        yield from _whole(block.inner if block.is_table else block.after)
