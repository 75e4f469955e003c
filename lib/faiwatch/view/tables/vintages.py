"""Tables for readers about vintages: what changed, the revision triangle and its statistics."""

from __future__ import annotations

import pandas as pd

from faiwatch.core.phrases import at_least, since_phrase
from faiwatch.core.text import YES_NO, Language, Text, month_name, number, percent
from faiwatch.stats.negative import DEFINITIONS, STATES
from faiwatch.stats.revisions import FIGURES, STEPS, Changes
from faiwatch.stats.vintages import SIGNIFICANCE_LEVEL
from faiwatch.view.tables import NO_NOTE, Table, indicators_in

_INDICATOR, _PERIOD = Text("指标", "Indicator"), Text("截至月份", "Through")
_DEFINITION = Text("口径", "Definition")
_KINDS = {
    "new": Text("新公布", "new"),
    "revised": Text("修订", "revised"),
    "added": Text("新增", "added"),
    "withdrawn": Text("撤回", "withdrawn"),
}
_NONE, _UNPUBLISHED = Text("无", "none"), Text("未收录", "not held")


def figure_changes_table(changes: Changes, *, lang: Language, most: int = 40) -> Table:
    """Return the figures that are new or revised, revisions first, then the newest months."""
    found = changes.figures.sort_values(
        ["kind", "period"], ascending=[False, False], kind="stable"
    ).head(most)
    frame = pd.DataFrame(
        {
            "kind": found["kind"].map(lambda kind: _KINDS[kind].in_language(lang)),
            "indicator": indicators_in(found, lang),
            "period": _months(found["period"], lang),
            "figure": found["figure"].map(lambda name: FIGURES[name].in_language(lang)),
            "then": _figures(found["then"], _UNPUBLISHED, lang),
            "now": _figures(found["now"], _UNPUBLISHED, lang),
            "change": _figures(found["change"], NO_NOTE, lang),
            "issued": pd.to_datetime(found["issued"]).dt.strftime("%Y-%m-%d").fillna(""),
        }
    )
    total = len(changes.figures)
    return Table(
        frame,
        Text("新公布与修订的数", "New and revised figures"),
        {
            "kind": Text("变化", "What"),
            "indicator": _INDICATOR,
            "period": _PERIOD,
            "figure": Text("数据", "Figure"),
            "then": Text("当时", "Then"),
            "now": Text("现在", "Now"),
            "change": Text("差", "Change"),
            "issued": Text("发布日期", "Issued"),
        },
        Text(
            f"共 {total} 个，最多列 {most} 个；发布日期不详者留空。",
            f"{total} in all, {most} at most shown; unknown issue dates are left blank.",
        ),
    )


def flag_changes_table(changes: Changes, *, lang: Language) -> Table:
    """Return the negative flags that a revision added or withdrew."""
    found = changes.flags
    frame = pd.DataFrame(
        {
            "kind": found["kind"].map(lambda kind: _KINDS[kind].in_language(lang)),
            "indicator": indicators_in(found, lang),
            "period": _months(found["period"], lang),
            "definition": found["definition"].map(lambda name: DEFINITIONS[name].in_language(lang)),
            "then": _judgements(found, "then", lang),
            "now": _judgements(found, "now", lang),
        }
    )
    return Table(
        frame,
        Text("因修订新增或撤回的负增长标记", "Negative flags that a revision added or withdrew"),
        {
            "kind": Text("变化", "What"),
            "indicator": _INDICATOR,
            "period": _PERIOD,
            "definition": _DEFINITION,
            "then": Text("当时", "Then"),
            "now": Text("现在", "Now"),
        },
        Text("当时尚未公布的月份不列。", "Months that were not published then are not listed."),
    )


def verdict_steps_table(changes: Changes, *, indicator: str, lang: Language) -> Table:
    """Return how the verdict on one indicator came about: as it was, revised, with the news.

    A definition by which there is no verdict at any step is left out.
    """
    steps = changes.verdict[changes.verdict["indicator"] == indicator]
    is_told = steps["state"].ne("missing").groupby(steps["definition"]).transform("any")
    steps = steps[is_told]
    spells = [None if pd.isna(row["start"]) else row for _, row in steps.iterrows()]
    frame = pd.DataFrame(
        {
            "definition": steps["definition"].map(lambda name: DEFINITIONS[name].in_language(lang)),
            "step": steps["step"].map(lambda name: STEPS[name].in_language(lang)),
            "period": _months(steps["period"], lang),
            "yoy": steps["value_pct"].map(lambda value: percent(value, lang)),
            "state": steps["state"].map(lambda name: STATES[name].in_language(lang)),
            "run": [
                _NONE.in_language(lang)
                if row is None
                else f"{at_least(row).in_language(lang)}{row['n_releases']} / {row['n_months']}"
                for row in spells
            ],
            "since": [
                (_NONE if row is None else since_phrase(row)).in_language(lang) for row in spells
            ],
        }
    )
    return Table(
        frame,
        Text("结论如何变化", "What became of the verdict"),
        {
            "definition": _DEFINITION,
            "step": Text("步骤", "Step"),
            "period": _PERIOD,
            "yoy": Text("增速", "Growth"),
            "state": Text("判断", "State"),
            "run": Text("连续负增长（次/月）", "Negative run (releases / months)"),
            "since": Text("自", "Since"),
        },
        Text(
            "先只把当时已公布的数换成现在的数，再加上新公布的数。",
            "First the figures known then take their present values, then the new ones are added.",
        ),
    )


def triangle_table(
    triangle: pd.DataFrame, *, lang: Language, months: int = 12, releases: int = 8
) -> Table:
    """Return the revision triangle of one series: months down, issue dates across.

    Months that were published once only have nothing to show and are left out.
    """
    again = triangle.groupby("period")["release"].transform("max") > 1
    triangle = triangle[again]
    days = sorted(triangle["issued"].unique())[-releases:]
    shown = triangle[triangle["issued"].isin(days)]
    wide = shown.pivot(index="period", columns="issued", values="value").sort_index()
    wide = wide.tail(months).iloc[::-1]
    names = [f"{day:%Y-%m-%d}" for day in wide.columns]
    cells = {
        name: ["" if pd.isna(value) else number(value, lang) for value in wide[day]]
        for name, day in zip(names, wide.columns, strict=True)
    }
    months_shown = [month_name(str(period), lang) for period in wide.index]
    return Table(
        pd.DataFrame({"period": months_shown} | cells),
        Text("修订三角", "Revision triangle"),
        {"period": _PERIOD} | {name: Text(name, name) for name in names},
        Text(
            "每列为一次发布；空格表示该次没有公布这个月；只公布过一次的月份不列。",
            "One column is one release; a blank cell was not published in it. Months published "
            "once only are not listed.",
        ),
    )


def statistics_table(statistics: pd.DataFrame, *, lang: Language) -> Table:
    """Return the revision statistics of each series."""
    too_few = Text("待补：次数太少", "not available: too few").in_language(lang)
    frame = pd.DataFrame(
        {
            "indicator": indicators_in(statistics, lang),
            "n": statistics["n_revisions"].map(str),
            "mean": statistics["mean"].map(lambda value: number(value, lang, 2)),
            "absolute": statistics["mean_absolute"].map(lambda value: number(value, lang, 2)),
            "p_value": statistics["p_value"].map(lambda value: number(value, lang, 3)),
            "significant": [
                too_few if pd.isna(p_value) else YES_NO[bool(is_significant)].in_language(lang)
                for p_value, is_significant in zip(
                    statistics["p_value"], statistics["is_significant"], strict=True
                )
            ],
        }
    )
    level = percent(100 * SIGNIFICANCE_LEVEL, "en", 0)
    return Table(
        frame,
        Text("修订统计（末次减首次）", "Revision statistics (last less first release)"),
        {
            "indicator": _INDICATOR,
            "n": Text("月数", "Months"),
            "mean": Text("平均修订", "Mean"),
            "absolute": Text("平均绝对修订", "Mean absolute"),
            "p_value": Text("p 值", "p-value"),
            "significant": Text("显著不为零", "Significant"),
        },
        Text(
            f"平均修订是否为零按 Newey–West 方差作 t 检验，显著性水平 {level}。",
            f"Whether the mean is zero: t-test with the Newey–West variance at {level}.",
        ),
    )


def _figures(values: pd.Series, otherwise: Text, lang: Language) -> list[str]:
    return [
        otherwise.in_language(lang) if pd.isna(value) else number(value, lang) for value in values
    ]


def _months(periods: pd.Series, lang: Language) -> list[str]:
    return [
        _NONE.in_language(lang) if pd.isna(period) else month_name(str(period), lang)
        for period in periods
    ]


def _judgements(found: pd.DataFrame, when: str, lang: Language) -> list[str]:
    return [
        f"{STATES[state].in_language(lang)} {percent(value, lang)}"
        for state, value in zip(found[f"state_{when}"], found[f"{when}_pct"], strict=True)
    ]
