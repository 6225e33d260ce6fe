"""The descriptor of a data package: `datapackage.json`, Data Package 2.0, with what readers of 1.0 look for."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from attrs import frozen

from projections.writers.datapackage.csv_file import DIALECT
from projections.writers.datapackage.licences import Licence
from projections.writers.datapackage.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.writers.datapackage.tables import Table

PATH = "datapackage.json"
FORMAT = "heinola/datapackage/1"
"""Of our own property in the descriptor, by which a package of ours is recognised."""
STRUCTURE_VERSION = 1
"""First number of a package's version: raised when a column is renamed, dropped or given another meaning."""
_SCHEMA = "https://datapackage.org/profiles/2.0/datapackage.json"
_ABOUT = (
    "Figures, goals, indicators and projects of the interim reports (osavuosikatsaus) of a Finnish city, out of its "
    "log of recorded events.\n\n"
    "Amounts are in euros with a point before the cents; income is positive, expenses are negative. An empty cell "
    "means that nobody stated it; it is never 0. Figures are cumulative from 1 January to the end of the period.\n\n"
    "In texts, what a spreadsheet might run as a formula is preceded by an apostrophe. Persons responsible for "
    "projects are left out.\n\n"
    "periods.csv says which events each report rests on and holds the SHA-256 of the report as data."
)


@frozen(slots=True, kw_only=True)
class About:
    """What a package is about.

    Attributes:
        city: whose data it is.
        city_code: its municipal code, or empty.
        unit: code of the only unit shown with what stands under it, or None for the whole city.
        labels: the periods in words.
        licence: what it is given away under.
        position: of the last event that anything in the package rests on.
        root: hex root of the log's tree at that position.
        recorded: when that event was recorded, RFC 3339.
    """

    city: str
    city_code: str
    unit: str | None
    labels: tuple[str, ...]
    licence: Licence
    position: int
    root: str
    recorded: str

    @property
    def name(self) -> str:
        """The package's name, the same for every period: lower-case ASCII letters, digits and hyphens."""
        return "-".join(filter(None, (_slug(self.city) or "city", "interim-report", _slug(self.unit or ""))))

    @property
    def title(self) -> str:
        """The package's name for people."""
        of_unit = "" if self.unit is None else f", unit {self.unit}"
        return f"{self.city}{of_unit}: interim report (osavuosikatsaus) {', '.join(self.labels)}"


def descriptor_of(about: About, files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the descriptor of a package that consists of these files, by path."""
    return {
        "$schema": _SCHEMA,
        "profile": "tabular-data-package",
        "name": about.name,
        "title": about.title,
        "description": _ABOUT,
        "version": f"{STRUCTURE_VERSION}.{about.position}.0",
        "created": about.recorded,
        "keywords": ["osavuosikatsaus", "talousarvio", "toteuma", "kunta", "municipal budget", "interim report"],
        "licenses": [{"name": about.licence.name, "title": about.licence.title, "path": about.licence.path}],
        "contributors": [{"title": about.city, "role": "publisher", "roles": ["publisher"]}],
        "sources": [
            {
                "title": f"Log of events of {about.city}, events 1–{about.position}, SHA-256 root {about.root}",
                "version": str(about.position),
            }
        ],
        "heinola": {
            "format": FORMAT,
            "city": about.city,
            **({"city_code": about.city_code} if about.city_code else {}),
            "unit": about.unit,
            "position": about.position,
            "root_sha256": about.root,
        },
        "resources": [_resource(table, files[table.path]) for table in TABLES],
    }


def _resource(table: Table, content: bytes) -> dict[str, Any]:
    return {
        "name": table.name,
        "path": table.path,
        "type": "table",
        "profile": "tabular-data-resource",
        "title": table.title,
        "description": table.description,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{sha256(content).hexdigest()}",
        "dialect": DIALECT,
        "schema": table.schema(),
    }


def _slug(text: str) -> str:
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")
