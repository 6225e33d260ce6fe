"""Word documents for the tests: a report written down, and read back as others read it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml.ns import qn

from projections.report.content.document import Bullets, Callout, Facts, Paragraph, Picture, Table
from projections.report.content.prose import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument

    from projections.report.content.document import Block, Document


def read_back(written: bytes) -> WordDocument:
    """Return a document as python-docx reads it."""
    return docx.Document(io.BytesIO(written))


def parts_of(written: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name, in its order."""
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        return {name: package.read(name) for name in package.namelist()}


def all_of(file: WordDocument, tag: str) -> list[Any]:
    """Return the elements of the text with a tag, `w:tbl`, in order."""
    return list(file.element.body.iter(qn(tag)))


def value_of(element: Any, tag: str, attribute: str = "w:val") -> str | None:  # noqa: ANN401 - lxml has no types
    """Return an attribute of the first element inside with a tag, or None where there is none."""
    found = next(element.iter(qn(tag)), None)
    return None if found is None else str(found.get(qn(attribute)))


def text_of(element: Any) -> str:  # noqa: ANN401 - lxml has no types
    """Return the text that a reader sees in an element: line breaks as such, tabs as such, no instructions."""
    signs = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    inside = (node for node in element.iter(qn("w:t"), *signs) if node.getparent().tag == qn("w:r"))
    return "".join(signs.get(node.tag) or node.text or "" for node in inside)


def tables_of(document: Document) -> list[Table]:
    """Return the tables that a Word document has, in order: those of pictures too, none that is folded up."""
    return [table for block in document.blocks() for table in _tables(block) if not table.folded]


def _tables(block: Block) -> Iterator[Table]:
    if isinstance(block, Table):
        yield block
    elif isinstance(block, Picture) and block.table:
        yield block.table


def pictures_of(document: Document) -> list[Picture]:
    """Return the pictures of a report, in order."""
    return [block for block in document.blocks() if isinstance(block, Picture)]


def texts_of(document: Document) -> list[str]:
    """Return every text of a report that a Word document shows as a paragraph, in order; a tab is behind a name."""
    pairs = [text for blocks in _in_order(document) for block in blocks for text in _texts(block)]
    return ["\t".join(shown(part) for part in pair) for pair in pairs]


def _in_order(document: Document) -> Iterator[tuple[Block | str, ...]]:
    yield (document.city, document.title, document.subject, document.cover, document.interface.summary)
    yield document.summary
    for _level, section in document.walk():
        yield (section.title, *section.blocks)


def _texts(block: Block | str) -> Iterator[tuple[str, ...]]:
    match block:
        case str():
            yield (block,)
        case Paragraph():
            yield ("".join(run.text for run in block.runs),)
        case Bullets():
            yield from (("".join(run.text for run in item),) for item in block.items)
        case Facts():
            yield from ((fact.name, fact.value) for fact in block.facts)
        case Callout():
            yield (block.title,)
            for part in block.blocks:
                yield from _texts(part)
        case Table() if block.note and not block.folded:
            yield (block.note,)
        case _:
            pass
