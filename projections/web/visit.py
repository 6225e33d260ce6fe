"""What a page is asked for and what it answers: plain values, so that no screen knows how they travel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from attrs import field, frozen

from heinola_es.languages import RECORDED_IN
from heinola_es.store.reading import LogReader
from projections.opened import OpenStore
from projections.read_models.city import city_of
from projections.report.theme.theme import Theme

Found = TypeVar("Found")
HTML = "text/html; charset=utf-8"


@frozen(slots=True, eq=False, repr=False)
class Site:
    """What is served.

    Attributes:
        store: location of the store.
        clock: gives the present instant, in UTC.
        theme: how it looks.
        keys: the files that a key for seals is in, or by default would be.
        language: of who asks for none.
        told: is told what is to be known besides an answer, in a sentence.
        random_bytes: returns so many bytes that nobody can guess.
        lasting: what one page leaves for the next.
    """

    store: str
    clock: Callable[[], datetime]
    theme: Theme
    keys: tuple[Path, ...]
    language: str
    told: Callable[[str], None]
    random_bytes: Callable[[int], bytes]
    lasting: dict[Any, Any] = field(factory=dict)

    def ask(self, question: Callable[[LogReader], Found]) -> Found:
        """Return the answer to a question about the store, all of it of one moment."""
        return OpenStore(self.store, clock=self.clock, tell=self.told, lasting=self.lasting).ask(question)

    def recorded_in(self) -> str:
        """Return the language in which the city records names, goals and texts."""
        return self.ask(lambda reader: city_of(reader, reader.size()).recorded_in) or RECORDED_IN

    def position(self) -> int:
        """Return the position of the last event of the log."""
        with LogReader.open(self.store) as reader:
            return reader.size()


@frozen(slots=True, eq=False, repr=False, kw_only=True)
class Visit:
    """A request, as a screen sees it.

    Attributes:
        path: of the address.
        query: the values in the address, by name.
        filled: what was filled in on the page that was sent, by name; empty where none was.
        is_sent: whether a page was sent, to be acted on.
        who: asks.
        secret: what a page holds that is sent, so that no other site can send it.
    """

    path: str
    query: Mapping[str, str]
    filled: Mapping[str, str] = field(factory=dict)
    is_sent: bool = False
    who: str = ""
    secret: str = ""


@frozen(slots=True, eq=False, repr=False)
class Answer:
    """What is sent back.

    Attributes:
        content: bytes.
        media_type: of them.
        status: of HTTP.
        file_name: under which it is saved and not shown; empty for a page.
        see: the address that is to be shown instead.
        lasting: whether a browser may keep it, as what never changes under its address.
    """

    content: bytes
    media_type: str = HTML
    status: int = 200
    file_name: str = ""
    see: str = ""
    lasting: bool = False


Screen = Callable[[Site, Visit], Answer]
