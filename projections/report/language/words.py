"""The words of a report in its language, out of gettext catalogues whose keys are English.

The catalogues are read as people edit them (`locale/*/LC_MESSAGES/heinola.po`); nothing compiled is kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from projections.report.language.languages import CONTENT_LANGUAGE
from projections.report.language.numbers import Numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAIN = "heinola"
LOCALE = Path(__file__).with_name("locale")


@frozen(slots=True, eq=False, repr=False)
class Words:
    """The words of one language.

    Attributes:
        language: `fi`, `sv` or `en`.
        numbers: how it writes numbers and dates.
        recorded_in: the language in which the city records names, goals and texts.
    """

    language: str
    numbers: Numbers
    _catalogue: Mapping[str, tuple[str, ...]]
    recorded_in: str = CONTENT_LANGUAGE

    def say(self, msgid: str, /, **values: str) -> str:
        """Return a sentence or word in the language, its `{placeholders}` filled in."""
        return self._catalogue.get(msgid, (msgid,))[0].format(**values)

    def say_of(self, one: str, many: str, number: int, /, **values: str) -> str:
        """Return a sentence in the form that goes with a number, which is its `{count}`."""
        forms = self._catalogue.get(one, (one, many))  # of all our languages: one for 1, another for all others
        return forms[number != 1].format(count=self.numbers.plain(number), **values)

    @property
    def texts(self) -> Mapping[str, tuple[str, ...]]:
        """The texts of the language by their English, each in its forms."""
        return self._catalogue

    @property
    def content(self) -> str | None:
        """The language of what people recorded, where it is another than this one."""
        return None if self.language == self.recorded_in else self.recorded_in


def msgid(text: str) -> str:
    """Mark a text as one that is translated where it is used."""
    return text


@cache
def words_in(language: str, recorded_in: str = "") -> Words:
    """Return the words of a language: `fi`, `sv` or `en`; of a city that records its own words in `recorded_in`."""
    if recorded_in:
        return evolve(words_in(language), recorded_in=recorded_in)
    path = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    return Words(language, Numbers(language), dict(_entries(path.read_text("utf-8"))))


def _entries(catalogue: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the texts of a catalogue, each with its translation: one, or one for 1 and one for all other numbers.

    It has what ours have: `msgid`, `msgid_plural`, `msgstr`, `msgstr[…]`, and lines that go on. To load a library that
    reads any catalogue takes a tenth of a second, which is as long as a whole command may take.
    """
    told: dict[str, str] = {}
    keyword = ""
    for line in (*catalogue.splitlines(), ""):
        if line.startswith('"'):
            told[keyword] += json.loads(line)
        elif line.startswith("msg"):
            keyword, _, text = line.partition(" ")
            told[keyword] = json.loads(text)
        elif not line and told:
            yield told["msgid"], tuple(text for name, text in told.items() if name.startswith("msgstr"))
            told = {}
