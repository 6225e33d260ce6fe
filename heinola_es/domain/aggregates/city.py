"""The city that a store is of: what it is called."""

from __future__ import annotations

import re
from typing import assert_never

from attrs import define

from events.city import CityEvent, CityNamed
from events.period import Period
from heinola_es.domain.aggregates.base import Aggregate, Stamp
from heinola_es.domain.aggregates.unit import NothingChanges
from heinola_es.domain.codes import require_name
from heinola_es.errors import BadInput
from heinola_es.languages import LANGUAGES, RECORDED_IN

_CODE = re.compile(r"\d{3}", re.ASCII)


class NoCityCode(BadInput):
    """No municipality has the code."""


class UnknownLanguage(BadInput):
    """Reports are not told in the language."""


@define(slots=True, kw_only=True, eq=False, repr=False)
class City(Aggregate[CityEvent]):
    """The city, folded from its stream; before it is named anew it has the name that the store was made with."""

    KIND = "the city"
    FAMILY = frozenset({CityNamed})

    name: str
    code: str = ""
    recorded_in: str = ""

    def evolve(self, event: CityEvent) -> None:
        """Take in what it is called."""
        match event:
            case CityNamed():
                self.name, self.code, self.recorded_in = event.city, event.city_code, event.recorded_in
            case _:
                assert_never(event)

    def call(self, stamp: Stamp, name: str, code: str | None, recorded_in: str | None = None) -> None:
        """Let the city be called `name`, at all times; a `code` or a language that is not given stays as it was.

        Raises:
            NoCode, NoCityCode, UnknownLanguage, NothingChanges.
        """
        require_name(name, "the city's name")
        code = self.code if code is None else code
        if code and not _CODE.fullmatch(code):
            raise NoCityCode(f"{code!r} is no municipal code; write its three digits, such as 111")
        language = self.recorded_in if recorded_in is None else recorded_in
        if language and language not in LANGUAGES:
            raise UnknownLanguage(f"{language!r} is no language of reports; choose one of {', '.join(LANGUAGES)}")
        if (name, code, language or RECORDED_IN) == (self.name, self.code, self.recorded_in or RECORDED_IN):
            raise NothingChanges(f"the city is called {name} already{f', with the code {code}' if code else ''}")
        today = Period.of_day(stamp.recorded.date())
        self.record(CityNamed(**self.head(stamp, today), city=name, city_code=code, recorded_in=language))
