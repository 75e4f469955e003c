"""``faiwatch forecast``: the rows of a forecast, for people and programs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict, cast

from faiwatch.cli.options import (
    DataOption,
    FormatOption,
    IndicatorOption,
    JsonOption,
    OutputOption,
    RegionOption,
    form_of,
    parameter,
    plain_rows,
    print_as,
    print_table,
)
from faiwatch.core.errors import nearest, refused
from faiwatch.core.phrases import say
from faiwatch.core.text import NOTHING, Language, Text, band, user_language
from faiwatch.data.parameter_types import EMBEDDED, LATEST, MODEL_ENSEMBLE
from faiwatch.data.regions import NATION
from faiwatch.run.request import check_request

if TYPE_CHECKING:
    from faiwatch.page.ahead import Forecast
    from faiwatch.page.series import Series
    from faiwatch.view.tables import Table

_NOTEBOOK = "04_forecast"  # whose parameters these are
_LONGEST = 24

OriginOption = Annotated[str, parameter(_NOTEBOOK, "as_of")]
HorizonOption = Annotated[
    int,
    parameter(
        _NOTEBOOK,
        "horizon",
        allowed=say("cli.forecast.horizon", longest=_LONGEST),
        min=1,
        max=_LONGEST,
    ),
]
ModelsOption = Annotated[str, parameter(_NOTEBOOK, "models")]


class ForecastRow(TypedDict):
    """One value of a forecast, see :data:`faiwatch.forecast.rows.FORECAST_COLUMNS`."""

    origin: str
    region_code: str
    indicator: str
    target: str
    period: str
    horizon: int
    model: str
    output_type: Literal["mean", "quantile", "probability"]
    output_type_id: str  # the probability of a quantile, or "negative"
    value: float


class ForecastAnswer(TypedDict):
    """What ``faiwatch forecast --json`` prints."""

    region_code: str
    indicator: str
    origin: str
    rows: list[ForecastRow]
    method_used: dict[str, str]  # by month of each target: the model, or a simple method
    baseline: dict[str, str | None]  # the best simple method there; null = cannot be judged
    baseline_error: dict[str, float | None]  # its mean past error, percentage points
    is_made_up: NotRequired[bool]  # only there when the figures are made up


def forecast(  # noqa: PLR0913  options, not arguments
    region: RegionOption = NATION,
    indicator: IndicatorOption = "total",
    origin: OriginOption = LATEST,
    horizon: HorizonOption = 12,
    models: ModelsOption = MODEL_ENSEMBLE,
    data: DataOption = EMBEDDED,
    as_json: JsonOption = False,
    form: FormatOption = "table",
    out: OutputOption = None,
) -> None:
    """Print centre, ranges and chances of the releases to come."""
    form = form_of(form, out, as_json=as_json)
    checked = {"region": region, "as_of": origin, "data": data, "models": models}
    check_request(_NOTEBOOK, checked | {"indicator": indicator})
    ahead = asked_ahead(checked, indicator, horizon=horizon)
    if form != "table":
        import pandas as pd

        answer = forecast_answer(ahead)
        print_as(form, out, answer, pd.DataFrame(answer["rows"]))
        return
    print_table(ahead_table(ahead, lang=user_language()))


def asked_ahead(checked: Mapping[str, str], indicator: str, *, horizon: int) -> Forecast:
    """Return the forecast of one series.

    Parameters
    ----------
    checked : mapping
        ``region``, ``as_of``, ``data`` and ``models``, as for the notebook.
    indicator : str
        Which series.
    horizon : int
        Releases ahead.

    Raises
    ------
    ParameterError
        Something asked for does not exist.
    DataMissingError
        The series has no growth, or it ends more than three releases before the origin.
    DataInvalidError
        A check found an error in the figures.
    """
    from faiwatch.page.forecast import ForecastPage

    page = ForecastPage.open(checked)
    there = sorted(page.known.of([page.region.code])["indicator"].unique())
    if indicator not in there:
        raise refused("indicator", indicator, ", ".join(there), nearest(indicator, there))
    return replace(page.series, indicator=indicator).forecast(horizon, models=checked["models"])


def forecast_answer(ahead: Forecast) -> ForecastAnswer:
    """Return a forecast as plain rows.

    Returns
    -------
    ForecastAnswer
        ``rows`` with the columns of :data:`faiwatch.forecast.rows.FORECAST_COLUMNS`, unrounded;
        ``method_used``, ``baseline`` and ``baseline_error`` by month of each target within the
        horizon (next release, full year, next February, a year on).

    Examples
    --------
    >>> asked = {"region": "000000", "as_of": "2026-08", "data": "embedded", "models": "ensemble"}
    >>> answer = forecast_answer(asked_ahead(asked, "total", horizon=1))
    >>> [row["value"] for row in answer["rows"] if row["output_type"] == "probability"]
    [0.999]
    """
    from faiwatch.data.frames import without_ytd
    from faiwatch.forecast.rows import model_of
    from faiwatch.forecast.track_record import CHOSEN

    found = ahead.prospect
    targets = {str(row["period"]): row for row in found.targets.to_dict("records")}
    model = model_of(found.paths, found.used)
    errors = {month: row["simple_error_pp"] for month, row in targets.items()}
    answer: ForecastAnswer = {
        "region_code": ahead.series.region.code,
        "indicator": ahead.series.indicator,
        "origin": str(found.paths.origin),
        "rows": cast("list[ForecastRow]", plain_rows(without_ytd(found.rows()))),
        "method_used": {
            month: model if row["used"] == CHOSEN else row["used"] for month, row in targets.items()
        },
        "baseline": {month: row["simple"] or None for month, row in targets.items()},
        "baseline_error": {
            month: None if math.isnan(error) else error for month, error in errors.items()
        },
    }
    if _is_made_up(ahead.series):
        answer["is_made_up"] = True
    return answer


def _is_made_up(one: Series) -> bool:
    return one.known.source.is_made_up or one.region.is_made_up


def ahead_table(ahead: Forecast, *, lang: Language) -> Table:
    """Return the releases to come as a table for a terminal."""
    import pandas as pd

    from faiwatch.data.measures import measure
    from faiwatch.forecast.rows import RANDOM_WALK
    from faiwatch.view.tables import Table
    from faiwatch.view.tables.forecast import (
        FORECAST_COLUMNS,
        chances_within_a_year,
        no_chance_beyond,
    )

    rows, calendar = ahead.table, ahead.series.calendar
    ranges = {
        f"range_{level}": [
            band(low, high, lang)
            for low, high in zip(rows[f"lo{level}_pct"], rows[f"hi{level}_pct"], strict=True)
        ]
        for level in (80, 95)
    }
    frame = pd.DataFrame(
        {
            "period": [calendar.window(f"{month:%Y-%m}", lang) for month in rows["month"]],
            "forecast": rows["median_pct"],
            **ranges,
            "chance": chances_within_a_year(rows["negative_probability"]),
        }
    )
    region, indicator = ahead.series.region.name, ahead.series.indicator
    basis = measure("ytd_yoy_pct" if calendar.is_cumulative else "month_yoy_pct").name
    mark = Text("（虚构数据）", " (made-up data)") if _is_made_up(ahead.series) else NOTHING
    is_guess = (ahead.rows["model"] == RANDOM_WALK).any()
    return Table(
        frame,
        say("cli.forecast.title", region=region, indicator=indicator, basis=basis, mark=mark),
        FORECAST_COLUMNS,
        lang,
        say("cli.forecast.guess") if is_guess else no_chance_beyond(calendar),
    )
