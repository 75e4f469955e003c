"""Tables for readers: the tidy tables of the rooms above, as :class:`Table`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from faiwatch.core.phrases import at_least, say, since_phrase
from faiwatch.core.text import NOTHING, Language, Text, band, percent
from faiwatch.data.measures import measures_of
from faiwatch.data.reference import (
    calendar_of,
    indicator_named,
    note_in_language,
    sources_of,
)
from faiwatch.data.regions import region_named
from faiwatch.stats.check_records import SEVERITIES, SEVERITY_WORDS
from faiwatch.stats.negative import DEFINITIONS, STATES
from faiwatch.stats.parts import DIMENSIONS, PARTS_OF_A_PART
from faiwatch.view.tables.table import NO_NOTE, NOTHING_TO_LIST, Table

__all__ = ["NOTHING_TO_LIST", "NO_NOTE", "Table"]


def spells_table(found: pd.DataFrame, *, lang: Language, most: int = 12) -> Table:
    """Return negative spells by definition, the newest first."""
    newest = found.sort_values(["end", "n_releases"], ascending=False).head(most)
    bounds = [at_least(row).in_language(lang) for _, row in newest.iterrows()]
    counts = {
        name: [f"{least}{n}" for least, n in zip(bounds, newest[name], strict=True)]
        for name in ("n_releases", "n_months")
    }
    first = NOTHING
    if calendar_of(found["indicator"]).is_cumulative:
        first = say("view.tables.first_release")
    return Table(
        newest.assign(
            indicator=indicators_in(newest, lang),
            definition=in_words(newest["definition"], DEFINITIONS, lang),
            **counts,
        ),
        Text("连续负增长一览", "Negative spells"),
        measures_of("indicator", "definition", start="from", end="to")
        | measures_of("n_releases", "n_months", "ongoing", "lowest_pct"),
        lang,
        say("view.tables.at_least", first=first),
    )


def register_table(measured: pd.DataFrame, *, lang: Language, months: int = 24) -> Table:
    """Return the base-revision register: what the published figures imply about the base."""
    known = measured[measured["base_100m"].notna()].tail(months).iloc[::-1]
    ends = zip(known["block_yoy_lo_pct"], known["block_yoy_hi_pct"], strict=True)
    bands = [
        f"{percent(value, lang)} {band(*pair, lang)}"
        for value, pair in zip(known["block_yoy_pct"], ends, strict=True)
    ]
    is_investment = all(indicator_named(name).is_investment for name in known["indicator"].unique())
    level = "ytd_value_100m" if is_investment else "ytd_total_100m"
    return Table(
        known.assign(block_band=bands),
        Text("基数修订登记表", "Register of base revisions"),
        measures_of("period", ytd_value_100m=level, ytd_yoy_pct="published_yoy_pct")
        | measures_of("base_100m", "base_revision_pct", "block_band", "naive_yoy_pct"),
        lang,
        say("view.tables.comparable_base"),
        lacks_data=True,
    )


def contributions_table(parts: pd.DataFrame, *, lang: Language) -> Table:
    """Return growth, share and contribution of each part at one month."""
    bases = zip(parts["basis"], parts["share_period"], strict=True)
    return Table(
        parts.assign(
            indicator=indicators_in(parts, lang),
            basis=[_basis_words(basis, period, lang) for basis, period in bases],
        ),
        Text("各部分对总量增速的拉动", "What the parts add to the growth of the total"),
        measures_of(indicator="part", yoy_pct="growth_pct")
        | measures_of("share_of_base_pct", "contribution_pp", basis="share_basis"),
        lang,
        say("view.tables.cuts_overlap"),
        lacks_data=True,
    )


def parts_table(latest: pd.DataFrame, *, lang: Language) -> Table:
    """Return the last growth held of each part, cut by cut."""
    return Table(
        latest.assign(
            dimension=in_words(latest["dimension"], DIMENSIONS, lang),
            indicator=indicators_in(latest, lang),
            state=in_words(latest["state"], STATES, lang),
        ),
        Text("各部分最近收录的增速", "Latest growth held of each part"),
        measures_of(dimension="cut", indicator="part", period="period", value_pct="latest_pct")
        | measures_of("previous_pct", "state"),
        lang,
        say("view.tables.ends_earlier"),
    )


def coverage_table(covered: pd.DataFrame, *, lang: Language) -> Table:
    """Return what is there of each series, and how far it lags."""
    return Table(
        covered.assign(indicator=indicators_in(covered, lang)),
        Text("各序列的起止与缺口", "Extent and gaps of each series"),
        measures_of("indicator", first="first_month", last="last_month")
        | measures_of("n_growth", "n_values", n_missing="n_gaps")
        | measures_of("lag_releases"),
        lang,
    )


def checks_table(records: pd.DataFrame, *, lang: Language, most: int = 40) -> Table:
    """Return the records of the checks, errors first."""
    ordered = records.assign(rank=records["severity"].map(SEVERITIES.index))
    ordered = ordered.sort_values(["rank", "region_code", "indicator"], kind="stable").head(most)
    series = zip(regions_in(ordered, lang), indicators_in(ordered, lang), strict=True)
    places = zip(ordered["file"], ordered["row"], strict=True)
    return Table(
        ordered.assign(
            severity=in_words(ordered["severity"], SEVERITY_WORDS, lang),
            series=[" ".join(pair) for pair in series],
            message=ordered[lang],
            place=[f"{file}:{row}" if file else "" for file, row in places],
        ),
        Text("检查记录", "Records of the checks"),
        measures_of("severity", "series", "message", "place"),
        lang,
        say("view.tables.at_most", total=len(records), most=most),
    )


def provenance_table(figures: pd.DataFrame, *, lang: Language, releases: int = 3) -> Table:
    """Return where the newest figures of each series come from, down to the line of the file."""
    known = figures[figures["ytd_yoy_pct"].notna()]
    newest = known.groupby(["region_code", "indicator"], sort=False).tail(releases)
    newest = newest.sort_values(["indicator", "period"], ascending=[True, False])
    places = zip(newest["file"], newest["row"], strict=True)
    told = {
        source: "; ".join(f"{one.id} {one.what.in_language(lang)}" for one in sources_of(source))
        for source in newest["source"]
    }
    return Table(
        newest.assign(
            indicator=indicators_in(newest, lang),
            source=[told[source] or source for source in newest["source"]],
            note=[note_in_language(note, lang) for note in newest["note"]],
            place=[f"{file}:{row}" for file, row in places],
        ),
        Text("最新数字的出处", "Where the newest figures come from"),
        measures_of("indicator", "period", "ytd_yoy_pct", "source", "note", place="source_file"),
        lang,
    )


def changes_table(changed: pd.DataFrame, *, lang: Language) -> Table:
    """Return what two months of knowledge say of each series, side by side."""
    then, now = (in_words(changed[f"state_{when}"], STATES, lang) for when in ("then", "now"))
    return Table(
        changed.assign(indicator=indicators_in(changed, lang), state=then + " → " + now),
        Text("与较早月份相比", "Compared with an earlier month"),
        measures_of("indicator", period_then="latest_then", yoy_then_pct="growth_then_pct")
        | measures_of(period_now="latest_now", yoy_now_pct="growth_now_pct")
        | measures_of(state="state_change", n_new_releases="n_new_releases"),
        lang,
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
    return Table(
        both.assign(region=regions_in(both, lang), **spells_in(both, lang)),
        Text("各地区最新增速与连续负增长", "Latest growth and negative spell of each region"),
        measures_of("region", "period", value_pct="ytd_yoy_pct", run="run_length", since="since"),
        lang,
    )


def components_of_regions_table(
    measured: pd.DataFrame, regions: Sequence[str], *, lang: Language
) -> Table:
    """Return the last growth held of each component of some regions, and what is held of how many.

    Parameters
    ----------
    measured : DataFrame
        Measures of the regions and of the one above them, every indicator.
    regions : sequence of str
        Codes of those compared. Of the region above them only the regions of real-estate
        development are listed.
    lang : {"zh", "en"}
        Language.
    """
    dimensions = measured["indicator"].map(lambda name: indicator_named(name).dimension)
    is_own = measured["region_code"].isin(regions) & dimensions.ne("total")
    asked = measured[is_own | dimensions.eq(PARTS_OF_A_PART)]
    known = asked[asked["ytd_yoy_pct"].notna()].sort_values("period")
    last = known.groupby(["indicator", "region_code"], sort=False, observed=True).tail(1)
    last = last.sort_values(["indicator", "ytd_yoy_pct"])
    n_held = int(last.loc[last["region_code"].isin(regions), "region_code"].nunique())
    return Table(
        last.assign(region=regions_in(last, lang), indicator=indicators_in(last, lang)),
        Text("各地区已收录的分项", "Components held of the regions"),
        measures_of("indicator", "region", "period", "ytd_yoy_pct", "ytd_value_100m"),
        lang,
        say(
            "view.tables.components_held",
            total=len(regions),
            held=n_held,
            rest=len(regions) - n_held,
        ),
    )


def in_words(values: pd.Series, words: Mapping[str, Text], lang: Language) -> pd.Series:
    """Return values as readers see them; what has no words stays as it is."""
    told = [words[one].in_language(lang) if one in words else str(one) for one in values]
    return pd.Series(told, index=values.index, dtype="str")


def spells_in(table: pd.DataFrame, lang: Language) -> dict[str, list[str]]:
    """Return how long each row's spell is, as ``run``, and ``since`` when; "none" without one."""
    none = Text("无", "none").in_language(lang)
    spells = [None if pd.isna(row["start"]) else row for _, row in table.iterrows()]
    lengths = [
        none
        if row is None
        else f"{at_least(row).in_language(lang)}{int(row['n_releases'])} / {int(row['n_months'])}"
        for row in spells
    ]
    since = [none if row is None else since_phrase(row).in_language(lang) for row in spells]
    return {"run": lengths, "since": since}


def regions_in(table: pd.DataFrame, lang: Language) -> pd.Series:
    """Return what readers call the region of each row."""
    return table["region_code"].map(lambda code: region_named(code).name.in_language(lang))


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


def _basis_words(basis: str, period: object, lang: Language) -> str:
    if basis == "missing":
        words = Text("待补：近24个月无投资额", "not available: no level in 24 months")
    elif basis == "same_release":
        words = say("view.tables.same_release", month=period)
    else:
        words = say("view.tables.carried_forward", month=period)
    return words.in_language(lang)
