"""How these tests make packages, write them down and read them back."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import TYPE_CHECKING, Any

import frictionless

from heinola_es.domain.periods import parse_reporting_period
from heinola_es.store.reading import LogReader
from projections.writers.datapackage.package import PackageQuery, build_package

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Files = dict[str, bytes]


def package_of(location: Path | str, *periods: str, **query: Any) -> Files:  # noqa: ANN401 - fields of the query
    """Return the package of periods written as people write them."""
    with LogReader.open(str(location)) as reader:
        return build_package(reader, PackageQuery(periods=tuple(map(parse_reporting_period, periods)), **query))


def descriptor(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the descriptor as data."""
    told: dict[str, Any] = json.loads(files["datapackage.json"])
    return told


def rows(files: Mapping[str, bytes], table: str) -> list[dict[str, str]]:
    """Return the rows of a table as Python's own reader has them."""
    return list(csv.DictReader(StringIO(files[f"{table}.csv"].decode(), newline=""), strict=True))


def errors_in(files: Mapping[str, bytes], directory: Path) -> list[str]:
    """Return what an independent reader of data packages has against this one, by kind: nothing where it is valid."""
    directory.mkdir(exist_ok=True)
    for path, content in files.items():
        (directory / path).write_bytes(content)
    report = frictionless.validate(str(directory / "datapackage.json"))
    assert report.valid == (not report.flatten(["type"]))
    return sorted({kind for (kind,) in report.flatten(["type"])})
