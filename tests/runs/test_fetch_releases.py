"""Releases by address, file and folder, of nation and bureaus, old and new; the portal by years."""

import datetime
import json
import signal
from functools import cache

import pandas as pd
import pytest
from made_releases import FIGURES, known, page
from service import Service, reply

from faiwatch.cli import app as cli
from faiwatch.data.live.documents import Words, region_of
from faiwatch.data.live.nbs import portal_series
from faiwatch.data.release_dates import AS_PLANNED, BY_RULE, dated
from faiwatch.data.source import data_source
from faiwatch.data.store_files import DataRoot

TITLE = "2026年1—2月份全国固定资产投资基本情况"
ADDRESS = "https://www.stats.gov.cn/sj/zxfb/202603/t20260316_1962785.html"
CITY = (
    "临江市统计局\n发布时间：2026-09-18\n1—8月，全市固定资产投资同比下降9.9%。"
    "分产业看，第一产业投资增长3.0%，第二产业投资下降12.4%，第三产业投资下降9.1%。"
    "其中，工业投资下降12.6%。民间投资下降15.0%。全省固定资产投资下降5.5%。"
    "全国固定资产投资（不含农户）下降7.2%。分县区看，河东区投资增长2.2%。"
)


@pytest.fixture
def service():
    """Return a service; it is closed after the test."""
    running = Service()
    running.answer = lambda _: reply(b"none", 404)
    yield running
    running.close()


@pytest.fixture
def fetch(service, monkeypatch, capsys, tmp_path):
    """Return a function that fetches in an empty folder: (exit code, answer, stderr)."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("FAIWATCH_LANG", "en")
    monkeypatch.chdir(tmp_path)

    def run(source, *words):
        monkeypatch.setenv(f"FAIWATCH_{source.upper()}_URL", service.url)
        monkeypatch.setattr(
            "sys.argv", ["faiwatch", "fetch", source, "--pause", "0", "--json", *words]
        )
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        return left.value.code, json.loads(out) if out else None, err

    yield run
    signal.signal(signal.SIGTERM, before)


def titled(month, title):
    return page(month).replace("<html>", f"<html><head><title>{title}</title></head>")


def growths(answer):
    return {row["indicator"]: row["ytd_yoy_pct"] for row in answer["table"]}


def test_a_pasted_address_is_read_whole(service, fetch):
    html = titled("2026-02", TITLE)
    service.answer = lambda _: reply(html.encode())
    code, told, err = fetch("nbs_release", f"{ADDRESS}?from=home&x=1#top")
    assert code == 0, err
    assert service.asked[0].path == "/sj/zxfb/202603/t20260316_1962785.html"
    assert service.asked[0].query == {"from": "home", "x": "1"}
    assert growths(told) == {name: growth for name, (_, growth) in known("2026-02").items()}
    assert {row["issued"] for row in told["table"]} == {"2026-03-16"}
    assert told["month_on_month"][-1] == {
        "region_code": "000000",
        "month": "2026-02",
        "month_on_month_pct": 0.17,
        "issued": "2026-03-16",
    }
    assert any(one["may_break"] and one["indicator"] == "infrastructure" for one in told["scope"])


def test_a_page_elsewhere_is_asked_where_it_stands(service, fetch):
    other = Service()
    try:
        html = titled("2024-08", "2024年1—8月份全国固定资产投资增长3.4%")
        meta = '<meta name="PubDate" content="2024-09-14 10:00">'
        other.answer = lambda _: reply(html.replace("<title>", f"{meta}<title>").encode())
        code, told, err = fetch("nbs_release", f"{other.url}/article?id=7")
        assert code == 0, err
        assert (service.asked, other.asked[0].query) == ([], {"id": "7"})
        assert {row["issued"] for row in told["table"]} == {"2024-09-14"}
    finally:
        other.close()


@pytest.mark.parametrize(
    "place", ["https://user:pass@www.stats.gov.cn/a.html", "ftp://a/b", "none.html", "empty"]
)
def test_a_place_that_cannot_be_read_is_refused_and_no_password_repeated(
    fetch, service, place, tmp_path
):
    (tmp_path / "empty").mkdir()
    code, told, err = fetch("nbs_release", place)
    assert (code, told, service.asked) == (2, None, [])
    assert "pass@" not in err


def test_a_folder_of_releases_is_back_filled_in_one_command(fetch, tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    for month in FIGURES:
        window = f"{month[:4]}年1—{int(month[5:])}月份"
        html = titled(month, f"{window}全国固定资产投资情况")
        (folder / f"{month}.html").write_text(html, "utf-8")
    (folder / "notes.md").write_text("no release", "utf-8")
    code, told, err = fetch("nbs_release", "old", "--data", "store")
    assert code == 0, err
    assert {row["period"] for row in told["table"]} == set(FIGURES)
    # no page tells its day: the calendar of releases does
    days = {row["period"]: row["issued"] for row in told["table"]}
    assert days["2026-02"] == "2026-03-16"
    kept = data_source("store").newest()
    assert len(kept) == sum(len(known(month)) for month in FIGURES)
    assert fetch("nbs_release", "old", "--data", "store")[0] == 0
    assert len(DataRoot("store").vintages()) == 1


def test_one_bad_text_does_not_lose_the_others(fetch, tmp_path):
    (tmp_path / "good.html").write_text(titled("2026-02", TITLE), "utf-8")
    (tmp_path / "bad.html").write_text(f"<title>{TITLE}</title><p>投资的故事。</p>", "utf-8")
    code, told, _ = fetch("nbs_release", "bad.html", "good.html")
    assert code == 11
    assert growths(told)["total"] == 1.8
    assert [one["series"] for one in told["missing"]] == ["bad.html"]


def test_two_texts_that_differ_on_one_figure_give_neither(fetch, tmp_path):
    (tmp_path / "a.html").write_text(titled("2026-02", TITLE), "utf-8")
    other = (
        titled("2026-02", TITLE).replace("增长13.0%", "增长13.1%").replace("13.0</span>", "13.1<")
    )
    (tmp_path / "b.html").write_text(other, "utf-8")
    code, told, _ = fetch("nbs_release", "a.html", "b.html")
    assert code == 11
    assert "mining" not in growths(told)
    assert growths(told)["total"] == 1.8
    assert "13 / 13.1" in told["missing"][0]["reason"]


def test_a_city_s_text_is_asked_for_its_region_and_read_under_it(fetch, tmp_path):
    (tmp_path / "city.txt").write_text(CITY, "utf-8")
    code, told, _ = fetch("nbs_release", "city.txt")
    assert (code, told["rows"]) == (2, 0)
    assert "临江市" in told["missing"][0]["reason"]
    assert "--region" in told["missing"][0]["reason"]

    code, told, err = fetch("nbs_release", "city.txt", "--region", "850400", "--out", "city.csv")
    assert code == 0, err
    assert growths(told) == {
        "total": -9.9,
        "primary": 3.0,
        "secondary": -12.4,
        "tertiary": -9.1,
        "industry": -12.6,
        "private": -15.0,
    }
    assert {row["region_code"] for row in told["table"]} == {"850400"}
    assert {row["issued"] for row in told["table"]} == {"2026-09-18"}
    assert {row["source"] for row in told["table"]} == {"BUREAU-RELEASE"}
    listed = "".join(one["words"] for one in told["unread"])
    assert all(one in listed for one in ("5.5%", "7.2%", "2.2%"))


def test_a_region_that_the_text_contradicts_is_refused(fetch, tmp_path):
    (tmp_path / "a.html").write_text(titled("2026-02", TITLE), "utf-8")
    code, told, _ = fetch("nbs_release", "a.html", "--region", "610000")
    assert (code, told["rows"]) == (2, 0)
    assert "another region" in told["missing"][0]["reason"]
    assert fetch("nbs_release", "a.html", "--region", "nowhere")[0] == 2


def test_the_city_around_a_district_is_not_the_district(fetch, tmp_path):
    (tmp_path / "a.txt").write_text(
        "河东区统计局\n发布时间：2026-09-18\n1—8月，全区固定资产投资增长4.4%。工业投资增长3.0%。"
        "全市固定资产投资下降9.9%，民间投资下降15.0%。河东区房地产开发投资下降8.8%。",
        "utf-8",
    )
    code, told, err = fetch("nbs_release", "a.txt", "--region", "850402")
    assert code == 0, err
    assert growths(told) == {"total": 4.4, "industry": 3.0, "real_estate_development": -8.8}


@pytest.mark.parametrize(
    "words",
    [
        "固定资产投资项目个数增长5.5%",
        "固定资产投资到位资金增长5.5%",
        "固定资产投资占全省的比重为5.5%",
        "全国固定资产投资增长5.5%",
        "全省固定资产投资增长5.5%",
        "8月份，固定资产投资增长5.5%",
        "扣除房地产开发投资，固定资产投资增长5.5%",
        "河东区固定资产投资增长5.5%",
        "临江市东部地区投资增长5.5%",
        "交通固定资产投资增长5.5%",
        "工业投资中，民间投资增长5.5%",
        "预计全年固定资产投资增长5.5%",
    ],
)
def test_what_a_city_s_text_says_of_something_else_is_listed(fetch, tmp_path, words):
    (tmp_path / "a.txt").write_text(f"{CITY}\n{words}。", "utf-8")
    code, told, err = fetch("nbs_release", "a.txt", "--region", "850400")
    assert code == 0, err
    assert growths(told)["total"] == -9.9
    assert 5.5 not in growths(told).values()
    assert "5.5%" in "".join(one["words"] for one in told["unread"])


@cache
def held(region, indicator):
    """Return the growth that is embedded, by month."""
    rows = data_source("embedded").newest()
    rows = rows[(rows["region_code"] == region) & (rows["indicator"] == indicator)]
    return rows.set_index("period")["ytd_yoy_pct"]


def test_a_province_s_text_names_itself(fetch, tmp_path):
    growth = held("610000", "total")["2026-06"]
    told = f"{'增长' if growth > 0 else '下降'}{abs(growth)}%"
    (tmp_path / "text.txt").write_text(
        "2026年1—6月陕西省固定资产投资运行情况\n来源：陕西省统计局 2026年7月21日\n"
        f"日期：2026年7月21日\n1—6月，陕西固定资产投资（不含农户）{told}。民间投资增长0.5%。"
        "全国固定资产投资（不含农户）226370亿元，下降5.7%。",
        "utf-8",
    )
    code, told, err = fetch("nbs_release", "text.txt")
    assert code == 0, err
    assert growths(told) == {"total": growth, "private": 0.5}
    assert {row["region_code"] for row in told["table"]} == {"610000"}


@pytest.mark.parametrize(
    ("title", "publisher", "text", "region"),
    [
        ("2026年1—8月份全国固定资产投资基本情况", "陕西省统计局", "", "000000"),
        ("2026年上半年陕西固定资产投资情况", "", "", "610000"),
        ("1—8月全省固定资产投资", "陕西省统计局", "", "610000"),
        ("1—8月全区固定资产投资", "内蒙古自治区统计局", "", "150000"),
        ("投资运行情况", "国家统计局陕西调查总队", "", "610000"),
        ("投资运行情况", "国家统计局", "", "000000"),
        ("吉林市固定资产投资情况", "", "", ""),
        ("1—8月全市固定资产投资", "陕西省西安市统计局", "", ""),
        ("海南州固定资产投资", "", "", ""),
        ("陕西和甘肃固定资产投资比较", "", "", ""),
        ("运行情况", "", "1—8月，全国固定资产投资（不含农户）下降7.2%。", "000000"),
        ("运行情况", "", "全国固定资产投资下降7.2%。全省固定资产投资增长1%。", ""),
        ("运行情况", "", "固定资产投资增长1%。", ""),
    ],
)
def test_whose_text_it_is_is_told_or_asked(title, publisher, text, region):
    assert region_of(Words(text, title, publisher, None))[0] == region


def test_a_text_without_a_day_is_asked_for_it(fetch, tmp_path):
    words = CITY.replace("发布时间：2026-09-18\n", "")
    (tmp_path / "city.txt").write_text(words, "utf-8")
    code, told, _ = fetch("nbs_release", "city.txt", "--region", "850400")
    assert code == 2
    assert "issued=YYYY-MM-DD" in told["missing"][0]["reason"]
    given = ("-p", "issued=2026-09-18")
    code, told, _ = fetch("nbs_release", "city.txt", "--region", "850400", *given)
    assert (code, told["table"][0]["issued"]) == (0, "2026-09-18")


# --- what is new ----------------------------------------------------------------------------


def site_with(*months):
    """Return an answer of a site whose list has releases after those that are embedded."""
    pages = {}
    for number, month in enumerate(months):
        after = pd.Period(month, "M") + 1
        path = f"/sj/zxfb/{after:%Y%m}/t{after:%Y%m}16_{1960000 + number}.html"
        title = f"{month[:4]}年1—{int(month[5:])}月份全国固定资产投资基本情况"
        words = (
            f"1—{int(month[5:])}月份，全国固定资产投资（不含农户）{300000 + number}亿元，"
            f"同比下降{7.4 + number / 10}%。"
        )
        pages[path] = (title, f"<p>{words}</p>")
    links = "".join(f'<a href="{path}" title="{title}">x</a>' for path, (title, _) in pages.items())
    listing = f"<html><a href='/'>home</a>{links}</html>"

    def answer(asked):
        html = pages[asked.path][1] if asked.path in pages else listing
        return reply(html.encode())

    return answer


def test_new_takes_every_release_after_the_newest_held_and_then_says_not_yet_out(service, fetch):
    service.answer = site_with("2026-10", "2026-09", "2026-08")
    code, told, err = fetch("nbs_release", "--new", "--data", "store")
    assert code == 0, err
    assert [row["period"] for row in told["table"]] == ["2026-09", "2026-10"]
    assert [row["issued"] for row in told["table"]] == ["2026-10-16", "2026-11-16"]
    code, told, _ = fetch("nbs_release", "--new", "--data", "store")
    assert (code, told["rows"]) == (10, 0)
    assert "not yet out" in told["missing"][0]["reason"]
    assert len(DataRoot("store").vintages()) == 1


PARTS = {
    "民间": "private",
    "国有控股": "state_controlled",
    "内资": "domestic",
    "港、澳、台": "hong_kong_macao_taiwan",
    "外商": "foreign",
}


def portal(names=()):
    """Return an answer of the portal: what is embedded or 2.5, and a catalogue of names."""
    total = held("000000", "total")
    ids = {one.id for one in portal_series() if one.series == "national"}
    by_id = {one.id: one for one in portal_series()} | {f"{n:032x}": n for n in range(99)}

    def answer(asked):
        if asked.path.endswith("/queryIndicatorsByCid"):
            listed = [{"_id": f"{n:032x}", "i_showname": name} for n, name in enumerate(names)]
            return reply({"success": True, "data": {"list": listed}})
        if asked.body is None:
            return reply({"success": True, "data": []})
        first, last = (one[:6] for one in asked.body["dts"][0].split("-"))
        months = pd.period_range(f"{first[:4]}-{first[4:]}", f"{last[:4]}-{last[4:]}", freq="M")

        def row(id, area, month):
            known = by_id[id]
            name = names[known] if isinstance(known, int) else known.name.replace("*", "")
            part = next((one for word, one in PARTS.items() if word in name), "")
            figures = held("000000", part).dropna() if part else total if id in ids else {}
            value = figures.get(month, 2.5)
            if part and month not in figures:  # as the release before, where single months are held
                value = [*figures.head(1), *figures[figures.index < month]][-1]
            at = {"areaCode": area["value"], "da": area["value"]}
            return {"_id": id, "i_showname": name, "du_name": "%", "value": str(value), **at}

        return reply(
            {
                "state": 20000,
                "data": [
                    {
                        "code": f"{month:%Y%m}MM",
                        "values": [
                            row(id, area, month)
                            for id in asked.body["indicatorIds"]
                            for area in asked.body["das"]
                            if month.month > 1 and month <= pd.Period("2026-08", "M")
                        ],
                    }
                    for month in months
                ],
            }
        )

    return answer


OWNERSHIP = (
    "民间固定资产投资累计增长 (%)",
    "国有及国有控股固定资产投资额累计增长 (%)",
    "内资企业固定资产投资额累计增长 (%)",
    "港、澳、台商投资企业固定资产投资额_累计增长 (%)",
    "外商投资企业固定资产投资额累计增长 (%)",
)


def test_series_without_an_id_are_found_by_their_name(service, fetch):
    service.answer = portal(OWNERSHIP)
    words = ("-p", "series=ownership", "--from", "2025", "--to", "2026")
    code, told, err = fetch("nbs", *words)
    assert code == 0, err
    named = {"state_controlled", "domestic", "hong_kong_macao_taiwan", "foreign", "private"}
    assert {row["indicator"] for row in told["table"]} == named
    assert {row["period"] for row in told["table"]} >= {"2025-02", "2025-12", "2026-08"}


def test_a_name_that_is_not_there_or_there_twice_is_missing(service, fetch):
    twice = "民间固定资产投资累计增长 (%)"
    service.answer = portal((twice, twice, *OWNERSHIP[2:]))
    code, told, _ = fetch("nbs", "-p", "series=ownership", "--from", "2026")
    assert code == 11
    reasons = {one["series"].split()[1]: one["reason"] for one in told["missing"]}
    assert "2 series" in reasons["private"]
    assert "0 series" in reasons["state_controlled"]
    assert {row["indicator"] for row in told["table"]} == {
        "domestic",
        "hong_kong_macao_taiwan",
        "foreign",
    }


def test_years_are_asked_as_far_as_they_go(service, fetch):
    service.answer = portal()
    fetch("nbs", "-p", "series=national", "--from", "2015", "--to", "2016")
    assert service.asked[-1].body["dts"] == ["201501MM-201612MM"]
    fetch("nbs", "-p", "series=national", "--from", "2015-03")
    today = datetime.datetime.now(datetime.UTC)
    assert service.asked[-1].body["dts"] == [f"201503MM-{today:%Y%m}MM"]


def test_rows_of_the_portal_are_dated_by_the_calendar_and_not_by_the_fetch(service, fetch):
    service.answer = portal()
    words = ("-p", "series=national", "--from", "2020", "--data", "store")
    code, _, err = fetch("nbs", *words)
    assert code == 0, err
    kept = data_source("store").newest().set_index("period")
    assert str(kept.loc["2026-08", "issued"].date()) == "2026-09-15"
    assert kept.loc["2026-08", "note"] == ""
    assert str(kept.loc["2024-09", "issued"].date()) == "2024-10-31"  # not in the calendar
    assert kept.loc["2024-09", "note"] == BY_RULE


def test_a_planned_day_says_that_it_was_planned_and_none_lies_in_the_future():
    rows = pd.DataFrame(
        {
            "region_code": "000000",
            "period": pd.PeriodIndex(["2026-09", "2026-09"], freq="M"),
            "issued": pd.to_datetime([None, "2026-10-20"]),
            "note": ["", "mine"],
        }
    )
    told = dated(rows, today=datetime.date(2026, 11, 1))
    assert told["issued"].dt.strftime("%Y-%m-%d").tolist() == ["2026-10-19", "2026-10-20"]
    assert told["note"].tolist() == [AS_PLANNED, "mine"]
    early = dated(rows.head(1), today=datetime.date(2026, 10, 12))
    assert str(early["issued"][0].date()) == "2026-10-12"


def test_a_terminal_is_told_the_month_before_and_notes_on_scope(
    service, monkeypatch, capsys, tmp_path
):
    (tmp_path / "a.html").write_text(titled("2026-02", TITLE), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAIWATCH_LANG", "zh")
    monkeypatch.setenv("FAIWATCH_NBS_RELEASE_URL", service.url)
    monkeypatch.setattr("sys.argv", ["faiwatch", "fetch", "nbs_release", "a.html"])
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as left:
        cli.main()
    signal.signal(signal.SIGTERM, before)
    out, err = capsys.readouterr()
    assert left.value.code == 0
    assert "2026-02 环比 0.17%" in err
    assert "口径：自2026年起，口径调整为包含电力" in err
    assert "（可能的口径变动，见 data/breaks.csv）" in err
    assert "0.17" not in out  # no year to date, so not in the table


def test_what_stands_in_the_query_of_an_address_is_not_repeated(service, fetch, tmp_path):
    service.answer = lambda _: reply(b"refused", 403)
    code, told, err = fetch("nbs_release", f"{service.url}/a.html?ticket=s3cr3t", "--data", "store")
    assert code == 10
    assert "HTTP 403" in told["missing"][0]["reason"]
    service.answer = lambda _: reply(titled("2026-02", TITLE).encode())
    given = ("-p", "issued=2026-03-16", "--data", "store")
    code, more, err = fetch("nbs_release", f"{service.url}/a.html?ticket=s3cr3t", *given)
    assert code == 0, err
    kept = "".join(one.read_text("utf-8") for one in (tmp_path / "store/manifests").iterdir())
    assert "s3cr3t" not in f"{told}{more}{err}{kept}"


def test_kept_replies_answer_for_a_while(service, fetch):
    service.answer = lambda _: reply(titled("2026-02", TITLE).encode())
    words = (ADDRESS, "--data", "store")
    assert fetch("nbs_release", *words)[0] == 0
    asked = len(service.asked)
    code, told, err = fetch("nbs_release", *words, "--max-age", "1")
    assert (code, len(service.asked)) == (0, asked), err
    assert growths(told)["total"] == 1.8
