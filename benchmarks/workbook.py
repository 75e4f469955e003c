"""Time the reading of a 100,000-row workbook against pandas with openpyxl doing the same read.

Run it as a script. How to read it: benchmarks/README.md.
"""

import os
import platform
import tempfile
from pathlib import Path
from time import perf_counter

import openpyxl
import pandas as pd
import xlsxwriter

from faiwatch.data.schema import observations
from faiwatch.ingest.reading import read_workbook

ROWS, YEARS, MONTHS = 100_000, range(2012, 2024), range(2, 13)
HEADERS = ["地区代码", "指标", "时间", "累计完成投资（万元）", "同比增长（%）"]
FIGURES = ["region_code", "indicator", "period", "ytd_value_100m", "ytd_yoy_pct"]
RUNS = 3


def made_up(path):
    """Write a workbook of made-up counties: one row for each county and month."""
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("数据")
        sheet.write_row(0, 0, HEADERS)
        places = len(YEARS) * len(MONTHS)
        for row in range(ROWS):
            county, place = divmod(row, places)
            year, month = divmod(place, len(MONTHS))
            window = f"{YEARS[year]}年1-{MONTHS[month]}月"
            value = 10_000 * (county % 50 + 1) * (month + 2) + row % 97
            growth = round(row % 173 / 10 - 6, 1)
            cells = [f"{100_000 + county}", "固定资产投资", window, value, growth]
            sheet.write_row(row + 1, 0, cells)


def ours(path):
    """Read and validate with faiwatch; the file is not known before."""
    return read_workbook(path).settled()


def theirs(path):
    """Read this very layout with pandas and openpyxl, and validate against the same contract."""
    raw = pd.read_excel(path, engine="openpyxl", dtype={HEADERS[0]: str})
    month = raw[HEADERS[2]].str.extract(r"(\d{4})年1-(\d{1,2})月")
    return observations(
        pd.DataFrame(
            {
                "region_code": raw[HEADERS[0]],
                "indicator": raw[HEADERS[1]].map({"固定资产投资": "total"}),
                "period": month[0] + "-" + month[1].str.zfill(2),
                "ytd_value_100m": pd.to_numeric(raw[HEADERS[3]]) / 10_000,
                "ytd_yoy_pct": pd.to_numeric(raw[HEADERS[4]]),
            }
        )
    )


def timed(work, path):
    """Return seconds by the clock, processor seconds of this process and its children, result."""
    start, before = perf_counter(), sum(os.times()[:4])
    result = work(path)
    return perf_counter() - start, sum(os.times()[:4]) - before, result


def main():
    print(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, pandas {pd.__version__}, "
        f"openpyxl {openpyxl.__version__}"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "counties.xlsx"
        made_up(path)
        # in turns, so that whatever else the machine does meets both
        runs = [(timed(ours, path), timed(theirs, path)) for _ in range(RUNS)]
    for (*_, our), (*_, their) in runs:
        pd.testing.assert_frame_equal(our[FIGURES], their[FIGURES])
    print(f"{ROWS:,} rows read and validated, best of {RUNS}:")
    for place, clock in enumerate(("by the clock", "of the processor")):
        ours_took, theirs_took = (min(run[side][place] for run in runs) for side in (0, 1))
        print(
            f"  {clock}: faiwatch {ours_took:.2f} s, pandas with openpyxl {theirs_took:.2f} s, "
            f"ratio {theirs_took / ours_took:.1f}"
        )


if __name__ == "__main__":
    main()
