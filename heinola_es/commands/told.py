"""What was recorded, in a line per event: `#1235 ActualCorrected 4100 operating_income 1.6.–30.6.2020 +1 000,00 €`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.base import Event
    from heinola_es.store.log import Receipt

_WHAT = (
    "actor",
    "role",
    "code",
    "project",
    "unit",
    "line",
    "measure",
    "goal",
    "number",
    "section",
    "programme",
    "city",
    "city_code",
    "recorded_in",
    "name",
    "kind",
    "fiscal_year",
)
_HOW = ("outcome", "responsible", "status", "value", "measured_in")
_MARKS = ("detail", "correcting")
_DIFFERENCES = frozenset({"ActualCorrected", "BudgetAmended", "AmendmentProposed"})


def told(receipt: Receipt, *, dry_run: bool) -> list[str]:
    """Return, line by line, what a command recorded, or would have recorded, or had recorded before."""
    if receipt.repeated:
        return [f"recorded before as {_positions(receipt.first, receipt.last)}, nothing was added"]
    if not receipt.events:
        return ["there was nothing to record"]
    if dry_run:
        *before, last = (f"would record {described(event)}" for event in receipt.events)
        return [*before, f"{last}, nothing was recorded"]
    return [f"#{at} {described(event)}" for at, event in enumerate(receipt.events, receipt.first)]


def described(event: Event) -> str:
    """Return an event in one line: what happened, to what, when, and how much."""
    parts = [
        event.TOPIC,
        *_fields(event, _WHAT),
        *_place(event),
        event.effective.label,
        *_fields(event, _HOW),
        *_amount(event),
        *(mark for mark in _MARKS if getattr(event, mark, False)),
    ]
    return " ".join(parts)


def euros(cents: int, *, signed: bool = False) -> str:
    """Return cents as euros with both decimals: `-1 234,50 €`; with `signed`, a plus before what is not negative."""
    sign = "-" if cents < 0 else "+" if signed else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole:,}".replace(",", " ") + f",{rest:02} €"


def _fields(event: Event, names: Iterable[str]) -> Iterator[str]:
    values: Iterator[Any] = (getattr(event, name, None) for name in names)
    return (str(value) for value in values if value not in {None, ""})


def _place(event: Event) -> Iterator[str]:
    if event.TOPIC == "UnitMoved":
        yield f"under {parent}" if (parent := getattr(event, "parent", None)) else "to the top"
    elif parent := getattr(event, "parent", None):
        yield f"under {parent}"
    if into := getattr(event, "into", None):
        yield f"into {into}"
    if proposal := getattr(event, "proposal", None):
        yield f"as proposed in #{proposal}"


def _amount(event: Event) -> Iterator[str]:
    cents = getattr(event, "amount_cents", None)
    if cents is not None:
        yield euros(cents, signed=event.TOPIC in _DIFFERENCES)
    percent = getattr(event, "percent", None)
    if percent is not None:
        yield f"{percent} %".replace(".", ",")


def _positions(first: int, last: int) -> str:
    return f"#{first}" if first == last else f"#{first}–#{last}"
