"""Explaining: from any cell of a report down to the events under it, the parts adding up at every node."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.handlers.figures import correct_actual, post_actual, withdraw_statement
from heinola_es.handlers.organisation import move_unit
from heinola_es.store.log import EventLog
from heinola_es.store.reading import LogReader
from projections.audit.explain import Node, explain
from projections.snapshot.columns import default_amounts
from projections.snapshot.taking import SnapshotQuery, look, take_snapshot
from tests.projections.asking import record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.projections.conftest import ImportedReport

QUARTER = SnapshotQuery(period=parse_reporting_period("2020Q2"))


def explained(
    store: Path | str,
    unit: str,
    line: str,
    column: str = "actual",
    query: SnapshotQuery = QUARTER,
    *,
    depth: int | None = None,
) -> Node:
    """Return the explanation of a cell."""
    with LogReader.open(str(store)) as reader:
        return explain(look(reader, query), query, unit, line, column, depth=depth)


def nodes(node: Node) -> Iterator[Node]:
    """Yield a node and everything under it."""
    yield node
    for part in node.parts:
        yield from nodes(part)


def add_up(root: Node) -> bool:
    """Return whether the parts of every node make its amount."""
    return all(sum(part.cents or 0 for part in node.parts) == node.cents for node in nodes(root) if node.parts)


def correct(store: Path | str) -> int:
    """Record a correction below 410 after the report, and return its position."""
    with EventLog.open(str(store)) as log:
        june = parse_period("6/2020")
        return record(log, correct_actual, "4100", "income", june, 100_000, reason="Lasku kirjattu kahdesti").first


def test_every_cell_of_the_report_adds_up_to_events(report_2020: ImportedReport) -> None:
    """Each known cell shows the amount of the snapshot, adds up at every node, and ends in events; 336 of them."""
    correct(report_2020.path)
    checked = 0
    with LogReader.open(str(report_2020.path)) as reader:
        view, snapshot = look(reader, QUARTER), take_snapshot(reader, QUARTER)
        for unit in snapshot.units:
            for row in unit.figures:
                for column in default_amounts():
                    root = explain(view, QUARTER, unit.code, row.line, column)
                    cell = row.cell(column)
                    assert root.cents == (cell and cell.cents)
                    assert add_up(root)
                    assert all(leaf.entry is not None for leaf in root.leaves())
                    checked += 1
    assert checked == 84 * len(default_amounts())


def test_a_statement_is_told_with_what_came_after_it(sample: ImportedReport) -> None:
    """The total of an area is its statement and the correction made below it, each with who, when and why."""
    position = correct(sample.path)

    stated, corrected = explained(sample.path, "410", "income").parts

    assert (stated.cents, corrected.cents) == (87_887_400, 100_000)
    assert stated.entry is not None
    assert stated.entry.source.startswith(f"{sample.name}:")
    assert corrected.entry is not None
    assert (corrected.entry.position, corrected.entry.reason) == (position, "Lasku kirjattu kahdesti")
    assert (corrected.unit, corrected.line, corrected.entry.recorded_by) == ("4100", "operating_income", "controller")


def test_a_sum_of_units_is_told_unit_by_unit(sample: ImportedReport) -> None:
    """Where an area's statement is withdrawn, its total is that of its units, each down to its own events."""
    with EventLog.open(str(sample.path)) as log:
        half = parse_period("1-6/2020")
        record(log, withdraw_statement, "410", "income", half, "actual", reason="Yksiköt kertovat enemmän")

    root = explained(sample.path, "410", "income")

    assert [part.unit for part in root.parts] == ["4100", "4160", "4170"]
    assert root.how == "the sum of the units below"
    assert add_up(root)


def test_component_lines_and_own_postings_are_told(sample: ImportedReport) -> None:
    """A line that was posted in parts is the sum of its components and of what was posted on the line itself."""
    with EventLog.open(str(sample.path)) as log:
        for line, cents in (("sales", 300), ("fees", 20), ("income", 1)):
            record(log, post_actual, "4160", line, parse_period("7/2020"), cents)

    root = explained(sample.path, "4160", "income", query=SnapshotQuery(period=parse_reporting_period("1-7/2020")))

    half, july = root.parts
    income, own_production = july.parts
    assert (half.cents, half.how) == (4_664_400, "stated, with what was recorded after it")
    assert (july.title, july.cents) == ("4160 Lukio: TULOT, 1.7.–31.7.2020", 321)
    assert {part.line: part.cents for part in income.parts} == {
        "sales": 300,
        "fees": 20,
        "operating_income": 1,
        **dict.fromkeys(("grants_received", "rents_received", "other_income"), 0),
    }
    assert own_production.cents == 0
    assert (root.how, root.cents, add_up(root)) == ("the sum of the parts of its period", 4_664_721, True)


def test_a_cell_that_is_not_whole_says_what_is_missing(sample: ImportedReport) -> None:
    """What is known of it adds up to the known part, at every node; each part is whole, or says what it lacks."""
    with EventLog.open(str(sample.path)) as log:
        record(log, post_actual, "4160", "personnel", parse_period("7-9/2020"), -300)

    root = explained(sample.path, "410", "expenses", query=SnapshotQuery(period=parse_reporting_period("2020Q3")))

    assert (root.cents, root.known_cents) == (None, -766_981_200 - 300)
    assert root.how == "known through 30.6.2020; 2 units are missing"
    half, rest = root.parts
    assert (half.cents, rest.cents, rest.known_cents) == (-766_981_200, None, -300)
    assert [(part.unit, part.cents) for part in rest.parts] == [("4160", -300)]


def test_a_unit_that_moved_is_taken_off_a_stated_total(sample: ImportedReport) -> None:
    """A year on, in the organisation of the day: the area that it left has its amount no more, and the other has it."""
    with EventLog.open(str(sample.path)) as log:
        record(log, move_unit, "4160", date(2021, 1, 1), "430")
    query = SnapshotQuery(period=parse_reporting_period("2021Q2"))

    left, joined = (explained(sample.path, unit, "expenses", "prior_actual", query) for unit in ("410", "430"))

    assert [(part.unit, part.cents, part.how) for part in left.parts[1:]] == [
        ("4160", 94_446_900, "stands elsewhere now")
    ]
    assert [(part.unit, part.cents, part.how) for part in joined.parts[1:]] == [
        ("4160", -94_446_900, "stood elsewhere then")
    ]
    assert left.cents == -766_981_200 + 94_446_900
    assert add_up(left)
    assert add_up(joined)


def test_a_tree_is_cut_where_it_was_asked_to_be(sample: ImportedReport) -> None:
    """One step down, each unit shows its own amount and of how many parts it is, without them."""
    with EventLog.open(str(sample.path)) as log:
        half = parse_period("1-6/2020")
        record(log, withdraw_statement, "410", "income", half, "actual", reason="Yksiköt kertovat enemmän")

    root = explained(sample.path, "410", "income", depth=1)

    assert add_up(root)
    assert [(part.parts, part.cut) for part in root.parts] == [((), 1)] * 3
    assert sum(part.cents or 0 for part in root.parts) == explained(sample.path, "410", "income").cents


def test_an_unknown_cell_says_why(sample: ImportedReport) -> None:
    """Nothing is made up for a period that nobody stated: the sentence names the periods that were."""
    root = explained(sample.path, "410", "net", "prior_actual", SnapshotQuery(period=parse_reporting_period("2020Q1")))

    assert (root.cents, root.known_cents, root.parts) == (None, None, ())
    assert root.how == ("nobody stated or posted it for 1.1.–31.3.2019; stated for 1.1.–30.6.2019, 1.1.–31.12.2019")


@pytest.mark.parametrize(("known", "parts"), [(False, 1), (True, 2)])
def test_it_is_explained_as_it_was_known(sample: ImportedReport, known: bool, parts: int) -> None:  # noqa: FBT001
    """Before the correction was recorded, the statement alone made the total."""
    position = correct(sample.path)
    query = SnapshotQuery(period=QUARTER.period, position=position if known else position - 1)

    assert len(explained(sample.path, "410", "income", query=query).parts) == parts
