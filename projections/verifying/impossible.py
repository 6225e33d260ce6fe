"""Facts that no command records: of units that never were, or cannot stand so; months and numbers that are none.

Readers leave them out or refuse to go on; whoever checks is told which events they are. What was undone is no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from heinola_es.domain.aggregates.standing_units import CannotStand
from heinola_es.domain.amounts import number_or_none
from heinola_es.domain.value_rule.coverage import is_month
from projections.read_models.moment import one_moment
from projections.read_models.organisation import known_units
from projections.read_models.without import left_out
from projections.verifying.problems import Problem, number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from projections.verifying.workbench import Workbench

_UNITS = (
    "SELECT unit FROM main.rm_totals UNION SELECT unit FROM main.rm_unread UNION SELECT unit FROM main.rm_statements "
    "UNION SELECT unit FROM main.rm_closings UNION SELECT key FROM main.rm_words "
    "UNION SELECT unit FROM main.rm_decisions"
)
_EVENTS = "SELECT position, state FROM store.stored_events WHERE position <= ? ORDER BY position"
_PERCENTS = "SELECT position, percent FROM main.rm_statements WHERE percent IS NOT NULL"
_INDICATORS = "SELECT position, body FROM main.rm_words WHERE topic = 'IndicatorObserved'"
_PROJECTS = "SELECT position, body FROM main.rm_projects"
_COVERAGE = "SELECT position, units, months, years, lines, topic FROM main.rm_coverage"
_LEFT_OUT = "it is left out of every figure; take it back with `heinola undo {at}`"
_STANDS = "no report can be shown; take it back with `heinola undo {at}`"
Flaw = tuple[int, str]
"""The position of an event, and what is wrong with it."""


def impossible_problems(bench: Workbench) -> Iterator[Problem]:
    """Yield the facts that count and cannot be, by the read models that were made anew."""
    with one_moment(bench):
        absent = left_out(bench, bench.upto).positions
        try:
            units = known_units(bench, bench.upto)
        except CannotStand as error:
            message = str(error).partition(", so nothing")[0]
            yield Problem("event", error.position, error.position, message, _STANDS.format(at=error.position))
            return
        found = [*_of_no_unit(bench, units), *_of_no_number(bench), *_of_no_month(bench, units)]
    for position, flaw in sorted(found):
        if position not in absent:
            message = f"event {number(position)} {flaw}"
            yield Problem("event", position, position, message, _LEFT_OUT.format(at=position))


def _of_no_unit(bench: Workbench, units: Collection[str]) -> Iterator[Flaw]:
    """Yield the facts of units that were never established; the log is gone through only where there is any."""
    told = {unit for (unit,) in bench.connection.execute(_UNITS)}
    told |= {str(body["unit"]) for _at, body in _projects(bench) if body.get("unit")}
    unknown = told.difference(units)
    if not unknown:
        return
    for position, state in bench.connection.execute(_EVENTS, (bench.upto,)):
        unit = orjson.loads(state).get("unit")
        if unit in unknown:
            yield position, f"is of the unit {unit!r}, which was never established"


def _of_no_number(bench: Workbench) -> Iterator[Flaw]:
    percents = list(bench.connection.execute(_PERCENTS))
    percents += [(at, body["percent"]) for at, body in _projects(bench) if body.get("percent") is not None]
    for position, percent in percents:
        if number_or_none(percent) is None:
            yield position, f"tells {percent[:40]!r} per cent, which is no number"
    for position, text in bench.connection.execute(_INDICATORS):
        value = orjson.loads(text)["value"]
        if number_or_none(value) is None:
            yield position, f"tells {value[:40]!r} of a statistic, which is no number"


def _of_no_month(bench: Workbench, units: Collection[str]) -> Iterator[Flaw]:
    """Yield where it is said that books are complete for no month, on no line or of no unit."""
    lines = bench.charts(bench.upto, left_out(bench, bench.upto).positions).joined.lines
    for position, *texts, topic in bench.connection.execute(_COVERAGE):
        of_units, months, _years, on_lines = map(orjson.loads, texts)
        of_none = [one for one in of_units if one not in units] if topic != "FileImported" else []
        odd = [*(one for one in months if not is_month(one)), *(one for one in on_lines if one not in lines), *of_none]
        if odd:
            yield position, f"says of {odd[0][:40]!r} that books are complete or not, and there is no such thing"


def _projects(bench: Workbench) -> Iterator[tuple[int, dict[str, Any]]]:
    for position, text in bench.connection.execute(_PROJECTS):
        yield position, orjson.loads(text)
