"""The form of a unit as a page: what `heinola form` asks, recorded as `heinola import form` records it.

What is sent is held against the log as it was when the page was opened. Where somebody recorded something else in the
meantime, both are shown side by side, and nothing is recorded until it is said which holds.
"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.domain.aggregates.rights import NotAllowed
from heinola_es.errors import BadInput, HeinolaError, Refused
from projections.forms.filled import FilledForm
from projections.forms.identity import decode, encode, key_text
from projections.forms.making import one_form
from projections.forms.model import FIELDS, IDENTS, Entry
from projections.forms.taking_in import named, said, take_in
from projections.read_models.moment import one_moment
from projections.report.language.words import words_in
from projections.snapshot.round_parts import round_of
from projections.web.allowed import lack_for
from projections.web.asked import Asked, asked_of, short
from projections.web.pages import page

if TYPE_CHECKING:
    from decimal import Decimal as Amount

    from heinola_es.handlers.session import Session
    from heinola_es.store.reading import LogReader
    from projections.forms.changes import Change
    from projections.forms.model import Cell, Form, Key, Section
    from projections.forms.taking_in import TakenIn
    from projections.report.language.words import Words
    from projections.web.visit import Answer, Site, Visit

FIELD, SIDE = "field ", "side "
"""What stands before the key in the name of a field, and before that of a row whose sides are chosen between."""
HAND_IN = "hand in"
"""The name of the button that hands in besides."""
_SIDES = frozenset({"mine", "theirs"})
_NUMBER = re.compile(r"[0-9]{1,6}")
_TRIES = 5
_LONGEST = 100_000
"""Characters of a field."""


@frozen(slots=True, kw_only=True)
class Conflict:
    """A row of which somebody recorded something else: what it is, both sides, and the name of the choice."""

    what: str
    form: str
    log: str
    choice: str


@frozen(slots=True, kw_only=True)
class _Shown:
    """What a page with a form shows besides it."""

    filled: dict[str, str]
    problems: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    recorded: str = ""
    identity: str = ""


class _Moved(Refused):
    """Somebody recorded something while what was sent was read."""


def form(site: Site, visit: Visit) -> Answer:
    """Show the form of a unit, and record what was filled in where it is sent."""
    asked = asked_of(site, visit)
    if asked.unit is None:
        raise BadInput("say whose form it is")
    _require_allowed(site, visit, asked.unit)
    shown = _recorded(site, visit, asked) if visit.is_sent else _Shown(filled={})
    made, may_hand_in = site.ask(lambda reader: _made(reader, asked))
    words = words_in(asked.language)
    unit = made.units[0]
    return page(
        site,
        visit,
        "form.html.j2",
        asked,
        title=unit.title,
        city=made.identity.city,
        status=409 if shown.problems or shown.conflicts else 200,
        form=made,
        unit=unit,
        shown=shown,
        may_hand_in=may_hand_in,
        identity=shown.identity or encode(made.identity, ()),
        name_of=lambda entry: FIELD + key_text(entry.key),
        value_of=lambda entry: shown.filled.get(FIELD + key_text(entry.key), entry.shown),
        is_entry=lambda cell: isinstance(cell, Entry),
        figure=lambda cell, section, at: _figure(words, cell, section, at),
        draft=f"{made.identity.city} {short(asked.period)} {unit.code}",
    )


def _require_allowed(site: Site, visit: Visit, unit: str) -> None:
    """Refuse the form of a unit to whoever may not fill it in.

    Raises:
        NotAllowed: in the words of a command that would record it.
    """
    lack = site.ask(lambda reader: lack_for(reader, visit.who, unit, site.clock().date()))
    if lack is not None:
        raise NotAllowed(f"{lack}; nothing was recorded" if visit.is_sent else str(lack))


def _made(reader: LogReader, asked: Asked) -> tuple[Form, bool]:
    """Return the form, and whether the unit may hand in its part of a round."""
    with one_moment(reader) as upto:
        made = one_form(reader, asked.period, (str(asked.unit),), asked.language)
        then = round_of(reader, asked.period, upto)
        waited_for = then is not None and then.is_open and asked.unit in then.units
        return made, waited_for and then is not None and then.part(str(asked.unit)).state in {"open", "returned"}


def _figure(words: Words, cell: Cell, section: Section, at: int) -> str:
    """Return what stands in a cell that nobody fills in."""
    if isinstance(cell, Decimal):
        is_percent = section.name == "figures" and at == len(section.columns) - 1
        return words.numbers.hundredths(cell) if is_percent else _euros(words, cell)
    return "" if cell is None or isinstance(cell, Entry) else str(cell)


def _euros(words: Words, value: Amount) -> str:
    return words.numbers.exact(int(value * 100))


# ---------------------------------------------------------------- what was filled in


def _recorded(site: Site, visit: Visit, asked: Asked) -> _Shown:
    """Record what was filled in, and return what is to be said of it."""
    fields = {name: text for name, text in visit.filled.items() if name.startswith(FIELD)}
    identity = visit.filled.get("identity", "")
    for _try in range(_TRIES):
        read = _read(identity, fields, asked)
        taken = site.ask(lambda reader, read=read: _taken_in(reader, read))  # type: ignore[misc]
        if taken.wrong:
            return _Shown(filled=fields, problems=tuple(taken.wrong), identity=identity)
        changes = taken.forms[0].changes
        chosen = {one.row: visit.filled.get(_choice(one), "") for one in changes if one.conflicts}
        if undecided := [one for one in changes if one.conflicts and chosen[one.row] not in _SIDES]:
            return _Shown(filled=fields, conflicts=tuple(_conflict(one, asked) for one in undecided), identity=identity)
        kept = [one for one in changes if not one.is_recorded and chosen.get(one.row) != "theirs"]
        hands_in = HAND_IN in visit.filled
        if not kept and not hands_in:
            return _Shown(filled={}, recorded="0")
        try:
            recorded = _run(site, visit.who, read, kept, taken.position, hands_in=hands_in)
            return _Shown(filled={}, recorded=recorded)
        except _Moved:
            continue
        except NotAllowed:
            raise
        except HeinolaError as error:
            return _Shown(filled=fields, problems=error.lines, identity=identity)
    raise Refused("others keep recording while the form is read; nothing was recorded, send it again")


def _read(identity: str, fields: dict[str, str], asked: Asked) -> FilledForm:
    """Return the form that was sent.

    Raises:
        BadInput: it is no form, is another unit's, or has a field that a form has not.
    """
    try:
        told = decode(identity, (), "the page").identity
    except RecursionError:
        raise BadInput("the page is no form; load it again") from None
    if told.units != (asked.unit,) or told.period != asked.period:
        raise BadInput("the page is of another unit or period than its address; load it again")
    form = FilledForm(f"{short(told.period)}-{asked.unit}", told)
    for name, text in fields.items():
        key = _key(name.removeprefix(FIELD))
        if len(text) > _LONGEST:
            raise BadInput(f"{' '.join(key)}: the text is longer than any that is recorded; shorten it")
        form.take(" ".join(key), str(asked.unit), key, text)
    return form


def _key(text: str) -> Key:
    """Return the key of a field.

    Raises:
        BadInput: no form has such a field.
    """
    no_field = BadInput(f"{text[:60]!r} is no field of a form; load the page again")
    try:
        told = json.loads(text)
        section, *ident, field = told
        is_one = all(isinstance(part, str) for part in told) and field in FIELDS[section]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise no_field from None
    if not is_one or len(ident) != len(IDENTS[section]):
        raise no_field
    if section in {"priority", "narrative"} and not _NUMBER.fullmatch(ident[-1]):
        raise no_field
    return tuple(told)


def _taken_in(reader: LogReader, read: FilledForm) -> TakenIn:
    with one_moment(reader):
        read.wrong.clear()  # the question may be asked again
        return take_in(reader, [read], (), "mine")


def _choice(change: Change) -> str:
    """Return the name of the choice between the sides of a row, as they stand now."""
    seen = json.dumps([change.unit, change.row, dict(change.now)], ensure_ascii=False, sort_keys=True)
    return SIDE + sha256(seen.encode()).hexdigest()[:24]


def _conflict(change: Change, asked: Asked) -> Conflict:
    return Conflict(
        what=named(change),
        form=said(change.filled, asked.language),
        log=said(change.now, asked.language),
        choice=_choice(change),
    )


def _run(site: Site, who: str, read: FilledForm, changes: list[Change], position: int, *, hands_in: bool) -> str:
    """Record changes under the name of whoever sent them, and return the positions of what was recorded.

    With `hands_in`, the part of the round is handed in with them, all or nothing.

    Raises:
        _Moved: the log went on since they were held against it.
        HeinolaError: a rule refuses some of it.
    """
    from heinola_es.handlers.rounds import submit_parts  # noqa: PLC0415 - whoever only reads loads no part that writes
    from heinola_es.handlers.session import run  # noqa: PLC0415
    from heinola_es.sealing.at_hand import KeyAtHand  # noqa: PLC0415
    from heinola_es.store.log import EventLog, Request  # noqa: PLC0415
    from projections.forms.recording import record_changes  # noqa: PLC0415

    def work(session: Session) -> None:
        if session.log.head().size != position:
            raise _Moved("the log went on while the form was read")
        record_changes(session, read.identity, changes)
        if hands_in:
            submit_parts(session, read.identity.period, read.identity.units)

    if not who.strip():
        raise BadInput("nobody knows who you are; start `heinola serve` with --actor NAME")
    with EventLog.open(site.store, KeyAtHand(site.keys[0]) if site.keys else None) as log:
        receipt = run(log, site.clock, Request(who, read.name), work)
    return f"#{receipt.first}" if receipt.first == receipt.last else f"#{receipt.first}–#{receipt.last}"
