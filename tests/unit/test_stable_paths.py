"""What code outside faiwatch may import stays where it was."""

from faiwatch.forecast import forecast
from faiwatch.models import forecast as stable


def test_forecasts_of_plain_arrays_keep_their_path():
    assert stable.forecast_array is forecast.forecast_array
    assert stable.forecast_arrays is forecast.forecast_arrays
    assert stable.ArrayForecast is forecast.ArrayForecast
