"""What nobody foresaw: a report for the developers, in a file that its owner alone can read."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from traceback import format_exception
from typing import TYPE_CHECKING
from urllib.parse import unquote

from heinola_es.store.location import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_HIDDEN = "***"
_VARIABLES = ("HEINOLA_STORE", "HEINOLA_ACTOR", "HEINOLA_KEY", "LANG", "LC_ALL", "PYTHONIOENCODING", "COLUMNS", "TERM")


def write_report(error: BaseException, args: Sequence[str]) -> str:
    """Write what is needed to find a defect, and return the name of the file: no passwords, and nothing of the store.

    Raises:
        OSError: there is no folder that it can be written in.
    """
    handle, name = tempfile.mkstemp(prefix="heinola-", suffix=".txt")  # readable by its owner alone
    with os.fdopen(handle, "wb") as file:
        file.write(report(error, args).encode("utf-8", "backslashreplace"))
    return name


def report(error: BaseException, args: Sequence[str]) -> str:
    """Return the report: what was asked, by which version where, and the traceback, with every password hidden."""
    from heinola_es.version import program_version

    environment = {name: os.environ[name] for name in _VARIABLES if name in os.environ}
    given = [*args, *environment.values()]
    lines = [
        f"heinola {program_version() or '(run from its source)'}",
        f"Python {sys.version}",
        platform.platform(),
        f"arguments: {[_hidden(arg) for arg in args]!r}",
        f"environment: { {name: _hidden(value) for name, value in environment.items()}!r}",
        "",
        "".join(format_exception(error)),
    ]
    return _without("\n".join(lines), _passwords(given))


def _hidden(arg: str) -> str:
    option, equals, value = arg.partition("=") if arg.startswith("--") else ("", "", arg)
    return f"{option}{equals}{shown(value)}"


def _passwords(given: Iterable[str]) -> Iterator[str]:
    """Yield every password in what was given, as written and as meant."""
    for text in given:
        credentials, at, _place = text.partition("://")[2].rpartition("@")
        if password := credentials.partition(":")[2] if at else "":
            yield from (password, unquote(password))
        for pair in text.partition("?")[2].split("&"):
            name, _, value = pair.partition("=")
            if value and "pass" in unquote(name).lower():
                yield from (value, unquote(value))


def _without(text: str, passwords: Iterable[str]) -> str:
    for password in sorted(set(passwords), key=len, reverse=True):
        text = text.replace(password, _HIDDEN)
    return text
