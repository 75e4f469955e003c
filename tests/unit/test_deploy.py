"""What stands in ``deploy/`` can be read by what it is for, and asks faiwatch for what it has."""

import ast
import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
import typer.main
import yaml
from filelock import FileLock

import faiwatch
from faiwatch.cli import round as rounds
from faiwatch.cli.app import application

PROJECT = Path(__file__).parents[2]
DEPLOY = PROJECT / "deploy"
SERVICE, TIMER = DEPLOY / "systemd/faiwatch.service", DEPLOY / "systemd/faiwatch.timer"
CONTAINERFILE = (DEPLOY / "container/Containerfile").read_text("utf-8")
WORKFLOW = yaml.safe_load((DEPLOY / "github/faiwatch.yml").read_text("utf-8"))
DAG = (DEPLOY / "airflow/faiwatch_round.py").read_text("utf-8")
CLAIM, CRON_JOB = yaml.safe_load_all((DEPLOY / "kubernetes/faiwatch.yaml").read_text("utf-8"))
FLOW = (DEPLOY / "prefect/faiwatch_round.py").read_text("utf-8")
INSTALLED = "/opt/faiwatch"
ROUND = re.compile(r"deploy/round \S+ ([^|&;\n\"'`]+)")
VERB = re.compile(r"^\s*faiwatch ([a-z][^|&;\n#`]*)", re.MULTILINE)
SHELL = re.compile(r"```(?:sh)?\n(.*?)```", re.DOTALL)
PAGES = sorted(PROJECT.glob("docs/how-to/*.md")) + sorted(PROJECT.glob("docs/tutorial/*.md"))


def unit(path):
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read(path, encoding="utf-8")
    return parser


def asked_for():
    """Return every command line of faiwatch in ``deploy/`` and in the pages that say how to."""
    files = [path for path in sorted(DEPLOY.rglob("*")) if path.is_file()]
    found = {}
    for path in [*files, *PAGES]:
        text = path.read_text("utf-8")
        shown = text if path.suffix != ".md" else "\n".join(SHELL.findall(text))
        shown = shown.replace("\\\n", " ")
        lines = ROUND.findall(shown) + (VERB.findall(shown) if path.suffix == ".md" else [])
        for line in lines:
            found[f"{path.relative_to(PROJECT)}: {line.strip()}"] = shlex.split(line)
    return found


ASKED_FOR = asked_for()


def test_command_lines_are_found_where_they_are_known_to_stand():
    for place in ("systemd/faiwatch.service", "cron/faiwatch.crontab", "github/faiwatch.yml"):
        assert f"deploy/{place}: batch --regions all" in ASKED_FOR
    assert len(ASKED_FOR) > 10


@pytest.mark.parametrize("words", ASKED_FOR.values(), ids=ASKED_FOR)
def test_faiwatch_has_the_command_and_each_of_its_options(words):
    verb, *rest = [word for word in words if word != "--debug"]
    if verb == "round":  # SITE, and then the command that it runs
        verb, *rest = rest[1:]
    commands = typer.main.get_command(application()).commands
    assert verb in commands
    command = commands[verb]
    for deeper in rest:  # faiwatch ledger export ...
        if deeper in getattr(command, "commands", {}):
            command = command.commands[deeper]
    known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    assert {word.split("=")[0] for word in rest if re.match(r"--?[a-z]", word)} <= known


def test_each_scheduler_starts_the_one_script_that_does_both_steps():
    starts = re.findall(
        rf"{INSTALLED}/deploy/round", (DEPLOY / "cron/faiwatch.crontab").read_text()
    )
    assert len(starts) == 1
    assert unit(SERVICE)["Service"]["ExecStart"].startswith(f"{INSTALLED}/deploy/round ")
    assert f'"{INSTALLED}/deploy/round ' in DAG
    assert f'["{INSTALLED}/deploy/round", ' in FLOW
    assert '["deploy/round", "/site"]' in CONTAINERFILE
    assert (DEPLOY / "round").stat().st_mode & 0o111 == 0o111


@pytest.mark.parametrize(("pages", "told", "ends"), [(0, 0, 0), (0, 20, 20), (13, 20, 13)])
def test_a_round_tells_whatever_became_of_the_pages_and_ends_with_the_truth(
    tmp_path, monkeypatch, faiwatch_says, pages, told, ends
):
    asked = []

    def stand_in(*words, **_):
        asked.append(" ".join(words))
        return (told if words[0] == "alerts" else pages), ""

    monkeypatch.setattr(rounds, "faiwatch", stand_in)
    monkeypatch.delenv(rounds.STORE, raising=False)
    site = tmp_path / "a site"
    assert faiwatch_says("round", site, "batch", "--regions", "all")[0] == ends
    assert asked == [
        f"batch --regions all --site {site}",
        f"alerts --site {site} --address  --exit-on-alert",
    ]


def test_a_round_runs_the_faiwatch_that_runs_it_and_waits_for_no_other(
    tmp_path, monkeypatch, faiwatch_says
):
    assert rounds.faiwatch("--version", reads=True) == (0, f"{faiwatch.__version__}\n")
    monkeypatch.setattr(rounds, "_LONGEST_WAIT", 0.1)
    with FileLock(tmp_path / ".round"):
        code, out, err = faiwatch_says("round", tmp_path, "report")
    assert (code, out, err) == (14, "", "another round has not ended\n")


def test_the_script_of_a_checkout_starts_the_round_of_its_own_faiwatch(tmp_path):
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / "deploy").mkdir()
    shutil.copy(DEPLOY / "round", tmp_path / "deploy")
    stand_in = tmp_path / ".venv/bin/faiwatch"
    stand_in.write_text('#!/bin/sh\necho "$@"\nexit 20\n')
    stand_in.chmod(0o755)
    words = [tmp_path / "deploy/round", "a site", "batch", "--regions", "all"]
    done = subprocess.run(words, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (20, "round a site batch --regions all\n")


@pytest.fixture
def stand_in(tmp_path, monkeypatch, faiwatch_says):
    """Return a function that makes a round with a stand-in for faiwatch: (exit code, asked)."""
    held = []
    monkeypatch.setenv(rounds.STORE, "/a/store")
    monkeypatch.delenv(rounds.SOURCES, raising=False)

    def make(*, release=10, portal=10, brings="", pages=0, told=0):
        asked = []

        def answer(*words, **_):
            asked.append(" ".join(words))
            match words[:2]:
                case "fetch", "nbs_release":
                    held.append(brings)
                    return release, ""
                case "fetch", "nbs":
                    return portal, ""
                case "vintages", _:
                    return 0, "".join(held)
                case "alerts", _:
                    return told, ""
            return pages, ""

        monkeypatch.setattr(rounds, "faiwatch", answer)
        code, _, _ = faiwatch_says("round", tmp_path / "site", "report")
        return code, [line.split(" --site")[0] for line in asked]

    return make


FETCHES = ["fetch nbs_release --new --data /a/store", "fetch nbs --new --data /a/store"]
LOOKS = [*FETCHES, "vintages --data /a/store"]
BUILDS = [*LOOKS, "report --data embedded+/a/store", "alerts"]


def test_a_round_fetches_first_and_makes_pages_of_what_came_over_the_embedded(stand_in):
    assert stand_in(release=0, brings="v1") == (0, BUILDS)
    assert stand_in(release=0, brings="v2", told=20) == (20, BUILDS)


def test_a_round_that_finds_nothing_new_says_so_and_makes_nothing(stand_in):
    stand_in(release=0, brings="v1")
    assert stand_in() == (10, LOOKS)
    assert stand_in(portal=11) == (11, LOOKS)


def test_pages_that_failed_are_made_again_though_nothing_is_new(stand_in):
    assert stand_in(release=0, brings="v1", pages=13) == (13, BUILDS)
    assert stand_in() == (0, BUILDS)
    assert stand_in() == (10, LOOKS)


def test_a_portal_that_is_down_does_not_keep_the_release_back(stand_in):
    assert stand_in(release=0, portal=10, brings="v1") == (0, BUILDS)


def test_figures_that_cannot_be_right_are_told_after_the_pages_are_made(stand_in):
    assert stand_in(release=0, portal=11, brings="v1", told=20) == (11, BUILDS)


def test_the_first_round_makes_pages_though_nothing_was_fetched(stand_in):
    assert stand_in() == (0, [*LOOKS, "report", "alerts"])
    assert stand_in() == (10, LOOKS)


def test_every_scheduler_says_where_new_figures_are_kept():
    store = "/var/lib/faiwatch/store"
    assert f"Environment=FAIWATCH_STORE={store}\n" in SERVICE.read_text("utf-8")
    assert f"FAIWATCH_STORE={store}; " in (DEPLOY / "cron/faiwatch.crontab").read_text("utf-8")
    assert f'STORE = "{store}"' in DAG
    assert WORKFLOW["jobs"]["pages"]["env"]["FAIWATCH_STORE"] == "store"
    service = unit(SERVICE)["Service"]
    assert (service["RestartForceExitStatus"], service["RestartSec"]) == ("10", "30min")


def test_the_service_knows_what_a_round_ends_with_and_holds_no_secret():
    service = unit(SERVICE)["Service"]
    assert service["SuccessExitStatus"] == "20"
    assert service["EnvironmentFile"] == "-/etc/faiwatch/secrets.env"
    assert service["ProtectSystem"] == "strict"
    assert unit(TIMER)["Timer"]["Persistent"] == "yes"
    assert "Asia/Shanghai" in unit(TIMER)["Timer"]["OnCalendar"]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_reads_its_files(tmp_path):
    for path in (SERVICE, TIMER):  # the checkout need not lie where it will be installed
        text = path.read_text("utf-8").replace(INSTALLED, str(PROJECT))
        (tmp_path / path.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(tmp_path.glob("faiwatch.*"))],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, [li for li in done.stderr.splitlines() if "faiwatch" in li]) == (0, [])


def test_the_crontab_has_five_fields_and_no_percent_sign():
    lines = (DEPLOY / "cron/faiwatch.crontab").read_text("utf-8").splitlines()
    (line,) = [li for li in lines if li and not re.match(r"#|[A-Z]+=", li)]
    *when, command = line.split(maxsplit=5)
    assert all(re.fullmatch(r"\*|\d+(-\d+)?", field) for field in when)
    assert len(when) == 5
    assert "%" not in command  # cron makes a new line of it


def test_the_workflow_proves_what_a_developer_proves():
    jobs = WORKFLOW["jobs"]
    assert [step["run"] for step in jobs["prove"]["steps"] if "run" in step] == [".ci/run"]
    others = jobs["others"]
    assert {name.split("-")[0] for name in others["strategy"]["matrix"]["os"]} == {
        "windows",
        "macos",
    }
    (tested,) = [step["run"] for step in others["steps"] if "pytest" in step.get("run", "")]
    places = [word for word in tested.split() if word.startswith("tests/")]
    assert "tests/runs/test_other_systems.py" in places
    assert all((PROJECT / place).exists() for place in places)
    assert WORKFLOW["permissions"] == {"contents": "read"}
    makes = [step["run"] for step in jobs["pages"]["steps"] if "run" in step]
    assert makes[0] == "make setup"
    assert makes[1].endswith("|| [ $? -eq 20 ]")


def test_the_container_is_built_from_the_lock_and_runs_as_nobody_in_particular():
    steps = re.findall(r"^([A-Z]+) (.*(?:\\\n.*)*)", CONTAINERFILE, re.MULTILINE)
    copied = [name for verb, rest in steps if verb == "COPY" for name in rest.split()[:-1]]
    assert [name for name in copied if not (PROJECT / name).exists()] == []
    assert {"lib", "notebooks", "data", "requirements.lock", "deploy/round"} <= set(copied)
    assert "--require-hashes -r requirements.lock" in CONTAINERFILE
    verbs = [verb for verb, _ in steps]
    assert verbs.index("USER") < verbs.index("ENTRYPOINT")
    assert max(place for place, verb in enumerate(verbs) if verb == "RUN") < verbs.index("USER")


def test_the_dag_is_one_task_so_that_its_end_is_the_end_of_the_round():
    calls = [node for node in ast.walk(ast.parse(DAG)) if isinstance(node, ast.Call)]
    named = [node.func.id for node in calls if isinstance(node.func, ast.Name)]
    assert named.count("BashOperator") == 1
    assert named.count("DAG") == 1


def test_the_cron_job_knows_what_a_round_ends_with_and_writes_to_its_volumes_only():
    spec = CRON_JOB["spec"]
    pod = spec["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert (spec["timeZone"], spec["concurrencyPolicy"]) == ("Asia/Shanghai", "Forbid")
    (line,) = container["args"]
    for code, ends in ((0, 0), (10, 0), (20, 0), (11, 1), (13, 1)):
        said = line.replace("deploy/round /data/site batch --regions all", f"(exit {code})")
        assert subprocess.run([*container["command"], said]).returncode == ends
    assert pod["securityContext"]["runAsUser"] == 10001
    assert "USER 10001\n" in CONTAINERFILE
    named = {volume["name"] for volume in pod["volumes"]}
    assert named == {mount["name"] for mount in container["volumeMounts"]}
    claims = [one.get("persistentVolumeClaim") for one in pod["volumes"]]
    assert {"claimName": CLAIM["metadata"]["name"]} in claims


def test_the_task_of_windows_starts_the_verb_and_no_shell():
    task = ElementTree.parse(DEPLOY / "windows/faiwatch.xml").getroot()
    (action,) = task.findall(".//{*}Exec")
    told = {one.tag.rpartition("}")[2]: one.text for one in action}
    assert told["Command"].endswith(r"\Scripts\faiwatch.exe")
    assert re.fullmatch(r"round \S+ batch --regions all", told["Arguments"])


def test_the_flow_tries_again_when_it_is_late_and_takes_no_failure_for_done():
    told = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in ast.parse(FLOW).body
        if isinstance(node, ast.Assign)
    }
    assert (told["DONE"], told["NOT_YET"]) == ({0, 20}, 10)
    assert told["ROUND"][2:] == ["batch", "--regions", "all"]


def test_no_recipe_asks_for_what_a_round_no_longer_needs():
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]
    assert not [path for path in files if b"flock" in path.read_bytes()]
