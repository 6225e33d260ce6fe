"""Somebody with the database and no key changes what is in it: a verification tells, and ends.

1 400 tamperings on each database in the whole run, drawn from the kinds of `tests/faults/tampering.py`. With a check
taken out of the verification, the kind that it is there for is missed: the control.
"""

from __future__ import annotations

import re
import signal
from contextlib import contextmanager
from random import Random
from time import process_time
from typing import TYPE_CHECKING

import pytest

from heinola_es.sealing.keys import load_verifier
from heinola_es.sealing.seals import read_seal
from projections.verifying.kept import Kept
from projections.verifying.seals import OpenedSeals
from tests.faults.series import Series, run_here
from tests.faults.stage import READ
from tests.faults.tampering import AFTER_THE_LAST_SEAL, FOUND, tamper
from tests.faults.whole import SEED, TRIED, WHOLE, told
from tests.terminal import ROOT

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from types import FrameType

    from tests.faults.stage import Copy, Stage

TRIES = 1400 if WHOLE else 26
PATIENCE_SECONDS = 10
SNAPSHOT = Series(READ, reads=True)


class NeverEnds(BaseException):
    """It is still at it; no `except Exception` holds this up."""


@contextmanager
def patience() -> Iterator[None]:
    """Interrupt what does not end: by its own work, so that a machine with other work on it accuses nobody."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise NeverEnds

    before = signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE_SECONDS)
    until = process_time() + PATIENCE_SECONDS
    try:
        yield
        if process_time() > until:  # what was interrupted may have been told as an error of the database
            raise NeverEnds
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def sealed_size(stage: Stage) -> int:
    """Return how many events the last seal covers."""
    return read_seal(stage.keep / "2.seal", load_verifier(stage.keep / "seal.key")).size


def tampered(stage: Stage, copy: Copy, name: str, number: int) -> None:
    """Tamper with a copy, the same way every time."""
    kinds = FOUND | AFTER_THE_LAST_SEAL
    with copy.raw() as raw:
        tamper(raw, kinds[name], Random(f"{SEED}/{name}/{number}"), sealed_size(stage))


def missed(copy: Copy) -> str:
    """Verify a copy with its seals: return nothing where it was found out, else what was wrong with that."""
    try:
        with patience():
            return "" if copy.problems(sealed=True) else "missed"
    except NeverEnds:
        return "the verification never ends"
    except Exception as error:  # noqa: BLE001 - whatever it says, it must not be an error
        return f"the verification fails: {error!r}"


def unreadable(copy: Copy) -> str:
    """Read a copy: return nothing where there is an answer or a sentence, else what was wrong."""
    try:
        with patience():
            ended = run_here(SNAPSHOT, copy)
    except NeverEnds:
        return "the snapshot never ends"
    return (
        f"the snapshot fails: {ended.stderr[-200:]!r}"
        if ended.code not in {0, 1, 3} or "Traceback" in ended.stderr
        else ""
    )


@pytest.mark.parametrize("name", FOUND)
def test_tampering_is_found(stage: Stage, name: str) -> None:
    """Whatever is changed is found, by a verification that ends; and who reads has an answer or a sentence."""
    found = []
    for number in range(max(TRIES // len(FOUND), 1)):
        with stage.copied() as copy:
            tampered(stage, copy, name, number)
            flaws = [f"{name}/{number}: {flaw}" for flaw in (missed(copy), unreadable(copy)) if flaw]
        TRIED["tamperings"] += 1
        TRIED["tamperings missed"] += bool(flaws)
        found += flaws
    assert not found, told(found)


NONE_OF_ITS_KIND = (b'{"v":1,"recorded_by":"x"}', b'{"v":1,', b'{"v":1,"effective":5,"recorded":[],"unit":{}}')
READ_FROM_THE_LOG = {
    "ActualPosted": READ,  # which compares texts with what was posted after them
    "ReportPublished": "export events",
    "RoundOpened": "round status",
    "RoundClosed": "round close",
}


@pytest.mark.parametrize("topic", READ_FROM_THE_LOG)
def test_what_is_read_past_the_read_models_is_held_to_its_form(stage: Stage, topic: str) -> None:
    """Read models agree, and the body of an event is none: whoever takes it from the log says which it is."""
    line = READ_FROM_THE_LOG[topic]
    for body in NONE_OF_ITS_KIND:
        with stage.copied() as copy:
            for earlier in ("open 2021Q3 --due 31.12.2030 --unit 4160", "close"):
                copy.terminal.done(f"round {earlier}")
            copy.terminal.done(READ)
            with copy.raw() as raw, raw.unlocked():
                ((at,),) = raw("SELECT max(position) FROM stored_events WHERE topic = ?", topic)
                raw("UPDATE stored_events SET state = ? WHERE position = ?", body, at)
            ended = run_here(Series(line, reads=True), copy)
        is_told = f"event {at} cannot be read" in ended.stderr or "the log is not what its tree says" in ended.stderr
        assert (ended.code, is_told) == (1, True), (body, ended)


VERIFICATION = "projections.verifying.verification"
CONTROLS = {
    "estranged": ("event_problems",),
    "backdated": ("event_problems", "head_problems"),
    "gap in a stream": ("event_problems",),
    "a cell of the head": ("head_problems",),
    "planted key": ("own_problems",),
    "settings": ("settings_problems",),
    "read model": ("build_and_compare",),
    "rewritten": ("opened_seals", "publication_problems"),
    "kept report": ("kept_reports",),
    "kept name": ("kept_reports",),
}
"""By kind, the checks of the verification without which it is missed."""


@pytest.mark.parametrize("name", CONTROLS)
def test_without_its_check_a_tampering_is_missed(stage: Stage, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the checks that a kind is found by taken out, the same tampering is missed: it is they that find it."""
    for number in range(8):
        with stage.copied() as copy, monkeypatch.context() as patch:
            tampered(stage, copy, name, number)
            if missed(copy):
                continue
            for check in CONTROLS[name]:
                patch.setattr(f"{VERIFICATION}.{check}", NOTHING.get(check, _nothing_found))
            if missed(copy):
                return
    raise AssertionError(f"{name} is found without {CONTROLS[name]}: this control controls nothing")


def _nothing_found(*_args: object) -> tuple[()]:
    return ()


def _no_seals(*_args: object) -> OpenedSeals:
    return OpenedSeals({}, [], [])


def _nothing_kept(connection: sqlite3.Connection, _published: object) -> Kept:
    return Kept(connection)


NOTHING = {"opened_seals": _no_seals, "kept_reports": _nothing_kept}
"""What takes the place of a check that returns more than what it found."""


@pytest.mark.parametrize("name", AFTER_THE_LAST_SEAL)
def test_what_only_a_later_seal_would_tell(stage: Stage, name: str) -> None:
    """What agrees with itself and with every seal is not told from what was recorded: that much is said in the docs."""
    for number in range(10 if WHOLE else 1):
        with stage.copied() as copy:
            tampered(stage, copy, name, number)
            assert copy.problems(sealed=True) == []
            TRIED["tamperings after the last seal, which nothing tells"] += 1


@pytest.mark.parametrize("name", AFTER_THE_LAST_SEAL)
def test_a_signed_head_tells_what_a_later_seal_would(stage: Stage, name: str) -> None:
    """The same, done to a store whose log requires that its head is signed, is found; the control is the test above."""
    for number in range(10 if WHOLE else 1):
        with stage.copied() as copy:
            copy.terminal.done(f"keys require --key {copy.folder / 'seal.key'} --clock-is-right")
            tampered(stage, copy, name, number)
            assert copy.problems(sealed=True) != []
            TRIED["tamperings after the last seal of a signed store"] += 1


def test_the_docs_list_what_is_missed() -> None:
    """What is missed is what `docs/store.md` says is missed, neither more nor less."""
    page = (ROOT / "docs" / "store.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"after the last seal[^:]*:\n\n((?:- .*\n)+)", page)
    assert {line.removeprefix("- ").rstrip(";.") for line in listed.splitlines()} == set(AFTER_THE_LAST_SEAL)
