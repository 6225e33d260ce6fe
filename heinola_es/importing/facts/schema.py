"""The JSON Schema of facts, made of their definition: what a line of a JSON Lines file may say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from heinola_es.importing.facts.kinds import EVERY, KINDS

if TYPE_CHECKING:
    from heinola_es.importing.facts.kinds import Kind

FACT = "fact"
"""The key that says of which kind a fact is."""


def schema() -> dict[str, Any]:
    """Return the schema of a fact, as a line of a JSON Lines file has it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://heinola-es.example/facts.schema.json",
        "title": "A fact",
        "description": (
            "A line of a file that `heinola import facts` takes. In TOML the same keys stand under [[goal]], [[unit]] "
            "and so on, in CSV in columns, with the kind in the column fact."
        ),
        "oneOf": [{"$ref": f"#/$defs/{kind.name}"} for kind in KINDS],
        "$defs": {kind.name: _of_kind(kind) for kind in KINDS},
    }


def written() -> str:
    """Return the schema as the file `docs/facts.schema.json` has it."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _of_kind(kind: Kind) -> dict[str, Any]:
    keys = (*kind.keys, *EVERY)
    return {
        "description": kind.about,
        "type": "object",
        "additionalProperties": False,
        "required": [FACT, *(key.name for key in keys if key.required)],
        "properties": {
            FACT: {"const": kind.name},
            **{key.name: {"description": f"{key.about} Is {key.value.words}.", **key.value.schema} for key in keys},
        },
    }
