"""How the audit trail is told in a terminal: trees, entries and changes, in words and Finnish figures."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from heinola_es.amounts import format_cents
from heinola_es.commands.printing import console
from projections.audit.diff import word_diff
from projections.audit.entries import named
from projections.audit.trail import gist_of, subject_of
from projections.presenting.printable import cut, left, one_line
from projections.presenting.printable import shown as in_lines
from projections.report.language.scale import in_part

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import Console

    from projections.audit.diff import Change, Difference
    from projections.audit.entries import Entry
    from projections.audit.explain import Node
    from projections.audit.show import Shown
    from projections.audit.trail import Actor

_STYLES = {"removed": "red strike", "added": "green bold", "same": ""}
_MARKS = {"removed": ("[-", "-]"), "added": ("{+", "+}"), "same": ("", "")}
UNKNOWN = "–"
_IN_LINES = frozenset({"text", "findings", "counts"})
"""What is recorded in lines, and shown so."""
_WHO = 20
_SECONDS = len("2020-08-10T09:25:00")
"""How wide the column of those who recorded is; who has a longer name is told in full by `audit show`."""


def rendered(draw: Callable[[Console], None], width: int, *, colour: bool) -> str:
    """Return what `draw` prints on a console of this width, with colour or without."""
    out = StringIO()
    draw(console(out, width=width, colour=colour))
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
        table.add_row(one_line(name), in_lines(value) if name in _IN_LINES else one_line(value))
    for cell in event.moved:
        moved = f"{cell.unit} {cell.line} {cell.column}: {euros(cell.before_cents)} → {euros(cell.after_cents)}"
        table.add_row(f"moved {cell.period}", one_line(moved))
    return table


def trail_line(entry: Entry) -> str:
    """Return an entry in one line: position, recorded, who, kind, subject, what, and about when."""
    who = left(named(cut(one_line(entry.recorded_by), _WHO), one_line(entry.login)), _WHO)
    head = f"#{entry.position:<8}{one_line(entry.recorded[:_SECONDS])}Z  {who}  {one_line(entry.topic):<24}"
    told = f"{one_line(subject_of(entry))}  {one_line(gist_of(entry))}  {entry.effective.label}"
    return f"{head}{told}" + (f"  ({one_line(entry.reason)})" if entry.reason else "")


def changes(page: Console, difference: Difference) -> None:
    """Print every change with its old and new value and the events that did it."""
    if not difference.changes:
        page.print(f"Nothing changed between #{difference.older} and #{difference.newer}.")
        return
    page.print(
        f"{len(difference.changes) + difference.more} changes between #{difference.older} and #{difference.newer}:\n"
    )
    for change in difference.changes:
        page.print(Text(_where(change), style="bold"), _change(change), sep="  ")
        for entry in change.entries:
            page.print(Padding(Text(_by(entry), style="dim"), (0, 0, 0, 4)))
        if change.events > len(change.entries):
            page.print(Padding(f"… and {change.events - len(change.entries)} more events", (0, 0, 0, 4)))


def actors_table(actors: Iterable[Actor]) -> Table:
    """Return who recorded how much, from when to when."""
    table = Table(box=None, padding=(0, 2))
    for name, justify in (("who", "left"), ("events", "right"), ("first", "left"), ("last", "left"), ("what", "left")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for actor in actors:
        most = sorted(actor.kinds.items(), key=lambda kind: -kind[1])[:3]
        told = ", ".join(f"{number} {kind}" for kind, number in most)
        who = named(actor.name, actor.login)
        row = (who, str(actor.events), f"{actor.first[:19]}Z", f"{actor.last[:19]}Z", told)
        table.add_row(*map(one_line, row))
    return table


def _grow(tree: Tree, node: Node) -> None:
    for part in node.parts:
        _grow(tree.add(_node(part)), part)


def _node(node: Node) -> Text:
    text = Text()
    text.append(euros(node.cents), style="bold")
    text.append(f"  {one_line(node.title)}")
    if node.entry is None:
        text.append(f"  {one_line(node.how)}" + (f" ({node.cut} parts)" if node.cut else ""), style="dim")
        return text
    text.append(f"  {one_line(node.unit)} {one_line(node.line)}")
    text.append(f"\n{_recorded(node.entry)}", style="dim")
    return text


def _by(entry: Entry) -> str:
    undone = f" ({entry.undoes})" if entry.is_undoing else ""
    return f"#{entry.position} {one_line(entry.topic)}{undone}, {_recorded(entry)}"


def _recorded(entry: Entry) -> str:
    told = f"recorded {entry.recorded[:19]}Z by {entry.who}"
    told += f", from {entry.source}" if entry.source else ""
    return one_line(told + (f", because: {entry.reason}" if entry.reason else ""))


def _fields(event: Shown) -> Iterable[tuple[str, str]]:
    entry = event.entry
    yield "event", f"#{entry.position} {entry.topic}"
    if entry.undone_by is not None:
        yield "undone by", f"#{entry.undone_by}"
    if entry.is_undoing:
        yield "undoes", f"{entry.undoes} of {subject_of(entry)}"
    yield "recorded", f"{entry.recorded} by {entry.who}"
    yield "effective", entry.effective.label
    yield "source", entry.source or UNKNOWN
    yield "reason", entry.reason or UNKNOWN
    for name, value in entry.said.items():
        if entry.is_undoing:
            continue  # told above, as positions
        is_euros = name.endswith("_cents") and isinstance(value, int)
        yield (name.removesuffix("_cents"), euros(value)) if is_euros else (name, str(value))
    yield "stream", f"{entry.stream}, version {entry.version}"
    yield "before it", _neighbour(event.before)
    yield "after it", _neighbour(event.after)
    yield "leaf hash", event.leaf_hash


def _neighbour(entry: Entry | None) -> str:
    return UNKNOWN if entry is None else f"#{entry.position} {entry.topic}, {entry.recorded[:_SECONDS]}Z"


def _where(change: Change) -> str:
    return one_line(" ".join(part for part in change.key[1:] if part))


def _change(change: Change) -> Text:
    old, new = change.old, change.new
    if change.key[0] == "figure":
        return Text(f"{_figure(old)} → {_figure(new)}")
    if isinstance(old, str) and isinstance(new, str) and " " in old + new:
        return _word_diff(in_lines(old), in_lines(new))
    return Text(f"{_said(old)} → {_said(new)}")


def _figure(value: Any) -> str:  # noqa: ANN401 - as `projections.audit.values` has it
    """Return a figure: its amount, or in brackets what is known of one that is not whole."""
    if value is not None and "known_cents" in value:
        return in_part(euros(value["known_cents"]))
    return euros(value and value["cents"])


def _said(value: Any) -> str:  # noqa: ANN401 - any JSON value
    return UNKNOWN if value in (None, "", []) else one_line(value)


def _word_diff(old: str, new: str) -> Text:
    text = Text()
    for step, words in word_diff(old, new):
        before, after = _MARKS[step]
        text.append(f"{before}{words}{after} ", style=_STYLES[step])
    return text
