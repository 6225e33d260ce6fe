"""What was published and when, its seal, its files; and whether the log is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import BadInput
from heinola_es.sealing.keys import load_signer
from projections.published.publications import Published, all_published, last_published
from projections.publishing import seal_of
from projections.read_models.city import city_of
from projections.web.allowed import may_see
from projections.web.asked import asked_of, short
from projections.web.pages import page
from projections.web.visit import Answer

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader
    from projections.web.visit import Site, Visit

SECONDS = len("2020-08-10T09:25:00")


def published(site: Site, visit: Visit) -> Answer:
    """Show every publication, the newest first."""
    asked = asked_of(site, visit)
    found, names, city = site.ask(
        lambda reader: (all_published(reader), reader.unit_names(), city_of(reader, reader.size()).name)
    )
    rows = [
        {
            "one": one,
            "name": names.get(one.scope, ""),
            "recorded": f"{one.recorded[:SECONDS].replace('T', ' ')}Z",
            "period": short(one.period),
            "said": {"period": short(one.period), "unit": one.unit or "", "revision": str(one.revision)},
        }
        for one in reversed(found)
    ]
    has_key, may_verify = any(map(_is_there, site.keys)), may_see(site, visit, "published_screen:verified")
    told = {"city": city, "rows": rows, "has_key": has_key, "may_verify": may_verify}
    return page(site, visit, "published.html.j2", asked, title="", **told)


def _is_there(path: object) -> bool:
    from pathlib import Path  # noqa: PLC0415 - loaded by what serves

    return Path(str(path)).is_file()


def seal(site: Site, visit: Visit) -> Answer:
    """Give the seal of a publication, signed with the key of this machine."""
    asked = asked_of(site, visit)
    revision = visit.query.get("revision", "")
    if not (revision.isascii() and revision.isdecimal() and len(revision) < 10):  # noqa: PLR2004 - more than there are
        raise BadInput("say which revision is meant")
    key = next((path for path in site.keys if _is_there(path)), None)
    if key is None:
        raise BadInput("there is no key to sign seals with on this machine; make one with `heinola keys init`")
    signer = load_signer(key)

    def question(reader: LogReader) -> Published:
        return last_published(reader, asked.period, asked.unit, int(revision))

    one = site.ask(question)
    made = site.ask(lambda reader: seal_of(reader, one))
    return Answer(made.signed_by(signer).encode(), "text/plain; charset=utf-8", file_name=made.file_name())


def verified(site: Site, visit: Visit) -> Answer:
    """Verify the whole log and every published report, where that is asked for."""
    verdict = None
    if visit.is_sent:
        from projections.verifying.likeness import examined  # noqa: PLC0415 - seldom asked for
        from projections.verifying.verification import verify  # noqa: PLC0415 - seldom asked for

        with examined(site.store, _untold) as store:
            verdict = verify(store)
    return page(site, visit, "verify.html.j2", None, title="", verdict=verdict)


def _untold(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""
