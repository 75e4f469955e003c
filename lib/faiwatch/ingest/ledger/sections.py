"""Rows that head a part of a sheet, 「一、城关街道（5个）」, and what they tell of those below."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from faiwatch.core.text import fold
from faiwatch.ingest.headers import normal
from faiwatch.ingest.ledger.cells import choice_words
from faiwatch.ingest.ledger.places import Place
from faiwatch.ingest.log import Log
from faiwatch.ingest.values import Sheet, address

# how deep a heading is: 一、 before （一） before 1.
_NUMBERINGS = tuple(
    re.compile(pattern)
    for pattern in (
        r"第?[一二三四五六七八九十]{1,3}(?:[、.．:：]|部分|类)\s*",
        r"[(（][一二三四五六七八九十]{1,3}[)）]\s*、?",
        r"\d{1,2}[、.．](?!\d)\s*",
        r"[(（]\d{1,2}[)）]\s*",
    )
)
_COUNT = re.compile(
    r"[(（]?\s*(?:共|合计|小计)?\s*(\d{1,4})\s*(?:个|项|件)(?:项目)?\s*[)）]?[:：]?$"
)
_PLACES = re.compile(
    r".{1,12}(?:街道|街道办|街道办事处|办事处|镇|乡|苏木|开发区|园区|高新区|经开区|新区|示范区|管委会|片区|农场|林场"
    r"|区|县|旗|市|产业园|工业园|新城)"
)
_TOLD_BY_WORDS = ("level", "nature", "stage", "construction_type")
_LEVEL_OF_SHEET = re.compile(r"(?:^|[\s、.\d)）])(国家|省|市|区|县)(?:级|重|列)")
_ONE_PLACE = re.compile(rf"(?![全我本各省])(?:{_PLACES.pattern})")  # 全区 is no part of it
_TOWN_OF_FILE = re.compile(  # of a folder with one file for each
    r"^(\w{1,8}?(?:街道|镇|乡|区|县|园|旗))(?=[\W\d_]|重点|项目|台账|20)"
    r"[^ ]*\.(?:xlsx?|xlsb|ods|csv|tsv|txt)\b"
)


class Section(NamedTuple):
    """A row that heads others.

    Attributes
    ----------
    row, column : int
        Where it stands, from zero.
    depth : int
        0 for 一、, 1 for （一） and so on.
    words : str
        What it says, without numbering and number of projects.
    said : int or None
        How many rows it says there are.
    """

    row: int
    column: int
    depth: int
    words: str
    said: int | None


def section_of(text: str, row: int, column: int) -> Section | None:
    """Return what a row heads, or None when its words are no heading.

    Examples
    --------
    >>> section_of("一、城关街道（5个）", 7, 0)[2:]
    (0, '城关街道', 5)
    >>> section_of("（二）续建项目12个", 8, 0)[2:], section_of("注：初步数", 9, 0)
    ((1, '续建项目', 12), None)
    """
    rest = fold(text).strip()
    depth = None
    for at, numbering in enumerate(_NUMBERINGS):
        if match := numbering.match(rest):
            depth, rest = at, rest[match.end() :]
            break
    count = _COUNT.search(rest)
    if count:
        rest = rest[: count.start()]
    rest = rest.strip(" :：、,，")
    if not rest or len(rest) > 30 or (depth is None and count is None):
        if depth is None and _PLACES.fullmatch(rest) and "项目" not in rest:
            depth = 0
        else:
            return None
    return Section(row, column, depth or 0, rest, int(count[1]) if count else None)


def section_values(
    place: Place,
    rows: Sequence[int],
    sections: Sequence[Section],
    values: Mapping[str, list[Any]],
    log: Log,
) -> dict[str, list[Any]]:
    """Return what headings, the name of the sheet and its titles tell where a row is blank.

    Parameters
    ----------
    place : Place
        The table of a sheet.
    rows : sequence of int
        Rows that are read, from zero.
    sections : sequence of Section
        Headings between them.
    values : mapping
        Field to its values in these rows.
    log : Log
        Takes what each heading was read as, and numbers of projects that are not those of the rows.
    """
    if place.table.name != "projects" or not rows:
        return {}
    of_sheet, sheet = _of_sheet(place, values, log), place.sheet.name
    told: dict[str, list[Any]] = {name: [value] * len(rows) for name, value in of_sheet.items()}
    current: dict[str, tuple[int, str]] = {}  # depth and value by field
    waiting = list(sections)
    for at, row in enumerate(rows):
        while waiting and waiting[0].row < row:
            section = waiting.pop(0)
            current = {name: one for name, one in current.items() if one[0] < section.depth}
            field, value = _told_by(place, section)
            current[field] = section.depth, value
            after = [
                one.row for one in sections if one.row > section.row and one.depth <= section.depth
            ]
            end = min(after, default=len(place.sheet.rows))
            n, cell = sum(section.row < one < end for one in rows), address(*section[:2])
            if section.said not in {None, n}:  # the heading counts other than there are rows
                log.coerced(sheet, cell, str(section.said), str(n), "count_differs")
            log.coerced(sheet, cell, section.words, f"{field}={value}", "section")
        for name, (_, value) in current.items():
            told.setdefault(name, [None] * len(rows))[at] = value
    filled = {}
    for name, found in told.items():
        held = values.get(name, [None] * len(rows))
        filled[name] = [new if was is None else was for was, new in zip(held, found, strict=True)]
    return filled


def _told_by(place: Place, section: Section) -> tuple[str, str]:
    """Return the field that a heading tells, and its value."""
    key = normal(section.words)
    forms = [key.removesuffix(end) for end in ("", "项目", "重点项目", "建设项目")]
    for name in _TOLD_BY_WORDS:
        known = choice_words(place.table.fields[name])
        if form := next((one for one in forms if one in known), ""):
            return name, known[form][0]
    return "area" if _PLACES.fullmatch(section.words) else "category", section.words


def _of_sheet(place: Place, values: Mapping[str, list[Any]], log: Log) -> dict[str, str]:
    """Return the level, nature and town that the name of a sheet, a title or a file tells."""
    found: dict[str, str] = {}
    held = {name for name, cells in values.items() if any(one is not None for one in cells)}
    levels = choice_words(place.table.fields["level"])
    for words in (place.sheet.name, *place.titles):
        said = set(_LEVEL_OF_SHEET.findall(words))
        if words is not place.sheet.name:
            said = set(re.findall(r"(国家|省|市|区|县)级", words))
        if len(said) == 1 and "level" not in found:
            found["level"] = levels[normal(said.pop())][0]
            log.coerced(place.sheet.name, "A1", words, f"level={found['level']}", "section")
    natures = choice_words(place.table.fields["nature"])
    for part in re.split(r"[\s（）()_]+", place.sheet.name):
        if normal(part) in natures:
            found["nature"] = natures[normal(part)][0]
            log.coerced(place.sheet.name, "A1", part, f"nature={found['nature']}", "section")
    of_file, name = _TOWN_OF_FILE.match(place.sheet.name), place.sheet.name.rpartition(" ")[2]
    town = of_file[1] if of_file else name if _ONE_PLACE.fullmatch(name) else ""
    if town and "area" not in held:
        found["area"] = town
        log.coerced(place.sheet.name, "A1", place.sheet.name, f"area={town}", "section")
    return found


def hidden_and_said(sheet: Sheet, log: Log) -> None:
    """Write down hidden rows and columns, which are read like others, and comments of cells."""
    for row in sheet.hidden_rows:
        if row < len(sheet.rows):
            log.coerced(sheet.name, address(row, 0), "", "", "hidden_row")
    for column in sheet.hidden_columns:
        log.coerced(sheet.name, address(0, column), "", "", "hidden_column")
    for cell, words in sheet.comments.items():
        log.drop(sheet.name, cell, words, "comment")
