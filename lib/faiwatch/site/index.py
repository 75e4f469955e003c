"""The index of a site in both languages, its release calendar, and what the bar of pages reads.

Everything is made from the run records and what the runs found; no page is read or made again.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypedDict

from markupsafe import Markup

from faiwatch.core.files import alone, atomic_write
from faiwatch.core.text import Language, Text, other_language
from faiwatch.data.regions import region_named
from faiwatch.site.api import write_api
from faiwatch.site.bar import SITE_FILE, site_script
from faiwatch.site.overview import LIGHTS, RegionRow, heading_words, row_of, sentences
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
from faiwatch.site.words import HAPPENED, in_subject, subject_of, title_of, words_in
from faiwatch.view.html.lights import SIGNS
from faiwatch.view.html.rendering import json_for_html

MOST_WHOLE = 500  # regions of which the whole table stands in a page without scripts
_SMALL = "index.html"  # of the regions below one, in its folder
# Columns that a plain page says once where all rows say the same.
_SAID_ONCE: Mapping[str, Callable[[RegionRow], str]] = {
    "data_until": lambda row: row.month,
    "page_made": lambda row: f"{row.made} {row.failed}".strip(),
}


def build_index(site: Path, *, copy: Path | None = None, pages: Container[str] = ()) -> list[Path]:
    """Write ``index.html`` (zh) and ``index.en.html`` and return them.

    Beside them ``site.js``, which the bar of every page reads, the release calendar as
    iCalendar and Atom, and ``api/`` for programs. A row a region, the most severe first; below it
    every page of each region and how its latest run ended. A run whose page was taken away is
    shown without a link. With more than :data:`MOST_WHOLE` regions the rows stand in the data
    that the script of the index draws, and for readers without scripts in a plain page for each
    region above others.

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
        rows = {}
        for lang, file in INDEX_FILES.items():
            index = _Index(site, place, lang, records, stands)
            index.write(file)
            rows[lang] = index.rows
            atomic_write(place / CALENDAR_FILES[lang], calendar_file(lang))
            atomic_write(place / FEED_FILES[lang], feed_file(lang, file))
        standing = [latest[address] for address in sorted(stands)]
        atomic_write(place / SITE_FILE, site_script(standing))
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

    def write(self, file: str) -> None:
        """Write the index, and a plain page for each region above others where it is long."""
        groups: list[dict[str, object]] = []
        is_whole = len(self.rows) <= MOST_WHOLE
        if not is_whole:
            above: dict[str, list[RegionRow]] = {}
            for row in self.rows:
                above.setdefault(row.parent, []).append(row)
            groups = [self._plain(parent, above[parent]) for parent in sorted(above)]
        shown = self.rows if is_whole else []
        subjects = {subject_of(one.parameters) for runs in self.runs.values() for one in runs}
        subject = subjects.pop() if len(subjects) == 1 else None  # None: fixed-asset investment
        words = words_in(self.lang)
        if subject:
            words |= {name: in_subject(words[name], subject, self.lang) for name in _ABOUT}
        title = words["index_title"]
        script = template_file("overview.js")
        base = base_values(self.lang, title, more_style=template_file("overview.css"))
        today = datetime.datetime.now(datetime.UTC).date()
        values = {
            **base,
            "words": words,
            "csp": content_policy(style=str(base["style"]), inline_script=script, own_files=True),
            "rows": shown,
            "columns": heading_words(self.lang),
            "regions": [self._region(row) for row in shown],
            "heading": title,
            "made_up": False,
            "home": "",
            "other": INDEX_FILES[other_language(self.lang)],
            "bar": {"region": "", "notebook": "", "edition": "", "page": ""},
            "bar_script": SITE_FILE,
            "root": "",
            "sentences": sentences(self.rows, self.lang) if self.rows else [],
            "n_rows": len(self.rows),
            "groups": groups,
            "most": MOST_WHOLE,
            "maps": tile_maps(self.rows, self.lang),
            "data": json_for_html(_data(self.rows)),
            "script": Markup(script),
            "parents": self._parents(),
            "lights": _lights(self.lang),
            "calendar": calendar_line(today, self.lang),
            "calendar_file": CALENDAR_FILES[self.lang],
            "feed_file": FEED_FILES[self.lang],
            "tile": {"width": WIDTH, "height": HEIGHT},
        }
        atomic_write(self.place / file, render("index", values))

    def _plain(self, parent: str, rows: Sequence[RegionRow]) -> dict[str, object]:
        """Write the plain page of the regions below one; return the link to it.

        It is made light, for thousands of rows: what all rows say stands once above them, pages
        are called by their numbers, and there is no small chart.
        """
        name = self._name(parent)
        folder = f"{self.lang}/{parent or 'other'}"
        style = template_file("plain.css")
        regions = [self._region(row) for row in rows]
        same = {
            id: label
            for id, label in heading_words(self.lang)
            if id in _SAID_ONCE and len({_SAID_ONCE[id](row) for row in rows}) == 1
        }
        columns = [one for one in heading_words(self.lang) if one[0] not in {*same, "two_years"}]
        titles = {page["number"]: page["title"] for one in regions for page in one["pages"]}
        values = {
            **base_values(self.lang, name),
            "style": Markup(style),
            "csp": content_policy(style=style),
            "heading": name,
            "columns": columns,
            "shown": [id for id, _ in columns],
            "same": [(label, _SAID_ONCE[id](rows[0])) for id, label in same.items()],
            "regions": regions,
            "titles": sorted(titles.items()),
            "here": f"{self.lang}/",
            "made_up": False,
            "home": f"../../{INDEX_FILES[self.lang]}",
            "other": "",
        }
        atomic_write(self.place / folder / _SMALL, render("plain", values))
        negative = sum(row.light == "negative" for row in rows)
        return {
            "name": name,
            "address": f"{folder}/{_SMALL}",
            "count": words_in(self.lang)["n_regions"].format(len(rows)),
            "negative": Text(f"{negative}个负增长", f"{negative} negative").in_language(self.lang),
        }

    def _name(self, code: str) -> str:
        if not code:
            return words_in(self.lang)["none_above"]
        return region_named(code).name.in_language(self.lang)

    def _parents(self) -> list[tuple[str, str]]:
        """Return code and name of each region that several rows lie in."""
        counts = Counter(row.parent for row in self.rows if row.parent)
        several = sorted(code for code, count in counts.items() if count > 1)
        return [(code, self._name(code)) for code in several]

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
            "title": title_of(latest.notebook, self.lang, latest.parameters, latest.title),
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


def _which(record: RunRecord) -> tuple[str, str]:
    """Return which page of its region a run made: notebook, then edition, the usual one first."""
    return record.notebook, edition_of(record.parameters)


def _data(rows: Sequence[RegionRow]) -> dict[str, object]:
    """Return rows as the script of the index draws them; what many rows say stands once."""
    words: dict[str, int] = {}

    def place(text: str) -> int:
        return words.setdefault(text, len(words))

    told = [
        [
            row.region.code,
            row.name,
            row.searched,
            place(row.address.rpartition("/")[2]),
            place(row.parent),
            list(LIGHTS).index(row.light),
            int(row.is_made_up),
            [cell.text for cell in row.figures],
            [_key(cell.key) for cell in row.figures],
            row.heights,
            *(place(text) for text in (row.line_words, row.month, row.made, row.failed)),
        ]
        for row in rows
    ]
    return {"words": list(words), "rows": told}


def _key(key: float | str | None) -> float | str | None:
    """Return what a cell is sorted by, with as many digits as sorting needs."""
    return round(key, 4) if isinstance(key, float) else key


def _lights(lang: Language) -> list[dict[str, str]]:
    return [
        {
            "id": light,
            "sign": SIGNS[colour],
            "word": word.in_language(lang),
            "means": means.in_language(lang),
        }
        for light, (colour, word, means) in LIGHTS.items()
    ]
