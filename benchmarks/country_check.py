"""The table of a country held against each city's own snapshot, as its command writes it as JSON."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq

from benchmarks.timing import heinola
from heinola_es.lake.manifest import folders_in, manifest_in

COLUMNS = ("final_accounts", "prior_actual", "budget", "actual", "percent")
PERIOD = "2020Q2"
Cells = dict[tuple[str, str], dict[str, Any]]


def events(lake: str) -> int:
    """Return how many events a lake holds."""
    return sum(manifest_in(folder).size for folder in folders_in(Path(lake)))


def differing(table: str, stores: list[str]) -> str:
    """Return how many cells of how many cities are equal.

    Args:
        table: the file of the country, by unit and with all lines.
        stores: of the cities that are compared, each called after its city.

    Raises:
        SystemExit: a cell differs, which it tells.
    """
    cells = 0
    for store in stores:
        code = Path(store).stem
        country, own = _of_table(table, code), _of_snapshot(store)
        if not own or country != own:
            wrong = [key for key in own.keys() | country.keys() if own.get(key) != country.get(key)]
            raise SystemExit(f"city {code} differs at {wrong[:3]}")
        cells += len(own) * len(COLUMNS)
    return f"all {cells} cells of {len(stores)} cities equal to those of their own snapshots"


def _of_table(table: str, code: str) -> Cells:
    rows = pq.read_table(table, filters=[("city", "=", code)]).to_pylist()
    return {(row["unit"], row["line"]): {name: _in_table(row, name) for name in COLUMNS} for row in rows}


def _in_table(row: dict[str, Any], name: str) -> object:
    if name == "percent":
        return row.get(name)
    if row[f"{name}_complete"] is False:
        return row[f"{name}_known_cents"], row[f"{name}_through"] and row[f"{name}_through"].isoformat()
    return row[f"{name}_cents"]


def _of_snapshot(store: str) -> Cells:
    asked = ["snapshot", PERIOD, "--lines", "all", "--format", "json"]
    printed = subprocess.run(heinola("--store", store, *asked), check=True, capture_output=True).stdout
    return {
        (unit["code"], row["line"]): {name: _in_snapshot(row, name) for name in COLUMNS}
        for unit in orjson.loads(printed)["units"]
        for row in unit["figures"]
    }


def _in_snapshot(row: dict[str, Any], name: str) -> object:
    part = row.get("partial", {}).get(name)
    if part is not None:
        return part["cents"], part["through"]
    value = row[name]
    return value["cents"] if isinstance(value, dict) else value
