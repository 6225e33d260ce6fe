"""The report as a Word document, in styles, so that who publishes it can go on editing."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from docx.shared import Cm

from heinola_es.errors import BadInput
from projections.report.content.carried import carried, tables_on_paper
from projections.report.content.document import Bullets, Callout, Facts, Paragraph, Picture, Section, Table
from projections.report.content.on_paper import on_paper
from projections.report.pictures.pictures import PRINT, draw, png
from projections.writers.page.numbering import Numbers
from projections.writers.word import paragraphs
from projections.writers.word.contents import bookmark, contents
from projections.writers.word.draft import Draft
from projections.writers.word.elements import paragraph, run
from projections.writers.word.header_and_footer import put_around
from projections.writers.word.package import opened, put_in, sealed, tint
from projections.writers.word.pictures import SVG, Image, as_one_element, picture, size_of
from projections.writers.word.tables import bookmark_of, number_of, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.report.content.document import Block, Document
    from projections.report.theme.theme import Theme
    from projections.writers.word.elements import Element

PICTURE_PIXELS = 642
"""The width of the text, 17 cm, in pixels of CSS (96 to the inch)."""
SHARPNESS = 3.0
"""Points of a PNG for each of its pixels: close to 300 to the inch."""

_SHARP_ENOUGH = 2.1
"""The same of a chart, which newer programs draw from its vectors: 200 to the inch."""
_LONGEST_SIDE = 2_000  # points of the mark


def word(document: Document, theme: Theme) -> bytes:
    """Return a report as a Word document (.docx): the same bytes for the same report.

    Args:
        document: the report.
        theme: whose accent colours headings and tables, and whose mark stands on the first page.
    """
    file = opened(theme.accent)
    put_around(document, file)
    numbers = Numbers.of(document)
    draft = Draft(document=file, interface=document.interface, numbers=numbers, tint=tint(theme.accent))
    body = file.element.body
    (page,) = body
    body[:] = [*_cover(document, theme, draft), *_sections(document, draft), page]
    put_in(file, carried(document, tables_on_paper(document)))
    return sealed(file)


def _cover(document: Document, theme: Theme, draft: Draft) -> Iterator[Element]:
    """Yield the first page: the city's mark, what the report is, whom it is about, and how it came to be."""
    if theme.logo:
        yield picture(_mark(theme.logo, theme.logo_alternative), draft, style="CoverMark")
    yield paragraph("CoverCity", [run(document.city)])
    yield paragraph("Title", [run(_title(document))])
    yield paragraph("Subtitle", [run(document.subject, language=document.subject_language)])
    yield from paragraphs.facts(document.cover)


def _title(document: Document) -> str:
    """Return the title with its period on a line of its own: Word would break it after the dash."""
    before, period, after = document.title.partition(document.period)
    return f"{before.rstrip()}\n{period}{after}" if before.strip() and period else document.title


def _mark(logo: tuple[bytes, str], alternative: str) -> Image:
    content, media_type = logo
    vectors = as_one_element(content) if media_type == SVG else None
    return Image(
        name="logo",
        alternative=alternative,
        points=_points_of_mark(vectors) if vectors else content,
        vectors=vectors,
        widest=Cm(7),
        tallest=Cm(2.2),
    )


def _points_of_mark(vectors: str) -> bytes:
    """Return a mark as PNG, not larger than it is ever shown.

    Raises:
        BadInput: it cannot be drawn.
    """
    sides = size_of(vectors)
    scale = min(SHARPNESS, _LONGEST_SIDE / max(*sides, 1.0))
    undrawable = BadInput("the mark of the theme cannot be drawn; save it as PNG, or as plain SVG of some size")
    if min(sides) * scale < 1:
        raise undrawable
    try:
        return png(vectors, scale=scale)
    except RuntimeError:
        raise undrawable from None


def _sections(document: Document, draft: Draft) -> Iterator[Element]:
    """Yield the contents on a page of their own, and what they lead to: the summary, then the sections."""
    summary = Section(key="_summary", title=document.interface.summary, blocks=document.summary, new_page=True)
    told = [*([(1, summary)] if document.summary else []), *document.walk()]
    entries = [(level, section, bookmark(at)) for at, (level, section) in enumerate(told, 1)]
    table_of_contents = contents(entries, draft)
    if table_of_contents is not None:
        yield table_of_contents
    for at, (level, section, mark) in enumerate(entries):
        first = at == bool(document.summary)  # of what follows the summary
        yield paragraphs.heading(section, level, mark, draft, new_page=section.new_page or first)
        yield from _blocks(section.blocks, draft)


def _blocks(blocks: tuple[Block, ...], draft: Draft) -> Iterator[Element]:
    shown = list(on_paper(blocks))
    for before, block, after in zip((None, *shown), shown, (*shown[1:], None), strict=False):
        match block:
            case Paragraph():
                yield paragraphs.body(
                    block, after_table=isinstance(before, Table), before_facts=isinstance(after, Facts)
                )
            case Bullets():
                yield from paragraphs.listed(block, draft)
            case Facts():
                yield from paragraphs.facts(block, before_table=isinstance(after, Table))
            case Callout():
                yield from paragraphs.callout(block, draft)
            case Table():
                yield from table(block, draft)
            case Picture():
                yield from _picture(block, draft, beside=(before, after))
            case _ as never:
                assert_never(never)


def _picture(block: Picture, draft: Draft, *, beside: tuple[Block | None, Block | None]) -> Iterator[Element]:
    """Yield a chart, its caption, and its figures: as a table, or where a table further off has them, the way there."""
    svg = draw(block.chart, palette=PRINT, width=PICTURE_PIXELS)
    image = Image(name=block.key, alternative=block.alternative, points=png(svg, scale=_SHARP_ENOUGH), vectors=svg)
    yield picture(image, draft)
    number = (draft.interface.picture, draft.numbers.pictures[block.key])
    with_table = block.table is not None  # on one page, where it has room
    yield paragraphs.caption(block.caption, number, bookmark_of(block.key), draft, stays=with_table)
    if block.table:
        yield from table(block.table, draft)
    elif block.table_key in draft.numbers.tables:
        other = draft.numbers.by_key[block.table_key]
        if other not in beside:
            yield paragraphs.reference(other.caption, number_of(other, draft), bookmark_of(other.key))
