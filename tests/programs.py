"""Programs of others that some tests run; where one is missing they are skipped, and the run says how to have it."""

from __future__ import annotations

import shutil

import pytest


def program(*names: str, title: str, package: str) -> str:
    """Return the path of a program under the first of its names that is there, or skip the test."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip(f"{title} is not installed; on Debian and Ubuntu: apt install {package}")
    return found


def browser() -> str:
    """Return Chromium."""
    return program("chromium", "chromium-browser", title="Chromium", package="chromium")


def pdftotext() -> str:
    """Return what reads the text of a PDF."""
    return program("pdftotext", title="pdftotext", package="poppler-utils")


def strace() -> str:
    """Return what lets calls of the system fail."""
    return program("strace", title="strace", package="strace")
