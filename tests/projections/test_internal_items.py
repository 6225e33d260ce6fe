"""Internal items: total, external and internal, by an independent slow reference over random logs, and by example.

`HEINOLA_WHOLE_EXAMPLES=500` tries more.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.period import Period
from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.handlers import coverage, figures
from tests.projections.asking import snapshot_of
from tests.projections.test_whole_values import (
    ANY_LINE,
    CENTS,
    DAY,
    FLAG,
    LINE,
    POSTED_IN,
    PRECISION,
    SHARED,
    STATED_FOR,
    UNIT,
    YEAR,
    Command,
    Question,
    cities,
    living,
)
from tests.servers import MEMORY
from tests.specification import events_in
from tests.terminal import Terminal
from tests.whole_reference import InternalReference, WholeReference

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from events.base import Event

City = list[tuple[str, str, str | None, "date"]]

EXAMPLES = int(os.environ.get("HEINOLA_WHOLE_EXAMPLES", "25"))
AMOUNTS = ("final_accounts", "prior_actual", "budget", "actual")
PARTS = tuple(f"{name}_{part}" for name in AMOUNTS for part in ("external", "internal"))
MEASURES = st.sampled_from(["actual", "budget", "internal_actual", "internal_budget"])
QUESTIONS = st.builds(
    Question, st.sampled_from(["2020Q1", "2020Q2", "2020", "2021Q1"]), st.none() | DAY, st.just(0), st.just(1)
)
tried = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def _commands(handler: Any, *arguments: st.SearchStrategy[Any], **options: object) -> st.SearchStrategy[Command]:  # noqa: ANN401
    drawn = {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in options.items()}
    return st.builds(Command, st.just(handler), st.tuples(*arguments), st.fixed_dictionaries(drawn))


ADDING = (
    _commands(figures.post_actual, UNIT, LINE, POSTED_IN, CENTS, contra=True, also=True, internal=FLAG, detail=FLAG),
    _commands(figures.post_actual, UNIT, LINE, POSTED_IN, CENTS, contra=True, also=True, internal=FLAG),
    _commands(figures.correct_actual, UNIT, LINE, POSTED_IN, CENTS, reason="korjaus", internal=FLAG),
    _commands(figures.adopt_budget, UNIT, LINE, YEAR, CENTS, day=DAY, contra=True, internal=FLAG),
    _commands(figures.amend_budget, UNIT, LINE, YEAR, CENTS, day=DAY, reason="muutos", internal=FLAG, also=True),
)
STATING = (
    _commands(figures.state_figure, UNIT, ANY_LINE, STATED_FOR, MEASURES, CENTS, precision_cents=PRECISION),
    _commands(figures.withdraw_statement, UNIT, ANY_LINE, STATED_FOR, MEASURES, reason="peruttu"),
)


@tried
@given(city=cities(), history=st.lists(st.one_of(*ADDING, *STATING, *SHARED), max_size=24), question=QUESTIONS)
def test_every_part_is_what_the_rule_says(city: City, history: list[Command], question: Question) -> None:
    """Internal is the rule over what is marked; external is the total without it, known where both are, else empty."""
    with TemporaryDirectory(dir=MEMORY) as folder, living(str(Path(folder, "city.db")), city, history) as log:
        events = events_in(log)
        shown = snapshot_of(log, question.period, structure=question.structure, columns=PARTS, all_lines=True)
    differing = list(compared(shown, events, question))
    assert not differing, "\n".join(differing)


def compared(shown: dict[str, Any], events: list[Event], question: Question) -> Iterator[str]:
    """Yield the cells of a snapshot whose parts are not what the reference says."""
    period = parse_reporting_period(question.period)
    structure = question.structure or period.end
    total, internal = WholeReference(events, load_chart()), InternalReference.of(events, load_chart())
    cumulative = period.year_to_date()
    before, year_before = cumulative.years_before(1), Period.of_year(cumulative.year - 1)
    periods = {"final_accounts": year_before, "prior_actual": before, "actual": cumulative}
    asked = {name: (of, total.actual(of, structure), internal.actual(of, structure)) for name, of in periods.items()}
    day = cumulative.end
    budgets = [one.budget(cumulative.year, day, structure) for one in (total, internal)]
    asked["budget"] = Period.of_year(cumulative.year), budgets[0], budgets[1]
    for unit in shown["units"]:
        for row in unit["figures"]:
            for name, (covered, whole_of, part_of) in asked.items():
                whole, part = whole_of(unit["code"], row["line"]), part_of(unit["code"], row["line"])
                if not whole and not part and not total.lived_in(unit["code"], covered):
                    continue  # of a unit that was not there nothing need be known
                left = None if whole is None or part is None else whole - part
                wanted = {name: whole, f"{name}_internal": part, f"{name}_external": left}
                for column, cents in wanted.items():
                    said = row[column] and row[column]["cents"]
                    if said != cents:
                        yield f"{unit['code']} {row['line']} {column}: the product shows {said}, the rule gives {cents}"


PLAIN = (
    _commands(figures.post_actual, UNIT, LINE, POSTED_IN, CENTS, contra=True, also=True, internal=FLAG),
    _commands(figures.correct_actual, UNIT, LINE, POSTED_IN, CENTS, reason="korjaus", internal=FLAG),
)
COMPLETE = [Command(coverage.complete_books, (parse_period(year), None), {}) for year in ("2019", "2020")]


@tried
@given(city=cities(), history=st.lists(st.one_of(*PLAIN), max_size=24))
def test_without_internal_postings_the_rest_is_the_total(city: City, history: list[Command]) -> None:
    """Where books are known by postings alone, a log without the internal ones has the external figures as totals.

    Where one of them crosses the end of a period, the total is not whole, and what is external of it neither.
    """
    rest = [command for command in history if not command.options["internal"]]
    with TemporaryDirectory(dir=MEMORY) as folder:
        with living(str(Path(folder, "all.db")), city, [*COMPLETE, *history]) as log:
            divided = snapshot_of(log, "2020Q3", columns=PARTS, all_lines=True)
        with living(str(Path(folder, "rest.db")), city, [*COMPLETE, *rest]) as log:
            plain = snapshot_of(log, "2020Q3", all_lines=True)
    totals = {(unit["code"], row["line"]): row for unit in plain["units"] for row in unit["figures"]}
    for unit in divided["units"]:
        for row in unit["figures"]:
            other = totals.get((unit["code"], row["line"]), {})
            for name in ("prior_actual", "actual"):
                left = row[f"{name}_external"]
                if left is None:  # a posting crosses the end of the period
                    assert row[name] is None or row[f"{name}_internal"] is None
                elif name in other:
                    assert left["cents"] == other[name]["cents"]


# ---------------------------------------------------------------- by example

UNITS = (
    "record unit SIV Sivistystoimiala --kind sector --on 1.1.2020",
    "record unit TEK Tekninen --kind sector --on 1.1.2020",
)
SOLD = (
    "record actual TEK sales 1-3/2020 200 --internal",
    "record actual TEK sales 1-3/2020 50",
    "record actual SIV services 1-3/2020 -200 --internal",
    "record actual SIV fees 1-3/2020 1000",
    "record actual KOE tax_revenue 1-3/2020 900",
)


@pytest.fixture
def city(tmp_path: Path) -> Terminal:
    """Give a terminal at the store of a city that is a unit, one sector of which sells to the other."""
    terminal = Terminal(tmp_path / "koe.db")
    for line in ("init --city Koeseutu --city-unit KOE", *UNITS, *SOLD):
        terminal.done(line)
    return terminal


def rows(terminal: Terminal, unit: str, line: str = "snapshot 2020Q1") -> dict[str, dict[str, Any]]:
    """Return a unit's rows by their line."""
    taken = json.loads(terminal.done(f"{line} --format json"))
    (found,) = (each for each in taken["units"] if each["code"] == unit)
    return {row["line"]: row for row in found["figures"]}


def findings(terminal: Terminal, line: str = "snapshot 2020Q1") -> list[dict[str, Any]]:
    """Return the findings that internal items do not meet."""
    taken = json.loads(terminal.done(f"{line} --format json"))
    return [finding for finding in taken["findings"] if finding["code"] == "internal_differs"]


class TestTheCity:
    """Its own statement is one of external items."""

    def test_its_rows_tell_what_is_external(self, city: Terminal) -> None:
        """Beside the totals, which are the sums of its sectors; sectors have totals alone."""
        amounts = {line: (row["actual"], row["external"]["actual"]) for line, row in rows(city, "KOE").items()}
        told = {line: tuple(cell["cents"] for cell in of) for line, of in amounts.items()}
        assert told["sales"] == (250_00, 50_00)
        assert told["operating_income"] == (1250_00, 1050_00)
        assert told["services"] == (-200_00, 0)
        assert told["operating_margin"] == (1050_00, 1050_00)
        assert told["annual_margin"] == (1950_00, 1950_00)
        assert all("external" not in row for row in rows(city, "TEK").values())

    def test_so_do_the_columns_of_its_budget(self, city: Terminal) -> None:
        """What was adopted and what was amended, each without what is internal of it; nothing known is left out."""
        for line in (
            "record budget TEK sales 2020 900 --internal --on 1.1.2020",
            "record budget SIV sales 2020 100 --on 1.1.2020",
            "record amendment TEK sales 2020 70 --internal --on 1.2.2020",
            "record amendment SIV sales 2020 5 --on 1.2.2020",
            "record complete 2020 --measure budget",
        ):
            city.done(line)
        asked = "snapshot 2020Q1 --columns original_budget,amendments,budget"
        row = rows(city, "KOE", asked)["sales"]
        totals = {name: row[name]["cents"] for name in ("original_budget", "amendments", "budget")}
        assert totals == {"original_budget": 1000_00, "amendments": 75_00, "budget": 1075_00}
        external = {name: row["external"][name]["cents"] for name in totals}
        assert external == {"original_budget": 100_00, "amendments": 5_00, "budget": 105_00}

    def test_so_do_further_prior_years(self, city: Terminal) -> None:
        """With more prior years asked for, its own statement has them without internal items, where that is known."""
        for line in (
            "record actual TEK sales 1-3/2022 70",
            "record actual SIV fees 1-3/2022 30",
            "record actual KOE tax_revenue 1-3/2022 5",
        ):
            city.done(line)
        asked = "snapshot 2022Q1 --years 2"
        (prior,) = rows(city, "KOE", asked)["sales"]["prior_years"]
        assert prior["year"] == 2020
        assert prior["prior_actual"]["cents"] == 250_00
        assert prior["external"] == {
            "final_accounts": None,
            "prior_actual": {"cents": 50_00, "precision_cents": 1},
        }
        assert all("external" not in one for row in rows(city, "TEK", asked).values() for one in row["prior_years"])
        shown = city.done(f"{asked} --unit KOE").replace("\N{NO-BREAK SPACE}", " ")
        (sales,) = [line for line in shown.splitlines() if "Myyntituotot" in line][:1]
        assert "50" in sales.split()
        assert "250" not in sales.split()

    def test_nothing_is_added_where_nothing_is_internal(self, tmp_path: Path) -> None:
        """The snapshot of a city without internal items is what it always was."""
        terminal = Terminal(tmp_path / "plain.db")
        external = [line for line in SOLD if "--internal" not in line]
        for line in ("init --city Koeseutu --city-unit KOE", *UNITS, *external):
            terminal.done(line)
        assert all("external" not in row for row in rows(terminal, "KOE").values())
        assert not findings(terminal)

    def test_what_is_shown_says_so(self, city: Terminal) -> None:
        """On the terminal and in the report its statement has a label, and the report tells both parts in a table."""
        page = city.done("snapshot 2020Q1")
        assert page.count("Ulkoiset erät: ilman sitä, mitä kaupungin yksiköt myyvät toisilleen.") == 1
        assert city.run(f"report 2020Q1 --format md -o {city.store.with_suffix('.md')}").exit_code == 0
        report = city.store.with_suffix(".md").read_text("utf-8")
        assert "Luvut: Koeseutu, ulkoiset erät" in report
        divided = report[report.index("Sisäiset erät") :]
        (income,) = [line for line in divided.splitlines() if line.startswith("| **Toimintatuotot yhteensä**")]
        assert "1 250" in income.replace("\N{NO-BREAK SPACE}", " ")

    def test_asked_for_both_parts_the_total_stays(self, city: Terminal) -> None:
        """With columns of both parts asked for, its own column is the total that they are parts of."""
        row = rows(city, "KOE", "snapshot 2020Q1")["sales"]
        assert row["actual"]["cents"] == 250_00
        assert "actual_internal" not in row


class TestWhetherTheyMeet:
    """What one unit earns of another, this one spends."""

    def test_nothing_is_said_where_they_do(self, city: Terminal) -> None:
        """Income of 200 meets expenses of 200."""
        assert not findings(city)

    def test_the_difference_is_told_where_they_do_not(self, city: Terminal) -> None:
        """With both sums, over the whole city; not in the report of one sector, whose counterparts are elsewhere."""
        city.done("record actual SIV services 1-3/2020 -10 --internal --also")
        (finding,) = findings(city)
        assert (finding["kind"], finding["column"], finding["unit"]) == ("mismatch", "actual_internal", None)
        assert finding["parameters"] == {"income_cents": 200_00, "expenses_cents": -210_00}
        assert (finding["stated"], finding["computed"]) == (200_00, 210_00)
        assert not findings(city, "snapshot 2020Q1 --unit SIV")
        for language, words in {"fi": "eivät kohtaa", "sv": "möts inte", "en": "do not meet"}.items():
            assert words in " ".join(city.done(f"snapshot 2020Q1 --lang {language}").split())

    def test_undone_it_is_as_before(self, city: Terminal) -> None:
        """An internal posting that was undone is in no part."""
        city.done("record actual SIV services 1-3/2020 -10 --internal --also")
        city.done(f"undo '#{len(city.events()) + 1}' --reason väärin")
        assert not findings(city)


class TestWhatIsStated:
    """A total says nothing of its internal part."""

    def test_a_total_alone_leaves_it_unknown(self, city: Terminal) -> None:
        """Until the internal part is stated, too; then external is the difference."""
        city.done("record statement TEK sales 1-6/2020 500")
        assert _parts(city, "TEK", "sales") == (500_00, None, None)
        city.done("record statement TEK sales 1-6/2020 300 --internal")
        assert _parts(city, "TEK", "sales") == (500_00, 200_00, 300_00)
        city.done("record withdrawal TEK sales 1-6/2020 --internal --reason peruttu")
        assert _parts(city, "TEK", "sales") == (500_00, None, None)

    def test_a_correction_to_a_total_of_internal_items(self, city: Terminal) -> None:
        """It changes both the internal part and the total by the same difference."""
        city.done("record correction TEK sales 1-3/2020 --to 230 --internal --reason oikaisu")
        row = rows(city, "KOE")["sales"]
        assert (row["actual"]["cents"], row["external"]["actual"]["cents"]) == (280_00, 50_00)


def _parts(terminal: Terminal, unit: str, line: str) -> tuple[int | None, int | None, int | None]:
    """Return total, external and internal of a cell of the first half of 2020, in cents."""
    from heinola_es.store.log import EventLog

    with EventLog.open(terminal.location) as log:
        taken = snapshot_of(log, "2020H1", columns=PARTS)
    (found,) = (row for one in taken["units"] if one["code"] == unit for row in one["figures"] if row["line"] == line)
    names = ("actual", "actual_external", "actual_internal")
    total, external, internal = (found[name] and found[name]["cents"] for name in names)
    return total, external, internal
