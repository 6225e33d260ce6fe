"""The chart of lines: the rows of a report, from the municipal chart of accounts (JHS 192), as versioned data.

A chart is chosen when a store is initialised and never edited in place; a change is a new chart with a new id.
"""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from attrs import frozen

from events.organisation import is_investment
from heinola_es.errors import BadInput, Refused, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_CHART = "jhs192-2020"
CHARTS = Path(__file__).with_name("charts")


class UnknownLine(BadInput):
    """The chart has no such line."""


class NotInChart(Refused):
    """The log has a figure on a line that the chart does not have: a newer program recorded it, or nobody did."""


class LineNotPostable(Refused):
    """The line is a result of others (a margin, a net) and takes no postings."""


@frozen(slots=True)
class Line:
    """One row that a report can have.

    Attributes:
        code: stable name, e.g. `personnel`.
        labels: by language (`fi`, `sv`, `en`), as the chart names it.
        printed: further spellings found in published reports.
        sign: 1 for income, -1 for expenses, 0 where both occur (a margin, financial items).
        components: codes of the lines it is the sum of; empty for a leaf.
        accounts: inclusive ranges of four-digit accounts that feed it.
        additive: whether a posting may be made on it.
        posts_to: the line a posting on this one is recorded on, where that is another (`income` → `operating_income`).
    """

    code: str
    labels: dict[str, str]
    printed: tuple[str, ...]
    sign: int
    components: tuple[str, ...]
    accounts: tuple[tuple[int, int], ...]
    additive: bool
    posts_to: str | None


@frozen(slots=True)
class Layout:
    """The rows of one form of table, in the order they are printed."""

    name: str
    rows: tuple[str, ...]
    only_when_known: frozenset[str]


@frozen(slots=False, eq=False, repr=False)
class Chart:
    """All lines, the layouts they are printed in, and which kind of unit is printed in which layout.

    Attributes:
        id: of the chart.
        lines, layouts: by their codes and names.
        kinds: the layout of each kind of unit.
        income, expenses, net: the lines that say what a unit earns, spends and costs: of its layout the first it has.
    """

    id: str
    lines: dict[str, Line]
    layouts: dict[str, Layout]
    kinds: dict[str, str]
    income: tuple[str, ...]
    expenses: tuple[str, ...]
    net: tuple[str, ...]

    def line(self, name: str) -> Line:
        """Return the line with this code or label (any language, any case).

        Raises:
            UnknownLine: there is none; the sentence suggests the nearest.
        """
        found = self.lines.get(name) or self.lines.get(self._by_label.get(_folded(name), ""))
        if found is None:
            suggestion = nearest(name, [*self.lines, *self._labels()])
            known = ", ".join(f"{line.code} ({line.labels['fi']})" for line in self.lines.values())
            raise UnknownLine(f"unknown line {name!r}{suggestion}; the lines are {known}")
        return found

    def line_by_label(self, label: str, layout: str) -> str | None:
        """Return the code of the line printed as `label` in a table of this layout, or None; any case."""
        wanted = _folded(label)
        for code in self.layouts[layout].rows:
            line = self.lines[code]
            if wanted in {_folded(text) for text in (*line.labels.values(), *line.printed)}:
                return code
        return None

    def postable(self, name: str, kind: str) -> Line:
        """Return the line a posting on `name` is recorded on, for a unit of this kind.

        Raises:
            UnknownLine: the chart has no such line.
            LineNotPostable: the line is computed from others.
        """
        line = self.line(name)
        if not line.additive:
            msg = (
                f"{line.code} is computed from {' and '.join(line.components)} and takes no postings; "
                f"record on one of those instead"
            )
            raise LineNotPostable(msg)
        if line.posts_to and not is_investment(kind):
            return self.lines[line.posts_to]
        return line

    def layout_of(self, kind: str) -> Layout:
        """Return the layout that units of this kind are printed in."""
        return self.layouts[self.kinds[kind]]

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """The totals that stand below the lines they are the sum of, where none of these is a sum itself."""
        return tuple(
            line.code
            for line in self.lines.values()
            if line.components and not any(self.lines[component].components for component in line.components)
        )

    def section_of(self, code: str) -> str | None:
        """Return the total that a line stands above, in a section with the others of it; None where there is none."""
        return self._sections.get(code)

    def is_total(self, code: str) -> bool:
        """Return whether a line stands out as a sum of others: of a section, or a result."""
        return code in self.sections or self.is_result(code)

    def is_result(self, code: str) -> bool:
        """Return whether a line is computed from others alone: a margin, a net."""
        return code in self.lines and not self.lines[code].additive

    def at_or_below(self, code: str) -> frozenset[str]:
        """Return the line and everything it is the sum of, to any depth.

        Raises:
            NotInChart: a figure in the log is on a line that is none.
        """
        return self._found(self._below, code)

    def at_or_above(self, code: str) -> frozenset[str]:
        """Return the line and every line it is part of, to any depth.

        Raises:
            NotInChart: a figure in the log is on a line that is none.
        """
        return self._found(self._above, code)

    def _found(self, lines: dict[str, frozenset[str]], code: str) -> frozenset[str]:
        try:
            return lines[code]
        except KeyError:
            raise NotInChart(
                f"the log has a figure on the line {code!r}, which the chart {self.id} does not know, so no total is "
                "certain; find it with `heinola audit log`, and restore a copy, or upgrade heinola-es"
            ) from None

    @cached_property
    def _sections(self) -> dict[str, str]:
        return {component: total for total in reversed(self.sections) for component in self.lines[total].components}

    @cached_property
    def _below(self) -> dict[str, frozenset[str]]:
        return {code: frozenset(self._walk(code)) for code in self.lines}

    @cached_property
    def _above(self) -> dict[str, frozenset[str]]:
        return {code: frozenset(top for top, below in self._below.items() if code in below) for code in self.lines}

    @cached_property
    def _by_label(self) -> dict[str, str]:
        return {
            _folded(text): line.code
            for line in self.lines.values()
            for text in (line.code, *line.printed, *line.labels.values())
        }

    def _labels(self) -> list[str]:
        return [label for line in self.lines.values() for label in line.labels.values()]

    def _walk(self, code: str) -> Iterator[str]:
        yield code
        for component in self.lines[code].components:
            yield from self._walk(component)


@cache
def load_chart(chart_id: str = DEFAULT_CHART) -> Chart:
    """Return the shipped chart with this id.

    Raises:
        BadInput: no such chart is shipped.
    """
    file = CHARTS / f"{chart_id}.json"
    if not file.is_file():
        known = sorted(entry.stem for entry in CHARTS.glob("*.json"))
        msg = f"unknown chart {chart_id!r}{nearest(chart_id, known)}; shipped charts: {', '.join(known)}"
        raise BadInput(msg)
    return _chart_from(orjson.loads(file.read_bytes()))


def _chart_from(data: dict[str, Any]) -> Chart:
    lines = [_line_from(entry) for entry in data["lines"]]
    layouts = [
        Layout(name, tuple(entry["rows"]), frozenset(entry["only_when_known"]))
        for name, entry in data["layouts"].items()
    ]
    return Chart(
        id=data["id"],
        lines={line.code: line for line in lines},
        layouts={layout.name: layout for layout in layouts},
        kinds=data["kinds"],
        **{role: tuple(codes) for role, codes in data["roles"].items()},
    )


def _line_from(entry: dict[str, Any]) -> Line:
    return Line(
        code=entry["code"],
        labels=entry["labels"],
        printed=tuple(entry.get("printed", ())),
        sign=entry["sign"],
        components=tuple(entry["components"]),
        accounts=tuple((first, last) for first, last in entry.get("accounts", ())),
        additive=entry["additive"],
        posts_to=entry.get("posts_to"),
    )


def _folded(label: str) -> str:
    return "".join(label.casefold().split())
