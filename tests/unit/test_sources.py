import json
import os
import re

import pandas as pd
import pytest
import xlsxwriter

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.text import Text
from faiwatch.data.csv_file import read_observations, read_rows
from faiwatch.data.package import data_package
from faiwatch.data.reference import (
    check_exceptions,
    indicator_named,
    known_indicators,
    known_sources,
    note_in_language,
    releases_in_words,
    scope_breaks,
    sources_of,
)
from faiwatch.data.regions import NATION, known_regions, region_named
from faiwatch.data.schema import contract
from faiwatch.data.source import data_source
from faiwatch.page.parameters import check_parameters

HEADER = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct\n"
ROW = "610702,total,2026-08,12.5,-3.1\n"


@pytest.fixture(scope="module")
def official():
    return data_source("embedded").newest()


@pytest.fixture
def csv_file(tmp_path):
    def write(content, encoding="utf-8"):
        path = tmp_path / "own.csv"
        path.write_bytes(content.encode(encoding))
        return path

    return write


def test_every_row_can_be_traced_to_its_line(official, project):
    lines = {
        path: (project / path).read_text(encoding="utf-8").splitlines()
        for path in official["file"].unique()
    }
    for row in official.sample(50, random_state=1).itertuples():
        assert lines[row.file][row.row - 1].startswith(
            f"{row.region_code},{row.indicator},{row.period},"
        )


def test_what_is_let_through_keeps_to_the_whole_contract(official):
    contract().validate(official)


def test_the_embedded_figures_hold_no_made_up_region(official):
    assert set(official["region_code"]) == {
        code for code, region in known_regions().items() if not region.is_made_up
    }


def test_every_demo_row_says_that_it_is_made_up():
    demo = data_source("demo").newest()
    assert set(demo["region_code"]) == {"990101"}
    assert demo["note"].str.contains("演示数据").all()
    assert set(demo["source"]) == {"DEMO"}


def test_every_source_id_is_explained(official):
    ids = set(official["source"].str.split().explode())
    assert ids <= set(known_sources())
    assert all(source.what.zh and source.what.en for source in known_sources().values())


def test_a_database_copy_is_visible_in_the_row(official):
    copied = (official["growth_route"] == "database copy") | (
        official["value_route"] == "database copy"
    )
    vendors = official["source"].str.findall(r"\bDB\d\b")
    alone = official["note"].str.contains("of one vendor alone|the value from one alone")
    assert copied.sum() == 2000
    assert official.loc[copied, "note"].str.contains("database cop|copy of one vendor").all()
    assert vendors[copied].map(bool).all()
    assert not vendors[~copied].map(bool).any()
    # what rests on the copy of one vendor says so, what two have says that they agree
    assert alone.sum() == 1255
    assert (vendors[official["note"].str.contains("which agree")].map(len) > 1).all()


def test_a_figure_has_a_route_and_no_figure_has_none(official):
    assert (official["ytd_yoy_pct"].notna() == (official["growth_route"] != "")).all()
    assert (official["ytd_value_100m"].notna() == (official["value_route"] != "")).all()


def test_a_release_date_lies_in_the_month_after_the_window(official):
    known = official[official["issued"].notna()]
    assert len(known) == 162
    assert (known["issued"].dt.to_period("M") == known["period"] + 1).all()


def test_every_indicator_and_break_is_described_in_both_languages(official):
    assert set(official["indicator"]) <= set(known_indicators())
    texts = [one.label for one in known_indicators().values()]
    texts += [one.note for one in known_indicators().values()]
    texts += [one.what for one in scope_breaks()] + [one.reason for one in check_exceptions()]
    assert all(text.zh and text.en for text in texts)


def test_breaks_name_known_indicators_and_sources():
    for known in scope_breaks():
        assert known.indicator in {"*", *known_indicators()}
        assert known.source in known_sources()
        assert known.severity in {"do_not_join", "caution"}


def test_the_new_infrastructure_definition_is_not_joined():
    (newest,) = [one for one in scope_breaks() if one.period == "2026-02"]
    assert newest.severity == "do_not_join"
    assert newest.concerns("000000", "infrastructure")
    assert not newest.concerns("000000", "total")
    assert not newest.concerns("990101", "infrastructure")


def test_notes_and_sources_of_a_user_pass_through():
    assert note_in_language("备注", "en") == "备注"
    assert note_in_language("新口径 | new scope", "zh") == "新口径"
    assert sources_of("own S08") == [known_sources()["S08"]]
    assert indicator_named("hotels").dimension == "own"


def test_data_files_are_what_is_read(official, project):
    read = {project / name for name in official["file"].unique()}
    assert set(data_source("embedded").files) == read
    assert [path.name for path in data_source("demo").files] == ["district.csv"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_users_file_is_read_in_any_usual_encoding(csv_file, encoding):
    path = csv_file(
        HEADER.replace("\n", ",note\n") + ROW.replace("\n", ",汉台区\n"), encoding=encoding
    )
    table = data_source(str(path)).newest()
    assert table.loc[0, ["region_code", "ytd_yoy_pct", "note"]].tolist() == [
        "610702",
        -3.1,
        "汉台区",
    ]
    assert check_parameters("02_monitor", {"data": str(path), "region": "610702"})


def test_lines_are_counted_as_an_editor_does(csv_file):
    path = csv_file(
        HEADER.replace("\n", ",note\n")
        + '610702,total,2026-06,10,1,"two\nlines"\n\n,,,,,\n610702,total,2026-07,11,1,x\n'
    )
    assert read_rows(path)["row"].tolist() == [2, 6]


def test_unknown_columns_are_kept(csv_file):
    path = csv_file(HEADER.replace("\n", ",town\n") + ROW.replace("\n", ",东关\n"))
    assert read_observations(path).loc[0, "town"] == "东关"


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        (HEADER + ROW + "610702,total,2026/07,1,2\n", "own.csv:3", "YYYY-MM"),
        (HEADER + ROW + '610702,total,2026-07,"1,234",2\n', "own.csv:3", "1,234"),
        (HEADER + ROW + "610702,total,2026-07,—,2\n", "own.csv:3", "a number or blank"),
        (HEADER + ROW + "610702,total,2026-07,1,nan\n", "own.csv:3", "a number or blank"),
        (HEADER + ROW + "610702,total,2026-07,1,inf\n", "own.csv:3", "finite"),
        (HEADER + ROW + "610702,total,2026-01,1,2\n", "own.csv:3", "no January row"),
        (HEADER + ROW + ROW, "own.csv:3", "stand twice"),
        (HEADER + ROW + "0,total,2026-07,1,2\n", "own.csv:3", "six digits"),
        (HEADER + ROW + "６１０７０２,total,2026-07,1,2\n", "own.csv:3", "six digits"),
        (HEADER + ROW + "610702,总计,2026-07,1,2\n", "own.csv:3", "lower-case name"),
        (HEADER + ROW + "610702,total,2026-07,1,234,2\n", "own.csv:3", "number of cells"),
        (HEADER + '610702,total,"2026-07,1,2\n', "own.csv:2", "not readable CSV"),
        ("region_code,period\n610702,2026-07\n", "indicator", "columns that are needed"),
        ("region_code,indicator,period\n1,a,2026-07\n", "ytd_yoy_pct", "columns that are needed"),
        (HEADER.replace("\n", ",period\n") + ROW, "own.csv:1", "repeated"),
        (HEADER.replace("\n", ",row\n") + ROW, "own.csv:1", "reserved"),
        (
            HEADER.replace("\n", ",issued\n") + ROW.replace("\n", ",14.9.2026\n"),
            "own.csv:2",
            "YYYY-MM-DD",
        ),
    ],
)
def test_a_broken_file_is_refused_with_the_place_and_the_rule(csv_file, content, place, said):
    with pytest.raises(DataInvalidError) as refusal:
        data_source(str(csv_file(content))).newest()
    assert place in refusal.value.message("en")
    assert said in refusal.value.message("en")
    assert refusal.value.exit_code == 11


def test_a_file_in_no_known_encoding_is_refused(tmp_path):
    path = tmp_path / "own.csv"
    path.write_bytes(b"region_code,\xff\xff\n")
    with pytest.raises(DataInvalidError, match=r"encoding|编码"):
        data_source(str(path)).newest()


@pytest.mark.parametrize("content", ["", HEADER])
def test_a_file_without_figures_is_missing_data(csv_file, content):
    with pytest.raises(DataMissingError, match=r"no figures|没有数据行"):
        data_source(str(csv_file(content))).newest()


@pytest.mark.parametrize("sign", [";", "\t"])
def test_another_delimiter_is_named(csv_file, sign):
    with pytest.raises(DataInvalidError) as refusal:
        data_source(str(csv_file((HEADER + ROW).replace(",", sign)))).newest()
    assert f"columns are separated by {sign!r}, expected ','" in refusal.value.message("en")


def test_a_users_file_is_called_by_its_name_and_not_by_its_place(csv_file):
    assert data_source(str(csv_file(HEADER + ROW))).newest()["file"].tolist() == ["own.csv"]


def test_a_workbook_is_read_with_the_answers_kept_beside_it(tmp_path):
    months, levels = ["1-2月", "1-3月", "1-4月", "1-5月"], [50847, 100042, 143401, 188006]
    path = tmp_path / "固投.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("固投")
        sheet.write_row(0, 0, ["月份", "固定资产投资额（亿元）"])
        for row, pair in enumerate(zip(months, levels, strict=True), start=1):
            sheet.write_row(row, 0, pair)
    with pytest.raises(DataInvalidError, match="--year 2024"):
        data_source(str(path)).newest()
    (tmp_path / "answers.toml").write_text('region = "000000"\nyear = 2024\n', encoding="utf-8")
    source = data_source(str(path))
    assert source.newest()["ytd_value_100m"].tolist() == levels
    assert source.regions() == {"000000"}
    assert [one.name for one in source.files] == ["固投.xlsx", "answers.toml"]


def test_a_csv_in_a_shape_of_its_own_is_read_as_it_is(csv_file):
    path = csv_file("date,region,fai_ytd_yoy\n2024-02,中国,4.2\n2024-03,中国,4.5\n")
    assert data_source(path).newest()["ytd_yoy_pct"].tolist() == [4.2, 4.5]


def test_a_file_that_is_not_there_is_missing_data(tmp_path):
    with pytest.raises(DataMissingError):
        data_source(str(tmp_path / "none.csv")).newest()


def test_the_readme_of_the_figures_counts_right(project):
    readme = (project / "data" / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `(\S+\.csv)` \| ([\d,]+) \|", readme, flags=re.MULTILINE))
    there = {
        path.relative_to(project / "data").as_posix(): f"{len(pd.read_csv(path, dtype='str')):,}"
        for path in (project / "data").rglob("*.csv")
    }
    assert told == there


FORMS = {
    "string": ".*",
    "yearmonth": r"\d{4}-\d\d",
    "date": r"\d{4}-\d\d-\d\d",
    "integer": r"-?\d+",
    "number": r"-?\d+(\.\d+)?",
}


def test_the_descriptor_beside_the_tables_is_in_step_with_every_csv(project):
    data = project / "data"
    told = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
    assert told == data_package(), "faiwatch schema datapackage.json > data/datapackage.json"
    by_path = {one["path"]: one for one in told["resources"]}
    assert set(by_path) == {path.relative_to(data).as_posix() for path in data.rglob("*.csv")}
    tables = {
        name: pd.read_csv(data / name, dtype="str", keep_default_na=False) for name in by_path
    }
    for name, one in by_path.items():
        assert re.fullmatch(r"[a-z0-9._-]+", one["name"])
        assert one["licenses"]
        assert all(source["title"] for source in one["sources"])
        fields = one["schema"]["fields"]
        assert [field["name"] for field in fields] == list(tables[name].columns)
        for field in fields:
            cells = tables[name][field["name"]]
            filled = cells[cells != ""]
            assert filled.str.fullmatch(FORMS[field["type"]], flags=re.DOTALL).all(), (name, field)
            assert ("constraints" in field) == (len(filled) == len(cells))
        for key in one["schema"].get("foreignKeys", ()):
            there = tables[f"{key['reference']['resource']}.csv"][key["fields"]]
            assert set(tables[name][key["fields"]]) <= set(there), (name, key)
        if "primaryKey" in one["schema"]:
            assert not tables[name].duplicated(one["schema"]["primaryKey"]).any()
    figures = {field["name"]: field for field in by_path["official/cities.csv"]["schema"]["fields"]}
    assert (figures["ytd_value_100m"]["unit"], figures["ytd_yoy_pct"]["unit"]) == (
        "100m_cny",
        "pct",
    )
    assert figures["region_code"]["type"] == "string"
    national = by_path["official/national.csv"]
    assert national["sources"][0]["path"] == "https://www.stats.gov.cn/"
    assert "stats.gov.cn" in national["licenses"][0]["path"]
    assert by_path["official/cities.csv"]["licenses"][0]["path"] == "README.md"


def test_loading_changes_nothing_between_calls(official):
    pd.testing.assert_frame_equal(official, data_source("embedded").newest())


@pytest.fixture
def own_regions(tmp_path, monkeypatch):
    path = tmp_path / "regions.csv"
    monkeypatch.setenv("FAIWATCH_REGIONS", str(path))
    return path


def test_a_bureau_names_its_own_regions(own_regions):
    own_regions.write_bytes("region_code,name_zh\n610702,汉台区\n610000,陕西\n".encode("gbk"))
    assert region_named("610702").name == Text("汉台区", "汉台区")
    assert region_named("610000").name.zh == "陕西"
    assert region_named("000000").name.zh == "全国"


@pytest.mark.parametrize("row", ["61070,汉台区", "610702,", ",汉台区", "汉台区"])
def test_a_region_without_code_or_name_is_refused_with_its_line(own_regions, row):
    own_regions.write_text(f"region_code,name_zh\n610702,汉台区\n{row}\n", "utf-8")
    with pytest.raises(DataInvalidError, match=r"regions\.csv:3"):
        known_regions()


@pytest.mark.usefixtures("own_regions")
def test_a_table_of_regions_that_is_not_there_is_missing():
    with pytest.raises(DataMissingError, match="FAIWATCH_REGIONS"):
        known_regions()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are of Unix")
def test_a_table_of_regions_that_is_a_pipe_is_not_waited_for(own_regions):
    os.mkfifo(own_regions)
    with pytest.raises(DataMissingError, match="FAIWATCH_REGIONS"):
        known_regions()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are of Unix")
def test_a_pipe_is_not_waited_for_and_a_large_file_is_not_read_for_its_header(
    tmp_path, monkeypatch
):
    pipe, large = tmp_path / "pipe.csv", tmp_path / "large.csv"
    os.mkfifo(pipe)
    large.write_text("地区,累计增速\n" + "陕西,1\n" * 10, encoding="utf-8")
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda _: pytest.fail("the whole file is read"))
    assert type(data_source(str(pipe))) is type(data_source(tmp_path / "none.csv"))
    assert type(data_source(str(large))) is not type(data_source(str(pipe)))


def test_the_regions_of_a_file_that_was_written_anew_are_those_that_stand_now(csv_file):
    path = csv_file("region_code,indicator,period,ytd_yoy_pct\n610702,total,2026-08,1.0\n")
    assert data_source(str(path)).regions() == {"610702"}
    path.write_text(path.read_text("utf-8").replace("610702", "610703"), "utf-8")
    assert data_source(str(path)).regions() == {"610703"}


def test_a_figure_of_the_press_names_its_release_or_says_that_nothing_was_kept(official):
    total = official[(official["indicator"] == "total") & (official["region_code"] == NATION)]
    sources = total.set_index(total["period"].astype(str))["source"]
    told = " ".join(releases_in_words(sources["2026-08"], "en"))
    assert "NBS release on fixed-asset investment, January-August 2026" in told
    assert "2026-09-15, https://www.stats.gov.cn/sj/zxfb/202609/t20260915_1965309.html" in told
    pressed = sources[sources.str.contains("NBS-PRESS")]
    assert len(pressed) == 7
    assert pressed.index.max() < "2008"
    assert "各篇标题、日期和网址未留存" in " ".join(releases_in_words(pressed.iloc[0], "zh"))
