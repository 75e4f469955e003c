"""Charts of many regions: how long each has been negative, and how widely growth is negative."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import altair as alt
import pandas as pd

from faiwatch.core.phrases import length_phrase, ongoing_spell, say, since_phrase
from faiwatch.core.text import Language
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
    named_months,
    records,
    tooltips,
    value_x,
    value_y,
    zoom,
)
from faiwatch.view.charts.words import labelled


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
    bounds = ["≥" if bound else "" for bound in now["is_lower_bound"]]
    answer = partial(
        subject.chart,
        slug("run-length-ranking", *now["indicator"].astype(str).unique()[:1]),
        title=say("view.charts_regions.lengths", name=subject.name),
        table=labelled(
            lang,
            region=called,
            releases_in_a_row=now["n_releases"],
            n_months=now["n_months"],
            since=now["start"],
            lowest_pct=now["lowest_pct"],
            at_least=bounds,
        ),
        units=subject.say("次公布；个月", "releases; months"),
        as_of=subject.until(now["end"]),
    )
    if now.empty:
        return answer(caption=say("view.charts_regions.no_spell", region=subject.region))
    caption = say(
        "view.charts_regions.longest",
        negative=len(now),
        name=called[0],
        spell=ongoing_spell(now.iloc[0]),
    )
    return answer(caption=caption, chart=_lengths(now, called, bounds, lang))


def _lengths(
    now: pd.DataFrame, called: list[str], bounds: list[str], lang: Language
) -> alt.LayerChart:
    lengths = map(length_phrase, now["n_months"], now["n_releases"])
    data = pd.DataFrame(
        {
            "name": called,
            "releases": now["n_releases"],
            "months": now["n_months"],
            "since": [since_phrase(run).in_language(lang) for _, run in now.iterrows()],
            "lowest_pct": now["lowest_pct"],
            "words": [
                f"{bound}{length.in_language(lang)}"
                for bound, length in zip(bounds, lengths, strict=True)
            ],
        }
    )
    tips = {"name": "region", "releases": "releases_in_a_row", "months": "n_months"}
    base = alt.Chart().encode(
        x=value_x("releases", label("releases_in_a_row", lang), padding=0),
        y=name_y(),
        tooltip=tooltips(lang, "since", "lowest_pct", **tips),
    )
    bars = base.mark_bar(height=15, color=theme.NEGATIVE)
    words = base.mark_text(align="left", dx=7, clip=False).encode(text="words:N")
    return layered(bars, words, data=records(data), height=24 * len(now))


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
    known = spread[(spread["n_negative"] + spread["n_non_negative"]).gt(0) & are_shared(spread)]
    answer = partial(
        subject.chart,
        "diffusion",
        title=say("view.charts_regions.shares", name=subject.name),
        table=labelled(
            lang,
            **spread[["period", "share_negative_pct", "n_negative", "n_regions"]],
            n_regions_missing=spread["n_missing"],
            diffusion_index=spread["diffusion_index"],
        ),
        as_of=subject.until(known["period"]),
    )
    if known.empty:
        return answer()
    last, widest = known.iloc[-1], known.iloc[known["share_negative_pct"].argmax()]
    count = int(last["n_negative"])
    caption = say(
        "view.charts_regions.share",
        month=last["period"],
        negative=count,
        total=count + int(last["n_non_negative"]),
        share=last["share_negative_pct"],
        most=widest["share_negative_pct"],
        widest=widest["period"],
    )
    return answer(caption=caption, chart=_share_negative(known, subject))


def _share_negative(known: pd.DataFrame, subject: Subject) -> alt.LayerChart:
    lang = subject.lang
    title = label("share_negative_pct", lang)
    data = named_months(known["period"], lang).assign(
        value_pct=known["share_negative_pct"],
        n_negative=known["n_negative"],
        index_pct=known["diffusion_index"],
    )
    told = {"value_pct": "share_negative_pct", "index_pct": "diffusion_index"}
    tips = tooltips(lang, "window", "n_negative", **told)
    x, y = month_x(lang), value_y("value_pct", title)
    base = alt.Chart().encode(x=x, y=y, tooltip=tips)
    area = base.mark_area(
        color=theme.NEGATIVE_SOFT, line={"color": theme.NEGATIVE, "strokeWidth": 1.8}
    )
    words = subject.say("一半地区", "half the regions")
    half = alt.Chart(alt.InlineData(values=[{"half": 50, "words": words}]))
    rule = half.mark_rule(color=theme.MUTED, strokeDash=[4, 4])
    word = half.mark_text(align="left", baseline="bottom", dx=4, dy=-3, color=theme.MUTED)
    half_y = value_y("half", title)
    return layered(
        area.add_params(zoom()).properties(name=MAIN_NAME),
        rule.encode(y=half_y),
        word.encode(x=alt.X(value=0), y=half_y, text="words:N"),
        last_value(data, x, y),
        data=records(data),
        height=240,
    )
