"""Live sources: figures fetched from the services that publish them.

One module per source, with one class of one shape (:class:`LiveSource`); its docstring has the
DETAILS: what comes, in which unit, how missing figures look, what can go wrong, on which terms. A
source names the parts of what was asked; each part is fetched by itself, so that what can be had
is had, and what cannot is named (:class:`Missing`).

Two kinds of table come out (:mod:`faiwatch.data.live.rows`): ``observations``, year to date
as everywhere in faiwatch, and ``series``, monthly, quarterly or annual figures of other countries,
which mean something else and are never put into a year-to-date column.

Beside our sources stand those of other distributions, by the entry point ``faiwatch.sources``.
"""

from __future__ import annotations

import datetime
import importlib
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import isabstract
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from faiwatch.core import plugins
from faiwatch.core.errors import DataMissingError, FaiwatchError, ParameterError, nearest, refused
from faiwatch.core.phrases import texts_of
from faiwatch.core.text import Text
from faiwatch.data.parameter_types import Help

if TYPE_CHECKING:
    import pandas as pd

    from faiwatch.data.live.http import Client

Kind = Literal["observations", "series"]
_USUAL_MONTHS = 24
SOURCES = ("nbs", "nbs_release", "eastmoney", "fred", "eurostat", "worldbank", "akshare")

_WORDS = texts_of("data.live")
_ADDRESS = r"^(?:https?://(?:[A-Za-z0-9.-]+|\[::1\])(?::\d{1,5})?(?:/[A-Za-z0-9._/-]*)?)?$"

Base = Annotated[str, StringConstraints(pattern=_ADDRESS), Help.of(_WORDS, "base")]
Since = Annotated[
    str,
    StringConstraints(pattern=r"^(?:(?:19[5-9]\d|20\d\d)(?:-(?:0[1-9]|1[0-2]))?)?$"),
    Help.of(_WORDS, "since"),
]
Until = Annotated[
    str,
    StringConstraints(pattern=r"^(?:(?:19[5-9]\d|20\d\d)(?:-(?:0[2-9]|1[0-2]))?)?$"),
    Help.of(_WORDS, "until"),
]


@dataclass(frozen=True, slots=True)
class Missing:
    """One series that was asked for and did not come.

    Attributes
    ----------
    series : str
        Region and indicator, or the id in the source's own words.
    reason : Text
        Why, as far as it is known.
    exit_code : int
        10: not there (yet). 11: it came and contradicts what is known of it.
    """

    series: str
    reason: Text
    exit_code: int = 10


@dataclass(frozen=True, slots=True)
class Unread:
    """A clause of a text that has a figure of this kind and was not taken, and why."""

    words: str
    reason: Text


@dataclass(frozen=True, slots=True)
class MonthOnMonth:
    """Growth of a month's investment on the month before, adjusted for the season: no year to date.

    Attributes
    ----------
    region_code : str
        Six digits.
    month : str
        ``YYYY-MM``.
    growth_pct : float
        Percent.
    issued : date
        Of the release that states it; the next one revises it.
    """

    region_code: str
    month: str
    growth_pct: float
    issued: datetime.date


@dataclass(frozen=True, slots=True)
class Scope:
    """A sentence of a release's notes on what its figures cover.

    Attributes
    ----------
    month : str
        Of the release.
    indicator : str
        Of which it speaks; ``*``: of all.
    words : str
        The sentence.
    may_break : bool
        It says that something changed: a candidate for ``data/breaks.csv``.
    """

    month: str
    indicator: str
    words: str
    may_break: bool


@dataclass(frozen=True, slots=True)
class Got:
    """What a part brought: rows of the source's kind of table, and what it did not bring."""

    rows: pd.DataFrame
    missing: tuple[Missing, ...] = ()
    unread: tuple[Unread, ...] = ()
    monthly: tuple[MonthOnMonth, ...] = ()
    scope: tuple[Scope, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a fetch.

    Attributes
    ----------
    name : str
        For the progress line.
    series : tuple of str
        What is missing when the whole part fails.
    read : callable
        Fetches and checks it; raises `FaiwatchError` when the whole part fails.
    """

    name: str
    series: tuple[str, ...]
    read: Callable[[Client], Got]


class LiveSource(BaseModel, ABC):
    """What every source is: its fields are the parameters that a fetch gives it.

    Attributes
    ----------
    KIND : {"observations", "series"}
        Which table it makes.
    PAUSE : float
        Seconds between two calls of its service.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    KIND: ClassVar[Kind]
    PAUSE: ClassVar[float] = 0.5

    base: Base = ""

    @abstractmethod
    def address(self) -> str:
        """Return the public address of the service."""

    def secret(self) -> tuple[str, str] | None:
        """Return query parameter and name of the variable that holds its secret, if any."""
        return None

    @abstractmethod
    def parts(self, today: datetime.date) -> list[Part]:
        """Return the steps that bring what is asked."""


class MonthsSource(LiveSource):
    """A source of Chinese figures, which is asked for some months."""

    since: Since = ""
    until: Until = ""

    def months(self, today: datetime.date) -> tuple[str, str]:
        """Return the first and the last month that were asked for, ``YYYY-MM``.

        Raises
        ------
        ParameterError
            The first is after the last.

        Examples
        --------
        >>> checked("eastmoney", {"until": "2026-08"}).months(datetime.date(2026, 11, 2))
        ('2024-09', '2026-08')
        >>> years = {"since": "2015", "until": "2026"}
        >>> checked("eastmoney", years).months(datetime.date(2026, 11, 2))
        ('2015-01', '2026-11')
        """
        last = self.until or f"{today:%Y-%m}"
        if len(last) == 4:
            last = min(f"{last}-12", f"{today:%Y-%m}")
        year, month = divmod(12 * int(last[:4]) + int(last[5:]) - _USUAL_MONTHS, 12)
        first = self.since or f"{year}-{month + 1:02d}"
        first = f"{first}-01" if len(first) == 4 else first
        if first > last:
            raise ParameterError(
                Text("起始月份晚于截止月份", "the first month is after the last"),
                where="since, until",
                got=f"{first}, {last}",
            )
        return first, last

    @property
    def demanded(self) -> str:
        """The month that must be there, ``YYYY-MM``; empty: none was named."""
        return self.until if len(self.until) > 4 else ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a fetch brought.

    Attributes
    ----------
    source : str
        Name of the source.
    kind : {"observations", "series"}
        Which table it is.
    table : DataFrame
        Checked and sorted; may be empty.
    missing : tuple of Missing
        What was asked for and did not come, in the order asked.
    unread : tuple of Unread
        Clauses of a text that were not taken.
    monthly : tuple of MonthOnMonth
        Growth on the month before, which is in no table.
    scope : tuple of Scope
        What notes say of scope.
    """

    source: str
    kind: Kind
    table: pd.DataFrame
    missing: tuple[Missing, ...]
    unread: tuple[Unread, ...] = ()
    monthly: tuple[MonthOnMonth, ...] = ()
    scope: tuple[Scope, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 when everything came, else the worst reason's code."""
        return max((one.exit_code for one in self.missing), default=0)


def source_names() -> list[str]:
    """Return the names of all sources: ours, and then those of plug-ins."""
    return list(dict.fromkeys([*SOURCES, *plugins.plugins(plugins.SOURCES)]))


def source_named(name: str) -> type[LiveSource]:
    """Return a source: ours, or that of a plug-in.

    Raises
    ------
    ParameterError
        There is no such source, or the plug-in that has it is broken.
    """
    if name in SOURCES:
        return cast(type[LiveSource], importlib.import_module(f"{__name__}.{name}").Source)
    known = source_names()
    if name not in known:
        raise ParameterError(
            Text("没有这个数据来源", "there is no such source"),
            got=name,
            allowed=", ".join(known),
            todo=nearest(name, known),
        )
    plugin = plugins.plugins(plugins.SOURCES)[name]
    try:
        source = plugin.load()
        is_source = isinstance(source, type) and issubclass(source, LiveSource)
        if not is_source or isabstract(source) or source.KIND not in get_args(Kind):
            message = "a class of faiwatch.data.live.LiveSource with KIND, address and parts"
            raise TypeError(message)
    except Exception as error:  # whatever the code of others does when it is imported
        raise ParameterError(
            Text("插件提供的数据来源不可用", "the source of a plug-in is broken"),
            where=plugins.described(plugin),
            got=Text(plugins.reason(error), plugins.reason(error)),
            todo=Text("请升级或卸载该插件", "update the plug-in or remove it"),
        ) from None
    return cast(type[LiveSource], source)


def checked(name: str, values: Mapping[str, str | tuple[str, ...]]) -> LiveSource:
    """Return a source with its checked parameters.

    A refused value is not repeated in the message: it may be a secret in the wrong place.

    Raises
    ------
    ParameterError
        Unknown source, unknown parameter, or a value that is not allowed.

    Examples
    --------
    >>> checked("eastmoney", {"since": "2026-02"}).address()
    'https://datacenter-web.eastmoney.com'
    """
    model = source_named(name)
    for given in values:
        if given not in model.model_fields:
            raise ParameterError(
                Text(f"{name} 没有参数 {given!r}", f"{name} has no parameter {given!r}"),
                allowed=", ".join(model.model_fields),
                todo=nearest(given, model.model_fields),
            )
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        wrong = str(error.errors()[0]["loc"][0])
        helps = [one for one in model.model_fields[wrong].metadata if isinstance(one, Help)]
        allowed = helps[0].allowed if helps else error.errors()[0]["msg"]  # of a plug-in
        raise refused(wrong, None, allowed) from None


def base_address(name: str, source: LiveSource) -> str:
    """Return where the service is: parameter, ``FAIWATCH_<SOURCE>_URL``, or its public address."""
    given = os.environ.get(f"FAIWATCH_{name.upper()}_URL", "")
    return (source.base or checked(name, {"base": given}).base or source.address()).rstrip("/")


def fetch(
    name: str, source: LiveSource, client: Client, *, on_part: Callable[[str, int, int], None]
) -> Fetched:
    """Fetch what was asked, as far as it can be had.

    Parameters
    ----------
    name : str
        Its name.
    source : LiveSource
        From :func:`checked`.
    client : Client
        Speaks with the service.
    on_part : callable
        Told the name of each part when it begins, how many are done, and how many there are.

    Returns
    -------
    Fetched
        Also when nothing came: `missing` says what and why.
    """
    from faiwatch.data.live.rows import joined, without_contradictions

    got: list[Got] = []
    given_up: FaiwatchError | None = None
    today = client.archive.clock().date()
    try:
        steps = source.parts(today)
    except Exception as raised:
        if name in SOURCES or isinstance(raised, FaiwatchError):
            raise
        raise _failed(name, raised) from None
    for done, part in enumerate(steps):
        on_part(part.name, done, len(steps))
        try:
            if given_up is None:
                got.append(part.read(client))
                continue
            error = given_up
        except FaiwatchError as raised:
            error = raised
            given_up = raised if getattr(raised, "is_hopeless", False) else None
        except Exception as raised:
            if name in SOURCES:  # a bug of ours
                raise
            error = _failed(name, raised)
        reason = Text(error.message("zh"), error.message("en"))
        lost = tuple(Missing(one, reason, error.exit_code) for one in part.series)
        got.append(Got(joined([], source.KIND), lost))
    sure, twice = without_contradictions([one.rows for one in got], source.KIND)
    return Fetched(
        name,
        source.KIND,
        joined(sure, source.KIND),
        (*(one for each in got for one in each.missing), *twice),
        tuple(one for each in got for one in each.unread),
        tuple(dict.fromkeys(one for each in got for one in each.monthly)),
        tuple(dict.fromkeys(one for each in got for one in each.scope)),
    )


def _failed(name: str, why: Exception) -> DataMissingError:
    """Return the error for a plug-in that failed: whoever asked other sources goes on."""
    cause = plugins.reason(why)
    failed = Text("插件提供的数据来源出错", "the source of a plug-in failed")
    return DataMissingError(failed, where=name, got=Text(cause, cause))
