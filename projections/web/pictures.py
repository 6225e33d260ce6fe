"""Pictures in pages: drawn once, and kept for the next that ask for the same."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from projections.writers.page.html import on_screen

if TYPE_CHECKING:
    from markupsafe import Markup

    from projections.report.content.document import Picture

_KEPT = 256


@lru_cache(_KEPT)
def _kept(picture: Picture) -> Markup:
    return on_screen(picture)


def drawn(picture: Picture) -> Markup:
    """Return a picture as HTML."""
    try:
        return _kept(picture)
    except TypeError:  # it holds what cannot be looked up by
        return on_screen(picture)
