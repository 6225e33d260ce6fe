"""Notes to the reader: where figures differ, what is unknown, and what is in no figure; in the document's language."""

from __future__ import annotations

import shlex
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from projections.report.content import comparing
from projections.report.content.document import Bullets, Cell, Column, Row, Run, Section, Table
from projections.report.content.figure_tables import exact_cell
from projections.report.content.missing_figures import what_is_missing
from projections.report.content.prose import paragraph, plain, safe
from projections.report.language.scale import UNKNOWN
from projections.report.language.sentences import difference, difference_text, finding_sentence
from projections.snapshot.round_parts import UNREPORTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from projections.report.content.document import Block, NumberForm
    from projections.report.content.material import Material
    from projections.report.content.snapshot_material import SnapshotMaterial
    from projections.snapshot.model import FigureRow, Finding, ProjectReport, Unplaced

KEY = "notes"
_LISTED_ON_PAPER = 60
"""Rows of the list of unknown figures: a longer one is in the workbook and on the page, and told in short on paper."""


def notes_section(material: Material) -> Section:
    """Return the notes to the reader: what the figures leave open."""
    words = material.words
    blocks = [
        *comparing.in_the_notes(material),
        *_mismatches(material),
        *_roundings(material),
        *_whole_euros(material),
        *_unreported(material),
        *_stale(material),
        *_partial(material),
        *_unknown(material),
        *_unplaced(material),
        *_imported(material),
    ]
    if not blocks:
        blocks = [paragraph(words.say("There is nothing to note about the figures."))]
    return Section(key=KEY, title=words.say("Notes to the reader"), blocks=tuple(blocks), new_page=True)


def findings(material: SnapshotMaterial, kind: str) -> list[Finding]:
    """Return the findings of one kind, but for those on columns that tell again what another does."""
    again = material.repeated_columns
    return [finding for finding in material.snapshot.findings if finding.kind == kind and finding.column not in again]


def unknown_cells(material: SnapshotMaterial) -> tuple[int, int]:
    """Return how many cells of figures nothing is known of, and how many there are."""
    cells = [(row.cell(name), name in row.partial) for row in material.figures for name in material.scales]
    return sum(cell is None and not partial for cell, partial in cells), len(cells)


def _mismatches(material: SnapshotMaterial) -> Iterator[Block]:
    found = findings(material, "mismatch")
    if not found:
        return
    words = material.words
    yield paragraph(words.say("Figures that differ"), style="label")
    yield paragraph(
        words.say_of(
            "{count} figure can be reached by two routes that differ by more than rounding explains.",
            "{count} figures can be reached by two routes that differ by more than rounding explains.",
            len(found),
        )
        + " "
        + words.say("The report shows amounts as they were stated, and per cents as they are computed.")
    )
    yield _findings_table(material, "mismatches", words.say("Figures that differ"), found)


def _roundings(material: SnapshotMaterial) -> Iterator[Block]:
    found = findings(material, "rounding")
    if not found:
        return
    words = material.words
    amounts = [abs(between) for f in found if isinstance(between := difference(f), int)]
    yield paragraph(words.say("Rounding"), style="label")
    said = words.say_of(
        "{count} figure differs from what it can be computed from by no more than was rounded.",
        "{count} figures differ from what they can be computed from by no more than was rounded.",
        len(found),
    )
    if amounts:
        most = material.words.numbers.exact_euros(max(amounts))
        said += " " + words.say("The largest difference is {amount}.", amount=most)
    yield paragraph(said)
    yield _findings_table(material, "roundings", words.say("Rounding differences"), found, folded=True)


def _unreported(material: SnapshotMaterial) -> Iterator[Block]:
    """Name the units whose part of the report is not there, or not accepted."""
    found = [finding for finding in findings(material, "incomplete") if finding.code in UNREPORTED]
    if not found:
        return
    words = material.words
    yield paragraph(words.say("Units that have not reported"), style="label")
    yield _findings_list(material, found)


def _stale(material: SnapshotMaterial) -> Iterator[Block]:
    """Name the units whose texts are older than their figures, with the largest change since."""
    found = findings(material, "stale")
    if not found:
        return
    words = material.words
    yield paragraph(words.say("Texts older than their figures"), style="label")
    yield paragraph(
        words.say(
            "Figures of these units changed after they had written of them, or had handed in their part. Whether the "
            "texts still hold is for them to say."
        )
    )
    yield _findings_list(material, found)


def _findings_list(material: SnapshotMaterial, found: Sequence[Finding]) -> Bullets:
    """Return what is found of units, each by its name, and by the figure that it is about."""
    items = []
    for finding in found:
        unit = material.units.get(finding.unit or "")
        name = plain(finding.unit or "") if unit is None else material.title(unit)
        about = "" if finding.line is None else f"{_figure(material, finding)} "
        items.append((Run(f"{name}: {about}{finding_sentence(material.words, finding)}"),))
    return Bullets(items=tuple(items))


def _whole_euros(material: SnapshotMaterial) -> Iterator[Block]:
    if material.has_cents:
        yield paragraph(
            material.words.say(
                "Amounts are shown in whole euros. Sums are of the exact amounts, so that they may be some euros from "
                "the sum of what is shown."
            )
        )


def _findings_table(
    material: SnapshotMaterial, key: str, caption: str, found: Sequence[Finding], *, folded: bool = False
) -> Table:
    words = material.words
    return Table(
        key=key,
        caption=caption,
        columns=(
            Column(title=words.say("Unit"), share=3),
            Column(title=words.say("Figure"), share=4),
            Column(title=words.say("Stated"), numeric=True, share=2),
            Column(title=words.say("Computed"), numeric=True, share=2),
            Column(title=words.say("Difference"), numeric=True, share=2),
        ),
        rows=tuple(_finding_row(material, finding) for finding in found),
        sheet=words.say("Notes"),
        folded=folded,
    )


def _finding_row(material: SnapshotMaterial, finding: Finding) -> Row:
    unit = material.units.get(finding.unit or "")
    named = plain(finding.unit or UNKNOWN) if unit is None else material.title(unit)
    stated, computed = finding.stated, finding.computed
    amounts = (_amount(material, finding, stated), _amount(material, finding, computed), _difference(material, finding))
    return Row(
        cells=(Cell(text=named, language=material.words.content), Cell(text=_figure(material, finding)), *amounts),
        place=(plain(finding.unit or ""), "") if unit is None else material.place(unit),
    )


def _figure(material: SnapshotMaterial, finding: Finding) -> str:
    return " · ".join(part for part in figure_of(material, finding) if part)


def figure_of(material: SnapshotMaterial, finding: Finding) -> tuple[str, str]:
    """Return which figure a finding is about: its lines and its column, or the project whose money it is."""
    if finding.column == "projects":
        project = _project_of(material, finding)
        return material.words.say("Project: {name}", name=UNKNOWN if project is None else plain(project.name)), ""
    several = finding.parameters.get("lines")
    lines = several if finding.kind == "incomplete" and isinstance(several, tuple) else (finding.line,)
    column = finding.column or ""
    return (
        ", ".join(material.label(line) for line in lines if isinstance(line, str) and line),
        material.column_names.get(column, column),
    )


def _project_of(material: SnapshotMaterial, finding: Finding) -> ProjectReport | None:
    """Return the project of a unit whose expenses are not what its income and the city's share make up."""
    for project in material.snapshot.projects:
        income, share, expense = project.income_cents, project.city_share_cents, project.expense_cents
        if project.unit != finding.unit or income is None or share is None or expense is None:
            continue
        if (expense, income + share) == (finding.stated, finding.computed):
            return project
    return None


def _amount(material: SnapshotMaterial, finding: Finding, value: int | str | None) -> Cell:
    if value is None:
        return Cell(text=UNKNOWN)
    numbers = material.words.numbers
    if isinstance(value, int) and finding.column != "percent":
        form: NumberForm = "cents" if value % 100 else "euros"
        return Cell(text=numbers.exact_euros(value), value=Decimal(value) / 100, form=form)
    return Cell(text=numbers.percent(Decimal(value), 2), value=Decimal(value), form="percent")


def _difference(material: SnapshotMaterial, finding: Finding) -> Cell:
    between = difference(finding)
    if isinstance(between, int):
        return _amount(material, finding, between)
    if between is not None:
        return Cell(text=difference_text(material.words, finding), value=between, form="percent")
    return Cell(text=UNKNOWN)


def _unknown(material: SnapshotMaterial) -> Iterator[Block]:
    """Say which figures are unknown: by column, the units that lack them."""
    unknown, of_all = unknown_cells(material)
    if not unknown:
        return
    words = material.words
    yield paragraph(words.say("Unknown figures"), style="label")
    yield paragraph(
        words.say_of(
            "{count} of {all} figures is unknown, because nobody has stated or posted it. It is shown as “–”, "
            "which does not mean zero.",
            "{count} of {all} figures are unknown, because nobody has stated or posted them. They are shown as “–”, "
            "which does not mean zero.",
            unknown,
            all=words.numbers.plain(of_all),
        )
    )
    yield Bullets(items=tuple((Run(text),) for text in _by_column(material, _is_unknown)))
    yield _unknown_table(material)


def _unknown_table(material: SnapshotMaterial) -> Table:
    """Return the list of unknown figures: for each unit which lines lack which columns; a long one is folded up."""
    words, rows = material.words, tuple(_unknown_rows(material))
    return Table(
        key="unknown",
        caption=words.say("Unknown figures"),
        columns=(
            Column(title=words.say("Unit"), share=3),
            Column(title=words.say("Line"), share=3),
            Column(title=words.say("Columns"), share=5),
        ),
        rows=rows,
        sheet=words.say("Unknown figures"),
        folded=len(rows) > _LISTED_ON_PAPER,
    )


def _unknown_rows(material: SnapshotMaterial) -> Iterator[Row]:
    """Yield a row for the lines of a unit of which the same columns are unknown, units as the report has them."""
    names = material.column_names
    for unit in material.units.values():
        lines: dict[tuple[str, ...], list[str]] = {}
        for row in unit.figures:
            columns = tuple(dict.fromkeys(names[name] for name in material.scales if _is_unknown(row, name)))
            if columns:
                lines.setdefault(columns, []).append(material.label(row.line))
        for columns, together in lines.items():
            cells = (
                Cell(text=material.title(unit), language=material.words.content),
                Cell(text="; ".join(together)),  # a label may have a comma
                Cell(text="; ".join(columns)),
            )
            yield Row(cells=cells, place=material.place(unit))


def _is_unknown(row: FigureRow, column: str) -> bool:
    return row.cell(column) is None and column not in row.partial


def _by_column(material: SnapshotMaterial, told: Callable[[FigureRow, str], bool]) -> Iterator[str]:
    """Yield for each column the units with figures to be told of; columns with the same units together."""
    names = material.column_names
    columns: dict[tuple[str, ...], list[str]] = {}
    for name in material.scales:
        units = tuple(code for code, unit in material.units.items() if any(told(row, name) for row in unit.figures))
        if units:
            columns.setdefault(units, []).append(names[name])
    for units, together in columns.items():
        yield f"{', '.join(together)}: {material.listed(units)}"


def _partial(material: SnapshotMaterial) -> Iterator[Block]:
    """Say which figures are known in part, and what is missing from them."""
    found = tuple((Run(text),) for text in what_is_missing(material))
    if not found:
        return
    words = material.words
    yield paragraph(words.say("Figures that are not whole"), style="label")
    yield paragraph(
        words.say(
            "Of these a part is known, which stands in square brackets and is no total. The whole would need what is "
            "missing."
        )
    )
    yield Bullets(items=found)


def _unplaced(material: SnapshotMaterial) -> Iterator[Block]:
    if material.snapshot.unplaced:
        yield paragraph(material.words.say("Postings that are in no figure"), style="label")
        yield from unplaced(material)


def unplaced(material: SnapshotMaterial) -> Iterator[Block]:
    """Yield the postings whose period the end of the months shown cuts in two, and that they are in no figure."""
    words, found = material.words, material.snapshot.unplaced
    if not found:
        return
    yield paragraph(
        words.say_of(
            "The end of the months shown cuts the period of {count} posting in two, so that it is in no figure.",
            "The end of the months shown cuts the periods of {count} postings in two, so that they are in no figure.",
            len(found),
        )
    )
    yield Table(
        key="unplaced",
        caption=words.say("Postings that are in no figure"),
        columns=(
            Column(title=words.say("Event"), numeric=True, share=1),
            Column(title=words.say("Unit"), share=3),
            Column(title=words.say("Line"), share=3),
            Column(title=words.say("Period"), share=2),
            Column(title="€", numeric=True, share=2),
        ),
        rows=tuple(_posting_row(material, posting) for posting in found),
    )


def _posting_row(material: SnapshotMaterial, posting: Unplaced) -> Row:
    words, unit = material.words, material.units.get(posting.unit)
    return Row(
        cells=(
            Cell(text=words.numbers.plain(posting.position), value=posting.position, form="plain"),
            Cell(text=material.called(posting.unit), language=words.content),
            Cell(text=material.label(posting.line)),
            Cell(text=words.numbers.span(posting.start, posting.end)),
            exact_cell(material, posting.cents),
        ),
        place=(plain(posting.unit), "") if unit is None else material.place(unit),
    )


def _imported(material: Material) -> Iterator[Block]:
    """Say how much was concluded or left out when documents were read in, and how it is listed."""
    counted = Counter(finding.kind for finding in material.snapshot.findings)
    inferred, unparsed = counted["inferred"], counted["unparsed"]
    if not inferred + unparsed:
        return
    words = material.words
    unit = "" if material.query.unit is None else f" --unit {shlex.quote(material.query.unit)}"
    yield paragraph(words.say("What was read from documents"), style="label")
    yield paragraph(
        words.say(
            "When documents were read in, things concluded without being printed: {inferred}; "
            "things that could not be placed: {unparsed}. They are listed by `{command}`.",
            inferred=words.numbers.plain(inferred),
            unparsed=words.numbers.plain(unparsed),
            command=safe(f"heinola snapshot {iso(material)}{unit} --findings all"),
        )
    )


def iso(material: SnapshotMaterial) -> str:
    """Return the period of the report as it is typed on any keyboard: `2020-04-01..2020-06-30`."""
    first, last = material.period
    return f"{first.isoformat()}..{last.isoformat()}"
