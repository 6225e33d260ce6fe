"""First mappings for ledgers of many shapes: right as they stand, or marked UNSURE where they are not.

Beside each file of `corpus/` stands the mapping that is right for it. A suggestion is usable where what it records is
what the right mapping records, to the event; it is silently wrong where it records something else and marks nothing.
`python -m tests.heinola_es.importing.ledger.test_corpus` prints what came of each.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

import pytest

from heinola_es.importing.ledger.suggesting.suggest import suggested_mapping
from heinola_es.store.log import EventLog
from tests.city import CITY
from tests.servers import MEMORY
from tests.terminal import Terminal

if TYPE_CHECKING:
    from events.base import Event

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.csv"))
FEWEST, USABLE = 40, 36
UNITS = ("3100", "3200")
Verdict = Literal["usable", "unsure", "refused", "silently wrong"]


def recorded(file: Path, mapping: Path, folder: Path) -> list[str] | None:
    """Return what a file comes to by a mapping in a store of its own; None where it is refused."""
    location = str(folder / f"{mapping.stem}-{mapping.parent.name}.db")
    with EventLog.create(location, CITY, now=datetime.now(UTC), by="controller"):
        terminal = Terminal(location)
    if 'kind = "sector"' not in file.with_suffix(".toml").read_text(encoding="utf-8"):
        for code in UNITS:  # the file does not say what they stand under
            terminal.done(f"record unit {code} Koulu --kind unit --on 1.1.2015")
    said = file.with_suffix(".toml").read_text(encoding="utf-8")
    if 'is = "amendment"' in said and 'is = "budget"' not in said:  # there is something to amend
        for code, line in product(UNITS, ("sales", "personnel")):
            terminal.run(f"record budget {code} {line} 2020 {'' if line == 'sales' else '-'}100000")
    before = len(terminal.events())
    if terminal.run(f"import figures {file} --mapping {mapping}").exit_code:
        return None
    return sorted(_told(event) for event in terminal.events()[before:-1])


def _told(event: Event) -> str:
    """Return what an event says, but for when and from which row it was recorded."""
    figure = ("unit", "code", "name", "parent", "line", "account", "amount_cents", "measure", "fiscal_year")
    names = (*figure, "organ", "minutes_section", "address")
    values = [getattr(event, name, None) for name in names]
    return f"{event.TOPIC} {event.effective} {values}"


def verdict(file: Path, folder: Path) -> Verdict:
    """Return what comes of the mapping that is suggested for a file."""
    text = suggested_mapping(file)
    mapping = folder / f"{file.stem}.toml"
    mapping.write_text(text, encoding="utf-8")
    found = recorded(file, mapping, folder)
    right = recorded(file, file.with_suffix(".toml"), folder)
    assert right, f"{file.name}: its own mapping is refused"
    if found == right:
        return "usable"
    if found is None:
        return "refused"
    return "unsure" if "UNSURE" in text else "silently wrong"


def verdicts() -> dict[str, Verdict]:
    """Return what comes of every file."""
    with TemporaryDirectory(dir=MEMORY) as folder:
        return {file.stem: verdict(file, Path(folder)) for file in CORPUS}


@pytest.fixture(scope="module")
def found() -> dict[str, Verdict]:
    """Give what comes of every file, once."""
    return verdicts()


def test_nothing_is_silently_wrong(found: dict[str, Verdict]) -> None:
    """A suggestion that records anything but what is right says what it is unsure of, or is refused."""
    assert [name for name, told in found.items() if told == "silently wrong"] == []


def test_nearly_all_are_right_as_they_are_suggested(found: dict[str, Verdict]) -> None:
    """Of forty shapes at least thirty-six need nothing to be changed."""
    assert len(found) >= FEWEST
    others = {name: told for name, told in found.items() if told != "usable"}
    assert len(found) - len(others) >= USABLE, others


if __name__ == "__main__":
    for name, told in verdicts().items():
        print(f"{told:15} {name}")  # noqa: T201 - a script
