"""The Word document: its look, footnotes, tables, letterhead, and what it cannot be made do."""

import io
import re
import zipfile
from dataclasses import replace

import docx
import pandas as pd
import pytest
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Pt
from lxml import etree

from faiwatch.briefing.exhibits import Exhibit
from faiwatch.briefing.word import word_document
from faiwatch.briefing.word.letter import width_of
from faiwatch.briefing.word.look import FALLBACKS, PAGE
from faiwatch.briefing.word.tables import column_widths
from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.core.text import LANGUAGES, Text
from faiwatch.data.measures import Measure
from faiwatch.view.tables import Table

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TABLE = Table(
    pd.DataFrame({"name": ["快速路", "=1+1"], "gap": ["1,234.5", None]}),
    Text("滞后项目", "Lagging projects"),
    {
        "name": Measure("name", Text("项目", "Project")),
        "gap": Measure("gap", Text("欠账", "Shortfall")),
    },
    "zh",
)
# ISO/IEC 29500-1: elements stand in this order, or Word offers to repair the document.
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr spacing ind jc rPr",
    "rPr": "rStyle rFonts b sz highlight vertAlign lang",
    "tblPr": "tblStyle tblW jc tblBorders tblLayout tblLook",
    "sectPr": "headerReference pgSz pgMar cols docGrid",
    "settings": "zoom defaultTabStop evenAndOddHeaders characterSpacingControl footnotePr compat",
    "style": "name basedOn next link uiPriority unhideWhenUsed qFormat pPr rPr",
}


@pytest.fixture(scope="module", params=LANGUAGES)
def content(request, small_briefing):
    exhibit = Exhibit(replace(TABLE, lang=request.param), ("position",))
    return word_document(small_briefing, request.param, exhibits=[exhibit])


def opened(content):
    return docx.Document(io.BytesIO(content))


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def xml_of(content):
    parts = parts_of(content)
    return {name: etree.fromstring(part) for name, part in parts.items() if "xml" in name[-5:]}


def words_of(content, part="word/document.xml"):
    return "".join(xml_of(content)[part].itertext(f"{W}t"))


def test_the_page_is_that_of_an_official_document(content):
    (section,) = opened(content).sections
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    lengths = [round(one.mm, 1) for one in (section.page_width, section.page_height, *margins)]
    assert lengths == [210, 297, 37, 35, 28, 26]


def test_the_chinese_page_holds_22_lines_of_28_characters(small_briefing):
    document = opened(word_document(small_briefing, "zh"))
    section, body = document.sections[0], document.styles["Normal"]
    height = section.page_height - section.top_margin - section.bottom_margin
    assert height // body.paragraph_format.line_spacing == 22
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch = body.font.size.pt + int(grid.get(qn("w:charSpace"))) / 4096
    width = section.page_width - section.left_margin - section.right_margin
    assert int(width / Pt(1) / pitch) == 28


@pytest.mark.parametrize(
    ("style", "font", "size", "line"),
    [
        ("Title", "方正小标宋简体", 22, 36),
        ("Normal", "仿宋_GB2312", 16, 28),
        ("Heading 1", "黑体", 16, 28),
        ("Heading 2", "楷体_GB2312", 16, 28),
        ("Heading 3", "仿宋_GB2312", 16, 28),
        ("Footer", "宋体", 14, 18),
    ],
)
def test_fonts_and_sizes_are_those_of_the_standard(small_briefing, style, font, size, line):
    found = opened(word_document(small_briefing, "zh")).styles[style]
    fonts = found.element.rPr.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == font
    assert fonts.get(qn("w:ascii")) == fonts.get(qn("w:hAnsi")) == "Times New Roman"
    assert found.font.size == Pt(size)
    assert found.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert found.paragraph_format.line_spacing == Pt(line)


def test_a_chinese_paragraph_begins_two_characters_in_and_a_cell_does_not(small_briefing):
    styles = opened(word_document(small_briefing, "zh")).styles
    indents = {
        name: styles[name].element.pPr.find(qn("w:ind")).get(qn("w:firstLineChars"))
        for name in ("Normal", "Heading 1", "Cell", "Title")
    }
    assert indents == {"Normal": "200", "Heading 1": "200", "Cell": "0", "Title": "0"}


def test_every_font_used_has_others_to_stand_in(content):
    parts = xml_of(content)
    named = {
        font.get(f"{W}{kind}")
        for part in parts.values()
        for font in part.iter(f"{W}rFonts")
        for kind in ("ascii", "hAnsi", "eastAsia", "cs")
    }
    table = {
        font.get(f"{W}name"): font.find(f"{W}altName").get(f"{W}val").split(",")
        for font in parts["word/fontTable.xml"]
    }
    assert named <= set(table) == set(FALLBACKS)
    assert not any("embed" in child.tag.lower() for child in parts["word/fontTable.xml"].iter())


def test_headings_are_real_ones(content):
    document = opened(content)
    headings = [(p.style.name, p.text) for p in document.paragraphs if "Heading" in p.style.name]
    assert headings[:2] == [("Heading 1", "一、情况"), ("Heading 2", "（一）项目")]
    assert document.styles["Heading 1"].style_id == "Heading1"


def test_page_numbers_stand_outside_on_both_sides(content):
    document = opened(content)
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    for footer, side in ((section.footer, "RIGHT"), (section.even_page_footer, "LEFT")):
        (line,) = footer.paragraphs
        assert "".join(line._p.itertext(f"{W}t")) == "— 1 —"
        assert line.alignment.name == side


def test_every_page_carries_its_marks(content):
    section = opened(content).sections[0]
    for header in (section.header, section.even_page_header):
        words = header.paragraphs[0].text
        assert "演示数据" in words or "Demonstration data" in words
        assert "内部资料" in words or "Confidential" in words


def test_a_sentence_with_figures_has_a_footnote_that_says_where_they_stand(small_briefing):
    content = word_document(small_briefing, "zh")
    notes = [
        "".join(note.itertext(f"{W}t")).strip()
        for note in xml_of(content)["word/footnotes.xml"]
        if note.get(f"{W}type") is None
    ]
    assert notes == [
        "出处：district.csv 第140行（2026-09-16发布）。定义和算法见附表第1项。",
        "年度计划待补：台账缺列。出处：ledger.xlsx 2026年8月 第5—7、9行。定义和算法见附表第2—3项。",
    ]
    body = words_of(content)
    assert "I5—I7、I9" in body
    assert "data/demo/district.csv ytd_yoy_pct 第140行" in body


def test_an_open_figure_is_marked(content):
    marked = [run.text for p in opened(content).paragraphs for run in p.runs if _is_marked(run)]
    assert marked in (["待补"], ["not available"])


def _is_marked(run):
    return run.font.highlight_color is not None


def test_tables_repeat_their_head_and_part_no_row(content):
    tables = opened(content).tables
    assert len(tables) == 2
    for table in tables:
        rows = table._tbl.tr_lst
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
        heads = [row.trPr.find(qn("w:tblHeader")) is not None for row in rows]
        assert heads == [True] + [False] * (len(rows) - 1)


@pytest.mark.parametrize(
    "rows",
    [
        [["Unit", "Days overdue", "What next"], ["水利局", "1,024", "letter of supervision " * 4]],
        [
            ["位次", "比上期（百分点）", "1—10月目标", "理由"],
            ["1", "−26.1", "31.5", "连续为负" * 30],
        ],
        [["Responsible unit", *["Target, January–November"] * 6], ["演示区水利局", *["16.4"] * 6]],
    ],
    ids=["en", "zh", "many"],
)
def test_a_table_fills_the_page_and_parts_no_word(rows):
    widths = column_widths(rows)
    assert sum(widths) == pytest.approx(PAGE.text_mm)
    for width, *cells in zip(widths, *rows, strict=True):
        words = [word for cell in cells for word in re.findall(r"[!-~−]+", cell)]
        assert all(width_of(word) * 10.5 * 0.3528 < width - 2 * 1.9 for word in words)


def test_text_does_nothing_but_stand_there(content):
    words, parts = words_of(content), parts_of(content)
    assert "<script>alert(1)</script> =1+1 {{ 7*7 }}" in words
    assert "长" * 10_000 in words
    assert not re.search("[\x00-\x08\x0b\x0c\ufffe\u202a-\u202e]", words)
    fields = [
        found.get(f"{W}instr")
        for part in xml_of(content).values()
        for found in part.iter()
        if found.tag in {f"{W}fldSimple", f"{W}instrText"}
    ]
    assert set(fields) == {" PAGE "}
    assert not any(name.endswith((".bin", ".vml")) for name in parts)


def test_the_package_is_whole(content):
    parts = parts_of(content)
    types = etree.fromstring(parts["[Content_Types].xml"])
    named = {one.get("PartName") for one in types if one.get("PartName")}
    endings = {one.get("Extension") for one in types if one.get("Extension")}
    for name in parts:
        assert f"/{name}" in named or name.rsplit(".", 1)[-1] in endings, name
    for name, part in parts.items():
        if name.endswith(".rels"):
            folder = name.rsplit("_rels/", 1)[0]
            for relation in etree.fromstring(part):
                assert relation.get("TargetMode") != "External"
                target = relation.get("Target")
                path = target[1:] if target.startswith("/") else _joined(folder, target)
                assert path in parts, (name, target)


def _joined(folder, target):
    while target.startswith("../"):
        folder, target = folder.rstrip("/").rpartition("/")[0], target[3:]
    return f"{folder.rstrip('/')}/{target}".lstrip("/")


def test_ids_are_unique_and_footnotes_meet_their_marks(content):
    parts = xml_of(content)
    body, notes = parts["word/document.xml"], parts["word/footnotes.xml"]
    ids = [note.get(f"{W}id") for note in notes]
    marks = [mark.get(f"{W}id") for mark in body.iter(f"{W}footnoteReference")]
    assert len(ids) == len(set(ids))
    assert marks == ids[2:]
    styles = [style.get(f"{W}styleId") for style in parts["word/styles.xml"].iter(f"{W}style")]
    assert len(styles) == len(set(styles))
    used = {
        one.get(f"{W}val")
        for part in parts.values()
        for kind in ("pStyle", "rStyle", "tblStyle")
        for one in part.iter(f"{W}{kind}")
    }
    assert used <= set(styles)


def test_elements_stand_in_the_order_of_the_standard(content):
    for name, part in xml_of(content).items():
        for element in part.iter():
            kind = etree.QName(element).localname if isinstance(element.tag, str) else ""
            order = ORDERS.get(kind, "").split()
            known = [etree.QName(one).localname for one in element]
            places = [order.index(one) for one in known if one in order]
            assert places == sorted(places), (name, kind, known)


def test_it_says_what_it_is_and_nobodys_name(small_briefing):
    for lang, tag in (("zh", "zh-CN"), ("en", "en")):
        told = opened(word_document(small_briefing, lang)).core_properties
        assert (told.title, told.language, told.author) == ("报告 <b>&", tag, "faiwatch")
        assert f"{told.modified:%Y-%m-%d}" == "2026-09-16"


def test_the_same_briefing_gives_the_same_bytes(small_briefing):
    content = word_document(small_briefing, "zh")
    assert word_document(small_briefing, "zh") == content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {part.date_time[0] for part in package.infolist()} == {1980}


@pytest.fixture
def letterhead(tmp_path):
    """Return a function that writes a letterhead of some paragraphs."""

    def write(*paragraphs, header=""):
        document = docx.Document()
        document.sections[0].header.paragraphs[0].text = header
        for words in paragraphs:
            document.add_paragraph(words)
        document.save(tmp_path / "letterhead.docx")
        return tmp_path / "letterhead.docx"

    return write


def test_a_letterhead_keeps_its_words_around_the_briefing(small_briefing, letterhead):
    path = letterhead("{{ month }}", "{{ body }}", "联系人", header="{{ region }}发改局")
    document = opened(word_document(small_briefing, "zh", letterhead=path))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert words[0] == "2026年8月"
    assert words[1] == "报告 <b>&"
    assert words[-1] == "联系人"
    header = document.sections[0].header.paragraphs
    assert header[0].text == "演示区发改局"
    assert "内部资料" in header[-1].text


def test_a_letterhead_keeps_its_own_page_and_styles(small_briefing, letterhead):
    path = letterhead("{{ body }}")
    own = docx.Document(path)
    document = opened(word_document(small_briefing, "zh", letterhead=path))
    assert document.sections[0].left_margin == own.sections[0].left_margin
    assert document.styles["Title"].font.size == own.styles["Title"].font.size


@pytest.mark.parametrize(
    ("paragraphs", "told"),
    [
        (["文号 {{ reference }}", "{{ body }}"], "文号 {{ reference }}.*'reference' is undefined"),
        (["{{ title", "{{ body }}"], "{{ title"),
        (["{{ ''.__class__ }}", "{{ body }}"], "unsafe"),
        (["{{ title * 9 }}", "{{ body }}"], "not allowed"),
        (["no place"], "{{ body }}"),
        (["{{ 'a'.ljust(2000000000) }}", "{{ body }}"], "\\( is not allowed"),
        (["{{ title|center(2000000000) }}", "{{ body }}"], "\\| is not allowed"),
        (["{% for one in title %}{{ one }}{% endfor %}", "{{ body }}"], "for is not allowed"),
        (["{% set a = title ~ title %}", "{{ body }}"], "set is not allowed"),
        (["{{ title ~ title }}", "{{ body }}"], "~ is not allowed"),
    ],
)
def test_a_broken_letterhead_is_told_with_place_and_cause(
    small_briefing, letterhead, paragraphs, told
):
    with pytest.raises(ParameterError, match="(?s)" + told.replace("{", r"\{")) as error:
        word_document(small_briefing, "en", letterhead=letterhead(*paragraphs))
    assert "letterhead.docx" in error.value.message("zh")


def test_a_letterhead_may_fetch_nothing_from_outside(small_briefing, letterhead):
    path = letterhead("{{ body }}")
    document = docx.Document(path)
    kind = docx.opc.constants.RELATIONSHIP_TYPE.IMAGE
    document.part.relate_to("http://example.org/spy.png", kind, is_external=True)
    document.save(path)
    with pytest.raises(ParameterError, match=r"example\.org"):
        word_document(small_briefing, "zh", letterhead=path)


def test_what_is_no_word_document_is_told(small_briefing, tmp_path):
    path = tmp_path / "a.docx"
    with pytest.raises(DataMissingError):
        word_document(small_briefing, "zh", letterhead=path)
    for content in (b"", b"PK\x03\x04", b"hello"):
        path.write_bytes(content)
        with pytest.raises(ParameterError, match=r"a\.docx"):
            word_document(small_briefing, "zh", letterhead=path)


def test_footnotes_of_a_letterhead_stay_before_ours(small_briefing, tmp_path):
    path = tmp_path / "with-notes.docx"
    own = opened(word_document(small_briefing, "zh"))
    (hostile,) = (one for one in own.paragraphs if "{{" in one.text)
    hostile.text = "{{ body }}"
    own.save(path)
    content = word_document(small_briefing, "zh", letterhead=path)
    parts = xml_of(content)
    ids = [note.get(f"{W}id") for note in parts["word/footnotes.xml"]]
    marks = [
        mark.get(f"{W}id") for mark in parts["word/document.xml"].iter(f"{W}footnoteReference")
    ]
    assert ids == ["-1", "0", "1", "2", "3", "4"]
    assert marks == ids[2:]
