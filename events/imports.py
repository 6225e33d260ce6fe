"""Imports: a file was read into the log. One stream per file content, so the same content enters once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from attrs import field, frozen
from attrs.validators import deep_iterable, instance_of

from events.base import Event, required

_texts = deep_iterable(instance_of(str), instance_of(tuple))


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class FileImported(Event):
    """A file was imported; `effective` is the period that it reports.

    Attributes:
        sha256: hex digest of the file's bytes.
        file_name: its name, without the folder.
        format: what it was read as, e.g. `report`.
        counts: how many of each thing it gave, as `name=number` texts.
        findings: what the reader inferred or could not place, as `(kind, unit, line number or place, message)` texts.
        covered_units: codes of the units whose books the file has, with those of everything below them.
        covered_months: the months that it has of their actuals, each as `2020-06`.
        covered_years: the fiscal years that it has the budgets of.
        covered_lines: codes of the lines that it has, with those below them; empty for all.
    """

    TOPIC: ClassVar[str] = "FileImported"
    VERSION: ClassVar[int] = 2
    UPCASTS: ClassVar[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {1: lambda body: body}

    sha256: str = field(validator=required)
    file_name: str = field(validator=required)
    format: str = field(validator=required)
    counts: tuple[str, ...] = ()
    findings: tuple[tuple[str, ...], ...] = field(
        default=(), validator=deep_iterable(deep_iterable(instance_of(str), instance_of(tuple)), instance_of(tuple))
    )
    covered_units: tuple[str, ...] = field(default=(), validator=_texts)
    covered_months: tuple[str, ...] = field(default=(), validator=_texts)
    covered_years: tuple[int, ...] = field(default=(), validator=deep_iterable(instance_of(int), instance_of(tuple)))
    covered_lines: tuple[str, ...] = field(default=(), validator=_texts)


ImportsEvent = FileImported
