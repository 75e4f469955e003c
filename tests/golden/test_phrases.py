"""The set phrases, case by case.

The wording follows the monthly releases (growth against change of growth, the sentence in
brackets at a change of sign, 持平); the cases with figures are published ones: private
investment 2024 January-July "unchanged", total 2020 January-September, Tianshui 2006 (78,708 to
188,097, which is an increase of 1.39 times).
"""

import pandas as pd
import pytest

from faiwatch.core.phrases import change_phrase, growth_phrase, spell_phrase
from faiwatch.core.text import Text


@pytest.mark.parametrize(
    ("growth", "zh", "en"),
    [
        (-7.2, "同比下降7.2%", "fell 7.2% on a year earlier"),
        (0.5, "同比增长0.5%", "rose 0.5% on a year earlier"),
        (0.0, "与去年同期持平", "was unchanged on a year earlier"),
        (-0.04, "与去年同期持平", "was unchanged on a year earlier"),
        (100 * (188097 / 78708 - 1), "同比增长139.0%", "rose 139.0% on a year earlier"),
        (180.0, "同比增长180.0%", "rose 180.0% on a year earlier"),
        (99.9, "同比增长99.9%", "rose 99.9% on a year earlier"),
    ],
)
def test_growth(growth, zh, en):
    assert growth_phrase(growth) == Text(zh, en)


@pytest.mark.parametrize(
    ("now", "before", "month", "zh"),
    [
        (1.6, 2.8, "2025-06", "增速比1—6月回落1.2个百分点"),
        (5.4, 5.2, "2019-11", "增速比1—11月提高0.2个百分点"),
        (3.0, 3.0, "2023-11", "增速与1—11月持平"),
        (-7.2, -6.7, "2026-07", "降幅比1—7月扩大0.5个百分点"),
        (-0.3, -1.6, "2020-07", "降幅比1—7月收窄1.3个百分点"),
        (-2.0, -2.0, "2020-07", "降幅与1—7月持平"),
        (0.8, -0.3, "2020-08", "由负转正（1—8月为下降0.3%）"),
        (-0.5, 0.5, "2025-08", "由正转负（1—8月为增长0.5%）"),
        (0.0, -0.3, "2020-08", "1—8月为下降0.3%"),
        (0.0, 0.5, "2024-06", "1—6月为增长0.5%"),
        (-0.3, 0.0, "2024-07", "1—7月为持平"),
    ],
)
def test_change_of_growth(now, before, month, zh):
    assert change_phrase(now, before, month).zh == zh


def test_differences_are_taken_before_rounding():
    # 13.83 less 0.04 is 13.79: subtracting rounded figures (13.8 - 0.0) would print 13.8 as well,
    # but 97.158 - 83.333 is 13.8 while 97.2 - 83.3 would give 13.9.
    assert change_phrase(97.158, 83.3333, "2024-09").zh == "增速比1—9月提高13.8个百分点"


@pytest.mark.parametrize(
    ("start", "end", "releases", "months", "ongoing", "zh", "en"),
    [
        (
            "2026-04",
            "2026-08",
            5,
            5,
            True,
            "累计口径已连续5个月负增长（5次发布，自2026年4月起）",
            "growth has been negative for 5 months in a row (5 releases, since April 2026)",
        ),
        (
            "2020-02",
            "2020-08",
            7,
            8,
            False,
            "累计口径曾连续8个月负增长（7次发布，2020年1—2月至2020年8月）",
            "growth was negative for 8 months in a row "
            "(7 releases, January–February 2020 to August 2020)",
        ),
    ],
)
def test_runs(start, end, releases, months, ongoing, zh, en):
    run = pd.Series(
        {
            "start": pd.Period(start, "M"),
            "end": pd.Period(end, "M"),
            "n_releases": releases,
            "n_months": months,
            "ongoing": ongoing,
            "is_lower_bound": False,
        }
    )
    assert spell_phrase(run, Text("累计口径", "growth")) == Text(zh, en)
