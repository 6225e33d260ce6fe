"""The chart of lines: the rows of a report, as data: one that is shipped (JHS 192), or a city's own in its log.

A chart is chosen when a store is initialised and never edited in place; a change is a new chart with a new id.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from attrs import evolve, field, frozen

from events.organisation import is_investment
from events.ranges import undone_by
from events.value_object import ValueObject
from heinola_es.errors import BadInput, Refused, flaw_in_words, nearest

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator
    from collections.abc import Set as AbstractSet

LANGUAGES = ("fi", "sv", "en")
"""Those that labels can be in; one of them is enough."""
DEFAULT_CHART = "jhs192-2026"
CHARTS = Path(__file__).with_name("charts")
CITY, CITY_LIKE = "city", "sector"
"""The kind of unit whose layout a city has in a chart that says nothing of it."""
RESERVED = "jhs192-"
"""How the ids of shipped charts begin, and no city's own: so an id never comes to stand for two charts."""


class UnknownLine(BadInput):
    """The chart has no such line."""


class NotInChart(Refused):
    """The log has a figure on a line that the chart does not have: a newer program recorded it, or nobody did."""


class LineNotPostable(Refused):
    """The line is a result of others (a margin, a net) and takes no postings."""


class SeveralCharts(Refused):
    """What is to be read by one chart is of years that have different ones."""


class ChartDamaged(Refused):
    """The chart of the store is not in its log, or cannot be read there."""


@frozen(slots=True, eq=False, repr=False)
class OwnChart(ValueObject):
    """A city's own chart, as it is kept in the log.

    Attributes:
        id: its id.
        content: all of it, as JSON.
    """

    id: str
    content: str


@frozen(slots=True, eq=False, repr=False)
class Line(ValueObject):
    """One row that a report can have.

    Attributes:
        code: stable name, e.g. `personnel`.
        labels: by language (`fi`, `sv`, `en`), as the chart names it.
        printed: further spellings found in published reports.
        sign: 1 for income, -1 for expenses, 0 where both occur (a margin, financial items).
        components: codes of the lines it is the sum of; empty for a leaf.
        details: those of them that break it down below it ("of which"), where they are known.
        accounts: inclusive ranges of four-digit accounts that feed it.
        additive: whether a posting may be made on it.
        posts_to: the line a posting on this one is recorded on, where that is another (`income` → `operating_income`).
        kinds: of unit that have it, as a city has taxes; others have none of it unless some is recorded. Empty: all.
        continues: the line of the chart before that it stands for from then on, where that has another code.
    """

    code: str
    labels: dict[str, str]
    printed: tuple[str, ...]
    sign: int
    components: tuple[str, ...]
    accounts: tuple[tuple[int, int], ...]
    additive: bool
    posts_to: str | None
    details: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    continues: str | None = None

    @property
    def summed(self) -> tuple[str, ...]:
        """The lines that stand above it and add up to it: its components without its details."""
        return () if self.details else self.components


@frozen(slots=True, eq=False, repr=False)
class Layout(ValueObject):
    """The rows of one form of table, in the order they are printed.

    Attributes:
        name: of the layout.
        rows: codes of its lines.
        only_when_known: those of which a unit has a row only where something is known of them.
        title: by language.
    """

    name: str
    rows: tuple[str, ...]
    only_when_known: frozenset[str]
    title: dict[str, str] = field(factory=dict)


@frozen(slots=False, eq=False, repr=False)
class Chart:
    """All lines, the layouts they are printed in, and which kind of unit is printed in which layout.

    Attributes:
        id: of the chart.
        lines, layouts: by their codes and names.
        kinds: the layouts of each kind of unit, of which the first is that of its figures.
        income, expenses, net: the lines that say what a unit earns, spends and costs: of its layout the first it has.
    """

    id: str
    lines: dict[str, Line]
    layouts: dict[str, Layout]
    kinds: dict[str, tuple[str, ...]]
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
        """Return the layout that units of this kind are printed in; a city of which nothing is said, as a sector."""
        return self.layouts[self._layouts_of(kind)[0]]

    def further_layouts_of(self, kind: str) -> tuple[Layout, ...]:
        """Return the layouts of further tables that units of this kind have, where anything is known for them."""
        return tuple(self.layouts[name] for name in self._layouts_of(kind)[1:])

    def laid_out(self, layout: str | None) -> Chart:
        """Return the chart with another layout for the city's own statement; the same where none is named.

        Raises:
            BadInput: it has no such layout.
        """
        if layout is None:
            return self
        if layout not in self.layouts:
            known = ", ".join(self.layouts)
            raise BadInput(
                f"the chart {self.id} has no layout {layout!r}{nearest(layout, self.layouts)}; its layouts are {known}"
            )
        _first, *further = self._layouts_of(CITY)
        return evolve(self, kinds={**self.kinds, CITY: (layout, *further)})

    def _layouts_of(self, kind: str) -> tuple[str, ...]:
        return self.kinds.get(kind) or self.kinds[CITY_LIKE]

    @cached_property
    def kinds_with_own_lines(self) -> frozenset[str]:
        """The kinds of unit that have lines which others have not."""
        return frozenset(kind for line in self.lines.values() for kind in line.kinds)

    def lines_of(self, kind: str) -> frozenset[str]:
        """Return the lines that units of a kind have and others have not."""
        return frozenset(line.code for line in self.lines.values() if kind in line.kinds)

    def has_own_lines(self, kind: str, code: str) -> bool:
        """Return whether a line is, or is the sum of, one that units of a kind have and others have not."""
        if kind not in self.kinds_with_own_lines:
            return False
        return any(kind in self.lines[line].kinds for line in self.at_or_below(code))

    def closing(self, layout: str) -> str:
        """Return the first result of a layout, which no table in it lacks; its last row where it has none."""
        rows = self.layouts[layout].rows
        return next((row for row in rows if self.is_margin(row)), rows[-1])

    def counterparts(self, code: str, kind: str) -> tuple[str, ...]:
        """Return the rows of units of a kind that come to what the line `code` is; none where they have no such rows.

        The line itself where it is one of them, or the one that is made of the same, or else all that it is made of.
        """
        rows = self.layout_of(kind).rows
        if code in rows:
            return (code,)
        leaves = self._leaves(code, kind)
        if same := [row for row in rows if self._leaves(row, kind) == leaves]:
            return (same[0],)
        parts = [self.counterparts(component, kind) for component in self.lines[code].components]
        return tuple(row for part in parts for row in part) if all(parts) else ()

    def _leaves(self, code: str, kind: str) -> frozenset[str]:
        below = (self.lines[line] for line in self.at_or_below(code))
        return frozenset(line.code for line in below if not line.components and (not line.kinds or kind in line.kinds))

    @cached_property
    def told_of_a_city(self) -> frozenset[str]:
        """The lines of its own, and the results that have them, that a summary of a city tells."""
        rows = self.layout_of(CITY).rows
        return frozenset(line for line in rows if self._is_told_of_a_city(self.lines[line]))

    def _is_told_of_a_city(self, line: Line) -> bool:
        in_others = any(line.code in self.lines[row].details for row in self.layout_of(CITY).rows)
        own = CITY in line.kinds and line.sign == 1 and not in_others
        return own or (self.is_margin(line.code) and bool(self.lines_of(CITY) & self.at_or_below(line.code)))

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """The totals that stand below the lines they are the sum of, where none of these is a sum itself."""
        return tuple(
            line.code
            for line in self.lines.values()
            if line.summed and not any(self.lines[component].summed for component in line.summed)
        )

    def section_of(self, code: str) -> str | None:
        """Return the total that a line stands above, in a section with the others of it; None where there is none."""
        return self._sections.get(code)

    def is_total(self, code: str) -> bool:
        """Return whether a line stands out as a sum of others: of a section, or a result above which these stand."""
        return code in self.sections or self.is_margin(code)

    def is_margin(self, code: str) -> bool:
        """Return whether a line is a result of lines that stand above it, and not of others that break it down."""
        return self.is_result(code) and not self.lines[code].details

    def is_result(self, code: str) -> bool:
        """Return whether a line is computed from others alone: a margin, a net."""
        return code in self.lines and not self.lines[code].additive

    def lines_perhaps(self, code: str) -> AbstractSet[str]:
        """Return the lines that a code in a log may stand for: itself, or any where the chart does not know it."""
        return {code} if code in self.lines else self.lines.keys()

    def at_or_below(self, code: str) -> frozenset[str]:
        """Return the line and everything it is the sum of, to any depth.

        Raises:
            NotInChart: a figure in the log is on a line that is none.
        """
        try:
            return self._below[code]
        except KeyError:
            raise self._unknown(code) from None

    def at_or_above(self, code: str) -> frozenset[str]:
        """Return the line and every line it is part of, to any depth.

        Raises:
            NotInChart: a figure in the log is on a line that is none.
        """
        try:
            return self._above[code]
        except KeyError:
            raise self._unknown(code) from None

    def _unknown(self, code: str) -> NotInChart:
        return NotInChart(
            f"the log has a figure on the line {code!r}, which the chart {self.id} does not know, so no total is "
            "certain; find it with `heinola audit log`, and restore a copy, or upgrade heinola-es"
        )

    @cached_property
    def _sections(self) -> dict[str, str]:
        inside = {total: self.at_or_below(total) - {total} for total in reversed(self.sections)}
        return {
            code: total
            for total, below in inside.items()
            for code in self.lines
            if self.at_or_below(code) <= below or (self.lines[code].details and set(self.lines[code].details) <= below)
        }

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


@frozen(slots=False, eq=False, repr=False)
class Charts:
    """The charts of a store: the one it was made with, and those that took its place from a fiscal year on.

    Attributes:
        first: the one it was made with.
        later: the others, each with the first year that has it, the earliest first.
    """

    first: Chart
    later: tuple[tuple[int, Chart], ...] = ()

    def of(self, fiscal_year: int) -> Chart:
        """Return the chart that a fiscal year has."""
        return next((chart for since, chart in reversed(self.later) if since <= fiscal_year), self.first)

    @property
    def newest(self) -> Chart:
        """The chart that the latest years have."""
        return self.later[-1][1] if self.later else self.first

    def of_all(self, fiscal_years: Iterable[int]) -> Chart:
        """Return the chart that all of some fiscal years have; the newest for none.

        Raises:
            SeveralCharts: they have not the same.
        """
        years = sorted(set(fiscal_years))
        found = {self.of(year).id: year for year in reversed(years)}
        if len(found) > 1:
            told = " and ".join(f"{chart} from {year} on" for chart, year in reversed(found.items()))
            raise SeveralCharts(
                f"the file tells of {years[0]} to {years[-1]}, whose lines are of different charts ({told}); "
                "import what is of each chart by itself"
            )
        return self.of(years[0]) if years else self.newest

    @cached_property
    def joined(self) -> Chart:
        """The newest chart with the lines of earlier ones that it lacks, to tell what any line is called."""
        return self._with_all_lines(self.newest)

    def told_in(self, fiscal_year: int) -> Chart:
        """Return the chart of a fiscal year with the lines of others that it lacks, to tell what any line is called."""
        return self._with_all_lines(self.of(fiscal_year))

    def _with_all_lines(self, chart: Chart) -> Chart:
        if not self.later:
            return chart
        lines = dict(chart.lines)
        for other in (*(one for _since, one in reversed(self.later)), self.first):
            lines |= {code: line for code, line in other.lines.items() if code not in lines}
        return evolve(chart, lines=lines)

    def counterparts(self, fiscal_year: int, earlier: int) -> dict[str, str] | None:
        """Return the lines of an earlier year that those of a year continue, by the code of these.

        A line continues the one that it says, or else that of the same code. None where both years have one chart.
        """
        between = [chart for since, chart in self.later if earlier < since <= fiscal_year]
        if not between:
            return None
        found = {code: code for code in between[-1].lines}
        for at in reversed(range(len(between))):
            before = between[at - 1] if at else self.of(earlier)
            steps = continued(between[at], before)
            found = {code: steps[line] for code, line in found.items() if line in steps}
        return found


def continued(chart: Chart, before: Chart) -> dict[str, str]:
    """Return the lines of the chart before that those of a chart continue, by the code of these."""
    told = {code: line.continues or code for code, line in chart.lines.items()}
    taken = {line.continues for line in chart.lines.values() if line.continues}
    return {
        code: old
        for code, old in told.items()
        if old in before.lines and (old not in taken or chart.lines[code].continues)
    }


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
    return chart_from(orjson.loads(file.read_bytes()))


def is_shipped(chart_id: str) -> bool:
    """Return whether a chart with this id comes with the program, or could."""
    return chart_id.startswith(RESERVED)


def chart_in(chart_id: str, adopted: Iterable[bytes]) -> Chart:
    """Return the chart that a store was made with.

    Args:
        chart_id: its id, as the store says.
        adopted: the stored bodies of `ChartAdopted` in the order of the log; looked at for a chart that is not shipped.

    Raises:
        BadInput: no such chart is shipped.
        ChartDamaged: the log does not hold it, or what it holds is none.
    """
    if is_shipped(chart_id):
        return load_chart(chart_id)
    try:
        for state in adopted:
            said = orjson.loads(state)
            if said["chart"] == chart_id:
                return _own_chart(said["content"])
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ChartDamaged(
            f"the chart {chart_id} in the log cannot be read ({flaw_in_words(error)}); see `heinola audit verify`"
        ) from error
    raise ChartDamaged(f"the chart {chart_id} is neither shipped nor in the log; see `heinola audit verify`")


def known_of_charts(
    told: Iterable[tuple[int, str, bytes]], upto: int, absent: Container[int]
) -> list[tuple[int, str, bytes]]:
    """Return what of the stream of charts is known at a position of the log; the chart it was made with always is.

    Args:
        told: as `charts_in` takes it.
        upto: what was recorded after it is not known.
        absent: positions of events that are left out.
    """
    return [
        (at, topic, state)
        for at, topic, state in told
        if (at <= upto and at not in absent) or _came_with_the_store(topic, state)
    ]


def _came_with_the_store(topic: str, state: bytes) -> bool:
    return topic == "ChartAdopted" and b'"from_year"' not in state


def charts_in(chart_id: str, told: Iterable[tuple[int, str, bytes]]) -> Charts:
    """Return the charts of a store.

    Args:
        chart_id: the id of the one that it was made with, as the store says.
        told: position, topic and stored body of what stands in the stream of charts, in the order of the log.

    Raises:
        BadInput, ChartDamaged: as `chart_in`.
    """
    events = list(told)
    first = chart_in(chart_id, [state for _at, topic, state in events if topic == "ChartAdopted"])
    if all(_came_with_the_store(topic, state) for _at, topic, state in events):
        return _only(first)
    try:
        bodies = [(at, topic, orjson.loads(state)) for at, topic, state in events]
        undone = undone_by((at, body["positions"]) for at, topic, body in bodies if topic == "FactsUndone")
        later = {
            body["from_year"]: _own_chart(body["content"])
            for at, topic, body in bodies
            if topic == "ChartAdopted" and "from_year" in body and at not in undone
        }
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ChartDamaged(
            f"a chart in the log cannot be read ({flaw_in_words(error)}); see `heinola audit verify`"
        ) from error
    return Charts(first, tuple(sorted(later.items(), key=lambda one: one[0])))


def lines_told(content: str) -> frozenset[str]:
    """Return the codes of the lines of a chart as it is kept in a log; none where it cannot be read."""
    with suppress(KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return frozenset(_own_chart(content).lines)
    return frozenset()


@lru_cache(maxsize=8)
def _only(first: Chart) -> Charts:
    return Charts(first)


@lru_cache(maxsize=8)
def _own_chart(content: str) -> Chart:
    chart = chart_from(orjson.loads(content))
    for code in chart.lines:
        chart.at_or_below(code)
    return chart


def chart_from(data: dict[str, Any]) -> Chart:
    """Return the chart that JSON data describes (see `docs/chart.schema.json`)."""
    lines = [_line_from(entry) for entry in data["lines"]]
    layouts = [
        Layout(name, tuple(entry["rows"]), frozenset(entry.get("only_when_known", ())), _in_all(entry.get("title", {})))
        for name, entry in data["layouts"].items()
    ]
    return Chart(
        id=data["id"],
        lines={line.code: line for line in lines},
        layouts={layout.name: layout for layout in layouts},
        kinds={kind: (names,) if isinstance(names, str) else tuple(names) for kind, names in data["kinds"].items()},
        **{role: tuple(codes) for role, codes in data["roles"].items()},
    )


def _line_from(entry: dict[str, Any]) -> Line:
    return Line(
        code=entry["code"],
        labels=_in_all(entry["labels"]),
        printed=tuple(entry.get("printed", ())),
        sign=entry["sign"],
        components=(*entry.get("components", ()), *entry.get("details", ())),
        accounts=tuple((first, last) for first, last in entry.get("accounts", ())),
        additive=entry.get("additive", True),
        posts_to=entry.get("posts_to"),
        details=tuple(entry.get("details", ())),
        kinds=frozenset(entry.get("kinds", ())),
        continues=entry.get("continues"),
    )


def _in_all(labels: dict[str, str]) -> dict[str, str]:
    """Return labels in every language: in one that has none, that of the first that has one."""
    first = next((labels[language] for language in LANGUAGES if language in labels), "")
    return {language: labels.get(language, first) for language in LANGUAGES}


def _folded(label: str) -> str:
    return "".join(label.casefold().split())
