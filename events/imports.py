"""Imports: a file was read into the log. One stream per file content, so the same content enters once."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import deep_iterable, instance_of

from events.base import Event, required


@frozen(slots=True, kw_only=True)
class FileImported(Event):
    """A file was imported; `effective` is the period that it reports.

    Attributes:
        sha256: hex digest of the file's bytes.
        file_name: its name, without the folder.
        format: what it was read as, e.g. `report`.
        counts: how many of each thing it gave, as `name=number` texts.
        findings: what the reader inferred or could not place, as `(kind, unit, line number, message)` texts.
    """

    TOPIC: ClassVar[str] = "FileImported"

    sha256: str = field(validator=required)
    file_name: str = field(validator=required)
    format: str = field(validator=required)
    counts: tuple[str, ...] = ()
    findings: tuple[tuple[str, ...], ...] = field(
        default=(), validator=deep_iterable(deep_iterable(instance_of(str), instance_of(tuple)), instance_of(tuple))
    )


ImportsEvent = FileImported
