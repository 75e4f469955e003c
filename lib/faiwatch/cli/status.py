"""``faiwatch status``: what ran, what failed, what is late, and when the next release is."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from faiwatch.cli.doctor import BEIJING, release_due
from faiwatch.cli.options import JsonOption, LangOption, argument, print_json, told
from faiwatch.core.errors import DataMissingError
from faiwatch.core.text import Text, user_language
from faiwatch.data.parameter_types import LATEST
from faiwatch.data.regions import NATION

if TYPE_CHECKING:
    from faiwatch.site.run_record import RunRecord

SiteArgument = Annotated[Path, argument(Text("站点文件夹", "site folder"))]
HELP = Text(
    "站点的运行情况：做了什么、哪些失败或滞后、下次发布",
    "Say what ran, what failed, what is late, and when the next release is.",
)


def status(
    site: SiteArgument = Path("site"),
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> int:
    """Look at the last run of each page; the exit code is that of the worst, or 10 when late."""
    from faiwatch.run.report import worst_exit_code
    from faiwatch.run.unfinished import abandoned
    from faiwatch.run.verdict import VERDICT_WORDS
    from faiwatch.site.releases import calendar_line
    from faiwatch.site.site import existing, last_good_date, page_address, read_records

    last: dict[str, RunRecord] = {}
    for record in read_records(existing(site)):  # newest first
        last.setdefault(page_address(record), record)
    if not last:
        raise DataMissingError(
            Text("站点中没有运行记录", "the site holds no run"),
            where=str(site),
            todo="faiwatch report",
        )
    today, spoken = datetime.datetime.now(BEIJING).date(), user_language()
    due = release_due(today)
    failed = {at: one for at, one in last.items() if one.verdict not in {"ok", "skipped"}}
    # the calendar is that of the nation; a page that was asked for an earlier month is not late
    late = {
        at: one
        for at, one in last.items()
        if at not in failed and (one.region, one.as_of) == (NATION, LATEST) and one.data_as_of < due
    }
    left = [folder.name for folder in abandoned(site)]
    ended = max(record.started for record in last.values())
    code = worst_exit_code(list(last.values())) or (DataMissingError.exit_code if late else 0)
    if as_json:
        print_json(
            {
                "site": str(site),
                "pages": len(last),
                "last_run": ended,
                "failed": [
                    {"page": at, "verdict": one.verdict, "cause": one.cause, "run": one.run_id}
                    for at, one in failed.items()
                ],
                "due": due,
                "late": {at: one.data_as_of for at, one in late.items()},
                "unfinished": left,
                "calendar": calendar_line(today, spoken),
                "exit_code": code,
            }
        )
        return code
    lines = [
        (
            f"{site}：{len(last)} 个页面，最近一次运行 {ended}",
            f"{site}: {len(last)} pages, last run {ended}",
        )
    ]
    for at, one in failed.items():
        good, words = last_good_date(site, one) or told("无", "none"), VERDICT_WORDS[one.verdict]
        zh = f"失败  {at}：{words.zh}；{one.cause}；最近完好页面 {good}"
        lines.append((zh, f"failed  {at}: {words.en}; {one.cause}; last good page {good}"))
    for at, one in late.items():
        zh = f"滞后  {at}：数据至 {one.data_as_of}，{due} 按日程应已发布"
        lines.append((zh, f"late  {at}: figures to {one.data_as_of}; {due} is due by the calendar"))
    for name in left:
        zh = f"未完成  {name}：faiwatch prune 可清理"
        lines.append((zh, f"unfinished  {name}: faiwatch prune removes it"))
    for zh, en in lines:
        typer.echo(told(zh, en))
    if not failed and not late:
        typer.echo(told("全部完成", "all done"))
    typer.echo(calendar_line(today, spoken))
    return code
