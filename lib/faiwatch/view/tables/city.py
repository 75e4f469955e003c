"""Tables of a city: the rank of its districts, who turned, who is summoned, and the notices."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from faiwatch.core.phrases import at_least, say
from faiwatch.core.text import NOT_AVAILABLE, Language, Text, month_name
from faiwatch.data.measures import measures_of
from faiwatch.data.summons_rules import LEVELS
from faiwatch.view.tables import regions_in
from faiwatch.view.tables.table import Table

_MOST_LAGGING = 20
DIRECTIONS: Mapping[str, Text] = {
    "turned_negative": Text("由正转负", "turned negative"),
    "turned_positive": Text("由负转正（或持平）", "no longer negative"),
}


def rank_table(standing: pd.DataFrame, *, lang: Language, note: Text) -> Table:
    """Return where each district stands, best growth first.

    Parameters
    ----------
    standing : DataFrame
        :attr:`faiwatch.stats.city.CityFacts.standing`, with ``n_lagging`` in words where it
        is known. Columns of which nothing is known are left out; what has no room beside
        them is told by :func:`further_table` and :func:`ledgers_table`.
    lang : {"zh", "en"}
        Language of the table.
    note : Text
        What is incomplete.
    """
    spells = [_spell(row, "ytd", lang) for _, row in standing.iterrows()]
    columns = measures_of("rank", "district", "ytd_yoy_pct", "change_month_pp", "city_gap_pp")
    columns |= measures_of("target_growth_pct", "target_gap_pp", "light", "negative_ytd")
    columns |= measures_of(n_lagging="n_behind", rank_before="rank_before")
    return Table(
        standing.assign(district=regions_in(standing, lang), negative_ytd=spells)
        .rename(columns={"change_pp": "change_month_pp"})
        .reindex(columns=list(columns)),
        Text("各县市区位次", "Districts in order of growth"),
        columns,
        lang,
        note,
        pinned=2,
    )


def further_table(standing: pd.DataFrame, *, lang: Language) -> Table:
    """Return targets of the month, spells by the other definitions, sizes and contributions.

    Parameters
    ----------
    standing : DataFrame
        As :func:`rank_table` takes it.
    lang : {"zh", "en"}
        Language of the table.
    """
    spells = {
        f"negative_{name}": [_spell(row, name, lang) for _, row in standing.iterrows()]
        for name in ("block", "rolling3")
    }
    columns = measures_of("district", "month_target_pct", "month_target_gap_pp")
    columns |= measures_of("month_target_100m", "month_gap_100m", "negative_block")
    columns |= measures_of("negative_rolling3", "weight_pct", "contribution_pp")
    return Table(
        standing.assign(district=regions_in(standing, lang), **spells).reindex(
            columns=list(columns)
        ),
        Text("各县市区月度目标、其他口径与拉动", "Month targets, other spells, contributions"),
        columns,
        lang,
        pinned=1,
    )


def _spell(row: pd.Series, definition: str, lang: Language) -> str:
    """Return for how long a district is negative: months, and releases where they differ."""
    months, releases = row[f"n_months_{definition}"], row[f"n_releases_{definition}"]
    if pd.isna(months):
        return NOT_AVAILABLE[lang]
    if not months:
        return Text("否", "no").in_language(lang)
    least = at_least(row).in_language(lang) if definition == "ytd" else ""
    told = say("view.tables_city.spell", least=least, months=months, releases=releases)
    return told.in_language(lang)


def turned_table(turned: pd.DataFrame, *, lang: Language) -> Table:
    """Return the districts whose growth changed its sign with the last release."""
    words = {name: text.in_language(lang) for name, text in DIRECTIONS.items()}
    return Table(
        turned.assign(
            district=regions_in(turned, lang),
            direction=turned["direction"].map(words).astype("str"),
        ),
        Text("本期增速变号的县市区", "Districts whose growth changed its sign"),
        measures_of("district", "direction", before_yoy_pct="previous_pct")
        | measures_of("ytd_yoy_pct"),
        lang,
    )


def summons_table(summons: pd.DataFrame, *, lang: Language, note: Text) -> Table:
    """Return who is to be reminded, summoned or supervised, the strictest first, and why."""
    return Table(
        summons.assign(
            district=regions_in(summons, lang),
            summons_level=[LEVELS[one].in_language(lang) for one in summons["level"]],
            summons_reason=summons[f"reason_{lang}"],
        ),
        Text("提醒、约谈、督办名单", "Reminders, summons and supervision"),
        measures_of("district", "summons_level", "summons_reason"),
        lang,
        note,
    )


def ledgers_table(
    rolled: pd.DataFrame, words: Mapping[str, Mapping[str, str]], *, lang: Language
) -> Table:
    """Return what the ledger of each district comes to.

    Parameters
    ----------
    rolled : DataFrame
        :attr:`faiwatch.ledger.city.rollup.Rollup.table`.
    words : mapping
        Numbers of a ledger in words, with their coverage, by number and district.
    lang : {"zh", "en"}
        Language of the table.
    """
    told = {name: rolled["region_code"].map(dict(of)) for name, of in words.items()}
    return Table(
        rolled.assign(
            district=regions_in(rolled, lang),
            plan_done=told["progress"],
            start_rate=told["start_rate_due"],
            n_lagging=told["lagging"],
            local_match=told["match_rate"],
        ),
        Text("各县市区台账汇总", "Ledgers of the districts"),
        measures_of("district", "ledger_month", "n_projects", n_lagging="n_behind")
        | measures_of("plan_done", "start_rate", "n_issues_overdue", local_match="match_paid"),
        lang,
        pinned=1,
    )


def lights_table(lights: pd.DataFrame, names: Mapping[str, Text], *, lang: Language) -> Table:
    """Return the lights of each district as a whole, a row a rule."""
    table = lights.assign(
        light_rule=[names[one].in_language(lang) for one in lights["scale"]],
        district=regions_in(lights, lang),
    )
    return Table(
        table,
        Text("各县市区整体亮灯", "Lights of the districts as a whole"),
        measures_of("light_rule", "district", "light"),
        lang,
    )


def lagging_table(lag: pd.DataFrame | None, *, lang: Language) -> Table:
    """Return the projects of the city that are furthest behind, with their district."""
    rows = pd.DataFrame(columns=["project_code", "name", "unit", "shortfall_10k"])
    if lag is not None:
        rows = lag.head(_MOST_LAGGING)
    told = rows.assign(region_code=[str(code).partition(":")[0] for code in rows["project_code"]])
    return Table(
        told.assign(district=regions_in(told, lang) if len(told) else ""),
        Text("全市滞后最多的项目", "Projects of the city that are furthest behind"),
        measures_of("district", name="projects.name", unit="projects.unit")
        | measures_of("shortfall_10k"),
        lang,
    )


def notices_table(notices: pd.DataFrame, states: Mapping[str, Text], *, lang: Language) -> Table:
    """Return what became of the notices, the ones that are late first."""
    order = {name: at for at, name in enumerate(("overdue", "draft", "sent", "answered", "closed"))}
    told = notices.sort_values("state", key=lambda one: one.map(order), kind="stable")
    return Table(
        told.assign(
            district=regions_in(told, lang),
            summons_level=[LEVELS[one].in_language(lang) for one in told["level"]],
            notice_state=[states[one].in_language(lang) for one in told["state"]],
            month=[month_name(str(one), lang) for one in told["month"]],
        ),
        Text("通知办理情况", "What became of the notices"),
        measures_of("notice_id", "district", "summons_level", "notice_state")
        | measures_of(issued="notice_issued", due="notice_due", answered="notice_answered"),
        lang,
    )
