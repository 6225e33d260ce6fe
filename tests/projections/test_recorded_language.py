"""The language that a city records its words in: what marks what a report falls back on, and what is stale."""

from __future__ import annotations

import json
import re
import zipfile
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

import openpyxl
import pikepdf
import pytest

from events.city import CityNamed
from tests.projections.web.served import served
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

SWEDISH = (
    "init --city Pargas",
    "record city Pargas --recorded-in sv",
    "record unit 10 Bildning --on 1.1.2020",
    "record unit 20 Teknik --on 1.1.2020",
    "record rename 10 --lang fi Sivistys",
    "record actual 10 fees 1-6/2020 100",
    "record actual 20 fees 1-6/2020 100",
    'record narrative 10 2020Q1 Utfall "Läget."',
    'record narrative 10 2020Q2 Utfall "Skolorna var stängda."',
)


@pytest.fixture
def pargas(tmp_path: Path) -> Terminal:
    """Give a terminal at the store of a city that records its words in Swedish, and has one name in Finnish."""
    terminal = Terminal(tmp_path / "pargas.db")
    for line in SWEDISH:
        assert terminal.run(line).exit_code == 0, line
    return terminal


def marked(terminal: Terminal, path: Path, language: str) -> dict[str, set[str]]:
    """Return the words of a page that are marked with a language, by language, without those of the whole page."""
    assert terminal.run(f"report 2020Q2 --lang {language} -o {path}").exit_code == 0
    found: dict[str, set[str]] = {}
    for tongue, text in re.findall(r'<(?!html)\w+[^>]* lang="(\w\w)"[^>]*>([^<]+)', path.read_text("utf-8")):
        found.setdefault(tongue, set()).add(text.replace("\N{NO-BREAK SPACE}", " ").strip())
    return found


def test_what_a_report_falls_back_on_is_marked_with_its_own_language(pargas: Terminal, tmp_path: Path) -> None:
    """In a Finnish report of a Swedish city what is not translated is Swedish; in a Swedish one nothing is foreign."""
    page = tmp_path / "r.html"
    assert marked(pargas, page, "sv") == {}
    in_finnish = marked(pargas, page, "fi")
    assert in_finnish.keys() == {"sv"}
    assert "Skolorna var stängda." in in_finnish["sv"]
    assert any("Teknik" in text for text in in_finnish["sv"])
    assert not any("Sivistys" in text or "Bildning" in text for text in in_finnish["sv"])
    assert json.loads(pargas.done("snapshot 2020Q2 --format json"))["recorded_in"] == "sv"


def test_a_city_that_says_nothing_records_in_finnish(pargas: Terminal, tmp_path: Path) -> None:
    """As all stores did before it could be said; a name alone leaves the language, and undoing gives it back."""
    page = tmp_path / "r.html"
    pargas.done("record city Parainen --code 445")
    assert [event.recorded_in for event in pargas.events() if isinstance(event, CityNamed)] == ["sv", "sv"]
    assert "the city is called Parainen already" in pargas.run("record city Parainen --recorded-in sv").stderr
    pargas.done("undo '#10' --reason virhe")
    pargas.done("undo '#2' --reason virhe")
    assert "recorded_in" not in json.loads(pargas.done("snapshot 2020Q2 --format json"))
    assert marked(pargas, page, "fi") == {}
    assert marked(pargas, page, "sv").keys() == {"fi"}
    assert "is not one of" in pargas.run("record city Parainen --recorded-in de").stderr


@pytest.mark.parametrize("language", ["fi", "en"])
def test_a_word_document_tells_the_language_of_what_it_falls_back_on(
    pargas: Terminal, tmp_path: Path, language: str
) -> None:
    """By the language of its runs: Swedish where it is not translated, and never where it is."""
    assert pargas.run(f"report 2020Q2 --lang {language} -o {tmp_path}/r.docx").exit_code == 0
    with zipfile.ZipFile(tmp_path / "r.docx") as package:
        body = package.read("word/document.xml").decode()
    runs = re.findall(r"<w:r>(.*?)</w:r>", body, re.DOTALL)
    swedish = "".join(re.sub(r"<[^>]+>", "", run) for run in runs if re.search(r'<w:lang [^>]*w:val="sv', run))
    other = "".join(re.sub(r"<[^>]+>", "", run) for run in runs if not re.search(r'<w:lang [^>]*w:val="sv', run))
    assert "Skolorna var stängda." in swedish
    assert "Teknik" in swedish
    assert ("Bildning" in swedish) == (language == "en")
    assert "stängda" not in other


def test_a_pdf_tells_the_language_of_what_it_falls_back_on(pargas: Terminal, tmp_path: Path) -> None:
    """In its structure, beside the language of the whole document."""
    assert pargas.run(f"report 2020Q2 --lang fi -o {tmp_path}/r.pdf").exit_code == 0
    with pikepdf.open(tmp_path / "r.pdf") as pdf:
        assert str(pdf.Root.Lang).startswith("fi")
        told = {
            str(one.Lang)[:2]
            for one in pdf.objects
            if isinstance(one, pikepdf.Dictionary) and "/S" in one and "/Lang" in one
        }
    assert "sv" in told
    assert told <= {"sv", "fi"}


def test_the_board_and_the_reminders_are_in_the_language_of_who_reads(pargas: Terminal, tmp_path: Path) -> None:
    """Names and sections as they are translated; what is not, on a page, is marked. Machines get what was recorded."""
    pargas.done("record translation --unit 10 --lang fi Utfall Toteuma")
    assert pargas.run("round open 2020Q3 --due 31.10.2020").exit_code == 0
    assert "Sivistys" in pargas.done("round status --lang fi")
    assert "Toteuma" in pargas.done("round status --lang fi")
    assert "Bildning" in pargas.done("round status --lang sv")
    page = pargas.done("round status --format html --lang fi")
    assert '<span lang="sv">Teknik</span>' in page
    assert '<th scope="row">Sivistys<' in page
    rows: list[dict[str, Any]] = json.loads(pargas.done("round status --format json --lang fi"))
    assert [row["name"] for row in rows] == ["Bildning", "Teknik"]
    assert pargas.run(f"round remind -o {tmp_path}/mail --lang fi").exit_code == 0
    (mail,) = (path for path in (tmp_path / "mail").iterdir() if "-10" in path.name)
    message = message_from_bytes(mail.read_bytes(), policy=default)
    assert "Sivistys" in message["Subject"]
    said = message.get_body()
    assert said is not None
    assert "Toteuma" in said.get_content()


def stale(terminal: Terminal, period: str = "2020Q2") -> list[tuple[str, str, str, int]]:
    """Return the translations that a snapshot finds to be older than what they translate."""
    found = json.loads(terminal.run(f"snapshot {period} --format json").stdout)["findings"]
    told = [one for one in found if one["code"] == "translation_stale"]
    return [(one["unit"], *(one["parameters"][name] for name in ("words", "language", "texts"))) for one in told]


def test_words_that_were_changed_after_they_were_translated_are_found(pargas: Terminal) -> None:
    """Until they are translated again: a text, a name; what nobody ever translated is no finding, nor another text."""
    pargas.done('record translation --unit 10 --lang fi "Skolorna var" "Koulut olivat kiinni."')
    assert stale(pargas) == []
    pargas.done('record narrative 10 2020Q2 Utfall "Skolorna var öppna."')
    assert stale(pargas) == [("10", "Skolorna var öppna.", "fi", 1)]
    assert stale(pargas, "2020Q1") == []
    pargas.done("record rename 10 Utbildning --on 1.4.2020")
    assert stale(pargas) == [("10", "Utbildning", "fi", 2)]
    told = pargas.run("snapshot 2020Q2 --lang sv").stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert "har ändrats efter att den översattes" in " ".join(told.split())
    pargas.done("record rename 10 --lang fi Koulutus")
    pargas.done('record translation --unit 10 --lang fi "Skolorna var öppna" "Koulut olivat auki."')
    assert stale(pargas) == []


def test_formats_that_cannot_tell_a_language_say_it_in_brackets(pargas: Terminal, tmp_path: Path) -> None:
    """In Markdown and in a workbook, where some words are translated and others are not; else nothing is mixed."""
    for form in ("md", "xlsx"):
        for language in ("fi", "sv"):
            assert pargas.run(f"report 2020Q2 --lang {language} -o {tmp_path}/{language}.{form}").exit_code == 0
            checked = pargas.run(f"audit check-document {tmp_path}/{language}.{form}")
            assert checked.exit_code == 0, checked.output
    texts = {
        language: (tmp_path / f"{language}.md").read_text("utf-8").partition("<!--")[0] for language in ("fi", "sv")
    }
    assert "Skolorna var stängda. (sv)" in texts["fi"]
    assert "## 20 Teknik (sv)" in texts["fi"].replace("\N{NO-BREAK SPACE}", " ")
    assert "Sivistys (" not in texts["fi"]
    assert "(sv)" not in texts["sv"]
    book = openpyxl.load_workbook(tmp_path / "fi.xlsx")
    told = {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value}
    assert any(text.endswith("stängda. (sv)") for text in told)
    pargas.done("undo '#5' --reason virhe")
    assert pargas.run(f"report 2020Q2 --lang fi -o {tmp_path}/fi.md").exit_code == 0
    assert "(sv)" not in (tmp_path / "fi.md").read_text("utf-8").partition("<!--")[0]


def test_a_page_marks_names_with_the_language_they_are_recorded_in(pargas: Terminal, tmp_path: Path) -> None:
    """Of a city that records them in Swedish none is said to be Finnish."""
    with served(pargas.location, tmp_path) as visitor:
        page = visitor.opened().get("/?period=2020Q2&lang=en").text
    assert 'lang="sv"' in page
    assert not re.search(r'(?<!href)lang="fi"(?! hreflang)', page)  # but for the choice of the page's own language
