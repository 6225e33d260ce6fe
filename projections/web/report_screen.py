"""The report: of any period and unit, as known at any moment, every figure of it a link to where it comes from."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from markupsafe import Markup

from projections.report.content.build import build_report, report_on
from projections.report.content.document import Document
from projections.snapshot.columns import SETS, all_columns, besides_default
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
    from projections.report.content.document import Cell, Of
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


def linked(asked: Asked) -> Callable[[Cell], Markup]:
    """Return what writes the text of a cell: a link, where it can be asked what it tells."""

    def shown(cell: Cell) -> Markup:
        text = Markup("<br>").join(cell.text.split("\n"))
        if cell.of is None or not cell.text:
            return text
        return Markup('<a href="{}">{}</a>').format(address_of(asked, cell.of), text)

    return shown


def address_of(asked: Asked, of: Of) -> str:
    """Return the address that tells of a unit, or where a figure comes from."""
    if not of.line:
        return asked.address("/", unit=of.unit)
    period = asked.said["period"]
    if of.year is not None:
        back = _years_back(asked, of)
        period = short(asked.period.years_before(back))
    return asked.address("/explain", unit=of.unit, line=of.line, column=of.column, period=period)


def _years_back(asked: Asked, of: Of) -> int:
    """Return by how many years the report lies back in which a figure of a further prior year stands by itself."""
    column = next(each for each in all_columns() if each.name == of.column)
    return asked.period.year - column.years_back - (of.year or 0)


def _sets(site: Site, asked: Asked) -> list[tuple[str, bool]]:
    """Return the sets of columns to choose from, and whether each is chosen."""
    said = asked.said.get("columns", "")
    names = [*SETS, *site.theme.columns]
    return [(name, name == said or (name == "default" and not said)) for name in dict.fromkeys(names)]
