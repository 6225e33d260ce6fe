"""How the audit trail is told in a terminal: trees, entries and changes, in words and Finnish figures."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from heinola_es.amounts import format_cents
from projections.audit.diff import word_diff
from projections.audit.trail import gist_of, subject_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from projections.audit.diff import Change, Difference
    from projections.audit.entries import Entry
    from projections.audit.explain import Node
    from projections.audit.show import Shown
    from projections.audit.trail import Actor

_STYLES = {"removed": "red strike", "added": "green bold", "same": ""}
_MARKS = {"removed": ("[-", "-]"), "added": ("{+", "+}"), "same": ("", "")}
UNKNOWN = "–"


def rendered(draw: Callable[[Console], None], width: int, *, colour: bool) -> str:
    """Return what `draw` prints on a console of this width, with colour or without."""
    out = StringIO()
    draw(Console(file=out, width=width, force_terminal=colour, no_color=not colour, highlight=False))
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def euros(cents: int | None) -> str:
    """Return an amount as a report prints it, and a dash for the unknown."""
    return UNKNOWN if cents is None else f"{format_cents(cents)} €".replace("-", "−")


def explanation(root: Node) -> Tree:
    """Return the tree of a figure."""
    tree = Tree(_node(root), guide_style="dim")
    _grow(tree, root)
    return tree


def shown(event: Shown) -> Table:
    """Return an event in full: a field a row, then the cells that it moved."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in _fields(event):
        table.add_row(name, value)
    for cell in event.moved:
        moved = f"{cell.unit} {cell.line} {cell.column}: {euros(cell.before_cents)} → {euros(cell.after_cents)}"
        table.add_row(f"moved {cell.period}", moved)
    return table


def trail_line(entry: Entry) -> str:
    """Return an entry in one line: position, recorded, who, kind, subject, what, and about when."""
    head = f"#{entry.position:<8}{entry.recorded}  {entry.recorded_by:<20.20}  {entry.topic:<24}"
    told = f"{subject_of(entry)}  {gist_of(entry)}  {entry.effective.label}"
    return f"{head}{told}" + (f"  ({entry.reason})" if entry.reason else "")


def changes(console: Console, difference: Difference) -> None:
    """Print every change with its old and new value and the events that did it."""
    if not difference.changes:
        console.print(f"Nothing changed between #{difference.older} and #{difference.newer}.")
        return
    console.print(f"{len(difference.changes)} changes between #{difference.older} and #{difference.newer}:\n")
    for change in difference.changes:
        console.print(Text(_where(change), style="bold"), _change(change), sep="  ")
        for entry in change.entries:
            console.print(Padding(Text(_by(entry), style="dim"), (0, 0, 0, 4)))
        if change.events > len(change.entries):
            console.print(Padding(f"… and {change.events - len(change.entries)} more events", (0, 0, 0, 4)))


def actors_table(actors: Iterable[Actor]) -> Table:
    """Return who recorded how much, from when to when."""
    table = Table(box=None, padding=(0, 2))
    for name, justify in (("who", "left"), ("events", "right"), ("first", "left"), ("last", "left"), ("what", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for actor in actors:
        most = sorted(actor.kinds.items(), key=lambda kind: -kind[1])[:3]
        told = ", ".join(f"{number} {kind}" for kind, number in most)
        table.add_row(actor.name, str(actor.events), f"{actor.first[:19]}Z", f"{actor.last[:19]}Z", told)
    return table


def _grow(tree: Tree, node: Node) -> None:
    for part in node.parts:
        _grow(tree.add(_node(part)), part)


def _node(node: Node) -> Text:
    text = Text()
    text.append(euros(node.cents), style="bold")
    text.append(f"  {node.title}")
    if node.entry is None:
        text.append(f"  {node.how}" + (f" ({node.cut} parts)" if node.cut else ""), style="dim")
        return text
    text.append(f"  {node.unit} {node.line}")
    text.append(f"\n{_recorded(node.entry)}", style="dim")
    return text


def _by(entry: Entry) -> str:
    return f"#{entry.position} {entry.topic}, {_recorded(entry)}"


def _recorded(entry: Entry) -> str:
    told = f"recorded {entry.recorded[:19]}Z by {entry.recorded_by}"
    told += f", from {entry.source}" if entry.source else ""
    return told + (f", because: {entry.reason}" if entry.reason else "")


def _fields(event: Shown) -> Iterable[tuple[str, str]]:
    entry = event.entry
    yield "event", f"#{entry.position} {entry.topic}"
    yield "recorded", f"{entry.recorded} by {entry.recorded_by}"
    yield "effective", entry.effective.label
    yield "source", entry.source or UNKNOWN
    yield "reason", entry.reason or UNKNOWN
    for name, value in entry.said.items():
        yield name, euros(value) if name.endswith("_cents") and isinstance(value, int) else str(value)
    yield "stream", f"{entry.stream}, version {entry.version}"
    yield "before it", _neighbour(event.before)
    yield "after it", _neighbour(event.after)
    yield "leaf hash", event.leaf_hash


def _neighbour(entry: Entry | None) -> str:
    return UNKNOWN if entry is None else f"#{entry.position} {entry.topic}, {entry.recorded[:19]}Z"


def _where(change: Change) -> str:
    return " ".join(part for part in change.key[1:] if part)


def _change(change: Change) -> Text:
    old, new = change.old, change.new
    if change.key[0] == "figure":
        return Text(f"{euros(old and old['cents'])} → {euros(new and new['cents'])}")
    if isinstance(old, str) and isinstance(new, str) and " " in old + new:
        return _word_diff(old, new)
    return Text(f"{_said(old)} → {_said(new)}")


def _said(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return UNKNOWN if value in (None, "", []) else str(value)


def _word_diff(old: str, new: str) -> Text:
    text = Text()
    for step, words in word_diff(old, new):
        before, after = _MARKS[step]
        text.append(f"{before}{words}{after} ", style=_STYLES[step])
    return text
