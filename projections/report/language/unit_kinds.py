"""What kinds of units are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.report.language.words import msgid

if TYPE_CHECKING:
    from collections.abc import Mapping

UNIT_KINDS: Mapping[str, str] = {
    "sector": msgid("Sector"),
    "service_area": msgid("Service area"),
    "unit": msgid("Result unit"),
    "investment_programme": msgid("Investment programme"),
    "investment_area": msgid("Investment area"),
    "investment_item": msgid("Investment item"),
}
