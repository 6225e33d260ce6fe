"""Which columns of a list of amendments say by which decision each was made: its day, organ, section, address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from heinola_es.domain.periods import parse_date
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.cells import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heinola_es.importing.ledger.suggesting.guessing import Column

KEYS = ("day", "organ", "section", "address")
_SECTION = re.compile(r"§|pykälä|paragra[fp]|^section|^sec\.?$|saksnr|sak ?nr|^ärende")
_ORGAN = re.compile(
    r"toimielin|päättäjä|päättän|päätöksentekijä|organ\b|beslutande|beslutsfattare|instans|decided by|decision ?maker|"
    r"deciding body|^body\b|vedtatt av|utvalg"
)
_DECIDED = re.compile(
    r"päätö[sk]|hyväksy|beslut|vedtak|vedtatt|decid|decision|adopted|approved|kokous|möte|meeting|møte"
)
_DAY = re.compile(r"^pvm|päivä|^päiväys|\bdatum|\bdate\b|\bdato\b|^day$")
_ADDRESS = re.compile(r"linkki|länk|\blink|lenke|\burl\b|osoite|web|verkko")
_WEB = re.compile(r"https?://\S")
_NUMBER = re.compile(r"§?\s*\d{1,4}\s*§?")
_MOSTLY = 0.8


def guess_decisions(columns: Sequence[Column], amendments: Sequence[Column], amounts: Sequence[Column]) -> None:
    """Give columns the roles `decided_day`, `decided_organ` …, where a file has amendments.

    A date may be that of a posting, and an organ a sector, where not every amount is an amendment: then only a header
    that speaks of a decision is believed, and an organ beside a section.
    """
    if not amendments:
        return
    section = _first(columns, lambda column: _SECTION.search(column.name.casefold()) and column.share(_is_section) == 1)
    amounts = [column for column in amounts if column is not section]
    alone = len(amendments) == len(amounts)
    others = [column for column in columns if column not in amounts and column.filled]
    organs = [column for column in others if column is not section and _ORGAN.search(column.name.casefold())]
    organ = organs[0] if organs and (alone or section) and any(column.role == "unit" for column in others) else None
    day = _first(others, lambda column: _is_day(column) and _DECIDED.search(column.name.casefold()))
    day = day or (_first(others, _is_day) if alone else None)
    address = _first(others, lambda column: column.share(lambda cell: _WEB.match(text_of(cell))) >= _MOSTLY)
    address = address or _first(others, lambda column: alone and _ADDRESS.search(column.name.casefold()))
    if section is not None:
        section.role = "text"  # a number, and no amount, of whomever's minutes it is
    for key, column in zip(KEYS, (day, organ, section if organ else None, address), strict=True):
        if column is not None:
            column.role = f"decided_{key}"


def _first(columns: Iterable[Column], holds: Any) -> Column | None:  # noqa: ANN401 - a test of a column
    return next((column for column in columns if holds(column)), None)


def _is_day(column: Column) -> bool:
    """Return whether a header names a day, and the cells are days."""
    name = column.name.casefold()
    said = _DAY.search(name) or _DECIDED.search(name)
    return bool(said) and column.share(_reads_as_day) >= _MOSTLY


def _is_section(cell: Any) -> bool:  # noqa: ANN401 - whatever a reader gives
    return _NUMBER.fullmatch(text_of(cell)) is not None


def _reads_as_day(cell: Any) -> bool:  # noqa: ANN401 - whatever a reader gives
    try:
        parse_date(text_of(cell))
    except BadInput:
        return False
    return True
