r"""Regular expressions of a mapping, which a file's cells are held against: in time that grows with the cell alone.

An engine that goes back and tries again can take years over one cell (`(a+)+$`), so RE2 is used, which never does. What
it would read otherwise than Python's own expressions do is put in its words (`\w` is any letter, `ä` too), or refused.
"""

from __future__ import annotations

import re
from typing import Protocol

from heinola_es.errors import BadInput

_LONGEST = 1_000
_TOKEN = re.compile(r"\\.|\[\^?\]?|\{(?:,|\d{5})|.", re.DOTALL)
_CLASSES = {r"\w": r"\pL\pN_", r"\d": r"\p{Nd}", r"\s": r"\s\x0b\x1c-\x1f\x85\pZ"}
_AS_OTHERS_SAY = {r"\Z": r"\z"}
_BACKSPACE = r"\x08"
_HINT = "write it without look-arounds, references back and word boundaries"


class Pattern(Protocol):
    """A regular expression, ready to be used."""

    def search(self, text: str) -> object | None:
        """Return what was found of it in a text, or None."""


def compile_pattern(expression: str) -> Pattern:
    """Return a regular expression, ready to be used.

    Raises:
        BadInput: it is none, or none that can be followed in a time that is known; the sentence goes on after the name
            of the key.
    """
    import re2  # noqa: PLC0415 - of use to few mappings

    if len(expression) > _LONGEST:
        raise BadInput(f"has more than {_LONGEST} characters; write it shorter, or list the cells with is")
    options = re2.Options()
    options.log_errors = False
    try:
        compiled: Pattern = re2.compile(_translated(expression), options)
    except re2.error as error:
        why = error.args[0]
        raise BadInput(_complaint(expression, why.decode() if isinstance(why, bytes) else str(why))) from None
    return compiled


def _complaint(expression: str, why: str) -> str:
    try:
        re.compile(expression)
    except (re.error, RecursionError, OverflowError) as error:
        return f"is no regular expression: {error}"
    return f"cannot be followed in a time that is known ({why}); {_HINT}"


def _translated(expression: str) -> str:
    """Return an expression in the words of RE2.

    Raises:
        BadInput: RE2 has no words for something in it.
    """
    inside = False
    translated: list[str] = []
    for found in _TOKEN.finditer(expression):
        part = found[0]
        if inside:
            translated.append(_in_class(part))
            inside = part != "]"
        else:
            translated.append(_outside(part))
            inside = part.startswith("[")
    return "".join(translated)


def _in_class(part: str) -> str:
    if part.lower() in _CLASSES and part not in _CLASSES:
        raise _refused(part)
    if part.startswith("[") or part == r"\b":
        return _BACKSPACE if part == r"\b" else "".join(f"\\{char}" for char in part)
    return _CLASSES.get(part, part)


def _outside(part: str) -> str:
    if part in {r"\b", r"\B"} or (part.startswith("{") and part != "{"):
        raise _refused(part)
    if part.lower() in _CLASSES:
        opened = "[" if part in _CLASSES else "[^"
        return f"{opened}{_CLASSES[part.lower()]}]"
    return _AS_OTHERS_SAY.get(part, part)


def _refused(part: str) -> BadInput:
    return BadInput(f"has {part!r}, which is not followed here; {_HINT}")
