"""How values of the snapshot's classes are written in JSON, read back, and described: worked out from the classes.

A form does the three for one type: `write` gives JSON values, `read` takes them back, `schema` is their JSON Schema.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache, cached_property
from typing import Any, Literal, Protocol, cast, get_args, get_origin

from attrs import NOTHING, Factory, field, fields, frozen

from events.period import Period
from heinola_es.domain.periods import format_instant

Json = Any
"""A value of JSON: what stands in a document is not known before it is read."""


class Misfit(ValueError):
    """A document is not as the format has it; the message begins with where."""

    def at(self, key: str) -> Misfit:
        """Return the same with one more step of its place."""
        return Misfit(f"{key}{'' if str(self).startswith(('.', '[')) else ' '}{self}")


class Form(Protocol):
    """How one type is written."""

    def write(self, value: Any) -> Json:  # noqa: ANN401 - of the form's type
        """Return a value as JSON has it."""

    def read(self, told: Json) -> Any:  # noqa: ANN401 - of the form's type
        """Return the value that JSON tells.

        Raises:
            Misfit: it tells none.
        """

    def schema(self) -> dict[str, Json]:
        """Return the JSON Schema of what is written."""


@frozen(slots=True, eq=False, repr=False)
class Plain:
    """What JSON has itself: a text, a whole number, true or false."""

    kind: type
    name: str
    one_of: tuple[str, ...] = ()

    def write(self, value: Any) -> Json:  # noqa: ANN401
        """Return the value."""
        return value

    def read(self, told: Json) -> Any:  # noqa: ANN401
        """Return the value."""
        if type(told) is not self.kind:
            raise Misfit(f"{told!r} is no {self.name}")
        if self.one_of and told not in self.one_of:
            raise Misfit(f"{told!r} is none of {', '.join(self.one_of)}")
        return told

    def schema(self) -> dict[str, Json]:
        """Return the type, and the values where only some can be."""
        return {"enum": list(self.one_of)} if self.one_of else {"type": self.name}


TEXT, NUMBER = Plain(str, "string"), Plain(int, "integer")


@frozen(slots=True, eq=False, repr=False)
class Written:
    """A type that is written as a text."""

    to_text: Callable[[Any], str]
    from_text: Callable[[str], Any]
    described: dict[str, Json]

    def write(self, value: Any) -> Json:  # noqa: ANN401
        """Return the text of a value."""
        return self.to_text(value)

    def read(self, told: Json) -> Any:  # noqa: ANN401
        """Return the value that a text stands for."""
        try:
            return self.from_text(TEXT.read(told))
        except (ValueError, InvalidOperation) as error:
            raise error if isinstance(error, Misfit) else Misfit(f"{told!r} cannot be read") from error

    def schema(self) -> dict[str, Json]:
        """Return what the text looks like."""
        return {"type": "string", **self.described}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_BY_TYPE: dict[object, Plain | Written] = {
    str: TEXT,
    int: NUMBER,
    bool: Plain(bool, "boolean"),
    date: Written(date.isoformat, date.fromisoformat, {"format": "date"}),
    datetime: Written(format_instant, _instant, {"format": "date-time"}),
    Decimal: Written("{:f}".format, Decimal, {"pattern": r"^-?\d+(\.\d+)?$"}),
    Period: Written(str, Period.from_iso, {"pattern": r"^\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d$"}),
}


@frozen(slots=True, eq=False, repr=False)
class OneOf:
    """One of several types, told apart by what JSON has; None is null."""

    forms: tuple[Form, ...]
    or_null: bool

    def write(self, value: Any) -> Json:  # noqa: ANN401
        """Return the value as its type is written."""
        if value is None or len(self.forms) > 1:  # of several types all are plain
            return value
        return self.forms[0].write(value)

    def read(self, told: Json) -> Any:  # noqa: ANN401
        """Return the value of the first type that fits."""
        if told is None and self.or_null:
            return None
        *others, last = self.forms
        for form in others:
            try:
                return form.read(told)
            except Misfit:
                continue
        return last.read(told)

    def schema(self) -> dict[str, Json]:
        """Return the alternatives."""
        return {"anyOf": [*(form.schema() for form in self.forms), *([{"type": "null"}] if self.or_null else [])]}


@frozen(slots=True, eq=False, repr=False)
class ListOf:
    """A list."""

    form: Form

    def write(self, value: Iterable[Any]) -> Json:
        """Return the items as they are written."""
        return list(map(self.form.write, value))

    def read(self, told: Json) -> tuple[Any, ...]:
        """Return the items."""
        if type(told) is not list:
            raise Misfit(f"{told!r} is no list")
        return tuple(at(f"[{number}]", self.form.read, item) for number, item in enumerate(told))

    def schema(self) -> dict[str, Json]:
        """Return a list of what the items are."""
        return {"type": "array", "items": self.form.schema()}


@frozen(slots=True, eq=False, repr=False)
class ByName:
    """An object whose keys are names."""

    form: Form

    def write(self, value: Mapping[str, Any]) -> Json:
        """Return the values as they are written."""
        return {name: self.form.write(item) for name, item in value.items()}

    def read(self, told: Json) -> dict[str, Any]:
        """Return the values by name."""
        return {name: at(f".{name}", self.form.read, item) for name, item in require_object(told).items()}

    def schema(self) -> dict[str, Json]:
        """Return an object of what the values are."""
        return {"type": "object", "additionalProperties": self.form.schema()}


class Member(typing.NamedTuple):
    """A field of a class: how it is written, whether it is left out where it has nothing to say, and its default."""

    name: str
    form: Form
    left_out: bool
    default: Any


@frozen(slots=False, eq=False, repr=False)
class ObjectOf:
    """An object with a class's fields.

    A class whose object is not made of its fields alone has a form that is made of this one: see the last three.

    Attributes:
        kind: an attrs class.
        besides: names of fields that are left to the form of the class.
        forms: of fields that are written otherwise than their type.
    """

    kind: type
    besides: tuple[str, ...] = ()
    forms: Mapping[str, Form] = field(factory=dict)

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """The fields that are told as such; worked out once the first object is met: of most classes there is none."""
        return members_of(self.kind, self.besides, self.forms)

    def write(self, value: Any) -> dict[str, Json]:  # noqa: ANN401
        """Return the fields as they are written."""
        told = self._fields(value)
        self.add_besides(value, told)
        return told

    @cached_property
    def _fields(self) -> Callable[[Any], dict[str, Json]]:
        """What writes the fields, made as attrs makes the methods of a class: there are objects by the ten thousand."""
        plain = {member.name for member in self.members if isinstance(member.form, Plain)}
        written = {name: f"value.{name}" if name in plain else f"{name}(value.{name})" for name, *_ in self.members}
        always = ", ".join(f"{m.name!r}: {written[m.name]}" for m in self.members if not m.left_out)
        lines = [
            "def fields(value):",
            f"    told = {{{always}}}",
            *(f"    if value.{m.name}: told[{m.name!r}] = {written[m.name]}" for m in self.members if m.left_out),
            "    return told",
        ]
        known: dict[str, Any] = {member.name: member.form.write for member in self.members}
        exec("\n".join(lines), known)  # noqa: S102 - of the names of our own classes' fields
        return cast("Callable[[Any], dict[str, Json]]", known["fields"])

    def read(self, told: Json) -> Any:  # noqa: ANN401
        """Return the class's value; fields that are not known yet are passed over."""
        found = require_object(told)
        values = self.from_besides(found)
        for name, form, _left_out, default in self.members:
            if name in found:
                values[name] = at(f".{name}", form.read, found[name])
            elif default is NOTHING:
                raise Misfit(f"has no {name}")
        return self.kind(**values)

    def schema(self) -> dict[str, Json]:
        """Return the fields, and which are always there."""
        besides = self.schema_of_besides()
        properties = {member.name: member.form.schema() for member in self.members}
        required = [member.name for member in self.members if not member.left_out]
        return {
            "type": "object",
            **besides,
            "properties": properties | besides.get("properties", {}),
            "required": sorted([*required, *besides.get("required", ())]),
        }

    def add_besides(self, value: Any, told: dict[str, Json]) -> None:  # noqa: ANN401 - for classes that have more
        """Add what the object has beside the fields."""

    def from_besides(self, found: dict[str, Json]) -> dict[str, Any]:  # noqa: ARG002 - for classes that have more
        """Return the fields that are written in another way, out of the object.

        Raises:
            Misfit: it does not tell them.
        """
        return {}

    def schema_of_besides(self) -> dict[str, Json]:
        """Return `properties` and `required` of what the object has beside the fields, and what else is to be said."""
        return {}


def require_object(told: Json) -> dict[str, Json]:
    """Return what is an object.

    Raises:
        Misfit: it is none.
    """
    if type(told) is not dict:
        raise Misfit(f"{told!r} is no object")
    return told


def members_of(kind: type, besides: tuple[str, ...], forms: Mapping[str, Form]) -> tuple[Member, ...]:
    """Return the fields of an attrs class but for those that are told in another way, as `ObjectOf` has them."""
    hints = typing.get_type_hints(kind)
    return tuple(
        Member(
            each.name,
            forms.get(each.name) or form_of(hints[each.name]),
            bool(each.metadata.get("left_out")),
            each.default.factory() if isinstance(each.default, Factory) else each.default,  # type: ignore[arg-type]
        )
        for each in fields(kind)
        if each.name not in besides
    )


@cache
def form_of(hint: Any) -> Form:  # noqa: ANN401 - a type
    """Return the form of a type."""
    origin, inner = get_origin(hint), get_args(hint)
    if hint in _BY_TYPE:
        return _BY_TYPE[hint]
    if origin is Literal:
        return Plain(str, "string", inner)
    if origin in {typing.Union, types.UnionType}:
        kinds = [kind for kind in inner if kind is not type(None)]
        return OneOf(tuple(map(form_of, kinds)), or_null=len(kinds) < len(inner))
    if origin is tuple:
        return ListOf(form_of(inner[0]))
    if origin is Mapping:
        return ByName(form_of(inner[1]))
    return ObjectOf(hint)


def at(key: str, read: Callable[[Json], Any], told: Json) -> Any:  # noqa: ANN401 - of any form
    """Return what is read of one part of a document.

    Raises:
        Misfit: it cannot be; says where.
    """
    try:
        return read(told)
    except Misfit as error:
        raise error.at(key) from error
