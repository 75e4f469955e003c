"""``faiwatch fetch``: figures from a live source, kept, and what did not come, said."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypedDict, cast

import typer
from rich.console import Console

from faiwatch.cli.options import (
    JsonOption,
    KeepInOption,
    ParameterOption,
    Row,
    argument,
    option,
    plain_rows,
    print_json,
    store_address,
)
from faiwatch.core.errors import refused
from faiwatch.core.phrases import say
from faiwatch.core.text import NOTHING, Language, Text, user_language
from faiwatch.data.parameter_types import EMBEDDED
from faiwatch.run.request import given_values

if TYPE_CHECKING:
    import pandas as pd

    from faiwatch.data.live import Fetched, LiveSource

OnPart = Callable[[str, int, int], None]
_MOST_REASONS = 10  # on a terminal; --json has them all

SourceArgument = Annotated[str, argument(say("cli.fetch.source"))]
DocumentsArgument = Annotated[list[str] | None, argument(say("cli.fetch.documents"))]
RegionOption = Annotated[str | None, option(say("cli.fetch.region"), "--region")]
FromOption = Annotated[str | None, option(say("cli.fetch.from"), "--from")]
ToOption = Annotated[str | None, option(say("cli.fetch.to"), "--to")]
NewOption = Annotated[bool, option(say("cli.fetch.new"), "--new")]
OutOption = Annotated[Path | None, option(say("cli.fetch.out"))]
MaxAgeOption = Annotated[float, option(say("cli.fetch.max_age"), min=0)]
TimeoutOption = Annotated[float, option(say("cli.fetch.timeout"), min=0.1)]
TriesOption = Annotated[int, option(say("cli.fetch.tries"), min=1, max=10)]
PauseOption = Annotated[float | None, option(say("cli.fetch.pause"), min=0)]


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What is asked for.

    Attributes
    ----------
    source : str
        Name of a live source.
    values : mapping
        Its parameters, as text.
    timeout : float
        Seconds without an answer.
    tries : int
        Calls for one reply at most.
    pause : float, optional
        Seconds between calls; None: what is right for the source.
    out : Path, optional
        CSV file for the table.
    root : str, optional
        Store of vintages for the table and the replies as they came.
    max_age : float
        Hours for which kept replies to the same question are good enough; 0: ask anew.
    is_new : bool
        Only what is not held yet: of the releases those after the newest one held, and nothing is
        kept that says nothing new.
    """

    source: str
    values: Mapping[str, str | tuple[str, ...]]
    timeout: float = 30.0
    tries: int = 3
    pause: float | None = None
    out: Path | None = None
    root: str | None = None
    max_age: float = 0.0
    is_new: bool = False

    def checked(self) -> LiveSource:
        """Return the source with its parameters (`ParameterError` where that cannot be met)."""
        from faiwatch.data.live import checked, source_named

        source = checked(self.source, self.values)
        if self.out is not None and self.out.suffix.lower() != ".csv":
            raise refused("out", str(self.out), Text("以 .csv 结尾的文件", "a file ending in .csv"))
        if self.root is not None and source_named(self.source).KIND != "observations":
            raise refused(
                "data",
                self.root,
                Text("仅限累计数据（observations）的来源", "only sources of observations"),
                Text("用 --out 存为 CSV", "save it as CSV with --out"),
            )
        if self.max_age and self.root is None:
            raise refused("max-age", self.max_age, Text("需同时给出 --data", "requires --data"))
        return source


class MissingRow(TypedDict):
    """One series that was asked for and did not come."""

    series: str
    reason: str


class MonthRow(TypedDict):
    """Growth of a month on the month before, which is no year to date."""

    region_code: str
    month: str
    month_on_month_pct: float
    issued: str


class ScopeRow(TypedDict):
    """What the notes of a release say of scope."""

    month: str
    indicator: str
    words: str
    may_break: bool


class UnreadRow(TypedDict):
    """One clause of a text that has a figure of investment and was not taken."""

    words: str
    reason: str


class FetchAnswer(TypedDict):
    """What ``faiwatch fetch --json`` prints."""

    source: str
    kind: str
    fetched: str
    rows: int
    table: list[Row]
    missing: list[MissingRow]
    unread: list[UnreadRow]
    month_on_month: list[MonthRow]
    scope: list[ScopeRow]
    out: str | None
    vintage: str | None


def fetch(  # noqa: PLR0913  options, not arguments
    source: SourceArgument,
    release: DocumentsArgument = None,
    region: RegionOption = None,
    from_: FromOption = None,
    to: ToOption = None,
    new: NewOption = False,
    parameter: ParameterOption = None,
    out: OutOption = None,
    data: KeepInOption = None,
    max_age: MaxAgeOption = 0,
    timeout: TimeoutOption = 30,
    tries: TriesOption = 3,
    pause: PauseOption = None,
    as_json: JsonOption = False,
) -> int:
    """Print the table as CSV, write it to a file, or keep it as a vintage; say what is missing."""
    values = given_values(parameter or []) | _asked_for(release, region, from_, to)
    address = None if data is None else store_address(data)

    request = FetchRequest(source, values, timeout, tries, pause, out, address, max_age, new)
    with _progress() as on_part:
        answer, fetched = fetch_answer(request, lang=user_language(), on_part=on_part)
    if as_json:
        print_json(answer)
    else:
        if out is None and data is None and answer["rows"]:
            typer.echo(_csv(fetched.table), nl=False)
        _summary(answer)
    return fetched.exit_code


def _asked_for(
    release: list[str] | None, region: str | None, since: str | None, until: str | None
) -> dict[str, str | tuple[str, ...]]:
    """Return the parameters that arguments and options stand for."""
    from faiwatch.data.regions import code_of_region

    code = code_of_region(region) if region else ""
    if region and not re.fullmatch(r"\d{6}", code):
        raise refused("region", region, say("cli.fetch.region_takes"))
    given = {"documents": tuple(release or ()), "region": code, "since": since, "until": until}
    return {name: value for name, value in given.items() if value}


@contextmanager
def _progress() -> Iterator[OnPart]:
    """Show a bar while parts are fetched, on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda name, done, total: None  # noqa: ARG005  nobody watches
        return

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=20), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda name, done, total: bar.update(
            task, description=name, completed=done, total=total
        )


def _summary(answer: FetchAnswer) -> None:
    """Say on stderr what came, where it is, what is missing, and what was not read."""
    places = " ".join(filter(None, [answer["out"], answer["vintage"]]))
    missing = answer["missing"]
    came = say(
        "cli.fetch.came",
        source=answer["source"],
        rows=answer["rows"],
        missing=len(missing),
        places=places,
    )
    lines: list[object] = [str(came).rstrip()]
    lines += [
        say("cli.fetch.lacking", series=one["series"], why=one["reason"])
        for one in missing[:_MOST_REASONS]
    ]
    if len(missing) > _MOST_REASONS:
        lines.append(f"… {len(missing) - _MOST_REASONS}")
    lines += [  # all of them: each may be a figure that was overlooked
        say("cli.fetch.unread", words=one["words"], why=one["reason"]) for one in answer["unread"]
    ]
    lines += [
        say("cli.fetch.on_month_before", month=one["month"], growth=one["month_on_month_pct"])
        for one in answer["month_on_month"]
    ]
    for note in answer["scope"]:
        candidate = say("cli.fetch.may_break") if note["may_break"] else NOTHING
        lines.append(say("cli.fetch.scope", words=note["words"], candidate=candidate))
    typer.echo("\n".join(map(str, lines)), err=True)


def fetch_answer(
    request: FetchRequest, *, lang: Language, on_part: OnPart
) -> tuple[FetchAnswer, Fetched]:
    """Fetch, keep and write what was asked for.

    Parameters
    ----------
    request : FetchRequest
        What is asked for.
    lang : {"zh", "en"}
        Language of the reasons.
    on_part : callable
        See :func:`faiwatch.data.live.fetch`.

    Returns
    -------
    (FetchAnswer, Fetched)
        The answer in plain values, and the table that it was made from. A file or vintage is
        written when at least one row came; what is missing is in the answer in any case.

    Raises
    ------
    ParameterError
        The request, or a file that cannot be written.
    DataInvalidError, DataMissingError
        The store cannot be read or written.
    """
    from faiwatch.core.files import atomic_write
    from faiwatch.data.live.held import with_news, without_unlike

    held = _held(request) if request.is_new else None
    request = request if held is None else _after_held(request, held)
    source = request.checked()
    now = datetime.datetime.now(datetime.UTC)
    question = hashlib.sha256(source.model_dump_json().encode()).hexdigest()[:12]
    original = f"{request.source}-{question}.zip"
    replies = _kept_replies(request, original, now)
    fetched, came = _asked(request, source, replies, on_part)
    if fetched.kind == "observations" and len(fetched.table):
        fetched = without_unlike(fetched, _held(request) if held is None else held)
    if held is not None:
        fetched = with_news(fetched, held)
    answer = _answer(fetched, now, lang)
    if request.root is not None and answer["rows"]:
        answer["vintage"] = _keep(fetched, original, {**replies, **came}, now, request.root)
    if request.out is not None and answer["rows"]:
        answer["out"] = str(request.out)
        try:
            atomic_write(request.out, _csv(fetched.table))
        except OSError as error:
            writable = Text("可写的文件", "a writable file")
            raise refused("out", answer["out"], writable, error.strerror) from None
    return answer, fetched


def _keep(
    fetched: Fetched, original: str, replies: Mapping[str, bytes], now: datetime.datetime, root: str
) -> str:
    """Keep a table and the replies it was read from; return the id of the vintage."""
    from faiwatch.data.live.replies import bundle
    from faiwatch.data.release_dates import dated
    from faiwatch.data.store import Ingest, keep

    # a service tells the figures of today, a release those of its own day
    day = now.date() if fetched.table["issued"].isna().any() else None
    ingest = Ingest(original, bundle(replies), fetched.source, now, day)
    return keep(dated(fetched.table, today=now.date()), ingest, address=root).id


def _answer(fetched: Fetched, now: datetime.datetime, lang: Language) -> FetchAnswer:
    """Return what came in plain values; where it was put is not known here."""
    return FetchAnswer(
        source=fetched.source,
        kind=fetched.kind,
        fetched=now.isoformat(timespec="seconds"),
        rows=len(fetched.table),
        table=plain_rows(fetched.table),
        missing=[
            MissingRow(series=one.series, reason=one.reason.in_language(lang))
            for one in fetched.missing
        ],
        unread=[
            UnreadRow(words=one.words, reason=one.reason.in_language(lang))
            for one in fetched.unread
        ],
        month_on_month=[
            MonthRow(
                region_code=one.region_code,
                month=one.month,
                month_on_month_pct=one.growth_pct,
                issued=str(one.issued),
            )
            for one in fetched.monthly
        ],
        scope=[cast("ScopeRow", asdict(one)) for one in fetched.scope],
        out=None,
        vintage=None,
    )


def _after_held(request: FetchRequest, held: pd.DataFrame) -> FetchRequest:
    """Return the request for the releases after the newest one that is held."""
    from faiwatch.data.regions import NATION

    if request.source != "nbs_release" or {"documents", "month", "page"} & set(request.values):
        return request
    growth = held[(held["region_code"] == NATION) & (held["indicator"] == "total")]
    newest = str(growth.dropna(subset=["ytd_yoy_pct"])["period"].max())
    return replace(request, values={**request.values, "after": newest})


def _asked(
    request: FetchRequest, source: LiveSource, replies: Mapping[str, bytes], on_part: OnPart
) -> tuple[Fetched, dict[str, bytes]]:
    """Return what the source brought, and the replies that came over the wire."""
    from faiwatch.core.secrets import secret_named
    from faiwatch.data.live import base_address, fetch
    from faiwatch.data.live.http import Client, Manners
    from faiwatch.data.live.replies import Archive
    from faiwatch.data.live.wire import Secret

    came: dict[str, bytes] = {}
    archive = Archive(
        clock=lambda: datetime.datetime.now(datetime.UTC),
        keep=lambda name, content, _: came.update({name: content}),
        replies=replies,
    )
    pause = source.PAUSE if request.pause is None else request.pause
    manners = Manners(request.timeout, request.tries, pause)
    needed = source.secret()
    secret = None if needed is None else Secret(needed[0], secret_named(needed[1]))
    with Client(base_address(request.source, source), manners, archive, secret=secret) as client:
        return fetch(request.source, source, client, on_part=on_part), came


def _held(request: FetchRequest) -> pd.DataFrame:
    """Return the figures that are here already: of the store, and the embedded ones."""
    import pandas as pd

    from faiwatch.data.schema import KEYS
    from faiwatch.data.source import data_source
    from faiwatch.data.store_files import DataRoot

    embedded = data_source(EMBEDDED).newest()
    if request.root is None or not DataRoot(request.root).vintages():
        return embedded
    held = pd.concat([data_source(request.root).newest(), embedded], ignore_index=True)
    return held.drop_duplicates([*KEYS, "period"])


def _kept_replies(request: FetchRequest, original: str, now: datetime.datetime) -> dict[str, bytes]:
    """Return the replies to the same question that the store holds and that are young enough."""
    from faiwatch.data.live.replies import unbundled
    from faiwatch.data.store_files import ORIGINALS, DataRoot

    if request.root is None or not request.max_age:
        return {}
    root = DataRoot(request.root)
    oldest = now - datetime.timedelta(hours=request.max_age)
    young = [
        one
        for one in root.vintages()
        if one.original == original and datetime.datetime.fromisoformat(one.fetched) >= oldest
    ]
    if not young:
        return {}
    newest = max(young, key=lambda one: one.fetched)
    name = f"{ORIGINALS}/{newest.original_sha256}"
    return unbundled(root.read_sound({name: newest.original_sha256})[0])


def _csv(table: pd.DataFrame) -> str:
    """Return a table as CSV that ``data=FILE.csv`` reads back; missing figures are empty."""
    if not table.empty:
        from faiwatch.data.frames import harmless_frame

        days = table["issued"].dt.strftime("%Y-%m-%d")
        table = harmless_frame(table.assign(period=table["period"].astype("str"), issued=days))
    return str(table.to_csv(index=False, lineterminator="\n"))
