"""The report as HTML from one set of templates: a page that needs nothing else, and the paper that becomes the PDF.

Neither runs a script nor fetches anything: styles, typefaces, pictures and the city's mark are inside. The same report
in the same looks gives the same bytes.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from projections.report.document import Bullets, Callout, Facts, Paragraph, Picture, Table
from projections.report.page.numbering import Numbers
from projections.report.page.tables import bodies, figures, shares
from projections.report.pictures import DARK, PRINT, SCREEN, draw, palette_for, properties

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.report.document import Document
    from projections.report.theme import Theme

Medium = Literal["screen", "paper"]
_HERE = "projections.report.page"
_BLOCKS = (Bullets, Callout, Facts, Paragraph, Picture, Table)
_FACES = ((400, "regular"), (600, "semibold"), (700, "bold"))
_STYLES: dict[Medium, tuple[str, ...]] = {"screen": ("base.css", "screen.css"), "paper": ("base.css", "paper.css")}
_SCREEN_PIXELS = {"wide": 760, "narrow": 340}
_PAPER_PIXELS = 640
_TWO_COLUMNS = 7  # facts
_MARKS = {"good": "✓", "attention": "▲", "bad": "◆", "muted": ""}
"""What stands before a text that means something, so that no colour is needed to see it."""


def page(document: Document, theme: Theme) -> bytes:
    """Return the document as one HTML file in UTF-8, for a browser: for wide and narrow, light and dark screens."""
    return _written(document, theme, "screen").encode()


def paper(document: Document, theme: Theme) -> str:
    """Return the document as HTML for paper: with a title page, everything unfolded, and the pictures as images."""
    return _written(document, theme, "paper")


def _written(document: Document, theme: Theme, medium: Medium) -> str:
    return (
        _environment()
        .get_template(f"{medium}.html.j2")
        .render(
            document=document,
            words=document.interface,
            medium=medium,
            numbers=Numbers.of(document),
            picture=_drawing(theme, medium),
            styles=Markup(_styles(theme, medium)),  # noqa: S704 - our own, and colours of a theme
            logo=_data(*theme.logo) if theme.logo else None,
            logo_alternative=theme.logo_alternative,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=None,
    )
    environment.tests |= {kind.__name__.lower(): _test_for(kind) for kind in _BLOCKS}
    environment.tests["many"] = _many
    environment.filters["lines"] = _lines
    environment.globals.update(bodies=bodies, figures=figures, shares=shares, marks=_MARKS)
    return environment


def _test_for(kind: type) -> Callable[[object], bool]:
    def is_one(block: object) -> bool:
        return isinstance(block, kind)

    return is_one


def _many(block: object) -> bool:
    """Return whether these are names with short texts, so many that they stand in two columns on paper."""
    return (
        isinstance(block, Facts) and len(block.facts) >= _TWO_COLUMNS and not any(fact.machine for fact in block.facts)
    )


def _lines(text: str) -> Markup:
    """Return a text with its line breaks."""
    return Markup("<br>").join(text.split("\n"))


# ---------------------------------------------------------------- pictures


def _drawing(theme: Theme, medium: Medium) -> Callable[[Picture], Markup]:
    return _on_screen if medium == "screen" else partial(_on_paper, theme)


def _on_screen(picture: Picture) -> Markup:
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


def _on_paper(theme: Theme, picture: Picture) -> Markup:
    """Return a picture as an image, which is what a PDF has an alternative text for."""
    drawn = draw(picture.chart, palette=palette_for(theme), width=_PAPER_PIXELS)
    address = _data(drawn.encode(), "image/svg+xml")
    return Markup('<img src="{}" alt="{}">').format(address, picture.alternative)


# ---------------------------------------------------------------- styles


def _styles(theme: Theme, medium: Medium) -> str:
    light = {**properties(PRINT), "--accent": theme.accent, "--chart-1": theme.accent}
    dark = {**properties(DARK), "--accent": theme.accent_on_dark, "--chart-1": theme.accent_on_dark}
    decided = f":root{{{_declarations(light)}}}\n"
    if medium == "screen":
        decided += f"@media screen and (prefers-color-scheme:dark){{:root{{{_declarations(dark)}}}}}\n"
    return _faces() + decided + "".join(_style(name) for name in _STYLES[medium])


def _declarations(values: dict[str, str]) -> str:
    return ";".join(f"{name}:{value}" for name, value in values.items())


@cache
def _faces() -> str:
    """Return the rules that bring the typefaces along."""
    faces = ""
    for weight, name in _FACES:
        address = _data((files(_HERE) / "fonts" / f"report-{name}.woff2").read_bytes(), "font/woff2")
        faces += (
            f'@font-face{{font-family:"Report Sans";font-weight:{weight};font-style:normal;'
            f'src:url("{address}") format("woff2")}}\n'
        )
    return faces


@cache
def _style(name: str) -> str:
    return (files(_HERE) / "styles" / name).read_text(encoding="utf-8")


def _data(content: bytes, media_type: str) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode('ascii')}"
