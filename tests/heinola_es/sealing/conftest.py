"""A key and a seal, the same in every run."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from heinola_es.domain.periods import parse_period
from heinola_es.sealing.keys import Signer
from heinola_es.sealing.seals import Seal


@pytest.fixture(scope="session")
def signer() -> Signer:
    """Give a private key, made of fixed bytes."""
    return Signer("heinola-es/heinola", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


@pytest.fixture(scope="session")
def seal() -> Seal:
    """Give what a seal of the second quarter of 2020 says."""
    return Seal(
        origin="heinola-es/heinola",
        size=533,
        root=bytes(range(32)),
        period=parse_period("2020Q2"),
        scope="*",
        revision=1,
        position=532,
        snapshot_sha256="5f" * 32,
    )
