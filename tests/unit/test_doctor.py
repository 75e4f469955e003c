"""What a computer lacks is told with its cure; what ran, failed or is late is told of a site."""

import datetime
import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import typer.main

from faiwatch.cli.app import application
from faiwatch.cli.doctor import examine
from faiwatch.site.run_record import RunRecord, write_record

HEAD = "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct"
AFTER_THE_RELEASE = datetime.date(2026, 9, 20)
RECORD = {
    "notebook": "02_monitor",
    "region": "000000",
    "as_of": "latest",
    "lang": "zh",
    "parameters": {},
    "code_version": "1",
    "seeds": {},
    "threads": {},
    "versions": {},
    "seconds": 1.5,
}


def found(folder, today=AFTER_THE_RELEASE):
    return {check.name: check for check in examine(folder, today)}


def test_where_nothing_is_lacking_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")  # whose fonts and browser come with it
    checks = found(tmp_path)
    assert {name for name, one in checks.items() if one.state == "wrong"} == set()
    assert max(one.exit_code for one in checks.values()) == 0
    assert "2026-08" in checks["freshness"].found.en
    assert "Chinese font" in checks["fonts"].found.en


@pytest.mark.parametrize(
    ("today", "name", "code"),
    [
        (datetime.date(2025, 1, 1), "clock", 16),
        (datetime.date(2026, 11, 1), "freshness", 10),
    ],
)
def test_a_wrong_clock_and_late_figures_are_told(tmp_path, today, name, code):
    check = found(tmp_path, today)[name]
    assert (check.state, check.exit_code) == ("wrong", code)
    assert check.cure.en
    assert check.cure.zh


@pytest.mark.parametrize(
    ("data", "store"), [("embedded", "data/vintages"), ("embedded+own", "own")], ids=str
)
def test_late_figures_come_by_the_command_that_is_told(
    tmp_path, monkeypatch, faiwatch_says, data, store
):
    monkeypatch.chdir(tmp_path)
    Path("own.csv").write_text(f"{HEAD}\n000000,total,2026-08,,-7.2\n", encoding="utf-8")
    assert faiwatch_says("keep", "own.csv", "--data", "own", "--issued", "2026-09-14")[0] == 0
    Path("faiwatch.toml").write_text(f'[parameters]\ndata = "{data}"\n', encoding="utf-8")
    cure = found(tmp_path, datetime.date(2026, 11, 1))["freshness"].cure
    for told in (cure.zh, cure.en):
        _, verb, *words = re.split("[,， ]", told)[:5]
        command = typer.main.get_command(application()).commands[verb]
        given = command.make_context(verb, words).params
        assert (given["source"], given["data"]) == ("nbs_release", store)
        assert ('data = "embedded+data/vintages"' in told) == (data == "embedded")


def test_without_room_or_fonts_no_page_should_be_made(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.setattr(Path, "rglob", lambda *_: iter(()))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    checks = found(tmp_path)
    assert checks["disk"].exit_code == checks["fonts"].exit_code == 16
    assert "5 MB" in checks["disk"].found.en
    assert (checks["browser"].state, checks["schedule"].state) == ("note", "note")


def test_figures_that_cannot_be_read_are_told_and_not_a_crash(tmp_path, monkeypatch, faiwatch_says):
    monkeypatch.chdir(tmp_path)
    settings = '[parameters]\ndata = "nowhere.csv"\n'
    (tmp_path / "faiwatch.toml").write_text(settings, encoding="utf-8")
    code, out, err = faiwatch_says("doctor", "--json", "--lang", "zh")
    checks = {row["check"]: row for row in json.loads(out)}
    assert (code >= 10, err) == (True, "")
    assert (checks["store"]["state"], "freshness" in checks) == ("wrong", False)
    assert checks["workspace"]["cure"] == "faiwatch init ."


def ran(site, number, **differing):
    run_id = f"run-{number}"
    started = f"2026-09-1{number}T02:00:00+00:00"
    record = RunRecord(**RECORD | {"run_id": run_id, "started": started} | differing)
    (site / "runs" / run_id).mkdir(parents=True)
    write_record(record, site / "runs" / run_id / "run.json")


def test_the_status_of_a_site_is_that_of_the_last_run_of_each_page(tmp_path, faiwatch_says):
    ran(tmp_path, 1, verdict="cell_error", cause="was mended")
    ran(tmp_path, 2, verdict="ok", data_as_of="2026-08")
    ran(tmp_path, 3, verdict="deadline", cause="took too long", notebook="04_forecast")
    ran(tmp_path, 4, verdict="ok", data_as_of="2019-12", as_of="2019-12", notebook="03_trend")
    ran(tmp_path, 5, verdict="ok", data_as_of="2025-09", region="430500")
    code, out, _ = faiwatch_says("status", tmp_path, "--json")
    told = json.loads(out)
    assert (code, told["exit_code"], told["pages"]) == (14, 14, 4)
    assert [(one["verdict"], one["cause"]) for one in told["failed"]] == [
        ("deadline", "took too long")
    ]
    assert set(told["late"].values()) <= {"2026-08"}  # neither an asked month nor another region
    code, out, _ = faiwatch_says("status", tmp_path)
    assert "failed  zh/000000/04_forecast.html: deadline exceeded; took too long" in out
    assert "was mended" not in out


def test_a_folder_without_runs_has_no_status(tmp_path, faiwatch_says):
    assert faiwatch_says("status", tmp_path)[0] == 10
    assert faiwatch_says("status", tmp_path / "none")[0] == 2
