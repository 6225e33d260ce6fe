"""The parts of the report that are about units: each with its figures, goals and texts, those below it inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.report.content import forecast_basis, goal_table, texts
from projections.report.content.city_tables import internal_table, investments_table, sectors_table
from projections.report.content.document import Fact, Facts, Section
from projections.report.content.figure_tables import (
    figures_below,
    further_figures,
    own_figures,
    stands_in_table_above,
    units_in_table_below,
)
from projections.report.content.missing_figures import below_a_table
from projections.report.content.pictures_of import course_of_year, goals_by_status, income_and_expenses, use_of_budget
from projections.report.content.prose import paragraph, plain
from projections.report.content.snapshot_material import is_investment
from projections.report.language.unit_kinds import UNIT_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.report.content.document import Block, Picture
    from projections.report.content.material import Material
    from projections.report.content.snapshot_material import Unit

_DEEPEST_NEW_PAGE = 2


def unit_sections(material: Material) -> list[Section]:
    """Return a part for each sector and investment programme, in report order."""
    return [_section(material, top, level=1) for top in material.tops]


def _section(material: Material, unit: Unit, level: int) -> Section:
    below = [child for child in material.below(unit) if _has_section(material, child)]
    large = level == 1 or bool(material.below(unit))
    return Section(
        key=f"unit-{material.key(unit)}",
        title=material.title(unit),
        blocks=tuple(_blocks(material, unit)),
        sections=(*_word_sections(material, unit), *(_section(material, child, level + 1) for child in below)),
        new_page=level == 1 or (large and level <= _DEEPEST_NEW_PAGE and not is_investment(unit)),
        listed=large or level <= _DEEPEST_NEW_PAGE,
        language=material.words.content,
    )


def _has_section(material: Material, unit: Unit) -> bool:
    """Return whether a unit has a part of its own: where a line in the table of the unit above does not say it all."""
    return not stands_in_table_above(material, unit) or bool(
        unit.goals or unit.priorities or unit.narratives or unit.indicators or unit.outlook
    )


def _blocks(material: Material, unit: Unit) -> Iterator[Block]:
    yield from _facts(material, unit)
    own, below = own_figures(material, unit), figures_below(material, unit)
    if own.rows:
        yield own
        yield from below_a_table(material, [unit])
        yield from forecast_basis.below_figures(material, material.statement(unit))
    else:
        yield paragraph(material.words.say("No figures are known of this unit."), style="note")
    yield from texts.outlook(material, unit)
    yield from _pictures(material, unit, own.key)
    if below is not None:
        yield below
        yield from below_a_table(material, units_in_table_below(material, unit))
    yield from further_figures(material, unit)
    if unit is material.city:
        tables = (internal_table(material), sectors_table(material), investments_table(material))
        yield from (table for table in tables if table is not None)


def _facts(material: Material, unit: Unit) -> Iterator[Block]:
    words = material.words
    kind = UNIT_KINDS[unit.kind]
    facts = [Fact(name=words.say(kind), value=plain(unit.code))]
    if unit.responsible:
        name = words.say("Responsible")
        facts.append(Fact(name=name, value=plain(unit.responsible), language=words.content))
    yield Facts(facts=tuple(facts))


def _pictures(material: Material, unit: Unit, figures_key: str) -> Iterator[Picture]:
    if is_investment(unit):
        return
    found = [use_of_budget(material, unit)]
    if unit.kind == "sector" or material.below(unit) or unit.parent not in material.units:
        found.append(course_of_year(material, unit))
    if unit.kind == "sector":
        found += [income_and_expenses(material, unit, figures_key), goals_by_status(material, unit)]
    yield from (picture for picture in found if picture is not None)


def _word_sections(material: Material, unit: Unit) -> Iterator[Section]:
    words, key = material.words, material.key(unit)
    of_year = words.say("Priorities {year}", year=str(material.end.year))
    parts = (
        ("goals-of", words.say("Goals"), goal_table.goal_blocks(material, unit)),
        ("priorities-of", of_year, texts.priorities(material, unit)),
    )
    for name, title, blocks in parts:
        if found := tuple(blocks):
            yield Section(key=f"{name}-{key}", title=title, blocks=found, listed=False)
    yield from texts.narratives(material, unit)
    if found := tuple(texts.indicators(material, unit)):
        yield Section(key=f"statistics-of-{key}", title=words.say("Statistics"), blocks=found, listed=False)
