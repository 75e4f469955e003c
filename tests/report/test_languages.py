"""Each edition is whole in its language: pages and Word, but for names that data bring along."""

import html
import re

import docx
import pytest

from faiwatch.core.text import LANGUAGES
from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.reference import known_sources
from faiwatch.data.regions import DEMO_DISTRICT
from faiwatch.ledger.files import demo_ledgers
from faiwatch.ledger.load import ledger_reading

HAN = re.compile(r"[\u4e00-\u9fff]+")
LATIN = re.compile(r"[A-Za-z][A-Za-z_]+")
# What a Chinese text on statistics writes in Latin letters: methods, notation, kinds of file.
WRITTEN_SO = {
    *("UCM", "STL", "ETS", "ARIMA", "SARIMA", "Theta", "RMSE", "MAE", "MASE", "CRPS"),
    *(
        "exp",
        "ln",
        "Choice",  # a data terminal, by its name
        "max",
        "min",
        "log",
        "CSV",
        "JSON",
        "Word",
        "faiwatch",
        "English",
        "docs",
        "how",
        "to",
    ),
    *("Ctrl", "PNG", "SVG", "XLSX"),  # a key, and kinds of file on the tools of charts and tables
    *("B_i", "g_i"),  # in formulas
}
A_NAME_OF_A_FILE = re.compile(r"[\w./-]+\.(?:csv|xlsx|md|json|docx|txt|py)\b")
# Where a source is found is no language: an address, a repository, a commit, the id of a series.
A_PLACE = re.compile(
    r"https?://[^\s，；;,]+|\b(?:[\w-]+\.)+(?:cn|com|hk|jp|net|org)\b(?:/[^\s，；;,]*)?"
    r"|\b[0-9a-f]{32,40}\b",
    re.ASCII,
)
# Who is named in the Chinese title of a source and has no Chinese name.
NAMED_IN_SOURCES = {"Aspire", "HK"}
COLUMNS = {"ytd_yoy_pct", "ytd_value_100m", "ytd_value_"}  # as the files of figures call them


def seen(page):
    """Return what a reader sees of a page, without the record of its run."""
    told = page.html.partition("<footer")[0]
    told = re.sub(r"<(script|style|title|pre)\b.*?</\1>", " ", told, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "\n", told))


def printed(path):
    """Return the text of a Word document, with its heads, feet and footnotes."""
    document = docx.Document(path)
    parts = [document.part] + [
        one.target_part
        for one in document.part.rels.values()
        if not one.is_external and re.search(r"head|foot", str(one.target_part.partname))
    ]
    found = [re.split(r"</w:p>", one.blob.decode("utf-8")) for one in parts]
    runs = re.compile(r"<w:t(?: [^>]*)?>([^<]*)</w:t>")
    lines = ["".join(runs.findall(paragraph)) for part in found for paragraph in part]
    return html.unescape("\n".join(lines))


@pytest.fixture(scope="session")
def names(demo_ledger):
    """Return what the made-up ledgers call things, the longest first; choices are no names."""
    found = {"演示数据"}
    city = [path for code, path in demo_ledgers().items() if code != DEMO_DISTRICT]
    for reading in (demo_ledger, *(ledger_reading(str(path)) for path in city)):
        for name, table in reading.settled().items():
            fields = ledger_tables()[name].fields
            texts = [one for one in fields if fields[one].kind in {"text", "code"}]
            for column in {*texts, "file", "sheet"} & {*table.columns}:
                found |= {str(one).strip() for one in table[column].unique()} - {""}
    return sorted(found, key=len, reverse=True)


def left_over(words, names, pattern):
    """Return what a pattern finds in words when names are taken out."""
    for name in names:
        words = words.replace(name, " ")
    found = set(pattern.findall(A_NAME_OF_A_FILE.sub(" ", A_PLACE.sub(" ", words))))
    charts = "".join(one for one in names if len(one) > 1)  # they break and cut long names
    return sorted(one for one in found if not HAN.search(one) or one not in charts)


def english_in(words, names):
    known = WRITTEN_SO | COLUMNS | {part for id in known_sources() for part in LATIN.findall(id)}
    titled = {part for one in known_sources().values() for part in LATIN.findall(one.what.zh)}
    known |= NAMED_IN_SOURCES & titled
    return [one for one in left_over(words, names, LATIN) if one not in known]


@pytest.fixture(scope="session")
def result_columns(built_site):
    """Return the names of columns in result files, which are the files' own in any language."""
    files = built_site.glob("runs/*/results/*.csv")
    heads = [path.read_text(encoding="utf-8-sig").partition("\n")[0] for path in files]
    assert heads
    return {part for head in heads for part in LATIN.findall(head)}


def test_no_chinese_page_holds_english_words(pages, names, result_columns):
    chinese = {path: page for path, page in pages.items() if path.startswith("zh/")}
    assert len(chinese) >= 14
    found = {
        path: [one for one in english_in(seen(page), names) if one not in result_columns]
        for path, page in chinese.items()
    }
    assert {path: words for path, words in found.items() if words} == {}


def test_no_english_page_holds_chinese_but_names_that_it_says_are_the_ledgers(pages, names):
    english = {path: page for path, page in pages.items() if path.startswith("en/")}
    assert len(english) >= 14
    found = {}
    for path, page in english.items():
        words = left_over(seen(page), ["中文", *names], HAN)
        if words:
            found[path] = words
        elif "as in the ledger" not in page.words:
            assert set(left_over(seen(page), ["中文", "演示数据"], HAN)) == set(), path
    assert found == {}


def test_word_is_whole_in_its_language(built_site, names):
    written = {
        (path, lang)
        for lang in LANGUAGES
        for path in built_site.glob(f"runs/*-08_briefing-*-{lang}-*/results/briefing.docx")
    }
    assert len(written) >= 4
    for path, lang in written:
        words = printed(path)
        left = english_in(words, names) if lang == "zh" else left_over(words, names, HAN)
        assert left == [], path
        if lang == "en" and left_over(words, ["演示数据"], HAN):
            assert "as in the ledger" in words


def test_what_is_left_over_is_found(names):
    assert english_in("公式：sum of done, level = city", names)
    assert left_over("Definition: 合计", names, HAN) == ["合计"]
