"""What comes next, as findings: the verdict, the next release, the year, and how sure.

Methods: ``docs/methods/series-for-models.md`` and ``docs/methods/track-record.md``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from faiwatch.core.finding import Finding, InputRow, State, Tone
from faiwatch.core.phrases import (
    chance_phrase,
    count_of,
    growth_phrase,
    joined,
    percent_phrase,
    say,
    with_capital,
    with_stop,
)
from faiwatch.core.provenance import Basis, What, result_rows, rows_behind
from faiwatch.core.text import NOTHING, Text, band, both
from faiwatch.data.calendars import OF_THE_MONTH, Calendar
from faiwatch.data.definitions import about, definitions_of
from faiwatch.data.frames import inputs_of, without_ytd
from faiwatch.data.reference import indicator_named
from faiwatch.data.schema import KEYS
from faiwatch.forecast.members.members import ENSEMBLE, FEWEST_TO_FIT, MEMBERS
from faiwatch.forecast.probability import full_year_negative, negative_probabilities
from faiwatch.forecast.rows import RANDOM_WALK, forecast_rows, model_of
from faiwatch.forecast.series import GrowthPaths, ModelSeries
from faiwatch.forecast.track_record import CHOSEN
from faiwatch.stats.cumulative import Array

SURE = 0.8  # from here on, and below one minus it, the verdict takes a side
_ROWS_NAMED = 24  # the newest figures, which a forecast rests on most
_CENTRE_AND_RANGE = ("0.5", "0.1", "0.9")  # as forecast rows name the quantiles


@dataclass(frozen=True)
class Prospect:
    """What comes next in one series, how good the same forecast was, and which model it is.

    Attributes
    ----------
    name : Text
        Region and indicator as readers see them.
    measured : DataFrame
        Measures up to the origin.
    series : ModelSeries
        What models see.
    paths : GrowthPaths
        The forecast.
    record : DataFrame
        Track record of the model that is used.
    record_asked : DataFrame
        Track record of the model that was asked for; the same unless it was beaten.
    asked, used : tuple of str
        Members asked for, and those the forecast comes from.
    as_of : str
        Month up to which figures were used, ``YYYY-MM``.
    judged : DataFrame
        The best simple method for each release, and where it is used: what
        :func:`faiwatch.forecast.simple.judged` returned.
    """

    name: Text
    measured: pd.DataFrame
    series: ModelSeries
    paths: GrowthPaths
    record: pd.DataFrame
    record_asked: pd.DataFrame
    asked: tuple[str, ...]
    used: tuple[str, ...]
    as_of: str
    judged: pd.DataFrame

    @property
    def is_fallback(self) -> bool:
        """Whether seasonal naive replaces what was asked for, which was no better."""
        return self.asked != self.used

    @property
    def n_figures(self) -> int:
        """How many growth figures the forecast rests on."""
        return int(self.measured["ytd_yoy_pct"].notna().sum())

    @property
    def is_short(self) -> bool:
        """Whether there are too few figures for any model: the range is a guess."""
        return self.n_figures < FEWEST_TO_FIT

    @property
    def probabilities(self) -> pd.DataFrame:
        """Probability of a negative figure for each release to come, NaN beyond a year."""
        return negative_probabilities(self.paths)

    @property
    def targets(self) -> pd.DataFrame:
        """The rows of :attr:`judged` that are targets: next release, year, February, a year on."""
        return self.judged[self.judged["target"] != ""]

    @cached_property
    def basis(self) -> Basis:
        """What its findings have in common."""
        inputs = rows_behind(self.measured.tail(_ROWS_NAMED), "ytd_yoy_pct")
        return Basis(str(self.paths.origin), self.as_of, inputs_of(inputs, self.paths.calendar))

    def on(self, *evidence: InputRow) -> Basis:
        """Return the basis of a number that is read from rows of the result files."""
        return replace(self.basis, inputs=(*evidence, *self.basis.inputs))

    def rows(self) -> pd.DataFrame:
        """Return the forecast as rows, see :func:`faiwatch.forecast.rows.forecast_rows`."""
        return self._rows.copy()

    @cached_property
    def _rows(self) -> pd.DataFrame:
        region, indicator = self.measured[KEYS].iloc[0]
        model = model_of(self.paths, self.used)
        rows = forecast_rows(self.paths, key=(region, indicator), model=model)
        simple = self.judged[self.judged["used"] != CHOSEN]
        named = dict(zip(simple["period"], simple["used"], strict=True))
        both = zip(rows["period"], rows["model"], strict=True)
        return without_ytd(rows.assign(model=[named.get(month, one) for month, one in both]))

    def model_name(self) -> Text:
        """Return what readers call the model that is used."""
        is_walk = model_of(self.paths, self.used) == RANDOM_WALK
        return MEMBERS[RANDOM_WALK] if is_walk else model_name(self.used)


def model_name(names: Sequence[str]) -> Text:
    """Return what readers call a choice of members.

    Examples
    --------
    >>> model_name(("theta",)).en
    'dynamic optimised Theta'
    """
    if len(names) == 1:
        return MEMBERS[names[0]]
    if tuple(names) == ENSEMBLE:
        return Text("四个模型的组合", "the ensemble of four models")
    return say("forecast.prospect.ensemble_models", n_names=len(names))


def prospect_tone(prospect: Prospect) -> Tone:
    """Return the tone of the verdict: a side from 80 % on, otherwise too close to call.

    With too few figures for a model it is too close to call as well.
    """
    chance = float(prospect.probabilities["probability"].iloc[0])
    if prospect.is_short:
        return "indeterminate"
    if chance >= SURE:
        return "negative"
    return "positive" if chance <= 1 - SURE else "indeterminate"


FORECASTS = "forecasts.csv"  # the result file of :meth:`Prospect.rows`
_MEANT = definitions_of("prospect")


def _meant(month: str, calendar: Calendar) -> dict[str, What]:
    """Return what the numbers of one release are."""
    covers = {id: calendar.block if id == "block_yoy_pct" else calendar.window for id in _MEANT}
    return {id: about(_MEANT[id], both(name, month)) for id, name in covers.items()}


def prospect_findings(prospect: Prospect) -> dict[str, Finding]:
    """Return the verdict and key numbers of what comes next, by name.

    Parameters
    ----------
    prospect : Prospect
        Its horizon reaches the next December.

    Returns
    -------
    dict of str to Finding
        ``verdict`` (one line; the heading names the region), ``outlook`` (with region, ranges and
        the far end), ``next_yoy``, ``p_next_negative``, ``full_year_yoy``,
        ``p_full_year_negative``, ``next_block_yoy`` (missing for growth-only series). Of a monthly
        series, whose December is no year, ``year_on_yoy`` and ``p_year_on_negative`` instead.
    """
    found = prospect.paths
    year, december = _far_end(found)
    chance = float(prospect.probabilities["probability"].iloc[0])
    ahead, whole = found.ytd_yoy_pct[:, 0], found.ytd_yoy_pct[:, december]
    of_block = found.block_yoy_pct[:, 0]
    first, last = str(found.periods[0]), str(year[0])
    meant, meant_of_year = (_meant(month, found.calendar) for month in (first, last))
    rows, on, block = prospect.rows(), prospect.on, "block_yoy_pct"
    ytd = "ytd_yoy_pct" if found.calendar.is_cumulative else OF_THE_MONTH["ytd_yoy_pct"]
    at_next, at_year = (_cells(rows, ytd, month, *_CENTRE_AND_RANGE) for month in (first, last))
    p_next, p_year = (_cells(rows, ytd, month, "negative") for month in (first, last))
    said = (*at_next, *p_next) if first == last else (*at_next, *p_next, *at_year, *p_year)
    is_open = prospect.is_short or 1 - SURE < chance < SURE
    state: State = "indeterminate" if is_open else "ok"
    line, sentence = _sentences(prospect, chance, year, whole)
    far = "full_year" if found.calendar.is_cumulative else "year_on"
    findings = [
        on(*at_next, *p_next).finding("verdict", _centre(ahead), meant[ytd], line, state),
        on(*said).finding("outlook", _centre(ahead), meant[ytd], sentence, state),
        _growth(on(*at_next), "next_yoy", ahead, meant[ytd]),
        _chance(on(*p_next), "p_next_negative", chance, meant["chance"]),
        _growth(on(*at_year), f"{far}_yoy", whole, meant_of_year[ytd]),
        _chance(on(*p_year), f"p_{far}_negative", year[1], meant_of_year["chance"]),
    ]
    if found.calendar.is_cumulative:
        next_block = prospect.basis.missing("next_block_yoy", meant[block])
        if not np.isnan(of_block).any():
            cells = _cells(rows, block, first, *_CENTRE_AND_RANGE)
            next_block = _growth(on(*cells), "next_block_yoy", of_block, meant[block])
        findings.append(next_block)
    return {finding.id: finding for finding in findings}


def _far_end(found: GrowthPaths) -> tuple[tuple[pd.Period, float], int]:
    """Return the far release that is told of, with its chance and place: December, or a year on."""
    if found.calendar.is_cumulative:
        year = full_year_negative(found)
        assert year is not None  # the page's horizon is a year at least
        return year, list(found.periods).index(year[0])
    place = min(found.calendar.a_year, len(found.periods)) - 1
    return (found.periods[place], float(found.is_negative[:, place].mean())), place


def _cells(rows: pd.DataFrame, target: str, month: str, *ids: str) -> tuple[InputRow, ...]:
    """Return the cells of a forecast that hold some outputs of one release."""
    of_month = rows[(rows["target"] == target) & (rows["period"].astype(str) == month)]
    told = (of_month[of_month["output_type_id"] == id] for id in ids)
    return tuple(cell for row in told for cell in result_rows(row, FORECASTS, "value"))


def _centre(paths: Array) -> float:
    return float(np.median(paths))


def _range(paths: Array) -> Text:
    low, high = np.quantile(paths, [0.1, 0.9]).tolist()
    return both(band, low, high)


def _growth(basis: Basis, id: str, paths: Array, what: What) -> Finding:
    value = _centre(paths)
    return basis.finding(id, value, what, joined((percent_phrase(value), _range(paths)), " ", " "))


def _chance(basis: Basis, id: str, chance: float, what: What) -> Finding:
    return basis.finding(id, 100 * chance, what, chance_phrase(chance))


def _window_in_a_line(month: str, prospect: Prospect) -> Text:
    """Return what the next release covers, short: without the year of the figures before it.

    Key numbers of the page say it in full.
    """
    window, is_next_year = prospect.paths.calendar.window, month[:4] != prospect.basis.period[:4]
    zh, en = (window(month, lang, year=is_next_year) for lang in ("zh", "en"))
    return Text(zh, re.sub(r"([A-Z][a-z]{2})[a-z]+", r"\1", en))


def _sentences(
    prospect: Prospect, chance: float, year: tuple[pd.Period, float], whole: Array
) -> tuple[Text, Text]:
    """Return what to take away of the next release, and with its range that of the far one too."""
    found, month, december = prospect.paths, str(prospect.paths.periods[0]), str(year[0])
    ahead = found.ytd_yoy_pct[:, 0]
    spread, centre = _range(ahead), _centre(ahead)
    growth, likely = growth_phrase(centre), chance_phrase(chance)
    window, far = (both(found.calendar.window, one) for one in (month, december))
    line = say(
        "forecast.prospect.line",
        month=_window_in_a_line(month, prospect),
        about=indicator_named(str(prospect.measured["indicator"].iloc[0])).label,
        growth=growth,
        centre=centre,
        chance=likely,
    )
    first = say(
        "forecast.prospect.forecast_and_chance",
        month=window,
        prospect=prospect.name,
        growth=growth,
        centre=centre,
        sure=say("forecast.prospect.range_on_year_earlier", spread=spread),
        chance=likely,
    )
    rest = NOTHING
    if prospect.is_short:
        few = count_of(prospect.n_figures, "figure")
        rest = say("forecast.prospect.guesses_only", n_figures=prospect.n_figures, few=few)
        line = joined((line, rest), "", "")
    elif month != december:
        rest = say(
            "forecast.prospect.whole_year",
            far=Text("全年", "full year") if found.calendar.is_cumulative else far,
            growth=growth_phrase(_centre(whole)),
            range=_range(whole),
            centre=_centre(whole),
        )
    return with_stop(with_capital(line)), with_stop(joined((first, rest), "", ""))
