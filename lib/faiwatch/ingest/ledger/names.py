"""Ids made from names where an office has none, and projects found by the names other sheets give.

An id is a pure function of what a row says (:func:`faiwatch.data.project_codes.made_id`), so that
it is the same in every month. A name stands for a project when it is its name, or is so without
brackets, blanks and words such as 项目 or 工程, and no other project is; all else is asked about,
with the nearest name and how near it is.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from faiwatch.core.phrases import say
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.project_codes import bare_name, made_id
from faiwatch.ingest.headers import normal
from faiwatch.ingest.ledger.answers import NEAREST, LedgerAnswers
from faiwatch.ingest.ledger.days import UNREADABLE
from faiwatch.ingest.ledger.headers import PROJECT_NUMBERS
from faiwatch.ingest.ledger.places import MADE_OF, Place, which_column
from faiwatch.ingest.log import Log, Question, map_flag
from faiwatch.ingest.values import address, shown

PROJECTS = "projects"  # one option answers for every name of no project
_KIND = {"projects": "XM", "issues": "WT", "contracts": "HT", "tasks": "RW"}
# what an id is made of, after the unit of a project or what an issue or task is about
_WORDS = {
    "projects": ("unit", "name"),
    "issues": (PROJECT_CODE, "opened", "class", "cause", "problem"),
    "contracts": ("investor", "name"),
    "tasks": ("parent", "title"),
}
_TAIL = re.compile(r"(?:工程建设|建设工程|建设项目|工程项目|项目建设|项目|工程|建设)+$")
_OTHER_NAMED = "other_named"  # a number and the words beside it say two different projects
_LONG = 4  # letters of a name that is found among other words
_NEAR, _CLEAR = 0.6, 0.05  # how near a name is proposed from, and how far the next one has to be


def with_ids(place: Place, frame: pd.DataFrame, log: Log) -> pd.DataFrame:
    """Return rows with the ids that no column of their sheet holds, made from what they say.

    Parameters
    ----------
    place : Place
        The table of a sheet.
    frame : DataFrame
        Its rows.
    log : Log
        Takes each id.
    """
    table = place.table.name
    made, source = MADE_OF.get(table, ("", ""))
    if not made or made in frame or source not in frame:
        return frame
    words = [frame.get(name) for name in _WORDS[table]]
    ids: list[str | None] = []
    times: dict[str, int] = {}
    main = frame[source]
    for at in range(len(frame)):
        said = ["" if one is None or pd.isna(one.iloc[at]) else str(one.iloc[at]) for one in words]
        one = made_id(_KIND[table], *said)
        times[one] = times.get(one, 0) + 1
        if table != "projects" and times[one] > 1:  # two alike are told apart by their order
            one = f"{one}-{times[one]}"
        ids.append(one if isinstance(main.iloc[at], str) else None)
    for made_one, row, name in zip(ids, frame["row"], main, strict=True):
        if made_one is not None:
            log.coerced(place.sheet.name, address(int(row) - 1, 0), str(name), made_one, "made_id")
    return frame.assign(**{made: pd.Series(ids, index=frame.index, dtype="object")})


class Found(NamedTuple):
    """The project of a name.

    Attributes
    ----------
    code : str
        Empty when there is none, or several.
    rule : str
        By which rule it was found.
    near : str
        The name of the nearest project, if one is near and no other as near.
    score : float
        How near, from 0 to 1.
    n : int
        How many projects have this name.
    """

    code: str
    rule: str = ""
    near: str = ""
    score: float = 0.0
    n: int = 0


@dataclass(frozen=True)
class Projects:
    """The projects of a ledger by their names.

    Attributes
    ----------
    levels : tuple of mapping
        Codes by name as it stands, without punctuation, and without words at its end.
    names : mapping
        Name without punctuation to the name as it stands.
    numbers : mapping
        Running number to the codes that have it; empty where a sheet has one twice.
    """

    levels: tuple[Mapping[str, frozenset[str]], ...]
    names: Mapping[str, str]
    numbers: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, sheets: Sequence[pd.DataFrame], numbered: Sequence[Mapping[str, str]] = ()
    ) -> Projects:
        """Return the projects of the tables that were read, and of :func:`numbers_of` them."""
        pairs = {
            (str(name), str(code))
            for sheet in sheets
            if {"name", PROJECT_CODE} <= set(sheet.columns)
            for name, code in zip(sheet["name"], sheet[PROJECT_CODE], strict=True)
        }
        spelt = [(_spellings(name), code) for name, code in pairs]
        levels = tuple(_by_key((one[level], code) for one, code in spelt) for level in range(3))
        names = {bare_name(name): name for name, _ in sorted(pairs)}
        return cls(levels, names, _by_key(pair for one in numbered for pair in one.items()))

    def find(self, name: str) -> Found:
        """Return the project that a name stands for, or the nearest one.

        Examples
        --------
        >>> rows = pd.DataFrame({"name": ["城关中学（二期）建设项目"], "project_code": ["甲"]})
        >>> projects = Projects.of([rows])
        >>> projects.find("城关中学(二期)").code, projects.find("城关中学扩建二期").near
        ('甲', '城关中学（二期）建设项目')
        """
        for rule, level, spelt in zip(
            ("name_to_code", "name_to_code", "name_to_code_near"),
            self.levels,
            _spellings(name),
            strict=True,
        ):
            codes = level.get(spelt, frozenset())
            if len(codes) == 1:
                return Found(next(iter(codes)), rule)
            if codes:
                return Found("", n=len(codes))
        bare = bare_name(name)
        core = _TAIL.sub("", bare) or bare
        # bounds of the ratio, which are the same both ways, from letters that are counted once
        bound = difflib.SequenceMatcher(b=core)
        near_ones = []
        for one in self.names:
            other = _TAIL.sub("", one) or one
            bound.set_seq1(other)
            if bound.real_quick_ratio() >= _NEAR and bound.quick_ratio() >= _NEAR:
                near_ones.append((difflib.SequenceMatcher(None, core, other).ratio(), one))
        scored = sorted(near_ones, reverse=True)[:2]
        if (
            not scored
            or scored[0][0] < _NEAR
            or (len(scored) > 1 and scored[0][0] - scored[1][0] < _CLEAR)
        ):
            return Found("")
        score, near = scored[0]
        (code,) = codes if len(codes := self.levels[1][near]) == 1 else ("",)
        return Found("", near=self.names[near] if code else "", score=score)

    def named(self, code: str) -> str:
        """Return the name of a project."""
        return next((name for name, codes in self.levels[0].items() if code in codes), code)


def _by_key(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    """Return the codes that stand beside each name or number."""
    found: dict[str, set[str]] = {}
    for key, code in pairs:
        found.setdefault(key, set()).add(code)
    return {key: frozenset(codes) for key, codes in found.items()}


def _spellings(name: str) -> tuple[str, str, str]:
    bare = bare_name(name)
    return name, bare, _TAIL.sub("", bare) or bare


def with_codes(
    place: Place, frame: pd.DataFrame, projects: Projects, answers: LedgerAnswers, log: Log
) -> pd.DataFrame:
    """Return rows with the codes of the projects that they name, asking where that is not plain.

    Parameters
    ----------
    place : Place
        The table of a sheet whose column of codes holds names.
    frame : DataFrame
        Its rows.
    projects : Projects
        From all sheets of the ledger.
    answers : LedgerAnswers
        ``project_code:NAME=PROJECT`` among its labels says which one it is.
    log : Log
        Takes what was found by which rule, and the questions.
    """
    column = next(one for one in place.columns if one.field.name == PROJECT_CODE)
    if place.is_by_number and not projects.numbers:
        log.ask(which_column(place.sheet, place.table, PROJECT_CODE, column.cell, column.header))
        return frame.drop(columns=PROJECT_CODE)
    found: dict[int, str] = {}
    likeness = _likeness_of_numbers(place, frame, projects) if place.is_by_number else 0.0
    for at, name, row in zip(frame.index, frame[PROJECT_CODE], frame["row"], strict=True):
        cell = address(int(row) - 1, column.index)
        if place.is_by_number:
            words = [shown(one) for one in place.sheet.rows[int(row) - 1]]
            one = _numbered(str(name), words, projects, likeness, answers)
        else:
            one = _project(str(name), projects, answers)
        if one.code:
            found[at] = one.code
            log.coerced(place.sheet.name, cell, name, one.code, one.rule)
        elif answers.unreadable_is_missing:
            log.drop(place.sheet.name, cell, name, "no_key")
        else:
            _ask(place, cell, str(name), one, log)
    kept = frame.loc[list(found)]
    kept = kept.assign(**{PROJECT_CODE: list(found.values())})
    return with_ids(place, kept, log) if place.is_by_number else kept


def numbers_of(place: Place, frame: pd.DataFrame) -> dict[str, str]:
    """Return the codes of projects by the running numbers of their sheet; none if one is twice."""
    if place.number is None or PROJECT_CODE not in frame:
        return {}
    numbers = [shown(place.sheet.at(int(row) - 1, place.number)).strip() for row in frame["row"]]
    if len(set(numbers)) < len(numbers) or "" in numbers:
        return {}
    return dict(zip(numbers, frame[PROJECT_CODE], strict=True))


def is_numbered(column: tuple[str, str] | None) -> bool:
    """Whether a column, by its header and address, holds the running numbers of projects."""
    return column is not None and normal(column[0].rpartition("/")[2]) in PROJECT_NUMBERS


def _likeness_of_numbers(place: Place, frame: pd.DataFrame, projects: Projects) -> float:
    """Return how sure it is that numbers are those of the projects, and not of the rows.

    A header that says so is sure, and so are numbers that come twice or leave some out. What is
    left are numbers from 1 on: then the rows have to name their projects.
    """
    column = next(one for one in place.columns if one.index == place.number)
    given = [str(one) for one in frame[PROJECT_CODE]]
    if is_numbered((column.header, column.cell)):
        return 1.0
    if given != [str(at) for at in range(1, len(given) + 1)]:
        return 1.0
    named = 0
    for number, row in zip(given, frame["row"], strict=True):
        words = bare_name("".join(map(shown, place.sheet.rows[int(row) - 1])))
        codes = projects.numbers.get(number, frozenset())
        named += any(bare_name(projects.named(code)) in words for code in codes)
    return named / len(given) if given else 0.0


def _numbered(
    number: str,
    words: Sequence[str],
    projects: Projects,
    likeness: float,
    answers: LedgerAnswers,
) -> Found:
    """Return the project of a running number, if no other project is named in its row."""
    said = answers.labels.get(f"{PROJECT_CODE}:{number}")
    if said is not None:
        return _project(number, projects, answers)
    codes = projects.numbers.get(number, frozenset())
    if len(codes) != 1:
        return Found("", n=len(codes))
    (code,) = codes
    row, own = bare_name("".join(words)), bare_name(projects.named(code))
    others = [one for one in projects.names if len(one) >= _LONG and one in row and one not in own]
    if others and own not in row:
        near = max(others, key=len)
        if answers.labels.get(f"{PROJECT_CODE}:*") == NEAREST:
            return _project(projects.names[near], projects, answers)
        return Found("", _OTHER_NAMED, projects.names[near])
    if likeness == 1 or answers.labels.get(f"{PROJECT_CODE}:*") == NEAREST:
        return Found(code, "number_to_code")
    return Found("", near=projects.named(code), score=likeness)


def _project(name: str, projects: Projects, answers: LedgerAnswers) -> Found:
    found = projects.find(name)
    said = answers.labels.get(f"{PROJECT_CODE}:{name}")
    if said is not None:
        codes = {code for level in projects.levels for many in level.values() for code in many}
        code = said if said in codes else projects.find(said).code
        return Found(code, "map")
    if found.near and answers.labels.get(f"{PROJECT_CODE}:*") == NEAREST:
        return Found(projects.find(found.near).code, "name_to_code_near")
    return found


def _ask(place: Place, cell: str, name: str, one: Found, log: Log) -> None:
    sheet, given, near = place.sheet.name, f"{PROJECT_CODE}:{name}", one.near
    if not near:
        text = say("ingest.names.which_project", n=one.n)
        flag = f"{UNREADABLE} | {map_flag(given, '…')}"
        log.ask(Question("project", sheet, cell, text, name, flag, group=PROJECTS))
        return
    if one.rule == _OTHER_NAMED:
        text = say("ingest.names.other_named", number=name, near=near)
    elif place.is_by_number:
        text = say("ingest.names.is_number_of", number=name, near=near, score=one.score)
    else:
        text = say("ingest.names.near", near=near, score=one.score)
    answers = (map_flag(given, near), map_flag(f"{PROJECT_CODE}:*", NEAREST), UNREADABLE)
    log.ask(Question("project", sheet, cell, text, name, " | ".join(answers), near, PROJECTS))


def with_parents(
    frame: pd.DataFrame, projects: Projects, by_number: set[str], log: Log
) -> pd.DataFrame:
    """Return tasks whose parent is the name of a project with its code; others as they are.

    On the sheets `by_number` the parent is the running number of a project.
    """
    if "parent" not in frame:
        return frame
    parents = []
    for parent, row, sheet in zip(frame["parent"], frame["row"], frame["sheet"], strict=True):
        found = projects.find(parent) if isinstance(parent, str) else Found("")
        codes = projects.numbers.get(str(parent), frozenset()) if sheet in by_number else ()
        if len(codes) == 1:
            found = Found(next(iter(codes)), "number_to_code")
        if found.code:
            log.coerced(sheet, f"A{row}", parent, found.code, found.rule)
        parents.append(found.code or parent)
    return frame.assign(parent=pd.Series(parents, index=frame.index, dtype="object"))
