"""The schema of a store is changed: nothing is acknowledged that is not there, and a verification names the change.

Who reads has the right answer or a sentence. Without the two checks before a commit, what was swallowed is
acknowledged: the control.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.databases import POSTGRES, SQLITE
from tests.faults.schema_changes import IN_A_FILE, ON_A_SERVER
from tests.faults.series import Series, run_here
from tests.faults.stage import POSTED, READ
from tests.faults.whole import TRIED, some, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.schema_changes import Change
    from tests.faults.series import Ended
    from tests.faults.stage import Copy, Stage

CHANGES = {SQLITE: IN_A_FILE, POSTGRES: ON_A_SERVER}
RECORDED, SHOWN = Series(POSTED), Series(READ, reads=True)
REBUILT = Series("projections rebuild", reads=True)
GROUPS = 6


def sentence(what: str, ended: Ended) -> str:
    """Return nothing where a command did not succeed and said why in one sentence, else what is wrong with it."""
    said = [line for line in ended.stderr.splitlines() if line.startswith("heinola:")]
    sound = ended.code in {1, 3} and len(said) == 1 and "Traceback" not in ended.stderr
    return "" if sound else f"{what} ends with {ended.code}: {ended.stderr.strip()[-160:]!r}"


def recording(copy: Copy) -> str:
    """Record: return nothing where it is refused and not there, or told and there; else what is wrong."""
    before = copy.said()
    ended = run_here(RECORDED, copy)
    after = copy.said()
    if ended.code == 0:
        added = (
            after is not None and before is not None and after[:-1] == before and '"amount_cents":1234' in after[-1][1]
        )
        return "" if added else f"acknowledged and not there: {ended.stdout.strip()!r}"
    return sentence("recording", ended) or ("" if after == before else "refused, and something is there")


def reading(copy: Copy, right: str) -> str:
    """Read: return nothing where it is refused, or the answer is the right one; else what is wrong."""
    ended = run_here(SHOWN, copy)
    if ended.code == 0:
        return "" if ended.stdout == right else "the snapshot is another one"
    return sentence("the snapshot", ended)


def rebuilding(copy: Copy) -> str:
    """Rebuild: return nothing where it is done, or refused in a sentence."""
    ended = run_here(REBUILT, copy)
    return "" if ended.code == 0 else sentence("the rebuild", ended)


def naming(copy: Copy, change: Change) -> str:
    """Verify: return nothing where the change is named, or needs no name; else what is wrong."""
    try:
        found = copy.problems()
    except Exception as error:  # noqa: BLE001 - whatever it says, it must not be an error
        return f"the verification fails: {error!r}"
    if change.words and not any(word in problem for word in change.words for problem in found):
        return f"the verification does not name it: {found[:2]}"
    return ""


def broken(stage: Stage, name: str, change: Change, right: str) -> list[str]:
    """Change the schema of a copy and return every promise that is then broken."""
    with stage.copied() as copy:
        with copy.raw() as raw:
            change.make(raw)
        checks: tuple[Callable[[], str], ...] = (
            lambda: naming(copy, change),
            lambda: reading(copy, right),
            lambda: rebuilding(copy),
            lambda: reading(copy, right),
            lambda: recording(copy),
        )
        return [f"{name}: {flaw}" for check in checks if (flaw := check())]


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_changed_schema_is_noticed(stage: Stage, group: int) -> None:
    """Nothing is acknowledged that is not there, no wrong figure is shown, and the change is named."""
    changes = CHANGES[POSTGRES if stage.server else SQLITE]
    with stage.copied() as copy:
        right = run_here(SHOWN, copy).stdout
    found = []
    for name in some(list(changes)[group::GROUPS], 2, 1000, f"schema/{group}"):
        flaws = broken(stage, name, changes[name], right)
        TRIED["changes of the schema"] += 1
        TRIED["changes of the schema missed"] += bool(flaws)
        found += flaws
    assert not found, told(found)


_READ_BACK = "heinola_es.store.appending.Written.require_stored"
DEFENCES = {
    SQLITE: ("heinola_es.store.sqlite.schema_flaws", _READ_BACK),
    POSTGRES: ("heinola_es.store.postgres.flaws", _READ_BACK),
}
"""The two checks before a commit: of the schema, and of what was appended."""


@pytest.mark.parametrize("off", [(), (0,), (1,), (0, 1)], ids=["both", "no schema", "no reading back", "neither"])
def test_either_check_before_a_commit_is_enough(
    stage: Stage, off: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that a trigger swallows is not acknowledged by either check alone; without both, it is."""
    database = POSTGRES if stage.server else SQLITE
    with stage.copied() as copy:
        with copy.raw() as raw:
            CHANGES[database]["a trigger to swallow"].make(raw)
        for number in off:
            monkeypatch.setattr(DEFENCES[database][number], lambda *_args: ())
        assert bool(recording(copy)) == (len(off) == len(DEFENCES[database]))


def test_without_its_check_a_changed_schema_is_not_named(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the comparison of the schema taken out of the verification, a change is not named: the control."""
    change = CHANGES[POSTGRES if stage.server else SQLITE]["an index added"]
    with stage.copied() as copy:
        with copy.raw() as raw:
            change.make(raw)
        assert not naming(copy, change)
        monkeypatch.setattr("projections.verifying.verification.guard_problems", lambda *_args: ())
        assert naming(copy, change)
