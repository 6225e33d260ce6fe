"""The file of a Word document: its colours, mark, pictures, languages and properties, and the same bytes always."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from docx.oxml.ns import qn

from projections.report.content.document import Section
from projections.report.pictures.pictures import png
from projections.report.theme.theme import Theme
from projections.writers.word.package import tint
from projections.writers.word.word import word
from tests.projections.report.samples import sample_document
from tests.projections.report.word_files import all_of, parts_of, pictures_of, read_back, text_of, value_of
from tests.terminal import environment

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from projections.report.content.document import Document

MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50" viewBox="0 0 200 50">'
    '<rect width="200" height="50" fill="#7a1f3d"/></svg>'
)
ACCENT = "#7a1f3d"
SVG_BLIP = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}svgBlip"
PNG_HEADER = b"\x89PNG\r\n\x1a\n"
LOCALES = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}


@pytest.fixture(scope="module")
def document() -> Document:
    """Give the report in Swedish, with texts in Finnish and English."""
    return sample_document("sv")


@pytest.fixture(scope="module")
def written(document: Document) -> bytes:
    """Give it as a Word document, in a colour of the city's."""
    theme = Theme(accent=ACCENT, logo=(MARK.encode(), "image/svg+xml"), logo_alternative="Mallikylän vaakuna")
    return word(document, theme)


@pytest.fixture(scope="module")
def file(written: bytes) -> WordDocument:
    """Give that document, read back."""
    return read_back(written)


def test_a_picture_says_what_it_shows(document: Document, file: WordDocument) -> None:
    """Every drawing has a text for who does not see it: the report's own; the city's mark comes first."""
    told = [drawing.get("descr") for drawing in all_of(file, "wp:docPr")]
    assert told == ["Mallikylän vaakuna", *(picture.alternative for picture in pictures_of(document))]


def test_a_picture_is_drawn_in_vectors_and_in_points(document: Document, file: WordDocument) -> None:
    """Each picture has an SVG, for those who know it, and a PNG for others, several points to the pixel."""
    blips = all_of(file, "a:blip")
    assert len(blips) == 1 + len(pictures_of(document))
    for blip in blips:
        points = file.part.related_parts[blip.get(qn("r:embed"))]
        (vectors,) = blip.iter(SVG_BLIP)
        drawn = file.part.related_parts[vectors.get(qn("r:embed"))]
        assert (points.content_type, drawn.content_type) == ("image/png", "image/svg+xml")
        assert points.blob.startswith(PNG_HEADER)
        assert drawn.blob.startswith(b"<svg")
        assert _width_in_points(points.blob) > 2 * _width_in_pixels(blip)


def _width_in_points(content: bytes) -> int:
    (width,) = struct.unpack(">I", content[16:20])
    return int(width)


def _width_in_pixels(blip: object) -> float:
    drawing = next(blip.iterancestors(qn("wp:inline")))  # type: ignore[attr-defined] # lxml has no types
    return int(next(drawing.iter(qn("wp:extent"))).get("cx")) / 9525


def test_a_picture_fits_between_the_margins(file: WordDocument) -> None:
    """No picture is wider than the text or higher than a page; the mark keeps its proportions, four to one."""
    sizes = [(int(extent.get("cx")), int(extent.get("cy"))) for extent in all_of(file, "wp:extent")]
    room = 170 * 36000
    assert all(0 < width <= room + 635 and 0 < height < 257 * 36000 for width, height in sizes)
    assert sizes[0][0] == pytest.approx(4 * sizes[0][1], abs=4)
    assert {width for width, _height in sizes[1:]} == {642 * 9525}


def test_a_mark_of_points_stands_as_it_is(document: Document) -> None:
    """A city's mark that is a PNG is put in unchanged, with no SVG beside it."""
    mark = png(MARK, scale=1)
    made = read_back(word(document, Theme(logo=(mark, "image/png"), logo_alternative="Vaakuna")))
    first = all_of(made, "a:blip")[0]
    assert made.part.related_parts[first.get(qn("r:embed"))].blob == mark
    assert not list(first.iter(SVG_BLIP))
    extent = all_of(made, "wp:extent")[0]
    assert (extent.get("cx"), extent.get("cy")) == (str(200 * 9525), str(50 * 9525))


def test_without_a_mark_nothing_stands_in_its_place(document: Document) -> None:
    """A city without a mark has the report's pictures alone."""
    assert len(all_of(read_back(word(document, Theme())), "w:drawing")) == len(pictures_of(document))


def test_a_city_has_its_own_colour(written: bytes) -> None:
    """Headings, header rows and the palette of the document take the city's accent; the template's is gone."""
    parts = parts_of(written)
    styles, palette = parts["word/styles.xml"].decode(), parts["word/theme/theme1.xml"].decode()
    assert 'w:fill="7A1F3D"' in styles
    assert 'w:color w:val="7A1F3D"' in styles
    assert '<a:accent1><a:srgbClr val="7A1F3D"/>' in palette
    assert not [name for name, content in parts.items() if name.endswith(".xml") and b"1B4F72" in content]
    assert tint(ACCENT).encode() in parts["word/document.xml"]


def test_a_tint_is_pale() -> None:
    """A tenth of the colour is left, so that black text on it is read as on white."""
    assert (tint("#000000"), tint("#ffffff"), tint(ACCENT)) == ("E6E6E6", "FFFFFF", "F2E9EC")


@pytest.mark.parametrize("language", LOCALES)
def test_the_language_is_told(language: str) -> None:
    """The document is in its language, which Word checks the spelling of; decimals are written as there."""
    made = read_back(word(sample_document(language), Theme()))
    assert value_of(made.styles.element, "w:lang") == LOCALES[language]
    assert value_of(made.settings.element, "w:themeFontLang") == LOCALES[language]
    assert value_of(made.settings.element, "w:decimalSymbol") == ("." if language == "en" else ",")
    assert made.core_properties.language == LOCALES[language]


def test_other_languages_are_told_where_they_stand(file: WordDocument) -> None:
    """What people recorded in another language is marked as such: in paragraphs, cells, headings and contents."""
    marked = {(value_of(run, "w:lang"), text_of(run)) for run in all_of(file, "w:r") if value_of(run, "w:lang")}
    assert ("en-GB", "The English-language class started with 22 pupils.") in marked
    assert ("fi-FI", "hyvinvointijohtaja") in marked
    assert ("fi-FI", "Henkilöstökulut") in marked
    assert ("fi-FI", "Kaikki oppivat") in marked
    (contents,) = all_of(file, "w:sdt")
    titles = {text_of(run): value_of(run, "w:lang") for run in contents.iter(qn("w:r")) if text_of(run)}
    assert (titles["Perusopetus"], titles["Siffror"]) == ("fi-FI", None)


def test_a_language_that_is_not_the_reports_is_told_as_it_is_written() -> None:
    """A text in a language that no report is in keeps its name."""
    section = Section(key="x", title="Ráđđi", language="se-FI")
    made = read_back(word(evolve(sample_document("fi"), sections=(section,)), Theme()))
    assert {value_of(run, "w:lang") for run in all_of(made, "w:r") if text_of(run) == "Ráđđi"} == {"se-FI"}


def test_the_file_says_what_it_is(document: Document, file: WordDocument, written: bytes) -> None:
    """Title, subject, author and times are the report's; nothing says who else made a template long ago."""
    properties = file.core_properties
    assert (properties.title, properties.subject) == (document.title, document.subject)
    assert (properties.author, properties.last_modified_by, properties.revision) == ("Mallikylä", "Mallikylä", 1)
    assert properties.created == properties.modified == document.written.replace(microsecond=0)
    assert properties.identifier == document.identity
    assert (properties.comments, properties.keywords, properties.category) == ("", "", "")
    assert not [name for name, content in parts_of(written).items() if b"python-docx" in content.lower()]
    assert not [name for name, content in parts_of(written).items() if b"rsid" in content]


def test_times_are_told_in_universal_time(document: Document) -> None:
    """An instant written with another offset is the same instant."""
    elsewhere = document.written.astimezone(timezone(timedelta(hours=3)))
    assert word(evolve(document, written=elsewhere), Theme()) == word(document, Theme())


def test_the_package_knows_no_time(written: bytes) -> None:
    """The parts come in order, the list of their types first, with the earliest time that an archive can tell."""
    with zipfile.ZipFile(io.BytesIO(written)) as package:
        entries = package.infolist()
    names = [entry.filename for entry in entries]
    assert names == ["[Content_Types].xml", *sorted(names[1:])]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for entry in entries} == {zipfile.ZIP_DEFLATED}


WRITE = """
import sys
from projections.report.theme.theme import Theme
from projections.writers.word.word import word
from tests.projections.report.samples import sample_document
sys.stdout.buffer.write(word(sample_document("fi"), Theme()))
"""


@pytest.mark.parametrize(
    ("seed", "zone", "locale"), [("1", "Pacific/Auckland", "C"), ("77", "America/Lima", "C.UTF-8")]
)
def test_the_same_report_is_the_same_file(seed: str, zone: str, locale: str) -> None:
    """Another process, at another time, in another place, writes the same bytes."""
    made = subprocess.run(
        [sys.executable, "-c", WRITE],
        env=environment(PYTHONHASHSEED=seed, TZ=zone, LC_ALL=locale),
        capture_output=True,
        check=True,
    )
    assert made.stdout == word(sample_document("fi"), Theme())


def test_another_report_is_another_file(document: Document, written: bytes) -> None:
    """A report of another instant differs: the comparison above is not of constants."""
    later = evolve(document, written=datetime(2021, 1, 1, tzinfo=UTC))
    assert word(later, Theme()) != word(document, Theme()) != written
