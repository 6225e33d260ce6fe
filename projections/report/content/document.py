"""The report as a document: sections of blocks, in the words and numbers of one language.

Everything a reader sees is here as finished text; what a program wants to count with stands beside it. Those who write
it down (as a page, a PDF, a Word document, a workbook, Markdown) decide how it looks, and never what it says.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from events.value_object import ValueObject
from projections.report.content.picture_data import PictureData

if TYPE_CHECKING:
    from collections.abc import Iterator

Tone = Literal["good", "attention", "bad", "muted"]
"""What a cell or a callout is about; never told by colour alone, the text says it too."""
NumberForm = Literal["euros", "cents", "thousands", "percent", "plain", "date"]
"""How a number is shown: euros whole, euros with cents, thousands of euros, per cent with two decimals, as it is."""


@frozen(slots=True, eq=False, repr=False)
class Run(ValueObject):
    """A piece of a paragraph.

    Attributes:
        text: without line breaks.
        strong: whether it stands out.
        language: of the text, where it is not that of the paragraph: a recorded name in a sentence of the report.
    """

    text: str
    strong: bool = False
    language: str | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Paragraph(ValueObject):
    """A paragraph.

    Attributes:
        runs: its text.
        style: `lead` opens a part, `note` is small print, `label` names what follows.
        language: of the text (BCP 47), where it is not the document's: what people recorded stays in their words.
    """

    runs: tuple[Run, ...]
    style: Literal["body", "lead", "note", "label"] = "body"
    language: str | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Bullets(ValueObject):
    """A list whose order says nothing, or, `numbered`, one whose order does."""

    items: tuple[tuple[Run, ...], ...]
    numbered: bool = False
    language: str | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Fact(ValueObject):
    """A name and what it is: `Responsible` and `director of education`."""

    name: str
    value: str
    language: str | None = None
    machine: bool = False
    """Whether the value is a hash or the like, which is copied and not read."""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Facts(ValueObject):
    """Names and what they are, as in a form."""

    facts: tuple[Fact, ...]


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Cell(ValueObject):
    """A cell of a table.

    Attributes:
        text: as it is read; a dash where nothing is known.
        value: the number or date itself, for a workbook: euros for every form of money, 63.34 for 63,34 %.
        form: how `value` is shown.
        tone: see `Tone`.
        language: see `Paragraph`.
        aside: what a workbook has to say of it, in a column beside; see `Column`.
        unit: code of the unit that the text is the name of, or empty.
        link: a web address that the text leads to, or empty; the text says it, too.
        repeats: unit, line and column of the figure of the snapshot that it tells, where its row is of none; or None.
    """

    text: str
    value: Decimal | int | date | None = None
    form: NumberForm | None = None
    tone: Tone | None = None
    language: str | None = None
    unit: str = ""
    link: str = ""
    aside: str = ""
    repeats: tuple[str, str, str] | None = None


@frozen(slots=True, eq=False, repr=False)
class OfColumn(ValueObject):
    """Which column of the snapshot a column of a table shows.

    Attributes:
        name: of the column.
        year: of which further prior year; None for the report's own.
        form: how its cells are shown.
    """

    name: str
    year: int | None
    form: NumberForm


@frozen(slots=True, eq=False, repr=False)
class OfRow(ValueObject):
    """Which row of the snapshot a row of a table shows.

    Attributes:
        unit, line: whose, and of which line.
        external: whether as in the statement of a city without internal items.
    """

    unit: str
    line: str
    external: bool = False


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Column(ValueObject):
    """A column of a table.

    Attributes:
        title: its header; a line break where it may break.
        numeric: whether its cells are numbers, which stand to the right.
        share: how wide it is beside the other columns.
        sheet_title: its header in a workbook, where money stands in euros even if the page shows thousands:
            `TA 2020, €`; or empty, where `title` says nothing else.
        of: the column of the snapshot that it shows; None where it shows something else.
        aside: the header of a column beside it, that a workbook alone has; or empty, where there is none.
    """

    title: str
    numeric: bool = False
    share: int = 1
    sheet_title: str = ""
    of: OfColumn | None = None
    aside: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Row(ValueObject):
    """A row of a table: as many cells as there are columns; the first names the row (its header).

    Attributes:
        kind: `total` is a sum that stands out, `part` one of what it is the sum of, `group` a heading inside the table
            whose first cell alone has a text.
        place: as `Table.place`, where a row is about another unit than its table.
        level: of a `group`: 1, or 2 for a heading below one of level 1.
        of: the row of the snapshot whose figures it shows, in columns that are of one; None where it shows others.
        sums: whether it is the sum of other rows, of its unit or of units below, so that to add it to them would count
            twice; None where nothing is to be added.
    """

    cells: tuple[Cell, ...]
    kind: Literal["normal", "total", "part", "group"] = "normal"
    place: tuple[str, str] | None = None
    level: Literal[1, 2] = 1
    of: OfRow | None = None
    sums: bool | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Table(ValueObject):
    """A table with a header row.

    Attributes:
        key: its name among all tables of the document, of a–z, 0–9 and hyphens: an anchor.
        caption: what it shows, with the unit of its figures: `Luvut, 1 000 €`.
        columns, rows: as told there.
        sheet: the name of the sheet it belongs to in a workbook, where tables of the same name and columns stand
            below each other; or None, where it repeats what another table has.
        place: what tells its rows apart from those of other tables on that sheet, for columns in front: the unit's
            code and name.
        note: below it, or empty.
        folded: whether it is long and only there to be looked up: a workbook has it, a page may fold it up, and what
            is printed may leave it out.
        group_titles: what its rows of the kind `group` name, level by level: the headers of the columns that they
            become in a workbook.
        part_of: the key of the table that it is a further part of, whose number it has; or empty.
    """

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sheet: str | None = None
    place: tuple[str, str] | None = None
    note: str = ""
    folded: bool = False
    group_titles: tuple[str, ...] = ()
    part_of: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Picture(ValueObject):
    """A chart, with what it shows in words, and as a table.

    Attributes:
        key: its name among all pictures and tables of the document: an anchor.
        caption: what it shows.
        alternative: what it says, for who does not see it: the finding and the main figures, in one to three sentences.
        chart: what is drawn.
        table: the same figures, or None where `table_key` names the table beside it that has them.
        table_key: see `table`.
    """

    key: str
    caption: str
    alternative: str
    chart: PictureData
    table: Table | None = None
    table_key: str | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Callout(ValueObject):
    """A short text that stands out: a heading and paragraphs."""

    title: str
    tone: Tone
    blocks: tuple[Paragraph | Bullets, ...]


Block = Paragraph | Bullets | Facts | Table | Picture | Callout


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Section(ValueObject):
    """A part of the report under a heading.

    Attributes:
        key: its name among all sections, of a–z, 0–9 and hyphens: an anchor, the same in every language.
        title: its heading.
        blocks: what stands right below it.
        sections: its parts.
        new_page: whether it begins on a page of its own, on paper.
        listed: whether it stands in the contents.
        language: of the title, where it is not the document's.
    """

    key: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    new_page: bool = False
    listed: bool = True
    language: str | None = None

    def walk(self, level: int = 1) -> Iterator[tuple[int, Section]]:
        """Yield this section and all below it, each with its level, this one's being `level`."""
        yield level, self
        for below in self.sections:
            yield from below.walk(level + 1)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Interface(ValueObject):
    """The words around the text, in the document's language.

    Attributes:
        contents: heading of the contents.
        summary: heading of the summary.
        page, page_of: `Sivu {page}` is made of `page` and the number; `page_of` stands between number and total.
        skip_to_content: for who reads by keyboard.
        show_table: what opens the table beside a picture.
        picture, table: `Kuva` and `Taulukko`, before a number.
        unit_code, unit_name: headers of the columns that `Table.place` fills.
        row_is, sum_of_rows, part_of_sums: header and cells of the column of a workbook that `Row.sums` fills.
        texts, part_of_report, heading, text: name and headers of the sheet of what is no table.
        snapshot, seal, proof: what the files in the file are, for who opens them.
    """

    contents: str
    summary: str
    page: str
    page_of: str
    skip_to_content: str
    show_table: str
    picture: str
    table: str
    unit_code: str
    unit_name: str
    row_is: str = "Row is"
    sum_of_rows: str = "sum"
    part_of_sums: str = "part"
    texts: str = "Texts"
    part_of_report: str = "Part of the report"
    heading: str = "Heading"
    text: str = "Text"
    snapshot: str = ""
    seal: str = ""
    proof: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Proof(ValueObject):
    """What a report carries along to prove its figures.

    Attributes:
        snapshot: the JSON that it is made from; of a publication, the bytes that were sealed.
        seal: the seal of the publication, or empty.
    """

    snapshot: bytes
    seal: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Document(ValueObject):
    """A report, ready to be written down.

    Attributes:
        language: `fi`, `sv` or `en`.
        title: `Osavuosikatsaus 1.4.–30.6.2020`, or `Vuosiraportti 2020`.
        city: `Heinola`.
        subject: whom it is about: the sector's or the unit's name.
        subject_language: of `subject`, where it is not the document's.
        period: `1.4.–30.6.2020`.
        cover: facts for the title page: what is covered, known when, published or not.
        summary: what the figures say, in plain language; on the first page after the title, or on it.
        sections: the rest, in the order of reading; the last says how the report was made.
        interface: the words around it.
        written: the instant that stands for when it was made: that of the last event it rests on, so that the same
            report always has the same.
        identity: hex SHA-256 of all that decides what the document says: the same for the same report.
        proof: what it carries along; None where nothing is.
        mixed: whether some of the recorded words are in its language, and others are not.
    """

    language: str
    title: str
    city: str
    subject: str
    subject_language: str | None
    period: str
    cover: Facts
    summary: tuple[Block, ...]
    sections: tuple[Section, ...]
    interface: Interface
    written: datetime
    identity: str
    proof: Proof | None = None
    mixed: bool = False

    def walk(self) -> Iterator[tuple[int, Section]]:
        """Yield every section with its level, 1 for those directly below the title."""
        for section in self.sections:
            yield from section.walk()

    def blocks(self) -> Iterator[Block]:
        """Yield every block, in the order of reading; those of the summary first."""
        yield from self.summary
        for _level, section in self.walk():
            yield from section.blocks
