"""Stream ids: a uuid5 of the natural key, so the same unit is the same stream on every machine."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from events.period import Period

NAMESPACE = UUID("0b3f4f0c-7d0e-5b1c-9b6a-4e1f3a2d5c70")
"""Fixed for ever: every stored stream id is derived from it."""


def unit_stream(code: str) -> UUID:
    """Return the stream of a unit's organisation events."""
    return uuid5(NAMESPACE, f"unit/{code}")


def unit_year_stream(code: str, fiscal_year: int) -> UUID:
    """Return the stream of a unit's figures, goals and narratives of one fiscal year."""
    return uuid5(NAMESPACE, f"unit-year/{code}/{fiscal_year}")


def project_stream(name: str) -> UUID:
    """Return the stream of a project, whose name is its key."""
    return uuid5(NAMESPACE, f"project/{name}")


def import_stream(sha256: str) -> UUID:
    """Return the stream of a file's content."""
    return uuid5(NAMESPACE, f"import/{sha256}")


def publication_stream(period: Period, scope: str) -> UUID:
    """Return the stream of the publications of one period and scope."""
    return uuid5(NAMESPACE, f"publication/{period}/{scope}")
