"""A chart with its caption, the table behind it, and where the numbers come from."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import altair as alt
import pandas as pd

from faiwatch.core.errors import ParameterError
from faiwatch.core.files import atomic_write_bytes
from faiwatch.core.phrases import say
from faiwatch.core.text import (
    LANGUAGE_TAGS,
    NOT_AVAILABLE,
    NOTHING,
    Language,
    Text,
    clean,
    harmless,
    month_name,
)
from faiwatch.data.calendars import CUMULATIVE, Calendar
from faiwatch.data.measures import UNITS, catalogue
from faiwatch.view.charts import theme
from faiwatch.view.charts.marks import nothing_known, records
from faiwatch.view.drawing import drawn, painted
from faiwatch.view.html.charts import figure as figure_block
from faiwatch.view.html.rendering import PAGE_HTML, left_out
from faiwatch.view.html.standalone import standalone

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"  # all that JupyterLab knows (4.x)
VEGALITE = "application/vnd.vegalite.v5+json"
_PX_AN_INCH, _PRINT_DPI = 96, 300  # of CSS, and of a printer
PRINT_WIDTH_MM = 160  # a column of A4
_PRINT_HEIGHT = 210  # px: a chart and its caption take a third of a page
_SVG = "http://www.w3.org/2000/svg"
_LONG_FRACTION = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")  # a hundredth of a pixel is enough


def build_ahead() -> None:
    """Build a chart, so that kernels forked afterwards share what libraries find out for theirs."""
    two = pd.DataFrame({"month": pd.to_datetime(["2026-07", "2026-08"]), "growth": [0.1, -0.2]})
    for data in (two, records(two)):  # of a user, and of ours
        alt.Chart(data).mark_bar().encode(x=alt.X("month:T"), y=alt.Y("growth:Q")).to_dict()


@dataclass(frozen=True, slots=True)
class Subject:
    """What the charts of a page are about.

    Parameters
    ----------
    lang : {"zh", "en"}
        Language of the page.
    region, indicator : str
        Names as the reader sees them, in that language.
    source : str
        Who published the figures.
    as_of : str
        Month that the page's figures reach, ``YYYY-MM``; a chart says that of its own data.
    calendar : Calendar
        Of the indicator.
    """

    lang: Language
    region: str
    indicator: str
    source: str
    as_of: str
    calendar: Calendar = CUMULATIVE

    @property
    def growth(self) -> str:
        """Measure of the published growth: of the year to date, or of the month."""
        return "ytd_yoy_pct" if self.calendar.is_cumulative else "month_yoy_pct"

    @property
    def basis(self) -> str:
        """What published growth is of, as it stands in a title."""
        if self.calendar.is_cumulative:
            return self.say("累计同比增速", "growth, year to date")
        return self.say("当月同比增速", "growth of the month")

    def window(self, month: object) -> str:
        """Return what a published figure covers, in words."""
        return self.calendar.window(str(month), self.lang)

    @property
    def name(self) -> str:
        """Region and indicator as they stand in a sentence."""
        return self.say(f"{self.region}{self.indicator}", f"{self.region}, {self.indicator}")

    def until(self, months: pd.Series) -> str:
        """Return the last month of a chart's own data; the page's where it has none."""
        last = months.max()
        return self.as_of if pd.isna(last) else str(last)

    def say(self, zh: str, en: str) -> str:
        """Return the words of the page's language."""
        return zh if self.lang == "zh" else en

    def chart(
        self,
        id: str,
        *,
        title: Text,
        table: pd.DataFrame,
        caption: Text = NOTHING,
        chart: alt.LayerChart | None = None,
        units: str = "%",
        as_of: str = "",
    ) -> Chart:
        """Return a chart about this; without caption and chart it says that nothing is known."""
        return Chart(
            id,
            title.in_language(self.lang),
            caption.in_language(self.lang)
            or f"{self.name}{self.say('：', ': ')}{NOT_AVAILABLE[self.lang]}",
            chart or nothing_known(self.lang),
            table.reset_index(drop=True),
            units,
            self.source,
            as_of or self.as_of,
            self.lang,
        )


@dataclass(frozen=True, repr=False)
class Chart:
    """One chart and everything that must travel with it.

    Parameters
    ----------
    id : str
        Unique on the page; letters, digits and hyphens.
    title : str
        What is shown, in the language of the page.
    caption : str
        One sentence computed from the data; also the alternative text.
    chart : altair.LayerChart
        The chart, without size and theme.
    table : DataFrame
        The figures behind the chart, with labels for readers, rounded.
    units, source, as_of : str
        As printed under the table and in the CSV; `as_of` is ``YYYY-MM``.
    lang : {"zh", "en"}
        Language of all words in it.
    says : str
        Name of a parameter of the chart that holds a sentence; the page shows it, and says it
        again to screen readers, whenever the reader moves a slider. Empty = none.
    """

    id: str
    title: str
    caption: str
    chart: alt.LayerChart
    table: pd.DataFrame
    units: str
    source: str
    as_of: str
    lang: Language
    says: str = ""

    @property
    def is_without_data(self) -> bool:
        """Whether there is no figure in it: none was published that it could show."""
        if self.table.empty:
            return self.caption.endswith(NOT_AVAILABLE[self.lang])
        numbers = self.table.select_dtypes("number")
        return bool(len(numbers.columns)) and bool(numbers.isna().all(axis=None))

    def spec(self, *, width: int | Literal["container"] = "container") -> dict[str, Any]:
        """Return the vega-lite specification.

        Parameters
        ----------
        width : int or "container"
            Whole width in px; "container" fills the element that the page puts it in (the
            notebook has no such element, so give it a number).

        Returns
        -------
        dict
            JSON-ready, valid for vega-lite 5 and 6, with data inside and no outside address but
            the name of its schema.
        """
        spec = self._grammar | {
            "$schema": SCHEMA,
            "description": f"{self.title}. {self.caption}",
            "config": theme.config(),
            "background": "transparent",
            "width": width,
            "autosize": {"type": "fit-x", "contains": "padding"},
            # the editor button would send the data to an outside site
            "usermeta": {"embedOptions": {"actions": False, "renderer": "svg"}, "says": self.says},
        }
        spec.setdefault("height", theme.HEIGHT)
        return {name: _cleaned(value) for name, value in spec.items()}

    @cached_property
    def _grammar(self) -> dict[str, Any]:
        """The chart in vega-lite, made once for all sizes.

        Tests hold every chart against the schema; to do it again in each run takes longer than
        to build the chart.
        """
        told: dict[str, Any] = self.chart.to_dict(validate=False)
        return told

    def __repr__(self) -> str:
        return f"{self.title}\n{self.caption}"

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """Return the chart as every front end can show it.

        JupyterLab draws it alive (it ranks vega-lite above a picture); a Git host, VS Code and
        nbconvert show the picture; the published page takes its own HTML; a terminal the words.
        """
        if self.is_without_data:
            return left_out(self.title, lang=self.lang)
        block = figure_block(self, lang=self.lang)
        if self.table.empty:
            return {"text/html": block, "text/plain": repr(self)}
        alive = self.spec(width=theme.WIDTH) | {
            "title": {"text": self.title, "subtitle": self.caption, "anchor": "start"}
        }
        return {
            PAGE_HTML: block,
            VEGALITE: alive,
            "image/svg+xml": self.svg(),
            "text/plain": repr(self),
        }

    @property
    def altair(self) -> alt.LayerChart:
        """The chart as an altair object, to change and combine; size and theme are yours."""
        return self.chart

    def save(self, path: str | Path) -> Path:
        """Write the chart to a file; the ending says as what.

        Parameters
        ----------
        path : str or Path
            ``.svg``, ``.png``, ``.html`` (one page that needs no network) or ``.csv`` (the
            figures behind it).

        Returns
        -------
        Path
            Where it was written.

        Raises
        ------
        ParameterError
            Another ending.

        Examples
        --------
        >>> chart.save("growth.svg")  # doctest: +SKIP
        """
        target = Path(path)
        write = {
            ".svg": lambda: self.svg().encode(),
            ".png": lambda: self.png(width_mm=PRINT_WIDTH_MM),
            ".html": lambda: self.html().encode(),
            ".csv": lambda: self.csv().encode(),
        }.get(target.suffix.lower())
        if write is None:
            raise ParameterError(
                Text("图表不能存成这种文件", "a chart is not saved as this kind of file"),
                got=target.name,
                allowed=".svg, .png, .html, .csv",
            )
        atomic_write_bytes(target, write())
        return target

    def html(self) -> str:
        """Return a whole page with the chart alive and its figures, which needs no network."""
        return standalone(figure_block(self, lang=self.lang), title=self.title, lang=self.lang)

    def svg(self) -> str:
        """Return the chart as an ``<svg>`` element that can stand in a page beside others.

        It has ``role="img"`` and the caption as its name, a ``viewBox``, no scripts and no
        outside references; every id in it begins with the figure's.
        """
        return self._picture

    @cached_property
    def _picture(self) -> str:
        """The picture, drawn once: the page and the notebook both show it."""
        root = ET.fromstring(drawn(self.spec(width=theme.WIDTH)))
        _tidy(root, self.id)
        root.attrib.pop("aria-roledescription", None)
        root.set("role", "img")
        root.set("aria-label", clean(f"{self.title}. {self.caption}"))
        root.set("lang", LANGUAGE_TAGS[self.lang])
        root.set("font-family", theme.FONTS)
        ET.register_namespace("", _SVG)
        return ET.tostring(root, encoding="unicode")

    def png(self, *, width_mm: float) -> bytes:
        """Return the chart as a picture on white for a printed document.

        Parameters
        ----------
        width_mm : float
            Width on paper; words keep the size that they have on a screen.
        """
        width = round(width_mm / 25.4 * _PX_AN_INCH)
        spec = self.spec(width=width)
        spec["height"] = min(spec["height"], _PRINT_HEIGHT)
        return picture(spec, width=width, scale=_PRINT_DPI / _PX_AN_INCH)

    def csv(self) -> str:
        """Return the table as CSV text that spreadsheets open as it is.

        It begins with a byte order mark and lines marked ``#`` (title, units, source, as of).
        A text cell that a spreadsheet would run as a formula is put behind an apostrophe.
        """
        said = {
            Text("单位", "units"): self.units,
            Text("来源", "source"): self.source,
            Text("数据截至", "data as of"): self.as_of and month_name(self.as_of, self.lang),
        }
        head = [self.title, *(f"{one.in_language(self.lang)}: {of}" for one, of in said.items())]
        text = io.StringIO()
        text.write("\ufeff")
        text.writelines(f"# {' '.join(line.split())}\n" for line in head)
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(harmless(str(column)) for column in self.table.columns)
        for row in self.table.itertuples(index=False):
            writer.writerow("" if pd.isna(cell) else harmless(cell) for cell in row)
        return text.getvalue()

    def about(self) -> dict[str, object]:
        """Return what its figures are, ready for JSON: to travel with the CSV.

        Returns
        -------
        dict
            ``id title description unit source as_of licence language columns``; each column has
            ``name``, and ``unit``, ``formula`` and ``method`` where the catalogue of measures
            knows it.
        """
        known = {one.label.in_language(self.lang): one for one in catalogue().values()}
        columns: list[dict[str, str]] = []
        for name in map(str, self.table.columns):
            told = {"name": name}
            if name in known:
                one = known[name]
                unit = ", ".join(UNITS[unit].in_language(self.lang) for unit in one.unit)
                told |= {"id": one.id, "unit": unit, "formula": one.formula, "method": one.method}
            columns.append({key: text for key, text in told.items() if text})
        return {
            "id": self.id,
            "title": self.title,
            "description": self.caption,
            "unit": self.units,
            "source": self.source,
            "as_of": self.as_of,
            "licence": say("view.charts_chart.licence").in_language(self.lang),
            "language": LANGUAGE_TAGS[self.lang],
            "columns": columns,
        }


def slug(*parts: str) -> str:
    """Return an id made of `parts`, safe in HTML, CSS and file names.

    Examples
    --------
    >>> slug("ytd-growth", "000000", "real_estate_development")
    'ytd-growth-000000-real-estate-development'
    """
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")[:100]


def series_id(kind: str, frame: pd.DataFrame) -> str:
    """Return a figure id that names the chart and the series in `frame`."""
    if frame.empty:
        return slug(kind)
    first = frame.iloc[0]
    return slug(kind, str(first["region_code"]), str(first["indicator"]))


def _cleaned(value: object) -> object:
    """Return a part of a specification with every text in it fit for display.

    vl-convert aborts the whole process on a control character.
    """
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(name): _cleaned(part) for name, part in value.items()}
    return [_cleaned(part) for part in value] if isinstance(value, list) else value


def picture(spec: Mapping[str, Any], *, width: int, scale: float) -> bytes:
    """Return a specification drawn as PNG on white, for documents and letters.

    Parameters
    ----------
    spec : mapping
        As of :meth:`Chart.spec`; a notebook holds it in the output of each chart.
    width : int
        Whole width, px of CSS.
    scale : float
        Pixels of the picture for each px.
    """
    return painted({**spec, "width": width, "background": theme.PAPER}, theme.FONTS, scale)


def _tidy(root: ET.Element, figure_id: str) -> None:
    """Make ids the figure's own and drop what is said once for the whole picture."""
    for element in root.iter():
        for name in ("font-family", "aria-hidden"):
            element.attrib.pop(name, None)
        for name, value in element.attrib.items():
            if name == "id":
                element.set(name, f"{figure_id}-{value}")
            elif "url(#" in value:
                element.set(name, value.replace("url(#", f"url(#{figure_id}-"))
            elif name in ("d", "transform"):
                element.set(name, _LONG_FRACTION.sub(_two_decimals, value))


def _two_decimals(match: re.Match[str]) -> str:
    return f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
