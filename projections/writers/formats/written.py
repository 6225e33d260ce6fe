"""A report in the formats that it is written down in, and what its file is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from projections.report.content.translated import marked_in_words
from projections.report.language.languages import LANGUAGES

if TYPE_CHECKING:
    from projections.report.content.document import Document
    from projections.report.content.query import ReportQuery
    from projections.report.theme.theme import Theme


def file_name(city: str, query: ReportQuery, form: str) -> str:
    """Return the name that a report's file has where nobody chooses one: city, unit, period, and another language."""
    of_a_year = query.period.is_year
    parts = ["vuosiraportti" if of_a_year else "osavuosikatsaus", _in_file_name(city.lower())]
    if query.unit is not None:
        parts.append(_in_file_name(query.unit))
    parts.append(f"{query.period.year}" if of_a_year else f"{query.period.start}_{query.period.end}")
    if query.published is not None:
        parts.append(f"r{query.published}" if query.published else "published")
    if query.language != LANGUAGES[0]:
        parts.append(query.language)
    return f"{'-'.join(parts)}.{form}"


def _in_file_name(text: str) -> str:
    return re.sub(r"[^\w.-]+", "_", text).strip(".") or "_"


def written(document: Document, theme: Theme, form: str) -> bytes:
    """Return a document in a format; the libraries of the others are not loaded."""
    if form == "html":
        from projections.writers.page.html import page

        return page(document, theme)
    if form == "pdf":
        from projections.writers.pdf.pdf import pdf

        return pdf(document, theme)
    if form == "docx":
        from projections.writers.word.word import word

        return word(document, theme)
    if form == "xlsx":
        from projections.writers.xlsx.workbook import workbook

        return workbook(marked_in_words(document))
    from projections.writers.markdown import markdown

    return markdown(marked_in_words(document))
