"""A toy distribution and a toy notebook are used through public doors, broken ones named once."""

import json
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from service import Service, reply

from faiwatch.cli import doctor
from faiwatch.core import plugins
from faiwatch.core.errors import DataInvalidError
from faiwatch.core.paths import rule_file, rule_folders
from faiwatch.data.light_rules import presets
from faiwatch.run.plugins import leave_out_broken

PROJECT = Path(__file__).parents[2]
BUREAU = re.findall(
    r"```python\n(from .*?)```", (PROJECT / "docs/how-to/extend-it.md").read_text(), re.S
)
SOURCE = f"""{BUREAU[0]}

class Failing(Bureau):
    def parts(self, today):
        raise KeyError("figures")
"""
ROWS = [
    {"region_code": "610702", "indicator": "total", "period": month, "ytd_yoy_pct": growth}
    for month, growth in (("2026-07", 0.4), ("2026-08", -1.2))
]
ENTRIES = """[faiwatch.sources]
toy = toy_office:Bureau
toy_failing = toy_office:Failing
toy_gone = toy_office_that_is_gone:Bureau
toy_other = toy_office:Part

[faiwatch.rules]
toy = toy_office
"""


@pytest.fixture
def toy(tmp_path, monkeypatch, project):
    """Return the folder of the package of a distribution as pip lays it out, which is found."""
    at = tmp_path / "site-packages"
    package, info = at / "toy_office", at / "toy_office-1.2.dist-info"
    (package / "light_rules").mkdir(parents=True)
    info.mkdir()
    (package / "__init__.py").write_text(SOURCE)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy-office\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text(ENTRIES)
    rules = (project / "data/light_rules/ouhai.toml").read_text("utf-8")
    (package / "light_rules/toy_lights.toml").write_text(rules, "utf-8")
    monkeypatch.syspath_prepend(at)
    monkeypatch.setenv(plugins.LEFT_OUT, "")  # put back what is found broken
    monkeypatch.delenv(plugins.LEFT_OUT)
    forget = (plugins.plugins, plugins._package)
    for one in forget:
        one.cache_clear()
    yield package
    sys.modules.pop("toy_office", None)
    for one in forget:
        one.cache_clear()


@pytest.fixture
def office(tmp_path, monkeypatch):
    """Return a workspace with a notebook of its own, in which we work."""
    folder = tmp_path / "office"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "rules").mkdir()
    (folder / "faiwatch.toml").write_text('notebooks = ["20_topic"]\n[parameters]\nfactor = 2\n')
    cells = [
        new_markdown_cell("# 本区专题", metadata={"tags": ["zh"]}),
        new_markdown_cell("# Our topic", metadata={"tags": ["en"]}),
        new_code_cell(
            "months: int = 24\nfactor: float = 0.5  # by which it grows\nloud = False",
            metadata={"tags": ["parameters"]},
        ),
        new_code_cell("print('factor', factor, loud)"),
    ]
    nbformat.write(new_notebook(cells=cells), folder / "notebooks/20_topic.ipynb")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("toy")
def test_the_source_of_the_page_is_fetched_kept_and_used(tmp_path, monkeypatch, faiwatch_says):
    service, store = Service(), tmp_path / "store"
    service.answer = lambda asked: reply(ROWS if asked.path.startswith("/figures") else {})
    monkeypatch.setenv("FAIWATCH_TOY_URL", service.url)
    code, out, err = faiwatch_says("fetch", "toy", "--data", store, "--from", "2026", "--json")
    service.close()
    assert (code, json.loads(out)["rows"]) == (0, 2), err
    code, out, _ = faiwatch_says("flags", "--region", "610702", "--data", store, "--json")
    told = json.loads(out)
    assert (code, told["region_code"]) == (0, "610702")
    assert "negative" in out


@pytest.mark.usefixtures("toy")
@pytest.mark.parametrize(
    ("name", "ends", "said"),
    [
        ("toy_gone", 2, "No module named 'toy_office_that_is_gone'"),
        ("toy_other", 2, "a class of faiwatch.data.live.LiveSource"),
        ("toy_failing", 10, "KeyError: 'figures'"),
        ("toyy", 2, "did you mean 'toy'?"),
    ],
)
def test_a_source_that_is_broken_is_told_in_a_line_when_it_is_asked(
    faiwatch_says, name, ends, said
):
    code, out, err = faiwatch_says("fetch", name)
    assert (code, out, err.count("\n")) == (ends, "", 1)
    assert said in err


def test_rules_of_a_plug_in_lie_over_ours_and_under_those_of_the_workspace(toy, office, project):
    assert rule_folders() == [project / "data", toy, office / "rules"]
    assert "toy_lights" in presets()
    ours = (project / "data/summons_rules.toml").read_text("utf-8")
    assert rule_file("summons_rules.toml") == project / "data/summons_rules.toml"
    for folder in (toy, office / "rules"):
        (folder / "summons_rules.toml").write_text(ours, "utf-8")
    # that of the workspace is as we laid it out: nobody there has chosen it
    assert rule_file("summons_rules.toml") == toy / "summons_rules.toml"
    (office / "rules/summons_rules.toml").write_text(f"# our own\n{ours}", "utf-8")
    assert rule_file("summons_rules.toml") == office / "rules/summons_rules.toml"


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("light_rules/toy_lights.toml", "name = 3", "toy_lights.toml"),
        ("alert_rules.toml", "rule = []", "alert_rules.toml audiences"),
        ("escalation_rules.csv", "step,overdue_days_above,zh,en\na,9,x,y\nb,3,x,y\n", "csv:3"),
        ("sumons_rules.toml", "", "did you mean 'summons_rules.toml'?"),
    ],
)
def test_rules_that_are_broken_are_named_once_and_the_rest_goes_on(
    toy, file, content, said, faiwatch_says, caplog
):
    (toy / file).write_text(content, "utf-8")
    for _ in range(2):
        code, out, _ = faiwatch_says("params", "06_projects", "--json")
        assert (code, json.loads(out)[0]["name"]) == (0, "region")
    (line,) = caplog.messages
    assert "toy (toy-office 1.2)" in line
    assert said in line
    assert toy not in rule_folders()
    assert "toy_lights" not in presets()
    assert os.environ[plugins.LEFT_OUT] == "faiwatch.rules:toy"  # processes that we start know it


@pytest.mark.usefixtures("toy")
def test_the_doctor_lists_plug_ins_and_which_of_them_are_broken():
    told = {one.found.en: one.state for one in doctor._plugins()}
    assert told["faiwatch.rules toy (toy-office 1.2)"] == "ok"
    assert told["faiwatch.sources toy (toy-office 1.2)"] == "ok"
    assert [state for words, state in told.items() if "toy_gone" in words] == ["note"]


def test_a_package_of_rules_that_is_gone_is_named_once(toy, caplog):
    entries = "[faiwatch.rules]\ngone = nowhere_to_be_found\nToo-Odd = toy_office\n"
    (toy.parent / "toy_office-1.2.dist-info/entry_points.txt").write_text(entries)
    leave_out_broken()
    assert len(rule_folders()) == 1
    assert [one.split(":")[0] for one in caplog.messages] == [
        "plug-in Too-Odd (toy-office 1.2) is broken and left out",
        "plug-in gone (toy-office 1.2) is broken and left out",
    ]


@pytest.mark.usefixtures("office")
def test_a_notebook_of_the_office_has_its_parameters_checked(faiwatch_says):
    code, out, _ = faiwatch_says("params", "20_topic", "--json")
    told = {row["name"]: row for row in json.loads(out)}
    assert code == 0
    assert (told["months"]["type"], told["months"]["default"]) == ("int", 24)
    assert told["factor"]["meaning"]["en"] == "by which it grows"
    for wrong, said in (("months=5", "12 to 360"), ("factr=1", "'factor'"), ("loud=1", "true or")):
        code, _, err = faiwatch_says("run", "20_topic", "-p", wrong)
        assert (code, said in err) == (2, True), err


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ('lang: str = "fr"', "zh, en"),
        ("region = pd.NA", "region = pd.NA"),
        ("region: list = []", "name: str, int, float or bool"),
        ("region = (", "region = ("),
    ],
)
def test_a_cell_with_parameters_that_are_none_is_told(office, faiwatch_says, cell, said):
    cells = [new_code_cell(cell, metadata={"tags": ["parameters"]})]
    nbformat.write(new_notebook(cells=cells), office / "notebooks/20_topic.ipynb")
    (office / "faiwatch.toml").write_text("")
    code, out, err = faiwatch_says("params", "20_topic")
    assert (code, out, err.count("\n")) == (DataInvalidError.exit_code, "", 1)
    assert "20_topic.ipynb" in err
    assert said in err
    assert faiwatch_says("params", "02_monitor")[0] == 0  # the rest goes on


def test_a_notebook_of_the_office_is_run_by_a_batch_and_stands_in_the_bar(office, faiwatch_says):
    words = ["--regions", "000000", "--lang", "en", "--workers", "1", "--json"]
    code, out, _ = faiwatch_says("batch", *words)
    (run,) = json.loads(out)["runs"]
    assert (code, run["verdict"], run["parameters"]["factor"]) == (0, "ok", 2.0)
    assert run["title"] == {"zh": "本区专题", "en": "Our topic"}
    assert "factor 2.0 False" in (office / "site" / run["page"]).read_text("utf-8")
    assert '"notebook":"20_topic","edition":"","zh":"本区专题"' in (
        office / "site/site.js"
    ).read_text("utf-8")
    assert "Our topic" in (office / "site/index.en.html").read_text("utf-8")
