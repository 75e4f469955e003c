"""Parts that several charts share: data at the chart's edge, axes, states, shading, labels.

Months leave pandas here. Vega reads a date without a time as UTC and every month scale is a UTC
scale, so readers in Shanghai, London and Los Angeles see the same months.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import altair as alt
import pandas as pd

from faiwatch.core.text import NOT_AVAILABLE, Language, half_up, percent, window_name
from faiwatch.data.measures import label
from faiwatch.data.reference import tiles_of
from faiwatch.stats.negative import STATES
from faiwatch.view.charts import theme

HALF_MONTH = pd.Timedelta(days=15)
_LONGEST_WORDS = 200  # of a mark or tooltip; the table has the whole
_NARROW_TILE = 62  # pixels that an English name needs
ZOOM_NAME, PICK_NAME, MAIN_NAME = "zoom", "pick", "main"


@dataclass(frozen=True, slots=True)
class Look:
    """How one state looks: always a shape beside the colour."""

    fill: str
    stroke: str
    shape: str


CROSS = "M-.6,-.6L.6,.6M.6,-.6L-.6,.6"
LOOKS: Mapping[str, Look] = {
    "non_negative": Look(theme.POSITIVE, theme.POSITIVE, "circle"),
    "negative": Look(theme.NEGATIVE, theme.NEGATIVE, "triangle-down"),
    "indeterminate": Look(theme.PAPER, theme.INDETERMINATE, "diamond"),
    "missing": Look(theme.PAPER, theme.MUTED, CROSS),
}
_CHANNELS: Mapping[str, Any] = {
    "color": alt.Color,
    "fill": alt.Fill,
    "stroke": alt.Stroke,
    "strokeDash": alt.StrokeDash,
    "strokeWidth": alt.StrokeWidth,
    "shape": alt.Shape,
}


def records(frame: pd.DataFrame, *, decimals: int = 1) -> alt.InlineData:
    """Return the rows of `frame` as chart data: nothing in it but text, numbers and null.

    Periods become the first day of their month (``2026-08-01``), floats are rounded half-up,
    NaN and missing become null, overlong words are cut.
    """
    columns = {str(name): [_plain(cell, decimals) for cell in frame[name]] for name in frame}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return alt.InlineData(values=rows)


def _plain(cell: object, decimals: int) -> object:
    if isinstance(cell, pd.Period):
        return f"{cell.start_time:%Y-%m-%d}"
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d}"
    if pd.isna(cell):  # type: ignore[call-overload]
        return None
    if isinstance(cell, str):
        return cell if len(cell) <= _LONGEST_WORDS else f"{cell[:_LONGEST_WORDS]}…"
    return float(half_up(cell, decimals)) if isinstance(cell, float) else cell


def month_x(lang: Language, field: str = "month") -> alt.X:
    """Return a horizontal month axis in the reader's words: years, and months between them."""
    month = "(utcmonth(datum.value) + 1) + '月'" if lang == "zh" else "utcFormat(datum.value, '%b')"
    year = "utcFormat(datum.value, '%Y')" + (" + '年'" if lang == "zh" else "")
    axis = alt.Axis(
        labelExpr=f"utcmonth(datum.value) == 0 ? {year} : {month}",
        labelOverlap=True,
        grid=False,
        domain=True,
        domainColor=theme.LINE,
        ticks=True,
        tickCount=alt.ExprRef("ceil(width / 90)"),
    )
    return alt.X(f"{field}:T", title=None, axis=axis, scale=alt.Scale(type="utc", padding=14))


_ABOVE: dict[str, Any] = {
    "titleAngle": 0,
    "titleAlign": "left",
    "titleAnchor": "end",
    "titleBaseline": "bottom",
    "titleX": -34,
    "titleY": -8,
    "tickCount": 6,
}


def value_y(field: str, title: str, *, scale: alt.Scale | None = None, **axis: Any) -> alt.Y:  # noqa: ANN401  whatever an axis takes
    """Return a vertical axis whose title stands upright above it, where it is read first."""
    scale = scale or alt.Scale(padding=14, nice=True)
    return alt.Y(f"{field}:Q", title=title, axis=alt.Axis(**(_ABOVE | axis)), scale=scale)


def value_x(field: str, title: str, *, padding: int = 62) -> alt.X:
    """Return a horizontal axis of figures, with room in px for words at the ends of bars."""
    axis = alt.Axis(titleAlign="left", titleAnchor="start", tickCount=6)
    return alt.X(f"{field}:Q", title=title, axis=axis, scale=alt.Scale(nice=False, padding=padding))


def name_y() -> alt.Y:
    """Return a vertical axis of the column ``name``, in the order of the rows."""
    axis = alt.Axis(labelColor=theme.INK, labelLimit=200)
    return alt.Y("name:N", title=None, sort=None, axis=axis)


def looks(
    field: str,
    names: Sequence[str],
    *,
    legend: alt.Legend | alt.UndefinedType = alt.Undefined,
    **channels: Sequence[Any],
) -> dict[str, Any]:
    """Return encodings that give each name in a column its look, which one legend tells.

    Parameters
    ----------
    field : str
        The column of names.
    names : sequence of str
        As they stand in it, in the order of the legend.
    legend : altair.Legend, optional
        How it is set.
    channels : sequence
        What each name gets of a channel: ``color``, ``strokeDash``, ``shape`` …
    """
    return {
        channel: _CHANNELS[channel](
            f"{field}:N",
            title=None,
            legend=legend,
            scale=alt.Scale(domain=list(names), range=list(values)),
        )
        for channel, values in channels.items()
    }


def state_scales(lang: Language, states: Sequence[str]) -> dict[str, Any]:
    """Return ``fill``, ``stroke`` and ``shape`` for a ``state`` column of words in `lang`."""
    shown = [LOOKS[name] for name in states]
    return looks(
        "state",
        [STATES[name].in_language(lang) for name in states],
        fill=[look.fill for look in shown],
        stroke=[look.stroke for look in shown],
        shape=[look.shape for look in shown],
    )


def zero_line(title: str, *, scale: alt.Scale | None = None) -> alt.Chart:
    """Return the line between growth and decline, on the axis called `title`."""
    return _zero(y=value_y("zero", title, scale=scale))


def zero_rule(title: str, **axis: int) -> alt.Chart:
    """Return the upright line between growth and decline, on the axis of :func:`value_x`."""
    return _zero(x=value_x("zero", title, **axis))


def _zero(**axis: alt.X | alt.Y) -> alt.Chart:
    line = alt.Chart(alt.InlineData(values=[{"zero": 0}]))
    return cast("alt.Chart", line.mark_rule(color=theme.INK, strokeWidth=1.2).encode(**axis))


def columns(frame: pd.DataFrame, x: alt.X, *, color: str, opacity: float) -> alt.Chart:
    """Return columns of the chart's whole height, from ``month`` to ``until`` of each row."""
    column = alt.Chart(records(frame)).mark_rect(color=color, opacity=opacity)
    whole = {"y": alt.Y(value=0), "y2": alt.Y2(value="height")}
    return cast("alt.Chart", column.encode(x=x, x2="until:T", **whole))


def named_months(
    periods: pd.Series | pd.Index, lang: Language, named: Callable[..., str] = window_name
) -> pd.DataFrame:
    """Return ``month`` and ``window``: months, and what is published at each in words.

    Parameters
    ----------
    periods : Series or Index
        Monthly Periods; the rows have their index.
    lang : {"zh", "en"}
        Language of the words.
    named : callable
        Names a month: :func:`faiwatch.core.text.window_name` or another of its kind.
    """
    months = periods.to_series() if isinstance(periods, pd.Index) else periods
    words = [named(str(period), lang) for period in months]
    return pd.DataFrame({"month": months, "window": words})


@dataclass(frozen=True, slots=True)
class Line:
    """How one line looks, and the measure that names it."""

    label: str
    colour: str
    dash: list[int]
    width: float


def named_lines(
    wide: pd.DataFrame, shown: Mapping[str, Line], y: alt.Y, lang: Language
) -> alt.Chart:
    """Return some columns as lines that colour, dashes and width tell apart in one legend.

    Parameters
    ----------
    wide : DataFrame
        ``month``, ``window`` and the columns.
    shown : mapping of str to Line
        The columns, in the order of the legend.
    y : altair.Y
        The axis, whose field the values of all lines become.
    lang : {"zh", "en"}
        Language of the names.
    """
    names = {name: label(line.label, lang) for name, line in shown.items()}
    field = str(y.shorthand).removesuffix(":Q")
    lines = wide.melt(["month", "window"], list(shown), "which", field)
    encoded = (
        alt.Chart(records(lines.assign(which=lines["which"].map(names))), name=MAIN_NAME)
        .mark_line()
        .encode(
            x=month_x(lang),
            y=y,
            **looks(
                "which",
                list(names.values()),
                legend=alt.Legend(columns=alt.ExprRef("width < 420 ? 1 : 0")),
                color=[line.colour for line in shown.values()],
                strokeDash=[line.dash for line in shown.values()],
                strokeWidth=[line.width for line in shown.values()],
            ),
            opacity=fade(),
        )
    )
    return cast("alt.Chart", encoded.add_params(zoom(), pick("which")))


LAST_WORDS: Mapping[str, Any] = {  # how the figure behind the last point of a line is written
    "align": "left",
    "baseline": "middle",
    "fontSize": 16,
    "fontWeight": "bold",
}


def last_value(data: pd.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """Return the latest value as a direct label, in the margin that the chart keeps for it."""
    last = data.dropna(subset=["value_pct"]).tail(1)
    words = last["value_pct"].map(lambda value: percent(value, "en"))
    text = alt.Chart(records(last.assign(words=words))).mark_text(**LAST_WORDS, clip=False, dx=9)
    return cast("alt.Chart", text.encode(x=x, y=y, text="words:N"))


def recent(frame: pd.DataFrame, months: int) -> pd.DataFrame:
    """Return the rows of the last `months` calendar months, sorted by month."""
    if frame.empty:
        return frame
    is_recent: pd.Series = frame["period"] > frame["period"].max() - months
    return frame[is_recent].sort_values("period")


def zoom() -> alt.Parameter:
    """Return dragging along the months, and zooming with Ctrl and the wheel (or a pinch).

    The bare wheel keeps scrolling the page.
    """
    return alt.selection_interval(
        name=ZOOM_NAME,
        bind="scales",
        encodings=["x"],
        zoom="wheel![event.ctrlKey || event.metaKey]",
    )


def pick(field: str) -> alt.Parameter:
    """Return choosing by a click on the legend."""
    return alt.selection_point(name=PICK_NAME, fields=[field], bind="legend")


def fade() -> alt.OpacityValue:
    """Return the opacity that lets what was not picked step back."""
    return alt.OpacityValue(0.12, condition={"param": PICK_NAME, "value": 1})


def tooltips(lang: Language, *ids: str, **fields: str) -> list[alt.Tooltip]:
    """Return tooltips of fields, called as the catalogue says: `ids` where a field is one.

    Fields ending in ``_pct`` and ``_pp`` are numbers.
    """
    return [
        alt.Tooltip(f"{field}:Q", title=label(id, lang), format=",.1f")
        if field.endswith(("_pct", "_pp"))
        else alt.Tooltip(f"{field}:N", title=label(id, lang))
        for field, id in ({id: id for id in ids} | fields).items()
    ]


def tile_map(
    told: pd.DataFrame,
    codes: Sequence[str],
    *,
    a_row: int,
    fill: alt.Color,
    tips: Sequence[alt.Tooltip],
) -> alt.LayerChart:
    """Return an equal tile a row, about where each region lies, with a name and a figure on it.

    Parameters
    ----------
    told : DataFrame
        ``name``, ``told`` (the figure), ``ink`` (colour of both), and what `fill` and `tips`
        read; nothing else. ``letters`` stand in the place of the name where tiles are narrow.
    codes : sequence of str
        Region of each row; where not all have a place of their own, tiles stand in this order.
    a_row : int
        Tiles side by side where no places are known.
    fill : altair.Color
        Colour of the tiles, with its legend.
    tips : sequence of altair.Tooltip
        What a tile says when pointed at.
    """
    places = tiles_of(list(codes), a_row=a_row)
    y, x = zip(*(places[code] for code in codes), strict=True)
    placed = told.assign(y=y, x=x)
    rows, n_columns = (max(one) - min(one) + 1 for one in (y, x))
    base = alt.Chart().encode(
        x=alt.X("x:O", axis=None, scale=alt.Scale(paddingInner=0.06)),
        y=alt.Y("y:O", axis=None, scale=alt.Scale(paddingInner=0.08)),
        tooltip=list(tips),
    )
    cells = base.mark_rect(cornerRadius=6).encode(color=fill).properties(name=MAIN_NAME)
    # two lines fit a tile, whatever the size of the picture
    size = alt.ExprRef(f"clamp(min(width / {4.6 * n_columns}, height / {3 * rows}), 6, 14)")
    room, ink = alt.ExprRef(f"width / {n_columns} - 2"), alt.Color("ink:N", scale=None)
    line = f"height / {rows}"
    upper = alt.ExprRef(f"-0.18 * {line}")
    names = [base.mark_text(dy=upper, fontSize=size, limit=room).encode(text="name:N", color=ink)]
    if "letters" in placed:
        narrow = f"width / {n_columns} < {_NARROW_TILE}"
        one = base.mark_text(dy=upper, fontSize=alt.ExprRef(f"{narrow} ? 13 : 0"))
        names[0].mark.fontSize = alt.ExprRef(f"{narrow} ? 0 : {size.expr}")
        names.append(one.encode(text="letters:N", color=ink))
    figure = base.mark_text(dy=alt.ExprRef(f"0.2 * {line}"), fontSize=size, fontWeight="bold")
    return layered(
        cells,
        *names,
        figure.encode(text="told:N", color=ink),
        data=records(placed),
        height=min(78, 480 // n_columns) * rows,  # of a tile, times how many
        has_own_colours=True,
    )


def layered(
    *layers: alt.Chart,
    data: alt.InlineData | None = None,
    height: float | None = None,
    has_own_colours: bool = False,
) -> alt.LayerChart:
    """Return `layers` drawn one over the other; those without data of their own share `data`.

    The height is told here, since ``.properties`` copies every layer four times. With colours of
    its own each layer has a scale and a legend for them.
    """
    told = {"data": data, "height": height}
    known = {name: value for name, value in told.items() if value is not None}
    drawn = alt.layer(*layers, **known)
    told_apart = drawn.resolve_scale(color="independent") if has_own_colours else drawn
    return cast("alt.LayerChart", told_apart)


def nothing_known(lang: Language) -> alt.LayerChart:
    """Return the chart of a series of which nothing is published: it says so."""
    words = alt.InlineData(values=[{"words": NOT_AVAILABLE[lang]}])
    text = alt.Chart(words).mark_text(color=theme.MUTED, fontSize=18)
    return layered(text.encode(text="words:N"), height=120)
