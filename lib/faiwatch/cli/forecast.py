"""``faiwatch forecast``: the rows of a forecast, for people and programs."""

from __future__ import annotations

from typing import Annotated

import typer

from faiwatch.cli.options import (
    DataOption,
    JsonOption,
    LangOption,
    RegionOption,
    print_json,
    print_table,
    told,
)
from faiwatch.core.text import user_language
from faiwatch.data.parameter_types import EMBEDDED, LATEST, MODEL_POOL
from faiwatch.data.regions import NATION
from faiwatch.run.request import check_request


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(help=told("预测一个序列", "Forecast one series."))(forecast)


def forecast(  # noqa: PLR0913  options, not arguments
    region: RegionOption = NATION,
    indicator: Annotated[str, typer.Option(help=told("指标", "indicator"))] = "total",
    origin: Annotated[
        str,
        typer.Option(
            help=told("只用到该月的数据：YYYY-MM", "use figures up to this month, YYYY-MM")
        ),
    ] = LATEST,
    horizon: Annotated[
        int, typer.Option(min=1, max=24, help=told("以后多少次发布", "releases ahead"))
    ] = 12,
    models: Annotated[
        str, typer.Option(help=told("pool 或模型名", "pool, or names of models"))
    ] = MODEL_POOL,
    data: DataOption = EMBEDDED,
    as_json: JsonOption = False,
    lang: LangOption = None,  # noqa: ARG001  its callback has done it
) -> None:
    """Print centre, ranges and chances of the releases to come."""
    checked = {"region": region, "as_of": origin, "data": data, "models": models}
    check_request("04_forecast", checked | {"indicator": indicator})

    from faiwatch.cli.forecast_answer import answer_table, forecast_answer

    answer = forecast_answer(checked, indicator, horizon=horizon)
    if as_json:
        print_json(answer)
        return
    print_table(answer_table(answer, lang=user_language()))
