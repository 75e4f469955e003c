"""The pages of a built site, taken apart once."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

_VOID = {"meta", "link", "br", "img", "hr", "input", "wbr"}
_UNSEEN = {"script", "style", "title"}


@dataclass
class Page:
    """One published page: its text, elements, and the words a reader can see."""

    path: Path
    html: str
    elements: list = field(default_factory=list)  # (tag, attributes)
    words: str = ""
    code_outside_folds: list = field(default_factory=list)

    def all(self, tag, **attributes):
        """Return the attributes of every element `tag` that has these attributes."""
        return [
            found
            for name, found in self.elements
            if name == tag and all(found.get(key) == value for key, value in attributes.items())
        ]

    def between(self, start, end):
        """Return every piece of the page between two strings."""
        return re.findall(f"{re.escape(start)}(.*?){re.escape(end)}", self.html, re.DOTALL)


class _Reader(HTMLParser):
    unseen = 0  # how many of the open elements hide their words

    def __init__(self, page):
        super().__init__()
        self.page, self.open, self.words = page, [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self._join(attributes.get("class"))
        self.page.elements.append((tag, attributes))
        if tag == "pre" and ("details", "code") not in self.open:
            self.page.code_outside_folds.append(self.getpos())
        if tag not in _VOID:
            classes = attributes.get("class") or ""
            self.open.append((tag, classes))
            self.unseen += tag in _UNSEEN or classes == "code"

    def handle_startendtag(self, tag, attrs):
        self.page.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        name = classes = None
        while self.open and name != tag:
            name, classes = self.open.pop()
            self.unseen -= name in _UNSEEN or classes == "code"
        self._join(classes)

    def _join(self, classes):
        """Put no space around what only keeps a line from ending within it."""
        if classes == "fw-whole" and self.words:
            self.words[-1] = self.words[-1].removesuffix(" ")

    def handle_data(self, data):
        if not self.unseen:
            self.words.append(data + " ")


def _read(path):
    page = Page(path, path.read_text(encoding="utf-8"))
    reader = _Reader(page)
    reader.feed(page.html)
    page.words = "".join(reader.words)
    return page


@pytest.fixture(scope="session")
def every_page(built_site):
    """Return every page of the site, the indexes too, by address."""
    paths = [*built_site.glob("*.html"), *built_site.glob("*/*/*.html")]
    pages = [path for path in sorted(paths) if "runs" not in path.relative_to(built_site).parts]
    return {path.relative_to(built_site).as_posix(): _read(path) for path in pages}


@pytest.fixture(scope="session")
def pages(every_page):
    """Return the notebooks' pages by address, ``zh/000000/02_monitor.html``."""
    return {address: page for address, page in every_page.items() if address.count("/") == 2}
