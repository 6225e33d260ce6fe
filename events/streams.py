"""Stream ids: a uuid5 of the natural key, so the same unit is the same stream on every machine."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from events.period import Period

NAMESPACE = UUID("0b3f4f0c-7d0e-5b1c-9b6a-4e1f3a2d5c70")
"""Fixed for ever: every stored stream id is derived from it."""

_STORE = UUID("07458707-ffed-55f7-9c2c-0df35c3e1a2a")
_CITY, _CHARTS = UUID("cc93b0d8-d237-51b4-b9be-4ad6100e6808"), UUID("9a972c61-6de1-526b-b4f1-f9d6e63452f0")
_ROLES, _KEYS_REQUIRED = UUID("a367fa38-44a9-5caf-9fc1-90215155d6dd"), UUID("d60114f7-145e-5333-a33b-0fc8320ab060")
"""Those that there is one of, worked out once for all: every command asks for them, and few load a hash for more."""

YEAR = slice(-10, -6)
"""Where in a period, as it is stored, the year stands that it ends in."""


def unit_stream(code: str) -> UUID:
    """Return the stream of a unit's organisation events."""
    return uuid5(NAMESPACE, _unit({"code": code}))


def unit_year_stream(code: str, fiscal_year: int) -> UUID:
    """Return the stream of a unit's figures, goals and narratives of one fiscal year."""
    return uuid5(NAMESPACE, _decided_year({"unit": code, "fiscal_year": fiscal_year}))


def project_stream(name: str) -> UUID:
    """Return the stream of a project, whose name is its key."""
    return uuid5(NAMESPACE, _project({"project": name}))


def import_stream(sha256: str) -> UUID:
    """Return the stream of a file's content."""
    return uuid5(NAMESPACE, _file({"sha256": sha256}))


def publication_stream(period: Period, scope: str) -> UUID:
    """Return the stream of the publications of one period and scope."""
    return uuid5(NAMESPACE, _publication({"effective": period, "scope": scope}))


def round_stream(period: Period) -> UUID:
    """Return the stream of the reporting round of a period."""
    return uuid5(NAMESPACE, _round({"effective": period}))


def store_stream() -> UUID:
    """Return the stream of the store itself."""
    return _STORE


def city_stream() -> UUID:
    """Return the stream of the city that the store is of."""
    return _CITY


def chart_stream() -> UUID:
    """Return the stream of the charts that the city took into use."""
    return _CHARTS


def roles_stream() -> UUID:
    """Return the stream of the roles that people have."""
    return _ROLES


def keys_stream() -> UUID:
    """Return the stream of the keys that the head of the log must be signed with."""
    return _KEYS_REQUIRED


def command_stream(key: str) -> UUID:
    """Return the stream of the one command that was given this key."""
    return uuid5(NAMESPACE, _command({"key": key}))


def stream_of_key(key: str) -> UUID:
    """Return the stream with a natural key, such as `unit-year/4160/2020`."""
    return uuid5(NAMESPACE, key)


def stream_named(topic: str, body: Mapping[str, Any]) -> str:
    """Return the stream (hex) that an event stands in, which its content names.

    Raises:
        KeyError: no such event is known, or its body does not say.
    """
    if topic in _OF_UNIT_YEARS:  # nearly all there are
        return _unit_year_hex(body["unit"], body["effective"])
    return _hex(_KEYS[topic](body))


@lru_cache(maxsize=1 << 16, typed=True)
def _unit_year_hex(unit: str, effective: str) -> str:
    return _hex(_unit_year({"unit": unit, "effective": effective}))


@lru_cache(maxsize=1 << 16)
def _hex(key: str) -> str:
    return uuid5(NAMESPACE, key).hex


def key_named(topic: str, body: Mapping[str, Any]) -> str:
    """Return the natural key of the stream that an event stands in, such as `unit-year/4160/2020`.

    Raises:
        KeyError: no such event is known, or its body does not say.
    """
    return _KEYS[topic](body)


def _unit(body: Mapping[str, Any]) -> str:
    return f"unit/{body['code']}"


def _unit_year(body: Mapping[str, Any]) -> str:
    return _decided_year({"unit": body["unit"], "fiscal_year": body["effective"][YEAR].lstrip("0")})


def _decided_year(body: Mapping[str, Any]) -> str:
    return f"unit-year/{body['unit']}/{body['fiscal_year']}"


def _project(body: Mapping[str, Any]) -> str:
    return f"project/{body['project']}"


def _file(body: Mapping[str, Any]) -> str:
    return f"import/{body['sha256']}"


def _publication(body: Mapping[str, Any]) -> str:
    return f"publication/{body['effective']}/{body['scope']}"


def _round(body: Mapping[str, Any]) -> str:
    return f"round/{body['effective']}"


def _undone(body: Mapping[str, Any]) -> str:
    return str(body["stream"])


def _store(_body: Mapping[str, Any]) -> str:
    return "store"


def _city(_body: Mapping[str, Any]) -> str:
    return "city"


def _charts(_body: Mapping[str, Any]) -> str:
    return "charts"


def _roles(_body: Mapping[str, Any]) -> str:
    return "roles"


def _keys(_body: Mapping[str, Any]) -> str:
    return "keys"


def _command(body: Mapping[str, Any]) -> str:
    return f"command/{body['key']}"


_FAMILIES: tuple[tuple[str, Callable[[Mapping[str, Any]], str], str], ...] = (
    ("organisation", _unit, "UnitEstablished UnitRenamed UnitMoved UnitMerged UnitClosed ResponsibleAssigned"),
    ("organisation", _unit, "UnitFirstDayCorrected UnitNameCorrected UnitTextTranslated"),
    ("figures", _decided_year, "BudgetAdopted BudgetAmended"),
    ("figures", _unit_year, "ActualPosted ActualCorrected FigureStated StatementWithdrawn PeriodClosed PeriodReopened"),
    ("goals", _unit_year, "GoalSet GoalRevised GoalStatusUpdated GoalWithdrawn PrioritySet PriorityReported"),
    ("narratives", _unit_year, "NarrativeReported OutlookGiven IndicatorObserved"),
    ("coverage", _unit_year, "BooksCompleted CompletionWithdrawn"),
    ("forecasts", _unit_year, "ForecastGiven"),
    ("proposals", _decided_year, "AmendmentProposed AmendmentDropped"),
    ("projects", _project, "ProjectLaunched ProjectProgressReported ProjectRevised ProjectEnded ProjectTextTranslated"),
    ("imports", _file, "FileImported"),
    ("publications", _publication, "ReportPublished"),
    ("rounds", _round, "RoundOpened PartSubmitted PartReturned PartAccepted RoundClosed"),
    ("undoing", _undone, "FactsUndone"),
    ("store", _store, "StoreInitialised StoreUpgraded"),
    ("city", _city, "CityNamed"),
    ("charts", _charts, "ChartAdopted"),
    ("roles", _roles, "RoleGiven RoleWithdrawn"),
    ("keys", _keys, "KeysRequired"),
    ("commands", _command, "CommandKeyed"),
)
"""The topics of each family, and how the natural key of their stream follows from the body."""

_ELSEWHERE = {"commands": "store"}
"""The module of a family whose name it has not."""

_KEYS = {topic: key for _family, key, topics in _FAMILIES for topic in topics.split()}

_OF_UNIT_YEARS = frozenset(topic for topic, key in _KEYS.items() if key is _unit_year)

TOPICS = frozenset(_KEYS)
"""The topics of all events that can happen."""


def module_of(topic: str) -> str | None:
    """Return the module in which the class of a topic stands; None where no such event can happen."""
    family = next((family for family, _key, topics in _FAMILIES if topic in topics.split()), None)
    return None if family is None else f"events.{_ELSEWHERE.get(family, family)}"


def topics_of(*families: str) -> tuple[str, ...]:
    """Return the topics of some families, in the order in which these are told in."""
    return tuple(
        topic for family in families for name, _key, topics in _FAMILIES if name == family for topic in topics.split()
    )
