"""What a city records after a report was published: every kind of event, in any order, drawn from a seeded chance."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from events.language import BY_TOPIC
from events.period import Period
from heinola_es.errors import HeinolaError
from heinola_es.handlers import figures, goals, organisation, projects
from heinola_es.handlers.coverage import complete_books, withdraw_completion
from heinola_es.handlers.forecasts import give_forecast
from heinola_es.handlers.proposals import propose_amendment
from heinola_es.handlers.session import run
from heinola_es.handlers.translations import translate_name, translate_text
from heinola_es.store.log import Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from heinola_es.handlers.session import Session
    from heinola_es.store.log import EventLog, Receipt

SECOND = Period.of_months(2020, 4, 6)
MUCH_LATER = datetime(2021, 3, 1, 9, 0, tzinfo=UTC)
LINES = ("sales", "income", "operating_income", "personnel", "services", "expenses", "net", "financial_items")
NAMES = ("Avoin varhaiskasvatus", "Perusopetus", "uusi", "toinen", "kolmas")


RECORDED_OTHERWISE = frozenset(
    {
        "FileImported",
        "ReportPublished",
        "StoreInitialised",
        "StoreUpgraded",
        "CommandKeyed",
        "KeysRequired",
        "FactsUndone",
        "ChartAdopted",
        "AmendmentDropped",
        "RoundOpened",
        "PartSubmitted",
        "PartReturned",
        "PartAccepted",
        "RoundClosed",
        "RoleGiven",
        "RoleWithdrawn",
    }
)


def live_on(
    log: EventLog, chance: Random, count: int, *, now: datetime = MUCH_LATER, every_kind: bool = False
) -> Receipt:
    """Record random events in one command, at least `count`, and on until every kind was among them if asked for.

    What a rule refuses is left out. Importing, publishing and undoing are commands of their own; what is said of the
    store is recorded together with others.
    """
    missing = set(BY_TOPIC) - RECORDED_OTHERWISE if every_kind else set()

    def work(session: Session) -> None:
        life, seen = _Life(session, chance), 0
        while len(session.pending) < count or missing:
            life.go_on()
            missing.difference_update(event.TOPIC for event in session.pending[seen:])
            seen = len(session.pending)

    return run(log, now, Request("controller", "tositteet", "myöhempi tieto", restates=True), work)


class _Life:
    """One command's view of the city, and what may happen in it."""

    def __init__(self, session: Session, chance: Random) -> None:
        self.session, self.chance = session, chance
        self.codes = session.unit_codes()
        self.deeds: tuple[Callable[[], None], ...] = (
            *(self.posting,) * 6,
            *(self.figure,) * 4,
            *(self.words,) * 4,
            *(self.project,) * 3,
            self.unit,
            self.books,
        )

    def go_on(self) -> None:
        """Let one thing happen, or be refused."""
        before = len(self.session.pending)
        try:
            self.chance.choice(self.deeds)()
        except HeinolaError:
            assert len(self.session.pending) == before

    def posting(self) -> None:
        """Post, correct or budget an amount."""
        draw, cents = self.chance, self.chance.randint(-900_000, 900_000)
        unit, line = draw.choice(self.codes), draw.choice(LINES)
        draw.choice(
            (
                lambda: figures.post_actual(self.session, unit, line, self.period(), cents, contra=True, also=True),
                lambda: figures.post_actual(self.session, unit, line, self.period(), cents, detail=True, contra=True),
                lambda: figures.correct_actual(self.session, unit, line, self.period(), cents),
                lambda: figures.adopt_budget(
                    self.session, unit, line, draw.choice((2020, 2021)), cents, day=self.day(), contra=True
                ),
                lambda: figures.amend_budget(
                    self.session, unit, line, draw.choice((2020, 2021)), cents, day=self.day()
                ),
                lambda: propose_amendment(self.session, unit, line, 2020, cents, day=self.day()),
            )
        )()

    def figure(self) -> None:
        """State a total, or withdraw one."""
        unit, line, measure = self.chance.choice(self.codes), self.chance.choice(LINES), self._measure()
        if self.chance.random() < 0.5:
            figures.state_figure(self.session, unit, line, self.period(), measure, self.chance.randint(-9, 9) * 100)
        else:
            figures.withdraw_statement(self.session, unit, line, self.period(), measure)

    def words(self) -> None:
        """Say something about a goal, a priority, the year or a number."""
        draw, session, unit, name = self.chance, self.session, self.chance.choice(self.codes), self._name()
        number, period = draw.randint(1, 9), self.period()
        draw.choice(
            (
                lambda: goals.set_goal(session, unit, 2020, name, binding_goal=name),
                lambda: goals.revise_goal(session, unit, self.day(), name, metric=draw.choice(NAMES)),
                lambda: goals.update_goal_status(session, unit, period, name, "delayed", name),
                lambda: goals.withdraw_goal(session, unit, self.day(), name),
                lambda: goals.set_priority(session, unit, 2020, number, name),
                lambda: goals.report_priority(session, unit, period, number, name),
                lambda: goals.report_narrative(session, unit, period, name, name, part=number),
                lambda: goals.give_outlook(session, unit, period, name),
                lambda: goals.observe_indicator(session, unit, period, name, str(number)),
                lambda: give_forecast(session, unit, draw.choice(LINES), period, number * 100, contra=True),
            )
        )()

    def project(self) -> None:
        """Let something happen to a project."""
        draw, session, name = self.chance, self.session, self._name()
        draw.choice(
            (
                lambda: projects.launch_project(session, name, self.period(), draw.choice(self.codes)),
                lambda: projects.revise_project(session, name, self.day(), phase=draw.choice(NAMES)),
                lambda: projects.revise_project(session, name, self.day(), called=f"{name} {draw.randint(1, 99)}"),
                lambda: translate_text(session, name, draw.choice(NAMES), "sv", project=name),
                lambda: projects.report_progress(session, name, self.period(), str(draw.randint(0, 100)), name),
                lambda: projects.end_project(session, name, self.day(), name) if draw.random() < 0.1 else None,
            )
        )()

    def unit(self) -> None:
        """Change the organisation."""
        draw, session, unit, day = self.chance, self.session, self.chance.choice(self.codes), self.day()
        new = f"N{draw.randrange(10**6)}"
        facts: dict[str, Any] = {"name": draw.choice(NAMES), "kind": "unit", "parent": None}
        draw.choice(
            (
                lambda: organisation.establish_unit(session, new, day, **facts),
                lambda: organisation.rename_unit(session, unit, day, draw.choice(NAMES)),
                lambda: organisation.assign_responsible(session, unit, day, draw.choice(NAMES)),
                lambda: organisation.correct_name(session, unit, day, draw.choice(NAMES)),
                lambda: organisation.correct_first_day(
                    session, draw.choice((self.codes[0], unit)), date(draw.randint(2010, 2018), 1, 1)
                ),
                lambda: translate_name(session, unit, None, draw.choice(NAMES), "sv"),
                lambda: organisation.name_city(session, draw.choice(NAMES), None),
                lambda: organisation.move_unit(session, unit, day, draw.choice(self.codes)),
                lambda: organisation.close_unit(session, unit, date(2021, 12, 31)) if draw.random() < 0.2 else None,
                lambda: (
                    organisation.merge_unit(session, unit, date(2021, 12, 31), draw.choice(self.codes))
                    if draw.random() < 0.2
                    else None
                ),
            )
        )()

    def books(self) -> None:
        """Close the books for a month or open them again; say of a new unit that its books are complete, or not."""
        draw, session = self.chance, self.session
        if draw.random() < 0.5:
            draw.choice((figures.close_period, figures.reopen_period))(session, self.period(), draw.choice(self.codes))
            return
        new, day = f"N{draw.randrange(10**6)}", date(2020, 1, 1)
        organisation.establish_unit(session, new, day, name=draw.choice(NAMES), kind="unit", parent=None)
        complete_books(session, SECOND, new)
        if draw.random() < 0.5:
            withdraw_completion(session, SECOND, new)

    def period(self) -> Period:
        """Return a month or a span of months, before, in and after the published report."""
        year, first = self.chance.choice((2019, 2020, 2020, 2021)), self.chance.choice((1, 1, 4, 6, 7))
        return Period.of_months(year, first, self.chance.choice([last for last in (3, 6, 7, 12) if last >= first]))

    def day(self) -> date:
        """Return a day before, in or after the published report."""
        return date(self.chance.choice((2020, 2021)), self.chance.randint(1, 12), self.chance.randint(1, 28))

    def _measure(self) -> str:
        return self.chance.choice(("actual", "budget"))

    def _name(self) -> str:
        return self.chance.choice(NAMES)
