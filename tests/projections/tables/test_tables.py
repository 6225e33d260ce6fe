"""Tables for analysts: the cells of the snapshot and the entries of the log, by rows, by columns and through Arrow."""

from __future__ import annotations

import ctypes
import inspect
import sys
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

import projections.opened
from heinola_es.errors import BadInput, Refused
from projections.opened import OpenLake, OpenStore, open_lake, open_store
from projections.tables.table import PackedCells, Table
from tests.docs.console import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

PYTHON_PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")


@pytest.fixture
def opened(sample_log: EventLog) -> OpenStore:
    """Give the store with the sample report."""
    return open_store(sample_log.location)


def test_a_row_per_unit_and_line(opened: OpenStore) -> None:
    """Every cell of the snapshot stands in the row of its unit and line; one that is not whole is unknown, never 0."""
    snapshot, table = opened.snapshot("2020Q2"), opened.figures("2020Q2")
    expected = [(unit.code, row.line, row) for unit in snapshot.units for row in unit.figures]
    assert [(row["unit"], row["line"]) for row in table] == [(unit, line) for unit, line, _row in expected]
    for told, (_unit, _line, row) in zip(table.rows(), expected, strict=True):
        cell, part = row.actual, row.part("actual")
        assert told["actual_cents"] == (cell.cents if cell else None)
        assert told["actual_known_cents"] == (part.cents if part else None)
        assert told["actual_complete"] is (None if not cell and not part else cell is not None)
        assert told["percent"] == (str(row.percents["percent"]) if row.percents["percent"] is not None else None)


def test_columns_are_the_rows_turned(opened: OpenStore) -> None:
    """The same values, a list for each column."""
    table = opened.figures("2020Q2", unit="410", columns=["deviation"])
    columns = table.columns()
    assert list(columns) == list(table.types)
    assert [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)] == table.rows()
    assert any(value is not None for value in columns["deviation_cents"])


def test_arrow_reads_it_as_a_stream(opened: OpenStore) -> None:
    """Whoever reads Arrow's PyCapsule interface reads the same rows, each column with its type."""
    figures, events = opened.figures("2020Q2"), opened.events(unit="410")
    read = pa.RecordBatchReader.from_stream(events).read_all()
    assert pa.RecordBatchReader.from_stream(figures).read_all().to_pylist() == figures.rows()
    assert read.to_pylist() == events.rows()
    assert len(events) == read.num_rows > 0
    assert read.schema.field("recorded").type == pa.timestamp("us", "UTC")
    assert read.schema.field("amount_cents").type == pa.int64()


def test_the_capsule_is_one_that_the_interface_names(opened: OpenStore) -> None:
    """Its name is what readers other than pyarrow look for."""
    name = ctypes.pythonapi.PyCapsule_GetName
    name.restype, name.argtypes = ctypes.c_char_p, [ctypes.py_object]
    assert name(opened.figures("2020Q2").__arrow_c_stream__()) == b"arrow_array_stream"


def test_rows_and_columns_need_nothing_installed(opened: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the stream asks for pyarrow, and says in a sentence how to have it."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    table = opened.figures("2020Q2", unit="410")
    assert table.rows()
    assert table.columns()
    with pytest.raises(Refused, match="pip install"):
        table.__arrow_c_stream__()


def test_the_log_one_by_one(opened: OpenStore) -> None:
    """The iterator gives what the list has, and can be left early; the table has a row for each."""
    listed = opened.log(unit="4160")
    assert list(opened.entries(unit="4160")) == listed
    assert next(opened.entries()) == opened.log()[0]
    rows = opened.events(unit="4160").rows()
    assert [(row["position"], row["type"]) for row in rows] == [(entry.position, entry.topic) for entry in listed]
    posted = next(entry for entry in listed if "amount_cents" in entry.said)
    row = next(row for row in rows if row["position"] == posted.position)
    assert (row["amount_cents"], row["line"]) == (posted.said["amount_cents"], posted.said["line"])
    assert (row["first_day"], row["last_day"]) == (posted.effective.start, posted.effective.end)


def test_an_explanation_is_walked(opened: OpenStore) -> None:
    """Every node with how deep it lies; those without parts are its leaves."""
    tree = opened.explain("410", "net", "2020Q2")
    walked = list(tree.walk())
    assert walked[0] == (0, tree)
    assert [node for _depth, node in walked if not node.parts] == list(tree.leaves())
    assert {depth for depth, _node in walked} == set(range(max(depth for depth, _node in walked) + 1))


def test_a_lake_gives_the_cells_of_its_cities(opened: OpenStore, tmp_path: Path) -> None:
    """As from the city's own store, with its code and name in front; what is no lake is told at once."""
    from tests.terminal import Terminal

    lake = tmp_path / "lake"
    assert Terminal(opened.location).run(f"lake write {lake} --city-code 111").exit_code == 0
    table = open_lake(lake).figures("2020Q2", by="unit", columns=["deviation"])
    own = opened.figures("2020Q2", columns=["deviation"])
    assert [{"city": "111", "city_name": "Heinola"} | row for row in own.rows()] == table.rows()
    assert table.errors == {}
    with pytest.raises(BadInput, match="is no folder"):
        open_lake(tmp_path / "none")
    with pytest.raises(BadInput, match="no column 'deviaton'"):
        opened.figures("2020Q2", columns=["deviaton"])


@pytest.mark.parametrize("of", [OpenStore, OpenLake, Table])
def test_the_page_names_what_is_public(of: type) -> None:
    """Every public method stands in the table of the page, and so does each public name of the module."""
    methods = [name for name, _value in inspect.getmembers(of, inspect.isfunction) if not name.startswith("_")]
    internal = {"ask", "folders", "figures_asked", "arrow"}
    missing = [name for name in methods if name not in internal and f".{name}(" not in PYTHON_PAGE]
    missing += [name for name in projections.opened.PUBLIC if name.islower() and f".{name}(" not in PYTHON_PAGE]
    assert not missing, f"docs/python.md does not name {missing}"


def test_packed_rows_are_the_same_rows(opened: OpenStore) -> None:
    """However they are asked for: one by one, from the end, some of them, or all; and an index beyond them is none."""
    table = opened.figures("2020Q2", unit="410")
    packed, rows = PackedCells(table.arrow()), table.rows()
    assert (len(packed), list(packed), packed[1:4], packed[-1]) == (len(rows), rows, rows[1:4], rows[-1])
    with pytest.raises(IndexError):
        packed[len(rows)]
    again = Table(table.types, packed)
    assert (again.rows(), again.columns(), again.arrow()) == (rows, table.columns(), table.arrow())
