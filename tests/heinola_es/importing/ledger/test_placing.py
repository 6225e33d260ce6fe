"""From rows to placed amounts: what each difficulty of a real export is read as, and what each mistake is told as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heinola_es.errors import BadInput
from heinola_es.importing.ledger.placing import placing
from heinola_es.importing.ledger.reading.problems import LedgerRefused, LedgerUnfit
from tests.heinola_es.importing.ledger.ledgers import (
    ACCOUNT,
    ACTUAL,
    MONTH,
    PLAIN,
    UNITS,
    lined,
    placed,
    read,
    rows,
    told,
)

if TYPE_CHECKING:
    from pathlib import Path

JANUARY, FEBRUARY = "2020-01-01/2020-01-31", "2020-02-01/2020-02-29"


# ---------------------------------------------------------------- what is read


def test_every_row_is_placed(tmp_path: Path) -> None:
    """Unit, account, period and cents of each row; the units are the tree from the top down."""
    ledger = read(tmp_path, lined("4000 1/2020 -1234,50", "3000 2/2020 12,00"))
    assert placed(ledger) == [("4100", "4000", JANUARY, -123450), ("4100", "3000", FEBRUARY, 1200)]
    assert [(unit.code, unit.kind, unit.parent, unit.name) for unit in ledger.units] == [
        ("HYV", "sector", None, ""),
        ("410", "service_area", "HYV", ""),
        ("4100", "unit", "410", "Perusopetus"),
    ]
    assert [account.line for account in ledger.accounts] == ["personnel", "sales"]
    assert told(ledger) == []


def test_merged_cells_repeat_what_stands_above(tmp_path: Path) -> None:
    """An empty cell repeats the one above where it may; a new value clears the levels below it."""
    mapping = PLAIN.replace('column = "sector"', 'column = "sector"\nfill = true')
    mapping = mapping.replace('column = "area"', 'column = "area"\nfill = true')
    mapping = mapping.replace('column = "unit"', 'column = "unit"\nfill = true')
    text = rows(
        "HYV;410;4100;Perusopetus;4000;1/2020;-1,00",
        ";;;;4100;1/2020;-2,00",
        ";;4160;Lukio;4000;1/2020;-3,00",
        "TEK;;;;4000;1/2020;-4,00",
    )
    ledger = read(tmp_path, text, mapping)
    assert placed(ledger)[1:] == [("4100", "4100", JANUARY, -200), ("4160", "4000", JANUARY, -300)]
    assert told(ledger) == [
        (
            "row 5, column unit: the unit's cell is empty, so nobody knows whose the amounts are; "
            "fill it in, or skip the row"
        )
    ]


def test_codes_lose_their_prefix_and_share_their_cell_with_names(tmp_path: Path) -> None:
    """KP4100 is 4100, and `4000 Palkat` is account 4000."""
    mapping = PLAIN.replace('name_column = "name"', 'strip = ["KP"]').replace(ACCOUNT, ACCOUNT + "split = true\n")
    ledger = read(tmp_path, rows("HYV;410;KP4100;;4000 Palkat;1/2020;-1,00"), mapping)
    assert placed(ledger) == [("4100", "4000", JANUARY, -100)]


@pytest.mark.parametrize(
    ("sign", "income", "expense", "financial"),
    [
        ("expenses_negative", "10,00", "-20,00", "-3,00"),
        ("expenses_positive", "10,00", "20,00", "3,00"),
        ("reversed", "-10,00", "20,00", "3,00"),
    ],
)
def test_signs_become_ours(tmp_path: Path, sign: str, income: str, expense: str, financial: str) -> None:
    """However the file writes income and expenses, expenses are recorded negative; so are those of financing."""
    text = lined(f"3000 1/2020 {income}", f"4000 1/2020 {expense}", f"6200 1/2020 {financial}")
    ledger = read(tmp_path, text, PLAIN.replace("version = 1", f'version = 1\nsign = "{sign}"'))
    assert [cents for *_rest, cents in placed(ledger)] == [1000, -2000, -300]
    assert told(ledger) == []


def test_months_stand_side_by_side(tmp_path: Path) -> None:
    """The columns' periods are their headers', whole or with the year of the mapping; an empty cell is no amount."""
    months = '[[amounts]]\nis = "actual"\ncolumns = ["Helmi", "Tammi", "3/2020"]\nyear = 2020\n'
    mapping = f"version = 1\n{UNITS}{ACCOUNT}{months}"
    header = "sector;area;unit;name;account;Tammi;Helmi;3/2020"
    ledger = read(tmp_path, rows("HYV;410;4100;;4000;-1,00;;-3,00", header=header), mapping)
    assert placed(ledger) == [("4100", "4000", JANUARY, -100), ("4100", "4000", "2020-03-01/2020-03-31", -300)]


def test_columns_without_names_of_months_are_the_months_in_order(tmp_path: Path) -> None:
    """Where no header names a month the columns are January, February …."""
    months = '[[amounts]]\nis = "actual"\ncolumns = ["eka", "toka"]\nyear = 2020\n'
    text = rows("HYV;410;4100;;4000;-1,00;-2,00", header="sector;area;unit;name;account;eka;toka")
    ledger = read(tmp_path, text, f"version = 1\n{UNITS}{ACCOUNT}{months}")
    assert [period for _unit, _account, period, _cents in placed(ledger)] == [JANUARY, FEBRUARY]


def test_year_and_month_may_stand_apart(tmp_path: Path) -> None:
    """A column of years and one of months make the period."""
    mapping = f'version = 1\n{UNITS}{ACCOUNT}\n[period]\nyear_column = "v"\nmonth_column = "kk"\n{ACTUAL}'
    text = rows("HYV;410;4100;;4000;2020;2;-1,00", header="sector;area;unit;name;account;v;kk;actual")
    assert placed(read(tmp_path, text, mapping)) == [("4100", "4000", FEBRUARY, -100)]


def test_lines_stand_in_the_place_of_accounts(tmp_path: Path) -> None:
    """A column of lines is read by code, label in any language, or the mapping's own names."""
    line = '\n[line]\ncolumn = "account"\nnames = { "Palkat" = "personnel" }\n'
    text = lined("Palkat 1/2020 -1,00", "services 1/2020 -2,00", "Avgiftsintäkter 1/2020 3,00", "TULOT 1/2020 4,00")
    ledger = read(tmp_path, text, f"version = 1\n{UNITS}{line}{MONTH}{ACTUAL}")
    lines = [account for _unit, account, _period, _cents in placed(ledger)]
    assert lines == ["personnel", "services", "fees", "operating_income"]


def test_accounts_may_feed_other_lines(tmp_path: Path) -> None:
    """A range of the mapping comes before the chart's; longer accounts are told by their first digits."""
    ranges = '[[account.ranges]]\nfirst = 398\nlast = 399\nline = "fees"\n'
    ledger = read(tmp_path, lined("39900 1/2020 1,00", "400012 1/2020 -1,00"), PLAIN + ranges)
    assert [account.line for account in ledger.accounts] == ["fees", "personnel"]


def test_some_rows_are_no_postings(tmp_path: Path) -> None:
    """Totals, headings, repeated headers, skipped rows and accounts left out are counted, and nothing is placed."""
    skip = '[skip]\nrows = [7]\naccounts = ["9000-9999"]\nwhere = [{ column = "name", matches = "^Luonnos" }]\n'
    text = rows(
        "HYV;410;4100;Perusopetus;4000;1/2020;-1,00",
        "Perusopetus yhteensä;;;;;;-1,00",
        "sector;area;unit;name;account;month;actual",
        "410 Koulutus;;;;;;",
        "HYV;410;4100;Luonnos;4100;1/2020;-5,00",
        "HYV;410;4100;;4200;1/2020;-9,00",
        "HYV;410;4100;;9500;1/2020;-9,00",
        "HYV;410;4100;;4300;1/2020;0,00",
    )
    ledger = read(tmp_path, text, PLAIN + skip)
    assert placed(ledger) == [("4100", "4000", JANUARY, -100)]
    assert dict(ledger.counts) == {
        "rows": 8,
        "placed": 2,
        "totals": 1,
        "repeated headers": 1,
        "empty": 1,
        "skipped": 2,
        "left out": 1,
        "zeros": 1,
    }
    assert told(ledger) == []


def test_zeros_and_duplicates_count_where_the_mapping_says_so(tmp_path: Path) -> None:
    """`zeros = "record"` keeps an amount written as zero; `duplicates = "add"` lets two rows for one cell add up."""
    mapping = PLAIN.replace("version = 1", 'version = 1\nzeros = "record"\nduplicates = "add"')
    ledger = read(tmp_path, lined("4000 1/2020 0,00", "4000 1/2020 -1,00"), mapping)
    assert [cents for *_rest, cents in placed(ledger)] == [0, -100]
    assert told(ledger) == []


def test_two_header_rows_make_one(tmp_path: Path) -> None:
    """Headings above repeat to the right; a column is named by both rows, or by the last where that is enough."""
    mapping = PLAIN.replace("version = 1", "version = 1\n[file]\nheader = [2, 3]").replace(
        '"actual"\n', '"Toteuma tammi"\n'
    )
    mapping = mapping.replace('is = "Toteuma tammi"', 'is = "actual"')
    text = (
        "Pääkirja\n;;;;;;Toteuma;;Budjetti\nsector;area;unit;name;account;month;tammi;helmi;tammi\n"
        "HYV;410;4100;;4000;1/2020;-1,00;-2,00;-3,00\n"
    )
    ledger = read(tmp_path, text, mapping)
    assert [source.name for source in ledger.sources] == ["Toteuma tammi"]
    assert placed(ledger) == [("4100", "4000", JANUARY, -100)]


# ---------------------------------------------------------------- what is wrong, all of it at once


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """Each row that cannot be placed is told with its row, its column and why; none hides another."""
    text = rows(
        "HYV;410;4100;;4000;1/2020;-1,00",
        "HYV;410;4100;;9999;1/2020;-1,00",
        "HYV;;4160;;4000;1/2020;-1,00",
        "HYV;420;4100;;4000;1/2020;-1,00",
        "HYV;410;4100;;4000;1/2020;-2,00",
        "HYV;410;4100;;4100;tammi;-1,00",
        "HYV;410;4100;;4200;1/2020;paljon",
        "HYV;410;4100;;4200;1/2020;-1,005",
        "HYV;410;4100;;4300;1/2020;NaN",
        "HYV;410;4100;;;1/2020;-1,00",
        "HYV;410;4100;;palkat;1/2020;-1,00",
        "HYV;410;4100;;4400;1/2020;1,00",
        "HYV;410;4100;;4500;2019-2020;-1,00;x",
        "HYV;410;4100;;4600;1.12.2019–31.1.2020;-1,00",
    )
    ledger = read(tmp_path, text)
    assert told(ledger) == [
        (
            "row 3, column account: account 9999 feeds no line of the chart jhs192-2026; say which under "
            '[[account.ranges]], or leave it out with accounts = ["9999"] under [skip]'
        ),
        (
            "row 4, column area: unit 4160 has no service area above it: the cell is empty; fill it in, or say fill = "
            "true in the mapping where cells are merged"
        ),
        (
            "row 5, column unit: unit 4100 is a unit under 420 here and a unit under 410 in row 2; a code is that of "
            'one unit: mend it, or compose it, as in code = ["column of the unit above", "column of the code"]'
        ),
        (
            "row 6, column actual: 4100 4000 1.1.–31.1.2020 has an amount in row 2 already; remove one, or say "
            'duplicates = "add" in the mapping if both count'
        ),
        "row 7, column month: 'tammi' has no year; say year in the mapping",
        "row 8, column actual: 'paljon' is not an amount; write euros such as -1234,50",
        (
            "row 9, column actual: '-1,005' has more than two decimals; amounts are whole cents: round it in the "
            'ledger, or say round = "cent" in the mapping'
        ),
        "row 10, column actual: 'NaN' is not an amount; write euros such as -1234,50",
        (
            "row 11, column account: the cell is empty, so nobody knows what the amounts are for; fill it in, or skip "
            "the row"
        ),
        "row 12, column account: 'palkat' is no account; accounts are numbers: say strip or split in the mapping",
        (
            "row 13, column actual: services is recorded negative, so 1 goes against its line; write -1, or add "
            "--contra if it is meant"
        ),
        (
            "row 14: the row has 8 cells and the header 7; put a text that has the delimiter in it between quotation "
            "marks, check header and delimiter under [file], or say there extra_cells = "
            '"drop" where what stands beyond the header is nothing'
        ),
        "row 15, column month: 1.12.2019–31.1.2020 spans two fiscal years; a ledger's amounts are of one year each",
    ]
    with pytest.raises(LedgerUnfit, match=r"ledger\.csv: 13 problems; nothing was recorded"):
        ledger.problems.raise_any("ledger.csv")


def test_an_amount_against_its_line_is_taken_where_it_is_meant(tmp_path: Path) -> None:
    """A refund among expenses is a rule's matter: it is refused as one by hand, and taken with --contra."""
    with pytest.raises(LedgerRefused, match="1 problem"):
        read(tmp_path, lined("4400 1/2020 1,00")).problems.raise_any("ledger.csv")
    assert told(read(tmp_path, lined("4400 1/2020 1,00"), contra=True)) == []


def test_columns_that_are_not_there_are_told_before_any_row(tmp_path: Path) -> None:
    """Every column that the mapping names and the file lacks is told, with the nearest and what there is."""
    mapping = (
        PLAIN.replace('"actual"\n', '"toteuma"\n', 2)
        .replace('is = "toteuma"', 'is = "actual"')
        .replace('"account"', '"acount"')
    )
    columns = "the columns are sector, area, unit, name, account, month, actual"
    assert told(read(tmp_path, lined("4000 1/2020 -1,00"), mapping)) == [
        f"there is no column 'acount'; did you mean account?; {columns}",
        f"there is no column 'toteuma'; {columns}",
    ]


def test_a_column_of_two_names_is_named_by_its_number(tmp_path: Path) -> None:
    """Two columns that read alike are not guessed between."""
    text = rows("HYV;410;4100;;4000;1/2020;-1,00;-2,00", header="sector;area;unit;name;account;month;actual;actual")
    (problem,) = told(read(tmp_path, text))
    assert problem == "there are 2 columns 'actual'; name the one meant by its number: 7, 8"
    assert placed(read(tmp_path, text, PLAIN.replace('column = "actual"', "column = 8")))[0][-1] == -200
    assert placed(read(tmp_path, text, PLAIN.replace('column = "actual"', 'column = "H"')))[0][-1] == -200


def test_a_header_that_names_no_period_is_told(tmp_path: Path) -> None:
    """Where neither row, header nor mapping says when, nothing is guessed."""
    (problem,) = told(read(tmp_path, lined("4000 x -1,00"), f"version = 1\n{UNITS}{ACCOUNT}{ACTUAL}"))
    assert problem == (
        "column actual: the header 'actual' names no period; say it with period, or with year for the months of a year"
    )


def test_a_file_without_its_header_is_refused(tmp_path: Path) -> None:
    """A header beyond the end, and a file in which nothing can be placed, are told."""
    with pytest.raises(BadInput, match="has nothing in row 9, where its header should be"):
        read(tmp_path, lined("4000 1/2020 -1,00"), PLAIN.replace("version = 1", "version = 1\n[file]\nheader = 9"))
    assert told(read(tmp_path, rows())) == [
        "no row has an amount that can be placed; check header and columns in the mapping"
    ]


def test_the_fast_way_places_as_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a chunk is placed column by column or row by row, the ledger is the same; mistakes are told alike."""
    good = [f"{account} {month}/2020 {-account},{month:02}" for account in range(4000, 4400) for month in (1, 2, 3)]
    for lines in (good, [*good, "4000 1/2020 -5,00"], [*good[:700], "4999 1/2020 7,00", *good[700:]]):
        fast = read(tmp_path, lined(*lines))
        with monkeypatch.context() as patched:
            patched.setattr(placing, "place_plain", lambda _placer, _rows: False)
            slow = read(tmp_path, lined(*lines))
        assert (placed(fast), told(fast), fast.counts) == (placed(slow), told(slow), slow.counts)
        assert (fast.units, fast.accounts, fast.periods) == (slow.units, slow.accounts, slow.periods)
        assert fast.amounts == slow.amounts


def test_a_file_without_a_header_is_read_by_numbers_and_letters(tmp_path: Path) -> None:
    """With header = 0 the table begins at once; columns are named by number or letter, and may fill down."""
    mapping = """
version = 1
[file]
header = 0
[[units]]
kind = "sector"
column = 1
fill = true
[account]
column = "B"
[period]
column = 3
[[amounts]]
is = "actual"
column = "D"
"""
    ledger = read(tmp_path, "HYV;4000;1/2020;-1,00\n;4100;1/2020;-2,00\n", mapping)
    assert placed(ledger) == [("HYV", "4000", JANUARY, -100), ("HYV", "4100", JANUARY, -200)]


def test_a_repeated_header_is_no_unit(tmp_path: Path) -> None:
    """The header once more, as at the top of a printed page, neither names units nor fills the rows below it."""
    mapping = PLAIN.replace('column = "sector"', 'column = "sector"\nfill = true')
    text = rows(
        "HYV;410;4100;;4000;1/2020;-1,00", "sector;area;unit;name;account;month;actual", ";410;4100;;4100;1/2020;-2,00"
    )
    ledger = read(tmp_path, text, mapping)
    assert [unit.code for unit in ledger.units] == ["HYV", "410", "4100"]
    assert len(placed(ledger)) == 2


def test_rows_that_are_wider_than_the_header_are_cut_where_the_mapping_says_so(tmp_path: Path) -> None:
    """Cells beyond the header are refused, or dropped and counted."""
    text = rows("HYV;410;4100;;4000;1/2020;-1,00;x", "HYV;410;4100;;4100;1/2020;-2,00;")
    assert len(told(read(tmp_path, text))) == 1
    ledger = read(tmp_path, text, PLAIN.replace("version = 1", 'version = 1\n[file]\nextra_cells = "drop"'))
    assert (told(ledger), len(placed(ledger)), ledger.counts["cut"]) == ([], 2, 1)


def test_a_row_that_is_short_by_what_a_cell_holds_is_told(tmp_path: Path) -> None:
    """A quotation mark that swallows the cells behind it makes no row without amounts."""
    (problem,) = told(read(tmp_path, rows('HYV;410;4100;"Perus;4000;1/2020;-1,00"', "HYV;410;4100;;4100;1/2020;-2,00")))
    assert problem.startswith("row 2: the row has 4 cells, the header 7, and a cell between quotation marks holds what")


def test_problems_of_one_cause_are_told_once_with_their_rows(tmp_path: Path) -> None:
    """Accounts without a line are one sentence with their rows; so is a sentence that holds for many rows."""
    lines = [f"99{number:02} 1/2020 -1,00" for number in (1, 2, 1, 3, 1, 1, 1)]
    accounts, amounts = told(read(tmp_path, lined(*lines, "4000 1/2020 paljon", "4100 1/2020 paljon")))
    assert accounts == (
        "column account: 3 accounts feed no line of the chart jhs192-2026: 9901 (rows 2, 4, 6 and 2 more), 9902 "
        "(row 3), 9903 (row 5); say which under [[account.ranges]], or leave them out with accounts under [skip]"
    )
    assert amounts == "rows 9 and 10, column actual: 'paljon' is not an amount; write euros such as -1234,50"


@pytest.mark.parametrize(
    "foot", ["sivu 1 / 2", "Sida 3", "page 2 of 9", "s. 4", "2 (5)", "31.12.2020", "2020-12-31 10:15"]
)
def test_the_foot_of_a_page_fills_nothing_and_names_no_unit(tmp_path: Path, foot: str) -> None:
    """A page number or a day alone never fills down; where amounts stand beside it, it is a problem and no unit."""
    mapping = PLAIN.replace('column = "sector"', 'column = "sector"\nfill = true')
    text = rows("HYV;410;4100;;4000;1/2020;-1,00", f"{foot};;;;;;", ";410;4100;;4100;1/2020;-2,00")
    ledger = read(tmp_path, text, mapping)
    assert ([unit.code for unit in ledger.units], told(ledger)) == (["HYV", "410", "4100"], [])
    (problem,) = told(read(tmp_path, rows(f"{foot};410;4100;;4000;1/2020;-1,00")))
    assert "reads like the foot of a page and is no unit" in problem


def test_a_heading_names_no_unit_before_an_amount_does(tmp_path: Path) -> None:
    """A row without amounts establishes nothing, though the same unit has amounts further down."""
    ledger = read(
        tmp_path, rows("HYV;410;4160;Lukio;;;", "HYV;410;4100;;4000;1/2020;-1,00", "HYV;410;4160;;4000;1/2020;-2,00")
    )
    assert [(unit.code, unit.row) for unit in ledger.units] == [("HYV", 3), ("410", 3), ("4100", 3), ("4160", 4)]
    assert ledger.notes == ["1 row without amounts, and of no unit, passed over: row 2 'HYV'"]


@pytest.mark.parametrize(("first", "second"), [("Tot 03/2020", "Tot 04/2020"), ("Maaliskuun toteuma", "Huhtikuu 2020")])
def test_months_are_those_of_headers_with_other_words(tmp_path: Path, first: str, second: str) -> None:
    """Columns that begin with March are never taken for January and February."""
    months = f'[[amounts]]\nis = "actual"\ncolumns = ["{first}", "{second}"]\nyear = 2020\n'
    text = rows("HYV;410;4100;;4000;-1,00;-2,00", header=f"sector;area;unit;name;account;{first};{second}")
    ledger = read(tmp_path, text, f"version = 1\n{UNITS}{ACCOUNT}{months}")
    assert [period for *_unit, period, _cents in placed(ledger)] == ["2020-03-01/2020-03-31", "2020-04-01/2020-04-30"]


CLOSING = f"""version = 1
duplicates = "add"
{UNITS}{ACCOUNT}
[period]
column = "month"
closing = [13]
{ACTUAL}"""


def test_entries_of_the_closing_of_books_add_to_december(tmp_path: Path) -> None:
    """Month 13 of a ledger is no month: where the mapping says so, its entries are December's."""
    lines = lined("4000 202012 -1,00", "4000 202013 -2,00")
    assert told(read(tmp_path, lines)) == [
        (
            "row 3, column month: '202013' is no month of a year; where entries of the closing of books are in it, "
            "say closing = [13] under [period], else skip them"
        )
    ]
    december = "2020-12-01/2020-12-31"
    assert placed(read(tmp_path, lines, CLOSING)) == [
        ("4100", "4000", december, -100),
        ("4100", "4000", december, -200),
    ]


CURRENCIES = "sector;area;unit;name;account;month;Valuutta;actual"


def test_amounts_in_several_currencies_are_no_sum(tmp_path: Path) -> None:
    """A column of currencies is looked at though no mapping names it; rows without an amount say nothing."""
    line = "HYV;410;4100;;4000;1/2020;"
    text = rows(f"{line}EUR;-1,00", f"{line.replace('1/', '2/')}SEK;-2,00", f"{line}NOK;", header=CURRENCIES)
    assert told(read(tmp_path, text)) == [
        (
            "column Valuutta: amounts are in several currencies: EUR (row 2), SEK (row 3); say which rows count by "
            'where = [{ column = "Valuutta", is = […] }] under [[amounts]], '
            "or name the column that has all amounts in one"
        )
    ]


@pytest.mark.parametrize("chosen", [["EUR"], ["EUR", "SEK"]])
def test_rows_may_be_chosen_by_their_currency(tmp_path: Path, chosen: list[str]) -> None:
    """Where the mapping chooses rows by the column, it has said what counts; one currency is no question at all."""
    line = "HYV;410;4100;;4000;1/2020;"
    text = rows(f"{line}EUR;-1,00", f"{line.replace('1/', '2/')}SEK;-2,00", header=CURRENCIES)
    ledger = read(tmp_path, text, f'{PLAIN}where = [{{ column = "Valuutta", is = {chosen} }}]\n')
    assert (told(ledger), len(placed(ledger))) == ([], len(chosen))
    assert told(read(tmp_path, rows(f"{line}EUR;-1,00", header=CURRENCIES))) == []


VOUCHERS = PLAIN.replace("version = 1", 'version = 1\nduplicates = "add"')
SUMMED = ("4000 1/2020 -100,00", "4000 1/2020 -50,00", "4000 1/2020 -150,00")


def test_a_list_of_vouchers_with_sums_of_accounts_is_refused(tmp_path: Path) -> None:
    """Rows that add up, with the sum of each account after or before them, would count twice without a word."""
    lines = lined(*SUMMED, "3000 1/2020 18,00", "3000 1/2020 9,00", "3000 1/2020 9,00", "4300 1/2020 -1,00")
    what = (
        "where rows add up, the amount of one is the sum of the others, which would count twice; skip such rows by "
        'where, under [skip], or say sums = "add" in the mapping if all count'
    )
    assert told(read(tmp_path, lines, VOUCHERS)) == [f"row 4: 4100 4000: {what}", f"row 5: 4100 3000: {what}"]
    every = read(tmp_path, lines, VOUCHERS.replace("version = 1", 'version = 1\nsums = "add"'))
    assert (told(every), len(placed(every))) == ([], 7)


@pytest.mark.parametrize(
    ("others", "noted"), [((), True), (("3000 1/2020 1,00", "3000 1/2020 9,00", "3000 1/2020 4,00"), False)]
)
def test_one_account_whose_rows_look_summed_may_be_chance(
    tmp_path: Path, others: tuple[str, ...], *, noted: bool
) -> None:
    """Of one account alone it is noted; where half of the accounts do not look so, nothing is said."""
    ledger = read(tmp_path, lined(*SUMMED, *others), VOUCHERS)
    assert told(ledger) == []
    assert any("1 of 1 accounts, 4100 4000 (row 4)" in note for note in ledger.notes) is noted


HEADED = ("4000 1/2020 -30,00", "4001 1/2020 -10,00", "4002 1/2020 -20,00", "4000 2/2020 -7,00", "4001 2/2020 -3,00")


@pytest.mark.parametrize(("last", "noted"), [("-4,00", True), ("-5,00", False)])
def test_an_account_that_is_the_sum_of_those_below_it_is_noted(tmp_path: Path, last: str, *, noted: bool) -> None:
    """4000 as the heading of 4001 and 4002 would count twice; where it once is another amount, it is an account."""
    lines = lined(*HEADED, f"4002 2/2020 {last}", "3000 1/2020 1,00", "3010 1/2020 1,00")
    (note,) = read(tmp_path, lines).notes or [""]
    assert (
        note.startswith("accounts that are always the sum of those that begin alike, and so may count twice: 4000;")
        is noted
    )
    every = read(tmp_path, lines, PLAIN.replace("version = 1", 'version = 1\nsums = "add"'))
    assert not every.notes
