"""What the report's pictures show: the figures of each, what they say in words, and the same as a table."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from attrs import evolve

from events.period import Period
from projections.report.content.document import Cell, Column, Picture, Row, Table
from projections.report.content.picture_data import (
    Cumulative,
    GoalsByStatus,
    IncomeAndExpenses,
    ProjectProgress,
    UseOfBudget,
)
from projections.report.content.prose import plain
from projections.report.content.snapshot_material import euros_of, hundredths
from projections.report.content.use_of_budget import use_of
from projections.report.language.columns import column_name
from projections.report.language.scale import UNKNOWN
from projections.report.language.statuses import STATUSES, counted, goals_in_words, status_word
from projections.snapshot.columns import ACTUAL, FINAL_ACCOUNTS, PERCENT, PRIOR_ACTUAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from projections.report.content.material import Material
    from projections.report.content.monthly import Course
    from projections.report.content.snapshot_material import SnapshotMaterial, Unit
    from projections.report.content.use_of_budget import Use
    from projections.report.language.statuses import GoalStatus
    from projections.snapshot.model import Cell as Amount
    from projections.snapshot.model import FigureRow, ProjectReport

MOST_BARS = 25
"""More bars than this make no picture; the table beside it has the rest."""
_LONGEST_LABEL = 60
_FEWEST_MONTHS = 3

Group = tuple[str, tuple[tuple[str, Decimal | None, Decimal | None, Decimal | None], ...]]


# ---------------------------------------------------------------- use of the budget


def use_of_budget(material: Material, unit: Unit) -> Picture | None:
    """Return how much of their expenses budgets the units below have used; None where fewer than two are known."""
    uses = [
        use for child in material.below(unit) if (use := use_of(material, child, material.chart.expenses)) is not None
    ]
    if len(uses) < 2:  # noqa: PLR2004 - one bar compares with nothing
        return None
    words = material.words
    shown = _largest(uses)
    return Picture(
        key=f"use-of-budget-{material.key(unit)}",
        caption=words.say("Use of the expenses budget: {name}", name=material.title(unit)),
        alternative=_uses_in_words(material, uses, shown),
        chart=UseOfBudget(
            locale=words.language,
            expected=material.expected,
            expected_label=_expected_label(material),
            used_label=words.say("Used of the budget"),
            last_year_label=words.say("Last year at the same time"),
            axis=words.say("% of the budget"),
            bars=tuple((material.name(use.unit), use.percent, use.last_year) for use in shown),
        ),
        table=_uses_table(material, unit, uses),
    )


def _expected_label(material: Material) -> str:
    words, percent = material.words, material.words.numbers.percent(material.expected, None)
    if material.year_is_over:
        return words.say("The budget {percent}", percent=percent)
    return words.say("Even use {percent}", percent=percent)


def _largest(uses: Sequence[Use]) -> list[Use]:
    """Return the uses that a picture has room for, those of the largest budgets, in the order they stand in."""
    by_budget = sorted(uses, key=lambda use: -abs(use.budget))[:MOST_BARS]
    kept = {use.unit.code for use in by_budget}
    return [use for use in uses if use.unit.code in kept]


def _uses_in_words(material: Material, uses: Sequence[Use], shown: Sequence[Use]) -> str:
    words, numbers = material.words, material.words.numbers
    most, least = max(uses, key=lambda use: use.percent), min(uses, key=lambda use: use.percent)
    alike = {"percent": numbers.percent(most.percent), "even": numbers.percent(material.expected, None)}
    apart = {
        "most": material.name(most.unit),
        "most_percent": numbers.percent(most.percent),
        "least": material.name(least.unit),
        "least_percent": numbers.percent(least.percent),
        "even": alike["even"],
    }
    if material.year_is_over and most.percent == least.percent:
        said = words.say("All have used {percent}.", **alike)
    elif material.year_is_over:
        said = words.say("Most used: {most}, {most_percent}. Least used: {least}, {least_percent}.", **apart)
    elif most.percent == least.percent:
        said = words.say("All have used {percent}. Even use would be {even}.", **alike)
    else:
        said = words.say(
            "Most used: {most}, {most_percent}. Least used: {least}, {least_percent}. Even use would be {even}.",
            **apart,
        )
    if len(shown) < len(uses):
        said += " " + words.say("Only the {count} largest budgets are shown.", count=numbers.plain(len(shown)))
    return said


def _uses_table(material: Material, unit: Unit, uses: Sequence[Use]) -> Table:
    words, numbers = material.words, material.words.numbers
    used, last_year, beyond = (
        words.say("Used of the budget"),
        words.say("Last year at the same time"),
        words.say("Beyond the budget") if material.year_is_over else words.say("Beyond even use"),
    )
    beside = () if material.year_is_over else (f"{last_year}\n%",)
    titles = (f"{used}\n%", *beside, f"{beyond}\n{words.say('pp')}", f"{beyond}\n€")

    def row(use: Use) -> Row:
        used = evolve(_percent(material, use.percent), repeats=(use.unit.code, use.line, PERCENT.name))
        cells = (used,) if material.year_is_over else (used, _percent(material, use.last_year))
        points = Cell(text=numbers.plain(use.points_told, 1), value=use.points, form="percent")
        euros = Cell(text=numbers.plain(use.euros), value=use.euros, form="euros")
        return Row(cells=(Cell(text=material.name(use.unit), language=words.content), *cells, points, euros))

    return Table(
        key=f"use-of-budget-table-{material.key(unit)}",
        caption=words.say("Use of the expenses budget: {name}", name=material.title(unit)),
        columns=(
            Column(title=words.say("Unit"), share=3),
            *(Column(title=title, numeric=True) for title in titles),
        ),
        rows=tuple(map(row, uses)),
    )


# ---------------------------------------------------------------- the course of the year


def course_of_year(material: Material, unit: Unit) -> Picture | None:
    """Return a unit's cumulative expenses by month; None where too few months are known to say how the year went.

    It ends where the books of this year end: what is known of later months is a part, and no sum.
    """
    row = material.row(unit, material.chart.expenses)
    if row is None:
        return None
    course = material.monthly.of_unit(unit.code, row.line)
    if sum(cents is not None for cents in course.this_year) < _FEWEST_MONTHS or not _ends_in(course, row):
        return None
    words, year = material.words, material.end.year
    months = max(month for month, cents in enumerate(course.this_year, 1) if cents is not None)
    columns = [
        (words.say("Actual {year}", year=str(year)), _spent(course.this_year[:months])),
        (_before_label(material, year - 1), _spent(course.last_year[:months])),
    ]
    even = None
    if row.budget is not None:
        even = (words.say("Even use of the budget"), _even(material, Decimal(-row.budget.cents) / 100)[:months])
        columns.append(even)
    return Picture(
        key=f"course-{material.key(unit)}",
        caption=_course_caption(material, unit),
        alternative=_course_in_words(material, columns),
        chart=Cumulative(
            locale=words.language,
            axis=words.say("€1,000"),
            months=tuple(words.numbers.month(number) for number in range(1, months + 1)),
            lines=tuple((name, tuple(_in_thousands(value) for value in values)) for name, values in columns[:2]),
            even=None if even is None else (even[0], tuple(value / 1000 for value in even[1])),
        ),
        table=_course_table(material, unit, columns),
    )


def _course_caption(material: Material, unit: Unit) -> str:
    """Return what the course of a year is of; beside a statement of external items it says that it is of all."""
    words, name = material.words, material.title(unit)
    if material.is_external(unit):
        return words.say("Cumulative expenses by month, internal items among them: {name}", name=name)
    return words.say("Cumulative expenses by month: {name}", name=name)


def _before_label(material: Material, year: int) -> str:
    words = material.words
    said = words.say("Actual {year}", year=str(year))
    return f"{said}, {words.say('comparable')}" if material.is_comparable else said


def _ends_in(course: Course, row: FigureRow) -> bool:
    """Return whether a course comes to the figures that the report shows.

    The months are no part of what is published: where the program that published them worked otherwise, they are
    none of that report.
    """
    shown = (None if cell is None else cell.cents for cell in (row.actual, row.prior_actual))
    return (course.this_year[-1], course.last_year[-1]) == tuple(shown)


def _spent(cents: Iterable[int | None]) -> tuple[Decimal | None, ...]:
    """Return expenses, which are negative, as euros spent."""
    return tuple(None if each is None else Decimal(-each) / 100 for each in cents)


def _even(material: Material, budget: Decimal) -> tuple[Decimal, ...]:
    """Return the even share of a budget by the end of each month, and by the report's end."""
    shares = [*(Fraction(month, 12) for month in range(1, material.end.month)), material.share_of_year]
    return tuple((budget * share.numerator / share.denominator).quantize(Decimal("0.01")) for share in shares)


def _in_thousands(value: Decimal | None) -> Decimal | None:
    return None if value is None else value / 1000


def _course_in_words(material: Material, columns: Sequence[tuple[str, Sequence[Decimal | None]]]) -> str:
    """Say where each line ends, on which day."""
    numbers = material.words.numbers
    months = len(columns[0][1])
    end = material.end if months == material.end.month else Period.of_month(material.end.year, months).end
    if material.year_is_over:  # even use has come to the whole budget
        columns = [*columns[:2], *((_budget_label(material), values) for _name, values in columns[2:])]
    ends = "; ".join(f"{numbers.euros(values[-1])} ({name})" for name, values in columns if values[-1] is not None)
    return material.words.say("Expenses by {day}: {list}.", day=numbers.day(end), list=ends)


def _course_table(material: Material, unit: Unit, columns: Sequence[tuple[str, Sequence[Decimal | None]]]) -> Table:
    words, numbers = material.words, material.words.numbers

    def cell(value: Decimal | None) -> Cell:
        return Cell(text=UNKNOWN if value is None else numbers.plain(value), value=value, form="euros")

    return Table(
        key=f"course-table-{material.key(unit)}",
        caption=_course_caption(material, unit),
        columns=(Column(title=words.say("Month")), *(Column(title=f"{name}\n€", numeric=True) for name, _ in columns)),
        rows=tuple(
            Row(cells=(Cell(text=numbers.month(month)), *(cell(values[month - 1]) for _name, values in columns)))
            for month in range(1, len(columns[0][1]) + 1)
        ),
        folded=True,
    )


# ---------------------------------------------------------------- income and expenses


def income_and_expenses(material: Material, unit: Unit, table_key: str) -> Picture | None:
    """Return the lines of a sector's income statement beside their budgets; None where it has none."""
    lines = material.chart.lines
    rows = {row.line: row for row in unit.figures}
    groups: list[Group] = [
        (material.label(total), tuple(_bars(material, [rows[c] for c in lines[total].components if c in rows])))
        for total in material.chart.sections
    ]
    groups = [(heading, bars) for heading, bars in groups if bars]
    if not groups:
        return None
    words, beside = material.words, FINAL_ACCOUNTS if material.year_is_over else PRIOR_ACTUAL
    return Picture(
        key=f"income-and-expenses-{material.key(unit)}",
        caption=words.say("Income and expenses by line: {name}", name=material.title(unit)),
        alternative=_lines_in_words(material, groups),
        chart=IncomeAndExpenses(
            locale=words.language,
            axis=words.say("€1,000"),
            budget_label=_budget_label(material),
            actual_label=column_name(words, ACTUAL, material.snapshot.period),
            last_year_label=column_name(words, beside, material.snapshot.period, comparable=material.is_comparable),
            groups=tuple(groups),
        ),
        table_key=table_key,
    )


def _budget_label(material: Material) -> str:
    year = str(material.end.year)
    if material.year_is_over:
        return material.words.say("Budget {year}", year=year)
    return material.words.say("Budget {year} for the whole year", year=year)


def _bars(
    material: Material, rows: Iterable[FigureRow]
) -> Iterable[tuple[str, Decimal | None, Decimal | None, Decimal | None]]:
    for row in rows:
        sign = material.chart.lines[row.line].sign or 1
        budget, actual, last_year = (_thousands(cell, sign) for cell in (row.budget, row.actual, row.prior_actual))
        if any((budget, actual, last_year)):  # a line that is known to be 0 in all has nothing to be drawn
            yield material.label(row.line), budget, actual, last_year


def _thousands(cell: Amount | None, sign: int) -> Decimal | None:
    """Return an amount as earned or spent, by the sign of its line: negative where it goes against that."""
    value = euros_of(cell)
    return None if value is None else value * sign / 1000


def _lines_in_words(material: Material, groups: Sequence[Group]) -> str:
    """Say of each group which line is the largest, and how much of it has come about."""
    words, numbers = material.words, material.words.numbers
    sentences = []
    for heading, bars in groups:
        known = [(label, budget, actual) for label, budget, actual, _last in bars if actual is not None]
        if not known:
            continue
        label, budget, actual = max(known, key=lambda bar: bar[2])
        sentences.append(
            words.say(
                "{heading}: the largest line is {line}, {actual} of a budget of {budget}.",
                heading=heading,
                line=label,
                actual=numbers.euros(actual * 1000),
                budget=UNKNOWN if budget is None else numbers.euros(budget * 1000),
            )
        )
    return " ".join(sentences) or words.say("Nothing is known of the actual figures.")


# ---------------------------------------------------------------- goals


def goals_by_status(material: Material, unit: Unit) -> Picture | None:
    """Return how many goals have which status, in a unit and the parts below it; None where none was assessed."""
    parts = [(material.name(part), _goals_in(material, part)) for part in (material.below(unit) or [unit])]
    if unit.goals and material.below(unit):
        parts.insert(0, (material.name(unit), counted(unit.goals)))
    parts = [(name, found) for name, found in parts if found]
    occurring = [status for status in STATUSES if any(status in found for _name, found in parts)]
    if not parts or occurring == ["unknown"]:
        return None
    words = material.words
    return Picture(
        key=f"goals-by-status-{material.key(unit)}",
        caption=words.say("Goals by status: {name}", name=material.title(unit)),
        alternative=goals_in_words(material.words, _sum([found for _name, found in parts])),
        chart=GoalsByStatus(
            locale=words.language,
            axis=words.say("goals"),
            statuses=tuple((status, status_word(words, status)) for status in occurring),
            bars=tuple(
                (name, tuple(found.get(status, 0) for status in occurring)) for name, found in parts[:MOST_BARS]
            ),
        ),
        table=_goals_table(material, unit, parts, occurring),
    )


def _goals_in(material: Material, unit: Unit) -> dict[GoalStatus, int]:
    return counted(goal for part in (unit, *material.all_below(unit)) for goal in part.goals)


def _sum(counts: Sequence[Mapping[GoalStatus, int]]) -> dict[GoalStatus, int]:
    found = {status: sum(count.get(status, 0) for count in counts) for status in STATUSES}
    return {status: number for status, number in found.items() if number}


def _goals_table(
    material: Material,
    unit: Unit,
    parts: Sequence[tuple[str, Mapping[GoalStatus, int]]],
    occurring: Sequence[GoalStatus],
) -> Table:
    words = material.words
    return Table(
        key=f"goals-by-status-table-{material.key(unit)}",
        caption=words.say("Goals by status: {name}", name=material.title(unit)),
        columns=(
            Column(title=words.say("Unit"), share=3),
            *(Column(title=status_word(words, status), numeric=True) for status in occurring),
        ),
        rows=tuple(
            Row(
                cells=(
                    Cell(text=name, language=words.content),
                    *(_count(material, found.get(status, 0)) for status in occurring),
                )
            )
            for name, found in parts
        ),
    )


def _count(material: Material, number: int) -> Cell:
    return Cell(text=material.words.numbers.plain(number), value=number, form="plain")


# ---------------------------------------------------------------- projects


def project_progress(material: Material, table_key: str) -> Picture | None:
    """Return how far projects have come beside how much of their time has gone; None where no progress is known."""
    projects = [project for project in material.snapshot.projects if project.percent is not None]
    if not projects:
        return None
    words, shown = material.words, projects[:MOST_BARS]
    bars = tuple((_shortened(plain(p.name)), Decimal(p.percent or 0), time_gone(material, p)) for p in shown)
    return Picture(
        key="project-progress",
        caption=words.say("Progress of the projects beside their time"),
        alternative=_progress_in_words(material, projects),
        chart=ProjectProgress(
            locale=words.language,
            axis="%",
            progress_label=words.say("Progress"),
            time_label=words.say("Time gone"),
            bars=bars,
        ),
        table_key=table_key,
    )


def time_gone(material: SnapshotMaterial, project: ProjectReport) -> Decimal | None:
    """Return how much of a project's time has gone by the report's end, in per cent; None where it has no dates."""
    first, last = project.start, project.end
    if first is None or last is None:
        return None
    days = (last - first).days + 1
    if days < 1:
        return None
    gone = min(max((material.end - first).days + 1, 0), days)
    return hundredths(Fraction(gone * 100, days))


def behind(material: Material, project: ProjectReport) -> Decimal | None:
    """Return by how many percentage points a project's progress is behind its time; None where that is unknown."""
    gone = time_gone(material, project)
    if gone is None or project.percent is None or project.ended is not None:
        return None
    return gone - Decimal(project.percent)


def late_projects(material: Material) -> list[tuple[ProjectReport, Decimal]]:
    """Return the projects that are as far behind their time as the theme tells of, the furthest first."""
    found = [(project, points) for project in material.snapshot.projects if (points := behind(material, project))]
    late = [(project, points) for project, points in found if points >= material.theme.thresholds.project_points]
    return sorted(late, key=lambda one: -one[1])


def _progress_in_words(material: Material, projects: Sequence[ProjectReport]) -> str:
    words, numbers = material.words, material.words.numbers
    far = sum(Decimal(project.percent or 0) >= 100 for project in projects)  # noqa: PLR2004 - per cent
    late = late_projects(material)
    told = words.say_of(
        "{count} project with known progress; {done} at 100%; {late} clearly behind their time.",
        "{count} projects with known progress; {done} at 100%; {late} clearly behind their time.",
        len(projects),
        done=numbers.plain(far),
        late=numbers.plain(len(late)),
    )
    if len(projects) > MOST_BARS:
        told += " " + words.say("Only the first {count} are shown.", count=numbers.plain(MOST_BARS))
    return told


def _percent(material: Material, value: Decimal | None) -> Cell:
    if value is None:
        return Cell(text=UNKNOWN, form="percent")
    return Cell(text=material.words.numbers.plain(value, 1), value=value, form="percent")


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1].rstrip()}…"
