"""A briefing as plain text to paste, and its findings as JSON."""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel

from faiwatch.briefing.document import OWN
from faiwatch.briefing.record import Attachment, Briefing, Document, place
from faiwatch.core.finding import InputRow, State
from faiwatch.core.phrases import say, texts_of, words_told
from faiwatch.core.text import NOTHING, Language, Text

MARKS = texts_of("briefing.words_marks")
_ATTACHMENT = Text("附件", "Attachment ")
_NAMES = Text("名称照录台账。", "Names in Chinese are as in the ledger.")
_HAN = re.compile(r"[\u4e00-\u9fff]")
# what such a report tells where there is something to tell
TOLD_IF_ANY = (
    *("n_event_visit", "n_event_interview", "n_event_task_force", "n_event_document"),
    *("n_meetings", "n_joint_meetings", "n_event_forward", "n_event_special_meeting"),
    *("n_event_planning", "n_event_training", "n_event_promotion", "signed_count"),
    *("n_event_site_review", "n_leads", "n_event_inspection", "n_cross_finished", "n_renewal"),
    *("n_parks", "n_pipeline", "n_target_units", "n_tasks", "n_measures_in_force"),
)


def marks(briefing: Briefing) -> tuple[Text, ...]:
    """Return what every page of a briefing must say: 「演示数据」, 「内部资料」, or nothing."""
    is_there = {"made_up": briefing.is_made_up, "confidential": briefing.is_confidential}
    return tuple(mark for name, mark in MARKS.items() if is_there[name])


def attachments(briefing: Briefing, lang: Language) -> list[tuple[str, Attachment]]:
    """Return the attachments of a briefing, each under 「附件」 and its number."""
    every = briefing.document(lang).attachments
    numbers = [str(at) for at in range(1, len(every) + 1)] if len(every) > 1 else [""]
    word = _ATTACHMENT.in_language(lang)
    return [(f"{word}{number}", one) for number, one in zip(numbers, every, strict=False)]


def closing_lists(briefing: Briefing, lang: Language) -> list[tuple[str, list[str]]]:
    """Return what stands below a briefing, each list under its heading; empty ones are left out.

    The notes on both conventions of the figures that the document shows (where an English document
    holds Chinese names, a last note says that they are the ledger's own); what is missing for those
    shown as 「待补」; and what is said of the numbers that a user's template brought along.
    """
    document = briefing.document(lang)
    shown = document.slots
    told = [one.note for id, one in briefing.findings.items() if id in shown]
    notes = list(dict.fromkeys(note.in_language(lang) for note in told if note != NOTHING))
    if lang == "en" and any(_HAN.search(one.text) for one in document.sentences):
        notes.append(_NAMES.en)
    colon = "：" if lang == "zh" else ": "
    lacking = [
        f"{one.definition_in(lang)}{colon}{one.missing.in_language(lang)}"
        for one in briefing.open_findings
    ]
    own = list(dict.fromkeys(document.own_numbers))
    if own:
        unchecked = say(
            "briefing.plain.own_numbers", numbers=Text("、".join(own), ", ".join(own)), mark=OWN
        )
        own = [unchecked.in_language(lang)]
    unsaid = []
    if briefing.is_report:
        nothing = [briefing.findings.get(id) for id in TOLD_IF_ANY if id not in shown]
        unsaid = [one.definition_in(lang) for one in nothing if one and one.value == 0]
    headings = words_told("briefing.words_lists", lang).values()
    lists = zip(headings, (notes, lacking, unsaid, own), strict=True)
    return [(heading, words) for heading, words in lists if words]


def briefing_text(briefing: Briefing, lang: Language) -> str:
    """Return the briefing as text to paste: paragraphs, then notes on contested definitions.

    A report to be sent has its notes in the file on provenance, not in its text.

    Raises
    ------
    DataInvalidError
        The briefing is blocked.
    """
    document = briefing.document(lang)
    indent, between = ("\N{IDEOGRAPHIC SPACE}" * 2, "") if lang == "zh" else ("", " ")
    lines = [mark.in_language(lang) for mark in marks(briefing)] + [document.title, ""]
    for section in document.sections:
        lines += [section.title, ""] if section.title else []
        for paragraph in section.paragraphs:
            before = indent if paragraph.kind == "body" else ""
            lines += [before + between.join(one.text for one in paragraph.sentences), ""]
    for heading, attached in attachments(briefing, lang):
        rows = [attached.table.headings, *attached.table.words.itertuples(index=False)]
        lines += [heading, attached.title, *("\t".join(row) for row in rows), ""]
    for heading, told in () if briefing.is_report else closing_lists(briefing, lang):
        lines += [heading, *(f"{n}. {words}" for n, words in enumerate(told, start=1)), ""]
    return "\n".join(lines).rstrip() + "\n"


class Slot(BaseModel):
    """One finding of a briefing, in one language; `value` is None when it is not available."""

    id: str
    value: int | float | str | None
    unit: str
    text: str
    state: State
    definition: str
    formula: str
    inputs: tuple[InputRow, ...]
    note: str
    missing: str


class Blocked(BaseModel):
    """A contradiction that keeps a briefing from being written, and the places that disagree."""

    id: str
    what: str
    where: list[str]


class AttachedTable(BaseModel):
    """An attachment as readers see it."""

    id: str
    title: str
    columns: list[str]
    rows: list[list[str]]


class Slots(BaseModel):
    """A briefing for programs: ``slots.json``, and what ``faiwatch briefing --json`` prints.

    Attributes
    ----------
    region, as_of, lang, form : str
        Of what, up to which month, in which language, and which form.
    slots : list of Slot
        Every finding.
    blocked : list of Blocked
        Contradictions; nothing else is written then.
    sentences : dict
        Text by id; what a later briefing is compared with.
    attachments : list of AttachedTable
        As readers see them.
    own_numbers : list of str
        Numbers that a user's template brought.
    """

    region: str
    as_of: str
    lang: Language
    form: str
    slots: list[Slot]
    blocked: list[Blocked]
    sentences: dict[str, str]
    attachments: list[AttachedTable]
    own_numbers: list[str]


class ChangedSentence(BaseModel):
    """One sentence that is not what it was; empty = there was or is none."""

    id: str
    kind: Literal["changed", "new", "gone"]
    before: str
    now: str


class BriefingAnswer(Slots):
    """What ``faiwatch briefing --json`` prints: the slots, what was written, what has changed.

    Attributes
    ----------
    files : list of str
        What was written.
    changes : list of ChangedSentence
        Since an earlier briefing; only there with ``--against``.
    """

    files: list[str]
    changes: list[ChangedSentence] = []


def slots_json(briefing: Briefing, lang: Language) -> dict[str, Any]:
    """Return findings and contradictions as plain values, see :class:`Slots`."""
    document = briefing.documents.get(lang, Document(lang, "", ()))  # a blocked one has none
    return Slots(
        region=briefing.region.code,
        as_of=briefing.as_of,
        lang=lang,
        form=briefing.form,
        slots=[
            Slot(
                id=one.id,
                value=one.value,
                unit=one.unit,
                text=one.words(lang),
                state=one.state,
                definition=one.definition_in(lang),
                formula=one.formula_in(lang),
                inputs=one.inputs,
                note=one.note.in_language(lang),
                missing=one.missing.in_language(lang),
            )
            for one in briefing.findings.values()
        ],
        blocked=[
            Blocked(
                id=one.id, what=one.what.in_language(lang), where=[place(row) for row in one.inputs]
            )
            for one in briefing.blocked
        ],
        sentences={one.id: one.text for one in document.sentences},
        attachments=[
            AttachedTable(
                id=one.id,
                title=one.title,
                columns=one.table.headings,
                rows=one.table.words.to_numpy().tolist(),
            )
            for one in document.attachments
        ],
        own_numbers=list(document.own_numbers),
    ).model_dump(mode="json")
