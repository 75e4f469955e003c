"""Laws of knowing: the past sees nothing that was issued later, whatever is issued later."""

import datetime

import pandas as pd
from examples import FEW
from hypothesis import given
from hypothesis import strategies as st

from faiwatch.data.newest import issue_dates, newest_figures
from faiwatch.stats.negative import flags
from faiwatch.stats.revisions import changes_between
from faiwatch.stats.vintages import issue_cutoff, known_at, revision_triangle

MONTHS = [str(one) for one in pd.period_range("2024-02", "2025-10", freq="M") if one.month != 1]
days = st.dates(datetime.date(2024, 3, 1), datetime.date(2025, 12, 31))
tenths = st.one_of(st.none(), st.integers(-30, 30).map(lambda value: value / 10))
issues = st.lists(
    st.tuples(
        st.sampled_from(MONTHS),
        tenths,
        st.one_of(st.none(), st.integers(100, 999).map(float)),
        st.one_of(st.none(), days),
    ),
    min_size=1,
    max_size=40,
)
moments = st.one_of(
    st.sampled_from(MONTHS),
    days.map(str),
)


def table(rows):
    return pd.DataFrame(
        {
            "region_code": "840000",
            "indicator": "total",
            "period": pd.PeriodIndex([row[0] for row in rows], freq="M"),
            "ytd_yoy_pct": pd.Series([row[1] for row in rows], dtype="float64"),
            "ytd_value_100m": pd.Series([row[2] for row in rows], dtype="float64"),
            "issued": pd.to_datetime(pd.Series([row[3] for row in rows], dtype="object")).astype(
                "datetime64[ns]"
            ),
            "source": [f"S{number}" for number in range(len(rows))],
            "file": "",
            "row": range(len(rows)),
        }
    )


def visible(vintages, as_of):
    is_known = (issue_dates(vintages) <= issue_cutoff(as_of)) & (
        vintages["period"] <= pd.Period(as_of, "M")
    )
    return vintages[is_known]


@given(issues, moments)
def test_a_past_as_of_sees_only_what_had_been_issued(rows, as_of):
    vintages = table(rows)
    told = visible(vintages, as_of)
    if told.empty:
        return
    known = known_at(vintages, as_of)
    pd.testing.assert_frame_equal(known, known_at(told, "latest"))
    assert set(known["ytd_yoy_pct"].dropna()) <= set(told["ytd_yoy_pct"].dropna())


@given(issues, issues, moments)
def test_what_is_issued_later_changes_no_earlier_answer(rows, more, as_of):
    vintages = table(rows)
    if visible(vintages, as_of).empty:
        return
    later = table(more)
    later = later[issue_dates(later) > issue_cutoff(as_of)]
    together = pd.concat([vintages, later], ignore_index=True)
    before, after = known_at(vintages, as_of), known_at(together, as_of)
    pd.testing.assert_frame_equal(after, before)
    pd.testing.assert_frame_equal(flags(after, as_of=as_of[:7]), flags(before, as_of=as_of[:7]))


@given(issues)
def test_newest_figures_agree_with_a_plain_loop(rows):
    vintages = table(rows)
    order = issue_dates(vintages).sort_values(kind="stable").index
    stands = {}
    for index in order:
        row = vintages.loc[index]
        for figure in ("ytd_yoy_pct", "ytd_value_100m"):
            if pd.notna(row[figure]):
                stands[row["period"], figure] = row[figure]
    newest = newest_figures(vintages)
    found = {
        (row["period"], figure): row[figure]
        for row in newest.to_dict("records")
        for figure in ("ytd_yoy_pct", "ytd_value_100m")
        if pd.notna(row[figure])
    }
    assert found == stands
    assert not newest.duplicated("period").any()


@given(issues)
def test_changes_of_a_triangle_add_up_to_what_changed_since_the_first(rows):
    triangle = revision_triangle(table(rows))
    summed = triangle["change"].fillna(0).groupby(triangle["period"]).cumsum()
    assert (summed - triangle["since_first"]).abs().max() < 1e-9 or triangle.empty


@FEW
@given(issues)
def test_between_equal_states_nothing_changed_and_inputs_stay(rows):
    vintages = table(rows)
    before = vintages.copy(deep=True)
    now = newest_figures(vintages)
    changes = changes_between(now, now)
    assert changes.figures.empty
    assert changes.flags.empty
    pd.testing.assert_frame_equal(vintages, before)
