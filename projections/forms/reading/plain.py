"""A form that was filled in as TOML or JSON. What it leaves out is left as it was; an empty text empties."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from heinola_es.errors import BadInput, nearest
from heinola_es.files.input_files import read_bounded
from heinola_es.files.toml_tables import toml_in
from heinola_es.importing.files import utf8_name
from projections.forms.filled import FilledForm
from projections.forms.identity import NoForm, decode
from projections.forms.model import ACTOR, FIELDS, IDENTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_LIMIT_BYTES = 10_000_000
_KNOWN_OF_UNIT = frozenset({"code", "name", *FIELDS})
_DEFAULTS = {"programme": "", "part": "1", "measured_in": ""}


def read_plain(path: Path) -> FilledForm:
    """Return a form as it was filled in, with what is wrong with it.

    Raises:
        BadInput: it cannot be read, or is no form.
    """
    try:
        text = read_bounded(path, _LIMIT_BYTES, "a form is some pages, check the file").decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path.name} is not UTF-8 text; save it as UTF-8") from None
    return read_text(text, utf8_name(path.name), toml=path.suffix.lower() == ".toml")


def read_text(text: str, name: str, *, toml: bool) -> FilledForm:
    """Return the form that a text is.

    Raises:
        BadInput: it is no TOML, or no JSON, or no form.
    """
    document: Any
    try:
        if toml:
            document = toml_in(text.replace("\r\n", "\n"), name, kind="a form", parse_float=Decimal)
        else:
            document = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{name} is not JSON: {error}; mend it there") from None
    if not isinstance(document, dict) or not isinstance(document.get("form"), dict):
        raise NoForm(f"{name}: it is no form of `heinola form`; what it says of itself, [form], is not there")
    hidden = decode(json.dumps(document.pop("form")), (), name)
    form = FilledForm(name, hidden.identity)
    actor = document.pop("actor", "")
    if isinstance(actor, str):
        form.take("actor", "", ACTOR, actor)
    units = document.pop("unit", [])
    for key in document:
        form.wrong.append(f"{key[:40]} is no part of a form; remove it")
    if not (isinstance(units, list) and all(isinstance(unit, dict) for unit in units)):
        form.wrong.append("unit should be a list of tables")
        return form
    for number, unit in enumerate(units, 1):
        _take_unit(form, f"unit[{number}]", unit)
    return form


def _take_unit(form: FilledForm, where: str, unit: Mapping[str, Any]) -> None:
    code = unit.get("code")
    if not isinstance(code, str) or code not in form.identity.units:
        form.wrong.append(f"{where}: unit {code!r} is none of this form; it is of {', '.join(form.identity.units)}")
        return
    for section, rows in unit.items():
        if section not in _KNOWN_OF_UNIT:
            form.wrong.append(f"{where}: {section[:40]} is no section of a form{nearest(section, FIELDS)}; remove it")
        elif section in FIELDS:
            tables = rows if isinstance(rows, list) else [rows]
            for number, row in enumerate(tables, 1):
                _take_row(form, f"{where}.{section}[{number}]", (code, section), row)


def _take_row(form: FilledForm, where: str, of: tuple[str, str], row: Any) -> None:  # noqa: ANN401 - whatever it is
    code, section = of
    if not isinstance(row, dict):
        form.wrong.append(f"{where} should be a table")
        return
    told = _DEFAULTS | {name: _text(value) for name, value in row.items()}
    missing = [name for name in IDENTS[section] if name not in told]
    if missing:
        form.wrong.append(f"{where}: {missing[0]} is missing, which tells the rows apart")
        return
    ident = [told[name] for name in IDENTS[section]]
    if section in {"priority", "narrative"} and not ident[-1].isdecimal():
        form.wrong.append(f"{where}: {ident[-1][:40]!r} is no number of a list; number from 1")
        return
    for name in row:
        if name in FIELDS[section]:
            form.take(f"{where}.{name}", code, (section, *ident, name), told[name])
        elif name not in IDENTS[section]:
            meant = nearest(name, FIELDS[section])
            form.wrong.append(f"{where}: {name[:40]} is no field of {section}{meant}; remove it")


def _text(value: Any) -> str:  # noqa: ANN401 - a text, or a number
    return f"{value:f}" if isinstance(value, Decimal) else "" if value is None else str(value)
