"""The proof that a report carries, taken out of its text: nothing of it is believed before it is looked at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast, get_args

from attrs import frozen

from projections.documents.printed import NoProof
from projections.report.content.carried import SCHEMA
from projections.report.content.document import NumberForm, OfColumn, OfRow
from projections.report.language.languages import LANGUAGES

if TYPE_CHECKING:
    from projections.documents.printed import PrintedReport


@frozen(slots=True)
class ProofColumn:
    """A column that a table should have: its header, and the column of the snapshot that it shows, if any."""

    title: str
    of: OfColumn | None


@frozen(slots=True)
class ProofRow:
    """A row that a table should have.

    Attributes:
        cells: their texts; None where the snapshot says it. Of a heading there is one.
        of: the row of the snapshot that it shows, if any.
        heading: whether it is one inside the table.
    """

    cells: tuple[str | None, ...]
    of: OfRow | None
    heading: bool


@frozen(slots=True)
class ProofTable:
    """A table that the report should have."""

    caption: str
    columns: tuple[ProofColumn, ...]
    rows: tuple[ProofRow, ...]


@frozen(slots=True, kw_only=True)
class CarriedProof:
    """What a report carries along.

    Attributes:
        language: of the report.
        word: what stands before the number of a table, in that language.
        snapshot: the bytes whose digest a seal holds.
        seal: its text, or empty.
        tables: in their order.
    """

    language: str
    word: str
    snapshot: bytes
    seal: str
    tables: tuple[ProofTable, ...]


def proof_in(report: PrintedReport, name: str) -> CarriedProof:
    """Return the proof that a report carries.

    Raises:
        NoProof: it is damaged, or of another kind than this program knows.
    """
    try:
        told = json.loads(report.proof)
        schema = told.get("schema") if isinstance(told, dict) else None
        if schema == SCHEMA:
            return _proof(report, told)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise NoProof(f"the proof in {name} is damaged ({_why(error)}); ask for the file as it was published") from None
    if isinstance(schema, str) and schema.startswith(SCHEMA.rpartition("/")[0]):
        raise NoProof(f"the proof in {name} is of the kind {schema[:40]}, which a newer version of heinola checks")
    raise NoProof(f"the proof in {name} is damaged: it does not say what it is; ask for the file as it was published")


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"it breaks off or is no JSON, at character {error.pos}"
    return "a part of it is missing or is something else"


def _proof(report: PrintedReport, told: dict[str, Any]) -> CarriedProof:
    snapshot, seal = report.snapshot or told["snapshot"], report.seal or told.get("seal", "")
    language = _text(told["language"])
    if language not in LANGUAGES:
        raise ValueError(language)
    return CarriedProof(
        language=language,
        word=_text(told["word"]),
        snapshot=_text(snapshot).encode(),
        seal=_text(seal),
        tables=tuple(map(_table, told["tables"])),
    )


def _table(told: dict[str, Any]) -> ProofTable:
    columns = tuple(ProofColumn(_text(each["title"]), _column(each.get("of"))) for each in told["columns"])
    rows = tuple(map(_row, told["rows"]))
    if any(not row.heading and len(row.cells) != len(columns) for row in rows):
        raise ValueError("a row has not as many cells as there are columns")
    return ProofTable(_text(told["caption"]), columns, rows)


def _row(told: dict[str, Any]) -> ProofRow:
    if "heading" in told:
        return ProofRow((_text(told["heading"]),), None, heading=True)
    cells = tuple(None if cell is None else _text(cell) for cell in told["cells"])
    of = told.get("of")
    if of is None:
        if None in cells:
            raise ValueError("a row of nothing says nothing")
        return ProofRow(cells, None, heading=False)
    unit, line, external = of
    return ProofRow(cells, OfRow(_text(unit), _text(line), bool(external)), heading=False)


def _column(told: list[Any] | None) -> OfColumn | None:
    if told is None:
        return None
    name, year, form = told
    if form not in get_args(NumberForm) or not (year is None or isinstance(year, int)):
        raise ValueError(form)
    return OfColumn(_text(name), year, cast("NumberForm", form))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()  # half of a pair is no text; a ValueError
    return value
