"""The JSON Schema of the snapshot, made from its classes: `docs/snapshot.schema.json`.

python -m projections.snapshot.schema > docs/snapshot.schema.json
"""

from __future__ import annotations

from projections.snapshot.canonical import canonical_json
from projections.snapshot.encoding import SCHEMA, snapshot_form


def schema_file() -> bytes:
    """Return the schema as a file (JSON Schema 2020-12); fields may be added to the format, so it lets others pass."""
    about = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        "description": "The report of a period as data. Amounts are whole cents, days inclusive, what is unknown null.",
    }
    return canonical_json(about | snapshot_form().schema())


if __name__ == "__main__":
    from heinola_es.commands.printing import hand_over

    hand_over(schema_file())
