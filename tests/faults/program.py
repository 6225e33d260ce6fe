"""The program with one of its promises broken on purpose: `python -m tests.faults.program CONTROL WORD …`.

What a test of faults would say of such a program is its control: a test that finds nothing here can find nothing.
"""

from __future__ import annotations

import sqlite3
import sys
from contextlib import suppress
from typing import Any

import click

from cli import main


def told_too_soon() -> None:
    """Say that everything is recorded before anything is."""
    click.echo("#1 recorded")


def in_two_halves() -> None:
    """Commit the events, and the head of the tree by itself."""
    from eventsourcing.sqlite import SQLiteCursor

    execute = SQLiteCursor.execute

    def halving(cursor: SQLiteCursor, statement: str, *args: Any) -> Any:  # noqa: ANN401 - the library's own
        if statement.startswith("UPDATE tree_head SET size = ?"):
            execute(cursor, "COMMIT")
            execute(cursor, "BEGIN IMMEDIATE")
        return execute(cursor, statement, *args)

    SQLiteCursor.execute = halving  # type: ignore[method-assign,assignment]


def deaf() -> None:
    """Take no notice of what the database says to a commit."""
    from eventsourcing.sqlite import SQLiteConnection

    commit = SQLiteConnection.commit

    def committing(connection: SQLiteConnection) -> None:
        with suppress(sqlite3.Error):
            commit(connection)

    SQLiteConnection.commit = committing  # type: ignore[method-assign,assignment]


CONTROLS = {one.__name__: one for one in (told_too_soon, in_two_halves, deaf)}


if __name__ == "__main__":
    CONTROLS[sys.argv.pop(1)]()
    main()
