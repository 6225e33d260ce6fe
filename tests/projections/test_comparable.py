"""Comparable years: what left the city is in no earlier year, and told beside; every cell by the slow reference.

`HEINOLA_COMPARABLE_EXAMPLES=500` tries more; `python -m tests.projections.test_comparable` prints what was compared.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.organisation import UnitClosed, UnitMerged
from events.period import Period
from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.handlers import coverage, figures, organisation
from heinola_es.handlers.figures import post_actual, state_figure
from heinola_es.handlers.organisation import close_unit, establish_unit, merge_unit, move_unit
from heinola_es.store.log import EventLog
from tests.city import FOUNDED, MADE
from tests.projections.asking import complete, record, snapshot_taken
from tests.projections.test_whole_values import CENTS, SHARED, UNIT, Command, _commands, cities, living
from tests.servers import MEMORY
from tests.specification import events_in
from tests.terminal import Terminal
from tests.whole_reference import WholeReference, remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.base import Event
    from projections.snapshot.model import ExcludedRow, FigureRow, Snapshot

EXAMPLES = int(os.environ.get("HEINOLA_COMPARABLE_EXAMPLES", "20"))
tried = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
APART = date(9999, 12, 30)
"""Stands for the organisation that is asked for, with the units that left by themselves."""
CLOSED_ON = st.sampled_from([date(2019, 6, 30), date(2019, 12, 31), date(2019, 12, 31), date(2020, 3, 31)])
CLOSINGS = (
    _commands(organisation.close_unit, UNIT, CLOSED_ON),
    _commands(organisation.close_unit, UNIT, CLOSED_ON),
    _commands(organisation.merge_unit, UNIT, CLOSED_ON, UNIT),
    _commands(organisation.move_unit, UNIT, st.sampled_from([date(2019, 4, 1), date(2020, 1, 1)]), st.none() | UNIT),
)
MONTHS_BEFORE = st.sampled_from([parse_period(text) for text in ("1/2019", "3/2019", "6/2019", "9/2019", "12/2019")])
POSTING = _commands(
    figures.post_actual, UNIT, st.sampled_from(["fees", "personnel"]), MONTHS_BEFORE, CENTS, contra=True, also=True
)
STATING = _commands(
    figures.state_figure,
    UNIT,
    st.sampled_from(["income", "expenses", "net", "personnel"]),
    st.sampled_from([parse_period("2019"), parse_period("2019"), parse_period("2019H1")]),
    st.just("actual"),
    CENTS,
)
BOOKS_BEFORE = (POSTING, _commands(coverage.complete_books, st.just(parse_period("2019")), st.none() | UNIT))
WHOLE = Command(coverage.complete_books, (parse_period("2019"), None), {})
BEFORE = ("final_accounts", "prior_actual")
COMPARED: Counter[str] = Counter()


@st.composite
def towns(draw: st.DrawFn) -> list[tuple[str, str, str | None, date]]:
    """Return the units of a city of some parts, nearly always all as old."""
    city = draw(cities().filter(lambda units: 3 <= len(units) <= 12))
    young = not draw(st.integers(0, 5))
    return city if young else [(code, kind, above, FOUNDED) for code, kind, above, _first in city]


@st.composite
def lives(draw: st.DrawFn, *facts: st.SearchStrategy[Command]) -> list[Command]:
    """Return what happens in a city: facts, then what was closed, then perhaps more facts and moves."""
    first = draw(st.lists(st.one_of(POSTING, POSTING, *facts), min_size=4, max_size=16))
    whole = draw(st.sampled_from([[], [WHOLE], [WHOLE]]))
    closed = draw(st.lists(st.one_of(*CLOSINGS), min_size=1, max_size=6))
    return [*first, *whole, *closed, *draw(st.lists(st.one_of(*facts, *CLOSINGS), max_size=6))]


@frozen(eq=False, slots=False)
class Apart(WholeReference):
    """The reference in which, as of `APART`, the units that left before a day are part of no other.

    Attributes:
        structure: the day whose organisation is asked for.
        day: before which units left.
    """

    structure: date
    day: date

    @remembered
    def gone(self) -> dict[str, date]:
        """Return the last days of the units that were closed before the day, and of what had merged into one."""
        return {unit.code: self.life(unit.code)[1] for unit in self.units() if self.has_left(unit.code)}

    def has_left(self, unit: str, seen: tuple[str, ...] = ()) -> bool:
        """Return whether a unit was closed before the day, or merged into one that was."""
        ends = [e for e in self.events if isinstance(e, UnitClosed | UnitMerged) and e.code == unit]
        if not ends or unit in seen:
            return False
        if isinstance(ends[-1], UnitMerged):
            return self.has_left(ends[-1].into, (*seen, unit))
        return ends[-1].effective.start < self.day

    def stands_under(self, unit: str, day: date) -> str | None:
        """Return the unit above on a day; as of `APART`, as if the units that left were not there."""
        if day != APART:
            return super().stands_under(unit, day)
        gone, above = self.gone(), super().stands_under(unit, self.structure)
        if unit in gone:
            return above if above in gone else None
        while above in gone and above is not None:
            above = super().stands_under(above, self.structure)
        return above


def earlier(reference: Apart, period: Period) -> Iterator[tuple[str, Period]]:
    """Yield the columns of the year before, with what each covers."""
    cumulative = period.year_to_date()
    yield "final_accounts", Period.of_year(cumulative.year - 1)
    yield "prior_actual", cumulative.years_before(1)


def said(row: Any, column: str) -> int | None:  # noqa: ANN401 - a row of figures, or of what is excluded
    """Return the cents of a cell; None where it is not whole."""
    cell = row.cells[column]
    return None if cell is None else int(cell.cents)


@tried
@given(
    city=towns(),
    history=lives(st.one_of(*SHARED), STATING),
    period=st.sampled_from(["2020Q2", "2020", "2020H1", "2020Q1"]),
    structure=st.none() | st.none() | st.sampled_from([date(2019, 12, 31), date(2020, 1, 1)]),
)
def test_every_cell_of_earlier_years_is_what_the_rule_says_without_what_left(
    city: Any,  # noqa: ANN401
    history: list[Command],
    period: str,
    structure: date | None,
) -> None:
    """Whole where the slow rule has it whole in the organisation without them; what they come to is told likewise."""
    asked = parse_reporting_period(period)
    with TemporaryDirectory(dir=MEMORY) as folder, living(Path(folder, "city.db"), city, history) as log:
        events = events_in(log)
        shown = snapshot_taken(log, period, structure=structure, comparable=True, all_lines=True)
    COMPARED["reports without what left"] += bool(shown.excluded)
    assert list(_differing(shown, events, asked, structure or asked.end)) == []


def _differing(shown: Snapshot, events: list[Event], asked: Period, structure: date) -> Iterator[str]:
    chart = load_chart()
    reference = Apart(events, chart, structure=structure, day=date(asked.year, 1, 1))
    gone = reference.gone()
    told: list[tuple[str, Sequence[FigureRow | ExcludedRow]]]
    told = [(unit.code, unit.figures) for unit in shown.units if unit.code not in gone]
    told += [(unit.unit, unit.figures) for unit in shown.excluded]
    for column, covered in earlier(reference, asked):
        value = reference.actual(covered, APART)
        for code, of_unit in told:
            rows = {row.line: row for row in of_unit}
            lines = rows if code in gone else chart.lines
            for line in lines:
                right = value(code, line)
                if line not in rows and (not right or not reference.lived_in(code, covered)):
                    continue
                if not right and not reference.lived_in(code, covered):
                    continue
                COMPARED[f"{'excluded' if code in gone else 'shown'}{' and not 0' if right else ''}"] += 1
                if (known := said(rows[line], column) if line in rows else None) != right:
                    yield f"{code} {line} {column}: the product shows {known}, the rule gives {right}"
    for unit in shown.units:
        for row in unit.figures if unit.code in gone else ():
            if any(row.cells[column] is not None or column in row.partial for column in BEFORE):
                yield f"{unit.code} {row.line}: left the city, and is shown in the year before"


@tried
@given(
    city=towns(),
    history=lives(*BOOKS_BEFORE),
    period=st.sampled_from(["2020Q2", "2020"]),
)
def test_what_is_shown_and_what_is_excluded_add_up_to_what_there_was(
    city: Any,  # noqa: ANN401
    history: list[Command],
    period: str,
) -> None:
    """Where nothing is stated otherwise: shown + excluded below = unrestricted, or one of the three is not whole."""
    with TemporaryDirectory(dir=MEMORY) as folder, living(Path(folder, "city.db"), city, history) as log:
        events = events_in(log)
        shown = snapshot_taken(log, period, comparable=True, all_lines=True)
        full = snapshot_taken(log, period, all_lines=True)
    asked = parse_reporting_period(period)
    reference = Apart(events, load_chart(), structure=asked.end, day=date(asked.year, 1, 1))
    rows = {(unit.code, row.line): row for unit in shown.units for row in unit.figures}
    for unit in full.units:
        if unit.code in reference.gone():
            continue
        below = reference.with_below(unit.code, asked.end)
        out = [one for one in shown.excluded if one.unit in below]
        for row in unit.figures:
            for column in BEFORE:
                parts = [said(r, column) for one in out for r in one.figures if r.line == row.line]
                missing = [one for one in out if all(r.line != row.line for r in one.figures)]
                if missing or (unit.code, row.line) not in rows:
                    continue  # a line that the unit's layout has not
                left, whole = said(rows[unit.code, row.line], column), said(row, column)
                if left is None or whole is None or None in parts:
                    continue
                COMPARED["sums with a part excluded"] += any(parts)
                assert left + sum(part for part in parts if part is not None) == whole, (unit.code, row.line, column)


# ---------------------------------------------------------------- the health care that left in 2023


@pytest.fixture
def town(tmp_path: Path) -> Iterator[EventLog]:
    """Give a sector of two units, of which health care is closed at the end of 2022; and a school that moved in."""
    with EventLog.create(str(tmp_path / "town.db"), "Kylä", now=MADE, by="controller") as log:
        record(log, establish_unit, "HYV", FOUNDED, name="Hyvinvointi", kind="sector", parent=None)
        record(log, establish_unit, "SIV", FOUNDED, name="Sivistys", kind="sector", parent=None)
        record(log, establish_unit, "30", FOUNDED, name="Terveys", kind="service_area", parent="HYV")
        for unit, above in (("301", "30"), ("302", "30"), ("41", "HYV"), ("51", "SIV"), ("52", "SIV")):
            record(log, establish_unit, unit, FOUNDED, name=f"Yksikkö {unit}", kind="unit", parent=above)
        for month in range(1, 13):
            for number, unit in enumerate(("301", "302", "41", "51", "52"), 1):
                record(log, post_actual, unit, "personnel", Period.of_month(2022, month), -number * 100_00)
                if unit[0] != "3":
                    record(log, post_actual, unit, "personnel", Period.of_month(2023, month), -number * 110_00)
        complete(log, "2022", "2023")
        record(log, merge_unit, "302", date(2022, 6, 30), "301")
        for unit in ("301", "30"):
            record(log, close_unit, unit, date(2022, 12, 31))
        record(log, move_unit, "52", date(2023, 1, 1), "HYV")
        yield log


def test_earlier_years_hold_what_is_still_there(town: EventLog) -> None:
    """The sector without health care; health care by itself with all below it; nothing of this year moves."""
    shown, full = (snapshot_taken(town, "2023Q2", comparable=way) for way in (True, False))
    cells = {(u.code, r.line): r for u in shown.units for r in u.figures}
    before = {(u.code, r.line): r for u in full.units for r in u.figures}
    # 301: 100, 302: 200, 41: 300, 52: 500 a month; the sector has 52, which moved.
    assert said(before["HYV", "operating_expenses"], "final_accounts") == -(100 + 200 + 300 + 500) * 12_00
    assert said(cells["HYV", "operating_expenses"], "final_accounts") == -(300 + 500) * 12_00
    assert said(cells["HYV", "operating_expenses"], "prior_actual") == -(300 + 500) * 6_00
    (out,) = shown.excluded
    assert (out.unit, out.kind, out.parent, out.last_day) == ("30", "service_area", "HYV", date(2022, 12, 31))
    assert {row.line: [said(row, column) for column in BEFORE] for row in out.figures} == {
        "expenses": [-300 * 12_00, -300 * 6_00],
        "net": [-300 * 12_00, -300 * 6_00],
    }
    assert {unit.code for unit in full.units} - {unit.code for unit in shown.units} == {"30", "301", "302"}
    for place, of_row in cells.items():
        assert [said(of_row, n) for n in ("budget", "actual")] == [said(before[place], n) for n in ("budget", "actual")]
    assert cells["SIV", "operating_expenses"] == before["SIV", "operating_expenses"]
    assert (shown.comparable, full.comparable, full.excluded) == (True, False, ())


def test_a_stated_total_is_without_what_left_or_not_known(town: EventLog) -> None:
    """A total that was stated for the sector loses what left it, to the cent; else it is no total."""
    record(town, state_figure, "HYV", "operating_expenses", Period.of_year(2022), "actual", -7_300_00)
    cells = {(u.code, r.line): r for u in snapshot_taken(town, "2023", comparable=True).units for r in u.figures}
    # The statement is of the organisation of 2022: without 52, which came since, and with 30, which left since.
    assert said(cells["HYV", "operating_expenses"], "final_accounts") == (-7_300 + 300 * 12 - 500 * 12) * 100
    december = Period.of_month(2022, 12)
    record(town, coverage.withdraw_completion, december, "41", reason="kesken")  # in the total, and still there
    shown = snapshot_taken(town, "2023", comparable=True)
    cells = {(u.code, r.line): r for u in shown.units for r in u.figures}
    assert said(cells["HYV", "operating_expenses"], "final_accounts") == (-7_300 + 300 * 12 - 500 * 12) * 100
    record(town, coverage.withdraw_completion, december, "301", reason="kesken")
    shown = snapshot_taken(town, "2023", comparable=True)
    cells = {(u.code, r.line): r for u in shown.units for r in u.figures}
    assert said(cells["HYV", "operating_expenses"], "final_accounts") is None
    assert "30" in cells["HYV", "operating_expenses"].partial["final_accounts"].missing_units
    (out,) = shown.excluded
    assert [said(row, "final_accounts") for row in out.figures] == [None] * 3
    assert {row.partial["final_accounts"].missing_units for row in out.figures} == {("301",)}


def test_what_ended_within_the_year_is_still_in_it(town: EventLog) -> None:
    """A unit that ended within the report's year is in its figures, and so in those that it is compared with."""
    record(town, close_unit, "51", date(2023, 12, 31))
    assert [out.unit for out in snapshot_taken(town, "2023", comparable=True).excluded] == ["30"]
    shown = snapshot_taken(town, "2024Q1", comparable=True)
    assert {out.unit for out in shown.excluded} == {"51"}
    assert {unit.code for unit in shown.units} == {"HYV", "SIV", "41", "52"}


def test_a_unit_that_left_and_has_figures_this_year_is_told_of_this_year_alone(town: EventLog) -> None:
    """What was posted to it before it was closed as of an earlier day: this year's amount, and why no earlier one."""
    record(town, post_actual, "51", "personnel", Period.of_month(2024, 1), -1_00)
    record(town, close_unit, "51", date(2023, 12, 31))
    shown = snapshot_taken(town, "2024Q1", comparable=True, columns=("change", "change_percent"), years=2)
    (row,) = [row for unit in shown.units if unit.code == "51" for row in unit.figures if row.line == "expenses"]
    assert said(row, "actual") == -1_00
    assert {row.notes[name].code for name in (*BEFORE, "change", "change_percent")} == {"left_the_city"}
    assert [said(row, name) for name in BEFORE] == [None, None]
    assert [list(prior.cells.values()) for prior in row.prior_years] == [[None, None]]
    assert [out.unit for out in shown.excluded] == ["30", "51"]


def test_further_years_and_changes_are_without_it_too(town: EventLog) -> None:
    """With more prior years, and in what follows from earlier years: the change of what is still there."""
    shown = snapshot_taken(town, "2023", comparable=True, years=2, columns=("change", "change_percent"))
    row = next(r for u in shown.units if u.code == "HYV" for r in u.figures if r.line == "operating_expenses")
    assert said(row, "change") == -(300 + 500) * 12 * 10
    assert str(row.percents["change_percent"]) == "10.00"
    assert [prior.year for prior in shown.excluded[0].figures[0].prior_years] == [2021]


def test_a_comparable_cell_explains_itself(town: EventLog) -> None:
    """Its parts add up to what the snapshot shows; what left is beside them, and no part of them."""
    record(town, state_figure, "HYV", "operating_expenses", Period.of_year(2022), "actual", -7_300_00)
    terminal = Terminal(town.location)
    asked = "audit explain {} operating_expenses 2023 --column {} --comparable"
    cells = {(u.code, r.line): r for u in snapshot_taken(town, "2023", comparable=True).units for r in u.figures}
    for unit, column in (("HYV", "final_accounts"), ("SIV", "final_accounts"), ("HYV", "change")):
        tree = json.loads(terminal.done(f"{asked.format(unit, column)} --format json"))
        if column != "change":
            assert tree["cents"] == said(cells[unit, "operating_expenses"], column)
        assert tree["cents"] == sum(
            part["cents"] * (-1 if column == "change" and part["title"].endswith("prior_actual") else 1)
            for part in tree["parts"]
        )
        told = [(one["unit"], one["cents"]) for one in tree.get("left_out", ())]
        assert told == ([("30", -300 * 12_00)] if unit == "HYV" else [])
    of_itself = json.loads(terminal.done(f"{asked.format('30', 'final_accounts')} --format json"))
    assert (of_itself["cents"], of_itself["left_out"][0]["cents"]) == (None, -300 * 12_00)
    page = terminal.done(asked.format("HYV", "final_accounts"))
    assert "Jätetty pois, koska se lähti kaupungista:" in page
    change = terminal.done(f"{asked.format('HYV', 'change')} --depth 1")
    assert [name for name in (", actual ", ", prior_actual ") if name in change] == [", actual ", ", prior_actual "]
    assert "left_out" not in terminal.done("audit explain HYV operating_expenses 2023 --comparable --format json")


def test_a_cell_explains_itself_in_another_organisation(town: EventLog) -> None:
    """As the report of that structure has it: the school that moved in 2023 where it stood before."""
    tree = json.loads(
        Terminal(town.location).done("audit explain SIV personnel 2023 --structure 31.12.2022 --format json")
    )
    assert tree["cents"] == -(400 + 500) * 110 * 12
    assert {part["unit"] for part in tree["parts"]} == {"51", "52"}


if __name__ == "__main__":
    test_every_cell_of_earlier_years_is_what_the_rule_says_without_what_left()
    test_what_is_shown_and_what_is_excluded_add_up_to_what_there_was()
    print(dict(COMPARED))  # noqa: T201 - a script
