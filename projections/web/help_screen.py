"""How to go through the pages: keys, and how periods and moments are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.read_models.city import city_of
from projections.web.pages import page

if TYPE_CHECKING:
    from projections.web.visit import Answer, Site, Visit


def help_page(site: Site, visit: Visit) -> Answer:
    """Show it."""
    return page(
        site, visit, "help.html.j2", None, title="", city=site.ask(lambda reader: city_of(reader, reader.size()).name)
    )
