"""A briefing as plain text to paste, and its slots as JSON."""

from __future__ import annotations

import re
from typing import Any

from faiwatch.briefing.document import OWN
from faiwatch.briefing.record import NOTHING, Briefing, Document, Section, place
from faiwatch.core.text import Language, Text

_MARKS = {
    "made_up": Text("演示数据（虚构）", "Demonstration data (made up)"),
    "confidential": Text("内部资料", "Confidential"),
}
_NOTES = Text("口径说明", "Definitions")
_OPEN = Text("待补事项", "Figures not available")
_NAMES = Text("名称照录台账。", "Names in Chinese are as in the ledger.")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OWN = Text("模板自带数字", "Numbers of the template's own")


def marks(briefing: Briefing) -> tuple[Text, ...]:
    """Return what every page of a briefing must say: 「演示数据」, 「内部资料」, or nothing."""
    is_there = {"made_up": briefing.is_made_up, "confidential": briefing.is_confidential}
    return tuple(mark for name, mark in _MARKS.items() if is_there[name])


def contested(briefing: Briefing, lang: Language) -> tuple[str, ...]:
    """Return the notes on both conventions of the slots that a document shows.

    Where an English document holds Chinese names, a last note says that they are the ledger's own.
    """
    document = briefing.document(lang)
    names = (_NAMES.en,) if lang == "en" and _HAN.search(_whole(document)) else ()
    shown = {slot for one in document.sentences for slot in one.slots}
    told = tuple(
        dict.fromkeys(
            slot.note.in_language(lang)
            for id, slot in briefing.slots.items()
            if id in shown and slot.note != NOTHING
        )
    )
    return told + names


def _whole(document: Document) -> str:
    return " ".join(sentence.text for sentence in document.sentences)


def lacking(briefing: Briefing, lang: Language) -> tuple[str, ...]:
    """Return what is missing for the slots that are shown as 「待补」."""
    colon = "：" if lang == "zh" else ": "
    return tuple(
        f"{slot.definition.in_language(lang)}{colon}{slot.missing.in_language(lang)}"
        for slot in briefing.open_slots
    )


def own_numbers(briefing: Briefing, lang: Language) -> tuple[str, ...]:
    """Return what is said of the numbers that a user's template brought along; often nothing."""
    found = dict.fromkeys(briefing.document(lang).own_numbers)
    if not found:
        return ()
    told = Text(
        f"标{OWN}的数字是模板自带的，没有出处，未与数据核对：{'、'.join(found)}。",
        f"Numbers marked {OWN} come with the template, have no source and are not checked against "
        f"the data: {', '.join(found)}.",
    )
    return (told.in_language(lang),)


def briefing_text(briefing: Briefing, lang: Language) -> str:
    """Return the briefing as text to paste: paragraphs, then notes on contested definitions.

    Raises
    ------
    DataInvalidError
        The briefing is blocked.
    """
    document = briefing.document(lang)
    lines = [mark.in_language(lang) for mark in marks(briefing)] + [document.title, ""]
    for section in document.sections:
        lines += _section_lines(section, lang)
    lists = (
        (_NOTES, contested(briefing, lang)),
        (_OPEN, lacking(briefing, lang)),
        (_OWN, own_numbers(briefing, lang)),
    )
    for heading, told in lists:
        if told:
            lines += [heading.in_language(lang)]
            lines += [f"{number}. {words}" for number, words in enumerate(told, start=1)] + [""]
    return "\n".join(lines).rstrip() + "\n"


def _section_lines(section: Section, lang: Language) -> list[str]:
    indent, between = ("\N{IDEOGRAPHIC SPACE}" * 2, "") if lang == "zh" else ("", " ")
    heading = [section.title, ""] if section.title else []
    return heading + [
        line
        for paragraph in section.paragraphs
        for line in (indent + between.join(one.text for one in paragraph.sentences), "")
    ]


def slots_json(briefing: Briefing, lang: Language) -> dict[str, Any]:
    """Return slots and contradictions as ``faiwatch briefing --json`` prints them.

    Returns
    -------
    dict
        ``region``, ``as_of``, ``lang``, ``slots`` (``id value unit text state definition formula
        inputs note missing``), ``blocked`` (``id what where``), ``sentences`` (id to text; what a
        later briefing is compared with), ``own_numbers`` (those that a user's template brought).
    """
    sentences = briefing.documents[lang].sentences if lang in briefing.documents else ()
    return {
        "region": briefing.region.code,
        "as_of": briefing.as_of,
        "lang": lang,
        "slots": [
            {
                "id": slot.id,
                "value": slot.value,
                "unit": slot.unit,
                "text": slot.text.in_language(lang),
                "state": slot.state,
                "definition": slot.definition.in_language(lang),
                "formula": slot.formula_in(lang),
                "inputs": [row.model_dump(mode="json") for row in slot.inputs],
                "note": slot.note.in_language(lang),
                "missing": slot.missing.in_language(lang),
            }
            for slot in briefing.slots.values()
        ],
        "blocked": [
            {
                "id": one.id,
                "what": one.what.in_language(lang),
                "where": [place(row) for row in one.inputs],
            }
            for one in briefing.blocked
        ],
        "sentences": {one.id: one.text for one in sentences},
        "own_numbers": list(briefing.documents[lang].own_numbers if sentences else ()),
    }
