"""The words of pages, each by the name that templates have for it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from projections.report.language.words import msgid, words_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.report.language.words import Words

LANGUAGE_NAMES = {"fi": "suomi", "sv": "svenska", "en": "English"}

WORDS: Mapping[str, str] = {
    # around every page
    "skip": msgid("Skip to the content"),
    "screens": msgid("Pages"),
    "report": msgid("Report"),
    "changes": msgid("Changes"),
    "log": msgid("Log"),
    "published": msgid("Publications"),
    "round": msgid("Round"),
    "search": msgid("Search"),
    "language": msgid("Language"),
    "help": msgid("Help"),
    "not_possible": msgid("That cannot be shown"),
    "to_the_report": msgid("To the report"),
    "nothing": msgid("There is nothing to list."),
    # what a page is asked about
    "asked_about": msgid("What is shown"),
    "period": msgid("Period"),
    "known_at": msgid("As known at"),
    "now": msgid("now"),
    "structure": msgid("Units as of"),
    "period_end": msgid("the end of the period"),
    "columns": msgid("Columns"),
    "columns_default": msgid("of every report"),
    "columns_council": msgid("for the council"),
    "columns_compared": msgid("compared with the year before"),
    "columns_forecasts": msgid("forecasts"),
    "columns_internal": msgid("external and internal"),
    "show": msgid("Show"),
    "whole_year": msgid("Whole year"),
    # the report
    "units": msgid("Units"),
    "below": msgid("Units below"),
    "whole_city": msgid("The whole city"),
    "as_known": msgid("As it was known at"),
    "what_changed_since": msgid("What changed since"),
    "as_it_stands": msgid("As it stands now"),
    "a_level_at_a_time": msgid("Units further down are in the tree: each has a page of its own."),
    "download": msgid("Download"),
    "form_html": msgid("Page (HTML)"),
    "form_pdf": msgid("PDF"),
    "form_docx": msgid("Document (Word)"),
    "form_xlsx": msgid("Workbook (Excel)"),
    "form_md": msgid("Text (Markdown)"),
    "form_json": msgid("Data (JSON)"),
    # where a figure comes from
    "explained": msgid("Where the figure comes from"),
    "by_itself": msgid("Explain this by itself"),
    "back_to_report": msgid("Back to the report"),
    "further_down": msgid("further down"),
    "event": msgid("Event"),
    # what changed
    "since": msgid("Since"),
    "until": msgid("Until"),
    "of_what": msgid("Of what"),
    "before": msgid("Before"),
    "after": msgid("After"),
    "because_of": msgid("Because of"),
    "nothing_changed": msgid("Nothing in this report changed in that time."),
    "more_events": msgid("and {count} more"),
    "not_by_an_event": msgid("No event did it, but the program that published it."),
    # the log
    "filter": msgid("Filter"),
    "kind": msgid("Kind"),
    "who": msgid("Who"),
    "unit": msgid("Unit"),
    "text_in_source": msgid("text in the source"),
    "only_corrections": msgid("corrections alone"),
    "any": msgid("any"),
    "recorded": msgid("Recorded"),
    "about": msgid("About"),
    "what": msgid("What"),
    "effective": msgid("Effective"),
    "older": msgid("Older"),
    "newest": msgid("Newest"),
    "before_it": msgid("Before it"),
    "after_it": msgid("After it"),
    "cells_moved": msgid("Cells that it moved"),
    "looked_through": msgid("Looked through {count} events; go on further back."),
    # publications
    "revision": msgid("Revision"),
    "seal": msgid("Seal"),
    "never_published": msgid("No report was published yet."),
    "verify": msgid("Verify the log"),
    "verify_told": msgid(
        "Every event, the tree over them and every published report are worked out anew and compared."
    ),
    "verified": msgid("All is well"),
    "not_verified": msgid("Something is wrong"),
    "events_checked": msgid("Events checked"),
    "reports_checked": msgid("Published reports checked"),
    "since_then": msgid("what changed since"),
    # the round
    "no_round": msgid("No round was opened yet."),
    "due": msgid("Due"),
    "state": msgid("State"),
    "missing": msgid("Missing"),
    "days_late": msgid("Days late"),
    "fill_in": msgid("Fill in"),
    "form_of": msgid("Form of the unit"),
    "save": msgid("Record"),
    "hand_in": msgid("Record and hand in"),
    "nothing_recorded": msgid("Nothing was recorded."),
    "nothing_changed_in_form": msgid("Nothing was changed in the form."),
    "draft_kept": msgid("Your draft is kept in this browser until it is recorded."),
    "draft_restored": msgid("A draft that was not recorded yet is filled in."),
    "draft_dropped": msgid("Drop the draft"),
    "others_recorded": msgid("Others recorded something else after the page was opened"),
    "others_told": msgid("Choose what holds, and record once more."),
    "mine_holds": msgid("What I wrote holds"),
    "theirs_holds": msgid("What is recorded holds"),
    # search
    "nothing_found": msgid("Nothing was found."),
    "search_told": msgid("Names of units, goals, projects and texts."),
    "goal": msgid("Goal"),
    "project": msgid("Project"),
    "text": msgid("Text"),
    # help
    "keys": msgid("Keys"),
    "key_search": msgid("go to the search"),
    "key_help": msgid("show this page"),
    "key_arrows": msgid("go through the tree of units; right opens, left closes"),
    "key_period": msgid("to the year before, and after"),
    "periods_written": msgid("Periods are written as people write them"),
    "moments_written": msgid("A moment is a day, a time, or what was published"),
    "every_number": msgid("Every number is a link to where it comes from."),
    "addresses_kept": msgid("Every page has an address that can be kept and sent."),
}


@cache
def _spoken(language: str) -> dict[str, str]:
    catalogue = words_in(language).texts
    return {name: catalogue.get(text, (text,))[0] for name, text in WORDS.items()}


def spoken(words: Words) -> dict[str, str]:
    """Return the words of pages in a language, by their names."""
    return _spoken(words.language)
