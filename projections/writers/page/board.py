"""The board of a round as one HTML file that needs nothing else: no script, no address, no typeface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from projections.rounds.page import BoardPage

_MARKS = {"open": "○", "submitted": "▲", "returned": "↩", "accepted": "✓"}
"""What stands before a state, so that no colour is needed to see it."""


def board_html(page: BoardPage) -> bytes:
    """Return the page in UTF-8, for wide and narrow, light and dark screens, and for paper."""
    environment = Environment(
        loader=PackageLoader("projections.writers.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("board.html.j2").render(page=page, marks=_MARKS).encode()
