"""What several kinds of test share: Hypothesis profiles, one site and one ledger for all."""

import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

import faiwatch.core.fast_import  # noqa: F401  before nbformat, in every worker

PROJECT = Path(__file__).parents[1]
LONGEST_REPORT = 1800  # seconds
# The site of ``faiwatch report``, but of the twelve districts of its city the first two alone: each
# has one page, alike but for its figures, and takes seconds to make.
MAKES_THE_SITE = """
from faiwatch.cli.app import main
from faiwatch.data.regions import inside
from faiwatch.run import report

every, (_, _, *left_out) = report.report_plan, inside("430500")
report.report_plan = lambda *of: [one for one in every(*of) if one.values["region"] not in left_out]
main()
"""
# What takes longest begins; one file asks early for the site. Then, while that is built, what
# mostly waits.
FIRST = ("browser/test_pages.py", "runs/test_cluster.py")
FIRST += tuple(f"runs/test_{name}.py" for name in ("endings", "warm", "pains", "warm_probes"))
FIRST += ("runs", "browser", "notebooks", "report", "property", "golden")

READ_HERE = {"golden", "property", "test_how_tos", "test_ledger_by_hand", "test_office_ledgers"}
READ_HERE |= {"test_own_data"}
READ_HERE |= {f"test_workbook_{name}" for name in ("dialogue", "questions", "subject")}

gc.disable()  # until all tests are found: the many objects that are made meanwhile are kept

# Tests run side by side already: more threads, or processes that fit a model, would only wait for
# each other. Libraries read this when they are imported.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
AS_A_USER = {name: value for name, value in os.environ.items() if name not in THREADS}
os.environ.update(dict.fromkeys(THREADS, "1"))

# What is started in the background ignores Ctrl-C, and so would every command that a test stops so.
signal.signal(signal.SIGINT, signal.default_int_handler)

# "house" is small and the same on every run; look further with --hypothesis-profile=thorough
settings.register_profile("house", max_examples=30, derandomize=True, deadline=None, database=None)
settings.register_profile("thorough", max_examples=2000, deadline=None)
settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items):
    """Keep the tests of a file on one worker, where its fixtures are made, and begin with FIRST.

    Those of ``report`` stay together: to read every page of the site takes longer than to ask. In a
    folder, files that ask for the site come last: until it is built they would only wait.
    """
    first, places = [PROJECT / "tests" / name for name in FIRST], {}
    wait = {item.path for item in items if "built_site" in item.fixturenames}
    for path in {item.path for item in items}:
        at = next((at for at, one in enumerate(first) if path.is_relative_to(one)), len(first))
        places[path] = (at, path.relative_to(PROJECT).as_posix())
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            folder, file = item.path.parent.name, places[item.path][1]
            item.add_marker(pytest.mark.xdist_group(folder if folder == "report" else file))
    items.sort(key=lambda item: (places[item.path][0], item.path in wait))


def pytest_collection_finish():
    """Keep the garbage collector off what lives until the end: modules, tests, figures read.

    And let it come seldom from then on: tables and charts are of many small objects, and tests are
    short.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    gc.enable()


@pytest.fixture(scope="session")
def project():
    """Return the checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def shared(tmp_path_factory, worker_id):
    """Return a folder for what is made once for all workers of this test run."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


@pytest.fixture(scope="session", autouse=True)
def own_cache(shared):
    """Keep fitted results of this test run apart from the user's, and fit once for all workers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAIWATCH_CACHE", str(shared / "fitted"))
        yield


@pytest.fixture(scope="module", autouse=True)
def sound_workbooks_are_read_here(request):
    """Read workbooks that we made ourselves in this process: the child of its own is half the time.

    What the child is for, damage and bombs, is tested in other files, and so is that it answers.
    """
    if request.path.parent.name not in READ_HERE and request.path.stem not in READ_HERE:
        yield
        return
    from faiwatch.ingest.child import answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("faiwatch.ingest.opening._asked_child", lambda path, _name: answer(path))
        yield


@pytest.fixture(scope="session")
def demo_ledger():
    """Return how the made-up ledger was read, once for all: it has 1,900 rows."""
    from faiwatch.ledger.load import ledger_reading  # most tests need no pandas

    return ledger_reading("demo")


@pytest.fixture(scope="session")
def built_site(shared):
    """Return a site built once, by the real command line, for all workers of this test run.

    ``FAIWATCH_SITE`` names a site that is there already, to save the minute while developing.
    """
    if ready_made := os.environ.get("FAIWATCH_SITE"):
        return Path(ready_made).resolve()
    site, outcome = shared / "site", shared / "report.json"
    with FileLock(shared / "report.lock"):
        if not outcome.exists():  # a build that failed is not tried again by the next worker
            done = subprocess.run(
                [sys.executable, "-c", MAKES_THE_SITE, "report", "--site", str(site)],
                cwd=shared,
                env={**AS_A_USER, "FAIWATCH_CACHE": os.environ["FAIWATCH_CACHE"]},
                capture_output=True,
                text=True,
                timeout=LONGEST_REPORT,
            )
            outcome.write_text(json.dumps([done.returncode, done.stdout + done.stderr]))
    exit_code, said = json.loads(outcome.read_text())
    assert exit_code == 0, said
    return site


@pytest.fixture
def faiwatch_says(capsys, monkeypatch):
    """Return a function that runs a command line and returns (exit code, stdout, stderr)."""
    from faiwatch.cli import app as cli  # most tests need no command line

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("FAIWATCH_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("FAIWATCH_ANSWERS", "")  # put back what --answers sets
    monkeypatch.delenv("FAIWATCH_DEBUG", raising=False)

    def run(*words):
        monkeypatch.setattr("sys.argv", ["faiwatch", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, said = capsys.readouterr()
        if "--json" in words and out:
            from schemas import complaints  # whatever a verb prints is what its schema says

            verb = " ".join(words[: 1 + (words[0] == "ledger")])
            assert not complaints(json.loads(out), verb)
        return left.value.code, out, said

    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.fixture(scope="session")
def papermill_says():
    """Return a function that runs papermill's own command line and returns its click result."""
    from click.testing import CliRunner
    from papermill.cli import papermill  # most tests need no papermill

    # papermill sets this and leaves it, and a server of kernels is for one environment; it also
    # looks for files where the last of several runs at once began, so paths have to be whole
    runner = CliRunner(env={"PYDEVD_DISABLE_FILE_VALIDATION": "1"})

    def run(*words):
        done = runner.invoke(papermill, list(map(str, words)))
        assert done.exit_code == 0, f"{done.output}\n{done.exception}"
        return done

    return run


@pytest.fixture(scope="session")
def demo_material(demo_ledger, own_cache):  # noqa: ARG001  where its forecast is kept
    """Return what the demonstration district's briefing is filled from."""
    from faiwatch.api import open_page
    from faiwatch.briefing.filling import Material
    from faiwatch.ledger.load import ledger_columns

    values = {"region": "990101", "data": "demo", "ledger": "demo", "as_of": "2026-08"}
    page = open_page("08_briefing", values)
    return Material(page, page.parameters, demo_ledger.settled(), ledger_columns(demo_ledger))


@pytest.fixture(scope="session")
def demo_briefing(demo_material):
    """Return the demonstration district's briefing."""
    from faiwatch.briefing.build import fill_briefing

    return fill_briefing(demo_material)


@pytest.fixture(scope="session")
def small_briefing():
    """Return a briefing of two sections, one figure of which is missing and one text hostile."""
    from faiwatch.briefing.record import (
        Briefing,
        Document,
        Paragraph,
        Piece,
        Section,
        Sentence,
    )
    from faiwatch.core.finding import InputRow
    from faiwatch.core.provenance import Basis, What
    from faiwatch.core.text import NOT_AVAILABLE, Text
    from faiwatch.data.regions import DEMO_DISTRICT, region_named

    place = {"file": "ledger.xlsx", "sheet": "2026年8月", "period": "2026-08", "column": "level"}
    cells = [InputRow(**place, row=row, value="市级", cell=f"I{row}") for row in (5, 6, 7, 9)]
    row = InputRow(
        file="data/demo/district.csv",
        row=140,
        period="2026-08",
        column="ytd_yoy_pct",
        value=-7.4,
        issued="2026-09-16",
    )
    what = What(Text("增速", "growth"), "pct", "g")
    yoy = Basis("2026-08", "2026-08", (row,)).finding("yoy", -7.4, what, Text("−7.4%", "−7.4%"))
    what = What(Text("项目", "projects"), "projects", "n")
    keys = Basis("2026-08", "2026-08", (*cells,)).finding("keys", 4, what, Text("4", "4"))
    what = What(Text("年度计划", "annual plan"), "100m_cny", "sum(plan)")
    lacking = Text("台账缺列", "the column is not there")
    plan = Basis("2026-08", "2026-08", ()).missing("plan", what)
    findings = [yoy, keys, plan.model_copy(update={"missing": lacking})]
    documents = {}
    for lang in ("zh", "en"):
        fell = {"zh": "同比下降7.4%", "en": "fell 7.4%"}[lang]
        first = Sentence("verdict", (Piece("投资"), Piece(fell, "yoy"), Piece("。")))
        second = Sentence(
            "keys", (Piece("4", "keys"), Piece("个，"), Piece(NOT_AVAILABLE[lang], "plan"))
        )
        hostile = Sentence("hostile", (Piece(HOSTILE), Piece("长" * 10_000)))
        documents[lang] = Document(
            lang,
            "报告 <b>&",
            (
                Section("head", 0, "", (Paragraph((first,)),)),
                Section("position", 1, "一、情况", (Paragraph((second,)),)),
                Section("projects", 2, "（一）项目", (Paragraph((hostile,)),)),
            ),
        )
    source = Text("演示数据", "demonstration data")
    return Briefing(
        region_named(DEMO_DISTRICT),
        "2026-08",
        source,
        {one.id: one for one in findings},
        documents,
        is_confidential=True,
    )


HOSTILE = "<script>alert(1)</script> =1+1 {{ 7*7 }} \x07\x0c\ufffe\u202e7.2 PAGE \\* &amp;"
