"""The audit trail and the lists at 60, 80 and 120 columns: nothing is wider, nothing lost, and no amount broken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson
import pytest

from projections.commands.listing import KINDS

if TYPE_CHECKING:
    from tests.terminal import Terminal

MONEY = re.compile("−?€[\\d,]+(?:\\.\\d\\d)?|−?\\d[\\d\u00a0]*(?:,\\d\\d)?\u00a0€")
PAGES = (
    "audit show 533",
    "audit explain HYV net 2020Q2",
    "audit explain HYV operating_margin 2020Q2",
    "audit diff 2020Q2 --from 532",
    "audit actors",
    "audit log",
    *(f"list {kind}" for kind in KINDS),
)


@pytest.fixture
def changed(reading: Terminal) -> Terminal:
    """Give a terminal in front of the report with some facts after it, an actor with a long name among them."""
    reading.done('record correction 4100 income 6/2020 -1234567,89 --large --reason "Lasku kirjattu kahdesti"')
    reading.done("--actor 'Koulutusjohtaja Hämäläinen-Virtanen' record amendment 4160 personnel 2020 -5 --on 4.7.2020")
    reading.done('record goal-status 410 410-1 2020Q2 in_progress "Etenee suunnitellusti"')
    reading.done('record outlook 410 2020Q2 "Vuosi toteutuu suunnitellulla tavalla"')
    return reading


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("words", PAGES)
def test_a_page_fits_and_says_it_all(
    changed: Terminal, monkeypatch: pytest.MonkeyPatch, words: str, language: str
) -> None:
    """No line is wider than the terminal, and at every width the same amounts are told, each on one line."""
    told: dict[int, str] = {}
    for columns in (60, 80, 120, 1000):
        monkeypatch.setenv("COLUMNS", str(columns))
        told[columns] = changed.done(f"--lang {language} {words}")
        assert max(map(len, told[columns].splitlines())) <= columns
    amounts = sorted(MONEY.findall(told[1000]))
    assert [sorted(MONEY.findall(told[columns])) for columns in (60, 80, 120)] == [amounts] * 3
    assert "amount_cents" not in told[120]


def test_amounts_are_there_to_be_broken() -> None:
    """The pattern above knows an amount in each language, and half of one as another."""
    assert MONEY.findall("TOT −1\u00a0234\u00a0567,89\u00a0€ ja €1,234.50, −€5") == [
        "−1\u00a0234\u00a0567,89\u00a0€",
        "€1,234.50",
        "−€5",
    ]


@pytest.mark.parametrize("columns", [60, 80, 120, 0])
def test_the_log_tells_the_source_and_the_reason_of_every_event(
    changed: Terminal, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """Nothing of an entry is cut off, at any width, and where the output is no terminal it is a line."""
    if columns:
        monkeypatch.setenv("COLUMNS", str(columns))
    else:
        monkeypatch.delenv("COLUMNS", raising=False)
    said = changed.done("audit log")
    entries = orjson.loads(changed.done("audit log --format json"))
    blocks = re.split(r"\n(?=#)", said)
    assert len(blocks) == len(entries)
    for block, entry in zip(blocks, entries, strict=True):
        words = block.split()
        assert words[0] == f"#{entry['position']}"
        assert set(f"{entry['source']} {entry['reason']}".split()) <= set(words)
        assert columns or "\n" not in block


def test_a_kind_is_asked_for_in_plain_words(changed: Terminal) -> None:
    """In the reader's language, in another of ours, by the command that records it, or by its topic."""
    told = {
        changed.done(f"audit log --type '{kind}' --format json")
        for kind in ("oikaisu", "Rättelse", "correction", "ActualCorrected", "actual-corrected")
    }
    assert len(told) == 1
    assert changed.done("audit log --type 'goal status' --format csv").count("GoalStatusUpdated") == 1


@pytest.mark.parametrize(
    ("language", "kind"), [("fi", "oikaisu (ActualCorrected)"), ("sv", "rättelse (ActualCorrected)")]
)
def test_a_kind_that_is_none_is_met_with_those_there_are(changed: Terminal, language: str, kind: str) -> None:
    """In the reader's own words, each with its topic, and the nearest first."""
    sentence = changed.refused(f"--lang {language} audit log --type Foo", code=2)
    assert sentence.startswith("heinola: there is no kind of event 'Foo'")
    assert kind in sentence
    assert "did you mean oikaisu?" in changed.refused("audit log --type oikasu", code=2)
