"""The checks of a PDF's structure find what is wrong: a good file, damaged in one way, gives the complaint about it."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import page as validator
import pikepdf
import pytest

from projections.report.theme.theme import Theme
from projections.writers.pdf.pdf import pdf
from tests.pdf_structure import complaints, elements
from tests.projections.report.samples import sample_document

if TYPE_CHECKING:
    from collections.abc import Callable

    Damage = Callable[[pikepdf.Pdf], None]


@cache
def good() -> bytes:
    """Return a file that nothing is wrong with."""
    file = pdf(sample_document(), Theme())
    assert complaints(file) == []
    return file


def damaged(damage: Damage) -> bytes:
    """Return the good file with one thing spoilt."""
    out = BytesIO()
    with pikepdf.open(BytesIO(good())) as opened:
        damage(opened)
        opened.save(out, fix_metadata_version=False)
    return out.getvalue()


def first(opened: pikepdf.Pdf, kind: str) -> pikepdf.Object:
    """Return the first element of a type, such as `/TH`."""
    return next(element.object for element in elements(opened) if element.kind == kind)


# ---------------------------------------------------------------- damages


def _no_language(opened: pikepdf.Pdf) -> None:
    del opened.Root.Lang


def _not_marked(opened: pikepdf.Pdf) -> None:
    opened.Root.MarkInfo.Marked = False


def _file_name_in_the_window(opened: pikepdf.Pdf) -> None:
    del opened.Root.ViewerPreferences


def _no_title(opened: pikepdf.Pdf) -> None:
    del opened.docinfo["/Title"]


def _other_title(opened: pikepdf.Pdf) -> None:
    opened.docinfo["/Title"] = pikepdf.String("Toinen")


def _no_claim(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata(set_pikepdf_as_editor=False) as about:
        del about["pdfuaid:part"]


def _odd_type(opened: pikepdf.Pdf) -> None:
    first(opened, "/P").S = pikepdf.Name("/Chapter")


def _level_left_out(opened: pikepdf.Pdf) -> None:
    first(opened, "/H3").S = pikepdf.Name.H4


def _two_titles(opened: pikepdf.Pdf) -> None:
    first(opened, "/H2").S = pikepdf.Name.H1


def _no_bookmarks(opened: pikepdf.Pdf) -> None:
    del opened.Root.Outlines


def _bookmark_out_of_place(opened: pikepdf.Pdf) -> None:
    with opened.open_outline() as outline:
        outline.root[0].children.append(outline.root[0].children.pop(0))
        outline.root[0].children.append(pikepdf.OutlineItem("Kuudes", 0))
        outline.root.append(pikepdf.OutlineItem("Loppu", 0))


def _no_scope(opened: pikepdf.Pdf) -> None:
    del first(opened, "/TH").A.Scope


def _no_header(opened: pikepdf.Pdf) -> None:
    table = next(element for element in elements(opened) if element.kind == "/Table")
    for header in [element for element in table.walk() if element.kind == "/TH"]:
        header.object.S = pikepdf.Name.TD


def _header_twice(opened: pikepdf.Pdf) -> None:
    first(opened, "/TBody").S = pikepdf.Name.THead


def _no_alternative(opened: pikepdf.Pdf) -> None:
    del first(opened, "/Figure").Alt


def _blank_alternative(opened: pikepdf.Pdf) -> None:
    first(opened, "/Figure").Alt = pikepdf.String(" ")


def _out_of_the_page(opened: pikepdf.Pdf) -> None:
    (about,) = first(opened, "/Figure").A
    about.BBox = pikepdf.Array([0, 0, 900, 20])


def _link_without_words(opened: pikepdf.Pdf) -> None:
    del opened.pages[1].Annots[0].Contents


def _link_outside_the_tree(opened: pikepdf.Pdf) -> None:
    del opened.pages[1].Annots[0].StructParent


def _link_as_text(opened: pikepdf.Pdf) -> None:
    first(opened, "/Link").S = pikepdf.Name.Span


def _tabs_in_rows(opened: pikepdf.Pdf) -> None:
    opened.pages[2].Tabs = pikepdf.Name.R


def _paint_something(opened: pikepdf.Pdf) -> None:
    opened.pages[2].contents_add(b"0 0 10 10 re f")


def _say_nothing_of_a_paragraph(opened: pikepdf.Pdf) -> None:
    del first(opened, "/P").K


def _say_a_paragraph_twice(opened: pikepdf.Pdf) -> None:
    paragraph = first(opened, "/P")
    paragraph.K = pikepdf.Array([*paragraph.K, *paragraph.K])


def _unembed(opened: pikepdf.Pdf) -> None:
    described = next(it for it in opened.objects if isinstance(it, pikepdf.Dictionary) and "/FontFile2" in it)
    del described.FontFile2


def _no_characters(opened: pikepdf.Pdf) -> None:
    font = next(it for it in opened.objects if isinstance(it, pikepdf.Dictionary) and "/ToUnicode" in it)
    del font.ToUnicode


DAMAGES: dict[Damage, str] = {
    _no_language: "the document has no language",
    _not_marked: "the document is not marked as tagged",
    _file_name_in_the_window: "the window does not show the title",
    _no_title: "the document has no title",
    _other_title: "the metadata has another title",
    _no_claim: "the metadata does not say PDF/UA-1",
    _odd_type: "/Chapter is no standard type, nor mapped to one",
    _level_left_out: "a heading of level 4 follows one of level 2",
    _two_titles: "there is not one heading of level 1, in front of the others",
    _no_bookmarks: "bookmarks do not follow the headings",
    _bookmark_out_of_place: "bookmarks do not follow the headings",
    _no_scope: "a header cell has no scope",
    _no_header: "a table has no header cell",
    _header_twice: "a table has its header twice",
    _no_alternative: "a figure has no alternative text",
    _blank_alternative: "a figure has no alternative text",
    _out_of_the_page: "a figure is not where it says it is",
    _link_without_words: "a link does not say where it goes",
    _link_outside_the_tree: "a link is not tagged",
    _link_as_text: "a link is not tagged",
    _tabs_in_rows: "tabs on page 3 do not follow the order of reading",
    _paint_something: "something on page 3 is neither tagged nor an artifact",
    _say_nothing_of_a_paragraph: "what the tags tell is not what the pages show",
    _say_a_paragraph_twice: "something is told twice",
    _unembed: "is not embedded",
    _no_characters: "does not say which characters it shows",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__.lstrip("_"))
def test_our_checks_find_the_damage(damage: Damage) -> None:
    """The complaint is about what was spoilt."""
    found = complaints(damaged(damage))
    assert any(DAMAGES[damage] in complaint for complaint in found), found


@pytest.mark.parametrize(
    "damage",
    [_no_language, _no_claim, _odd_type, _level_left_out, _no_alternative, _link_as_text, _paint_something, _unembed],
)
def test_the_validator_finds_the_damage(damage: Damage) -> None:
    """The validator of PDF/UA-1 is not merely content with everything."""
    assert not validator.is_pdf_compliant_bytes(damaged(damage), profile="ua1")


def test_saving_alone_is_no_damage() -> None:
    """The good file, read and written by pikepdf, stays good: it is the damage that is found."""
    assert complaints(damaged(lambda _opened: None)) == []
