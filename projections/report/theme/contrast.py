"""How well a colour is read on another: the contrast ratio of WCAG 2.1."""

from __future__ import annotations

import re
from decimal import Decimal

READABLE = Decimal("4.5")
"""The least ratio for texts (WCAG 2.1, success criterion 1.4.3)."""
_DARK = 0.03928
_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def is_colour(text: str) -> bool:
    """Return whether a text is a colour as `#rrggbb`."""
    return _COLOUR.fullmatch(text) is not None


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, from 1 to 21, in either order.

    Source: https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance. Source: https://www.w3.org/TR/WCAG21/#dfn-relative-luminance."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= _DARK else ((part + 0.055) / 1.055) ** 2.4
