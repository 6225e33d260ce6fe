"""The summary: what the figures say, in plain language, and nothing that they do not say."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from projections.report.content import comparing, forecasts
from projections.report.content.document import Bullets, Cell, Column, OfRow, Paragraph, Row, Run, Table
from projections.report.content.figure_tables import figure_cells, figure_columns
from projections.report.content.goal_table import LATE
from projections.report.content.missing_figures import incomplete_notice, is_whole
from projections.report.content.notes import findings, unknown_cells
from projections.report.content.pictures_of import late_projects, time_gone
from projections.report.content.prose import naming, paragraph, plain
from projections.report.content.snapshot_material import euros_of, is_investment
from projections.report.content.use_of_budget import known_uses, use_of, uses_to_tell
from projections.report.language.line_labels import in_sentence
from projections.report.language.statuses import counted, goals_in_words, status_of
from projections.report.language.words import msgid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.report.content.document import Block
    from projections.report.content.material import Material
    from projections.report.content.snapshot_material import Unit
    from projections.report.content.use_of_budget import Use

_MOST_LEADS = 2
_MOST_KEY_ROWS = 15
_LONGEST_LIST = 10
_USED = (
    msgid("{name}: used {percent} (even {even}), {points} percentage points over, {euros}."),
    msgid("{name}: used {percent} (even {even}), {points} percentage points under, {euros}."),
)
_USED_OF_YEAR = (
    msgid("{name}: used {percent} of the budget, {points} percentage points over, {euros}."),
    msgid("{name}: used {percent} of the budget, {points} percentage points under, {euros}."),
)
_RECEIVED_OF_YEAR = (
    msgid("{name}: received {percent} of the budget, {points} percentage points over, {euros}."),
    msgid("{name}: received {percent} of the budget, {points} percentage points under, {euros}."),
)
_RECEIVED = (
    msgid("{name}: received {percent} (even {even}), {points} percentage points over, {euros}."),
    msgid("{name}: received {percent} (even {even}), {points} percentage points under, {euros}."),
)


def summary(material: Material) -> tuple[Block, ...]:
    """Return the summary of a report."""
    if not material.units:
        day = material.words.numbers.day(material.view.organisation.day)
        return (paragraph(material.words.say("No unit is known on {day}, so there is nothing to report.", day=day)),)
    return (
        *incomplete_notice(material),
        *_net(material),
        *forecasts.in_the_summary(material),
        *_key_figures(material),
        *_beyond(material),
        *_investments(material),
        *_goals(material),
        *_projects(material),
        *comparing.in_the_summary(material),
        *_open(material),
    )


# ---------------------------------------------------------------- money


def _net(material: Material) -> Iterator[Block]:
    """Tell what each part of the report costs, beside its budget, even use and last year; of many, in a list.

    Of a city, first what it comes to as a whole.
    """
    tops = material.operating
    if material.city is not None and material.sectors():
        tops, city = material.sectors(), material.statement(material.city)
        yield Paragraph(runs=_net_runs(material, city), style="lead")
        yield from _results(material, city)
    if len(tops) > _MOST_LEADS:
        yield Bullets(items=tuple(_net_runs(material, top) for top in tops))
        return
    for top in tops:
        yield Paragraph(runs=_net_runs(material, top), style="lead")
        yield from _both_sides(material, top)


def _net_runs(material: Material, top: Unit) -> tuple[Run, ...]:
    return naming(_net_of(material, top), material.name(top), material.words.content)


def _net_of(material: Material, top: Unit) -> str:
    """Return the sentences about the net of a part of the report.

    A surplus beside a budget of a deficit, or the other way round, is no share of it: both are told, and no per cent.
    """
    words, row, use = (
        material.words,
        material.row(top, material.chart.net),
        use_of(material, top, material.chart.net),
    )
    if use is not None and use.percent >= 0:
        return _net_in_words(material, use)
    actual, budget = (None, None) if row is None else (euros_of(row.actual), euros_of(row.budget))
    if row is not None and "actual" in row.partial:
        return words.say("{name}: the net result is not known in whole.", name=material.name(top))
    if row is None or actual is None:
        return words.say("{name}: the net result is unknown.", name=material.name(top))
    values = {
        "name": material.name(top),
        "line": _begun(material, row.line),
        "actual": words.numbers.euros(actual),
    }
    if budget is None:
        return words.say("{name}: {line} {actual}; there is no budget to compare it with.", **values)
    values["budget"] = words.numbers.euros(budget)
    if material.year_is_over:
        return words.say("{name}: {line} {actual}; the budget is {budget}.", **values)
    return words.say("{name}: {line} {actual}; the budget for the whole year is {budget}.", **values)


def _net_in_words(material: Material, use: Use) -> str:
    words, numbers = material.words, material.words.numbers
    values = {
        "name": material.name(use.unit),
        "line": _begun(material, use.line),
        "actual": numbers.euros(use.actual),
        "percent": numbers.percent(use.percent),
        "budget": numbers.euros(use.budget),
    }
    if material.year_is_over:
        first = words.say("{name}: {line} {actual}, which is {percent} of the budget ({budget}).", **values)
        return " ".join([first, *_beside_the_budget(material, use)])
    sentences = [
        words.say("{name}: {line} {actual}, which is {percent} of the budget for the whole year ({budget}).", **values),
        _beside_even_use(material, use),
    ]
    if use.last_year is not None:
        last_year = numbers.percent(use.last_year)
        sentences.append(words.say("Last year at the same time: {percent} of the whole year.", percent=last_year))
    return " ".join(sentences)


def _beside_the_budget(material: Material, use: Use) -> Iterator[str]:
    """Yield how the net of a whole year is beside its budget, and what the year before came to."""
    words, numbers = material.words, material.words.numbers
    better = use.actual - use.budget
    amount = numbers.euros(abs(better))
    if not better:
        yield words.say("That is exactly the budget.")
    elif better > 0:
        yield words.say("That is {amount} better than the budget.", amount=amount)
    else:
        yield words.say("That is {amount} worse than the budget.", amount=amount)
    if use.year_before is not None:
        values = {"year": str(material.end.year - 1), "amount": numbers.euros(use.year_before)}
        if material.is_comparable:
            yield words.say("Comparable accounts of {year}: {amount}.", **values)
        else:
            yield words.say("Accounts of {year}: {amount}.", **values)


def _both_sides(material: Material, top: Unit) -> Iterator[Block]:
    """Tell how much of its income and expenses budgets a part of the report has come to."""
    numbers = material.words.numbers
    uses = [
        use
        for lines in (material.chart.income, material.chart.expenses)
        if (use := use_of(material, top, lines)) is not None
    ]
    sentences = [
        material.words.say(
            "{line}: {actual}, {percent} of the budget.",
            line=material.label(use.line),
            actual=numbers.euros(use.actual),
            percent=numbers.percent(use.percent),
        )
        for use in uses
    ]
    if sentences:
        yield paragraph(" ".join(sentences))


def _results(material: Material, city: Unit) -> Iterator[Block]:
    """Tell what a city's taxes, grants and results have come to, as far as they are known."""
    words, numbers = material.words, material.words.numbers
    sentences = []
    for row in city.figures:
        if row.line not in material.chart.told_of_a_city or row.actual is None:
            continue
        actual = numbers.euros(Decimal(row.actual.cents) / 100)
        if row.percent is None or row.percent < 0:
            sentences.append(words.say("{line}: {actual}.", line=material.label(row.line), actual=actual))
        else:
            told = {"line": material.label(row.line), "actual": actual, "percent": numbers.percent(row.percent)}
            sentences.append(words.say("{line}: {actual}, {percent} of the budget.", **told))
    if sentences:
        yield paragraph(" ".join(sentences))


def _begun(material: Material, line: str) -> str:
    """Return the label of a line inside a sentence."""
    return in_sentence(material.label(line))


def _beside_even_use(material: Material, use: Use) -> str:
    words, numbers = material.words, material.words.numbers
    even = numbers.percent(material.expected, None)
    if not use.points and not use.euros:
        return words.say("That is exactly even use ({even}).", even=even)
    values = {"even": even, "points": numbers.plain(abs(use.points_told), 1), "euros": numbers.euros(abs(use.euros))}
    if use.euros > 0:
        return words.say("Beside even use ({even}): {points} percentage points over, {euros}.", **values)
    return words.say("Beside even use ({even}): {points} percentage points under, {euros}.", **values)


def _key_figures(material: Material) -> Iterator[Table]:
    """Yield the net of each part and of the units right below it; where there are many, of the parts alone."""
    rows = [(unit, level) for top in material.operating for unit, level in _key_units(material, top)]
    if len(rows) > _MOST_KEY_ROWS or material.sectors():
        rows = [(top, 0) for top in material.operating]
    if len(rows) < 2:  # noqa: PLR2004 - the sentence above says it all
        return
    words = material.words
    first, *others = figure_columns(material)
    yield Table(
        key="key-figures",
        caption=words.say("Key figures: net"),
        columns=(Column(title=words.say("Unit"), share=first.share), *others),
        rows=tuple(_key_row(material, unit, level) for unit, level in rows),
    )


def _key_units(material: Material, top: Unit) -> list[tuple[Unit, int]]:
    return [
        (unit, int(unit is not top)) for unit in (top, *material.below(top)) if material.row(unit, material.chart.net)
    ]


def _key_row(material: Material, unit: Unit, level: int) -> Row:
    net = material.row(unit, material.chart.net)
    return Row(
        cells=(
            Cell(text=material.title(unit), language=material.words.content, unit=unit.code),
            *figure_cells(material, net),
        ),
        kind="part" if level else "total",
        place=material.place(unit),
        of=None if net is None else OfRow(unit.code, net.line),
    )


def _beyond(material: Material) -> Iterator[Block]:
    """Tell where the use of the budget is far from even, or of a whole year from the budget: expenses, then income.

    Nothing where no use is known.
    """
    words, limits = material.words, material.theme.thresholds
    if not limits.largest:
        return
    expenses = words.say("Expenses beside even use"), _USED
    income = words.say("Income beside even accumulation"), _RECEIVED
    if material.year_is_over:
        expenses = words.say("Expenses beside the budget"), _USED_OF_YEAR
        income = words.say("Income beside the budget"), _RECEIVED_OF_YEAR
    for lines, (heading, sentences) in ((material.chart.expenses, expenses), (material.chart.income, income)):
        known = known_uses(material, lines)
        if not known:
            continue
        told = uses_to_tell(material, known)
        yield paragraph(heading, style="label")
        if not told:
            yield paragraph(_nothing_beyond(material, len(known)))
            continue
        shown = told[: limits.largest]
        items = (
            naming(_deviation_told(material, use, sentences), material.title(use.unit), words.content) for use in shown
        )
        yield Bullets(items=tuple(items))
        if more := len(told) - len(shown):
            yield paragraph(words.say_of("And {count} other unit.", "And {count} other units.", more), style="note")


def _investments(material: Material) -> Iterator[Block]:
    """Tell how much of their budgets the investments have used; they are not spread evenly over a year."""
    words, numbers = material.words, material.words.numbers
    tops = [top for top in material.tops if is_investment(top)]
    uses = [use for top in tops if (use := use_of(material, top, material.chart.expenses)) is not None]
    if not uses:
        return
    yield paragraph(words.say("Investments"), style="label")
    told = [
        words.say(
            "{name}: {actual}, {percent} of the budget ({budget}).",
            name=material.title(use.unit),
            actual=numbers.euros(use.actual),
            percent=numbers.percent(use.percent),
            budget=numbers.euros(use.budget),
        )
        for use in uses
    ]
    names = [material.title(use.unit) for use in uses]
    yield from _list(material, [naming(*each, words.content) for each in zip(told, names, strict=True)])


def _nothing_beyond(material: Material, known: int) -> str:
    """Say that no unit is far from even; of a report that is not whole, none of so many that are known."""
    numbers, limits = material.words.numbers, material.theme.thresholds
    values = {"points": numbers.as_known(limits.points), "euros": numbers.euros(limits.euros)}
    if material.year_is_over:
        return _nothing_beyond_the_budget(material, known, values)
    if is_whole(material):
        return material.words.say(
            "No unit is more than {points} percentage points, and at least {euros}, from even.", **values
        )
    return material.words.say_of(
        "Of {count} unit that is known in whole, none is more than {points} percentage points, and at least {euros}, "
        "from even.",
        "Of {count} units that are known in whole, none is more than {points} percentage points, and at least {euros}, "
        "from even.",
        known,
        **values,
    )


def _nothing_beyond_the_budget(material: Material, known: int, values: dict[str, str]) -> str:
    """Say the same of the report of a whole year, whose budget is all used or not."""
    if is_whole(material):
        return material.words.say(
            "No unit is more than {points} percentage points, and at least {euros}, from its budget.", **values
        )
    return material.words.say_of(
        "Of {count} unit that is known in whole, none is more than {points} percentage points, and at least {euros}, "
        "from its budget.",
        "Of {count} units that are known in whole, none is more than {points} percentage points, and at least {euros}, "
        "from its budget.",
        known,
        **values,
    )


def _deviation_told(material: Material, use: Use, over_and_under: tuple[str, str]) -> str:
    over, under = over_and_under
    return material.words.say(over if use.euros > 0 else under, **_deviation(material, use))


def _deviation(material: Material, use: Use) -> dict[str, str]:
    numbers = material.words.numbers
    return {
        "name": material.title(use.unit),
        "percent": numbers.percent(use.percent),
        "even": numbers.percent(material.expected, None),
        "points": numbers.plain(abs(use.points_told), 1),
        "euros": numbers.euros(abs(use.euros)),
    }


# ---------------------------------------------------------------- goals and projects


def _goals(material: Material) -> Iterator[Block]:
    goals = [goal for unit in material.units.values() for goal in unit.goals]
    if not goals:
        return
    words = material.words
    yield paragraph(words.say("Goals"), style="label")
    yield paragraph(goals_in_words(material.words, counted(goals)))
    late = [goal for goal in goals if status_of(goal) in LATE]
    if late:
        yield paragraph(words.say("Delayed or not achieved:"))
        texts = [f"{plain(goal.id)} {plain(goal.binding_goal or goal.programme_goal)}" for goal in late]
        yield from _list(material, [(Run(text, language=words.content),) for text in texts])


def _projects(material: Material) -> Iterator[Block]:
    projects = material.snapshot.projects
    if not projects:
        return
    words, numbers = material.words, material.words.numbers
    yield paragraph(words.say("Projects"), style="label")
    late = late_projects(material)
    behind = numbers.plain(len(late))
    points = numbers.as_known(material.theme.thresholds.project_points)
    yield paragraph(
        words.say_of(
            "{count} project; {behind} at least {points} percentage points behind its time.",
            "{count} projects; {behind} at least {points} percentage points behind their time.",
            len(projects),
            behind=behind,
            points=points,
        )
    )
    told = [
        words.say(
            "{name}: progress {progress}, time gone {gone}.",
            name=plain(project.name),
            progress=numbers.percent(Decimal(project.percent or 0), None),
            gone=numbers.percent(time_gone(material, project) or Decimal(), 0),
        )
        for project, _points in late
    ]
    names = [plain(project.name) for project, _points in late]
    yield from _list(material, [naming(*each, words.content) for each in zip(told, names, strict=True)])


# ---------------------------------------------------------------- what is open


def _open(material: Material) -> Iterator[Block]:
    """Tell what the figures leave open: what is unknown, and where they contradict each other."""
    words = material.words
    unknown, of_all = unknown_cells(material)
    mismatches = len(findings(material, "mismatch"))
    sentences = []
    if unknown:
        sentences.append(
            words.say_of(
                "{count} of {all} figures is unknown.",
                "{count} of {all} figures are unknown.",
                unknown,
                all=words.numbers.plain(of_all),
            )
        )
    if mismatches:
        sentences.append(
            words.say_of(
                "{count} figure differs from what it can be computed from by more than rounding explains.",
                "{count} figures differ from what they can be computed from by more than rounding explains.",
                mismatches,
            )
        )
    if sentences:
        sentences.append(words.say("See the notes to the reader."))
        yield paragraph(words.say("What the figures leave open"), style="label")
        yield paragraph(" ".join(sentences))


def _list(material: Material, texts: Sequence[tuple[Run, ...]]) -> Iterator[Block]:
    """Yield texts as a list; of many, the first and how many more there are."""
    if texts:
        yield Bullets(items=tuple(texts[:_LONGEST_LIST]))
    more = len(texts) - _LONGEST_LIST
    if more > 0:
        yield paragraph(material.words.say("And {count} more.", count=material.words.numbers.plain(more)))
