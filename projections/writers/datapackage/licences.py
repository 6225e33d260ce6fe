"""The licences that open data can be given away under."""

from __future__ import annotations

from attrs import frozen

from heinola_es.errors import BadInput, nearest


@frozen(slots=True)
class Licence:
    """A licence.

    Attributes:
        name: its identifier, the one that SPDX and the Open Definition give it.
        title: its whole name.
        path: where its text is.
    """

    name: str
    title: str
    path: str


LICENCES = (
    Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/"),
    Licence("CC0-1.0", "Creative Commons CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
    Licence(
        "CC-BY-SA-4.0",
        "Creative Commons Attribution-ShareAlike 4.0",
        "https://creativecommons.org/licenses/by-sa/4.0/",
    ),
    Licence("ODC-BY-1.0", "Open Data Commons Attribution License 1.0", "https://opendatacommons.org/licenses/by/1-0/"),
    Licence(
        "ODC-PDDL-1.0",
        "Open Data Commons Public Domain Dedication and License 1.0",
        "https://opendatacommons.org/licenses/pddl/1-0/",
    ),
    Licence(
        "ODbL-1.0", "Open Data Commons Open Database License 1.0", "https://opendatacommons.org/licenses/odbl/1-0/"
    ),
)
DEFAULT = "CC-BY-4.0"
"""What JHS 189 recommends for the open data of Finnish public administration."""


def licence_named(name: str) -> Licence:
    """Return the licence with this name, in any case.

    Raises:
        BadInput: it is none of ours.
    """
    for licence in LICENCES:
        if licence.name.casefold() == name.strip().casefold():
            return licence
    known = [licence.name for licence in LICENCES]
    raise BadInput(f"unknown licence {name!r}{nearest(name, known)}; the licences are {', '.join(known)}")
