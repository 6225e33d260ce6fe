"""A workbook with every difficulty at once: preamble, two header rows, merged cells, prefixes, amounts as text …."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.figures import ActualPosted, BudgetAdopted, BudgetAmended, FigureStated
from events.organisation import UnitEstablished
from tests.heinola_es.importing.ledger.ledgers import read_file, told, written
from tests.heinola_es.importing.ledger.messy import MAPPING, messy_workbook
from tests.projections.asking import snapshot_of, unit_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

COMMAND = "import figures {file} --mapping {mapping} --contra"


def command(folder: Path) -> str:
    """Return the command line that imports the workbook."""
    file, mapping = messy_workbook(folder / "messy.xlsx"), written(folder, MAPPING, "messy.toml")
    return COMMAND.format(file=file, mapping=mapping)


def test_a_dry_run_shows_everything_and_changes_nothing(tmp_path: Path, new_store: EventLog) -> None:
    """Rows, units, totals beside the file's own, and what would be recorded; the store is as it was."""
    before = new_store.path.read_bytes()
    result = Terminal(new_store.path).run(command(tmp_path) + " --dry-run")
    assert result.exit_code == 0
    assert result.stderr.splitlines() == [
        "  note: the sheet has 18 formulas; the values stored with them are read, none is run"
    ]
    said = result.stdout.splitlines()
    assert said[:10] == [
        (
            "messy.xlsx (workbook, sheet Toteuma): 14 rows read: 8 with amounts, 3 of totals, 1 of repeated headers, "
            "1 skipped, 1 on accounts left out"
        ),
        "  6 units found, 6 new; 1.1.2019–31.12.2020",
        "new units:",
        "  HYV Hyvinvointi (sector)",
        "  410 Koulutus (service area) under HYV",
        "  4100 Perusopetus (unit) under 410",
        "  4160 Lukio (unit) under 410",
        "  400 Hyvinvoinnin edistäminen (service area) under HYV",
        "  4000 Liikunta (unit) under 400",
        "totals in euros, as they are recorded:",
    ]
    personnel = next(line.split("  ") for line in said if line.startswith("  personnel"))
    assert [part.strip() for part in personnel if part] == [
        "personnel",
        "-1 500 000",
        "-1 560 000",
        "50 000",
        "-130 000,10",
        "-131 000,20",
        "-132 000,30",
    ]
    checks = said[said.index("the file's own totals:") + 1 : -3]
    assert len(checks) == 18
    assert all(line.endswith(": adds up") for line in checks)
    assert said[-3].startswith("taken as the whole books of 3 units for 1.1.–31.3.2020, the budget of 2020")
    assert said[-1].startswith("would record 46 events (6 units, ")
    assert said[-1].endswith("; nothing was recorded")
    assert new_store.path.read_bytes() == before


def test_it_is_recorded_whole(tmp_path: Path, new_store: EventLog) -> None:
    """Every amount is recorded once, as what it is, with its row and column as the source."""
    terminal = Terminal(new_store.path)
    assert terminal.run(command(tmp_path)).exit_code == 0
    events = terminal.events()
    units = [(event.code, event.parent) for event in events if isinstance(event, UnitEstablished)]
    assert units == [
        ("HYV", None),
        ("410", "HYV"),
        ("4100", "410"),
        ("4160", "410"),
        ("400", "HYV"),
        ("4000", "400"),
    ]
    postings = {
        (e.unit, e.account, e.effective.start.month): e.amount_cents for e in events if isinstance(e, ActualPosted)
    }
    assert postings == {
        ("4100", "3000", 1): 100000,
        ("4100", "3000", 3): 100000,
        ("4100", "3995", 1): 1050,
        ("4100", "3995", 2): 2000,
        ("4100", "4000", 1): -10400010,
        ("4100", "4000", 2): -10500020,
        ("4100", "4000", 3): -10600030,
        ("4100", "4300", 1): -400000,
        ("4160", "4000", 1): -2600000,
        ("4160", "4000", 2): -2600000,
        ("4160", "4000", 3): -2600000,
        ("4000", "3200", 1): 40000,
        ("4000", "3200", 2): 40000,
        ("4000", "3200", 3): 40000,
        ("4000", "4500", 1): -60000,
        ("4000", "4500", 2): 1250,
        ("4000", "4500", 3): -60000,
        ("4000", "6200", 1): -100,
        ("4000", "6200", 2): -100,
        ("4000", "6200", 3): -100,
    }
    sources = {e.source for e in events if isinstance(e, ActualPosted) and e.account == "3995"}
    assert sources == {"messy.xlsx:8 [Toteuma 2020 Tammi]", "messy.xlsx:8 [Toteuma 2020 Helmi]"}
    adopted = {
        (e.unit, e.line): (e.amount_cents, str(e.effective.start)) for e in events if isinstance(e, BudgetAdopted)
    }
    assert adopted["4100", "personnel"] == (-125000000, "2019-11-11")
    amended = {
        (e.unit, e.line): (e.amount_cents, str(e.effective.start)) for e in events if isinstance(e, BudgetAmended)
    }
    assert amended == {
        ("4100", "personnel"): (5000000, "2020-06-15"),
        ("4100", "services"): (100000, "2020-06-15"),
        ("4000", "fees"): (50000, "2020-06-15"),
    }
    assert len([event for event in events if isinstance(event, FigureStated)]) == 8


def test_the_report_of_the_quarter_shows_it(tmp_path: Path, new_store: EventLog) -> None:
    """The sector's figures are the sums of its units' rows; a total that one unit has none of is not known."""
    Terminal(new_store.path).run(command(tmp_path))
    sector = unit_of(snapshot_of(new_store, "1-3/2020"), "HYV")
    figures = {figure["line"]: figure for figure in sector["figures"]}
    assert figures["personnel"]["actual"]["cents"] == -39300060
    assert figures["personnel"]["budget"]["cents"] == -156000000
    assert figures["personnel"]["final_accounts"] is None
    assert figures["sales"]["actual"]["cents"] == 200000


def test_without_contra_only_the_refund_is_a_problem(tmp_path: Path) -> None:
    """Nothing else in the workbook is taken for a mistake."""
    ledger = read_file(messy_workbook(tmp_path / "messy.xlsx"), written(tmp_path, MAPPING, "messy.toml"))
    assert told(ledger) == [
        (
            "row 17, column Toteuma 2020 Helmi: materials is recorded negative, so 12,50 goes against its line; write "
            "-12,50, or add --contra if it is meant"
        )
    ]
