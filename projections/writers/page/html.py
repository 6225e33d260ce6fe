"""The report as HTML: a page that needs nothing else.

It neither runs a script nor fetches anything: styles, typefaces, pictures and the city's mark are inside, and the proof
of its figures, as data. The same report in the same looks gives the same bytes.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from projections.report.content.carried import ELEMENT, carried, tables_on_screen
from projections.report.content.document import Bullets, Callout, Facts, Paragraph, Picture, Table
from projections.report.pictures.pictures import DARK, PRINT, SCREEN, draw, properties
from projections.writers.page.numbering import Numbers
from projections.writers.page.tables import bodies, figures, shares

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.report.content.document import Document
    from projections.report.theme.theme import Theme

Widths = Callable[[str, object], Markup]
_HERE = "projections.writers.page"
_UNBROKEN = re.compile(r"(?<!\S)(?:-\w{1,20}|[A-ZÅÄÖ0-9]{1,8}(?:-[A-ZÅÄÖ0-9]{1,8}){1,3})(?!\S)")
"""`-kulut` and codes such as `HYV-1`, which a line would else break at their hyphens."""
_BLOCKS = (Bullets, Callout, Facts, Paragraph, Picture, Table)
_FACES = ((400, "regular"), (600, "semibold"), (700, "bold"))
_STYLES = ("base.css", "screen.css")
_SCREEN_PIXELS = {"wide": 760, "narrow": 340}
_MARKS = {"good": "✓", "attention": "▲", "bad": "◆", "muted": ""}
"""What stands before a text that means something, so that no colour is needed to see it."""


def page(document: Document, theme: Theme) -> bytes:
    """Return the document as one HTML file in UTF-8, for a browser: for wide and narrow, light and dark screens."""
    return (
        _of_a_file()
        .get_template("screen.html.j2")
        .render(
            document=document,
            words=document.interface,
            numbers=Numbers.of(document),
            picture=on_screen,
            shown=lambda cell, _row, _column: _lines(cell.text),
            styles=Markup(stylesheet(theme, _data_of_face)),  # noqa: S704 - our own, and colours of a theme
            logo=_data(*theme.logo) if theme.logo else None,
            logo_alternative=theme.logo_alternative,
            proof=Markup(carried(document, tables_on_screen(document))),  # noqa: S704 - it holds no `<` and no `&`
            proof_key=ELEMENT,
        )
        .encode()
    )


@cache
def _of_a_file() -> Environment:
    return environment(PackageLoader(_HERE), _widths_in_styles)


def environment(loader: BaseLoader, widths: Widths) -> Environment:
    """Return what writes the blocks of a document as HTML.

    A template that does gets `words`, `numbers`, `picture` (returns a picture as HTML) and `shown` (returns the text of
    a cell as HTML).

    Args:
        loader: of templates.
        widths: returns the attributes that tell how many shares a table has, and how wide a column is.
    """
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=None,
    )
    made.tests |= {kind.__name__.lower(): _test_for(kind) for kind in _BLOCKS}
    made.filters["lines"] = _lines
    made.globals.update(bodies=bodies, figures=figures, shares=shares, marks=_MARKS, widths=widths)
    return made


def _widths_in_styles(of: str, value: object) -> Markup:
    return Markup(' style="--{}:{}"').format(of, value)


def _test_for(kind: type) -> Callable[[object], bool]:
    def is_one(block: object) -> bool:
        return isinstance(block, kind)

    return is_one


def _lines(text: str) -> Markup:
    """Return a text with its line breaks, and without any inside a code or before `-kulut`."""
    if "\n" not in text and "-" not in text:  # as most have it
        return escape(text)
    return Markup("<br>").join(Markup("").join(_unbroken(line)) for line in text.split("\n"))


def _unbroken(line: str) -> Iterator[Markup]:
    at = 0
    for found in _UNBROKEN.finditer(line):
        yield escape(line[at : found.start()])
        yield Markup('<span class="whole">{}</span>').format(found[0])
        at = found.end()
    yield escape(line[at:])


# ---------------------------------------------------------------- pictures


def on_screen(picture: Picture) -> Markup:
    """Return a picture drawn for wide and for narrow screens, of which the page shows one."""
    return Markup("").join(_inline(picture, name, width) for name, width in _SCREEN_PIXELS.items())


def _inline(picture: Picture, name: str, width: int) -> Markup:
    """Return a picture inside the page, with the page's colours, which says what it shows to who does not see it."""
    drawn = draw(picture.chart, palette=SCREEN, width=width)
    title, description = f"{escape(picture.key)}_{name}_title", f"{escape(picture.key)}_{name}_description"
    named = f'<svg class="{name}" role="img" aria-labelledby="{title} {description}"'
    told = (
        f'<title id="{title}">{escape(picture.caption)}</title>'
        f'<desc id="{description}">{escape(picture.alternative)}</desc>'
    )
    opening, closed, rest = drawn.removeprefix("<svg").partition(">")
    return Markup(f"{named}{opening}{closed}{told}{rest}")  # noqa: S704 - drawn here; the texts are escaped


# ---------------------------------------------------------------- styles


def stylesheet(theme: Theme, face: Callable[[str], str]) -> str:
    """Return the styles of reports.

    Args:
        theme: its colours.
        face: returns the address of a typeface.
    """
    light = {**properties(PRINT), "--accent": theme.accent, "--chart-1": theme.accent}
    dark = {**properties(DARK), "--accent": theme.accent_on_dark, "--chart-1": theme.accent_on_dark}
    decided = f":root{{{_declarations(light)}}}\n"
    decided += f"@media screen and (prefers-color-scheme:dark){{:root{{{_declarations(dark)}}}}}\n"
    return _faces(face) + decided + "".join(_style(name) for name in _STYLES)


def _declarations(values: dict[str, str]) -> str:
    return ";".join(f"{name}:{value}" for name, value in values.items())


def face_file(name: str) -> bytes:
    """Return a typeface of reports, `regular`, `semibold` or `bold`, as a TrueType file."""
    return (files(_HERE) / "fonts" / f"report-{name}.ttf").read_bytes()


@cache
def _data_of_face(name: str) -> str:
    return _data(face_file(name), "font/ttf")


def _faces(face: Callable[[str], str]) -> str:
    """Return the rules that bring the typefaces along."""
    faces = ""
    for weight, name in _FACES:
        address = face(name)
        faces += (
            f'@font-face{{font-family:"Report Sans";font-weight:{weight};font-style:normal;'
            f'src:url("{address}") format("truetype")}}\n'
        )
    return faces


@cache
def _style(name: str) -> str:
    return (files(_HERE) / "styles" / name).read_text(encoding="utf-8")


def _data(content: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode('ascii')}"
