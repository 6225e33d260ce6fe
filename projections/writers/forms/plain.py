"""A form as TOML, for `$EDITOR`, and as JSON, for programs: the same keys, with what is recorded in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from heinola_es.inert import inert_toml
from projections.forms.identity import encode
from projections.forms.model import IDENTS, Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.forms.model import Form, Row, Section, UnitForm

FORM, ACTOR, UNITS = "form", "actor", "unit"


def form_json(form: Form) -> bytes:
    """Return a form as JSON; statuses and numbers as programs write them, and nothing but what can be filled in."""
    units = [_unit(unit) for unit in form.units]
    document = {FORM: _identity(form), ACTOR: "", UNITS: units}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def form_toml(form: Form) -> bytes:
    """Return a form as TOML, with what is to be read beside in comments."""
    return inert_toml("\n".join(_lines(form)) + "\n").encode()


def _identity(form: Form) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(encode(form.identity, ()))
    return told


def _unit(unit: UnitForm) -> dict[str, Any]:
    told: dict[str, Any] = {"code": unit.code, "name": unit.name}
    for section in unit.sections:
        rows = [_row(section, row) for row in section.rows if row.entries]
        if rows:
            told[section.name] = rows
    return told


def _row(section: Section, row: Row) -> dict[str, str]:
    ident = dict(zip(IDENTS[section.name], row.entries[0].key[1:-1], strict=True))
    return ident | {entry.key[-1]: entry.value for entry in row.entries}


# ---------------------------------------------------------------- TOML


def _lines(form: Form) -> Iterator[str]:
    yield from _comment(f"{form.words.title} · {form.identity.city}")
    for sentence in form.words.in_an_editor:
        yield from _comment(sentence)
    yield ""
    yield from _comment(form.words.actor)
    yield f"{ACTOR} = {_string('')}"
    for unit in form.units:
        yield from ("", f"[[{UNITS}]]  # {_in_a_comment(unit.title)}", f"code = {_string(unit.code)}")
        for section in unit.sections:
            yield from _section(section)
    yield from ("", f"[{FORM}]")
    for name, value in _identity(form).items():
        yield f"{name} = {_value(value)}"


def _section(section: Section) -> Iterator[str]:
    yield from ("", *_comment(f"——— {section.title} ———"))
    if section.hint:
        yield from _comment(section.hint)
    for row in section.rows:
        if not row.entries:
            shown = [f"{column.title}: {cell}" for column, cell in zip(section.columns, row.cells, strict=True) if cell]
            yield from _comment("  ".join(shown))
            continue
        yield from ("", f"[[{UNITS}.{section.name}]]")
        for name, value in zip(IDENTS[section.name], row.entries[0].key[1:-1], strict=True):
            yield f"{name} = {_string(value)}"
        for column, cell in zip(section.columns, row.cells, strict=True):
            if not isinstance(cell, Entry):
                yield from _comment(f"{column.title}: {cell}") if cell else ()
                continue
            choices = f" ({', '.join(cell.choices)})" if cell.choices else ""
            yield from _comment(f"{cell.label}{' *' if cell.required else ''}{choices}")
            yield f"{cell.key[-1]} = {_string(cell.shown)}"


def _comment(text: str) -> Iterator[str]:
    yield from (f"# {_in_a_comment(line)}".rstrip() for line in text.splitlines())


def _in_a_comment(text: str) -> str:
    return "".join(sign if sign >= " " and sign != "\x7f" else " " for sign in text)


def _value(value: Any) -> str:  # noqa: ANN401 - a text, a number or a list of texts
    if isinstance(value, list):
        return f"[{', '.join(map(_string, value))}]"
    return str(value) if isinstance(value, int) else _string(value)


def _string(text: str) -> str:
    """Return a text as TOML writes it; one of several lines over several."""
    escaped = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    if "\n" not in text:
        return escaped
    return '"""\n' + escaped[1:-1].replace("\\n", "\n") + '"""'
