"""Asking a store: everything that a command tells is of one moment, and what is to be known besides is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import click

from heinola_es.commands.printing import tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.store.reading import LogReader

Answer = TypeVar("Answer")

checked = click.option(
    "--check",
    "from_log",
    is_flag=True,
    help="Make it from the log itself, and hold the read models against the log.",
)


def ask(store: str, question: Callable[[LogReader], Answer], *, from_log: bool = False) -> Answer:
    """Return the answer to a question about a store, all of it of one moment; it may be asked more than once.

    Where the read models must be caught up, and that takes longer than a second, a bar tells on the terminal.

    Args:
        store: its location.
        question: asks the reader.
        from_log: answer from the log itself, and hold the read models against it.

    Raises:
        NoStoreHere: there is none.
        UnknownFormat, UnknownEvent: a newer version of the program wrote it.
        UnreadableEvent, HeadDiffers: the log was damaged.
    """
    from heinola_es.commands.progress import Progress
    from projections.opened import OpenStore

    with Progress() as progress:

        def asked(reader: LogReader) -> Answer:
            progress.close()
            return question(reader)

        return OpenStore(store, tell=tell_besides).ask(
            asked, from_log=from_log, progress=lambda done, end: progress.told("reading the log", done, end)
        )


def tell_besides(sentence: str) -> None:
    """Say what is to be known besides an answer."""
    tell(f"heinola: {sentence}")
