"""How the audit trail is told in a terminal: trees, entries and changes, in words of one language, at any width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from projections.audit.diff import word_diff
from projections.audit.values import CHANGES
from projections.report.language.events import kind_of_event
from projections.report.language.numbers import NBSP
from projections.report.language.scale import UNKNOWN, in_part
from projections.report.language.sentences import note_sentence
from projections.writers.terminal.flow import GAP, flow
from projections.writers.terminal.grid import GridColumn, grid
from projections.writers.terminal.printable import left, one_line, width_of
from projections.writers.terminal.printable import shown as in_lines
from projections.writers.terminal.spoken import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.period import Period
    from projections.audit.diff import Change, Difference
    from projections.audit.entries import Entry
    from projections.audit.explain import Node
    from projections.audit.show import Moved, Shown
    from projections.audit.trail import Actor
    from projections.writers.terminal.flow import Piece
    from projections.writers.terminal.spoken import Spoken

_STYLES = {"removed": "red strike", "added": "green bold", "same": ""}
_MARKS = {"removed": ("[-", "-]"), "added": ("{+", "+}"), "same": ("", "")}
_IN_LINES = frozenset({"text", "findings"})
"""What is recorded in lines, and shown so."""
_WHO, _KIND = 14, 16
"""How wide the columns of those who recorded, and of the kinds of events, are on a wide page of the log."""
_WIDE = 100
"""From this width on, lists have a line for each row."""
_INDENT = "    "


# ---------------------------------------------------------------- a figure


def explanation(spoken: Spoken, root: Node, width: int) -> Text:
    """Return the tree of a figure, and below it what left the city and is no part of it."""
    tree = list(_branches(spoken, root, width, "", ""))
    if root.left_out:
        tree.append(flow([(spoken.words.say("Left out, because it left the city:"), "")], width, "", ""))
        tree += [flow(_node(spoken, one), width, "    ", "        ") for one in root.left_out]
    return Text("\n").join(tree)


def _branches(spoken: Spoken, node: Node, width: int, first: str, then: str) -> Iterator[Text]:
    below = f"{then}│   " if node.parts else f"{then}    "
    yield flow(_node(spoken, node), width, first, below)
    if node.entry is not None:
        yield flow(_dim(spoken.recorded(node.entry)), width, below, below, " ")
    for number, part in enumerate(node.parts, 1):
        branch, beside = ("└── ", "    ") if number == len(node.parts) else ("├── ", "│   ")
        yield from _branches(spoken, part, width, then + branch, then + beside)


def _node(spoken: Spoken, node: Node) -> Iterator[Piece]:
    amount = spoken.euros(node.cents if node.known_cents is None else node.known_cents)
    yield amount if node.known_cents is None else in_part(amount), "bold"
    line = spoken.line(node.line)
    if node.entry is not None:
        yield f"#{node.entry.position} {spoken.kind(node.entry)} {spoken.span(node.entry.effective)}", ""
        yield f"{one_line(node.unit)} {line}", ""
        return
    of = f", {spoken.span(node.period)}" if node.period else ""
    of += f", {node.column}" if node.column else ""
    yield f"{one_line(node.unit)} {one_line(node.name)}: {line}{of}", ""
    words = spoken.words
    yield words.say(node.how) if node.note is None else one_line(note_sentence(words, node.note, spoken.line)), "dim"
    if node.cut:
        parts = words.say_of("{count} part", "{count} parts", node.cut)
        yield f"({parts})", "dim"


# ---------------------------------------------------------------- an event


def shown(spoken: Spoken, event: Shown, width: int) -> Text:
    """Return an event in full: a field a row, then the cells that it moved."""
    rows = [((name, "dim"), value) for name, value in _fields(spoken, event)]
    parts = [grid([GridColumn(), GridColumn(share=1)], rows, width, indent=0)]
    if event.moved:
        title = spoken.words.say("Cells that it moved")
        parts += [Text(), Text(title, style="bold"), _moved(spoken, event.moved, width)]
    return Text("\n").join(parts)


def _fields(spoken: Spoken, event: Shown) -> Iterator[tuple[str, str]]:
    entry, say = event.entry, spoken.words.say
    yield say("Event"), f"#{entry.position} {spoken.kind(entry)} ({one_line(entry.topic)})"
    yield say("Recorded"), f"{one_line(entry.recorded)}, {spoken.who(entry)}"
    if entry.undone_by is not None:
        yield say("Undone by"), f"#{entry.undone_by}"
    if entry.is_undoing:
        yield say("Undoes"), one_line(entry.undoes)
        yield say("Of"), spoken.subject(entry)
    yield say("Effective"), spoken.span(entry.effective)
    yield say("Source"), spoken.value("source", entry.source)
    yield say("Reason"), spoken.value("reason", entry.reason)
    for name, value in ({} if entry.is_undoing else entry.said).items():  # what is undone is told above
        yield spoken.field(name), in_lines(value) if name in _IN_LINES and value else spoken.value(name, value)
    stream = one_line(entry.stream)
    yield say("Stream"), say("{stream}, version {number}", stream=stream, number=str(entry.version))
    yield say("Before it"), _neighbour(spoken, event.before)
    yield say("After it"), _neighbour(spoken, event.after)
    yield say("Leaf hash"), event.leaf_hash


def _neighbour(spoken: Spoken, entry: Entry | None) -> str:
    if entry is None:
        return UNKNOWN
    return f"#{entry.position} {spoken.kind(entry)}, {one_line(entry.recorded[:SECONDS])}Z"


def _moved(spoken: Spoken, moved: Iterable[Moved], width: int) -> Text:
    """Return the cells that an event moved, each on one line where the page is wide enough."""
    rows = [
        (
            spoken.span(cell.cumulative) if cell.cumulative else cell.period,
            one_line(cell.unit),
            spoken.line(cell.line),
            spoken.column(cell.column, cell.cumulative) if cell.cumulative else cell.column,
            spoken.euros(cell.before_cents),
            "→",
            spoken.euros(cell.after_cents),
        )
        for cell in moved
    ]
    plain, right = GridColumn(), GridColumn(right=True)
    if sum(max(map(width_of, texts)) + 2 for texts in zip(*rows, strict=True)) <= width:
        return grid([plain, plain, plain, plain, right, plain, right], rows, width)
    lines = [
        flow(((" ".join(of), ""), (_from_to(before, after), "bold")), width, "  ", "      ")
        for *of, before, _arrow, after in rows
    ]
    return Text("\n").join(lines)


def _from_to(old: str, new: str) -> str:
    return f"{old} →{NBSP}{new}"


def _dim(texts: Iterable[str]) -> list[Piece]:
    """Return what is told besides, in its order, with commas."""
    told = list(texts)
    return [(f"{text}," if number < len(told) else text, "dim") for number, text in enumerate(told, 1)]


# ---------------------------------------------------------------- the log


def trail_lines(spoken: Spoken, entry: Entry, width: int | None) -> list[str]:
    """Return an entry of the log: all on one line where no width is given, else on as many as it takes.

    In this order: position, recorded, who, kind, subject, what, about when, from what source, and why.
    """
    head = (f"#{entry.position}", f"{one_line(entry.recorded[:SECONDS])}Z", spoken.who(entry), spoken.kind(entry))
    what = (spoken.subject(entry), spoken.gist(entry), spoken.span(entry.effective))
    grounds = tuple(spoken.grounds(entry))
    if width is None:
        return ["  ".join(text for text in (*head, *what, *grounds) if text)]
    if width >= _WIDE:
        position, moment, who, kind = head
        columns = (left(position, 7), moment, left(who, _WHO), left(kind, _KIND), "")
        first = _flowed(what, width, "  ".join(columns))
    else:
        first = [*_flowed(head, width), *_flowed(what, width, _INDENT)]
    return [*first, *(_flowed(grounds, width, _INDENT) if grounds else [])]


def _flowed(texts: Iterable[str], width: int, first: str = "") -> list[str]:
    told = [text for text in texts if text]
    line = first + GAP.join(told)
    if width_of(line) <= width:  # as most are, and a log is long
        return [line]
    return flow(((text, "") for text in told), width, first, _INDENT).plain.split("\n")


# ---------------------------------------------------------------- what changed


def changes(spoken: Spoken, difference: Difference, period: Period, width: int) -> Text:
    """Return every change with its old and new value and the events that did it."""
    older, newer = str(difference.older), str(difference.newer)
    words = spoken.words
    if not difference.changes:
        return Text(words.say("Nothing changed between #{older} and #{newer}.", older=older, newer=newer))
    told = words.say_of(
        "{count} change between #{older} and #{newer}:",
        "{count} changes between #{older} and #{newer}:",
        len(difference.changes) + difference.more,
        older=older,
        newer=newer,
    )
    lines = [flow([(told, "")], width), Text()]
    for change in difference.changes:
        lines.append(_changed(spoken, change, period, width))
        lines += [flow(_by(spoken, entry), width, _INDENT, _INDENT * 2, " ") for entry in change.entries]
        if more := change.events - len(change.entries):
            others = words.say_of("… and {count} more event", "… and {count} more events", more)
            lines.append(Text(f"{_INDENT}{others}", style="dim"))
    return Text("\n").join(lines)


def _changed(spoken: Spoken, change: Change, period: Period, width: int) -> Text:
    """Return what changed: old and new beside what they are of, or a text, word by word, below it."""
    where, old, new = (_where(spoken, change, period), "bold"), change.old, change.new
    if change.key[0] in {"figure", *CHANGES}:
        return flow((where, (_from_to(spoken.figure(old), spoken.figure(new)), "")), width, then=_INDENT)
    if isinstance(old, str) and isinstance(new, str) and " " in old + new:
        text = flow(_word_diff(one_line(old), one_line(new)), width, _INDENT, _INDENT, " ")
        return Text("\n").join((flow([where], width, then=_INDENT), text))
    told = _from_to(*(spoken.value(change.key[-1], value) for value in (old, new)))
    return flow((where, (told, "")), width, then=_INDENT)


def _by(spoken: Spoken, entry: Entry) -> list[Piece]:
    undone = f" ({one_line(entry.undoes)})" if entry.is_undoing else ""
    return _dim((f"#{entry.position} {spoken.kind(entry)}{undone}", *spoken.recorded(entry)))


def _where(spoken: Spoken, change: Change, period: Period) -> str:
    """Return what a change is of: a unit's figure, or what was told of it."""
    kind, subject, *place = change.key
    if kind == "figure":
        line, column = place
        return f"{one_line(subject)} {spoken.line(line)} · {spoken.column(column, period)}"
    if kind in CHANGES:
        return f"{one_line(subject)} {spoken.budget_change(change.key, change.new or change.old)}"
    parts = [subject, *place]
    if kind in {"unit", "goal", "priority", "project"}:
        parts[-1] = spoken.field(parts[-1])
    if kind in {"goal", "priority", "outlook"}:
        parts.insert(1, kind_of_event(spoken.words, _SET_BY[kind]))
    return " · ".join(one_line(part) for part in parts if part)


_SET_BY = {"goal": "GoalSet", "priority": "PrioritySet", "outlook": "OutlookGiven"}


def _word_diff(old: str, new: str) -> Iterator[Piece]:
    for step, words in word_diff(old, new):
        before, after = _MARKS[step]
        yield f"{before}{words}{after}", _STYLES[step]


# ---------------------------------------------------------------- who recorded


def actors_table(spoken: Spoken, actors: Iterable[Actor], width: int) -> Text:
    """Return who recorded how much, from when to when: in a line each where the page is wide enough."""
    words = spoken.words
    rows = [
        (
            spoken.named(actor.name, actor.login),
            words.numbers.plain(actor.events),
            f"{one_line(actor.first[:SECONDS])}Z",
            f"{one_line(actor.last[:SECONDS])}Z",
            _mostly(spoken, actor),
        )
        for actor in actors
    ]
    if width >= _WIDE:
        names = (words.say("Who"), words.say("Events"), words.say("First"), words.say("Last"), words.say("What"))
        shares, rights = (2, 0, 0, 0, 3), (False, True, False, False, False)
        columns = [
            GridColumn(heading=name, share=share, right=right)
            for name, share, right in zip(names, shares, rights, strict=True)
        ]
        return grid(columns, rows, width, indent=0)
    lines = list[Text]()
    for who, number, first, last, what in rows:
        events = words.say("Events")
        lines.append(flow([(who, "bold"), (f"{events}: {number}", "")], width))
        lines.append(flow([(f"{first} – {last}", "dim")], width, _INDENT, _INDENT))
        lines.append(flow([(what, "")], width, _INDENT, _INDENT))
    return Text("\n").join(lines)


def _mostly(spoken: Spoken, actor: Actor) -> str:
    """Return the kinds of events that somebody recorded most."""
    most = sorted(actor.kinds.items(), key=lambda kind: -kind[1])[:3]
    return ", ".join(f"{number} {one_line(kind_of_event(spoken.words, topic))}" for topic, number in most)
