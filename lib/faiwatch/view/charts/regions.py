"""Charts of many regions: how long each has been negative, and how widely growth is negative."""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import pandas as pd

from faiwatch.core.phrases import count_of, length_phrase, since_phrase, spell_counted
from faiwatch.core.text import Text, percent, window_name
from faiwatch.data.measures import label
from faiwatch.stats.diffusion import are_shared
from faiwatch.view.charts import theme
from faiwatch.view.charts.chart import Chart, Subject, slug
from faiwatch.view.charts.marks import (
    MAIN_NAME,
    last_value,
    layered,
    month_x,
    name_y,
    records,
    tooltips,
    value_x,
    value_y,
    zoom,
)
from faiwatch.view.charts.words import labelled, not_available


def current_spells(runs: pd.DataFrame) -> pd.DataFrame:
    """Return runs of published growth still going on, longest first, deepest among equals."""
    going_on = runs[runs["ongoing"].astype(bool) & (runs["definition"] == "ytd")]
    return going_on.sort_values(
        ["n_releases", "lowest_pct"], ascending=[False, True], ignore_index=True
    )


def spell_length_ranking(
    runs: pd.DataFrame, *, subject: Subject, names: Mapping[str, str]
) -> Chart:
    """Return the regions whose published growth is negative now, by the length of the run.

    Parameters
    ----------
    runs : DataFrame
        Runs of several regions and one indicator; runs by other definitions than ``ytd`` and
        runs that have ended are left out.
    subject : Subject
        Names and language; `region` names the group.
    names : mapping
        What each region is called, in the page's language.

    Returns
    -------
    Chart
        Bars count releases; tooltip and table also count months (a January-February release is
        two). A run that may be longer, because a release beside it is missing, is marked "≥".
    """
    lang = subject.lang
    now = current_spells(runs)
    called = [names[code] for code in now["region_code"]]
    table = labelled(
        lang,
        region=called,
        releases_in_a_row=now["n_releases"],
        n_months=now["n_months"],
        since=now["start"],
        lowest_pct=now["lowest_pct"],
        at_least=["≥" if bound else "" for bound in now["is_lower_bound"]],
    )
    return subject.chart(
        slug("run-length-ranking", *now["indicator"].astype(str).unique()[:1]),
        title=subject.say(
            f"{subject.region}{subject.indicator}：正在持续的负增长有多长",
            f"{subject.region}, {subject.indicator}: how long growth has been negative",
        ),
        caption=_ranking_caption(now, called, subject),
        chart=_ranking_chart(now, called, subject) if len(now) else None,
        table=table,
        units=subject.say("次公布；个月", "releases; months"),
        as_of=subject.until(now["end"]),
    )


def _ranking_chart(now: pd.DataFrame, called: list[str], subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    data = pd.DataFrame(
        {
            "name": called,
            "releases": now["n_releases"],
            "months": now["n_months"],
            "since": [since_phrase(run).in_language(lang) for _, run in now.iterrows()],
            "lowest_pct": now["lowest_pct"],
            "words": [
                f"{'≥' if bound else ''}{length_phrase(months, releases).in_language(lang)}"
                for bound, months, releases in zip(
                    now["is_lower_bound"], now["n_months"], now["n_releases"], strict=True
                )
            ],
        }
    )
    title = label("releases_in_a_row", lang)
    base = alt.Chart().encode(
        x=value_x("releases", title, padding=0),
        y=name_y(),
        tooltip=tooltips(
            lang,
            "since",
            "lowest_pct",
            name="region",
            releases="releases_in_a_row",
            months="n_months",
        ),
    )
    bars = base.mark_bar(height=15, color=theme.NEGATIVE)
    words = base.mark_text(align="left", dx=7, clip=False).encode(text="words:N")
    return layered(bars, words, data=records(data)).properties(height=24 * len(now))


def _ranking_caption(now: pd.DataFrame, called: list[str], subject: Subject) -> str:
    if now.empty:
        return subject.say(
            f"{subject.region}目前没有地区处于持续的负增长。",
            f"{subject.region}: no negative spell is going on.",
        )
    first = now.iloc[0]
    since = since_phrase(first)
    counted = spell_counted(first, Text(f"，自{since.zh}起", f", since {since.en}"))
    return subject.say(
        f"{len(now)}个地区累计同比仍为负；持续最长的是{called[0]}，已{counted.zh}。",
        f"{count_of(len(now), 'region is', 'regions are')} still negative; longest {called[0]}, "
        f"{counted.en}.",
    )


def diffusion(spread: pd.DataFrame, *, subject: Subject) -> Chart:
    """Return the share of regions with negative growth over time.

    Months in which fewer than nine tenths of the regions have a figure stand in the table alone:
    a share of early publishers would be read as a share of all.

    Parameters
    ----------
    spread : DataFrame
        ``period n_regions n_negative n_non_negative n_missing share_negative_pct
        diffusion_index``.
    subject : Subject
        Names and language.

    Returns
    -------
    Chart
        Table: month, share in percent, counts, diffusion index.
    """
    lang = subject.lang
    spread = spread.sort_values("period")
    told = spread["n_negative"] + spread["n_non_negative"]
    known = spread[told.gt(0) & are_shared(spread)]
    table = labelled(
        lang,
        period=spread["period"],
        share_negative_pct=spread["share_negative_pct"],
        n_negative=spread["n_negative"],
        n_regions=spread["n_regions"],
        n_regions_missing=spread["n_missing"],
        diffusion_index=spread["diffusion_index"],
    )
    return subject.chart(
        "diffusion",
        title=subject.say(
            f"{subject.region}{subject.indicator}：负增长地区占比",
            f"{subject.region}, {subject.indicator}: share of regions with negative growth",
        ),
        caption=_diffusion_caption(known, subject),
        chart=_diffusion_chart(known, subject) if len(known) else None,
        table=table,
        as_of=subject.until(known["period"]),
    )


def _diffusion_chart(known: pd.DataFrame, subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    title = label("share_negative_pct", lang)
    data = pd.DataFrame(
        {
            "month": known["period"],
            "value_pct": known["share_negative_pct"],
            "n_negative": known["n_negative"],
            "index_pct": known["diffusion_index"],
            "window": [window_name(str(period), lang) for period in known["period"]],
        }
    )
    tips = tooltips(
        lang,
        "window",
        "n_negative",
        value_pct="share_negative_pct",
        index_pct="diffusion_index",
    )
    x, y = month_x(lang), value_y("value_pct", title)
    base = alt.Chart().encode(x=x, y=y, tooltip=tips)
    area = base.mark_area(
        color=theme.NEGATIVE_SOFT, line={"color": theme.NEGATIVE, "strokeWidth": 1.8}
    )
    half = alt.InlineData(
        values=[{"half": 50, "words": subject.say("一半地区", "half the regions")}]
    )
    rule = alt.Chart(half).mark_rule(color=theme.MUTED, strokeDash=[4, 4])
    word = alt.Chart(half).mark_text(
        align="left", baseline="bottom", dx=4, dy=-3, color=theme.MUTED
    )
    half_y = value_y("half", title)
    return layered(
        area.add_params(zoom()).properties(name=MAIN_NAME),
        rule.encode(y=half_y),
        word.encode(x=alt.X(value=0), y=half_y, text="words:N"),
        last_value(data, x, y),
        data=records(data),
    ).properties(height=240)


def _diffusion_caption(known: pd.DataFrame, subject: Subject) -> str:
    if known.empty:
        return not_available(subject)
    last = known.iloc[-1]
    told = int(last["n_negative"] + last["n_non_negative"])
    share = percent(last["share_negative_pct"], subject.lang)
    window = window_name(str(last["period"]), subject.lang)
    widest = known.iloc[known["share_negative_pct"].argmax()]
    most = percent(widest["share_negative_pct"], subject.lang)
    then = window_name(str(widest["period"]), subject.lang)
    return subject.say(
        f"{window}，可判定的{told}个地区中{int(last['n_negative'])}个为负，占{share}；"
        f"图中最高为{then}的{most}。",
        f"{window}: {int(last['n_negative'])} of {count_of(told, 'region')} with a figure "
        f"negative, {share}; the highest shown is {most}, {then}.",
    )
