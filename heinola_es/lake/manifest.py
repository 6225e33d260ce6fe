"""What a lake says that it holds of a city: its files, each with its digest, and the head of the log's tree.

    LAKE/city=ESI/_manifest.json
    LAKE/city=ESI/year=2024/0000000001-0000003230.parquet

A file that no manifest names is no part of the lake. The names of the folders are as other programs know them, so that
city and fiscal year are columns to them.
"""

from __future__ import annotations

import re
from base64 import b64decode
from typing import TYPE_CHECKING
from urllib.parse import quote

import orjson
from attrs import field, frozen

from events.value_object import ValueObject
from heinola_es.errors import BadInput, Refused
from heinola_es.files.input_files import read_bounded
from heinola_es.sealing.seals import root_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMAT = "heinola/lake/1"
NAME = "_manifest.json"
LIMIT_BYTES = 100 << 20
_FILE = re.compile(r"year=(\d{4})/\d{10,19}-\d{10,19}\.parquet")
_DIGEST = re.compile("[0-9a-f]{64}")


class LakeDamaged(Refused):
    """What a lake says of itself cannot be read, or is not so."""


@frozen(slots=True, eq=False, repr=False)
class PartFile(ValueObject):
    """A file of a lake.

    Attributes:
        name: below the city's folder.
        sha256: hex digest of its bytes.
        first, last: positions of its first and its last event; between them are those of one fiscal year.
        events: how many it holds.
    """

    name: str
    sha256: str
    first: int
    last: int
    events: int

    @property
    def year(self) -> int:
        """The fiscal year of its events."""
        return int(self.name[5:9])


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Manifest(ValueObject):
    """What a lake holds of a city.

    Attributes:
        code: of the city in the lake.
        city, chart: as its store says.
        size, root: how many events there are, and the RFC 6962 root over them.
        recorded: the instant of the last, as stored text.
        files: those that hold them.
    """

    code: str
    city: str
    chart: str
    size: int
    root: bytes
    recorded: str
    files: tuple[PartFile, ...] = field(factory=tuple)

    def content(self) -> bytes:
        """Return the bytes that `read_manifest` reads."""
        told = {
            "format": FORMAT,
            "code": self.code,
            "city": self.city,
            "chart": self.chart,
            "size": self.size,
            "root": root_text(self.root),
            "recorded": self.recorded,
            "files": [
                {"name": one.name, "sha256": one.sha256, "first": one.first, "last": one.last, "events": one.events}
                for one in self.files
            ],
        }
        return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def folder_of(lake: Path, code: str) -> Path:
    """Return the folder of a city in a lake."""
    return lake / f"city={quote(code, safe='')}"


def folders_in(lake: Path) -> list[Path]:
    """Return the folders of the cities of a lake, in the order of their names.

    Raises:
        BadInput: it is no lake.
    """
    if not lake.is_dir():
        raise BadInput(f"{lake} is no folder; write a lake with `heinola lake write {lake}`")
    found = sorted(path for path in lake.glob("city=*") if path.is_dir())
    if not found:
        raise BadInput(f"{lake} holds no city; write one with `heinola lake write {lake}`")
    return found


def manifest_in(folder: Path) -> Manifest:
    """Return what a lake says that it holds of a city.

    Raises:
        LakeDamaged: it says nothing, or nothing that can be read.
    """
    path = folder / NAME
    try:
        told = orjson.loads(read_bounded(path, LIMIT_BYTES, "no manifest of a lake is so long"))
    except OSError as error:
        raise LakeDamaged(f"{path} cannot be read ({error.strerror}); write the city again into a new lake") from error
    except ValueError as error:
        raise LakeDamaged(f"{path} was damaged, it is no JSON; write the city again into a new lake") from error
    try:
        manifest = _parsed(told)
    except (KeyError, TypeError, ValueError) as error:
        raise LakeDamaged(f"{path} is not as a manifest is written ({error}); write the city again") from error
    if folder_of(folder.parent, manifest.code) != folder:
        raise LakeDamaged(f"{path} is of the city {manifest.code!r}, whose folder it is not in")
    return manifest


def _parsed(told: Mapping[str, object]) -> Manifest:
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        found = told.get("format") if isinstance(told, dict) else told
        raise ValueError(f"its format is {found!r}, and this version knows {FORMAT!r}")
    files = tuple(_file(one) for one in _list(told["files"]))
    manifest = Manifest(
        code=_text(told["code"]),
        city=_text(told["city"]),
        chart=_text(told["chart"]),
        size=_count(told["size"]),
        root=b64decode(_text(told["root"]), validate=True),
        recorded=_text(told["recorded"]),
        files=files,
    )
    if sum(one.events for one in files) != manifest.size:
        raise ValueError("its files do not hold as many events as it says")
    return manifest


def _file(told: object) -> PartFile:
    if not isinstance(told, dict):
        raise TypeError("a file is none")
    first, last, events = (_count(told[name]) for name in ("first", "last", "events"))
    name, digest = _text(told["name"]), _text(told["sha256"])
    if not _FILE.fullmatch(name) or not _DIGEST.fullmatch(digest) or not 0 < events <= last - first + 1:
        raise ValueError(f"the file {name[:80]!r} is none of a lake's")
    return PartFile(name, digest, first, last, events)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError("its files are no list")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{str(value)[:40]!r} is no text")
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError(f"{str(value)[:40]!r} is no number of events")
    return value
