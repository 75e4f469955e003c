"""Drafts of the notices that a city sends to its districts, each with its reply form, as Word.

A draft says what its rows say and nothing else: figures, reasons by the rules, the date of the
answer. Who sends it, its number and its day are blanks (「待补」) for the office to fill in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from docx.enum.text import WD_COLOR_INDEX
from docx.text.paragraph import Paragraph

from faiwatch.briefing.plain import MARKS
from faiwatch.briefing.word.attached import place_signature
from faiwatch.briefing.word.edges import blank_document
from faiwatch.briefing.word.package import fit_for_xml, packed, set_properties
from faiwatch.briefing.word.tables import add_table
from faiwatch.core.files import atomic_write_bytes
from faiwatch.core.phrases import growth_phrase, joined, length_phrase, say, with_stop
from faiwatch.core.text import NOT_AVAILABLE, Language, Text
from faiwatch.data.notices import drafted, write_notices
from faiwatch.data.regions import Region, region_named
from faiwatch.data.summons_rules import LEVELS
from faiwatch.ledger.city.book import City

_TITLES: Mapping[str, Text] = {
    "remind": Text("关于固定资产投资增长情况的提醒函", "Reminder on investment growth"),
    "interview": Text("关于固定资产投资增长情况的约谈通知", "Summons on investment growth"),
    "supervise": Text("关于固定资产投资增长情况的督办通知", "Supervision notice on investment"),
}
_ASKED: Mapping[str, Text] = {
    "remind": Text(
        "请对照上述情况查找原因，将原因和拟采取的措施填入回执。",
        "Please look for the causes and enter them in the reply form with the measures you intend.",
    ),
    "interview": Text(
        "请主要负责同志做好约谈准备，围绕上述情况说明原因、整改措施、完成时限和责任人，"
        "并填写回执。约谈时间、地点：待补。",
        "The responsible official is asked to prepare to explain the causes, measures, dates and "
        "who answers for them, and to fill in the reply form. Time and place of the meeting: not "
        "available yet.",
    ),
    "supervise": Text(
        "现予督办。请逐项制定整改措施，明确完成时限和责任人，填写回执，并按月报送进展直至销号。",
        "This is now under supervision. Please set measures item by item with dates and names, "
        "fill in the reply form, and report progress every month until it is closed.",
    ),
}
_FORM = (
    Text("序号", "No."),
    Text("存在问题", "Problem"),
    Text("原因", "Reason"),
    Text("整改措施", "Measure"),
    Text("完成时限", "Deadline"),
    Text("责任单位和责任人", "Who answers for it"),
)
_FORM_MM, _FORM_ROW_MM = (13, 42, 28, 28, 23, 22), 22


def write_drafts(city: City, folder: Path, *, lang: Language) -> list[Path]:
    """Write a draft for each district that is to have a notice, and the list of notices.

    Parameters
    ----------
    city : City
        Whose summons list is followed; its notices so far are kept and get no second draft.
    folder : Path
        Made where it is not there.
    lang : {"zh", "en"}
        Language of the drafts.

    Returns
    -------
    list of Path
        The list, then the drafts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    notices = drafted(
        city.summons, city.notices, city.rules, month=city.facts.month, today=city.inputs.day
    )
    kept = set(city.notices["notice_id"])
    written = [write_notices(notices, folder)]
    for _, row in notices[~notices["notice_id"].isin(kept)].iterrows():
        called = region_named(str(row["region_code"])).name.in_language(lang)
        level = LEVELS[row["level"]].in_language(lang)
        path = folder / f"{row['month']} {called} {level}.docx"
        atomic_write_bytes(path, draft(city, row, lang=lang))
        written.append(path)
    return written


def draft(city: City, notice: pd.Series, *, lang: Language) -> bytes:
    """Return one notice as a ``.docx``: addressee, facts, reasons, what is asked, reply form.

    Parameters
    ----------
    city : City
        The city that sends it.
    notice : Series
        A row of the list of notices.
    lang : {"zh", "en"}
        Language of the document.
    """
    district = region_named(str(notice["region_code"]))
    row = city.standing[city.standing["region_code"] == district.code].iloc[0]
    level = str(notice["level"])
    title = _TITLES[level].in_language(lang)
    made_up = district.is_made_up or city.known.source.is_made_up
    blank = NOT_AVAILABLE[lang]
    document = blank_document(lang, [MARKS["made_up"].in_language(lang)] if made_up else [])

    def add(words: Text | str, style: str = "Normal") -> Paragraph:
        told = words if isinstance(words, str) else words.in_language(lang)
        line = document.add_paragraph("", style)
        for at, piece in enumerate(fit_for_xml(told).split(blank)):
            if at:  # what the office has to fill in
                line.add_run(blank).font.highlight_color = WD_COLOR_INDEX.YELLOW
            line.add_run(piece)
        return line

    add(say("briefing.notices.number", blank=blank), "Subtitle")
    add(title, "Title")
    add(say("briefing.notices.government", district=district.name), "Addressee")
    add(_facts(city, district, row))
    why = say(
        "briefing.notices.summoned_because",
        levels=LEVELS[level],
        reason_zh=notice["reason_zh"],
        reason_en=notice["reason_en"],
    )
    add(why)
    add(_ASKED[level])
    due = notice["due"]
    day = say("briefing.notices.day", year=due.year, month=due.month, day=due.day, due=due)
    add(say("briefing.notices.please_answer", day=day))
    form = Text("回执", "Reply form")
    add(say("briefing.notices.attached", form=form)).paragraph_format.keep_with_next = True
    who = say("briefing.notices.from", blank=blank)
    signed = [add(words, "Signed") for words in (who, say("briefing.notices.date", blank=blank))]
    if lang == "zh":
        place_signature(signed)
    signed[-1].paragraph_format.keep_with_next = False  # the next one begins a page
    add(Text("附件", "Attachment"), "Attached").paragraph_format.page_break_before = True
    add(form, "Title")
    reasons = str(notice[f"reason_{lang}"]).split("；" if lang == "zh" else "; ")
    head = [one.in_language(lang) for one in _FORM]
    rows = [[str(at), words, "", "", "", ""] for at, words in enumerate(reasons, start=1)]
    add_table(document, [head, *rows], lang=lang, widths_mm=_FORM_MM, row_mm=_FORM_ROW_MM)
    add(
        Text(
            "填报单位（盖章）：　　　负责人：　　　日期：", "Office (seal):      Signed:      Date:"
        )
    )
    set_properties(document, title=title, lang=lang, issued=f"{city.inputs.day:%Y-%m-%d}")
    return packed(document)


def _facts(city: City, district: Region, row: pd.Series) -> Text:
    """Say growth, rank, and the gaps that are known."""
    month, growth = city.month, float(row["ytd_yoy_pct"])
    if math.isnan(growth):
        return say("briefing.notices.growth_available", month=month, district=district.name)
    grew = growth_phrase(growth)
    told = [
        say("briefing.notices.grew", month=month, district=district.name, growth=grew),
        say(
            "briefing.notices.rank",
            city=city.region.name,
            n=len(city.facts.known),
            rank=row["rank"],
        ),
    ]
    if not math.isnan(gap := float(row["city_gap_pp"])):
        told.append(say("briefing.notices.beside_city", side=_side(gap), gap=abs(gap)))
    if not math.isnan(gap := float(row["target_gap_pp"])):
        target = row["target_growth_pct"]
        told.append(
            say("briefing.notices.beside_target", side=_side(gap), gap=abs(gap), target=target)
        )
    if row["n_months_ytd"] > 0:
        spell = length_phrase(int(row["n_months_ytd"]), int(row["n_releases_ytd"]))
        told.append(say("briefing.notices.negative_for", spell=spell))
    return with_stop(joined(told, "，", "; "))


def _side(gap: float) -> Text:
    return Text("高于", "above") if gap >= 0 else Text("低于", "below")
