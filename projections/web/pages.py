"""How a page is written down: its frame, the words of its language, and what every page has around its own part."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from heinola_es.languages import LANGUAGES, RECORDED_IN
from projections.report.language.words import words_in
from projections.web.asked import language_of, parts_of_year, short
from projections.web.static_files import SCRIPT, STYLES, version
from projections.web.visit import Answer
from projections.web.words import LANGUAGE_NAMES, spoken
from projections.writers.page.html import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.report.language.words import Words
    from projections.web.asked import Asked
    from projections.web.visit import Site, Visit

SCREENS = ("/", "/changes", "/log", "/published", "/round")
"""The addresses of the screens that are always at hand, in their order."""
_NAMES = {"/": "report", "/changes": "changes", "/log": "log", "/published": "published", "/round": "round"}


@cache
def _environment() -> Environment:
    loader = ChoiceLoader([PackageLoader("projections.web"), PackageLoader("projections.writers.page")])
    return environment(loader, _widths)


def _widths(of: str, value: object) -> Markup:
    """Return widths as attributes, since no style may stand in a page: of a column, and of a table in shares."""
    written = Markup(' width="{}"') if of == "share" else Markup(' data-shares="{}"')
    return written.format(value)


def page(site: Site, visit: Visit, template: str, asked: Asked | None, **told: Any) -> Answer:  # noqa: ANN401
    """Return a page.

    Args:
        site: what is served.
        visit: what is asked.
        template: of the page's own part.
        asked: what it is about; None where it is about no report.
        told: what the template tells; `title` is the page's, `status` of HTTP, `city` whose it is.
    """
    language = asked.language if asked else language_of(visit, site.language)
    words = words_in(language)
    status = told.pop("status", 200)
    screens = [(path, spoken(words)[_NAMES[path]], _address(asked, language, path)) for path in SCREENS]
    content = (
        _environment()
        .get_template(template)
        .render(
            t=spoken(words),
            say=words,
            language=language,
            languages=[(one, LANGUAGE_NAMES[one], _same(visit, one)) for one in LANGUAGES],
            screens=screens,
            here=visit.path,
            asked=asked,
            parts=_parts(asked, visit.path, words) if asked else (),
            visit=visit,
            recorded_in=site.recorded_in() if told.get("city") else RECORDED_IN,
            styles=f"/static/{STYLES}?v={version(site.theme)}",
            script=f"/static/{SCRIPT}?v={version(site.theme)}",
            **{"city": "", **told},
        )
    )
    return Answer(content.encode(), status=status)


def _address(asked: Asked | None, language: str, path: str) -> str:
    return asked.address(path) if asked else f"{path}?lang={language}"


def _same(visit: Visit, language: str) -> str:
    """Return the address of the same page in another language."""
    from urllib.parse import urlencode  # noqa: PLC0415 - loaded by what serves

    query = {name: value for name, value in visit.query.items() if value and name not in {"position", "name"}}
    return f"{visit.path}?{urlencode({**query, 'lang': language})}"


def _parts(asked: Asked, path: str, words: Words) -> list[dict[str, Any]]:
    """Return the periods that are a step away: the parts of the year, and the same of the years beside."""
    year = asked.period.year
    names = ("1–3", "4–6", "7–9", "10–12", spoken(words)["whole_year"])
    return [
        {"name": name, "address": asked.address(path, period=short(part)), "here": part == asked.period}
        for name, part in zip(names, parts_of_year(year), strict=True)
    ]


def problem(site: Site, visit: Visit, status: int, sentences: Sequence[str]) -> Answer:
    """Return the page that says what is wrong."""
    return page(site, visit, "problem.html.j2", None, title="", status=status, sentences=sentences)
