"""``faiwatch doctor``: what this computer, store and workspace lack, a line each with its cure."""

from __future__ import annotations

import datetime
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict

import typer

from faiwatch.cli.options import JsonOption, SiteOption, print_json, told
from faiwatch.core import __version__
from faiwatch.core.errors import (
    DataMissingError,
    FaiwatchError,
    ParameterError,
    PublicationBlockedError,
)
from faiwatch.core.extras import EXTRA_OF, has_extra
from faiwatch.core.phrases import say
from faiwatch.core.plugins import RULES, SOURCES, described, is_left_out, plugins
from faiwatch.core.text import NOTHING, Text
from faiwatch.data.parameter_types import EMBEDDED, OURS, OVER_EMBEDDED
from faiwatch.run.workspace import read_lock, settings

_LEAST_MB = 1000  # a site of one region in both languages, its runs, and room for temporary files
_BROWSERS = ("chromium", "google-chrome", "chrome", "firefox", "msedge")
_CHINESE_FONTS = ("cjk", "wqy", "sourcehan", "source-han", "simsun", "simhei", "notosanssc")
_STORE = "data/vintages"  # where a workspace keeps what was fetched
_MARKS = {"ok": Text("正常", "ok"), "note": Text("提示", "note"), "wrong": Text("异常", "wrong")}
State = Literal["ok", "note", "wrong"]
_NAMES = {
    "versions": Text("版本", "versions"),
    "workspace": Text("工作目录", "workspace"),
    "plugins": Text("插件", "plug-ins"),
    "fonts": Text("字体", "fonts"),
    "browser": Text("浏览器", "browser"),
    "disk": Text("磁盘", "disk"),
    "clock": Text("时钟", "clock"),
    "store": Text("数据仓", "store"),
    "freshness": Text("时效", "freshness"),
    "schedule": Text("定时运行", "timed runs"),
}


class CheckRow(TypedDict):
    """One row of ``faiwatch doctor --json``, in the language asked for; no cure needed = empty."""

    check: str
    state: State
    found: str
    cure: str


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, what was found, and what to do about it."""

    name: str
    state: State
    found: Text
    cure: Text = NOTHING
    exit_code: int = 0


def doctor(site: SiteOption = Path("site"), as_json: JsonOption = False) -> int:
    """Look at everything that pages need; the exit code is that of the gravest thing found."""
    from faiwatch.page.known import beijing_day

    checks = list(examine(site, beijing_day()))
    rows: list[CheckRow] = [
        {"check": one.name, "state": one.state, "found": f"{one.found}", "cure": f"{one.cure}"}
        for one in checks
    ]
    if as_json:
        print_json(rows)
    for row in [] if as_json else rows:
        cure = f" → {row['cure']}" if row["cure"] else ""
        what = f"{_NAMES[row['check']]}{told('：', ': ')}{row['found']}"
        typer.echo(f"{_MARKS[row['state']]}  {what}{cure}")
    return max(one.exit_code for one in checks)


def examine(site: Path, today: datetime.date) -> Iterable[Check]:
    """Yield what is found, one thing after the other.

    Parameters
    ----------
    site : Path
        Folder of the site.
    today : date
        What the clock says, in Beijing.
    """
    yield _versions()
    yield from _workspace()
    yield from _plugins()
    yield _fonts()
    yield _browser()
    yield _disk(site)
    yield _clock(today)
    yield from _figures(today)
    yield _schedule()


def _versions() -> Check:
    extras = sorted({extra for module, extra in EXTRA_OF.items() if has_extra(module)})
    told = say(
        "cli.doctor.versions",
        version=__version__,
        python=platform.python_version(),
        own=" ".join(extras) or "-",
    )
    return Check("versions", "ok", told)


def _workspace() -> Iterable[Check]:
    lock = read_lock(Path())
    if lock is None:
        return
    if lock.version == __version__:
        yield Check("workspace", "ok", Text("与软件版本一致", "as new as the package"))
    else:
        by = lock.version or Text("未知版本", "an unknown version")
        told = say("cli.doctor.laid_out_by", by=by, version=__version__)
        yield Check("workspace", "note", told, Text("faiwatch init .", "faiwatch init ."))


def _plugins() -> Iterable[Check]:
    from faiwatch.data.live import source_named

    for one in [*plugins(SOURCES).values(), *plugins(RULES).values()]:
        words, is_broken = f"{one.group} {described(one)}", is_left_out(one)
        if one.group == SOURCES:
            try:
                source_named(one.name)
            except ParameterError as error:
                words, is_broken = f"{words}: {error.parts['got']}", True
        mend = Text("升级或卸载该软件包", "update the package or remove it")
        cure = mend if is_broken else NOTHING
        yield Check("plugins", "note" if is_broken else "ok", Text(words, words), cure)


def _fonts() -> Check:
    found = sys.platform in {"win32", "darwin"}  # come with them
    if not found and (lister := shutil.which("fc-list")):
        said = subprocess.run(
            [lister, ":lang=zh", "family"], capture_output=True, check=False, timeout=60
        )
        found = bool(said.stdout.strip())
    elif not found:
        folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
        names = (file.name.lower() for folder in folders for file in folder.rglob("*.?t?"))
        found = any(font in name for name in names for font in _CHINESE_FONTS)
    if found:
        return Check("fonts", "ok", Text("有中文字体", "there is a Chinese font"))
    return Check(
        "fonts",
        "wrong",
        Text("没有中文字体，图中文字会成方框", "no Chinese font: words in charts would be boxes"),
        Text("安装 fonts-noto-cjk（Debian、Ubuntu）", "install fonts-noto-cjk (Debian, Ubuntu)"),
        PublicationBlockedError.exit_code,
    )


def _browser() -> Check:
    found = next((name for name in _BROWSERS if shutil.which(name)), None)
    if found or sys.platform in {"win32", "darwin"}:
        return Check("browser", "ok", Text(found or "系统自带", found or "that of the system"))
    return Check(
        "browser",
        "note",
        Text("本机没有浏览器；生成页面不需要", "none here; none is needed to make pages"),
        Text("把站点文件夹复制到有浏览器的电脑打开", "open the site's folder on another computer"),
    )


def _disk(site: Path) -> Check:
    from faiwatch.core.cache import cache_folder

    places = [site.absolute(), cache_folder().absolute()]
    for place in places:
        there = next(one for one in (place, *place.parents) if one.exists())
        free = shutil.disk_usage(there).free // 10**6
        writable = os.access(there, os.W_OK)
        if free < _LEAST_MB or not writable:
            full = say("cli.doctor.only_left", free=free)
            why = full if writable else Text("不可写", "cannot be written")
            return Check(
                "disk",
                "wrong",
                say("cli.doctor.of_place", place=place, why=why),
                say("cli.doctor.free_space"),
                PublicationBlockedError.exit_code,
            )
    return Check("disk", "ok", say("cli.doctor.free", free=free))


def _clock(today: datetime.date) -> Check:
    from faiwatch.data.release_dates import PLANNED, release_dates

    known = max(day for day, how in release_dates().values() if how != PLANNED)
    if today >= known:
        return Check("clock", "ok", say("cli.doctor.in_beijing", today=today))
    return Check(
        "clock",
        "wrong",
        say("cli.doctor.before_release", today=today, known=known),
        Text("校正系统时间", "set the clock of the system"),
        PublicationBlockedError.exit_code,
    )


def _figures(today: datetime.date) -> Iterable[Check]:
    """Yield whether the store can be read, and whether the newest release is in it."""
    from faiwatch.data.regions import NATION, code_of_region
    from faiwatch.data.release_dates import release_due
    from faiwatch.data.source import data_source

    given = settings().parameters
    data = str(given.get("data", EMBEDDED))
    region = code_of_region(str(given.get("region", NATION)))
    try:
        figures = data_source(data).newest()
    except FaiwatchError as error:
        found = Text(error.message("zh"), error.message("en"))
        yield Check("store", "wrong", found, exit_code=error.exit_code)
        return
    shown = data.removeprefix(OVER_EMBEDDED)
    where = Text("内置数据", "the embedded figures") if shown in OURS else Text(shown, shown)
    yield Check("store", "ok", say("cli.doctor.rows", where=where, rows=len(figures)))

    own = figures[(figures["region_code"] == region) & figures["ytd_yoy_pct"].notna()]
    held, due = str(own["period"].max()) if len(own) else "", release_due(today)
    if held >= due:
        yield Check("freshness", "ok", say("cli.doctor.figures_to", held=held))
        return
    # the calendar is that of the nation: when a region publishes is not known
    is_nation, until = region == NATION, held or Text("（无）", "(none)")
    yield Check(
        "freshness",
        "wrong" if is_nation else "note",
        say("cli.doctor.is_out", region=region, until=until, due=due),
        _renewal(shown),
        DataMissingError.exit_code if is_nation else 0,
    )


def _renewal(shown: str) -> Text:
    """Return how newer figures come to where they are read from."""
    if Path(shown).is_file():
        return say("cli.doctor.add_rows", file=shown)
    store = _STORE if shown in OURS else shown
    fetch = f"faiwatch fetch nbs_release --data {store}"
    if shown not in OURS:
        return say("cli.doctor.fetch_or_ingest", fetch=fetch)
    return say("cli.doctor.fetch_over", fetch=fetch, data=f'data = "{OVER_EMBEDDED}{store}"')


def _schedule() -> Check:
    """Look for faiwatch in the schedulers that this user may ask."""
    asked = (
        ("crontab", "-l"),
        ("systemctl", "list-timers", "--all", "--no-pager"),
        ("systemctl", "--user", "list-timers", "--all", "--no-pager"),
        ("schtasks", "/Query", "/FO", "LIST"),
    )
    for command in asked:
        if shutil.which(command[0]):
            said = subprocess.run(command, capture_output=True, check=False, timeout=60)
            if b"faiwatch" in said.stdout:
                return Check("schedule", "ok", Text(command[0], command[0]))
    return Check(
        "schedule",
        "note",
        Text("本用户没有定时运行", "nothing runs by itself for this user"),
        say("cli.doctor.how_to_schedule"),
    )
