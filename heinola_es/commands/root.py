"""How the root command runs: it completes for the shell or does a verb, and exits with a code and one sentence."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import click

from heinola_es.commands.lazy import LazyGroup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMPLETE = "_HEINOLA_COMPLETE"
DONE, USAGE = 0, 2
BROKEN_PIPE = 141  # as a shell reports a program that SIGPIPE ended


class Root(LazyGroup):
    """The root command.

    Attributes:
        answer: returns the exit code and the sentence for an error, or raises one that nobody foresaw.
    """

    def __init__(self, *args: Any, answer: Callable[[BaseException], tuple[int, str]], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.answer = answer

    def main(  # type: ignore[override]  # always standalone
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # noqa: ARG002 - always heinola
        **extra: Any,  # noqa: ANN401 - click's own signature
    ) -> NoReturn:
        """Run a command line, or complete one for the shell, and exit."""
        if instruction := os.environ.get(COMPLETE):
            from heinola_es.commands.completion import complete

            sys.exit(complete(self, COMPLETE, instruction))
        own_process = args is None
        if own_process:  # which is over before circular garbage could fill the memory
            gc.disable()
        extra.pop("standalone_mode", None)
        code = self._run(list(sys.argv[1:] if args is None else args), extra)
        if own_process and sys.getprofile() is None and sys.gettrace() is None:
            _leave_at_once(code)
        sys.exit(code)

    def _run(self, args: list[str], extra: dict[str, Any]) -> int:
        """Run a command line and return the exit code; what is to be said was said."""
        try:
            code = self._invoked(args, extra)
            sys.stdout.flush()
        except click.exceptions.NoArgsIsHelpError as asking:
            click.echo(asking.format_message(), err=True)
            return USAGE
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it closes stdout
            return BROKEN_PIPE
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - what nobody foresaw is raised again by `answer`
            code, sentence = self.answer(error)
            click.echo(f"heinola: {sentence}", err=True)
        return code

    def _invoked(self, args: list[str], extra: dict[str, Any]) -> int:
        try:
            with self.make_context("heinola", args, **extra) as ctx:
                self.invoke(ctx)
        except click.exceptions.Exit as leaving:
            return leaving.exit_code
        return DONE


def _leave_at_once(code: int) -> NoReturn:
    """End the process without taking every object apart first, which would take a tenth of the time of a short answer.

    Nothing waits for the end: stores and files are closed by whoever opened them.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):  # nobody reads any more
            stream.flush()
    os._exit(code)


def tell_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """Print the version and exit, where it is wanted."""
    if not wanted or ctx.resilient_parsing:
        return
    from heinola_es.version import program_version

    version = program_version()
    click.echo(f"heinola {version}" if version else "heinola, run from its source, not installed")
    ctx.exit()
