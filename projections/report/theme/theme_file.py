"""From a TOML file to a theme: a city's colours, its mark, and what its reports tell of."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from heinola_es.errors import BadInput
from heinola_es.files.toml_tables import TomlTable, cut, read_toml
from projections.report.theme.contrast import READABLE, contrast, is_colour
from projections.report.theme.logo import read_logo
from projections.report.theme.palette import DARK, PRINT
from projections.report.theme.theme import Theme, Thresholds
from projections.snapshot.columns import chosen

if TYPE_CHECKING:
    from pathlib import Path

_KIND = "a theme"
_MOST_TOLD = 100
_MOST_POINTS = 1000


class ThemeUnfit(BadInput):
    """The theme says something that no report can follow; the sentence has a line for each."""


def load_theme(path: Path) -> Theme:
    """Return what a theme file says, and what it leaves out as by default.

    Raises:
        BadInput: it cannot be read or is no TOML.
        ThemeUnfit: a key or value is wrong; all of them are told.
    """
    top = TomlTable("", read_toml(path, kind=_KIND, parse_float=Decimal), [], _KIND)
    colours, logo, thresholds, columns = (_table(top, key) for key in ("colours", "logo", "thresholds", "columns"))
    usual = Theme()
    theme = Theme(
        accent=_colour(colours, "accent", usual.accent, PRINT.paper),
        accent_on_dark=_colour(colours, "accent_on_dark", usual.accent_on_dark, DARK.paper),
        logo=_logo(logo, path),
        logo_alternative=logo.text("alternative") or "",
        thresholds=_thresholds(thresholds),
        columns=_columns(columns),
    )
    if theme.logo is not None and not theme.logo_alternative and "alternative" not in logo.said:
        logo.complain("alternative", "is missing; write what the mark says, for who does not see it")
    for table in (top, colours, logo, thresholds, columns):
        table.close()
    if top.wrong:
        raise ThemeUnfit(*(f"{path}: {wrong}" for wrong in top.wrong))
    return theme


def _table(top: TomlTable, key: str) -> TomlTable:
    return top.table(key) or TomlTable(f"{key}.", {}, top.wrong, _KIND)


def _colour(table: TomlTable, key: str, usual: str, background: str) -> str:
    """Return a colour that is readable on its background, or the usual one."""
    colour = table.take(key, str, 'a colour such as "#1b4f72"', usual)
    if not is_colour(colour):
        table.complain(key, f'is {colour!r}; it should be a colour such as "#1b4f72"')
        return usual
    # Cut, not rounded: what is just too little must not read as enough.
    ratio = Decimal(contrast(colour, background)).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    if ratio < READABLE:
        table.complain(
            key,
            f"is {colour}, whose contrast on {background} is {ratio}:1 and should be {READABLE}:1 at least;"
            f" take a {'darker' if background == PRINT.paper else 'lighter'} one",
        )
    return str(colour).lower()


def _logo(table: TomlTable, theme: Path) -> tuple[bytes, str] | None:
    name = table.text("file")
    if not name:
        if name is None and "alternative" in table.said:
            table.complain("file", "is missing; name the file of the mark, or leave [logo] out")
        return None
    try:
        return read_logo(theme.parent / name)
    except BadInput as error:
        table.complain("file", str(error))
        return None


def _thresholds(table: TomlTable) -> Thresholds:
    usual = Thresholds()
    return Thresholds(
        points=_number(table, "points", usual.points, _MOST_POINTS),
        euros=_number(table, "euros", usual.euros, 10**12),
        largest=int(_number(table, "largest", Decimal(usual.largest), _MOST_TOLD, whole=True)),
        project_points=_number(table, "project_points", usual.project_points, _MOST_POINTS),
    )


def _columns(table: TomlTable) -> dict[str, tuple[str, ...]]:
    """Return the sets of columns, each a list of names of columns or of the sets that there are."""
    found = {}
    for name in table.said:
        names = table.take(name, list, "a list of names of columns", [])
        try:
            found[name] = chosen([str(each) for each in names])
        except BadInput as error:
            table.complain(name, f"cannot be: {error}")
    return found


def _number(table: TomlTable, key: str, usual: Decimal, most: int, *, whole: bool = False) -> Decimal:
    words = f"a {'whole ' if whole else ''}number from 0 to {most}"
    value = Decimal(table.take(key, int if whole else (int, Decimal), words, usual))
    if not value.is_finite() or not 0 <= value <= most:
        table.complain(key, f"is {cut(str(value))}; it should be {words}")
        return usual
    return value
