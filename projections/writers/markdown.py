"""The report as text with GitHub-flavoured Markdown marks: for wikis, repositories and who edits on."""

from __future__ import annotations

import re
from functools import singledispatch
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from projections.report.content.carried import ELEMENT, carried
from projections.report.content.document import Bullets, Callout, Document, Facts, Paragraph, Picture, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from projections.report.content.document import Block, Cell, Row, Run

_DEEPEST_HEADING = 6
_NOT_IN_A_LINK = re.compile(r"[()<>|\\\[\]]")
"""Signs of an address that end a link, or a cell."""
_MARKS = re.compile(r"([\\`*_\[\]<>&|~$])")
_AT_BEGINNING = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))")
_BREAKS = re.compile("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def markdown(document: Document) -> bytes:
    """Return the document as Markdown, UTF-8 with line feeds; a picture as what it says, and its table."""
    writing = _Writing(document)
    text = "\n\n".join(piece for piece in writing.pieces() if piece)
    proof = carried(document, _tables_in(document.blocks()))
    return f"{text}\n\n<!-- {ELEMENT} {proof} -->\n".encode() if proof else f"{text}\n".encode()


def _tables_in(blocks: Iterable[object]) -> Iterator[Table]:
    """Yield the tables in the order of the text, those of pictures by the captions that stand above them there."""
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Picture) and block.table is not None:
            yield evolve(block.table, caption=block.caption)


@define(slots=True)
class _Writing:
    """One document being written down; it counts the pictures and the tables."""

    document: Document
    pictures: int = field(init=False, default=0)
    tables: int = field(init=False, default=0)

    def pieces(self) -> Iterator[str]:
        document, interface = self.document, self.document.interface
        yield f"# {escaped(document.title)}"
        yield f"**{escaped(document.city)} · {escaped(document.subject)}**"
        yield from self.block(document.cover)
        yield f"## {escaped(interface.summary)}"
        for block in document.summary:
            yield from self.block(block)
        for level, section in document.walk():
            yield f"{'#' * min(level + 1, _DEEPEST_HEADING)} {escaped(section.title)}"
            for block in section.blocks:
                yield from self.block(block)

    def block(self, block: Block) -> Iterator[str]:
        """Yield what stands for a block, between blank lines."""
        match block:
            case Table():
                yield from self.table(block)
            case Picture():
                yield from self.picture(block)
            case Callout():
                inside = [f"**{escaped(block.title)}**", *(piece for b in block.blocks for piece in self.block(b))]
                yield "\n".join(f"> {line}".rstrip() for piece in inside for line in (*piece.split("\n"), ""))
            case _:
                yield written(block)

    def table(self, table: Table) -> Iterator[str]:
        self.tables += 1
        yield f"**{escaped(f'{self.document.interface.table} {self.tables}. {table.caption}')}**"
        yield grid(table)
        if table.note:
            yield escaped(table.note)

    def picture(self, picture: Picture) -> Iterator[str]:
        self.pictures += 1
        yield f"**{escaped(f'{self.document.interface.picture} {self.pictures}. {picture.caption}')}**"
        yield escaped(picture.alternative)
        if picture.table is not None:
            yield grid(picture.table)


@singledispatch
def written(block: object) -> str:
    """Return a block of text."""
    raise TypeError(f"no block of text: {block!r}")


@written.register
def _(block: Paragraph) -> str:
    text = _runs(block.runs)
    if block.style == "label" and not any(run.strong for run in block.runs):
        return _bold(text)
    return _at_beginning(text)


@written.register
def _(block: Bullets) -> str:
    marks = (f"{number}." if block.numbered else "-" for number in range(1, len(block.items) + 1))
    return "\n".join(
        f"{mark} {_at_beginning(_runs(item))}".rstrip() for mark, item in zip(marks, block.items, strict=True)
    )


@written.register
def _(block: Facts) -> str:
    return "\n".join(
        f"- {_bold(escaped(fact.name))} {code(fact.value) if fact.machine else escaped(fact.value)}".rstrip()
        for fact in block.facts
    )


def grid(table: Table) -> str:
    """Return the rows of a table: as many cells in each as there are columns, whatever they hold."""
    header = [escaped(column.title, line_break="<br>") for column in table.columns]
    rule = ["---:" if column.numeric else "---" for column in table.columns]
    return "\n".join([_line(header), _line(rule), *(_line(_cells(row)) for row in table.rows)])


def escaped(text: str, *, line_break: str = " ") -> str:
    """Return a text on one line, in which nothing is taken for a mark."""
    lines = _BREAKS.split(text)
    return line_break.join(_MARKS.sub(r"\\\1", line) for line in lines).strip()


def code(text: str) -> str:
    """Return a text as code, inside as many backticks as it takes."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence, space = "`" * (longest + 1), " " if longest else ""
    return f"{fence}{space}{_BREAKS.sub(' ', text)}{space}{fence}" if text.strip() else ""


def _cells(row: Row) -> Sequence[str]:
    cells: Iterable[Cell] = row.cells
    stands_out = row.kind in {"total", "group"}
    return [_bold(_linked(cell)) if stands_out else _linked(cell) for cell in cells]


def _linked(cell: Cell) -> str:
    """Return the text of a cell, which leads where it has an address."""
    text = escaped(cell.text)
    if not cell.link:
        return text
    address = _NOT_IN_A_LINK.sub(lambda sign: f"%{ord(sign[0]):02X}", cell.link)
    return f"[{text}]({address})"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _runs(runs: Iterable[Run]) -> str:
    """Return runs as one line; the spaces at the ends of a strong one stand outside its marks."""
    pieces = []
    for run in runs:
        text = _MARKS.sub(r"\\\1", _BREAKS.sub(" ", run.text))
        inner = text.strip()
        if run.strong and inner:
            before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            pieces.append(f"{before}**{inner}**{after}")
        else:
            pieces.append(text)
    return "".join(pieces).strip()


def _bold(text: str) -> str:
    return f"**{text}**" if text else ""


def _at_beginning(text: str) -> str:
    """Return a line that is not taken for a heading, a list or a rule because of how it begins."""

    def replaced(found: re.Match[str]) -> str:
        mark = found[2]
        return f"{found[1]}{mark}\\" if mark.isdigit() else f"{found[1]}\\{mark}"

    return _AT_BEGINNING.sub(replaced, text, count=1)
