"""The option that says where the key for seals is: `--key`, HEINOLA_KEY, or the user's configuration folder."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., None]

KEY_FILE = Path("heinola") / "seal.key"
_NO_HOME = Path("/nonexistent")  # as a user without a home has it
_HELP = "The key of seals (else HEINOLA_KEY, else seal.key in the folder heinola of your configuration)."


def key_file(command: Command) -> Command:
    """Add the option --key FILE; the command gets `key`, the path of the key file."""

    @click.option("--key", "key", type=click.Path(path_type=Path), envvar="HEINOLA_KEY", metavar="FILE", help=_HELP)
    @click.option("--config-home", type=click.Path(path_type=Path), envvar="XDG_CONFIG_HOME", hidden=True)
    @wraps(command)
    def with_key(*args: Any, key: Path | None, config_home: Path | None, **values: Any) -> None:  # noqa: ANN401
        command(*args, key=key or default_key(config_home), **values)

    return with_key


def keys_of(named: str | None, config_home: str | None) -> tuple[Path, ...]:
    """Return the files that hold a key, or would by default: the one that the environment names, and the user's."""
    usual = default_key(Path(config_home) if config_home else None)
    return (Path(named), usual) if named else (usual,)


def default_key(config_home: Path | None) -> Path:
    """Return where the key is if nobody says otherwise; a relative folder is none (XDG Base Directory)."""
    if config_home is None or not config_home.is_absolute():
        config_home = _home() / ".config"
    return config_home / KEY_FILE


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        return _NO_HOME
