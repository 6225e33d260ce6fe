"""The decision that changed a budget: which organ took it, in which section of its minutes, and where they are read."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from heinola_es.errors import BadInput

_SECTION = re.compile(r"(?:§\s*)?(\d{1,5}(?:[ /.-]?\w{1,8})?)(?:\s*§)?")
_LONGEST = 200
_LONGEST_ADDRESS = 2_000


class Decision(NamedTuple):
    """A decision; its day is that of the event.

    Attributes:
        organ: who took it, such as `kaupunginvaltuusto`; or empty.
        minutes_section: of the minutes (§), without its sign; or empty.
        address: where it can be read, with http or https; or empty.
    """

    organ: str = ""
    minutes_section: str = ""
    address: str = ""


UNTOLD = Decision()
"""Nothing is told of the decision but its day."""


def decision_of(organ: str, section: str, address: str) -> Decision:
    """Return a decision as people tell it: a section with or without its sign.

    Raises:
        BadInput: one of them can be none; a section or an address stands without its organ.
    """
    organ, section, address = organ.strip(), section.strip(), address.strip()
    if len(organ) > _LONGEST or "\n" in organ:
        raise BadInput(f"the organ has at most {_LONGEST} characters on one line; write it such as kaupunginvaltuusto")
    found = _SECTION.fullmatch(section)
    if section and found is None:
        raise BadInput(f"{section!r} is no section of minutes; write it such as 41 or '§ 41'")
    if section and not organ:
        raise BadInput("a section is of the minutes of an organ; say whose with --organ")
    if address:
        _require_address(address)
    return Decision(organ, found[1] if found else "", address)


def _require_address(address: str) -> None:
    try:
        parts = urlsplit(address)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_one = False
    plain = len(address) <= _LONGEST_ADDRESS and all(sign.isprintable() and not sign.isspace() for sign in address)
    if not (is_one and plain):
        raise BadInput(f"{address[:100]!r} is no web address; write it whole, such as https://kunta.fi/poytakirja/41")
