"""Recorded texts in the PDF: whatever somebody typed is read as typed, does nothing, and runs off no page."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import attrs
import page as validator
import pytest

from projections.report.content.document import (
    Bullets,
    Callout,
    Cell,
    Column,
    Fact,
    Facts,
    Paragraph,
    Row,
    Run,
    Section,
    Table,
)
from projections.report.theme.theme import Theme
from projections.writers.pdf.pdf import pdf
from projections.writers.pdf.words import BREAK, breakable
from tests.pdf_structure import complaints
from tests.programs import pdftotext
from tests.projections.report.samples import sample_document

if TYPE_CHECKING:
    from projections.report.content.document import Block, Document

MARKUP = (
    '#import "/etc/passwd": *',
    '#read("/etc/passwd")',
    "#panic() $x^2 + y$ *b* _e_ `raw` <label> @reference ~ // /* */ \\ ---",
    "]#panic()[",
    '"), panic("',
    "= otsikko",
    "#sys.inputs #include",
)
A4_WIDTH, SIDE = 595.28, 56.69


def everywhere(text: str) -> Document:
    """Return a report in which a text stands wherever one may."""
    paragraph = Paragraph(runs=(Run(text), Run(text, strong=True, language=text)), language=text)
    table = Table(
        key="taulukko",
        caption=text,
        columns=(Column(title=text[:300], share=3), Column(title="n", numeric=True)),
        rows=(
            Row(kind="group", cells=(Cell(text=text), Cell(text=""))),
            Row(cells=(Cell(text=text, language=text), Cell(text="1"))),
        ),
        note=text,
        place=(text, text),
    )
    blocks = (
        paragraph,
        table,
        Bullets(items=((Run(text),),), numbered=True),
        Facts(facts=(Fact(name=text[:300], value=text), Fact(name="n", value=text, machine=True))),
        Callout(title=text, tone="bad", blocks=(paragraph,)),
    )
    section = Section(key="osa", title=text, language=text, blocks=blocks)
    return attrs.evolve(
        sample_document(),
        title=text,
        city=text,
        subject=text,
        subject_language=text,
        summary=(paragraph,),
        sections=(section,),
    )


def only(block: Block) -> Document:
    """Return a report of one block."""
    section = Section(key="osa", title="Osa", blocks=(block,))
    return attrs.evolve(sample_document(), summary=(), sections=(section,))


def read(file: bytes, *options: str) -> str:
    """Return the text of a PDF as poppler reads it."""
    return subprocess.run(
        [pdftotext(), *options, "-", "-"], input=file, capture_output=True, check=True, timeout=60
    ).stdout.decode()


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_text(text: str) -> None:
    """What would be code or markup to the typesetter is read as it was typed, and nothing is run or read."""
    file = pdf(everywhere(text), Theme())
    told = " ".join(read(file).split())
    assert told.count(" ".join(text.split())) >= 8
    assert "root:" not in told  # as it stands in /etc/passwd
    assert complaints(file) == []
    assert validator.is_pdf_compliant_bytes(file, profile="ua1")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x00b\x1b[0m", "a[U+0000]b[U+001B][0m"),
        ("summa \u202e001", "summa [U+202E]001"),
        ("\u2066x\u2069\ufeff", "[U+2066]x[U+2069][U+FEFF]"),
        ("日本 😀", "[U+65E5][U+672C] [U+1F600]"),
        ("\ud800x", "[U+D800]x"),
        ("a\u0308a\u030a", "äå"),
        ("a\tb\rc", "a b c"),
    ],
)
def test_what_has_no_shape_is_written_out(text: str, shown: str) -> None:
    """Nothing is left out or turned around: controls, turns of direction and letters that no typeface has are named."""
    file = pdf(everywhere(text), Theme())
    assert " ".join(read(file).split()).count(shown) >= 8
    assert complaints(file) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n"])
def test_a_text_that_says_nothing_breaks_nothing(text: str) -> None:
    """A blank title is a dash; the file is one all the same."""
    assert complaints(pdf(everywhere(text), Theme())) == []


LONG = "W" * 20_000
LONG_BLOCKS: dict[str, Block] = {
    "paragraph": Paragraph(runs=(Run(LONG),)),
    "cell": Table(
        key="t", caption="C", columns=(Column(title="a", share=3), Column(title="b")),
        rows=(Row(cells=(Cell(text=LONG), Cell(text="1"))),),
    ),
    "group": Table(
        key="t", caption="C", columns=(Column(title="a"), Column(title="b")),
        rows=(Row(kind="group", cells=(Cell(text=LONG), Cell(text=""))), Row(cells=(Cell(text="a"), Cell(text="1")))),
    ),
    "caption": Table(key="t", caption=LONG, columns=(Column(title="a"),), rows=(Row(cells=(Cell(text="a"),)),)),
    "note": Table(key="t", caption="C", note=LONG, columns=(Column(title="a"),), rows=(Row(cells=(Cell(text="a"),)),)),
    "fact": Facts(facts=(Fact(name="n", value=LONG),)),
    "facts": Facts(facts=tuple(Fact(name=f"n{at}", value="W" * 100) for at in range(200))),
    "bullets": Callout(title="n", tone="bad", blocks=(Bullets(items=((Run("W" * 10),),) * 2_000),)),
    "notice": Callout(title="n", tone="bad", blocks=(Paragraph(runs=(Run(LONG),)),)),
}  # fmt: skip


@pytest.mark.parametrize("where", LONG_BLOCKS)
def test_a_word_longer_than_pages_is_all_there(where: str) -> None:
    """It is broken where a line ends, goes on over pages, and no part of it runs off one."""
    file = pdf(only(LONG_BLOCKS[where]), Theme())
    assert read(file).count("W") == len(LONG)
    words = [float(right) for right in read_edges(file)]
    assert max(words) <= A4_WIDTH - SIDE + 0.1
    assert complaints(file) == []


def read_edges(file: bytes) -> list[str]:
    """Return how far each word of a PDF reaches to the right, in points."""
    return [piece.partition('"')[0] for piece in read(file, "-bbox").split(' xMax="')[1:]]


def test_100_000_characters_are_set() -> None:
    """A text of 100 000 characters, of words and of one word, is set in full."""
    file = pdf(only(Paragraph(runs=(Run("sana " * 10_000 + "W" * 50_000),))), Theme())
    told = read(file)
    assert told.count("W") == 50_000
    assert told.replace("-\n", "").count("sana") == 10_000


def test_a_title_of_any_length_is_read_in_full() -> None:
    """A heading has the beginning of a title that is longer than headings are, and the text below it all of it."""
    title = "Ylipitkä nimi " * 3_000
    section = Section(key="osa", title=title, blocks=())
    file = pdf(attrs.evolve(sample_document(), subject=title, sections=(section,)), Theme())
    assert " ".join(read(file).replace("-\n", "").split()).count("Ylipitkä") >= 3_000
    assert complaints(file) == []


def test_words_that_fit_are_left_alone() -> None:
    """Places to break are put into words that are wider than their line and are not hyphenated, and into no others."""
    assert breakable("Hyvinvointilautakunnan toimiala") == "Hyvinvointilautakunnan toimiala"
    assert breakable("lastensuojeluasiantuntijakoordinaatio", width=50) == "lastensuojeluasiantuntijakoordinaatio"
    broken = breakable("5f" * 32, width=50)
    assert BREAK in broken
    assert broken.replace(BREAK, "") == "5f" * 32
