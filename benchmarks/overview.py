"""Builds the index of a site with many regions, and opens it in a browser without a network.

Runs are made up: for each region the three pages whose findings the index reads, in both
languages. Timed are the index (all files), and from opening the page to the first rows drawn; for
sites of up to 500 regions also whether 31 rows fit a screen of 1440 × 900 pixels. A reader of one
language loads the index and ``site.js``; the plain pages are for those without scripts.

    python benchmarks/overview.py 131 3000
"""

import argparse
import csv
import os
import random
import shutil
import tempfile
import time
from pathlib import Path

from faiwatch.core.finding import Finding, write_findings
from faiwatch.data.regions import provinces
from faiwatch.site.run_record import RunRecord, write_record
from faiwatch.site.site import page_address

MOST_BYTES, MOST_SECONDS = 2_000_000, 1.0
MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024, 2025, 2026) for month in range(2, 13)][:41]


def finding(id, value, words, unit="pct"):
    return Finding(
        id=id,
        value=value,
        unit=unit,
        period=MONTHS[-1],
        as_of=MONTHS[-1],
        definition=id,
        definition_zh=id,
        formula="",
        inputs=(),
        state="ok",
        zh=words,
        en=words,
    )


def a_run(site, code, lang, notebook, findings):
    record = RunRecord(
        run_id=f"{notebook}-{code}-{lang}",
        notebook=notebook,
        region=code,
        as_of="latest",
        data_as_of=MONTHS[-1],
        lang=lang,
        verdict="ok",
        parameters={"region": code},
        code_version="1",
        seeds={},
        threads={},
        versions={},
        started="2026-11-20T01:02:03+00:00",
        seconds=1.0,
    )
    folder = site / "runs" / record.run_id / "results"
    folder.mkdir(parents=True)
    write_findings(findings, folder / "findings.json")
    write_record(record, folder.parent / "run.json")
    page = site / page_address(record)
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text("<!DOCTYPE html><title>page</title>")
    return folder


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


def made_up_site(site, codes):
    dice = random.Random(7)
    for code in codes:
        growth = [dice.uniform(-5, 8)]
        for _ in MONTHS[1:]:
            growth.append(round(growth[-1] + dice.gauss(-0.1, 1.5), 1))
        last, change = growth[-1], growth[-1] - growth[-2]
        length = next((at for at, one in enumerate(reversed(growth)) if one >= 0), len(growth))
        table = "region_code,indicator,period,ytd_yoy_pct\n" + "".join(
            f"{code},total,{month},{one}\n" for month, one in zip(MONTHS, growth, strict=True)
        )
        chance = min(100.0, max(0.0, 50 - 12 * last))
        for lang in ("zh", "en"):
            told = [
                finding("verdict", last, f"一句话，{last:.1f}%。" * 3),
                finding("ytd_yoy", last, f"{last:.1f}%"),
                finding("ytd_change", change, f"{change:+.1f} pp", "pp"),
                finding("run_ytd", length, f"{length}个月（{length}次发布）", "releases"),
            ]
            results = a_run(site, code, lang, "02_monitor", told)
            (results / "measures.csv").write_text(table, encoding="utf-8-sig")
            chances = [
                finding(id, chance, f"{chance:.1f}%")
                for id in ("p_next_negative", "p_full_year_negative")
            ]
            a_run(site, code, lang, "04_forecast", chances)
            gap = finding("gap", 5.0 - last, f"{5 - last:+.1f} pp", "pp")
            a_run(site, code, lang, "05_target", [gap])


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
            page.wait_for_function("window.drawn")
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
            codes = made_up_regions(number, folder)
            os.environ["FAIWATCH_REGIONS"] = str(folder / "regions.csv")
            site = folder / "site"
            made_up_site(site, codes)
            measure(site, number)


def measure(site, number):
    from faiwatch.data.regions import known_regions
    from faiwatch.site.index import build_index

    known_regions.cache_clear()
    started = time.perf_counter()
    index, _ = build_index(site)
    spent = time.perf_counter() - started
    script = (site / "site.js").stat().st_size
    both = sum((site / file).stat().st_size for file in ("index.html", "index.en.html"))
    plain = sum(path.stat().st_size for path in site.glob("*/*/index.html"))
    seconds, rows = opened(index)
    print(
        f"{number:5} regions: index built in {spent:.1f} s; both indexes and site.js "
        f"{(both + script) / 1e6:.2f} MB, read in one language "
        f"{(index.stat().st_size + script) / 1e6:.2f} MB; plain pages {plain / 1e6:.2f} MB; "
        f"first rows after {seconds:.2f} s; {rows} rows on the first screen",
        flush=True,
    )
    for value, most, what in ((both + script, MOST_BYTES, "bytes"), (seconds, MOST_SECONDS, "s")):
        if value > most:
            print(f"      over the limit: {value:,.2f} {what}, at most {most:,.0f}")


if __name__ == "__main__":
    main()
