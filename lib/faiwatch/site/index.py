"""The index of a site in both languages, made from the run records alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from faiwatch.core.files import alone, write_whole
from faiwatch.core.text import LANGUAGES, Language, month_name, other_language
from faiwatch.data.regions import region_named
from faiwatch.site.run_record import RunRecord, findings_of
from faiwatch.site.site import (
    INDEX_FILES,
    edition_of,
    page_address,
    page_lock,
    read_records,
)
from faiwatch.site.templates import base_values, render
from faiwatch.site.words import HAPPENED, title_of, words_in

# The notebook that speaks for its region when it has run, and the findings shown of it.
HEADLINE_NOTEBOOK, VERDICT, KEY_NUMBER = "02_monitor", "verdict", "ytd_yoy"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page of a region: the good one, and how the latest run failed if it did."""

    title: str
    address: str
    good: str
    failed: str
    failed_address: str


@dataclass(frozen=True, slots=True)
class RegionEntry:
    """One region: what its latest good run says, and its pages."""

    name: str
    made_up: bool
    verdict: str
    number_label: str
    number: str
    data_as_of: str
    pages: tuple[PageEntry, ...]


def build_index(site: Path) -> list[Path]:
    """Write ``index.html`` (zh) and ``index.en.html`` and return them.

    Regions whose figures are newest come first; each shows the verdict sentence and one key
    number of its latest good run, data month, and every notebook's page and run status. A run
    whose page was taken away is shown without a link.
    """
    with alone(page_lock(site, "index")):  # of two at once, the later one sees every run
        records = read_records(site)
        return [_write_index(site, lang, records) for lang in LANGUAGES]


def _write_index(site: Path, lang: Language, records: Sequence[RunRecord]) -> Path:
    own = [record for record in records if record.lang == lang]
    other = other_language(lang)
    words = words_in(lang)
    values = {
        **base_values(lang, words["index_title"]),
        "heading": words["index_title"],
        "made_up": False,
        "home": "",
        "other": INDEX_FILES[other],
        "regions": [
            _region(site, [record for record in own if record.region == region])
            for region in _in_order(own)
        ],
    }
    path = site / INDEX_FILES[lang]
    write_whole(path, render("index", values))
    return path


def _in_order(records: Sequence[RunRecord]) -> list[str]:
    """Return the regions by the month that their figures reach, the newest first.

    Among those of one month real figures stand before made-up ones.
    """
    month = {record.region: "" for record in records}
    for record in records:
        month[record.region] = max(month[record.region], record.data_as_of)
    by_code = sorted(month, key=lambda code: (region_named(code).is_made_up, code))
    return sorted(by_code, key=lambda code: month[code], reverse=True)


def _region(site: Path, records: Sequence[RunRecord]) -> RegionEntry:
    """Return the entry of one region from its records, newest first."""
    lang = records[0].lang
    good = [record for record in records if record.verdict == "ok"]
    headline_first = sorted(good, key=lambda record: record.notebook != HEADLINE_NOTEBOOK)
    told = ((record, findings_of(site / "runs" / record.run_id)) for record in headline_first)
    record, findings = next(
        ((record, found) for record, found in told if VERDICT in found), (None, {})
    )
    number = findings.get(KEY_NUMBER)
    as_of = record.data_as_of if record else max((r.data_as_of for r in good), default="")
    return RegionEntry(
        name=region_named(records[0].region).name.in_language(lang),
        made_up=any(one.is_made_up for one in records),
        verdict=findings[VERDICT].words(lang) if findings else "",
        number_label=number.definition_in(lang) if number else "",
        number=number.words(lang) if number else "",
        data_as_of=month_name(as_of, lang) if as_of else "",
        pages=tuple(
            _page(site, [record for record in records if _which(record) == page])
            for page in sorted({_which(record) for record in records})
        ),
    )


def _which(record: RunRecord) -> tuple[str, str]:
    """Return which page of its region a run made: notebook, then edition, the usual one first."""
    return record.notebook, edition_of(record.parameters)


def _page(site: Path, records: Sequence[RunRecord]) -> PageEntry:
    """Return the entry of one page from its records, newest first."""
    latest, lang = records[0], records[0].lang
    address = page_address(latest)
    good = next((record for record in records if record.verdict == "ok"), None)
    failed = latest.verdict not in {"ok", "skipped"}
    failed_address = address.removesuffix(".html") + ".failed.html"
    return PageEntry(
        title=title_of(latest.notebook, lang, latest.parameters),
        address=address if (site / address).is_file() else "",
        good=good.started[:10] if good else "",
        failed=f"{latest.started[:10]} {HAPPENED[latest.verdict].in_language(lang)}"
        if failed
        else "",
        failed_address=failed_address if failed and (site / failed_address).is_file() else "",
    )
