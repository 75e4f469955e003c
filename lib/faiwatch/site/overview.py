"""What the index says of each region: one row, made from what its latest good pages found.

No figure is worked out here but the light, which :data:`LIGHTS` defines, and the counts of the
sentences above the table. Method page: ``docs/methods/overview.md``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from faiwatch.core.finding import Finding
from faiwatch.core.phrases import joined, say, texts_of, with_stop
from faiwatch.core.text import Language, Text, month_name
from faiwatch.data.calendars import CUMULATIVE, MONTHLY, OF_THE_MONTH
from faiwatch.data.measures import measure
from faiwatch.data.regions import NATION, Region, initials, region_named
from faiwatch.site.run_record import RunRecord, findings_of, result_rows
from faiwatch.site.site import HEADLINE_NOTEBOOK, edition_of
from faiwatch.view.html.lights import SIGNS, Colour

Light = Literal["negative", "likely", "positive", "missing"]
# From the most severe on: sign, word, and what it stands for.
_COLOURS: Mapping[Light, Colour] = {
    "negative": "red",
    "likely": "yellow",
    "positive": "green",
    "missing": "missing",
}
_WORDS, _MEANINGS = texts_of("site.words_lights"), texts_of("site.words_light_means")
LIGHTS: Mapping[Light, tuple[Colour, Text, Text]] = {
    light: (colour, _WORDS[light], _MEANINGS[light]) for light, colour in _COLOURS.items()
}
_LIKELY_PCT = 50.0
GROWTH = ("ytd_yoy_pct", "month_yoy_pct")  # that is published
# Columns that hold a figure: measure, the notebook that found it, and the finding, of a monthly
# series where there is none of a year to date. The page of a city tells its growth where no other
# page does.
FIGURES: Sequence[tuple[str, str, Sequence[str]]] = (
    ("ytd_yoy_pct", HEADLINE_NOTEBOOK, ["ytd_yoy"]),
    ("ytd_yoy_pct", "09_city", ["city_growth"]),
    ("month_yoy_pct", HEADLINE_NOTEBOOK, ["block_yoy"]),
    ("last_change_pp", HEADLINE_NOTEBOOK, ["ytd_change", "block_change"]),
    ("negative_run", HEADLINE_NOTEBOOK, ["run_ytd", "run_block"]),
    ("next_negative", "04_forecast", ["p_next_negative"]),
    ("year_negative", "04_forecast", ["p_full_year_negative"]),
    ("target_above_pp", "05_target", ["gap"]),
)
MONTHS_DRAWN = 24
LINE_WIDTH = 84  # of a small chart, whose height is 18
GAPS = "-~"
_DIGITS = "0123456789abcdefg"
LEVELS = texts_of("site.words_levels")  # of regions, counted
_MOST_NAMES = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and what it is sorted by; None = last, whichever way."""

    text: str
    key: float | str | None


NOTHING_TOLD = Cell("–", None)  # no page tells it


@dataclass(frozen=True)
class RegionRow:
    """One region as the index tells it.

    Attributes
    ----------
    region : Region
        Which one.
    lang : {"zh", "en"}
        Language of its words.
    address : str
        Its page that a reader is led to, relative to the site; empty = there is none.
    light : str
        Of :data:`LIGHTS`.
    figures : mapping of str to Cell
        What its pages tell of :data:`FIGURES`, by measure.
    history : mapping of str to float
        Published growth by month, as the page that speaks for the region was made from.
    verdict : str
        Its sentence; may be empty.
    month, made, failed : str
        Data month, day of the page, and how the latest run failed if it did.
    is_made_up : bool
        Whether its figures are.
    """

    region: Region
    lang: Language
    address: str
    light: Light
    figures: Mapping[str, Cell]
    history: Mapping[str, float]
    verdict: str
    month: str
    made: str
    failed: str
    is_made_up: bool

    @property
    def name(self) -> str:
        """What it is called."""
        return self.region.name.in_language(self.lang)

    @property
    def called(self) -> str:
        """What it is called beside the tag that says that its figures are made up."""
        return self.name.removesuffix(" (made up)") if self.is_made_up else self.name

    def cell(self, id: str) -> Cell:
        """Return a figure by its measure."""
        return self.figures.get(id, NOTHING_TOLD)

    @property
    def growth_told(self) -> Cell:
        """Published growth: year to date, or of the month."""
        return _growth(self.figures)

    @property
    def growth(self) -> float | None:
        """Published growth as a number."""
        return _number(self.growth_told)

    @property
    def searched(self) -> str:
        """What it is found by beside code and name: initials, and the other language's name."""
        name = self.region.name
        return f"{initials(name.zh)} {name.en if self.lang == 'zh' else name.zh}".casefold()

    @property
    def parent(self) -> str:
        """The region above it; a code alone tells its province."""
        if self.region.parent:
            return self.region.parent
        province = f"{self.region.code[:2]}0000"
        is_known = province != self.region.code and region_named(province).level == "province"
        return province if is_known else ""

    @property
    def severity(self) -> tuple[object, ...]:
        """What rows are sorted by: made-up ones last, then the light, then growth."""
        growth = math.inf if self.growth is None else self.growth
        return (self.is_made_up, list(LIGHTS).index(self.light), growth, self.region.code)

    @property
    def light_words(self) -> str:
        """What the light says."""
        return LIGHTS[self.light][1].in_language(self.lang)

    @property
    def sign(self) -> str:
        """Sign of the light."""
        return SIGNS[LIGHTS[self.light][0]]

    @property
    def turned(self) -> int:
        """-1 = turned negative with its latest release, 1 = turned positive, 0 = neither."""
        if self.growth is None or not self.month:
            return 0
        month = _count(self.month)
        calendar = MONTHLY if "month_yoy_pct" in self.figures else CUMULATIVE
        before = _counted(self.history).get(month - calendar.behind(month % 12 + 1))
        if before is None or (before < 0) == (self.growth < 0):
            return 0
        return -1 if self.growth < 0 else 1

    @cached_property
    def heights(self) -> str:
        """Growth of the last two years as a character a month, from the top of a small chart down.

        ``0`` to ``g``, after them zero's height; ``-`` is a month that is not known, ``~`` the
        January that no release speaks of.
        """
        return _heights(self.history)

    @property
    def line(self) -> str:
        """The path of the small line; gaps stay gaps."""
        path, is_joined = "", False
        for at, height in enumerate(self.heights[:-1]):
            if height not in GAPS:
                across = round(at * LINE_WIDTH / (MONTHS_DRAWN - 1))
                path += f"{'L' if is_joined else 'M'}{across} {int(height, 36) + 1}"
            is_joined = (height == GAPS[1] and is_joined) or height not in GAPS
        return path

    @property
    def zero(self) -> str:
        """The path of zero."""
        return f"M0 {int(self.heights[-1], 36) + 1}H{LINE_WIDTH}"

    @property
    def line_words(self) -> str:
        """What the small line shows, in words."""
        if not self.history:
            return ""
        first, last = (month_name(month, self.lang) for month in _ends(self.history))
        return say("site.overview.span", first=first, last=last).in_language(self.lang)


def figures_told(rows: Iterable[RegionRow]) -> list[str]:
    """Return the columns with figures, in order, without those that no row fills."""
    told = {id for row in rows for id in row.figures}
    return [id for id in dict.fromkeys(id for id, _, _ in FIGURES) if id in told]


def heading_words(figures: Sequence[str], lang: Language) -> list[tuple[str, str]]:
    """Return id and heading of every column of the table, in order."""
    ids = ["light", "region", *figures, "two_years", "data_until", "page_made"]
    return [(id, measure(id).heading.in_language(lang)) for id in ids]


def row_of(
    site: Path, records: Sequence[RunRecord], address_of_page: Callable[..., str]
) -> RegionRow:
    """Return the row of one region in one language, from its runs, newest first.

    Parameters
    ----------
    site : Path
        Where what the runs found lies.
    records : sequence of RunRecord
        All of one region and language.
    address_of_page : callable
        Returns where the page of a record stands, empty when it does not.
    """
    region, lang = region_named(records[0].region), records[0].lang
    good: dict[str, RunRecord] = {}
    for record in sorted(records, key=lambda one: edition_of(one.parameters) != ""):
        if record.verdict == "ok":  # the usual edition speaks before those for some readers
            good.setdefault(record.notebook, record)
    headline = next(iter(sorted(good, key=lambda name: (name != HEADLINE_NOTEBOOK, name))), "")
    # the one that speaks first comes first
    needed = dict.fromkeys((headline, HEADLINE_NOTEBOOK, *(page for _, page, _ in FIGURES)))
    found = {
        name: findings_of(site / "runs" / good[name].run_id) for name in needed if name in good
    }
    figures: dict[str, Cell] = {}
    for id, notebook, names in FIGURES:
        told = found.get(notebook, {})
        finding = next((told[name] for name in names if name in told), None)
        is_told = id in figures or (id == "month_yoy_pct" and "ytd_yoy_pct" in figures)
        if finding and not is_told:
            figures[id] = _figure(finding, lang)
    speaks = good.get(headline)
    verdict = next((told["verdict"] for told in found.values() if "verdict" in told), None)
    latest = next((one for one in records if one.notebook == headline), records[0])
    has_growth = HEADLINE_NOTEBOOK in good
    return RegionRow(
        region=region,
        lang=lang,
        address=address_of_page(speaks) if speaks else "",
        light=_light(figures),
        figures=figures,
        history=_history(site / "runs" / good[HEADLINE_NOTEBOOK].run_id) if has_growth else {},
        verdict=verdict.words(lang) if verdict else "",
        month=speaks.data_as_of if speaks else "",
        made=speaks.started[:10] if speaks else "",
        failed="" if latest.verdict in {"ok", "skipped"} else latest.started[:10],
        is_made_up=any(one.is_made_up for one in records),
    )


def _figure(finding: Finding, lang: Language) -> Cell:
    words = finding.words(lang)
    if finding.unit == "pp":  # the unit stands above the column
        words = words.removesuffix("个百分点").removesuffix(" pp")
    return Cell(words, None if finding.is_open else finding.number)


def _growth(figures: Mapping[str, Cell]) -> Cell:
    return next((figures[id] for id in GROWTH if id in figures), NOTHING_TOLD)


def _light(figures: Mapping[str, Cell]) -> Light:
    growth = _number(_growth(figures))
    chance = _number(figures.get("next_negative", NOTHING_TOLD))
    if growth is None:
        return "missing"
    if growth < 0:
        return "negative"
    return "likely" if chance is not None and chance >= _LIKELY_PCT else "positive"


def _number(cell: Cell) -> float | None:
    return cell.key if isinstance(cell.key, int | float) else None


def _history(folder: Path) -> dict[str, float]:
    """Return growth of the last two years by month, of the series that the page is about."""
    found: dict[str, dict[str, float]] = {}
    for row in result_rows(folder, "measures.csv"):
        if growth := row.get("ytd_yoy_pct") or row.get(OF_THE_MONTH["ytd_yoy_pct"]):
            found.setdefault(row["indicator"], {})[row["period"]] = float(growth)
    series = found.get("total") or next(iter(found.values()), {})
    if not series:
        return {}
    first = _count(max(series)) - (MONTHS_DRAWN - 1)
    return {month: series[month] for month in sorted(series) if _count(month) >= first}


def _ends(history: Mapping[str, float]) -> tuple[str, str]:
    months = sorted(history)
    return months[0], months[-1]


def _heights(history: Mapping[str, float]) -> str:
    if not history:
        return ""
    last = _count(_ends(history)[1])
    least, most = min(0.0, *history.values()), max(0.0, *history.values())
    by_month = _counted(history)
    told = ""
    for month in range(last - MONTHS_DRAWN + 1, last + 1):
        nothing = GAPS[1] if month % 12 == 0 else GAPS[0]
        told += _height(by_month[month], least, most) if month in by_month else nothing
    return told + _height(0.0, least, most)


def _count(month: str) -> int:
    """Return a month as a number, January as a multiple of twelve."""
    return 12 * int(month[:4]) + int(month[5:]) - 1


def _counted(history: Mapping[str, float]) -> dict[int, float]:
    return {_count(month): growth for month, growth in history.items()}


def _height(growth: float, least: float, most: float) -> str:
    return _DIGITS[round((len(_DIGITS) - 1) * (most - growth) / ((most - least) or 1.0))]


def sentences(rows: Iterable[RegionRow], lang: Language) -> list[str]:
    """Return three sentences: how many fall, who turned, who is worst; made-up regions apart.

    Parameters
    ----------
    rows : iterable of RegionRow
        In any order.
    lang : {"zh", "en"}
        Their language.
    """
    told = [row for row in rows if not row.is_made_up and row.growth is not None]
    if not told:
        return [
            Text("没有真实地区的数字。", "There are no figures of real regions.").in_language(lang)
        ]
    falling = [row for row in told if row.light == "negative"]
    return [text.in_language(lang) for text in (_falling(told), _turned(told), _worst(falling))]


def _falling(told: Sequence[RegionRow]) -> Text:
    said = [
        say("site.overview.of_region", name=Text("全国", "nation"), growth=row.growth_told.text)
        for row in told
        if row.region.code == NATION
    ]
    for level, words in LEVELS.items():
        of = [row for row in told if row.region.level == level]
        if len(of) == 1:
            name, figure = of[0].region.name, of[0].growth_told.text
            said.append(say("site.overview.of_region", name=name, growth=figure))
        elif of:
            down = sum(row.light == "negative" for row in of)
            said.append(say("site.overview.of_level", total=len(of), level=words, negative=down))
    ends = sorted({row.month for row in told})
    when = [month_name(ends[0], "zh"), month_name(ends[-1], "zh")]
    until = " to ".join(dict.fromkeys([ends[0], ends[-1]]))
    growths = [measure(id).name for id in figures_told(told) if id in GROWTH]
    growth = growths[0] if len(growths) == 1 else Text("增速", "Growth")
    return say(
        "site.overview.growth_told",
        growth=growth,
        regions=joined(said),
        when=Text("至".join(dict.fromkeys(when)), until),
    )


def _turned(told: Sequence[RegionRow]) -> Text:
    down, up = ([row for row in told if row.turned == way] for way in (-1, 1))
    if not down and not up:
        return Text(
            "最近一期没有地区改变方向。", "No region changed its sign with its latest release."
        )
    said = [say("site.overview.turned_negative", names=_names(down))] * bool(down)
    said += [say("site.overview.turned_positive", names=_names(up))] * bool(up)
    return say("site.overview.latest_release", said=joined(said))


def _worst(falling: Sequence[RegionRow]) -> Text:
    if not falling:
        return Text("没有地区负增长。", "No region has negative growth.")
    deepest = min(falling, key=lambda row: row.growth or 0.0)
    growth = deepest.growth_told.text
    said = [say("site.overview.deepest", name=deepest.region.name, growth=growth)]
    longest = max(falling, key=lambda row: _number(row.cell("negative_run")) or 0.0)
    spell = longest.cell("negative_run")
    if spell.key:
        said.append(say("site.overview.longest", name=longest.region.name, spell=spell.text))
    return with_stop(joined(said))


def _names(rows: Sequence[RegionRow]) -> Text:
    """Return the names of some rows, the worst first, and how many more there are."""
    shown = sorted(rows, key=lambda row: row.severity)[:_MOST_NAMES]
    names = joined((row.region.name for row in shown), "、", ", ")
    if rest := len(rows) - len(shown):
        return say("site.overview.and_more", names=names, total=len(rows), rest=rest)
    return names
