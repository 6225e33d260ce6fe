"""What a spreadsheet may take a text for; the same rule wherever texts that people recorded are written for one.

Source: OWASP, CSV Injection: texts that begin with = + - @, tab or CR, and their full-width variants; also where one
begins behind a separator inside the text, because a spreadsheet may part a file elsewhere than where it was joined:
with Finnish settings at semicolons.
"""

from __future__ import annotations

import re

_UNSEEN = r"\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff"
_STARTS = r"=+\-@\uff1d\uff0b\uff0d\uff20"  # the last four are full-width
_FORMULA = re.compile(rf"[\t\r\n]|[{_UNSEEN}]*[{_STARTS}]")
# A quotation mark that opens a cell may be dropped, too.
_FORMULA_BEHIND_A_SEPARATOR = re.compile(rf"(;|\t|\r\n?|\n)(?=(?:(?![\t\r\n])[\"{_UNSEEN}])*[{_STARTS}])")


def reads_as_formula(text: str) -> bool:
    """Return whether a spreadsheet that is handed this text may run it: blanks and unseen characters in front count."""
    return _FORMULA.match(text) is not None


def safe_text(text: str) -> str:
    """Return the text for a CSV file, with an apostrophe before whatever a spreadsheet might run."""
    guarded = _FORMULA_BEHIND_A_SEPARATOR.sub(r"\1'", text)
    return f"'{guarded}" if reads_as_formula(text) else guarded
