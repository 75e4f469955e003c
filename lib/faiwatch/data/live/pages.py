"""The words of a web page: a line for each block, a row of a table as cells with tabs between."""

from __future__ import annotations

from html.parser import HTMLParser


def text_of(html: str) -> str:
    r"""Return the words of a page, one line for each block, without scripts and styles.

    A row of a table is one line with tabs between its cells; where a cell holds sentences, the
    table only lays out the page, and its cells are lines.

    Examples
    --------
    >>> text_of("<p>1—8月份，<b>投资</b></p><script>1</script><p>下降</p>")
    '1—8月份，投资\n下降'
    >>> text_of("<table><tr><td><p>制造业</p></td><td>-2.3</td></tr></table>")
    '制造业\t-2.3'
    """
    lines = "".join(Page(html).found).split("\n")
    return "\n".join(line.strip(" \u3000\r") for line in lines if line.strip())


class Page(HTMLParser):
    """The words of a page, its links, and what it says of itself.

    Attributes
    ----------
    found : list of str
        Words and line breaks.
    links : dict
        Title by address.
    meta : dict
        What ``<meta name= content=>`` says, names in lower case.
    title : str
        Of the page.
    """

    _BLOCKS = frozenset({"p", "div", "br", "li", "h1", "h2", "h3", "title", "table"})
    _SILENT = frozenset({"script", "style"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: dict[str, str] = {}
        self.meta: dict[str, str] = {}
        self.title = ""
        self._link, self._is_titled, self._silent, self._in_title = "", False, 0, False
        self._rows: list[list[list[str]]] = []  # of the tables that are open, the innermost last
        self.feed(html)
        self.close()
        while self._rows:
            self._end_row()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, a row, a cell or a link."""
        self._silent += tag in self._SILENT
        self._in_title |= tag == "title"
        if tag == "tr":
            self._rows.append([])
        elif tag in {"td", "th"} and self._rows:
            self._rows[-1].append([])
        elif tag in self._BLOCKS:
            self._say("\n")
        elif tag in {"a", "meta"}:
            given = dict(attrs)
            if tag == "meta":
                self.meta[(given.get("name") or "").lower()] = given.get("content") or ""
                return
            self._link = given.get("href") or ""
            self.links[self._link] = given.get("title") or ""  # the words may be cut short
            self._is_titled = bool(given.get("title"))

    def handle_endtag(self, tag: str) -> None:
        """End a block, a row or a link."""
        self._silent -= tag in self._SILENT
        self._in_title &= tag != "title"
        if tag == "tr" and self._rows:
            self._end_row()
        elif tag in self._BLOCKS:
            self._say("\n")
        elif tag == "a":
            self._link = ""

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if self._silent:
            return
        if self._in_title:
            self.title += data.strip()
        # what is a line break in the source is none on the page
        self._say(" ".join(data.split()) if self._rows else data)
        if self._link and not self._is_titled:
            self.links[self._link] += data

    def _say(self, words: str) -> None:
        cells = self._rows[-1] if self._rows else []
        (cells[-1] if cells else self.found).append(words)

    def _end_row(self) -> None:
        cells = ["".join(cell) for cell in self._rows.pop()]
        if any("。" in cell for cell in cells) or len(cells) < 2:
            words = "\n".join(cells)
        else:
            words = "\t".join("".join(cell.split("\n")).replace("\t", "") for cell in cells)
        self._say(f"\n{words}\n")
