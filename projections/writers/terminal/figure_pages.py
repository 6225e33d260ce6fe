"""The figure tables of a snapshot on the terminal: units in report order, their columns in line down the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field
from rich.text import Text

from projections.report.content import forecast_basis
from projections.report.content.snapshot_material import ShownColumn
from projections.report.language.scale import UNKNOWN
from projections.writers.terminal.blocks import shown
from projections.writers.terminal.grid import GridColumn, grid, paragraph
from projections.writers.terminal.page_material import SUPERSCRIPTS, PageMaterial
from projections.writers.terminal.printable import left, one_line, width_of, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.snapshot.model import UnitReport
    from projections.writers.terminal.page_material import PrintedRow, PrintedTable

TOP_KINDS = frozenset({"city", "sector", "investment_programme"})
AREA_KINDS = frozenset({"service_area", "investment_area"})

_INDENT = "  "
_WIDEST_LABEL = 40
_ROOM_FOR_LABELS = 34  # at least, before the columns move further apart
_NARROWEST_LABEL = 24  # at least, before prior years are set below the others
_WRAPPED_LABEL = 18  # at least, before the columns of a report are set below each other
_GAPS = (2, 4)  # between columns: at least and at most
_ROW_STYLES = {"section": "dim", "leaf": "", "total": "bold"}


@define(slots=False)
class FigurePages:
    """All figure tables of a snapshot, laid out for one width of page.

    Attributes:
        material: the snapshot, with its columns.
        width: of the page, in characters.
    """

    material: PageMaterial
    width: int
    _blocks: list[tuple[ShownColumn, ...]] = field(init=False)
    _widths: dict[ShownColumn, int] = field(init=False)
    _gap: int = field(init=False)
    _last_headings: tuple[tuple[str, ...], ...] = field(init=False, default=())

    def __attrs_post_init__(self) -> None:
        """Settle the widths, so that columns stand in line from the first unit to the last."""
        every = (*self.material.prior, *self.material.main)
        self._widths = {column: self._widest(column) for column in every}
        self._blocks = self._fitting_blocks()
        self._gap = min(self._gap_in(block) for block in self._blocks)

    def renderables(self) -> Iterator[Text]:
        """Yield the units one after the other, then the notes on their cells."""
        for unit in self.material.snapshot.units:
            yield from self._unit(unit)
        yield from self._legend()

    def _unit(self, unit: UnitReport) -> Iterator[Text]:
        prominent = unit.kind in TOP_KINDS | AREA_KINDS
        yield Text()
        yield from unit_heading(unit, self.width)
        if unit.code in self.material.external:
            said = self.material.words.say("External items: without what the units of the city sell to each other.")
            yield paragraph(said, self.width, "dim", indent=2)
        if not unit.figures:
            yield Text(f"  {self.material.words.say('No figures are known of this unit.')}", style="dim")
            return
        for number, block in enumerate(self._blocks):
            if number:
                yield Text()
            table = self.material.table(unit, block)
            headed = prominent or table.headings != self._last_headings
            yield self._table(table, block, headed=headed)
            self._last_headings = table.headings
        for at, below in enumerate(forecast_basis.below_figures(self.material, unit)):
            yield from () if at else (Text(),)
            yield from shown(below, self.width)

    def _table(self, table: PrintedTable, block: Sequence[ShownColumn], *, headed: bool) -> Text:
        """Return a table as text; a cell grid of Rich would give the same page, at several times the cost."""
        widths = [self._widths[column] + self._gap for column in block]
        label_width = self._label_width(block)
        headings = _of_same_height(table.headings) if headed else []
        lines = [_line(("", *heading), label_width, widths, "dim") for heading in zip(*headings, strict=True)]
        for row in table.rows:
            *above, last = wrapped(_label(row), label_width)
            style = _ROW_STYLES[row.kind]
            lines += [Text(f"{_INDENT}{part}", style=style) for part in above]
            lines.append(_line((last, *row.cells), label_width, widths, style))
        return Text("\n").join(lines)

    def _widest(self, column: ShownColumn) -> int:
        """Return the width of the widest text of a column in any unit."""
        found = [self.material.column(unit, column) for unit in self.material.snapshot.units]
        return max((width_of(text) for heading, cells in found for text in (*heading, *cells)), default=1)

    def _fitting_blocks(self) -> list[tuple[ShownColumn, ...]]:
        """Return the columns in one block where the page is wide enough; else in blocks to be set below each other."""
        together = (*self.material.prior, *self.material.main)
        if self.material.prior and self._room(together) >= _NARROWEST_LABEL:
            return [together]
        return [*self._packed(self.material.main), *self._packed(self.material.prior)]

    def _packed(self, columns: Sequence[ShownColumn]) -> Iterator[tuple[ShownColumn, ...]]:
        block: tuple[ShownColumn, ...] = ()
        for column in columns:
            if block and self._room((*block, column)) < _WRAPPED_LABEL:
                yield block
                block = ()
            block = (*block, column)
        if block:
            yield block

    def _room(self, block: Sequence[ShownColumn], gap: int = _GAPS[0]) -> int:
        """Return how many characters are left for labels beside these columns."""
        return self.width - len(_INDENT) - sum(self._widths[column] + gap for column in block)

    def _gap_in(self, block: Sequence[ShownColumn]) -> int:
        """Return the widest gap that leaves the labels enough room."""
        gaps = range(_GAPS[1], _GAPS[0], -1)
        return next((gap for gap in gaps if self._room(block, gap) >= _ROOM_FOR_LABELS), _GAPS[0])

    def _label_width(self, block: Sequence[ShownColumn]) -> int:
        return max(1, min(_WIDEST_LABEL, self._room(block, self._gap)))

    def _legend(self) -> Iterator[Text]:
        notes = [
            [(str(number).translate(SUPERSCRIPTS), "dim"), (one_line(sentence), "dim")]
            for sentence, number in self.material.notes.items()
        ]
        if notes:
            yield Text()
            yield grid([GridColumn(), GridColumn(share=1)], notes, self.width, indent=0)
        if any(row.printed_label for unit in self.material.snapshot.units for row in unit.figures):
            yield Text()
            label = self.material.words.say("the label as the source document prints it")
            yield paragraph(f"”…” {label}", self.width, "dim")


def unit_heading(unit: UnitReport, width: int) -> Iterator[Text]:
    """Yield the heading of a unit: code, name and who answers for it; the higher it stands, the more it stands out."""
    title = f"{one_line(unit.code)}  {one_line(unit.name)}"
    role = one_line(unit.responsible)
    on_top = unit.kind in TOP_KINDS
    if on_top:
        yield Text("━" * width, style="cyan")
    yield _title_and_role(title, role, width, "─" if unit.kind in AREA_KINDS else " ")
    if on_top:
        yield Text("━" * width, style="cyan")


def _title_and_role(title: str, role: str, width: int, fill: str) -> Text:
    """Return the title with the role at the right edge, or below it where the line is too short for both."""
    room = width - width_of(title) - (width_of(role) + 2 if role else 1)
    if room < 1:
        below = [paragraph(role, width, "dim", indent=2)] if role else []
        return Text("\n").join([paragraph(title, width, "bold"), *below])
    line = Text.assemble((title, "bold"), " ", (fill * room, "cyan"))
    return line.append(f" {role}", style="dim") if role else line


def _label(row: PrintedRow) -> str:
    return f"{row.label} ”{row.printed_label}”" if row.printed_label else row.label


def _line(cells: Sequence[str], label_width: int, widths: Sequence[int], style: str) -> Text:
    """Return a label and, right-aligned, what stands beside it; what is unknown or only printed so stands back."""
    label, *beside = cells
    line = Text(f"{_INDENT}{left(label, label_width)}", style=style)
    line.highlight_regex("”.*?(”|$)", "dim italic")
    for text, width in zip(beside, widths, strict=True):
        line.append(text.rjust(width), style="dim" if text.startswith(UNKNOWN) else "")
    return line


def _of_same_height(headings: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the headings with empty lines below, so that all begin on the same line."""
    height = max(map(len, headings))
    return [(*heading, *[""] * (height - len(heading))) for heading in headings]
