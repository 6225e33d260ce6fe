"""The program that is loaded once does what the program does that is started each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import loaded
from tests.terminal import environment, started

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "words",
    [("--help",), ("snapshot", "2020Q2"), ("record", "unit"), ("import", "events", "-"), ("publish", "\udcff")],
    ids=["help", "no store", "usage", "standard input", "no text"],
)
def test_it_ends_and_says_as_one_that_is_started(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Exit code, standard output and standard error are the same, and neither leaves anything behind."""
    as_started = started(*words, stdin="nothing\n", cwd=tmp_path)
    ended = loaded.run(*words, stdin="nothing\n", cwd=tmp_path, env=environment())
    assert (ended.returncode, ended.stdout.decode(), ended.stderr.decode()) == (
        as_started.returncode,
        as_started.stdout,
        as_started.stderr,
    )
    assert list(tmp_path.iterdir()) == []


def test_it_lives_by_the_environment_and_folder_of_each_run(tmp_path: Path) -> None:
    """What one run is told of language, store and who records holds for that run alone."""
    environments = (environment(HEINOLA_LANG=language, HEINOLA_ACTOR=f"{language}-joku") for language in ("fi", "en"))
    for number, variables in enumerate(environments):
        place = tmp_path / str(number)
        place.mkdir()
        assert loaded.run("init", cwd=place, env=variables).returncode == 0
        said = loaded.run("audit", "log", cwd=place, env=variables).stdout.decode()
        assert f"{variables['HEINOLA_LANG']}-joku" in said
