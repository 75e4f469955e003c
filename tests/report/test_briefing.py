"""The briefing's files: what its page offers, and the Word document turned into PDF and read."""

import base64
import json
import os
import re
import shutil
import subprocess
import unicodedata
import zipfile
from itertools import pairwise

import docx
import pytest

from faiwatch.briefing.word import word_document

HOW_TO_GET = "no LibreOffice on PATH, its tests skipped: apt-get install libreoffice-writer-nogui"
PAGES = {"zh-990101", "en-990101", "zh-000000", "en-000000"}
SENT = {f"{lang}-990101-{file}" for lang in ("zh", "en") for file in ("report", "provenance")}


@pytest.fixture(scope="module")
def folders(built_site):
    """Return the results folder of every briefing of the site by language and region."""
    records = [
        (path.parent, json.loads(path.read_text("utf-8")))
        for path in sorted(built_site.glob("runs/*-08_briefing-*/run.json"))
    ]
    return {f"{record['lang']}-{record['region']}": path / "results" for path, record in records}


@pytest.fixture(scope="module")
def printed(folders, small_briefing, tmp_path_factory):
    """Return every Word document as PDF, and a small hostile one, converted in one go."""
    if shutil.which("soffice") is None:
        if os.environ.get("CI") == "true":
            pytest.fail(HOW_TO_GET.replace("skipped", "cannot run"))
        pytest.skip(HOW_TO_GET)
    folder = tmp_path_factory.mktemp("word")
    for name, results in folders.items():
        shutil.copy(results / "briefing.docx", folder / f"{name}.docx")
        for file in ("report", "provenance") if name.endswith("990101") else ():
            shutil.copy(results / f"{file}.docx", folder / f"{name}-{file}.docx")
    (folder / "small.docx").write_bytes(word_document(small_briefing, "zh"))
    profile = (folder / "profile").as_uri()
    done = subprocess.run(
        [
            *("soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"),
            *("--outdir", str(folder), *map(str, folder.glob("*.docx"))),
        ],
        capture_output=True,
        text=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    return {path.stem: path for path in folder.glob("*.pdf")}


def asked(program, *arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, check=True)
    return done.stdout.decode()


def squeezed(words):
    """Return words as they compare: no spaces, no stops, letters of fonts (⽐) as what they mean.

    (A stop at the end of a line hangs in the margin, and is read after the page or not at all.)
    """
    return "".join(unicodedata.normalize("NFKC", re.sub("[，。、；：]", "", words)).split())


def rows(listing):
    """Return a listing of poppler's as rows of words, without its two lines of heading."""
    return [line.split() for line in listing.splitlines()[2:]]


def test_every_briefing_of_the_report_is_there(folders):
    assert set(folders) == PAGES
    for results in folders.values():
        names = {path.name for path in results.iterdir()}
        assert {"briefing.docx", "briefing.txt", "slots.json", "findings.json"} <= names


def test_the_page_offers_the_very_files_of_the_results(folders, built_site):
    for name, results in folders.items():
        lang, region = name.split("-")
        html = (built_site / lang / region / "08_briefing.html").read_text("utf-8")
        files = re.findall(
            r'class="fw-file-link" download="([^"]+)" href="data:[^,]+,([^"]+)"', html
        )
        contents = [base64.b64decode(content) for _, content in files]
        sent = ["report.docx", "provenance.docx"] if region == "990101" else []
        wanted = [*sent, "briefing.docx", "briefing.txt", "slots.json"]
        assert contents == [(results / file).read_bytes() for file in wanted]
        assert all("2026" in called for called, _ in files)


def test_every_number_of_the_text_is_a_link_to_its_rows(folders, built_site):
    for name, results in folders.items():
        lang, region = name.split("-")
        html = (built_site / lang / region / "08_briefing.html").read_text("utf-8")
        slots = json.loads((results / "slots.json").read_text("utf-8"))["slots"]
        linked = set(re.findall(r'class="fw-slot"[^>]* href="#from-(\w+)"', html))
        assert linked <= {slot["id"] for slot in slots}
        article = re.search(r'<article class="fw-briefing".*?</article>', html, re.DOTALL)[0]
        prose = re.findall(r"<p>(.*?)</p>", article, re.DOTALL)
        bare = re.sub(r'<a class="fw-slot".*?</a>|<[^>]+>', " ", " ".join(prose))
        assert prose
        assert not re.search(r"\d[.\d]*\s*(?:%|个百分点|亿元|percent)", bare), name


def test_the_demonstration_district_leaves_nothing_open(folders):
    for lang in ("zh", "en"):
        told = json.loads((folders[f"{lang}-990101"] / "slots.json").read_text("utf-8"))
        html_words = (folders[f"{lang}-990101"] / "briefing.txt").read_text("utf-8-sig")
        assert told["sentences"]
        assert "待补" not in html_words
        assert "not available" not in html_words


def test_the_table_of_key_projects_ends_in_the_figures_of_the_text(folders):
    results = folders["zh-990101"]
    slots = json.loads((results / "slots.json").read_text("utf-8"))["slots"]
    told = {slot["id"]: slot["text"] for slot in slots}
    table = docx.Document(results / "briefing.docx").tables[0]
    last = [cell.text for cell in table.rows[-1].cells]
    assert last[1:] == [
        told[name] for name in ("n_key_projects", "annual_plan", "key_done", "key_done_rate")
    ]
    counts = [int(row.cells[1].text) for row in table.rows[1:-1]]
    assert sum(counts) == int(last[1])


def test_word_opens_in_libreoffice_on_a4(printed):
    assert set(printed) == PAGES | SENT | {"small"}
    for name, path in printed.items():
        told = asked("pdfinfo", path)
        assert re.search(r"Page size: +595\.\d+ x 841\.\d+ pts \(A4\)", told), name
        pages = int(re.search(r"Pages: +(\d+)", told)[1])
        words = squeezed(asked("pdftotext", path, "-"))
        assert all(f"—{page}—" in words for page in range(1, pages + 1)), name


def test_every_sentence_is_on_paper(folders, printed):
    for name, results in folders.items():
        told = json.loads((results / "slots.json").read_text("utf-8"))
        # a footnote's number may stand between two sentences, never within one
        words = squeezed(asked("pdftotext", "-raw", printed[name], "-"))
        for id, sentence in told["sentences"].items():
            lines = squeezed(sentence)
            assert lines in words or _crosses_a_page(lines, words), (name, id)


def _crosses_a_page(sentence, words):
    """Whether a sentence stands in two parts, the foot of a page between them."""
    return any(sentence[:at] in words and sentence[at:] in words for at in range(1, len(sentence)))


def test_lines_stand_28_points_apart(printed):
    layout = asked("pdftotext", "-bbox-layout", "-l", 5, printed["zh-990101"], "-")
    tops = [float(top) for top in re.findall(r'<line [^>]*yMin="([\d.]+)"', layout)]
    gaps = [round(later - earlier) for earlier, later in pairwise(tops)]
    assert gaps.count(28) >= 20, gaps


def test_every_page_is_marked_as_made_up(printed):
    for name, path in printed.items():
        sheets = asked("pdftotext", path, "-").split("\f")[:-1]
        mark = "Demonstration data" if name.startswith("en") else "演示数据"
        assert [mark in sheet for sheet in sheets] == ["000000" not in name] * len(sheets), name


def test_no_page_of_the_report_that_is_sent_is_nearly_empty(printed):
    for name in sorted(SENT):
        if not name.endswith("report"):
            continue
        sheets = asked("pdftotext", "-layout", printed[name], "-").split("\f")[:-1]
        lines = [len([line for line in sheet.splitlines() if line.strip()]) for sheet in sheets]
        assert len(lines) > 2, name
        assert all(3 * count >= max(lines) for count in lines), (name, lines)
        assert "附表" not in "".join(sheets)
        assert not [one for one in docx_footnotes(printed[name]) if one]


def docx_footnotes(path):
    """Return the footnotes of the Word document that a PDF was made from."""
    with zipfile.ZipFile(path.with_suffix(".docx")) as package:
        parts = [name for name in package.namelist() if name.endswith("footnotes.xml")]
        return [re.findall(rb'w:footnote [^>]*w:id="[1-9]', package.read(part)) for part in parts]


def test_every_figure_of_the_report_is_in_its_provenance(printed):
    for lang in ("zh", "en"):
        told = docx.Document(printed[f"{lang}-990101-provenance"].with_suffix(".docx"))
        rows = told.tables[0].rows[1:]
        body = squeezed(asked("pdftotext", "-raw", printed[f"{lang}-990101-report"], "-"))
        assert len(rows) > 60
        figures = [squeezed(row.cells[1].text) for row in rows]
        assert sum(figure in body for figure in figures) > 0.9 * len(figures)


def test_pictures_have_print_density_and_words_for_those_who_cannot_see(folders, printed):
    for name, results in folders.items():
        pictures = [row for row in rows(asked("pdfimages", "-list", printed[name])) if row]
        charts = [row for row in pictures if row[2] == "image"]
        assert len(charts) == 2, name
        assert all(int(density) >= 290 for row in charts for density in row[12:14])
        shapes = docx.Document(results / "briefing.docx").inline_shapes
        told = [shape._inline.docPr.get("descr") for shape in shapes]
        assert len({shape._inline.docPr.get("id") for shape in shapes}) == len(told) == 2
        assert all(len(words) > 20 for words in told), told


def test_every_letter_has_a_font_within_the_pdf(printed):
    for name, path in printed.items():
        fonts = rows(asked("pdffonts", path))
        assert fonts, name
        assert all("yes" in row for row in fonts), (name, fonts)


def test_hostile_words_do_nothing_on_paper(printed):
    words = squeezed(asked("pdftotext", printed["small"], "-"))
    assert "<script>alert(1)</script>=1+1{{7*7}}" in words
    assert words.count("长") == 10_000
