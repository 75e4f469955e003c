"""A Chromium without a network, and pages that tell everything that goes wrong in them."""

import os
import shutil
from contextlib import contextmanager
from itertools import cycle, groupby

import pytest

from faiwatch.core.text import LANGUAGES
from faiwatch.data.regions import inside

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page lives for seconds: what is compiled to run faster later does not pay, and with room for
    # what is young the collector comes seldom, in one thread, since tests have no core to spare.
    "--js-flags=--no-turbofan --no-maglev --min-semi-space-size=64 --single-threaded-gc",
)
HOW_TO_GET = "no Chromium on PATH, browser tests skipped: apt-get install chromium fonts-noto-cjk"
DEFAULT_SIZE = {"width": 1280, "height": 720}
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser():
    """Return the system's Chromium; without one skip, but fail where CI promises one."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail(HOW_TO_GET.replace("skipped", "cannot run"))
        pytest.skip(HOW_TO_GET)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def addresses(built_site):
    """Return the indexes, each notebook in both languages, and its page of each region in one.

    A page differs from that of another region in figures, and from itself in the other language in
    words, and a browser needs seconds for it: so languages take turns over the regions. Of the
    districts of a city, whose pages are alike, the first is there.
    """
    first, *others = inside("430500")
    places = {(path.name, path.parent.name) for path in built_site.glob("zh/*/*.html")}
    paths = sorted(built_site.glob("*.html"))
    for name, of_notebook in groupby(sorted(places), key=lambda place: place[0]):
        regions = [region for _, region in of_notebook if region not in others]
        turns = zip(regions if len(regions) > 1 else 2 * regions, cycle(LANGUAGES))
        paths += [built_site / lang / region / name for region, lang in turns]
    assert any(first in path.parts for path in paths)
    return paths


@pytest.fixture(scope="session")
def monitor(built_site):
    """Return the page that most readers open."""
    return built_site / "zh/000000/02_monitor.html"


@pytest.fixture(scope="session")
def small_monitor(built_site):
    """Return a page of the same kind with a quarter of the tables, charts and controls."""
    return built_site / f"zh/{inside('430500')[0]}/02_monitor.html"


@pytest.fixture(scope="session")
def opened(browser):
    """Return a context manager that opens a page offline; ``page.troubles`` tells what failed.

    All pages open in one tab, where the browser has read the charts' script already: half the time
    of a page. What a tab cannot change, such as whether scripts run, and ``own_tab`` (for whoever
    leaves something in it) takes another one. ``open_annex`` unfolds what a page has folded, where
    most of its charts are, which are drawn then.
    """
    shared = _offline_tab(browser)

    @contextmanager
    def open_page(
        path,
        *,
        viewport=DEFAULT_SIZE,
        color_scheme="light",
        time_zone="",
        wait_for_charts=True,
        open_annex=False,
        own_tab=False,
        **options,
    ):
        page = _offline_tab(browser, **options) if options or own_tab else shared
        try:
            page.troubles.clear()
            page.set_viewport_size(viewport)
            page.emulate_media(media="null", color_scheme=color_scheme)
            page.session.send("Emulation.setTimezoneOverride", {"timezoneId": time_zone})
            page.mouse.move(0, 0)
            page.goto(path.as_uri())
            if open_annex:
                page.evaluate("document.querySelectorAll('.annex').forEach((d) => (d.open = true))")
            if wait_for_charts and options.get("java_script_enabled", True):
                _wait_for_charts(page)
            yield page
        finally:
            if page is not shared:
                page.context.close()

    yield open_page
    shared.context.close()


def _offline_tab(browser, **options):
    page = browser.new_context(offline=True, **options).new_page()
    page.troubles, page.session = [], page.context.new_cdp_session(page)
    page.on("console", lambda said: _note_error(page, said))
    page.on("pageerror", lambda error: page.troubles.append(str(error)))
    page.on("requestfailed", lambda request: page.troubles.append(request.url[:200]))
    page.on("request", lambda request: _note_request(page, request.url))
    return page


def _note_error(page, said):
    if said.type == "error":
        page.troubles.append(said.text)


def _note_request(page, url):
    if not url.startswith(("file:", "data:", "blob:")):
        page.troubles.append(f"asked for {url[:200]}")


def _wait_for_charts(page):
    page.wait_for_function(
        "[...document.querySelectorAll('.fw-figure')]"
        ".filter((f) => !f.closest('.annex:not([open])')).length === "
        "document.querySelectorAll('.fw-figure[data-chart=live]').length"
    )
