"""How the root command runs: it completes for the shell or does a verb, and exits with a code and one sentence."""

from __future__ import annotations

import gc
import os
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import click

from heinola_es.commands.lazy import LazyGroup
from heinola_es.commands.printing import CannotTell, give_up_stdout, ready_streams, say, tell, tell_page
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Answer = Callable[[BaseException, Sequence[str], str], tuple[int, tuple[str, ...]]]

COMPLETE = "_HEINOLA_COMPLETE"
DONE, USAGE = 0, 2
INTERRUPTED = 130
BROKEN_PIPE = 141  # as a shell reports a program that SIGPIPE ended
_LAST_STREAM = 2
_ENDLESS = 500


class Root(LazyGroup):
    """The root command.

    Attributes:
        answer: returns the exit code of an error and what is said of it.
    """

    def __init__(self, *args: Any, answer: Answer, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.answer = answer

    def main(  # type: ignore[override]  # always standalone
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # noqa: ARG002 - always heinola
        **extra: Any,  # noqa: ANN401 - click's own signature
    ) -> NoReturn:
        """Run a command line, or complete one for the shell, and exit."""
        own_process = args is None
        ready_streams()
        if instruction := os.environ.get(COMPLETE):
            from heinola_es.commands.completion import complete

            sys.exit(complete(self, COMPLETE, instruction))
        if own_process:
            _settle_in()
        extra.pop("standalone_mode", None)
        code = self._run(list(sys.argv[1:] if args is None else args), extra)
        if own_process and sys.getprofile() is None and sys.gettrace() is None:
            _leave_at_once(code)
        sys.exit(code)

    def _run(self, args: list[str], extra: dict[str, Any]) -> int:
        """Run a command line and return the exit code; what is to be said was said."""
        ctx: click.Context | None = None
        given = list(args)  # click takes them away one by one
        try:
            _require_possible(given)
            ctx = self.make_context("heinola", args, **extra)
            with ctx:
                self.invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
        except click.exceptions.Exit as leaving:
            return leaving.exit_code
        except click.exceptions.NoArgsIsHelpError as asking:
            tell_page(asking.format_message())
            return USAGE
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last handler
            return self._ended(error, given, ctx)
        return DONE

    def _ended(self, error: BaseException, args: list[str], ctx: click.Context | None) -> int:
        """Say what ended a command, and return its exit code: what was recorded before is not called undone."""
        aftermath = getattr(ctx and ctx.obj, "aftermath", None)
        recorded = aftermath.recorded if aftermath else ""
        if isinstance(error, BrokenPipeError):
            give_up_stdout()
            return DONE if recorded else BROKEN_PIPE
        if isinstance(error, KeyboardInterrupt | click.Abort):
            words = f"; {aftermath.words()}" if aftermath and (aftermath.begun or recorded) else ""
            tell(f"heinola: interrupted{words}")
            return DONE if recorded else error.code if isinstance(error, Terminated) else INTERRUPTED
        code, (first, *others) = self.answer(error, args, aftermath.words() if aftermath else "nothing was recorded")
        tell(*map(_briefly, (f"heinola: {first}", *others)))
        return DONE if recorded and isinstance(error, CannotTell) else code


def _briefly(sentence: str) -> str:
    """Return a sentence that does not repeat a value of endless length, such as a code that is a whole file."""
    return sentence if len(sentence) < _ENDLESS else re.sub(r"(\S{100})\S{300,}(\S{100})", r"\1…\2", sentence)


def _require_possible(args: Sequence[str]) -> None:
    """Refuse what no shell can give and no system call can take.

    Raises:
        BadInput: an argument has a NUL character in it, or one that stands for no byte.
    """
    for arg in args:
        try:
            possible = b"\0" not in os.fsencode(arg)
        except UnicodeEncodeError:
            possible = False
        if not possible:
            raise BadInput(f"{arg!r} is no text and names no file; write it anew")


class Terminated(KeyboardInterrupt):
    """The process was asked to end.

    Attributes:
        code: the exit code of a process that a signal ended.
    """

    def __init__(self, signal_number: int) -> None:
        super().__init__()
        self.code = 128 + signal_number


def _settle_in() -> None:
    """Make a process of its own ready: it ends in order, and no file takes a closed stream's place."""
    import signal

    def end(signal_number: int, _frame: object) -> None:
        raise Terminated(signal_number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, end)
    gc.disable()  # the process is over before circular garbage could fill the memory
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _LAST_STREAM:
        pass
    os.close(descriptor)


def _leave_at_once(code: int) -> NoReturn:
    """End the process without taking every object apart first, which would take a tenth of the time of a short answer.

    Nothing waits for the end: stores and files are closed by whoever opened them.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # closed, or nobody reads any more
            stream.flush()
    os._exit(code)


def tell_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """Print the version and exit, where it is wanted."""
    if not wanted or ctx.resilient_parsing:
        return
    from heinola_es.version import program_version

    version = program_version()
    say(f"heinola {version}" if version else "heinola, run from its source, not installed")
    ctx.exit()
