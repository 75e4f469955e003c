"""What programs read: SDMX-CSV, CSV, Parquet and JSON, each by somebody else's reader."""

import csv
import io
import json
import re
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from made_site import make_site
from sdmx.model import v30
from sdmx.reader.csv import Reader

import faiwatch as fw
from faiwatch.site.index import build_index
from faiwatch.stats.sdmx import ATTRIBUTES, DIMENSIONS, SDMX_COLUMNS, windows
from faiwatch.stats.windows import WINDOWS


@pytest.fixture(scope="module")
def nation():
    return fw.series(as_of="2026-08", lang="en")


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Return a file of a year, of which a forecast takes no time."""
    months = [f"2025-{month:02d}" for month in range(2, 13)]
    rows = [f"610702,total,{month},{9 - at},2026-01-20" for at, month in enumerate(months)]
    path = tmp_path_factory.mktemp("own") / "own.csv"
    path.write_text("\n".join(["region_code,indicator,period,ytd_yoy_pct,issued", *rows]))
    return path


def read_by_sdmx1(table):
    """Return the observations that an SDMX library finds in what we write."""
    structure = v30.DataStructureDefinition(id="FAI")
    for name in DIMENSIONS:
        structure.dimensions.getdefault(id=name)
    structure.measures.getdefault(id="OBS_VALUE")
    for name in ATTRIBUTES:
        structure.attributes.getdefault(id=name)
    flow = v30.Dataflow(id="FAI", structure=structure)
    content = io.BytesIO(table.to_csv(index=False).encode())
    (found,) = Reader().convert(content, structure=flow).data
    return found.obs


def test_an_sdmx_library_reads_every_figure(nation):
    written = fw.sdmx(nation.observations)
    found = read_by_sdmx1(written)
    assert len(found) == len(written) == 2 * len(nation.observations)
    told = {
        (one.dimension["MEASURE"].value, one.dimension["TIME_PERIOD"].value): float(one.value)
        for one in found
    }
    frame = nation.observations
    for month, value, growth in zip(
        frame["month"], frame["ytd_value_100m"], frame["ytd_yoy_pct"], strict=True
    ):
        window = f"{month:%Y}-01-01/P{month.month}M"
        assert told["ytd_value_100m", window] == value
        assert told["ytd_yoy_pct", window] == growth


def test_every_row_of_flags_and_forecasts_is_one_observation(nation, own):
    for table in (nation.flags(), fw.series("610702", data=own).forecast(3).rows):
        written = fw.sdmx(table)
        assert len(written) == len(table)
        assert not written.duplicated(DIMENSIONS).any()
    assert set(written["OBS_STATUS"]) == {"F"}
    chances = written[written["STATISTIC"] == "P_NEGATIVE"]
    assert chances["UNIT_MEASURE"].unique().tolist() == ["PURE_NUMB"]
    assert chances["OBS_VALUE"].between(0, 1).all()


def months_by_hand(month, kind):
    """Return the months that a figure of a window covers, counted one by one."""
    year, last = int(month[:4]), int(month[5:])
    if kind == "ytd":
        return [f"{year}-{one:02d}" for one in range(1, last + 1)]
    found = []
    for _ in range(1 if kind == "block" else 3):
        own = [last] if last > 2 else [1, 2]  # what one release adds
        found = [*(f"{year}-{one:02d}" for one in own), *found]
        year, last = (year, own[0] - 1) if own[0] > 1 else (year - 1, 12)
    return found


@pytest.mark.parametrize("measure", WINDOWS)
def test_windows_are_the_months_counted_one_by_one(measure):
    months = [f"{year}-{month:02d}" for year in (2025, 2026) for month in range(2, 13)]
    rows = {"indicator": "total", "period": months, "measure": measure}
    found = windows(pd.DataFrame(rows))
    for month, start, length in zip(
        months, found["window_start"], found["window_months"], strict=True
    ):
        by_hand = months_by_hand(month, WINDOWS[measure])
        assert (f"{start:%Y-%m}", length) == (by_hand[0], len(by_hand))


def test_a_figure_that_is_not_there_has_a_status_and_no_value(nation):
    written = fw.sdmx(nation.growth())
    missing = written["OBS_VALUE"].isna()
    assert (missing == (written["OBS_STATUS"] == "O")).all()
    assert missing.any()
    told = {"ytd_value_100m", "ytd_yoy_pct", "block_value_100m", "block_yoy_pct"}
    # growth from levels is not passed on
    assert set(written["MEASURE"]) == told | {"rolling3_yoy_pct"}


def test_of_a_monthly_series_each_figure_is_its_month(monkeypatch):
    monkeypatch.setattr("faiwatch.stats.sdmx.monthly_indicators", lambda: {"spending"})
    keys = {"region_code": "000000", "indicator": "spending"}
    months = pd.PeriodIndex(["2026-01", "2026-02", "2026-03"], freq="M")
    frame = pd.DataFrame(keys | {"month": months, "value_100m": 9.0, "yoy_pct": [1.0, -1.0, 2.0]})
    written = fw.sdmx(frame)
    assert set(written["TIME_PERIOD"]) == {f"2026-0{month}-01/P1M" for month in (1, 2, 3)}
    assert set(written["OBS_STATUS"]) == {"A"}
    flags = pd.DataFrame(
        keys
        | {"period": ["2026-02", "2026-03"], "definition": ["block", "rolling3"]}
        | {"state": "negative", "value_pct": -1.0, "lo_pct": -1.1, "hi_pct": -0.9}
    )
    told = fw.sdmx(flags)[["MEASURE", "TIME_PERIOD", "OBS_STATUS"]].to_numpy().tolist()
    assert told == [
        ["yoy_pct", "2026-02-01/P1M", "A"],
        ["rolling3_yoy_pct", "2026-01-01/P3M", "E"],
    ]


def test_a_change_of_scope_and_made_up_figures_are_said():
    written = fw.sdmx(fw.series(indicator="infrastructure", as_of="2026-08").observations)
    broken = written[written["OBS_STATUS"] == "B"]
    assert broken["TIME_PERIOD"].tolist() == ["2026-01-01/P2M"]
    assert set(written["IS_MADE_UP"]) == {"false"}
    demo = fw.sdmx(fw.series("990101", data="demo").observations)
    assert set(demo["IS_MADE_UP"]) == {"true"}


ROWS = {"flags": "flags", "forecast": "rows", "revisions": "triangle"}
VALUES = {"flags": "value_pct", "forecast": "value", "revisions": "value"}


@pytest.mark.parametrize("verb", ROWS)
def test_all_formats_tell_the_same_figures(verb, own, faiwatch_says, tmp_path):
    asked = [verb, "--data", own, "--region", "610702"]

    def told(form, *more):
        code, out, said = faiwatch_says(*asked, "--format", form, *more)
        assert (code, said) == (0, "")
        return out

    answer = json.loads(told("json"))
    values = [row[VALUES[verb]] for row in answer[ROWS[verb]]]
    plain = list(csv.DictReader(io.StringIO(told("csv"))))
    assert [row[VALUES[verb]] for row in plain] == ["" if x is None else repr(x) for x in values]
    sdmx = list(csv.DictReader(io.StringIO(told("sdmx-csv"))))
    assert list(sdmx[0]) == SDMX_COLUMNS
    assert [row["OBS_VALUE"] for row in sdmx] == [row[VALUES[verb]] for row in plain]
    starts = [f"{row['window_start']}/P{row['window_months']}M" for row in plain]
    assert [row["TIME_PERIOD"] for row in sdmx] == starts
    file = tmp_path / f"{verb}.parquet"
    assert told("parquet", "--out", file).strip() == str(file)
    read = duckdb.sql(f"select {VALUES[verb]}, month, window_months from '{file}'").fetchall()
    assert [None if x != x else x for x, *_ in read] == values
    assert [str(month)[:10] for _, month, _ in read] == [row["month"] for row in plain]


def test_options_that_contradict_each_other_are_refused(faiwatch_says, tmp_path):
    for words in (["--json", "--format", "csv"], ["--out", tmp_path / "a.csv"]):
        code, out, said = faiwatch_says("flags", *words)
        assert (code, out) == (2, "")
        assert "--format" in said


def test_json_is_a_format(own, faiwatch_says):
    asked = ["flags", "--data", own, "--region", "610702"]
    assert faiwatch_says(*asked, "--json") == faiwatch_says(*asked, "--format", "json")


def test_the_examples_of_the_page_run(project, tmp_path, monkeypatch, capsys, faiwatch_says):
    pages = [project / f"docs/how-to/build-on-it{lang}.md" for lang in ("", ".zh")]
    blocks = [re.findall(r"```python\n(.*?)```", one.read_text(), re.DOTALL) for one in pages]
    assert blocks[0] == blocks[1]
    monkeypatch.chdir(tmp_path)
    make_site(Path("site"), ["000000", "610000"], pages=(), notebooks=["02_monitor"])
    build_index(Path("site"))
    (command,) = re.findall(r"^faiwatch (flags .*)$", pages[0].read_text(), re.MULTILINE)
    assert faiwatch_says(*command.split())[0] == 0
    header = "region_code,indicator,period,definition,state,value_pct"
    Path("site/runs/02_monitor-000000-zh/results/flags.csv").write_text(header)
    for block in blocks[0]:
        exec(block, {})
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[-2:]] == [
        "China",
        "Shaanxi",
    ]
    assert len(pd.read_csv("fai.csv")) > 600
    negative = duckdb.sql(
        "select month from 'flags.parquet' where definition = 'ytd' and state = 'negative'"
    ).fetchall()
    assert len(negative) == 16
