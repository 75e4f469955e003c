"""The briefing of a city over its districts: monthly or of a week, by the engine of every other.

Its figures are those of the city's page, told by :mod:`faiwatch.ledger.city.told`; its words are a
template (``standard/city.zh.txt``) that an office may edit. Method: ``docs/methods/city.md``.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd

from faiwatch.briefing import html
from faiwatch.briefing.files import PageWithFiles, city_files
from faiwatch.briefing.html import Download
from faiwatch.briefing.lists import day_words
from faiwatch.briefing.plain import briefing_text
from faiwatch.briefing.record import Briefing
from faiwatch.briefing.template import fill, own_template, standard_template
from faiwatch.core.text import LANGUAGES, NOTHING, window_name
from faiwatch.ledger.city.book import City
from faiwatch.ledger.city.page import CityPage
from faiwatch.ledger.city.told import told_findings
from faiwatch.page.shown import Block
from faiwatch.view.tables import Table
from faiwatch.view.tables import city as tables

_OF_THE_RANK = {
    *("rank", "district", "ytd_yoy_pct", "change_month_pp", "city_gap_pp", "target_gap_pp"),
    "negative_ytd",
}


def city_briefing(
    city: City, *, since: datetime.date | None = None, template: Path | None = None
) -> Briefing:
    """Return the briefing of a city, in both languages.

    Parameters
    ----------
    city : City
        As :func:`faiwatch.city` returns it.
    since : date, optional
        Day of the last briefing: then it has a part on what happened since.
    template : Path, optional
        A template of one's own, in the language of the city; ours in the other.

    Raises
    ------
    DataMissingError, ParameterError
        The template cannot be read, or is broken.
    """
    findings = told_findings(city, since=since)
    documents = {}
    for lang in LANGUAGES:
        source = standard_template("city", lang)
        if template is not None and lang == city.lang:
            source = own_template(template)
        words = {
            "region": city.region.name.in_language(lang),
            "window": window_name(city.month, lang),
            "day": day_words(pd.Timestamp(city.inputs.day), with_year=True).in_language(lang),
            "since": "" if since is None else day_words(pd.Timestamp(since)).in_language(lang),
            "has_week": since is not None,
            "has_ledgers": "ledger_lagging" in city.findings,
        }
        ranking = tables.rank_table(city.standing, lang=lang, note=NOTHING)
        kept = {name: one for name, one in ranking.columns.items() if name in _OF_THE_RANK}
        attached = {
            "ranking": Table(ranking.frame, ranking.title, kept, lang).where_known(),
            "summons": tables.summons_table(city.summons, lang=lang, note=NOTHING),
        }
        documents[lang] = fill(source, findings, words, lang, attached)
    return Briefing(
        region=city.region,
        as_of=city.month,
        source=city.known.source_words([city.region.code, *city.districts]),
        findings=findings,
        documents=documents,
        form="report",
    )


@dataclass(frozen=True)
class CityBriefingPage(PageWithFiles, CityPage):
    """The page of a city with its briefing to be sent round."""

    @cached_property
    def briefing_made(self) -> Briefing:
        """The briefing of the month."""
        return city_briefing(self.city)

    @cached_property
    def files(self) -> Sequence[Download]:
        """Word documents and plain text of the briefing."""
        return city_files(self.briefing_made, self.lang)

    def briefing(self) -> Block:
        """Return links to the briefing, and its plain text with a button to copy it."""
        text = briefing_text(self.briefing_made, self.lang)
        return Block(html.downloads(self.files, text, lang=self.lang), text)
