"""How a line that records is read: negative amounts, split amounts, options between them, and periods by option."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import Amount
from heinola_es.domain.amounts import format_cents


@click.command(cls=Form)
@options.unit
@options.period
@options.amount
@click.option("--to", type=Amount())
@click.option("--reason", default="")
@click.option("--detail", is_flag=True)
@click.pass_context
def form(ctx: click.Context, /, **_values: Any) -> None:  # noqa: ANN401
    """Stand for any command with a period and an amount."""
    ctx.exit()


def read(*words: str) -> dict[str, Any]:
    """Return what the form makes of the words, with the period as its label."""
    with form.make_context("form", list(words)) as ctx:
        return ctx.params | {"period": ctx.params["period"].label}


def said(*words: str) -> str:
    """Return what click says of words that it cannot read."""
    result = CliRunner().invoke(form, words)
    assert result.exit_code == 2
    return result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "cents"),
    [
        (["-1234,50"], -123_450),
        (["-1", "234,50"], -123_450),
        (["-1", "234", "567,50"], -123_456_750),
        (["-1 234,50"], -123_450),
        (["-1\u00a0234,50"], -123_450),
        (["-1\u202f234,50", "€"], -123_450),
        (["-500€"], -50_000),
        (["-500", "eur"], -50_000),
        (["\u2212500"], -50_000),
        (["- 500"], -50_000),
        (["1", "234,50"], 123_450),
        (["12", "345", "€"], 1_234_500),
        (["+12"], 1_200),
        (["--", "-12"], -1_200),
    ],
)
def test_an_amount_needs_no_quotes(words: list[str], cents: int) -> None:
    """A negative amount is no option, and the groups that the shell split at its spaces are one amount."""
    assert read("4100", "6/2020", *words)["amount"] == cents


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_any_amount_survives_the_shell(cents: int) -> None:
    """Whatever amount is printed with groups and split by the shell at its spaces, is read as itself."""
    assert read("4100", "6/2020", *format_cents(cents).split(" "))["amount"] == cents


def test_an_option_may_stand_anywhere() -> None:
    """Options are understood before, between and after the values."""
    expected = {"unit": "410", "amount": -500, "reason": "x", "detail": True, "to": None, "large": False}
    expected["period"] = "1.6.–30.6.2020"
    for words in (
        "--reason x --detail 410 6/2020 -5",
        "410 --reason x 6/2020 --detail -5",
        "410 6/2020 -5 --detail --reason x",
    ):
        assert read(*words.split(" ")) == expected


@pytest.mark.parametrize("reason", ["-5 %", "-5", "-1 234,50", "--", "-", "--detail"])
def test_the_value_of_an_option_is_left_as_it_is(reason: str) -> None:
    """What follows --reason is the reason, whatever it looks like."""
    assert read("410", "6/2020", "5", "--reason", reason)["reason"] == reason
    assert read("410", "6/2020", "5", f"--reason={reason}")["reason"] == reason


def test_an_amount_given_by_an_option_is_joined_before_the_next_option_or_the_end() -> None:
    """`--to -1 234,50` is one amount; `--to 500 410 6/2020` leaves 410 as the unit it is."""
    assert read("410", "6/2020", "5", "--to", "-1", "234,50")["to"] == -123_450
    assert read("410", "6/2020", "5", "--to", "1", "234", "--detail")["to"] == 123_400
    values = read("--to", "500", "410", "6/2020", "5")
    assert (values["to"], values["unit"]) == (50_000, "410")


@pytest.mark.parametrize(
    "words",
    [
        ["--period", "6/2020", "410", "-5"],
        ["410", "--period", "6/2020", "-5"],
        ["410", "-5", "--period=2020-06"],
        ["410", "-5", "--period", "1.6.–30.6.2020"],
    ],
)
def test_a_period_may_be_given_as_an_option(words: list[str]) -> None:
    """--period stands for the argument PERIOD, wherever it is given."""
    values = read(*words)
    assert (values["unit"], values["period"], values["amount"]) == ("410", "1.6.–30.6.2020", -500)


def test_a_day_may_be_given_as_an_option() -> None:
    """--on stands for the argument PERIOD, too."""
    assert read("410", "-5", "--on", "20.6.2020")["period"] == "20.6.2020"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["410", "6/2020", "5", "--detial"], "Error: No such option '--detial'. Did you mean '--detail'?"),
        (["410", "6/2020", "-x5"], "Error: No such option '-x'."),
        (["410", "6/2020", "-5", "6"], "Error: Got unexpected extra argument (6)"),
        (["410", "6/2020", "1234", "500"], "Error: Got unexpected extra argument (500)"),
        (["410", "6/2020"], "Error: Missing argument 'AMOUNT'."),
        (["--period", "6/2020"], "Error: Missing argument 'UNIT'."),
        (["410", "6/2020", "5", "--period", "2020"], "Error: The period is given twice, or another value is too many."),
        (["410", "5", "--period", "2020", "--on", "1.1.2020"], "Error: The period is given twice."),
        (["410", "6/2020", "5", "--reason"], "Error: Option '--reason' requires an argument."),
    ],
)
def test_what_does_not_fit_is_told_as_click_tells_it(words: list[str], sentence: str) -> None:
    """A misspelt option, a value too many or too few: the sentence is click's own."""
    assert said(*words) == sentence
