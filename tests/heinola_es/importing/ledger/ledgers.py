"""Ledgers for these tests, written as people see them, and how they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.domain.chart import load_chart
from heinola_es.importing.ledger.mapping.mapping_file import read_mapping
from heinola_es.importing.ledger.mapping.wishes import Wishes
from heinola_es.importing.ledger.placing.reading import LedgerFile, open_table, read_ledger
from heinola_es.importing.ledger.reading.limits import digest_of

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.importing.ledger.placing.ledger import Ledger

UNITS = """
[[units]]
kind = "sector"
column = "sector"

[[units]]
kind = "service_area"
column = "area"

[[units]]
kind = "unit"
column = "unit"
name_column = "name"
"""

ACCOUNT = """
[account]
column = "account"
"""

MONTH = """
[period]
column = "month"
"""

ACTUAL = """
[[amounts]]
is = "actual"
column = "actual"
"""

PLAIN = f"version = 1\n{UNITS}{ACCOUNT}{MONTH}{ACTUAL}"
"""The mapping of a ledger with a row for each unit, account and month."""

HEADER = "sector;area;unit;name;account;month;actual"


def rows(*lines: str, header: str = HEADER) -> str:
    """Return a CSV file with this header and these lines."""
    return "\n".join([header, *lines]) + "\n"


def lined(*lines: str) -> str:
    """Return a plain ledger of unit 4100: each line is `account month amount`."""
    return rows(*("HYV;410;4100;Perusopetus;" + ";".join(line.split(maxsplit=2)) for line in lines))


def written(folder: Path, text: str | bytes, name: str) -> Path:
    """Write a file and return where it is."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, text: str | bytes, mapping: str = PLAIN, *, contra: bool = False) -> Ledger:
    """Return a CSV ledger as it is read by a mapping."""
    file, said = written(folder, text, "ledger.csv"), written(folder, mapping, "ledger.toml")
    return read_file(file, said, contra=contra)


def read_file(file: Path, mapping: Path, *, contra: bool = False) -> Ledger:
    """Return a ledger file as it is read by a mapping file."""
    said = read_mapping(mapping)
    opened = LedgerFile(file, digest_of(file), open_table(file, said.form))
    return read_ledger(opened, said, load_chart(), wishes=Wishes(contra=contra), tell=lambda _rows: None)


def told(ledger: Ledger) -> list[str]:
    """Return the problems of a ledger in words."""
    return list(ledger.problems)


def placed(ledger: Ledger) -> list[tuple[str, str, str, int]]:
    """Return what was placed: unit, account or line, period, cents."""
    amounts = ledger.amounts
    return [
        (
            ledger.units[unit].code,
            ledger.accounts[account].code or ledger.accounts[account].line,
            str(ledger.periods[period]),
            cents,
        )
        for unit, account, period, cents in zip(
            amounts.unit, amounts.account, amounts.period, amounts.cents, strict=True
        )
    ]
