"""What people call the words of the language: statuses of goals and kinds of units, in Finnish and Swedish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import BadInput, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

STATUSES: Mapping[str, Sequence[str]] = {
    "not_started": ("ei aloitettu", "inte inlett"),
    "in_progress": ("käynnissä", "pågår"),
    "achieved": ("toteutunut", "uppnått"),
    "delayed": ("viivästynyt", "försenat"),
    "not_achieved": ("ei toteutunut", "inte uppnått"),
    "suspended": ("keskeytetty", "avbrutet"),
}
"""What reports call the statuses of goals."""
KINDS: Mapping[str, Sequence[str]] = {
    "city": ("kaupunki", "kunta", "stad", "kommun"),
    "sector": ("toimiala", "sektor", "verksamhetsområde"),
    "service_area": ("palvelualue", "serviceområde"),
    "unit": ("tulosyksikkö", "yksikkö", "resultatenhet", "enhet"),
    "investment_programme": ("investointiohjelma", "investeringsprogram"),
    "investment_area": ("investointialue", "investeringsområde"),
    "investment_item": ("investointikohde", "investeringsobjekt"),
}
"""What people call the kinds of units."""
_SHOWN = 40  # characters of what cannot be read


def word_of(text: str, name: str, words: Sequence[str], labels: Mapping[str, Sequence[str]]) -> str:
    """Return the word of the language that a text means; `in-progress` and `In progress` are `in_progress`.

    Args:
        text: as people write it.
        name: what the words are, e.g. `status`.
        words: those of the language.
        labels: what reports call them, in small letters; each is as good as the word.

    Raises:
        BadInput: it is none of them; the sentence lists them.
    """
    word = text.strip().casefold().replace("-", "_").replace(" ", "_")
    called = {label.replace(" ", "_"): of for of, said in labels.items() for label in said}
    if word not in words and word not in called:
        known = [f"{of} ({', '.join(labels[of])})" if of in labels else of for of in words]
        meant = nearest(word, words)
        raise BadInput(f"unknown {name} {text[:_SHOWN]!r}{meant}; it is one of {', '.join(known)}")
    return called.get(word, word)
