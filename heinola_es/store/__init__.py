"""The store: an append-only log of events, its Merkle tree, and where it is kept."""
