"""Mappings: what a file says, all that is wrong with one at once, and the schema that says the same to editors."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from benchmarks.generate_ledger import ACTUALS_MAPPING, BUDGET_MAPPING
from events.period import Period
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.mapping.mapping_file import MappingUnfit, mapping_from, read_mapping
from heinola_es.importing.ledger.mapping.mapping_tables import schema_file
from tests.conftest import ROOT
from tests.heinola_es.importing.ledger.ledgers import PLAIN, written

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_FILE = ROOT / "docs" / "ledger-mapping.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text("utf-8"))
EXAMPLES = sorted(ROOT.glob("examples/paakirja-*.toml"))
PAGE = (ROOT / "docs" / "ledger-files.md").read_text("utf-8")
OF_THE_DOCS = [block for block in re.findall(r"(?ms)^version = 1$.*?(?=^(?:```|\$ ))", PAGE) if "…" not in block]

WHOLE = """
version = 1
sign = "reversed"
duplicates = "add"
zeros = "record"

[file]
sheet = "Pääkirja"
encoding = "cp1252"
delimiter = "tab"
decimal = "."
header = [3, 4]
first_row = 6
last_row = 900

[[units]]
kind = "sector"
code = "HYV"
name = "Hyvinvointi"

[[units]]
kind = "unit"
kinds = [{ kind = "investment_item", where = [{ column = 2, matches = "^9" }] }]
column = 2
name_column = "Nimi"
strip = ["KP", "YK"]
split = true
fill = true

[account]
column = "C"
strip = "T"
split = true
fill = true

[[account.ranges]]
first = 3980
last = "3989"
line = "fees"

[period]
year_column = "Vuosi"
month_column = "Kk"
first_month = 7
fill = true

[[amounts]]
is = "budget"
as = "statement"
column = "TA"
period = "2020"
decided = 2019-11-11
sign = "expenses_positive"
precision = "thousand"
in = "thousand"

[[amounts]]
is = "actual"
columns = ["Tammi", 12]
periods = ["1/2020", "2/2020"]

[skip]
rows = [57]
totals = ["Kaikki"]
accounts = ["9000-9999", "8000"]
where = [{ column = "Tila", is = ["luonnos"] }, { column = "Tosite", matches = "^X" }]
"""


def test_a_whole_mapping_is_read(tmp_path: Path) -> None:
    """Every key has its place."""
    mapping = read_mapping(written(tmp_path, WHOLE, "whole.toml"))
    assert mapping.form.delimiter == "\t"
    assert mapping.form.header == (3, 4)
    assert [level.kind for level in mapping.units] == ["sector", "unit"]
    assert mapping.units[1].strip == ("KP", "YK")
    assert [one.kind for one in mapping.units[1].kinds] == ["investment_item"]
    assert mapping.account is not None
    assert mapping.account.ranges[0].first == "3980"
    assert mapping.period is not None
    assert (mapping.period.month_column, mapping.period.first_month) == ("Kk", 7)
    budget, actual = mapping.amounts
    assert (budget.statement, budget.decided, budget.sign) == (True, date(2019, 11, 11), "expenses_positive")
    assert (budget.periods, budget.precision_cents, budget.factor) == ((Period.of_year(2020),), 100_000, 100_000)
    assert (actual.sign, actual.periods[1]) == ("reversed", Period.of_month(2020, 2))
    assert mapping.skip.accounts == (("9000", "9999"), ("8000", "8000"))
    assert (mapping.add_duplicates, mapping.record_zeros) == (True, True)


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Unknown keys with the nearest known, wrong words, missing parts: a line for each, with its place."""
    said = tomllib.loads("""
version = 2
sing = "reversed"
[file]
header = "first"
encoding = "latin-9000"
delimiter = "::"
[[units]]
kind = "yksikkö"
[account]
column = ""
[[account.ranges]]
first = "40"
last = "399"
line = ""
[line]
column = "Rivi"
[period]
column = "Kk"
fixed = "joskus"
[[amounts]]
is = "amendment"
as = "statement"
columns = ["a", "b"]
periods = ["1/2020"]
[skip]
rows = ["x"]
accounts = ["tulot"]
where = [{ column = "a", matches = "(" }]
""")
    with pytest.raises(MappingUnfit) as refused:
        mapping_from(said, "m.toml")
    told = str(refused.value).splitlines()
    assert all(line.startswith("m.toml: ") for line in told)
    assert [line.removeprefix("m.toml: ") for line in told] == [
        "version should be 1; write version = 1",
        "file.encoding is 'latin-9000'; write utf-8, cp1252, iso-8859-15, cp850 or utf-16",
        'file.delimiter is \'::\'; it should be one character, such as ";", or "tab"',
        "file.header is 'first'; it should be the number of a row, or a list of them or of cells",
        (
            "units[1].kind is 'yksikkö'; it is one of city, sector, service_area, unit, investment_programme, "
            "investment_area, investment_item"
        ),
        "units[1].column or code: say either in which column the unit's code stands, or the code itself",
        "account.column is empty; name the column",
        "account.ranges[1].line is empty; name the line that these accounts feed",
        "account.ranges[1].first and last are 40 and 399; write two accounts of the same length, in order",
        (
            "period.fixed 'joskus' is not a period; write it as 1.4.–30.6.2020, 2020Q2, 1-6/2020, 2020H1, 2020T2, "
            "6/2020, 2020, 2020-04-01..2020-06-30 or 30.6.2020"
        ),
        "amounts[1].as is a statement of amendments; state the budget with its amendments instead",
        "amounts[1].periods are 1 for 2 columns; give one for each",
        "skip.rows is ['x']; it should be a list of row numbers from 1",
        "skip.accounts has 'tulot'; write a number or a range such as \"9000-9999\"",
        "skip.where[1].matches is no regular expression: missing ), unterminated subpattern at position 0",
        "account or line: say exactly one of [account] and [line]",
        "sing is no word of a mapping; did you mean sign?; remove it",
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('[[amounts]]\nis = "actual"\ncolum = "a"', "amounts[1].colum is no word of a mapping; did you mean column?"),
        ('[[amounts]]\nis = "actuals"\ncolumn = "a"', "amounts[1].is is 'actuals'; did you mean actual?; it is one of"),
        ('[[units]]\nkind = "unit"\ncode = ["a"]', "units[1].code is ['a']; it should be a code, or a list of the"),
        ('skip = { where = [{ column = "a", matches = "(" }] }', "skip.where[1].matches is no regular expression"),
        ('[[unit]]\nkind = "unit"', "unit is no word of a mapping; did you mean units?; remove it"),
    ],
)
def test_a_mistake_is_told_once(wrong: str, told: str) -> None:
    """What is missing only because its key is mistyped, or its value is none, is not told beside it."""
    said = {
        key: value
        for key, value in tomllib.loads(PLAIN).items()
        if not (wrong.startswith("[[unit]]") and key == "units")
    }
    with pytest.raises(MappingUnfit) as refused:
        mapping_from(said | tomllib.loads(wrong), "m.toml")
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"m.toml: {told}")


def test_the_published_schema_is_that_of_the_classes() -> None:
    """`docs/ledger-mapping.schema.json` is what the classes that read a mapping make."""
    assert SCHEMA_FILE.read_text("utf-8") == schema_file()


def test_totals_of_another_fiscal_year_are_refused() -> None:
    """A total from 1 July to January is no amount of January, and what came before it would count twice."""
    said = tomllib.loads(WHOLE)
    said["amounts"] = [{"is": "actual", "column": "Kertymä", "cumulative": True}]
    with pytest.raises(MappingUnfit, match=r"m\.toml: period has first_month, and the totals of such a fiscal"):
        mapping_from(said, "m.toml")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"version = ", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"version = " + b"[" * 5_000, "is not TOML"),
        (b"#" * 1_000_001, "has more than 1 MB; a mapping is a page of text, check the file"),
    ],
)
def test_what_is_no_mapping_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    """What is no TOML, or no page of it, has its sentence."""
    with pytest.raises(BadInput, match=words):
        read_mapping(written(tmp_path, content, "m.toml"))


@pytest.mark.parametrize(
    "text",
    [WHOLE, PLAIN, ACTUALS_MAPPING, BUDGET_MAPPING, *(path.read_text("utf-8") for path in EXAMPLES), *OF_THE_DOCS],
    ids=["whole", "plain", "actuals", "budget", *(path.stem for path in EXAMPLES), *map(str, range(len(OF_THE_DOCS)))],
)
def test_the_schema_and_the_reader_take_what_is_right(text: str) -> None:
    """Every mapping that is shipped, and one with every key, is right by the schema and by the reader."""
    said = tomllib.loads(text)
    mapping_from(said, "m.toml")
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(said, default=str)))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"sing": "reversed"},
        {"sign": "positive"},
        {"units": []},
        {"units": [{"kind": "unit"}]},
        {"units": [{"kind": "yksikkö", "column": "a"}]},
        {"units": [{"kinds": [], "column": "a"}]},
        {"units": [{"kinds": [{"kind": "unit"}], "column": "a"}]},
        {"units": [{"kinds": [{"where": [{"column": "a", "is": "b"}]}], "column": "a"}]},
        {"file": {"header": ["a", 1]}},
        {"period": {"month_column": "a", "year": 2020, "first_month": 13}},
        {"account": {}},
        {"line": {"column": "a"}},
        {"amounts": [{"column": "a"}]},
        {"amounts": [{"is": "actual", "column": "a", "columns": ["b"]}]},
        {"file": {"header": -1}},
        {"skip": {"where": [{"column": "a"}]}},
    ],
)
def test_the_schema_and_the_reader_refuse_what_is_wrong(change: dict[str, Any]) -> None:
    """What the reader refuses an editor marks, too."""
    said = {**tomllib.loads(PLAIN), **change}
    assert not Draft202012Validator(SCHEMA).is_valid(said)
    with pytest.raises(MappingUnfit):
        mapping_from(said, "m.toml")


@pytest.mark.parametrize("name", ["\\u0000", "utf-8\\u0000", "\\ud7ff", "../x", "base64", "x"])
def test_an_encoding_that_is_none_is_told(tmp_path: Path, name: str) -> None:
    """Whatever stands in place of its name: one of the problems of the mapping."""
    file = tmp_path / "mapping.toml"
    file.write_text(f'version = 1\nsign = "expenses_negative"\n[file]\nencoding = "{name}"\n', encoding="utf-8")
    with pytest.raises(BadInput, match=r"file\.encoding is .*; write utf-8, cp1252"):
        read_mapping(file)


AMOUNT = '[[amounts]]\nis = "{is_}"\n{rest}\n'
TOGETHER = {
    "amounts[1].decision is for amendments that a file lists; remove it": (
        "budget",
        "column = 1\ndecision = { day = 2 }",
    ),
    "amounts[1].decided is for a budget or an amendment; remove it": ("actual", "column = 1\ndecided = 2020-01-01"),
    "amounts[1].as is of a forecast, which is neither posted nor stated; remove it": (
        "forecast",
        'column = 1\nas = "statement"',
    ),
    "amounts[1].cumulative is for actuals; remove it": ("budget", "column = 1\ncumulative = true"),
    'amounts[1].as is a statement of a budget as amended; say is = "budget" with its period instead': (
        "amended_budget",
        'column = 1\nas = "statement"',
    ),
    "amounts[1].column is for amounts in one column; remove it, or debit and credit": (
        "actual",
        "column = 1\ndebit = 2\ncredit = 3",
    ),
    "amounts[1].debit and credit go together; name both columns": ("actual", "debit = 2"),
    "amounts[1].columns has 13 columns, and a year has 12 months": (
        "actual",
        f"columns = {list(range(1, 14))}\nyear = 2020",
    ),
    "amounts[1].decision.organ or day, section or address: name the columns that say the decision": (
        "amendment",
        "column = 1\ndecision = {}",
    ),
    "amounts[1].decision.organ is missing beside section: name the column that says whose minutes it is of": (
        "amendment",
        "column = 1\ndecision = { section = 2 }",
    ),
}


@pytest.mark.parametrize("told", TOGETHER)
def test_keys_of_an_amount_that_do_not_go_together_are_told(told: str) -> None:
    """Each by itself, with its place and what to do."""
    is_, rest = TOGETHER[told]
    with pytest.raises(MappingUnfit) as refused:
        mapping_from(tomllib.loads(PLAIN) | tomllib.loads(AMOUNT.format(is_=is_, rest=rest)), "m.toml")
    assert str(refused.value) == f"m.toml: {told}"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ('[[units]]\nkind = "unit"\ncolumn = 1\ncode = [1, 2]', "units[1].column is part of code; remove it"),
        ("[internal]\ncounterparty = 2", "internal.codes and counterparty belong together: a column, and its codes"),
        ("[internal]", "internal.accounts or counterparty or where: say which rows are internal items"),
        ("[period]\nmonth_column = 2", "period.year_column is missing beside month_column; name it, or say the year"),
        ("[period]\ncolumn = 2\nfirst_month = 7", "period.first_month is for months in a month_column; remove it"),
        ("[file]\nheader = [3, 2]", "file.header is [3, 2]; it should be row numbers from 1, in order, 0 for none, or"),
        (
            "[file]\nheader = true",
            "file.header is True; it should be the number of a row, or a list of them or of cells",
        ),
        ("skip = 3", "skip is 3; it should be a table"),
        ('scope = ""', "scope is ''; it should be a text or a list of texts"),
    ],
)
def test_keys_of_a_table_that_do_not_go_together_are_told(wrong: str, told: str) -> None:
    """Whatever table it is, a sentence each."""
    with pytest.raises(MappingUnfit) as refused:
        mapping_from(tomllib.loads(PLAIN) | tomllib.loads(wrong), "m.toml")
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"m.toml: {told}")
