"""What people type by mistake, and the one sentence that leads on from it; nothing is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heinola_es.commands.record.goals import _CALLED
from projections.report.language.words import words_in
from tests.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

LEDGER = ROOT / "examples" / "paakirja-2020-q2.csv"

MISTAKES = [
    # amounts that begin like an option
    ('record actual 4160 personnel 7/2020 "-10 000 e"', "'-10 000 e' is not an amount; write euros such as -1 234,50"),
    ("record actual 4160 personnel 7/2020 -10k", "'-10k' is not an amount; write euros such as -1 234,50"),
    ("record actual 4160 personnel 7/2020 -10,5,5", "'-10,5,5' is not an amount"),
    ("record actual 4160 personnel 7/2020 -1e3", "'-1e3' is not an amount"),
    # periods
    ("snapshot 2020Q5", "'2020Q5' is not a period: a year has no Q5"),
    ("snapshot Q5/2020", "'Q5/2020' is not a period: a year has no Q5"),
    ("snapshot 13/2020", "'13/2020' is not a period"),
    ("snapshot 31.2.2020", "there is no such day as 31.2.2020"),
    # units by their name
    (
        "record actual Lukio personnel 7/2020 -10",
        "unknown unit 'Lukio'; 4160 is called so, and a unit is told by its code",
    ),
    ("snapshot 2020Q2 --unit lukio", "unknown unit 'lukio'; 4160 is called so"),
    ("audit log --unit LUKIO", "unknown unit 'LUKIO'; 4160 is called so"),
    ("record actual 4161 personnel 7/2020 -10", "unknown unit '4161'; did you mean 4160?"),
    # statuses
    (
        "record goal-status 410 410-1 2020Q2 valmis",
        "unknown status 'valmis'; it is one of not_started (ei aloitettu, inte inlett), in_progress (käynnissä, pågår)",
    ),
    # commands that there are none of
    ("serve", "there is no command 'serve'; a page to be read is written by `heinola report PERIOD -o FILE.html`"),
    ("record delete", "nothing is changed or deleted: put a figure right with `heinola record correction`"),
    ("undo 5", "nothing is changed or deleted"),
    ("ls", "see what there is with `heinola list units`"),
    ("9999", "there is no command '9999'; a code stands behind a command: see `heinola list units`"),
    ("snapshoot 2020Q2", "there is no command 'snapshoot'; did you mean snapshot?"),
    # texts without quotation marks, or without anything in them
    ("record outlook 410 2020Q2 Kevät on tullut", "(on tullut); put a text that has blanks between quotation marks"),
    ('record outlook 410 2020Q2 ""', "the outlook is empty; nothing was recorded"),
    # kinds of events
    ("audit log --type Foo", "there is no kind of event 'Foo'; it is one of UnitEstablished, UnitRenamed,"),
    ("keys init --key= --name kaupunki", "cannot make a key at .: Is a directory; choose another place with --key"),
    # what changes nothing
    (
        'record correction 4160 personnel 6/2020 0 --reason "x"',
        "a correction of 0 changes nothing; give the difference",
    ),
    # files
    (
        f"import figures {LEDGER} --mapping {LEDGER}",
        "reads like a ledger and not like a mapping; `heinola import figures",
    ),
]


@pytest.mark.parametrize(("line", "sentence"), MISTAKES, ids=[line[:40] for line, _sentence in MISTAKES])
def test_a_mistake_gets_a_sentence_that_leads_on(store: EventLog, line: str, sentence: str) -> None:
    """One sentence says what is wrong and what to do; nothing is recorded."""
    before = store.head()
    assert sentence in Terminal(store.location).refused(line, code=2)
    assert store.head() == before


@pytest.mark.parametrize(
    "period", ["Q3/2020", "q3/20", "Q3 2020", "1.7-30.9.2020", "1.7.-30.9.2020", "7-9/20", "7–9/2020"]
)
def test_a_quarter_is_understood_as_people_write_it(store: EventLog, period: str) -> None:
    """With the year before or behind it, or its last two digits; a dot may be missing."""
    snapshot = Terminal(store.location).run(f"snapshot '{period}'")
    assert snapshot.exit_code == 0, snapshot.output
    assert "1.7.–30.9.2020" in snapshot.output.splitlines()[0]


def test_what_would_be_twice_or_left_behind_is_refused(store: EventLog) -> None:
    """The same amendment again, unless another is meant; the end of an area whose units go on."""
    terminal = Terminal(store.location)
    terminal.done("record budget 4160 personnel 2020 -500")
    amendment = "record amendment 4160 personnel 2020 -50 --on 15.6.2020"
    terminal.done(f"{amendment} --source 'Kv 15.6.2020 § 41'")
    assert terminal.refused(amendment) == (
        "heinola: the budget of 4160 personnel was amended by -50 with the decision of 15.6.2020 already "
        "(Kv 15.6.2020 § 41); add --also where it is another amendment, or to a file that is a newer export --update, "
        "to record the differences"
    )
    terminal.done(f"{amendment} --also")
    assert terminal.refused("record unit-end 410 --on 31.12.2020") == (
        "heinola: units 4100, 4160 stand under 410 after 31.12.2020; move or end them first, or let another unit carry "
        "on with `heinola record merge`"
    )
    for unit in ("4100", "4160", "410"):
        terminal.done(f"record unit-end {unit} --on 31.12.2020")


@pytest.mark.parametrize(
    ("kind", "topic"),
    [("unit", "UnitEstablished"), ("Unit established", "UnitEstablished"), ("unit-established", "UnitEstablished")],
)
def test_a_kind_of_event_is_told_in_words(store: EventLog, kind: str, topic: str) -> None:
    """In a word where one is meant, or as its name reads."""
    assert topic in Terminal(store.location).done(f"audit log --type '{kind}' --format csv").splitlines()[1]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_status_is_what_reports_call_it(language: str) -> None:
    """The labels that the command line takes are those of the catalogues."""
    words = words_in(language)
    for status, labels in _CALLED.items():
        assert words.say(status.replace("_", " ")) in (*labels, status.replace("_", " "))
