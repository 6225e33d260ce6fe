"""From a TOML file to a city's own chart: every key is checked, and all that is wrong is told at once."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

import orjson

from events.organisation import UNIT_KINDS
from heinola_es.domain.chart import CHARTS, Chart, OwnChart, chart_from, is_shipped, load_chart
from heinola_es.domain.chart_tables import ChartTable
from heinola_es.errors import BadInput, nearest
from heinola_es.files.toml_forms import table_from
from heinola_es.files.toml_tables import cut, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from heinola_es.domain.chart import Line

_KIND = "a chart"
_ROLES = ("income", "expenses", "net")
_DEEPEST = 20


class ChartUnfit(BadInput):
    """The chart says something that no report can follow; the sentence has a line for each."""


def read_chart(path: Path) -> OwnChart:
    """Return the chart that a TOML file describes, as it is kept in a log.

    Raises:
        BadInput: it cannot be read or is no TOML.
        ChartUnfit: a key or value is wrong, or the lines do not fit together; all of it is told.
    """
    top, wrong = table_from(ChartTable, read_toml(path, kind=_KIND), _KIND)
    codes = Counter(line.code for line in top.lines)
    wrong += [f"two lines have the code {code}" for code, times in codes.items() if code and times > 1]
    data = {} if wrong else top.kept()
    if data:
        wrong += flaws(chart_from(data))
    if wrong:
        raise ChartUnfit(*(f"{path}: {sentence}" for sentence in wrong))
    return OwnChart(data["id"], orjson.dumps(data).decode())


def chart_told(path: Path) -> OwnChart:
    """Return the chart in a file, or the shipped one whose id stands in the place of it, as it is kept in a log.

    Raises:
        BadInput, ChartUnfit: as `read_chart`; no such chart is shipped.
    """
    if not is_shipped(str(path)):
        return read_chart(path)
    return OwnChart(load_chart(str(path)).id, (CHARTS / f"{path}.json").read_text("utf-8"))


# ---------------------------------------------------------------- whether it fits together


def flaws(chart: Chart) -> list[str]:
    """Return, in sentences, what of a chart does not fit together; nothing where it can be reported by."""
    lost = list(_lost(chart))
    if lost:
        return lost  # what follows goes from line to line
    circles = [f"the line {code} is a sum of itself" for code in chart.lines if _depth(chart, code) > _DEEPEST]
    return circles or [
        *_counted_twice(chart),
        *_against_signs(chart),
        *_accounts_twice(chart),
        *_not_recorded(chart),
        *_of_kinds(chart),
        *_names_twice(chart),
        *_rows(chart),
    ]


def _lost(chart: Chart) -> Iterator[str]:
    """Yield names of lines and layouts that there are not."""
    for line in chart.lines.values():
        yield from _unknown(f"the line {line.code} is the sum of", line.components, chart.lines)
        yield from _unknown(f"the line {line.code} posts to", [line.posts_to] if line.posts_to else [], chart.lines)
    for layout in chart.layouts.values():
        yield from _unknown(f"the layout {layout.name} prints", layout.rows, chart.lines)
        only = sorted(layout.only_when_known)
        yield from _unknown(f"the layout {layout.name} prints, when known,", only, layout.rows)
    for role in _ROLES:
        yield from _unknown(f"roles.{role} is", getattr(chart, role), chart.lines)
    for kind, names in chart.kinds.items():
        yield from _unknown(f"kinds.{kind} is", names, chart.layouts, "layout")


def _unknown(where: str, names: Iterable[str], known: Iterable[str], what: str = "line") -> Iterator[str]:
    there = list(known)
    for name in names:
        if name not in there:
            yield f"{where} {cut(name)!r}, and there is no such {what}{nearest(name, there)}"


def _depth(chart: Chart, code: str, depth: int = 0) -> int:
    """Return how many levels a line is the sum of, at most one more than any chart has."""
    if depth > _DEEPEST:
        return depth
    return max((_depth(chart, component, depth + 1) for component in chart.lines[code].components), default=depth)


def _counted_twice(chart: Chart) -> Iterator[str]:
    for code in chart.lines:
        reached = Counter(_reached(chart, code))
        twice = [part for part, times in reached.items() if times > 1]
        if twice:
            yield f"the line {code} has {', '.join(twice)} in its sum twice"


def _reached(chart: Chart, code: str) -> Iterator[str]:
    yield code
    for component in chart.lines[code].components:
        yield from _reached(chart, component)


def _against_signs(chart: Chart) -> Iterator[str]:
    for line in chart.lines.values():
        for component in line.components:
            if line.sign and chart.lines[component].sign not in {line.sign, 0}:
                yield f"the line {line.code} has the sign {line.sign}, and {component} in its sum has the other"


def _accounts_twice(chart: Chart) -> Iterator[str]:
    ranges = sorted((*limits, line.code) for line in chart.lines.values() for limits in line.accounts)
    for (first, last, code), (next_first, _next_last, other) in pairwise(ranges):
        if next_first <= last:
            yield f"the accounts {first}–{last} of {code} and those of {other} from {next_first} on overlap"


def _not_recorded(chart: Chart) -> Iterator[str]:
    """Yield lines whose postings would be recorded nowhere."""
    for line in chart.lines.values():
        if not line.additive and (not line.components or line.accounts):
            yield f"the line {line.code} takes no postings (additive = false), so it is a sum and no account feeds it"
        if line.posts_to and not _takes_postings_of(line, chart.lines[line.posts_to]):
            yield (
                f"the line {line.code} posts to {line.posts_to}, which should be in its sum, of its sign, and take "
                "postings itself"
            )


def _takes_postings_of(line: Line, target: Line) -> bool:
    fits = target.code in line.components and target.additive and target.sign == line.sign
    return fits and target.posts_to is None


def _of_kinds(chart: Chart) -> Iterator[str]:
    """Yield lines of kinds of unit that there are not, or whose parts others have too."""
    for line in chart.lines.values():
        yield from _unknown(f"the line {line.code} is of", sorted(line.kinds), UNIT_KINDS, "kind of unit")
        for component in line.components:
            if line.kinds and not (chart.lines[component].kinds and chart.lines[component].kinds <= line.kinds):
                kinds = ", ".join(sorted(line.kinds))
                yield f"the line {line.code} is of {kinds} alone, and {component} in its sum is of others too"


def _names_twice(chart: Chart) -> Iterator[str]:
    """Yield lines that are called as others are: nobody could say which is meant."""
    meant: dict[str, str] = {}
    for line in chart.lines.values():
        for name in (line.code, *line.labels.values()):
            other = meant.setdefault("".join(name.casefold().split()), line.code)
            if other != line.code:
                yield f"both {other} and {line.code} are called {name!r}"


def _rows(chart: Chart) -> Iterator[str]:
    for layout in chart.layouts.values():
        twice = [code for code, times in Counter(layout.rows).items() if times > 1]
        if twice:
            yield f"the layout {layout.name} prints {', '.join(twice)} twice"
