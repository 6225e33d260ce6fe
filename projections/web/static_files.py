"""What pages are made of besides text: one file of styles, one script, the typefaces; all of it from here."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from projections.web.visit import Answer
from projections.writers.page.html import face_file, stylesheet

if TYPE_CHECKING:
    from projections.report.theme.theme import Theme
    from projections.web.visit import Site, Visit

STYLES, SCRIPT = "heinola.css", "heinola.js"
_FACES = {f"report-{name}.ttf": name for name in ("regular", "semibold", "bold")}
_MOST_SHARES = 60


def static(site: Site, visit: Visit) -> Answer:
    """Answer with a file; a browser keeps it, for its address changes with it."""
    name = visit.query["name"]
    if name in _FACES:
        return Answer(face_file(_FACES[name]), "font/ttf", lasting=True)
    lasting = visit.query.get("v") == version(site.theme)
    if name == STYLES:
        return Answer(styles(site.theme).encode(), "text/css; charset=utf-8", lasting=lasting)
    if name == SCRIPT:
        return Answer(script(), "text/javascript; charset=utf-8", lasting=lasting)
    return Answer(b"There is no such file.\n", "text/plain; charset=utf-8", status=404)


def version(theme: Theme) -> str:
    """Return what stands in the addresses of styles and script, so that they can be kept."""
    return _version(styles(theme))


@cache
def _version(text: str) -> str:
    return sha256(text.encode() + script()).hexdigest()[:12]


def styles(theme: Theme) -> str:
    """Return the styles of pages: those of reports, and what is around these."""
    return _styles(theme.accent, theme.accent_on_dark)


@cache
def _styles(accent: str, accent_on_dark: str) -> str:
    from projections.report.theme.theme import Theme  # noqa: PLC0415 - read here for its type alone

    theme = Theme(accent=accent, accent_on_dark=accent_on_dark)
    of_reports = stylesheet(theme, lambda name: f"/static/report-{name}.ttf")
    shares = "".join(f'[data-shares="{number}"]{{--shares:{number}}}' for number in range(1, _MOST_SHARES + 1))
    return f"{of_reports}\n{shares}\n{_read('web.css').decode()}"


@cache
def script() -> bytes:
    """Return the script of pages, without which they work too."""
    return _read("web.js")


def _read(name: str) -> bytes:
    return (files("projections.web") / "static" / name).read_bytes()
