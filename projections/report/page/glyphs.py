"""Characters that our typefaces have no shape for, written with those they have: a wide `=` as a narrow one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any
from unicodedata import normalize

import attrs
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]


def drawable(value: Any) -> Any:  # noqa: ANN401 - the same kind comes out
    """Return a document, or any part of one, with the texts in it so written.

    Unicode tells which characters stand for which others (NFKC). One that stands for none that we have stays as it is:
    then a typeface of the machine draws it, if there is one.
    """
    if isinstance(value, str):
        return "".join(_drawn(character) for character in value)
    if isinstance(value, tuple):
        return tuple(drawable(each) for each in value)
    if attrs.has(type(value)):
        return attrs.evolve(
            value, **{field.name: drawable(getattr(value, field.name)) for field in attrs.fields(type(value))}
        )
    return value


@cache
def _drawn(character: str) -> str:
    meant = normalize("NFKC", character)
    shapes = _shapes()
    return meant if ord(character) not in shapes and all(ord(each) in shapes for each in meant) else character


@cache
def _shapes() -> frozenset[int]:
    """Return the code points that the typeface has shapes for; all its weights have the same."""
    with (files("projections.report.page") / "fonts" / "report-regular.woff2").open("rb") as file:
        return frozenset(TTFont(file).getBestCmap())
