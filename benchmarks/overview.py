"""Builds the index of a site with many regions, and opens it in a browser without a network.

Runs are made up: for each region the three pages whose findings the index reads, in both
languages. Timed are the index (all files), and from opening the page to the first rows drawn; for
sites of up to 500 regions also whether 31 rows fit a screen of 1440 × 900 pixels. A reader of one
language loads the index, ``site.js`` and ``overview.js``; the plain pages are for those without
scripts.

    python benchmarks/overview.py 131 3000
"""

import argparse
import csv
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from faiwatch.core.paths import project_root
from faiwatch.data.regions import provinces
from faiwatch.site.index import build_index

sys.path.insert(0, str(project_root() / "tests"))
from made_site import make_site

MOST_BYTES, MOST_SECONDS = 2_000_000, 1.0


def made_up_regions(number, folder):
    """Return codes of so many regions, provinces first, and name the others in a table."""
    codes = provinces()[:number]
    rows = []
    for at in range(number - len(codes)):
        province = codes[at % 31]
        code = f"{province[:2]}{at // 31 // 90 + 1:02d}{at // 31 % 90 + 10}"
        rows.append((code, f"第{at + 1}县", f"County {at + 1}", "district", province))
    with (folder / "regions.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("region_code", "name_zh", "name_en", "level", "parent"), *rows]
        )
    return [*codes, *(row[0] for row in rows)]


def opened(index):
    """Return seconds to the first rows of an index, and how many rows lie whole on the screen."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--disable-gpu", "--no-sandbox"]
        )
        best, rows = [], 0
        for _ in range(3):
            context = browser.new_context(offline=True, viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.add_init_script(
                "new MutationObserver((_, watch) => { if (!document.querySelector("
                "'#overview [aria-rowindex]')) return; watch.disconnect(); requestAnimationFrame("
                "() => setTimeout(() => (window.drawn = performance.now()))) })"
                ".observe(document, {childList: true, subtree: true})"
            )
            page.goto(index.as_uri())
            # the policy of the page lets nobody poll within it
            while not page.evaluate("window.drawn"):
                page.wait_for_timeout(5)
            best.append(page.evaluate("window.drawn") / 1000)
            rows = page.evaluate(
                "[...document.querySelectorAll('#overview tbody tr:not(.gap)')]"
                ".filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"
            )
            context.close()
        browser.close()
    return min(best), rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("regions", type=int, nargs="+")
    parser.add_argument("--keep", type=Path, help="leave the sites in this folder")
    given = parser.parse_args()
    for number in given.regions:
        with tempfile.TemporaryDirectory() as name:
            folder = given.keep / str(number) if given.keep else Path(name)
            folder.mkdir(parents=True, exist_ok=True)
            os.environ.pop("FAIWATCH_REGIONS", None)  # that of the number before is gone
            codes = made_up_regions(number, folder)
            os.environ["FAIWATCH_REGIONS"] = str(folder / "regions.csv")
            site = folder / "site"
            make_site(site, codes, pages=())
            measure(site, number)


def measure(site, number):
    started, worked = time.perf_counter(), time.process_time()
    index, _ = build_index(site)
    spent = time.perf_counter() - started
    work = time.process_time() - worked
    script = sum((site / file).stat().st_size for file in ("site.js", "overview.js"))
    both = sum((site / file).stat().st_size for file in ("index.html", "index.en.html"))
    plain = sum(path.stat().st_size for path in site.glob("*/*/index.html"))
    in_all = both + script + plain
    seconds, rows = opened(index)
    print(
        f"{number:5} regions: index built in {spent:.1f} s, {work:.1f} s of work; "
        f"both indexes and their scripts {(both + script) / 1e6:.2f} MB, read in one language "
        f"{(index.stat().st_size + script) / 1e6:.2f} MB; plain pages {plain / 1e6:.2f} MB, "
        f"all of both languages {in_all / 1e6:.3f} MB; "
        f"first rows after {seconds:.2f} s; {rows} rows on the first screen",
        flush=True,
    )
    limits = (
        (in_all, MOST_BYTES, "bytes of both languages, with plain pages"),
        (seconds, MOST_SECONDS, "s"),
    )
    for value, most, what in limits:
        if value > most:
            print(f"      over the limit: {value:,.2f} {what}, at most {most:,.0f}")


if __name__ == "__main__":
    main()
