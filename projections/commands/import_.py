"""`heinola import`: files into events, all or nothing."""

from __future__ import annotations

import click

from heinola_es.commands.import_ import VERBS
from heinola_es.commands.lazy import LazyGroup

_REPORT = {
    "report": (
        "projections.commands.import_report:import_report",
        "Import a published interim report (text, Word, PDF, or one of our own): figures, goals, texts, projects.",
    )
}
_FORM = {
    "form": (
        "projections.commands.import_form:import_form",
        "Import forms that were filled in: exactly what was changed, a command for each form.",
    )
}


@click.group("import", cls=LazyGroup, verbs=_REPORT | VERBS | _FORM)
def import_group() -> None:
    """Import a file: everything in it, or nothing."""
