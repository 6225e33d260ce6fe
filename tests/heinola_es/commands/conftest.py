"""A terminal in front of the small city's store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city's store; its last event is #14."""
    return Terminal(store.location)
