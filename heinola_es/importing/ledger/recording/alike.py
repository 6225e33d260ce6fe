"""New units whose codes differ from others' by zeros alone: `0410` beside `410`, which a spreadsheet made of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heinola_es.importing.ledger.reading.problems import counted

if TYPE_CHECKING:
    from heinola_es.importing.ledger.recording.writing import Writing

_ZEROS = re.compile(r"0*(\d+?)(?:[.,]0+)?")
_NAMED = 5


def note_alike(writing: Writing) -> None:
    """Note the new units of a file whose code is another's of the same kind, in the file or the store, but for zeros.

    They may be two, and are recorded so; where they are one, its figures would stand in two places.
    """
    plain = {unit.code: without_zeros(unit.code) for unit in writing.new_units}
    if not any(plain.values()):
        return
    alike: dict[str, list[str]] = {}
    wanted = set(plain.values()) - {""}
    for code in writing.session.unit_codes():
        if (number := without_zeros(code)) in wanted:
            alike.setdefault(number, []).append(code)
    kind = {code: writing.session.unit(code).kind for codes in alike.values() if len(codes) > 1 for code in codes}
    pairs = [
        f"{unit.code} and {other} (row {unit.row})"
        for unit in writing.new_units
        for other in alike.get(plain[unit.code], ())
        if other != unit.code and kind[other] == unit.kind and not (other in plain and other > unit.code)
    ]
    if pairs:
        more = f" and {len(pairs) - _NAMED} more" if len(pairs) > _NAMED else ""
        writing.ledger.notes.append(
            f"{counted(len(pairs), 'pair')} of units of which only zeros differ: {', '.join(pairs[:_NAMED])}{more}; "
            "where they are one, write its code alike in the file, as text in a spreadsheet, and import again"
        )


def without_zeros(code: str) -> str:
    """Return a code of digits without the zeros before it and the decimals after it; empty where it is another one."""
    found = _ZEROS.fullmatch(code)
    return found[1] if found else ""
