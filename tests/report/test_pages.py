"""What holds for every published page, read as a file."""

import base64
import hashlib
import json
import re
from pathlib import Path

from faiwatch.core.text import LANGUAGE_TAGS
from faiwatch.site.templates import MOST_BYTES

ADDRESSES = {"href", "src", "srcset", "action", "poster", "data", "xlink:href", "formaction"}


def test_both_languages_of_every_page_exist(pages):
    in_zh = {address[3:] for address in pages if address.startswith("zh/")}
    in_en = {address[3:] for address in pages if address.startswith("en/")}
    assert in_zh == in_en
    for name in ("01_data", "02_monitor", "03_trend", "07_regions"):
        assert f"000000/{name}.html" in in_zh
    assert any(address.startswith("99") for address in in_zh)


def test_no_page_is_a_failure(pages):
    assert [address for address in pages if address.endswith(".failed.html")] == []


def test_nothing_is_loaded_or_linked_from_outside(every_page):
    for address, page in every_page.items():
        for tag, attributes in page.elements:
            for name in attributes.keys() & ADDRESSES:
                target = attributes[name] or ""
                assert not re.match(r"(?:[a-z]+:)?//", target.strip(), re.I), (address, tag, target)
        assert not re.search(r"url\((?!#)|@import", page.html.split("</style>")[0]), address


def test_every_link_leads_somewhere(every_page):
    for address, page in every_page.items():
        ids = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
        for link in [*page.all("a"), *page.all("script")]:
            target = link.get("href") or link.get("src") or ""
            if target.startswith("#"):
                assert target[1:] in ids, (address, target)
            elif target and not target.startswith("data:"):
                assert (page.path.parent / target).is_file(), (address, target)


def test_the_language_switch_leads_to_the_same_page_and_back(pages):
    for address, page in pages.items():
        other = ("en" if address.startswith("zh/") else "zh") + address[2:]
        (switch,) = page.all("a", **{"class": "switch"})
        assert switch["href"] == f"../../{other}"
        assert switch["hreflang"] == LANGUAGE_TAGS[other[:2]]


def test_language_title_and_one_heading(every_page):
    for address, page in every_page.items():
        lang = "en" if address.startswith("en/") or ".en." in address else "zh"
        (html,) = page.all("html")
        assert html["lang"] == LANGUAGE_TAGS[lang], address
        assert len(page.all("h1")) == 1, address
        assert page.between("<title>", "</title>")[0].strip(), address


def test_ids_are_unique(every_page):
    for address, page in every_page.items():
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert sorted(set(ids)) == sorted(ids), address


def test_the_verdict_comes_before_every_figure_and_section(pages):
    for address, page in pages.items():
        if "02_monitor" in address:
            main = page.between("<main", "</main>")[0]
            verdict = main.index('class="fw-verdict"')
            assert verdict < main.index("<h2"), address
            assert verdict < main.index("<figure"), address


def test_every_picture_has_a_text_alternative_and_a_caption(pages):
    for address, page in pages.items():
        for figure in page.between('<figure class="fw-figure"', "</figure>"):
            assert re.search(r'<svg[^>]* role="img"[^>]*>', figure), address
            assert re.search(r'<svg[^>]* aria-label="[^"]{10,}"', figure), address
            assert re.search(r"<figcaption>[^<]{10,}</figcaption>", figure), address
        assert all(image.get("alt") for image in page.all("img")), address


def test_every_figure_carries_its_numbers(pages):
    for address, page in pages.items():
        figures = page.between('<figure class="fw-figure"', "</figure>")
        assert len(figures) >= 2 or re.search("01_data|10_brief", address), address
        for figure in figures:
            (coded,) = re.findall(r'href="data:text/csv;charset=utf-8;base64,([^"]+)"', figure)
            lines = base64.b64decode(coded).decode("utf-8").splitlines()
            assert lines[0].startswith("\ufeff# "), address
            rows = [line for line in lines if not line.lstrip("\ufeff").startswith("#")]
            assert len(rows) >= 2, (address, lines[0])
            assert "<table" in figure, (address, lines[0])


def test_figures_hold_specifications_that_scripts_can_read(pages):
    for page in pages.values():
        for spec in page.between('class="vega-spec">', "</script>"):
            assert json.loads(spec)["layer"]


def test_pages_stay_within_their_size(every_page):
    for address, page in every_page.items():
        assert len(page.html.encode()) <= MOST_BYTES["site"], address


def test_one_script_for_the_whole_site(built_site, pages):
    (script,) = (built_site / "assets").iterdir()
    for address, page in pages.items():
        sources = [found["src"] for found in page.all("script") if "src" in found]
        # what the bar reads is written anew with the index and has one name for ever
        assert sources == ["../../site.js", f"../../assets/{script.name}"], address
    assert (built_site / "site.js").is_file()


def test_made_up_figures_are_marked_and_no_others(pages):
    for address, page in pages.items():
        made_up = address.split("/")[1].startswith("99")
        assert ("演示数据" in page.words) == made_up, address


def test_the_index_marks_made_up_regions(every_page):
    for index in ("index.html", "index.en.html"):
        assert "演示数据" in every_page[index].words


def test_no_word_of_the_machine_is_shown(every_page):
    for address, page in every_page.items():
        found = re.findall(r"\b(?:NaN|nan|None|NaT|undefined|Traceback|Infinity)\b", page.words)
        assert found == [], address


def test_code_is_only_in_folds(pages):
    for address, page in pages.items():
        assert page.code_outside_folds == [], address
        assert page.between('<details class="code">', "</details>"), address
        assert "open_page(" not in page.words, address


def test_the_policy_allows_nothing_that_the_page_does_not_hold(every_page):
    for address, page in every_page.items():
        (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
        parts = dict(part.split(" ", 1) for part in policy["content"].split("; "))
        assert parts["default-src"] == parts["base-uri"] == parts["form-action"] == "'none'"
        assert parts["img-src"] == "data:"
        assert "unsafe" not in policy["content"], address
        (style,) = page.between("<style>", "</style>")
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert parts["style-src"] == f"'sha256-{digest}'", address


def test_no_element_asks_for_what_the_policy_forbids(every_page):
    for address, page in every_page.items():
        for tag, attributes in page.elements:
            names = [name for name in attributes if name == "style" or name.startswith("on")]
            assert names == [], (address, tag)


def test_no_path_of_this_machine_is_shown(every_page, project):
    for address, page in every_page.items():
        assert str(Path.home()) + "/" not in page.html, address
        assert str(project) not in page.html, address


def test_the_sentence_on_page_and_index_is_the_finding(built_site, every_page):
    for record_file in built_site.glob("runs/*/run.json"):
        record = json.loads(record_file.read_text(encoding="utf-8"))
        findings = json.loads((record_file.parent / "results/findings.json").read_text("utf-8"))
        said = next(one[record["lang"]] for one in findings if one["id"] == "verdict")
        assert said in every_page[record["page"]].words
        if record["notebook"] == "02_monitor":
            index = "index.html" if record["lang"] == "zh" else "index.en.html"
            assert said in every_page[index].words


def test_every_page_says_what_made_it(built_site, pages):
    for record_file in built_site.glob("runs/*/run.json"):
        record = json.loads(record_file.read_text(encoding="utf-8"))
        words = pages[record["page"]].words
        for told in (record["run_id"], record["code_version"], record["data"][0]["sha256"]):
            assert told in words, record["page"]
        for name, value in record["parameters"].items():
            assert f"{name}={value}" in words, record["page"]


# One thing has one wording on every page: what a second one would look like, by language.
SECOND_WORDINGS = {
    "zh": [
        r"单期",
        r"当期",
        r"连续\d+次公布为负",
        r"\d+个月 / \d+次",
        r"同比增长[\d.]+倍",
        r"\d+次发布（\d+个月",
        *(r"给分管负责人", r"可能性\d", r"均衡进度", r"水平直接相除", r"请谨慎使用", r"伪实时"),
        *(r"预警管用吗", r"靠不靠得住", r"\d项未公布"),
    ],
    "en": [
        r"\b[Bb]locks?\b",
        r"growth of (?:the|a) (?:single )?month\b",
        r"growth of single months",
        r"single period",
        r"\b20\d\d alone\b",
        r"releases? in a row",
        r"\d+ months? / \d+ releases?",
        *(r"rounding leaves", r"of what came", r"members anew", r"expected at [−\d]"),
    ],
}


def test_one_thing_has_one_wording_on_every_page(pages):
    found = [
        (address, page.words[max(0, hit.start() - 30) : hit.end() + 20])
        for address, page in pages.items()
        for pattern in SECOND_WORDINGS[address[:2]]
        for hit in re.finditer(pattern, page.words)
    ]
    assert found == []


def test_a_run_is_counted_alike_wherever_a_page_tells_it(pages):
    counted = {
        "zh": r"连续(\d+)个月负增长（(\d+)次发布",
        "en": r"negative for (?:at least )?(\d+) months? in a row \((\d+) releases?",
    }
    for name in ("zh/000000/02_monitor.html", "en/000000/02_monitor.html"):
        told = re.findall(counted[name[:2]], pages[name].words)
        assert len(told) >= 2, name  # in the verdict and under its chart
        assert told[0] in told[1:], name
