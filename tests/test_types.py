"""What the types of the write side catch: a kind of event that nobody has a case for, a field or an argument misspelt.

mypy is run once, over a copy of the product in which all these mistakes are made.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FAMILIES = {
    "organisation": "OrganisationEvent",
    "figures": "FiguresEvent",
    "goals": "GoalsEvent",
    "narratives": "NarrativesEvent",
    "projects": "ProjectsEvent",
    "imports": "ImportsEvent",
    "publications": "PublicationsEvent",
}
AGGREGATES = {
    "organisation": "unit",
    "figures": "unit_year",
    "goals": "unit_year",
    "narratives": "unit_year",
    "projects": "project",
    "imports": "file_import",
    "publications": "publication",
}
"""Whose streams hold the events of a family."""
ASKED_AGAIN = "heinola_es/handlers/asked_again.py"
FORGOTTEN = "\n\nclass Forgotten{0}(Event):\n    pass\n\n\n"
MISTAKES = {
    "a renamed field": (
        "heinola_es/domain/aggregates/unit_year.py",
        "                account=account,\n                detail=detail,",
        "                acount=account,\n                detail=detail,",
        'Unexpected keyword argument "acount" for "ActualPosted"',
    ),
    "a field of another type": (
        "heinola_es/domain/aggregates/unit.py",
        "code=self.code, into=into.code",
        "code=self.code, into=into",
        'Argument "into" to "UnitMerged" has incompatible type "Unit"; expected "str"',
    ),
    "a misspelt argument": (
        "heinola_es/commands/record/figures.py",
        "recording.run(post_actual, unit, line, period, amount, account=account,",
        "recording.run(post_actual, unit, line, period, amount, acount=account,",
        'Unexpected keyword argument "acount" for "run" of "Recording"',
    ),
    "an argument of another type": (
        "heinola_es/commands/record/organisation.py",
        "recording.run(rename_unit, unit, day, name)",
        "recording.run(rename_unit, unit, name, day)",
        'Argument 3 to "run" of "Recording" has incompatible type "str"; expected "date"',
    ),
    "an argument left out": (
        "heinola_es/commands/record/narratives.py",
        "asked(give_outlook, unit, period, text=text)",
        "asked(give_outlook, unit, text=text)",
        'Too few arguments for "asked"',
    ),
    "a misspelt fact of a project": (
        "heinola_es/handlers/projects.py",
        "revise(session.stamp, day, called=called, **facts)",
        "revise(session.stamp, day, called=called, fase=facts)",
        'Unexpected keyword argument "fase" for "revise" of "Project"',
    ),
}
"""Where, what stands there, the mistake, and what is said about it."""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Give what mypy says of a copy of the product with all the mistakes."""
    copy = tmp_path_factory.mktemp("mistaken")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in ("events", "heinola_es"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for module, family in FAMILIES.items():
        changed(copy / "events" / f"{module}.py", f"\n{family} = ", FORGOTTEN.format(module))
        changed(copy / "events" / f"{module}.py", f"{family} = ", f"{family} = Forgotten{module} | ", keep=False)
    for where, right, wrong, _sentence in MISTAKES.values():
        changed(copy / where, right, wrong, keep=False)
    checked = ["heinola_es/domain/aggregates", "heinola_es/handlers", "heinola_es/commands/record"]
    words = [sys.executable, "-m", "mypy", "--cache-dir=/dev/null", *checked]
    done = subprocess.run(words, cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout.splitlines()


def changed(path: Path, found: str, put: str, *, keep: bool = True) -> None:
    """Put a text before another one in a file, or in its place; it must stand there once."""
    text = path.read_text("utf-8")
    assert text.count(found) == 1, f"{path.name} has {found!r} {text.count(found)} times"
    path.write_text(text.replace(found, put + found.lstrip("\n") if keep else put), "utf-8")


@pytest.mark.parametrize("module", FAMILIES)
def test_an_event_without_a_case_is_found(said: list[str], module: str) -> None:
    """An event that is added to a family has to be decided about in the fold of its stream."""
    (line,) = [line for line in said if f"aggregates/{AGGREGATES[module]}.py" in line and "assert_never" in line]
    assert f"Forgotten{module}" in line
    if module not in {"publications", "imports"}:  # what an undoing would have to ask again
        assert [line for line in said if ASKED_AGAIN in line and f"Forgotten{module}" in line]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found(said: list[str], mistake: str) -> None:
    """What is given to an event or to a decision has to be what it takes."""
    where, _right, _wrong, sentence = MISTAKES[mistake]
    assert [line for line in said if line.startswith(where) and sentence in line]


def test_nothing_else_is_said(said: list[str]) -> None:
    """The product is free of mistakes but for those."""
    places = {ASKED_AGAIN, *(where for where, *_more in MISTAKES.values())} | {
        f"heinola_es/domain/aggregates/{name}.py" for name in AGGREGATES.values()
    }
    assert {re.split(":", line)[0] for line in said[:-1]} == places
