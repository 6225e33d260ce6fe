"""`heinola audit`: what an auditor asks of the log."""

from __future__ import annotations

import click

from heinola_es.commands.lazy import LazyGroup, Verbs

VERBS: Verbs = {
    "log": ("projections.commands.audit_trail:log", "List the events of the log: who, when, what, why."),
    "show": ("projections.commands.audit_trail:show", "Show one event in full, and which cells it moved."),
    "explain": ("projections.commands.audit_trail:explain", "Explain a figure down to the events under it."),
    "diff": ("projections.commands.audit_trail:diff", "Show what changed in a report between two moments."),
    "actors": ("projections.commands.audit_trail:actors", "List who recorded what, from when to when."),
    "forecasts": ("projections.commands.audit_forecasts:forecasts", "Hold forecasts against how their year ended."),
    "verify": ("projections.commands.audit_verify:verify", "Check the whole log, every published report and seals."),
    "prove": ("projections.commands.audit_verify:prove", "Write a proof that one event is in a sealed log."),
    "check-proof": ("projections.commands.audit_verify:check_proof", "Check a proof with nothing but a seal."),
    "check-document": ("projections.commands.check_document:check_document", "Check a report's file by its own proof."),
    "cosign": ("projections.commands.audit_cosign:cosign", "Cosign a seal as a witness."),
}


@click.group(cls=LazyGroup, verbs=VERBS)
def audit() -> None:
    """Ask the log who knew what and when, and whether it is whole."""
