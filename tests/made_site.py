"""A site whose runs and figures are made up: what the index and the bar of pages read, no kernel.

Figures are drawn from a fixed seed; nothing here is a figure of the region whose name it bears.
"""

import random

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from faiwatch.core.finding import Finding, write_findings
from faiwatch.core.phrases import chance_phrase, length_phrase, percent_phrase, points_phrase
from faiwatch.core.text import Text
from faiwatch.data.regions import region_named
from faiwatch.site.html import render_page
from faiwatch.site.run_record import RunRecord, write_record
from faiwatch.site.site import page_address, page_ready
from faiwatch.site.templates import asset_name
from faiwatch.site.words import title_of

MONTHS = [f"{year}-{month:02d}" for year in (2023, 2024, 2025, 2026) for month in range(2, 13)][:40]


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
        state="ok" if value is not None else "missing",
        zh=words.zh,
        en=words.en,
    )


def figures_of(seed, start=None):
    """Return growth of each month, as a walk from a seed."""
    dice = random.Random(seed)
    growth = [dice.uniform(-5, 8) if start is None else start]
    for _ in MONTHS[1:]:
        growth.append(round(growth[-1] + dice.gauss(-0.1, 1.5), 1))
    return growth


def findings_of(growth):
    """Return what three notebooks find of growth by month: findings by notebook."""
    last, change = growth[-1], growth[-1] - growth[-2]
    length = next((at for at, one in enumerate(reversed(growth)) if one >= 0), len(growth))
    chance = min(1.0, max(0.0, 0.5 - 0.12 * last))
    said = Text(f"同比{last:.1f}%。", f"Growth {last:.1f}%.")
    spell = length_phrase(length, length) if length else Text("无", "none")
    return {
        "02_monitor": [
            finding("verdict", last, said),
            finding("ytd_yoy", last, percent_phrase(last)),
            finding("ytd_change", change, points_phrase(change, signed=True), "pp"),
            finding("run_ytd", length, spell, "releases"),
        ],
        "04_forecast": [
            finding("p_next_negative", 100 * chance, chance_phrase(chance)),
            finding("p_full_year_negative", 100 * chance, chance_phrase(chance)),
        ],
        "05_target": [finding("gap", 5.0 - last, points_phrase(5.0 - last, signed=True), "pp")],
    }


def a_record(notebook, region, lang, **changes):
    told = {
        "run_id": f"{notebook}-{region}-{lang}",
        "notebook": notebook,
        "region": region,
        "as_of": "latest",
        "data_as_of": MONTHS[-1],
        "lang": lang,
        "verdict": "ok",
        "parameters": {"region": region},
        "code_version": "1",
        "seeds": {},
        "threads": {},
        "versions": {},
        "started": "2026-11-20T01:02:03+00:00",
        "seconds": 1.0,
        "is_made_up": region.startswith("99"),
    }
    return RunRecord(**(told | changes))


def keep_run(site, record, findings, growth=()):
    """Write what a run leaves below ``runs``."""
    results = site / "runs" / record.run_id / "results"
    results.mkdir(parents=True)
    write_findings(findings, results / "findings.json")
    write_record(record, results.parent / "run.json")
    if growth:
        rows = [
            f"{record.region},total,{month},{value}"
            for month, value in zip(MONTHS, growth, strict=True)
        ]
        table = "\n".join(["region_code,indicator,period,ytd_yoy_pct", *rows])
        (results / "measures.csv").write_text(table, encoding="utf-8-sig")


def lay_down(site, record, html):
    with page_ready(site, record, html) as publish:
        publish()


def make_site(site, codes, *, pages=None, notebooks=("02_monitor", "04_forecast", "05_target")):
    """Make the runs of some regions in both languages, and their pages.

    Parameters
    ----------
    site : Path
        Where.
    codes : sequence of str
        Regions.
    pages : collection of str, optional
        Whose pages are rendered, each with a table of these regions; those of others are empty
        files. All by default.
    notebooks : sequence of str
        Which pages each region has.
    """
    rendered = codes if pages is None else pages
    if rendered:  # a page asks for the charts' script, which takes seconds to build
        (site / "assets").mkdir(parents=True)
        (site / "assets" / asset_name()).touch()
    for code in codes:
        growth = figures_of(code)
        found = findings_of(growth)
        for lang in ("zh", "en"):
            for notebook in notebooks:
                record = a_record(notebook, code, lang)
                keep_run(site, record, found[notebook], growth if notebook[:2] == "02" else ())
                if code in rendered:
                    executed = _executed(site, record, rendered)
                    lay_down(site, record, render_page(executed, record, bundle="site"))
                else:
                    page = site / page_address(record)
                    page.parent.mkdir(parents=True, exist_ok=True)
                    page.write_text("<!DOCTYPE html><title>page</title>")


def _executed(site, record, codes):
    lang = record.lang
    names = [region_named(code).name.in_language(lang) for code in codes]
    rows = "".join(f"<tr><td>{name}</td><td>1</td></tr>" for name in names)
    block = f'<table class="fw-grid"><thead><tr><th>a</th><th>b</th></tr></thead>{rows}</table>'
    title = new_markdown_cell(f"# {title_of(record, lang)}", metadata={"tags": [lang]})
    shown = new_output("display_data", {"text/html": block, "text/plain": ""})
    path = site / "runs" / record.run_id / "executed.ipynb"
    nbformat.write(new_notebook(cells=[title, new_code_cell("show()", outputs=[shown])]), path)
    return path
