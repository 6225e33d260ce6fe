"""The read models: what each keeps of which events. Adding a kind of event means adding its fold here."""

from __future__ import annotations

from typing import Any

import orjson

from events.streams import topics_of
from heinola_es.domain.amounts import is_readable
from projections.read_models.catching_up import ReadModel, RowModel
from projections.read_models.running_totals import RunningTotals

ORGANISATION_TOPICS = topics_of("organisation")
WORDS_TOPICS = topics_of("goals", "narratives", "forecasts")
PROJECT_TOPICS = topics_of("projects")


def _span(body: dict[str, Any]) -> tuple[str, str]:
    start, _, end = body["effective"].partition("/")
    return start, end


def _stated(position: int, body: dict[str, Any]) -> tuple[Any, ...]:
    """Return the row of a statement; one that cannot be counted has a precision and no amount."""
    start, end = _span(body)
    cents, precision = body["amount_cents"], body.get("precision_cents", 1)
    counted = is_readable(cents) and is_readable(precision)
    return (
        position,
        body["measure"],
        body["unit"],
        body["line"],
        start,
        end,
        cents if counted else None,
        precision if counted else 1,
        body.get("label", ""),
        body.get("percent"),
    )


def _withdrawn(position: int, body: dict[str, Any]) -> tuple[Any, ...]:
    start, end = _span(body)
    return position, body["measure"], body["unit"], body["line"], start, end, None, None, "", None


def _declared(topic: str) -> Any:  # noqa: ANN401 - a fold
    """Return a fold of what is said of the completeness of books: of a unit, or by a file of several."""

    def fold(position: int, body: dict[str, Any]) -> tuple[Any, ...]:
        imported = topic == "FileImported"
        units = body.get("covered_units", []) if imported else [body["unit"]]
        lines = body.get("covered_lines" if imported else "lines", [])
        told = (units, body.get("covered_months", []), body.get("covered_years", []), lines)
        measure = "" if imported else body.get("measure", "actual")
        return position, topic, measure, *_span(body), *(orjson.dumps(x).decode() for x in told)

    return fold


def _closed(topic: str) -> Any:  # noqa: ANN401 - a fold
    def fold(position: int, body: dict[str, Any]) -> tuple[Any, ...]:
        return position, topic, body["unit"], *_span(body)

    return fold


def _imported(position: int, body: dict[str, Any]) -> tuple[Any, ...]:
    start, end = _span(body)
    return position, start, end, body["file_name"], body["format"], orjson.dumps(body.get("findings", [])).decode()


def _undone(position: int, body: dict[str, Any]) -> tuple[Any, ...]:
    return position, body["stream"], orjson.dumps(body["positions"]).decode()


def _whole(topic: str, key: str) -> Any:  # noqa: ANN401 - a fold
    """Return a fold that keeps the event's body, found again by `key` and period."""

    def fold(position: int, body: dict[str, Any]) -> tuple[Any, ...]:
        start, end = _span(body)
        return position, topic, body[key], start, end, orjson.dumps(body).decode()

    return fold


def _decided(topic: str) -> Any:  # noqa: ANN401 - a fold
    """Return a fold that keeps a decision on the budget of a fiscal year, or a proposal for one."""

    def fold(position: int, body: dict[str, Any]) -> tuple[Any, ...]:
        year, day = str(body["fiscal_year"]), _span(body)[1]
        return position, topic, body["unit"], year, day, orjson.dumps(body).decode()

    return fold


_BODY_COLUMNS = "position INTEGER PRIMARY KEY, topic TEXT, key TEXT, first_day TEXT, last_day TEXT, body TEXT"

ORGANISATION = RowModel(
    name="organisation",
    version=4,
    columns=_BODY_COLUMNS,
    indexes=(),
    folds={topic: _whole(topic, "code") for topic in ORGANISATION_TOPICS},
)
TOTALS = RunningTotals()
STATEMENTS = RowModel(
    name="statements",
    version=4,
    columns=(
        "position INTEGER PRIMARY KEY, measure TEXT, unit TEXT, line TEXT, first_day TEXT, last_day TEXT, "
        "cents INTEGER, precision_cents INTEGER, label TEXT, percent TEXT"
    ),
    indexes=(),
    folds={"FigureStated": _stated, "StatementWithdrawn": _withdrawn},
)
COVERAGE = RowModel(
    name="coverage",
    version=1,
    columns=(
        "position INTEGER PRIMARY KEY, topic TEXT, measure TEXT, first_day TEXT, last_day TEXT, units TEXT, "
        "months TEXT, years TEXT, lines TEXT"
    ),
    indexes=(),
    folds={topic: _declared(topic) for topic in ("BooksCompleted", "CompletionWithdrawn", "FileImported")},
)
CLOSINGS = RowModel(
    name="closings",
    version=1,
    columns="position INTEGER PRIMARY KEY, topic TEXT, unit TEXT, first_day TEXT, last_day TEXT",
    indexes=("last_day",),
    folds={topic: _closed(topic) for topic in ("PeriodClosed", "PeriodReopened")},
    block_of=lambda row: row[4][:4],
)
WORDS = RowModel(
    name="words",
    version=4,
    columns=_BODY_COLUMNS,
    indexes=("last_day",),
    folds={topic: _whole(topic, "unit") for topic in WORDS_TOPICS},
    block_of=lambda row: row[4][:4],
)
PROJECTS = RowModel(
    name="projects",
    version=4,
    columns=_BODY_COLUMNS,
    indexes=(),
    folds={topic: _whole(topic, "project") for topic in PROJECT_TOPICS},
)
IMPORTS = RowModel(
    name="imports",
    version=4,
    columns="position INTEGER PRIMARY KEY, first_day TEXT, last_day TEXT, file_name TEXT, format TEXT, findings TEXT",
    indexes=("first_day, last_day",),
    folds={"FileImported": _imported},
    block_of=lambda row: f"{row[1]}/{row[2]}",
)
UNDONE = RowModel(
    name="undone",
    version=1,
    columns="position INTEGER PRIMARY KEY, stream TEXT, positions TEXT",
    indexes=(),
    folds={"FactsUndone": _undone},
)

ROUNDS = RowModel(
    name="rounds",
    version=1,
    columns=_BODY_COLUMNS,
    indexes=("key",),
    folds={topic: _whole(topic, "effective") for topic in topics_of("rounds")},
    block_of=lambda row: row[2],
)

DECISIONS = RowModel(
    name="decisions",
    version=1,
    columns="position INTEGER PRIMARY KEY, topic TEXT, unit TEXT, year TEXT, day TEXT, body TEXT",
    indexes=("year",),
    folds={topic: _decided(topic) for topic in ("BudgetAmended", *topics_of("proposals"))},
    block_of=lambda row: row[3],
)

ALL: tuple[ReadModel, ...] = (
    ORGANISATION,
    TOTALS,
    STATEMENTS,
    COVERAGE,
    CLOSINGS,
    WORDS,
    PROJECTS,
    IMPORTS,
    UNDONE,
    ROUNDS,
    DECISIONS,
)
