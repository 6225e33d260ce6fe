"""The tables of a data package and what stands in each of their columns (Table Schema).

This is the whole promise to whoever reads the data: columns are added, never renamed, dropped or given another
meaning, without a new first number in the package's version.
"""

from __future__ import annotations

from typing import Any

from attrs import field, frozen

from events.goals import GOAL_STATUSES
from events.organisation import UNIT_KINDS
from projections.snapshot.columns import default_amounts

SHA256_HEX = "[0-9a-f]{64}"
EUROS = "In euros, with a point before the cents."
UNKNOWN = "Empty where nobody stated it; that is never 0."


@frozen(slots=True, kw_only=True)
class Field:
    """One column.

    Attributes:
        name, title, description: of the column.
        type: of Table Schema: `string`, `integer`, `number`, `date` or `datetime`.
        constraints: of Table Schema, such as `required` or `enum`.
    """

    name: str
    type: str
    title: str
    description: str
    constraints: dict[str, Any] = field(factory=dict)

    def descriptor(self) -> dict[str, Any]:
        """Return the column as Table Schema has it."""
        told = {"name": self.name, "type": self.type, "title": self.title, "description": self.description}
        return told | ({"constraints": self.constraints} if self.constraints else {})


@frozen(slots=True)
class Reference:
    """Columns whose values are keys of a table; an empty `table` is the one that they stand in."""

    fields: tuple[str, ...]
    table: str
    keys: tuple[str, ...]

    def descriptor(self) -> dict[str, Any]:
        """Return the reference as Table Schema has it, which names no table for the one it stands in."""
        target = {"resource": self.table} if self.table else {}
        return {"fields": list(self.fields), "reference": target | {"fields": list(self.keys)}}


@frozen(slots=True, kw_only=True)
class Table:
    """One table.

    Attributes:
        name: of the resource; the file is called so too, with `.csv`.
        title, description: of the table.
        fields: its columns, in their order.
        key: the columns that tell its rows apart.
        references: columns whose values stand in another table.
    """

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...] = ()

    @property
    def path(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"

    def schema(self) -> dict[str, Any]:
        """Return the Table Schema of the table."""
        described: dict[str, Any] = {
            "fields": [column.descriptor() for column in self.fields],
            "missingValues": [""],
            "primaryKey": list(self.key),
        }
        if self.references:
            described["foreignKeys"] = [reference.descriptor() for reference in self.references]
        return described


def _field(name: str, kind: str, title: str, description: str, **constraints: Any) -> Field:  # noqa: ANN401 - JSON values
    return Field(name=name, type=kind, title=title, description=description, constraints=constraints)


def _text(name: str, title: str, description: str, **constraints: Any) -> Field:  # noqa: ANN401 - JSON values
    return _field(name, "string", title, description, **constraints)


def _euros(name: str, title: str, description: str) -> Field:
    return _field(name, "number", title, f"{description} {EUROS} {UNKNOWN}")


PERIOD = (
    _field("period_start", "date", "First day of the period", "Of the report that the row is from.", required=True),
    _field("period_end", "date", "Last day of the period", "Inclusive.", required=True),
)
_PERIOD_KEY = ("period_start", "period_end")
_OF_PERIOD = Reference(_PERIOD_KEY, "periods", _PERIOD_KEY)
_OF_UNIT = Reference(("unit",), "units", ("code",))
_UNIT = _text("unit", "Unit", "Code of the unit.", required=True)
_NAME = _text("name", "Name", "Of the unit (toimiala, palvelualue, tulosyksikkö, investointikohde).", required=True)
_KIND = _text("kind", "Kind", "What the unit is.", required=True, enum=list(UNIT_KINDS))
_PARENT = _text("parent", "Unit above", "Code of the unit above. Empty where there is none, or none in this package.")
_RESPONSIBLE = _text("responsible", "Role in charge", "Title of a post, such as koulutusjohtaja. Empty if unstated.")

PERIODS = Table(
    name="periods",
    title="Periods",
    description="A row for each report in the package, with what it takes to make it again and to prove it.",
    fields=(
        *PERIOD,
        _text("label", "Period in words", "As a Finnish report prints it.", required=True),
        _field("cumulative_start", "date", "Figures from", "1 January: figures are cumulative.", required=True),
        _field("cumulative_end", "date", "Figures up to", "Inclusive.", required=True),
        _field("structure", "date", "Day of the organisation", "Units are as they were on this day.", required=True),
        _field(
            "known_at",
            "datetime",
            "Known at",
            "Nothing recorded after this moment (UTC) was taken into account. Empty: everything was.",
        ),
        _field(
            "position",
            "integer",
            "Position in the log",
            "Number of the last event in the city's log that was taken into account.",
            required=True,
            minimum=0,
        ),
        _field("revision", "integer", "Revision", "Of the published report. Empty where it is not one.", minimum=1),
        _text(
            "snapshot_sha256",
            "SHA-256 of the snapshot",
            "Hex digest of the report as data, the one that a seal of the published report holds.",
            required=True,
            pattern=SHA256_HEX,
        ),
    ),
    key=_PERIOD_KEY,
)

UNITS = Table(
    name="units",
    title="Units",
    description="The units of the city, each as it was at the end of the last period in the package that knows it. "
    "What they were in each period stands in organisation.csv.",
    fields=(
        _text("code", "Code", "Unique in the city for ever.", required=True, unique=True),
        _NAME,
        _KIND,
        _PARENT,
        _RESPONSIBLE,
    ),
    key=("code",),
    references=(Reference(("parent",), "", ("code",)),),
)

ORGANISATION = Table(
    name="organisation",
    title="Organisation by period",
    description="The units as they were at the end of each period, in the order of the report, depth first. "
    "Units move and are renamed; what a figure is the sum of is told by this table.",
    fields=(*PERIOD, _UNIT, _NAME, _KIND, _PARENT, _RESPONSIBLE),
    key=(*_PERIOD_KEY, "unit"),
    references=(_OF_PERIOD, _OF_UNIT, Reference(("parent",), "units", ("code",))),
)

LINES = Table(
    name="lines",
    title="Lines",
    description="The lines of the city's chart, from the municipal chart of accounts (JHS 192), in its order.",
    fields=(
        _text("code", "Code", "Name of the line in every language.", required=True, unique=True),
        _text("label_fi", "Label in Finnish", "As the chart has it.", required=True),
        _text("label_sv", "Label in Swedish", "As the chart has it.", required=True),
        _text("label_en", "Label in English", "As the chart has it.", required=True),
        _field(
            "sign",
            "integer",
            "Sign",
            "1 for income, which is positive; -1 for expenses, which are negative; 0 where both occur, as in a margin.",
            required=True,
            enum=[1, -1, 0],
        ),
        _text(
            "components",
            "Components",
            "Codes of the lines that it is the sum of, with a space between them. Empty where it is no sum.",
        ),
    ),
    key=("code",),
)

FIGURES = Table(
    name="figures",
    title="Figures",
    description="A row for each unit, line and measure of each report. Figures are cumulative from 1 January and hold "
    "those of the units below, so rows of a unit and of a unit above it are not to be added up.",
    fields=(
        *PERIOD,
        _UNIT,
        _text("line", "Line", "Code of the line.", required=True),
        _text(
            "measure",
            "Measure",
            "final_accounts: the year before (tilinpäätös). prior_actual: the same months of the year before. "
            "budget: the year's, with the amendments decided by the end of the period (talousarvio + muutokset). "
            "actual: from 1 January (toteuma).",
            required=True,
            enum=list(default_amounts()),
        ),
        _field("covered_start", "date", "Covered from", "First day that the amount is about.", required=True),
        _field("covered_end", "date", "Covered up to", "Last day that the amount is about, inclusive.", required=True),
        _euros("amount", "Amount", "Income is positive, expenses are negative."),
        _field(
            "precision",
            "number",
            "Precision",
            "The coarsest rounding among the totals that the amount rests on: 0.01 is exact, 1.00 to the euro, 1000.00 "
            f"to a thousand euros. {EUROS} Empty where the amount is.",
            minimum=0.01,
        ),
        _field(
            "complete",
            "boolean",
            "Complete",
            "Whether the amount is whole. Where it is not, the amount is empty; empty where nothing is known.",
        ),
        _field(
            "through", "date", "Complete through", "The last day through which an amount that is not whole is known."
        ),
        _euros("known", "Known part", "What is known of an amount that is not whole. It is no total."),
        _field(
            "percent",
            "number",
            "Use of the budget",
            "In per cent: actual ÷ budget × 100, half up to two decimals. In rows of actual alone; empty where the "
            "budget is 0 or unknown.",
        ),
    ),
    key=(*_PERIOD_KEY, "unit", "line", "measure"),
    references=(_OF_PERIOD, _OF_UNIT, Reference(("line",), "lines", ("code",))),
)

GOALS = Table(
    name="goals",
    title="Goals",
    description="The binding goals that hold at the end of each period, with the status reported in the period.",
    fields=(
        *PERIOD,
        _UNIT,
        _text("id", "Id", "Of the goal, among those of its unit and year.", required=True),
        _text("strategic_goal", "Strategic goal", "The heading that it stands under (strateginen perustavoite)."),
        _text("programme_goal", "Programme goal", "What it serves in the strategy programme (ohjelmatavoite)."),
        _text("binding_goal", "Binding goal", "The goal itself (sitova tavoite)."),
        _text("subtask", "Sub-task", "The sub-task that it is given to (osatehtävä)."),
        _text("metric", "Metric", "How it is measured (mittari)."),
        _text("target_level", "Target level", "What is to be reached (tavoitetaso)."),
        _text("status", "Status", "Empty where none was reported in the period.", enum=list(GOAL_STATUSES)),
        _text("text", "Explanation", "Of the status. Empty where none was given."),
    ),
    key=(*_PERIOD_KEY, "unit", "id"),
    references=(_OF_PERIOD, _OF_UNIT),
)

INDICATORS = Table(
    name="indicators",
    title="Indicators",
    description="Statistics of the units that were reported in each period.",
    fields=(
        *PERIOD,
        _UNIT,
        _text("name", "Name", "What was counted.", required=True),
        _field("observed_start", "date", "Counted from", "First day of what was counted.", required=True),
        _field("observed_end", "date", "Counted up to", "Inclusive.", required=True),
        _field("value", "number", "Value", "With a point before the decimals.", required=True),
        _text("measured_in", "Unit of measure", "Such as kertaa, hlö, %. Empty if unstated."),
    ),
    key=(*_PERIOD_KEY, "unit", "name", "observed_start", "observed_end"),
    references=(_OF_PERIOD, _OF_UNIT),
)

PROJECTS = Table(
    name="projects",
    title="Projects",
    description="The projects (hankkeet) under way in each period, as they stood at its end. Persons are left out: "
    "neither who answers for a project nor its owner in the words of the document is here.",
    fields=(
        *PERIOD,
        _text("name", "Name", "Unique in the city.", required=True),
        _text("unit", "Unit", "Code of the unit that owns it. Empty where that is not in this package."),
        _text("description", "Description", "What is done."),
        _field("start", "date", "Planned first day", "Empty if unstated."),
        _field("end", "date", "Planned last day", "Empty while it is open."),
        _field("ended", "date", "Last day", "The day on which it ended in fact. Empty where it goes on."),
        _text("phase", "Phase", "Hankevaihe."),
        _text("funder", "Funder", "Who funds it, and by which decision (rahoittaja)."),
        _text("city_decision", "Decision", "Of the city."),
        _text(
            "budget_years",
            "Budget years",
            "The years that it is budgeted in, with a space between them.",
            pattern="[0-9]{4}( [0-9]{4})*",
        ),
        _euros("income", "Income", "Gross, over its whole life; positive."),
        _euros("expense", "Expenses", "Gross, over its whole life; positive."),
        _euros("city_share", "Share of the city", "Over its whole life; positive (kaupungin rahoitusosuus)."),
        _text("amount_notes", "Notes on the amounts", "What the report adds to them."),
        _text("other", "Further information", "As the report has it (muita tietoja)."),
        _field("percent", "number", "Progress", "In per cent, last reported by the end of the period.", minimum=0),
        _text("text", "State", "In words."),
    ),
    key=(*_PERIOD_KEY, "name"),
    references=(_OF_PERIOD, _OF_UNIT),
)

TABLES = (PERIODS, UNITS, ORGANISATION, LINES, FIGURES, GOALS, INDICATORS, PROJECTS)
"""In the order of the package."""
