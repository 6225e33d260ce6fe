"""The tables of figures: a unit's own lines, and those of all units below it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from attrs import evolve

from projections.presenting.finnish import UNKNOWN
from projections.report.document import Cell, Column, Row, Table
from projections.report.material import ON_THEIR_OWN, euros_of, is_investment
from projections.report.numbers import NBSP
from projections.report.prose import plain
from projections.report.words import msgid
from projections.snapshot.columns import default_amounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from projections.presenting.finnish import Scale
    from projections.report.document import NumberForm
    from projections.report.material import Figure, Material, Unit

RowKind = Literal["normal", "total", "part", "group"]

SECTIONS = ("operating_income", "operating_expenses")
_TOTALS = frozenset({*SECTIONS, "operating_margin", "annual_margin", "result", "net"})
_FORMS: Mapping[Scale, NumberForm] = {"thousands": "thousands", "euros": "euros", "cents": "cents"}
_LABELS_SHARE, _NUMBERS_SHARE = 3, 1


def column_names(material: Material) -> dict[str, str]:
    """Return what each column is called in a sentence: `TOT 2020 6 kk`."""
    words, year = material.words, material.end.year
    span = material.months_covered
    return {
        "final_accounts": words.say("Final accounts {year}", year=str(year - 1)),
        "prior_actual": words.say("Actual {year} {span}", year=str(year - 1), span=span),
        "budget": words.say("Budget {year} with amendments", year=str(year)),
        "actual": words.say("Actual {year} {span}", year=str(year), span=span),
        "percent": words.say("Actual-{year} %", year=f"{year % 100:02}"),
    }


def figure_columns(material: Material) -> tuple[Column, ...]:
    """Return the columns of a table of figures: the line, the four amounts with their unit, and per cents."""
    names = column_names(material)
    amounts = {name: f"{_kept(names[name], material)}\n{unit_of(material, name)}" for name in default_amounts()}
    percents = names["percent"].removesuffix(" %")
    return (
        Column(title=material.words.say("Line"), share=_LABELS_SHARE),
        *(
            Column(title=title, numeric=True, share=_NUMBERS_SHARE, sheet_title=f"{names[name]}, €")
            for name, title in amounts.items()
        ),
        Column(title=f"{percents}\n%", numeric=True, share=_NUMBERS_SHARE),
    )


def unit_of(material: Material, column: str) -> str:
    """Return the unit of a column's figures: `1 000 €` or `€`."""
    return material.words.say("€1,000") if material.scales[column] == "thousands" else "€"


def own_figures(material: Material, unit: Unit) -> Table:
    """Return the table of a unit's own figures; on a sheet only where no table of the unit above has them."""
    caption = material.words.say("Figures: {name}", name=material.title(unit))
    table = _table(material, unit, "figures", caption, [unit])
    return evolve(table, sheet=None) if stands_in_table_above(material, unit) else table


def figures_below(material: Material, unit: Unit) -> Table | None:
    """Return one table of the figures of the units right below a unit that have none below them; None without any."""
    units = [child for child in material.below(unit) if stands_in_table_above(material, child)]
    if not units:
        return None
    title = material.title(unit)
    caption = (
        material.words.say("Figures of the items: {name}", name=title)
        if is_investment(unit)
        else material.words.say("Figures of the units: {name}", name=title)
    )
    return _table(material, unit, "figures-of-units", caption, units, headed=True)


def stands_in_table_above(material: Material, unit: Unit) -> bool:
    """Return whether a unit's figures stand in a table of the unit above: where nothing is below it."""
    above = material.units.get(unit["parent"])
    return above is not None and above["kind"] not in ON_THEIR_OWN and not material.below(unit)


def _table(
    material: Material, unit: Unit, key: str, caption: str, units: Sequence[Unit], *, headed: bool = False
) -> Table:
    sheet = msgid("Investments") if is_investment(unit) else msgid("Figures")
    return Table(
        key=f"{key}-{material.key(unit)}",
        caption=caption,
        columns=figure_columns(material),
        rows=tuple(row for each in units for row in _rows_of(material, each, headed=headed)),
        sheet=material.words.say(sheet),
        place=material.place(unit),
        group_titles=(material.words.say("Group"),),
    )


def _rows_of(material: Material, unit: Unit, *, headed: bool) -> Iterator[Row]:
    place = material.place(unit)
    if headed:
        responsible = plain(unit["responsible"])
        heading = f"{material.title(unit)} · {responsible}" if responsible else material.title(unit)
        yield _group(heading, place, material.words.content)
    opened = ""
    for figure in unit["figures"]:
        section = _section_of(material, figure["line"])
        if section and section != opened:
            opened = section
            yield _group(material.label(section), place, None)
        yield _row(material, figure, place, in_section=bool(section))


def _group(text: str, place: tuple[str, str], language: str | None) -> Row:
    empty = (Cell(text=""),) * (len(default_amounts()) + 1)
    return Row(cells=(Cell(text=text, language=language), *empty), kind="group", place=place)


def _row(material: Material, figure: Figure, place: tuple[str, str], *, in_section: bool) -> Row:
    return Row(
        cells=(Cell(text=material.label(figure["line"])), *figure_cells(material, figure)),
        kind=_kind(figure["line"], in_section=in_section),
        place=place,
    )


def _kind(line: str, *, in_section: bool) -> RowKind:
    if line in _TOTALS:
        return "total"
    return "part" if in_section else "normal"


def figure_cells(material: Material, figure: Figure) -> Iterable[Cell]:
    """Return the cells of a row of figures: its amounts, then its per cent."""
    amounts = [amount_cell(material, figure[name], material.scales[name]) for name in default_amounts()]
    return [*amounts, percent_cell(material, figure["percent"])]


def amount_cell(material: Material, cell: Mapping[str, Any] | None, scale: Scale) -> Cell:
    """Return a cell of money: its value in euros, its text in the unit of its column."""
    value = euros_of(cell)
    if value is None:
        return Cell(text=UNKNOWN, form=_FORMS[scale])
    return Cell(text=material.words.numbers.amount(value, scale), value=value, form=_FORMS[scale])


def exact_cell(material: Material, cents: int | None) -> Cell:
    """Return a cell of money that is in no column of figures: with cents where there are any."""
    cell = None if cents is None else {"cents": cents}
    return amount_cell(material, cell, "cents" if cents is not None and cents % 100 else "euros")


def percent_cell(material: Material, text: str | None) -> Cell:
    """Return a cell of per cents, `63,34`; the sign stands in the header."""
    if text is None:
        return Cell(text=UNKNOWN, form="percent")
    value = Decimal(text)
    return Cell(text=material.words.numbers.plain(value, 2), value=value, form="percent")


def _section_of(material: Material, line: str) -> str | None:
    """Return the total that a line of the income statement stands above, or None."""
    lines = material.view.chart.lines
    return next((total for total in SECTIONS if total in lines and line in lines[total].components), None)


def _kept(name: str, material: Material) -> str:
    """Return a header that breaks before what it covers and what is in it, and nowhere else."""
    parted = name.replace(f" {material.months_covered}", f"\n{material.months_covered}").replace(" + ", "\n+ ")
    return parted.replace(" ", NBSP)
