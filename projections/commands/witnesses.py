"""The options that say whose cosignatures a seal must bear: `--witness KEY`, as often as needed, and `--quorum N`."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.sealing.cosignatures import Witnesses

    Command = Callable[..., None]

_OF_KEYS: dict[str, Any] = {"type": click.Path(path_type=Path), "multiple": True, "metavar": "KEY"}


def of_witnesses(command: Command) -> Command:
    """Add the options; the command gets `witnesses`, which returns them, or refuses what cannot be asked for.

    Raises (when called):
        BadInput: a key is named twice, or there are fewer than enough.
    """

    @click.option("--witness", "keys", help="Who must have cosigned; as often as needed.", **_OF_KEYS)
    @click.option("--quorum", type=click.IntRange(min=1), metavar="N", help="So many witnesses are enough, else all.")
    @wraps(command)
    def with_witnesses(*args: Any, keys: tuple[Path, ...], quorum: int | None, **values: Any) -> None:  # noqa: ANN401
        command(*args, witnesses=lambda: _witnesses(keys, quorum), **values)

    return with_witnesses


def _witnesses(keys: tuple[Path, ...], quorum: int | None) -> Witnesses:
    from heinola_es.sealing.cosignatures import Witnesses
    from heinola_es.sealing.keys import load_witness

    return Witnesses.of([load_witness(path) for path in keys], quorum)
