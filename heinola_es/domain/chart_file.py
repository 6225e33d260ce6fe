"""From a TOML file to a city's own chart: every key is checked, and all that is wrong is told at once."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from events.organisation import CITY, UNIT_KINDS
from heinola_es.domain.chart import CHARTS, LANGUAGES, RESERVED, Chart, OwnChart, chart_from, is_shipped, load_chart
from heinola_es.domain.codes import NoCode, require_name
from heinola_es.errors import BadInput, nearest
from heinola_es.files.toml_tables import TomlTable, cut, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from heinola_es.domain.chart import Line

_T = TypeVar("_T")
_KIND = "a chart"
_ID = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SIGNS = {1: "1 (income)", -1: "-1 (expenses)", 0: "0 (either)"}
_ROLES = ("income", "expenses", "net")
_MOST_LINES = 500
_MOST_LAYOUTS = 50
_DEEPEST = 20
_LAST_ACCOUNT = 9999


class ChartUnfit(BadInput):
    """The chart says something that no report can follow; the sentence has a line for each."""


def read_chart(path: Path) -> OwnChart:
    """Return the chart that a TOML file describes, as it is kept in a log.

    Raises:
        BadInput: it cannot be read or is no TOML.
        ChartUnfit: a key or value is wrong, or the lines do not fit together; all of it is told.
    """
    top = TomlTable("", read_toml(path, kind=_KIND), [], _KIND)
    data = _data(top)
    twice = [code for code, times in Counter(line["code"] for line in data["lines"]).items() if code and times > 1]
    top.wrong.extend(f"two lines have the code {code}" for code in twice)
    if not top.wrong:
        top.wrong.extend(flaws(chart_from(data)))
    if top.wrong:
        raise ChartUnfit(*(f"{path}: {wrong}" for wrong in top.wrong))
    return OwnChart(data["id"], orjson.dumps(data).decode())


def chart_told(path: Path) -> OwnChart:
    """Return the chart in a file, or the shipped one whose id stands in the place of it, as it is kept in a log.

    Raises:
        BadInput, ChartUnfit: as `read_chart`; no such chart is shipped.
    """
    if not is_shipped(str(path)):
        return read_chart(path)
    return OwnChart(load_chart(str(path)).id, (CHARTS / f"{path}.json").read_text("utf-8"))


# ---------------------------------------------------------------- what it says


def _data(top: TomlTable) -> dict[str, Any]:
    """Return what a chart says, as it is kept; complaints are gathered in the table."""
    data = {
        "id": _id(top),
        "title": _needed(top, "title"),
        "source": top.text("source") or "",
        "lines": [_line(table) for table in _some(top, top.tables("lines"), "lines", _MOST_LINES)],
        "layouts": _layouts(top),
        "roles": _roles(top),
        "kinds": _kinds(top),
    }
    top.close()
    return data


def _id(top: TomlTable) -> str:
    told = _needed(top, "id")
    if told and not _ID.fullmatch(told):
        top.complain("id", f"is {cut(told)!r}; it should be of a–z, 0–9, hyphens and points")
    elif is_shipped(told):
        top.complain("id", f"is {told!r}, and ids that begin with {RESERVED} are those of shipped charts; take another")
    return told


def _line(table: TomlTable) -> dict[str, Any]:
    code = _needed(table, "code")
    if code and not _CODE.fullmatch(code):
        table.complain("code", f"is {cut(code)!r}; it should be of a–z, 0–9 and _, beginning with a letter")
    data: dict[str, Any] = {"code": code, "labels": _labels(table, "labels"), "sign": _sign(table)}
    for key in ("components", "details", "printed"):
        if texts := _texts(table, key):
            data[key] = texts
    if kinds := _texts(table, "kinds"):
        data["kinds"] = kinds
    if accounts := _accounts(table):
        data["accounts"] = accounts
    data["additive"] = table.take("additive", bool, "true or false", default=True)
    if posts_to := table.text("posts_to"):
        data["posts_to"] = posts_to
    if continues := table.text("continues"):
        data["continues"] = continues
    table.close()
    return data


def _sign(table: TomlTable) -> int:
    words = f"one of {', '.join(_SIGNS.values())}"
    sign = table.take("sign", int, words)
    if sign not in _SIGNS:
        table.complain("sign", f"is {'missing' if sign is None else cut(str(sign))}; it should be {words}")
        return 0
    return int(sign)


def _labels(table: TomlTable, key: str) -> dict[str, str]:
    labels = table.table(key) or TomlTable(f"{table.where}{key}.", {}, table.wrong, _KIND)
    found = {language: text for language in LANGUAGES if (text := labels.text(language))}
    for language, text in found.items():
        _require_name(labels, language, text)
    if not found:
        table.complain(key, f"should name it in one of {', '.join(LANGUAGES)} at least")
        found = {LANGUAGES[0]: "?"}
    labels.close()
    return found


def _texts(table: TomlTable, key: str) -> list[str]:
    words = "a list of texts"
    values = table.take(key, list, words, [])
    if not all(isinstance(value, str) and value for value in values):
        table.complain(key, f"should be {words}")
        return []
    for value in values:
        _require_name(table, key, value)
    return list(values)


def _require_name(table: TomlTable, key: str, text: str) -> None:
    try:
        require_name(text, "it")
    except NoCode as error:
        table.complain(key, f"cannot be a name: {error}")


def _accounts(table: TomlTable) -> list[list[int]]:
    words = "a list of ranges of four-digit accounts, as in [[3000, 3199]]"
    found = []
    for limits in table.take("accounts", list, words, []):
        if not (isinstance(limits, list) and len(limits) == len("ab") and all(type(limit) is int for limit in limits)):
            table.complain("accounts", f"should be {words}")
            return []
        first, last = limits
        if not 0 <= first <= last <= _LAST_ACCOUNT:
            table.complain("accounts", f"has the range {first}–{last}; it should run upwards, within 0–{_LAST_ACCOUNT}")
        found.append([first, last])
    return found


def _layouts(top: TomlTable) -> dict[str, Any]:
    tables, found = top.table("layouts"), {}
    names = list(tables.said) if tables else []
    for name in _some(top, names, "layouts", _MOST_LAYOUTS):
        table = tables.table(name) if tables else None
        if table is None:
            continue
        data: dict[str, Any] = {"title": _labels(table, "title"), "rows": _texts(table, "rows")}
        if not data["rows"]:
            table.complain("rows", "should name the lines it prints")
        if only := _texts(table, "only_when_known"):
            data["only_when_known"] = only
        table.close()
        found[name] = data
    return found


def _roles(top: TomlTable) -> dict[str, list[str]]:
    roles = top.table("roles") or TomlTable("roles.", {}, top.wrong, _KIND)
    found = {role: _texts(roles, role) for role in _ROLES}
    for role, lines in found.items():
        if not lines:
            roles.complain(role, "should name the lines that say it, the first that a unit has counts")
    roles.close()
    return found


def _kinds(top: TomlTable) -> dict[str, str | list[str]]:
    kinds = top.table("kinds") or TomlTable("kinds.", {}, top.wrong, _KIND)
    found: dict[str, str | list[str]] = {}
    for kind in UNIT_KINDS:
        said = kinds.take(kind, (str, list), "the name of a layout, or a list of names")
        if kind == CITY and kind not in kinds.said:
            continue
        names = [said] if isinstance(said, str) else said or []
        if not names or not all(isinstance(name, str) for name in names):
            kinds.complain(kind, "should name the layout of its units")
            names = [""]
        found[kind] = names[0] if len(names) == 1 else names
    kinds.close()
    return found


def _needed(table: TomlTable, key: str) -> str:
    text = table.text(key)
    if text is None and key not in table.said:
        table.complain(key, "is missing")
    if text:
        _require_name(table, key, text)
    return text or ""


def _some(top: TomlTable, found: list[_T], what: str, most: int) -> list[_T]:
    if not found:
        top.complain(what, "are missing; see docs/charts.md")
    if len(found) > most:
        top.complain(what, f"are {len(found)}; a chart has at most {most}")
    return found[:most]


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
