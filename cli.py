"""The door: the root command, the global options, and errors to exit codes. A verb is loaded when it is called."""

from __future__ import annotations

import click

from heinola_es.commands.file_mode import FileMode
from heinola_es.commands.root import Root, tell_version

VERBS = {
    "init": ("heinola_es.commands.init:init", "Create the store of a city."),
    "import": ("heinola_es.commands.import_:import_group", "Import a file: everything in it, or nothing."),
    "record": ("heinola_es.commands.record.group:record", "Record a fact: a figure, a goal, a unit, a project …"),
    "snapshot": (
        "projections.commands.snapshot:snapshot",
        "Show a period: every figure, goal and text, as of any day.",
    ),
    "report": ("projections.commands.report:report", "Write a report to be read: page, PDF, document, workbook."),
    "publish": ("projections.commands.publish:publish", "Publish a report: record it as it stands, and seal it."),
    "keys": ("heinola_es.commands.keys:keys", "Look after the key that seals are signed with."),
    "audit": ("projections.commands.audit:audit", "Ask the log who knew what and when, and whether it is whole."),
    "export": ("projections.commands.export:export", "Write the log for other programs and other machines."),
    "store": ("heinola_es.commands.store:store", "Move a store: copy its log into another, on either database."),
    "projections": ("projections.commands.projections:projections", "Look after the read models: status, rebuild."),
}

REFUSED, USAGE, INTERRUPTED = 1, 2, 130  # 0 is done; a check that found something exits with 3 of its own accord


def answer(error: BaseException) -> tuple[int, str]:
    """Return the exit code and the one plain sentence for an error; one that nobody foresaw is raised as it is."""
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


@click.group("heinola", cls=Root, verbs=VERBS, answer=answer, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--store", metavar="PATH", envvar="HEINOLA_STORE", help="The store; by default ./heinola.db.")
@click.option("--actor", metavar="NAME", envvar="HEINOLA_ACTOR", help="Who records; by default the login name.")
@click.option("--file-mode", type=FileMode(), envvar="HEINOLA_FILE_MODE", default="600", hidden=True)
@click.option("--own-key", envvar="HEINOLA_KEY", hidden=True)
@click.option("--config-home", envvar="XDG_CONFIG_HOME", hidden=True)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=tell_version, help="The version.")
@click.pass_context
def main(
    ctx: click.Context,
    store: str | None,
    actor: str | None,
    file_mode: int,
    own_key: str | None,
    config_home: str | None,
) -> None:
    """Quarterly reporting for cities: any date, every figure explained, nothing quietly changed."""
    from datetime import UTC, datetime

    from heinola_es.commands.context import Door
    from heinola_es.commands.key_file import keys_of
    from heinola_es.store.location import DEFAULT_STORE

    keys = keys_of(own_key, config_home)
    ctx.obj = Door(store or DEFAULT_STORE, actor or _login_name(), lambda: datetime.now(UTC), keys, file_mode)


def _login_name() -> str:
    from getpass import getuser

    try:
        return getuser()
    except (KeyError, OSError):
        return ""  # as in a container; who records says it with --actor


if __name__ == "__main__":
    main()
