"""Tables as CSV: what goes in comes out again, whoever reads it."""

from __future__ import annotations

import csv
from io import StringIO

from hypothesis import given
from hypothesis import strategies as st

from projections.writers.datapackage.csv_file import csv_bytes
from projections.writers.datapackage.tables import Field, Table
from projections.writers.spreadsheets import reads_as_formula, safe_text

TABLE = Table(
    name="table",
    title="Table",
    description="Of a text, a number and a date.",
    fields=tuple(
        Field(name=name, type=kind, title=name, description=name)
        for name, kind in (("text", "string"), ("number", "number"), ("date", "date"), ("last", "string"))
    ),
    key=("text",),
)
TEXTS = st.text(max_size=40) | st.text("\"\r\n,;\t=+-@ '", max_size=8)


def read_back(content: bytes) -> list[list[str]]:
    """Return header and rows as Python's own reader has them."""
    return list(csv.reader(StringIO(content.decode(), newline=""), strict=True))


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_any_text_comes_back(texts: list[tuple[str, str]]) -> None:
    """Any text comes back as it was, but for apostrophes before what a spreadsheet would run, and nothing else."""
    content = csv_bytes(TABLE, ({"text": one, "number": 1, "date": None, "last": two} for one, two in texts))
    header, *rows = read_back(content)
    assert header == ["text", "number", "date", "last"]
    assert rows == [[safe_text(one), "1", "", safe_text(two)] for one, two in texts]
    for (one, *_, two), said in zip(rows, texts, strict=True):
        assert (one.replace("'", ""), two.replace("'", "")) == tuple(text.replace("'", "") for text in said)
        assert not reads_as_formula(one)
        assert not reads_as_formula(two)


def test_an_ordinary_text_is_written_as_it_is() -> None:
    """Quotes, line breaks and emoji need no apostrophe; a formula gets one."""
    texts = ['Kirjasto, "uusi"\nja vanha', "🏫", "a = b", "'", "=1+1"]
    content = csv_bytes(TABLE, ({"text": text, "number": None, "date": None, "last": ""} for text in texts))
    assert [row[0] for row in read_back(content)[1:]] == [*texts[:-1], "'=1+1"]


@given(st.integers(-(10**17), 10**17), st.dates())
def test_numbers_and_dates_are_never_touched(number: int, date: object) -> None:
    """An amount below zero is no formula, and gets no apostrophe."""
    content = csv_bytes(TABLE, [{"text": "a", "number": f"{number}.00", "date": str(date), "last": "-1"}])
    assert read_back(content)[1] == ["a", f"{number}.00", str(date), "'-1"]


def test_lines_end_as_the_standard_has_it() -> None:
    """RFC 4180: CR LF after every record, the last too; UTF-8 without a mark; unknown is nothing between commas."""
    content = csv_bytes(TABLE, [{"text": "ä", "number": None, "date": None, "last": None}])
    assert content == b"text,number,date,last\r\n\xc3\xa4,,,\r\n"
