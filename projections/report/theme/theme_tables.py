"""What a theme file may say: a class for each table, a field for each key.

`docs/theme.schema.json` is made of them by `schema_file`.
"""

from __future__ import annotations

from collections.abc import Iterator  # noqa: TC003 - msgspec reads the annotations
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from msgspec import Meta, field

from heinola_es.errors import BadInput
from heinola_es.files.toml_forms import Table, Text, about, schema_text
from heinola_es.files.toml_tables import cut
from projections.report.theme.contrast import READABLE, contrast, is_colour
from projections.report.theme.palette import DARK, PRINT
from projections.report.theme.theme import Theme
from projections.snapshot.columns import chosen

_USUAL = Theme()
_COLOUR = 'a colour such as "#1b4f72"'
_MOST_TOLD = 100
_MOST_POINTS = 1000
_MOST_EUROS = 10**12


def _readable_on(background: str) -> Meta:
    """Return the mark of a colour that can be read on its background."""

    def require(colour: str) -> None:
        if not is_colour(colour):
            raise BadInput(f"is {cut(repr(colour))}; it should be {_COLOUR}")
        # Cut, not rounded: what is just too little must not read as enough.
        ratio = Decimal(contrast(colour, background)).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
        if ratio < READABLE:
            raise BadInput(
                f"is {colour}, whose contrast on {background} is {ratio}:1 and should be {READABLE}:1 at least;"
                f" take a {'darker' if background == PRINT.paper else 'lighter'} one"
            )

    return Meta(
        title=_COLOUR,
        extra={"reads": require},
        extra_json_schema={"pattern": "^#[0-9A-Fa-f]{6}$"},
    )


def _number(most: int, *, whole: bool = False) -> Meta:
    """Return the mark of a number from 0 to `most`."""
    words = f"a {'whole ' if whole else ''}number from 0 to {most}"
    schema = {"type": "integer" if whole else "number", "minimum": 0, "maximum": most}

    def require(value: object) -> None:
        number = isinstance(value, int if whole else int | Decimal) and not isinstance(value, bool)
        if number and Decimal(str(value)).is_finite() and 0 <= Decimal(str(value)) <= most:
            return
        raise BadInput(f"is {cut(str(value) if isinstance(value, Decimal) else repr(value))}; it should be {words}")

    return Meta(title=words, extra={"reads": require}, extra_json_schema={"instead": schema})


class ColoursTable(Table, frozen=True, kw_only=True):
    """The city's colours."""

    accent: Annotated[str, _readable_on(PRINT.paper), about("Of headings and rules, readable on white.")] = (
        _USUAL.accent
    )
    accent_on_dark: Annotated[str, _readable_on(DARK.paper), about("The same, readable on a dark page.")] = (
        _USUAL.accent_on_dark
    )


class LogoTable(Table, frozen=True, kw_only=True):
    """The city's mark."""

    SCHEMA: ClassVar = {"dependentRequired": {"file": ["alternative"], "alternative": ["file"]}}

    file: Annotated[Text, about("SVG or PNG, beside the theme file.")] | None = None
    alternative: Annotated[Text, about("What the mark says, for who does not see it.")] | None = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield a mark that says nothing, and what is said of none."""
        if self.file is None and self.alternative is not None:
            yield "file", "is missing; name the file of the mark, or leave [logo] out"
        if self.file is not None and self.alternative is None:
            yield "alternative", "is missing; write what the mark says, for who does not see it"


class ThresholdsTable(Table, frozen=True, kw_only=True):
    """What the summary tells of."""

    points: Annotated[
        Any,
        _number(_MOST_POINTS),
        about("A unit's use of its budget is told further than so many percentage points from even use."),
    ] = _USUAL.thresholds.points
    euros: Annotated[Any, _number(_MOST_EUROS), about("And where that is at least so many euros.")] = (
        _USUAL.thresholds.euros
    )
    largest: Annotated[Any, _number(_MOST_TOLD, whole=True), about("How many of them are told.")] = (
        _USUAL.thresholds.largest
    )
    project_points: Annotated[
        Any, _number(_MOST_POINTS), about("A project is told so many percentage points behind the time gone.")
    ] = _USUAL.thresholds.project_points


class ThemeTable(Table, frozen=True, kw_only=True):
    """What a city decides about its reports; everything may be left out."""

    colours: ColoursTable = ColoursTable()
    logo: LogoTable = LogoTable()
    thresholds: ThresholdsTable = ThresholdsTable()
    columns: Annotated[
        dict[str, Any],
        Meta(
            title="a table of lists of columns",
            extra_json_schema={
                "instead": {"additionalProperties": {"type": "array", "items": {"type": "string", "minLength": 1}}}
            },
        ),
        about("Sets of columns, by a name; each has names of columns, or of the sets that there are."),
    ] = field(default_factory=dict)

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield sets of columns that are none, or have what is no column."""
        for name, said in self.columns.items():
            if not (isinstance(said, list) and all(isinstance(each, str) for each in said)):
                yield f"columns.{name}", f"is {cut(repr(said))}; it should be a list of names of columns"
                continue
            try:
                chosen(said)
            except BadInput as error:
                yield f"columns.{name}", f"cannot be: {error}"


def schema_file() -> str:
    """Return `docs/theme.schema.json`."""
    return schema_text(ThemeTable, "theme/1", "Theme of the reports that `heinola report` writes")
