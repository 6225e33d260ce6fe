"""A report as a page, read back: its tables and its proof. Nothing in it is run, and nothing it names is followed."""

from __future__ import annotations

from html.parser import HTMLParser

from projections.documents.printed import MOST_CELLS, PrintedReport, PrintedTable, Unreadable, no_proof
from projections.report.content.carried import ELEMENT


def read_page(content: bytes, name: str) -> PrintedReport:
    """Return what stands in a page.

    Raises:
        NoProof, Unreadable.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is no page of `heinola report`: it is not in UTF-8; check the file") from None
    reader = _Reader(name)
    reader.feed(text)
    reader.close()
    proof = "".join(reader.proof)
    if not proof:
        raise no_proof(name)
    return PrintedReport(proof=proof, tables=tuple(reader.tables), text="".join(reader.text))


class _Reader(HTMLParser):
    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[PrintedTable] = []
        self.proof: list[str] = []
        self.text: list[str] = []
        self._name = name
        self._caption: list[str] = []
        self._rows: list[list[str]] = []
        self._into: list[str] | None = None
        self._unprinted = False
        self._cells = 0
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self._caption, self._rows = [], []
        elif tag == "caption":
            self._into = self._caption
        elif tag == "tr":
            self._rows.append([])
        elif tag in {"th", "td"}:
            self._cells += 1
            if self._cells > MOST_CELLS:
                raise Unreadable(f"{self._name} has more cells than any report; check the file")
            self._into = []
        elif tag in {"script", "style"}:
            self._into = self.proof if given.get("id") == ELEMENT else []
            self._unprinted = True
        elif tag == "br" and self._into is not None:
            self._into.append(" ")
        elif tag == "span" and given.get("aria-hidden") == "true":
            self._unread += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            rows = tuple(tuple(row) for row in self._rows)
            self.tables.append(PrintedTable("".join(self._caption), rows))
            self._rows = []
        elif tag in {"th", "td"} and self._into is not None:
            if self._rows:
                self._rows[-1].append("".join(self._into))
            self._into = None
        elif tag in {"caption", "script", "style"}:
            self._into, self._unprinted = None, False
        elif tag == "span":
            self._unread = 0

    def handle_data(self, data: str) -> None:
        if self._into is not None and not self._unread:
            self._into.append(data)
        if not self._unprinted:
            self.text.append(data)
