"""The analyst's side: a notebook runs top to bottom in JupyterLab, its charts alive in the cell."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest

from faiwatch.cli.init import report_text
from faiwatch.run import workspace

LONGEST_WAIT = 120  # seconds
SHEET = "2020年固定资产投资,,\n时间,完成投资额（万元）,同比增长（%）\n1-2月,12005000,-30.9\n"


@pytest.fixture(scope="module")
def folder(project, tmp_path_factory):
    """Return a copy of the notebooks: JupyterLab saves what it runs."""
    return shutil.copytree(project / "notebooks", tmp_path_factory.mktemp("lab") / "notebooks")


@pytest.fixture(scope="module")
def lab(project, folder):
    """Start JupyterLab as ``make lab`` does, on a free port and with a profile of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = re.search(r"-m jupyterlab ((?:.|\\\n)*?)\$\(LAB_OPTIONS\)", _makefile(project))[1]
    folders = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    own = {name: str(folder.with_name(name.lower())) for name in folders}
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "jupyterlab",
            *options.replace("\\\n", " ").replace("=notebooks", f"={folder}").split(),
            "--no-browser",
            "--allow-root",
            f"--port={port}",
            "--IdentityProvider.token=",
            "--ServerApp.disable_check_xsrf=True",
        ],
        cwd=project,
        env=os.environ | own,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api")
        yield address
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


@pytest.fixture(scope="module")
def started(lab, browser, folder, project):
    """Return a tab where the start notebook of a workspace was run, and others below it.

    One notebook for all that is clicked or moved over: a kernel and a tab take seconds. The bench,
    a page and a form follow; the window is high, for cells out of sight are not always there.
    ``page.asked`` lists what the tab asks for.
    """
    office = folder / "office"
    workspace.lay_out(office, "zh", report_text)
    (folder / "site").symlink_to(office / "site")  # pages are linked from where the lab begins
    (office / "misspelt.csv").write_text(SHEET.replace("完成投资额（万元）", "完成投质"), "utf-8")
    notebook = nbformat.read(office / "start.ipynb", as_version=4)
    one = "from faiwatch.run import guide\nguide._FIGURES = guide._FIGURES[:1]"  # a page is enough
    form = "fw.read_workbook('misspelt.csv', lang='zh')"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(one))
    notebook.cells += nbformat.read(project / "notebooks/00_explore.ipynb", as_version=4).cells
    published = nbformat.read(project / "notebooks/01_data.ipynb", as_version=4).cells
    codes = [*(cell.source for cell in published if cell.cell_type == "code"), form]
    notebook.cells += map(nbformat.v4.new_code_cell, codes)
    nbformat.write(notebook, office / "start.ipynb")
    page = browser.new_page(viewport={"width": 1400, "height": 3000})
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(f"{lab}/lab/tree/office/start.ipynb?reset", timeout=LONGEST_WAIT * 1000)
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=LONGEST_WAIT * 1000)
    page.get_by_text("| Idle").wait_for(timeout=LONGEST_WAIT * 1000)  # the kernel is there
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    yield page
    page.close()


def test_a_notebook_runs_in_the_lab_and_its_charts_answer_the_mouse(started, lab):
    page = started
    cell = page.locator(".jp-CodeCell", has_text="page.plot.coverage()")
    chart = cell.locator(".jp-RenderedVegaCommon5 svg.marks")
    chart.wait_for(state="attached", timeout=LONGEST_WAIT * 1000)
    chart.scroll_into_view_if_needed()
    bar = chart.locator(".mark-rect.role-mark path").first
    told = page.locator("#vg-tooltip-element.visible")
    deadline = time.monotonic() + LONGEST_WAIT
    while not told.count():  # while cells above still run, the chart moves away from the mouse
        assert time.monotonic() < deadline, "the chart does not answer the mouse"
        box = bar.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
        page.wait_for_timeout(250)
    _check(page, lab)


def test_the_bench_follows_its_pickers(started, lab):
    page = started
    pickers = page.locator(".fw-pickers")
    pickers.wait_for(state="attached", timeout=LONGEST_WAIT * 1000)
    page.locator(".jp-RenderedVegaCommon5 svg.marks").first.wait_for(
        state="attached", timeout=LONGEST_WAIT * 1000
    )
    verdict = page.locator(".jp-OutputArea .fw-verdict").first
    assert "全国固定资产投资" in verdict.text_content()
    chart = page.locator(".jp-RenderedVegaCommon5").first
    before = chart.text_content()
    pickers.locator("select").first.select_option(label="陕西省")
    page.wait_for_function(
        "document.querySelector('.jp-OutputArea .fw-verdict')?.textContent.includes('陕西省')",
        timeout=LONGEST_WAIT * 1000,
    )
    page.wait_for_function(
        "before => document.querySelector('.jp-RenderedVegaCommon5').textContent !== before",
        arg=before,
        timeout=LONGEST_WAIT * 1000,
    )
    assert "陕西省" in page.locator(".jp-RenderedVegaCommon5").first.text_content()
    _check(page, lab)


def test_the_questions_of_a_workbook_are_a_form(started, lab):
    form = started.locator(".jp-OutputArea .fw-questions").last  # that of the panel is above
    form.wait_for(state="attached", timeout=LONGEST_WAIT * 1000)
    assert "是哪个地区的数字" in form.text_content()
    form.locator("input[type=text]").first.fill("陕西")
    form.get_by_role("button", name="填入全部建议").click()
    form.get_by_role("button", name="按回答重新读取").click()
    form.get_by_text("还有 1 个问题").wait_for(timeout=LONGEST_WAIT * 1000)
    form.locator("select").first.select_option(label="万元")
    form.get_by_role("button", name="按回答重新读取").click()
    form.get_by_text("1,200.50").wait_for(timeout=LONGEST_WAIT * 1000)
    _check(started, lab)


def test_the_round_is_clicked_from_a_file_to_its_page(started, lab, folder):
    page = started
    panel = page.locator(".fw-guide")
    panel.wait_for(timeout=LONGEST_WAIT * 1000)
    dropped = {"name": "own.csv", "mimeType": "text/csv", "buffer": SHEET.encode()}
    with page.expect_file_chooser() as chosen:
        panel.get_by_role("button", name="从本机选入文件").click()
    chosen.value.set_files(dropped)
    form = panel.locator(".fw-questions")
    form.get_by_text("是哪个地区的数字").wait_for(timeout=LONGEST_WAIT * 1000)
    form.locator("input[type=text]").first.fill("陕西")
    form.get_by_role("button", name="按回答重新读取").click()
    form.get_by_text("1,200.50").wait_for(timeout=LONGEST_WAIT * 1000)
    panel.locator("input[type=date]").fill("2020-04-20")
    panel.get_by_role("button", name="存入并生成页面").click()
    made = panel.get_by_role("link", name="02_monitor 610000")
    made.wait_for(timeout=LONGEST_WAIT * 1000)
    assert (folder / "office/data/own.csv").read_text(encoding="utf-8") == SHEET
    with page.expect_popup() as opened:
        made.click()
    assert "陕西省" in opened.value.locator(".fw-verdict").first.text_content()
    opened.value.close()
    _check(page, lab)


def _check(page, lab):
    """No cell may have failed, and nothing may have been asked of another host."""
    assert page.locator(".jp-OutputArea [data-mime-type*='error']").count() == 0
    assert page.get_by_text("Javascript Error").count() == 0  # of a chart
    assert page.asked
    assert not [url for url in page.asked if not url.startswith((lab, "data:", "blob:"))]


def _makefile(project):
    return (project / "Makefile").read_text(encoding="utf-8")


def _wait_for(address):
    until = time.monotonic() + LONGEST_WAIT
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not answer at {address}")
