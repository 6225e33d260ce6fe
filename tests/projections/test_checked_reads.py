"""A read looks at the read models before it believes them: whatever was done to them, the answer is that of the log."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from events.figures import ActualPosted
from events.imports import FileImported
from events.streams import import_stream, unit_year_stream
from heinola_es.domain.amounts import READABLE_CENTS
from heinola_es.domain.periods import parse_instant, parse_period, parse_reporting_period
from heinola_es.handlers import figures, goals, projects, rounds
from heinola_es.handlers.coverage import complete_books
from heinola_es.handlers.undoing import undo
from heinola_es.store.location import is_on_server
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from heinola_es.store.trouble import StoreTrouble
from projections.audit.diff import difference
from projections.audit.explain import explain
from projections.audit.show import show
from projections.read_models import running_totals, stored_postings
from projections.read_models.catching_up import POSITIONS, rebuild, status
from projections.read_models.models import ALL
from projections.read_models.moment import answered
from projections.report.content.build import build_report
from projections.report.content.query import ReportQuery
from projections.report.theme.theme import Theme
from projections.snapshot.taking import SnapshotQuery, look, take_snapshot
from tests.city import CITY, MADE, found_city
from tests.faults.whole import WHOLE
from tests.projections.asking import LATER, record
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from events.base import Event
    from projections.snapshot.model import Snapshot
    from tests.databases import Database

PERIOD = parse_reporting_period("1.1.2020-20.6.2020")
QUERY = SnapshotQuery(period=PERIOD)
TABLES = [table for model in ALL for table in model.made_of]
SEGMENT = 20
"""So short that past moments are sums over several segments."""
LARGE = running_totals.LARGE_CENTS * 7


@pytest.fixture
def living(kept_in: Database) -> Iterator[EventLog]:
    """Give a store that has something in every table of the read models."""
    with (
        patch.object(running_totals, "SEGMENT", SEGMENT),
        patch.object(stored_postings, "SEGMENT", SEGMENT),
        EventLog.open(kept_in.copy_of("living", _live)) as log,
    ):
        yield log


def _live(location: str) -> None:
    with EventLog.create(location, CITY, now=MADE, by="controller") as store:
        found_city(store)
        year = parse_period("2020H1")
        record(store, figures.adopt_budget, "4160", "sales", 2020, 700_00, day=PERIOD.start)
        record(store, figures.state_figure, "4160", "net", PERIOD, "actual", -500_00)
        record(store, figures.state_figure, "4160", "sales", PERIOD, "budget", 900_00)
        for month in range(1, 7):
            if month < 6:
                record(
                    store, figures.post_actual, "4100", "sales", parse_period(f"{month}/2020"), month * 100, also=True
                )
            record(store, figures.post_actual, "4100", "fees", parse_period(f"{month}/2019"), month * 10)
        record(store, figures.post_actual, "4100", "sales", parse_period("20.6.2020"), 7, also=True)
        record(store, figures.post_actual, "4100", "sales", parse_period("15.6.2020"), 5, also=True)
        record(store, figures.post_actual, "4100", "services", parse_period("2/2020"), -9, internal=True)
        _post_bare(store, LARGE, 1)
        _post_bare(store, READABLE_CENTS, 1, "4160", 2019)
        record(store, figures.correct_actual, "4160", "sales", parse_period("6.6.2020"), 11, reason="korjaus")
        record(store, goals.set_goal, "4100", 2020, "a", binding_goal="tavoite")
        record(store, goals.give_outlook, "4100", PERIOD, "arvio")
        record(store, projects.launch_project, "hanke", year, "4100", income_cents=5)
        _import_bare(store)
        record(store, complete_books, parse_period("1-6/2020"), "4100")
        record(store, figures.close_period, parse_period("2019"), "4160")
        record(store, figures.close_period, parse_period("1/2020"), "4000")
        record(store, rounds.open_round, PERIOD, date(2020, 7, 15), ("4100", "4160"), four_eyes=None)
        record(store, rounds.submit_parts, PERIOD, ("4160",))
        wrong = record(store, goals.give_outlook, "4000", PERIOD, "erehdys").first
        record(store, undo, [(wrong, wrong)], reason="erehdys")
        for number in range(25):
            amended: dict[str, Any] = {"day": PERIOD.start, "correcting": True, "reason": "muutos"}
            record(store, figures.amend_budget, "4160", "sales", 2020, number, **amended)


def _snapshots(reader: LogReader) -> list[object]:
    """Return snapshots that between them read every table: of a day as it is now, and of whole months in the past."""
    half, past = parse_reporting_period("2020H1"), reader.size() - 3
    return [
        take_snapshot(reader, SnapshotQuery(period=period, position=position))
        for period, position in ((PERIOD, None), (half, past))
    ]


def _told(reader: LogReader) -> list[str]:
    told: list[str] = []
    reader.tell = told.append
    return told


def _columns(reader: LogReader, table: str) -> list[str]:
    form = next(one for one in TABLES if one.name == table)
    return [column.split()[0] for column in form.columns.split(", PRIMARY KEY (")[0].split(", ")]


def _changed(value: Any, chance: Random) -> str:  # noqa: ANN401 - whatever a column holds
    """Return another value of the same kind, as SQL."""
    if value is None:
        return "'5'"
    if isinstance(value, int):
        return str(value + chance.choice((-3, 1, 2, 100)))
    return "'" + value.replace("'", "''") + "x'" if "-" not in value[4:5] else "'2020-06-21'"


def _cells(reader: LogReader, table: str, chance: Random) -> Iterator[str]:
    """Yield statements that each change one cell, lose one row, or put one there that is none."""
    columns = _columns(reader, table)
    rows = list(reader.connection.execute(f"SELECT * FROM {table}"))
    assert rows, table
    for at, column in enumerate(columns):
        row = chance.choice(rows)
        key = " AND ".join(
            f"{name} = {_literal(value)}" for name, value in zip(columns, row, strict=True) if value is not None
        )
        yield f"UPDATE {table} SET {column} = {_changed(row[at], chance)} WHERE {key}"
        if at == 0:
            yield f"DELETE FROM {table} WHERE {key}"
    values = [value + 100_000 if isinstance(value, int) else value for value in chance.choice(rows)]
    yield f"INSERT INTO {table} VALUES ({', '.join(_literal(value) for value in values)})"
    yield f"DELETE FROM {table}"


def _of_each_kind(statements: list[str]) -> list[str]:
    """Return a change of a cell, the loss of a row and of all, and a row too many."""
    return [statements[2], statements[1], *statements[-2:]]


def _literal(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_changed_lost_or_added_row_is_noticed(living: EventLog, table: str) -> None:
    """Any column of any table, a row less or more: the snapshots are the log's, and it is said what was mended.

    On a server, one column of each table will do: what looks at the rows is the same.
    """
    chance = Random(table)
    with LogReader.open(living.location) as reader:
        right, told = _snapshots(reader), _told(reader)
        noticed = []
        statements = list(_cells(reader, table, chance))
        for statement in statements if WHOLE or not is_on_server(living.location) else _of_each_kind(statements):
            with suppress(sqlite3.IntegrityError, StoreTrouble):  # a row that is there already
                reader.connection.execute(statement)
            told.clear()
            assert _snapshots(reader) == right, statement
            assert set(told) <= {f"the read models were not as the log says ({table}) and were rebuilt"}, statement
            noticed.append(len(told))
            rebuild(reader, ALL)
        assert max(noticed) == 1
        assert sum(noticed) > len(noticed) / 2, "the others changed what these snapshots do not ask for"


@pytest.mark.in_a_file
@pytest.mark.parametrize("table", ["rm_totals", "rm_days"])
def test_bytes_in_place_of_what_they_spell_are_nothing_else(living: EventLog, table: str) -> None:
    """A file takes bytes in any column, and reckons with them as with the number: the snapshots are the log's."""
    with LogReader.open(living.location) as reader:
        right = _snapshots(reader)
        for column in {"detail", "unit", "line", "first_month", "c5", "booked", "cents", "last_day"}.intersection(
            _columns(reader, table)
        ):
            reader.connection.execute(f"UPDATE {table} SET {column} = CAST({column} AS BLOB)")
            assert _snapshots(reader) == right, column
            rebuild(reader, ALL)


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("rm_totals", [f"c{month}" for month in range(13)]),
        ("rm_totals", [*[f"c{month}" for month in range(13)], "first_month", "mark"]),
        ("rm_statements", ["cents"]),
        ("rm_words", ["body"]),
        ("rm_days", ["cents", "mark"]),
    ],
)
def test_rows_that_were_swapped_are_noticed(living: EventLog, table: str, columns: list[str]) -> None:
    """Two rows that changed places in what they say add up to the same, and are found all the same."""
    with LogReader.open(living.location) as reader:
        right, told = _snapshots(reader), _told(reader)
        key = next(one for one in TABLES if one.name == table).key.split(", ")
        wanted = ", ".join([*key, *columns])
        for number, where in enumerate(
            ("", "WHERE segment = -1 AND measure = 'actual'")[: 2 if table == "rm_totals" else 1]
        ):
            rows = list(reader.connection.execute(f"SELECT {wanted} FROM {table} {where} ORDER BY {wanted}"))
            one, other = rows[0], next(row for row in rows[1:] if row[len(key) :] != rows[0][len(key) :])
            for target, source in ((one, other), (other, one)):
                assigned = ", ".join(f"{c} = {_literal(v)}" for c, v in zip(columns, source[len(key) :], strict=True))
                found = " AND ".join(f"{c} = {_literal(v)}" for c, v in zip(key, target, strict=False))
                reader.connection.execute(f"UPDATE {table} SET {assigned} WHERE {found}")
            assert _snapshots(reader) == right, number
            assert told.pop() == f"the read models were not as the log says ({table}) and were rebuilt"


ODD_FORMS = {
    "a view": ["DROP TABLE {}", "CREATE VIEW {} AS SELECT 1 AS position"],
    "other columns": ["DROP TABLE {}", "CREATE TABLE {} (odd TEXT)"],
    "a column more": ["ALTER TABLE {} ADD COLUMN odd TEXT"],
    "an index that forbids rows": ["DELETE FROM {}", "CREATE UNIQUE INDEX odd ON {} (mark)"],
    "a shadow in the way": ["CREATE VIEW {}_new AS SELECT 1 AS odd"],
    "a view of it": ["CREATE VIEW rm_odd AS SELECT * FROM {}", "DELETE FROM {}"],
}
TRIGGERS = {
    "sqlite": ["CREATE TRIGGER odd BEFORE INSERT ON {} BEGIN SELECT RAISE(IGNORE); END"],
    "postgres": [
        "CREATE FUNCTION rm_odd_{0}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE TRIGGER odd BEFORE INSERT ON {0} FOR EACH ROW EXECUTE FUNCTION rm_odd_{0}()",
    ],
}


@pytest.mark.parametrize("table", [POSITIONS.name, "rm_words", "rm_totals"])
@pytest.mark.parametrize("what", [*ODD_FORMS, "a trigger"])
def test_whatever_stands_in_place_of_a_table_is_replaced(living: EventLog, what: str, table: str) -> None:
    """A view, other columns, an index or a trigger that swallows rows: the next read, and a rebuild, make it anew."""
    kind = "postgres" if living.location.startswith("postgres") else "sqlite"
    statements = ODD_FORMS[what] if what in ODD_FORMS else TRIGGERS[kind]
    with LogReader.open(living.location) as reader:
        _snapshots(reader)
        record(living, goals.give_outlook, "4100", PERIOD, "toinen arvio")
        for odd in statements:
            reader.connection.execute(odd.format(table))
        found = _snapshots(reader)
        with suppress(sqlite3.Error, StoreTrouble):
            for odd in statements[:1] if what == "a shadow in the way" else statements:
                reader.connection.execute(odd.format(table))
        rebuild(reader, ALL)
        assert {one.behind for one in status(reader, ALL)} == {0}
        assert _snapshots(reader) == found == answered(reader, lambda: _snapshots(reader), from_log=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE rm_positions SET position = 1000000000000",
        "UPDATE rm_positions SET position = -5",
        "UPDATE rm_positions SET position = NULL",
        "UPDATE rm_positions SET position = position - 3 WHERE model = 'words'",
        "UPDATE rm_positions SET version = 9000000000",
        "UPDATE rm_positions SET checks = '{}'",
        "UPDATE rm_positions SET checks = 'odd', mark = NULL",
        "DELETE FROM rm_positions",
        "DELETE FROM rm_positions WHERE model = 'totals'",
        "INSERT INTO rm_positions VALUES ('odd', 1, 1, 1, 'odd', 1)",
    ],
)
def test_absurd_positions_are_not_followed(living: EventLog, statement: str) -> None:
    """However far the models claim to have come, they are held against the log's end, and made anew."""
    with LogReader.open(living.location) as reader:
        right = _snapshots(reader)
        reader.connection.execute(statement)
        assert _snapshots(reader) == right
        assert {one.behind for one in status(reader, ALL)} == {0}


def test_a_model_that_another_version_fed_is_made_anew(living: EventLog) -> None:
    """What does not know the same events may have passed over some that this version knows."""
    with LogReader.open(living.location) as reader:
        right = _snapshots(reader)
        with patch("projections.read_models.catching_up.LANGUAGE", 1):
            rebuild(reader, ALL)
        assert {one.version for one in status(reader, ALL)} == {0}
        assert _snapshots(reader) == right


def _forged(reader: LogReader) -> None:
    """Change a statement together with all that guards it, as somebody who knows how would."""
    from projections.read_models.catching_up import _record_positions, standing
    from projections.read_models.marks import mark_of

    kept = standing(reader, ALL).kept
    checks = {name: one.checks for name, one in kept.items()}
    row = list(reader.connection.execute("SELECT * FROM rm_statements WHERE measure = 'actual'").fetchone())
    old, row[6] = row[-1], row[6] + 100_000
    row[-1] = mark_of(row[:-1])
    reader.connection.execute(f"UPDATE rm_statements SET cents = {row[6]}, mark = {row[-1]} WHERE position = {row[0]}")
    checks["statements"]["rm_statements "][1] += row[-1] - old
    _record_positions(reader.connection, ALL, {name: one.position for name, one in kept.items()}, checks)


QUESTIONS: dict[str, Callable[[LogReader], object]] = {
    "explain": lambda reader: explain(look(reader, QUERY), QUERY, "4160", "net", "actual").as_json(),
    "diff": lambda reader: [one.as_json() for one in difference(reader, QUERY, 0, reader.size()).changes],
    "snapshot --check": lambda reader: answered(reader, lambda: take_snapshot(reader, QUERY), from_log=True),
    "report --check": lambda reader: answered(
        reader, lambda: build_report(reader, ReportQuery(period=PERIOD), Theme()), from_log=True
    ),
    "show": lambda reader: show(reader, _stated_at(reader)).as_json(),
}


def _stated_at(reader: LogReader) -> int:
    return next(row[0] for row in reader.rows_about("FigureStated"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_who_forges_a_row_with_its_checks_is_found_where_it_counts(living: EventLog, question: str) -> None:
    """Audit and checked reads work from the log itself; they say what differed, and mend it."""
    with LogReader.open(living.location) as reader:
        right, plain = QUESTIONS[question](reader), take_snapshot(reader, QUERY)
        told = _told(reader)
        _forged(reader)
        assert take_snapshot(reader, QUERY) != plain, "which the checks of a plain read do not prove"
        assert told == []
        assert QUESTIONS[question](reader) == right
        assert told == ["the read models were not as the log says (rm_statements) and were rebuilt"]
        assert take_snapshot(reader, QUERY) == plain


def test_where_they_may_not_be_mended_the_log_answers(living: EventLog) -> None:
    """A reader without the right to write gets the figures of the log, and is told who can mend the read models."""
    with LogReader.open(living.location) as reader:
        right, told = take_snapshot(reader, QUERY), _told(reader)
        reader.connection.execute("UPDATE rm_statements SET cents = cents + 1")
        with (
            patch.object(LogReader, "may_write", lambda self: self.apart is not None),
            patch.object(LogReader, "read_privately", return_value=False),
        ):
            assert take_snapshot(reader, QUERY) == right
        (sentence,) = told
        assert "(rm_statements)" in sentence
        assert "projections rebuild" in sentence


def test_a_report_is_published_from_the_log(living: EventLog, tmp_path: Any) -> None:  # noqa: ANN401 - a path
    """A forged row is neither published nor sealed: the publication is that of the log, and verifies."""
    terminal, key, seal = Terminal(living.location), tmp_path / "seal.key", tmp_path / "q.seal"
    assert terminal.run(f"keys init --key {key}").exit_code == 0
    with LogReader.open(living.location) as reader:
        take_snapshot(reader, QUERY)
        _forged(reader)
    done = terminal.run(f"publish 2020H1 --incomplete --key {key} -o {seal}")
    assert done.exit_code == 0, done.stderr
    assert "(rm_statements) and were rebuilt" in done.stderr
    assert terminal.run(f"audit verify --seal {seal} --key {key}").exit_code == 0
    assert terminal.run("snapshot 2020H1 --published -o -").exit_code == 0


def test_amounts_beyond_any_column_are_read(living: EventLog) -> None:
    """Forty amounts of seventeen digits: each snapshot, in every form, has their sum, and so has a past one."""
    with LogReader.open(living.location) as reader:
        before = take_snapshot(reader, QUERY)
    amount = READABLE_CENTS - 1
    _post_bare(living, amount, 40)
    with LogReader.open(living.location) as reader:
        after = take_snapshot(reader, QUERY)
        known = take_snapshot(reader, SnapshotQuery(period=PERIOD, known_at=parse_instant("2030-01-01")))
        assert after.units == known.units
        assert _sales(after) - _sales(before) == 40 * amount
        again = take_snapshot(reader, SnapshotQuery(period=PERIOD, position=before.position))
        assert again.units == before.units
    for form in ("json", "csv", "table"):
        assert Terminal(living.location).run(f"snapshot 1.1.-20.6.2020 --format {form}").exit_code == 0


def _sales(snapshot: Snapshot) -> int:
    unit = next(unit for unit in snapshot.units if unit.code == "4100")
    cell = next(row for row in unit.figures if row.line == "income").actual
    assert cell is not None
    return cell.cents


def _post_bare(log: EventLog, cents: int, times: int, unit: str = "4100", year: int = 2020) -> None:
    """Record amounts as a version without limits did: by the event alone."""
    stream = unit_year_stream(unit, year)
    said = {"effective": parse_period(f"3/{year}"), "unit": unit, "line": "sales", "amount_cents": cents}
    _append(log, ActualPosted, stream, times, said)


def _import_bare(log: EventLog) -> None:
    finding = ("inferred", "4100", "12", "something was inferred")
    said = {
        "effective": PERIOD,
        "sha256": "00",
        "file_name": "raportti.txt",
        "format": "report",
        "findings": (finding,),
    }
    _append(log, FileImported, import_stream("00"), 1, said)


def _append(log: EventLog, kind: type[Event], stream: UUID, times: int, said: dict[str, Any]) -> None:
    version = len(log.events_of(stream))
    with log.command(LATER, Request("controller")) as command:
        envelope: dict[str, Any] = {"originator_id": stream, "recorded": command.recorded, "recorded_by": "controller"}
        numbers = range(version + 1, version + times + 1)
        command.append([kind(originator_version=number, **envelope, **said) for number in numbers])
