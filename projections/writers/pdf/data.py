"""A document as plain data for the template: texts as strings, pictures as SVG, what belongs together put together."""

from __future__ import annotations

import re
from functools import singledispatchmethod
from math import ceil
from typing import TYPE_CHECKING, Any

from attrs import frozen

from projections.report.content.carried import NAME, SEAL, SNAPSHOT, carried, tables_on_paper
from projections.report.content.document import Bullets, Callout, Document, Facts, Paragraph, Picture, Run, Table
from projections.report.content.on_paper import on_paper
from projections.report.pictures.lettering import text_width
from projections.report.pictures.pictures import PRINT, Palette, draw, palette_for
from projections.writers.page.numbering import Numbers
from projections.writers.page.tables import figures
from projections.writers.pdf.words import breakable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.report.content.document import Block, Cell, Fact, Row, Section
    from projections.report.theme.theme import Theme

Data = dict[str, Any]

_TEXT_POINTS = 482.0
"""The width of the text: A4 less two margins of 20 mm, in points."""
_PICTURE_PIXELS = 640
_TALLEST_PIXELS = 490.0
"""A higher picture is drawn smaller, its texts no smaller than those of tables, so that a table has room beside it."""
_PARTS = 2
"""The level of headings right below the title."""
_DEEPEST_HEADING = 6
_TWO_COLUMNS = 7  # facts
_FEW_FACTS = 4
"""So many, short as they are, are kept with the table that they introduce."""
_WHOLE_POINTS = 400.0
"""A table that takes no more, with what is said below it, stays on one page: a little more than half of one."""
_KEPT_AT_THE_END = 2
"""How many rows of a longer table never stand on a page without another one before them."""
_MANY_COLUMNS = 6  # as in the template, and so are the next two
_LINE = 1.2
_BETWEEN_ROWS = 9.0
_NARROWEST = 8.0
_HEADING_SIZE = 7.25
_INDENT = 1.25
"""How far a part of a sum stands to the right of it, in the size of its letters."""
_CERTAINLY = 1.15
"""How much wider letters are taken to be, so that strong ones fit, too."""
_LONG_ROW = 250.0
"""Points: a row that takes more may go on over a page's end, any other stands on one page."""
_SHORT_TEXT = 600
"""Characters: what has no longer text stays on one page."""
_SHORT_TITLE = 80
"""Characters of a title that stand above every page of a part."""
_HALF_A_PAGE = 2_000
"""Characters, a line that is not full counted as half of one."""
_LONGEST_STRING = 16_000
"""Characters of what is read aloud for a picture: a PDF that is to be kept has no longer strings (32 767 bytes)."""
_COVER_POINTS = 450.0
_FACT_SIZE = 9.5
_HEIGHT = re.compile(r'^<svg [^>]*?height="([\d.]+)"')
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=-|$)", re.ASCII)


def data_of(document: Document, theme: Theme) -> Data:
    """Return all that the template is told about a document in the looks of a theme.

    Every string in it is either said as it is or a name of ours (a kind, a key, a colour).
    """
    palette = palette_for(theme)
    telling = _Telling(
        numbers=Numbers.of(document),
        palette=palette,
        document=document,
        parts_about=_parts_about(document),
    )
    words = document.interface
    return {
        "language": document.language,
        "name": " – ".join(_shortened(it, _SHORT_TEXT) for it in (document.title, document.subject, document.city)),
        "keywords": [document.identity],
        "city": breakable(_shortened(document.city, _SHORT_TITLE), width=_COVER_POINTS, size=17),
        "title": breakable(_shortened(document.title, _SHORT_TITLE), width=_COVER_POINTS, size=30),
        "subject": breakable(_shortened(document.subject, _SHORT_TEXT), width=_COVER_POINTS, size=16),
        "subject_language": _language(document.subject_language),
        "look": {"accent": theme.accent, "ink": PRINT.ink, "muted": PRINT.muted, "grid": PRINT.grid},
        "logo": _logo(theme),
        "words": {"contents": words.contents, "page": words.page, "page_of": words.page_of},
        "cover": telling.told(document.cover) | {"many": False},
        "parts": list(telling.parts()),
        "attached": list(_attached(document)),
    }


def _attached(document: Document) -> Iterator[Data]:
    """Yield the files in the file: what its figures are of, the seal of that, and which of them are printed where."""
    if document.proof is None:
        return
    words, tables = document.interface, tables_on_paper(document)
    told = [
        (SNAPSHOT, "source", "application/json", words.snapshot, document.proof.snapshot.decode()),
        (SEAL, "supplement", "text/plain", words.seal, document.proof.seal),
        (NAME, "data", "application/json", words.proof, carried(document, tables, apart=True)),
    ]
    for name, relationship, kind, description, content in told:
        if content:
            yield {
                "name": name,
                "relationship": relationship,
                "type": kind,
                "description": description,
                "content": content,
            }


@frozen(slots=True, kw_only=True)
class _Telling:
    """One document on its way.

    Attributes:
        numbers: of its tables and pictures.
        palette: of its pictures.
        parts_about: the key of the part about each unit, by the place of its tables.
    """

    document: Document
    numbers: Numbers
    palette: Palette
    parts_about: dict[tuple[str, str], str]

    def parts(self) -> Iterator[Data]:
        """Yield the summary and every section, each with its heading's level, in the order of reading."""
        document = self.document
        yield self._part("_summary", document.interface.summary, document.summary)
        for level, section in document.walk():
            yield self._section(min(level + 1, _DEEPEST_HEADING), section)

    def _section(self, level: int, section: Section) -> Data:
        """Return a section; below the parts none begins on a new page, so that no page stays half empty."""
        return self._part(section.key, section.title, section.blocks) | {
            "level": level,
            "listed": section.listed,
            "new_page": section.new_page and level == _PARTS,
            "language": _language(section.language),
        }

    def _part(self, key: str, title: str, blocks: Iterable[Block]) -> Data:
        return {
            "key": key,
            "title": breakable(_shortened(title, _SHORT_TEXT)),
            "short_title": _shortened(title, _SHORT_TITLE),
            "level": _PARTS,
            "listed": True,
            "new_page": False,
            "language": None,
            "blocks": [*self._rest(title), *self._blocks(blocks)],
        }

    def _rest(self, title: str) -> list[Data]:
        """Return a title that no heading has room for, as a paragraph below the beginning of it; or nothing."""
        return [] if _is_short(title) else [self.told(Paragraph(runs=(Run(title),)))]

    def _blocks(self, blocks: Iterable[Block]) -> Iterator[Data]:
        """Yield blocks, the small print below a table as part of the table; what is folded up is for screens alone."""
        table: Data | None = None
        before: Data | None = None
        last: Block | None = None
        for block in on_paper(blocks):
            told = self.told(block)
            if isinstance(block, Facts) and before is not None and before["kind"] == "paragraph":
                before["sticky"] = True
            if isinstance(block, Table) and before is not None and before["kind"] == "facts":
                before["sticky"] = len(before["facts"]) <= _FEW_FACTS
            if isinstance(block, Table) and isinstance(last, Paragraph) and before is not None:
                before["sticky"] = _are_short(last.runs)
            if table is not None and isinstance(block, Paragraph) and block.style == "note":
                table["notes"].append(told)
                table["whole"] &= _are_short(block.runs)
                continue
            table = told if isinstance(block, Table) else None
            before, last = told, block
            yield told

    @singledispatchmethod
    def told(self, block: object) -> Data:
        """Return a block as data."""
        raise TypeError(f"no block: {block!r}")

    @told.register
    def _(self, block: Paragraph) -> Data:
        language = _language(block.language)
        return {
            "kind": "paragraph",
            "style": block.style,
            "language": language,
            "runs": _runs(block.runs),
            "sticky": False,
        }

    @told.register
    def _(self, block: Bullets) -> Data:
        items = [_runs(item) for item in block.items]
        return {"kind": "bullets", "numbered": block.numbered, "language": _language(block.language), "items": items}

    @told.register
    def _(self, block: Facts) -> Data:
        texts = [text for fact in block.facts for text in (fact.name, fact.value)]
        many = (
            len(block.facts) >= _TWO_COLUMNS and not any(fact.machine for fact in block.facts) and _fit_together(texts)
        )
        return {
            "kind": "facts",
            "many": many,
            "sticky": False,
            "facts": [_fact(fact, narrow=many) for fact in block.facts],
        }

    @told.register
    def _(self, block: Callout) -> Data:
        inside = [self.told(each) for each in block.blocks]
        lines = [line for each in block.blocks for line in (each.items if isinstance(each, Bullets) else [each.runs])]
        return {
            "kind": "callout",
            "title": breakable(_shortened(block.title, _SHORT_TEXT)),
            "tone": block.tone,
            "blocks": [*self._rest(block.title), *inside],
            "whole": _fit_together([block.title, *("".join(run.text for run in line) for line in lines)]),
        }

    @told.register
    def _(self, block: Picture) -> Data:
        number = self.numbers.pictures.get(block.key)
        svg = draw(block.chart, palette=self.palette, width=_PICTURE_PIXELS)
        return {
            "kind": "picture",
            "caption": breakable(block.caption),
            "number": f"{self.document.interface.picture}\u00a0{number}." if number else None,
            "alternative": _shortened(block.alternative, _LONGEST_STRING),
            "svg": svg,
            "width": min(1.0, _TALLEST_PIXELS / float(_HEIGHT.findall(svg)[0])),
            "see": self._see(block.table_key),
            "table": self._table(block.table) if block.table else None,
            "whole": _is_short(block.caption),
        }

    def _see(self, table_key: str | None) -> Data | None:
        """Return the way to the table that has a picture's figures, or None where the picture has it below itself."""
        if table_key is None or table_key not in self.numbers.tables:
            return None
        table = self.numbers.by_key[table_key]
        return {"key": f"table_{table.key}", "text": f"{self._number(table)} {breakable(table.caption)}"}

    @told.register
    def _(self, block: Table) -> Data:
        return self._table(block)

    def _table(self, table: Table) -> Data:
        linked: set[str | None] = set()
        rows = [self._row(row, table, linked) for row in table.rows]
        kept = _KEPT_AT_THE_END if _may_keep_the_last(table) else 0
        return {
            "kind": "table",
            "key": f"table_{table.key}",
            "caption": breakable(table.caption),
            "number": self._number(table),
            "figures": figures(table),
            "narrow": _is_narrow(table),
            "columns": [_column(column.title, column.numeric, column.share, table) for column in table.columns],
            "heading_lines": _heading_lines(table),
            "rows": rows[: len(rows) - kept],
            "last_rows": rows[len(rows) - kept :],
            "note": breakable(table.note),
            "notes": [],
            "whole": _is_short(table.caption, table.note)
            and sum(_height(row, table) for row in table.rows) <= _WHOLE_POINTS,
        }

    def _number(self, table: Table) -> str | None:
        number = self.numbers.tables.get(table.part_of or table.key)
        return f"{self.document.interface.table}\u00a0{number}." if number else None

    def _row(self, row: Row, table: Table, linked: set[str | None]) -> Data:
        """Return a row; the first about another unit than its table's leads to that unit's part, and `linked` tells."""
        link = self._link(row, table)
        if link in linked:
            link = None
        linked.add(link)
        widths = _widths(table)
        cells = [
            _cell(cell, sum(widths) if row.kind == "group" else width, _size(table))
            for cell, width in zip(row.cells, widths, strict=True)
        ]
        return {
            "kind": row.kind,
            "level": row.level,
            "link": link,
            "url": row.cells[0].link or None,
            "long": _height(row, table) > _LONG_ROW,
            "one_line": _is_one_line(row, table),
            "cells": cells,
        }

    def _link(self, row: Row, table: Table) -> str | None:
        """Return the key of the part about the unit that a row is about, where that is another than its table's."""
        if row.place is None or row.place == table.place:
            return None
        return self.parts_about.get(row.place)


def _logo(theme: Theme) -> Data | None:
    """Return the city's mark, its bytes as numbers; or None, and the city's name stands in its place."""
    if theme.logo is None:
        return None
    content, media_type = theme.logo
    kind = "svg" if media_type == "image/svg+xml" else "png"
    return {
        "content": list(content),
        "format": kind,
        "alternative": _shortened(theme.logo_alternative, _LONGEST_STRING),
    }


def _shortened(text: str, characters: int) -> str:
    """Return a text of no more than so many characters and an ellipsis; a dash stands for one that says nothing."""
    if not text.strip():
        return "–"
    return text if len(text) <= characters else f"{text[:characters].rstrip()}…"


def _is_short(*texts: str) -> bool:
    return sum(map(len, texts)) <= _SHORT_TEXT


def _fit_together(texts: list[str]) -> bool:
    """Return whether texts that each begin on a line of their own take no more than about half a page."""
    return sum(len(text) + _SHORT_TITLE // 2 for text in texts) <= _HALF_A_PAGE


def _are_short(runs: Iterable[Run]) -> bool:
    return _is_short(*(run.text for run in runs))


def _parts_about(document: Document) -> dict[tuple[str, str], str]:
    """Return the key of the part that is about each unit: the first one that has a table of the unit."""
    found: dict[tuple[str, str], str] = {}
    for _level, section in document.walk():
        places = (block.place for block in section.blocks if isinstance(block, Table))
        place = next((place for place in places if place is not None), None)
        if place is not None:
            found.setdefault(place, section.key)
    return found


def _may_keep_the_last(table: Table) -> bool:
    """Return whether the last rows of a table are rows of cells, short ones, with others like them before them."""
    last = table.rows[-_KEPT_AT_THE_END - 1 :]
    return len(last) > _KEPT_AT_THE_END and all(
        row.kind != "group" and _height(row, table) <= _LONG_ROW / 3 for row in last
    )


def _height(row: Row, table: Table) -> float:
    """Return how much a row takes at most, in points; letters are counted as wider than they are."""
    size = _size(table)
    widths = [_TEXT_POINTS] if row.kind == "group" else _widths(table)
    lines = (
        sum(ceil(_CERTAINLY * text_width(line, size) / width) or 1 for line in cell.text.split("\n"))
        for cell, width in zip(row.cells, widths, strict=False)
    )
    return max(lines) * size * _LINE + _BETWEEN_ROWS


def _is_one_line(row: Row, table: Table) -> bool:
    """Return whether a row certainly takes one line, so that nobody has to try how high it is.

    Of two tables in three all rows do; to try each takes half of the time, and a quarter of the memory.
    """
    size = _size(table)
    widths = [_TEXT_POINTS] if row.kind == "group" else _widths(table)
    indent = _INDENT * size if row.kind == "part" else 0.0
    return all(
        "\n" not in cell.text and _CERTAINLY * text_width(cell.text, size) + _sign(cell, size) + before <= width
        for cell, width, before in zip(row.cells, widths, (indent, *(0.0 for _ in widths)), strict=False)
    )


def _sign(cell: Cell, size: float) -> float:
    """Return the room of the sign that stands before a cell that means something."""
    return 0.0 if cell.tone in {None, "muted"} else 2 * size


def _heading_lines(table: Table) -> int:
    """Return how many lines the header takes, or 0 where a title may need more than it says."""
    lines = [column.title.split("\n") for column in table.columns]
    fit = all(
        _CERTAINLY * text_width(line, _HEADING_SIZE) <= width
        for title, width in zip(lines, _widths(table), strict=True)
        for line in title
    )
    return max(map(len, lines)) if fit else 0


def _is_narrow(table: Table) -> bool:
    """Return whether some word of a table may be wider than its column; to hyphenate the others takes long."""
    size, widths = _size(table), _widths(table)
    return any(
        text_width(word, size) > width
        for row in table.rows
        if row.kind != "group"
        for cell, width in zip(row.cells, widths, strict=True)
        if len(cell.text) * size > width / 2
        for word in cell.text.split()
    )


def _size(table: Table) -> float:
    """Return the size of a table's letters, in points: many columns have smaller ones."""
    return 7.5 if len(table.columns) > _MANY_COLUMNS else 8.5


def _widths(table: Table) -> list[float]:
    """Return the room that each column has for text, in points."""
    total = sum(column.share for column in table.columns)
    return [max(_TEXT_POINTS * column.share / total - 9, _NARROWEST) for column in table.columns]


def _cell(cell: Cell, width: float, size: float) -> Data | str:
    """Return a cell; one that is text and nothing else, as most are, is that text."""
    text, language = breakable(cell.text, width=width, size=size), _language(cell.language)
    if language is None and cell.tone is None and "\n" not in text:
        return text
    return {"text": text, "language": language, "tone": cell.tone}


def _column(title: str, numeric: bool, share: int, table: Table) -> Data:  # noqa: FBT001 - as a column has it
    width = max(_TEXT_POINTS * share / sum(column.share for column in table.columns) - 9, _NARROWEST)
    return {"title": breakable(title, width=width, size=_HEADING_SIZE), "numeric": numeric, "share": share}


def _fact(fact: Fact, *, narrow: bool) -> Data:
    room = 125 if narrow else 350
    return {
        "name": breakable(fact.name, width=90 if narrow else 115),
        "value": breakable(fact.value, width=room),
        "narrow": any(text_width(word, _FACT_SIZE) > room for word in fact.value.split()),
        "language": _language(fact.language),
        "machine": fact.machine,
    }


def _runs(runs: Iterable[Run]) -> list[Data]:
    return [
        {"text": breakable(run.text), "strong": run.strong, "language": _language(run.language), "link": None}
        for run in runs
    ]


def _language(tag: str | None) -> str | None:
    """Return the language of a tag (BCP 47) as the template takes it, or None for one that names none."""
    found = _LANGUAGE.match(tag) if tag else None
    return found[0] if found else None
