"""The cells of many cities' snapshots, a process per core, each city by itself."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from attrs import evolve, frozen

from events.value_object import ValueObject
from heinola_es.domain.chart import CITY
from heinola_es.errors import HeinolaError
from heinola_es.lake.columns import arrow
from heinola_es.lake.manifest import Manifest, manifest_in
from heinola_es.lake.reading import rows_of
from heinola_es.sealing.seals import root_text
from heinola_es.store.in_memory import LogInMemory
from projections.country.comparing import ComparedCity, LineFigures
from projections.country.inhabitants import NAMES, inhabitants_of
from projections.country.table import OF_A_CITY, CountryTable
from projections.read_models.city import city_of
from projections.read_models.moment import answered
from projections.snapshot.columns import all_columns, shown_once
from projections.snapshot.taking import SnapshotQuery, Taking, look
from projections.tables.figures import cells_of, types_of
from projections.tables.table import PackedCells, Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from heinola_es.store.reading import LogReader
    from projections.snapshot.model import FigureRow

KINDS = {"city": ("city",), "sector": ("city", "sector"), "unit": ()}
"""The kinds of unit whose rows are wanted, by what `--by` names; none are all."""

_COMPARED = ("actual", "prior_actual", "budget", "final_accounts")
_NO_ROWS = "it has no figures of a unit of kind {kind} there; ask for those below, with --by sector or --by unit"
NO_CITY = _NO_ROWS.format(kind="city")
"""The error of a city none of whose units is the city itself, where only these are asked for."""


@frozen(slots=True, eq=False, repr=False)
class Question(ValueObject):
    """What is asked of every city.

    Attributes:
        query: of its snapshot.
        by: whose rows are wanted, a name in `KINDS`.
        inhabitants: what the indicator may be called that says how many people live there, in small letters.
    """

    query: SnapshotQuery
    by: str = "unit"
    inhabitants: frozenset[str] = NAMES


@frozen(slots=True, eq=False, repr=False)
class CityAnswer(ValueObject):
    """What a city answered.

    Attributes:
        code: its code in the lake.
        table: its cells, a `pyarrow.Table`; None where there are none.
        error: why there are none, in a sentence; else empty.
        compared: the city itself, to be held beside others; None where none of its units is the city.
    """

    code: str
    table: Any = None
    error: str = ""
    compared: ComparedCity | None = None


def table_of(folders: Sequence[Path], question: Question, processes: int | None = None) -> CountryTable:
    """Return what cities answer as one table, in the order of the folders; see `answers`."""
    found = list(answers(folders, question, processes))
    errors = {one.code: one.error for one in found if one.error}
    cities = tuple(one.compared for one in found if one.compared is not None)
    tables = [one.table for one in found if one.table is not None]
    names = {name.removesuffix("_cents") for table in tables for name in table.column_names}
    types = types_of(OF_A_CITY, [column for column in all_columns() if column.name in names])
    if not tables:
        return CountryTable(types, (), 0, errors, cities)
    whole = arrow().concat_tables(tables, promote_options="default").select(list(types))
    return CountryTable(types, PackedCells(whole.combine_chunks()), len(tables), errors, cities)


def answers(folders: Sequence[Path], question: Question, processes: int | None = None) -> Iterator[CityAnswer]:
    """Yield what each city answers, in the order of the folders.

    Args:
        folders: of cities in a lake.
        question: put to each.
        processes: how many are at work at once; None for one per core.
    """
    number = min(processes or os.cpu_count() or 1, len(folders))
    if number <= 1:
        yield from (answer_of(folder, question) for folder in folders)
        return
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - not for one city
    from multiprocessing import get_context  # noqa: PLC0415

    with ProcessPoolExecutor(number, get_context("spawn")) as pool:
        begun = {
            folder: pool.submit(answer_of, folder, question) for folder in sorted(folders, key=_size, reverse=True)
        }
        yield from (begun.pop(folder).result() for folder in folders)


def _size(folder: Path) -> int:
    """Return how many bytes a city's files have: the largest is begun first, so that it is not waited for at last."""
    return sum(path.stat().st_size for path in folder.glob("year=*/*.parquet"))


def answer_of(folder: Path, question: Question) -> CityAnswer:
    """Return what a city answers; where it cannot, why."""
    code = unquote(folder.name.removeprefix("city="))
    try:
        manifest = manifest_in(folder)
        with LogInMemory(str(folder), rows_of(folder, manifest)) as reader:
            answer = answered(reader, lambda: _answer(reader, manifest, question))
    except HeinolaError as error:
        return CityAnswer(code, error=str(error))
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # one city never stops the others
        return CityAnswer(code, error=f"its log cannot be read ({type(error).__name__}: {error})")
    return answer if answer.table else evolve(answer, error=_NO_ROWS.format(kind=question.by))


def _answer(reader: LogReader, manifest: Manifest, question: Question) -> CityAnswer:
    """Return the cells of the units that are asked for, as they stand in the city's snapshot."""
    view, kinds = look(reader, question.query), KINDS[question.by]
    taking, name = Taking(view, question.query), city_of(reader, view.upto).name
    units = [taking.unit(unit) for unit in taking.codes if not kinds or view.organisation.units[unit].kind in kinds]
    shown = shown_once(tuple(column.name for column in taking.shown), question.query.period)
    city = {"city": manifest.code, "city_name": name}
    rows = [city | cells for cells in cells_of(shown, units)]
    table = Table(types_of(OF_A_CITY, shown), rows).arrow() if rows else None
    itself = next((unit for unit in units if unit.kind == CITY), None)
    if itself is None:
        return CityAnswer(manifest.code, table)
    lived = inhabitants_of(reader, itself.code, question.query.period, view.upto, question.inhabitants)
    lines = {row.line: LineFigures(*(_cents(row, column) for column in _COMPARED)) for row in itself.figures}
    log = manifest.size, root_text(manifest.root), manifest.recorded
    return CityAnswer(manifest.code, table, compared=ComparedCity(manifest.code, name, lived, lines, *log))


def _cents(row: FigureRow, column: str) -> int | None:
    cell = row.cell(column)
    return None if cell is None else cell.cents
