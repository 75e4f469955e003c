"""Work out a finding's number again from the rows that it lists, and from nothing else.

Shares no code with the product: the cells are read from the files that the rows name, and every
formula stands here a second time, in plain arithmetic. Where a listed cell is itself worked out of
other lines of the results, it is worked out of them again.
"""

import csv
import json
import math
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import product
from pathlib import Path

import openpyxl

ROOT = Path(__file__).parents[1]
PARAMETERS = {"target_growth_pct", "target_value_100m"}  # stand in no file: the page was asked so
# Fields of a ledger whose figures are cells, and the heads they stand under in the made-up one.
LEDGER_HEADS = {
    "annual_plan_10k": "年度计划投资",
    "ytd_done_10k": "月完成投资",
    "ytd_done": "月完成投资",
    "stat_ytd_reported": "统计上报投资",
    "funds_plan": "本年计划到位资金",
    "funds_arrived": "到位资金",
    "local_match": "应配套地方资金",
    "local_match_arrived": "已配套地方资金",
    "amount_10k": "债券额度",
    "paid_10k": "已支出",
}
_HEAD_ROW = 3


class NotReplayed(Exception):
    """The rows do not hold what the formula needs, or a row does not stand where it says."""


@cache
def table_at(path):
    """Return the lines of a CSV file as dictionaries of text."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def sheets_at(path):
    """Return the values of a workbook's cells: rows by name of the sheet."""
    book = openpyxl.load_workbook(path, data_only=True)
    return {sheet.title: list(sheet.values) for sheet in book}


@dataclass
class Row:
    """One listed input: what the finding says of it, and the cells of its whole line."""

    listed: dict
    line: dict = field(default_factory=dict)

    @property
    def column(self):
        return self.listed["column"]

    @property
    def value(self):
        return self.listed["value"]


@dataclass
class Evidence:
    """The rows of one finding, each found again in its file."""

    finding: dict
    rows: list
    folder: Path

    def of(self, column, file=None):
        """Return the rows of one column, in order."""
        return [
            row
            for row in self.rows
            if row.column == column and (file is None or row.listed["file"] == file)
        ]

    def values(self, column, file=None):
        return [row.value for row in self.of(column, file)]

    def one(self, column, file=None):
        found = self.values(column, file)
        if len(found) != 1:
            raise NotReplayed(f"{len(found)} rows of {column} where one is needed")
        return found[0]

    def by_month(self, column):
        """Return the published figures of one column by month; they are of one series."""
        rows = [row for row in self.of(column) if row.listed["file"].startswith("data/")]
        if len({(row.line["region_code"], row.line["indicator"]) for row in rows}) > 1:
            raise NotReplayed(f"rows of {column} are of several series")
        return {row.listed["period"]: row.value for row in rows}


def evidence_of(finding, folder):
    """Return the rows of a finding as they stand in their files.

    Parameters
    ----------
    finding : dict
        One of ``findings.json``.
    folder : Path
        The results of its run: bare file names are looked for there.
    """
    return Evidence(finding, [_found(row, folder) for row in finding["inputs"]], folder)


def _found(row, folder):
    if not row["file"]:
        if row["column"] not in PARAMETERS:
            raise NotReplayed(f"{row['column']} names no file and is no parameter")
        return Row(row)
    if row["sheet"]:
        return Row(row, _ledger_line(row))
    path = ROOT / row["file"] if row["file"].startswith("data/") else folder / row["file"]
    if not path.is_file():
        raise NotReplayed(f"there is no file {row['file']}")
    lines = table_at(path)
    if not 2 <= row["row"] <= len(lines) + 1:
        raise NotReplayed(f"{row['file']} has no row {row['row']}")
    line = lines[row["row"] - 2]
    cell = line.get(row["column"])
    if cell is None or not _same(cell, row["value"]):
        raise NotReplayed(f"{row['file']}:{row['row']} {row['column']} is {cell!r}, not as listed")
    return Row(row, line)


def _same(cell, value):
    if isinstance(value, str):
        return cell == value
    read = {"True": 1.0, "False": 0.0}.get(cell)
    return math.isclose(float(cell) if read is None else read, value, rel_tol=1e-12)


def _ledger_line(row):
    demo = ROOT / "data" / "demo"
    of_city = demo / "city" / row["file"]
    sheet = sheets_at(of_city if of_city.is_file() else demo / row["file"])[row["sheet"]]
    line = dict(zip(map(str, sheet[_HEAD_ROW - 1]), sheet[row["row"] - 1], strict=True))
    head = LEDGER_HEADS.get(row["column"])
    if head is not None:
        cells = [value for name, value in line.items() if name.endswith(head)]
        if row["value"] not in cells:
            raise NotReplayed(f"{row['sheet']}:{row['row']} {head} is {cells}, not as listed")
    return line


# --- growth and runs ---------------------------------------------------------------------------


def before(month):
    """Return the release before one; January has none."""
    year, number = (int(part) for part in month.split("-"))
    return f"{year - 1}-12" if number == 2 else f"{year}-{number - 1:02d}"


def base(value, growth):
    return value / (1 + growth / 100)


def _half(rows):
    """Return half a unit of the last digit that any of the rows has in its file."""
    decimals = max(len(row.line[row.column].partition(".")[2].rstrip("0")) for row in rows)
    return 0.5 * 10.0**-decimals


def blocks(found, month, count):
    """Return growth of the last `count` blocks together, and the ends that rounding leaves."""
    growth, value = found.by_month("ytd_yoy_pct"), found.by_month("ytd_value_100m")
    months = [month]
    for _ in range(count - 1):
        months.append(before(months[-1]))
    needed = {one for each in months for one in (each, before(each))[: 1 + (each[5:] != "02")]}
    if lacking := [one for one in needed if one not in growth or one not in value]:
        raise NotReplayed(f"no row of {', '.join(sorted(lacking))}")
    # each release counts once with the sign that it has in the sum of the blocks
    signs = dict.fromkeys(needed, 0)
    for each in months:
        signs[each] += 1
        if each[5:] != "02":
            signs[before(each)] -= 1
    used = [one for one, sign in signs.items() if sign]
    half_g, half_c = _half(found.of("ytd_yoy_pct")), _half(found.of("ytd_value_100m"))

    def of(moves):
        done = ground = 0.0
        for one, (dg, dc) in zip(used, moves, strict=True):
            c = value[one] + dc * half_c
            done += signs[one] * c
            ground += signs[one] * base(c, growth[one] + dg * half_g)
        return 100 * (done / ground - 1)

    corners = [of(moves) for moves in product(product((-1, 1), repeat=2), repeat=len(used))]
    return of([(0, 0)] * len(used)), min(corners), max(corners)


def ytd_growth(found):
    return found.by_month("ytd_yoy_pct")[found.finding["period"]]


def equipment_less_construction(found):
    growth = {row.line["indicator"]: row.value for row in found.of("ytd_yoy_pct")}
    return growth["equipment_purchase"] - growth["construction_installation"]


def ytd_change(found):
    growth, month = found.by_month("ytd_yoy_pct"), found.finding["period"]
    return growth[month] - growth[before(month)]


def block_growth(found):
    month = found.finding["period"]
    return ytd_growth(found) if month.endswith("-02") else blocks(found, month, 1)[0]


def rolling_growth(found):
    return blocks(found, found.finding["period"], 3)[0]


def run_length(is_negative):
    """Return how many releases up to the finding's month are negative, as far as rows show."""

    def replay(found):
        growth = found.by_month("ytd_yoy_pct")
        month, count = found.finding["period"], 0
        while month in growth and is_negative(found, month):
            month, count = before(month), count + 1
        ended = month in growth
        said = found.finding["en"]
        if count and not ended and "at least" not in said:
            raise NotReplayed(f"no row shows that the run begins after {month}")
        return count

    return replay


def _ytd_negative(found, month):
    return found.by_month("ytd_yoy_pct")[month] < 0


def _block_negative(found, month):
    if month.endswith("-02"):
        return _ytd_negative(found, month)
    try:
        return blocks(found, month, 1)[2] < 0
    except NotReplayed:  # the row before the run may lack its own row before
        return False


def base_revision(found):
    growth, value = found.by_month("ytd_yoy_pct"), found.by_month("ytd_value_100m")
    month = found.finding["period"]
    year_ago = f"{int(month[:4]) - 1}{month[4:]}"
    return 100 * (base(value[month], growth[month]) / value[year_ago] - 1)


# --- counts and shares ---------------------------------------------------------------------------


def places(found, column=None):
    """Return the lines that are listed, each once."""
    rows = found.rows if column is None else found.of(column)
    return {(row.listed["file"], row.listed["sheet"], row.listed["row"]) for row in rows}


def count_inputs(found):
    return len(found.rows)


def count_lines(found):
    return len(places(found))


def count_where(column, test):
    return lambda found: sum(test(value) for value in found.values(column))


def notices_closed(found):
    days = [row.listed["value"] for row in found.of("closed")]
    return 100 * sum(day != "" for day in days) / len(days)


def all_in(column, word):
    """Return a count of rows that all hold one word."""

    def replay(found):
        if any(value != word for value in found.values(column)):
            raise NotReplayed(f"a row of {column} is not {word}")
        return len(found.of(column))

    return replay


def of_regions(formula):
    """Return a formula of how many regions fall, rise, and are told."""

    def replay(found):
        rows = found.of("ytd_yoy_pct")
        if len({row.line["region_code"] for row in rows}) != len(rows):
            raise NotReplayed("a region is listed twice")
        if {row.listed["period"] for row in rows} != {found.finding["period"]}:
            raise NotReplayed("the rows are of several months")
        values = [row.value for row in rows]
        down, up = sum(v < 0 for v in values), sum(v > 0 for v in values)
        return formula(down=down, up=up, n=len(values))

    return replay


def turned_negative(found):
    """Count the regions that fall and did not at the release before."""
    growth = {(row.line["region_code"], row.listed["period"]): row.value for row in found.rows}
    month = found.finding["period"]
    return sum(
        value < 0 <= growth.get((code, before), -1)
        for (code, when), value in growth.items()
        for before in [max((p for _, p in growth if p < month), default="")]
        if when == month
    )


# --- read from result files ----------------------------------------------------------------------


def read(file, column, pick=bool, scale=1.0):
    """Return a replay that reads the one listed row of a result file that fits."""

    def replay(found):
        rows = [row for row in found.of(column, file) if pick(row.line)]
        if len(rows) != 1:
            raise NotReplayed(f"{len(rows)} rows of {file} {column} where one is needed")
        return scale * rows[0].value

    return replay


def forecast(target, kind, which, *, of_year=False):
    def replay(found):
        rows = [
            row
            for row in found.of("value", "forecasts.csv")
            if row.line["target"] == target
            and row.line["output_type"] == kind
            and row.line["output_type_id"] == which
            and (not of_year or row.line["period"].endswith("-12"))
        ]
        if not rows:
            raise NotReplayed(f"no row of forecasts.csv holds {kind} {which} of {target}")
        first = min(rows, key=lambda row: row.line["period"])
        return first.value * (100 if kind == "probability" else 1)

    return replay


def mean_over_horizons(column, scale=1.0):
    def replay(found):
        values = found.values(column, "errors.csv")
        return scale * sum(values) / len(values)

    return replay


def _weighed(found, column):
    counts = {row.line["horizon"]: row.value for row in found.of("n", "errors.csv")}
    rows = found.of(column, "errors.csv")
    if {row.line["horizon"] for row in rows} != set(counts) or not rows:
        raise NotReplayed(f"{column} is not listed for the horizons that n is")
    return sum(counts[row.line["horizon"]] * row.value for row in rows) / sum(counts.values())


def skill(name):
    return lambda found: 100 * (1 - _weighed(found, "brier") / _weighed(found, f"brier_{name}"))


def mean_of(file, column):
    def replay(found):
        values = found.values(column, file)
        if not values:
            raise NotReplayed(f"no row of {file}")
        return sum(values) / len(values)

    return replay


def phase_gap(found):
    return found.one("trend_growth_pct", "trend.csv") - found.one("long_run_pct", "trend.csv")


def trend_change(found):
    rows = sorted(found.of("trend_growth_pct", "trend.csv"), key=lambda row: row.line["period"])
    if len(rows) != 2:
        raise NotReplayed("two releases are needed")
    return rows[1].value - rows[0].value


def method_gap(found):
    by = {row.line["method"]: row.value for row in found.of("trend_growth_pct", "trend.csv")}
    return by["ucm"] - by["stl"]


def level_swing(found):
    by = {row.line["kind"]: row.value for row in found.of("value", "turning_points.csv")}
    now = by.pop("now")
    (turn,) = by.values()
    return 100 * (now / turn - 1)


def turn_swing(found):
    """Return how far the last turn lies from the turn before, which stands in the line above."""
    rows = [row for row in found.of("swing", "turning_points.csv") if _is_turn(row.line)]
    if len(rows) != 1:
        raise NotReplayed(f"{len(rows)} turns are listed where one is needed")
    turn, names = rows[0].line, ("region_code", "indicator", "method", "series")
    earlier = [
        line
        for line in table_at(found.folder / "turning_points.csv")
        if all(line[name] == turn[name] for name in names) and line["period"] < turn["period"]
    ]
    if not earlier:
        raise NotReplayed(f"no turn stands before that of {turn['period']}")
    return float(turn["value"]) - float(max(earlier, key=lambda line: line["period"])["value"])


def season_ratio(found):
    lines = [row.line for row in found.of("weight", "season_ratios.csv")]
    weights, ratios = ([float(line[name]) for line in lines] for name in ("weight", "ratio"))
    if not math.isclose(sum(weights), 1, rel_tol=1e-9):
        raise NotReplayed(f"the weights add up to {sum(weights)}")
    return math.prod(ratio**weight for ratio, weight in zip(ratios, weights, strict=True))


def trend_revision(found):
    told, stands = (
        {_place(row): row.value for row in found.of(f"growth_{name}_pct", "directions.csv")}
        for name in ("told", "stands")
    )
    if set(told) != set(stands):
        raise NotReplayed("the two estimates are not of the same releases")
    return middle([abs(told[place] - stands[place]) for place in told])


def middle(values):
    """Return the median."""
    values, half = sorted(values), len(values) // 2
    return (values[half] + values[-1 - half]) / 2


def _is_turn(line):
    return line["kind"] != "now"


def _is_now(line):
    return line["kind"] == "now"


def direction_stood(found):
    then, now = found.values("told_pp"), found.values("stands_pp")
    same = [(one >= 0) == (other >= 0) for one, other in zip(then, now, strict=True)]
    return 100 * sum(same) / len(same)


def turn_found(found):
    line = found.of("found_after", "last_turn.csv")[0].line
    count, month = 0, line["found_at"]
    while month > line["period"]:
        month, count = before(month), count + 1
    return count


def change_of_forecast(found):
    by = {row.line["step"]: row.value for row in found.of("forecast_pct", "forecast_change.csv")}
    effects = sum(found.values("effect_pp", "forecast_change.csv"))
    if not math.isclose(effects, by["now"] - by["then"], abs_tol=1e-9):
        raise NotReplayed(f"the effects add up to {effects}")
    return by["now"] - by["then"]


SIMPLE = ("no_change", "last3", "seasonal_naive", "seasonal_drift")
_LEAD_WITHIN = 2  # releases further or nearer: past forecasts of the same month that count


def _past(found, target):
    """Return the past forecasts that a target is judged by, those of the years of events not."""
    indicators = {row.line["indicator"] for row in found.of("ytd_yoy_pct")}
    touched = {
        int(event["period"][:4]) + later
        for event in table_at(ROOT / "data" / "events.csv")
        if event["indicator"] in indicators | {"*"}
        for later in (0, 1)
    }
    ahead, month = int(target["horizon"]), target["period"][5:]
    past = []
    for line in table_at(found.folder / "track_record.csv"):
        apart = abs(int(line["horizon"]) - ahead)
        is_alike = apart <= _LEAD_WITHIN and line["period"][5:] == month
        if target["target"] in {"next", "year_on"}:
            is_alike = apart == 0
        if is_alike and line["actual_pct"] and int(line["period"][:4]) not in touched:
            past.append(line)
    return past


def errors_beside(found, target):
    """Return the mean error of the forecast and that of the best simple method at a target.

    Both are worked out of the track record, and the line of the target must say the same.
    """
    past = _past(found, target)
    names = [name for name in SIMPLE if any(line[f"{name}_pct"] for line in past)]
    past = [line for line in past if all(line[f"{one}_pct"] for one in ("forecast", *names))]
    means = {
        name: sum(abs(float(line[f"{name}_pct"]) - float(line["actual_pct"])) for line in past)
        / len(past)
        for name in ("forecast", *names)
    }
    best = min(names, key=means.get)
    again = {"n": len(past), "error_pp": means["forecast"], "simple_error_pp": means[best]}
    for column, value in again.items():
        if not math.isclose(float(target[column]), value, rel_tol=1e-9):
            raise NotReplayed(f"{column} is {target[column]}, the track record gives {value}")
    if best != target["simple"]:
        raise NotReplayed(f"{target['simple']} is named, the least error has {best}")
    return means["forecast"], means[best]


def _targets(found):
    """Return the lines of the targets that are listed with both errors."""
    lines = [
        {row.line["target"]: row.line for row in found.of(column, "targets.csv")}
        for column in ("error_pp", "simple_error_pp")
    ]
    if lines[0] != lines[1] or "" in lines[0]:
        raise NotReplayed("the two errors are not of the same targets")
    return lines[0]


def gain(target):
    def replay(found):
        ours, other = errors_beside(found, _targets(found)[target])
        return other - ours

    return replay


def better_than_simple(found):
    errors = [errors_beside(found, line) for line in _targets(found).values()]
    return sum(ours < other for ours, other in errors)


# --- target --------------------------------------------------------------------------------------


class Year:
    """The figures of the year, of the year before, and the target, as listed."""

    def __init__(self, found):
        growth, value = found.by_month("ytd_yoy_pct"), found.by_month("ytd_value_100m")
        month = found.finding["period"]
        self.m, last = int(month[5:]), int(month[:4]) - 1
        self.g, self.c = growth[month], value.get(month, math.nan)
        self.b = base(self.c, self.g)
        self.last_m = value.get(f"{last}-{month[5:]}", math.nan)
        self.last_12 = value.get(f"{last}-12", math.nan)
        self.b12 = self.last_12 * self.b / self.last_m
        goal = [row for row in found.rows if row.column in PARAMETERS]
        if len(goal) != 1:
            raise NotReplayed("the target is not listed")
        self.is_value = goal[0].column == "target_value_100m"
        self.goal = goal[0].value
        self.t = self.goal if self.is_value else self.b12 * (1 + self.goal / 100)
        self.g_goal = 100 * (self.t / self.b12 - 1) if self.is_value else self.goal
        self.r = self.t - self.c


def of_year(formula):
    return lambda found: formula(Year(found))


def shortfall(found):
    year = Year(found)
    short = year.b * (1 + year.g_goal / 100) - year.c
    return -short if found.finding["formula"].startswith("C[m]") else short


def pace_past(found):
    year, value = Year(found), found.by_month("ytd_value_100m")
    now = int(found.finding["period"][:4])
    years = sorted({int(month[:4]) for month in value if int(month[:4]) < now})
    shares = [value[f"{y}-{year.m:02d}"] / value[f"{y}-12"] for y in years]
    return 100 * (year.c / year.t - sum(shares) / len(shares))


def best_growth(found):
    growth, value = found.by_month("ytd_yoy_pct"), found.by_month("ytd_value_100m")
    month = found.finding["period"][5:]
    best = -math.inf
    for year in {one[:4] for one in value}:
        ends = [f"{year}-{month}", f"{year}-12"]
        (c0, b0), (c1, b1) = ((value[one], base(value[one], growth[one])) for one in ends)
        best = max(best, 100 * ((c1 - c0) / (b1 - b0) - 1))
    return best


# --- ledger --------------------------------------------------------------------------------------


def both(found, first, second):
    """Return two columns of the lines that have both."""
    by = [{_place(row): row.value for row in found.of(name)} for name in (first, second)]
    return [(by[0][place], by[1][place]) for place in by[0] if place in by[1]]


def _place(row):
    return row.listed["file"], row.listed["sheet"], row.listed["row"]


def total_ratio(part, whole, cut=False):
    def replay(found):
        pairs = both(found, part, whole)
        parts = sum(min(a, b) if cut else a for a, b in pairs)
        return 100 * parts / sum(b for _, b in pairs)

    return replay


def _month_of(found):
    return int(found.finding["period"][5:])


def plan_gap(found):
    return total_ratio("ytd_done_10k", "annual_plan_10k")(found) - 100 * _month_of(found) / 12


def behind_pace(found):
    pairs = both(found, "annual_plan_10k", "ytd_done_10k")
    return sum(max(0.0, plan * _month_of(found) / 12 - done) for plan, done in pairs) / 1e4


def required_a_month(found):
    pairs = both(found, "annual_plan_10k", "ytd_done_10k")
    return sum(plan - done for plan, done in pairs) / (12 - _month_of(found)) / 1e4


def not_reported(found):
    return (sum(found.values("ytd_done")) - sum(found.values("stat_ytd_reported"))) / 1e4


def deliverable(found):
    for row in found.of("workload_10k"):
        done = next(
            cell for head, cell in row.line.items() if head.endswith("月完成投资") and "-" in head
        )
        left = (row.line["年度计划投资"] or 0) - (done or 0)
        whole = (row.line["总投资"] or 0) - (row.line["自开工累计完成投资"] or 0)
        if row.value > max(0.0, min(left, whole)) + 1e-6:
            raise NotReplayed(f"{_place(row)} has less left to do than is counted")
    return sum(found.values("workload_10k")) / 1e4


def lagging(found):
    """Count the projects; that each has such a status is a judgement, told beside it."""
    behind = {"not_started_due", "slow", "stopped", "funds_missing", "investor_exit"}
    if not set(found.values("status")) <= behind:
        raise NotReplayed("a project is listed whose status is none that lags")
    return len(places(found, "status"))


def red_lights(found):
    return len({row.value for row in found.rows})


def share_started(found):
    for row in found.of("started"):
        if row.value and not row.line["实际开工日期"]:
            raise NotReplayed(f"{_place(row)} has no day of its start")
    values = found.values("started")
    return 100 * sum(values) / len(values)


def _day(cell):
    return cell.date() if isinstance(cell, datetime) else cell


def _month_end(found):
    year, month = (int(part) for part in found.finding["period"].split("-"))
    return date(year + month // 12, month % 12 + 1, 1)


def is_open(found, row):
    closed = _day(row.line["销号日期"])
    return closed is None or closed >= _month_end(found)


def open_issues(found):
    if not all(is_open(found, row) for row in found.of("open")):
        raise NotReplayed("an issue is listed that is closed")
    return len(places(found, "open"))


def closure_rate(found):
    rows = found.of("is_open")
    if any(bool(row.value) != is_open(found, row) for row in rows):
        raise NotReplayed("an issue is not as its day of closing says")
    return 100 * sum(not row.value for row in rows) / len(rows)


def overdue_tasks(found):
    end = _month_end(found)
    for row in found.of("overdue_days"):
        due, done = _day(row.line["完成时限"]), _day(row.line["完成日期"])
        if due >= end or (done is not None and done < end):
            raise NotReplayed(f"{_place(row)} is not overdue")
    return len(places(found, "overdue_days"))


# --- all of them ---------------------------------------------------------------------------------

_MONITOR = {
    **dict.fromkeys(["verdict", "ytd_yoy"], ytd_growth),
    "ytd_change": ytd_change,
    **dict.fromkeys(["detail_block", "block_yoy"], block_growth),
    **dict.fromkeys(["detail_rolling3", "rolling3_yoy"], rolling_growth),
    "run_ytd": run_length(_ytd_negative),
    "run_block": run_length(_block_negative),
    "ytd_value": lambda found: found.by_month("ytd_value_100m")[found.finding["period"]],
    "base_revision": base_revision,
}
_PARTS = {
    "parts_negative": lambda found: sum(value < 0 for value in found.values("ytd_yoy_pct")),
    "sector_drag": lambda found: found.one("contribution_pp"),
    "structure": equipment_less_construction,
}
_SINCE = dict.fromkeys(["n_new", "n_revised", "n_flags_changed", "change"], count_inputs)
_TREND = read("trend.csv", "trend_growth_pct")
_PROGRESS = total_ratio("ytd_done_10k", "annual_plan_10k")
REPLAYS = {
    "01_data": {
        **dict.fromkeys(["verdict", "n_errors"], all_in("severity", "error")),
        "n_warnings": all_in("severity", "warning"),
        "n_figures": lambda found: sum(found.values("n_growth") + found.values("n_values")),
        "n_late": count_where("lag_releases", lambda value: value > 0),
        **_SINCE,
    },
    "02_monitor": _MONITOR | _PARTS | _SINCE,
    "03_trend": {
        **dict.fromkeys(["verdict", "detail_turn", "trend_growth"], _TREND),
        **dict.fromkeys(["detail_phase", "phase"], phase_gap),
        "detail_level": level_swing,
        "trend_change": trend_change,
        "long_run": mean_of("trend.csv", "trend_growth_pct"),
        "last_turn": read("turning_points.csv", "value", _is_turn),
        "since_turn": read("turning_points.csv", "n_releases", _is_now),
        "turn_swing": turn_swing,
        "method_gap": method_gap,
        "season_ratio": season_ratio,
        "trend_revision": trend_revision,
        "direction_stood": direction_stood,
        "turn_found": turn_found,
    },
    "04_forecast": {
        **dict.fromkeys(
            ["verdict", "outlook", "next_yoy"], forecast("ytd_yoy_pct", "quantile", "0.5")
        ),
        "full_year_yoy": forecast("ytd_yoy_pct", "quantile", "0.5", of_year=True),
        "next_block_yoy": forecast("block_yoy_pct", "quantile", "0.5"),
        "p_next_negative": forecast("ytd_yoy_pct", "probability", "negative"),
        "p_full_year_negative": forecast("ytd_yoy_pct", "probability", "negative", of_year=True),
        "detail_record": mean_over_horizons("median_forecast"),
        "detail_model": read("models.csv", "mae_pp", lambda line: line["model"] == "forecast"),
        "n_origins": lambda found: len({row.line["origin"] for row in found.of("forecast_pct")}),
        **{
            f"{kind}_{name}": mean_over_horizons(f"{kind}_{name}")
            for kind in ("median", "rmse")
            for name in ("forecast", "no_change", "last3")
        },
        "coverage_80": mean_over_horizons("coverage_80", 100),
        "coverage_95": mean_over_horizons("coverage_95", 100),
        "brier": lambda found: _weighed(found, "brier"),
        "skill_climatology": skill("climatology"),
        "skill_same_sign": skill("same_sign"),
        "n_hits": all_in("outcome", "hit"),
        "n_misses": all_in("outcome", "miss"),
        "n_false_alarms": all_in("outcome", "false_alarm"),
        "lead": mean_of("turns.csv", "lead_releases"),
        **{
            f"change_{step}": read("forecast_change.csv", "effect_pp")
            for step in ("revised", "new", "model")
        },
        "detail_change": change_of_forecast,
        "detail_simple": better_than_simple,
        **{f"gain_{one}": gain(one) for one in ("next", "year_end", "february", "year_on")},
    },
    "05_target": {
        **dict.fromkeys(["verdict", "chance_target"], read("chances.csv", "chance", scale=100)),
        "chance_turned": read("target.csv", "chance_turned", scale=100),
        "chance_non_negative": read("target.csv", "chance_non_negative", scale=100),
        **dict.fromkeys(["detail_history", "best_growth"], best_growth),
        **dict.fromkeys(["detail_pace", "progress"], of_year(lambda y: 100 * y.c / y.t)),
        **dict.fromkeys(
            ["detail_assumption", "required_growth"],
            of_year(lambda y: 100 * (y.r / (y.b12 - y.b) - 1)),
        ),
        "required_total": of_year(lambda y: y.r),
        "required_per_month": of_year(lambda y: y.r / (12 - y.m)),
        "gap": of_year(lambda y: y.g_goal - y.g),
        "shortfall": shortfall,
        "pace_even": of_year(lambda y: 100 * (y.c / y.t - y.m / 12)),
        "pace_past": pace_past,
        "target_value": of_year(lambda y: y.t),
        "published_basis": of_year(lambda y: y.last_12 * (1 + y.goal / 100)),
        "target_growth": of_year(lambda y: y.g_goal),
        "published_growth": of_year(lambda y: 100 * (y.t / y.last_12 - 1)),
    },
    "06_projects": {
        **dict.fromkeys(["verdict", "detail_statuses", "detail_change", "lagging"], lagging),
        **dict.fromkeys(["detail_units", "shortfall"], behind_pace),
        **dict.fromkeys(["detail_causes", "open_issues"], open_issues),
        **dict.fromkeys(["detail_statistics", "not_reported"], not_reported),
        **dict.fromkeys(
            ["detail_delivery", "deliverable"],
            deliverable,
        ),
        **dict.fromkeys(["detail_lights", "red_lights"], red_lights),
        **dict.fromkeys(["detail_coverage", "progress"], _PROGRESS),
        "deviation": plan_gap,
        "required_per_month": required_a_month,
        **dict.fromkeys(["start_rate_due", "start_rate_planned"], share_started),
        "funds_rate": total_ratio("funds_arrived", "funds_plan"),
        "match_rate": total_ratio("local_match_arrived", "local_match", cut=True),
        "bond_use": total_ratio("paid_10k", "amount_10k"),
        "closure_rate": closure_rate,
        "overdue_tasks": overdue_tasks,
        **dict.fromkeys(["overdue_notices", "overdue_decisions"], count_inputs),
        "notice_closure_rate": notices_closed,
    },
    "07_regions": {
        **dict.fromkeys(["verdict", "n_negative"], of_regions(lambda down, **_: down)),
        "share_negative": of_regions(lambda down, n, **_: 100 * down / n),
        "diffusion_index": of_regions(lambda down, up, n: 100 * (up - down) / n),
        "longest_run": run_length(_ytd_negative),
    },
    "08_briefing": _MONITOR,
    "09_city": {
        **dict.fromkeys(["verdict", "n_negative"], of_regions(lambda down, **_: down)),
        "city_growth": ytd_growth,
        **dict.fromkeys(["detail_turned", "n_turned_negative"], turned_negative),
        **dict.fromkeys(["detail_summons", "n_summoned", "n_supervise"], count_inputs),
        **dict.fromkeys(["detail_ledgers", "ledger_lagging"], lagging),
        "ledger_progress": _PROGRESS,
        "ledger_start_rate_due": share_started,
        "ledger_match_rate": total_ratio("local_match_arrived", "local_match", cut=True),
    },
}
REPLAYS["10_brief"] = {
    **_MONITOR,
    **_PARTS,
    **{one: REPLAYS["04_forecast"][one] for one in ("p_next_negative", "p_full_year_negative")},
    "forecast": REPLAYS["04_forecast"]["outlook"],
    "target": REPLAYS["05_target"]["verdict"],
    "projects": REPLAYS["06_projects"]["verdict"],
}
# 05: what turns on where growth stands now is one of two chances.
REPLAYS["05_target"]["detail_turning"] = lambda found: REPLAYS["05_target"][
    "chance_turned" if found.of("chance_turned") else "chance_non_negative"
](found)


def replayed(notebook, finding, folder):
    """Return a finding's number worked out again, and raise `NotReplayed` where that fails."""
    replay = REPLAYS[notebook].get(finding["id"])
    if replay is None:
        raise NotReplayed("no formula of it is known here")
    try:
        return replay(evidence_of(finding, folder))
    except (KeyError, IndexError, ValueError, ZeroDivisionError) as lacking:
        raise NotReplayed(f"a row is lacking: {lacking!r}") from lacking


def wrong_findings(notebook, folder):
    """Return every finding of one run that its rows do not carry, with what is wrong."""
    wrong = []
    for finding in json.loads((folder / "findings.json").read_text(encoding="utf-8")):
        where, value = f"{notebook} {finding['id']}", finding["value"]
        if value is None:
            if finding["state"] in {"ok", "indeterminate"}:
                wrong.append(f"{where}: no number, and no state that says why")
            continue
        try:
            again = replayed(notebook, finding, folder)
        except NotReplayed as why:
            wrong.append(f"{where}: {why}")
            continue
        if not math.isclose(again, value, rel_tol=1e-9, abs_tol=1e-9):
            wrong.append(f"{where}: told {value}, its rows give {again}")
    return wrong


def error_table_again(record):
    """Return the errors by horizon from a track record: what ``errors.csv`` must hold."""
    by_horizon = {}
    for line in record:
        if line["actual_pct"]:
            by_horizon.setdefault(int(line["horizon"]), []).append(line)
    return {horizon: _errors_of(lines, horizon) for horizon, lines in by_horizon.items()}


def _errors_of(lines, horizon):
    actual = [float(line["actual_pct"]) for line in lines]
    told = {"n": len(lines)}
    for name in ("forecast", "no_change", "last3"):
        pairs = [
            (float(line[f"{name}_pct"]), a)
            for line, a in zip(lines, actual, strict=True)
            if line[f"{name}_pct"]
        ]
        errors = sorted(abs(one - a) for one, a in pairs)
        if errors:
            told[f"median_{name}"] = middle(errors)
            told[f"rmse_{name}"] = math.sqrt(sum(one * one for one in errors) / len(errors))
    for level in (80, 95):
        held = [
            float(line[f"lower_{level}"]) <= a <= float(line[f"upper_{level}"])
            for line, a in zip(lines, actual, strict=True)
        ]
        told[f"coverage_{level}"] = sum(held) / len(held)
    if horizon <= 11:
        names = {"brier": "p_negative", "brier_climatology": "own_share"}
        names |= {"brier_same_sign": "was_negative"}
        for name, column in names.items():
            squares = [
                (float(line[column]) - (a < 0)) ** 2 for line, a in zip(lines, actual, strict=True)
            ]
            told[name] = sum(squares) / len(squares)
    return told
