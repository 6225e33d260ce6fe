"""Another chart from a fiscal year on: each year keeps its lines, everywhere, and last year's column compares."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LEDGER = "Yksikkö;Tili;Kuukausi;Toteuma\nSIV;4340;{month};-70,00\nSIV;3200;{month};20,00\n"
MAPPING = """version = 1
sign = "expenses_negative"
[[units]]
kind = "sector"
column = "Yksikkö"
[account]
column = "Tili"
[period]
column = "Kuukausi"
[[amounts]]
is = "actual"
column = "Toteuma"
"""


def changed(text: str) -> str:
    """Return the example chart with `services` as `purchases`, which continues it, and without `rents_paid`."""
    text = text.replace('id = "esimerkki-2026"', 'id = "koe-2021"').replace('"services"', '"purchases"')
    text = text.replace('code = "purchases"', 'code = "purchases"\ncontinues = "services"')
    start = text.index('[[lines]]\ncode = "rents_paid"')
    text = text[:start] + text[text.index("[[lines]]", start + 1) :]
    return text.replace('"rents_paid", ', "").replace('    "rents_paid",\n', "")


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """Give a terminal at a store with the books of 2020, and a new chart beside it."""
    (tmp_path / "uusi.toml").write_text(changed((ROOT / "examples" / "chart.toml").read_text("utf-8")), "utf-8")
    terminal = Terminal(tmp_path / "koe.db")
    for line in (
        "init --city Koe",
        "record unit SIV Sivistys --kind sector --on 1.1.2020",
        "record actual SIV services 2020 -100",
        "record actual SIV rents_paid 2020 -300",
        "record actual SIV fees 2020 50",
        "record complete 2020",
        "record complete 2021",
    ):
        terminal.done(line)
    return terminal


@pytest.fixture
def adopt(terminal: Terminal, tmp_path: Path) -> Callable[..., Any]:
    """Give what takes the new chart into use."""
    return lambda year=2021, more="": terminal.run(f"record chart {tmp_path / 'uusi.toml'} --from {year} {more}")


def rows(terminal: Terminal, period: str = "2021", unit: str = "SIV") -> dict[str, tuple[int | None, int | None]]:
    """Return the final accounts of the year before and the actual of each row, in euros."""
    taken = json.loads(terminal.done(f"snapshot {period} --format json"))
    (found,) = (each["figures"] for each in taken["units"] if each["code"] == unit)
    cells = {row["line"]: (row["final_accounts"], row["actual"]) for row in found}
    return {line: tuple(cell and cell["cents"] // 100 for cell in of) for line, of in cells.items()}


def findings(terminal: Terminal, period: str = "2021") -> list[tuple[str, str, int]]:
    """Return line, column and euros of what no line continues."""
    taken = json.loads(terminal.done(f"snapshot {period} --format json"))
    found = [one for one in taken["findings"] if one["code"] == "no_counterpart"]
    return [(one["line"], one["column"], one["computed"] // 100) for one in found]


class TestEachYear:
    """Has the lines of its own chart."""

    def test_figures_are_recorded_on_them(self, terminal: Terminal, adopt: Callable[..., Any]) -> None:
        """New lines from the year on, old ones before; each is unknown in the other."""
        assert adopt().exit_code == 0
        terminal.done("record actual SIV purchases 2021 -120")
        terminal.done("record actual SIV rents_paid 2020 -1 --also")
        assert "unknown line 'services'" in terminal.run("record actual SIV services 2021 -1").stderr
        assert "unknown line 'purchases'" in terminal.run("record budget SIV purchases 2020 -1").stderr

    def test_last_years_column_compares(self, terminal: Terminal, adopt: Callable[..., Any]) -> None:
        """A line has what the one had that it continues; sums have all of their year; what none continues is named."""
        adopt()
        terminal.done("record actual SIV purchases 2021 -120")
        found = rows(terminal)
        assert found["purchases"] == (-100, -120)
        assert found["fees"] == (50, 0)
        assert found["operating_expenses"] == (-400, -120)
        assert found["operating_margin"] == (-350, -120)
        assert "services" not in found
        assert findings(terminal) == [("rents_paid", name, -300) for name in ("final_accounts", "prior_actual")]
        said = {"fi": "jota mikään tämän vuoden rivi ei jatka", "en": "no line of this year continues"}
        for language, words in said.items():
            assert words in " ".join(terminal.done(f"snapshot 2021 --lang {language}").split())

    def test_the_year_before_is_as_it_was(self, terminal: Terminal, adopt: Callable[..., Any]) -> None:
        """Its own report has the same bytes but for the position."""
        before = json.loads(terminal.done("snapshot 2020 --format json"))
        adopt()
        after = json.loads(terminal.done("snapshot 2020 --format json"))
        assert {**after, "position": before["position"]} == before

    def test_forecasts_are_of_the_lines_of_their_year(self, terminal: Terminal, adopt: Callable[..., Any]) -> None:
        """On a line that the year has no more, a forecast would be in no report."""
        adopt()
        for line in ("services", "rents_paid"):
            assert line in terminal.refused(f"record forecast SIV {line} 2021Q2 -100", code=2)
            assert line in terminal.refused(f"record forecast SIV {line} 2021Q2 --deviation -100", code=2)
        terminal.done("record forecast SIV purchases 2021Q2 -120")
        taken = json.loads(terminal.done("snapshot 2021Q2 --format json"))
        (row,) = (row for row in taken["units"][0]["figures"] if row["line"] == "purchases")
        assert row["forecast"]["cents"] == -120_00
        assert "purchases" in terminal.refused("record forecast SIV purchases 2020Q2 -120", code=2)

    def test_a_line_without_a_counterpart_says_so(self, terminal: Terminal, tmp_path: Path) -> None:
        """It has a dash in last year's column, and a note why."""
        file = tmp_path / "uusi.toml"
        file.write_text(file.read_text("utf-8").replace('continues = "services"\n', ""), "utf-8")
        terminal.done(f"record chart {file} --from 2021")
        assert rows(terminal)["purchases"] == (None, 0)
        assert "kartassa ei ole riviä, jota se jatkaa" in " ".join(terminal.done("snapshot 2021").split())
        assert {line for line, _column, _euros in findings(terminal)} == {"services", "rents_paid"}

    def test_a_cell_of_last_year_is_explained_by_its_own_lines(
        self, terminal: Terminal, adopt: Callable[..., Any]
    ) -> None:
        """Down to the event."""
        adopt()
        told = terminal.done("audit explain SIV purchases 2021 --column final_accounts")
        assert "−100" in told
        assert "#3" in told

    def test_the_report_is_written(self, terminal: Terminal, adopt: Callable[..., Any], tmp_path: Path) -> None:
        """With the label of the line that is named."""
        adopt()
        assert terminal.run(f"report 2021 -o {tmp_path}/r.md").exit_code == 0
        assert "Palvelujen ostot" in (tmp_path / "r.md").read_text("utf-8")

    def test_known_at_an_earlier_moment_there_is_no_such_chart(
        self, terminal: Terminal, adopt: Callable[..., Any]
    ) -> None:
        """A report as it was known before has the lines of then."""
        instant = json.loads(terminal.done("audit log --format json"))[-1]["recorded"]
        adopt()
        taken = json.loads(terminal.done(f"snapshot 2021 --known-at {instant} --format json"))
        lines = {row["line"] for row in taken["units"][0]["figures"]}
        assert "services" in lines
        assert "purchases" not in lines


class TestWhatIsRefused:
    """Before anything is recorded."""

    def test_lines_in_use(self, terminal: Terminal, adopt: Callable[..., Any]) -> None:
        """Figures of the year are on lines that the chart lacks."""
        terminal.done("record actual SIV rents_paid 2021 -5")
        told = adopt().stderr
        assert "is on lines that the chart koe-2021 does not have: #8 (SIV rents_paid)" in told

    def test_the_same_chart_or_an_earlier_year_twice(self, terminal: Terminal, adopt: Callable[..., Any]) -> None:
        """An id stands for one chart; a chart comes after the one before."""
        adopt()
        assert "has a chart koe-2021 already" in adopt(2022).stderr
        assert "the chart koe-2021 holds from 2021 on" in terminal.run("record chart jhs192-2020 --from 2021").stderr

    def test_what_continues_what_is_not_there(self, terminal: Terminal, tmp_path: Path) -> None:
        """And two lines that continue the same."""
        file = tmp_path / "uusi.toml"
        text = file.read_text("utf-8")
        file.write_text(text.replace('continues = "services"', 'continues = "serices"'), "utf-8")
        assert "the line purchases continues serices" in terminal.run(f"record chart {file} --from 2021").stderr
        twice = text.replace('continues = "services"', 'continues = "services"', 1).replace(
            'code = "materials"', 'code = "materials"\ncontinues = "services"'
        )
        file.write_text(twice, "utf-8")
        told = terminal.run(f"record chart {file} --from 2021").stderr
        assert "purchases and materials both continue services" in told

    def test_a_published_year(self, terminal: Terminal, adopt: Callable[..., Any], tmp_path: Path) -> None:
        """Unless it is meant."""
        assert terminal.run(f"keys init --key {tmp_path}/k.key").exit_code == 0
        published = terminal.run(f"publish 2021 --incomplete --key {tmp_path}/k.key -o {tmp_path}/k.seal")
        assert published.exit_code == 0
        assert "published a report" in adopt().stderr
        assert adopt(more="--restates").exit_code == 0

    def test_a_ledger_of_both_years(self, terminal: Terminal, adopt: Callable[..., Any], tmp_path: Path) -> None:
        """It would need two charts; one of each year is read by its own."""
        adopt()
        (tmp_path / "m.toml").write_text(MAPPING, "utf-8")
        for month in ("1/2020", "1/2021"):
            (tmp_path / "l.csv").write_text(LEDGER.format(month=month), "utf-8")
            assert terminal.run(f"import figures {tmp_path}/l.csv --mapping {tmp_path}/m.toml --also").exit_code == 0
        assert rows(terminal, "2021Q1")["purchases"][1] == -70
        both = LEDGER.format(month="2/2020") + LEDGER.format(month="2/2021").partition("\n")[2]
        (tmp_path / "l.csv").write_text(both, "utf-8")
        told = terminal.run(f"import figures {tmp_path}/l.csv --mapping {tmp_path}/m.toml --also")
        assert "whose lines are of different charts" in told.stderr


class TestUndoing:
    """A chart is taken back as any fact is."""

    def test_with_what_rests_on_it(self, terminal: Terminal, adopt: Callable[..., Any]) -> None:
        """Figures on its lines are named, or go along; then the year has the lines of before."""
        adopt()
        terminal.done("record actual SIV purchases 2021 -120")
        assert "#9 ActualPosted" in terminal.run("undo '#8' --reason väärä").stderr
        terminal.done("undo '#8' --reason väärä --with-what-rests-on-it")
        terminal.done("record actual SIV services 2021 -7")
        assert rows(terminal)["services"] == (-100, -7)
        assert findings(terminal) == []

    def test_the_first_chart_stays(self, tmp_path: Path) -> None:
        """The one that a store was made with."""
        terminal = Terminal(tmp_path / "oma.db")
        terminal.done(f"init --chart {ROOT / 'examples' / 'chart.toml'}")
        assert "brought the chart" in terminal.run("undo '#2' --reason väärä").stderr


def test_a_log_moves_with_its_charts(terminal: Terminal, adopt: Callable[..., Any], tmp_path: Path) -> None:
    """Exported, imported and verified, it says the same."""
    adopt()
    terminal.done("record actual SIV purchases 2021 -120")
    assert terminal.run(f"export events -o {tmp_path}/e.jsonl").exit_code == 0
    other = Terminal(tmp_path / "toinen.db")
    assert other.run(f"import events {tmp_path}/e.jsonl").exit_code == 0
    assert other.run("audit verify").exit_code == 0
    assert rows(other) == rows(terminal)
