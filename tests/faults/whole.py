"""How much is tried: a little with every run of the suite, everything by `make faults`; and the numbers of it."""

from __future__ import annotations

import os
from collections import Counter
from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

WHOLE = os.environ.get("HEINOLA_FAULTS") == "whole"
SEED = os.environ.get("HEINOLA_FAULTS_SEED", "2020")
TRIED: Counter[str] = Counter()
"""How many faults of a kind were tried, and how many of them were missed."""


def some(cases: Sequence[T], few: int, many: int, seed: str) -> list[T]:
    """Return as many of the cases as this run tries, in their order: the same ones every time."""
    wanted = many if WHOLE else few
    if len(cases) <= wanted:
        return list(cases)
    chosen = Random(f"{SEED}/{seed}").sample(range(len(cases)), wanted)
    return [cases[at] for at in sorted(chosen)]


def told(found: Sequence[str], limit: int = 40) -> str:
    """Return what was found, each on a line of its own, for the report of a failure."""
    more = [f"… and {len(found) - limit} more"] if len(found) > limit else []
    return "\n".join([f"{len(found)} broken:", *found[:limit], *more])
