"""A store with published reports and their seals: made once, copied for each test."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest
from attrs import frozen
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from heinola_es.domain.periods import parse_period
from heinola_es.sealing.keys import Signer
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from projections.publishing import Publisher, publish, seal_of
from projections.read_models.catching_up import catch_up
from projections.read_models.models import ALL
from projections.verifying.seals import SealFile
from tests.projections.asking import LATER
from tests.projections.audit.later import live_on
from tests.projections.conftest import SAMPLE
from tests.specification import SALT

if TYPE_CHECKING:
    from collections.abc import Callable

    from events.period import Period
    from heinola_es.sealing.notes import Verifier

LIVED_ON = 25
"""How many events follow each publication."""


@frozen
class PublishedStore:
    """A store with publications, and what was handed out with them.

    Attributes:
        path: of the store.
        seals: a seal per publication, in the order of the log.
        sizes: how many events each of them seals.
        signer: who sealed.
        size: number of events in the log.
    """

    path: Path
    seals: tuple[SealFile, ...]
    sizes: tuple[int, ...]
    signer: Signer
    size: int

    @property
    def verifier(self) -> Verifier:
        """The public side of the key."""
        return self.signer.verifier


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory, imported_once: Callable[[Path], Path]) -> PublishedStore:
    """Give a store with an interim report, three publications and events after each. It is to be copied only."""
    path = tmp_path_factory.mktemp("published") / "published.db"
    shutil.copyfile(imported_once(SAMPLE), path)
    signer = Signer("heinola-es/heinola", Ed25519PrivateKey.from_private_bytes(bytes(32)))
    chance, second = Random(2020), parse_period("2020Q2")
    with EventLog.open(str(path)) as log, LogReader.open(str(path)) as reader:
        seals = []
        for period, unit in ((second, None), (parse_period("2020Q3"), None), (second, "410")):
            seals.append(_sealed(log, reader, period, unit, signer))
            live_on(log, chance, LIVED_ON, now=LATER)
        catch_up(reader, ALL)
        size = reader.size()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files, sizes = zip(*seals, strict=True)
    return PublishedStore(path, files, sizes, signer, size)


def _sealed(log: EventLog, reader: LogReader, period: Period, unit: str | None, signer: Signer) -> tuple[SealFile, int]:
    published = publish(
        Publisher(log, reader, LATER, Request("controller"), SALT), period, unit, incomplete=True
    ).published
    seal = seal_of(reader, published)
    return SealFile(seal.file_name(), seal.signed_by(signer).encode()), seal.size


@pytest.fixture
def published(tmp_path: Path, published_once: PublishedStore) -> PublishedStore:
    """Give the published store, a copy of its own."""
    return copied(published_once, tmp_path)


def copied(store: PublishedStore, folder: Path) -> PublishedStore:
    """Return a copy of a published store in a folder."""
    path = folder / "copy.db"
    for leftover in ("-wal", "-shm"):
        Path(f"{path}{leftover}").unlink(missing_ok=True)
    shutil.copyfile(store.path, path)
    return PublishedStore(path, store.seals, store.sizes, store.signer, store.size)
