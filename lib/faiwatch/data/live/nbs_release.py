"""Monthly releases of the National Bureau of Statistics: value and growth, total and components.

DETAILS

What comes
    Observations of the nation as a release states them: ``total``, ``private``,
    ``manufacturing``, ``infrastructure``, ``real_estate_development``, ``primary``,
    ``secondary``, ``tertiary``; value, growth, or both. Read by
    :mod:`faiwatch.data.live.release_text`, which says which clauses count; clauses of the form
    投资…% that were not taken are listed in the answer.
Units
    100 million yuan; percent on the same months a year earlier, comparable basis, nominal.
Missing
    What a release does not state. ``indicators=all`` takes what there is, and there must be the
    total; indicators that are named must all be there. Of an indicator with two different figures
    neither is taken (11); the rest comes.
Issued
    The date in the address of the page, which is its day of publication.
Trouble
    The list of releases goes back a few months only; older pages are asked for with ``page``.
    Scope brackets of infrastructure go to ``note``: its scope changed several times
    (``data/breaks.csv``).
Terms
    No key. Reasonable quotation with the source named (``data/README.md``, Terms).
"""

from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser
from typing import Annotated, ClassVar
from urllib.parse import urljoin, urlsplit

from pydantic import StringConstraints

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.text import Text
from faiwatch.data.live import Got, Kind, LiveSource, Missing, Part
from faiwatch.data.live.http import Client, ServiceError
from faiwatch.data.live.release_text import Release, read_release, window_end
from faiwatch.data.live.rows import observation_rows
from faiwatch.data.parameter_types import Help
from faiwatch.data.regions import NATION

SOURCE_ID = "NBS-RELEASE"
INDICATORS = (
    "total",
    "private",
    "manufacturing",
    "infrastructure",
    "real_estate_development",
    "primary",
    "secondary",
    "tertiary",
)
_LIST = "/sj/zxfb/"
_PAGES = 3  # of the list that are looked through: about two months of releases
_SUBJECT = "固定资产投资"
_NAME = f"(?:{'|'.join(INDICATORS)})"


class Source(LiveSource):
    """The releases."""

    KIND: ClassVar[Kind] = "observations"
    PAUSE: ClassVar[float] = 1.2

    month: Annotated[
        str,
        StringConstraints(pattern=r"^(?:latest|(?:19|20)\d\d-(?:0[2-9]|1[0-2]))$"),
        Help(
            Text("哪个月的发布稿", "the release of which month"),
            Text("latest 或 YYYY-MM（没有 1 月）", "latest or YYYY-MM (there is no January)"),
        ),
    ] = "latest"
    page: Annotated[
        str,
        StringConstraints(pattern=r"^(?:[a-z]+/)*(?:\d{6}/)?(?:t\d{8}_\d+\.html)?$"),
        Help(
            Text("发布稿的路径；空为从列表中查找", "path of the release; empty: look in the list"),
            Text("如 sj/zxfb/202609/t20260915_1.html", "such as sj/zxfb/202609/t20260915_1.html"),
        ),
    ] = ""
    indicators: Annotated[
        str,
        StringConstraints(pattern=f"^(?:all|{_NAME}(?:,{_NAME})*)$"),
        Help(
            Text("要哪些指标", "which indicators"),
            Text(
                f"all，或以逗号分隔：{'、'.join(INDICATORS)}",
                f"all, or some of {', '.join(INDICATORS)}, separated by commas",
            ),
        ),
    ] = "all"

    def address(self) -> str:
        """Return the public address of the site."""
        return "https://www.stats.gov.cn"

    def parts(self, today: datetime.date) -> list[Part]:  # noqa: ARG002  the list knows
        """Return the one step: find the release and read it."""
        return [Part("release", tuple(f"{NATION} {one}" for one in self.wanted()), self._read)]

    def wanted(self) -> tuple[str, ...]:
        """Return the indicators that must be there."""
        return ("total",) if self.indicators == "all" else tuple(self.indicators.split(","))

    def _read(self, client: Client) -> Got:
        path = f"/{self.page}" if self.page else _path_of(client, self.month)
        found = re.search(r"/t(\d{4})(\d{2})(\d{2})_\d+\.html$", path)  # its day of publication
        try:
            issued = datetime.date(*map(int, found.groups() if found else ()))
        except (TypeError, ValueError):
            raise DataInvalidError(
                Text("发布稿地址中没有日期", "the address of the release has no date"), got=path
            ) from None
        html = client.text(path.rpartition("/")[2], path, holds=_SUBJECT)
        release = read_release(text_of(html), issued=issued)
        if self.month not in {"latest", release.month}:
            raise DataInvalidError(
                Text("该发布稿是另一个月的", "the release is of another month"),
                where=path,
                got=release.month,
                allowed=self.month,
            )
        return self._rows(release, issued)

    def _rows(self, release: Release, issued: datetime.date) -> Got:
        chosen = INDICATORS if self.indicators == "all" else self.wanted()
        rows = observation_rows(
            (
                {
                    "region_code": NATION,
                    "indicator": one.indicator,
                    "period": release.month,
                    "ytd_value_100m": one.value,
                    "ytd_yoy_pct": one.growth,
                    "issued": str(issued),
                    "note": one.note,
                }
                for one in release.figures
                if one.indicator in chosen
            ),
            source=SOURCE_ID,
        )
        missing, told = [], {*rows["indicator"]}
        for one in release.conflicts:
            told.add(one.indicator)
            if one.indicator in chosen:
                figures = " / ".join(f"{figure:.10g}" for figure in one.figures)
                twice = Text(
                    f"发布稿给出了两个不同的数，均不采用：{figures}",
                    f"the release states two different figures, neither is taken: {figures}",
                )
                name = f"{NATION} {one.indicator}"
                missing.append(Missing(name, twice, DataInvalidError.exit_code))
        silent = Text("发布稿没有给出", "the release does not state it")
        missing += [Missing(f"{NATION} {one}", silent) for one in self.wanted() if one not in told]
        return Got(rows, tuple(missing), release.unread)


def text_of(html: str) -> str:
    r"""Return the words of a page, one line for each block, without scripts and styles.

    Examples
    --------
    >>> text_of("<p>1—8月份，<b>投资</b></p><script>1</script><p>下降</p>")
    '1—8月份，投资\n下降'
    """
    lines = "".join(_Words(html).found).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _path_of(client: Client, month: str) -> str:
    """Return the path of the newest release of a month that the list links to."""
    for number in range(_PAGES):
        name = f"index_{number}.html" if number else ""
        html = client.text(f"list-{number}.html", _LIST + name, holds="</a>")
        for link, title in _Words(html).links.items():
            end = window_end(title)
            if end is not None and month in {"latest", end}:
                return urlsplit(urljoin(_LIST, link)).path
    raise ServiceError(
        Text("列表中没有该发布稿", "the list does not have this release"),
        where=_LIST,
        got=month,
        todo=Text("用 page= 给出发布稿的路径", "give the path of the release with page="),
    )


class _Words(HTMLParser):
    """The words of a page and its links."""

    _BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "title", "table"})
    _SILENT = frozenset({"script", "style"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.links: dict[str, str] = {}
        self._link, self._is_titled, self._silent = "", False, 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self._SILENT
        if tag in self._BLOCKS:
            self.found.append("\n")
        if tag == "a":
            given = dict(attrs)
            self._link = given.get("href") or ""
            self.links[self._link] = given.get("title") or ""  # the words may be cut short
            self._is_titled = bool(given.get("title"))

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self._SILENT
        if tag in self._BLOCKS:
            self.found.append("\n")
        if tag == "a":
            self._link = ""

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        self.found.append(data)
        if self._link and not self._is_titled:
            self.links[self._link] += data
