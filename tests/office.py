"""LibreOffice for the tests: opens a file that the product wrote, as a reader's own program would."""

from __future__ import annotations

import subprocess
import tempfile
from typing import TYPE_CHECKING

from tests.programs import program

if TYPE_CHECKING:
    from pathlib import Path

CONVERTING_SECONDS = 180
ABOUT_THE_MACHINE = {"Warning: failed to launch javaldx - java may not function correctly"}
"""What LibreOffice says where it has no Java, whatever it opens."""


def convert(path: Path, to: str) -> Path:
    """Return the file that LibreOffice makes of `path`, in a folder `converted` beside it.

    It runs with a profile of its own, so that neither a person's settings nor another test's window matter.

    Args:
        path: a document or a workbook.
        to: what it becomes: an ending, with a filter's name where there are several: `pdf`, `txt:Text`, `ods`.

    Raises:
        AssertionError: LibreOffice warned, complained, or made nothing.
    """
    office = program("soffice", title="LibreOffice", package="libreoffice")
    folder = path.parent / "converted"
    folder.mkdir(exist_ok=True)
    made = folder / f"{path.stem}.{to.partition(':')[0]}"
    made.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="office-") as profile:
        said = subprocess.run(
            [
                *(office, "--headless", "--norestore", f"-env:UserInstallation=file://{profile}"),
                *("--convert-to", to, "--outdir", str(folder), str(path)),
            ],
            capture_output=True,
            text=True,
            timeout=CONVERTING_SECONDS,
            check=False,
        )
    complaints = [line for line in said.stderr.splitlines() if line not in ABOUT_THE_MACHINE]
    assert (said.returncode, complaints) == (0, []), complaints
    (told,) = said.stdout.splitlines()
    assert told.startswith(f"convert {path} "), told
    assert made.is_file(), f"LibreOffice made no {made.name}"
    return made
