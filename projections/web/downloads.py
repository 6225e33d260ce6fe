"""The report as a file, in every format that the command line writes, byte for byte the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import BadInput
from projections.published.publications import published_document
from projections.read_models.city import city_of
from projections.report.content.build import build_report
from projections.snapshot.encoding import encoded
from projections.snapshot.taking import take_snapshot
from projections.web.asked import asked_of
from projections.web.moments import publication, report_query
from projections.web.visit import Answer
from projections.writers.formats.written import file_name, written

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader
    from projections.report.content.query import ReportQuery
    from projections.web.visit import Site, Visit

TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}


def download(site: Site, visit: Visit) -> Answer:
    """Give the report as a file."""
    asked, form = asked_of(site, visit), visit.query.get("form", "html")
    if form not in TYPES:
        raise BadInput(f"a report is written as {', '.join(TYPES)}, and not as {form[:20]!r}")

    def question(reader: LogReader) -> tuple[ReportQuery, bytes, str]:
        of = None if asked.published is None else publication(reader, asked, asked.published)
        query = report_query(asked, of)
        if form == "json":
            if of is not None:
                return query, published_document(reader, of), city_of(reader, reader.size()).name
            return query, encoded(take_snapshot(reader, asked.query())), city_of(reader, reader.size()).name
        document = build_report(reader, query, site.theme)
        return query, written(document, site.theme, form), document.city

    query, content, city = site.ask(question)
    return Answer(content, TYPES[form], file_name=file_name(city, query, form))
