"""Which recorded words of a document stand in its own language: what is translated is not marked as the original is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, fields_dict, has

from projections.report.content.document import Bullets, Document, Paragraph, Proof, Run, Section
from projections.report.content.prose import blocks_of, plain
from projections.snapshot.translating import translated_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.report.language.words import Words
    from projections.snapshot.model import Snapshot

_LANGUAGES = {"language": ("text", "value", "title", "runs", "items"), "subject_language": ("subject",)}
"""The fields that tell a language, and those that hold what it is of."""


def marked(document: Document, snapshot: Snapshot, words: Words) -> Document:
    """Return a document in which only the words that are not translated are marked with the language they are in.

    Args:
        document: in which all recorded words are marked.
        snapshot: as it was taken, in the words that were recorded.
        words: of the document's language.
    """
    shown = frozenset(_as_shown(snapshot, words))
    if not shown:
        return document
    told: Document = _marked(document, words.content, shown)
    return evolve(told, mixed=True)


def marked_in_words(document: Document) -> Document:
    """Return a document that says in brackets of which language recorded words are: for formats that cannot tell.

    Where nothing is translated all of them are of one language, and nobody has to be told.
    """
    return _said(document, None) if document.mixed else document


def _said(told: Any, around: str | None) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(told, tuple):
        return tuple(_said(one, around) for one in told)
    if not has(type(told)) or not fields_dict(type(told)) or isinstance(told, Proof):
        return told
    language = around if isinstance(told, Document) else getattr(told, "language", None)
    changed: dict[str, Any] = {}
    for name in fields_dict(type(told)):
        value = getattr(told, name)
        if isinstance(value, tuple) or has(type(value)):
            changed[name] = _said(value, around if isinstance(told, Section) else language or around)
    if isinstance(told, Document):
        changed["subject"] = _with_mark(told.subject, told.subject_language)
    elif language and language != around:
        changed |= _with_marks(told, language)
    return evolve(told, **changed)


def _with_marks(told: Any, language: str) -> dict[str, Any]:  # noqa: ANN401 - a part of a document in a language
    if isinstance(told, Paragraph):
        return {"runs": (*told.runs, Run(_with_mark("", language)))}
    if isinstance(told, Bullets):
        return {"items": tuple((*item, Run(_with_mark("", language))) for item in told.items)}
    texts = {
        name: getattr(told, name) for name in ("text", "title", "value") if isinstance(getattr(told, name, None), str)
    }
    return {name: _with_mark(text, language) for name, text in texts.items() if text}


def _with_mark(text: str, language: str | None) -> str:
    return f"{text} ({language})" if language else text


def _as_shown(snapshot: Snapshot, words: Words) -> Iterator[str]:
    """Yield the translated texts, and pieces of them, as a document has them."""
    for text in translated_words(snapshot, words.language):
        name = plain(text)
        yield from (name, plain(text))
        yield from (_text_of(block) for block in blocks_of(text, None))
    for unit in snapshot.units:
        for one in unit.translations:
            if one.language == words.language and one.original == unit.name:
                yield f"{plain(unit.code)} {plain(one.text)}"


def _text_of(told: object) -> str:
    """Return the text of a paragraph, a list, or any piece of them."""
    if isinstance(told, Paragraph):
        return _text_of(told.runs)
    if isinstance(told, Bullets):
        return _text_of(told.items)
    if isinstance(told, tuple):
        return "".join(_text_of(one) for one in told)
    return told.text if isinstance(told, Run) else str(told)


def _marked(told: Any, content: str | None, shown: frozenset[str]) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(told, tuple):
        parts = tuple(_marked(one, content, shown) for one in told)
        return parts if any(one is not old for one, old in zip(parts, told, strict=True)) else told
    if not has(type(told)) or not fields_dict(type(told)):
        return told
    changed: dict[str, Any] = {}
    for name in fields_dict(type(told)):
        value = getattr(told, name)
        if name in _LANGUAGES and value is not None and value == content:
            texts = (_text_of(getattr(told, of)) for of in _LANGUAGES[name] if getattr(told, of, None) is not None)
            if next(texts, "") in shown:
                changed[name] = None
        elif isinstance(value, tuple) or has(type(value)):
            part = _marked(value, content, shown)
            if part is not value:
                changed[name] = part
    return evolve(told, **changed) if changed else told
