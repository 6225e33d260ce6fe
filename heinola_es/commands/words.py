"""Longer texts: given on the command line, from a file, from the standard input, or written in an editor."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from attrs import frozen

from heinola_es.commands.printing import on_terminal
from heinola_es.errors import BadInput
from heinola_es.files.input_files import read_bounded, read_standard_input

LIMIT_BYTES = 1_000_000
_WHAT = "a text of a report is some pages, check what it is"
_STANDARD_INPUT = "-"
_BELOW = "# Write {subject} above this line. What stands below it is left out.\n"


@frozen(slots=True)
class Words:
    """A text as the command line gives it.

    Attributes:
        subject: what the text is, e.g. `the outlook`.
        text: the text itself, `-` for the standard input, or None.
        file: the file it is in, `-` for the standard input, or None.
    """

    subject: str
    text: str | None
    file: str | None

    def given(self) -> str | None:
        """Return the text that was given, or None where none was.

        Raises:
            BadInput: it was given twice, is empty, or its file cannot be read.
        """
        if self.text is not None and self.file is not None:
            raise BadInput(f"{self.subject} is given twice; give it as TEXT or with --text-file")
        source = self.text if self.file is None else self.file
        if source == _STANDARD_INPUT:
            return self._required(_read_standard_input())
        if self.file is not None:
            return self._required(_read(Path(self.file)))
        return None if self.text is None else self._required(self.text)

    def written(self, last: str = "") -> str:
        """Return the text that is written in the editor now, which opens with the last version of it.

        Raises:
            BadInput: there is no terminal to write at, nothing was written, or the last version was left as it is.
        """
        try:
            written = click.edit(f"{last}\n{self._below()}", require_save=True)
        except UnicodeDecodeError as error:
            raise BadInput(f"what was written of {self.subject} is not UTF-8 text; save it as UTF-8") from error
        except ValueError as error:  # a quotation mark of $EDITOR that is not closed
            raise BadInput(f"there is no such editor ({error}); check EDITOR, or give the text as TEXT") from error
        if written is None and last:
            raise BadInput(f"{self.subject} was left as it is; nothing was recorded")
        text = self._required((written or "").partition(self._below())[0])
        if text.rstrip() == last.rstrip():
            raise BadInput(f"{self.subject} was left as it is; nothing was recorded")
        return text.rstrip()

    def require_editor(self) -> None:
        """Refuse to wait for an editor where nobody sits at a terminal.

        Raises:
            BadInput.
        """
        if not on_terminal(sys.stdin):
            raise BadInput(f"{self.subject} is missing; give it as TEXT, with --text-file FILE, or - to read it")

    def _below(self) -> str:
        return _BELOW.format(subject=self.subject)

    def _required(self, text: str) -> str:
        if not text.strip():
            raise BadInput(f"{self.subject} is empty; nothing was recorded")
        return text.strip("\n")


def _read_standard_input() -> str:
    try:
        return _decoded(read_standard_input(LIMIT_BYTES, _WHAT), "the standard input")
    except OSError as error:
        raise BadInput(f"cannot read the standard input: {error.strerror}; give the text with --text-file") from error


def _read(path: Path) -> str:
    try:
        return _decoded(read_bounded(path, LIMIT_BYTES, _WHAT), str(path))
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror}; check --text-file") from error


def _decoded(text: bytes, where: str) -> str:
    try:
        return text.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise BadInput(f"{where} is not UTF-8 text; save it as UTF-8") from error
