"""`heinola import figures`: what is printed, how it ends, and that a ledger is recorded whole or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from benchmarks.generate_ledger import generate
from events.figures import ActualPosted
from events.imports import FileImported
from heinola_es.commands.progress import Progress
from heinola_es.store.log import EventLog
from heinola_es.store.reading import LogReader
from tests.city import CITY
from tests.heinola_es.importing.ledger.ledgers import PLAIN, lined, written
from tests.terminal import ROOT, Terminal, environment

if TYPE_CHECKING:
    from pathlib import Path

    from tests.databases import Database


@pytest.fixture
def before_it(new_store: EventLog, kept_in: Database) -> Terminal:
    """Give a terminal in front of an empty store, on either database."""
    return Terminal(new_store.location)


def files(folder: Path, text: str, name: str = "ledger.csv") -> str:
    """Write a ledger and its mapping, and return the command that imports it."""
    file, mapping = written(folder, text, name), written(folder, PLAIN, "plain.toml")
    return f"import figures {file} --mapping {mapping}"


def test_an_import_tells_what_was_read_and_recorded(before_it: Terminal, tmp_path: Path) -> None:
    """Rows by what became of them, units, the period, and the events with their positions."""
    command = files(tmp_path, lined("4000 1/2020 -1,00", "4100 2/2020 -2,00"))
    assert before_it.done(command).splitlines() == [
        "ledger.csv (CSV, utf-8, semicolon between cells): 2 rows read: 2 with amounts",
        "  3 units found, 3 new; 1.1.–29.2.2020",
        "recorded 6 events (3 units, 2 postings), #2–#7",
    ]
    *_units, first, second, last = before_it.events()
    assert isinstance(first, ActualPosted)
    assert isinstance(second, ActualPosted)
    assert isinstance(last, FileImported)
    assert (last.format, last.file_name, str(last.effective)) == ("figures", "ledger.csv", "2020-01-01/2020-02-29")
    assert last.counts == ("placed=2", "rows=2", "UnitEstablished=3", "ActualPosted=2")


def test_a_dry_run_records_nothing(before_it: Terminal, tmp_path: Path) -> None:
    """It ends as the import would, and the log is as it was; the import itself then does what was shown."""
    command = files(tmp_path, lined("4000 1/2020 -1,00"))
    shown = before_it.done(f"{command} --dry-run").splitlines()
    assert shown[-1] == "would record 5 events (3 units, 1 posting); nothing was recorded"
    assert before_it.events() == []
    assert "recorded 5 events (3 units, 1 posting), #2–#6" in before_it.done(command)


def test_problems_go_to_the_standard_error_all_of_them(before_it: Terminal, tmp_path: Path) -> None:
    """Every problem on a line of its own, then how many; exit 2 where the file is unfit; nothing is recorded."""
    result = before_it.run(files(tmp_path, lined("4000 1/2020 x", "9999 1/2020 -1,00", "4000 2/2020 -1,00")))
    assert result.exit_code == 2
    *problems, last = result.stderr.splitlines()
    assert [problem.partition(":")[0].strip() for problem in problems] == [
        "row 2, column actual",
        "row 3, column account",
    ]
    assert last == "heinola: ledger.csv: 2 problems; nothing was recorded"
    assert before_it.events() == []


def test_what_only_rules_refuse_exits_with_1(before_it: Terminal, tmp_path: Path) -> None:
    """Where the file is fit and a rule is against it, the exit code is that of a refusal."""
    result = before_it.run(files(tmp_path, lined("4000 1/2020 1,00")))
    assert (result.exit_code, before_it.events()) == (1, [])


def test_a_total_that_does_not_add_up_is_noted_and_kept(before_it: Terminal, tmp_path: Path) -> None:
    """The file is imported; what its own total lacks is told, and stays with the import."""
    result = before_it.run(files(tmp_path, lined("4000 1/2020 -1,00") + "Yhteensä;;;;;;-3,00\n"))
    note = "Yhteensä, actual: the file says -3, its rows add up to -1"
    assert result.exit_code == 0
    assert result.stderr == f"  note: row 3: {note}\n"
    last = before_it.events()[-1]
    assert isinstance(last, FileImported)
    assert last.findings == (("total", "", "3", note),)


def test_without_a_mapping_the_sentence_leads_to_one(before_it: Terminal, tmp_path: Path) -> None:
    """Nothing is guessed: --suggest writes a first mapping, which is then given."""
    file = written(tmp_path, lined("4000 1/2020 -1,00"), "ledger.csv")
    assert before_it.refused(f"import figures {file}", code=2) == (
        f"heinola: which column of {file} is what? Say it with --mapping FILE; "
        f"`heinola import figures {file} --suggest` writes a first mapping"
    )
    suggested = before_it.run(f"import figures {file} --suggest").stdout
    mapping = written(tmp_path, suggested, "suggested.toml")
    assert "1 posting" in before_it.done(f"import figures {file} --mapping {mapping}")


def test_a_suggestion_is_tried_at_once(before_it: Terminal, tmp_path: Path) -> None:
    """Beside the mapping it is told what share of the rows it places, and what a dry run says; nothing is recorded."""
    file = written(tmp_path, lined("4000 1/2020 -1,00", "4000 2/2020 -2,00", "9999 2/2020 -2,00"), "ledger.csv")
    before = before_it.events()
    tried = before_it.run(f"import figures {file} --suggest")
    assert tried.exit_code == 0
    assert "tried as it stands: 2 of 3 rows with figures are placed (67 %)" in tried.stderr
    assert "9999" in tried.stderr
    clean = written(tmp_path, lined("4000 1/2020 -1,00", "4000 2/2020 -2,00"), "clean.csv")
    told = before_it.run(f"import figures {clean} --suggest").stderr
    assert "2 of 2 rows with figures are placed (100 %)" in told
    assert "would record" in told
    assert before_it.events() == before


def test_without_a_store_a_suggestion_is_tried_on_the_file_alone(tmp_path: Path) -> None:
    """There are no rules to ask, which is said."""
    file = written(tmp_path, lined("4000 1/2020 -1,00"), "ledger.csv")
    tried = Terminal(tmp_path / "none.db").run(f"import figures {file} --suggest")
    assert (tried.exit_code, "without a store, no rule was asked" in tried.stderr) == (0, True)
    assert not (tmp_path / "none.db").exists()


def test_a_column_of_known_units_is_one_of_units(before_it: Terminal, tmp_path: Path) -> None:
    """Whatever its header says: the store knows the codes."""
    file = written(tmp_path, lined("4000 1/2020 -1,00").replace(";unit;", ";kenen;"), "ledger.csv")
    assert 'column = "kenen"' not in before_it.run(f"import figures {file} --suggest").stdout
    before_it.done("record unit 4100 Perusopetus --kind unit --on 1.1.2015")
    suggested = before_it.run(f"import figures {file} --suggest").stdout
    assert 'kind = "unit"\ncolumn = "kenen"' in suggested


def test_a_suggestion_knows_the_accounts_and_the_year_of_the_store(before_it: Terminal, tmp_path: Path) -> None:
    """Accounts of three digits are none of the chart's, and months without a year are of some year: the store tells."""
    own = written(tmp_path, lined("512 3/2021 -1,00", "513 3/2021 -1,00"), "own.csv")
    ranges = '[[account.ranges]]\nfirst = "51"\nlast = "51"\nline = "services"\n[period]'
    mapping = written(tmp_path, PLAIN.replace("[period]", ranges), "own.toml")
    file = written(tmp_path, "Yksikkö;Erittely;Tammi;Helmi\n4100;512;-1,50;-2\n4100;513;-2,50;-3\n", "b.csv")
    before = before_it.run(f"import figures {file} --suggest").stdout
    assert "no column reads like accounts" in before
    assert "# year = 2020" in before
    before_it.done(f"import figures {own} --mapping {mapping}")
    after = before_it.run(f"import figures {file} --suggest").stdout
    assert '[account]\ncolumn = "Erittely"\n' in after
    assert "year = 2021  # UNSURE: the headers name months without a year; the latest in the store" in after


def test_a_mapping_that_is_wrong_is_told_before_the_file_is_read(before_it: Terminal, tmp_path: Path) -> None:
    """What is wrong with the mapping is told line by line."""
    file, mapping = written(tmp_path, "x", "ledger.csv"), written(tmp_path, "version = 3\nsing = 1\n", "bad.toml")
    result = before_it.run(f"import figures {file} --mapping {mapping}")
    assert result.exit_code == 2
    assert f"heinola: {mapping}: version should be 1; write version = 1\n" in result.stderr
    assert f"{mapping}: sing is no word of a mapping; did you mean sign?; remove it\n" in result.stderr


@pytest.fixture
def store_file(tmp_path: Path) -> Path:
    """Give the file of an empty store."""
    path = tmp_path / "heinola.db"
    EventLog.create(str(path), CITY, now=datetime.now(UTC), by="controller").close()
    return path


def interrupted(store: Path, words: list[str]) -> tuple[int, str]:
    """Interrupt a command once rows of its transaction are written; return how it ended and what it complained of."""
    wal = store.with_name(f"{store.name}-wal")
    size = wal.stat().st_size if wal.exists() else 0
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "--store", str(store), "--actor", "a", *words],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            if wal.exists() and wal.stat().st_size > size:  # rows of the open transaction are being written
                process.send_signal(signal.SIGINT)
                break
            time.sleep(0.002)
        _said, complained = process.communicate(timeout=60)
    return process.returncode, complained


def test_an_interrupt_leaves_the_store_as_it_was(store_file: Path, tmp_path: Path) -> None:
    """Interrupted in the middle of recording, the program says so, exits with 130, and the log is as it was."""
    ledger = generate(tmp_path, units=60, accounts=40)
    words = ["import", "figures", str(ledger.actuals), "--mapping", str(ledger.actuals_mapping)]
    code, complained = interrupted(store_file, words)
    assert (code, complained) == (130, "heinola: interrupted\n")
    with LogReader.open(str(store_file)) as reader:
        assert reader.size() == 1
    assert Terminal(store_file).events() == []
    assert "57 600 postings" in Terminal(store_file).done(" ".join(words))


def test_a_workbook_loads_its_library_and_csv_does_not(store_file: Path, tmp_path: Path) -> None:
    """The library that reads workbooks, and that of progress bars, are loaded where they are needed, and not before."""
    words = ["--store", str(store_file), "--actor", "a", *files(tmp_path, lined("4000 1/2020 -1,00")).split()]
    script = (
        "import sys, cli\n"
        "try:\n    cli.main(sys.argv[1:])\n"
        "finally:\n    print([name for name in ('python_calamine', 'rich') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *words], env=environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_progress_is_silent_away_from_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Where the standard error is no terminal nothing is drawn, however long it takes."""
    with Progress() as progress:
        assert not progress.shown
        progress.stage("reading", 10)(10)
    assert capsys.readouterr() == ("", "")


def test_progress_shows_counts_and_rate_after_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    """A stage that takes longer than a second has a bar with how many of how many, and how many a second."""
    now = [0.0]
    with Progress(shown=True, clock=lambda: now[0]) as progress:
        tell = progress.stage("reading", 1_000)
        tell(100)
        assert capsys.readouterr().err == ""
        now[0] = 1.5
        tell(400)
    assert "reading" in (shown := capsys.readouterr().err)
    assert "500/1000" in shown


def test_progress_of_several_stages_is_told_by_what_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever counts from the beginning of a stage tells the count, and each stage has a bar of its own."""
    now = [0.0]
    with Progress(shown=True, clock=lambda: now[0]) as progress:
        progress.told("hashes", 10, 60)
        now[0] = 1.5
        progress.told("hashes", 60, 60)
        progress.told("reports", 1, 2)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "60/60" in printed.err
    assert "1/2" in printed.err
