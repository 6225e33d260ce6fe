"""Verifying a lake: every file, every event and the root over them, and seals against that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.lake.columns import arrow, bodies_of, leaves_of, table_of, year_of
from heinola_es.lake.manifest import NAME, LakeDamaged, folders_in, manifest_in
from heinola_es.lake.reading import opened, rows_in
from heinola_es.sealing.seals import origin_of
from heinola_es.store.bodies import UnknownEvent, UnreadableEvent, require_known
from heinola_es.store.leaves import roots_at
from heinola_es.store.merkle import EMPTY_ROOT, HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from heinola_es.lake.manifest import Manifest, PartFile
    from heinola_es.sealing.seals import Seal
    from heinola_es.store.reading import Row

_NAMING = frozenset({"StoreInitialised", "CityNamed"})
"""Kinds of events that say what the city is called."""


def verified(lake: Path, seals: dict[str, Seal]) -> tuple[list[Manifest], list[str]]:
    """Return what a lake holds, and what is wrong with it, in sentences.

    Args:
        lake: its folder.
        seals: of reports of its cities, by the name of their file; each must be of a log that is here.

    Raises:
        BadInput: it is no lake.
    """
    found: list[Manifest] = []
    problems: list[str] = []
    matched: set[str] = set()
    for folder in folders_in(lake):
        try:
            manifest = manifest_in(folder)
        except LakeDamaged as error:
            problems.append(str(error))
            continue
        found.append(manifest)
        ours = {name: seal for name, seal in seals.items() if seal.origin == origin_of(manifest.city)}
        matched |= ours.keys()
        problems += _problems_of(folder, manifest, ours)
    problems += [f"seal {name}: no city of the lake is that of {seals[name].origin}" for name in seals.keys() - matched]
    return found, problems


def _problems_of(folder: Path, manifest: Manifest, seals: dict[str, Seal]) -> Iterator[str]:
    """Yield what is wrong with a city of a lake."""
    named = {part.name for part in manifest.files}
    for path in sorted(folder.rglob("*.parquet")):
        if path.relative_to(folder).as_posix() not in named:
            yield f"{path} is named by no manifest: it was added, or an interrupted write left it"
    if len(named) < len(manifest.files):
        yield f"{folder / NAME} names a file twice"
    leaves = bytearray(manifest.size * HASH_BYTES)
    there = bytearray(manifest.size)
    whole, called = True, set[str]()
    for part in manifest.files:
        try:
            called |= _take_in(folder, part, leaves, there)
        except LakeDamaged as error:
            whole = False
            yield f"{error}; it holds events {part.first}–{part.last}"
    if not whole:
        return
    if 0 in there:
        yield f"{folder} lacks event {there.index(0) + 1}"
        return
    if called and manifest.city not in called:
        yield f"{folder / NAME} calls the city {manifest.city!r}, and its log {min(called)!r}"
    yield from _problems_of_tree(folder, manifest, leaves, seals)


def _take_in(folder: Path, part: PartFile, leaves: bytearray, there: bytearray) -> set[str]:
    """Put the leaf hashes of a file's events where they belong; return what they call the city.

    Raises:
        LakeDamaged: the file, a column of it or an event is not as it was written, or not known here.
    """
    path = folder / part.name
    pa = arrow()
    try:
        table = opened(folder, part).read()
        rows = list(rows_in(table))
        bodies, hashed = bodies_of(rows), leaves_of(rows)
        odd = [row[0] for row, body in zip(rows, bodies, strict=True) if year_of(body) != part.year]
        same = table_of(rows, bodies, hashed).equals(table.replace_schema_metadata(None))
    except (pa.ArrowException, KeyError, ValueError, TypeError) as error:
        raise LakeDamaged(f"{path} is not as a lake's files are written ({error})") from error
    if odd:
        raise LakeDamaged(f"{path} holds event {odd[0]}, which is not of its year")
    if not same:
        raise LakeDamaged(f"{path} has a column that does not say what its events say")
    if len(rows) != part.events or [row[0] for row in (rows[0], rows[-1])] != [part.first, part.last]:
        raise LakeDamaged(f"{path} does not hold the events that the manifest says")
    _require_known(path, rows)
    for row, leaf in zip(rows, hashed, strict=True):
        at = row[0] - 1
        if not 0 <= at < len(there) or there[at]:
            raise LakeDamaged(f"{path} holds event {row[0]}, which is there already or beyond the log")
        there[at] = 1
        leaves[at * HASH_BYTES : (at + 1) * HASH_BYTES] = leaf
    return {str(body.get("city")) for row, body in zip(rows, bodies, strict=True) if row[3] in _NAMING}


def _require_known(path: Path, rows: Iterable[Row]) -> None:
    try:
        for row in rows:
            require_known(row)
    except (UnknownEvent, UnreadableEvent) as error:
        raise LakeDamaged(f"{path}: {error}") from error


def _problems_of_tree(folder: Path, manifest: Manifest, leaves: bytearray, seals: dict[str, Seal]) -> Iterator[str]:
    sizes = {manifest.size, *(seal.size for seal in seals.values())}
    roots = roots_at(_parted(leaves), sizes) | {0: EMPTY_ROOT}
    if roots.get(manifest.size) != manifest.root:
        yield f"{folder}: the root over its events is not the one that its manifest says"
    for name, seal in seals.items():
        if seal.size > manifest.size:
            yield f"seal {name} is over {seal.size} events, and the lake holds {manifest.size}: write the store again"
        elif roots[seal.size] != seal.root:
            yield f"seal {name}: {folder} does not hold the log that was sealed, its first {seal.size} events differ"


def _parted(leaves: bytearray) -> Iterator[bytes]:
    return (bytes(leaves[at : at + HASH_BYTES]) for at in range(0, len(leaves), HASH_BYTES))
