"""The command line: clean JSON on stdout, one line on stderr, and the exit code tells the cause."""

import errno
import importlib
import json
import pathlib
import pkgutil
import re
from functools import cache

import pytest
import typer.main

import faiwatch
from faiwatch import cli
from faiwatch.cli.app import application
from faiwatch.cli.options import help_in
from faiwatch.forecast.rows import FORECAST_COLUMNS
from faiwatch.page.parameters import describe_parameters
from faiwatch.run.verdict import EXIT_CODES
from faiwatch.site.run_record import RunRecord

FLAG_FIELDS = ["period", "definition", "state", "value_pct", "lo_pct", "hi_pct"]
RUN_FIELDS = [
    *("definition", "start", "end", "n_releases", "n_months", "ongoing", "lowest_pct"),
    "is_lower_bound",
]


def record(verdict="ok", cause=""):
    return RunRecord(
        run_id="one",
        notebook="02_monitor",
        region="000000",
        as_of="latest",
        lang="en",
        verdict=verdict,
        cause=cause,
        parameters={},
        code_version="1",
        seeds={},
        threads={},
        versions={},
        started="2026-10-16T02:00:00+00:00",
        seconds=1.5,
    )


def own_figures(folder):
    path = folder / "own.csv"
    path.write_text(
        "region_code,indicator,period,ytd_yoy_pct\n"
        "610702,my_own,2026-02,-1.0\n"
        "610702,my_own,2026-03,\n"
        "610702,my_own,2026-04,2.0\n"
    )
    return str(path)


def test_flags_of_the_nation(faiwatch_says):
    code, out, err = faiwatch_says("flags", "--as-of", "2026-08", "--json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert list(answer) == ["region_code", "indicator", "as_of", "flags", "runs"]
    assert [answer[name] for name in list(answer)[:3]] == ["000000", "total", "2026-08"]
    assert {tuple(row) for row in answer["flags"]} == {tuple(FLAG_FIELDS)}
    assert {tuple(row) for row in answer["runs"]} == {tuple(RUN_FIELDS)}
    runs = [tuple(row.values()) for row in answer["runs"] if row["definition"] == "ytd"]
    assert runs == [
        ("ytd", "2020-02", "2020-08", 7, 8, False, -24.5, False),
        ("ytd", "2025-09", "2025-12", 4, 4, False, -3.8, False),
        ("ytd", "2026-04", "2026-08", 5, 5, True, -7.2, False),
    ]


def test_latest_is_the_last_month_with_a_figure(faiwatch_says):
    assert json.loads(faiwatch_says("flags", "--json")[1])["as_of"] == "2026-08"


def test_missing_figures_are_null(faiwatch_says, tmp_path):
    words = ["--data", own_figures(tmp_path), "--region", "610702", "--indicator", "my_own"]
    code, out, _ = faiwatch_says("flags", *words, "--json")
    rows = {(row["period"], row["definition"]): row for row in json.loads(out)["flags"]}
    assert code == 0
    assert rows["2026-03", "ytd"]["state"] == "missing"
    assert rows["2026-03", "ytd"]["value_pct"] is None
    assert rows["2026-02", "ytd"]["state"] == "negative"
    assert "NaN" not in out


@pytest.mark.parametrize(
    ("figures", "said"),
    [(",", "no data for this series"), ("12.5,", "no growth rate is published for this series")],
)
def test_a_series_without_growth_is_missing_data(faiwatch_says, tmp_path, figures, said):
    path = tmp_path / "own.csv"
    path.write_text(
        "region_code,indicator,period,ytd_value_100m,ytd_yoy_pct\n"
        f"610702,total,2026-02,{figures}\n610702,private,2026-02,1,1\n"
    )
    code, out, err = faiwatch_says("flags", "--data", str(path), "--region", "610702")
    assert (code, out) == (10, "")
    assert said in err
    assert "did you mean" not in err


def test_only_made_up_flags_say_that_they_are(faiwatch_says, tmp_path):
    words = ["flags", "--region", "990101", "--json", "--data"]
    assert json.loads(faiwatch_says(*words, "demo")[1])["is_made_up"] is True
    path = own_figures(tmp_path)
    own = pathlib.Path(path)
    own.write_text(own.read_text().replace("610702", "990101"))
    assert json.loads(faiwatch_says(*words, path, "--indicator", "my_own")[1])["is_made_up"]
    assert "is_made_up" not in json.loads(faiwatch_says("flags", "--json")[1])


def test_flags_for_people(faiwatch_says):
    code, out, _ = faiwatch_says("flags", "--lang", "zh")
    assert code == 0
    assert "仍在持续" in out
    assert "−7.2% 负增长" in out
    assert "全国  固定资产投资  2026-08" in out
    assert "Ongoing" in faiwatch_says("flags", "--lang", "en")[1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["flags", "--region", "61"], 2, "region"),
        (["flags", "--as-of", "2026-13"], 2, "as_of"),
        (["flags", "--indicator", "totl"], 2, "did you mean 'total'"),
        (["flags", "--data", "../x.csv"], 2, "data"),
        (["flags", "--as-of", "2027-01"], 10, "figures end 2026-08"),
        (["flags", "--regoin", "610000"], 2, "did you mean '--region'"),
        (["flag"], 2, "flags"),
        (["params", "02_moniter"], 2, "did you mean '02_monitor'"),
        (["run"], 2, "notebook"),
        (["run", "02_monitor", "--deadline", "soon"], 2, "deadline"),
        (["run", "02_monitor", "--deadline", "0"], 2, "deadline"),
        (["run", "02_monitor", "-p", "months"], 2, "name=value"),
        (["run", "02_monitor", "-p", "months=24", "-p", "months=36"], 2, "twice"),
        (["run", "02_monitor", "-p", "month=24"], 2, "did you mean 'months'"),
        (["run", "02_monitor", "-p", "results=x"], 2, "results"),
        (["run", "02_monitor", "--bundle", "zip"], 2, "bundle"),
        (["report", "--workers", "0"], 2, "workers"),
        (["--lang", "fr", "flags"], 2, "lang"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_misuse_is_one_line_on_stderr(faiwatch_says, words, code, said):
    left, out, err = faiwatch_says(*words)
    assert (left, out) == (code, "")
    assert err.count("\n") == 1
    assert said in err


def test_misuse_is_told_in_the_users_language(faiwatch_says):
    _, _, err = faiwatch_says("flags", "--lang", "zh", "--as-of", "2026-13")
    assert err.startswith("参数 as_of 的值无效")


def test_params_lists_names_and_what_is_allowed(faiwatch_says):
    code, out, _ = faiwatch_says("params", "02_monitor", "--json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert code == 0
    assert rows["months"]["default"] == 96
    assert rows["months"]["allowed"]["zh"]
    assert "run_across_years" in faiwatch_says("params", "02_monitor")[1]


def test_version_and_help(faiwatch_says):
    assert faiwatch_says("--version") == (0, f"{faiwatch.__version__}\n", "")
    for words in ([], ["--help"]):
        code, out, err = faiwatch_says(*words)
        assert (code, err) == (0, "")
        assert all(command in out for command in ("run", "report", "flags", "params"))


def verbs_in(lang):
    """Return every verb by its words, with help in a language."""
    help_in(lang)
    found, open_ = {}, [((), typer.main.get_command(application()))]
    while open_:
        words, command = open_.pop()
        found[" ".join(words)] = command
        open_ += [((*words, name), one) for name, one in getattr(command, "commands", {}).items()]
    return found


@cache
def help_of_all(lang):
    """Return the help of each verb and of its options, but of the one that is typer's."""
    return {
        name: {"": verb.help} | {one.name: one.help for one in verb.params if one.name != "help"}
        for name, verb in verbs_in(lang).items()
    }


def test_each_verb_has_one_module():
    modules = {one.name for one in pkgutil.iter_modules(cli.__path__)}
    verbs = {name for name in verbs_in("en") if name and " " not in name}
    assert modules == verbs | {"app", "options"}
    for name in verbs:
        assert hasattr(importlib.import_module(f"faiwatch.cli.{name}"), name)


@pytest.mark.parametrize("verb", verbs_in("en"))
def test_all_help_is_there_in_both_languages(verb):
    zh, en = (help_of_all(lang)[verb] for lang in ("zh", "en"))
    assert [name for name, said in zh.items() if not re.search("[一-鿿]", said or "")] == []
    assert [name for name, said in en.items() if said == zh[name]] == []


@pytest.mark.parametrize(
    "words",
    [
        ["--lang", "LANG", "flags", "--help"],
        ["flags", "--lang", "LANG", "--help"],
        ["flags", "--lang=LANG", "--help"],
        ["flags", "--help", "--lang", "LANG"],
        ["batch", "--lang", "LANG", "--help"],
        ["--lang", "LANG", "ledger", "diff", "--help"],
        ["ledger", "--lang", "LANG", "--help"],
        ["--lang", "LANG"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(("lang", "other"), [("zh", "en"), ("en", "zh")])
def test_help_is_in_the_language_that_is_asked_for(faiwatch_says, monkeypatch, words, lang, other):
    monkeypatch.setenv("FAIWATCH_LANG", other)
    code, out, err = faiwatch_says(*(word.replace("LANG", lang) for word in words))
    assert (code, err) == (0, "")
    assert ({"zh": "语言", "en": "language"}[lang] in out, bool(re.search("[一-鿿]", out))) == (
        True,
        lang == "zh",
    )


@pytest.mark.parametrize(
    ("verb", "option", "notebook", "parameter"),
    [
        *(("flags", name, "02_monitor", name) for name in ("region", "as_of", "data")),
        ("forecast", "indicator", "04_forecast", "indicator"),
        ("forecast", "origin", "04_forecast", "as_of"),
        ("forecast", "models", "04_forecast", "models"),
        *(("briefing", name, "08_briefing", name) for name in ("ledger", "template", "data")),
        *(("batch", name, "02_monitor", name) for name in ("as_of", "data")),
        ("diff", "indicator", "02_monitor", "indicators"),
        ("revisions", "data", "02_monitor", "data"),
        *(
            ("ledger export", name, "06_projects", name)
            for name in ("rules", "profile", "region", "data", "city_average_pct")
        ),
    ],
)
def test_an_option_is_explained_as_the_parameter_that_it_is(verb, option, notebook, parameter):
    (row,) = (row for row in describe_parameters(notebook) if row.name == parameter)
    assert help_of_all("zh")[verb][option] == f"{row.meaning.zh}：{row.allowed.zh}"
    assert help_of_all("en")[verb][option] == f"{row.meaning.en}: {row.allowed.en}"


def test_where_figures_lie_is_called_data_by_every_verb():
    options = {
        name: {word for one in verb.params for word in one.opts}
        for name, verb in verbs_in("en").items()
    }
    assert {name for name, words in options.items() if "--data" in words} == {
        *("flags", "batch", "briefing", "forecast", "diff", "revisions", "ledger export"),
        *("keep", "vintages", "fetch", "ingest", "report"),
    }
    assert not any("--data-root" in words for words in options.values())


@pytest.mark.parametrize("data", ["embedded", "demo", "own.csv", "../x", ""])
@pytest.mark.parametrize("verb", ["keep", "vintages", "ingest", "fetch"])
def test_only_a_store_can_be_kept_in(faiwatch_says, monkeypatch, tmp_path, verb, data):
    monkeypatch.chdir(tmp_path)
    own_figures(tmp_path)
    words = {"vintages": [], "fetch": ["nbs"]}.get(verb, ["own.csv"])
    code, out, err = faiwatch_says(verb, *words, "--data", data)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "a store of vintages" in err
    assert [path.name for path in tmp_path.iterdir()] == ["own.csv"]


@pytest.mark.parametrize("verdict", EXIT_CODES)
def test_run_leaves_with_the_code_of_its_verdict(faiwatch_says, monkeypatch, tmp_path, verdict):
    given = []

    def report(plan, options, _):
        given.extend((job.notebook, job.values, options.limits.deadline) for job in plan)
        return [record(verdict, "because")]

    monkeypatch.setattr("faiwatch.run.report.report", report)
    words = ["-p", "months=24", "--lang", "en", "--deadline", "7", "--site", str(tmp_path)]
    code, out, _ = faiwatch_says("run", "02_monitor", *words)
    assert code == EXIT_CODES[verdict]
    assert given == [("02_monitor", {"lang": "en", "months": "24"}, 7)]
    last = out.splitlines()[-1]
    assert "because" in last
    assert last.endswith(str(tmp_path / "index.en.html"))


def test_a_run_makes_both_languages_and_prints_their_records(faiwatch_says, monkeypatch):
    def report(plan, *_):
        return [record("late", job.values["lang"]) for job in plan]

    monkeypatch.setattr("faiwatch.run.report.report", report)
    code, out, _ = faiwatch_says("run", "02_monitor", "--json")
    assert code == 10
    runs = [RunRecord.model_validate(one) for one in json.loads(out)["runs"]]
    assert runs == [record("late", "zh"), record("late", "en")]


def test_report_leaves_with_the_worst_code(faiwatch_says, monkeypatch):
    records = [record(), record("kernel_died", "signal 9"), record("late", "not yet")]
    monkeypatch.setattr("faiwatch.run.report.report", lambda *_: records)
    code, out, _ = faiwatch_says("report")
    assert code == 15
    assert out.startswith("1/3  kernel died: signal 9")
    answer = json.loads(faiwatch_says("report", "--json")[1])
    assert [run["verdict"] for run in answer["runs"]] == ["ok", "kernel_died", "late"]


def test_a_bug_is_one_line_and_a_file(faiwatch_says, monkeypatch, tmp_path):
    def broken(*_, **__):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("faiwatch.cli.flags.flags_answer", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, out, err = faiwatch_says("flags", "--json")
    (log,) = tmp_path.iterdir()
    assert (code, out) == (1, "")
    assert err == f"bug: ZeroDivisionError: oh; details in {log}\n"
    assert "Traceback" in log.read_text()
    assert "Traceback" in faiwatch_says("--debug", "flags")[2]


@pytest.mark.parametrize(
    ("file", "where"), [("/srv/x", "/srv/x"), (None, "the system does not say which disk")]
)
def test_a_full_disk_is_told_with_its_place_only_when_that_is_known(
    faiwatch_says, monkeypatch, file, where
):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device", file)

    monkeypatch.setattr("faiwatch.cli.flags.flags_answer", full)
    code, out, err = faiwatch_says("flags", "--json")
    assert (code, out, err.count("\n")) == (16, "", 1)
    assert err.startswith(f"the disk is full; where: {where}; ")


def test_a_working_directory_that_was_deleted_is_no_bug(faiwatch_says, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    tmp_path.rmdir()
    code, _, err = faiwatch_says("params", "02_monitor", "--json")
    assert (code, err) == (0, "")


def test_releases_that_are_not_there_yet_are_listed_as_missing(faiwatch_says):
    _, out, _ = faiwatch_says("flags", "--region", "610000", "--as-of", "2026-08", "--json")
    states = {
        row["period"]: row["state"]
        for row in json.loads(out)["flags"]
        if row["definition"] == "ytd" and row["period"] >= "2026-06"
    }
    assert states == {"2026-06": "negative", "2026-07": "missing", "2026-08": "missing"}


def test_forecast_of_the_nation(faiwatch_says):
    words = ["forecast", "--origin", "2026-08", "--horizon", "2"]
    code, out, err = faiwatch_says(*words, "--json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert (answer["region_code"], answer["indicator"], answer["origin"]) == (
        "000000",
        "total",
        "2026-08",
    )
    assert {row["period"] for row in answer["rows"]} == {"2026-09", "2026-10"}
    assert list(answer["rows"][0]) == FORECAST_COLUMNS
    assert list(answer["method_used"]) == ["2026-09"]  # of the targets, within the horizon
    models = {row["model"] for row in answer["rows"] if row["period"] == "2026-09"}
    assert models == {answer["method_used"]["2026-09"]}
    told = faiwatch.series("000000", as_of="2026-08").forecast(2).targets.iloc[0]
    assert answer["baseline"] == {"2026-09": told["simple"]}
    assert answer["baseline_error"] == {"2026-09": pytest.approx(told["simple_error_pp"])}
    is_ours = models == {"ensemble"}
    assert is_ours == bool(told["error_pp"] <= told["simple_error_pp"])
    code, out, _ = faiwatch_says(*words)
    assert code == 0
    assert "January–September 2026" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--indicator", "totl"], 2),
        (["--models", "arima"], 2),
        (["--horizon", "40"], 2),
        (["--origin", "2030-01"], 10),
    ],
)
def test_a_forecast_that_cannot_be_has_its_exit_code(faiwatch_says, words, code):
    assert faiwatch_says("forecast", *words)[0] == code


def test_a_forecast_from_wrong_figures_is_refused(faiwatch_says, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("region_code,indicator,period,ytd_yoy_pct\n610702,total,2026-02,-120\n")
    assert faiwatch_says("forecast", "--region", "610702", "--data", str(path))[0] == 11
