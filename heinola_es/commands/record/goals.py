"""`heinola record`: goals with their status, and operative priorities with what came of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from events.goals import GOAL_STATUSES
from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import GoalId, NewCode, OneOf, require_unbroken
from heinola_es.commands.recording import asked
from heinola_es.domain.called import STATUSES
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from datetime import date

    from events.period import Period
    from heinola_es.commands.recording import Recording
    from heinola_es.commands.words import Words
    from heinola_es.handlers.session import Session

new_goal_id = click.argument("goal", type=NewCode("goal"), help="The goal's id.")
goal_id = click.argument("goal", type=GoalId(), help="The goal's id.")


@click.command(cls=Form)
@options.unit
@new_goal_id
@options.year
@click.option("--binding-goal", metavar="TEXT", help="The goal itself (sitova tavoite).")
@click.option("--programme-goal", metavar="TEXT", help="The programme goal it serves (ohjelmatavoite).")
@click.option("--metric", metavar="TEXT", help="How it is measured (mittari).")
@click.option("--target-level", metavar="TEXT", help="What is to be reached (tavoitetaso).")
@click.option("--strategic-goal", metavar="TEXT", help="The heading it stands under.")
@click.option("--subtask", metavar="TEXT", help="The sub-task it is given to (osatehtävä).")
@click.option("--revising", is_flag=True, help="The goal is set: these words are to take the place of its own.")
@options.day("With --revising: the first day of the new words; else they held all year.", required=False)
@options.of_translation(required=False)
@options.restating
@options.recording
def goal(
    recording: Recording,
    unit: str,
    goal: str,
    year: int,
    revising: bool,
    day: date | None,
    language: str | None,
    **texts: str | None,
) -> None:
    r"""Set a unit a binding goal for a year, word it anew, or say what it reads in another language.

    GOAL is its id, unique among the goals of the unit's year. With --revising, the texts that are given take the place
    of those it has, its id and statuses stay, and the reason is needed. With --lang, they are what reports in that
    language show in the place of its own.

    Examples:
      heinola record goal 410 410-1 2020 --binding-goal "Oppilaiden hyvinvointi paranee" \
          --metric "Kouluterveyskysely" --target-level "yli maan keskiarvon"
      heinola record goal 410 410-1 2020 --revising --target-level "yli 8,0" --reason "kirjoitusvirhe"
      heinola record goal 410 410-1 2020 --lang sv --binding-goal "Elevernas välmående ökar"
    """
    from datetime import date as calendar_date

    from heinola_es.handlers.goals import revise_goal, set_goal

    given = {name: text for name, text in texts.items() if text is not None}
    if language is not None:
        _translate(recording, (unit, year, goal, language), given, revising=revising or day is not None)
        return
    if revising:
        if not given:
            raise BadInput(f"nothing about goal {goal} is to read otherwise; give its words, such as --binding-goal")
        recording.run(revise_goal, unit, day or calendar_date(year, 1, 1), goal, **given)
        return
    if day is not None:
        raise BadInput("a goal is set for the whole year; --on goes with --revising alone")
    if not (texts["binding_goal"] or "").strip():
        raise BadInput("the goal has no words; give them with --binding-goal")
    require_unbroken(goal, "the goal's id")
    recording.run(set_goal, unit, year, goal, **{name: text or "" for name, text in texts.items()})


def _translate(recording: Recording, of: tuple[str, int, str, str], texts: dict[str, str], *, revising: bool) -> None:
    from heinola_es.handlers.translations import translate_goal

    if revising:
        raise BadInput("--lang tells what the goal reads in a language; leave out --revising and --on")
    if not texts:
        raise BadInput(f"nothing of goal {of[2]} is translated; give its words, such as --binding-goal")
    unit, year, goal, language = of
    recording.run(translate_goal, unit, year, goal, language, **texts)


@click.command("goal-status", cls=Form)
@options.unit
@goal_id
@options.period
@click.argument("status", type=OneOf("status", GOAL_STATUSES, STATUSES), help=f"One of {', '.join(GOAL_STATUSES)}.")
@options.text("the explanation")
@click.option("--edit", is_flag=True, help="Write the explanation in $EDITOR, with its last version in it.")
@options.restating
@options.recording
def goal_status(
    recording: Recording, unit: str, goal: str, period: Period, status: str, words: Words, *, edit: bool
) -> None:
    """Report how a goal stands at the end of a period.

    Examples:
      heinola record goal-status 410 410-1 2020Q2 in_progress "Kysely tehdään syksyllä."
      heinola record goal-status 410 410-1 2020Q2 achieved --edit
    """
    from heinola_es.handlers.goals import update_goal_status

    if edit:
        recording.run_with(words, lambda text: asked(update_goal_status, unit, period, goal, status, text=text))
    else:
        recording.run(update_goal_status, unit, period, goal, status, text=words.given() or "")


@click.command("goal-withdrawal", cls=Form)
@options.unit
@goal_id
@options.day("The first day on which it no longer holds.")
@options.restating
@options.recording
def goal_withdrawal(recording: Recording, unit: str, goal: str, day: date) -> None:
    """Withdraw a goal.

    The reason is needed.

    Example:
      heinola record goal-withdrawal 410 410-1 --on 15.6.2020 --reason "Kv 15.6.2020 § 42"
    """
    from heinola_es.handlers.goals import withdraw_goal

    recording.run(withdraw_goal, unit, day, goal)


@click.command(cls=Form)
@options.unit
@click.argument("number", type=click.IntRange(min=1), help="Its number in the unit's list.")
@options.period
@options.text("what came of the priority")
@click.option("--title", metavar="TEXT", help="Take the priority up for the year, or word it anew.")
@click.option("--metric", default="", metavar="TEXT", help="How it is measured; goes with --title.")
@options.restating
@options.recording
def priority(
    recording: Recording, unit: str, number: int, period: Period, words: Words, title: str | None, metric: str
) -> None:
    """Take up a priority, or report what came of it.

    With --title, the unit takes up an operative priority for the year, or words it anew; with TEXT, it reports what
    came of it in the period. Where neither is given, TEXT is written in $EDITOR.

    Examples:
      heinola record priority 4100 1 2020 --title "Digitaaliset oppimisympäristöt" --metric "Laitteita/oppilas"
      heinola record priority 4100 1 2020Q2 "Laitteet hankittu."
    """
    if metric and title is None:
        raise BadInput("a metric goes with the title of a priority; add --title")
    reported = words.given()
    if title is None:
        recording.run_with(words, lambda text: asked(_report_priority, unit, number, period, text=text))
    else:
        recording.run(_set_priority, unit, number, period, title=title, metric=metric, text=reported)


def _report_priority(session: Session, unit: str, number: int, period: Period, text: str) -> None:
    from heinola_es.handlers.goals import report_priority

    report_priority(session, unit, period, number, text)


def _set_priority(
    session: Session, unit: str, number: int, period: Period, *, title: str, metric: str, text: str | None
) -> None:
    from heinola_es.handlers.goals import set_priority

    set_priority(session, unit, period.year, number, title, metric)
    if text is not None:
        _report_priority(session, unit, number, period, text)
