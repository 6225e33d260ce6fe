"""Where a store is: a path as people write it, or a URL of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from heinola_es.errors import BadInput
from heinola_es.store.location import store_path


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("./heinola.db", "heinola.db"),
        ("talous/2020 vuosi.db", "talous/2020 vuosi.db"),
        ("/srv/heinola.db", "/srv/heinola.db"),
        ("sqlite:///heinola.db", "heinola.db"),
        ("sqlite:////srv/heinola.db", "/srv/heinola.db"),
    ],
)
def test_a_location_names_a_file(location: str, path: str) -> None:
    """A path is itself; after sqlite:/// comes a path, relative or absolute."""
    assert store_path(location) == Path(path)


@pytest.mark.parametrize("location", ["mysql://host/heinola", "sqlite://heinola.db", "http://localhost/heinola.db"])
def test_what_cannot_be_opened_is_refused(location: str) -> None:
    """The sentence says which forms there are."""
    with pytest.raises(BadInput, match=r"cannot open the store .*; give a path"):
        store_path(location)
