"""The snapshot's format, `heinola/snapshot/1`: every field with its type, and not one more."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any, str], None]


def text(value: Any, where: str) -> None:  # noqa: ANN401 - anything may stand there
    """Demand a text."""
    assert isinstance(value, str), f"{where}: {value!r} is no text"


def number(value: Any, where: str) -> None:  # noqa: ANN401
    """Demand a whole number, which True is not."""
    assert type(value) is int, f"{where}: {value!r} is no whole number"


def matching(pattern: str) -> Check:
    """Demand a text of this form."""

    def check(value: Any, where: str) -> None:  # noqa: ANN401
        text(value, where)
        assert re.fullmatch(pattern, value), f"{where}: {value!r} is not of the form {pattern}"

    return check


def one_of(*values: object) -> Check:
    """Demand one of these values."""

    def check(value: Any, where: str) -> None:  # noqa: ANN401
        assert value in values, f"{where}: {value!r} is none of {values}"
        assert type(value) in {type(allowed) for allowed in values}, where

    return check


def or_null(wanted: Check) -> Check:
    """Demand null or what is wanted."""

    def check(value: Any, where: str) -> None:  # noqa: ANN401
        if value is not None:
            wanted(value, where)

    return check


def either(*kinds: type) -> Check:
    """Demand a value of one of these types."""

    def check(value: Any, where: str) -> None:  # noqa: ANN401
        assert type(value) in kinds, f"{where}: {value!r}"

    return check


def list_of(wanted: Check) -> Check:
    """Demand a list whose items are all as wanted."""

    def check(value: Any, where: str) -> None:  # noqa: ANN401
        assert type(value) is list, f"{where}: {value!r} is no list"
        for index, item in enumerate(value):
            wanted(item, f"{where}[{index}]")

    return check


def fields(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Demand an object with all the required fields, any of the optional ones, and no other."""
    known = {**required, **(optional or {})}

    def check(value: Any, where: str) -> None:  # noqa: ANN401
        assert type(value) is dict, f"{where}: {value!r} is no object"
        assert required.keys() <= value.keys(), f"{where} lacks {required.keys() - value.keys()}"
        assert value.keys() <= known.keys(), f"{where} has {value.keys() - known.keys()}"
        for name, item in value.items():
            known[name](item, f"{where}.{name}")

    return check


DAY = matching(r"\d{4}-\d\d-\d\d")
LABEL = matching(r"(\d{1,2}\.\d{1,2}\.(\d{4})?–)?\d{1,2}\.\d{1,2}\.\d{4}")
PERCENT = matching(r"-?\d+\.\d\d")
DECIMAL = matching(r"-?\d+(\.\d+)?")
CELL = or_null(fields({"cents": number, "precision_cents": number}))
COLUMN = one_of("final_accounts", "prior_actual", "budget", "actual")

PARTIAL = fields(
    {"cents": number, "through": or_null(DAY), "missing_units": list_of(text), "missing_lines": list_of(text)},
    optional={"cut": list_of(number)},
)
AMOUNTS = ("final_accounts", "prior_actual", "budget", "actual")

FIGURES = fields(
    {
        "line": text,
        "label": text,
        "final_accounts": CELL,
        "prior_actual": CELL,
        "budget": CELL,
        "actual": CELL,
        "percent": or_null(PERCENT),
    },
    optional={
        "printed_label": text,
        "notes": fields({}, dict.fromkeys(AMOUNTS, text)),
        "partial": fields({}, dict.fromkeys(AMOUNTS, PARTIAL)),
        "prior_years": list_of(
            fields(
                {"year": number, "final_accounts": CELL, "prior_actual": CELL},
                {"partial": fields({}, dict.fromkeys(AMOUNTS, PARTIAL))},
            )
        ),
    },
)
GOAL = fields(
    {
        "id": text,
        "programme_goal": text,
        "binding_goal": text,
        "metric": text,
        "target_level": text,
        "status": one_of(None, "not_started", "in_progress", "achieved", "delayed", "not_achieved", "suspended"),
        "text": or_null(text),
        "strategic_goal": text,
        "subtask": text,
    }
)
UNIT = fields(
    {
        "code": text,
        "name": text,
        "kind": one_of("sector", "service_area", "unit", "investment_programme", "investment_area", "investment_item"),
        "parent": or_null(text),
        "responsible": text,
        "figures": list_of(FIGURES),
        "goals": list_of(GOAL),
        "priorities": list_of(fields({"number": number, "title": text, "metric": text, "text": or_null(text)})),
        "narratives": list_of(fields({"section": text, "programme": or_null(text), "text": text, "period": LABEL})),
        "indicators": list_of(fields({"name": text, "value": DECIMAL, "unit": text, "period": LABEL})),
        "outlook": or_null(text),
    }
)
PROJECT = fields(
    {
        **dict.fromkeys(("name", "description", "unit", "responsible", "phase", "funder", "city_decision"), text),
        "launched_as": or_null(text),
        **dict.fromkeys(("start", "end", "ended"), or_null(DAY)),
        **dict.fromkeys(("income_cents", "expense_cents", "city_share_cents"), or_null(number)),
        **dict.fromkeys(("administrator", "amount_notes", "other", "text"), text),
        "budget_years": list_of(number),
        "percent": or_null(DECIMAL),
    }
)
FINDING = fields(
    {
        "kind": one_of("rounding", "mismatch", "incomplete", "inferred", "unparsed"),
        "unit": or_null(text),
        "line": or_null(text),
        "column": or_null(one_of("final_accounts", "prior_actual", "budget", "actual", "percent", "projects")),
        "stated": either(int, str, type(None)),
        "computed": either(int, str, type(None)),
        "message": text,
    }
)
UNPLACED = fields(
    {
        "column": one_of("actual", "prior_actual"),
        "position": number,
        "unit": text,
        "line": text,
        "start": DAY,
        "end": DAY,
        "cents": number,
    }
)
SNAPSHOT = fields(
    {
        "schema": one_of("heinola/snapshot/1"),
        "city": text,
        "period": fields({"start": DAY, "end": DAY, "label": LABEL}),
        "cumulative": fields({"start": DAY, "end": DAY, "months": number}),
        "known_at": or_null(matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")),
        "structure": DAY,
        "position": number,
        "units": list_of(UNIT),
        "projects": list_of(PROJECT),
        "findings": list_of(FINDING),
        "unplaced": list_of(UNPLACED),
    }
)


def require_schema(snapshot: Any) -> None:  # noqa: ANN401 - the format is what is in question
    """Demand that a snapshot is exactly of the format."""
    SNAPSHOT(snapshot, "snapshot")
