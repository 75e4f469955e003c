"""Makes files whose periods, numbers and dialects are those of programs and portals.

Figures are the published ones of ``data/official``; growth of single months and figures marked as
forecasts are made up, so that none of them can pass for a published one. Each case names the
answers that the reader itself must propose, at most three, and the rows that must come out.
"""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

OFFICIAL = Path(__file__).parents[2] / "data" / "official" / "national.csv"
NATION = "000000"
YEARS, MONTHS = (2024, 2025), range(2, 13)


def _official():
    """Return value and growth of the nation by month."""
    with OFFICIAL.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["indicator"] == "total"]
    return {
        row["period"]: (
            float(row["ytd_value_100m"]) if row["ytd_value_100m"] else None,
            float(row["ytd_yoy_pct"]) if row["ytd_yoy_pct"] else None,
        )
        for row in rows
    }


PUBLISHED = _official()


def value(year, month):
    return PUBLISHED[f"{year}-{month:02d}"][0]


def growth(year, month):
    return PUBLISHED[f"{year}-{month:02d}"][1]


def flow(year, month, step=1):
    """Return the value of one month (February: of two) or of one quarter."""
    first = 2 if step == 1 else 3
    return value(year, month) - (value(year, month - step) if month > first else 0)


def rows(months, *, values=True, growths=True, notes=""):
    """Return the expected rows of some months."""
    return [
        (
            f"{year}-{month:02d}",
            value(year, month) if values else None,
            growth(year, month) if growths else None,
            notes.get((year, month), "") if notes else "",
        )
        for year, month in months
    ]


ALL = [(year, month) for year in YEARS for month in MONTHS]
ONE = [(2025, month) for month in MONTHS]
DECEMBERS = [(year, 12) for year in (2022, 2023, 2024, 2025)]
QUARTERS = [(year, month) for year in YEARS for month in (3, 6, 9, 12)]
HEADER = ["时间", "固定资产投资累计（亿元）", "累计增速（%）"]
OPEN_HEADER = ["时间", "固定资产投资（亿元）", "增速（%）"]
PROVISIONAL, REVISED = "初步数 | provisional", "修订数 | revised"


@dataclass(frozen=True)
class Case:
    """One file: how it is made, what comes out, and the answers that the reader must propose."""

    name: str
    make: object
    expected: list
    answers: tuple = ()
    region: str | None = NATION


CASES: list[Case] = []


def case(name, expected, *answers, region=NATION):
    def register(make):
        CASES.append(Case(name, make, expected, answers, region))
        return make

    return register


def text(rows, *, delimiter=",", encoding="utf-8", before="", quoting=csv.QUOTE_MINIMAL):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows(rows)
    return (before + out.getvalue()).encode(encoding)


def plain(label, months=ALL, header=HEADER):
    """Return the table of some months, spelt by `label`."""
    return [header, *[[label(y, m), value(y, m), growth(y, m)] for y, m in months]]


def comma(number, thousands=""):
    """Return a number with a decimal comma."""
    whole = f"{number:,.1f}".replace(",", "\0").replace(".", ",")
    return whole.replace("\0", thousands)


def xlsx(path, table):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("固定资产投资")
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)


# how months are spelt
ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
for spelt, label in {
    "month-end": lambda y, m: (
        f"{y}-{m:02d}-{[28, 31, 30][(m != 2) + (m in {4, 6, 9, 11})]}"
        if (y, m) != (2024, 2)
        else "2024-02-29"
    ),
    "slash": lambda y, m: f"{y}/{m}",
    "six-digits": lambda y, m: f"{y}{m:02d}",
    "english-short": lambda y, m: f"{ENGLISH[m - 1]}-{y % 100}",
    "short-year": lambda y, m: f"{y % 100}年{m}月",
    "full-stop": lambda y, m: f"{y}.{m:02d}",
    "imf": lambda y, m: f"{y}M{m:02d}",
    "oecd": lambda y, m: f"{y}-M{m:02d}",
    "iso-time": lambda y, m: f"{y}-{m:02d}-01T00:00:00",
    "summer-time": lambda y, m: f"{y}-{m:02d}-01 0{1 + (3 < m < 11)}:00:00",
    "american": lambda y, m: f"{m}/1/{y}",
    "british": lambda y, m: f"01/{m:02d}/{y}",
    "german-day": lambda y, m: f"01.{m:02d}.{y}",
    "month-first": lambda y, m: f"{m:02d}-{y}",
    "marked": lambda y, m: f"{ENGLISH[m - 1]} {y}{'p' if (y, m) == (2025, 12) else ''}",
}.items():
    noted = {(2025, 12): PROVISIONAL} if spelt == "marked" else ""
    case(f"{spelt}.csv", rows(ALL, notes=noted))(
        lambda path, label=label: path.write_bytes(text(plain(label)))
    )


@case("newest-first.csv", rows(ALL))
def _newest_first(path):
    head, *body = plain(lambda y, m: f"{y}-{m:02d}")
    path.write_bytes(text([head, *reversed(body)]))


@case("year-once.csv", rows(ALL))
def _year_once(path):
    body = [[y if m == 2 else "", m, value(y, m), growth(y, m)] for y, m in ALL]
    path.write_bytes(text([["年", "月", *HEADER[1:]], *body]))


@case("census-header.xlsx", rows([(2025, 10), (2025, 11), (2025, 12)], notes={
    (2025, 12): PROVISIONAL, (2025, 11): REVISED, (2025, 10): REVISED}))  # fmt: skip
def _census(path):
    months = [(2025, 12), (2025, 11), (2025, 10)]
    marks = {12: "p", 11: "r", 10: "r"}
    head = ["指标", *[f"{ENGLISH[m - 1]}\n{y}{marks[m]}" for y, m in months]]
    xlsx(
        path,
        [
            head,
            ["固定资产投资累计（亿元）", *[value(*one) for one in months]],
            ["固定资产投资累计增速（%）", *[growth(*one) for one in months]],
        ],
    )


# years and quarters
@case("years.csv", rows(DECEMBERS), "annual=ytd")
def _years(path):
    body = [[f"{y}年", value(y, m), growth(y, m)] for y, m in DECEMBERS]
    path.write_bytes(text([["年份", *OPEN_HEADER[1:]], *body]))


@case("years-across.xlsx", rows(DECEMBERS), "annual=ytd")
def _years_across(path):
    xlsx(
        path,
        [
            ["指标", *[y for y, _ in DECEMBERS]],
            ["固定资产投资（亿元）", *[value(*one) for one in DECEMBERS]],
            ["固定资产投资增速（%）", *[growth(*one) for one in DECEMBERS]],
        ],
    )


@case(
    "fiscal-with-forecast.csv",
    rows(DECEMBERS, notes={(2024, 12): REVISED, (2025, 12): PROVISIONAL}),
    "annual=ytd",
)
def _fiscal(path):
    marks = {2024: "r", 2025: "(p)"}
    body = [[f"FY{y}{marks.get(y, '')}", value(y, m), growth(y, m)] for y, m in DECEMBERS]
    path.write_bytes(text([["年份", *OPEN_HEADER[1:]], *body, ["2026E", 499999, 9.9]]))


@case("quarters-to-date.csv", rows(QUARTERS), "quarterly=ytd")
def _quarters_to_date(path):
    body = [[f"{y}Q{m // 3}", value(y, m), growth(y, m)] for y, m in QUARTERS]
    path.write_bytes(text([OPEN_HEADER, *body]))


@case("quarters-in-words.csv", rows(QUARTERS))
def _quarters_in_words(path):
    words = {3: "一季度", 6: "上半年", 9: "前三季度", 12: "全年"}
    body = [[f"{y}年{words[m]}", value(y, m), growth(y, m)] for y, m in QUARTERS]
    path.write_bytes(text([OPEN_HEADER, *body]))


@case("quarters-cumulative.csv", rows(QUARTERS))
def _quarters_cumulative(path):
    body = [
        [f"{y}Q1–Q{m // 3}累计" if m > 3 else f"{y}Q1", value(y, m), growth(y, m)]
        for y, m in QUARTERS
    ]
    path.write_bytes(text([HEADER, *body]))


@case("single-quarters.csv", rows(QUARTERS, growths=False), "quarterly=cumulate")
def _single_quarters(path):
    body = [[f"{m // 3}Q {y}", flow(y, m, 3)] for y, m in QUARTERS]
    path.write_bytes(text([OPEN_HEADER[:2], *body, ["3Q 2026", 12345.6]]))


@case("dated-quarters.csv", rows(QUARTERS, growths=False), "quarterly=cumulate")
def _dated_quarters(path):
    body = [[f"{y}-{m:02d}", flow(y, m, 3)] for y, m in QUARTERS]
    path.write_bytes(text([["时间", "当季固定资产投资（亿元）"], *body]))


# single months
SINGLE_HEADER = ["时间", "当月固定资产投资（亿元）", "当月增速（%）"]


@case("single-months.csv", rows(ALL, growths=False), "monthly=cumulate")
def _single_months(path):
    body = [[f"{y}-{m:02d}", flow(y, m), 77.7] for y, m in ALL]
    path.write_bytes(text([SINGLE_HEADER, *body]))


@case("block-then-months.csv", rows(ONE, growths=False), "monthly=cumulate")
def _block_then_months(path):
    labels = {m: "2025年1-2月" if m == 2 else f"2025年{m}月" for _, m in ONE}
    path.write_bytes(text([SINGLE_HEADER[:2], *[[labels[m], flow(y, m)] for y, m in ONE]]))


@case("flows-unsaid.csv", rows(ALL, growths=False), "monthly=cumulate")
def _flows_unsaid(path):
    body = [[f"{y}-{m:02d}", flow(y, m)] for y, m in ALL]
    path.write_bytes(text([OPEN_HEADER[:2], *body]))


@case("gap-in-months.csv", rows(ONE[:4], growths=False), "monthly=cumulate")
def _gap(path):
    body = [[f"{y}-{m:02d}", flow(y, m)] for y, m in ONE if m != 6]
    path.write_bytes(text([SINGLE_HEADER[:2], *body]))


@case("package.csv", rows(ONE, growths=False), "growth=single")
def _package(path):
    head = ["date", "value", "yoy", "ytd_value"]
    body = [[f"{y}-{m:02d}-01", flow(y, m) if m > 2 else "", 55.5, value(y, m)] for y, m in ONE]
    path.write_bytes(text([head, *body], before="固定资产投资（亿元）\n"))


# release days
def _released(day, months=1):
    def label(y, m):
        y, m = (y, m + months) if m + months <= 12 else (y + 1, m + months - 12)
        return f"{y}-{m:02d}-{day}"

    return label


@case("release-days.csv", rows(ALL), "dates=release")
def _release_days(path):
    path.write_bytes(text(plain(_released("17"))))


@case("release-months.csv", rows(ALL), "dates=release")
def _release_months(path):
    path.write_bytes(text(plain(_released("01"))))


@case("mid-month.csv", rows(ALL), "dates=month")
def _mid_month(path):
    path.write_bytes(text(plain(_released("15", months=0))))


# marks in cells
@case(
    "marked-cells.csv",
    rows(ONE[:3], notes={(2025, 2): REVISED, (2025, 3): PROVISIONAL, (2025, 4): ""}),
)
def _marked_cells(path):
    (a, b, c) = [[value(*one), growth(*one)] for one in ONE[:3]]
    body = [
        ["2025-02", a[0], f"{a[1]} r"],
        ["2025-03", f"{b[0]:.0f}p", f"{b[1]}(初步)"],
        ["2025-04", c[0], c[1]],
        ["2025-05", "191000E", "3.6 F"],
    ]
    path.write_bytes(text([HEADER, *body]))


# numbers and dialects
for name, sign, thousands, encoding in (
    ("german.csv", ";", ".", "utf-8-sig"),
    ("blanks.csv", ";", " ", "utf-8"),
    ("thin-spaces.csv", "\t", "\u2009", "utf-8"),
    ("quoted-commas.csv", ",", "", "utf-8"),
    ("pipes.csv", "|", "", "gbk"),
    ("utf-16.csv", "\t", "", "utf-16"),
    ("no-mark.csv", ";", "", "utf-16-le"),
    ("gb18030.csv", ";", "", "gb18030"),
):
    case(name, rows(ALL))(
        lambda path, sign=sign, thousands=thousands, encoding=encoding: path.write_bytes(
            text(
                [HEADER]
                + [
                    [f"{y}-{m:02d}", comma(value(y, m), thousands), comma(growth(y, m))]
                    for y, m in ALL
                ],
                delimiter=sign,
                encoding=encoding,
            )
        )
    )


@case("point-decides.csv", rows(ALL))
def _point_decides(path):
    body = [[f"{y}-{m:02d}", f"{value(y, m):,.0f}", growth(y, m)] for y, m in ALL]
    path.write_bytes(text([HEADER, *body], delimiter=";"))


@case("either-way.csv", rows(ALL, growths=False), "commas=thousands")
def _either_way(path):
    body = [[f"{y}-{m:02d}", f"{value(y, m):,.0f}"] for y, m in ALL]
    path.write_bytes(text([HEADER[:2], *body], delimiter=";"))


@case("swiss.csv", rows(ALL))
def _swiss(path):
    body = [[f"{y}-{m:02d}", f"{value(y, m):,.1f}".replace(",", "'"), growth(y, m)] for y, m in ALL]
    path.write_bytes(text([HEADER, *body], delimiter=";"))


@case("full-width.csv", rows(ALL))
def _full_width(path):
    wide = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
    body = [
        [f"{y}-{m:02d}", f"{value(y, m):.0f}".translate(wide), f"{growth(y, m)}".translate(wide)]
        for y, m in ALL
    ]
    path.write_bytes(text([HEADER, *body]))


@case("pandas-index.csv", rows(ALL))
def _pandas_index(path):
    head, *body = plain(lambda y, m: f"{y}-{m:02d}")
    path.write_bytes(text([["", *head], *[[number, *row] for number, row in enumerate(body)]]))


@case("unnamed-index.csv", rows(ALL))
def _unnamed_index(path):
    head, *body = plain(lambda y, m: f"{y}-{m:02d}")
    numbered = [[number, *row] for number, row in enumerate(body)]
    path.write_bytes(text([["Unnamed: 0", *head], *numbered]))


@case("preamble.csv", rows(ALL))
def _preamble(path):
    table = plain(lambda y, m: f"{y}-{m:02d}")
    before = "# 固定资产投资\n# downloaded by a script\n\n"
    path.write_bytes(text([[*row, ""] for row in table], before=before))


@case("line-breaks.csv", rows(ALL))
def _line_breaks(path):
    table = plain(lambda y, m: f"{y}-{m:02d}")
    table[0] = ["时间", "固定资产投资\n累计（亿元）", "累计\n增速（%）"]
    path.write_bytes(text(table, before="sep=;\n", delimiter=";"))


@dataclass(frozen=True)
class Refused:
    """A file that must be refused in one line."""

    name: str
    content: bytes = field(repr=False)


def _foreign(encoding, header, *, delimiter=";"):
    body = [[f"01.{m:02d}.2025", comma(98.4 + m)] for m in range(1, 13)]
    return text([header, *body], delimiter=delimiter, encoding=encoding)


REFUSED = [
    Refused("toll.csv", _foreign("cp1252", ["Monat", "Fahrleistungsindex für Lkw"])),
    Refused("quarters.csv", _foreign("cp1251", ["Дата", "Объем производства, млрд. рублей"])),
    Refused("sales.csv", _foreign("big5", ["時間", "零售總額"])),
    Refused(
        "construction.csv",
        text(
            [["date", "total_construction", "private", "public"]]
            + [[f"2025-{m:02d}-01", 450000 + m, 340000 + m, 110000 - m] for m in range(1, 13)]
        ),
    ),
    Refused(
        "provinces.csv",
        text(
            [
                ["地区", "2024年", "2023年"],
                ["北京市", 49843.1, 43760.7],
                ["天津市", 18024.3, 16737.3],
            ]
        ),
    ),
]
