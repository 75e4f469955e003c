"""Vintages: every ingest is kept as it came, by issue date, and nothing is ever changed.

What was issued when decides what a page with an earlier ``as_of`` may know, so each row has an
issue date: its own, or the one of the ingest. Files and promises: :mod:`faiwatch.data.store_files`.
"""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet  # type: ignore[import-untyped]

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.core.files import hash_of
from faiwatch.core.phrases import say
from faiwatch.core.text import Text
from faiwatch.data.schema import KEYS, observations, place_of
from faiwatch.data.store_files import ORIGINALS, DataRoot, Vintage


@dataclass(frozen=True, slots=True)
class Ingest:
    """What came, and from where.

    Attributes
    ----------
    name : str
        Name of the file, or address without secrets.
    content : bytes
        What came, byte for byte.
    source : str
        Source id; that of rows which name none.
    fetched : datetime
        When we got it, with time zone.
    issued : date, optional
        When it was published; None when every row says it.
    """

    name: str
    content: bytes
    source: str
    fetched: datetime.datetime
    issued: datetime.date | None = None


def keep(table: pd.DataFrame, ingest: Ingest, *, address: str) -> Vintage:
    """Keep what was read from an ingest, and the original, in the store at `address`.

    Keeping the same thing again changes nothing and returns the manifest that is there; a file
    of it that was damaged meanwhile is mended.

    Parameters
    ----------
    table : DataFrame
        Observations, one row a month. Rows without ``issued`` get the date of the ingest.
    ingest : Ingest
        The original and where it came from.
    address : str
        Data root.

    Returns
    -------
    Vintage
        The manifest; from now on readers see the vintage.

    Raises
    ------
    DataInvalidError
        The table breaks its contract, a row has no issue date, or one after the ingest's.
    DataMissingError
        The store cannot be read or written; nothing of the ingest is visible.
    """
    dated = _dated(observations(table), ingest)
    dated = dated.assign(source=dated["source"].where(dated["source"] != "", ingest.source))
    plain = dated.assign(period=dated["period"].astype("str"))
    buffer, root = io.BytesIO(), DataRoot(address)
    pyarrow.parquet.write_table(
        pa.Table.from_pandas(plain, preserve_index=False), buffer, compression="zstd"
    )
    vintage = Vintage(
        issued=f"{ingest.issued or dated['issued'].max():%Y-%m-%d}",
        source=ingest.source,
        fetched=ingest.fetched.astimezone(datetime.UTC).isoformat(),
        original=ingest.name,
        original_sha256=hash_of(ingest.content),
        table_sha256=hash_of(buffer.getvalue()),
        rows=len(dated),
        regions=tuple(sorted(dated["region_code"].unique())),
        indicators=tuple(sorted(dated["indicator"].unique())),
        first_period=str(dated["period"].min()),
        last_period=str(dated["period"].max()),
    ).named()
    root.put(f"{ORIGINALS}/{vintage.original_sha256}", ingest.content)
    root.put(vintage.table_file, buffer.getvalue())
    there = root.vintage_named(vintage.id)
    if there is None:
        root.put(vintage.file, vintage.model_dump_json(indent=1).encode())
    return there or vintage


def read_vintages(address: str) -> pd.DataFrame:
    """Return everything that a store holds: one figure once for each time it was issued.

    Parameters
    ----------
    address : str
        Data root.

    Returns
    -------
    DataFrame
        Columns of Observations and ``vintage`` (id of the manifest), in the order of issue. A
        row's own issue date counts where the row is the first that the store has of its month;
        a later vintage's row is dated by its vintage, since a correction was not known before
        the vintage that brought it, whatever date stands beside the figure.

    Raises
    ------
    DataMissingError
        The store holds nothing or cannot be reached.
    DataInvalidError
        A file of it is damaged or missing; the message names it.
    """
    root = DataRoot(address)
    kept = root.vintages()
    if not kept:
        raise DataMissingError(
            Text("数据仓是空的", "the store holds no vintage"),
            where=address,
            todo="faiwatch keep FILE.csv --data ... --issued YYYY-MM-DD",
        )
    hashes = {one.table_file: one.table_sha256 for one in kept}
    contents = dict(zip(hashes, root.read_sound(hashes), strict=True))
    tables = [_from_parquet(contents[one.table_file], one) for one in kept]
    everything = pd.concat(tables, ignore_index=True)
    is_first = everything["vintage"] == everything.groupby([*KEYS, "period"])["vintage"].transform(
        "first"
    )
    by_vintage = everything["vintage"].map({one.id: pd.Timestamp(one.issued) for one in kept})
    dates = everything["issued"].where(is_first, by_vintage)
    return everything.assign(issued=dates.astype("datetime64[ns]"))


def _dated(table: pd.DataFrame, ingest: Ingest) -> pd.DataFrame:
    """Return `table` with an issue date in every row."""
    undated = table["issued"].isna()
    if ingest.issued is None:
        if undated.any():
            raise DataInvalidError(
                Text("发布日期不详", "the issue date is not known"),
                where=place_of(table[undated].iloc[0]),
                todo=say("data.store.give_issued"),
            )
        return table
    limit = pd.Timestamp(ingest.issued)
    late = table["issued"] > limit
    if late.any():
        row = table[late].iloc[0]
        raise DataInvalidError(
            Text("该行的发布日期晚于本次入库", "a row was issued after the vintage it is in"),
            where=place_of(row),
            got=f"{row['issued']:%Y-%m-%d}",
            allowed=Text(f"不晚于 {limit:%Y-%m-%d}", f"up to {limit:%Y-%m-%d}"),
            todo=Text("更正 issued 列或 --issued", "mend the column issued, or --issued"),
        )
    return table.assign(issued=table["issued"].fillna(limit))


def _from_parquet(content: bytes, vintage: Vintage) -> pd.DataFrame:
    """Return a table that is what was kept; rows that no file is known of point to the store."""
    table = observations(pyarrow.parquet.read_table(io.BytesIO(content)).to_pandas())
    here = table["file"] == ""
    return table.assign(
        file=table["file"].where(~here, vintage.file),
        row=table["row"].where(~here, range(1, len(table) + 1)),
        vintage=vintage.id,
    )
