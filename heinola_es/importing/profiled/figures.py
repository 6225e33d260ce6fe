"""Tables of figures whose columns a profile names: any of them, in any order, under headers of several rows."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from heinola_es.domain.amounts import BeyondLimit, format_cents, is_amount, parse_amount, too_large
from heinola_es.errors import BadInput
from heinola_es.importing.profiled.profile import ColumnRule, key_of, without_mark
from heinola_es.importing.report.document import GivenForecast, StatedAmount, StatedFigure
from heinola_es.importing.report.money_units import EUROS, MILLIONS, THOUSANDS, is_mark, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.domain.chart import Chart
    from heinola_es.importing.documents.pieces import Piece
    from heinola_es.importing.profiled.profile import Profile
    from heinola_es.importing.profiled.reading import Reading

HIGHEST_HEADER = 3
"""Rows."""
_LOWEST_START = 3
EMPTY = frozenset({"", "-", "\u2013", "\u2212", "\u2014"})
"""Cells that say nothing."""
_MINUS = str.maketrans("\u2212\u2013\u2011\u00a0\u202f", "---  ")
_NUMBER = re.compile(r"[(+-]?\s?[0-9][0-9 .,]*\)?\s*%?(?:\s*(?:€|[tkm]€|milj\. €))?")
_PERCENT = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,4})?")
_MONEY = {EUROS: "€", THOUSANDS: "1 000 €", MILLIONS: "milj. €"}
_MOST_DECIMALS = 8
_UNIT_ABOVE = re.compile(r"[(,]\s*([^(),]*?(?:€|e|eur\w*))\s*\)?\s*\Z", re.IGNORECASE)
_LONGEST_TITLE = 120


@frozen(slots=True)
class Header:
    """The header of a table.

    Attributes:
        start, end: the first of its rows, and the first below it.
        columns: what the columns are that the profile knows, by their place.
        unknown: the titles of the others, by their place; not those before the first that is known.
        corner: what stands above the labels.
    """

    start: int
    end: int
    columns: dict[int, ColumnRule]
    unknown: dict[int, str]
    corner: str

    @property
    def known(self) -> frozenset[int]:
        """The places of the columns that have a title."""
        return frozenset(self.columns) | frozenset(self.unknown)


@define(slots=True)
class Stated:
    """The figures of a report so far.

    Attributes:
        figures, forecasts: in the order of the document.
        seen: each with its place, by what it is of.
    """

    figures: list[StatedFigure] = field(factory=list)
    forecasts: list[GivenForecast] = field(factory=list)
    seen: dict[tuple[object, ...], tuple[StatedAmount, str]] = field(factory=dict)


def looks_numeric(cell: str) -> bool:
    """Return whether a cell is a number, a per cent or an amount of money."""
    return bool(_NUMBER.fullmatch(without_mark(cell).translate(_MINUS)))


def _said_above(texts: tuple[str, ...]) -> int | None:
    """Return the unit of money at the end of the last short text above a table: `Tuloslaskelma (1 000 €)`."""
    for text in reversed(texts):
        found = _UNIT_ABOVE.search(text) if len(text) <= _LONGEST_TITLE else None
        if found and is_mark(found[1]):
            with suppress(BadInput):
                return unit_of(found[1], 0)
    return None


def titles(rows: list[Piece]) -> list[str]:
    """Return the titles of columns whose header stands on these rows: what stands above each, word for word once."""
    width = max(len(row.over_all) for row in rows)
    parts = [[row.over_all[at] if at < len(row.over_all) else "" for row in rows] for at in range(width)]
    return [" ".join(dict.fromkeys(filter(None, column))) for column in parts]


def figure_table(profile: Profile, rows: list[Piece]) -> Header | None:
    """Return the header of a table in which at least one column with figures is known, or None."""
    best: Header | None = None
    for start in range(min(_LOWEST_START, len(rows))):
        for height in range(1, HIGHEST_HEADER + 1):
            if start + height >= len(rows):
                break
            found = _header(profile, rows, start, start + height)
            if found is not None and (best is None or len(found.columns) > len(best.columns)):
                best = found
    return best


def _header(profile: Profile, rows: list[Piece], start: int, end: int) -> Header | None:
    said = titles(rows[start:end])
    columns: dict[int, ColumnRule] = {}
    for at, title in enumerate(said):
        rule = profile.columns.get(key_of(title))
        if rule is not None and rule in columns.values() and at - 1 not in columns:
            said = said[:at]  # another table stands beside it, whose rows have labels of their own
            break
        if rule is not None:
            columns[at] = rule
    if not any(rule.period is not None for rule in columns.values()):
        return None
    unknown = {at: title for at, title in enumerate(said) if title and at > min(columns) and at not in columns}
    return Header(start, end, columns, unknown, said[0] if 0 not in columns else "")


class FigureTable:
    """A table of figures while it is being read."""

    def __init__(self, reading: Reading, header: Header) -> None:
        """Begin with its header, for the unit that is open."""
        self.reading, self.header, self.money = reading, header, EUROS
        self.above: tuple[str, ...] = (reading.above,)
        self.told_besides = False

    @property
    def profile(self) -> Profile:
        """How the report is built."""
        return self.reading.profile

    @property
    def chart(self) -> Chart:
        """The lines that the table has."""
        return self.reading.chart

    def read(self, rows: list[Piece]) -> None:
        """Take in the figures of the table; what cannot be placed is told.

        Raises:
            BadInput: a figure contradicts one that was read before.
        """
        self.above += tuple(text for row in rows[: self.header.start] for text in row.filled)
        self.money = self._money(rows[self.header.start])
        for row in rows[: self.header.start]:
            self.reading.leave(row, "This row stands above the header of a table")
        for title in self.header.unknown.values():
            where = rows[self.header.end - 1]
            message = f"The profile has no column {title!r}; its figures were left out"
            self.reading.find("unparsed", where, message, of_figures=True)
        self.go_on(rows[self.header.end :])

    def go_on(self, rows: list[Piece]) -> None:
        """Take in further rows of the table, below its header or on another page."""
        for row in rows:
            self._row(row)

    def _money(self, row: Piece) -> int:
        """Return how many cents one figure is: as the corner of the table says it, else as the profile does."""
        corner = self.header.corner
        if corner and is_mark(corner):
            try:
                said = unit_of(corner, row.number)
            except BadInput:
                return self.profile.money
            where = "above its labels"
        elif (above := _said_above(self.above)) is not None:
            said, where = above, "above it"
        else:
            return self.profile.money
        if said != self.profile.money:
            self.reading.find("inferred", row, f"This table is in {_MONEY[said]}, as stands {where}", of_figures=True)
        return said

    def _row(self, row: Piece) -> None:
        self._tell_besides(row)
        label = self._label(row)
        cells = {at: row.cells[at] for at in self.header.columns if at < len(row.cells)}
        has_figures = any(cell not in EMPTY for cell in cells.values())
        if not has_figures:
            self._heading(row, label)
            return
        if all(key_of(cell) in self.profile.columns for cell in cells.values() if cell):
            return  # the header again, after a page break
        owner = self.reading.owner
        if owner is None:
            self.reading.leave(row, "No unit is open, so these figures are nobody's", of_figures=True)
            return
        line = self._line(label)
        if line is None:
            self.reading.leave(row, f"{owner.code} has no line {label!r}, nor the profile", of_figures=True)
            return
        self._figures(row, label, self.chart.line(line).code, cells)

    def _tell_besides(self, row: Piece) -> None:
        """Tell, once of a table, of figures in no column of its header: beside another table, or untitled."""
        if self.told_besides:
            return
        first, words = min(self.header.columns), False
        for at, cell in enumerate(row.cells):
            is_figure = looks_numeric(cell)
            beside = is_figure and words if at < first else is_figure and at not in self.header.known
            words = words or (bool(cell) and not is_figure)
            if beside:
                self.told_besides = True
                why = "Figures stand in no column that the header names, here and perhaps in other rows of the table"
                self.reading.leave(row, why, of_figures=True)
                return

    def _label(self, row: Piece) -> str:
        """Return the label of a row: the last cell of words before the first column with figures."""
        before = [cell for cell in row.over_all[: min(self.header.columns)] if cell]
        words = [cell for cell in before if not looks_numeric(cell)]
        return (words or before or [""])[-1]

    def _line(self, label: str) -> str | None:
        """Return the line of a label: as the profile says, else one of the unit's own table, else any of the chart."""
        if (said := self.profile.lines.get(key_of(label))) is not None:
            return said
        owner = self.reading.owner
        layouts = [self.chart.layout_of(owner.kind).name] if owner else []
        label = without_mark(label)
        found = (self.chart.line_by_label(label, layout) for layout in (*layouts, *self.chart.layouts))
        return next(filter(None, found), None)

    def _heading(self, row: Piece, label: str) -> None:
        """Take in a row without figures: the name of a unit, the label of a group of lines, or what nobody knows."""
        if self.reading.open_unit(row, label, in_row=True):
            return
        if row.filled and self._line(label) is None:
            self.reading.leave(row, "This row of a table of figures has none")

    def _figures(self, row: Piece, label: str, line: str, cells: dict[int, str]) -> None:
        amounts: dict[int, StatedAmount] = {}
        for at, cell in cells.items():
            rule = self.header.columns[at]
            if rule.what not in {"percent", "skip"} and cell not in EMPTY:
                amount = self._amount(row, rule, cell)
                if amount is not None:
                    amounts[at] = amount
        percents = {at: cell for at, cell in cells.items() if self.header.columns[at].what == "percent"}
        signed = {at: self._signed(line, amount) for at, amount in amounts.items()}
        self._check_deviations(row, label, amounts)
        percent = self._checked_percent(row, label, amounts, percents)
        for at, amount in signed.items():
            self._state(row, label, line, self.header.columns[at], amount, percent)

    def _amount(self, row: Piece, rule: ColumnRule, cell: str) -> StatedAmount | None:
        unit = rule.money or self.money
        try:
            text = without_mark(cell).translate(_MINUS).strip()
            if text.startswith("(") and text.endswith(")"):
                text = f"-{text[1:-1]}"
            elif text[:1].isdecimal() and text.endswith("-") and text[-2:-1].isdecimal():
                text = f"-{text[:-1]}"
            if self.profile.decimal == ".":
                text = text.replace(",", "")
            hundredths = parse_amount(text.removeprefix("+").strip())
            cents = hundredths * (unit // EUROS)
            if not is_amount(cents):
                raise BeyondLimit(too_large(cell))
        except BadInput as error:
            message = f"column {rule.header}: {cell!r} was left out ({error})"
            self.reading.find("unparsed", row, message, of_figures=True)
            return None
        decimals = 0 if hundredths % 100 == 0 else 1 if hundredths % 10 == 0 else 2
        return StatedAmount(cents, unit // 10**decimals)

    def _signed(self, line: str, amount: StatedAmount) -> StatedAmount:
        if self.profile.expenses_positive and self.chart.line(line).sign < 0:
            return StatedAmount(-amount.cents, amount.precision_cents)
        return amount

    def _state(
        self, row: Piece, label: str, line: str, rule: ColumnRule, amount: StatedAmount, percent: str | None
    ) -> None:
        owner = self.reading.owner
        if rule.period is None or owner is None:
            return
        key = (owner.code, line, rule.what, rule.period)
        before = self.reading.stated.seen.get(key)
        if before is not None:
            self._again(row, label, rule, amount, before)
            return
        self.reading.stated.seen[key] = (amount, row.place)
        lines = (row.number,)
        if rule.what == "forecast":
            given = GivenForecast(unit=owner.code, line=line, label=label, amount=amount, lines=lines)
            self.reading.stated.forecasts.append(given)
            return
        is_own = rule.what == "actual" and rule.period == self.profile.period.year_to_date()
        self.reading.stated.figures.append(
            StatedFigure(
                unit=owner.code,
                line=line,
                label=label,
                measure=rule.what,
                period=rule.period,
                amount=amount,
                percent=percent if is_own else None,
                lines=lines,
            )
        )

    def _again(
        self, row: Piece, label: str, rule: ColumnRule, amount: StatedAmount, before: tuple[StatedAmount, str]
    ) -> None:
        """Take in a figure that stands already: the same, but for rounding, or one that contradicts it."""
        first, place = before
        within = max(first.precision_cents, amount.precision_cents)
        if abs(first.cents - amount.cents) >= within and first != amount:
            raise BadInput(
                f"{row.place}, {label}, {rule.header}: {format_cents(amount.cents)} € stands as "
                f"{format_cents(first.cents)} € at {place}; correct the one that is wrong, "
                "or the unit above one of the tables"
            )
        self.reading.find(
            "inferred",
            row,
            f"{label}, {rule.header} stands at {place} already and was taken from there",
            of_figures=True,
        )

    def _check_deviations(self, row: Piece, label: str, amounts: dict[int, StatedAmount]) -> None:
        for at, printed in amounts.items():
            rule = self.header.columns[at]
            if rule.what != "deviation":
                continue
            what, less = (self._of(amounts, of) for of in rule.of)
            if what is None or less is None:
                continue
            computed = what.cents - less.cents
            slack = (what.precision_cents + less.precision_cents + printed.precision_cents) // 2 + 1
            if abs(abs(computed) - abs(printed.cents)) > slack:
                message = (
                    f"{label}, {rule.header}: the report says {format_cents(printed.cents)} €, its figures give "
                    f"{format_cents(computed)} €; check them"
                )
                self.reading.find("mismatch", row, message, of_figures=True)

    def _of(self, amounts: dict[int, StatedAmount], what: str) -> StatedAmount | None:
        """Return the figure of the report's own year that a deviation or per cent is of."""
        own = self.profile.period.year_to_date()
        return next((amounts[at] for at, rule in self._columns(what) if at in amounts and rule.period == own), None)

    def _columns(self, what: str) -> Iterator[tuple[int, ColumnRule]]:
        return ((at, rule) for at, rule in self.header.columns.items() if rule.what == what)

    def _checked_percent(
        self, row: Piece, label: str, amounts: dict[int, StatedAmount], percents: dict[int, str]
    ) -> str | None:
        """Return the per cent that stands beside the actual, checked against the figures, or None."""
        kept: str | None = None
        for at, cell in percents.items():
            rule = self.header.columns[at]
            text = without_mark(cell).translate(_MINUS).removesuffix("%").strip()
            if cell in EMPTY:
                continue
            if not _PERCENT.fullmatch(text):
                self.reading.find(
                    "unparsed", row, f"column {rule.header}: {cell!r} is no per cent and was left out", of_figures=True
                )
                continue
            said = text.replace(",", ".")
            kept = said if rule.of == ("actual", "budget") else kept
            self._check_percent(row, label, rule, amounts, said)
        return kept

    def _check_percent(
        self, row: Piece, label: str, rule: ColumnRule, amounts: dict[int, StatedAmount], said: str
    ) -> None:
        part, whole = (self._of(amounts, of) for of in rule.of)
        if part is None or whole is None or whole.cents == 0:
            return
        computed = 100 * part.cents / whole.cents
        rounding = (part.precision_cents + abs(computed / 100) * whole.precision_cents) / 2 / abs(whole.cents) * 100
        step = 10.0 ** -len(said.partition(".")[2])
        if abs(computed - float(said)) > rounding + step:
            message = f"{label}, {rule.header}: the report says {said} %, its figures give {computed:.1f} %; check them"
            self.reading.find("mismatch", row, message, of_figures=True)
