"""The data portal of the National Bureau of Statistics: published growth, nation and provinces.

DETAILS

What comes
    Observations. ``national``: ``total``, growth. ``sectors``: ``primary``, ``secondary``,
    ``tertiary``, growth. ``provinces``: ``total`` of the 31 provinces, growth. ``real_estate``:
    ``real_estate_development``, value and growth. ``ownership``: ``private``,
    ``state_controlled``, ``domestic``, ``hong_kong_macao_taiwan``, ``foreign``; ``structure``:
    ``construction_installation``, ``equipment_purchase``, ``other_expenses``; ``industries``:
    ``mining``, ``manufacturing`` and others; growth of each. ``main`` is the first four. The portal
    has no level of total investment; levels come from the releases
    (:mod:`faiwatch.data.live.nbs_release`).
Units
    Growth in percent on the same months a year earlier, comparable basis, as published; values
    in 100 million yuan. ``data/nbs_series.csv`` has the ids with name and unit (``*`` stands for
    any words; white space and ``_`` do not count). A reply with another name, unit or region is
    refused: an id that changes its meaning must not become a figure. Of
    ``data/nbs_named_series.csv`` the id is asked from the portal by that name; two series of
    one name, or none, are missing.
Missing
    The portal writes 无, an empty text or an empty list. None of them is zero. The wrong id for
    a year is answered with success and empty texts, so a series without any figure is missing.
Issued
    The portal does not say when a figure was published: ``issued`` is empty. In a store it is the
    day of the release calendar (:mod:`faiwatch.data.release_dates`).
Trouble
    A fresh client may get a page and a cookie first, so one call is made ahead and a page in
    place of JSON is asked for again. 403 from some networks. 1.2 seconds between calls.
Terms
    No key. Reasonable quotation with the source named (``data/README.md``, Terms).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, partial
from itertools import groupby
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from faiwatch.core.errors import DataInvalidError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.live import Got, Kind, Missing, MonthsSource, Part
from faiwatch.data.live.http import Client, ServiceError
from faiwatch.data.live.replies import shaped
from faiwatch.data.live.rows import number_in, observation_rows, without_figure
from faiwatch.data.parameter_types import Help
from faiwatch.data.reference import table_rows
from faiwatch.data.regions import NATION, known_regions, provinces

SOURCE_ID = "NBS-PORTAL"
MAIN = ("national", "sectors", "provinces", "real_estate")
GROUPS = (*MAIN, "ownership", "structure", "industries")
_NOT_PUBLISHED = {"", "无"}
_SUCCESS = 20000
_GROUP = f"(?:{'|'.join(GROUPS)})"


@dataclass(frozen=True, slots=True)
class PortalSeries:
    """One row of ``data/nbs_series.csv``; of ``nbs_named_series.csv`` without an id."""

    series: str
    indicator: str
    figure: str
    areas: str
    root: str
    cid: str
    name: str
    unit: str
    id: str = ""

    def is_called(self, words: str) -> bool:
        """Whether the portal calls this series so."""
        return fnmatchcase(re.sub(r"[\s_]", "", words), self.name)


class _Row(BaseModel):
    """One figure of a reply; ``areaCode`` in provincial ones, ``da`` in national ones."""

    model_config = ConfigDict(coerce_numbers_to_str=True)

    id: str = Field(alias="_id")
    i_showname: str = ""
    du_name: str = ""
    value: Annotated[str, BeforeValidator(lambda value: "" if value is None else value)] = ""
    areaCode: str = ""
    da: str = ""


class _Month(BaseModel):
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}MM$")]
    values: list[_Row] | None = None


class _Listed(BaseModel):
    id: str = Field(alias="_id")
    i_showname: str = ""


class _List(BaseModel):
    list: list[_Listed]


class _ListReply(BaseModel):
    data: _List


class _Reply(BaseModel):
    state: int
    message: str = ""
    data: list[_Month] | None = None


class Source(MonthsSource):
    """The portal."""

    KIND: ClassVar[Kind] = "observations"
    PAUSE: ClassVar[float] = 1.2

    series: Annotated[
        str,
        StringConstraints(pattern=f"^(?:all|main|{_GROUP}(?:,{_GROUP})*)$"),
        Help(
            say("data.nbs.series"),
            say("data.nbs.series_takes", groups=Text("、".join(GROUPS), ", ".join(GROUPS))),
        ),
    ] = "main"

    def address(self) -> str:
        """Return the public address of the portal's interface."""
        return "https://data.stats.gov.cn/dg/website/publicrelease/web/external"

    def parts(self, today: datetime.date) -> list[Part]:
        """Return one step for each group of series that was asked for."""
        named = {"all": GROUPS, "main": MAIN}
        groups = named.get(self.series) or tuple(dict.fromkeys(self.series.split(",")))
        parts = []
        for group in groups:
            known = (*portal_series(), *portal_series("nbs_named_series.csv"))
            wanted = sorted(
                (one for one in known if one.series == group), key=lambda one: (one.root, one.cid)
            )
            regions = provinces() if wanted[0].areas == "provinces" else [NATION]
            keys = [(region, one.indicator, one.figure) for one in wanted for region in regions]
            names = tuple(" ".join(key) for key in keys)
            parts.append(Part(group, names, partial(self._read, today, wanted, regions)))
        return parts

    def _read(
        self, today: datetime.date, wanted: list[PortalSeries], regions: list[str], client: Client
    ) -> Got:
        client.warm_up("/new/queryIndexTreeAsync", {"pid": "", "code": "1"})
        months = self.months(today)
        known = known_regions()
        figures: list[dict[str, object]] = []
        unknown: list[Missing] = []
        for (root, cid), members in groupby(wanted, lambda one: (one.root, one.cid)):
            series, without_id = _with_ids(client, cid, list(members))
            unknown += without_id
            if not series:
                continue
            body = {
                "cid": cid,
                "indicatorIds": list(series),
                "daCatalogId": "",
                "das": [
                    {"text": known[region].name.zh, "value": f"{region}000000"}
                    for region in regions
                ],
                "dts": ["-".join(f"{month.replace('-', '')}MM" for month in months)],
                "showType": "3" if len(regions) > 1 else "1",
                "rootId": root,
            }
            name = f"{wanted[0].series}-{cid[:8]}.json"
            reply = shaped(_Reply, client.json(name, "/stream/esData", body=body))
            figures += _figures(reply, series, set(regions))
        rows = observation_rows(figures, source=SOURCE_ID)
        lost = {one.series for one in unknown}
        keys = [(region, one.indicator, one.figure) for one in wanted for region in regions]
        keys = [key for key in keys if " ".join(key) not in lost]
        return Got(rows, (*unknown, *without_figure(rows, keys, self.demanded)))


@cache
def portal_series(file: str = "nbs_series.csv") -> tuple[PortalSeries, ...]:
    """Return the series of the portal in the order of a file."""
    return tuple(PortalSeries(**row) for row in table_rows(file))


def _with_ids(
    client: Client, cid: str, wanted: list[PortalSeries]
) -> tuple[dict[str, PortalSeries], list[Missing]]:
    """Return the series of one catalogue by id, asking for ids that are not on record."""
    by_id = {one.id: one for one in wanted if one.id}
    missing: list[Missing] = []
    nameless = [one for one in wanted if not one.id]
    if not nameless:
        return by_id, missing
    asked = {"cid": cid, "dt": "", "name": ""}
    reply = client.json(f"indicators-{cid[:8]}.json", "/new/queryIndicatorsByCid", params=asked)
    listed = shaped(_ListReply, reply).data.list
    for one in nameless:
        ids = {each.id for each in listed if one.is_called(each.i_showname)}
        if len(ids) == 1:
            by_id[ids.pop()] = one
            continue
        reason = say("data.nbs.not_one_series", n=len(ids), name=one.name)
        code = DataInvalidError.exit_code if ids else ServiceError.exit_code
        missing.append(Missing(f"{NATION} {one.indicator} {one.figure}", reason, code))
    return by_id, missing


def _figures(
    reply: _Reply, by_id: dict[str, PortalSeries], regions: set[str]
) -> Iterator[dict[str, object]]:
    """Yield the published figures of a reply after checking what each of them is."""
    if reply.state != _SUCCESS:
        raise ServiceError(Text("门户未能作答", "the portal could not answer"), got=reply.message)
    for month in reply.data or []:
        for row in month.values or []:
            if row.id not in by_id:
                continue
            series = by_id[row.id]
            _check(row, series)
            # a portal that ignores the filter answers for another region
            code = row.areaCode or row.da
            if not code.endswith("000000") or code[:6] not in regions:
                raise DataInvalidError(
                    Text("应答的地区不是所问的地区", "the reply is about another region"),
                    where=row.id,
                    got=code,
                    allowed=", ".join(sorted(regions)),
                )
            if row.value not in _NOT_PUBLISHED:
                yield {
                    "region_code": code[:6],
                    "indicator": series.indicator,
                    "period": f"{month.code[:4]}-{month.code[4:6]}",
                    series.figure: number_in(row.value.replace(",", ""), row.id),
                }


def _check(row: _Row, series: PortalSeries) -> None:
    """Raise `DataInvalidError` when a row has another name or unit than is on record."""
    name, unit = re.sub(r"[\s_]", "", row.i_showname), row.du_name.strip()
    if not series.is_called(name) or unit != series.unit:
        raise DataInvalidError(
            say("data.nbs.other_name"),
            where=row.id,
            got=f"{name} [{unit}]",
            allowed=f"{series.name} [{series.unit}]",
            todo=say("data.nbs.mend_table"),
        )
