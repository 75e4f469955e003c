"""The round by clicking: the panel of the start notebook does what the verbs do, and says so."""

import datetime
import json
import os
from pathlib import Path

import nbformat
import pytest

from faiwatch.cli.init import report_text
from faiwatch.run import guide, workspace
from faiwatch.run.guide import Guide

SHEET = "2020年固定资产投资,,\n时间,完成投资额（万元）,同比增长（%）\n1-2月,12005000,-30.9\n"


@pytest.fixture
def office(tmp_path, monkeypatch):
    workspace.lay_out(tmp_path / "office", "zh", report_text)
    monkeypatch.chdir(tmp_path / "office")
    return tmp_path / "office"


def test_from_a_dropped_file_to_its_pages(office, monkeypatch):
    asked = []

    def run_no_notebook(self, words):
        asked.append(words)
        if words[0] != "run":
            return verb(self, words)
        made = {"notebook": words[1], "region": "610000", "page": "zh/610000/x.html", "cause": ""}
        files = [{"file": "figures.csv"}, {"file": "findings.json"}]
        return 0, {"runs": [made | {"run_id": "r1", "results": files}]}

    verb = Guide._verb
    monkeypatch.setattr(Guide, "_verb", run_no_notebook)
    panel = Guide()
    panel.make.click()
    assert "先选工作簿" in panel.said.value
    dropped = {"name": "own.csv", "type": "text/csv", "size": 1, "content": SHEET.encode()}
    panel.upload.value = ({**dropped, "last_modified": datetime.datetime.now(datetime.UTC)},)
    assert (office / "data/own.csv").read_bytes() == SHEET.encode()
    panel.make.click()
    assert "个问题未回答" in panel.said.value
    panel.form.fields[0].own.value = "陕西"
    panel.form.propose.click()
    panel.form.again.click()
    assert not panel.book.questions, [one.text.zh for one in panel.book.questions]

    panel.make.click()  # without the day on which it was issued
    assert "请填写发布日期" in panel.said.value
    assert asked == []
    panel.issued.value = datetime.date(2020, 4, 20)
    panel.make.click()
    assert "region = " in (office / "data/answers.toml").read_text("utf-8")
    assert (office / "data/vintages/manifests").is_dir()
    assert "未完成" not in panel.said.value
    assert [words[1] for words in asked if words[0] == "run"] == list(guide._FIGURES)
    assert "data=embedded+data/vintages" in asked[-1]
    assert "region=610000" in asked[-1]
    assert 'href="/files/site/zh/610000/x.html"' in panel.results.value
    assert "figures.csv?download=1" in panel.results.value
    assert "findings.json" not in panel.results.value


def test_a_file_of_the_same_name_is_not_overwritten(office):
    (office / "data/own.csv").write_text("mine", encoding="utf-8")
    panel = Guide()
    given = {"name": "own.csv", "type": "", "size": 1, "content": SHEET.encode()}
    panel.upload.value = ({**given, "last_modified": datetime.datetime.now(datetime.UTC)},)
    assert (office / "data/own.csv").read_text("utf-8") == "mine"
    assert (office / "data/own-2.csv").read_bytes() == SHEET.encode()
    assert panel.file.value == "own-2.csv"


def test_the_panel_says_how_to_schedule_it_and_shows_no_code(office):
    assert "faiwatch round site batch" in Guide()._schedule()
    cell = nbformat.read(office / "start.ipynb", as_version=4).cells[-1]
    assert cell.metadata["jupyter"]["source_hidden"] is True


def test_outside_a_workspace_lab_says_how_to_make_one(faiwatch_says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = faiwatch_says("lab")
    assert code == 2
    assert "faiwatch init" in err


def test_lab_opens_the_start_notebook_of_its_folder(office, faiwatch_says, monkeypatch):
    started = []

    def run(words, **settings):
        config = Path(settings["env"]["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0])
        defaults = (config / "labconfig/default_setting_overrides.json").read_text("utf-8")
        started.append((words, settings["env"], json.loads(defaults)))
        return type("Done", (), {"returncode": 0})

    monkeypatch.setattr("faiwatch.cli.lab.subprocess.run", run)
    assert faiwatch_says("lab", "--no-browser", "--port", "9999")[0] == 0
    words, environment, defaults = started[0]
    assert defaults["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false"}
    assert words[3] == "start.ipynb"
    assert {f"--ServerApp.root_dir={office}", "--no-browser", "--ServerApp.port=9999"} < set(words)
    assert environment["FAIWATCH_WORKSPACE"] == str(office)
    assert json.loads((office / "start.ipynb").read_text("utf-8"))["cells"]
