"""Sentences about growth, in the set phrases of statistical releases, Chinese and English.

One record in, both languages out, so the two always carry the same numbers. Values come in
unrounded; differences are taken before rounding. A growth and a change of growth are different
things and are worded differently: 「同比下降7.2%」 against 「增速回落1.2个百分点」, and a
decline that becomes smaller is 「降幅收窄」, never "growth rose". Wording after the monthly
releases of the National Bureau of Statistics; the table is in ``docs/methods/phrases.md``.

Every other sentence with values in it stands in a catalogue, ``core/sentences/<room>.toml``, in
both languages; :func:`say` fills it.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from faiwatch.core.text import (
    NOTHING,
    OPEN,
    Language,
    Text,
    block_name,
    both,
    half_up,
    month_name,
    number,
    percent,
    window_name,
)

if TYPE_CHECKING:  # the command line says what is wrong before it loads pandas
    import pandas as pd

_MONTHS: Mapping[str, Callable[..., str]] = {
    "month": month_name,
    "window": window_name,
    "block": block_name,
}
_LARGE_100M = 1000.0
_LEAST_CHANCE = 0.001  # a thousandth is one or two of the sample paths
_SENTENCES = Path(__file__).with_name("sentences")


def say(name: str, /, **values: object) -> Text:
    """Return a sentence of the catalogue with its values filled in.

    A place in a sentence is ``{value}``, or says how: ``{value:number}``, ``{value:percent 0}``,
    ``{month:month}`` (``window``, ``block``; ``window short`` is without the year), in English
    ``{n:count region}`` or ``{n:count region is/regions are}``; else as Python formats it.

    Parameters
    ----------
    name : str
        Room, module and sentence, such as ``"ledger.sentences.done"``.
    **values : object
        What is filled in; a Text or a Finding by its words in the language.

    Examples
    --------
    >>> say("stats.overview.errors_found", errors=2)
    Text(zh='发现2个错误', en='2 errors found')
    """
    room, _, sentence = name.partition(".")
    return Text(
        *(
            template.format_map({key: _Value(value, lang) for key, value in values.items()})
            for lang, template in sentences(room)[sentence].items()
        )
    )


def joined(texts: Iterable[Text], zh: str = "；", en: str = "; ") -> Text:
    """Say several things one after the other.

    Examples
    --------
    >>> joined([Text("公路", "roads"), Text("铁路", "railways")], "、", ", ")
    Text(zh='公路、铁路', en='roads, railways')
    """
    told = list(texts)
    return Text(zh.join(one.zh for one in told), en.join(one.en for one in told))


def with_stop(words: Text) -> Text:
    """Return words with the stop that ends a sentence.

    Examples
    --------
    >>> with_stop(Text("投资下降", "Investment fell"))
    Text(zh='投资下降。', en='Investment fell.')
    """
    return Text(f"{words.zh}。", f"{words.en}.")


def with_capital(words: Text) -> Text:
    """Return words with the capital that begins a sentence in English.

    Examples
    --------
    >>> with_capital(Text("投资下降", "investment fell"))
    Text(zh='投资下降', en='Investment fell')
    """
    return Text(words.zh, words.en[0].upper() + words.en[1:])


@cache
def texts_of(table: str) -> Mapping[str, Text]:
    """Return the words of a table of the catalogue by their names: labels, one thing in each.

    Parameters
    ----------
    table : str
        Room and table, such as ``"site.words_notebooks"``.

    Examples
    --------
    >>> texts_of("site.words_notebooks")["08_briefing"]
    Text(zh='简报', en='Briefing')
    """
    room, _, module = table.partition(".")
    return {
        name.removeprefix(f"{module}."): Text(words["zh"], words["en"])
        for name, words in sentences(room).items()
        if name.startswith(f"{module}.")
    }


def words_told(table: str, lang: Language) -> dict[str, str]:
    """Return the words of a table of the catalogue in one language, as templates take them."""
    return {name: text.in_language(lang) for name, text in texts_of(table).items()}


@cache
def sentences(room: str) -> Mapping[str, Mapping[Language, str]]:
    """Return the catalogue of a room: templates by module and name, then by language."""
    catalogue = tomllib.loads((_SENTENCES / f"{room}.toml").read_text("utf-8"))
    return {
        f"{module}.{name}": {"zh": both["zh"], "en": both["en"]}
        for module, named in catalogue.items()
        for name, both in named.items()
    }


@dataclass(frozen=True, slots=True)
class _Value:
    """A value that a template asks for in words of its language."""

    value: Any
    lang: Language

    def __format__(self, how: str) -> str:
        kind, _, rest = how.partition(" ")
        match kind:
            case "number" | "percent":
                written = number if kind == "number" else percent
                return written(self.value, self.lang, int(rest or 1))
            case "month" | "window" | "block":
                return _MONTHS[kind](str(self.value), self.lang, year=rest != "short")
            case "count":
                return count_of(self.value, *rest.split("/"))
        return format(self._said, how)

    def __repr__(self) -> str:
        return repr(self._said)

    @property
    def _said(self) -> object:
        """The words of a Text or a Finding in the language of the sentence, else the value."""
        return getattr(self.value, self.lang, self.value)


def number_phrase(value: float | None, decimals: int = 1) -> Text:
    """Say a number by itself.

    Examples
    --------
    >>> number_phrase(-7.25)
    Text(zh='−7.3', en='−7.3')
    """
    return both(number, value, decimals=decimals)


def percent_phrase(value: float | None, decimals: int = 1) -> Text:
    """Say a percentage by itself.

    Examples
    --------
    >>> percent_phrase(-7.25).zh, percent_phrase(None).en
    ('−7.3%', 'not available')
    """
    return both(percent, value, decimals=decimals)


def amount(value: float) -> Text:
    """Say an amount of 100 million: without decimals when it is large.

    Examples
    --------
    >>> amount(176800.8).zh, amount(31.89).en, amount(float("nan")).en
    ('176,801', '31.9', 'not available')
    """
    return number_phrase(value, 0 if abs(value) >= _LARGE_100M else 1)


def points_phrase(value_pp: float, *, signed: bool = False) -> Text:
    """Say percentage points by themselves.

    Examples
    --------
    >>> points_phrase(0.3).zh, points_phrase(0.3, signed=True).en, points_phrase(-0.3).en
    ('0.3个百分点', '+0.3 pp', '−0.3 pp')
    """
    sign = "+" if signed and half_up(value_pp, 1) > 0 else ""
    size = sign + number(value_pp, "zh")
    return Text(f"{size}个百分点", f"{size} pp")


def is_flat(growth_pct: float) -> bool:
    """Whether growth prints as 0.0 and is called unchanged (持平).

    Examples
    --------
    >>> is_flat(-0.04), is_flat(-0.05)
    (True, False)
    """
    return half_up(growth_pct, 1) == 0


def growth_phrase(growth_pct: float) -> Text:
    """Say a growth on a year earlier.

    Examples
    --------
    >>> growth_phrase(-7.2)
    Text(zh='同比下降7.2%', en='fell 7.2% on a year earlier')
    >>> growth_phrase(139.0).zh, growth_phrase(0.0).zh
    ('同比增长139.0%', '与去年同期持平')
    """
    if is_flat(growth_pct):
        return Text("与去年同期持平", "was unchanged on a year earlier")
    size = number(abs(growth_pct), "zh")
    if growth_pct < 0:
        return Text(f"同比下降{size}%", f"fell {size}% on a year earlier")
    return Text(f"同比增长{size}%", f"rose {size}% on a year earlier")


def change_phrase(
    growth_pct: float,
    previous_pct: float,
    previous_month: str,
    window: Callable[..., str] = window_name,
) -> Text:
    """Say how growth changed since the release before.

    Parameters
    ----------
    growth_pct, previous_pct : float
        This release and the one before, percent, unrounded.
    previous_month : str
        Last month of the window before, ``YYYY-MM``.
    window : function
        Names the window: that of the calendar of the series.

    Examples
    --------
    >>> change_phrase(-7.2, -6.7, "2026-07").zh
    '降幅比1—7月扩大0.5个百分点'
    >>> change_phrase(-0.5, 0.5, "2025-08")
    Text(zh='由正转负（1—8月为增长0.5%）', en='turned negative (January–August: up 0.5%)')
    """
    before, was = both(window, previous_month, year=False), bare_phrase(previous_pct)
    falling, flat = growth_pct < 0, is_flat(growth_pct)
    if flat != is_flat(previous_pct):
        return Text(f"{before.zh}为{was.zh}", f"{before.en}: {was.en}")
    if not flat and falling != (previous_pct < 0):
        turned = _TURNS[falling]
        return Text(f"{turned.zh}（{before.zh}为{was.zh}）", f"{turned.en} ({before.en}: {was.en})")
    what = Text("降幅", "the decline") if falling else Text("增速", "growth")
    if half_up(growth_pct - previous_pct, 1) == 0:
        return Text(f"{what.zh}与{before.zh}持平", f"{what.en} was the same as in {before.en}")
    move = _MOVES[falling, growth_pct > previous_pct]
    size = number(abs(growth_pct - previous_pct), "zh")
    return Text(
        f"{what.zh}比{before.zh}{move.zh}{size}个百分点",
        f"{what.en} {move.en} by {size} percentage points from {before.en}",
    )


_TURNS = {True: Text("由正转负", "turned negative"), False: Text("由负转正", "turned positive")}
_MOVES = {  # by whether growth is negative, and whether it is higher than before
    (True, True): Text("收窄", "narrowed"),
    (True, False): Text("扩大", "widened"),
    (False, True): Text("提高", "quickened"),
    (False, False): Text("回落", "slowed"),
}


def bare_phrase(growth_pct: float) -> Text:
    """Say a growth without what it is measured against.

    Examples
    --------
    >>> bare_phrase(-0.5), bare_phrase(0.04).zh
    (Text(zh='下降0.5%', en='down 0.5%'), '持平')
    """
    if is_flat(growth_pct):
        return Text("持平", "unchanged")
    size = number(abs(growth_pct), "zh")
    if growth_pct < 0:
        return Text(f"下降{size}%", f"down {size}%")
    return Text(f"增长{size}%", f"up {size}%")


def brief_growth_phrase(growth_pct: float) -> Text:
    """Say a growth on a year earlier in few words, for captions of charts.

    Examples
    --------
    >>> brief_growth_phrase(-7.2).zh, brief_growth_phrase(0.5).en, brief_growth_phrase(0.0).zh
    ('同比下降7.2%', 'up 0.5% on a year earlier', '同比持平')
    """
    bare = bare_phrase(growth_pct)
    return Text(f"同比{bare.zh}", f"{bare.en} on a year earlier")


def average_phrase(growth_pct: float) -> Text:
    """Say growth a year, averaged over several.

    Examples
    --------
    >>> average_phrase(4.57)
    Text(zh='年均增长4.6%', en='grew 4.6% a year on average')
    """
    if is_flat(growth_pct):
        return Text("年均持平", "was unchanged on average")
    verb = "fell" if growth_pct < 0 else "grew"
    size = number(abs(growth_pct), "en")
    return Text(f"年均{bare_phrase(growth_pct).zh}", f"{verb} {size}% a year on average")


def contribution_phrase(points_pp: float) -> Text:
    """Say what a part adds to the growth of the whole, in percentage points.

    Examples
    --------
    >>> contribution_phrase(-3.24)
    Text(zh='下拉3.2个百分点', en='took off 3.2 percentage points')
    >>> contribution_phrase(0.04).zh
    '影响不足0.1个百分点'
    """
    if is_flat(points_pp):
        return Text("影响不足0.1个百分点", "changed it by less than 0.1 percentage points")
    size = number(abs(points_pp), "zh")
    if points_pp < 0:
        return Text(f"下拉{size}个百分点", f"took off {size} percentage points")
    return Text(f"拉动{size}个百分点", f"added {size} percentage points")


def share_phrase(share_pct: float, whole: Text) -> Text:
    """Say what share of a whole something is.

    Examples
    --------
    >>> share_phrase(97.158, Text("年度计划", "the year's plan"))
    Text(zh='占年度计划的97.2%', en="97.2% of the year's plan")
    """
    share = percent_phrase(share_pct)
    return Text(f"占{whole.zh}的{share.zh}", f"{share.en} of {whole.en}")


def gap_phrase(gap_pp: float, mark: Text) -> Text:
    """Say how far a share or growth stands from a mark, in percentage points.

    Parameters
    ----------
    gap_pp : float
        Unrounded, negative = below.
    mark : Text
        What it is held against, such as even pace.

    Examples
    --------
    >>> gap_phrase(97.158 - 83.333, Text("序时进度", "even pace"))
    Text(zh='高于序时进度13.8个百分点', en='13.8 percentage points above even pace')
    >>> gap_phrase(-0.04, Text("序时进度", "even pace")).zh
    '与序时进度持平'
    """
    if is_flat(gap_pp):
        return Text(f"与{mark.zh}持平", f"level with {mark.en}")
    size = number(abs(gap_pp), "zh")
    side = Text("低于", "below") if gap_pp < 0 else Text("高于", "above")
    return Text(
        f"{side.zh}{mark.zh}{size}个百分点", f"{size} percentage points {side.en} {mark.en}"
    )


def at_least(run: Mapping[Any, Any] | pd.Series) -> Text:
    """Return 至少 / at least for a run that may be longer than the figures held show.

    Examples
    --------
    >>> import pandas as pd
    >>> at_least(pd.Series({"is_lower_bound": True})).zh
    '至少'
    """
    return Text("至少", "at least ") if run["is_lower_bound"] else NOTHING


def spell_counts_phrase(run: Mapping[Any, Any] | pd.Series, when: Text = NOTHING) -> Text:
    """Say months and releases of a run, which always travel together.

    Examples
    --------
    >>> spell_counts_phrase({"n_months": 5, "n_releases": 5, "is_lower_bound": True}).en
    'at least 5 months (5 releases)'
    """
    length, least = length_phrase(int(run["n_months"]), int(run["n_releases"]), when), at_least(run)
    return Text(f"{least.zh}{length.zh}", f"{least.en}{length.en}")


def since_phrase(run: Mapping[Any, Any] | pd.Series) -> Text:
    """Say when a run that is going on began; of a lower bound, that it may have been earlier."""
    start = both(block_name, str(run["start"]))
    earlier = Text("或更早", " or earlier") if run["is_lower_bound"] else NOTHING
    return Text(f"{start.zh}{earlier.zh}", f"{start.en}{earlier.en}")


def spell_phrase(run: pd.Series, definition: Text) -> Text:
    """Say how long growth has been negative; releases and months always together.

    Parameters
    ----------
    run : Series
        One row of :func:`faiwatch.stats.negative.runs`.
    definition : Text
        The definition that the run was counted by.

    Examples
    --------
    >>> import pandas as pd
    >>> run = pd.Series(
    ...     {
    ...         "start": pd.Period("2020-02", "M"),
    ...         "end": pd.Period("2020-08", "M"),
    ...         "n_releases": 7,
    ...         "n_months": 8,
    ...         "ongoing": True,
    ...         "is_lower_bound": False,
    ...     }
    ... )
    >>> spell_phrase(run, Text("累计口径", "year-to-date growth")).zh
    '累计口径已连续8个月负增长（7次发布，自2020年1—2月起）'
    """
    if run["ongoing"]:
        told = ongoing_spell(run)
        return Text(f"{definition.zh}{told.zh}", f"{definition.en} has been {told.en}")
    start, end = both(block_name, str(run["start"])), both(month_name, str(run["end"]))
    counted = spell_counted(run, Text(f"，{start.zh}至{end.zh}", f", {start.en} to {end.en}"))
    return Text(f"{definition.zh}曾{counted.zh}", f"{definition.en} was {counted.en}")


def no_spell_phrase(definition: Text) -> Text:
    """Say that growth is in no negative spell, by one definition.

    Examples
    --------
    >>> no_spell_phrase(Text("累计口径", "year-to-date growth")).zh
    '累计口径目前没有连续负增长'
    """
    return Text(f"{definition.zh}目前没有连续负增长", f"{definition.en} is in no negative spell")


def spell_counted(run: Mapping[Any, Any] | pd.Series, when: Text = NOTHING) -> Text:
    """Say how long a negative spell is, in the one wording of every page.

    Parameters
    ----------
    run : mapping
        ``n_months``, ``n_releases`` and ``is_lower_bound``.
    when : Text
        What stands behind the releases in the brackets.

    Examples
    --------
    >>> spell_counted({"n_months": 5, "n_releases": 5, "is_lower_bound": False}).en
    'negative for 5 months in a row (5 releases)'
    """
    length = length_phrase(int(run["n_months"]), int(run["n_releases"]), when)
    least = at_least(run)
    zh, _, brackets = length.zh.partition("（")
    en, _, behind = length.en.partition(" (")
    return Text(
        f"{least.zh}连续{zh}负增长（{brackets}",
        f"negative for {least.en}{en} in a row ({behind}",
    )


def ongoing_spell(run: Mapping[Any, Any] | pd.Series) -> Text:
    """Say how long a negative spell has been going on, and since when."""
    since = since_phrase(run)
    counted = spell_counted(run, Text(f"，自{since.zh}起", f", since {since.en}"))
    return Text(f"已{counted.zh}", counted.en)


def length_phrase(months: int, releases: int, when: Text = NOTHING) -> Text:
    """Say a stretch of time in months and in releases, which always travel together.

    Examples
    --------
    >>> length_phrase(8, 7).zh, length_phrase(1, 1).en
    ('8个月（7次发布）', '1 month (1 release)')
    """
    return Text(
        f"{months}个月（{releases}次发布{when.zh}）",
        f"{count_of(months, 'month')} ({count_of(releases, 'release')}{when.en})",
    )


def chance_phrase(chance: float) -> Text:
    """Say a probability (0 to 1) no finer than sample paths can tell it.

    Examples
    --------
    >>> chance_phrase(0.0).zh, chance_phrase(0.197).en, chance_phrase(1.0).en
    ('低于0.1%', '20%', 'above 99.9%')
    >>> chance_phrase(float("nan")).zh
    '待补'
    """
    if math.isnan(chance):
        return OPEN
    if chance < _LEAST_CHANCE:
        return Text("低于0.1%", "below 0.1%")
    if chance > 1 - _LEAST_CHANCE:
        return Text("超过99.9%", "above 99.9%")
    decimals = 0 if 0.01 <= chance <= 0.99 else 1
    return percent_phrase(100 * chance, decimals)


def count_of(count: int, noun: str, nouns: str = "") -> str:
    """Return an English count with its noun.

    Examples
    --------
    >>> count_of(1, "release"), count_of(8, "month"), count_of(2, "region is", "regions are")
    ('1 release', '8 months', '2 regions are')
    """
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"


def row_phrase(sheet: object, row: object) -> Text:
    """Say where in a workbook something stands, as one person says it to another.

    Examples
    --------
    >>> row_phrase("任务清单", 13)
    Text(zh='任务清单第13行', en='任务清单, row 13')
    """
    return Text(f"{sheet}第{row}行", f"{sheet}, row {row}")


def lagging_phrase(lagging: int, projects: int) -> Text:
    """Say how many of some projects lag.

    Examples
    --------
    >>> lagging_phrase(3, 85)
    Text(zh='85个项目中3个滞后', en='3 of 85 projects lag')
    """
    return Text(
        f"{projects}个项目中{lagging}个滞后", f"{lagging} of {count_of(projects, 'project')} lag"
    )
