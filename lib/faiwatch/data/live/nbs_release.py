"""Monthly releases: value and growth of the total and of every cut that the text states.

DETAILS

What comes
    Observations of the region that a release is of: the total, private and state-controlled
    investment, the three sectors, industry and its parts, manufacturing, infrastructure and its
    lines, real estate, four parts of the country, ownership by registration, structure; what each
    is called stands in ``data/release_words.csv``. Value, growth, or both, of the text
    (:mod:`faiwatch.data.live.release_text`) and its table of main figures, one checked against the
    other. Beside them: growth on the month before, which is no year to date and stays out of the
    table; notes on scope; and every clause and row that was not taken, with the reason.

    Of the NBS the newest of its list, of a ``month``, or all ``after`` a month. Or the texts that
    are named: addresses, files, folders. These may be a bureau's: a province's or a city's is read
    under its own region, which its title or publisher names, or ``region``; what is not clear is
    asked, never taken for the nation.
Units
    100 million yuan; percent on the same months a year earlier, comparable basis, nominal.
Missing
    What a release does not state. ``indicators=all`` takes what there is, and there must be the
    total; indicators that are named must all be there. Of an indicator with two different figures
    neither is taken (11); the rest comes.
Issued
    The day in the address, else the one that the page tells, else ``issued``.
Trouble
    The list of releases goes back a few months only; older ones are named by their address.
    Scope brackets go to ``note``: the scope of infrastructure changed several times
    (``data/breaks.csv``).
Terms
    No key. Reasonable quotation with the source named (``data/README.md``, Terms).
"""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from functools import partial
from typing import Annotated, ClassVar
from urllib.parse import urljoin, urlsplit

import pandas as pd
from pydantic import StringConstraints

from faiwatch.core.errors import DataInvalidError, DataMissingError, ParameterError, refused
from faiwatch.core.phrases import say, texts_of
from faiwatch.core.text import NOTHING, Text
from faiwatch.data.calendars import CUMULATIVE
from faiwatch.data.live import Got, Kind, LiveSource, Missing, MonthOnMonth, Part
from faiwatch.data.live.documents import Document, Words, documents, read, region_of
from faiwatch.data.live.http import Client
from faiwatch.data.live.pages import Page
from faiwatch.data.live.release_clauses import Home, release_words
from faiwatch.data.live.release_text import Release, read_release, window_end
from faiwatch.data.live.rows import joined, observation_rows
from faiwatch.data.parameter_types import Help
from faiwatch.data.regions import NATION, known_regions
from faiwatch.data.release_dates import release_dates

SOURCE_ID = "NBS-RELEASE"
BUREAU_ID = "BUREAU-RELEASE"
INDICATORS = tuple(release_words())
_WORDS = texts_of("data.release_parameters")
_LIST = "/sj/zxfb/"
_PAGES = 3  # of the list that are looked through: about two months of releases
_SUBJECT = "固定资产投资"
_NAME = f"(?:{'|'.join(INDICATORS)})"
_HOST = "www.stats.gov.cn"
_MONTH = r"(?:19|20)\d\d-(?:0[2-9]|1[0-2])"


class Source(LiveSource):
    """The releases."""

    KIND: ClassVar[Kind] = "observations"
    PAUSE: ClassVar[float] = 1.2

    month: Annotated[
        str, StringConstraints(pattern=f"^(?:latest|{_MONTH})$"), Help.of(_WORDS, "month")
    ] = "latest"
    after: Annotated[
        str, StringConstraints(pattern=f"^(?:{_MONTH})?$"), Help.of(_WORDS, "after")
    ] = ""
    documents: Annotated[tuple[str, ...], Help.of(_WORDS, "documents")] = ()
    region: Annotated[
        str, StringConstraints(pattern=r"^(?:\d{6})?$"), Help.of(_WORDS, "region")
    ] = ""
    issued: Annotated[
        str, StringConstraints(pattern=r"^(?:\d{4}-\d\d-\d\d)?$"), Help.of(_WORDS, "issued")
    ] = ""
    page: Annotated[
        str,
        StringConstraints(pattern=r"^(?:[a-z]+/)*(?:\d{6}/)?(?:t\d{8}_\d+\.html)?$"),
        Help.of(_WORDS, "page"),
    ] = ""
    indicators: Annotated[
        str,
        StringConstraints(pattern=f"^(?:all|{_NAME}(?:,{_NAME})*)$"),
        Help(
            say("data.release_parameters.indicators"),
            say(
                "data.release_parameters.indicators_takes",
                indicators=Text("、".join(INDICATORS), ", ".join(INDICATORS)),
            ),
        ),
    ] = "all"

    def address(self) -> str:
        """Return the public address of the site."""
        return f"https://{_HOST}"

    def parts(self, today: datetime.date) -> list[Part]:
        """Return one step for each release that was named, or the one that looks in the list."""
        lost = tuple(f"{self.region or NATION} {one}" for one in self.wanted())
        if self.documents:
            return [
                Part(one.shown, (one.shown,), partial(self._read_document, self._on_site(one)))
                for one in documents(self.documents)
            ]
        if self.page:
            one = Document(self.page.rpartition("/")[2], f"/{self.page}", is_on_site=True)
            return [Part("release", lost, partial(self._read_document, one))]
        return [Part("release", lost, partial(self._read_listed, today))]

    def wanted(self) -> tuple[str, ...]:
        """Return the indicators that must be there."""
        return ("total",) if self.indicators == "all" else tuple(self.indicators.split(","))

    def _on_site(self, document: Document) -> Document:
        """Return a text of the site itself below the base address, which may be a mirror's."""
        scheme, _, rest = document.place.partition("://")
        host, _, path = rest.partition("/")
        is_ours = scheme in {"http", "https"} and host == _HOST
        return replace(document, place=f"/{path}", is_on_site=True) if is_ours else document

    def _read_listed(self, today: datetime.date, client: Client) -> Got:
        """Read the releases of the list that were asked for."""
        listed = _listed(client, self.month, self.after)
        wanted = dict(list(listed.items())[:1])
        if self.after:
            wanted = {month: path for month, path in listed.items() if month > self.after}
        if not wanted:
            month = self.month
            if self.after:
                month = str(CUMULATIVE.after(pd.Period(self.after, freq="M")))
            raise _not_out(month, today)
        got = [
            self._read_document(Document(path.rpartition("/")[2], path, is_on_site=True), client)
            for _, path in sorted(wanted.items())
        ]
        return Got(
            joined([one.rows for one in got], self.KIND),
            *(
                tuple(one for each in got for one in getattr(each, name))
                for name in ("missing", "unread", "monthly", "scope")
            ),
        )

    def _read_document(self, document: Document, client: Client) -> Got:
        """Read one release."""
        words = read(document, client)
        issued = self._issued(document, words)
        region, name = self._region(document, words)
        release = read_release(words.text, issued=issued, home=Home(region, _called(region, name)))
        if self.month not in {"latest", release.month}:
            raise DataInvalidError(
                Text("该发布稿是另一个月的", "the release is of another month"),
                where=document.shown,
                got=release.month,
                allowed=self.month,
            )
        return self._got(release, issued, region)

    def _issued(self, document: Document, words: Words) -> datetime.date:
        try:
            given = datetime.date.fromisoformat(self.issued) if self.issued else None
        except ValueError:
            raise refused("issued", self.issued, "YYYY-MM-DD") from None
        calendar = release_dates().get(window_end(words.title) or "", (None, ""))[0]
        issued = words.day or given or calendar
        if issued is None:
            raise ParameterError(
                say("data.nbs_release.no_day"),
                where=document.shown,
                todo=Text("用 -p issued=YYYY-MM-DD 给出", "give it with -p issued=YYYY-MM-DD"),
            )
        return issued

    def _region(self, document: Document, words: Words) -> tuple[str, str]:
        region, name = region_of(words)
        if self.region:
            is_inside = region.endswith("0000") and region[:2] == self.region[:2]
            if region and region != self.region and not is_inside:
                raise ParameterError(
                    Text("稿件写明的是另一个地区", "the release says that it is of another region"),
                    where=document.shown,
                    got=f"{region} {name}",
                    allowed=self.region,
                )
            return self.region, name if region in {"", self.region} else ""
        if not region and document.is_on_site:
            return NATION, ""  # of the NBS's own site
        if not region:
            raise ParameterError(
                say("data.nbs_release.region_named", name=name)
                if name
                else say("data.nbs_release.region_unclear"),
                where=document.shown,
                got=words.title or words.text[:60],
                todo=Text("用 --region 给出六位地区代码", "give its six-digit code with --region"),
            )
        return region, name

    def _got(self, release: Release, issued: datetime.date, region: str) -> Got:
        chosen = INDICATORS if self.indicators == "all" else self.wanted()
        rows = observation_rows(
            (
                {
                    "region_code": region,
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
            source=SOURCE_ID if region == NATION else BUREAU_ID,
        )
        missing, told = [], {*rows["indicator"]}
        for one in release.conflicts:
            told.add(one.indicator)
            if one.indicator in chosen:
                figures = " / ".join(f"{figure:.10g}" for figure in one.figures)
                twice = say("data.nbs_release.two_figures", figures=figures)
                if one.is_table:
                    twice = say("data.nbs_release.text_and_table_differ", figures=figures)
                name = f"{region} {one.indicator}"
                missing.append(Missing(name, twice, DataInvalidError.exit_code))
        silent = Text("发布稿没有给出", "the release does not state it")
        missing += [Missing(f"{region} {one}", silent) for one in self.wanted() if one not in told]
        monthly = tuple(MonthOnMonth(region, *one, issued) for one in release.month_on_month)
        return Got(rows, tuple(missing), release.unread, monthly, release.scope)


def _listed(client: Client, month: str, after: str) -> dict[str, str]:
    """Return the paths of releases that the list links to by month, the newest first.

    It is looked through until there is one of the month named, of one up to `after`, or any.
    """
    found: dict[str, str] = {}
    for number in range(_PAGES):
        name = f"index_{number}.html" if number else ""
        html = client.text(f"list-{number}.html", _LIST + name, holds="</a>")
        for link, title in Page(html).links.items():
            end = window_end(title)
            if end is not None and month in {"latest", end}:
                found.setdefault(end, urlsplit(urljoin(_LIST, link)).path)
        if any(not after or end <= after for end in found):
            break
    return dict(sorted(found.items(), reverse=True))


def _not_out(month: str, today: datetime.date) -> DataMissingError:
    """Return the error for a release that the list does not have."""
    day = release_dates().get(month, (None, ""))[0]
    is_planned = day is not None and day >= today
    when = say("data.nbs_release.planned", day=day) if is_planned else NOTHING
    return DataMissingError(
        say("data.nbs_release.not_out", when=when),
        where=_LIST,
        got=month,
        todo=say("data.nbs_release.older_by_address"),
    )


def _called(region: str, name: str) -> tuple[str, ...]:
    """Return what a bureau's text calls its region."""
    known = known_regions().get(region)
    names = [name, known.name.zh if known else ""]
    names += [re.sub(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区)$", "", one) for one in names]
    return tuple(dict.fromkeys(one for one in names if one and one != "全国"))
