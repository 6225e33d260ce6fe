"""What the shell completes: units, lines, periods, goals and projects, read from the store without the library.

Completion runs between two key strokes: it is quick, and silent where there is no store.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from click.shell_completion import BashComplete, CompletionItem, add_completion_class, shell_complete

from heinola_es.inert import inert_line
from heinola_es.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import click

    from heinola_es.store.reading import LogReader

_SPECIAL = pattern(r"([^\w@%+=:,./–-])")
_PARTS = ("", "Q1", "Q2", "Q3", "Q4", "H1", "H2", "T1", "T2", "T3")


class Bash(BashComplete):
    """Completion in Bash, which takes a name as it is given: blanks are escaped, unless it is typed between quotes."""

    def format_completion(self, item: CompletionItem[str]) -> str:
        """Return the line that Bash reads: the type and the value."""
        typed = os.environ["COMP_WORDS"].split("\n")[-1]
        if item.type == "plain":
            name = item.value if typed.startswith(('"', "'")) else _SPECIAL.sub(r"\\\1", item.value)
            item = CompletionItem(name.replace("\\", "\\\\"))  # the script reads it with `read`, which takes one away
        return super().format_completion(item)


def complete(root: click.Command, variable: str, instruction: str) -> int:
    """Answer a shell: print its completion script, or what the words so far can go on with; return the exit code."""
    add_completion_class(Bash)
    try:
        return shell_complete(root, {}, "heinola", variable, instruction)
    except Exception:  # noqa: BLE001 - between two key strokes nobody wants to read what went wrong
        return 1


def units(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the units whose code begins with what was typed, with their names."""
    with store_of(ctx) as store:
        return _matching(store.unit_names().items(), incomplete) if store else []


def lines(ctx: click.Context, incomplete: str, *, postable: bool) -> list[CompletionItem]:
    """Return the lines whose code begins with what was typed, with their Finnish labels."""
    with store_of(ctx) as store:
        if store is None:
            return []
        chart = store.chart()
    shown = [line for line in chart.lines.values() if line.additive or not postable]
    return _matching(((line.code, line.labels["fi"]) for line in shown), incomplete)


def periods(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the parts of the year that was typed, or of the year last recorded about."""
    from heinola_es.domain.periods import parse_period

    typed = re.match(r"\d{4}", incomplete)
    year = typed[0] if typed else _last_year(ctx)
    names = [f"{year}{part}" for part in _PARTS] if year else []
    return _matching(((name, parse_period(name).label) for name in names), incomplete)


def years(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the year last recorded about and the one after it."""
    year = _last_year(ctx)
    return _matching([(year, ""), (str(int(year) + 1), "")], incomplete) if year else []


def goals(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the goals that the unit named before was set in the year last recorded about."""
    from events.streams import unit_year_stream

    unit, year = ctx.params.get("unit"), _last_year(ctx)
    if not unit or not year:
        return []
    with store_of(ctx) as store:
        found = store.bodies_of(unit_year_stream(unit, int(year)), "GoalSet") if store else []
        return _matching(((body["goal"], body.get("binding_goal", "")) for body in found), incomplete)


def projects(ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Return the projects whose name begins with what was typed."""
    with store_of(ctx) as store:
        return _matching(store.project_owners().items(), incomplete) if store else []


def _matching(named: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem]:
    """Return what begins as it was typed; what would have to be written out cannot be typed for anybody."""
    fitting = ((value, text) for value, text in named if value.startswith(incomplete) and inert_line(value) == value)
    return [CompletionItem(value, help=inert_line(text) or None) for value, text in fitting]


def _last_year(ctx: click.Context) -> str:
    """Return the year that the last event of the log is about, or an empty string."""
    with store_of(ctx) as store:
        body = store.last_body() if store else None
    return body["effective"].rpartition("/")[2][:4] if body else ""


@contextmanager
def store_of(ctx: click.Context) -> Iterator[LogReader | None]:
    """Open the store that the command line names so far; None where there is none that can be read."""
    import sqlite3

    from heinola_es.errors import HeinolaError
    from heinola_es.store.location import DEFAULT_STORE
    from heinola_es.store.reading import LogReader

    location: Any = ctx.find_root().params.get("store")
    try:
        with LogReader.open(location or DEFAULT_STORE) as store:
            yield store
    except (HeinolaError, sqlite3.Error):
        yield None
