"""`heinola country`: every cell is that of the city's own snapshot, and one bad city never stops the others."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pyarrow.parquet
import pytest

from heinola_es.store.log import EventLog
from tests.city import MADE, found_city
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.databases import Database

COLUMNS = ("final_accounts", "prior_actual", "budget", "actual", "percent")
CITIES = ("ALFA", "BEETA", "GAMMA")


@pytest.fixture
def cities(kept_in: Database, tmp_path: Path) -> dict[str, Terminal]:
    """Give three cities in one lake: one whole, one of which only a part is known, one that has moved a unit."""
    terminals = {}
    for number, code in enumerate(CITIES):
        with EventLog.create(kept_in.new(code), code.title(), now=MADE, by="controller") as log:
            found_city(log)
        terminal = terminals[code] = Terminal(log.location)
        for unit in ("4000", "4030", "4100", "4160")[: 4 - number]:
            terminal.done(f"record budget {unit} personnel 2020 -{number + 1}20000")
            for month in range(1, 7):
                terminal.done(f"record actual {unit} personnel {month}/2020 -{number + 1}0000,1{month}")
        if code == "GAMMA":
            terminal.done("record move 4000 410 --on 1.5.2020")
        assert terminal.run(f"lake write {tmp_path / 'lake'} --city-code {code}").exit_code == 0
    return terminals


def country(tmp_path: Path, rest: str, form: str = "json") -> tuple[int, Any, str]:
    """Ask every city of the lake; return the exit code, what was written and what was said."""
    output = tmp_path / f"country.{form}"
    rest = rest if "--processes" in rest else f"{rest} --processes 1"
    result = Terminal("nowhere.db").run(f"country {rest} --lake {tmp_path / 'lake'} -o {output}")
    content = output.read_bytes() if output.exists() else b""
    return result.exit_code, json.loads(content) if form == "json" and content else content, result.stderr


def own_cells(terminal: Terminal, code: str, rest: str) -> list[dict[str, Any]]:
    """Return the cells of a city's own snapshot, as its JSON tells them, by the names of the country's table."""
    snapshot = json.loads(terminal.done(f"snapshot {rest} --format json"))
    cells = []
    for unit in snapshot["units"]:
        for row in unit["figures"]:
            told: dict[str, Any] = {
                "city": code,
                "city_name": code.title(),
                "unit": unit["code"],
                "name": unit["name"],
                "kind": unit["kind"],
                "line": row["line"],
                "label": row["label"],
            }
            for name in COLUMNS:
                part = row.get("partial", {}).get(name)
                value = row[name]
                if part is not None:
                    told |= {f"{name}_complete": False, f"{name}_known_cents": part["cents"]}
                    told |= {f"{name}_through": part["through"]} if part["through"] else {}
                elif isinstance(value, dict):
                    told |= {f"{name}_cents": value["cents"], f"{name}_precision_cents": value["precision_cents"]}
                    told |= {f"{name}_complete": True}
                elif value is not None:
                    told[name] = str(value)
            cells.append(told)
    return cells


@pytest.mark.parametrize("rest", ["2020Q2", "2020Q2 --known-at 2001-01-01", "2020Q2 --lines all", "3/2020"])
def test_every_cell_is_the_citys_own(cities: dict[str, Terminal], tmp_path: Path, rest: str) -> None:
    """To the cent, what is not whole as well, with one process and with two."""
    code, told, said = country(tmp_path, f"{rest} --by unit --processes 1")
    expected = [cell for name in CITIES for cell in own_cells(cities[name], name, rest)]
    assert (code, told["rows"]) == (0, expected), said
    if "--known-at" in rest:  # before anything was recorded
        assert [one["city"] for one in told["errors"]] == list(CITIES)
    else:
        assert told["errors"] == []
        assert any("actual_known_cents" in row for row in expected)


def test_with_more_processes_the_same_bytes(cities: dict[str, Terminal], tmp_path: Path) -> None:
    """The order is that of the cities, whoever is ready first."""
    one = country(tmp_path, "2020Q2 --by unit", "parquet")
    assert country(tmp_path, "2020Q2 --by unit --processes 2", "parquet") == one


def test_the_formats_say_the_same(cities: dict[str, Terminal], tmp_path: Path) -> None:
    """CSV and Parquet hold the rows of JSON; what is unknown is empty, and never 0."""
    rows = country(tmp_path, "2020Q2 --by unit")[1]["rows"]
    table = list(csv.DictReader(io.StringIO(country(tmp_path, "2020Q2 --by unit", "csv")[1].decode())))
    parquet = pyarrow.parquet.read_table(io.BytesIO(country(tmp_path, "2020Q2 --by unit", "parquet")[1])).to_pylist()
    as_text = {None: "", True: "true", False: "false"}
    for row, text, typed in zip(rows, table, parquet, strict=True):
        for name, value in typed.items():
            assert text[name] == (as_text[value] if isinstance(value, bool) or value is None else str(value))
            assert row.get(name) == (str(value) if name.endswith("_through") and value else value)


def test_by_sector(cities: dict[str, Terminal], tmp_path: Path) -> None:
    """Only the rows of sectors and of the cities themselves."""
    rows = country(tmp_path, "2020Q2 --by sector")[1]["rows"]
    assert {(row["city"], row["unit"]) for row in rows} == {(code, "HYV") for code in CITIES}


def test_a_city_without_such_units_is_named(cities: dict[str, Terminal], tmp_path: Path) -> None:
    """An empty table never looks like a country without figures: none of these has a unit that is the city."""
    told = country(tmp_path, "2020Q2 --by city")[1]
    assert told["rows"] == []
    assert [one["city"] for one in told["errors"]] == list(CITIES)


def test_a_city_that_cannot_be_computed_is_named(cities: dict[str, Terminal], tmp_path: Path) -> None:
    """In a table beside the result, which has the others; with `--strict` nothing is written."""
    (path,) = (tmp_path / "lake" / "city=BEETA" / "year=2020").glob("*.parquet")
    path.write_bytes(b"PAR1")
    code, content, said = country(tmp_path, "2020Q2 --by sector", "csv")
    assert code == 0
    assert "city=BEETA: " in said
    assert {row["city"] for row in csv.DictReader(io.StringIO(content.decode()))} == {"ALFA", "GAMMA"}
    beside = (tmp_path / "country.csv.errors.csv").read_text()
    assert beside.splitlines()[1].startswith("BEETA,")
    assert [one["city"] for one in country(tmp_path, "2020Q2 --by sector")[1]["errors"]] == ["BEETA"]
    (tmp_path / "country.csv").unlink()
    code, content, said = country(tmp_path, "2020Q2 --strict", "csv")
    assert (code, content) == (1, b"")
    path.unlink()
    assert country(tmp_path, "2020Q2")[0] == 0


def test_a_kind_of_event_of_a_later_version_is_named(cities: dict[str, Terminal], tmp_path: Path) -> None:
    """A city whose log this version cannot read in full tells no figures at all."""
    from hashlib import sha256

    from tests.heinola_es.lake.test_lake import rewritten

    (path,) = (tmp_path / "lake" / "city=ALFA" / "year=2020").glob("*.parquet")
    rewritten(path, "topic", "ActualEstimated")
    manifest = path.parents[1] / "_manifest.json"
    told = json.loads(manifest.read_bytes())
    for one in told["files"]:
        one["sha256"] = sha256((path.parents[1] / one["name"]).read_bytes()).hexdigest()
    manifest.write_text(json.dumps(told))
    (error,) = country(tmp_path, "2020Q2 --by sector")[1]["errors"]
    assert error["city"] == "ALFA"
    assert "ActualEstimated" in error["error"]


def test_what_cannot_be_asked(cities: dict[str, Terminal], tmp_path: Path) -> None:
    """A file of no known kind, or no lake, is one sentence."""
    assert "ends in none of" in country(tmp_path, "2020Q2", "xls")[2]
    result = Terminal("nowhere.db").run(f"country 2020Q2 --lake {tmp_path / 'none'} -o {tmp_path / 'a.csv'}")
    assert (result.exit_code, "is no folder" in result.stderr) == (2, True)
