"""A file of facts, as it comes: TOML, CSV or JSON Lines into facts with their places, and what is wrong with them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from io import StringIO
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from heinola_es.errors import BadInput, nearest
from heinola_es.files.input_files import read_bounded
from heinola_es.files.toml_tables import MOST_TOLD, toml_in
from heinola_es.importing.facts.kinds import BY_NAME, EVERY, Kind
from heinola_es.importing.facts.schema import FACT
from heinola_es.importing.files import utf8_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LIMIT_BYTES = 20_000_000
"""What a large city has to say about a year is a tenth of it."""
ENDINGS = (".toml", ".csv", ".jsonl")
DEFAULTS = "defaults"
_DELIMITERS = "\t;,"
_LONGEST_CELL = 1_000_000
_LONGEST_NAME = 100


@frozen(slots=True)
class Fact:
    """A fact of a file.

    Attributes:
        where: its place in the file: `row 4`, `goal[2]`.
        kind: what it is.
        values: as its decision takes them, by key; those that are wrong are left out.
    """

    where: str
    kind: Kind
    values: Mapping[str, Any]


@define(slots=True)
class FactsFile:
    """A file of facts.

    Attributes:
        name: without its folder.
        sha256: hex digest of its bytes.
        facts: in the order of the file.
        wrong: what is wrong with it, a sentence each, with the place.
        spoiled: the facts that something is wrong with.
    """

    name: str
    sha256: str
    facts: list[Fact] = field(factory=list)
    wrong: list[str] = field(factory=list)
    spoiled: list[Fact] = field(factory=list)


def read_facts(path: Path) -> FactsFile:
    """Return the facts of a file, with all that is wrong with it.

    Args:
        path: of TOML (`.toml`), CSV (`.csv`) or JSON Lines (`.jsonl`), in UTF-8.

    Raises:
        BadInput: it cannot be read at all.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(f"facts are read from {', '.join(ENDINGS)}; {path.name} is none of them, rename it or write one")
    try:
        content = read_bounded(path, LIMIT_BYTES, "facts of a city are far less, check the file")
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path} is not UTF-8 text; save it as UTF-8") from None
    file = FactsFile(utf8_name(path.name), sha256(content).hexdigest())
    read = {".toml": _toml, ".csv": _csv, ".jsonl": _json_lines}[ending]
    for where, name, said in read(text, file):
        _take(file, where, name, said)
    if not (file.facts or file.wrong):
        raise BadInput(f"{path.name} has no facts in it; see docs/facts.md")
    return file


_Said = tuple[str, str, dict[str, Any]]
"""The place of a fact, the name of its kind, and what it says."""


def _take(file: FactsFile, where: str, name: str, said: dict[str, Any]) -> None:
    """Read the values of a fact, and take note of all that is wrong with it."""
    kind = BY_NAME.get(name)
    if kind is None:
        meant = _nearest(file, name, BY_NAME) or f"; it is one of {', '.join(BY_NAME)}"
        file.wrong.append(f"{where}: there is no fact {name[:40]!r}{meant}")
        return
    values: dict[str, Any] = {}
    before = len(file.wrong)
    known = {key.name: key for key in (*kind.keys, *EVERY)}
    for key, value in said.items():
        if key not in known:
            file.wrong.append(f"{where}: {key[:40]} is no key of {name}{_nearest(file, key, known)}; remove it")
            continue
        try:
            values[key] = known[key].value.read(value)
        except BadInput as error:
            file.wrong.append(f"{where}: {key}: {error}")
    for needed in kind.keys:
        if needed.required and needed.name not in said:
            file.wrong.append(f"{where}: {needed.name} is missing: {needed.about}")
    fact = Fact(where, kind, values)
    (file.facts if len(file.wrong) == before else file.spoiled).append(fact)


def _nearest(file: FactsFile, wanted: str, known: Iterable[str]) -> str:
    """Return `nearest`, as long as anybody will read it: of very many complaints the first are told."""
    return nearest(wanted[:_LONGEST_NAME], known) if len(file.wrong) <= MOST_TOLD else ""


# ---------------------------------------------------------------- the three ways of writing


def _toml(text: str, file: FactsFile) -> Iterator[_Said]:
    document = toml_in(text.replace("\r\n", "\n"), file.name, kind="a file of facts", parse_float=Decimal)
    defaults = document.pop(DEFAULTS, {})
    if not isinstance(defaults, dict):
        file.wrong.append(
            f"{DEFAULTS} should be a table, [{DEFAULTS}], of what holds for every fact that has such a key"
        )
        defaults = {}
    _check_defaults(defaults, file)
    for name, said in document.items():
        tables = said if isinstance(said, list) else [said]
        if not all(isinstance(table, dict) for table in tables):
            file.wrong.append(f"{name[:40]} should be a list of tables; write each under [[{name[:40]}]]")
            continue
        for number, table in enumerate(tables, 1):
            yield f"{name[:40]}[{number}]", name, _with_defaults(name, table, defaults)


def _check_defaults(defaults: dict[str, Any], file: FactsFile) -> None:
    known = {key.name for kind in BY_NAME.values() for key in (*kind.keys, *EVERY)}
    for key in defaults:
        if key not in known:
            file.wrong.append(f"{DEFAULTS}: {key[:40]} is a key of no fact{_nearest(file, key, known)}; remove it")


def _with_defaults(name: str, table: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    kind = BY_NAME.get(name)
    keys = {key.name for key in (*kind.keys, *EVERY) if key.required or key in EVERY} if kind else set()
    return {key: value for key, value in defaults.items() if key in keys} | table


def _csv(text: str, file: FactsFile) -> Iterator[_Said]:
    delimiter = max(_DELIMITERS, key=text.partition("\n")[0].count)
    header, *rows = _csv_rows(text, file.name, delimiter) or [[]]
    names = [name.strip() for name in header]
    if FACT not in names:
        raise BadInput(f"{file.name} has no column {FACT}, which says of which kind each row is; see docs/facts.md")
    if twice := [name for name in dict.fromkeys(names) if name and names.count(name) > 1]:
        raise BadInput(f"{file.name} has the column {twice[0][:40]!r} twice; take one away")
    for number, cells in enumerate(rows, 2):
        said = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell.strip()}
        if said:
            beyond = [cell for cell in cells[len(names) :] if cell.strip()]
            if beyond:
                file.wrong.append(
                    f"row {number}: {beyond[0][:40]!r} stands in no column; check the marks between cells"
                )
            yield f"row {number}", str(said.pop(FACT, "")).strip(), said


def _csv_rows(text: str, name: str, delimiter: str) -> list[list[str]]:
    usual = csv.field_size_limit(_LONGEST_CELL)  # of the whole program, in which others rely on theirs
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(rows)
    except csv.Error as error:
        raise BadInput(f"{name} is not CSV: {error}, near line {rows.line_num}; mend it there") from None
    finally:
        csv.field_size_limit(usual)


def _json_lines(text: str, file: FactsFile) -> Iterator[_Said]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line, parse_float=Decimal)
        except (ValueError, RecursionError):
            file.wrong.append(f"line {number}: it is no JSON; write one object on a line")
            continue
        if not isinstance(said, dict) or not isinstance(said.get(FACT), str):
            file.wrong.append(f'line {number}: it does not say of which kind it is; write {{"{FACT}": "goal", …}}')
            continue
        yield f"line {number}", said.pop(FACT), {key: value for key, value in said.items() if value is not None}
