"""Which version of the program this is."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Return the installed version, `0.1.0`; empty where the program runs from its source and is not installed."""
    try:
        return version("heinola-es")
    except PackageNotFoundError:
        return ""
