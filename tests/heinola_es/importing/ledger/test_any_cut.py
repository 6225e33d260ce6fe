"""However a ledger is cut into files, and in whatever order they come, its figures are those of one import.

A file tells of which months the books are whole, so one of fewer months tells less: at the end of each history it is
said that all are.
"""

from __future__ import annotations

import os
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heinola_es.store.log import EventLog
from tests.city import CITY
from tests.heinola_es.importing.ledger.ledgers import PLAIN, rows, written
from tests.projections.asking import cells, snapshot_of
from tests.servers import MEMORY
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from random import Random

Cell = tuple[str, str, int]
"""Unit, account and month."""
Ledger = dict[Cell, int]
Figures = dict[tuple[str, str, str], int | None]

EXAMPLES = int(os.environ.get("HEINOLA_LEDGER_EXAMPLES", "8"))
MONTHS = 6
WRONG_FIRST = 0.3
CUMULATIVE = PLAIN.replace('is = "actual"', 'is = "actual"\ncumulative = true')
REVERSED = f'sign = "reversed"\n{PLAIN}'
LEDGERS = st.dictionaries(
    st.tuples(
        st.sampled_from(["4100", "4160"]), st.sampled_from(["4000", "4100", "4300", "3000"]), st.integers(1, MONTHS)
    ),
    st.integers(1, 99_999),
    min_size=1,
    max_size=24,
)
tried = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def written_down(ledger: Ledger) -> str:
    """Return a ledger as a CSV file: income positive, expenses negative."""
    lines = []
    for (unit, account, month), cents in sorted(ledger.items()):
        signed = cents if account.startswith("3") else -cents
        lines.append(f"HYV;410;{unit};Yksikkö {unit};{account};{month}/2020;{signed / 100:.2f}".replace(".", ","))
    return rows(*lines)


def figures_of(files: Iterable[tuple[str, str, str]]) -> Figures:
    """Return the figures of the half-year after files are imported in this order: text, mapping, options of each."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        place = Path(folder)
        with EventLog.create(str(place / "heinola.db"), CITY, now=datetime.now(UTC), by="controller") as log:
            terminal = Terminal(log.location)
        for number, (text, mapping, options) in enumerate(files):
            file, said = written(place, text, f"{number}.csv"), written(place, mapping, f"{number}.toml")
            result = terminal.run(f"import figures {file} --mapping {said} {options}")
            assert result.exit_code == 0, result.stderr
        terminal.done("record complete 1-6/2020")
        return cells(snapshot_of(place / "heinola.db", "2020H1", all_lines=True))


def posted(figures: Figures) -> Figures:
    """Return the figures that are whole and not nought."""
    return {cell: cents for cell, cents in figures.items() if cents}


def parts(ledger: Ledger, of: dict[Cell, int]) -> Iterator[Ledger]:
    """Yield the parts of a ledger, by the number of the part that each cell is of."""
    found: dict[int, Ledger] = defaultdict(dict)
    for cell, cents in ledger.items():
        found[of[cell]][cell] = cents
    yield from found.values()


@tried
@given(ledger=LEDGERS, chance=st.randoms(use_true_random=False), by=st.sampled_from(["month", "unit", "cell"]))
def test_cut_into_files(ledger: Ledger, chance: Random, by: str) -> None:
    """By months, by units or anyhow, in any order; each file says of the months that it has that they are whole."""
    of_cell = {"month": lambda cell: cell[2], "unit": lambda cell: int(cell[0]), "cell": lambda _: chance.randrange(3)}
    numbers: Callable[[Cell], int] = of_cell[by]
    files = [(written_down(part), PLAIN, "") for part in parts(ledger, {cell: numbers(cell) for cell in ledger})]
    chance.shuffle(files)
    one = figures_of([(written_down(ledger), PLAIN, "")])
    cut = figures_of(files)
    assert {cell: value for cell, value in cut.items() if value} == {
        cell: value for cell, value in one.items() if value
    }


@tried
@given(ledger=LEDGERS, ends=st.sets(st.integers(1, MONTHS), min_size=1, max_size=3), chance=st.randoms())
def test_as_totals_from_january(ledger: Ledger, ends: set[int], chance: Random) -> None:
    """Files of totals from 1 January up to some months, and to June, in any order."""
    totals = [part for end in sorted({*ends, MONTHS}) if (part := totals_to(ledger, end))]
    files = [(written_down(part), CUMULATIVE, "") for part in totals]
    chance.shuffle(files)
    one = figures_of([(written_down(ledger), PLAIN, "")])
    assert posted(figures_of(files)) == posted(one)


@tried
@given(ledger=LEDGERS, before=LEDGERS)
def test_a_mapping_that_is_put_right_and_a_newer_file(ledger: Ledger, before: Ledger) -> None:
    """Imported with the signs the wrong way round, then another state of it, and last as it is: as if imported once."""
    files = [
        (written_down(before), REVERSED, "--contra"),
        (written_down(before), PLAIN, "--update"),
        (written_down(ledger), PLAIN, "--update"),
    ]
    one, last = figures_of([(written_down(ledger), PLAIN, "")]), figures_of(files)
    months = {cell[2] for cell in before} - {cell[2] for cell in ledger}
    if months or {cell[0] for cell in before} - {cell[0] for cell in ledger}:
        return  # what a newer file does not tell of stays as it was
    assert {cell: value for cell, value in last.items() if value} == {
        cell: value for cell, value in one.items() if value
    }


Import = tuple[str, str, str]
FORMS = ("months", "totals", "whole", "months, then their total")


def totals_to(ledger: Ledger, end: int) -> Ledger:
    """Return what a ledger comes to from 1 January up to the end of a month."""
    totals: Ledger = defaultdict(int)
    for (unit, account, month), cents in ledger.items():
        if month <= end:
            totals[unit, account, end] += cents
    return totals


def imports_of(ledger: Ledger, form: str, ends: set[int], chance: Random) -> list[Import]:
    """Return the files of a ledger, some of them read with the signs the wrong way round before they are put right."""
    by_month = [part for month in range(1, MONTHS + 1) if (part := {c: v for c, v in ledger.items() if c[2] == month})]
    to_date = [part for end in sorted({*ends, MONTHS}) if (part := totals_to(ledger, end))]
    first = {"months": by_month, "totals": to_date, "whole": [ledger]}.get(form, by_month)
    mapping = CUMULATIVE if form == "totals" else PLAIN
    steps: list[list[Import]] = []
    for part in first:
        text = written_down(part)
        wrong = [(text, f'sign = "reversed"\n{mapping}', "--contra")] if chance.random() < WRONG_FIRST else []
        steps.append([*wrong, (text, mapping, "--update" if wrong else "")])
    found = interleaved(steps, chance)
    return [*found, (written_down(totals_to(ledger, MONTHS)), CUMULATIVE, "")] if form == FORMS[-1] else found


def interleaved(steps: list[list[Import]], chance: Random) -> list[Import]:
    """Return all that is in some lists, each list in its order, and the lists in any."""
    left, found = [list(step) for step in steps if step], []
    while left:
        step = chance.choice(left)
        found.append(step.pop(0))
        left = [step for step in left if step]
    return found


@tried
@given(
    ledger=LEDGERS,
    forms=st.tuples(st.sampled_from(FORMS), st.sampled_from(FORMS)),
    ends=st.sets(st.integers(1, MONTHS), max_size=2),
    chance=st.randoms(use_true_random=False),
)
def test_in_any_cut(ledger: Ledger, forms: tuple[str, str], ends: set[int], chance: Random) -> None:
    """Split over files by unit, each unit's by months, as totals, whole or both, some corrected later, in any order."""
    of_unit = [{c: v for c, v in ledger.items() if c[0] == unit} for unit in ("4100", "4160")]
    files = [imports_of(part, form, ends, chance) for part, form in zip(of_unit, forms, strict=True) if part]
    one = figures_of([(written_down(ledger), PLAIN, "")])
    assert posted(figures_of(interleaved(files, chance))) == posted(one)
