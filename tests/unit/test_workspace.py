"""An office's workspace: laid out, brought up to date, and used by the verbs run in it."""

import json
import shutil
from pathlib import Path

import pytest

import faiwatch as fw
from faiwatch.cli.init import report_text
from faiwatch.core.errors import DataInvalidError
from faiwatch.core.paths import notebook_file, rule_file, rule_files
from faiwatch.run import workspace
from faiwatch.run.batch import BatchAnswer


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Return a workspace as it is laid out, in which we work."""
    folder = tmp_path / "office"
    workspace.lay_out(folder, "en", report_text)
    monkeypatch.chdir(folder)
    return folder


def test_a_workspace_holds_what_an_office_edits_in_its_language(office, project):
    ours = {path.name for path in (project / "notebooks").glob("*.ipynb")}
    assert {path.name for path in (office / "notebooks").iterdir()} == ours
    assert "Each month" in (office / "README.md").read_text("utf-8")
    assert (office / "templates/ledger.xlsx").read_bytes()[:2] == b"PK"
    assert str(office) in (office / "schedule.md").read_text("utf-8")
    assert b"\r\n" in (office / "start.bat").read_bytes()
    assert (office / "start.sh").stat().st_mode & 0o100


def test_nothing_is_laid_into_a_folder_that_holds_something_else(faiwatch_says, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    code, out, err = faiwatch_says("init", tmp_path)
    assert (code, out) == (2, "")
    assert "neither empty nor a workspace" in err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_second_time_nothing_changes(office, faiwatch_says):
    before = {path: path.read_bytes() for path in office.rglob("*") if path.is_file()}
    assert faiwatch_says("init", office)[:2] == (0, f"{office}: nothing has changed\n")
    assert {path: path.read_bytes() for path in office.rglob("*") if path.is_file()} == before


def test_an_update_leaves_what_the_office_changed_and_says_what_differs(office, faiwatch_says):
    lock = json.loads((office / "faiwatch.lock").read_text())
    older = workspace.fingerprint(b"as it was laid out by an older version\n")
    for name in ("Makefile", "rules/headers.csv"):  # nobody touched these: the package did
        (office / name).write_bytes(b"as it was laid out by an older version\n")
        lock["files"][name] = older
    both = office / "rules/summons_rules.toml"  # the office and the package
    both.write_text("# ours\n" + both.read_text("utf-8"), encoding="utf-8")
    lock["files"]["rules/summons_rules.toml"] = older
    readme = office / "README.md"  # the office alone
    readme.write_text("# Our own\n", encoding="utf-8")
    (office / "notebooks/01_data.ipynb").unlink()
    lock["files"]["notebooks/99_gone.ipynb"] = older
    (office / "notebooks/99_gone.ipynb").write_text("{}")
    (office / "faiwatch.lock").write_text(json.dumps(lock))

    told = json.loads(faiwatch_says("init", office, "--json")[1])["files"]
    assert {one["file"]: one["change"] for one in told} == {
        "Makefile": "updated",
        "rules/headers.csv": "updated",
        "rules/summons_rules.toml": "differs",
        "README.md": "kept",
        "notebooks/01_data.ipynb": "added",
        "notebooks/99_gone.ipynb": "gone",
    }
    differs = next(one for one in told if one["change"] == "differs")
    assert differs["lines"] == [1, 0]
    assert "\n+# ours\n" in differs["difference"]
    assert both.read_text("utf-8").startswith("# ours\n")
    assert readme.read_text("utf-8") == "# Our own\n"
    assert "batch" in (office / "Makefile").read_text("utf-8")
    again = faiwatch_says("init", office)[1]
    assert "README.md: changed by you, kept" in again
    assert "Makefile" not in again


def test_without_its_lock_no_changed_file_of_a_workspace_is_overwritten(office, faiwatch_says):
    (office / "README.md").write_text("# Our own\n", encoding="utf-8")
    (office / "faiwatch.lock").write_text("{")
    code, out, _ = faiwatch_says("init", office)
    assert (code, "README.md: changed by you and by us" in out) == (0, True)
    assert (office / "README.md").read_text("utf-8") == "# Our own\n"


def test_notebooks_and_rules_of_the_workspace_are_used_before_ours(office, project):
    assert notebook_file("02_monitor") == office / "notebooks/02_monitor.ipynb"
    assert rule_file("summons_rules.toml") == office / "rules/summons_rules.toml"
    (office / "rules/summons_rules.toml").unlink()
    assert rule_file("summons_rules.toml") == project / "data/summons_rules.toml"
    shutil.copy(office / "rules/light_rules/ouhai.toml", office / "rules/light_rules/own.toml")
    assert {path.stem for path in rule_files("light_rules/*.toml")} >= {"own", "yinchuan"}


def test_the_settings_are_the_defaults_of_the_verbs(office, faiwatch_says, monkeypatch):
    monkeypatch.delenv("FAIWATCH_LANG")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    settings = 'lang = "en"\n[parameters]\nregion = "陕西"\nindicator = "total"\nmonths = 24\n'
    (office / "faiwatch.toml").write_text(settings, encoding="utf-8")
    assert workspace.parameters_for("02_monitor") == {"region": "陕西", "months": "24"}
    code, out, _ = faiwatch_says("flags", "--json")
    assert (code, json.loads(out)["region_code"]) == (0, "610000")
    code, out, err = faiwatch_says("run", "02_monitor", "-p", "regoin=1")
    assert (code, "did you mean 'region'" in err) == (2, True)


def test_a_batch_from_python_is_that_of_the_command_line(office, faiwatch_says, monkeypatch):
    settings = (
        'site = "pages"\nnotebooks = ["02_monitor", "04_forecast"]\n'
        '[parameters]\nas_of = "2026-06"\nmonths = 24\nregion = "陕西"\n'
    )
    (office / "faiwatch.toml").write_text(settings, encoding="utf-8")
    plans = []

    def planned(plan, options, *_, **__):
        plans.append((plan, options.site))
        return BatchAnswer(site="", log="", seconds=0.0, verdicts={}, runs=[])

    monkeypatch.setattr("faiwatch.run.batch.run_batch", planned)
    frame = fw.batch(["陕西"], as_of="2026-07")
    assert frame.empty
    faiwatch_says("batch", "--as-of", "2026-07", "--regions", "610000")
    of_python, of_verb = plans
    assert of_python == of_verb
    jobs, site = of_python
    assert site == Path("pages")
    months = [(one.notebook, one.values.get("months")) for one in jobs]
    assert months == [("04_forecast", None), ("02_monitor", "24")] * 2  # the long page first
    assert {one.values["as_of"] for one in jobs} == {"2026-07"}


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("langauge = 'zh'", "faiwatch.toml langauge"),
        ("langauge = 'zh'", "did you mean 'lang'?"),
        ("notebook = ['02_monitor']", "allowed: lang, site, notebooks, parameters"),
        ("lang = 'fr'", "faiwatch.toml lang"),
        ("notebooks = ['02_monitr']", "did you mean '02_monitor'?"),
        ("[parameters]\nregoin = '610000'", "did you mean 'region'?"),
        ("[parameters", "faiwatch.toml"),
    ],
)
def test_a_wrong_setting_is_told_in_one_message(office, faiwatch_says, settings, told):
    (office / "faiwatch.toml").write_text(settings, encoding="utf-8")
    code, out, err = faiwatch_says("params", "02_monitor")
    assert (code, out, err.count("\n")) == (DataInvalidError.exit_code, "", 1)
    assert told in err
