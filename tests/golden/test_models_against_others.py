"""Models against what others published or compute.

Origins, each beside its figures:

- Series G of Box and Jenkins (airline passengers, thousands, 1949-1960) and their estimates of
  the airline model on logs, 0.4 and 0.6 rounded to one decimal (*Time Series Analysis*, ch. 9).
- Dynamic optimised Theta: statsforecast 2.1.1, ``DynamicOptimizedTheta(season_length=1)``, on the
  series ``realgdp``, ``cpi`` (last 60 quarters) and ``nile`` that statsmodels ships.
- ETS(A,Ad,N) and Burg: statsmodels, computed here.
"""

import numpy as np
import pandas as pd
import pytest

from faiwatch.forecast.forecast import forecast_array
from faiwatch.forecast.members.airline import fit_airline
from faiwatch.forecast.members.autoregression import burg
from faiwatch.forecast.members.seasonal import is_seasonal, seasonal_index
from faiwatch.forecast.members.smoothing import fit_damped_trend
from faiwatch.forecast.members.theta import fit_theta, simulate_theta

# fmt: off
PASSENGERS = np.array(
    [
        112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118,
        115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
        145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166,
        171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
        196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201,
        204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
        242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278,
        284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
        315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336,
        340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
        360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405,
        417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
    ],
    dtype=float,
)
# fmt: on
THETA = {
    "realgdp": [13043.87421544, 13097.79641259, 13151.76417155, 13205.77617779],
    "cpi": [217.53290155, 218.68879425, 219.84497252, 221.00140598],
    "nile": [798.23018873] * 4,
}


def shipped(name):
    import statsmodels.api as sm  # takes seconds, and every worker imports each file

    if name == "nile":
        return sm.datasets.nile.load_pandas().data["volume"].to_numpy(dtype=float)
    values = sm.datasets.macrodata.load_pandas().data[name].to_numpy(dtype=float)
    return values[-60:] if name == "cpi" else values


@pytest.mark.parametrize(
    ("name", "tolerance"),
    # the Nile has no trend: its level depends on where the smoothing parameter is stopped
    [("realgdp", 1e-4), ("cpi", 1e-4), ("nile", 0.01)],
)
def test_theta_agrees_with_statsforecast(name, tolerance):
    found = simulate_theta(fit_theta(shipped(name)), np.zeros((1, 4)))[0]
    assert found == pytest.approx(THETA[name], rel=tolerance)


@pytest.mark.parametrize("name", THETA)
def test_damped_trend_fits_about_as_well_as_statsmodels(name):
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    y = shipped(name)
    ours = fit_damped_trend(y).sigma ** 2 * (len(y) - 5)
    theirs = ETSModel(pd.Series(y), trend="add", damped_trend=True).fit(disp=False).sse
    assert ours <= 1.01 * theirs


@pytest.mark.parametrize("order", [1, 4])
def test_burg_agrees_with_statsmodels(order):
    from statsmodels.regression.linear_model import burg as statsmodels_burg

    change = np.diff(shipped("realgdp"))
    change = change - change.mean()
    weights, _ = burg(change, order)[order]
    expected, _ = statsmodels_burg(change, order=order, demean=False)
    assert weights == pytest.approx(expected)


def test_airline_parameters_are_those_of_box_and_jenkins():
    model = fit_airline(np.log(PASSENGERS), 12)
    assert (round(model.step, 1), round(model.season, 1)) == (0.4, 0.6)


def test_passengers_peak_in_july_and_are_fewest_in_november():
    assert is_seasonal(PASSENGERS, 12)
    index, _ = seasonal_index(np.log(PASSENGERS), 12)
    assert (int(np.argmax(index)), int(np.argmin(index))) == (6, 10)
    assert index.sum() == pytest.approx(0, abs=1e-9)


def test_the_last_year_of_the_passengers_is_forecast_within_four_percent():
    found = forecast_array(PASSENGERS[:-12], season_length=12, horizon=12)
    errors = np.abs(found.mean / PASSENGERS[-12:] - 1)
    assert errors.mean() < 0.04
    assert (
        np.mean((PASSENGERS[-12:] > found.lower[1]) & (PASSENGERS[-12:] < found.upper[1])) >= 0.75
    )
