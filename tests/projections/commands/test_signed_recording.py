"""Whatever records signs: every way into a log whose head must be signed leaves one that is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import post_actual
from heinola_es.sealing.keys import load_verifier
from heinola_es.sealing.notes import Checkpoint, opened
from heinola_es.sealing.seals import origin_of
from heinola_es.store.reading import LogReader
from projections.opened import open_store
from tests.terminal import ROOT, Terminal

EXAMPLES = ROOT / "examples"
FACTS = """
[[indicator]]
unit = "4160"
period = "2020Q2"
name = "Ylioppilaita"
value = "112"
"""
WAYS = {
    "record": "record actual 4160 personnel 6/2020 -100",
    "record once": "record actual 4160 sales 6/2020 100 --once kerran",
    "undo": "undo '#4' --reason virhe",
    "import facts": "import facts facts.toml",
    "import form": "import form 4160.toml",
    "round open": "round open 2020Q2 --due 31.12.2030 --unit 4160",
    "publish": "publish 2020Q2 --incomplete -o q2.seal",
    "keys require": "keys require liisa.key",
    "import figures": f"import figures {EXAMPLES}/paakirja-2020-q2.csv --mapping {EXAMPLES}/paakirja-2020-q2.toml",
    "import report": f"import report {EXAMPLES}/hyvinvointi-2020-q2.txt",
}
INTO_A_NEW_STORE = {"import figures", "import report"}


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal in front of a signed store without units, with the key at hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEINOLA_KEY", "city.key")
    at = Terminal(tmp_path / "heinola.db")
    for line in ("keys init --name heinola-es/heinola", "keys init --key liisa.key --name liisa", "init --signed"):
        assert at.run(line).exit_code == 0
    return at


def require_signed_anew(terminal: Terminal, before: int) -> int:
    """Hold the signature against the head, which must have moved; return the size of the log."""
    with LogReader.open(terminal.location) as reader:
        head, note = reader.head(), reader.signature()
    assert head.size > before
    expected = Checkpoint(origin_of("Heinola"), head.size, head.root).text()
    assert opened(str(note), load_verifier(Path("city.key"))) == expected
    return head.size


@pytest.mark.parametrize("way", WAYS)
def test_whatever_records_signs(terminal: Terminal, way: str) -> None:
    """And without the key it records nothing."""
    if way not in INTO_A_NEW_STORE:
        terminal.done("record unit HYV Hyvinvointi --kind sector --on 1.1.2020")
        terminal.done("record unit 4160 Lukio --parent HYV --on 1.1.2020")
    Path("facts.toml").write_text(FACTS)
    if way == "import form":
        assert terminal.run("form 2020Q3 --unit 4160 -o empty.toml").exit_code == 0
        form = re.sub(r'(Arvio \*\ntext = )""', r'\1"Toteutuu."', Path("empty.toml").read_text())
        Path("4160.toml").write_text(form)
    before = len(terminal.events()) + 1
    line = WAYS[way] if way != "publish" else f"{WAYS[way]} --key city.key"
    refused = terminal.run(line.replace("--key city.key", "--key none.key"), HEINOLA_KEY="none.key")
    assert (refused.exit_code, "there is no key at none.key" in refused.stderr) == (2, True), refused.output
    assert len(terminal.events()) + 1 == before
    done = terminal.run(line)
    assert done.exit_code == 0, done.output
    require_signed_anew(terminal, before)


def test_what_python_records_is_signed(terminal: Terminal) -> None:
    """By the key that the store was opened with."""
    terminal.done("record unit 4160 Lukio --on 1.1.2020")
    before = len(terminal.events()) + 1
    store = open_store(terminal.location, actor="controller", key=Path("city.key"))
    store.record(lambda session: post_actual(session, "4160", "personnel", parse_period("6/2020"), -100_00))
    require_signed_anew(terminal, before)
