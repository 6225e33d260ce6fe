"""Amounts that no city has are refused, and those far beyond what the store has seen are asked about."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from events.figures import ActualPosted
from heinola_es.domain.amounts import (
    LARGEST_CENTS,
    LARGEST_TOTAL_CENTS,
    SUMMABLE_CENTS,
    AmountTooLarge,
    decimal_text,
    format_cents,
)
from heinola_es.domain.periods import parse_period
from heinola_es.domain.plausible import FIRST_CENTS, FLOOR_CENTS, TIMES, require_plausible
from heinola_es.errors import BadInput
from heinola_es.handlers.figures import (
    adopt_budget,
    amend_budget,
    correct_actual,
    post_actual,
    state_figure,
)
from heinola_es.handlers.goals import observe_indicator
from heinola_es.handlers.projects import launch_project, report_progress, revise_project
from heinola_es.handlers.session import run
from heinola_es.store.log import Request
from tests.city import FOUNDED_AT
from tests.heinola_es.importing.ledger.ledgers import PLAIN, lined, written
from tests.terminal import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from heinola_es.handlers.session import Session
    from heinola_es.store.log import EventLog
    from tests.terminal import Terminal

JUNE = parse_period("6/2020")
HALF = parse_period("2020H1")
BEYOND = LARGEST_CENTS + 1
SAMPLE = ROOT / "examples" / "hyvinvointi-2020-q2.txt"
FAR = format_cents(FLOOR_CENTS * 5)


def budgeted(session: Session) -> None:
    """Adopt and amend, with an amount beyond the limit."""
    adopt_budget(session, "4160", "fees", 2020, 1, day=JUNE.start)
    amend_budget(session, "4160", "fees", 2020, BEYOND, day=JUNE.start)


def revised(session: Session) -> None:
    """Launch and revise, with an amount beyond the limit."""
    launch_project(session, "Hanke", HALF, "4160")
    revise_project(session, "Hanke", JUNE.start, income_cents=BEYOND)


ABSURD: dict[str, Callable[[Session], None]] = {
    "actual": lambda s: post_actual(s, "4160", "fees", JUNE, BEYOND),
    "expense": lambda s: post_actual(s, "4160", "personnel", JUNE, -BEYOND),
    "detail": lambda s: post_actual(s, "4160", "fees", JUNE, BEYOND, detail=True),
    "correction": lambda s: correct_actual(s, "4160", "fees", JUNE, -BEYOND),
    "budget": lambda s: adopt_budget(s, "4160", "fees", 2020, BEYOND, day=JUNE.start),
    "amendment": budgeted,
    "statement": lambda s: state_figure(s, "4160", "income", HALF, "actual", BEYOND),
    "statement in thousands": lambda s: state_figure(
        s, "4160", "income", HALF, "actual", 10**9 * 100_000, precision_cents=100_000
    ),
    "stated budget": lambda s: state_figure(s, "4160", "income", HALF, "budget", -BEYOND),
    "project": lambda s: launch_project(s, "Hanke", HALF, "4160", expense_cents=BEYOND),
    "city's share": lambda s: launch_project(s, "Hanke", HALF, "4160", city_share_cents=-BEYOND),
    "revision": revised,
}


@pytest.mark.parametrize("work", ABSURD.values(), ids=ABSURD)
def test_no_amount_is_beyond_the_limit(store: EventLog, work: Callable[[Session], None]) -> None:
    """Whatever is recorded, --large or not: refused in a sentence, and nothing is recorded."""
    before = store.head()
    with pytest.raises(AmountTooLarge, match="is too large to be an amount in euros; check the figure"):
        run(store, FOUNDED_AT, Request("controller", reason="x", large=True), work)
    assert store.head() == before


def test_the_limit_itself_is_an_amount(store: EventLog) -> None:
    """A hundred thousand million euros can be recorded, where they are meant."""
    for sign in (1, -1):
        posting: dict[str, Any] = {"unit": "4160", "line": "fees", "period": JUNE, "amount_cents": sign * LARGEST_CENTS}
        work = partial(post_actual, **posting, contra=True, also=True)
        run(store, FOUNDED_AT, Request("controller", large=True), work)


@pytest.mark.parametrize(
    "work",
    [
        lambda s: observe_indicator(s, "4160", JUNE, "Kävijät", "9" * 16),
        lambda s: observe_indicator(s, "4160", JUNE, "Kävijät", "0," + "9" * 5000),
        lambda s: report_progress(s, "Hanke", JUNE, "1" * 5000),
        lambda s: state_figure(s, "4160", "income", HALF, "actual", 1, percent="9" * 40),
        lambda s: state_figure(s, "4160", "income", HALF, "actual", 1, percent="NaN"),
    ],
)
def test_no_number_is_beyond_all_measure(store: EventLog, work: Callable[[Session], None]) -> None:
    """Statistics, progress and printed per cents: fifteen digits before and after the point are enough."""
    run(store, FOUNDED_AT, Request("controller"), lambda s: launch_project(s, "Hanke", HALF, "4160"))
    with pytest.raises(BadInput, match=r"is too long for a number|is not a number"):
        run(store, FOUNDED_AT, Request("controller"), work)
    assert decimal_text("999 999 999 999 999,5") == "999999999999999.5"


def test_what_a_year_has_of_a_measure_is_limited(store: EventLog) -> None:
    """Ten of the largest amounts; no eleventh, on any line and of any sign; budgets are counted by themselves."""

    def fill(session: Session) -> None:
        for month in range(1, 11):
            sign = -1 if month % 2 else 1
            post_actual(session, "4160", "fees", parse_period(f"{month}/2020"), sign * LARGEST_CENTS, contra=True)
        adopt_budget(session, "4160", "fees", 2020, LARGEST_CENTS, day=JUNE.start)

    large = Request("controller", reason="x", large=True)
    run(store, FOUNDED_AT, large, fill)
    for line in ("fees", "personnel"):
        with pytest.raises(AmountTooLarge, match="the actual of 4160 for 2020 would come to 1 000 000 000 000,01 €"):
            run(store, FOUNDED_AT, large, partial(correct_actual, unit="4160", line=line, period=JUNE, amount_cents=1))
    run(store, FOUNDED_AT, large, lambda s: post_actual(s, "4100", "fees", JUNE, 1))


def test_a_city_of_ten_thousand_units_can_be_counted() -> None:
    """Whatever units, lines and months are added up, it is a quarter of what may be shown, an eighth of 64 bits."""
    assert 10_000 * LARGEST_TOTAL_CENTS * 4 < SUMMABLE_CENTS < 2**63 // 2


def test_no_list_is_so_long(terminal: Terminal) -> None:
    """The numbers of priorities and of parts of a section are those of a list."""
    for line in (
        f"record priority 4160 {10**30} 2020 --title x",
        f"record narrative 4160 2020Q2 Talous x --part {10**30}",
    ):
        assert "number them from 1 to 9999" in terminal.refused(line, code=2)


# ---------------------------------------------------------------- far beyond what was seen


def bodies(*amounts: int) -> Iterator[dict[str, Any]]:
    """Yield the bodies of postings, the newest first, and fail where the log would be read further than needed."""
    for amount in amounts:
        yield {"amount_cents": amount}
    raise AssertionError("read too far")


def test_the_log_is_read_no_further_than_needed() -> None:
    """Not at all for an ordinary amount; for a large one, to the first amount within a hundredth."""
    require_plausible(FLOOR_CENTS, bodies(), large=False)
    require_plausible(10**13, bodies(), large=True)
    require_plausible(FLOOR_CENTS * 2, bodies(1, 2, -FLOOR_CENTS * 2 // TIMES), large=False)


def test_an_amount_far_beyond_what_was_seen_is_asked_about(terminal: Terminal) -> None:
    """The sentence names the amount, the largest so far, and the option; with it the amount is recorded."""
    terminal.done("record actual 4160 fees 1/2020 1000")
    sentence = terminal.refused(f"record actual 4160 fees 6/2020 '{FAR}'")
    assert sentence == (
        f"heinola: {FAR} € is far beyond what the store has seen (the largest so far is 1 000 €); check the figure, or "
        "add --large if it is meant"
    )
    assert terminal.refused(f"record actual 4160 fees 6/2020 '{FAR}' --dry-run") == sentence
    event = terminal.recorded(f"record actual 4160 fees 6/2020 '{FAR}' --large")
    assert isinstance(event, ActualPosted)
    terminal.done(f"record actual 4160 fees 6/2020 '{FAR}' --also")


def test_every_kind_of_amount_is_asked_about(terminal: Terminal) -> None:
    """Expenses, budgets, corrections and projects as well."""
    terminal.done("record actual 4160 fees 1/2020 1000")
    for line in (
        f"record actual 4160 personnel 6/2020 '-{FAR}'",
        f"record budget 4160 fees 2020 '{FAR}' --on 9.12.2019",
        f"record correction 4160 fees 6/2020 '{FAR}' --reason x",
        f"record statement 4160 income 1-6/2020 '{FAR}'",
        f"record project Hanke 4160 2020 --expenses '{FAR}'",
    ):
        assert "is far beyond what the store has seen" in terminal.refused(line), line


def test_the_first_amounts_of_a_store_are_let_in(terminal: Terminal) -> None:
    """Nothing was seen yet: up to a thousand million euros nothing is asked, beyond it is."""
    beyond = format_cents(FIRST_CENTS + 1)
    assert "the store has no amounts yet" in terminal.refused(f"record actual 4160 fees 6/2020 '{beyond}'")
    terminal.done(f"record actual 4160 fees 6/2020 '{format_cents(FIRST_CENTS)}'")


# ---------------------------------------------------------------- files


def ledger(folder: Path, *rows: str, name: str = "ledger.csv") -> str:
    """Write a ledger and its mapping, and return the command that imports it."""
    return f"import figures {written(folder, lined(*rows), name)} --mapping {written(folder, PLAIN, 'plain.toml')}"


def test_a_ledger_of_invoice_numbers_is_refused_by_row(terminal: Terminal, tmp_path: Path) -> None:
    """A hundred rows whose amounts are numbers of invoices: each row is told, and nothing is recorded."""
    before = terminal.events()
    result = terminal.run(ledger(tmp_path, *(f"4000 1/2020 -{10**17 + n},00" for n in range(100))))
    assert result.exit_code == 2
    assert "row 2, column actual: '-100000000000000000,00' is too large to be an amount" in result.stderr
    assert "heinola: ledger.csv: 100 problems; nothing was recorded" in result.stderr
    assert terminal.events() == before


@pytest.mark.parametrize("wish", ["", " --dry-run"])
def test_a_ledger_far_beyond_what_was_seen_is_asked_about(terminal: Terminal, tmp_path: Path, wish: str) -> None:
    """The row of the largest amount is told, and how many more are beyond the floor; with --large it is recorded."""
    terminal.done("record actual 4160 fees 1/2020 1000")
    before = terminal.events()
    command = ledger(tmp_path, "4000 1/2020 -1,00", "4000 2/2020 -90000000,00", "4000 3/2020 -95000000,00")
    result = terminal.run(command + wish)
    assert result.exit_code == 1
    assert "row 4, column actual: 95 000 000 € is far beyond what the store has seen" in result.stderr
    assert "(and 1 more like it)" in result.stderr
    assert terminal.events() == before
    assert terminal.run(f"{command} --large").exit_code == 0


def test_a_ledger_fills_a_year_to_its_limit(terminal: Terminal, tmp_path: Path) -> None:
    """Ten of the largest amounts can be imported; an eleventh is refused with its row, in that file or the next."""
    largest = [f"4000 {month}/2020 -100000000000,00" for month in range(1, 11)]
    whole = terminal.run(f"{ledger(tmp_path, *largest, '4000 11/2020 -0,01')} --large")
    assert whole.exit_code == 1
    assert "for 2020 would come to 1 000 000 000 000,01 €" in whole.stderr
    assert terminal.run(f"{ledger(tmp_path, *largest)} --large").exit_code == 0
    more = terminal.run(ledger(tmp_path, "4000 11/2020 -0,01", name="more.csv"))
    assert more.exit_code == 1
    assert "row 2, column actual: the actual of" in more.stderr


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("-100000000000,01", "is too large to be an amount"),
        ("-99999999999", "is far beyond what the store has seen"),
    ],
)
def test_a_report_is_refused_by_row(terminal: Terminal, tmp_path: Path, amount: str, words: str) -> None:
    """An amount of a report beyond the limit names its line; one far beyond what was seen is asked about."""
    text = SAMPLE.read_text(encoding="utf-8")
    assert text.count("-944 469") == 1
    report = tmp_path / "report.txt"
    report.write_text(text.replace("-944 469", amount), encoding="utf-8")
    terminal.done("record actual 4030 fees 1/2020 1000")
    sentence = terminal.refused(f"import report {report}", code=2 if "too large" in words else 1)
    assert words in sentence
    assert "line 150, column TOT 2020" in sentence or "report.txt:150" in sentence


def test_a_correction_to_a_total_beyond_the_limit(terminal: Terminal) -> None:
    """What is asked for as a total is recorded as a difference, which has the same limit."""
    terminal.done("record actual 4160 fees 6/2020 -1000 --contra")
    sentence = terminal.refused("record correction 4160 fees 6/2020 --to 100000000000 --reason x --large")
    assert "is too large to be an amount" in sentence
