"""`heinola record`: budgets, actuals, corrections, statements, and the closing of periods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from events.figures import MEASURES
from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import Amount, OneOf, UnitCode
from heinola_es.domain.amounts import PRECISIONS
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from datetime import date

    from events.period import Period
    from heinola_es.commands.recording import Recording

detail = click.option("--detail", is_flag=True, help="It breaks down a total already stated and adds to no statement.")
also = click.option("--also", is_flag=True, help="It adds to what the line has of the same days already.")
internal = click.option("--internal", is_flag=True, help="It is income from, or expense to, another unit of the city.")
correcting = click.option(
    "--correcting", is_flag=True, help="A budget stated as of a later day had missed it; needs --reason."
)
decision_organ = click.option("--organ", default="", metavar="NAME", help="Who decided it, such as kaupunginvaltuusto.")
decision_section = click.option("--section", default="", metavar="§", help="The section of the minutes, such as 41.")
decision_address = click.option("--address", default="", metavar="URL", help="Where the decision can be read.")
measure = click.option(
    "--measure",
    type=OneOf("measure", MEASURES, {"actual": ("toteuma", "utfall"), "budget": ("talousarvio", "budget")}),
    default="actual",
    show_default=True,
    metavar="MEASURE",
    help=f"What the figure measures: {' or '.join(MEASURES)}.",
)
below = click.option("--unit", type=UnitCode(), metavar="CODE", help="This unit and all below it; else the whole city.")


@click.command(cls=Form)
@options.unit
@options.line
@options.year
@options.amount
@options.day("The day of the decision; by default 1 January of the year.", required=False)
@detail
@options.contra
@internal
@options.recording
def budget(
    recording: Recording,
    unit: str,
    line: str,
    year: int,
    amount: int,
    day: date | None,
    detail: bool,
    contra: bool,
    internal: bool,
) -> None:
    """Record the original budget of a line for a year.

    Example:
      heinola record budget 4100 personnel 2020 "-12 500 000" --source "Kv 11.11.2019 § 70"
    """
    from datetime import date as calendar_date

    from heinola_es.handlers.figures import adopt_budget

    decided = day or calendar_date(year, 1, 1)
    more = _said(internal=internal)
    recording.run(adopt_budget, unit, line, year, amount, day=decided, detail=detail, contra=contra, **more)


@click.command(cls=Form)
@options.unit
@options.line
@options.year
@options.delta
@options.day("The day of the decision.")
@detail
@correcting
@click.option("--also", is_flag=True, help="It adds to one of the same decision, line and amount.")
@click.option("--proposed", is_flag=True, help="It waits for a decision, and is in no figure until then.")
@decision_organ
@decision_section
@decision_address
@internal
@options.recording
def amendment(
    recording: Recording,
    unit: str,
    line: str,
    year: int,
    delta: int,
    *,
    day: date,
    detail: bool,
    correcting: bool,
    also: bool,
    proposed: bool,
    internal: bool,
    organ: str,
    section: str,
    address: str,
) -> None:
    """Change the budget of a line by DELTA.

    Reports tell each decision with its organ, day and section. What is --proposed stands beside them,
    by the organ and the day that it was proposed, until `heinola record decision` says what became of it.

    Examples:
      heinola record amendment 4100 personnel 2020 -50 000 --on 15.6.2020 --organ kaupunginvaltuusto --section 41
      heinola record amendment 4100 personnel 2020 -50 000 --on 25.5.2020 --organ kaupunginhallitus --proposed
    """
    from heinola_es.domain.decision import decision_of
    from heinola_es.handlers.figures import amend_budget
    from heinola_es.handlers.proposals import propose_amendment

    more: dict[str, Any] = {**_said(also=also, internal=internal)}
    if any(decided := decision_of(organ, section, address)):
        more["decided"] = decided
    if proposed:
        if detail or correcting:
            raise BadInput("a proposal changes no figure; leave out --detail and --correcting")
        recording.run(propose_amendment, unit, line, year, delta, day=day, **more)
        return
    recording.run(amend_budget, unit, line, year, delta, day=day, detail=detail, correcting=correcting, **more)


@click.command(cls=Form)
@options.unit
@options.line
@options.period
@options.amount
@click.option("--account", default="", metavar="ACCOUNT", help="The ledger account it comes from.")
@detail
@options.contra
@also
@internal
@options.recording
def actual(
    recording: Recording,
    unit: str,
    line: str,
    period: Period,
    amount: int,
    *,
    account: str,
    detail: bool,
    contra: bool,
    also: bool,
    internal: bool,
) -> None:
    """Record income or expense of a period or a day.

    Expenses are negative. PERIOD may be given as --period or --on instead. What the line has of the
    same days already is not counted twice: see --also.

    Examples:
      heinola record actual 4100 personnel 6/2020 -1 234 567,50
      heinola record actual 4100 fees 120,00 --on 20.6.2020
    """
    from heinola_es.handlers.figures import post_actual

    more = _said(also=also, internal=internal)
    recording.run(post_actual, unit, line, period, amount, account=account, detail=detail, contra=contra, **more)


@click.command(cls=Form)
@options.unit
@options.line
@options.period
@click.argument("delta", type=Amount(), required=False, help="The difference in euros, such as -1 234,50.")
@click.option("--to", "total", type=Amount(), metavar="AMOUNT", help="The total it should be, in place of DELTA.")
@internal
@options.recording
def correction(
    recording: Recording, unit: str, line: str, period: Period, delta: int | None, total: int | None, internal: bool
) -> None:
    """Correct an actual by DELTA, or to a total.

    The reason is needed.

    Examples:
      heinola record correction 4100 income 6/2020 1000,00 --reason "lasku kirjattu kahdesti"
      heinola record correction 4100 personnel 2020Q2 --to -1 250 000 --reason "jaksotus puuttui"
    """
    from heinola_es.handlers.figures import correct_actual, correct_actual_to

    if delta is not None and total is not None:
        raise BadInput("the correction has two amounts; give either the difference as DELTA or the total with --to")
    if delta is not None:
        recording.run(correct_actual, unit, line, period, delta, **_said(internal=internal))
    elif total is not None:
        recording.run(correct_actual_to, unit, line, period, total, **_said(internal=internal))
    else:
        raise BadInput("the correction has no amount; give the difference as DELTA or the total with --to")


@click.command(cls=Form)
@options.unit
@options.any_line
@options.period
@options.amount
@measure
@options.precision("What the document rounds to")
@options.contra
@internal
@options.recording
def statement(
    recording: Recording,
    unit: str,
    line: str,
    period: Period,
    amount: int,
    measure: str,
    precision: str,
    contra: bool,
    internal: bool,
) -> None:
    """Record a total as a document states it.

    It is the total of the unit with everything below it, over exactly the period. For a budget, it
    holds as of the end of the period, which is a day of the year and not the year. With --internal it
    is the part of the total that are internal items, which is recorded beside the total.

    Examples:
      heinola record statement 410 income 2019 802 000 --precision thousand --source "TP 2019"
      heinola record statement 410 expenses 1-6/2020 -25 100 000 --measure budget
    """
    from events.period import Period as Span
    from heinola_es.handlers.figures import state_figure

    if measure == "budget" and period == Span.of_year(period.year):
        raise BadInput(
            f"a budget is stated as of a day: write 1.1.{period.year} for the one that was adopted, "
            f"31.12.{period.year} for the one with all its changes, or the period of the report that states it"
        )
    cents = PRECISIONS[precision]
    recording.run(
        state_figure, unit, line, period, _of(measure, internal), amount, precision_cents=cents, contra=contra
    )


@click.command(cls=Form)
@options.unit
@options.any_line
@options.period
@measure
@internal
@options.recording
def withdrawal(recording: Recording, unit: str, line: str, period: Period, measure: str, internal: bool) -> None:
    """Withdraw what was stated of a line.

    The statements of exactly this period hold no longer. The reason is needed.

    Example:
      heinola record withdrawal 410 income 2019 --reason "luettu väärästä sarakkeesta"
    """
    from heinola_es.handlers.figures import withdraw_statement

    recording.run(withdraw_statement, unit, line, period, _of(measure, internal))


@click.command(cls=Form)
@options.period
@below
@options.recording
def close(recording: Recording, period: Period, unit: str | None) -> None:
    """Close the books for a period.

    No figure is recorded into it any more, unless it is reopened.

    Examples:
      heinola record close 2020Q2
      heinola record close 2020Q2 --unit 410
    """
    from heinola_es.handlers.figures import close_period

    recording.run(close_period, period, unit)


@click.command(cls=Form)
@options.period
@below
@options.recording
def reopen(recording: Recording, period: Period, unit: str | None) -> None:
    """Open the books for a period again.

    The reason is needed.

    Example:
      heinola record reopen 2020Q2 --unit 410 --reason "jaksotus puuttui"
    """
    from heinola_es.handlers.figures import reopen_period

    recording.run(reopen_period, period, unit)


def _said(**options: bool) -> dict[str, bool]:
    """Return the options that were given: what is not said is no part of what a retry is known by."""
    return {name: True for name, is_given in options.items() if is_given}


def _of(measure: str, internal: bool) -> str:
    """Return what is stated: a measure, or its internal part."""
    return f"internal_{measure}" if internal else measure
