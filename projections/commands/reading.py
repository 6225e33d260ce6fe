"""Opening a store to read it, with the read models caught up before anything is asked."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.reading import LogReader


@contextmanager
def caught_up(store: str) -> Iterator[LogReader]:
    """Give a reader of a store whose read models have come to the end of the log.

    Where that takes longer than a second, as it does after a large import, a bar tells on the terminal.

    Raises:
        NoStoreHere: there is none.
        NotBuilt: the read models may not be written here, and are not there as this version needs them.
    """
    from heinola_es.commands.progress import Progress
    from heinola_es.store.reading import LogReader
    from projections.catching_up import catch_up
    from projections.read_models import ALL

    with LogReader.open(store) as reader:
        with Progress() as progress:
            if progress.shown:  # whoever asks catches up by itself, and in silence
                catch_up(reader, ALL, lambda done, end: progress.told("reading the log", done, end))
        yield reader
