"""The words of a report in its language, out of gettext catalogues whose keys are English.

The catalogues are read as people edit them (`locale/*/LC_MESSAGES/heinola.po`); nothing compiled is kept.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

from attrs import frozen
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from projections.report.numbers import Numbers
from projections.report.query import CONTENT_LANGUAGE

DOMAIN = "heinola"
LOCALE = Path(__file__).with_name("locale")


@frozen(slots=True, eq=False, repr=False)
class Words:
    """The words of one language.

    Attributes:
        language: `fi`, `sv` or `en`.
        numbers: how it writes numbers and dates.
    """

    language: str
    numbers: Numbers
    _catalogue: Translations

    def say(self, msgid: str, /, **values: str) -> str:
        """Return a sentence or word in the language, its `{placeholders}` filled in."""
        return self._catalogue.gettext(msgid).format(**values)

    def say_of(self, one: str, many: str, number: int, /, **values: str) -> str:
        """Return a sentence in the form that goes with a number, which is its `{count}`."""
        form = self._catalogue.ngettext(one, many, number)
        return form.format(count=self.numbers.plain(number), **values)

    @property
    def content(self) -> str | None:
        """The language of what people recorded, where it is another than this one."""
        return None if self.language == CONTENT_LANGUAGE else CONTENT_LANGUAGE


def msgid(text: str) -> str:
    """Mark a text as one that is translated where it is used."""
    return text


@cache
def words_in(language: str) -> Words:
    """Return the words of a language: `fi`, `sv` or `en`."""
    path = LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Words(language, Numbers(language), Translations(compiled, DOMAIN))
