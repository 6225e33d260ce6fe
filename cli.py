"""The door: the root command, the global options, and errors to exit codes. A verb is loaded when it is called."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import click

from heinola_es.commands.lazy import LazyGroup, Verbs

if TYPE_CHECKING:
    from collections.abc import Sequence

VERBS: Verbs = {
    "init": ("heinola_es.commands.init:init", "Create the store of a city."),
    "import": ("heinola_es.commands.import_:import_group", "Import a file: everything in it, or nothing."),
    "record": ("heinola_es.commands.record.group:record", "Record a fact: a figure, a goal, a unit, a project …"),
    "snapshot": (
        "projections.commands.snapshot:snapshot",
        "Show a period: every figure, goal and text, as of any day.",
    ),
    "projections": ("projections.commands.projections:projections", "Look after the read models: status, rebuild."),
}

DONE, REFUSED, USAGE = 0, 1, 2  # a check that found something exits with 3 of its own accord
INTERRUPTED, BROKEN_PIPE = 130, 141  # as a shell reports a program that SIGINT or SIGPIPE ended
COMPLETE = "_HEINOLA_COMPLETE"


class Root(LazyGroup):
    """The root command: whatever goes wrong ends as one plain sentence on stderr and an exit code."""

    def main(  # type: ignore[override]  # always standalone
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,  # noqa: ARG002 - always heinola
        **extra: Any,  # noqa: ANN401 - click's own signature
    ) -> NoReturn:
        """Run a command line, or complete one for the shell, and exit."""
        from click.shell_completion import shell_complete

        if instruction := os.environ.get(COMPLETE):
            sys.exit(shell_complete(self, {}, "heinola", COMPLETE, instruction))
        extra.pop("standalone_mode", None)
        try:
            with self.make_context("heinola", list(sys.argv[1:] if args is None else args), **extra) as ctx:
                self.invoke(ctx)
            sys.stdout.flush()
        except click.exceptions.Exit as leaving:
            sys.exit(leaving.exit_code)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it closes stdout
            sys.exit(BROKEN_PIPE)
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - what nobody foresaw is raised again by `answer`
            code, sentence = answer(error)
            click.echo(f"heinola: {sentence}", err=True)
            sys.exit(code)
        sys.exit(DONE)


def answer(error: BaseException) -> tuple[int, str]:
    """Return the exit code and the sentence for an error; one that nobody foresaw is raised as it is."""
    from heinola_es.commands.trouble import sentence_for
    from heinola_es.errors import BadInput

    if isinstance(error, KeyboardInterrupt | click.Abort):
        return INTERRUPTED, "interrupted"
    if isinstance(error, click.UsageError):
        said = error.format_message()
        stop = "" if said.endswith((".", "?", ")")) else "."
        return USAGE, f"{said}{stop} See `{error.ctx.command_path if error.ctx else 'heinola'} --help`."
    if isinstance(error, click.ClickException):
        return USAGE, error.format_message()
    return (USAGE if isinstance(error, BadInput) else REFUSED), sentence_for(error)


def _tell_version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if not wanted or ctx.resilient_parsing:
        return
    from importlib.metadata import PackageNotFoundError, version

    try:
        click.echo(f"heinola {version('heinola-es')}")
    except PackageNotFoundError:
        click.echo("heinola, run from its source, not installed")
    ctx.exit()


def _login_name() -> str:
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError):
        return ""  # as in a container; who records says it


@click.group("heinola", cls=Root, verbs=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--store", metavar="PATH", envvar="HEINOLA_STORE", help="The store; by default ./heinola.db.")
@click.option("--actor", metavar="NAME", envvar="HEINOLA_ACTOR", help="Who records; by default the login name.")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_tell_version, help="The version.")
@click.pass_context
def main(ctx: click.Context, store: str | None, actor: str | None) -> None:
    """Quarterly reporting for cities: any date, every figure explained, nothing quietly changed."""
    from datetime import UTC, datetime

    from heinola_es.commands.context import Door
    from heinola_es.store.location import DEFAULT_STORE

    ctx.obj = Door(store or DEFAULT_STORE, actor or _login_name(), lambda: datetime.now(UTC))


if __name__ == "__main__":
    main()
