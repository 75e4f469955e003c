"""Every chosen rule book applied to one ledger: the light of each project, and counts.

Method: ``docs/methods/ledger-lights.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import pandas as pd

from faiwatch.core.light_names import LIGHTS, MISSING, NOT_APPLICABLE
from faiwatch.core.phrases import joined, say
from faiwatch.core.text import NOTHING, Language, Text
from faiwatch.data.ledger_fields import PROJECT_CODE
from faiwatch.data.ledger_schema import TRACE
from faiwatch.data.light_rules import (
    LEVEL,
    NO_END,
    LightPreset,
    Scale,
    Semantics,
    Subject,
    input_words,
)
from faiwatch.ledger.funding import bond_use
from faiwatch.ledger.light_measures import group_measures, project_measures
from faiwatch.ledger.lights import light_with_needs
from faiwatch.ledger.standing import Standings

LEADING = "yinchuan"  # judges the start, pace, funds and listing of a project, not its pace alone
_ONE = ("regions", "groups")
_WHERE = [PROJECT_CODE, "batch", *TRACE]
_NEEDS = "needs"


@dataclass(frozen=True)
class ScaleLights:
    """One scale of a rule book, and how many things have each of its lights.

    Attributes
    ----------
    preset : LightPreset
        The rule book.
    scale : Scale
        Its part.
    counts : mapping
        Words of :data:`faiwatch.core.light_names.LIGHTS` to how many.
    is_one : bool
        Whether there is one thing to judge: the district itself.
    holds : bool
        Whether the rule book holds in the month.
    needs : tuple of str
        Measures that some light hangs on and that are not known.
    """

    preset: LightPreset
    scale: Scale
    counts: Mapping[str, int]
    is_one: bool
    holds: bool = True
    needs: tuple[str, ...] = field(default=())

    @property
    def name(self) -> str:
        """``preset.scale``."""
        return f"{self.preset.id}.{self.scale.id}"

    @property
    def is_answered(self) -> bool:
        """Whether its count of red lights is one: it holds, and not every light lacks a figure."""
        return self.holds and (self.n_judged > 0 or not self.counts[MISSING])

    @property
    def n_judged(self) -> int:
        """How many things it says something of, be it that the rule has a gap."""
        return sum(n for name, n in self.counts.items() if name not in {MISSING, NOT_APPLICABLE})

    @property
    def why_not(self) -> Text:
        """What keeps it from judging, or from judging some; empty when nothing does."""
        if not self.holds:
            return say("ledger.light_board.outside_validity", told=self.preset.validity)
        if self.is_one and not any(self.counts.values()):
            return say("ledger.light_board.no_such_level")
        return needs_words(self.needs)


@dataclass(frozen=True)
class LightBoard:
    """The lights of one month.

    Attributes
    ----------
    scales : tuple of ScaleLights
        In the order of the rule books.
    projects : DataFrame
        ``project_code`` and one column ``preset.scale`` for each scale about projects.
    red : DataFrame or None
        One row for each red light of a project or of a bond: ``project_code batch light file
        sheet row``, `light` being ``preset.scale`` and `batch` empty for projects; None when no
        scale about either could judge.
    missing : DataFrame
        ``light project_code batch needs``: one row for each light that hangs on figures which are
        not known, and which these are; no code for the district itself.
    measured : DataFrame
        What the lights of projects rest on, see
        :func:`faiwatch.ledger.light_measures.project_measures`.
    """

    scales: tuple[ScaleLights, ...]
    projects: pd.DataFrame
    red: pd.DataFrame | None
    missing: pd.DataFrame
    measured: pd.DataFrame


def light_board(
    tables: Mapping[str, pd.DataFrame],
    chosen: Sequence[LightPreset],
    standings: Standings,
    *,
    as_of: pd.Period,
    region: pd.DataFrame,
) -> LightBoard:
    """Return what several rule books say of one month.

    Parameters
    ----------
    tables : mapping
        The tables of a ledger.
    chosen : sequence of LightPreset
        Rule books; those whose colours are about the climate are left out. One that does not hold
        in the month judges nothing, nor does one judge projects of a level that it is not about.
    standings : Standings
        Of its projects.
    as_of : Period
        The month; it has a sheet.
    region : DataFrame
        From :func:`faiwatch.ledger.light_measures.region_measures`.
    """
    books = [book for book in chosen if book.semantics == Semantics.PROGRESS]
    stands = project_measures(standings, as_of=as_of)
    bonds = bond_use(tables["bonds"], as_of=as_of)
    bonds = bonds.join(stands.groupby(PROJECT_CODE)[LEVEL].first(), on=PROJECT_CODE)
    scales: list[ScaleLights] = []
    red, missing, of_projects = [], [], {}

    @cache
    def groups(levels: tuple[str, ...]) -> pd.DataFrame:
        if not levels:
            return group_measures(stands, tables["projects"], as_of=as_of)
        inside = stands[stands[LEVEL].isin(levels)].reset_index(drop=True)
        # where one project tells no level, whose rates these are is open
        level = "" if stands[LEVEL].eq("").any() else levels[0]
        return group_measures(inside, tables["projects"], as_of=as_of).assign(level=level)

    measured: dict[Subject, pd.DataFrame] = {"projects": stands, "bonds": bonds, "regions": region}
    for book in books:
        for scale in book.scale:
            of_groups = scale.subject == "groups"
            rows = groups(tuple(book.levels)) if of_groups else measured[scale.subject]
            one, lit = _judged(book, scale, rows, as_of)
            scales.append(one)
            where = lit.reindex(columns=[*_WHERE, _NEEDS], fill_value="").assign(light=one.name)
            missing.append(where[lit[_NEEDS].ne("")])
            if not one.is_one and one.is_answered:
                red.append(where[lit["light"].eq("red")].drop(columns=_NEEDS))
            if scale.subject == "projects":
                of_projects[one.name] = lit["light"]
    columns = ["light", PROJECT_CODE, "batch", _NEEDS]
    return LightBoard(
        tuple(scales),
        stands[[PROJECT_CODE]].assign(**of_projects),
        pd.concat(red, ignore_index=True) if red else None,
        pd.concat([pd.DataFrame(columns=columns), *missing], ignore_index=True)[columns],
        stands,
    )


def leading_scales(board: LightBoard, asked: str) -> list[ScaleLights]:
    """Return the scales of the one rule book by which a page sets the lights of projects.

    Parameters
    ----------
    board : LightBoard
        The lights.
    asked : str
        The parameter ``rules``: the first book that is named, and judges projects, leads; with
        ``all`` it is :data:`LEADING`.

    Returns
    -------
    list of ScaleLights
        Those about projects that judge some; empty when no book judges any.
    """
    judging = [one for one in board.scales if one.scale.subject == "projects" and one.n_judged]
    order = [LEADING] if asked == "all" else asked.split(",")
    order += [one.preset.id for one in judging]
    for book in order:
        found = [one for one in judging if one.preset.id == book]
        if found:
            return found
    return []


def needs_words(needs: Iterable[str]) -> Text:
    """Say which figures are not known, each once."""
    return joined(dict.fromkeys(input_words(name) for name in needs))


def scale_label(one: ScaleLights) -> Text:
    """Return the short name of a scale: the rule book before its colon, and the part."""
    book, part = one.preset.name, one.scale.name
    return Text(
        f"{book.zh.partition('：')[0]}·{part.zh}", f"{book.en.partition(':')[0]}, {part.en}"
    )


def needs_by_project(missing: pd.DataFrame, *, lang: Language) -> pd.Series:
    """Return in words what the lights of each project hang on, by its code."""
    by_code = missing.groupby(PROJECT_CODE)[_NEEDS].agg(" ".join)
    return by_code.map(lambda told: needs_words(told.split()).in_language(lang)).astype("str")


def not_judged_words(scales: Iterable[ScaleLights]) -> Text:
    """Say which scales judge nothing, or not all, and why; empty when every one does."""
    told: dict[Text, Text] = {}
    for one in scales:
        why = one.why_not
        if not why.zh:
            continue
        label, book = scale_label(one), one.preset.name
        n = one.counts[MISSING] if one.n_judged else 0
        if not one.holds:
            label = Text(book.zh.partition("：")[0], book.en.partition(":")[0])
        many = say("ledger.light_board.how_many", n=n) if n else NOTHING
        told[label] = say("ledger.light_board.scale", label=label, many=many, why=why)
    if not told:
        return NOTHING
    return say("ledger.light_board.judged", said=joined(told.values()))


def scale_table(board: LightBoard) -> pd.DataFrame:
    """Return one row for each scale: what it is about, when it holds, its counts, what it lacks.

    Parameters
    ----------
    board : LightBoard
        From :func:`light_board`.

    Returns
    -------
    DataFrame
        ``light subject valid_from valid_to holds``, one column for each of
        :data:`faiwatch.ledger.lights.LIGHTS`, ``needs``.
    """
    rows = [
        {
            "light": one.name,
            "subject": one.scale.subject,
            "valid_from": str(one.preset.valid_from),
            "valid_to": str(one.preset.valid_to or NO_END),
            "holds": one.holds,
            **one.counts,
            _NEEDS: " ".join(one.needs),
        }
        for one in board.scales
    ]
    columns = ["light", "subject", "valid_from", "valid_to", "holds", *LIGHTS, _NEEDS]
    return pd.DataFrame(rows, columns=columns)


def _judged(
    book: LightPreset, scale: Scale, frame: pd.DataFrame, as_of: pd.Period
) -> tuple[ScaleLights, pd.DataFrame]:
    """Return a scale with its counts, and the measured rows with ``light`` and ``needs``."""
    holds = book.holds_in(as_of.start_time.date(), as_of.end_time.date())
    lit = frame.assign(light=NOT_APPLICABLE, needs="")
    if holds:
        colours, needs = light_with_needs(frame, scale)
        if book.levels and LEVEL in frame:
            level = frame[LEVEL].fillna("")
            inside, unknown = level.isin(book.levels), level.eq("")
            colours = colours.where(inside, NOT_APPLICABLE).mask(unknown, MISSING)
            needs = needs.where(inside, "").mask(unknown, LEVEL)
        lit = frame.assign(light=colours, needs=needs)
    counts = lit["light"].value_counts()
    one = ScaleLights(
        book,
        scale,
        {name: int(counts.get(name, 0)) for name in LIGHTS},
        is_one=scale.subject in _ONE,
        holds=holds,
        needs=tuple(dict.fromkeys(" ".join(lit[_NEEDS]).split())),
    )
    return one, lit
