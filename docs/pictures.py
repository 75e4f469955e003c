"""Take the pictures of README from a built site: ``make pictures``, after ``make report``.

The form of a workbook's questions (``images/questions*.png``) is a cell of JupyterLab and is taken
by hand.
"""

import argparse
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# picture: address in the site, width and height in pixels
SHOTS = {
    "monitor": ("{lang}/000000/02_monitor.html", 1280, 1180),
    "overview": ("{index}", 1440, 560),
    "brief": ("{lang}/000000/10_brief.html", 888, 1095),
}


def main() -> None:
    """Take every picture in both languages; a page that is not there is an error."""
    ask = argparse.ArgumentParser(description=main.__doc__)
    ask.add_argument("--site", type=Path, default=IMAGES.parents[1] / "site")
    ask.add_argument("--out", type=Path, default=IMAGES)
    words = ask.parse_args()
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        sys.exit("make pictures needs Chromium on PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for name, (address, width, height) in SHOTS.items():
            for lang, end in (("zh", ""), ("en", ".en")):
                page = words.site / address.format(lang=lang, index=f"index{end}.html")
                if not page.exists():
                    sys.exit(f"{page} is not there: make report")
                tab = browser.new_page(viewport={"width": width, "height": height})
                tab.goto(page.resolve().as_uri(), wait_until="load")
                tab.wait_for_timeout(1500)  # what a chart draws after it is loaded
                tab.screenshot(path=words.out / f"{name}{end}.png")
                tab.close()
        browser.close()


if __name__ == "__main__":
    main()
