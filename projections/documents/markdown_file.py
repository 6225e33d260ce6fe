"""A report as Markdown, read back: its tables and its proof, as `projections.writers.markdown` writes them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from projections.documents.printed import MOST_CELLS, PrintedReport, PrintedTable, Unreadable, no_proof
from projections.report.content.carried import ELEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

BEGINNING = f"<!-- {ELEMENT} "
"""What the proof stands behind, on a line of its own."""
_END = " -->"
_CAPTION = re.compile(r"\*\*[^ *]+ [0-9]{1,6}\. (.*)\*\*")
_QUOTED = re.compile(r"(?:> ?)*")
_BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_LINK = re.compile(r"\[(.*)\]\([^()]*\)")
_MARKED = re.compile(r"\\([!-/:-@\[-`{-~])")


def carries(content: bytes) -> bool:
    """Return whether a text has a proof in it as our Markdown has."""
    return content.startswith(b"# ") and f"\n{BEGINNING}".encode() in content


def read_markdown(content: bytes, name: str) -> PrintedReport:
    """Return what stands in a report as Markdown.

    Raises:
        NoProof, Unreadable.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is no Markdown of `heinola report`: it is not in UTF-8; check the file") from None
    lines = text.split("\n")
    proofs = [line for line in lines if line.startswith(BEGINNING)]
    if not proofs:
        raise no_proof(name)
    said = [_QUOTED.sub("", line, count=1) for line in lines if not line.startswith(BEGINNING)]
    proof = proofs[-1].rstrip().removeprefix(BEGINNING).removesuffix(_END)
    return PrintedReport(proof=proof, tables=tuple(_tables(said, name)), text=_unmarked("\n".join(said)))


def _tables(lines: list[str], name: str) -> Iterator[PrintedTable]:
    """Yield the tables, each with the last caption above it."""
    caption, rows, cells = "", list[tuple[str, ...]](), 0
    for line in (*lines, ""):
        if line.startswith("|"):
            rows.append(_cells(line))
            cells += len(rows[-1])
            if cells > MOST_CELLS:
                raise Unreadable(f"{name} has more cells than any report; check the file")
            continue
        if rows:
            yield PrintedTable(caption, (rows[0], *rows[2:]))
            rows = []
        if found := _CAPTION.fullmatch(line.rstrip()):
            caption = _unmarked(found[1])


def _cells(line: str) -> tuple[str, ...]:
    parts = _BAR.sub(r"\1\n", line.strip()).split("\n")
    return tuple(map(_cell, parts[1:-1]))


def _cell(marked: str) -> str:
    said = marked.strip().replace("<br>", " ")
    if said.startswith("**") and said.endswith("**"):
        said = said[2:-2]
    link = _LINK.fullmatch(said)
    return _unmarked(link[1] if link else said)


def _unmarked(text: str) -> str:
    return _MARKED.sub(r"\1", text)
