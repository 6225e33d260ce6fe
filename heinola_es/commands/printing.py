"""The one way to the terminal: whatever is told goes through here, and can do nothing there (see `heinola_es.inert`).

What one program hands to another (JSON, CSV, a log) is no text for people: `hand_over` writes its bytes as they are,
unless there is a terminal at the other end after all.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any

import click

from heinola_es.errors import BadInput, Refused
from heinola_es.inert import inert_line, inert_page
from heinola_es.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

_STYLE = pattern("(\x1b\\[[0-9;]*m)")  # colours, which Rich alone puts in


class CannotTell(Refused):
    """The standard output takes nothing."""


def say(*lines: object) -> None:
    """Print lines on the standard output, each as one line whatever is in it.

    Raises:
        CannotTell, BrokenPipeError: it cannot be written.
    """
    _out("".join(f"{inert_line(line)}\n" for line in lines))


def say_page(text: str) -> None:
    """Print a page that a presenter has laid out, lines and colours as they are.

    Raises:
        CannotTell, BrokenPipeError: the standard output cannot be written.
    """
    _out("".join(part if at % 2 else inert_page(part) for at, part in enumerate(_STYLE.split(text))))


def say_done(*lines: object) -> None:
    """Print what was done: on the standard error where the standard output takes nothing, so that it is told."""
    try:
        say(*lines)
    except (CannotTell, OSError) as error:
        give_up_stdout()
        why = error if isinstance(error, CannotTell) else f"the standard output cannot be written ({error.strerror})"
        tell(f"heinola: this was done, but {why}:", *lines)


def tell(*lines: object) -> None:
    """Print lines on the standard error, each as one line whatever is in it; where nobody listens, nothing happens."""
    tell_page("".join(f"{inert_line(line)}\n" for line in lines))


def tell_page(text: str) -> None:
    """Print a text on the standard error, in lines of its own; where nobody listens, nothing happens."""
    if sys.stderr is None or not text:
        return
    with suppress(OSError, ValueError):  # full, or closed: the exit code still says how it ended
        click.echo(inert_page(text), err=True, nl=not text.endswith("\n"))


def say_through_pager(lines: Iterable[object]) -> None:
    """Show lines on a terminal: as they are where they fit on it, else a screen at a time."""
    from shutil import get_terminal_size

    height, waiting = get_terminal_size().lines, iter(lines)
    first = list(islice(waiting, height))
    if len(first) < height:
        say(*first)
    else:
        click.echo_via_pager(f"{inert_line(line)}\n" for line in chain(first, waiting))


def hand_over(*chunks: bytes) -> None:
    """Write bytes for another program on the standard output, as they are; on a terminal what can do nothing there.

    Raises:
        CannotTell, BrokenPipeError: it cannot be written.
    """
    seen = on_terminal(sys.stdout)
    for chunk in chunks:
        _out(inert_page(chunk.decode(errors="backslashreplace")) if seen else chunk)


def standard_input() -> IO[bytes]:
    """Return the standard input, to be read as bytes.

    Raises:
        BadInput: it is closed.
    """
    if sys.stdin is None or sys.stdin.closed:
        raise BadInput("the standard input is closed; name a file")
    return sys.stdin.buffer


def on_terminal(stream: IO[Any] | None) -> bool:
    """Return whether somebody sits at the other end of a stream, which may be closed."""
    return stream is not None and not stream.closed and stream.isatty()


def console(file: IO[str] | None = None, *, width: int | None = None, colour: bool | None = None) -> Console:
    """Return what Rich draws on: the standard error where no file is given. No text drawn on it is taken for markup.

    Args:
        file: where the drawing goes.
        width: in characters; by default that of the terminal.
        colour: whether it understands ANSI styles; by default found out.
    """
    from rich.console import Console
    from rich.segment import Segment

    class InertConsole(Console):
        """Rich's console, whose own codes alone reach the terminal."""

        def render(self, renderable: Any, options: Any = None) -> Iterable[Segment]:  # noqa: ANN401 - as the library has it
            """Yield the segments of a drawing, made inert."""
            for text, style, control in super().render(renderable, options):
                yield Segment(text if control else inert_page(text), style, control)

    chosen: dict[str, Any] = {} if colour is None else {"force_terminal": colour, "no_color": not colour}
    if colour:
        chosen |= {"color_system": "standard", "legacy_windows": False}
    return InertConsole(
        file=file, stderr=file is None, width=width, markup=False, emoji=False, highlight=False, **chosen
    )


def ready_streams() -> None:
    """Let no character be refused by the encoding of a stream: what it cannot write is written out."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):  # none, or closed, or no stream of Python's
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def give_up_stdout() -> None:
    """Write no more to a standard output that takes nothing, so that nothing of it is tried again at the end."""
    with suppress(AttributeError, ValueError, OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    sys.stdout = None  # as Python has it where there never was one


def _out(content: str | bytes) -> None:
    if not content:
        return
    if sys.stdout is None:
        raise CannotTell("the standard output is closed")
    try:
        click.echo(content, nl=False)
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:  # ValueError: closed by whoever runs us
        why = "it is closed" if isinstance(error, ValueError) or error.errno == errno.EBADF else error.strerror
        raise CannotTell(f"the standard output cannot be written ({why})") from error
