"""CSV as it comes: encoding and delimiter found out from the bytes, rows read one by one."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from functools import partial
from io import StringIO
from itertools import islice
from string import whitespace
from typing import TYPE_CHECKING, TextIO

from attrs import define, field, frozen

from heinola_es.errors import BadInput
from heinola_es.importing.files import utf8_name
from heinola_es.importing.ledger.mapping.mapping_tables import Quotes
from heinola_es.importing.ledger.reading.limits import COLUMNS, CSV_ROWS, EMPTY_ROWS, ROW_BYTES
from heinola_es.importing.ledger.reading.problems import grouped
from heinola_es.importing.ledger.reading.table import LedgerTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from heinola_es.importing.ledger.mapping.mapping import FileForm
    from heinola_es.importing.ledger.reading.cells import Row

DELIMITERS = ("\t", ";", "|", ",")
"""In the order in which they are believed: a comma is a decimal mark as often."""

_COMMA = ","
_CHUNK = ROW_BYTES
_SAMPLE_ROWS = 300
_AGREEING = 0.5
_NUMBER = re.compile(r"[\s(+\-\u2212–]*\d[\d\s.,'’]*[\s)+\-€%]*", re.ASCII)
_SHOWN = 40  # characters of a cell, in a sentence
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LETTERS = "äöåÄÖÅé–€"
_SINGLE_BYTE = ("cp1252", "iso-8859-15", "cp850", "mac-roman")
_NAMED = {"\t": "tab", ";": "semicolon", "|": "bar", ",": "comma"}


def open_csv(path: Path, form: FileForm, tell: Callable[[int], None]) -> LedgerTable:
    """Return a CSV file's table.

    Raises:
        BadInput: it is no text, or its rows are beyond all measure.
    """
    bytes_in = _look_at_bytes(path, tell)
    encoding = form.encoding or bytes_in.encoding()
    delimiter = form.delimiter or delimiter_of(_sample(path, encoding))
    rows = partial(_rows, path, encoding, _Dialect(delimiter, form.quotes))
    return LedgerTable(
        name=utf8_name(path.name),
        kind="csv",
        described=f"CSV, {encoding}, {_NAMED.get(delimiter, repr(delimiter))} between cells",
        count=bytes_in.lines + 1,
        rows=rows,
        delimiter=delimiter if form.quotes == "cells" else "",
    )


def delimiter_of(lines: list[str]) -> str:
    """Return what stands between the cells.

    Of the marks that split half of the lines or more alike it is the one that gives the most cells, and of such the
    first of `DELIMITERS`. What stands between quotation marks splits nothing, nor does a comma inside numbers.
    """
    found = {mark: split for mark in DELIMITERS if (split := _split(lines, mark))}
    agreed = {mark: split for mark, split in found.items() if split.share >= _AGREEING}
    if _COMMA in agreed and any(split.numbers_have_commas for mark, split in agreed.items() if mark != _COMMA):
        del agreed[_COMMA]
    if agreed:
        return max(agreed, key=lambda mark: agreed[mark].cells)
    return max(found, key=lambda mark: found[mark].share, default=";")


@frozen(slots=True)
class _Split:
    """How a mark splits lines.

    Attributes:
        share: of the lines that it splits into the same number of cells.
        cells: that number.
        numbers_have_commas: whether most of the commas that are left stand in numbers.
    """

    share: float
    cells: int
    numbers_have_commas: bool


def _split(lines: list[str], mark: str) -> _Split | None:
    """Return how a mark splits lines; None where it splits none."""
    rows = list(_rows_in(lines, mark))
    counts = Counter(len(row) for row in rows if len(row) > 1)
    if not counts:
        return None
    cells, often = counts.most_common(1)[0]
    with_commas = [cell for row in rows for cell in row if _COMMA in cell]
    numbers = sum(_NUMBER.fullmatch(cell) is not None for cell in with_commas)
    return _Split(often / len(lines), cells, numbers > len(with_commas) * _AGREEING)


def _rows_in(lines: list[str], mark: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=mark)
    except csv.Error:
        return


@define(slots=True)
class _Bytes:
    """What a file's bytes tell about it.

    Attributes:
        lines: how many line ends.
        utf8: whether all of it is UTF-8.
        bom: the encoding that its first bytes name, or None.
        high: how often each byte from 128 on stands in it.
    """

    lines: int = 0
    utf8: bool = True
    bom: str | None = None
    high: Counter[int] = field(factory=Counter)

    def encoding(self) -> str:
        """Return the encoding under which the file reads as text with the letters of our languages."""
        if self.bom:
            return self.bom
        if self.utf8:
            return "utf-8"
        return max(_SINGLE_BYTE, key=lambda name: (self._letters(name), -_SINGLE_BYTE.index(name)))

    def _letters(self, name: str) -> int:
        """Return how many of the bytes are our letters in an encoding, less those that it does not know."""
        score = 0
        for byte, count in self.high.items():
            read = bytes([byte]).decode(name, errors="replace")
            score += count if read in _LETTERS else -count * (read == "\ufffd")
        return score


def _look_at_bytes(path: Path, tell: Callable[[int], None]) -> _Bytes:
    found = _Bytes()
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            tell(len(chunk))
            if not found.lines:
                found.bom = found.bom or next((name for mark, name in _BOMS if chunk.startswith(mark)), None)
            found.lines += max(chunk.count(b"\n"), chunk.count(b"\r"))
            _require_text(path, chunk, found)
            _learn(found, decoder, chunk)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        found.utf8 = False
    return found


def _learn(found: _Bytes, decoder: codecs.IncrementalDecoder, chunk: bytes) -> None:
    if chunk.isascii() and found.utf8:
        return
    if found.utf8:
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError:
            found.utf8 = False
    high = chunk.translate(None, bytes(range(128)))
    found.high.update(high)


def _require_text(path: Path, chunk: bytes, found: _Bytes) -> None:
    if b"\0" in chunk and found.bom != "utf-16":
        raise BadInput(f"{path} is no text (it has null bytes); export the ledger as CSV or .xlsx")
    if len(chunk) == _CHUNK and b"\n" not in chunk and b"\r" not in chunk and found.bom != "utf-16":
        raise BadInput(f"{path} has a line of more than {ROW_BYTES // 1_000_000} MB; it is no table, check the file")
    if found.lines > CSV_ROWS:
        raise BadInput(f"{path} has more than {grouped(CSV_ROWS)} rows; split it by year or by unit")


def _sample(path: Path, encoding: str) -> list[str]:
    try:
        with path.open(encoding=encoding, newline="") as file:
            sample = StringIO(file.read(ROW_BYTES), newline="")
            return [line for line in islice(sample, _SAMPLE_ROWS) if line.strip()]
    except UnicodeError:
        raise _not_in(path, encoding) from None


@frozen(slots=True)
class _Dialect:
    """How rows become cells: what stands between cells, and what quotation marks are (see `FileForm`)."""

    delimiter: str
    quotes: Quotes

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        if self.quotes == "none":
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(lines, delimiter=self.delimiter, strict=True)


def _rows(path: Path, encoding: str, dialect: _Dialect) -> Iterator[Row]:
    """Yield the rows with the number of the line that each begins on.

    Raises:
        BadInput: a quotation mark is not closed or swallows rows, or the bytes are not in the encoding.
    """
    with path.open(encoding=encoding, newline="") as file:
        measured = _Measured(path.name, file, f"{dialect.delimiter}{whitespace}")
        try:
            for cells in dialect.reader(measured.lines()):
                measured.size = 0
                if len(cells) > COLUMNS:
                    raise BadInput(
                        f"{path.name}, row {measured.begun}: more than {grouped(COLUMNS)} columns; check the delimiter"
                    )
                if measured.line > measured.begun and dialect.quotes == "cells":
                    _require_one_row(path.name, dialect.delimiter, measured.begun, cells)
                yield measured.begun, cells
        except csv.Error as error:
            raise BadInput(
                f"{path.name}, row {measured.begun}: a quotation mark is not closed, or text stands behind it "
                f'({error}); mend the row or the export, or say quotes = "none" under [file] where the marks are part '
                f"of the text"
            ) from None
        except UnicodeError:
            raise _not_in(path, encoding) from None


def _require_one_row(name: str, delimiter: str, line: int, cells: list[str]) -> None:
    """Refuse a row of several lines where a cell holds as many delimiters as a row has: it may be several rows.

    Raises:
        BadInput.
    """
    for cell in cells:
        ends = len(cell.splitlines()) - 1
        if ends > 0 and cell.count(delimiter) >= max(1, len(cells) - 1):
            swallowed = f"row {line + 1}" if ends == 1 else f"rows {line + 1}–{line + ends}"
            raise BadInput(
                f"{name}, row {line}: the cell that begins with the quotation mark before {_beginning(cell)!r} goes on "
                f"through {swallowed}, which read like rows of the table; remove the mark, or say under [file] "
                f'quotes = "none" where the marks are part of the text, quotes = "lines" where such cells are meant'
            )


def _beginning(cell: str) -> str:
    return cell.splitlines()[0][:_SHOWN]


@define(slots=True)
class _Measured:
    """The lines of a file, as long as no row is beyond all measure: one may go over many lines, in quotation marks.

    Rows that hold nothing are passed over, and cost next to nothing: a spreadsheet program may write as many of them as
    a sheet has.

    Attributes:
        name: what to call the file.
        file: where they come from.
        nothing: the characters of a row that holds nothing.
        size: characters of the row so far.
        line: the number of the last line.
        begun: the number of the line that the row begins on.
        empty: how many rows were passed over.
    """

    name: str
    file: TextIO
    nothing: str
    size: int = 0
    line: int = 0
    begun: int = 1
    empty: int = 0

    def lines(self) -> Iterator[str]:
        """Yield the lines that hold something, and those that a row goes on over.

        Raises:
            BadInput: a row is beyond all measure, or there are too many that hold nothing.
        """
        readline, nothing = self.file.readline, self.nothing
        while True:
            line = readline(ROW_BYTES + 1)
            if not self.size:
                if line[:1] in nothing:  # at the end of the file, too
                    line = self._after_nothing(line)
                self.begun = self.line + 1
            if not line:
                return
            self.line += 1
            self.size += len(line)
            if self.size > ROW_BYTES:
                raise BadInput(
                    f"{self.name}, row {self.line}: a row of more than {ROW_BYTES // 1_000_000} MB ends here; "
                    "check whether a quotation mark is not closed"
                )
            yield line

    def _after_nothing(self, line: str) -> str:
        """Return the first line, from one on, that holds something."""
        readline, nothing, left = self.file.readline, self.nothing, EMPTY_ROWS - self.empty
        passed = 0
        while line and not line.strip(nothing) and passed <= left:
            passed += 1
            line = readline(ROW_BYTES + 1)
        if passed > left:
            raise BadInput(f"{self.name} has more than {grouped(EMPTY_ROWS)} rows that hold nothing; delete them")
        self.empty += passed
        self.line += passed
        return line


def _not_in(path: Path, encoding: str) -> BadInput:
    return BadInput(f"{path.name} is not written in {encoding}; say its encoding in the mapping, such as cp1252")
