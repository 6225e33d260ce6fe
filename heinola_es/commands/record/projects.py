"""`heinola record`: projects, launched, reported on, revised and ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import Amount, Day, FiscalYear, Name, Number, UnitCode
from heinola_es.commands.recording import asked
from heinola_es.domain.project_facts import AMOUNT_FIELDS, AMOUNTS, TEXTS
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from events.period import Period
    from heinola_es.commands.recording import Recording
    from heinola_es.commands.words import Words


def _dashed(name: str) -> str:
    return name.replace("_", "-")


def facts(command: Callable[..., None]) -> Callable[..., None]:
    """Add an option for every fact of a project that is a text, an amount or a year."""
    add = [click.option(f"--{_dashed(name)}", name, metavar="TEXT", help=line) for name, line in TEXTS.items()]
    add += [
        click.option(f"--{_dashed(name)}", name, type=Amount(), metavar="AMOUNT", help=line)
        for name, line in AMOUNTS.items()
    ]
    years = "A year it is budgeted in; may be given several times."
    add.append(click.option("--budget-year", "budget_years", type=FiscalYear(), multiple=True, help=years))
    for option in reversed(add):
        command = option(command)
    return command


@click.command(cls=Form)
@click.argument("name", type=Name(), help="Its name, which is its key in the city.")
@options.unit
@options.period
@facts
@options.recording
def project(recording: Recording, name: str, unit: str, period: Period, **given: Any) -> None:  # noqa: ANN401
    r"""Launch a project of a unit.

    PERIOD is its planned time; a single day is its start, with no end planned yet.

    Example:
      heinola record project "Tutoropettajat" 4100 1.8.2019-31.7.2020 --phase käynnissä \
          --funder "Opetushallitus" --income 42 000 --expenses 60 000 --budget-year 2019 --budget-year 2020
    """
    from heinola_es.handlers.projects import launch_project

    end = None if period.start == period.end else period.end
    recording.run(launch_project, name, period, unit, start=period.start, end=end, **_facts(given))


@click.command("project-revision", cls=Form)
@options.project
@options.day("The first day on which the new facts hold.")
@click.option("--name", "new_name", type=Name(), metavar="NAME", help="What it is called from then on.")
@click.option("--unit", type=UnitCode(), metavar="CODE", help="The unit that owns it.")
@click.option("--start", type=Day(), metavar="DATE", help="Its planned first day.")
@click.option("--end", type=Day(), metavar="DATE", help="Its planned last day.")
@facts
@options.recording
def project_revision(recording: Recording, name: str, day: date, **given: Any) -> None:  # noqa: ANN401
    """Change what is known of a project.

    What is not given stays as it was. A project that is called otherwise is known by its earlier names, too.

    Examples:
      heinola record project-revision "Tutoropettajat" --on 1.6.2020 --end 31.12.2020 --phase päättyy
      heinola record project-revision "Tutoropettajat" --on 1.8.2019 --name "Digitutorit"
    """
    from heinola_es.handlers.projects import revise_project

    new_name = given.pop("new_name")
    changed = _facts(given) | ({"called": new_name} if new_name else {})
    if not changed:
        raise BadInput(f"nothing about project {name!r} changes; give what does, such as --end or --phase")
    recording.run(revise_project, name, day, **changed)


@click.command(cls=Form)
@options.project
@options.period
@click.option("--percent", type=Number(), metavar="NUMBER", help="The share that is done, 0-100.")
@options.text("the progress")
@options.restating
@options.recording
def progress(recording: Recording, name: str, period: Period, percent: str | None, words: Words) -> None:
    """Report how far a project is.

    Give the share that is done at the end of a period, a text, or both.

    Example:
      heinola record progress "Tutoropettajat" 2020Q2 "Koulutukset etäyhteyksin." --percent 29,2
    """
    from heinola_es.handlers.projects import report_progress

    if percent is None:
        recording.run_with(words, lambda text: asked(report_progress, name, period, None, text=text))
    else:
        recording.run(report_progress, name, period, percent, text=words.given() or "")


@click.command("project-end", cls=Form)
@options.project
@options.day("Its last day.")
@options.text("how it ended")
@options.recording
def project_end(recording: Recording, name: str, day: date, words: Words) -> None:
    """End a project.

    Example:
      heinola record project-end "Tutoropettajat" "Loppuraportti hyväksytty." --on 31.7.2020
    """
    from heinola_es.handlers.projects import end_project

    recording.run(end_project, name, day, text=words.given() or "")


def _facts(given: dict[str, Any]) -> dict[str, Any]:
    """Return the facts that were given, by the names of the event's fields."""
    return {AMOUNT_FIELDS.get(name, name): value for name, value in given.items() if value not in {None, ()}}
