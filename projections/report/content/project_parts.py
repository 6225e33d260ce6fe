"""The projects: a table of all, a picture, and a part for each with its facts and what was reported of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from projections.report.content.document import Cell, Column, Fact, Facts, Row, Section, Table
from projections.report.content.figure_tables import exact_cell
from projections.report.content.pictures_of import project_progress, time_gone
from projections.report.content.prose import blocks_of, paragraph, plain
from projections.report.language.scale import UNKNOWN
from projections.report.language.words import msgid

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from projections.report.content.document import Block
    from projections.report.content.material import Material
    from projections.report.content.snapshot_material import SnapshotMaterial
    from projections.snapshot.model import ProjectReport

KEY = "projects"
TABLE_KEY = "projects-table"
PHASES = {
    "suunnitteluvaihe": msgid("planning"),
    "suunnittelu": msgid("planning"),
    "suunnittelu- ja toteutusvaihe": msgid("planning and implementation"),
    "toteutusvaihe": msgid("implementation"),
    "käynnissä": msgid("in progress"),
    "päättyy": msgid("ending"),
    "päättynyt": msgid("ended"),
}
"""The phases that have a word in every language; another is shown as it was recorded."""


def project_sections(material: Material) -> list[Section]:
    """Return the part about projects; none where there are no projects."""
    projects = material.snapshot.projects
    if not projects:
        return []
    words = material.words
    picture = project_progress(material, TABLE_KEY)
    return [
        Section(
            key=KEY,
            title=words.say("Projects"),
            blocks=(_table(material), *([] if picture is None else [picture])),
            sections=tuple(_section(material, number, project) for number, project in enumerate(projects, 1)),
            new_page=True,
        )
    ]


def _section(material: SnapshotMaterial, number: int, project: ProjectReport) -> Section:
    return Section(
        key=f"project-{number}",
        title=plain(project.name),
        blocks=tuple(project_blocks(material, project)),
        listed=False,
        language=material.words.content,
    )


def project_blocks(material: SnapshotMaterial, project: ProjectReport) -> Iterator[Block]:
    """Yield what is known of a project: what it is for, its facts, and what was reported of it."""
    content = material.words.content
    if project.description:
        yield from blocks_of(project.description, content)
    yield Facts(facts=tuple(_facts(material, project)))
    if project.text:
        yield paragraph(material.words.say("State of the project"), style="label")
        yield from blocks_of(project.text, content)


def _facts(material: SnapshotMaterial, project: ProjectReport) -> Iterator[Fact]:
    """Yield what is known of a project: what was recorded in its own words, what is computed in the document's."""
    words, content = material.words, material.words.content
    unit = material.units.get(project.unit)
    recorded = (
        (words.say("Unit"), plain(project.unit) if unit is None else material.title(unit)),
        (words.say("Responsible"), project.responsible),
        (words.say("Administered by"), project.administrator),
        (words.say("Funder"), project.funder),
        (words.say("Decision of the city"), project.city_decision),
    )
    yield from (Fact(name=name, value=plain(value), language=content) for name, value in recorded if value)
    if time := _time(material, project):
        yield Fact(name=words.say("Time"), value=time)
    yield from _phase(material, project.phase)
    computed = (
        (words.say("In the budgets of"), ", ".join(str(year) for year in project.budget_years)),
        (words.say("Income"), _euros(material, project.income_cents)),
        (words.say("Expenses"), _euros(material, project.expense_cents)),
        (words.say("City's share"), _euros(material, project.city_share_cents)),
        (words.say("Progress"), _percent(material, project.percent)),
        (words.say("Ended"), _day(material, project.ended)),
    )
    yield from (Fact(name=name, value=value) for name, value in computed if value)
    notes = ((words.say("About the amounts"), project.amount_notes), (words.say("Other"), project.other))
    yield from (Fact(name=name, value=plain(value), language=content) for name, value in notes if value)


def _table(material: SnapshotMaterial) -> Table:
    words = material.words
    money = (words.say("Income"), words.say("Expenses"), words.say("City's share"))
    return Table(
        key=TABLE_KEY,
        caption=words.say("Projects"),
        columns=(
            Column(title=words.say("Project"), share=5),
            Column(title=words.say("Time"), share=3),
            *(Column(title=f"{title}\n€", numeric=True, share=2, sheet_title=f"{title}, €") for title in money),
            Column(title=f"{words.say('Progress')}\n%", numeric=True, share=2),
            Column(title=f"{words.say('Time gone')}\n%", numeric=True, share=2),
        ),
        rows=tuple(_row(material, project) for project in material.snapshot.projects),
        sheet=words.say("Projects"),
    )


def _row(material: SnapshotMaterial, project: ProjectReport) -> Row:
    numbers, gone = material.words.numbers, time_gone(material, project)
    progress = None if project.percent is None else Decimal(project.percent)
    percents = (
        Cell(text=UNKNOWN if value is None else said(value), value=value, form="percent")
        for value, said in ((progress, numbers.as_known), (gone, numbers.plain))  # one as told, the other as computed
    )
    unit = material.units.get(project.unit)
    money = (project.income_cents, project.expense_cents, project.city_share_cents)
    return Row(
        cells=(
            Cell(text=plain(project.name), language=material.words.content),
            Cell(text=_time(material, project) or UNKNOWN),
            *(exact_cell(material, cents) for cents in money),
            *percents,
        ),
        place=(plain(project.unit), "") if unit is None else material.place(unit),
    )


def _time(material: SnapshotMaterial, project: ProjectReport) -> str:
    first, last, numbers = project.start, project.end, material.words.numbers
    if first is not None and last is not None and first <= last:
        return numbers.span(first, last)
    return "–".join("" if day is None else numbers.day(day) for day in (first, last)) if first or last else ""


def _phase(material: SnapshotMaterial, recorded: str) -> Iterator[Fact]:
    """Yield a project's phase as it was recorded; in another language than that, by its word where there is one."""
    words, phase = material.words, plain(recorded)
    known = PHASES.get(phase.casefold()) if words.content else None
    if known:
        yield Fact(name=words.say("Phase"), value=words.say(known))
    elif phase:
        yield Fact(name=words.say("Phase"), value=phase, language=words.content)


def _euros(material: SnapshotMaterial, cents: int | None) -> str:
    return "" if cents is None else material.words.numbers.exact_euros(cents)


def _percent(material: SnapshotMaterial, percent: str | None) -> str:
    return "" if percent is None else material.words.numbers.percent(Decimal(percent), None)


def _day(material: SnapshotMaterial, day: date | None) -> str:
    return "" if day is None else material.words.numbers.day(day)
