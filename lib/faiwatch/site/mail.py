"""A page as a letter: verdict, key numbers, one picture, plain text beside it; no script.

Mail programs drop scripts and drawn charts, so the first chart of the page travels as a picture
inside the letter, and a whole letter stays below 100 kB: the picture is made smaller until it fits,
and where none travels the letter says why.
"""

from __future__ import annotations

import faiwatch.core.fast_import  # noqa: F401  before nbformat, which imports jsonschema

# isort: split
import datetime
import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import nbformat

from faiwatch.core.errors import PublicationBlockedError
from faiwatch.core.finding import Finding
from faiwatch.core.text import LANGUAGE_TAGS, Language, Text, clean
from faiwatch.data.regions import region_named
from faiwatch.site.run_record import NOTEBOOK_FILE, RunRecord
from faiwatch.site.site import page_address
from faiwatch.site.templates import render
from faiwatch.site.words import MADE_UP_MARK, title_of, words_in
from faiwatch.view.charts.chart import VEGALITE, picture

MOST_BYTES = 100_000
_PICTURE = "chart@faiwatch"
_SCALES = (2.0, 1.5, 1.0, 0.75, 0.5, 0.35)  # the sharpest picture that fits
_MOST_SUBJECT = {"zh": 60, "en": 90}  # characters that lists of letters show
_COLON = {"zh": "：", "en": ": "}
_CLAUSES = {"zh": re.compile(r"[。；：，]"), "en": re.compile(r"\.$|[.;:,](?= )")}
_WIDTH = 600  # px: what mail programs show on any screen
_NUMBERS = 8


def letter(
    record: RunRecord, findings: Sequence[Finding], folder: Path, *, address: str = ""
) -> EmailMessage:
    """Return the page of a run as a letter, without sender and recipient.

    Parameters
    ----------
    record : RunRecord
        A run that ended well.
    findings : sequence of Finding
        What it found; the subject is the headline of its ``verdict``.
    folder : Path
        Its folder, with the executed notebook.
    address : str
        Where the site can be reached, for a link; empty = no link.

    Raises
    ------
    PublicationBlockedError
        The run did not end well, or found no verdict.
    """
    verdict = next((one for one in findings if one.id == "verdict"), None)
    if record.verdict != "ok" or verdict is None:
        raise PublicationBlockedError(
            Text("没有可寄送的结论", "there is no verdict to send"),
            where=record.run_id,
            got=record.verdict,
            allowed="ok",
        )
    notebook = nbformat.read(folder / NOTEBOOK_FILE, as_version=4)  # type: ignore[no-untyped-call]
    shown = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    charts = (output.get("data", {}).get(VEGALITE) for output in shown)
    chart = next(filter(None, charts), None)
    if chart is None:
        return _letter(record, findings, None, "no_chart", address)
    for scale in _SCALES:
        drawn = picture(chart, width=_WIDTH, scale=scale)
        made = _letter(record, findings, drawn, "", address)
        if len(made.as_bytes()) <= MOST_BYTES:
            return made
    return _letter(record, findings, None, "too_large", address)


def headline(words: str, lang: Language, *, most: int) -> str:
    """Return the beginning of a verdict, whole clauses that fit; empty when not even one does.

    Examples
    --------
    >>> headline("1—8月同比下降7.2%，连续6个月为负。全年难以转正。", "zh", most=15)
    '1—8月同比下降7.2%'
    >>> headline("It fell 7.2 %, for the 6th month. The year stays negative.", "en", most=90)
    'It fell 7.2 %, for the 6th month'
    """
    ends = [found for found in _CLAUSES[lang].finditer(words) if found.start() <= most]
    stops = [found for found in ends if found[0] in ("。", ".")]
    if stops:
        return words[: stops[0].start()]
    if len(words) <= most:
        return words
    return words[: ends[-1].start()] if ends else ""


def _letter(
    record: RunRecord,
    findings: Sequence[Finding],
    drawn: bytes | None,
    lacks: str,
    address: str,
) -> EmailMessage:
    lang = record.lang
    verdict = next(one for one in findings if one.id == "verdict")
    words = " ".join(clean(verdict.words(lang)).split())
    region = region_named(record.region).name.in_language(lang)
    mark = MADE_UP_MARK.in_language(lang) if record.is_made_up else ""
    named = [one for one in findings if one.id != "verdict" and not one.id.startswith("detail_")]
    # the headline of the verdict with its region, or where it is too long what the page is about
    begins = mark if region in words else f"{mark}{region}{_COLON[lang]}"
    said = headline(words, lang, most=_MOST_SUBJECT[lang] - len(begins))
    about = f"{mark}{region} {title_of(record, lang)} {verdict.as_of}"
    told: dict[str, Any] = {
        "tag": LANGUAGE_TAGS[lang],
        "region": region,
        "mark": mark,
        "verdict": clean(verdict.words(lang)),
        "details": [clean(one.words(lang)) for one in findings if one.id.startswith("detail_")],
        "numbers": [
            (clean(one.definition_in(lang)), clean(one.words(lang))) for one in named[:_NUMBERS]
        ],
        "picture": f"cid:{_PICTURE}" if drawn else "",
        "lacks": words_in(lang)[lacks] if lacks else "",
        "subject": begins + said if said else about[: _MOST_SUBJECT[lang]],
        "link": f"{address.rstrip('/')}/{page_address(record)}" if address else "",
        "words": words_in(lang),
        "record": record,
    }
    made = EmailMessage()
    made["Subject"] = told["subject"]
    made["Date"] = format_datetime(datetime.datetime.fromisoformat(record.started))
    made["Message-ID"] = f"<{record.run_id}@faiwatch>"
    made.set_content(_plain(told))
    made.add_alternative(render("letter", told), subtype="html")
    if drawn:
        html = made.get_payload()[1]  # type: ignore[index]
        html.add_related(drawn, "image", "png", cid=f"<{_PICTURE}>")  # type: ignore[union-attr]
    return made


def _plain(told: dict[str, Any]) -> str:
    lines = [told["mark"] + told["verdict"], ""]
    lines += [f"- {detail}" for detail in told["details"]]
    lines += ["", *(f"{label}: {words}" for label, words in told["numbers"]), ""]
    lines += [line for line in (told["lacks"], told["link"]) if line]
    return "\n".join(lines).strip() + "\n"
