"""The cells of many cities' snapshots, a process per core, each city by itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from events.value_object import ValueObject
from heinola_es.errors import HeinolaError
from heinola_es.lake.manifest import manifest_in
from heinola_es.lake.reading import rows_of
from heinola_es.store.in_memory import LogInMemory
from projections.country.table import Cells, cells_of
from projections.read_models.city import city_of
from projections.read_models.moment import answered
from projections.snapshot.columns import shown_once
from projections.snapshot.taking import SnapshotQuery, Taking, look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heinola_es.store.reading import LogReader

KINDS = {"city": ("city",), "sector": ("city", "sector"), "unit": ()}
"""The kinds of unit whose rows are wanted, by what `--by` names; none are all."""

_NO_ROWS = "it has no figures of a unit of kind {kind} there; ask for those below, with --by sector or --by unit"


@frozen(slots=True, eq=False, repr=False)
class Question(ValueObject):
    """What is asked of every city.

    Attributes:
        query: of its snapshot.
        by: whose rows are wanted, a name in `KINDS`.
    """

    query: SnapshotQuery
    by: str = "unit"


@frozen(slots=True, eq=False, repr=False)
class CityAnswer(ValueObject):
    """What a city answered.

    Attributes:
        folder: the name of its folder in the lake.
        rows: its cells.
        error: why there are none, in a sentence; else empty.
    """

    folder: str
    rows: Sequence[Cells] = ()
    error: str = ""


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
    """Return how many bytes a city's files have: the largest city is begun first, so that none is waited for at last."""
    return sum(path.stat().st_size for path in folder.glob("year=*/*.parquet"))


def answer_of(folder: Path, question: Question) -> CityAnswer:
    """Return what a city answers; where it cannot, why."""
    try:
        manifest = manifest_in(folder)
        with LogInMemory(str(folder), rows_of(folder, manifest)) as reader:
            rows = answered(reader, lambda: _rows(reader, manifest.code, question))
    except HeinolaError as error:
        return CityAnswer(folder.name, error=str(error))
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # one city never stops the others
        return CityAnswer(folder.name, error=f"its log cannot be read ({type(error).__name__}: {error})")
    return CityAnswer(folder.name, rows, "" if rows else _NO_ROWS.format(kind=question.by))


def _rows(reader: LogReader, code: str, question: Question) -> list[Cells]:
    """Return the cells of the units that are asked for, as they stand in the city's snapshot."""
    view, kinds = look(reader, question.query), KINDS[question.by]
    taking = Taking(view, question.query)
    wanted = [unit for unit in taking.codes if not kinds or view.organisation.units[unit].kind in kinds]
    city = city_of(reader, view.upto).name
    columns = shown_once(tuple(column.name for column in taking.shown), question.query.period)
    return cells_of(code, city, columns, map(taking.unit, wanted))
