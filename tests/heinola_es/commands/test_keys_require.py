"""`heinola keys require` and `init --signed`, as they are typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from events.keys import KeysRequired
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal where no store is yet, with the city's key as the one at hand, and another's public key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEINOLA_KEY", "city.key")
    at = Terminal(tmp_path / "heinola.db")
    at.run("keys init --name heinola-es/heinola")
    (tmp_path / "liisa.pub").write_text(at.run("keys init --name liisa --key liisa.key").stdout)
    return at


def test_a_store_that_is_signed_from_the_first_event_on(terminal: Terminal) -> None:
    """The statement comes with the store, and every command after it signs."""
    terminal.done("init --signed")
    terminal.done("record unit HYV Hyvinvointi --kind sector --on 1.1.2020")
    said = terminal.done("audit verify")
    assert said.startswith("the log requires that its head is signed by heinola-es/heinola+")
    assert isinstance(terminal.events()[0], KeysRequired)


def test_a_signed_store_needs_a_key(terminal: Terminal) -> None:
    """Where there is none, there is no store either, and nothing beside it."""
    before = sorted(terminal.store.parent.iterdir())
    result = terminal.run("init --signed", HEINOLA_KEY="none.key")
    assert (result.exit_code, "there is no key at none.key" in result.stderr) == (2, True)
    assert sorted(terminal.store.parent.iterdir()) == before


def test_keys_are_told_as_they_come_and_go(terminal: Terminal) -> None:
    """Which position says so, and which keys are required from there on."""
    terminal.done("init")
    assert terminal.done("keys require").startswith("#2 from here on the head of the log is signed by heinola-es/")
    assert "heinola+" in terminal.done("keys require liisa.pub")
    assert "or liisa+" in terminal.done("keys require --key liisa.key")
    assert "signed by liisa+" in terminal.done("keys require --key liisa.key --without city.key")
    assert "heinola-es/heinola" not in terminal.done("audit verify --key liisa.pub")
    log = terminal.done("audit log")
    assert "lokin pään avaimet  *  liisa+" in log


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("keys require --vouch", 2, "give a --reason"),
        ("keys require --vouch --reason syy", 2, "the log requires no key yet"),
        ("keys require nobody.pub", 2, "there is no key at nobody.pub"),
        ("keys require --key liisa.pub", 2, "holds no private key"),
        ("keys require --without liisa.pub", 2, "is not required"),
        ("keys require --without city.key", 2, "cannot take itself out"),
    ],
)
def test_what_cannot_be_is_refused(terminal: Terminal, line: str, code: int, words: str) -> None:
    """In one sentence, and the store stays one that requires nothing."""
    terminal.done("init")
    assert words in terminal.refused(line, code=code)
    terminal.done("record unit HYV Hyvinvointi --kind sector --on 1.1.2020")


def test_a_statement_is_not_undone(terminal: Terminal) -> None:
    """The next one takes its place."""
    terminal.done("init --signed")
    assert "`heinola keys require` states others" in terminal.refused('undo "#2" --reason syy')
