"""CSV as it comes: its encoding and delimiter are found out from the bytes."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heinola_es.errors import BadInput
from heinola_es.importing.ledger.mapping.mapping import FileForm
from heinola_es.importing.ledger.placing.reading import open_table
from heinola_es.importing.ledger.reading.reading_csv import delimiter_of
from tests.heinola_es.importing.ledger.ledgers import written

if TYPE_CHECKING:
    from pathlib import Path

WORDS = st.text(st.sampled_from("abcdefghijklmnoprstuvyäöåÄÖÅ é-"), min_size=1, max_size=12).filter(str.strip)
CELLS = st.one_of(WORDS, st.integers(0, 10**7).map(str), st.integers(-(10**6), 10**6).map(lambda n: f"{n},50"))
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-15", "cp850"])
DELIMITERS = st.sampled_from([";", "\t", "|", ","])


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], str, str, str]:
    """Give the rows of a table, and the encoding, delimiter and line end that it is written with."""
    width = draw(st.integers(2, 8))
    rows = draw(st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=3, max_size=12))
    rows.append(["Hyvinvointilautakunta, tämän vuoden määrä ääkkösin öisin", *["1"] * (width - 1)])
    return rows, draw(ENCODINGS), draw(DELIMITERS), draw(st.sampled_from(["\n", "\r\n", "\r"]))


@given(tables())
@settings(max_examples=150)
def test_a_table_is_read_in_whatever_dialect_it_is_written(
    tmp_path_factory: pytest.TempPathFactory, table: tuple[list[list[str]], str, str, str]
) -> None:
    """Encoding, delimiter and line ends are found out: the cells come back as they were written."""
    rows, encoding, delimiter, line_end = table
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    path = written(tmp_path_factory.mktemp("csv"), text.getvalue().encode(encoding), "ledger.csv")
    assert [cells for _line, cells in open_table(path, FileForm()).rows()] == rows


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=6), st.integers(3, 9))
def test_a_decimal_comma_is_no_delimiter(amounts: list[int], lines: int) -> None:
    """Where both split all rows alike, the semicolon is the delimiter and the comma the decimal mark."""
    line = ";".join(f"{amount},50" for amount in amounts)
    assert delimiter_of([line] * lines) == ";"


@pytest.mark.parametrize(
    ("lines", "mark"),
    [
        (["a,b,c", "1,2,x | y", "2,3,x | y", "3,4,x | y"], ","),
        (["a;b", "1;1,234,567", "2;2,345,678", "3;3,456,789"], ";"),
        (["Pääkirja, kausi 1-6", "a;b, euroa", "1;2,50", "2;3,50"], ";"),
        (["a;b;c", '1;"x', 'y, z";-2,50', '1;"x', 'y, z";-2,50'], ";"),
    ],
)
def test_a_mark_that_stands_in_every_row_need_not_be_the_delimiter(lines: list[str], mark: str) -> None:
    """A bar or a comma inside texts, commas between thousands, and what quotation marks hold, split nothing."""
    assert delimiter_of(lines) == mark


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            'a;b;c\n1;"x;3\n4;y";6\n',
            "row 2: the cell that begins with the quotation mark before 'x;3' goes on through row",
        ),
        ('a;b\n1;"2\n3;4"\n', "which read like rows of the table; remove the mark, or say under [file] quotes = "),
    ],
)
def test_a_cell_that_may_hold_rows_is_asked_about(tmp_path: Path, text: str, sentence: str) -> None:
    """Whichever column the stray mark stands in, the rows that the cell would swallow are named."""
    path = written(tmp_path, text, "ledger.csv")
    with pytest.raises(BadInput) as refused:
        list(open_table(path, FileForm()).rows())
    assert sentence in str(refused.value)
    assert len(list(open_table(path, FileForm(quotes="lines")).rows())) == 2
    assert len(list(open_table(path, FileForm(quotes="none")).rows())) == 3


def test_a_preamble_does_not_hide_the_delimiter() -> None:
    """Titles above the table are split by no delimiter; the table is, and counts."""
    assert delimiter_of(["Heinolan kaupunki", "Pääkirja, kausi 1-6", "", "a;b;c", "1;2;3,50", "1;2;4,50"]) == ";"


def test_what_is_given_is_not_found_out(tmp_path: Path) -> None:
    """The mapping's encoding and delimiter hold."""
    path = written(tmp_path, "a;b,c\nä;2,3\n".encode("mac-roman"), "ledger.csv")
    table = open_table(path, FileForm(encoding="mac-roman", delimiter=","))
    assert list(table.rows()) == [(1, ["a;b", "c"]), (2, ["ä;2", "3"])]


def test_rows_are_numbered_by_the_line_they_begin_on(tmp_path: Path) -> None:
    """A cell may hold line breaks; the next row's number is still that of its line in an editor."""
    path = written(tmp_path, 'a;b\n"x\ny";1\nz;2\n', "ledger.csv")
    assert [line for line, _cells in open_table(path, FileForm()).rows()] == [1, 2, 4]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'a;b\n1;"2\n3;4\n', "ledger.csv, row 2: a quotation mark is not closed, or text stands behind it"),
        (b'a;b\n1;"x" y\n', "ledger.csv, row 2: a quotation mark is not closed, or text stands behind it"),
        (b"a;b\n1;" + b"2" * 200_000 + b"\n", "ledger.csv, row 2: a quotation mark is not closed"),
        (b"a;b\n" + b"1;" * 1_001 + b"\n", "ledger.csv, row 2: more than 1 000 columns; check the delimiter"),
        (b"a;b\n\0\0\n", "is no text (it has null bytes); export the ledger as CSV or .xlsx"),
        (b"x" * 3_000_000, "has a line of more than 1 MB; it is no table, check the file"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    """An open quotation mark, an endless line, null bytes, a thousand columns: each has its sentence."""
    path = written(tmp_path, content, "ledger.csv")
    with pytest.raises(BadInput) as refused:
        list(open_table(path, FileForm()).rows())
    assert sentence in str(refused.value)


def test_an_encoding_that_does_not_fit_is_told(tmp_path: Path) -> None:
    """Where the mapping names the wrong encoding, the sentence names it."""
    path = written(tmp_path, "nimi;x\nä;1\n".encode("cp1252"), "ledger.csv")
    with pytest.raises(BadInput, match="is not written in utf-8; say its encoding in the mapping"):
        list(open_table(path, FileForm(encoding="utf-8")).rows())
