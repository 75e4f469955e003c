"""Runs that are done: compared, made again, taken away."""

import datetime
import itertools
import json
from types import SimpleNamespace

import pandas as pd
import pytest

from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.run.diff import compare_runs, read_run
from faiwatch.run.prune import prune, runs_to_prune
from faiwatch.site.run_record import RUN_FILE, write_record
from faiwatch.site.site import read_records

WAITS_NO_LONGER = """
import json, os, pathlib
told = json.loads(pathlib.Path(results, "findings.json").read_text())
told[0] |= {"value": float(os.environ["FOUND"]), "en": "falls by " + os.environ["FOUND"]}
done = pathlib.Path(results, "findings.json").write_text(json.dumps(told))
"""


@pytest.fixture
def asked(warm_house, faiwatch_says):
    """Return a function that runs a command, and returns its exit code and what it prints."""

    def ask(*words):
        code, said, trouble = faiwatch_says(*words, "--site", str(warm_house.site), "--json")
        assert trouble == ""
        return code, json.loads(said)

    return ask


@pytest.fixture
def two_runs(warm_house, save_findings, monkeypatch):
    """Return a house and two runs in it that found different numbers."""
    warm_house.write(save_findings, WAITS_NO_LONGER, declared=["findings.json"])
    runs = []
    for found in ("-7.2", "-7.3"):
        monkeypatch.setenv("FOUND", found)
        runs.append(warm_house.run())
    return warm_house, *runs


def test_two_runs_are_compared_and_one_is_made_again(two_runs, asked, monkeypatch):
    house, then, now = two_runs
    code, answer = asked("diff", then.run_id, str(house.folder(now)))
    assert (code, answer["identical"], answer["n_findings"]) == (0, False, 1)
    assert answer["findings"] == [
        {"id": "verdict", "kind": "changed", "then": "下降 [-7.2]", "now": "下降 [-7.3]"}
    ]
    assert answer["circumstances"] == {}
    before = sorted(house.site.rglob("*"))
    assert asked("reproduce", now.run_id)[1]["identical"]
    monkeypatch.setenv("FOUND", "-7.4")
    code, answer = asked("reproduce", now.run_id)
    assert (code, answer["identical"]) == (11, False)
    assert answer["findings"][0]["now"] == "下降 [-7.4]"
    assert sorted(house.site.rglob("*")) == before


def test_what_else_differs_is_named(two_runs):
    house, then, now = two_runs
    changed = now.model_copy(
        update={
            "code_version": "other",
            "data": (now.data[0].model_copy(update={"sha256": "f" * 64}), *now.data[1:]),
        }
    )
    write_record(changed, house.folder(now) / RUN_FILE)
    runs = [read_run(one.run_id, house.site) for one in (then, now)]
    differ = compare_runs(*runs)["circumstances"]
    assert set(differ) == {"code_version", "data"}
    assert differ["code_version"][1] == "other"
    assert "f" * 12 in differ["data"][1]


def test_a_run_that_is_not_there_or_not_alone_is_told(two_runs):
    house, then, _ = two_runs
    with pytest.raises(DataMissingError, match=then.run_id[-6:]):
        read_run("1999", house.site)
    with pytest.raises(ParameterError, match="more than one"):
        read_run(then.run_id[:2], house.site)


def aged(record, house, *, months, **changes):
    """Give a run another age, on disk too."""
    started = (pd.Timestamp(record.started) - pd.DateOffset(months=months)).isoformat()
    old = record.model_copy(update={"started": started, **changes})
    write_record(old, house.folder(record) / RUN_FILE)
    return old


def test_of_two_runs_of_one_second_the_later_is_the_newest(warm_house, monkeypatch):
    moments = (
        datetime.datetime(2026, 11, 2, 9, 30, 59, 1000 * now, datetime.UTC)
        for now in itertools.count()
    )
    clock = SimpleNamespace(now=lambda _: next(moments))
    monkeypatch.setattr(
        "faiwatch.run.single.datetime", SimpleNamespace(datetime=clock, UTC=datetime.UTC)
    )
    names = iter(["f" * 6, "0" * 6])
    monkeypatch.setattr(
        "faiwatch.run.single.secrets", SimpleNamespace(token_hex=lambda _: next(names))
    )
    warm_house.write("1 + 1")
    runs = [warm_house.run(), warm_house.run()]
    assert runs[0].run_id > runs[1].run_id  # by its name it would be the other
    assert read_records(warm_house.site) == runs[::-1]


def test_old_runs_go_but_not_what_a_page_rests_on(warm_house, asked):
    warm_house.write("1 + 1")
    records = [warm_house.run() for _ in range(4)]
    aged(records[0], warm_house, months=40)  # an older good one: may go
    good = aged(records[1], warm_house, months=30)  # made the page that stands
    aged(records[2], warm_house, months=28, verdict="late")  # an older failure: may go
    last = aged(records[3], warm_house, months=26, verdict="late")  # why there is no newer page
    code, told = asked("prune", "--keep", "24m", "--dry-run")
    assert (code, told["bytes"]) == (0, 0)
    assert told["runs"] == [records[0].run_id, records[2].run_id]
    assert len(read_records(warm_house.site)) == 4
    _, told = asked("prune", "--keep", "24m")
    assert told["bytes"] > 1000
    assert {one.run_id for one in read_records(warm_house.site)} == {good.run_id, last.run_id}
    assert not warm_house.unfinished()


def test_nothing_recent_goes(warm_house):
    warm_house.write("1 + 1")
    warm_house.run()
    warm_house.run()
    now = pd.Timestamp.now("UTC")
    assert runs_to_prune(read_records(warm_house.site), months=1, today=now) == []
    assert prune(warm_house.site, []) == 0
