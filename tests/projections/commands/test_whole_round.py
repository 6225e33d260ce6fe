"""A round of the sample city played through: forms out and in, conflicts, a damaged form, one sent back, published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openpyxl
import orjson
import pytest
from click.testing import CliRunner

from benchmarks.round_commands import as_a_round, one_by_one
from cli import main
from tests.docs.console import ROOT
from tests.office import convert
from tests.projections.forms.filling import HIDDEN, fill
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

UNITS = ("110", "120", "210", "220", "230", "240", "250", "310", "320", "330")
PERIOD = "2025Q2"


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal in front of the sample city, each of whose units has two goals and wrote of the first quarter."""
    monkeypatch.chdir(tmp_path)  # where the seal is put
    terminal = Terminal(tmp_path / "heinola.db")
    city = ROOT / "examples" / "kaupunki"
    terminal.done("init --city Esimerkkilä --city-unit ESI")
    terminal.run(f"import figures {city / 'paakirja.csv'} --mapping {city / 'paakirja.toml'}")
    facts = [
        *(
            {"fact": "goal", "unit": u, "goal": f"{u}-{n}", "year": 2025, "binding_goal": "Hyvä"}
            for u in UNITS
            for n in "12"
        ),
        *(
            {"fact": "narrative", "unit": u, "period": "2025Q1", "section": "Tapahtumat", "text": "Alku."}
            for u in UNITS
        ),
    ]
    path = tmp_path / "alku.jsonl"
    path.write_text("\n".join(map(json.dumps, facts)), "utf-8")
    terminal.done(f"import facts {path}")
    return terminal


def facts_of(unit: str) -> list[dict[str, Any]]:
    """Return the goals of a unit, and what it wrote of the quarter before."""
    goal: dict[str, Any] = {"fact": "goal", "unit": unit, "year": 2025, "binding_goal": "Hyvä palvelu"}
    text = {"fact": "narrative", "unit": unit, "period": "2025Q1", "section": "Tapahtumat", "text": "Alku sujui."}
    return [goal | {"goal": f"{unit}-1"}, goal | {"goal": f"{unit}-2"}, text]


def answers(unit: str) -> dict[tuple[str, ...], str]:
    """Return what the head of a unit writes into its form."""
    return {
        (unit, "form", "actor"): f"päällikkö {unit}",
        (unit, "goal", f"{unit}-1", "status"): "toteutunut",
        (unit, "goal", f"{unit}-2", "status"): "käynnissä",
        (unit, "goal", f"{unit}-2", "text"): "Etenee suunnitellusti.",
        (unit, "narrative", "Tapahtumat", "", "1", "text"): "Kevät sujui.\n\nKesä alkoi.",
        (unit, "forecast", "expenses", "amount"): "-1 000 000",
    }


def board(terminal: Terminal) -> dict[str, dict[str, object]]:
    """Return the rows of the board by their unit."""
    return {row["unit"]: row for row in orjson.loads(terminal.done("round status --format json"))}


def test_a_round_is_played_through(terminal: Terminal, tmp_path: Path) -> None:
    """Ten forms out; in come nine good ones, two of which LibreOffice saved, two against others' words, one damaged."""
    out, back = tmp_path / "lomakkeet", tmp_path / "palautuneet"
    named = " ".join(f"--unit {unit}" for unit in UNITS)
    terminal.done(f"round open {PERIOD} --due 31.12.2099 {named} --four-eyes")
    terminal.run(f"form {PERIOD} {named} -o {out}")
    assert sorted(path.stem for path in out.iterdir()) == [f"{PERIOD}-{unit}" for unit in UNITS]
    back.mkdir()
    for unit in UNITS:
        fill(out / f"{PERIOD}-{unit}.xlsx", back / f"{PERIOD}-{unit}.xlsx", answers(unit))
    for unit, ending in (("230", "xlsx:Calc MS Excel 2007 XML"), ("240", "ods")):
        path = back / f"{PERIOD}-{unit}.xlsx"
        saved = convert(path, ending)
        path.unlink()
        saved.rename(back / saved.name)
    (back / "converted").rmdir()
    terminal.done(f"record goal-status 110 110-1 {PERIOD} delayed Myöhässä.")
    terminal.done(f"record narrative 120 {PERIOD} Tapahtumat 'Toisen kirjoittama.'")
    _damage(back / f"{PERIOD}-330.xlsx")

    events = len(terminal.events())
    said = terminal.run(f"import form {back}").stderr
    assert f"{PERIOD}-330.xlsx: it is no form" in said
    (back / f"{PERIOD}-330.xlsx").unlink()
    said = terminal.run(f"import form {back}").stderr
    assert "say whose holds with --mine (the form's) or --theirs (what is recorded)" in said
    assert "110 goal 110-1" in said
    assert "120 narrative Tapahtumat" in said
    assert len(terminal.events()) == events, "of all forms everything is recorded, or nothing"
    terminal.done(f"import form {back} --mine")
    fill(out / f"{PERIOD}-330.xlsx", back / f"{PERIOD}-330.xlsx", answers("330"))
    terminal.done(f"import form {back}")
    rows = board(terminal)
    assert {row["goals"] for row in rows.values()} == {"2/2"}
    assert {tuple(row["missing"]) for row in rows.values()} == {("submission",)}  # type: ignore[arg-type]

    terminal.done(f"--actor kehittämispäällikkö round submit {' '.join(UNITS)}")
    terminal.done("round return 220 --reason 'Selite puuttuu tavoitteelta 1'")
    assert board(terminal)["220"]["reason"] == "Selite puuttuu tavoitteelta 1"
    key = str(tmp_path / "seal.key")
    assert terminal.run("keys init", HEINOLA_KEY=key).exit_code == 0
    held_up = terminal.run(f"publish {PERIOD}", HEINOLA_KEY=key)
    assert held_up.exit_code == 1, held_up.output
    assert "the parts of 110, 120, 210, 220, 230, 240 … are not accepted" in held_up.stderr
    assert "--incomplete" in held_up.stderr
    terminal.done(f"--actor 'päällikkö 220' record goal-status 220 220-1 {PERIOD} achieved 'Tehtiin keväällä.'")
    terminal.done("--actor 'päällikkö 220' round submit 220")
    terminal.done("--actor talousjohtaja round accept --all")
    assert terminal.run("round status --strict").exit_code == 0
    terminal.done("round close")
    held_up = terminal.run(f"publish {PERIOD}", HEINOLA_KEY=key)
    assert "is not whole: 1 of its units lack figures (ESI);" in held_up.stderr, (
        "no file here brings all of its own figures"
    )
    published = terminal.run(f"publish {PERIOD} --incomplete", HEINOLA_KEY=key)
    assert published.exit_code == 0, published.output


def _damage(path: Path) -> None:
    """Take the hidden sheet of a form away, as who copies its cells into a workbook of their own does."""
    book = openpyxl.load_workbook(path)
    del book[HIDDEN]
    book.save(path)


def test_a_quarter_takes_under_ten_commands() -> None:
    """However many units there are; and every command is one that the program has."""
    assert len(as_a_round(30)) == len(as_a_round(200)) < 10
    assert len(one_by_one(30)) > 180
    for command in (*as_a_round(2), *one_by_one(1)):
        words = [word for word in command.split() if word.isalpha() and word not in {"heinola", "head", "of", "unit"}]
        asked = CliRunner().invoke(main, [*words[: 1 if words[0] in {"form", "snapshot", "publish"} else 2], "--help"])
        assert asked.exit_code == 0, command
