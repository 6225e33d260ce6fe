"""What covers a month of books, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.report.language.words import msgid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.report.language.words import Words

COVERED_BY: Mapping[str, str] = {
    "stated": msgid("stated"),
    "imported": msgid("imported"),
    "declared": msgid("declared"),
    "closed": msgid("closed"),
    "posted": msgid("posted"),
}


def covered_by(words: Words, by: str) -> str:
    """Return what covers a month in words; the code of what has none."""
    return words.say(COVERED_BY.get(by, by))
