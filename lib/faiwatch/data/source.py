"""Where figures come from: what stands behind the parameter ``data``, asked once.

Examples
--------
>>> figures = data_source("embedded").newest()
>>> nation = figures.query("region_code == '000000' and indicator == 'total'")
>>> print(nation[["period", "ytd_value_100m", "ytd_yoy_pct"]].tail(1).to_string(index=False))
 period  ytd_value_100m  ytd_yoy_pct
2026-08        293092.0         -7.2
"""

from __future__ import annotations

import csv
import importlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from faiwatch.core.errors import refused
from faiwatch.core.paths import data_folder
from faiwatch.core.phrases import joined, say
from faiwatch.core.text import Text
from faiwatch.data.encoding import region_codes
from faiwatch.data.parameter_types import (
    ANSWERS_FILE,
    DEMO,
    DEMO_CITY,
    EMBEDDED,
    OURS,
    OVER_EMBEDDED,
    WORKBOOKS,
    is_store,
)
from faiwatch.data.regions import BELOW_PROVINCE, DEMO_DISTRICT, known_regions, region_named

if TYPE_CHECKING:
    import pandas as pd

_OWN_COLUMNS = (b"region_code", b"ytd_value_100m", b"ytd_yoy_pct")
_LONGEST_HEADER = 1 << 20  # bytes of a first line; a file without line ends is not read for it

# Parameters are checked against a source before anything heavy is imported: what loads pandas,
# fsspec or pyarrow is imported where it is asked for.


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who published figures that come with the project: name, address, and their terms of use."""

    name: Text
    address: str
    terms: str = ""


NBS = Publisher(
    Text("国家统计局", "National Bureau of Statistics of China"),
    "https://www.stats.gov.cn/",
    "https://www.stats.gov.cn/wzgl/202302/t20230217_1912857.html",
)
SHAOYANG = Publisher(
    Text("邵阳市人民政府统计月报", "monthly bulletins of the Shaoyang government (Hunan)"),
    "https://www.shaoyang.gov.cn/shaoyang/tjyb/",
)
GUANGDONG = Publisher(
    Text("广东省统计局", "Guangdong bureau of statistics"), "https://stats.gd.gov.cn/"
)


class DataSource(ABC):
    """Figures of one kind of place."""

    is_made_up = False
    is_embedded = False  # comes with the project, so its regions are those of the region table
    keeps_vintages = False
    store = ""  # address of the store of vintages that it reads

    @abstractmethod
    def vintages(self) -> pd.DataFrame:
        """Return everything that was issued, for questions "as known then".

        Returns
        -------
        DataFrame
            Observations (:mod:`faiwatch.data.schema`) with ``file`` and ``row``. Of a store, a
            month has a row for each time it was issued; otherwise one row a month.

        Raises
        ------
        DataMissingError
            The file or store is not there or holds no figures.
        DataInvalidError
            A figure breaks the contract; the message names its file and line.
        """

    def newest(self) -> pd.DataFrame:
        """Return the figures that stand: the newest of each month, sorted."""
        from faiwatch.data.newest import newest_figures

        return newest_figures(self.vintages())

    @abstractmethod
    def regions(self) -> set[str]:
        """Return the codes of the regions it can answer for, without loading the figures."""

    @property
    @abstractmethod
    def publisher(self) -> Text:
        """Who published the figures."""

    def publisher_of(self, regions: Sequence[str]) -> Text:  # noqa: ARG002
        """Return who published the figures of some regions: of one source, the same of all."""
        return self.publisher

    def published_by(self, regions: Sequence[str]) -> Sequence[Publisher]:  # noqa: ARG002
        """Return the publishers of some regions, where they are those of the project's figures."""
        return ()

    def ends_with(self, region: str) -> bool:  # noqa: ARG002
        """Whether figures of a region are a collection that is closed, so that none is late."""
        return False

    @property
    def files(self) -> Sequence[Path]:
        """The files that are read; none where there is no file to name."""
        return ()


@dataclass(frozen=True)
class Embedded(DataSource):
    """The official figures that come with the project, or its made-up district."""

    is_made_up: bool = False
    is_embedded = True

    def vintages(self) -> pd.DataFrame:
        """Return the figures; ``file`` is relative to the project."""
        from faiwatch.data.csv_file import read_embedded

        return read_embedded(list(self.files))

    def regions(self) -> set[str]:
        """Return the regions of the table that are not made up, or the made-up district."""
        if self.is_made_up:
            return {DEMO_DISTRICT}
        return {code for code, region in known_regions().items() if not region.is_made_up}

    @property
    def publisher(self) -> Text:
        """NBS, or that the figures are made up."""
        if self.is_made_up:
            return Text("演示数据（虚构）", "demonstration data (made up)")
        return NBS.name

    def publisher_of(self, regions: Sequence[str]) -> Text:
        """NBS for the nation and provinces; who printed the table for cities and districts."""
        found = [one.name for one in self.published_by(regions)] or [self.publisher]
        return joined(found, "、", "; ")

    def published_by(self, regions: Sequence[str]) -> Sequence[Publisher]:
        """Return the same with their addresses; none where the figures are made up."""
        below = {region_named(code).level in BELOW_PROVINCE for code in regions} or {False}
        if self.is_made_up:
            return ()
        return [one for one, is_below in ((NBS, False), (SHAOYANG, True)) if is_below in below]

    def ends_with(self, region: str) -> bool:
        """Nobody renews the figures of cities and districts; those of the NBS are fetched."""
        return not self.is_made_up and region_named(region).level in BELOW_PROVINCE

    @property
    def files(self) -> Sequence[Path]:
        """The files of the project."""
        if self.is_made_up:
            return (data_folder() / "demo" / "district.csv",)
        return tuple(
            data_folder() / "official" / f"{name}.csv"
            for name in ("national", "components", "provinces", "real_estate", "cities")
        )


@dataclass(frozen=True)
class DemoCity(Embedded):
    """The made-up city: the made-up district and two more, of which only totals are made up."""

    is_made_up: bool = True

    def regions(self) -> set[str]:
        """Return every made-up region of the table."""
        return {code for code, region in known_regions().items() if region.is_made_up}

    @property
    def files(self) -> Sequence[Path]:
        """The files of the project."""
        return tuple(data_folder() / "demo" / f"{name}.csv" for name in ("district", "city"))


@dataclass(frozen=True)
class File(DataSource):
    """A CSV of a user's own; it is called by its name, where it lies is nobody's business."""

    path: Path

    def vintages(self) -> pd.DataFrame:
        """Return the figures of the file."""
        from faiwatch.data.csv_file import read_observations

        return read_observations(self.path, name=self.path.name)

    def regions(self) -> set[str]:
        """Return the regions that a column of the file names."""
        try:
            status = self.path.stat()
            return set(_regions_in(self.path.absolute(), status.st_mtime_ns, status.st_size))
        except (KeyError, UnicodeDecodeError, csv.Error, OSError) as error:
            raise refused(
                "data",
                str(self.path),
                say("data.source.takes"),
                Text(f"读取失败：{error}", f"reading it failed: {error}"),
            ) from None

    @property
    def publisher(self) -> Text:
        """The name of the file."""
        return Text(self.path.name, self.path.name)

    @property
    def files(self) -> Sequence[Path]:
        """The file."""
        return (self.path,)


@lru_cache(maxsize=16)
def _regions_in(path: Path, _mtime_ns: int, _size: int) -> frozenset[str]:
    """Return the regions of a file; a batch of thousands of regions asks with every page."""
    return frozenset(region_codes(path))


@dataclass(frozen=True)
class AsFound(File):
    """A workbook, or a CSV in a shape of its own, read with the answers kept beside it."""

    def vintages(self) -> pd.DataFrame:
        """Return what the reader of such files makes of it; what it leaves open is an error.

        The reader stands in a room below, which is asked by its name.
        """
        reader = importlib.import_module("faiwatch.ingest.answered")
        found: pd.DataFrame = reader.observations_in(self.path)
        return found

    def regions(self) -> set[str]:
        """Return the regions that it names."""
        return set(self.vintages()["region_code"])

    @property
    def files(self) -> Sequence[Path]:
        """The file, and the answers beside it."""
        answers = self.path.parent / ANSWERS_FILE
        return (self.path, *([answers] if answers.is_file() else []))


def _is_as_found(path: Path) -> bool:
    """Whether a file has another shape than Observations: no column has a name of theirs."""
    if path.suffix.lower() in WORKBOOKS:
        return True
    try:
        if not path.is_file():  # a pipe or a device would be waited for, or never end
            return False
        with path.open("rb") as file:
            header = file.readline(_LONGEST_HEADER)
    except OSError:
        return False
    return bool(header.strip()) and not any(name in header for name in _OWN_COLUMNS)


@dataclass(frozen=True)
class Store(DataSource):
    """A store of vintages: a folder, or an address of S3."""

    address: str
    keeps_vintages = True

    @property
    def store(self) -> str:  # type: ignore[override]
        """Its address."""
        return self.address

    def vintages(self) -> pd.DataFrame:
        """Return everything that is kept."""
        from faiwatch.data.store import read_vintages

        return read_vintages(self.address)

    def regions(self) -> set[str]:
        """Return the regions that any vintage has."""
        from faiwatch.data.store_files import DataRoot

        return {code for kept in DataRoot(self.address).vintages() for code in kept.regions}

    @property
    def publisher(self) -> Text:
        """The last part of the address."""
        return Text(Path(self.address).name, Path(self.address).name)


@dataclass(frozen=True)
class Layered(DataSource):
    """What a store holds over the embedded figures: of each row the newest by its issue date.

    The embedded figures are what was known first; what the store holds was issued later, and
    earlier figures stay as history. See :func:`faiwatch.data.newest.laid_over`.
    """

    above: Store
    below: Embedded = Embedded()
    keeps_vintages = True

    @property
    def store(self) -> str:  # type: ignore[override]
        """The address of the store."""
        return self.above.address

    def vintages(self) -> pd.DataFrame:
        """Return the embedded figures, then everything that the store holds."""
        from faiwatch.data.newest import laid_over

        return laid_over(self.above.vintages(), self.below.vintages())

    def regions(self) -> set[str]:
        """Return the regions of either."""
        return self.below.regions() | self.above.regions()

    @property
    def publisher(self) -> Text:
        """NBS, and the store."""
        below, above = self.below.publisher, self.above.publisher
        return Text(f"{below.zh}、数据仓 {above.zh}", f"{below.en}; store {above.en}")

    @property
    def files(self) -> Sequence[Path]:
        """The files of the project."""
        return self.below.files


@dataclass(frozen=True, eq=False)
class Frame(DataSource):
    """A DataFrame that an analyst hands over."""

    frame: pd.DataFrame

    def vintages(self) -> pd.DataFrame:
        """Return the frame as checked Observations."""
        from faiwatch.data.frames import observations_of
        from faiwatch.data.schema import observations

        return observations(observations_of(self.frame))

    def regions(self) -> set[str]:
        """Return the regions of the frame."""
        return set(self.vintages()["region_code"])

    @property
    def publisher(self) -> Text:
        """That it is the analyst's own."""
        return Text("自备数据", "own figures")


def data_source(data: str | Path | pd.DataFrame | DataSource) -> DataSource:
    """Return what stands behind a value of ``data``.

    Parameters
    ----------
    data : str, Path, DataFrame or DataSource
        ``embedded`` (official figures), ``demo`` (made-up district), ``demo-city`` (the made-up
        city around it), the path of a CSV file with the Observations columns, that of a workbook or
        any other CSV (see :class:`AsFound`), a store of vintages (a folder or ``s3://...``),
        ``embedded+STORE`` (a store over the embedded figures), or a frame.

    Examples
    --------
    >>> data_source("embedded").publisher.zh, data_source("folder/own.csv").publisher.en
    ('国家统计局', 'own.csv')
    >>> [path.name for path in data_source("embedded").files]
    ['national.csv', 'components.csv', 'provinces.csv', 'real_estate.csv', 'cities.csv']
    """
    if isinstance(data, DataSource):
        return data
    if not isinstance(data, str | Path):
        return Frame(data)
    word = str(data)
    if word in OURS:
        return DemoCity() if word == DEMO_CITY else Embedded(is_made_up=word == DEMO)
    if word.startswith(OVER_EMBEDDED):
        return Layered(Store(word.removeprefix(OVER_EMBEDDED)))
    if is_store(word):
        return Store(word)
    return AsFound(Path(word)) if _is_as_found(Path(word)) else File(Path(word))


def read_ahead() -> None:
    """Read the official figures, so that kernels forked afterwards share them."""
    data_source(EMBEDDED).vintages()


def over_embedded(data: str) -> str:
    """Return ``embedded+STORE`` for a store that `fetch` alone has filled, else `data`.

    What `fetch` brings continues the embedded series, and alone is a few months of them. A store
    of a user's own figures stands alone, as does any other data.

    Raises
    ------
    DataMissingError, DataInvalidError
        The store cannot be read.

    Examples
    --------
    >>> over_embedded("embedded"), over_embedded("own.csv")
    ('embedded', 'own.csv')
    """
    from faiwatch.data.live import source_names

    if data.startswith(OVER_EMBEDDED) or not is_store(data):
        return data
    from faiwatch.data.store_files import DataRoot

    kept = {one.source for one in DataRoot(data).vintages()}
    return f"{OVER_EMBEDDED}{data}" if kept and kept <= set(source_names()) else data
