"""Tables for readers: values as words in the page's language, and what the columns are called.

Each function takes a tidy table of the rooms above and returns a :class:`Table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from faiwatch.core.phrases import at_least, since_phrase
from faiwatch.core.text import (
    NOT_AVAILABLE,
    YES_NO,
    Language,
    Text,
    band,
    month_name,
    number,
    percent,
)
from faiwatch.data.reference import indicator_named, note_in_language, sources_of
from faiwatch.data.regions import region_named
from faiwatch.stats.negative import DEFINITIONS, STATES

NO_NOTE = Text("", "")
NOTHING_TO_LIST = Text("没有可列出的数据。", "There is nothing to list.")


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose cells are words already.

    Attributes
    ----------
    frame : DataFrame
        Cells as readers see them.
    title : Text
        What the table shows.
    labels : mapping of str to Text
        Columns in order, and what they are called.
    note : Text
        Caveat below the table, may be empty.
    file : str
        Result file that the note names, to be linked to; empty when it names none.
    lacks_data : bool
        Whether the table, when empty, lacks data; otherwise there is nothing to tell.
    """

    frame: pd.DataFrame
    title: Text
    labels: Mapping[str, Text]
    note: Text = NO_NOTE
    file: str = ""
    lacks_data: bool = False

    def where_known(self, lang: Language) -> Table:
        """Return the table without the columns that hold no data; empty when one column is left."""
        labels = {
            name: words
            for name, words in self.labels.items()
            if not self.frame[name].isin([NOT_AVAILABLE[lang]]).all()
        }
        frame = self.frame if len(labels) > 1 else self.frame.iloc[:0]
        return replace(self, frame=frame, labels=labels)


def runs_table(found: pd.DataFrame, *, lang: Language, most: int = 12) -> Table:
    """Return runs of negative growth by definition, the newest first."""
    newest = found.sort_values(["end", "n_releases"], ascending=False).head(most)
    rows = [row for _, row in newest.iterrows()]
    frame = pd.DataFrame(
        {
            "definition": newest["definition"].map(
                lambda name: DEFINITIONS[name].in_language(lang)
            ),
            "indicator": indicators_in(newest, lang),
            "start": _months(newest["start"], lang),
            "end": _months(newest["end"], lang),
            "n_releases": [f"{at_least(row).in_language(lang)}{row['n_releases']}" for row in rows],
            "n_months": [f"{at_least(row).in_language(lang)}{row['n_months']}" for row in rows],
            "ongoing": newest["ongoing"].map(lambda value: YES_NO[bool(value)].in_language(lang)),
            "lowest_pct": newest["lowest_pct"].map(lambda value: percent(value, lang)),
        }
    )
    return Table(
        frame,
        Text("连续负增长一览", "Runs of negative growth"),
        {
            "indicator": Text("指标", "Indicator"),
            "definition": Text("口径", "Definition"),
            "start": Text("开始", "From"),
            "end": Text("最近一期", "To"),
            "n_releases": Text("发布次数", "Releases"),
            "n_months": Text("月数", "Months"),
            "ongoing": Text("仍在持续", "Going on"),
            "lowest_pct": Text("最低", "Lowest"),
        },
        Text(
            "1—2月合并发布，计1次发布、2个月。“至少”表示始于所收录的第一期，"
            "或相邻月份缺数据或在舍入误差内无法判断。",
            "January and February are one release and two months. “At least”: it begins with the "
            "first release held, or a neighbouring release is missing or cannot be told from zero.",
        ),
    )


def register_table(measured: pd.DataFrame, *, lang: Language, months: int = 24) -> Table:
    """Return the base-revision register: what the published figures imply about the base."""
    known = measured[measured["base_100m"].notna()].tail(months).iloc[::-1]
    frame = pd.DataFrame(
        {
            "period": _months(known["period"], lang),
            "value": known["ytd_value_100m"].map(lambda value: number(value, lang, 0)),
            "yoy": known["ytd_yoy_pct"].map(lambda value: percent(value, lang)),
            "base": known["base_100m"].map(lambda value: number(value, lang, 0)),
            "revision": known["base_revision_pct"].map(lambda value: percent(value, lang)),
            "block": [
                f"{percent(value, lang)} {band(lo, hi, lang)}"
                for value, lo, hi in zip(
                    known["block_yoy_pct"],
                    known["block_yoy_lo_pct"],
                    known["block_yoy_hi_pct"],
                    strict=True,
                )
            ],
            "naive": known["naive_yoy_pct"].map(lambda value: percent(value, lang)),
        }
    )
    return Table(
        frame,
        Text("基数修订登记表", "Register of base revisions"),
        {
            "period": Text("截至月份", "Through"),
            "value": Text("累计额（亿元）", "Year to date (100m yuan)"),
            "yoy": Text("公布增速", "Published growth"),
            "base": Text("隐含可比基数（亿元）", "Implied base (100m yuan)"),
            "revision": Text("基数修订", "Base revision"),
            "block": Text("当月增速及舍入区间", "Single-month growth and band"),
            "naive": Text("水平直接相除（不可用）", "From levels (do not use)"),
        },
        Text(
            "可比基数 B = C / (1 + g)；修订幅度为 B 与上年公布额之差。",
            "Comparable base B = C / (1 + g); the revision is B against the level published a "
            "year before.",
        ),
        lacks_data=True,
    )


def contributions_table(parts: pd.DataFrame, *, lang: Language) -> Table:
    """Return growth, share and contribution of each part at one month."""
    frame = pd.DataFrame(
        {
            "indicator": indicators_in(parts, lang),
            "yoy": parts["yoy_pct"].map(lambda value: percent(value, lang)),
            "share": parts["share_of_base_pct"].map(lambda value: percent(value, lang)),
            "contribution": parts["contribution_pp"].map(lambda value: number(value, lang, 2)),
            "basis": [
                _basis_words(basis, period, lang)
                for basis, period in zip(parts["basis"], parts["share_period"], strict=True)
            ],
        }
    )
    return Table(
        frame,
        Text("各部分对总量增速的拉动", "What the parts add to the growth of the total"),
        {
            "indicator": Text("部分", "Part"),
            "yoy": Text("增速", "Growth"),
            "share": Text("占可比基数", "Share of base"),
            "contribution": Text("拉动（百分点）", "Contribution (pp)"),
            "basis": Text("份额依据", "Share taken from"),
        },
        Text(
            "不同切分（产业、行业、所有制）互有重叠，不可相加。",
            "Cuts by sector, industry and ownership overlap and do not add up.",
        ),
        lacks_data=True,
    )


def coverage_table(covered: pd.DataFrame, *, lang: Language) -> Table:
    """Return what is there of each series, and how far it lags."""
    frame = pd.DataFrame(
        {
            "indicator": indicators_in(covered, lang),
            "first": _months(covered["first"], lang),
            "last": _months(covered["last"], lang),
            "n_growth": covered["n_growth"].map(str),
            "n_values": covered["n_values"].map(str),
            "n_missing": covered["n_missing"].map(str),
            "lag": covered["lag_releases"].map(str),
        }
    )
    return Table(
        frame,
        Text("各序列的起止与缺口", "Extent and gaps of each series"),
        {
            "indicator": Text("指标", "Indicator"),
            "first": Text("最早", "First"),
            "last": Text("最新", "Last"),
            "n_growth": Text("增速个数", "Growth figures"),
            "n_values": Text("投资额个数", "Values"),
            "n_missing": Text("中间缺失", "Missing between"),
            "lag": Text("落后发布次数", "Releases behind"),
        },
    )


def checks_table(records: pd.DataFrame, *, lang: Language, most: int = 40) -> Table:
    """Return the records of the checks, errors first."""
    severities = {
        "error": Text("错误", "error"),
        "warning": Text("留意", "warning"),
        "note": Text("说明", "note"),
    }
    ordered = records.assign(rank=records["severity"].map(list(severities).index))
    ordered = ordered.sort_values(["rank", "region_code", "indicator"], kind="stable").head(most)
    frame = pd.DataFrame(
        {
            "severity": ordered["severity"].map(lambda name: severities[name].in_language(lang)),
            "series": [
                f"{region_named(code).name.in_language(lang)} "
                f"{indicator_named(indicator).label.in_language(lang)}"
                for code, indicator in zip(
                    ordered["region_code"], ordered["indicator"], strict=True
                )
            ],
            "message": ordered[lang],
            "place": [
                f"{file}:{row}" if file else ""
                for file, row in zip(ordered["file"], ordered["row"], strict=True)
            ],
        }
    )
    return Table(
        frame,
        Text("检查记录", "Records of the checks"),
        {
            "severity": Text("程度", "Severity"),
            "series": Text("序列", "Series"),
            "message": Text("内容", "What"),
            "place": Text("位置", "Where"),
        },
        Text(
            f"共 {len(records)} 条，最多列 {most} 条。",
            f"{len(records)} in all, {most} at most shown.",
        ),
    )


def provenance_table(figures: pd.DataFrame, *, lang: Language, releases: int = 3) -> Table:
    """Return where the newest figures of each series come from, down to the line of the file."""
    known = figures[figures["ytd_yoy_pct"].notna()]
    newest = known.groupby(["region_code", "indicator"], sort=False).tail(releases)
    newest = newest.sort_values(["indicator", "period"], ascending=[True, False])
    frame = pd.DataFrame(
        {
            "indicator": indicators_in(newest, lang),
            "period": _months(newest["period"], lang),
            "yoy": newest["ytd_yoy_pct"].map(lambda value: percent(value, lang)),
            "source": [_source_words(source, lang) for source in newest["source"]],
            "note": [note_in_language(note, lang) for note in newest["note"]],
            "place": [
                f"{file}:{row}" for file, row in zip(newest["file"], newest["row"], strict=True)
            ],
        }
    )
    return Table(
        frame,
        Text("最新数字的出处", "Where the newest figures come from"),
        {
            "indicator": Text("指标", "Indicator"),
            "period": Text("截至月份", "Through"),
            "yoy": Text("增速", "Growth"),
            "source": Text("来源", "Source"),
            "note": Text("备注", "Note"),
            "place": Text("文件与行号", "File and line"),
        },
    )


def changes_table(changed: pd.DataFrame, *, lang: Language) -> Table:
    """Return what two months of knowledge say of each series, side by side."""
    frame = pd.DataFrame(
        {
            "indicator": indicators_in(changed, lang),
            "then": _months(changed["period_then"], lang),
            "yoy_then": changed["yoy_then_pct"].map(lambda value: percent(value, lang)),
            "now": _months(changed["period_now"], lang),
            "yoy_now": changed["yoy_now_pct"].map(lambda value: percent(value, lang)),
            "state": [
                f"{STATES[then].in_language(lang)} → {STATES[now].in_language(lang)}"
                for then, now in zip(changed["state_then"], changed["state_now"], strict=True)
            ],
            "new": changed["n_new_releases"].map(str),
        }
    )
    return Table(
        frame,
        Text("与较早月份相比", "Compared with an earlier month"),
        {
            "indicator": Text("指标", "Indicator"),
            "then": Text("当时最新", "Latest then"),
            "yoy_then": Text("当时增速", "Growth then"),
            "now": Text("现在最新", "Latest now"),
            "yoy_now": Text("现在增速", "Growth now"),
            "state": Text("累计口径状态", "State, year to date"),
            "new": Text("新增发布", "New releases"),
        },
    )


def regions_table(found: pd.DataFrame, flagged: pd.DataFrame, *, lang: Language) -> Table:
    """Return the latest growth of each region and its run still going on, the longest first."""
    ytd = flagged[(flagged["definition"] == "ytd") & (flagged["state"] != "missing")]
    latest = ytd.sort_values("period").groupby("region_code", sort=False).tail(1)
    going_on = found[(found["definition"] == "ytd") & found["ongoing"]]
    both = latest[["region_code", "period", "value_pct"]].merge(
        going_on[["region_code", "start", "n_releases", "n_months", "is_lower_bound"]],
        on="region_code",
        how="left",
    )
    both = both.sort_values(["n_releases", "value_pct"], ascending=[False, True])
    none = Text("无", "none").in_language(lang)
    spells = [None if pd.isna(row["start"]) else row for _, row in both.iterrows()]
    frame = pd.DataFrame(
        {
            "region": both["region_code"].map(
                lambda code: region_named(code).name.in_language(lang)
            ),
            "period": _months(both["period"], lang),
            "yoy": both["value_pct"].map(lambda value: percent(value, lang)),
            "run": [
                none
                if row is None
                else f"{at_least(row).in_language(lang)}"
                f"{int(row['n_releases'])} / {int(row['n_months'])}"
                for row in spells
            ],
            "since": [
                none if row is None else since_phrase(row).in_language(lang) for row in spells
            ],
        }
    )
    return Table(
        frame,
        Text("各地区最新增速与连续负增长", "Latest growth and negative run of each region"),
        {
            "region": Text("地区", "Region"),
            "period": Text("截至月份", "Through"),
            "yoy": Text("累计增速", "Growth, year to date"),
            "run": Text("连续负增长（次/月）", "Negative run (releases / months)"),
            "since": Text("自", "Since"),
        },
    )


def indicators_in(table: pd.DataFrame, lang: Language) -> pd.Series:
    """Return what readers call the indicator, or derived part, of each row."""
    return table["indicator"].map(lambda name: part_name(name).in_language(lang))


def part_name(name: str) -> Text:
    """Return what readers call an indicator, or a part derived from several of them."""
    return _DERIVED_PARTS.get(name) or indicator_named(name).label


_DERIVED_PARTS = {
    "excluding_real_estate": Text("扣除房地产开发投资", "total excluding real estate"),
    "other": Text("其他（舍入与修订）", "other (rounding and revision)"),
}


def _months(periods: pd.Series, lang: Language) -> pd.Series:
    return periods.map(lambda period: month_name(str(period), lang))


def _basis_words(basis: str, period: object, lang: Language) -> str:
    if basis == "missing":
        return Text("待补：近24个月无投资额", "not available: no level in 24 months").in_language(
            lang
        )
    month = month_name(str(period), lang)
    if basis == "same_release":
        return Text(f"{month}（同期公布）", f"{month} (same release)").in_language(lang)
    return Text(f"{month}（沿用，属假定）", f"{month} (carried forward: assumed)").in_language(lang)


def _source_words(source: str, lang: Language) -> str:
    known = sources_of(source)
    words = [f"{one.id} {one.what.in_language(lang)}" for one in known]
    return "; ".join(words) or source
