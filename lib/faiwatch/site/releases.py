"""The publisher's release calendar: a line on each page, and files that other programs read.

Days are those of ``data/official/release_dates.csv``: of a release that somebody saw, or planned.
Nothing is worked out: a release whose day is not known is not in the files.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from functools import cache
from xml.etree import ElementTree

from faiwatch.core.phrases import say
from faiwatch.core.text import LANGUAGE_TAGS, NOTHING, OPEN, Language, Text
from faiwatch.data.release_dates import PLANNED, release_dates
from faiwatch.site.words import words_in

CALENDAR_FILES: Mapping[Language, str] = {"zh": "releases.ics", "en": "releases.en.ics"}
FEED_FILES: Mapping[Language, str] = {"zh": "releases.atom", "en": "releases.en.atom"}
_ATOM = "http://www.w3.org/2005/Atom"
_LONGEST_LINE = 75  # octets of a line of iCalendar
_YEARS_TOLD = datetime.timedelta(days=2 * 366)
_PLANNED = Text("（按计划）", " (planned)")


def calendar_line(today: datetime.date, lang: Language) -> str:
    """Return when the publisher released last, and when it will next, as seen on a day.

    Examples
    --------
    >>> calendar_line(datetime.date(2026, 9, 20), "en").partition("; ")[0]
    'NBS releases: last 2026-09-15 (January–August 2026)'
    >>> calendar_line(datetime.date(2027, 1, 2), "zh")
    '国家统计局发布日程：上次2026-12-15（2026年1—11月，按计划）；下次待补'
    """
    known = sorted((day, month, how) for month, (day, how) in release_dates().items())
    before = [one for one in known if one[0] <= today]
    after = [one for one in known if one[0] > today]
    last, following = (
        next(
            (
                say(
                    "site.releases.day",
                    day=day,
                    month=month,
                    planned=Text("，按计划", ", planned") if how == PLANNED else NOTHING,
                )
                for day, month, how in nearest_first
            ),
            OPEN,
        )
        for nearest_first in (before[::-1], after)
    )
    return say("site.releases.last_and_next", last=last, following=following).in_language(lang)


@cache
def calendar_file(lang: Language) -> str:
    """Return the release calendar as iCalendar (RFC 5545), a day each.

    Examples
    --------
    >>> calendar_file("en").count("BEGIN:VEVENT") == len(release_dates())
    True
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//faiwatch//releases//EN",
        f"X-WR-CALNAME:{_escaped(_title(lang))}",
    ]
    for month, (day, how) in release_dates().items():
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_id(month)}",
            f"DTSTAMP:{day:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + datetime.timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(_release(month, lang) + _planned(how, lang))}",
            f"STATUS:{'TENTATIVE' if how == PLANNED else 'CONFIRMED'}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


@cache
def feed_file(lang: Language, index: str) -> str:
    """Return the releases of the last two years, and those to come, as an Atom feed.

    Parameters
    ----------
    lang : {"zh", "en"}
        Its language.
    index : str
        Address of the index, which every entry leads to, relative to the feed.

    Examples
    --------
    >>> "January–August 2026" in feed_file("en", "index.en.html")
    True
    """
    known = sorted(((day, month, how) for month, (day, how) in release_dates().items()))[::-1]
    told = [one for one in known if one[0] > known[0][0] - _YEARS_TOLD]
    seen = next(day for day, _, how in known if how != PLANNED)
    feed = ElementTree.Element(
        "feed", {"xmlns": _ATOM, "{http://www.w3.org/XML/1998/namespace}lang": LANGUAGE_TAGS[lang]}
    )
    _add(feed, "title", _title(lang))
    _add(feed, "id", f"urn:uuid:{_id('feed')}")
    _add(feed, "updated", f"{seen}T00:00:00Z")
    _add(_add(feed, "author"), "name", "faiwatch")
    for day, month, how in told:
        entry = _add(feed, "entry")
        title = f"{day} {_release(month, lang)}{_planned(how, lang)}"
        _add(entry, "title", title)
        _add(entry, "id", f"urn:uuid:{_id(month)}")
        _add(entry, "updated", f"{min(day, seen)}T00:00:00Z")
        _add(entry, "summary", title)
        ElementTree.SubElement(entry, "link", {"href": index})
    return ElementTree.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _add(parent: ElementTree.Element, tag: str, text: str | None = None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, tag)
    child.text = text
    return child


def _title(lang: Language) -> str:
    return f"{words_in(lang)['brand']} · {words_in(lang)['calendar']}"


def _release(month: str, lang: Language) -> str:
    return say("site.releases.title", month=month).in_language(lang)


def _planned(how: str, lang: Language) -> str:
    return _PLANNED.in_language(lang) if how == PLANNED else ""


def _id(name: str) -> uuid.UUID:
    """Return an id that stays the same: a calendar that is read again moves its days."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"faiwatch/releases/{name}")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> str:
    """Fold a line after 75 octets at most, never inside a character."""
    if len(line.encode()) <= _LONGEST_LINE:
        return line
    folded, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _LONGEST_LINE:
            folded, size = f"{folded}\r\n ", 1
        folded, size = folded + character, size + octets
    return folded
