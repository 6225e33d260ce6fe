"""From a TOML file to a mapping: every key is checked, and all that is wrong is told at once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from attrs import evolve

from heinola_es.domain.amounts import PRECISIONS
from heinola_es.domain.periods import parse_date, parse_period
from heinola_es.errors import BadInput
from heinola_es.files.input_files import read_bounded
from heinola_es.files.toml_forms import table_from
from heinola_es.files.toml_tables import LIMIT_BYTES, read_toml
from heinola_es.importing.ledger.mapping.mapping import (
    AmountColumn,
    Counterparty,
    FileForm,
    InternalRows,
    Mapping,
    PeriodColumn,
    Skip,
    UnitLevel,
)
from heinola_es.importing.ledger.mapping.mapping_tables import MappingTable, delimiter_said, span_of

if TYPE_CHECKING:
    from pathlib import Path

    from events.period import Period
    from heinola_es.importing.ledger.mapping.mapping_tables import (
        AmountTable,
        ColumnRef,
        FileTable,
        InternalTable,
        PeriodTable,
        SkipTable,
        UnitTable,
    )

_FACTORS = {"euro": 100, "thousand": 100_000, "million": 100_000_000, "cent": 1}
_KIND = "a mapping"


class MappingUnfit(BadInput):
    """The mapping says something that is none of its words; the sentence has a line for each."""


def read_mapping(path: Path) -> Mapping:
    """Return what a mapping file says.

    Raises:
        BadInput: it cannot be read or is no TOML.
        MappingUnfit: a key or value is wrong; all of them are told.
    """
    try:
        said = read_toml(path, kind=_KIND, check="; check --mapping")
    except BadInput:
        if _is_a_table(path):
            raise BadInput(
                f"{path} reads like a ledger and not like a mapping; `heinola import figures {path} --suggest` writes "
                f"a first mapping of it"
            ) from None
        raise
    return mapping_from(said, str(path))


def _is_a_table(path: Path) -> bool:
    """Return whether the first line of a file has several cells, and says nothing of a key."""
    with suppress(OSError, BadInput):
        line = read_bounded(path, LIMIT_BYTES, _KIND).partition(b"\n")[0]
        return b"=" not in line and not line.startswith(b"[") and max(map(line.count, (b";", b",", b"\t", b"|"))) > 1
    return False


def mapping_from(said: dict[str, Any], name: str) -> Mapping:
    """Return the mapping that the tables of a TOML document describe.

    Raises:
        MappingUnfit.
    """
    top, wrong = table_from(MappingTable, said, _KIND)
    if wrong:
        raise MappingUnfit(*(f"{name}: {sentence}" for sentence in wrong))
    return Mapping(
        form=_form(top.file),
        units=tuple(map(_unit, top.units)),
        account=top.account,
        line=top.line,
        period=None if top.period is None else _period(top.period),
        amounts=tuple(amount for table in top.amounts for amount in _amounts(table, top)),
        skip=_skip(top.skip),
        internal=None if top.internal is None else _internal(top.internal),
        sums=top.sums,
        add_duplicates=top.duplicates == "add",
        record_zeros=top.zeros == "record",
        complete=top.complete,
        scope=top.scope,
    )


def _form(table: FileTable) -> FileForm:
    cells = table.header_cells()
    rows = table.header if isinstance(table.header, tuple) else (table.header,) if table.header else ()
    return FileForm(
        sheet=table.sheet,
        encoding=table.encoding,
        delimiter=None if table.delimiter is None else delimiter_said(table.delimiter),
        decimal=table.decimal,
        header=(1,) if cells else tuple(map(int, rows)),
        header_cells=cells,
        first_row=table.first_row,
        last_row=table.last_row,
        quotes=table.quotes,
        drop_extra_cells=table.extra_cells == "drop",
    )


def _unit(table: UnitTable) -> UnitLevel:
    parts = table.code if isinstance(table.code, tuple) else ()
    return UnitLevel(
        kind=table.kind or "",
        kinds=table.kinds,
        column=parts[-1] if parts else table.column,
        parts=parts,
        name_column=table.name_column,
        code=table.code if isinstance(table.code, str) else None,
        name=table.name,
        strip=table.strip,
        split=table.split,
        fill=table.fill,
    )


def _period(table: PeriodTable) -> PeriodColumn:
    return PeriodColumn(
        column=table.column,
        year_column=table.year_column,
        month_column=table.month_column,
        year=table.year,
        fixed=None if table.fixed is None else parse_period(table.fixed),
        fill=table.fill,
        first_month=table.first_month,
        closing=frozenset(table.closing),
    )


def _amounts(table: AmountTable, top: MappingTable) -> tuple[AmountColumn, ...]:
    """Return what a table of amounts describes: one, or a debit and its credit."""
    if table.debit is not None and table.credit is not None:
        amount = _amount(table, (table.debit,), top)
        return (
            evolve(amount, sign="reversed", side="debit"),
            evolve(amount, sign="expenses_negative", columns=(table.credit,), side="credit"),
        )
    return (_amount(table, table.columns if table.column is None else (table.column,), top),)


def _amount(table: AmountTable, columns: tuple[ColumnRef, ...], top: MappingTable) -> AmountColumn:
    return AmountColumn(
        measure=table.measure,
        statement=table.kind == "statement",
        columns=columns,
        periods=_periods(table, len(columns), rows_say=top.period is not None),
        year=table.year,
        decided=None if table.decided is None else parse_date(table.decided),
        sign=table.sign or top.sign,
        precision_cents=PRECISIONS[table.precision],
        factor=_FACTORS[table.counted_in or "euro"],
        factor_said=table.counted_in is not None,
        rounded=(table.rounding or top.rounding) == "cent",
        cumulative=table.cumulative,
        where=table.where,
        decision=table.decision,
    )


def _periods(table: AmountTable, columns: int, *, rows_say: bool) -> tuple[Period | None, ...]:
    """Return the period of each column; empty where the rows say it."""
    if table.period is not None:
        return (parse_period(table.period),) * columns
    if table.periods:
        return tuple(map(parse_period, table.periods))
    if table.year is not None or columns > 1 or not rows_say:
        return (None,) * columns  # the headers say it
    return ()


def _skip(table: SkipTable) -> Skip:
    return Skip(
        rows=frozenset(table.rows),
        totals=Skip().totals if table.totals is None else table.totals,
        accounts=tuple(map(span_of, table.accounts)),
        where=table.where,
    )


def _internal(table: InternalTable) -> InternalRows:
    return InternalRows(
        accounts=tuple(map(span_of, table.accounts)),
        counterparty=None
        if table.counterparty is None
        else Counterparty(column=table.counterparty, codes=tuple(map(span_of, table.codes))),
        where=table.where,
    )
