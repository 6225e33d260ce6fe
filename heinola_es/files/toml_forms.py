"""TOML files as classes: what is written is checked against them, all that is wrong is told, and they are the schema.

A table is a class whose fields are its keys; what msgspec makes of the fields is the JSON Schema, and what the schema
can say of one value is checked by msgspec, too. What several keys say together is told by `Table.contradictions`.
"""

from __future__ import annotations

import json
import re
import types
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar, Union, cast, get_args, get_origin

import msgspec
from attrs import frozen
from msgspec import Meta

from heinola_es.errors import BadInput, HeinolaError, nearest
from heinola_es.files.toml_tables import TomlTable, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_WORDS = {str: "a text", bool: "true or false", int: "a number"}
_UNIONS = (Union, types.UnionType)


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a document.

    Attributes:
        SCHEMA: what its JSON Schema says of several keys together.
    """

    SCHEMA: ClassVar[dict[str, Any]] = {}

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield keys that do not go with others, each with the rest of the sentence that says so."""
        yield from ()


T = TypeVar("T", bound=Table)

Text = Annotated[str, Meta(min_length=1)]
Texts = Annotated[
    tuple[Text, ...],
    Meta(
        title="a text or a list of texts", extra_json_schema={"instead": {"type": ["array", "string"], "minLength": 1}}
    ),
]


def asked(missing: str) -> Meta:
    """Return the mark of a key that must be there: what is told where it is not."""
    return Meta(extra={"missing": missing})


def one_of(words: Sequence[str]) -> Meta:
    """Return the mark of a text that is one of some words."""
    return Meta(extra={"choices": tuple(words)}, extra_json_schema={"enum": list(words)})


def number_too(title: str) -> Meta:
    """Return the mark of a text that may be written as a number, too."""
    return Meta(title=title, extra={"number_too": True}, extra_json_schema={"instead": {"type": ["string", "integer"]}})


def read_by(reads: Callable[[Any], object]) -> Meta:
    """Return the mark of a value that a function reads, and tells of (by a `HeinolaError`) where it cannot."""
    return Meta(extra={"reads": reads})


def table_from(kind: type[T], said: dict[str, Any], document: str) -> tuple[T, list[str]]:
    """Return what a document says, and all that is wrong with it.

    Args:
        kind: the class of the document.
        said: its tables, as TOML has them.
        document: what it is: `a mapping`.
    """
    top = TomlTable("", said, [], document)
    return _table(kind, top), top.wrong


def about(text: str) -> Meta:
    """Return the mark of what a field says, for whoever reads the schema."""
    return Meta(description=text)


def _first_version(version: int) -> None:
    if version != 1:
        raise BadInput("should be 1; write version = 1")


def schema_text(kind: type[Table], name: str, title: str) -> str:
    """Return the JSON Schema (2020-12) of a document, as the file that `docs/` has of it.

    Args:
        kind: the table that the document is.
        name: of the form and its version, as in `chart/1`.
        title: what the document is, for whoever writes one.
    """
    made = cast("dict[str, Any]", _plain(msgspec.json.schema(kind)))
    of_name = {one.__name__: one for one in Table.__subclasses__()}
    tables = {name: table | of_name[name].SCHEMA for name, table in made["$defs"].items()}
    about = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"heinola/{name}",
        **tables.pop(kind.__name__),
        "$defs": tables,
        "title": title,
    }
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"


def _plain(schema: object) -> object:
    """Return a schema without what TOML does not have, null, and what is taken where nothing is said.

    What a mark says `instead` of what msgspec makes of the type takes its place.
    """
    if isinstance(schema, list):
        return [_plain(one) for one in schema if one != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _plain(value) for key, value in schema.items() if key != "default" or isinstance(value, dict)}
    plain |= cast("dict[str, Any]", plain.pop("instead", {}))
    ways = cast("list[Any]", plain.get("anyOf", []))
    return {**ways[0], **{key: plain[key] for key in plain if key != "anyOf"}} if len(ways) == 1 else plain


@frozen(slots=True)
class _Key:
    """What a key may say.

    Attributes:
        hint: its type.
        kind: the same without marks: a class, a tuple, a choice of words.
        words: what it should be.
        marks: `missing`, `choices`, `reads`, as above; `may_be_empty`, where a list without anything is one, too.
    """

    hint: Any
    kind: Any
    words: str
    marks: dict[str, Any]

    @classmethod
    def of(cls, hint: Any) -> _Key:  # noqa: ANN401 - a type, or one with marks
        """Return it from the type of a field."""
        if get_origin(hint) in _UNIONS and type(None) in get_args(hint):
            hint = Union[tuple(one for one in get_args(hint) if one is not type(None))]  # noqa: UP007 - made here
        kind, metas = (hint.__origin__, hint.__metadata__) if get_origin(hint) is Annotated else (hint, ())
        marks: dict[str, Any] = {"choices": get_args(kind) if get_origin(kind) is Literal else ()}
        words = _WORDS.get(kind, "")
        for meta in metas:
            marks |= meta.extra or {}
            words = meta.title or words
        if marks["choices"]:
            words = f"one of {', '.join(marks['choices'])}"
        return cls(hint, kind, words, marks)

    def table(self) -> type[Table] | None:
        """Return of which class its table is, or each of its tables."""
        kind = self.kind
        if several := self.several():
            kind = get_args(kind)[1 if several is dict else 0]
        return kind if isinstance(kind, type) and issubclass(kind, Table) else None

    def several(self) -> type | None:
        """Return how it has several values: in a list (`tuple`), by names (`dict`), or not at all."""
        origin = get_origin(self.kind)
        return origin if origin in {tuple, dict} else None

    def missing(self) -> str:
        """Return what is told where it must be there and is not."""
        return str(self.marks.get("missing") or (f"it is {self.words}" if self.marks["choices"] else self.words))

    def stand_in(self) -> Any:  # noqa: ANN401 - any value of its type
        """Return what it is taken for where it is wrong, so that the rest can be looked at, too."""
        if self.marks["choices"]:
            return self.marks["choices"][0]
        return next((empty for kind, empty in ((tuple, ()), (dict, {})) if get_origin(self.kind) is kind), "")


def _table(kind: type[T], table: TomlTable) -> T:
    keys = {one.encode_name: one for one in msgspec.structs.fields(kind)}
    table.taken |= keys.keys()
    told = {key for unknown in table.said.keys() - keys.keys() for key in _meant(cut(unknown), table.taken)}
    values: dict[str, Any] = {}
    for name, one in keys.items():
        key = _Key.of(one.type)
        complaint: str | None = None
        if name in table.said and (table.said[name] not in ("", []) or not one.required):
            values[one.name], complaint = _value(key, table, name)
        elif one.required:
            complaint = f"is {'empty' if table.said.get(name) == '' else 'missing'}; {key.missing()}"
        if complaint is not None:
            values[one.name] = key.stand_in() if one.required else _default(one)
            if name not in told:
                table.complain(name, complaint)
            told.add(name)
    read = kind(**values)
    for name, sentence in read.contradictions():
        if told.isdisjoint([name, *re.findall(r"\w+", sentence)]):  # what follows from a mistake is not told beside it
            table.complain(name, sentence)
    table.close()
    return read


def _meant(unknown: str, known: set[str]) -> list[str]:
    """Return the key that a mistyped one is told to be, or nothing."""
    return re.findall(r"did you mean (\w+)", nearest(unknown, known))


def _default(one: msgspec.structs.FieldInfo) -> Any:  # noqa: ANN401 - whatever the field has
    return one.default if one.default is not msgspec.NODEFAULT else one.default_factory()


def _value(key: _Key, table: TomlTable, name: str) -> tuple[Any, str | None]:
    """Return what a key says, or what is wrong with it."""
    value = table.said[name]
    several, of = get_origin(key.kind) is tuple, key.table()
    choices = key.marks["choices"]
    empty = value == [] and several and not key.marks.get("may_be_empty")
    if empty or (value == "" and key.kind is str and not choices):
        return value, "is empty; leave it out"
    if of is not None:
        taken = _tables if several else _tables_by_name if key.several() is dict else _one_table
        return taken(of, table, name)
    if choices and value not in choices:
        near = nearest(cut(value), choices) if isinstance(value, str) else ""
        return value, f"is {cut(repr(value))}{near}; it is {key.words}"
    return _converted(key, value)


def _converted(key: _Key, value: Any) -> tuple[Any, str | None]:  # noqa: ANN401 - whatever the file has
    """Return a value of a key's type, or what is wrong with it."""
    several = get_origin(key.kind) is tuple
    said = value
    if isinstance(value, date) or (key.marks.get("number_too") and type(value) is int):
        said = str(value)
    if several and isinstance(value, str):
        said = [value]
    try:
        read = msgspec.convert(said, key.hint)
        for text in read if several else (read,):
            key.marks.get("reads", str)(text)
    except msgspec.ValidationError:
        return value, f"is {cut(repr(value))}; it should be {key.words}"
    except HeinolaError as error:
        return value, str(error)
    return read, None


def _one_table(kind: type[Table], table: TomlTable, name: str) -> tuple[Any, str | None]:
    value = table.said[name]
    if not isinstance(value, dict):
        return value, f"is {cut(repr(value))}; it should be a table"
    return _table(kind, TomlTable(f"{table.where}{name}.", value, table.wrong, table.kind)), None


def _tables(kind: type[Table], table: TomlTable, name: str) -> tuple[Any, str | None]:
    values = table.said[name]
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        return values, "should be a list of tables"
    where = f"{table.where}{name}"
    made = (TomlTable(f"{where}[{at}].", value, table.wrong, table.kind) for at, value in enumerate(values, 1))
    return tuple(_table(kind, one) for one in made), None


def _tables_by_name(kind: type[Table], table: TomlTable, name: str) -> tuple[Any, str | None]:
    values = table.said[name]
    if not isinstance(values, dict) or not all(isinstance(value, dict) for value in values.values()):
        return values, "should be a table of tables"
    where = f"{table.where}{name}"
    made = {one: TomlTable(f"{where}.{cut(one)}.", value, table.wrong, table.kind) for one, value in values.items()}
    return {one: _table(kind, said) for one, said in made.items()}, None


FirstVersion = Annotated[
    int, asked("write version = 1"), Meta(title="1", extra_json_schema={"const": 1}), read_by(_first_version)
]
"""The version of a document of which there is one so far."""
