"""The snapshot in JSON (`heinola/snapshot/2`), and back: equal snapshots give equal bytes, whose digest is sealed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache, partial
from typing import Any

import orjson
from attrs import field, frozen

from events.period import Period
from heinola_es.errors import BadInput
from projections.snapshot.canonical import canonical_json
from projections.snapshot.codes import FINDINGS, NOTES, Parameter, ParameterKind, Parameters, Route
from projections.snapshot.columns import all_columns, columns_by_default
from projections.snapshot.forms import (
    NUMBER,
    TEXT,
    ByName,
    Form,
    Json,
    ListOf,
    Misfit,
    ObjectOf,
    OneOf,
    at,
    form_of,
    require_object,
)
from projections.snapshot.model import (
    Cell,
    Excluded,
    ExcludedRow,
    FigureRow,
    Finding,
    Indicator,
    Narrative,
    Note,
    PriorYear,
    Snapshot,
    UnitReport,
)

SCHEMA = "heinola/snapshot/2"


class UnreadableSnapshot(BadInput):
    """A document is no snapshot in a format that is known."""


def encoded(snapshot: Snapshot) -> bytes:
    """Return the snapshot as canonical JSON."""
    return canonical_json(as_json(snapshot))


def as_json(snapshot: Snapshot) -> dict[str, Json]:
    """Return the snapshot as JSON values."""
    told: dict[str, Json] = snapshot_form().write(snapshot)
    return told


def decoded(document: bytes) -> Snapshot:
    """Return the snapshot that a document holds, in this format or the first.

    Raises:
        UnreadableSnapshot: it holds none.
    """
    try:
        told = require_object(orjson.loads(document))
        if told.get("schema") == SCHEMA:
            snapshot: Snapshot = snapshot_form().read(told)
            return snapshot
        from projections.snapshot.first_format import FIRST_SCHEMA, from_first_format  # noqa: PLC0415 - seldom met

        if told.get("schema") == FIRST_SCHEMA:
            return from_first_format(told)
    except orjson.JSONDecodeError as error:
        raise UnreadableSnapshot(f"the document is no JSON ({error}); name a snapshot") from error
    except Misfit as error:
        raise UnreadableSnapshot(f"the document is no snapshot: {str(error).removeprefix('.')}") from error
    raise UnreadableSnapshot(f"the document's schema is {told.get('schema')!r}; this program reads {SCHEMA}")


@cache
def snapshot_form() -> ObjectOf:
    """Return the form of a snapshot, made from its classes."""
    prior_years = ListOf(_WithCells(PriorYear, ("cells",)))
    of_before: Mapping[str, Form] = {"prior_years": prior_years}
    notes = ByName(_WithParameters(Note, ("parameters",), codes=NOTES))
    rows = _WithCells(FigureRow, ("cells", "percents"), {"notes": notes, "prior_years": prior_years})
    of_unit = {
        "figures": ListOf(rows),
        "narratives": ListOf(_WithPeriod(Narrative, ("period",))),
        "indicators": ListOf(_WithPeriod(Indicator, ("period",))),
    }
    units = ListOf(ObjectOf(UnitReport, forms=of_unit))
    findings = ListOf(_WithParameters(Finding, ("parameters",), codes=FINDINGS))
    excluded = ListOf(ObjectOf(Excluded, forms={"figures": ListOf(_WithCells(ExcludedRow, ("cells",), of_before))}))
    return _Whole(Snapshot, ("period", "columns"), {"units": units, "findings": findings, "excluded": excluded})


_DAY = form_of(date)
_CELL: Form = OneOf((form_of(Cell),), or_null=True)
_PER_CENT: Form = OneOf((form_of(Decimal),), or_null=True)
_PARAMETERS: Mapping[ParameterKind, Form] = {
    **dict.fromkeys(("number", "cents", "position"), NUMBER),
    "text": TEXT,
    "route": form_of(Route),
    "period": form_of(Period),
    "periods": form_of(tuple[Period, ...]),
    "day": _DAY,
    "codes": form_of(tuple[str, ...]),
    "positions": form_of(tuple[int, ...]),
}


class _Whole(ObjectOf):
    """The snapshot: which format it is of, and what its figures cover, stand beside its fields."""

    def add_besides(self, value: Snapshot, told: dict[str, Json]) -> None:
        cumulative = value.cumulative
        told["schema"] = SCHEMA
        told["period"] = {**_days(value.period), "label": value.period.label}
        told["cumulative"] = {**_days(cumulative), "months": cumulative.end.month}

    def from_besides(self, found: dict[str, Json]) -> dict[str, Any]:
        return {"period": at(".period", _period_of, found.get("period")), "columns": _columns_of(found)}

    def schema_of_besides(self) -> dict[str, Json]:
        days = {"start": _DAY.schema(), "end": _DAY.schema()}
        period, cumulative = days | {"label": TEXT.schema()}, days | {"months": NUMBER.schema()}
        return {
            "properties": {"schema": {"const": SCHEMA}, "period": _all_of(period), "cumulative": _all_of(cumulative)},
            "required": ["schema", "period", "cumulative"],
        }


class _WithPeriod(ObjectOf):
    """What is about a period: its label, as a Finnish report prints it, and its days."""

    def add_besides(self, value: Narrative | Indicator, told: dict[str, Json]) -> None:
        told |= {"period": value.period.label, **_days(value.period)}

    def from_besides(self, found: dict[str, Json]) -> dict[str, Any]:
        return {"period": _period_of(found)}

    def schema_of_besides(self) -> dict[str, Json]:
        properties = {"period": TEXT.schema(), "start": _DAY.schema(), "end": _DAY.schema()}
        return {"properties": properties, "required": list(properties)}


class _WithCells(ObjectOf):
    """A row of figures, or a part of one: its columns stand beside its fields."""

    def add_besides(self, value: FigureRow | PriorYear | ExcludedRow, told: dict[str, Json]) -> None:
        told |= {  # by hand: there are cells by the ten thousand
            name: None if cell is None else {"cents": cell.cents, "precision_cents": cell.precision_cents}
            for name, cell in value.cells.items()
        }
        if isinstance(value, FigureRow):
            for name, percent in value.percents.items():
                told[name] = None if percent is None else str(percent)

    def from_besides(self, found: dict[str, Json]) -> dict[str, Any]:
        of_kind: dict[bool, dict[str, Any]] = {True: {}, False: {}}
        for column in all_columns():
            if column.name in found:
                form = _CELL if column.is_amount else _PER_CENT
                of_kind[column.is_amount][column.name] = at(f".{column.name}", form.read, found[column.name])
        return {"cells": of_kind[True]} | ({"percents": of_kind[False]} if self.kind is FigureRow else {})

    def schema_of_besides(self) -> dict[str, Json]:
        columns = [c for c in all_columns() if self.kind is FigureRow or (c.years_back and c.is_amount)]
        return {
            "properties": {c.name: (_CELL if c.is_amount else _PER_CENT).schema() for c in columns},
            "required": [c.name for c in columns if c.by_default],
        }


@frozen(slots=False, eq=False, repr=False)
class _WithParameters(ObjectOf):
    """What the product observes: its parameters are those of its code, by the kinds that `codes` tells."""

    codes: Mapping[str, Parameters] = field(kw_only=True)

    def add_besides(self, value: Finding | Note, told: dict[str, Json]) -> None:
        kinds = self.codes[value.code]
        told["parameters"] = {name: _PARAMETERS[kinds[name]].write(it) for name, it in value.parameters.items()}

    def from_besides(self, found: dict[str, Json]) -> dict[str, Any]:
        return {"parameters": at(".parameters", partial(self._parameters, found.get("code")), found.get("parameters"))}

    def _parameters(self, code: Json, told: Json) -> dict[str, Parameter]:
        kinds = self.codes.get(code) if isinstance(code, str) else None
        if kinds is None:
            raise Misfit(f"belong to the code {code!r}, which this program does not know")
        told = require_object(told)
        if missing := kinds.keys() - told.keys():
            raise Misfit(f"have no {', '.join(sorted(missing))}")
        return {name: at(f".{name}", _PARAMETERS[kind].read, told[name]) for name, kind in kinds.items()}

    def schema_of_besides(self) -> dict[str, Json]:
        codes = [
            {"properties": {"code": {"const": code}, "parameters": _all_of(_described(kinds))}}
            for code, kinds in self.codes.items()
        ]
        return {"properties": {"parameters": {"type": "object"}}, "required": ["parameters"], "oneOf": codes}


def _described(kinds: Parameters) -> dict[str, Json]:
    return {name: _PARAMETERS[kind].schema() for name, kind in kinds.items()}


def _days(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _period_of(told: Json) -> Period:
    """Return the period from the first to the last day that an object tells."""
    found = require_object(told)
    first, last = (at(f".{name}", _DAY.read, found.get(name)) for name in ("start", "end"))
    if last < first:
        raise Misfit(f"ends on {last}, before it starts on {first}")
    return Period(first, last)


def _columns_of(found: dict[str, Json]) -> tuple[str, ...]:
    """Return the columns that the rows of a document have; where there are no rows, those that every report has."""
    rows = (row for unit in found.get("units") or () for row in unit.get("figures") or ())
    known = next((row.keys() for row in rows), None)
    columns = columns_by_default() if known is None else [c for c in all_columns() if c.name in known]
    return tuple(column.name for column in columns)


def _all_of(properties: dict[str, Json]) -> dict[str, Json]:
    return {"type": "object", "properties": properties, "required": list(properties)}
