"""The report: of any period and unit, as known at any moment, every figure of it a link to where it comes from."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from markupsafe import Markup

from projections.report.content.build import build_report, report_on
from projections.report.content.document import Document
from projections.snapshot.columns import EXTERNAL, SETS, besides_default, column_named
from projections.snapshot.taking import Taking, look
from projections.web.asked import Asked, asked_of, short
from projections.web.moments import publication, report_query
from projections.web.pages import page
from projections.web.pictures import drawn
from projections.web.tree import Branch, tree_of
from projections.writers.page.numbering import Numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.store.reading import LogReader
    from projections.report.content.document import Cell, Column, OfColumn, OfRow, Row
    from projections.web.visit import Answer, Site, Visit

AT_ONCE = 60
"""A report of more units is shown a level at a time: a unit, and those right below it."""


@frozen(slots=False, eq=False, repr=False)
class _OneLevel(Taking):
    """A snapshot of a unit and of those right below it; of the whole city, of those on top."""

    @cached_property
    def codes(self) -> list[str]:
        """The units of the report, in its order."""
        organisation, unit = self.view.organisation, self.query.unit
        if unit is not None:
            return [unit, *organisation.below(unit)]
        tops = [code for code, one in organisation.units.items() if one.parent is None]
        return [each for top in tops for each in (top, *organisation.below(top))]


@frozen(slots=True, eq=False)
class _Found:
    """What is shown: the report, the units to go to, and whose it is."""

    document: Document
    tree: tuple[Branch, ...]
    city: str
    position: int
    is_level: bool


def report(site: Site, visit: Visit) -> Answer:
    """Show the report."""
    asked = asked_of(site, visit)
    found = site.ask(lambda reader: _found(reader, site, asked))
    document = found.document
    return page(
        site,
        visit,
        "report.html.j2",
        asked,
        title=document.title,
        city=found.city,
        document=document,
        tree=found.tree,
        is_level=found.is_level,
        position=found.position,
        sets=_sets(site, asked),
        words=document.interface,
        numbers=Numbers.of(document),
        picture=drawn,
        shown=linked(asked),
    )


def _found(reader: LogReader, site: Site, asked: Asked) -> _Found:
    of = None if asked.published is None else publication(reader, asked, asked.published)
    query = report_query(asked, of)
    wanted = of.query() if of else asked.query()
    view = look(reader, wanted)
    tree = tree_of(view, asked)
    units = len(view.organisation.with_all_below(asked.unit)) if asked.unit else len(view.organisation.units)
    if of is not None or units <= AT_ONCE:
        document, is_level = build_report(reader, query, site.theme), False
    else:
        taking = _OneLevel(view, evolve(wanted, columns=besides_default(asked.columns)))
        document, is_level = report_on(view, query, site.theme, taking.snapshot()), True
    return _Found(document, tree, document.city, view.upto, is_level)


def linked(asked: Asked) -> Callable[[Cell, Row, Column], Markup]:
    """Return what writes the text of a cell: a link, where it can be asked what it tells."""

    def shown(cell: Cell, row: Row, column: Column) -> Markup:
        text = Markup("<br>").join(cell.text.split("\n"))
        address = None
        if cell.unit:
            address = asked.address("/", unit=cell.unit)
        elif cell.repeats is not None:
            unit, line, name = cell.repeats
            address = asked.address("/explain", unit=unit, line=line, column=name, period=asked.said["period"])
        elif row.of is not None and column.of is not None:
            address = address_of(asked, row.of, column.of)
        return text if address is None or not cell.text else Markup('<a href="{}">{}</a>').format(address, text)

    return shown


def address_of(asked: Asked, row: OfRow, column: OfColumn) -> str:
    """Return the address that tells where a figure comes from."""
    name, period = column.name, asked.said["period"]
    if row.external and name in EXTERNAL:
        name = EXTERNAL[name].name
    if column.year is not None:  # the report in which the figure of a further prior year stands by itself
        back = asked.period.year - column_named(name).years_back - column.year
        period = short(asked.period.years_before(back))
    return asked.address("/explain", unit=row.unit, line=row.line, column=name, period=period)


def _sets(site: Site, asked: Asked) -> list[tuple[str, bool]]:
    """Return the sets of columns to choose from, and whether each is chosen."""
    said = asked.said.get("columns", "")
    names = [*SETS, *site.theme.columns]
    return [(name, name == said or (name == "default" and not said)) for name in dict.fromkeys(names)]
