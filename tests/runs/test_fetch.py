"""``faiwatch fetch`` against a real server on this machine that behaves as the services do."""

import contextlib
import gzip
import io
import json
import logging
import signal
import socket
import sys
import threading
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from schemas import complaints
from service import Service, reply

from faiwatch.cli import app as cli
from faiwatch.data.live import http
from faiwatch.data.live.nbs import portal_series
from faiwatch.data.regions import provinces
from faiwatch.data.source import data_source
from faiwatch.data.store_files import ORIGINALS, DataRoot

KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"  # made up
CHALLENGE = "<!DOCTYPE html><html><title>Please wait</title><script>go()</script></html>"
DATA = "/stream/esData"
NAMES = {"primary": "第一产业", "secondary": "第二产业", "tertiary": "第三产业"}


HANG = (None, {}, b"")


@pytest.fixture
def service():
    """Return a service; it is closed after the test."""
    running = Service()
    yield running
    running.close()


@pytest.fixture
def fetch(service, monkeypatch, capsys, tmp_path):
    """Return a function that fetches from the service: (exit code, stdout, stderr)."""
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("FAIWATCH_LANG", "en")
    monkeypatch.setenv("FRED_API_KEY", KEY)
    monkeypatch.chdir(tmp_path)

    def run(source, *words):
        monkeypatch.setenv(f"FAIWATCH_{source.upper()}_URL", service.url)
        given = ["faiwatch", "fetch", source, "--pause", "0", *words]
        monkeypatch.setattr("sys.argv", given)
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, said = capsys.readouterr()
        if "--json" in words and out:
            assert not complaints(json.loads(out), "fetch")
        return left.value.code, out, said

    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="module")
def official():
    """Return the embedded figures by region, indicator and month."""
    table = (
        data_source("embedded").newest().assign(period=lambda rows: rows["period"].astype("str"))
    )
    return table.set_index(["region_code", "indicator", "period"])


def portal_name(series):
    subject = NAMES.get(series.indicator, "") + "固定资产投资额累计增长 (%) "
    return subject if "*" in series.name else series.name


def portal(official, change=lambda row: row):
    """Return an answer that gives the embedded figures in the portal's shape."""
    by_id = {one.id: one for one in portal_series()}

    def cell(series, area, month):
        key = (area["value"][:6], series.indicator, month)
        figure = official[series.figure].get(key, float("nan"))
        row = {
            "_id": series.id,
            "i_showname": portal_name(series),
            "value": "无" if pd.isna(figure) else str(figure),
            "du_name": series.unit,
            "num_accuracy_value": "1",
        }
        at = ("area", "areaCode") if series.areas == "provinces" else ("da_name", "da")
        return change(row | dict(zip(at, (area["text"], area["value"]), strict=True)))

    def answer(asked):
        if asked.path != DATA:
            return reply({"success": True, "data": []})
        first, last = (one[:6] for one in asked.body["dts"][0].split("-"))
        months = pd.period_range(f"{first[:4]}-{first[4:]}", f"{last[:4]}-{last[4:]}", freq="M")
        data = [
            {
                "code": f"{month:%Y%m}MM",
                "values": []
                if month.month == 1
                else [
                    cell(by_id[id], area, str(month))
                    for id in asked.body["indicatorIds"]
                    for area in asked.body["das"]
                ],
            }
            for month in reversed(months)
        ]
        return reply({"success": True, "state": 20000, "message": "成功", "data": data})

    return answer


def once(first, then):
    """Return an answer that is another one the first time that data is asked for."""
    told = []

    def answer(asked):
        if asked.path == DATA and not told:
            told.append(asked)
            return first
        return then(asked)

    return answer


MONTHS = ("-p", "since=2026-01", "-p", "until=2026-06")
NATION = ("-p", "series=national", *MONTHS)


def data_calls(service):
    return [asked for asked in service.asked if asked.path == DATA]


def test_the_portal_gives_nation_sectors_provinces_and_real_estate(service, fetch, official):
    service.answer = portal(official)
    words = ["-p", "since=2025-09", "-p", "until=2025-12"]
    code, _, err = fetch("nbs", *words, "--out", "fetched.csv")
    assert code == 0, err
    came = data_source("fetched.csv").newest().astype({"period": "str"})
    assert set(came["region_code"]) == {"000000", *provinces()}
    assert set(came["indicator"]) == {"total", *NAMES, "real_estate_development"}
    for row in came.itertuples():
        known = official.loc[(row.region_code, row.indicator, row.period)]
        assert row.ytd_yoy_pct == known["ytd_yoy_pct"]
        if row.indicator == "real_estate_development" and row.period == "2025-12":
            assert row.ytd_value_100m == known["ytd_value_100m"] == 82788


def test_figures_of_the_portal_are_those_published(service, fetch, official):
    service.answer = portal(official)
    code, out, err = fetch("nbs", *NATION, "--out", "fetched.csv")
    assert (code, out) == (0, "")
    assert "5 rows, 0 series missing" in err
    came = data_source("fetched.csv").newest()
    assert came["ytd_yoy_pct"].tolist() == [1.8, 1.7, -1.6, -4.1, -5.7]
    assert came["period"].astype("str").tolist()[0] == "2026-02"
    assert came["ytd_value_100m"].isna().all()


def test_a_fresh_client_gets_past_the_challenge_page(service, fetch, official):
    then = portal(official)

    def answer(asked):
        if "pass=1" in (asked.headers.get("Cookie") or ""):
            return then(asked)
        return reply(CHALLENGE.encode(), Set_Cookie="pass=1; Path=/", Content_Type="text/html")

    service.answer = answer
    code, _, err = fetch("nbs", *NATION, "--out", "fetched.csv")
    assert code == 0, err
    assert len(data_calls(service)) == 1  # the call made ahead met the page, not this one


def test_a_challenge_that_never_ends_is_named(service, fetch):
    service.answer = lambda _: reply(CHALLENGE.encode())
    code, out, err = fetch("nbs", *NATION)
    assert (code, out) == (10, "")
    assert "a challenge as a rule" in err
    assert "Please wait" in err
    assert not data_calls(service)


@pytest.mark.parametrize("blank", ["无", "", None])
def test_what_is_not_published_is_missing_and_never_zero(service, fetch, official, blank):
    def change(row):
        return row | ({"value": blank} if row["value"] == "-5.7" else {})

    service.answer = portal(official, change)
    code, out, err = fetch("nbs", *NATION)
    assert code == 10
    assert "000000 total ytd_yoy_pct: no 2026-06 yet, the last is 2026-05" in err
    assert [line.split(",")[4] for line in out.splitlines()[1:]] == ["1.8", "1.7", "-1.6", "-4.1"]


def test_without_a_named_month_the_newest_figures_are_enough(service, fetch, official):
    service.answer = portal(official)
    code, out, err = fetch("nbs", "-p", "series=national", "-p", "since=2026-01")
    assert code == 0, err
    assert out.splitlines()[-1].startswith("000000,total,2026-08,,-7.2,,NBS-PORTAL")


def test_the_id_of_other_years_gives_empty_texts_and_is_missing(service, fetch, official):
    service.answer = portal(official, lambda row: row | {"value": ""})
    code, out, err = fetch("nbs", *NATION, "--out", "fetched.csv")
    assert (code, out) == (10, "")
    assert "the id covers other years" in err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"du_name": "亿元"}, "another name or unit"),
        ({"i_showname": "民间固定资产投资累计增长 (%)"}, "another name or unit"),
        ({"da": "110000000000"}, "another region"),
        ({"da": ""}, "another region"),
        ({"value": "n/a"}, "no number"),
        ({"value": {"v": 1}}, "another structure"),
    ],
    ids=["unit", "name", "region", "no region", "text", "structure"],
)
def test_a_reply_about_something_else_is_refused(service, fetch, official, tmp_path, change, said):
    service.answer = portal(official, lambda row: row | change)
    code, out, err = fetch("nbs", *NATION, "--out", "fetched.csv")
    assert (code, out) == (11, "")
    assert said in err
    assert not (tmp_path / "fetched.csv").exists()


def of_other_growth(change, indicator="total"):
    """Return a change of the replies that alters the growth of one national series."""
    ids = {
        one.id for one in portal_series() if one.indicator == indicator and one.areas != "provinces"
    }

    def changed(row):
        is_meant = row["_id"] in ids and row["value"] != "无"
        return row | ({"value": str(change(float(row["value"])))} if is_meant else {})

    return changed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: -172.0, "below −100 %"),
        (lambda growth: growth * 2 - 3, "differs from 5 of the 5 months already held"),
        (lambda growth: -growth, "differs from 5 of the 5 months already held"),
    ],
    ids=["below -100", "another series", "another sign"],
)
def test_growth_unlike_what_is_held_is_refused_and_the_rest_kept(
    service, fetch, official, change, said
):
    service.answer = portal(official, of_other_growth(change))
    code, out, _ = fetch("nbs", *MONTHS, "-p", "series=national,sectors", "--json")
    told = json.loads(out)
    assert code == 11
    assert {row["indicator"] for row in told["table"]} == set(NAMES)
    reasons = {one["series"]: one["reason"] for one in told["missing"]}
    assert said in reasons["000000 total"]


def test_growth_that_is_revised_in_one_month_is_kept(service, fetch, official):
    revise = of_other_growth(lambda growth: -6.6 if growth == -5.7 else growth)
    service.answer = portal(official, revise)
    code, out, err = fetch("nbs", *NATION)
    assert code == 0, err
    assert out.splitlines()[-1].split(",")[4] == "-6.6"


@pytest.mark.parametrize(("growth", "code"), [(-7.9, 0), (-31.0, 11)])
def test_a_new_month_is_compared_with_the_release_before(service, fetch, official, growth, code):
    later = official.copy()
    later.loc[("000000", "total", "2026-09"), "ytd_yoy_pct"] = growth
    service.answer = portal(later)
    words = ["-p", "series=national", "-p", "since=2026-09", "-p", "until=2026-09"]
    left, out, err = fetch("nbs", *words)
    assert (left, bool(out)) == (code, code == 0), err
    assert ("moves by" in err) == (code == 11)


def test_months_of_the_store_are_held_too(service, fetch, official):
    later = official.copy()
    later.loc[("000000", "total", "2026-09"), "ytd_yoy_pct"] = -7.9
    service.answer = portal(later)
    words = ["-p", "series=national", "-p", "since=2026-09", "--data", "store"]
    assert fetch("nbs", *words)[0] == 0
    service.answer = portal(later, of_other_growth(lambda growth: growth + 3))
    code, _, err = fetch("nbs", *words)
    assert code == 11
    assert "held is -7.9 %" in err


def test_what_could_be_had_is_kept_when_a_part_fails(service, fetch, official):
    then = portal(official)

    def answer(asked):
        is_provinces = asked.path == DATA and asked.body["showType"] == "3"
        return reply(b"oops", 500) if is_provinces else then(asked)

    service.answer = answer
    words = ["-p", "series=provinces,national", *MONTHS, "--json", "--out", "fetched.csv"]
    code, out, _ = fetch("nbs", *words)
    told = json.loads(out)
    assert code == 10
    assert told["rows"] == len(told["table"]) == 5
    assert [one["series"].split()[0] for one in told["missing"]] == provinces()
    assert "HTTP 500 oops" in told["missing"][0]["reason"]
    assert len(data_calls(service)) == 3 + 1  # three tries, and then the other part
    assert len(data_source("fetched.csv").newest()) == 5


def test_a_refused_client_does_not_ask_again(service, fetch):
    service.answer = lambda _: reply(b"UrlACL", 403)
    code, out, err = fetch("nbs", *MONTHS)
    assert (code, out, len(service.asked)) == (10, "", 1)
    assert "HTTP 403 UrlACL" in err


@pytest.mark.parametrize(
    "trouble",
    [
        reply(b"", 500),
        reply(b"", 503),
        reply(b'{"success": true, "sta'),
        reply(b'{"success": true}', Content_Length="999"),
        reply(b""),
        reply(b"", 429),
    ],
    ids=["500", "503", "half JSON", "half sent", "empty", "429"],
)
def test_trouble_that_passes_is_tried_again(service, fetch, official, trouble):
    service.answer = once(trouble, portal(official))
    code, _, err = fetch("nbs", *NATION)
    assert code == 0, err
    assert len(data_calls(service)) == 2


def test_truncated_json_never_becomes_a_figure(service, fetch):
    service.answer = lambda _: reply(b'{"success": true, "state": 20000, "data": [{"code"')
    code, out, err = fetch("nbs", *NATION)
    assert (code, out) == (10, "")
    assert "not whole JSON" in err


def test_retry_after_is_obeyed(service, fetch, official):
    service.answer = once(reply(b"", 429, Retry_After="1"), portal(official))
    code, _, err = fetch("nbs", *NATION)
    first, second = data_calls(service)
    assert code == 0, err
    assert second.time - first.time >= 1


@pytest.mark.parametrize("wait", ["3600", "Fri, 31 Dec 2100 00:00:00 GMT"])
def test_a_long_wait_is_left_to_the_scheduler(service, fetch, official, wait):
    service.answer = once(reply(b"", 429, Retry_After=wait), portal(official))
    code, _, err = fetch("nbs", *NATION)
    assert (code, len(data_calls(service))) == (10, 1)
    assert "try again after" in err


def test_a_hanging_service_is_given_up(service, fetch, official):
    service.answer = once(HANG, portal(official))
    began = time.monotonic()
    code, _, err = fetch("nbs", *NATION, "--timeout", "0.3", "--tries", "1")
    assert code == 10
    assert "did not answer in time" in err
    assert time.monotonic() - began < 5


def test_headers_that_drip_without_end_are_given_up(service, fetch, monkeypatch):
    def drip(listening):
        line, _ = listening.accept()
        with line, contextlib.suppress(OSError):
            line.recv(65536)
            line.sendall(b"HTTP/1.1 200 OK\r\nX-Wait: ")
            while True:
                line.sendall(b"a")
                time.sleep(0.02)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip, args=(listening,), daemon=True).start()
        monkeypatch.setattr(service, "url", f"http://127.0.0.1:{listening.getsockname()[1]}")
        began = time.monotonic()
        code, out, err = fetch("nbs", *NATION, "--timeout", "0.1", "--tries", "1")
    assert (code, out) == (10, "")
    assert "did not answer in time" in err
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("packed", [1, 2])
def test_a_reply_is_unpacked_within_bounds(service, fetch, monkeypatch, packed):
    monkeypatch.setattr(http, "MOST_BYTES", 100_000)
    content = bytes(10_000_000)
    for _ in range(packed):
        content = gzip.compress(content)
    encoding = ", ".join(["gzip"] * packed)
    service.answer = lambda _: reply(content, Content_Encoding=encoding)
    code, out, err = fetch("eastmoney", "--tries", "1")
    assert (code, out) == (10, "")
    assert "the reply is too large" in err


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (gzip.compress(b"{}", mtime=0)[:-4], "gzip", "not whole"),
        (b"{}", "gzip", "damaged"),
        (b"{}", "br", "not supported"),
    ],
)
def test_a_reply_that_cannot_be_unpacked_is_said_so(service, fetch, content, encoding, said):
    service.answer = lambda _: reply(content, Content_Encoding=encoding)
    code, out, err = fetch("eastmoney", "--tries", "1")
    assert (code, out) == (10, "")
    assert said in err


def test_a_packed_reply_is_read(service, fetch, official):
    given = eastmoney(official)(None)[2]
    service.answer = lambda _: reply(gzip.compress(given), Content_Encoding="gzip")
    code, out, err = fetch("eastmoney", "-p", "since=2026-01")
    assert code == 0, err
    assert "226370" in out
    assert service.asked[0].headers["Accept-Encoding"] == "gzip"


@pytest.mark.parametrize("place", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "//"])
def test_a_redirect_to_what_is_no_web_address_is_refused(service, fetch, place):
    service.answer = lambda _: reply(b"", 302, Location=place)
    code, out, err = fetch("eastmoney", "--tries", "1")
    assert (code, out) == (10, "")
    assert "the connection failed or broke" in err


@pytest.mark.parametrize("place", ["http://[::1", "http://u:secret@[::1/?a=1", "javascript://a"])
def test_a_release_at_no_web_address_is_refused(fetch, place):
    code, out, err = fetch("nbs_release", place)
    assert (code, out) == (2, "")
    assert "http(s)://" in err
    assert "secret" not in err


def test_a_host_that_is_no_name_is_said_so(fetch):
    code, out, err = fetch("nbs_release", "http://x..y/", "--tries", "1")
    assert (code, out) == (10, "")
    assert "the connection failed or broke" in err


def test_true_is_no_figure(service, fetch, official):
    service.answer = eastmoney(official, unit=1)
    told = json.loads(service.answer(None)[2])
    told["result"]["data"][0]["BASE_ACCUMULATE"] = True
    service.answer = lambda _: reply(told)
    code, out, err = fetch("eastmoney")
    assert (code, out) == (11, "")
    assert "BASE_ACCUMULATE" in err


@pytest.mark.parametrize("sign", ["=", "＝"])
def test_nothing_that_a_service_says_runs_in_a_spreadsheet_or_a_terminal(service, fetch, sign):
    name = f"{sign}cmd|' /C calc'!A0 \x1b[31m(% of GDP)"
    same = {"indicator": {"id": "NE.GDI.FTOT.ZS", "value": name}, "countryiso3code": "CHN"}
    rows = [{**same, "date": "2024", "value": 40.5}]
    service.answer = lambda _: reply([{"page": 1, "pages": 1}, rows])
    code, out, err = fetch("worldbank", "-p", "series=NE.GDI.FTOT.ZS")
    assert code == 0, err
    assert f",'{sign}cmd|" in out
    assert "\x1b" not in out + err
    fetch("worldbank", "-p", "series=NE.GDI.FTOT.ZS", "--out", "fetched.csv")
    assert "\x1b" not in Path("fetched.csv").read_text(encoding="utf-8")


def test_calls_are_spaced_and_say_who_asks(service, fetch, official):
    service.answer = portal(official)
    code, _, err = fetch("nbs", *NATION, "--pause", "0.3")
    assert code == 0, err
    first, second = service.asked
    assert second.time - first.time >= 0.3
    assert {asked.headers["User-Agent"].split("/")[0] for asked in service.asked} == {"faiwatch"}


def test_a_bar_is_drawn_on_a_terminal_only(service, fetch, official, monkeypatch):
    service.answer = portal(official)
    assert "\x1b" not in fetch("nbs", *NATION)[2]
    monkeypatch.setenv("FORCE_COLOR", "1")
    err = fetch("nbs", *NATION)[2]
    assert "\x1b" in err
    assert "0/1" in err


def test_a_file_that_cannot_be_written_is_named(service, fetch, official, tmp_path):
    service.answer = portal(official)
    (tmp_path / "folder").write_text("")
    code, _, err = fetch("nbs", *NATION, "--out", "folder/fetched.csv")
    assert code == 2
    assert "folder/fetched.csv" in err


def test_a_store_keeps_table_and_replies_and_answers_for_a_while(service, fetch, official):
    service.answer = portal(official)
    words = [*NATION, "--data", "store", "--json"]
    code, out, _ = fetch("nbs", *words)
    assert code == 0
    (vintage,) = DataRoot("store").vintages()
    assert vintage.id == json.loads(out)["vintage"]
    original = DataRoot("store").read([f"{ORIGINALS}/{vintage.original_sha256}"])[0]
    with zipfile.ZipFile(io.BytesIO(original)) as bundle:
        (name,) = bundle.namelist()
        assert json.loads(bundle.read(name))["data"][0]["values"][0]["value"] == "-5.7"
    assert data_source("store").newest()["ytd_yoy_pct"].tolist() == [1.8, 1.7, -1.6, -4.1, -5.7]

    asked = len(service.asked)
    code, again, _ = fetch("nbs", *words, "--max-age", "1")
    assert (code, len(service.asked)) == (0, asked)
    assert json.loads(again)["table"] == json.loads(out)["table"]
    assert len(DataRoot("store").vintages()) == 1
    fetch("nbs", *words)
    assert len(service.asked) > asked


# --- Eastmoney ------------------------------------------------------------------------------


def eastmoney(official, unit=1):
    """Return an answer in Eastmoney's shape, whose growth columns are traps."""
    values = official.loc[("000000", "total"), "ytd_value_100m"].loc["2026-02":"2026-06"].dropna()
    rows = [
        {
            "REPORT_DATE": f"{month}-01 00:00:00",
            "TIME": month,
            "BASE": None,
            "BASE_SAME": 99.9,
            "BASE_SEQUENTIAL": 99.9,
            "BASE_ACCUMULATE": value * unit,
        }
        for month, value in reversed(list(values.items()))
    ]
    rows.append({**rows[0], "REPORT_DATE": "2026-07-01 00:00:00", "BASE_ACCUMULATE": None})
    table = {"pages": 1, "data": rows, "count": len(rows)}
    return lambda _: reply({"version": "1", "result": table, "success": True, "code": 0})


def test_eastmoney_gives_values_and_its_growth_is_never_read(service, fetch, official):
    service.answer = eastmoney(official)
    code, _, err = fetch("eastmoney", "-p", "since=2026-01", "--out", "fetched.csv")
    assert code == 0, err
    came = data_source("fetched.csv").newest()
    assert came["ytd_value_100m"].tolist()[-1] == 226370
    assert came["ytd_yoy_pct"].isna().all()
    assert service.asked[0].query["columns"] == "REPORT_DATE,BASE_ACCUMULATE"


def test_eastmoney_in_another_unit_is_refused(service, fetch, official):
    service.answer = eastmoney(official, unit=10_000)
    code, out, err = fetch("eastmoney")
    assert (code, out) == (11, "")
    assert "another unit" in err


# --- releases -------------------------------------------------------------------------------

RELEASE = "/sj/zxfb/202607/t20260715_1900000.html"
LIST = (
    '<ul><li><a href="./202607/t20260716_2.html" title="2026年1—6月份民间固定资产投资情况">民间</a>'
    '<li><a href="./202607/t20260715_1900000.html" title="2026年1—6月份全国固定资产投资基本情况">'
    "2026年1—6月份全国固...</a></ul>"
)


def release(official):
    total = official.loc[("000000", "total", "2026-06")]
    private = official.loc[("000000", "private", "2026-06"), "ytd_yoy_pct"]
    words = (
        f"<p>上半年，全国固定资产投资（不含农户）{total['ytd_value_100m']:.0f}亿元，"
        f"同比下降{-total['ytd_yoy_pct']}%。</p><p>民间固定资产投资同比下降{-private}%。</p>"
    )
    return {"/sj/zxfb/": LIST, RELEASE: f"<html><body>{words}</body></html>"}


def test_the_newest_release_is_found_and_read(service, fetch, official):
    pages = release(official)
    service.answer = lambda asked: reply(pages[asked.path].encode())
    code, _, err = fetch("nbs_release", "--out", "fetched.csv")
    assert code == 0, err
    came = data_source("fetched.csv").newest().set_index("indicator")
    for name in ("total", "private"):
        known = official.loc[("000000", name, "2026-06"), "ytd_yoy_pct"]
        assert came.loc[name, "ytd_yoy_pct"] == known
    assert came.loc["total", "ytd_value_100m"] == 226370
    assert str(came.loc["total", "issued"].date()) == "2026-07-15"


def test_an_indicator_that_the_release_does_not_state_is_missing(service, fetch, official):
    pages = release(official)
    service.answer = lambda asked: reply(pages[asked.path].encode())
    code, out, err = fetch("nbs_release", "-p", "indicators=total,manufacturing")
    assert code == 10
    assert "missing 000000 manufacturing: the release does not state it" in err
    assert len(out.splitlines()) == 2


def test_a_contradiction_and_a_clause_not_taken_are_told_and_the_rest_is_kept(
    service, fetch, official
):
    secondary = official.loc[("000000", "secondary", "2026-06"), "ytd_yoy_pct"]
    more = (
        "<p>民间投资中，制造业投资增长9.9%。</p>"
        f"<p>第一产业投资增长1.1%，第二产业投资下降{-secondary}%。</p>"
        "<p>第一产业投资增长1.2%。</p>"
    )
    pages = release(official)
    pages[RELEASE] += more
    service.answer = lambda asked: reply(pages[asked.path].encode())
    code, out, err = fetch("nbs_release", "--json")
    told = json.loads(out)
    assert code == 11
    assert {row["indicator"] for row in told["table"]} == {"total", "private", "secondary"}
    assert [one["series"] for one in told["missing"]] == ["000000 primary"]
    assert "1.1 / 1.2" in told["missing"][0]["reason"]
    assert told["unread"] == [
        {"words": "民间投资中，制造业投资增长9.9%", "reason": "a part of another investment"}
    ]

    _, _, err = fetch("nbs_release")
    assert "not taken “民间投资中，制造业投资增长9.9%”: a part of another investment" in err


def test_a_month_that_the_list_does_not_have_is_missing(service, fetch):
    service.answer = lambda _: reply(LIST.encode())
    code, out, err = fetch("nbs_release", "-p", "month=2026-09")
    assert (code, out) == (10, "")
    assert "page=" in err


# --- other countries ------------------------------------------------------------------------


def fred(asked):
    """Answer in FRED's shape; figures are made up."""
    if asked.path.endswith("/observations"):
        dated = {"realtime_start": "2026-04-14", "realtime_end": "2026-04-14"}
        values = {"2026-01-01": "2190.5", "2026-02-01": "2201", "2026-03-01": "."}
        rows = [{**dated, "date": day, "value": value} for day, value in values.items()]
        if "realtime_start" in asked.query:
            rows.append({**rows[0], "realtime_start": "2026-05-14", "value": "2180.1"})
        return reply({"units": "lin", "count": len(rows), "observations": rows})
    about = {"id": "TTLCONS", "title": "Made up", "units": "Million", "frequency_short": "M"}
    return reply({"seriess": [about]})


def test_fred_takes_its_key_from_the_environment_and_shows_it_nowhere(
    service, fetch, caplog, tmp_path
):
    service.answer = fred
    with caplog.at_level(logging.DEBUG):
        code, out, err = fetch("fred", "--json", "--out", "fetched.csv")
    table = json.loads(out)["table"]
    assert code == 0, err
    assert [(row["period"], row["value"]) for row in table] == [
        ("2026-01", 2190.5),
        ("2026-02", 2201),
    ]
    assert {(row["unit"], row["area"], row["issued"]) for row in table} == {("Million", "US", None)}
    assert {asked.query["api_key"] for asked in service.asked} == {KEY}
    assert "httpx" in {record.name for record in caplog.records}
    assert KEY not in out + err + caplog.text + (tmp_path / "fetched.csv").read_text()


def test_a_service_that_repeats_the_key_does_not_spread_it(service, fetch, caplog):
    service.answer = lambda asked: reply(f"bad key {asked.query['api_key']}".encode(), 400)
    with caplog.at_level(logging.DEBUG):
        code, out, err = fetch("fred")
    assert code == 10
    assert "HTTP 400 bad key ***" in err
    assert KEY not in out + err + caplog.text


def test_a_redirect_does_not_take_the_key_to_another_host(service, fetch):
    other = Service()
    try:
        other.answer = fred
        service.answer = lambda asked: reply(b"", 302, Location=other.url + asked.path)
        fetch("fred")
        assert other.asked
        assert all("api_key" not in asked.query for asked in other.asked)
    finally:
        other.close()


def test_a_key_does_not_go_over_an_open_line(fetch):
    code, _, err = fetch("fred", "-p", "base=http://example.invalid")
    assert code == 2
    assert "encrypted" in err


def test_all_vintages_of_fred_have_the_day_they_were_published(service, fetch):
    service.answer = fred
    code, out, err = fetch("fred", "-p", "vintages=all", "--json")
    january = [row for row in json.loads(out)["table"] if row["period"] == "2026-01"]
    assert code == 0, err
    assert [(row["issued"], row["value"]) for row in january] == [
        ("2026-04-14", 2190.5),
        ("2026-05-14", 2180.1),
    ]


@pytest.mark.parametrize("header", ["DATE", "observation_date"])
def test_both_headers_of_freds_files_are_read(service, fetch, header):
    content = f"{header},PNFI\n2026-01-01,4000.5\n2026-04-01,.\n2026-07-01,4010\n"
    service.answer = lambda _: reply(content.encode())
    code, out, err = fetch("fred", "-p", "form=csv", "-p", "series=PNFI", "--json")
    assert code == 0, err
    assert [(row["period"], row["value"]) for row in json.loads(out)["table"]] == [
        ("2026-Q1", 4000.5),
        ("2026-Q3", 4010),
    ]
    assert "api_key" not in service.asked[0].query


def test_the_world_bank_gives_years_with_the_unit_of_the_name(service, fetch):
    indicator = {"id": "NE.GDI.FTOT.ZS", "value": "Gross fixed capital formation (% of GDP)"}
    same = {"indicator": indicator, "countryiso3code": "CHN"}
    rows = [{**same, "date": "2025", "value": None}, {**same, "date": "2024", "value": 40.5}]
    service.answer = lambda _: reply([{"page": 1, "pages": 1}, rows])
    code, out, err = fetch("worldbank", "-p", "series=NE.GDI.FTOT.ZS", "--json")
    (row,) = json.loads(out)["table"]
    assert code == 0, err
    assert (row["period"], row["value"], row["unit"]) == ("2024", 40.5, "% of GDP")


def test_a_message_of_the_world_bank_is_no_figure(service, fetch):
    service.answer = lambda _: reply([{"message": [{"id": "120", "value": "Invalid value"}]}])
    code, out, err = fetch("worldbank", "-p", "series=NE.GDI.NONE", "-p", "country=XXX")
    assert (code, out) == (10, "")
    assert "Invalid value" in err


def sdmx(geo="ES"):
    """Return a message in Eurostat's shape; figures are made up."""
    space = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
    key = {"freq": "Q", "unit": "CLV_PCH_SM", "s_adj": "SCA", "na_item": "P51G", "geo": geo}
    keys = "".join(f'<g:Value id="{name}" value="{value}"/>' for name, value in key.items())
    flag = '<g:Attributes><g:Value id="OBS_FLAG" value="p"/></g:Attributes>'
    figures = "".join(
        f'<g:Obs><g:ObsDimension value="{quarter}"/><g:ObsValue value="{value}"/>{flag}</g:Obs>'
        for quarter, value in {"2026-Q1": "1.5", "2026-Q2": "-0.5", "2026-Q3": "NaN"}.items()
    )
    return (
        f'<m:GenericData xmlns:m="{space}/message" xmlns:g="{space}/data/generic" '
        f'xmlns:c="{space}/common"><m:Header><m:ID>1</m:ID><m:Test>false</m:Test>'
        '<m:Prepared>2026-11-01T00:00:00</m:Prepared><m:Sender id="X"/>'
        '<m:Structure structureID="S" dimensionAtObservation="TIME_PERIOD"><c:Structure>'
        '<Ref agencyID="ESTAT" id="NAMQ_10_GDP" version="1.0"/></c:Structure></m:Structure>'
        f'</m:Header><m:DataSet structureRef="S"><g:Series><g:SeriesKey>{keys}</g:SeriesKey>'
        f"{figures}</g:Series></m:DataSet></m:GenericData>"
    ).encode()


def test_eurostat_gives_quarters_with_their_flags(service, fetch):
    service.answer = lambda _: reply(sdmx())
    code, out, err = fetch("eurostat", "-p", "geo=ES", "-p", "since=2026-Q1", "--json")
    table = json.loads(out)["table"]
    assert code == 0, err
    assert [(row["period"], row["value"], row["note"]) for row in table] == [
        ("2026-Q1", 1.5, "p"),
        ("2026-Q2", -0.5, "p"),
    ]
    assert service.asked[0].path == "/data/NAMQ_10_GDP/Q.CLV_PCH_SM.SCA.P51G.ES"


@pytest.mark.parametrize(
    ("content", "said"),
    [(sdmx("FR"), "another series"), (CHALLENGE.encode(), "not readable SDMX")],
    ids=["other country", "page"],
)
def test_eurostat_about_something_else_is_refused(service, fetch, content, said):
    service.answer = lambda _: reply(content)
    code, out, err = fetch("eurostat", "-p", "geo=ES")
    assert (code, out) == (11, "")
    assert said in err


def test_figures_that_are_not_year_to_date_do_not_go_into_a_store(service, fetch):
    code, _, err = fetch("fred", "--data", "store")
    assert (code, service.asked) == (2, [])
    assert "--out" in err


# --- akshare --------------------------------------------------------------------------------


@pytest.fixture
def akshare(monkeypatch, official):
    """Put a module that behaves as akshare does in its place."""
    values = official.loc[("000000", "total")].loc["2026-02":"2026-06"]
    names = [f"{month[:4]}年{int(month[5:])}月" for month in values.index]
    growth = pd.DataFrame([values["ytd_yoy_pct"].tolist()], ["固定资产投资额累计增长(%)"], names)
    columns = {"月份": [f"{name}份" for name in names], "同比增长": 99.9}
    module = SimpleNamespace(
        macro_china_nbs_nation=lambda kind, path, period: growth,  # noqa: ARG005
        macro_china_gdzctz=lambda: pd.DataFrame(
            columns | {"自年初累计": values["ytd_value_100m"].tolist()}
        ),
    )
    monkeypatch.setitem(sys.modules, "akshare", module)
    return module


def test_akshare_gives_published_growth_and_values_only(fetch, akshare):  # noqa: ARG001
    code, _, err = fetch("akshare", *MONTHS, "--out", "fetched.csv")
    assert code == 0, err
    came = data_source("fetched.csv").newest()
    assert came.loc[4, ["ytd_value_100m", "ytd_yoy_pct"]].tolist() == [226370, -5.7]
    assert 99.9 not in came["ytd_yoy_pct"].tolist()


def test_akshare_that_hangs_or_breaks_is_given_up(fetch, akshare):
    akshare.macro_china_nbs_nation = lambda *_: time.sleep(3)
    akshare.macro_china_gdzctz = lambda: {}["gone"]
    code, out, err = fetch("akshare", *MONTHS, "--timeout", "0.1", "--tries", "1")
    assert (code, out) == (10, "")
    assert "did not answer in time" in err
    assert "KeyError" in err


def test_akshare_is_an_extra(fetch, monkeypatch):
    monkeypatch.setitem(sys.modules, "akshare", None)
    code, _, err = fetch("akshare")
    assert code == 2
    assert "faiwatch[akshare]" in err
