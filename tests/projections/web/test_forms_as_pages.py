"""The form of a unit as a page: what is sent is recorded as a form is, conflicts side by side, nothing else."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from events.goals import GoalStatusUpdated
from events.rounds import PartSubmitted
from projections.web.form_screen import HAND_IN
from tests.projections.forms.conftest import FACTS
from tests.projections.web.served import served
from tests.projections.web.test_screens import said
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.projections.web.served import Visitor

FORM = "/form?period=2020Q3&unit=4160&lang=fi"
STATUS, TEXT = 'field ["goal", "4160-1", "status"]', 'field ["goal", "4160-1", "text"]'


@pytest.fixture(scope="module")
def reporting(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a small city, with what two units told of the second quarter."""
    folder = tmp_path_factory.mktemp("reporting")
    shutil.copyfile(founded, folder / "heinola.db")
    (folder / "facts.toml").write_text(FACTS, "utf-8")
    Terminal(folder / "heinola.db").done(f"import facts {folder / 'facts.toml'}")
    return folder


@pytest.fixture
def terminal(reporting: Path, tmp_path: Path) -> Terminal:
    """Give a terminal in front of a copy of its own."""
    return Terminal(shutil.copyfile(reporting / "heinola.db", tmp_path / "heinola.db"))


@pytest.fixture
def head(terminal: Terminal, tmp_path: Path) -> Iterator[Visitor]:
    """Give the head of the unit, who opened the pages of that copy."""
    with served(terminal.location, tmp_path, actor="rehtori") as visitor:
        yield visitor.opened()


def test_what_is_filled_in_is_recorded(head: Visitor, terminal: Terminal) -> None:
    """Given the form, when a status is chosen and sent, then that alone is recorded, and shown at once."""
    before = len(terminal.events())
    filled = head.shown(FORM).filled()
    report = "/?period=2020Q3&unit=4160"
    assert "Kysely tehty." not in head.shown(report).text
    assert filled[STATUS] == ""
    got = head.send(FORM, filled | {STATUS: "toteutunut", TEXT: "Kysely tehty."})
    assert (got.status, "Kirjattu: #" in said(got.text)) == (200, True), said(got.text)
    (event,) = terminal.events()[before:]
    assert isinstance(event, GoalStatusUpdated)
    assert (event.status, event.text, event.recorded_by) == ("achieved", "Kysely tehty.", "rehtori")
    assert got.filled()[TEXT] == "Kysely tehty."
    assert "Kysely tehty." in head.shown(report).text


def test_what_a_page_records_is_signed(terminal: Terminal, tmp_path: Path) -> None:
    """With the key of the machine that serves it, where the log requires that its head is signed."""
    key = tmp_path / "seal.key"
    terminal.run(f"keys init --key {key}")
    terminal.done(f"keys require --key {key}")
    with served(terminal.location, tmp_path, actor="rehtori") as visitor:
        head = visitor.opened()
        got = head.send(FORM, head.shown(FORM).filled() | {STATUS: "toteutunut", TEXT: "Kysely tehty."})
        assert "Kirjattu: #" in said(got.text)
        assert terminal.run(f"audit verify --key {key}").exit_code == 0
        before = terminal.events()
        key.rename(tmp_path / "lost.key")
        got = head.send(FORM, head.shown(FORM).filled() | {STATUS: "toteutunut", TEXT: "Kysely tehty taas."})
        assert "name your key with HEINOLA_KEY" in said(got.text)
        assert terminal.events() == before


def test_sent_twice_it_is_recorded_once(head: Visitor, terminal: Terminal) -> None:
    """What is recorded already records nothing, nor does a form that nobody changed."""
    filled = head.shown(FORM).filled()
    changed = filled | {STATUS: "toteutunut"}
    assert head.send(FORM, changed).status == 200
    before = len(terminal.events())
    assert "Lomakkeessa ei muutettu mitään" in said(head.send(FORM, changed).text)
    assert "Lomakkeessa ei muutettu mitään" in said(head.send(FORM, filled).text)
    assert len(terminal.events()) == before


def test_a_conflict_is_shown_side_by_side_until_it_is_decided(head: Visitor, terminal: Terminal) -> None:
    """Given that others recorded something else meanwhile, both are shown, and the one that is chosen holds."""
    changed = head.shown(FORM).filled() | {STATUS: "toteutunut", TEXT: "Kysely tehty."}
    terminal.done('record goal-status 4160 4160-1 2020Q3 suspended "Kysely keskeytyi."')
    before = len(terminal.events())
    got = head.send(FORM, changed)
    told = said(got.text)
    assert got.status == 409
    assert "Kysely tehty." in told
    assert "Kysely keskeytyi." in told
    assert len(terminal.events()) == before
    choice = next(part.split('"')[0] for part in got.text.split('type="radio" name="')[1:])
    assert "ei muutettu" in said(head.send(FORM, got.filled() | {choice: "theirs"}).text)
    assert head.send(FORM, got.filled() | {choice: "mine"}).status == 200
    (event,) = terminal.events()[before:]
    assert isinstance(event, GoalStatusUpdated)
    assert event.text == "Kysely tehty."


def test_a_choice_holds_for_what_was_seen_alone(head: Visitor, terminal: Terminal) -> None:
    """Given a choice between two sides, when the other side is recorded anew, then it is asked again."""
    changed = head.shown(FORM).filled() | {STATUS: "toteutunut"}
    terminal.done('record goal-status 4160 4160-1 2020Q3 suspended "Ensin."')
    got = head.send(FORM, changed)
    choice = next(part.split('"')[0] for part in got.text.split('type="radio" name="')[1:])
    terminal.done('record goal-status 4160 4160-1 2020Q3 suspended "Sitten."')
    again = head.send(FORM, got.filled() | {choice: "mine"})
    assert (again.status, "Sitten." in again.text) == (409, True)


def test_what_is_refused_is_told_word_for_word_and_stays_filled_in(head: Visitor, terminal: Terminal) -> None:
    """A text without a status, an amount that is none: the sentence of `import form`, and nothing is recorded."""
    before = terminal.events()
    filled = head.shown(FORM).filled()
    got = head.send(FORM, filled | {TEXT: "Selite yksin."})
    assert got.status == 409
    assert "stands without a status; choose one, or empty both" in said(got.text)
    assert got.filled()[TEXT] == "Selite yksin."
    amount = next(name for name in filled if '"forecast"' in name and '"amount"' in name)
    assert head.send(FORM, filled | {amount: "paljon"}).status == 409
    assert terminal.events() == before


NO_FORMS: tuple[tuple[dict[str, str], int], ...] = (
    ({"identity": "{}"}, 400),
    ({"identity": "[" * 5_000}, 400),
    ({'field ["goal"]': "x"}, 400),
    ({'field ["figures", "net", "actual"]': "1"}, 400),
    ({'field ["priority", "²", "text"]': "x"}, 400),
    ({"field [[]]": "x"}, 400),
    ({'field ["outlook", "text"]': "x" * 100_001}, 400),
    ({"secret": "0" * 64}, 403),
    ({"secret": "ä"}, 403),
)


def test_no_other_form_is_taken(head: Visitor, terminal: Terminal) -> None:
    """What no page of ours holds is refused in a sentence; the same form without it is taken."""
    before = terminal.events()
    filled = head.shown(FORM).filled()
    for changed, status in NO_FORMS:
        assert (changed, head.send(FORM, filled | changed).status) == (changed, status)
    assert terminal.events() == before
    assert head.send(FORM, filled).status == 200


def test_the_form_of_another_unit_is_not_taken(head: Visitor) -> None:
    """A page is sent to its own address: what one unit filled in is never recorded of another."""
    filled = head.shown(FORM).filled()
    assert head.send(FORM.replace("4160", "410"), filled).status == 400


def test_the_round_shows_who_has_answered(head: Visitor, terminal: Terminal) -> None:
    """Where a round is open, its board stands there, with a way to each form; where none is, the units do."""
    assert "/form?period=2020Q3&lang=fi&unit=4160" in head.shown("/round?period=2020Q3&lang=fi").links
    terminal.done("round open 2020Q3 --due 15.10.2020")
    filled = head.shown(FORM).filled()
    before = len(terminal.events())
    assert head.send(FORM, filled | {STATUS: "toteutunut", HAND_IN: "1"}).status == 200
    assert [type(event) for event in terminal.events()[before:]] == [GoalStatusUpdated, PartSubmitted]
    assert HAND_IN not in head.shown(FORM).text
    told = said(head.shown("/round?period=2020Q3&lang=fi").text)
    assert "15.10.2020" in told
    assert "jätetty" in told
