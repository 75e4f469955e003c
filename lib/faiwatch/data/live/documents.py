"""The texts that a user names: addresses, files, and folders of files.

What a text says of itself (title, publisher, day of publication) decides whose figures it states
and when they were issued; what it does not say is asked for, never supposed.
"""

from __future__ import annotations

import datetime
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from faiwatch.core.errors import ParameterError, refused
from faiwatch.core.files import bytes_of
from faiwatch.core.text import Text
from faiwatch.data.live.http import Client, ServiceError
from faiwatch.data.live.pages import Page, text_of
from faiwatch.data.live.replies import UnreadableError, as_text
from faiwatch.data.regions import NATION, known_regions

_KINDS = (".html", ".htm", ".txt")
_SUBJECT = "投资"
_DAY_IN_ADDRESS = re.compile(r"t(\d{4})(\d{2})(\d{2})_\d+(?:\.s?html?)?(?:$|\?)")
_DAY = re.compile(
    r"(?:发布|公布|成文|更新)?(?:时间|日期)[:：\s]*(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})"
)
_DAY_ALONE = re.compile(r"^(\d{4})[-年/.](\d{1,2})[-月/.](\d{1,2})日?(?:\s|$)", re.MULTILINE)
_META_DAYS = ("pubdate", "publishdate", "firstpublishedtime")
_META_TITLES = ("articletitle",)
_META_PUBLISHERS = ("contentsource", "sitename")
_PUBLISHER = re.compile(r"来源[:：\s]*([\u4e00-\u9fff]{2,24})")
_ENDING = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区)$")
_OWN = re.compile(
    r"(?:全|我|本)(?:省|市|自治区|区|州|盟|县|旗)(?:固定资产|完成|民间|工业|第|房地产|基础|制造)"
)
_NATIONAL = re.compile(r"全国固定资产投资|全国民间固定资产投资")
_SMALLER = re.compile(
    r"(?!固定|统计|人民|完成|投资|民间|调查)[\u4e00-\u9fff]{2,5}?(?:市|州|盟|县|区|旗)"
)
_HEAD = 400  # characters before which a page says who published it and when


@dataclass(frozen=True, slots=True)
class Document:
    """One text.

    Attributes
    ----------
    name : str
        What its bytes are called when they are kept.
    place : str
        Address or path.
    is_on_site : bool
        The place is a path of the site that the client speaks with.
    """

    name: str
    place: str
    is_on_site: bool = False

    @property
    def is_address(self) -> bool:
        """Whether it is asked for over the net."""
        return self.is_on_site or "://" in self.place

    @property
    def shown(self) -> str:
        """How messages call it: an address without its query, a file by its name."""
        split = urlsplit(self.place)
        return f"{split.netloc}{split.path}" if self.is_address else Path(self.place).name


@dataclass(frozen=True, slots=True)
class Words:
    """A text that was read, and what it says of itself.

    Attributes
    ----------
    text : str
        A line for each block.
    title, publisher : str
        Empty: it does not say.
    day : date, optional
        Of publication.
    """

    text: str
    title: str
    publisher: str
    day: datetime.date | None


def documents(places: tuple[str, ...]) -> list[Document]:
    """Return the texts that a user named; of a folder those of its files that can be read.

    Raises
    ------
    ParameterError
        A place is no address of http or https without a password, no file and no folder, or a
        folder holds no text.
    """
    found: list[str] = []
    for place in places:
        if "://" in place:
            try:
                split = urlsplit(place)
                host = (httpx.URL(place).host and split.hostname) or ""
            except (ValueError, httpx.InvalidURL):
                split, host = urlsplit(""), ""
            if split.scheme not in {"http", "https"} or not host or split.username is not None:
                raise refused(
                    "address",
                    f"{place.partition('://')[0]}://{host}{split.path}",
                    Text(
                        "http(s):// 网址，不含用户名与密码", "http(s):// without user or password"
                    ),
                )
            found.append(split._replace(fragment="").geturl())
        elif Path(place).is_dir():
            files = sorted(one for one in Path(place).iterdir() if one.suffix.lower() in _KINDS)
            if not files:
                raise _no_text(place)
            found += map(str, files)
        elif Path(place).is_file() and Path(place).suffix.lower() in _KINDS:
            found.append(place)
        else:
            raise _no_text(place)
    return [Document(_name(place), place) for place in dict.fromkeys(found)]


def _no_text(place: str) -> ParameterError:
    return refused(
        "release",
        place,
        Text(
            "网址，或 .html、.htm、.txt 文件及其文件夹",
            "an address, or a file of .html, .htm or .txt, or a folder of such",
        ),
    )


def _name(place: str) -> str:
    """Return a name that tells the text and no two places share."""
    last = re.sub(r"[^\w.-]", "_", (urlsplit(place).path if "://" in place else place))
    digest = hashlib.sha256(place.encode()).hexdigest()[:8]
    return f"{digest}-{last.rpartition('/')[2][-60:]}"


def read(document: Document, client: Client) -> Words:
    """Return a text and what it says of itself; its bytes are kept with the replies.

    Raises
    ------
    DataMissingError
        It cannot be had, or holds no words on investment.
    """
    if document.is_address:
        content = client.text(document.name, document.place, holds=_SUBJECT)
    else:
        content = _file(document, client)
    meta, text = dict[str, str](), content.replace("\r", "").strip()
    title = text.partition("\n")[0]
    if re.search(r"<(?:p|div|td|body|html|br)\b", content, re.IGNORECASE):
        page = Page(content)
        meta, text = page.meta, text_of(content)
        title = next((meta[one] for one in _META_TITLES if meta.get(one)), page.title)
    return Words(text, title, _publisher(meta, text), _day(meta, text, document))


def _file(document: Document, client: Client) -> str:
    content = kept = client.archive.replies.get(document.name)
    if content is None:
        missing = Text("读不到文件", "the file cannot be read")
        content = bytes_of(Path(document.place), missing, where=document.shown)
    try:
        text = as_text(content, _SUBJECT)
    except UnreadableError as unreadable:
        raise ServiceError(unreadable.what, where=document.shown, got=unreadable.got) from None
    if kept is None:
        client.archive.keep(document.name, content, client.archive.clock())
    return text


def _publisher(meta: dict[str, str], text: str) -> str:
    told = next((meta[one] for one in _META_PUBLISHERS if meta.get(one)), "")
    found = _PUBLISHER.search(text)
    return told or (found[1] if found else "")


def _day(meta: dict[str, str], text: str, document: Document) -> datetime.date | None:
    """Return the day of publication that address, page or text tells; None: none does."""
    told = [match.groups() for match in [_DAY_IN_ADDRESS.search(document.place)] if match]
    words = " ".join(meta[one] for one in _META_DAYS if meta.get(one))
    told += re.findall(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", words)
    head = text[:_HEAD]
    told += _DAY.findall(head) + _DAY_ALONE.findall(head)
    for year, month, day in told:
        try:
            return datetime.date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def region_of(words: Words) -> tuple[str, str]:
    """Return the code of the region that a text is of, and its name; empty: not clear.

    A region that the title names counts first, then the publisher. A text that says nothing of
    itself is the nation's only where it states the nation's total and speaks of no 全省, 我市.

    Examples
    --------
    >>> region_of(Words("", "2026年1—8月陕西省固定资产投资运行情况", "", None))
    ('610000', '陕西省')
    >>> region_of(Words("", "1—8月全市固定资产投资", "湖南省临江市统计局", None))
    ('', '临江市')
    """
    if "全国" in words.title:
        return NATION, "全国"
    for told in (words.title, words.publisher):
        names = _regions_in(told)
        if len(names) == 1:
            return names[0]
        if names:
            return "", ""
        if own := re.search(
            r"([\u4e00-\u9fff]{1,8}?(?:市|州|盟|县|区|旗))(?:统计|固定资产|人民政)", told
        ):
            name = re.sub(r"^.*?(?:月份?|年|度)", "", own[1])
            if not name.startswith(("全", "我", "本")):
                return "", name
    if words.publisher in {"国家统计局", "国家统计局网站"}:
        return NATION, "全国"
    if _NATIONAL.search(words.text) and not _OWN.search(words.text):
        return NATION, "全国"
    return "", ""


def _regions_in(told: str) -> list[tuple[str, str]]:
    """Return code and name of the region that some words name; an empty code: one not in the table.

    Of several that are written out, as 湖南省邵阳市, the last is meant.
    """
    found: dict[str, tuple[int, str]] = {}
    for code, region in known_regions().items():
        name, short = region.name.zh, _ENDING.sub("", region.name.zh)
        at = told.rfind(name)
        # 吉林市 is not 吉林, and 海南州 is not 海南
        brief = re.search(f"{re.escape(short)}(?![省市州盟县区旗])", told) if at < 0 else None
        if code != NATION and (at >= 0 or (brief and len(short) > 1)):
            found[code] = (at if brief is None else brief.start(), short if brief else name)
    if not found:
        return []
    last = max(found.values())
    inside = _SMALLER.match(told[last[0] + len(last[1]) :])
    if inside:
        return [("", inside[0])]
    whole = [(code, name) for code, (at, name) in found.items() if (at, name) == last]
    named = {name for _, name in found.values()}
    is_written_out = last[1] == known_regions()[whole[0][0]].name.zh
    return whole if len(named) == 1 or is_written_out else [(code, "") for code in found]
