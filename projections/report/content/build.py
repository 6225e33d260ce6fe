"""The report as a document, ready to be written down in any form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from heinola_es.errors import BadInput
from heinola_es.sealing.seals import parse_seal
from projections.published.publications import last_published, published_snapshot, sealed_bytes
from projections.publishing import seal_of
from projections.read_models.moment import answered
from projections.report.content.budget_changes import budget_changes
from projections.report.content.document import Document, Interface, Proof
from projections.report.content.forecasts import track_sections
from projections.report.content.material import Material
from projections.report.content.notes import notes_section
from projections.report.content.origin import identity_of, origin_of, written_at
from projections.report.content.project_parts import project_sections
from projections.report.content.prose import plain
from projections.report.content.provenance import cover, provenance_section
from projections.report.content.summary import summary
from projections.report.content.translated import marked
from projections.report.content.unit_parts import unit_sections
from projections.report.language.titles import report_title
from projections.report.language.words import words_in
from projections.snapshot.columns import besides_default
from projections.snapshot.encoding import encoded
from projections.snapshot.taking import SnapshotQuery, View, look, snapshot_of
from projections.snapshot.translating import told_in

if TYPE_CHECKING:
    from heinola_es.sealing.seals import Seal
    from heinola_es.store.reading import LogReader
    from projections.published.publications import Published
    from projections.report.content.query import ReportQuery
    from projections.report.language.words import Words
    from projections.report.theme.theme import Theme
    from projections.snapshot.model import Snapshot


def build_report(reader: LogReader, query: ReportQuery, theme: Theme) -> Document:
    """Return the report that a query asks for, all of it of one position of the log.

    The same log, query and theme always give the same document.

    Raises:
        BadInput: the period crosses years, or there is no such unit.
        NotPublished: it was asked for as published, and was not.
        PublishedDiffers, LogDiffers: it was, and what the log gives now is not what was published.
    """
    return answered(reader, lambda: _built(reader, query, theme))


def _built(reader: LogReader, query: ReportQuery, theme: Theme) -> Document:
    published = None if query.published is None else _publication(reader, query)
    words = words_in(query.language)
    if published is not None:  # it has the columns that it was published with
        query = evolve(query, columns=published.columns)
    view, snapshot = _taken(reader, query, published, words)
    words = words_in(query.language, snapshot.recorded_in)
    material = Material.of(
        query, theme, view, told_in(snapshot, words.language), origin_of(view, query, snapshot, published), words
    )
    document = _document(material, identity_of(query, theme, snapshot, material.origin))
    document = marked(document, snapshot, words)
    return evolve(document, proof=_proof(reader, query, snapshot, published))


def _proof(reader: LogReader, query: ReportQuery, snapshot: Snapshot, published: Published | None) -> Proof:
    """Return the snapshot as its digest is worked out, and the seal of the publication, where one is at hand."""
    content = encoded(snapshot) if published is None else sealed_bytes(reader, published)
    if query.seal and published is not None:
        _require_of(parse_seal(query.seal, None), seal_of(reader, published), published)
    return Proof(snapshot=content, seal=query.seal)


def _require_of(seal: Seal, of_publication: Seal, published: Published) -> None:
    """Refuse a seal that is not of the publication that is reported.

    Raises:
        BadInput.
    """
    if seal != of_publication:
        raise BadInput(
            f"the seal is not of the report {published.label} as it is in this store; name the one that "
            f"`heinola publish` wrote for it with --seal, or leave that out"
        )


def _publication(reader: LogReader, query: ReportQuery) -> Published:
    return last_published(reader, query.period, query.unit, query.published or None)


def _taken(reader: LogReader, query: ReportQuery, published: Published | None, words: Words) -> tuple[View, Snapshot]:
    """Return the snapshot that is reported, of what was published exactly that, and the view of its position."""
    if published is not None:
        snapshot = published_snapshot(reader, published, words.say("(name erased)"))
        return look(reader, published.query()), snapshot
    asked = SnapshotQuery(
        period=query.period,
        unit=query.unit,
        known_at=query.known_at,
        structure=query.structure,
        comparable=query.comparable,
        layout=query.layout,
        years=query.years,
        columns=besides_default(query.columns),
        forecast_method=query.forecast_method,
    )
    view = look(reader, asked)
    return view, snapshot_of(view, evolve(asked, known_at=None, position=view.upto))


def report_on(view: View, query: ReportQuery, theme: Theme, snapshot: Snapshot) -> Document:
    """Return the report that says of a view what a snapshot of it has, be it of some of its units alone."""
    material = Material.of(
        query,
        theme,
        view,
        snapshot,
        origin_of(view, query, snapshot, None),
        words_in(query.language, snapshot.recorded_in),
    )
    return _document(material, identity_of(query, theme, snapshot, material.origin))


def _document(material: Material, identity: str) -> Document:
    words = material.words
    period = words.numbers.span(*material.period)
    tops = material.operating or material.tops
    one = tops[0] if len(tops) == 1 and tops[0] is not material.city else None
    return Document(
        language=words.language,
        title=report_title(words, material.snapshot.period),
        city=plain(material.snapshot.city),
        subject=words.say("The whole city") if one is None else material.name(one),
        subject_language=None if one is None else words.content,
        period=period,
        cover=cover(material),
        summary=summary(material),
        sections=(
            *unit_sections(material),
            *(section for section in (budget_changes(material),) if section is not None),
            *project_sections(material),
            *track_sections(material),
            notes_section(material),
            provenance_section(material),
        ),
        interface=interface(words),
        written=written_at(material.origin, material.query),
        identity=identity,
    )


def interface(words: Words) -> Interface:
    """Return the words around the text of a document, in its language."""
    return Interface(
        contents=words.say("Contents"),
        summary=words.say("Summary"),
        page=words.say("Page"),
        page_of=words.say("of"),
        skip_to_content=words.say("Skip to the content"),
        show_table=words.say("Show as a table"),
        picture=words.say("Picture"),
        table=words.say("Table"),
        unit_code=words.say("Unit code"),
        unit_name=words.say("Unit name"),
        row_is=words.say("Row is"),
        sum_of_rows=words.say("sum"),
        part_of_sums=words.say("part"),
        texts=words.say("Texts"),
        part_of_report=words.say("Part of the report"),
        heading=words.say("Heading"),
        text=words.say("Text"),
        snapshot=words.say("The figures and texts that this report is made from"),
        seal=words.say("The seal of the publication"),
        proof=words.say("Which figure of it stands where in this report"),
    )
