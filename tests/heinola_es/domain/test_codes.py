"""What may be a code or a name, and that nothing that stands for something else is one."""

from __future__ import annotations

from unicodedata import category, normalize

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from heinola_es.domain.codes import LONGEST_CODE, LONGEST_NAME, NoCode, require_code, require_name
from tests.city import UNITS

SENTINELS = ["*", "**", "?", "#", "#12", "-", "--unit", "@file", "=1+1", "+4", "(4)", ".", "/", "_", ",", ":", "&"]
QUOTED = [
    '"41"',
    "'41'",
    "4'1",
    "4`1",
    "41\\",
    "4;1",
    "4|1",
    "4<1",
    "4%1",
    "4$1",
    "4~1",
    "4!1",
    "[41]",
    "{41}",
    "4*1",
    "4?1",
]
UNSEEN = [
    "",
    " ",
    "\t",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "4\u200b1",
    "4\u202e1",
    "4\x1b[2J",
    "4\n1",
    "4\r1",
    "4\x001",
    "4\u00ad1",
]
BLANKS = [" 41", "41 ", "4  1", "4\t1", "4\u00a01", "4\u20281"]
GOOD = [
    "41",
    "4160",
    "HYV",
    "HYV-INV",
    "INV-1",
    "4160/2",
    "A.1",
    "Toimiala A",
    "Ä",
    "Hyvinvointi (HYV)",
    "4160_b",
    "٤١",
    "4.1-2, 3",
]


@pytest.mark.parametrize("code", [*(code for code, *_rest in UNITS), *GOOD, "x" * LONGEST_CODE])
def test_what_is_a_code(code: str) -> None:
    """Letters and digits of any script, signs and single blanks inside; every code that is in use."""
    require_code(code)


@pytest.mark.parametrize("text", [*SENTINELS, *QUOTED, *UNSEEN, *BLANKS, "x" * (LONGEST_CODE + 1), "a\u0308"])
def test_what_is_no_code(text: str) -> None:
    """What stands for something else, what a shell or a spreadsheet takes apart, what does not show."""
    with pytest.raises(NoCode) as refused:
        require_code(text)
    (_one,) = str(refused.value).splitlines()


@for_all(st.text(max_size=80))
def test_a_code_is_seen_whole_and_begins_with_a_letter_or_digit(text: str) -> None:
    """Whatever is let in: nothing unseen, no sign at its beginning, one form."""
    try:
        require_code(text)
    except NoCode:
        return
    assert text.isprintable()
    assert text == " ".join(text.split()) == normalize("NFC", text)
    assert category(text[0])[0] in "LNM"
    assert not set(text) & set("*?#@='\"`\\")


@pytest.mark.parametrize("name", ["Tutor", "*", "-", 'Hanke: "Liikkuva koulu" (2. vaihe)', "Käsi\u00adtyö", "=1+1"])
def test_what_is_a_name(name: str) -> None:
    """A name is free text."""
    require_name(name, "the project's name")


@pytest.mark.parametrize(
    "name", ["", "  ", "a\nb", "a\x1b[2J", "a\u2028b", "a\u202eb", "a\x00", "x" * (LONGEST_NAME + 1)]
)
def test_what_is_no_name(name: str) -> None:
    """Empty, on two lines, with characters that control, or without end."""
    with pytest.raises(NoCode):
        require_name(name, "the project's name")
