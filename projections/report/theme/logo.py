"""A city's mark: an SVG or PNG that stands in every report, and so must hold all that it shows."""

from __future__ import annotations

import re
import subprocess
import sys
import warnings
from base64 import b64decode
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote
from xml.parsers import expat

from attrs import define, field

from heinola_es.errors import BadInput
from heinola_es.files.input_files import open_regular
from projections.report.theme.logo_weight import TooMuch, Weight

if TYPE_CHECKING:
    from pathlib import Path

LIMIT_BYTES = 500_000
_PNG = b"\x89PNG\r\n\x1a\n"
_ROOT = "http://www.w3.org/2000/svg svg"
_RUN = re.compile(r"script|foreignobject|iframe|handler|listener|set|animate.*", re.IGNORECASE)
_ADDRESS = re.compile(r"url\(\s*[\"']?\s*(?P<address>[^\"')\s]*)|@import", re.IGNORECASE)
_INSIDE = re.compile(r"#|data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
_MOST_POINTS = 8_000_000
_LONGEST_ADDRESS = 100
_LONGEST_SIDE = 100_000
_NUMBER = re.compile(r"[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:e[-+]?\d++)?", re.ASCII | re.IGNORECASE)
_LONGEST_STYLES = 20_000
_MOST_LETTERS = 2_000
_SMALL_BYTES = 20_000  # what is no longer than that is drawn at once, whatever it says
_LONGEST_WAIT = 30
_DRAW = """
import sys
from contextlib import suppress
with suppress(ImportError):
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
import vl_convert
with suppress(ValueError):  # nothing will be drawn of it
    vl_convert.svg_to_png(sys.stdin.read())
"""
_NO_PICTURE = "is neither SVG nor PNG; save it as one of them"


def read_logo(path: Path) -> tuple[bytes, str]:
    """Return the mark in a file and its media type, which its content decides.

    Raises:
        BadInput: it cannot be read, is too large, is neither SVG nor PNG, or runs, moves or fetches something; the
            sentence goes on after the name of the key.
    """
    try:
        with open_regular(path) as file:
            content = file.read(LIMIT_BYTES + 1)
    except OSError as error:
        raise BadInput(f"is {path}, which cannot be read: {error.strerror}") from None
    if len(content) > LIMIT_BYTES:
        raise BadInput(f"is {path}, which has more than {LIMIT_BYTES // 1000} kB; make it smaller")
    is_png = content.startswith(_PNG)
    complaint = too_many_points(content) if is_png else _complaint(content) or _not_drawn(content)
    if complaint:
        raise BadInput(f"is {path}, which {complaint}")
    return content, "image/png" if is_png else "image/svg+xml"


def too_many_points(picture: bytes) -> str:
    """Return what is wrong with the size of a picture made of points, or an empty text; only its head is looked at."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only a mark needs it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(BytesIO(picture))
            width, height, frames = *image.size, getattr(image, "n_frames", 1)
    except Image.DecompressionBombError:
        return f"has more than {_MOST_POINTS // 1_000_000} million points; make it smaller"
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return ""  # and nothing will be drawn of it
    if width * height * frames > _MOST_POINTS:
        return f"has {width} × {height} points, more than {_MOST_POINTS // 1_000_000} million; make it smaller"
    return ""


def _decoded(address: str) -> bytes:
    try:
        return b64decode(unquote(address.partition(",")[2]))
    except ValueError:
        return b""


def _complaint(content: bytes) -> str:
    """Return what is wrong with a picture that should be SVG, or an empty text."""
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.EntityDeclHandler = reading.entity
    parser.ProcessingInstructionHandler = reading.instruction
    parser.StartElementHandler = reading.element
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(content, True)  # noqa: FBT003 - that there is no more of it
        reading.finish()
    except TooMuch as error:
        return reading.wrong or str(error)
    except (expat.ExpatError, LookupError, ValueError):
        return reading.wrong or _NO_PICTURE
    return reading.wrong


def _not_drawn(svg: bytes) -> str:
    """Return that a large picture is not drawn in time, or an empty text: it is tried, apart from this program.

    What it would cost to draw it cannot be told from what it says; and what it breaks is not to be this program.
    """
    if len(svg) <= _SMALL_BYTES:
        return ""
    command = [sys.executable, "-I", "-c", _DRAW]
    try:
        subprocess.run(command, input=svg, capture_output=True, check=True, timeout=_LONGEST_WAIT)  # noqa: S603 - of ours
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return "takes too long to draw, or cannot be drawn; simplify it"
    return ""


@define(slots=True)
class _Reading:
    """A picture on its way, and the first thing that is wrong with it."""

    wrong: str = ""
    styles: list[str] = field(factory=list)
    weight: Weight = field(factory=Weight)
    _depth: int = 0
    _in_style: bool = False
    _open_texts: int = 0
    _letters: int = 0

    def entity(self, *_told: object) -> None:
        self._complain("declares entities; save it as plain SVG")

    def instruction(self, target: str, _content: str) -> None:
        if target == "xml-stylesheet":
            self._complain("fetches a style sheet; put what it says into the file")

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 0:
            self._require_root(name, attributes)
        self._depth += 1
        local = _local(name)
        self._in_style = local.casefold() == "style"
        self._open_texts += local == "text"
        if _RUN.fullmatch(local) or any(_local(key).casefold().startswith("on") for key in attributes):
            self._complain(f"runs or moves something in <{local}>; save it as plain SVG")
        for key, value in attributes.items():
            if _local(key).casefold() in {"href", "src"}:
                self.refer(value.strip())
            self.refer(*_referred(value))
        if not self.wrong:
            self.weight.start(local, {_local(key): value for key, value in attributes.items()})

    def _require_root(self, name: str, attributes: dict[str, str]) -> None:
        if name != _ROOT:
            self._complain(_NO_PICTURE)
        said = " ".join(attributes.get(key, "") for key in ("width", "height", "viewBox"))
        if any(abs(float(number)) > _LONGEST_SIDE for number in _NUMBER.findall(said)):
            self._complain(f"says that it is more than {_LONGEST_SIDE} points wide or high; make it smaller")

    def end(self, name: str) -> None:
        self._in_style = False
        self._open_texts -= _local(name) == "text"
        if not self.wrong:
            self.weight.end()

    def finish(self) -> None:
        """Take in the style sheets, and count what there is to draw.

        Raises:
            TooMuch.
        """
        styles = "".join(self.styles)
        if len(styles) > _LONGEST_STYLES or self._letters > _MOST_LETTERS:
            self._complain("has more words or style sheets in it than a mark needs; simplify it")
        self.refer(*_referred(styles))
        if "\\" in styles:
            self._complain("has escapes in its style sheet; save it as plain SVG")
        if not self.wrong:
            self.weight.require_little(re.sub(r"/\*.*?(?:\*/|$)", "", styles, flags=re.DOTALL))

    def text(self, text: str) -> None:
        if self._in_style:
            self.styles.append(text)
        elif self._open_texts:
            self._letters += len(text)

    def refer(self, *addresses: str) -> None:
        """Take note of what is referred to."""
        for address in addresses:
            if not _INSIDE.match(address):
                self._complain(f"fetches {address[:_LONGEST_ADDRESS]!r}; put what it shows into the file")
            elif address[:1] != "#" and (complaint := too_many_points(_decoded(address))):
                self._complain(complaint)

    def _complain(self, sentence: str) -> None:
        self.wrong = self.wrong or sentence


def _referred(style: str) -> list[str]:
    return [found["address"] or found[0] for found in _ADDRESS.finditer(style)]


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
