"""The kinds of facts: the one definition that a file is read by, recorded by, and described by in the JSON Schema.

Each is a command of `heinola record` by its name, and its keys are the arguments and options of that command.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import frozen

from heinola_es.domain.project_facts import AMOUNT_FIELDS, AMOUNTS, TEXTS
from heinola_es.errors import BadInput
from heinola_es.handlers import forecasts, goals, organisation, projects, translations
from heinola_es.importing.facts import values as of
from heinola_es.importing.facts.values import Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heinola_es.handlers.session import Session

    Given = Mapping[str, Any]
    Decision = Callable[[Session, Given], None]


@frozen(slots=True)
class Key:
    """A key of a fact: what it is called, the type of its value, what it says, and whether it must be there."""

    name: str
    value: Value
    about: str
    required: bool = False


@frozen(slots=True)
class Kind:
    """A kind of facts.

    Attributes:
        name: of the command that records one of them: `heinola record NAME`.
        about: what it records, in a sentence.
        keys: what a fact of it may say.
        decide: records a fact in a session.
        makes: what facts that follow may rest on, as `(what, key)` pairs: a unit, by its code.
    """

    name: str
    about: str
    keys: tuple[Key, ...]
    decide: Decision
    makes: tuple[tuple[str, str], ...] = ()


def _need(name: str, value: Value, about: str) -> Key:
    return Key(name, value, about, required=True)


# ---------------------------------------------------------------- what each records


def _unit(session: Session, given: Given) -> None:
    code, day = given["code"], given["on"]
    if given.get("correcting"):
        organisation.correct_first_day(session, code, day)
        return
    if "name" not in given:
        raise BadInput(f"unit {code} has no name; give it as name")
    kind = given.get("kind", "unit")
    organisation.establish_unit(session, code, day, name=given["name"], kind=kind, parent=given.get("parent"))


def _rename(session: Session, given: Given) -> None:
    if "lang" in given:
        if given.get("correcting"):
            raise BadInput("correcting is about the name itself; leave it out, or lang")
        translations.translate_name(session, given["unit"], given.get("on"), given["name"], given["lang"])
    elif given.get("correcting"):
        organisation.correct_name(session, given["unit"], given.get("on"), given["name"])
    elif "on" in given:
        organisation.rename_unit(session, given["unit"], given["on"], given["name"])
    else:
        raise BadInput(
            f"say from which day on unit {given['unit']} is called so, with on, or correcting where it always was"
        )


def _move(session: Session, given: Given) -> None:
    if ("parent" in given) == bool(given.get("top")):
        raise BadInput(f"say where unit {given['unit']} moves to: either parent, the unit above, or top")
    organisation.move_unit(session, given["unit"], given["on"], given.get("parent"))


def _goal(session: Session, given: Given) -> None:
    words = {name: given[name] for name in _GOAL_WORDS if name in given}
    if "lang" in given:
        if not words or "on" in given or given.get("revising"):
            raise BadInput(
                f"with lang, give the words of goal {given['goal']} in that language, and neither on nor revising"
            )
        translations.translate_goal(session, given["unit"], given["year"], given["goal"], given["lang"], **words)
        return
    if given.get("revising"):
        if not words:
            raise BadInput(f"nothing about goal {given['goal']} is to read otherwise; give its words")
        day = given.get("on") or date(given["year"], 1, 1)
        goals.revise_goal(session, given["unit"], day, given["goal"], **words)
        return
    if "on" in given:
        raise BadInput("a goal is set for the whole year; on goes with revising alone")
    if "binding_goal" not in words:
        raise BadInput("the goal has no words; give them as binding_goal")
    of.NEW_CODE.read(given["goal"])
    goals.set_goal(session, given["unit"], given["year"], given["goal"], **words)


def _priority(session: Session, given: Given) -> None:
    unit, number, period = given["unit"], given["number"], given["period"]
    if not given.keys() & {"title", "text"}:
        raise BadInput(f"nothing is said of priority {number}; give its title, or in text what came of it")
    if "metric" in given and "title" not in given:
        raise BadInput("a metric goes with the title of a priority; give title")
    if "title" in given:
        goals.set_priority(session, unit, period.year, number, given["title"], given.get("metric", ""))
    if "text" in given:
        goals.report_priority(session, unit, period, number, given["text"])


def _narrative(session: Session, given: Given) -> None:
    programme, part = given.get("programme"), given.get("part", 1)
    unit, period, section, text = (given[name] for name in ("unit", "period", "section", "text"))
    goals.report_narrative(session, unit, period, section, text, programme=programme, part=part)


def _forecast(session: Session, given: Given) -> None:
    if ("amount" in given) == ("deviation" in given):
        how = "has two amounts" if "amount" in given else "has no amount"
        raise BadInput(f"the forecast {how}; give either what the year will end at as amount, or deviation")
    unit, line, period = given["unit"], given["line"], given["period"]
    cents, contra, text = given.get("precision", 1), given.get("contra", False), given.get("text", "")
    give = forecasts.give_forecast if "amount" in given else forecasts.give_forecast_against_budget
    amount = given["amount"] if "amount" in given else given["deviation"]
    give(session, unit, line, period, amount, precision_cents=cents, contra=contra, text=text)


def _translation(session: Session, given: Given) -> None:
    of_what = {name: given.get(name) for name in ("unit", "project")}
    translations.translate_text(session, given["original"], given["text"], given["lang"], **of_what)


def _project(session: Session, given: Given) -> None:
    period = given["period"]
    end = None if period.start == period.end else period.end
    facts = {"start": period.start, "end": end, **_project_facts(given)}
    projects.launch_project(session, given["name"], period, given["unit"], **facts)


def _project_revision(session: Session, given: Given) -> None:
    changed = {name: given[name] for name in ("unit", "start", "end") if name in given} | _project_facts(given)
    if "name" in given:
        changed["called"] = given["name"]
    if not changed:
        raise BadInput(f"nothing about project {given['project']!r} changes; give what does, such as end or phase")
    projects.revise_project(session, given["project"], given["on"], **changed)


def _progress(session: Session, given: Given) -> None:
    if not given.keys() & {"percent", "text"}:
        raise BadInput(f"nothing is said of project {given['project']!r}; give percent, text, or both")
    text = given.get("text", "")
    projects.report_progress(session, given["project"], given["period"], given.get("percent"), text)


def _project_facts(given: Given) -> dict[str, Any]:
    return {AMOUNT_FIELDS.get(name, name): given[name] for name in (*TEXTS, *AMOUNTS, "budget_years") if name in given}


# ---------------------------------------------------------------- the table

_GOAL_WORDS = {
    "binding_goal": "The goal itself (sitova tavoite); a goal that is set has it.",
    "programme_goal": "The programme goal it serves (ohjelmatavoite).",
    "metric": "How it is measured (mittari).",
    "target_level": "What is to be reached (tavoitetaso).",
    "strategic_goal": "The heading it stands under.",
    "subtask": "The sub-task it is given to (osatehtävä).",
}
_OF_PROJECT = (
    *(Key(name, of.TEXT, about) for name, about in TEXTS.items()),
    *(Key(name, of.AMOUNT, about) for name, about in AMOUNTS.items()),
    Key("budget_years", of.YEARS, "The years it is budgeted in."),
)
_UNIT = _need("unit", of.CODE, "The unit's code.")
_GOAL = _need("goal", of.CODE, "The goal's id.")
_OF_PERIOD = _need("period", of.PERIOD, "The period that it is about.")
_WHICH_PROJECT = _need("project", of.NAME, "The project's name.")


def _day(about: str) -> Key:
    return _need("on", of.DAY, about)


EVERY = (
    Key("source", of.NAME, "The document or decision it is from; else the file and the place in it."),
    Key("reason", of.NAME, "Why; needed where something is put right."),
)
"""What a fact of any kind may say."""

KINDS = (
    Kind(
        "city",
        "Names the city.",
        (_need("name", of.NAME, "Its name."), Key("code", of.NAME, "Its municipal code (kuntanumero).")),
        lambda session, given: organisation.name_city(session, given["name"], given.get("code")),
    ),
    Kind(
        "unit",
        "Establishes a unit, or corrects its first day. A unit above may stand below in the file.",
        (
            _need("code", of.NEW_CODE, "Its code, never used before."),
            Key("name", of.NAME, "Its name."),
            Key("kind", of.KIND, "What it is; unit where it is left out."),
            Key("parent", of.CODE, "The unit above; none for the top."),
            _day("Its first day."),
            Key("correcting", of.FLAG, "The unit is known: this is its first day, and was all the time."),
        ),
        _unit,
        makes=(("unit", "code"),),
    ),
    Kind(
        "rename",
        "Gives a unit a new name, or corrects the one it has.",
        (
            _UNIT,
            _need("name", of.NAME, "Its name."),
            Key("on", of.DAY, "The first day of the new name."),
            Key("correcting", of.FLAG, "It was called so all the time."),
            Key("lang", of.LANGUAGE, "The name is what the unit is called in this language."),
        ),
        _rename,
    ),
    Kind(
        "move",
        "Moves a unit under another one.",
        (
            _UNIT,
            Key("parent", of.CODE, "The unit above."),
            Key("top", of.FLAG, "It moves to the top, under no unit."),
            _day("The first day at the new place."),
        ),
        _move,
    ),
    Kind(
        "responsible",
        "Puts a unit in the charge of somebody, named by the role.",
        (_UNIT, _need("role", of.NAME, "Who answers for it."), _day("The first day in charge.")),
        lambda session, given: organisation.assign_responsible(session, given["unit"], given["on"], given["role"]),
    ),
    Kind(
        "goal",
        "Sets a unit a binding goal for a year, or words it anew.",
        (
            _UNIT,
            _GOAL,
            _need("year", of.YEAR, "The fiscal year."),
            *(Key(name, of.TEXT, about) for name, about in _GOAL_WORDS.items()),
            Key("revising", of.FLAG, "The goal is set: these words are to take the place of its own."),
            Key("on", of.DAY, "With revising: the first day of the new words; else they held all year."),
            Key("lang", of.LANGUAGE, "The goal is set: these words are what it reads in this language."),
        ),
        _goal,
        makes=(("goal", "goal"),),
    ),
    Kind(
        "goal-status",
        "Reports how a goal stands at the end of a period.",
        (_UNIT, _GOAL, _OF_PERIOD, _need("status", of.STATUS, "The status."), Key("text", of.TEXT, "The explanation.")),
        lambda session, given: goals.update_goal_status(
            session, given["unit"], given["period"], given["goal"], given["status"], given.get("text", "")
        ),
    ),
    Kind(
        "goal-withdrawal",
        "Withdraws a goal, with a reason.",
        (_UNIT, _GOAL, _day("The first day on which it no longer holds.")),
        lambda session, given: goals.withdraw_goal(session, given["unit"], given["on"], given["goal"]),
    ),
    Kind(
        "priority",
        "Takes up an operative priority for the year, or reports what came of it in a period.",
        (
            _UNIT,
            _need("number", of.PLACE, "Its number in the unit's list."),
            _OF_PERIOD,
            Key("title", of.TEXT, "The priority itself; with it, it is taken up, or worded anew."),
            Key("metric", of.TEXT, "How it is measured; goes with title."),
            Key("text", of.TEXT, "What came of it."),
        ),
        _priority,
        makes=(("priority", "number"),),
    ),
    Kind(
        "narrative",
        "Reports on a period in words.",
        (
            _UNIT,
            _OF_PERIOD,
            _need("section", of.NAME, "The heading it stands under."),
            _need("text", of.TEXT, "The text."),
            Key("programme", of.NAME, "The strategy programme it is about."),
            Key("part", of.PLACE, "Which part of the section, where it comes in several."),
        ),
        _narrative,
    ),
    Kind(
        "outlook",
        "Estimates, at the end of a period, how the year's budget will hold.",
        (_UNIT, _OF_PERIOD, _need("text", of.TEXT, "The estimate.")),
        lambda session, given: goals.give_outlook(session, given["unit"], given["period"], given["text"]),
    ),
    Kind(
        "indicator",
        "Records a statistic of a period.",
        (
            _UNIT,
            _OF_PERIOD,
            _need("name", of.NAME, "What was counted."),
            _need("value", of.NUMBER, "The number."),
            Key("measured_in", of.NAME, "The unit of measure, such as kertaa or %."),
        ),
        lambda session, given: goals.observe_indicator(
            session, given["unit"], given["period"], given["name"], given["value"], given.get("measured_in", "")
        ),
    ),
    Kind(
        "forecast",
        "Says what a line of the year will end at, as seen at the end of a period.",
        (
            _UNIT,
            _need("line", of.NAME, "A line of the chart, by its code or label."),
            _OF_PERIOD,
            Key("amount", of.AMOUNT, "What the year will end at; expenses are negative."),
            Key("deviation", of.AMOUNT, "The deviation from the budget, in place of amount."),
            Key("precision", of.PRECISION, "What it is rounded to."),
            Key("text", of.TEXT, "Why, in words."),
            Key("contra", of.FLAG, "The amount goes against the sign of its line, and is meant to."),
        ),
        _forecast,
    ),
    Kind(
        "project",
        "Launches a project of a unit.",
        (
            _need("name", of.NAME, "Its name, which is its key in the city."),
            _UNIT,
            _need("period", of.PERIOD, "Its planned time; a single day is its start, with no end planned yet."),
            *_OF_PROJECT,
        ),
        _project,
        makes=(("project", "name"),),
    ),
    Kind(
        "project-revision",
        "Changes what is known of a project from a day on.",
        (
            _WHICH_PROJECT,
            _day("The first day on which the new facts hold."),
            Key("name", of.NAME, "What it is called from then on."),
            Key("unit", of.CODE, "The unit that owns it."),
            Key("start", of.DAY, "Its planned first day."),
            Key("end", of.DAY, "Its planned last day."),
            *_OF_PROJECT,
        ),
        _project_revision,
    ),
    Kind(
        "progress",
        "Reports how far a project is at the end of a period.",
        (
            _WHICH_PROJECT,
            _OF_PERIOD,
            Key("percent", of.NUMBER, "The share that is done, 0-100."),
            Key("text", of.TEXT, "The state in words."),
        ),
        _progress,
    ),
    Kind(
        "project-end",
        "Ends a project.",
        (_WHICH_PROJECT, _day("Its last day."), Key("text", of.TEXT, "How it ended.")),
        lambda session, given: projects.end_project(session, given["project"], given["on"], given.get("text", "")),
    ),
    Kind(
        "translation",
        "Says what recorded words of a unit or a project read in another language.",
        (
            _need("original", of.TEXT, "The recorded words, or how they begin, where one text alone does."),
            _need("text", of.TEXT, "What they read in the language."),
            _need("lang", of.LANGUAGE, "The language."),
            Key("unit", of.CODE, "The unit that they are recorded of."),
            Key("project", of.NAME, "The project that they are recorded of."),
        ),
        _translation,
    ),
    Kind(
        "merge",
        "Ends a unit whose work another one carries on.",
        (_UNIT, _need("into", of.CODE, "The unit that carries on."), _day("Its last day.")),
        lambda session, given: organisation.merge_unit(session, given["unit"], given["on"], given["into"]),
    ),
    Kind(
        "unit-end",
        "Ends a unit.",
        (_UNIT, _day("Its last day.")),
        lambda session, given: organisation.close_unit(session, given["unit"], given["on"]),
    ),
)
"""In the order in which facts are recorded: a goal may stand before its unit in a file."""
BY_NAME = {kind.name: kind for kind in KINDS}
