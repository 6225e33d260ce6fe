"""Taking forms in: what all of them change, what is wrong with any, and what stands against what others recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import define, evolve, field, frozen

from heinola_es.domain.amounts import format_cents
from heinola_es.errors import BadInput, Refused
from heinola_es.store.bodies import body_of
from projections.forms.changes import Change, changes_of
from projections.forms.filled import FilledForm
from projections.forms.model import IDENTS
from projections.forms.told import Told, told_for
from projections.read_models.city import city_of
from projections.report.language.words import words_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from events.period import Period
    from heinola_es.store.reading import LogReader

Side = Literal["mine", "theirs", ""]
"""What holds where somebody recorded something else: the form, the log, or neither, which refuses."""
_SHOWN = 60  # characters of a text, side by side


class FormsUnread(BadInput):
    """Something in the forms cannot be read. Nothing was recorded."""


class FormsRefused(Refused):
    """The forms cannot be recorded as they are. Nothing was recorded."""


@frozen(slots=True)
class FormChanges:
    """What a form changes, and who filled it in; empty where it does not say."""

    form: FilledForm
    actor: str
    changes: tuple[Change, ...]


@define(slots=True)
class TakenIn:
    """Forms that were read and held against the log.

    Attributes:
        position: of the last event that they were held against.
        forms: in the order in which they were given.
        wrong: what cannot be read, a sentence each, with the form and the place.
        conflicts: what others recorded in the meantime, side by side.
    """

    position: int
    forms: list[FormChanges] = field(factory=list)
    wrong: list[str] = field(factory=list)
    conflicts: list[str] = field(factory=list)

    def require_sound(self) -> None:
        """Refuse forms with which anything is wrong, and tell all of it.

        Raises:
            FormsUnread, FormsRefused.
        """
        if self.wrong:
            raise FormsUnread(
                problems_counted(len(self.wrong)), *(f"  {one}" for one in (*self.wrong, *self.conflicts))
            )
        if self.conflicts:
            raise FormsRefused(
                "others recorded something else after the form was made; say whose holds with --mine (the form's) or "
                "--theirs (what is recorded); nothing was recorded",
                *(f"  {line}" for line in self.conflicts),
            )


def take_in(reader: LogReader, forms: Sequence[FilledForm], unread: Iterable[str], side: Side) -> TakenIn:
    """Return what forms change.

    Args:
        reader: inside a moment.
        forms: as they were filled in.
        unread: what was wrong with those that could not be read at all.
        side: what holds where somebody recorded something else.
    """
    end = reader.size()
    taken = TakenIn(end, wrong=list(unread))
    known: dict[tuple[Period, int], Told] = {}
    city = city_of(reader, end).name

    def told(period: Period, upto: int) -> Told:
        if (period, upto) not in known:
            known[period, upto] = told_for(reader, period, upto)
        return known[period, upto]

    seen: dict[tuple[object, ...], tuple[str, Change]] = {}
    for form in forms:
        changes: list[Change] = []
        if flaw := _flaw(form, city, end):
            form.wrong.append(flaw)
        else:
            period = form.identity.period
            changes = changes_of(form, told(period, form.identity.position), told(period, end))
            changes = [_once(reader, form, change) for change in changes if not _said_before(form, change, seen)]
        actors = list(dict.fromkeys(form.actors))
        if len(actors) > 1:
            form.wrong.append(f"it is filled in by {' and by '.join(actors)}; name the same one on every sheet")
        taken.wrong += [f"{form.name}: {one}" for one in form.wrong]
        if not side:
            conflicts = [one for one in changes if one.conflicts]
            taken.conflicts += [
                line for one in conflicts for line in _side_by_side(form, one, _last_by(reader, form, one))
            ]
        elif side == "theirs":
            changes = [change for change in changes if not change.conflicts]
        taken.forms.append(FormChanges(form, actors[0] if actors else "", tuple(changes)))
    return taken


def _once(reader: LogReader, form: FilledForm, change: Change) -> Change:
    """Return a change; what is said to hold still, and was recorded since the form was made, is recorded already."""
    return evolve(change, again=False) if change.again and _last_by(reader, form, change) else change


def _flaw(form: FilledForm, city: str, end: int) -> str:
    """Return why a form does not belong to the store; empty where it does."""
    identity = form.identity
    if identity.city != city:
        return f"it is a form of {identity.city}, and this store is of {city}; choose the store with --store"
    if identity.position > end:
        return f"it was made when the log had {identity.position} events, and it has {end}; it is of another store"
    return ""


def _said_before(form: FilledForm, change: Change, seen: dict[tuple[object, ...], tuple[str, Change]]) -> bool:
    """Return whether a form before this one changes the same row; where it does so otherwise, that is wrong."""
    key = form.identity.period, change.unit, change.row
    name, other = seen.setdefault(key, (form.name, change))
    if other is change:
        return False
    if other.filled != change.filled:
        form.wrong.append(f"{change.where}: {name} says otherwise of the same; take one of them away")
    return True


def _side_by_side(form: FilledForm, change: Change, by: str) -> Iterator[str]:
    yield f"{form.name}: {change.where}: {named(change)}"
    yield f"  form: {said(change.filled, form.identity.language)}"
    yield f"  log:  {said(change.now, form.identity.language)}{by}"


_TOPICS = {
    "goal": "GoalStatusUpdated",
    "priority": "PriorityReported",
    "narrative": "NarrativeReported",
    "indicator": "IndicatorObserved",
    "project": "ProjectProgressReported",
    "forecast": "ForecastGiven",
    "outlook": "OutlookGiven",
}
"""The events that tell a row of each section; their fields that tell the rows apart are called as in a form."""
_UNSAID = {"part": "1"}


def _last_by(reader: LogReader, form: FilledForm, change: Change) -> str:
    """Return who told a row last since the form was made, and where in the log; empty where it was taken back."""
    section, *ident = change.row
    topic, names = _TOPICS[section], IDENTS[section]
    last = ""
    for row in reader.rows(form.identity.position, reader.size()):
        if row[3] != topic:
            continue
        body = body_of(row)
        of_unit = section == "project" or body["unit"] == change.unit
        if of_unit and [str(body.get(name) or _UNSAID.get(name, "")) for name in names] == ident:
            last = f" (#{row[0]}, {body['recorded_by']})"
    return last if any(change.now.values()) else ""


def named(change: Change) -> str:
    """Return what a change is about: `4160 goal 4160-1`."""
    section, *ident = change.row
    return " ".join(
        (change.unit, section, *(part for part in ident if part and (section != "narrative" or part != "1")))
    )


def said(values: Mapping[str, str], language: str) -> str:
    """Return what stands in a row, on one line."""
    words = words_in(language)
    told = []
    for name, value in values.items():
        if name == "status" and value:
            told.append(words.say(value.replace("_", " ")))
        elif name == "amount" and value:
            told.append(f"{format_cents(int(value))} €")
        elif value:
            told.append(_short(value))
    return " — ".join(told) or "(nothing)"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def problems_counted(number: int) -> str:
    """Return how many problems there are, in a sentence."""
    return f"{number} {'problem' if number == 1 else 'problems'} in the forms; nothing was recorded"
