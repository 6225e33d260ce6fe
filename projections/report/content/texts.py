"""What a unit says in words: its outlook, its priorities, its narratives, and its statistics."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from projections.report.content.document import Cell, Column, Paragraph, Row, Run, Section, Table
from projections.report.content.prose import blocks_of, paragraph, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.period import Period
    from projections.report.content.document import Block
    from projections.report.content.snapshot_material import SnapshotMaterial, Unit
    from projections.snapshot.model import Indicator, Narrative, Priority


def outlook(material: SnapshotMaterial, unit: Unit) -> Iterator[Block]:
    """Yield the unit's estimate of how its budget will come true, where it gave one."""
    if unit.outlook:
        label = material.words.say("Estimate of how the budget of {year} will come true", year=str(material.end.year))
        yield paragraph(label, style="label")
        yield from blocks_of(unit.outlook, material.words.content)


def priorities(material: SnapshotMaterial, unit: Unit) -> Iterator[Block]:
    """Yield the table of a unit's priorities of the year, with what came of them."""
    if not unit.priorities:
        return
    words = material.words
    yield Table(
        key=f"priorities-{material.key(unit)}",
        caption=words.say("Priorities {year}: {name}", year=str(material.end.year), name=material.title(unit)),
        columns=(
            Column(title=words.say("No."), share=1),
            Column(title=words.say("Priority"), share=5),
            Column(title=words.say("Metric"), share=3),
            Column(title=words.say("Outcome"), share=8),
        ),
        rows=tuple(_priority(priority, words.content) for priority in unit.priorities),
        sheet=words.say("Priorities"),
        place=material.place(unit),
    )


def _priority(priority: Priority, language: str | None) -> Row:
    number = Cell(text=f"{priority.number}", value=priority.number, form="plain")
    recorded = (priority.title, priority.metric, priority.text)
    texts = (Cell(text=plain(text), language=language) for text in recorded)
    return Row(cells=(number, *texts))


def narratives(material: SnapshotMaterial, unit: Unit) -> Iterator[Section]:
    """Yield a part for each heading that a unit wrote under, its texts by programme."""
    content = material.words.content
    headings: dict[str, list[Narrative]] = {}
    for narrative in unit.narratives:
        headings.setdefault(plain(narrative.section), []).append(narrative)
    for number, (heading, texts) in enumerate(headings.items(), 1):
        yield Section(
            key=f"text-{material.key(unit)}-{number}",
            title=heading,
            blocks=tuple(_texts(material, texts)),
            listed=False,
            language=content,
        )


def _texts(material: SnapshotMaterial, texts: Iterable[Narrative]) -> Iterator[Block]:
    content, whole = material.words.content, material.snapshot.period
    for (programme, period), together in groupby(texts, key=lambda text: (text.programme, text.period)):
        of_part = "" if period == whole else f" ({_span(material, period)})"
        label = f"{plain(programme)}{of_part}".strip()
        if label:
            yield Paragraph(runs=(Run(label),), style="label", language=content)
        for text in together:
            yield from blocks_of(text.text, content)


def indicators(material: SnapshotMaterial, unit: Unit) -> Iterator[Table]:
    """Yield the table of a unit's statistics."""
    if not unit.indicators:
        return
    words = material.words
    yield Table(
        key=f"indicators-{material.key(unit)}",
        caption=words.say("Statistics: {name}", name=material.title(unit)),
        columns=(
            Column(title=words.say("Indicator"), share=6),
            Column(title=words.say("Value"), numeric=True, share=1),
            Column(title=words.say("Measured in"), share=1),
            Column(title=words.say("Period"), share=2),
        ),
        rows=tuple(_indicator(material, indicator) for indicator in unit.indicators),
        sheet=words.say("Indicators"),
        place=material.place(unit),
    )


def _indicator(material: SnapshotMaterial, indicator: Indicator) -> Row:
    content = material.words.content
    value = Decimal(indicator.value)
    return Row(
        cells=(
            Cell(text=plain(indicator.name), language=content),
            Cell(text=material.words.numbers.as_recorded(indicator.value), value=value, form="plain"),
            Cell(text=plain(indicator.unit), language=content),
            Cell(text=_span(material, indicator.period)),
        )
    )


def _span(material: SnapshotMaterial, period: Period) -> str:
    return material.words.numbers.span(period.start, period.end)
