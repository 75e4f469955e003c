"""Give a document its page, fonts and styles, whatever it was begun from."""

from __future__ import annotations

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle

from faiwatch.briefing.word.look import BODY_PT, FALLBACKS, LATIN, LINE_PT, PAGE, STYLES, Style
from faiwatch.core.text import LANGUAGE_TAGS, Language

FOOTNOTE_REFERENCE = "footnote reference"
_ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
# What the blank document of python-docx brings along and ours does not need.
_STRANGERS = ("thumbnail", "customXml", "stylesWithEffects", "numbering", "extended-properties")
CHARACTERS_A_LINE = 28
_BASIC = ("Normal", "Default Paragraph Font", "Normal Table")
# Those that are not Word's own.
_OURS = ("Verdict", "Addressee", "Signed", "Attached", "Mark", "Picture", "Source", "Cell")
# What may stand after the borders of a paragraph (ISO/IEC 29500-1, 17.3.1.26).
_AFTER_RULE = ("w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
_WORD_2013 = "15"  # newer programs open an older mode as a document to be converted


def dress_blank(document: Document, lang: Language) -> None:
    """Turn the blank document of python-docx into one of ours: page, styles, fonts, language."""
    package, settings = document.part.package, document.settings.element
    for relations in (package.rels, document.part.rels):
        for id in [id for id, one in relations.items() if one.reltype.endswith(_STRANGERS)]:
            del relations[id]
    for style in list(document.styles):
        if style.name not in _BASIC:
            style.delete()
    document.styles.element.replace(
        document.styles.element.find(qn("w:docDefaults")),
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr>"
            f'<w:lang w:val="en-GB" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )
    theme = settings.find(qn("w:themeFontLang"))
    theme.set(qn("w:val"), "en-GB")
    theme.set(qn("w:eastAsia"), LANGUAGE_TAGS["zh"])
    for section in document.sections:
        set_page(section, lang)
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{",".join(others)}"/>'
        f'<w:charset w:val="{"00" if name == LATIN else "86"}"/></w:font>'
        for name, others in FALLBACKS.items()
    )
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    part._blob = f"<w:fonts {nsdecls('w')}>{fonts}</w:fonts>".encode()
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), _WORD_2013)
    _set_style(document, document.styles["Normal"], STYLES[lang][0])
    add_styles(document, lang)


def add_styles(document: Document, lang: Language) -> None:
    """Add the styles that a document lacks; those of a letterhead stay as their owner made them."""
    there = {style.name for style in document.styles}
    for look in STYLES[lang]:
        if look.name not in there:
            style = document.styles.add_style(
                look.name, WD_STYLE_TYPE.PARAGRAPH, builtin=look.name not in _OURS
            )
            _set_style(document, style, look)
    if FOOTNOTE_REFERENCE not in {style.name for style in document.styles}:
        mark = document.styles.add_style(FOOTNOTE_REFERENCE, WD_STYLE_TYPE.CHARACTER, builtin=True)
        mark.font.superscript = True


def set_fonts(properties: BaseOxmlElement, east_asian: str) -> None:
    """Name the fonts of a style or run for every kind of character."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.attrib.clear()
    for name, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", east_asian), ("cs", LATIN)):
        fonts.set(qn(f"w:{name}"), font)


def set_page(section: Section, lang: Language) -> None:
    """Give a section the sheet, the margins and the grid of lines and characters."""
    section.page_width, section.page_height = Mm(PAGE.width_mm), Mm(PAGE.height_mm)
    section.top_margin, section.bottom_margin = Mm(PAGE.top_mm), Mm(PAGE.bottom_mm)
    section.left_margin, section.right_margin = Mm(PAGE.left_mm), Mm(PAGE.right_mm)
    section.header_distance, section.footer_distance = Mm(PAGE.head_mm), Mm(PAGE.foot_mm)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid.set(qn("w:linePitch"), str(round(20 * LINE_PT[lang])))
    if lang == "zh":
        # 28 characters to a line: what each is narrower than its size, in 4096ths of a point
        pitch = Mm(PAGE.text_mm).pt / CHARACTERS_A_LINE
        grid.set(qn("w:type"), "linesAndChars")
        grid.set(qn("w:charSpace"), str(int(4096 * (pitch - BODY_PT[lang]))))


def _set_style(document: Document, target: ParagraphStyle, look: Style) -> None:
    element = target.element
    for tag in ("w:pPr", "w:rPr"):
        for old in element.findall(qn(tag)):
            element.remove(old)
    target.font.size, target.font.bold = Pt(look.size_pt), look.is_bold or None
    set_fonts(element.get_or_add_rPr(), look.font)
    if look.name != "Normal":
        target.base_style = document.styles["Normal"]
    shape = target.paragraph_format
    shape.alignment = _ALIGN[look.align]
    shape.space_before, shape.space_after = Pt(look.space_before_pt), Pt(look.space_after_pt)
    shape.keep_with_next, shape.widow_control = look.keeps_with_next, True
    if look.line_pt:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line_pt)
    else:
        shape.line_spacing = 1.0
    # the first line is indented by whole characters; the absolute width is for other programs
    indent = element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), str(100 * look.indent_chars))
    indent.set(qn("w:firstLine"), str(round(20 * look.indent_chars * look.size_pt)))
    if look.is_ruled:
        lines = "".join(
            f'<w:{edge} w:val="single" w:sz="8" w:space="6" w:color="auto"/>'
            for edge in ("top", "bottom")
        )
        rule = parse_xml(f"<w:pBdr {nsdecls('w')}>{lines}</w:pBdr>")
        element.get_or_add_pPr().insert_element_before(rule, *_AFTER_RULE)
    target.quick_style, target.hidden = True, False
