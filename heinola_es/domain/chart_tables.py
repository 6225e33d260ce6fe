"""What the file of a city's own chart may say: a class for each table, a field for each key.

`docs/chart.schema.json` is made of them by `schema_file`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator  # noqa: TC003 - msgspec reads the annotations
from typing import Annotated, Any, ClassVar

from msgspec import Meta

from events.organisation import UNIT_KINDS
from heinola_es.domain.chart import LANGUAGES, RESERVED, is_shipped
from heinola_es.domain.codes import NoCode, require_name
from heinola_es.errors import BadInput
from heinola_es.files.toml_forms import Table, Text, Texts, about, asked, read_by, schema_text
from heinola_es.files.toml_tables import cut

MOST_LINES = 500
MOST_LAYOUTS = 50
_ID, _CODE = r"[a-z0-9][a-z0-9.-]{0,63}", r"[a-z][a-z0-9_]{0,63}"
_LAST_ACCOUNT = 9999
_SIGNS = {1: "1 (income)", -1: "-1 (expenses)", 0: "0 (either)"}
_SIGN_IS = f"one of {', '.join(_SIGNS.values())}"


def _name(text: str) -> None:
    try:
        require_name(text, "it")
    except NoCode as error:
        raise BadInput(f"cannot be a name: {error}") from None


def _id(text: str) -> None:
    _name(text)
    if not re.fullmatch(_ID, text):
        raise BadInput(f"is {cut(text)!r}; it should be of a–z, 0–9, hyphens and points")
    if is_shipped(text):
        raise BadInput(f"is {text!r}, and ids that begin with {RESERVED} are those of shipped charts; take another")


def _code(text: str) -> None:
    _name(text)
    if not re.fullmatch(_CODE, text):
        raise BadInput(f"is {cut(text)!r}; it should be of a–z, 0–9 and _, beginning with a letter")


def _sign(sign: int) -> None:
    if sign not in _SIGNS:
        raise BadInput(f"is {cut(str(sign))}; it should be {_SIGN_IS}")


def _accounts(limits: tuple[int, int]) -> None:
    first, last = limits
    if not 0 <= first <= last <= _LAST_ACCOUNT:
        raise BadInput(f"has the range {first}–{last}; it should run upwards, within 0–{_LAST_ACCOUNT}")


_CODES: dict[str, Any] = {"type": "array", "items": {"type": "string", "pattern": f"^{_CODE}$"}, "uniqueItems": True}
Name = Annotated[Text, read_by(_name), Meta(extra_json_schema={"maxLength": 300})]
Code = Annotated[Text, read_by(_code), Meta(extra_json_schema={"pattern": f"^{_CODE}$"})]
Codes = Annotated[
    tuple[str, ...],
    read_by(_name),
    Meta(title="a list of codes of lines", extra={"may_be_empty": True}, extra_json_schema={"instead": _CODES}),
]
SomeCodes = Annotated[Codes, Meta(extra_json_schema={"instead": _CODES | {"minItems": 1}})]
LayoutNames = Annotated[Texts, asked("name the layout of its units")]


class LabelsTable(Table, frozen=True, kw_only=True):
    """In any of Finnish, Swedish and English. A report in a language without one takes the first there is."""

    SCHEMA: ClassVar = {"minProperties": 1}

    fi: Name | None = None
    sv: Name | None = None
    en: Name | None = None

    def said(self) -> dict[str, str]:
        """Return them by language."""
        labels = ((language, getattr(self, language)) for language in LANGUAGES)
        return {language: text for language, text in labels if text is not None}


def _unnamed(key: str, labels: LabelsTable | str) -> Iterator[tuple[str, str]]:
    if isinstance(labels, LabelsTable) and not labels.said():
        yield key, f"should name it in one of {', '.join(LANGUAGES)} at least"


class LineTable(Table, frozen=True, kw_only=True):
    """A line."""

    code: Annotated[Code, asked("each line has one, by which others name it"), about("Of a–z, 0–9 and _.")]
    labels: Annotated[LabelsTable, asked(f"it should name it in one of {', '.join(LANGUAGES)} at least")]
    sign: Annotated[
        int,
        asked(f"it should be {_SIGN_IS}"),
        Meta(title=_SIGN_IS, extra_json_schema={"instead": {"enum": [*_SIGNS]}}),
        read_by(_sign),
        about("1 for income, -1 for expenses, 0 where both occur: a margin, financial items."),
    ]
    components: Annotated[Codes, about("The lines above it that it is the sum of.")] = ()
    details: Annotated[
        Codes, about('Lines below it that break it down ("of which"). They are part of its sum as components are.')
    ] = ()
    printed: Annotated[
        tuple[str, ...],
        read_by(_name),
        Meta(
            title="a list of texts",
            extra={"may_be_empty": True},
            extra_json_schema={
                "instead": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 300}}
            },
        ),
        about("Further spellings found in published reports, which are read as this line."),
    ] = ()
    kinds: Annotated[
        tuple[str, ...],
        Meta(
            title="a list of kinds of unit",
            extra={"may_be_empty": True},
            extra_json_schema={"instead": {"type": "array", "items": {"enum": [*UNIT_KINDS]}, "uniqueItems": True}},
        ),
        about(
            "The kinds of unit that have it, as a city has taxes; others have none of it, a whole 0, unless some is "
            "recorded. By default all have it."
        ),
    ] = ()
    accounts: Annotated[
        tuple[tuple[int, int], ...],
        Meta(
            title="a list of ranges of four-digit accounts, as in [[3000, 3199]]",
            extra={"may_be_empty": True},
            extra_json_schema={
                "instead": {
                    "type": "array",
                    "items": {
                        "type": "array",
                        "minItems": 2,
                        "maxItems": 2,
                        "items": {"type": "integer", "minimum": 0, "maximum": _LAST_ACCOUNT},
                    },
                }
            },
        ),
        read_by(_accounts),
        about("Ranges of four-digit accounts that feed it, both ends inclusive."),
    ] = ()
    additive: Annotated[
        bool,
        about("Whether a posting may be made on it. A margin, or another result, is computed from others alone."),
    ] = True
    posts_to: (
        Annotated[Code, about("The line of its sum that a posting on it is recorded on, in units of operations.")]
        | None
    ) = None
    continues: (
        Annotated[
            Code,
            about("The line of the chart before that it stands for from then on, where that has another code."),
        ]
        | None
    ) = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield labels in no language."""
        yield from _unnamed("labels", self.labels)

    def kept(self) -> dict[str, Any]:
        """Return it as it is kept."""
        always = {"code": self.code, "labels": self.labels.said(), "sign": self.sign}
        lists = {key: list(getattr(self, key)) for key in ("components", "details", "printed", "kinds")}
        ranges = {"accounts": [list(limits) for limits in self.accounts]}
        others = {"posts_to": self.posts_to, "continues": self.continues}
        return {
            **always,
            **{key: said for key, said in (lists | ranges).items() if said},
            "additive": self.additive,
            **{key: said for key, said in others.items() if said},
        }


class LayoutTable(Table, frozen=True, kw_only=True):
    """A form of tables."""

    title: Annotated[LabelsTable, asked(f"it should name it in one of {', '.join(LANGUAGES)} at least")]
    rows: Annotated[SomeCodes, asked("name the lines it prints"), about("Its lines, from the top.")]
    only_when_known: Annotated[
        Codes, about("Those of its rows that a unit has only where something is known of them.")
    ] = ()

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield a title in no language."""
        yield from _unnamed("title", self.title)

    def kept(self) -> dict[str, Any]:
        """Return it as it is kept."""
        only = {"only_when_known": list(self.only_when_known)} if self.only_when_known else {}
        return {"title": self.title.said(), "rows": list(self.rows), **only}


class RolesTable(Table, frozen=True, kw_only=True):
    """The lines that say what a unit earns, spends and costs; of each list, the first that a unit has a row of."""

    income: Annotated[SomeCodes, asked("name the lines that say it; the first that a unit has counts")]
    expenses: Annotated[SomeCodes, asked("name the lines that say it; the first that a unit has counts")]
    net: Annotated[SomeCodes, asked("name the lines that say it; the first that a unit has counts")]


class KindsTable(Table, frozen=True, kw_only=True):
    """The layout of each kind of unit, or a list of them.

    The first is that of its figures, the others are further tables that it has where anything is known for them. A city
    of which nothing is said has that of a sector.
    """

    city: Texts | None = None
    sector: LayoutNames
    service_area: LayoutNames
    unit: LayoutNames
    investment_programme: LayoutNames
    investment_area: LayoutNames
    investment_item: LayoutNames

    def kept(self) -> dict[str, str | list[str]]:
        """Return them as they are kept."""
        said: Iterator[tuple[str, tuple[str, ...] | None]] = ((kind, getattr(self, kind)) for kind in UNIT_KINDS)
        return {kind: names[0] if len(names) == 1 else list(names) for kind, names in said if names}


class ChartTable(Table, frozen=True, kw_only=True):
    """The rows of a city's reports: what `heinola init --chart FILE` takes, and what the log keeps as JSON."""

    id: Annotated[
        Text,
        asked("give it one of its own"),
        read_by(_id),
        Meta(extra_json_schema={"pattern": f"^{_ID}$"}),
        about(
            "Tells it from every other chart, for ever; a changed chart is a new one. Ids that begin with jhs192- are "
            "those of shipped charts."
        ),
    ]
    title: Annotated[Name, asked("say what it is, in one line"), about("What it is, in one line.")]
    source: Annotated[str, about("Where it was taken from, and what of it was checked.")] = ""
    lines: Annotated[
        tuple[LineTable, ...],
        asked("see docs/charts.md"),
        Meta(extra_json_schema={"minItems": 1, "maxItems": MOST_LINES}),
    ]
    layouts: Annotated[
        dict[str, LayoutTable],
        asked("see docs/charts.md"),
        about("The forms of tables, by name."),
        Meta(extra_json_schema={"minProperties": 1, "maxProperties": MOST_LAYOUTS}),
    ]
    roles: Annotated[RolesTable, asked("name the lines that say what a unit earns, spends and costs")]
    kinds: Annotated[KindsTable, asked("name the layout of each kind of unit")]

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield more lines and layouts than any chart has, and a chart without layouts."""
        for key, most in (("lines", MOST_LINES), ("layouts", MOST_LAYOUTS)):
            if len(getattr(self, key)) > most:
                yield key, f"are {len(getattr(self, key))}; a chart has at most {most}"
        if not self.layouts:
            yield "layouts", "are missing; see docs/charts.md"

    def kept(self) -> dict[str, Any]:
        """Return it as it is kept in a log."""
        return {
            "id": self.id,
            "title": self.title,
            "source": self.source,
            "lines": [line.kept() for line in self.lines],
            "layouts": {name: layout.kept() for name, layout in self.layouts.items()},
            "roles": {role: list(getattr(self.roles, role)) for role in ("income", "expenses", "net")},
            "kinds": self.kinds.kept(),
        }


def schema_file() -> str:
    """Return `docs/chart.schema.json`."""
    return schema_text(ChartTable, "chart/1", "A chart of lines")
