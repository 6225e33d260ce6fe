"""Opening a store to read it: what takes long is told to whoever watches, and to nobody else."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from heinola_es.commands import progress
from projections.commands.reading import ask
from projections.read_models.catching_up import status
from projections.read_models.models import ALL

if TYPE_CHECKING:
    import pytest

    from heinola_es.store.reading import LogReader
    from tests.terminal import Terminal


def test_who_watches_a_long_first_read_sees_how_far_it_is(
    reading: Terminal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal the read models are caught up behind a bar with counts, before anything is asked of them."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "SHOWN_AFTER_SECONDS", -1.0)

    def question(reader: LogReader) -> int:
        size = reader.size()
        assert {model.position for model in status(reader, ALL)} == {size}
        return size

    size = ask(reading.location, question)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "reading the log" in printed.err
    assert f"{size}/{size}" in printed.err


def test_nobody_is_told_away_from_a_terminal(
    reading: Terminal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the standard error is no terminal nothing is printed, however long it takes."""
    monkeypatch.setattr(progress, "SHOWN_AFTER_SECONDS", -1.0)
    assert ask(reading.location, lambda reader: reader.size()) > 0
    assert capsys.readouterr() == ("", "")
