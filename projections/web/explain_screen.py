"""Where a figure comes from: the tree of what it is the sum of, down to events, files and rows, who, when and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from heinola_es.errors import BadInput
from projections.audit.explain import Node
from projections.audit.explain import explain as explained
from projections.read_models.city import city_of
from projections.report.language.columns import column_name
from projections.report.language.sentences import note_sentence
from projections.snapshot.columns import ReportColumn, Share, all_columns
from projections.snapshot.taking import look
from projections.web.asked import Asked, asked_of
from projections.web.moments import publication
from projections.web.pages import page
from projections.writers.terminal.spoken import Spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.reading import LogReader
    from projections.web.visit import Answer, Site, Visit

DEPTH = 3
"""So many steps down are shown at once; each part leads further."""
MOST = 400
"""So many parts of one sum are shown; of a year's ledger there may be thousands."""


@frozen(slots=True, kw_only=True)
class Part:
    """An amount in the tree, as it is written.

    Attributes:
        title: what it is.
        amount: as text; in brackets where it is known in part.
        how: how it follows from its parts, or why it is not known.
        recorded: of an event, when and by whom, from what and why.
        address: where more is told of it; empty of the root.
        position: of an event; 0 of all others.
        unit: name of the unit; empty of an event.
        parts: what it is the sum of.
        left_out: how many parts are not shown.
    """

    title: str
    amount: str
    how: str = ""
    recorded: tuple[str, ...] = ()
    address: str = ""
    position: int = 0
    unit: str = ""
    parts: tuple[Part, ...] = ()
    left_out: int = 0


def explain(site: Site, visit: Visit) -> Answer:
    """Show where a figure comes from."""
    asked = asked_of(site, visit)
    unit, line, name = (visit.query.get(one, "") for one in ("unit", "line", "column"))
    column = next((each for each in all_columns() if each.name == (name or "actual")), None)
    if column is None:
        raise BadInput(f"there is no column {name[:40]!r}")
    if not unit or not line:
        raise BadInput("say whose figure is explained, and of which line")
    asked = evolve(asked, unit=unit)
    roots, city, names = site.ask(lambda reader: _explained(reader, asked, line, column))
    return page(
        site,
        visit,
        "explain.html.j2",
        asked,
        title=names[0],
        city=city,
        names=names,
        roots=roots,
        report=asked.address("/", line="", column=""),
        hidden=(("line", line), ("column", column.name)),
    )


def _explained(
    reader: LogReader, asked: Asked, line: str, column: ReportColumn
) -> tuple[list[Part], str, tuple[str, str]]:
    query = asked.query()
    if asked.published is not None:
        query = evolve(query, position=publication(reader, asked, asked.published).position)
    view = look(reader, query)
    code, spoken = view.chart.line(line).code, Spoken.of(reader, asked.language)
    names = column.source.names if isinstance(column.source, Share) else (column.name,)
    unit = str(asked.unit)
    roots = []
    for name in names:
        root = explained(view, query, unit, code, name, depth=DEPTH, from_log=False)
        of = next(each for each in all_columns() if each.name == name)
        title = column_name(spoken.words, of, asked.period)
        roots.append(evolve(_Telling(asked, spoken, name).part(root, 0), title=title))
    about = f"{unit} {view.organisation.units[unit].name}"
    return roots, city_of(reader, reader.size()).name, (f"{about}: {spoken.line(code)}", about)


@frozen(slots=True)
class _Telling:
    """Tells the tree of a figure in words."""

    asked: Asked
    spoken: Spoken
    column: str

    def part(self, node: Node, depth: int) -> Part:
        """Return a part with those below it."""
        amount = self.spoken.euros(node.cents if node.known_cents is None else node.known_cents)
        if node.entry is not None:
            return self._event(node, amount)
        line = self.spoken.line(node.line)
        of = f", {self.spoken.span(node.period)}" if node.period else ""
        how = self.spoken.words.say(node.how) if node.note is None else self._note(node)
        shown = node.parts[:MOST]
        return Part(
            title=f"{line}{of}",
            unit=f"{node.unit} {node.name}",
            amount=amount if node.known_cents is None else f"({amount})",
            how=how,
            address=self._address(node) if depth else "",
            parts=tuple(self.part(each, depth + 1) for each in shown),
            left_out=node.cut + len(node.parts) - len(shown),
        )

    def _address(self, node: Node) -> str:
        return self.asked.address("/explain", unit=node.unit, line=node.line, column=self.column)

    def _note(self, node: Node) -> str:
        return note_sentence(self.spoken.words, node.note, self.spoken.line) if node.note else ""

    def _event(self, node: Node, amount: str) -> Part:
        entry = node.entry
        if entry is None:
            raise TypeError("no event")
        return Part(
            title=f"#{entry.position} {self.spoken.kind(entry)} {self.spoken.span(entry.effective)}",
            unit=f"{node.unit} {self.spoken.line(node.line)}",
            amount=amount,
            recorded=tuple(self._recorded(node)),
            address=f"/event/{entry.position}?lang={self.asked.language}",
            position=entry.position,
        )

    def _recorded(self, node: Node) -> Iterator[str]:
        if node.entry is not None:
            yield from self.spoken.recorded(node.entry)
            for name in ("row", "rows", "document_row"):
                if node.entry.said.get(name):
                    yield f"{self.spoken.field(name)}: {self.spoken.value(name, node.entry.said[name])}"
