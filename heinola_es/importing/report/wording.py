"""Text torn by page breaks put together again, and names compared although they are inflected."""

from __future__ import annotations

import re
from bisect import bisect_right

from heinola_es.errors import BadInput

_CLOSED = re.compile(r"[.!?:;…][”\"')\]»>*]*$")
_ABBREVIATED = re.compile(r"(?:^|[\s(])(?:mm|esim|ns|em|n|v|klo|ks|nk|sis)\.$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\**\s+(?=[*”\"(]*[A-ZÅÄÖ])")
_BROKEN_WORD = re.compile(r"\w[.]?-$")
_SUSPENDED = re.compile(r"(?:ja|tai|sekä|eli)\b")
_BULLET = re.compile(r"[-–•*·]\s")
_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_TEXT = 50_000  # characters of a paragraph or a cell: some twenty pages
_LONGEST_SENTENCE = 1_000
_LONGEST_BREAK = 3
_EXCERPT = 40
_FEWEST_COMMON = 2
_FEWEST_LETTERS = 5  # fewer name nothing


def is_bullet(text: str) -> bool:
    """Return whether the text is an item of a list."""
    return bool(_BULLET.match(text))


def ends_sentence(text: str) -> bool:
    """Return whether the text ends where a sentence can end; a date alone (`… aikataululla. 18.3.`) only opens one."""
    text = text[-_LONGEST_SENTENCE:]
    if not _CLOSED.search(text) or _ABBREVIATED.search(text):
        return False
    last = re.split(r"(?<=[.!?])\s+", text)[-1]
    return any(letter.isalpha() for letter in last) or not any(letter.isdigit() for letter in last)


def goes_on(before: str, after: str) -> bool:
    """Return whether `after` reads on from `before`: both are parts of one torn text."""
    if not before or not after or is_bullet(after):
        return False
    if after[0].islower():
        return True
    return not ends_sentence(before) and not is_bullet(before[before.rfind("\n") + 1 :])


def join_torn(before: str, after: str) -> str:
    """Return the two parts as one text; nothing is put between the halves of a word broken at its hyphen.

    Raises:
        BadInput: together they are longer than any paragraph.
    """
    if not before or not after:
        return before or after
    broken = _BROKEN_WORD.search(before[-_LONGEST_BREAK:]) and not _SUSPENDED.match(after)
    return joined(before, "" if broken else " ", after)


def joined(before: str, between: str, after: str) -> str:
    """Return two parts of a paragraph, or of a cell, as one text.

    Raises:
        BadInput: together they are longer than any paragraph.
    """
    if len(before) + len(after) > _LONGEST_TEXT:
        raise BadInput(
            f"the paragraph that begins {before[:_EXCERPT]!r} has more than {_LONGEST_TEXT} characters; break it up "
            "with blank lines"
        )
    return f"{before}{between}{after}"


def sentence_starts(text: str, positions: list[int]) -> list[int]:
    """Return where the sentences that hold the positions start."""
    starts = [0, *(found.end() for found in _SENTENCE_END.finditer(text))]
    return [starts[bisect_right(starts, position) - 1] for position in positions]


def plain(text: str) -> str:
    """Return the text without the marks of bold type and without space around it."""
    return text.replace("**", "").strip()


def folded(text: str) -> str:
    """Return the letters and digits of a text in one case, for comparing names."""
    return "".join(letter for letter in plain(text).casefold() if letter.isalnum())


def same_start(one: str, other: str) -> bool:
    """Return whether one name begins with the other: `museo` and `Museopalvelut`."""
    return starts_alike(folded(one), folded(other))


def starts_alike(one: str, other: str) -> bool:
    """Return the same for names that are folded."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _FEWEST_LETTERS and longer.startswith(shorter)


def words_of(text: str) -> list[str]:
    """Return the words of a text in one case."""
    return _WORD.findall(text.casefold())


def likeness(inflected: str, name: str) -> float:
    """Return which part of the words of `name` (0 to 1) stand in the inflected text, in order, by their stems."""
    return likeness_of_words(words_of(inflected), words_of(name))


def likeness_of_words(texts: list[str], words: list[str]) -> float:
    """Return the same for the words of both."""
    alike = sum(_same_stem(text, word) for text, word in zip(texts, words, strict=False))
    return alike / len(words) if words else 0.0


def _same_stem(one: str, other: str) -> bool:
    if one[:_FEWEST_COMMON] != other[:_FEWEST_COMMON]:
        return False
    common = 0
    while common < min(len(one), len(other)) and one[common] == other[common]:
        common += 1
    return common >= max(_FEWEST_COMMON, round(0.7 * min(len(one), len(other))))
