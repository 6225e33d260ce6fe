"""`heinola init`: the store of a city."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from heinola_es.store.reading import LogReader
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path


def settings(store: Path) -> tuple[str, str]:
    """Return the city and the chart of a store."""
    with LogReader.open(str(store)) as reader:
        return reader.setting("city"), reader.setting("chart")


def test_a_store_is_created(tmp_path: Path) -> None:
    """`init` makes the store, with its folder, and says what it made."""
    store = tmp_path / "uusi" / "heinola.db"
    assert Terminal(store).done("init") == f"created {store} for Heinola, with the chart jhs192-2026"
    assert settings(store) == ("Heinola", "jhs192-2026")


@pytest.mark.parametrize(("wanted", "mode"), [({}, 0o600), ({"HEINOLA_FILE_MODE": "640"}, 0o640)])
def test_a_store_is_its_owners_alone(tmp_path: Path, wanted: dict[str, str], mode: int) -> None:
    """Nobody else reads the file of a store, unless HEINOLA_FILE_MODE says so, whatever the umask is."""
    store = tmp_path / "heinola.db"
    assert Terminal(store).run("init", **wanted).exit_code == 0
    assert stat.S_IMODE(store.stat().st_mode) == mode


def test_a_store_is_created_for_another_city(tmp_path: Path) -> None:
    """--city and --chart are kept in the store."""
    store = tmp_path / "lahti.db"
    Terminal(store).done("init --city Lahti --chart jhs192-2020")
    assert settings(store) == ("Lahti", "jhs192-2020")


def test_a_location_may_be_a_url(tmp_path: Path) -> None:
    """`sqlite:///PATH` names the same file as the path itself."""
    terminal = Terminal(tmp_path / "unused.db")
    result = terminal.run(f"--store sqlite:///{tmp_path}/heinola.db init")
    assert result.exit_code == 0
    assert settings(tmp_path / "heinola.db") == ("Heinola", "jhs192-2026")


def test_a_store_is_never_initialised_twice(terminal: Terminal) -> None:
    """A second `init` is refused and leaves the store as it was."""
    assert terminal.refused("init") == (
        f"heinola: {terminal.store} is initialised already, or is another file; choose another place with --store"
    )


def test_an_unknown_chart_is_met_with_those_there_are(tmp_path: Path) -> None:
    """A chart that is not shipped is refused, and no file is left behind."""
    result = Terminal(tmp_path / "heinola.db").run("init --chart jhs192")
    assert result.exit_code == 2
    assert result.stderr == (
        "heinola: unknown chart 'jhs192'; did you mean jhs192-2026?; shipped charts: jhs192-2020, jhs192-2026\n"
    )
    assert not (tmp_path / "heinola.db").exists()
