"""The stable path of the forecasts of plain arrays, which are made in ``faiwatch.forecast``."""

from faiwatch.forecast.forecast import ArrayForecast, forecast_array, forecast_arrays

__all__ = ["ArrayForecast", "forecast_array", "forecast_arrays"]
