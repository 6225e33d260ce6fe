"""What people type by mistake, and the one sentence that leads on from it; nothing is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heinola_es.domain.called import STATUSES
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
    ("record actual 4160 personnel juli -10", "'juli' is not a period; write it as 1.4.–30.6.2020, 2020Q2, 1-6/2020"),
    ("snapshot 2019-12-01..2020-02-29", "crosses the turn of a year; a report covers one fiscal year"),
    ("record actual 4160 personnel 7/2020 -10 --on 3.3.2020", "The period is given twice"),
    ("record budget 4160 personnel 2020-2021 -10", "'2020-2021' is not a fiscal year; write it as 2020"),
    ("record unit-end 4160 --on tomorrow", "'tomorrow' is not a date; write 30.6.2020 or 2020-06-30"),
    ("snapshot 2020Q2 --known-at eilen", "'eilen' is not a moment; write 2020-08-15, 15.8.2020 or"),
    # units and lines
    ("audit log --unit LUKIO", "unknown unit 'LUKIO'; 4160 is called so, and a unit is told by its code"),
    ("record actual 4161 personnel 7/2020 -10", "unknown unit '4161'; did you mean 4160?"),
    ("record actual Lukion personnel 7/2020 -10", "unknown unit 'Lukion'"),
    (
        "record actual 4160 henkilöstö 7/2020 -10",
        "unknown line 'henkilöstö'; did you mean Henkilöstökulut?; the lines are sales (Myyntituotot), fees (",
    ),
    ("record unit '41 70' Opisto --on 1.1.2020", "the code '41 70' has a blank in it, at which a command line is cut"),
    ("record unit 4170 '' --on 1.1.2020", "the name is empty; give one"),
    ("record unit 4170 --on 1.1.2020", "unit 4170 has no name; give it behind the code"),
    (
        "record unit 4170 Opisto --kind osasto --on 1.1.2020",
        "it is one of city (kaupunki, kunta, stad, kommun), sector (toimiala, sektor,",
    ),
    ("record rename 4160 Lyseo", "say from which day on unit 4160 is called so, with --on, or add --correcting"),
    ("record move 4160 --on 1.1.2021", "say where unit 4160 moves to: either the code of the unit above or --top"),
    # statuses and other words of few
    (
        "record goal-status 410 410-1 2020Q2 valmis",
        "unknown status 'valmis'; it is one of not_started (ei aloitettu, inte inlett), in_progress (käynnissä, pågår)",
    ),
    (
        "record statement 4160 expenses 1-6/2020 -10 --measure tulos",
        "it is one of actual (toteuma, utfall), budget (talousarvio",
    ),
    (
        "record statement 4160 expenses 1-6/2020 -10 --precision cent",
        "unknown precision 'cent'; it is one of exact, euro, thousand",
    ),
    ("list unit", "unknown list 'unit'; did you mean units?; it is one of units, lines, goals,"),
    ("snapshot 2020Q2 --format xml", "'xml' is not one of 'table', 'json', 'csv'"),
    ("report 2020Q2 -o q2.foo", "cannot tell the format of 'q2.foo' from its ending; end it in .html, .pdf, .docx"),
    # what is missing
    ("record actual 4160 personnel 7/2020", "Missing argument 'AMOUNT'. See `heinola record actual --help`."),
    ("record unit 4170 Opisto", "Missing option '--on'. See `heinola record unit --help`."),
    ("record correction 4160 personnel 6/2020", "the correction has no amount; give the difference as DELTA or"),
    ("record goal 410 410-1 2020", "the goal has no words; give them with --binding-goal"),
    ("record goal 410 410-1 2020 --binding-goal ''", "the goal has no words; give them with --binding-goal"),
    ("record narrative 410 2020Q2 essentials", "the narrative is missing; give it as TEXT, with --text-file FILE, or"),
    ("audit diff 2020Q2", "Missing option '--from'"),
    ("record actual 4160 personnel 7/2020 -10 --sorce x", "No such option '--sorce'. (Did you mean one of:"),
    # numbers
    ("record indicator 4160 2020Q2 Oppilaat paljon", "'paljon' is not a number; write it such as 29,2 or 1 224"),
    ("audit show abc", "'abc' is not a position in the log; write its number, such as 532"),
    ("record actual 4160 fees 7/2020 202006111780", "'202006111780' is too large to be an amount in euros"),
    # commands that there are none of
    ("record delete", "nothing is changed or deleted: put a figure right with `heinola record correction`"),
    ("peru 5", "take back what was recorded by mistake with `heinola undo`"),
    ("ls", "see what there is with `heinola list units`"),
    ("9999", "there is no command '9999'; a code stands behind a command: see `heinola list units`"),
    ("snapshoot 2020Q2", "there is no command 'snapshoot'; did you mean snapshot?"),
    # texts without quotation marks, or without anything in them
    ("record outlook 410 2020Q2 Kevät on tullut", "(on tullut); put a text that has blanks between quotation marks"),
    ('record outlook 410 2020Q2 ""', "the outlook is empty; nothing was recorded"),
    # kinds of events
    (
        "audit log --type Foo",
        "there is no kind of event 'Foo'; it is one of yksikkö (UnitEstablished), nimenmuutos (UnitRenamed),",
    ),
    ("keys init --key= --name kaupunki", "cannot make a key at .: Is a directory; choose another place with --key"),
    ("record city Lahti --code 39", "'39' is no municipal code; write its three digits, such as 111"),
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
    (f"import figures {LEDGER}", "which column of"),
    ("import report nowhere.txt", "nowhere.txt cannot be read: No such file or directory"),
    ("record outlook 410 2020Q2 --text-file nowhere.txt", "cannot read nowhere.txt: No such file or directory; check"),
]


@pytest.mark.parametrize(("line", "sentence"), MISTAKES, ids=[line[:40] for line, _sentence in MISTAKES])
def test_a_mistake_gets_a_sentence_that_leads_on(store: EventLog, line: str, sentence: str) -> None:
    """One sentence says what is wrong and what to do; nothing is recorded."""
    before = store.head()
    assert sentence in Terminal(store.location).refused(line, code=2)
    assert store.head() == before


def test_there_are_fifty_kinds_of_mistakes() -> None:
    """Each with a sentence of its own."""
    assert len(MISTAKES) >= 50
    assert len({sentence for _line, sentence in MISTAKES}) >= 50


NAMING = ("record actual {} personnel 7/2020 -10 --dry-run", "snapshot 2020Q2 --unit {}", "list goals --unit {}")


@pytest.mark.parametrize("line", NAMING)
@pytest.mark.parametrize("name", ["Lukio", "lukio"])
def test_a_unit_is_told_by_the_name_that_it_alone_has(store: EventLog, line: str, name: str) -> None:
    """As well as by its code: what is said is the same."""
    terminal = Terminal(store.location)
    assert terminal.done(line.format(name)) == terminal.done(line.format("4160"))


def test_the_name_of_a_unit_is_today_s_before_an_earlier_one(store: EventLog) -> None:
    """A name that one unit has today is not taken for one that another had; of two that have it, one has to be told."""
    terminal = Terminal(store.location)
    terminal.done("record rename 4160 Lyseo --on 1.1.2021")
    assert "ResponsibleAssigned 4160" in terminal.done("record responsible lukio rehtori --on 1.2.2021")
    terminal.done("record unit 4170 Lukio --parent 410 --on 1.1.2021")
    assert "ResponsibleAssigned 4170" in terminal.done("record responsible lukio rehtori --on 1.2.2021")
    terminal.done("record unit 4180 lukio --parent 410 --on 1.1.2021")
    assert terminal.refused("record responsible lukio apulaisrehtori --on 1.2.2021", code=2) == (
        "heinola: units 4170, 4180 are called 'lukio'; tell the one that is meant by its code"
    )


LABELS = [("Henkilöstökulut", "personnel"), ("personalkostnader", "personnel"), ("Personnel", "personnel")]


@pytest.mark.parametrize(("name", "code"), [*LABELS, ("palvelujen ostot", "services")])
def test_a_line_is_told_by_its_label(store: EventLog, name: str, code: str) -> None:
    """In any of the three languages, in any case."""
    assert f"ActualPosted 4160 {code}" in Terminal(store.location).done(f"record actual 4160 '{name}' 7/2020 -10")


@pytest.mark.parametrize(("kind", "code"), [("toimiala", "sector"), ("Palvelualue", "service_area"), ("enhet", "unit")])
def test_a_kind_of_unit_is_told_in_words(store: EventLog, kind: str, code: str) -> None:
    """As people call it, in Finnish or Swedish."""
    told = Terminal(store.location).done(f"record unit 4170 Opisto --kind {kind} --on 1.1.2020")
    assert told.endswith(f"Opisto {code} 1.1.2020")


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
    for status, labels in STATUSES.items():
        assert words.say(status.replace("_", " ")) in (*labels, status.replace("_", " "))


@pytest.mark.parametrize(
    "line",
    [
        "snapshot 2020Q2 --unit {}",
        "record actual 4160 {} 7/2020 -10",
        "snapshot 2020Q2 --lines {}",
        "audit show {}",
        "{}",
    ],
)
def test_a_value_of_endless_length_is_told_by_its_ends(store: EventLog, line: str) -> None:
    """A file in the place of a code fills no screen: the sentence has how it begins, and what is wrong."""
    sentence = Terminal(store.location).run(line.format("x" * 30_000)).stderr
    assert "xxx" in sentence
    assert len(sentence) < 5_000
