"""A spell that the edge of the data or a hole in it cuts is "at least" so long, in every output."""

import pandas as pd
import pytest

from faiwatch.cli import flags as ask
from faiwatch.cli.flags import flags_answer
from faiwatch.core.phrases import since_phrase, spell_counts_phrase, spell_phrase
from faiwatch.core.text import Text
from faiwatch.data.schema import observations
from faiwatch.stats.diffusion import diffusion
from faiwatch.stats.growth import measures
from faiwatch.stats.monitor import monitor_findings, series_of
from faiwatch.stats.negative import current_spell, flags, runs
from faiwatch.stats.overview import region_findings
from faiwatch.stats.revisions import changes_between
from faiwatch.view.charts import regions as charts
from faiwatch.view.charts.chart import Subject
from faiwatch.view.tables import regions_table, spells_table
from faiwatch.view.tables.vintages import Changes, verdict_steps_table

NAME = Text("全国固定资产投资", "investment, nation")
YTD = Text("累计口径", "year-to-date growth")


def figures(growth, region="000000"):
    return observations(
        pd.DataFrame(
            {
                "region_code": region,
                "indicator": "total",
                "period": list(growth),
                "ytd_yoy_pct": list(growth.values()),
            }
        )
    )


def runs_of(growth):
    found = runs(flags(measures(figures(growth))))
    return found[found["definition"] == "ytd"].reset_index(drop=True)


WHOLE = {"2025-08": 0.5, "2025-09": -0.5, "2025-10": -1.7, "2025-11": -2.6, "2025-12": -3.8}
EDGE = {"2025-11": -2.6, "2025-12": -3.8}
HOLE = {"2025-08": 0.5, "2025-10": -1.7, "2025-11": -2.6}


@pytest.mark.parametrize(
    ("growth", "is_cut"),
    [
        (WHOLE, False),
        (EDGE, True),
        (EDGE | {"2026-02": 1.8}, True),
        (HOLE, True),
        (HOLE | {"2025-12": 1.0}, True),
        ({"2025-08": 0.5} | {"2025-09": -0.5} | {"2025-11": 0.2}, True),
        ({"2026-07": -6.7}, True),
    ],
)
def test_a_spell_beside_the_edge_or_a_hole_is_a_lower_bound(growth, is_cut):
    assert runs_of(growth)["is_lower_bound"].tolist() == [is_cut]


def test_an_older_spell_is_known_whole_when_only_the_first_one_is_cut():
    found = runs_of({"2024-11": -1.0, "2024-12": 1.0} | WHOLE)
    assert found["is_lower_bound"].tolist()[0]
    assert not found["is_lower_bound"].tolist()[-1]


def test_a_sentence_says_at_least_and_or_earlier():
    cut = current_spell(runs_of(EDGE), "ytd")
    assert spell_phrase(cut, YTD).zh == (
        "累计口径已至少连续2个月负增长（2次发布，自2025年11月或更早起）"
    )
    assert spell_phrase(cut, YTD).en == (
        "year-to-date growth has been negative for at least 2 months in a row "
        "(2 releases, since November 2025 or earlier)"
    )
    assert spell_counts_phrase(cut) == Text(
        "至少2个月（2次发布）", "at least 2 months (2 releases)"
    )
    whole = current_spell(runs_of(WHOLE), "ytd")
    assert since_phrase(whole) == Text("2025年9月", "September 2025")
    assert spell_counts_phrase(whole) == Text("4个月（4次发布）", "4 months (4 releases)")


def monitored(growth):
    measured = measures(figures(growth))
    flagged = flags(measured)
    tables = (measured, flagged, runs(flagged))
    series = series_of(tables, region_code="000000", indicator="total", name=NAME, as_of="2025-12")
    return monitor_findings(series, definition="ytd")


def test_verdict_and_key_number_say_it():
    found = monitored(EDGE)
    assert "至少连续2个月" in found["verdict"].zh
    assert "or earlier" in found["verdict"].en
    assert found["run_ytd"].zh == "至少2个月（2次发布）"
    assert found["run_ytd"].en.startswith("at least 2 months")
    assert monitored(WHOLE)["run_ytd"].zh == "4个月（4次发布）"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_say_it_beside_both_counts(lang):
    least = {"zh": "至少", "en": "at least "}[lang]
    found = runs_of(EDGE)
    shown = spells_table(found, lang=lang).words.iloc[0]
    assert (shown["n_releases"], shown["n_months"]) == (f"{least}2", f"{least}2")
    listed = regions_table(found, flags(measures(figures(EDGE))), lang=lang).frame.iloc[0]
    assert listed["run"].startswith(least)
    assert {"zh": "更早", "en": "or earlier"}[lang] in listed["since"]
    whole = regions_table(runs_of(WHOLE), flags(measures(figures(WHOLE))), lang=lang)
    assert least not in whole.frame["run"].iloc[0]


def test_steps_of_the_verdict_say_it():
    steps = changes_between(figures({"2025-11": -2.6}), figures(EDGE)).verdict
    ytd = steps[steps["definition"] == "ytd"].set_index("step")
    assert ytd["is_lower_bound"].tolist() == [True, True, True]
    changes = Changes(*(pd.DataFrame() for _ in range(2)), verdict=steps)
    shown = verdict_steps_table(changes, indicator="total", lang="en").frame
    assert "at least 2 / 2" in shown["run"].tolist()
    assert "November 2025 or earlier" in shown["since"].tolist()


def test_flags_as_json_and_on_a_terminal_say_it(monkeypatch, tmp_path):
    figures(EDGE)[["region_code", "indicator", "period", "ytd_yoy_pct"]].to_csv(
        tmp_path / "own.csv", index=False
    )
    monkeypatch.setenv("FAIWATCH_LANG", "en")
    answer = flags_answer(
        data=str(tmp_path / "own.csv"), region="000000", indicator="total", as_of="latest"
    )
    (run,) = (one for one in answer["runs"] if one["definition"] == "ytd")
    assert (run["n_releases"], run["is_lower_bound"]) == (2, True)
    table = ask.spells_table(answer, "en")
    assert "≥2" in list(table.columns[3].cells)


def test_the_page_of_regions_says_it():
    table = figures(EDGE, "610000")
    measured = measures(table)
    flagged = flags(measured)
    found = region_findings(diffusion(flagged), runs(flagged), measured, as_of="2025-12")
    assert "至少2个月" in found["longest_run"].zh
    assert "at least 2 months" in found["verdict"].en
    ongoing = runs_of(EDGE).assign(region_code="610000")
    subject = Subject("zh", "全国", "投资", "来源", "2025-12")
    ranking = charts.spell_length_ranking(ongoing, subject=subject, names={"610000": "陕西"})
    assert "至少连续2个月" in ranking.caption
    assert "更早" in ranking.caption
