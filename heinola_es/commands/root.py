"""How the root command runs: it completes for the shell or does a verb, and exits with a code and one sentence."""

from __future__ import annotations

import gc
import os
import sys
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
        if args is None:  # a process of its own, which is over before circular garbage could fill the memory
            gc.disable()
        extra.pop("standalone_mode", None)
        try:
            with self.make_context("heinola", list(sys.argv[1:] if args is None else args), **extra) as ctx:
                self.invoke(ctx)
            sys.stdout.flush()
        except click.exceptions.Exit as leaving:
            sys.exit(leaving.exit_code)
        except click.exceptions.NoArgsIsHelpError as asking:
            click.echo(asking.format_message(), err=True)
            sys.exit(USAGE)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it closes stdout
            sys.exit(BROKEN_PIPE)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - what nobody foresaw is raised again by `answer`
            code, sentence = self.answer(error)
            click.echo(f"heinola: {sentence}", err=True)
            sys.exit(code)
        sys.exit(DONE)


def tell_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """Print the version and exit, where it is wanted."""
    if not wanted or ctx.resilient_parsing:
        return
    from heinola_es.version import program_version

    version = program_version()
    click.echo(f"heinola {version}" if version else "heinola, run from its source, not installed")
    ctx.exit()
