"""The door: the root command, the global options, and errors to exit codes. A verb is loaded when it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heinola_es.commands.file_mode import FileMode
from heinola_es.commands.root import Root, tell_version
from heinola_es.languages import LANGUAGES, language_of_locale

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.base import Event
    from heinola_es.handlers.restating import PublishedReport

VERBS = {
    "init": ("heinola_es.commands.init:init", "Create the store of a city."),
    "import": ("projections.commands.import_:import_group", "Import a file: everything in it, or nothing."),
    "record": ("heinola_es.commands.record.group:record", "Record a fact: a figure, a goal, a unit, a project …"),
    "undo": ("projections.commands.undo:undo", "Undo what was recorded by mistake; the log keeps it, and says so."),
    "snapshot": (
        "projections.commands.snapshot:snapshot",
        "Show a period: every figure, goal and text, as of any day.",
    ),
    "round": ("projections.commands.round:round_", "Collect what units report: who has answered, what is missing."),
    "list": ("projections.commands.listing:listing", "List what there is: units, lines, goals, imports, periods …"),
    "report": ("projections.commands.report:report", "Write a report to be read: page, PDF, document, workbook."),
    "serve": ("projections.commands.serve:serve", "Show the report as pages to walk through, in a browser."),
    "form": ("projections.commands.form:form", "Make the forms that units fill in, to be taken in by import form."),
    "publish": ("projections.commands.publish:publish", "Publish a report: record it as it stands, and seal it."),
    "keys": ("heinola_es.commands.keys:keys", "Look after the key that seals are signed with."),
    "audit": ("projections.commands.audit:audit", "Ask the log who knew what and when, and whether it is whole."),
    "export": ("projections.commands.export:export", "Write the log for other programs and other machines."),
    "lake": ("projections.commands.lake:lake", "Keep the logs of many cities as Parquet files; verify them."),
    "country": ("projections.commands.country:country", "Write the snapshot of every city in a lake as one table."),
    "store": ("heinola_es.commands.store:store", "Move a store: copy its log into another, on either database."),
    "projections": ("projections.commands.projections:projections", "Look after the read models: status, rebuild."),
}

_TOO_MANY = "Got unexpected extra argument"
REFUSED, USAGE, UNFINISHED, UNFORESEEN = 1, 2, 4, 70  # 0 is done; a check that found something exits with 3 by itself


def answer(error: BaseException, args: Sequence[str], recorded: str) -> tuple[int, tuple[str, ...]]:
    """Return the exit code and what is said of an error.

    Args:
        error: what ended the command.
        args: the command line, for the report on what nobody foresaw.
        recorded: what is known of what the command recorded, in words.
    """
    from heinola_es.commands.trouble import sentences_for
    from heinola_es.errors import BadInput, Unfinished

    if isinstance(error, click.UsageError):
        said = error.format_message()
        if said.startswith(_TOO_MANY):
            said = f"{said}; put a text that has blanks between quotation marks"
        stop = "" if said.endswith((".", "?", ")")) else "."
        return USAGE, (f"{said}{stop} See `{error.ctx.command_path if error.ctx else 'heinola'} --help`.",)
    if isinstance(error, click.ClickException):
        return USAGE, (error.format_message(),)
    sentences = sentences_for(error)
    if not sentences:
        return UNFORESEEN, (_reported(error, args, recorded),)
    return USAGE if isinstance(error, BadInput) else UNFINISHED if isinstance(error, Unfinished) else REFUSED, sentences


def _reported(error: BaseException, args: Sequence[str], recorded: str) -> str:
    """Write the report on what nobody foresaw, and return what is said of it."""
    from heinola_es.commands.report_file import write_report

    try:
        where = f"a report for the developers is in {write_report(error, args)}"
    except OSError as unwritten:
        where = f"a report for the developers could not be written ({unwritten.strerror})"
    return f"something unforeseen happened ({type(error).__name__}); {where}; {recorded}"


@click.group("heinola", cls=Root, verbs=VERBS, answer=answer, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--store",
    type=click.Path(readable=False),
    metavar="PATH",
    envvar="HEINOLA_STORE",
    help="The store; by default ./heinola.db.",
)
@click.option("--actor", metavar="NAME", envvar="HEINOLA_ACTOR", help="Who records; by default the login name.")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    envvar="HEINOLA_LANG",
    show_envvar=True,
    help="The language of what is shown; by default that of the locale, else fi.",
)
@click.option("--locale", envvar=["LC_ALL", "LC_MESSAGES", "LANG"], hidden=True)
@click.option("--file-mode", type=FileMode(), envvar="HEINOLA_FILE_MODE", default="600", hidden=True)
@click.option("--own-key", type=click.Path(readable=False), envvar="HEINOLA_KEY", hidden=True)
@click.option("--config-home", type=click.Path(readable=False), envvar="XDG_CONFIG_HOME", hidden=True)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=tell_version, help="The version.")
@click.pass_context
def main(
    ctx: click.Context,
    store: str | None,
    actor: str | None,
    lang: str | None,
    locale: str | None,
    file_mode: int,
    own_key: str | None,
    config_home: str | None,
) -> None:
    """Quarterly reporting for cities: any date, every figure explained, nothing quietly changed."""
    import os
    from datetime import UTC, datetime

    from heinola_es.commands.context import Door
    from heinola_es.commands.key_file import keys_of
    from heinola_es.commands.verb import require_text
    from heinola_es.store.location import DEFAULT_STORE

    require_text(ctx.command, ctx)
    location, who = DEFAULT_STORE if store is None else store, actor or _login_name()
    keys = keys_of(own_key, config_home)
    language = lang or language_of_locale(locale)
    ctx.obj = Door(location, who, lambda: datetime.now(UTC), os.urandom, keys, file_mode, language, _cells_changed)


def _cells_changed(store: str, events: Sequence[Event], reports: Sequence[PublishedReport]) -> list[int]:
    """Count the cells of published reports that some events would change; what reads reports is loaded for it alone."""
    from projections.audit.restating import cells_changed

    return cells_changed(store, events, reports)


def _login_name() -> str:
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError):
        return ""  # as in a container; who records says it with --actor


if __name__ == "__main__":
    main()
