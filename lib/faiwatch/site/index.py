"""The index of a site in both languages, made from the run records alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from faiwatch.core.files import alone, atomic_write
from faiwatch.core.text import month_name, other_language
from faiwatch.data.regions import region_named
from faiwatch.site.run_record import RunRecord, findings_of
from faiwatch.site.site import INDEX_FILES, edition_of, page_address, page_lock, read_records
from faiwatch.site.templates import base_values, render
from faiwatch.site.words import HAPPENED, title_of, words_in

# The notebook that speaks for its region when it has run, and the findings shown of it.
HEADLINE_NOTEBOOK, VERDICT, KEY_NUMBER = "02_monitor", "verdict", "ytd_yoy"


def build_index(site: Path) -> list[Path]:
    """Write ``index.html`` (zh) and ``index.en.html`` and return them.

    Regions whose figures are newest come first; each shows the verdict sentence and one key
    number of its latest good run, data month, and every notebook's page and run status. A run
    whose page was taken away is shown without a link.
    """
    with alone(page_lock(site, "index")):  # of two at once, the later one sees every run
        records = read_records(site)
        for lang, file in INDEX_FILES.items():
            own = [record for record in records if record.lang == lang]
            regions: dict[str, list[RunRecord]] = {}
            for record in own:
                regions.setdefault(record.region, []).append(record)
            # the one whose figures reach the newest month first; of one month real ones first
            by_code = sorted(regions, key=lambda code: (region_named(code).is_made_up, code))
            newest = {code: max(one.data_as_of for one in of) for code, of in regions.items()}
            newest_first = sorted(by_code, key=newest.__getitem__, reverse=True)
            title = words_in(lang)["index_title"]
            values = {
                **base_values(lang, title),
                "heading": title,
                "made_up": False,
                "home": "",
                "other": INDEX_FILES[other_language(lang)],
                "regions": [_region(site, regions[code]) for code in newest_first],
            }
            atomic_write(site / file, render("index", values))
        return [site / file for file in INDEX_FILES.values()]


def _region(site: Path, records: Sequence[RunRecord]) -> dict[str, object]:
    """Return what the index says of one region, from its records, newest first."""
    lang = records[0].lang
    good = [record for record in records if record.verdict == "ok"]
    headline_first = sorted(good, key=lambda record: record.notebook != HEADLINE_NOTEBOOK)
    told = ((record, findings_of(site / "runs" / record.run_id)) for record in headline_first)
    record, findings = next(
        ((record, found) for record, found in told if VERDICT in found), (None, {})
    )
    number = findings.get(KEY_NUMBER)
    as_of = record.data_as_of if record else max((r.data_as_of for r in good), default="")
    pages = groupby(sorted(records, key=_which), _which)
    return {
        "name": region_named(records[0].region).name.in_language(lang),
        "made_up": any(one.is_made_up for one in records),
        "verdict": findings[VERDICT].words(lang) if findings else "",
        "number_label": number.definition_in(lang) if number else "",
        "number": number.words(lang) if number else "",
        "data_as_of": month_name(as_of, lang) if as_of else "",
        "pages": [_page(site, list(of_page)) for _, of_page in pages],
    }


def _which(record: RunRecord) -> tuple[str, str]:
    """Return which page of its region a run made: notebook, then edition, the usual one first."""
    return record.notebook, edition_of(record.parameters)


def _page(site: Path, records: Sequence[RunRecord]) -> dict[str, str]:
    """Return what the index says of one page, from its records, newest first.

    The good page, and how the latest run failed if it did.
    """
    latest, lang = records[0], records[0].lang
    address = page_address(latest)
    good = next((record for record in records if record.verdict == "ok"), None)
    entry = {
        "title": title_of(latest.notebook, lang, latest.parameters),
        "address": address if (site / address).is_file() else "",
        "good": good.started[:10] if good else "",
        "failed": "",
        "failed_address": "",
    }
    if latest.verdict not in {"ok", "skipped"}:
        happened = HAPPENED[latest.verdict].in_language(lang)
        entry["failed"] = f"{latest.started[:10]} {happened}"
        failed_address = f"{address.removesuffix('.html')}.failed.html"
        if (site / failed_address).is_file():
            entry["failed_address"] = failed_address
    return entry
