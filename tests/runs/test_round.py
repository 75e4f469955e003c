"""The whole way on this machine: fetch, keep, build, alert; and before that, not yet out."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from service import Service, reply

pytestmark = pytest.mark.xdist_group("forked")  # their server is made once
PROJECT = Path(__file__).parents[2]
PATH = "/sj/zxfb/202610/t20261019_1970000.html"
TITLE = "2026年1—9月份全国固定资产投资基本情况"
TEXT = (
    "1—9月份，全国固定资产投资（不含农户）333100亿元，同比下降7.6%。"
    "其中，民间固定资产投资下降10.4%。分产业看，第一产业投资增长0.4%；第二产业投资下降2.9%；"
    "第三产业投资下降10.1%。第二产业中，工业投资下降2.8%。其中，采矿业投资下降1.1%。"
)
# The monitor's page without its charts
MONITOR = (
    "import faiwatch as fw\npage = fw.open_page('02_monitor', vars())",
    *(f"page.{part}()" for part in ("verdict", "numbers", "verdict_steps", "save")),
)

# ``faiwatch``, which starts others by the Python that it runs in
FAIWATCH = """#!{}
import sys
from faiwatch.cli.app import main
sys.executable = {!r}
main()
"""


@pytest.fixture
def service():
    """Return a server that is the site of the NBS and the place where alerts arrive."""
    running = Service()
    running.alerts, running.is_out = [], False

    def answer(asked):
        if asked.path == "/alerts":
            running.alerts.append(asked.body)
            return reply({})
        if asked.path == PATH and running.is_out:
            return reply(f"<html><title>{TITLE}</title><p>{TEXT}</p></html>".encode())
        if asked.path.startswith("/sj/zxfb/"):
            link = f'<a href="{PATH}" title="{TITLE}">x</a>' if running.is_out else ""
            return reply(f"<html><a href='/'>home</a>{link}</html>".encode())
        return reply(b"closed", 403)  # the portal

    running.answer = answer
    yield running
    running.close()


@pytest.fixture
def make_round(service, forking_python, new_house, tmp_path):
    """Return a function that makes a round, whose commands are forked: (exit code, its words)."""
    house = new_house(tmp_path)
    house.write(*MONITOR, declared=["findings.json"])
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / "deploy").mkdir()
    shutil.copy(PROJECT / "deploy/round", tmp_path / "deploy")
    faiwatch = tmp_path / ".venv/bin/faiwatch"
    faiwatch.write_text(FAIWATCH.format(sys.executable, str(forking_python)))
    faiwatch.chmod(0o755)
    port = service.url.rpartition(":")[2]

    def make():
        words = "batch --regions 000000 --notebooks 02_monitor --lang en --workers 1"
        done = subprocess.run(
            [tmp_path / "deploy/round", tmp_path / "site", *words.split()],
            env=os.environ
            | {
                "FAIWATCH_LANG": "en",
                "FAIWATCH_ROOT": str(house.root),
                "FAIWATCH_STORE": str(tmp_path / "store"),
                "FAIWATCH_NBS_RELEASE_URL": service.url,
                "FAIWATCH_NBS_URL": service.url,
                "FAIWATCH_READERS_SECRET": f"json://127.0.0.1:{port}/alerts",
                "FAIWATCH_OPERATORS_SECRET": f"json://127.0.0.1:{port}/alerts",
                "NO_PROXY": "127.0.0.1",
            },
            capture_output=True,
            text=True,
            timeout=600,
        )
        return done.returncode, done.stdout + done.stderr

    (tmp_path / "site").mkdir()
    return make


def test_a_round_says_not_yet_out_before_and_brings_the_release_to_the_page_after(
    service, make_round, tmp_path
):
    site = tmp_path / "site"
    nothing = f"{hashlib.sha256().hexdigest()}\n"
    (site / ".round.held").write_text(nothing)  # pages of the embedded figures stand
    code, said = make_round()
    assert code == 10, said
    assert "not yet out" in said
    assert not list(site.glob("runs/*"))
    assert service.alerts == []

    service.is_out = True
    code, said = make_round()
    assert code == 20, said
    page = (site / "en/000000/02_monitor.html").read_text("utf-8")
    assert "2026-09" in page
    assert "−7.6" in page
    assert "−7.2" in page  # of August: the embedded history is there
    assert service.alerts

    sent = len(service.alerts)
    code, said = make_round()
    assert code == 10, said
    assert len(list(site.glob("runs/2*"))) == 1
    assert len(service.alerts) == sent
