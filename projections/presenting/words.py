"""What is said in words in a snapshot, on the terminal: goals, texts and indicators, by unit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from rich.text import Text

from projections.presenting.finnish import GOAL_STATUSES, count, plain_number
from projections.presenting.grid import GridColumn, grid, paragraph
from projections.presenting.printable import left, one_line, shown, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.presenting.grid import Cell

STATUS_STYLES = {
    None: "dim",
    "not_started": "dim",
    "in_progress": "",
    "achieved": "green",
    "delayed": "yellow",
    "not_achieved": "red",
    "suspended": "yellow",
}
_WIDEST_STATUS = max(map(len, GOAL_STATUSES.values()))


def section(title: str, width: int, told: str = "") -> Iterator[Text]:
    """Yield the heading of a part of the report that is not about one unit."""
    yield Text()
    yield grid([GridColumn(), GridColumn(share=1)], [[(title, "bold cyan"), told]], width, indent=0)
    yield Text()


def goals(snapshot: Mapping[str, Any], width: int) -> Iterator[Text]:
    """Yield the goals with their status by unit, a line each."""
    every = [goal for unit in snapshot["units"] for goal in unit["goals"]]
    if not every:
        return
    by_status = Counter(goal["status"] for goal in every)
    told = ", ".join(f"{by_status[status]} {word}" for status, word in GOAL_STATUSES.items() if by_status[status])
    yield from section("TAVOITTEET", width, f"{count(len(every), 'tavoite', 'tavoitetta')}: {told}")
    id_width = max(width_of(one_line(goal["id"])) for goal in every)
    for unit in _with(snapshot, "goals"):
        yield paragraph(f"{one_line(unit['code'])}  {one_line(unit['name'])}", width, "bold", indent=2)
        rows = [_goal_row(goal, id_width) for goal in unit["goals"]]
        yield grid([GridColumn(), GridColumn(), GridColumn(share=1, cut=True)], rows, width, indent=4)


def _goal_row(goal: Mapping[str, Any], id_width: int) -> list[Cell]:
    status = GOAL_STATUSES[goal["status"]].ljust(_WIDEST_STATUS)
    return [left(one_line(goal["id"]), id_width), (status, STATUS_STYLES[goal["status"]]), _goal_in_short(goal)]


def texts_counted(snapshot: Mapping[str, Any], width: int) -> Iterator[Text]:
    """Yield how many texts each unit has, and where they can be read."""
    units = [unit for unit in snapshot["units"] if _texts_of(unit)]
    if not units:
        return
    yield from section("TEKSTIT", width, "read them with --texts or --format json")
    rows: list[list[Cell]] = [
        [one_line(unit["code"]), one_line(unit["name"]), (_texts_of(unit), "dim")] for unit in units
    ]
    yield grid([GridColumn(), GridColumn(share=1), GridColumn()], rows, width)


def texts(snapshot: Mapping[str, Any], width: int) -> Iterator[Text]:
    """Yield every text in full, by unit: the outlook, the priorities, the sections of prose, what goals explain."""
    units = [unit for unit in snapshot["units"] if _texts_of(unit) or unit["goals"]]
    if not units:
        return
    yield from section("TEKSTIT", width)
    for number, unit in enumerate(units):
        if number:
            yield Text()
        yield paragraph(f"{one_line(unit['code'])}  {one_line(unit['name'])}", width, "bold")
        for title, text in _full_texts(unit):
            yield Text()
            yield paragraph(one_line(title), width, "italic", indent=2)
            if text:
                yield _prose(text, width)


def indicators(snapshot: Mapping[str, Any], width: int) -> Iterator[Text]:
    """Yield the indicators of each unit: name, value and unit of measure, and the period where it is another."""
    units = _with(snapshot, "indicators")
    if not units:
        return
    yield from section("TUNNUSLUVUT", width)
    columns = [
        GridColumn(),
        GridColumn(share=1),
        GridColumn(right=True, bottom=True),
        GridColumn(bottom=True),
        GridColumn(bottom=True),
    ]
    rows = [
        _indicator_row(snapshot, indicator, one_line(unit["code"]) if number == 0 else "")
        for unit in units
        for number, indicator in enumerate(unit["indicators"])
    ]
    yield grid(columns, rows, width)


def _indicator_row(snapshot: Mapping[str, Any], indicator: Mapping[str, Any], code: str) -> list[Cell]:
    period = one_line(indicator["period"])
    return [
        code,
        one_line(indicator["name"]),
        plain_number(one_line(indicator["value"])),
        one_line(indicator["unit"]),
        ("" if period == snapshot["period"]["label"] else period, "dim"),
    ]


def _with(snapshot: Mapping[str, Any], name: str) -> Sequence[Mapping[str, Any]]:
    return [unit for unit in snapshot["units"] if unit[name]]


def _goal_in_short(goal: Mapping[str, Any]) -> str:
    return one_line(goal["binding_goal"] or goal["programme_goal"] or goal["metric"])


def _texts_of(unit: Mapping[str, Any]) -> str:
    """Return what texts a unit has, in a few words; empty where it has none."""
    parts = [
        count(len(unit["priorities"]), "painopiste", "painopistettä") if unit["priorities"] else "",
        count(len(unit["narratives"]), "teksti", "tekstiä") if unit["narratives"] else "",
        "arvio" if unit["outlook"] else "",
    ]
    return ", ".join(part for part in parts if part)


def _full_texts(unit: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if unit["outlook"]:
        yield "Arvio talousarvion toteutumisesta", unit["outlook"]
    for goal in unit["goals"]:
        yield f"{goal['id']} {goal['binding_goal']}", _goal_in_full(goal)
    for priority in unit["priorities"]:
        yield f"{priority['number']}. {priority['title']}", _told({"Mittari": priority["metric"]}, priority["text"])
    for narrative in unit["narratives"]:
        programme = f" · {narrative['programme']}" if narrative["programme"] else ""
        yield f"{narrative['section']}{programme}", narrative["text"]


def _goal_in_full(goal: Mapping[str, Any]) -> str:
    facts = {"Ohjelmatavoite": "programme_goal", "Mittari": "metric", "Tavoitetaso": "target_level"}
    told = {title: goal[name] for title, name in facts.items()}
    return _told(told | {"Tila": GOAL_STATUSES[goal["status"]]}, goal["text"])


def _told(facts: Mapping[str, str], text: str) -> str:
    """Return the facts that are known, a line each, and the text below them."""
    lines = [f"{title}: {fact}" for title, fact in facts.items() if fact]
    return "\n".join([*lines, *([text] if text else [])])


def _prose(text: str, width: int) -> Text:
    """Return a text as it is read, with what stands between `**` in bold."""
    wrapped = [paragraph(line, width, indent=2).plain for line in shown(text).split("\n")]
    prose = Text()
    for number, part in enumerate("\n".join(wrapped).split("**")):
        prose.append(part, style="bold" if number % 2 else "")
    return prose
