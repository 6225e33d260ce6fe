"""What the columns of a ledger seem to be, from their headers and from what stands in them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from attrs import define, field

from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.amount_cells import amount_reader
from heinola_es.importing.ledger.reading.cells import is_empty, text_of
from heinola_es.importing.ledger.reading.period_cells import period_of
from heinola_es.importing.ledger.suggesting.guessing_decisions import guess_decisions
from heinola_es.importing.ledger.suggesting.guessing_kinds import guess_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heinola_es.importing.ledger.reading.cells import Row
    from heinola_es.importing.ledger.reading.headers import Header
    from heinola_es.importing.ledger.suggesting.known import Known

ROLES = (
    (
        "ratio",
        (
            r"%|käyttö(?!omais|talou)|jäljellä|erotus|poikkeama|\bero\b|avvik|differ|deviation|varian|remain|återst|"
            r"\bkpl\b|\bst\b|\bantall?\b|quantity|\bqty\b|lukumäärä|\blkm\b|tunnit|\bhours\b|timmar|\bhtv\b|\bfte\b|"
            r"\bed\. ?v(?!i)|edv\b|edelli[sn]|föregående|förra året|fjolår|i fjor|fjoråret|prior year|"
            r"previous year|last year|"
            r"\bts\b|taloussuunnitelma|ekonomiplan|økonomiplan|"
            r"(?:ennuste|prognos|forecast)\w*\s*(?:/|-|–|vs\.?|mot\b|\bja\b)\s*[^\W\d]|förändr|"
            r"(?:muuto|ändring|endring|change).*"
            r"(?:edv|ed\. ?v|edelli|föreg|förra|fjor|prior|prev|last|\d{4} ?[-–/] ?\d{4})"
        ),
    ),
    ("text", r"tosite|verifik|voucher|bilag|lasku|invoice|document|viite|asiakirja|y-tunnus|org\.? ?nr"),
    ("name", r"nimi|nimike|name|namn|navn|selite|selitys|descr|text|beskriv|benämn|beteckn"),
    ("internal", r"sisäi|ulkoi|^sis\b|\bintern|\bextern"),
    ("counterparty", r"vastapuoli|kumppani|motpart|counterpart|trading partner"),
    ("year", r"^vuosi|^tilivuosi|^year|^fiscal year|^år\b|räkenskapsår|regnskapsår"),
    ("period", r"kausi|kuukausi|^kk$|period|month|månad|^pvm|päivä|date"),
    ("account", r"tili(?!n?päätös|kausi)|account|konto|kustannuslaji|kostnadsslag|cost element"),
    ("line", r"^rivi|^line|^rad\b|tuloslaskelma"),
    ("unit", r"yksikkö|kust[\w.]*[ -]?paikka|^kp\b|^kst\b|unit|cost ?cent|enhet|kostnadsst|koststed|^ansvar\b"),
    ("service_area", r"palvelualue|tulosalue|service|area|område"),
    ("sector", r"toimiala|sector|sektor|lautakunta|toimielin|vastuualue"),
)
SIDES = (("debit", r"^debe?t\b|^debit"), ("credit", r"^[kc]redit"))
_BUDGET = r"talousarvio|budjet|budget|\bta\b|määräraha|anslag|appropriation|budsjett|bevilg"
_AMENDED = (
    r"\+ ?muut|\+ ?ändr|\+ ?amend|sis\.? muut|ml\.? muut|inkl|incl|muutoksineen|muutosten jälkeen|muutettu|ajantasai|"
    r"amended|revised|adjusted|efter ändr|etter endr|revider|justert|justera|regulert"
)
_CUMULATIVE = r"kertymä|kumul|\bkum\b|\back\b|cumul|ackumul|\bytd\b|year to date|hittills|hittil|\bacc\b"
_TO_DATE = (
    r"\bt\.? ?o\.? ?m\b|till och med|\btill\b|\bthrough\b|\bthru\b|\buntil\b|\bas of\b|\bas at\b|\bup to\b|to date|"
    r"\basti\b|saakka|mennessä|\bloppuun\b|\bper\b|\bpr\b|fram til"
)
_FORECAST = r"ennuste|forecast|prognos|\btpe\b"
_PERHAPS_FORECAST = r"(?<!talous)arvio\b|(?<!talous)arvio \d|estim|bedömn|beräkna|outlook|projected|projection"
_ANY = r"määrä(?!raha)|summa|amount|belopp|beløp|saldo"
MEASURES = (
    ("forecast", _FORECAST),
    ("amended_budget", rf"(?=.*(?:{_BUDGET}))(?=.*(?:{_AMENDED}))"),
    ("amendment", r"muuto|muut\.|amend|ändring|endring"),
    ("final_accounts", r"tilinpäätös|\btp\b|final acc|bokslut"),
    ("budget", _BUDGET),
    ("actual", rf"toteuma|toteutu|\btot\b|actual|utfall|regnskap|{_ANY}|{_CUMULATIVE}"),
)
BESIDE = "beside"
"""The role of the columns of another table to the right of this one."""
_SIDE_ROLES = frozenset({"debit", "credit"})
_CODES = frozenset({"unit", "service_area", "sector", "account", "line"})
_PLACES = frozenset({"unit", "service_area", "sector", "period", "year"})
"""Roles of columns whose codes are no accounts, whatever they look like."""
_SIDE_WORDS = (
    *(("d", "k"), ("d", "c"), ("dr", "cr"), ("debet", "kredit"), ("debit", "credit"), ("debet", "credit"), ("s", "h")),
    *(("per", "an"), ("debit", "kredit"), ("deb", "kred")),
)
"""What a row is called that is on the debit side, and one on the credit side."""
_VOUCHERS = r"tosite|verifik|\bver\.? ?n|voucher|bilag|asiakirja"
_MOSTLY = 0.8
_HALF = 0.5
_OFTEN_EMPTY = 0.2
_CODE = re.compile(r"([^\W\d_]*)[ -]?\d+", re.UNICODE)
_CODE_AND_NAME = re.compile(r"(?:[^\W_]*\d+|[A-ZÅÄÖ]{2,5})\s+\D")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HEADER_WITHIN = 40
_CODE_DIGITS = 3
_ACCOUNT_DIGITS = range(4, 9)
_CHART_FIRST = "34567"


@define(slots=True)
class Column:
    """What a column seems to be.

    Attributes:
        at: its place, from 0.
        name: its header.
        cells: those of the sample, as read.
        role: one of those above, `amount`, `text`, or `empty`.
        sure: whether its header and its cells both say so.
    """

    at: int
    name: str
    cells: list[Any]
    role: str = "text"
    sure: bool = True
    filled: list[Any] = field(init=False)
    _prefix: str | None = field(init=False, default=None)

    def __attrs_post_init__(self) -> None:
        """Set aside the cells with anything in them."""
        self.filled = [cell for cell in self.cells if not is_empty(cell)]

    def share(self, holds: Any) -> float:  # noqa: ANN401 - a test of a cell
        """Return the share of the filled cells that a test holds for."""
        return sum(map(bool, map(holds, self.filled))) / len(self.filled) if self.filled else 0.0

    @property
    def often_empty(self) -> bool:
        """Whether many cells are empty, as where they are merged."""
        return len(self.filled) < len(self.cells) * (1 - _OFTEN_EMPTY)

    @property
    def reads_like_codes(self) -> bool:
        """Whether the cells are whole numbers of as many digits, without a sign: numbers of vouchers, not amounts."""
        digits = Counter(len(text) for cell in self.filled if (text := text_of(cell)).isdecimal())
        length, number = digits.most_common(1)[0] if digits else (0, 0)
        return length >= _CODE_DIGITS and number >= _MOSTLY * len(self.filled) and digits.total() == len(self.filled)

    @property
    def split(self) -> bool:
        """Whether code and name share the cells."""
        return self.share(lambda cell: _CODE_AND_NAME.match(text_of(cell))) >= _HALF

    def prefix(self) -> str:
        """Return the letters that nearly all codes begin with, or an empty text."""
        if self._prefix is None:  # which is asked for every row
            begins = Counter(found[1] for cell in self.filled if (found := _CODE.match(text_of(cell))))
            letters, count = begins.most_common(1)[0] if begins else ("", 0)
            self._prefix = letters if count >= _MOSTLY * len(self.filled) else ""
        return self._prefix


def guess_header(rows: Sequence[Row]) -> tuple[int, ...]:
    """Return the rows of the header: what stands above the first row with figures."""
    above: list[Row] = []
    for number, cells in rows[:_HEADER_WITHIN]:
        if _has_figures(cells):
            break
        above.append((number, cells))
    heads = [_heads(cells) for _number, cells in above]
    if heads and max(heads) > 1:  # rows without figures may stand between the header and the first amount
        above = above[: len(heads) - heads[::-1].index(max(heads))]
    titled = [at for at, row in enumerate(above) if sum(not is_empty(cell) for cell in row[1]) > 1]
    if not titled:
        return (above[-1][0],) if above else (1,)
    last, before = above[titled[-1]], above[titled[-1] - 1] if titled[-1] else None
    return (before[0], last[0]) if before and _spans(before, last) else (last[0],)


def guess_columns(header: Header, rows: Sequence[Sequence[Any]], known: Known) -> list[Column]:
    """Return what each column seems to be; where no header says so, by the codes of known units and accounts."""
    columns = [
        Column(at, header.name(at), [row[at] if at < len(row) else "" for row in rows]) for at in range(header.width)
    ]
    for column in columns:
        column.role, column.sure = _role(column)
    amounts = [column for column in columns if column.role == "amount"]
    guess_kinds(columns, measure_of)
    guess_decisions(columns, [column for column in amounts if measure_of(column.name)[0] == "amendment"], amounts)
    _require_unit(columns, known.units)
    _require_account(columns, known.accounts)
    for column in columns[_beside(columns) :]:
        column.role = BESIDE
    return columns


def _beside(columns: Sequence[Column]) -> int:
    """Return where a table begins whose rows stand beside those of this one; the number of columns if none does.

    It has columns of the same headers as this one, right of amounts, and other units or accounts in its rows.
    """
    end = len(columns)
    amount = next((column.at for column in columns if column.role in {"amount", *_SIDE_ROLES}), end)
    codes = [column for column in columns if column.name and column.role in _CODES]
    first = {column.name.casefold(): column for column in codes[::-1] if column.at < amount}
    again = [column for column in codes if column.at > amount and column.name.casefold() in first]
    own = [list(map(text_of, first[column.name.casefold()].cells)) for column in again]
    others = [list(map(text_of, column.cells)) for column in again]
    return again[0].at if own != others else end


def numbers_vouchers(column: Column) -> bool:
    """Return whether a column numbers vouchers: each row is one of several amounts of its account and month."""
    return column.role == "text" and re.search(_VOUCHERS, column.name.casefold()) is not None


def is_cumulative(name: str) -> bool:
    """Return whether a header says that amounts are totals from 1 January: `Kertymä`, `YTD`, `t.o.m. juni`."""
    return re.search(rf"{_CUMULATIVE}|{_TO_DATE}", name.casefold()) is not None


def is_running_total(name: str) -> bool:
    """Return whether a header says that amounts are what has come together: `Kertymä`, `YTD Budget`."""
    return re.search(_CUMULATIVE, name.casefold()) is not None


def says_sides(column: Column) -> tuple[str, str] | None:
    """Return the cells by which a column says of each row whether it is a debit or a credit; None where it does not."""
    found = {text_of(cell).casefold().strip(" ."): text_of(cell) for cell in column.filled}
    return next(((found[one], found[two]) for one, two in _SIDE_WORDS if found.keys() == {one, two}), None)


def speaks_of_any(name: str) -> bool:
    """Return whether a header leaves open what its amounts are: `Määrä`, `Belopp`, `EUR`."""
    return re.search(rf"{_ANY}|^$", name.casefold()) is not None or not measure_of(name)[1]


def speaks_of_budget(name: str) -> bool:
    """Return whether a header speaks of a budget: `Talousarviomuutos`."""
    return re.search(_BUDGET, name.casefold()) is not None


def _heads(cells: Sequence[Any]) -> int:
    """Return how many cells of a row read like the header of some column."""
    words = [text_of(cell).casefold() for cell in cells if isinstance(cell, str) and not is_empty(cell)]
    known = [pattern for _role_of, pattern in (*ROLES, *MEASURES, *SIDES)]
    return sum(any(re.search(pattern, word) for pattern in known) or _names_period(word) for word in words)


def measure_of(name: str) -> tuple[str, bool]:
    """Return what a column of amounts measures by its header, and whether the header says it."""
    if not re.search(_FORECAST, name.casefold()) and re.search(_PERHAPS_FORECAST, name.casefold()):
        return "forecast", False
    for measure, words in MEASURES:
        if re.search(words, name.casefold()):
            return measure, True
    return "actual", False


def is_amount(cell: Any) -> bool:  # noqa: ANN401 - whatever a reader gives
    """Return whether a cell reads as an amount under either decimal mark."""
    for mark in (",", "."):
        try:
            return amount_reader(mark, 100)(cell) is not None
        except BadInput:
            continue
    return False


def _has_figures(cells: Sequence[Any]) -> bool:
    """Return whether a row has a code and an amount, or an amount with decimals; years are headers."""
    figures = [cell for cell in cells if not is_empty(cell) and is_amount(cell) and not _YEAR.fullmatch(text_of(cell))]
    with_decimals = [cell for cell in figures if not text_of(cell).lstrip("-").isdecimal()]
    return len(figures) > 1 or bool(with_decimals)


def _spans(upper: Row, lower: Row) -> bool:
    """Return whether the upper row is headings over columns of the lower: right above, with fewer texts."""
    texts = [at for at, cell in enumerate(upper[1]) if not is_empty(cell)]
    return upper[0] == lower[0] - 1 and any(texts) and len(texts) < sum(not is_empty(cell) for cell in lower[1])


def _role(column: Column) -> tuple[str, bool]:
    """Return the role of a column, and whether it is more than a guess."""
    said = next((role for role, words in (*SIDES, *ROLES) if re.search(words, column.name.casefold())), None)
    if not column.filled:
        return said or "empty", said is None
    named = measure_of(column.name)[1] or _names_period(column.name)
    amounts = column.share(is_amount) >= _MOSTLY
    if said not in {"ratio", "text", "debit", "credit"} and amounts and named and not column.share(_is_code_text):
        return "amount", True
    if said is not None and not (said == "name" and amounts):
        return said, True
    return _role_by_cells(column, amounts=amounts)


def _role_by_cells(column: Column, *, amounts: bool) -> tuple[str, bool]:
    """Return the role of a column whose header says none."""
    if column.share(_is_year) >= _MOSTLY:
        return "year", True
    if amounts:
        return ("text", True) if column.reads_like_codes else ("amount", False)
    return ("period", False) if column.share(_names_period) >= _MOSTLY else ("text", True)


def _is_year(cell: Any) -> bool:  # noqa: ANN401 - whatever a reader gives
    return _YEAR.fullmatch(text_of(cell)) is not None


def _is_code_text(cell: Any) -> bool:  # noqa: ANN401 - whatever a reader gives
    return isinstance(cell, str) and bool(re.fullmatch(r"[^\W\d_]+\d+", cell.strip()))


def _names_period(cell: Any) -> bool:  # noqa: ANN401 - whatever a reader gives
    try:
        period_of(cell, 2000)
    except BadInput:
        return False
    return not text_of(cell).isdecimal() or len(text_of(cell)) > len("2020")


def _require_unit(columns: list[Column], units: frozenset[str]) -> None:
    """Where no header says unit, take the column with the most codes of known units, if these are most of it."""
    if units and not any(column.role == "unit" for column in columns):
        _take_best(columns, lambda cell: text_of(cell) in units, "unit", sure=True)


def _require_account(columns: list[Column], accounts: frozenset[str]) -> None:
    """Where no header says account or line, take that with the most known accounts, or most like those of the chart."""
    if any(column.role in {"account", "line"} for column in columns):
        return
    if not (accounts and _take_best(columns, lambda cell: text_of(cell) in accounts, "account", sure=True)):
        _take_best(columns, _is_account, "account", sure=False)


def _take_best(columns: list[Column], holds: Callable[[Any], bool], role: str, *, sure: bool) -> bool:
    """Give a role to the column of which a test holds most, if it holds for nearly all; return whether there is one."""
    others = [column for column in columns if column.role not in _PLACES]
    best = max(others, key=lambda column: column.share(holds), default=None)
    if best is None or best.share(holds) < _MOSTLY:
        return False
    best.role, best.sure = role, sure
    return True


def _is_account(cell: Any) -> bool:  # noqa: ANN401 - whatever a reader gives
    text = text_of(cell).split(" ")[0]
    return text.isdecimal() and len(text) in _ACCOUNT_DIGITS and text[0] in _CHART_FIRST
