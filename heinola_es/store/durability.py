"""What a store must promise before anything is recorded in it."""

from __future__ import annotations

from heinola_es.errors import Refused


class NotDurable(Refused):
    """The database would not survive a power cut with everything it acknowledged."""
