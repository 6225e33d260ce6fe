"""Small ledgers after real ones that went wrong: each in a fresh store, with what must come out of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from events.figures import BudgetAmended
from tests.heinola_es.importing.ledger.ledgers import written
from tests.projections.asking import snapshot_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from click.testing import Result

    from heinola_es.store.log import EventLog

CASES = Path(__file__).with_name("cases")


@pytest.fixture
def terminal(new_store: EventLog) -> Terminal:
    """Give a terminal in front of an empty store, on either database."""
    return Terminal(new_store.location)


def importing(terminal: Terminal, file: str | Path, mapping: str | Path, *options: str) -> Result:
    """Import a case's file by a case's mapping."""
    words = ["import figures", str(CASES / file), "--mapping", str(CASES / mapping), *options]
    return terminal.run(" ".join(words))


def taken(terminal: Terminal, file: str | Path, mapping: str | Path, *options: str) -> str:
    """Import a case's file, which must be taken, and return all that was said."""
    result = importing(terminal, file, mapping, *options)
    assert result.exit_code == 0, result.stderr
    return result.output


def refused(terminal: Terminal, file: str | Path, mapping: str | Path, *options: str, code: int = 1) -> str:
    """Import a case's file, which must be refused with nothing recorded, and return all that was said."""
    before = terminal.events()
    result = importing(terminal, file, mapping, *options)
    assert result.exit_code == code, result.output
    assert terminal.events() == before
    return result.output


def figures(terminal: Terminal, unit: str, period: str, column: str = "actual") -> dict[str, int | None]:
    """Return the cents of a unit's lines that are known for a period."""
    (found,) = [one for one in snapshot_of(terminal.location, period)["units"] if one["code"] == unit]
    cells: dict[str, Any] = {row["line"]: row[column] for row in found["figures"]}
    return {line: cell["cents"] for line, cell in cells.items() if cell}


def corrected(folder: Path, mapping: str, old: str, new: str) -> Path:
    """Return a copy of a case's mapping with a change."""
    text = (CASES / mapping).read_text("utf-8")
    assert old in text
    return written(folder, text.replace(old, new), "corrected.toml")


# ---------------------------------------------------------------- what swallows or invents


def test_a_stray_quotation_mark_is_asked_about(terminal: Terminal, tmp_path: Path) -> None:
    """The cell that begins in row 2 and the rows that it swallows are named; either answer is taken."""
    said = refused(terminal, "stray-quote.csv", "stray-quote.toml", code=2)
    assert "row 2: the cell that begins with the quotation mark before 'Palkat' goes on through rows 3–8" in said
    mapping = corrected(tmp_path, "stray-quote.toml", "version = 1", 'version = 1\n[file]\nquotes = "none"')
    taken(terminal, "stray-quote.csv", mapping)
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -8000


def test_a_cell_may_hold_lines_where_that_is_meant(terminal: Terminal, tmp_path: Path) -> None:
    """With quotes = "lines" a cell that reads like rows is a cell."""
    mapping = corrected(tmp_path, "stray-quote.toml", "version = 1", 'version = 1\n[file]\nquotes = "lines"')
    taken(terminal, "stray-quote.csv", mapping)
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -2000


def test_the_foot_of_a_page_is_no_unit(terminal: Terminal) -> None:
    """Page numbers between rows are passed over and told; only units with amounts are established."""
    said = taken(terminal, "page-footer.csv", "page-footer.toml")
    assert "2 rows without amounts, and of no unit, passed over: row 3 'sivu 1 / 2', row 5 'sivu 2 / 2'" in said
    assert "2 units found, 2 new" in said
    assert figures(terminal, "4000", "1-6/2020")["personnel"] == -100_000
    assert figures(terminal, "4010", "1-6/2020")["personnel"] == -50_000


def test_a_bar_inside_a_text_is_no_delimiter(terminal: Terminal) -> None:
    """Commas stand between the cells, though every row has a bar in its text."""
    taken(terminal, "pipe-in-text.csv", "w.toml")
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -12_050


def test_a_workbook_is_what_its_content_says(terminal: Terminal) -> None:
    """A workbook of today's kind under the old name is read as under its own."""
    assert "2 rows read: 2 with amounts" in taken(terminal, "xlsx-named.xls", "w.toml")
    found = figures(terminal, "400", "1-6/2020")
    assert (found["sales"], found["personnel"]) == (2000, -10_050)


@pytest.mark.parametrize("file", ["old-workbook.xls", "open-document.ods"])
def test_workbooks_of_other_kinds_are_read(terminal: Terminal, tmp_path: Path, file: str) -> None:
    """An old workbook and an OpenDocument one: dates, numbers, merged cells; an error is told, and is no zero."""
    text = (CASES / "w.toml").read_text("utf-8")
    text = text.replace('"Tot 1-6/2020"\nperiod = "1-6/2020"', '"Tot"').replace('"Toimiala"', '"Toimiala"\nfill = true')
    mapping = written(tmp_path, text + '[period]\ncolumn = "Kausi"\n', "kausi.toml")
    advice = "open the file in a spreadsheet program, mend the cell and save"
    said = refused(terminal, file, mapping, code=2)
    assert f"row 3, column Tot: the cell holds an error (such as #DIV/0!); {advice}" in said
    mapping.write_text(f"{mapping.read_text()}[skip]\nrows = [3, 4]\n")
    taken(terminal, file, mapping)
    assert "personnel" not in figures(terminal, "400", "1-3/2020")  # nothing is left of February
    terminal.done("record complete 2/2020")
    found = figures(terminal, "400", "1-3/2020")
    assert (found["personnel"], found["services"]) == (-123_450, -1125)


# ---------------------------------------------------------------- nothing counted twice


def test_the_same_days_are_not_counted_twice(terminal: Terminal) -> None:
    """January–June is there; a file of January–September names it, with its position, and the ways on."""
    taken(terminal, "q2.csv", "q2.toml")
    said = refused(terminal, "q3.csv", "q3.toml")
    assert (
        "row 2, column Tot: the actual of 400 4000 for 1.1.–30.6.2020 is -1 000 already (#3, q2.csv:2), and "
        "1.1.–30.9.2020 shares days with that, which would be counted twice; where this file is a newer export, add "
        "--update to record the differences; where its amounts are totals from 1 January, say cumulative = true under "
        "[[amounts]]; add --also where both are meant (and 1 more like it)"
    ) in said
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -100_000


def test_totals_from_january_are_taken_as_their_differences(terminal: Terminal, tmp_path: Path) -> None:
    """Each file is the total from 1 January: the difference is July–September's, and both halves stand."""
    taken(terminal, "q2.csv", "q2.toml")
    mapping = corrected(tmp_path, "q3.toml", 'column = "Tot"', 'column = "Tot"\ncumulative = true')
    assert "  cumulative: 2 differences of totals from 1 January" in taken(terminal, "q3.csv", mapping)
    later, sooner = figures(terminal, "400", "1-9/2020"), figures(terminal, "400", "1-6/2020")
    assert (later["personnel"], later["services"]) == (-160_000, -70_000)
    assert (sooner["personnel"], sooner["services"]) == (-100_000, -50_000)


def test_totals_may_come_in_any_order(terminal: Terminal, tmp_path: Path) -> None:
    """The third quarter's file first: the second quarter's divides its amounts."""
    cumulative = 'column = "Tot"', 'column = "Tot"\ncumulative = true'
    taken(terminal, "q3.csv", corrected(tmp_path, "q3.toml", *cumulative))
    taken(terminal, "q2.csv", corrected(tmp_path, "q2.toml", *cumulative))
    later, sooner = figures(terminal, "400", "1-9/2020"), figures(terminal, "400", "1-6/2020")
    assert (later["personnel"], later["services"]) == (-160_000, -70_000)
    assert (sooner["personnel"], sooner["services"]) == (-100_000, -50_000)


@pytest.mark.parametrize("wish", ["--update", "--also"])
def test_an_overlap_is_taken_where_it_is_wished_for(terminal: Terminal, wish: str) -> None:
    """--update records the difference, --also both."""
    taken(terminal, "q2.csv", "q2.toml")
    taken(terminal, "q3.csv", "q3.toml", wish)
    expected = {"--update": (-160_000, -70_000), "--also": (-260_000, -120_000)}[wish]
    found = figures(terminal, "400", "1-9/2020")
    assert (found["personnel"], found["services"]) == expected


def test_the_sum_of_months_adds_nothing_to_them(terminal: Terminal, tmp_path: Path) -> None:
    """One total of three months that are there is refused; taken as a total it agrees, and adds nothing."""
    taken(terminal, "months.csv", "months.toml")
    said = refused(terminal, "months-cumulative.csv", "months-cumulative.toml")
    assert "for 1.1.–31.1.2020 is -100 already (#3, months.csv:2 [1/2020]), and 1.1.–31.3.2020 shares days" in said
    mapping = corrected(tmp_path, "months-cumulative.toml", 'column = "Tot"', 'column = "Tot"\ncumulative = true')
    taken(terminal, "months-cumulative.csv", mapping)
    assert figures(terminal, "400", "1-3/2020")["personnel"] == -33_000
    assert figures(terminal, "400", "1-2/2020")["personnel"] == -21_000


def test_back_to_what_it_was(terminal: Terminal) -> None:
    """The first export once more, after another: its differences are recorded, and its content was told before."""
    taken(terminal, "aba-1.csv", "aba.toml")
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -2500
    taken(terminal, "aba-2.csv", "aba.toml", "--update")
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -3500
    said = taken(terminal, "aba-1.csv", "aba.toml", "--update")
    assert "  note: the same content was imported before, on " in said
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -2500


def test_two_tables_in_one_file(terminal: Terminal) -> None:
    """Operations by one mapping, investments by another, from the same content."""
    taken(terminal, "two-tables.csv", "two-tables-kt.toml")
    assert "the same content was imported before, on " in taken(terminal, "two-tables.csv", "two-tables-inv.toml")
    assert figures(terminal, "100", "1-6/2020")["personnel"] == -50_000
    assert figures(terminal, "900", "1-6/2020")["expenses"] == -7000
    assert "is -500 already (#3, two-tables.csv:2)" in refused(terminal, "two-tables.csv", "two-tables-kt.toml")


def test_one_file_may_not_have_the_same_days_twice(terminal: Terminal, tmp_path: Path) -> None:
    """Months and their sum side by side: named with row and column, unless the sum is a total from 1 January."""
    file = written(tmp_path, "Toimiala;Tili;1/2020;2/2020;Tot\n400;4000;-100;-110;-210\n", "both.csv")
    months = corrected(tmp_path, "months.toml", '["1/2020","2/2020","3/2020"]', '["1/2020","2/2020"]')
    sums = '\n[[amounts]]\nis = "actual"\ncolumn = "Tot"\nperiod = "1-2/2020"\n'
    both = written(tmp_path, months.read_text("utf-8") + sums, "both.toml")
    said = refused(terminal, file, both, code=2)
    assert "400 4000 has an amount of 1.1.–29.2.2020 and one of 1.1.–31.1.2020 (row 2, column 1/2020)" in said
    both.write_text(f"{both.read_text('utf-8')}cumulative = true\n", "utf-8")
    taken(terminal, file, both)
    assert figures(terminal, "400", "1-2/2020")["personnel"] == -21_000
    wrong = written(tmp_path, "Toimiala;Tili;1/2020;2/2020;Tot\n500;4000;-100;-110;-211\n", "wrong.csv")
    assert "the total of 4000 for 1.1.–29.2.2020 is -211, and its parts (" in refused(terminal, wrong, both)


def test_amendments_are_read_once(terminal: Terminal, tmp_path: Path) -> None:
    """A file that only amends, read twice: the same decision, line and amount are refused unless they are meant."""
    terminal.done("record unit 400 Sivistys --kind sector --on 1.1.2020")
    terminal.done("record budget 400 personnel 2020 -1000 --on 1.1.2020")
    text = (CASES / "q2.toml").read_text("utf-8").replace('is = "actual"', 'is = "amendment"\ndecided = "1.4.2020"')
    file = written(tmp_path, "Toimiala;Tili;Tot\n400;4000;-70\n", "muutokset.csv")
    mapping = written(tmp_path, text, "muutokset.toml")
    taken(terminal, file, mapping)
    said = refused(terminal, file, mapping)
    assert (
        "the budget of 400 personnel was amended by -70 with the decision of 1.4.2020 already (muutokset.csv:2)" in said
    )
    taken(terminal, file, mapping, "--also")
    assert figures(terminal, "400", "1-6/2020", "budget")["personnel"] == -114_000


def test_lines_beside_their_accounts_are_counted_once(terminal: Terminal, tmp_path: Path) -> None:
    """A file by lines after one by accounts: personnel is there as account 4000, and its sum line has it, too."""
    taken(terminal, "q2.csv", "q2.toml")
    mapping = corrected(tmp_path, "q2.toml", "[account]", "[line]")
    for line in ("personnel", "expenses"):
        file = written(tmp_path, f"Toimiala;Tili;Tot\n400;{line};-1000\n", "lines.csv")
        assert "the actual of 400 4000 for 1.1.–30.6.2020 is -1 000 already" in refused(terminal, file, mapping)


# ---------------------------------------------------------------- sums beside their parts


def test_sums_beside_their_parts_are_not_counted_with_them(terminal: Terminal, tmp_path: Path) -> None:
    """They are refused once; with sums = "check" they are compared with their parts, told, and not recorded."""
    said = refused(terminal, "subtotals.csv", "subtotals.toml", code=2)
    assert "2 rows are sums of others beside them, which would be counted twice: 400 operating_income (row 2), " in said
    mapping = corrected(tmp_path, "subtotals.toml", "version = 1", 'version = 1\nsums = "check"')
    said = importing(terminal, "subtotals.csv", mapping, "--dry-run").output
    assert "sums of lines, not recorded: 2 of 2 equal their parts" in said
    taken(terminal, "subtotals.csv", mapping)
    found = figures(terminal, "400", "2019")
    assert [found[line] for line in ("operating_income", "operating_expenses", "operating_margin")] == [
        150_000,
        -70_000,
        80_000,
    ]


def test_a_sum_that_is_another_than_its_parts_is_told(terminal: Terminal, tmp_path: Path) -> None:
    """A margin is checked as well; what differs is told with both sums, in a dry run and not."""
    mapping = corrected(tmp_path, "subtotals.toml", "version = 1", 'version = 1\nsums = "check"')
    text = (CASES / "subtotals.csv").read_text("utf-8").replace("kulut;-700", "kulut;-701") + "400;Toimintakate;799\n"
    file = written(tmp_path, text, "subtotals.csv")
    said = importing(terminal, file, mapping, "--dry-run").output
    assert "sums of lines, not recorded: 1 of 3 equal their parts" in said
    assert "row 5 400 operating_expenses, TP 2019, 1.1.–31.12.2019: -701: its parts add up to -700" in said
    said = taken(terminal, file, mapping)
    assert "note: row 8: 400 operating_margin, TP 2019: the file says 799, its parts add up to 800" in said
    assert figures(terminal, "400", "2019")["operating_margin"] == 80_000


def test_a_computed_line_without_its_parts_is_no_check(terminal: Terminal, tmp_path: Path) -> None:
    """Nothing is left out without a word: a margin alone is refused; a sum line alone is a posting."""
    mapping = corrected(tmp_path, "subtotals.toml", "version = 1", 'version = 1\nsums = "check"')
    alone = written(tmp_path, "Toimialue;x\n", "x.csv")
    alone.write_text("Toimiala;Rivi;TP 2019\n400;Toimintakate;799\n", "utf-8")
    assert "operating_margin is computed from" in refused(terminal, alone, mapping, code=2)
    alone.write_text("Toimiala;Rivi;TP 2019\n400;Toimintatuotot;799\n", "utf-8")
    taken(terminal, alone, mapping)
    assert figures(terminal, "400", "2019")["operating_income"] == 79_900


# ---------------------------------------------------------------- a budget as amended is a level


LEVEL = 'is = "amended_budget"\ndecided = "30.6.2020"'


def as_amended(folder: Path) -> Path:
    """Return the mapping that says what the columns of the case are."""
    mapping = corrected(folder, "ta-muutokset-suggested.toml", 'is = "amendment"', LEVEL)
    mapping.write_text(mapping.read_text("utf-8").replace('"Tot 1-6/2020"', '"Tot 1-6/2020"\nperiod = "1-6/2020"'))
    return mapping


def test_a_budget_as_amended_is_its_difference_to_the_original(terminal: Terminal, tmp_path: Path) -> None:
    """The budget is what stands there as amended, and what was amended is the difference."""
    said = taken(terminal, "ta-muutokset.csv", as_amended(tmp_path))
    assert "note: TA 2020 + muutokset: taken as the difference to the original budget: -2 000 in all" in said
    assert figures(terminal, "4000", "2020", "budget")["operating_expenses"] == -2_500_000
    events = terminal.events()
    assert sum(event.amount_cents for event in events if isinstance(event, BudgetAmended)) == -200_000
    again = written(tmp_path, (CASES / "ta-muutokset.csv").read_text("utf-8").replace("-16 000", "-17 000"), "b.csv")
    taken(terminal, again, as_amended(tmp_path), "--update")
    assert figures(terminal, "4000", "2020", "budget")["operating_expenses"] == -2_600_000


def test_a_blank_budget_as_amended_is_unchanged_and_a_zero_is_none(terminal: Terminal, tmp_path: Path) -> None:
    """One account keeps its budget, one loses it, and one that had none gets one."""
    rows = "4000;Liikunta;4000;-15;;\n4000;Liikunta;4100;-8;0;\n4000;Liikunta;4500;;-3;\n"
    file = written(tmp_path, "Toimiala;Nimi;Tili;TA 2020;TA 2020 + muutokset;Tot 1-6/2020\n" + rows, "a.csv")
    taken(terminal, file, as_amended(tmp_path))
    found = figures(terminal, "4000", "2020", "budget")
    assert (found["personnel"], found["materials"]) == (-1500, -300)


def test_without_the_original_the_budget_of_the_store_is_amended(terminal: Terminal, tmp_path: Path) -> None:
    """A column of budgets as amended alone is compared with what is recorded; read twice it changes nothing."""
    terminal.done("record unit 4000 Liikunta --kind sector --on 1.1.2020")
    terminal.done("record budget 4000 personnel 2020 -15000 --on 1.1.2020")
    text = (CASES / "q2.toml").read_text("utf-8").replace('is = "actual"', LEVEL)
    mapping = written(tmp_path, text, "level.toml")
    file = written(tmp_path, "Toimiala;Tili;Tot\n4000;4000;-16000\n", "level.csv")
    taken(terminal, file, mapping)
    assert figures(terminal, "4000", "2020", "budget")["personnel"] == -1_600_000
    assert "1 cell as imported before" in taken(terminal, file, mapping)
    assert figures(terminal, "4000", "2020", "budget")["personnel"] == -1_600_000


# ---------------------------------------------------------------- signs


def test_where_expenses_are_positive_a_line_of_either_sign_is_one(terminal: Terminal, tmp_path: Path) -> None:
    """Financial items of 50 among expenses written as positive are expenses, which is told; unless they are income."""
    said = taken(terminal, "financial-positive.csv", "financial-positive.toml")
    assert "note: financial_items: a positive amount is taken as an expense" in said
    found = figures(terminal, "400", "2019")
    assert (found["financial_items"], found["result"]) == (-5000, 32_000)
    income = corrected(tmp_path, "financial-positive.toml", '"Rivi"', '"Rivi"\nincome = ["Rahoitustuotot ja -kulut"]')
    file = written(tmp_path, (CASES / "financial-positive.csv").read_text("utf-8").replace("400;", "500;"), "b.csv")
    taken(terminal, file, income)
    assert figures(terminal, "500", "2019")["financial_items"] == 5000


def test_a_line_that_is_wholly_against_its_sign_is_told_once(terminal: Terminal, tmp_path: Path) -> None:
    """With --contra it is recorded; a line with both signs is as it is."""
    file = written(tmp_path, "Toimiala;Tili;Tot\n400;4000;1\n400;4100;2\n400;4300;1\n400;4310;-3\n", "a.csv")
    said = taken(terminal, file, "q2.toml", "--contra")
    assert said.count("is against its line") == 1
    assert "note: all of personnel is against its line (2 amounts): is the sign reversed?" in said


def test_debit_and_credit(terminal: Terminal, tmp_path: Path) -> None:
    """What is debited is an expense or less income, what is credited the other way; a row may have both."""
    text = (CASES / "q2.toml").read_text("utf-8").replace('column = "Tot"', 'debit = "Debet"\ncredit = "Kredit"')
    file = written(tmp_path, "Toimiala;Tili;Debet;Kredit\n400;4000;120,50;20\n400;3000;5;80\n", "journal.csv")
    taken(terminal, file, written(tmp_path, text, "journal.toml"))
    found = figures(terminal, "400", "1-6/2020")
    assert (found["personnel"], found["sales"]) == (-10_050, 7500)
    half = written(tmp_path, text.replace('\ncredit = "Kredit"', ""), "half.toml")
    assert "debit and credit go together; name both columns" in refused(terminal, file, half, code=2)


# ---------------------------------------------------------------- codes of their parent's


def test_codes_within_their_parent_are_composed(terminal: Terminal, tmp_path: Path) -> None:
    """The same code below two districts is refused, with the way on; composed it is that of two units."""
    said = refused(terminal, "code-within-parent.csv", "code-within-parent.toml", code=2)
    assert 'mend it, or compose it, as in code = ["column of the unit above", "column of the code"]' in said
    mapping = corrected(tmp_path, "code-within-parent.toml", 'column = "Ohjelma"\n', 'code = ["Piiri", "Ohjelma"]\n')
    taken(terminal, "code-within-parent.csv", mapping)
    assert figures(terminal, "201-9200", "2020", "budget")["expenses"] == -10_000
    assert figures(terminal, "202-9200", "2020", "budget")["expenses"] == -20_000
    assert figures(terminal, "202", "2020", "budget")["personnel"] == -20_000


def test_what_a_code_is_composed_of_is_checked(terminal: Terminal, tmp_path: Path) -> None:
    """One part is none; a column beside the parts is one too many; an empty part is an empty cell."""
    for code in ('code = ["Ohjelma"]', 'code = ["Piiri", "Ohjelma"]\ncolumn = "Ohjelma"'):
        mapping = corrected(tmp_path, "code-within-parent.toml", 'column = "Ohjelma"', code)
        assert terminal.run(f"import figures {CASES / 'q2.csv'} --mapping {mapping}").exit_code == 2
    mapping = corrected(tmp_path, "code-within-parent.toml", 'column = "Ohjelma"\n', 'code = ["Piiri", "Ohjelma"]\n')
    text = (CASES / "code-within-parent.csv").read_text("utf-8").replace("202;Itäpiiri;9200", "202;Itäpiiri;")
    said = refused(terminal, written(tmp_path, text, "gap.csv"), mapping, code=2)
    assert "the unit's cell is empty, so nobody knows whose the amounts are" in said


# ---------------------------------------------------------------- long tables


LONG = """version = 1
[[units]]
kind = "sector"
column = "Toimiala"
[account]
column = "Tili"
[[amounts]]
is = "budget"
column = "Summa"
period = "2020"
where = [{ column = "Laji", is = ["budjetti"] }]
[[amounts]]
is = "actual"
column = "Summa"
period = "1-6/2020"
where = [{ column = "Laji", matches = "^tot" }]
"""


def test_a_column_may_say_what_an_amount_is(terminal: Terminal, tmp_path: Path) -> None:
    """Budgets and actuals in one column; a row of a kind that is not asked for is counted, and told."""
    lines = "400;4000;budjetti;-100\n400;4000;toteuma;-40\n400;4100;toteuma;-5\n400;4000;ennuste;-90\n"
    file = written(tmp_path, f"Toimiala;Tili;Laji;Summa\n{lines}", "long.csv")
    said = taken(terminal, file, written(tmp_path, LONG, "long.toml"))
    assert "4 rows read: 3 with amounts, 1 of kinds that no [[amounts]] takes" in said
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -4500
    assert figures(terminal, "400", "1-6/2020", "budget")["personnel"] == -10_000


def test_statements_of_the_same_content_are_made_once(terminal: Terminal, tmp_path: Path) -> None:
    """Read again, the file states nothing anew."""
    mapping = corrected(tmp_path, "q2.toml", 'is = "actual"', 'is = "actual"\nas = "statement"')
    taken(terminal, "q2.csv", mapping)
    said = taken(terminal, "q2.csv", mapping)
    assert "2 cells as imported before" in said
    assert "(1 UnitEstablished, 2 FigureStated)" in said


# ---------------------------------------------------------------- budgets


@pytest.mark.parametrize(
    ("header", "amounts"),
    [
        ("Tili;TA 1/2020;TA 2/2020", 'columns = ["TA 1/2020", "TA 2/2020"]\nyear = 2020'),
        ("Tili;TA 1-6/2020;Tot 1-6/2020", 'column = "TA 1-6/2020"\nperiod = "1-6/2020"'),
    ],
)
def test_a_budget_of_a_part_of_the_year_is_not_taken_as_the_whole(
    terminal: Terminal, tmp_path: Path, header: str, amounts: str
) -> None:
    """A budget spread over months adds up to that of the year where all are there; where not, it is asked about."""
    head = 'version = 1\n[[units]]\nkind = "sector"\ncode = "HYV"\nname = "Hyvinvointi"\n[account]\ncolumn = "Tili"\n'
    mapping = written(tmp_path, f'{head}[[amounts]]\nis = "budget"\n{amounts}\n', "budget.toml")
    file = written(tmp_path, f"{header}\n4000;-10,00;-11,00\n", "budget.csv")
    told = refused(terminal, file, mapping, code=2)
    assert 'alone, and a budget is of a whole year; say period = "2020" under [[amounts]] where it is' in told


def test_a_budget_of_all_months_is_that_of_the_year(terminal: Terminal, tmp_path: Path) -> None:
    """Twelve months side by side, one of them without anything, add up."""
    months = [f"{month}/2020" for month in range(1, 13)]
    head = 'version = 1\n[[units]]\nkind = "sector"\ncode = "HYV"\nname = "Hyvinvointi"\n[account]\ncolumn = "Tili"\n'
    mapping = written(tmp_path, f'{head}[[amounts]]\nis = "budget"\ncolumns = {months}\nyear = 2020\n', "budget.toml")
    file = written(tmp_path, f"Tili;{';'.join(months)}\n4000;{'-10,00;' * 11}\n", "budget.csv")
    taken(terminal, file, mapping)
    assert figures(terminal, "HYV", "2020", "budget")["personnel"] == -11_000


def test_the_same_budget_in_each_month_is_told(terminal: Terminal, tmp_path: Path) -> None:
    """It may be that of the year, repeated in every row: a twelfth of what would be recorded."""
    head = 'version = 1\n[[units]]\nkind = "sector"\ncode = "HYV"\nname = "Hyvinvointi"\n[account]\ncolumn = "Tili"\n'
    of_rows = f'{head}[period]\ncolumn = "Kausi"\n[[amounts]]\nis = "budget"\ncolumn = "TA"\n'
    rows = "".join(f"4000;{month}/2020;{{}}\n" for month in range(1, 13))
    same = written(tmp_path, "Tili;Kausi;TA\n" + rows.replace("{}", "-100,00"), "same.csv")
    other = written(
        tmp_path, "Tili;Kausi;TA\n" + rows.format(*(f"-{month},00" for month in range(12, 0, -1))), "other.csv"
    )
    mapping = written(tmp_path, of_rows, "rows.toml")
    told = "the budget is the same in each month, and the months are taken to add up, to -1 200"
    assert told in taken(terminal, same, mapping, "--dry-run").replace("\u00a0", " ")
    assert "the same in each month" not in taken(terminal, other, mapping, "--dry-run")


# ---------------------------------------------------------------- the same content by another mapping

BY_UNIT = """version = 1
[[units]]
kind = "sector"
column = "{unit}"
[account]
column = "Tili"
[period]
{period}
[[amounts]]
is = "{what}"
column = "{amount}"
"""
FIRST = {"unit": "Yksikkö", "period": 'column = "Kausi"', "what": "actual", "amount": "Summa"}
TWO_OF_EACH = "Yksikkö;Ansvar;Tili;Kausi;Summa;Toinen\nA;B;4000;1/2020;-10,00;-1,00\nA;B;4001;1/2020;-20,00;-2,00\n"


@pytest.mark.parametrize("update", ["", "--update"])
@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"unit": "Ansvar"}, {}),
        ({"period": 'fixed = "2/2020"'}, {}),
        ({}, {"what": "budget", "period": 'fixed = "2020"'}),
    ],
    ids=["unit", "period", "measure"],
)
def test_a_mapping_put_right_does_not_count_twice(
    terminal: Terminal, tmp_path: Path, wrong: dict[str, str], right: dict[str, str], update: str
) -> None:
    """What the same rows brought to other cells is undone first; then each amount stands once, where it belongs."""
    file = written(tmp_path, TWO_OF_EACH, "kirja.csv")
    taken(terminal, file, written(tmp_path, BY_UNIT.format(**{**FIRST, **wrong}), "wrong.toml"))
    mapping = written(tmp_path, BY_UNIT.format(**{**FIRST, **right}), "right.toml")
    told = refused(terminal, file, mapping, update, code=2)
    assert "row 2: this row was imported before, from the same content, as -10 on " in told
    assert "(and 1 more like it)" in told
    terminal.done(f"undo {len(terminal.events())} --reason virhe")
    taken(terminal, file, mapping, update)
    assert figures(terminal, "A", "1/2020", right.get("what", "actual"))["personnel"] == -3000


def test_another_column_of_the_same_rows_is_read_beside(terminal: Terminal, tmp_path: Path) -> None:
    """Two mappings for two columns of one file, and both where that is meant, as before."""
    file = written(tmp_path, TWO_OF_EACH, "kirja.csv")
    taken(terminal, file, written(tmp_path, BY_UNIT.format(**FIRST), "first.toml"))
    other = BY_UNIT.format(**{**FIRST, "amount": "Toinen", "period": 'fixed = "2/2020"'})
    taken(terminal, file, written(tmp_path, other, "other.toml"))
    assert figures(terminal, "A", "1-2/2020")["personnel"] == -3300
    again = written(tmp_path, BY_UNIT.format(**{**FIRST, "unit": "Ansvar"}), "again.toml")
    taken(terminal, file, again, "--also")
