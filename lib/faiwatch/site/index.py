"""The index of a site in both languages, its release calendar, and what the bar of pages reads.

Everything is made from the run records and what the runs found; no page is read or made again.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TypedDict

from markupsafe import Markup

from faiwatch.core.files import alone, atomic_write
from faiwatch.core.phrases import say
from faiwatch.core.text import LANGUAGES, Language, other_language
from faiwatch.data.regions import region_named
from faiwatch.site.api import write_api
from faiwatch.site.bar import SITE_FILE, in_order, site_script
from faiwatch.site.overview import (
    GROWTH,
    LIGHTS,
    RegionRow,
    figures_told,
    heading_words,
    row_of,
    sentences,
)
from faiwatch.site.releases import (
    CALENDAR_FILES,
    FEED_FILES,
    calendar_file,
    calendar_line,
    feed_file,
)
from faiwatch.site.run_record import RunRecord
from faiwatch.site.site import INDEX_FILES, edition_of, page_address, page_lock, read_records
from faiwatch.site.templates import base_values, content_policy, render, template_file
from faiwatch.site.tile_map import HEIGHT, WIDTH, tile_maps
from faiwatch.site.words import HAPPENED, in_subject, subject_shared, title_of, words_in
from faiwatch.view.html.lights import SIGNS
from faiwatch.view.html.rendering import json_for_html

ROWS_FILE = "overview.js"
MOST_WHOLE = 500  # regions of which the whole table stands in a page without scripts
_SMALL = "index.html"  # of the regions below one, in its folder
# Columns that a plain page says once where all rows say the same.
_SAID_ONCE: Mapping[str, Callable[[RegionRow], str]] = {
    "data_until": lambda row: row.month,
    "page_made": lambda row: f"{row.made} {row.failed}".strip(),
}


def build_index(site: Path, *, copy: Path | None = None, pages: Container[str] = ()) -> list[Path]:
    """Write ``index.html`` (zh) and ``index.en.html`` and return them.

    Beside them ``site.js``, which the bar of every page reads, ``overview.js`` with the rows of
    both indexes, the release calendar as iCalendar and Atom, and ``api/`` for programs. A row a
    region, the most severe first; below it every page of each region and how its latest run ended.
    A run whose page was taken away is shown without a link. With more than :data:`MOST_WHOLE`
    regions the rows stand only in the data that ``overview.js`` draws, and for readers without
    scripts in a plain page for each region above others.

    Parameters
    ----------
    site : Path
        Folder of the site, whose runs are read.
    copy : Path, optional
        A folder with copies of some of its pages: their index is written there, not in the site.
    pages : container of str
        Addresses of the pages that the index of a copy may tell of.
    """
    with alone(page_lock(site, "index")):  # of two at once, the later one sees every run
        place = copy or site
        records = [one for one in read_records(site) if not copy or page_address(one) in pages]
        latest: dict[str, RunRecord] = {}
        for record in records:
            latest.setdefault(page_address(record), record)
        stands = {address for address in latest if (place / address).is_file()}
        indexes = {lang: _Index(site, place, lang, records, stands) for lang in LANGUAGES}
        rows = {lang: index.rows for lang, index in indexes.items()}
        figures = figures_told(row for of in rows.values() for row in of)
        for lang, file in INDEX_FILES.items():
            indexes[lang].write(file, figures)
            atomic_write(place / CALENDAR_FILES[lang], calendar_file(lang))
            atomic_write(place / FEED_FILES[lang], feed_file(lang, file))
        standing = [latest[address] for address in sorted(stands)]
        codes = in_order({row.region.code for of in rows.values() for row in of})
        atomic_write(place / SITE_FILE, site_script(standing, codes))
        atomic_write(place / ROWS_FILE, rows_script(rows, codes, figures))
        write_api(site, place, records, rows, stands)
        return [place / file for file in INDEX_FILES.values()]


_ABOUT = ("brand", "index_title")  # words of a site that name what it is about


class _Region(TypedDict):
    """A region with its pages, as templates list them."""

    row: RegionRow
    pages: list[dict[str, str]]


class _Index:
    """The index in one language."""

    def __init__(
        self,
        site: Path,
        place: Path,
        lang: Language,
        records: Sequence[RunRecord],
        stands: set[str],
    ) -> None:
        self.place, self.lang, self.stands = place, lang, stands
        self.runs: dict[str, list[RunRecord]] = {}
        for record in records:
            if record.lang == lang:
                self.runs.setdefault(record.region, []).append(record)
        rows = [row_of(site, of, self.address) for of in self.runs.values()]
        self.rows = sorted(rows, key=lambda row: row.severity)

    def address(self, record: RunRecord) -> str:
        """Return where the page of a run stands, empty when it does not."""
        address = page_address(record)
        return address if address in self.stands else ""

    def write(self, file: str, figures: Sequence[str]) -> None:
        """Write the index, and a plain page for each region above others where it is long."""
        groups: list[dict[str, object]] = []
        is_whole = len(self.rows) <= MOST_WHOLE
        if not is_whole:
            by_parent = groupby(sorted(self.rows, key=_parent), _parent)
            groups = [self._plain(parent, list(rows), figures) for parent, rows in by_parent]
        shown = self.rows if is_whole else []
        subject = subject_shared(one for runs in self.runs.values() for one in runs)
        words = words_in(self.lang)
        if subject:
            words |= {name: in_subject(words[name], subject, self.lang) for name in _ABOUT}
        inside = Counter(row.parent for row in self.rows if row.parent)
        several = sorted(code for code, count in inside.items() if count > 1)
        title = words["index_title"]
        style = template_file("overview.css")
        base = base_values(self.lang, title, more_style=style, has_blocks=False)
        today = datetime.datetime.now(datetime.UTC).date()
        values = {
            **base,
            "words": words,
            "csp": content_policy(style=str(base["style"]), own_files=True),
            "rows": shown,
            "columns": heading_words(figures, self.lang),
            "figures": figures,
            "regions": [self._region(row) for row in shown],
            "heading": title,
            "other": INDEX_FILES[other_language(self.lang)],
            "bar": {"region": "", "notebook": "", "edition": "", "page": ""},
            "bar_script": SITE_FILE,
            "root": "",
            "sentences": sentences(self.rows, self.lang) if self.rows else [],
            "n_rows": len(self.rows),
            "groups": groups,
            "most": MOST_WHOLE,
            "maps": tile_maps(self.rows, self.lang),
            "rows_script": ROWS_FILE,
            "parents": [(code, self._name(code)) for code in several],
            "lights": [
                {
                    "id": light,
                    "sign": SIGNS[colour],
                    "word": word.in_language(self.lang),
                    "means": means.in_language(self.lang),
                }
                for light, (colour, word, means) in LIGHTS.items()
            ],
            "calendar": "" if subject else calendar_line(today, self.lang),  # of investment
            "calendar_file": CALENDAR_FILES[self.lang],
            "feed_file": FEED_FILES[self.lang],
            "tile": {"width": WIDTH, "height": HEIGHT},
        }
        atomic_write(self.place / file, render("index", values))

    def _plain(
        self, parent: str, rows: Sequence[RegionRow], figures: Sequence[str]
    ) -> dict[str, object]:
        """Write the plain page of the regions below one; return the link to it.

        It is made light, for thousands of rows: what all rows say stands once above them, pages
        are called by their numbers, and there is no small chart.
        """
        name = self._name(parent)
        folder = f"{self.lang}/{parent or 'other'}"
        style = template_file("plain.css")
        regions = [self._region(row) for row in rows]
        headings = heading_words(figures, self.lang)
        same = {
            id: label
            for id, label in headings
            if id in _SAID_ONCE and len({_SAID_ONCE[id](row) for row in rows}) == 1
        }
        apart = {*same, "two_years", "light"}  # the light heads its rows
        columns = [one for one in headings if one[0] not in apart]
        titles = {page["number"]: page["title"] for one in regions for page in one["pages"]}
        values = {
            **base_values(self.lang, name),
            "style": Markup(style),
            "csp": content_policy(style=style),
            "heading": name,
            "columns": columns,
            "shown": [id for id, _ in columns],
            "figures": figures,
            "same": [(label, _SAID_ONCE[id](rows[0])) for id, label in same.items()],
            "regions": regions,
            "titles": sorted(titles.items()),
            "here": f"{self.lang}/",
            "home": f"../../{INDEX_FILES[self.lang]}",
        }
        atomic_write(self.place / folder / _SMALL, render("plain", values))
        negative = sum(row.light == "negative" for row in rows)
        return {
            "name": name,
            "address": f"{folder}/{_SMALL}",
            "count": words_in(self.lang)["n_regions"].format(len(rows)),
            "negative": say("site.index.negative", negative=negative).in_language(self.lang),
        }

    def _name(self, code: str) -> str:
        if not code:
            return words_in(self.lang)["none_above"]
        return region_named(code).name.in_language(self.lang)

    def _region(self, row: RegionRow) -> _Region:
        """Return every page of a region, and how its latest run ended."""
        pages = groupby(sorted(self.runs[row.region.code], key=_which), _which)
        return {"row": row, "pages": [self._page(list(of_page)) for _, of_page in pages]}

    def _page(self, records: Sequence[RunRecord]) -> dict[str, str]:
        """Return what the index says of one page, from its records, newest first.

        The good page, and how the latest run failed if it did.
        """
        latest = records[0]
        address = page_address(latest)
        good = next((record for record in records if record.verdict == "ok"), None)
        entry = {
            "number": " ".join([latest.notebook[:2], edition_of(latest.parameters)]).strip(),
            "title": title_of(latest, self.lang),
            "address": self.address(latest),
            "good": good.started[:10] if good else "",
            "failed": "",
            "failed_address": "",
        }
        if latest.verdict not in {"ok", "skipped"}:
            happened = HAPPENED[latest.verdict].in_language(self.lang)
            entry["failed"] = f"{latest.started[:10]} {happened}"
            failed_address = f"{address.removesuffix('.html')}.failed.html"
            if (self.place / failed_address).is_file():
                entry["failed_address"] = failed_address
        return entry


_parent = attrgetter("parent")


def _which(record: RunRecord) -> tuple[str, str]:
    """Return which page of its region a run made: notebook, then edition, the usual one first."""
    return record.notebook, edition_of(record.parameters)


def rows_script(
    rows: Mapping[Language, Sequence[RegionRow]], codes: Sequence[str], figures: Sequence[str]
) -> str:
    """Return ``overview.js``: the rows of the indexes, and the script that draws them.

    What both languages share stands once: names are those of ``site.js``, figures and words lie in
    lists, and a row is told for one language only where the pages of the other found another.

    Parameters
    ----------
    rows : mapping
        Those of each language.
    codes : sequence of str
        The regions as ``site.js`` lists them.
    figures : sequence of str
        The columns with figures.
    """
    order = {code: at for at, code in enumerate(codes)}
    words, cells, pages = (dict[tuple[object, ...], int]() for _ in range(3))

    def place(table: dict[tuple[object, ...], int], *told: object) -> int:
        return table.setdefault(told, len(table))

    def told(zh: RegionRow, en: RegionRow) -> Sequence[object]:
        cells_of = [(zh.cell(id), en.cell(id)) for id in figures]
        return [
            order[zh.region.code],
            list(LIGHTS).index(zh.light),
            int(zh.is_made_up),
            zh.heights,
            place(words, zh.line_words, en.line_words),
            place(words, zh.parent, zh.parent),
            place(pages, zh.address.rpartition("/")[2], zh.month, zh.made, zh.failed),
            *(place(cells, _key(one.key), one.text, two.text) for one, two in cells_of),
        ]

    both = [{row.region.code: row for row in rows[lang]} for lang in LANGUAGES]
    alike = [zh for code, zh in both[0].items() if code in both[1] and _alike(zh, both[1][code])]
    shared = {row.region.code for row in alike}
    data = {
        "rows": [told(row, both[1][row.region.code]) for row in alike],
        "only": {
            lang: [told(row, row) for code, row in of.items() if code not in shared]
            for lang, of in zip(LANGUAGES, both, strict=True)
        },
        "called": {
            lang: {code: row.called for code, row in of.items() if row.is_made_up}
            for lang, of in zip(LANGUAGES, both, strict=True)
        },
        "words": [_once(one) for one in words],
        "cells": [_once(one) for one in cells],
        "pages": list(pages),
        "growths": sum(id in GROWTH for id in figures),  # columns that hold growth: the first ones
    }
    return f"const faiwatchRows={json_for_html(data)};\n{template_file('overview.js')}"


def _once(told: Sequence[object]) -> object:
    """Leave out the English words where they are the Chinese ones."""
    *before, zh, en = told
    return [*before, zh] if zh == en else [*before, zh, en]


def _alike(zh: RegionRow, en: RegionRow) -> bool:
    """Return whether pages of both languages found the same."""

    def found(row: RegionRow) -> Sequence[object]:
        keys = [(id, _key(cell.key)) for id, cell in row.figures.items()]
        page = row.address.rpartition("/")[2], row.month, row.made, row.failed
        return [row.light, row.is_made_up, row.heights, page, keys]

    return found(zh) == found(en)


def _key(key: float | str | None) -> float | str | None:
    """Return what a cell is sorted by, with as many digits as sorting needs."""
    return round(key, 4) if isinstance(key, float) else key
