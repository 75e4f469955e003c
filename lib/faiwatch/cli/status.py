"""``faiwatch status``: what ran, what failed, what is late, and when the next release is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import typer

from faiwatch.cli.options import JsonOption, SiteArgument, print_json, told
from faiwatch.core.errors import DataMissingError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text, user_language
from faiwatch.data.parameter_types import LATEST
from faiwatch.data.regions import NATION

if TYPE_CHECKING:
    from faiwatch.site.run_record import RunRecord


class FailedPage(TypedDict):
    """A page whose last run did not end well."""

    page: str
    verdict: str
    cause: str
    run: str


class StatusAnswer(TypedDict):
    """What ``faiwatch status --json`` prints."""

    site: str
    pages: int
    last_run: str  # UTC
    failed: list[FailedPage]
    due: str  # the month that is out by the calendar
    late: dict[str, str]  # page to the month of its figures
    unfinished: list[str]
    calendar: str
    exit_code: int


def status(site: SiteArgument = Path("site"), as_json: JsonOption = False) -> int:
    """Look at the last run of each page; the exit code is that of the worst, or 10 when late."""
    from faiwatch.data.release_dates import release_due
    from faiwatch.page.known import beijing_day
    from faiwatch.run.report import worst_exit_code
    from faiwatch.run.unfinished import abandoned
    from faiwatch.site.releases import calendar_line
    from faiwatch.site.site import existing, page_address, read_records

    last: dict[str, RunRecord] = {}
    for record in read_records(existing(site)):  # newest first
        last.setdefault(page_address(record), record)
    if not last:
        raise DataMissingError(
            Text("站点中没有运行记录", "the site holds no run"),
            where=str(site),
            todo="faiwatch report",
        )
    today, spoken = beijing_day(), user_language()
    due = release_due(today)
    failed = {at: one for at, one in last.items() if one.verdict not in {"ok", "skipped"}}
    # the calendar is that of the nation; a page that was asked for an earlier month is not late
    late = {
        at: one
        for at, one in last.items()
        if at not in failed and (one.region, one.as_of) == (NATION, LATEST) and one.data_as_of < due
    }
    left, started = [one.name for one in abandoned(site)], max(one.started for one in last.values())
    code = worst_exit_code(list(last.values())) or (DataMissingError.exit_code if late else 0)
    if as_json:
        answer: StatusAnswer = {
            "site": str(site),
            "pages": len(last),
            "last_run": started,
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
        print_json(answer)
        return code
    typer.echo(say("cli.status.pages", site=site, pages=len(last), started=started))
    for words in _lines(site, failed, late, due, left):
        typer.echo(words)
    if not failed and not late:
        typer.echo(told("全部完成", "all done"))
    typer.echo(calendar_line(today, spoken))
    return code


def _lines(
    site: Path,
    failed: dict[str, RunRecord],
    late: dict[str, RunRecord],
    due: str,
    left: Sequence[str],
) -> Iterator[Text]:
    """Yield a line for each page that failed or is late, and for each run that was not finished."""
    from faiwatch.run.verdict import VERDICT_WORDS
    from faiwatch.site.site import last_good_date

    for at, one in failed.items():
        yield say(
            "cli.status.failed",
            page=at,
            words=VERDICT_WORDS[one.verdict],
            cause=one.cause,
            good=last_good_date(site, one) or Text("无", "none"),
        )
    for at, one in late.items():
        yield say("cli.status.late", page=at, held=one.data_as_of, due=due)
    for name in left:
        yield say("cli.status.unfinished", name=name)
