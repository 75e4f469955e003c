"""A city as an analyst holds it: its districts ranked, judged, rolled up, summoned."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from faiwatch.core.errors import refused
from faiwatch.core.finding import Finding
from faiwatch.core.light_names import MISSING
from faiwatch.core.text import Language, Text
from faiwatch.data.frames import plain_frame
from faiwatch.data.light_rules import Scale, presets
from faiwatch.data.notices import n_overdue_by_district, read_notices
from faiwatch.data.parameter_types import NONE
from faiwatch.data.reference import indicator_named, scope_breaks
from faiwatch.data.regions import Region, code_of_region, inside, region_named
from faiwatch.data.source import DataSource
from faiwatch.data.summons_rules import SummonsRules, summons_rules
from faiwatch.ledger.city.findings import city_findings, city_tone
from faiwatch.ledger.city.inputs import ledger_paths, ledger_targets, own_targets, target_rows
from faiwatch.ledger.city.rollup import Rollup, roll_up
from faiwatch.ledger.lights import light
from faiwatch.ledger.load import load_ledger
from faiwatch.ledger.schedule import MONTHS
from faiwatch.ledger.unit_targets import month_goal
from faiwatch.page.known import TOTAL, Known, beijing_day, known_figures, lender_code
from faiwatch.stats.base_profile import measures_with_profile
from faiwatch.stats.city import CityFacts
from faiwatch.stats.growth import measures
from faiwatch.stats.summons import summoned
from faiwatch.view import html as blocks
from faiwatch.view.charts import city as charts
from faiwatch.view.charts.chart import Chart, Subject

RULES = "tianjin_growth"  # of the presets, the one that is about districts
LEDGER_WORDS = {  # column of the rank table, and the number of a ledger that stands in it
    "plan_done": "progress",
    "start_rate": "start_rate_due",
    "n_lagging": "lagging",
    "local_match": "match_rate",
}


@dataclass(frozen=True)
class CityInputs:
    """What a city is looked at with beside its figures.

    Attributes
    ----------
    targets : mapping of (str, int) to float
        Growth of the year to date by region and month, percent; month 12 is the year.
    ledgers : mapping of str to Path
        The project ledger of each district.
    notices : str or Path, optional
        The list of notices sent.
    rules : str
        Name of the rule book for the light of growth.
    summons : Path, optional
        The summons rules; those of the project by default.
    base_shares : str
        Whose base growth without levels is spread by.
    day : date
        The day on which a notice is overdue or not.
    """

    targets: Mapping[tuple[str, int], float]
    ledgers: Mapping[str, Path]
    notices: str | Path | None = None
    rules: str = RULES
    summons: Path | None = None
    base_shares: str = NONE
    day: datetime.date = datetime.date.max


@dataclass(frozen=True)
class City:
    """A city over its districts at a month. Made by :func:`faiwatch.city`.

    At the end of a cell it shows its verdict. Frames hold NaN where a figure is not known.

    Attributes
    ----------
    region : Region
        The city.
    lang : {"zh", "en"}
        Language of sentences, names and charts.
    known : Known
        The figures that it may use.
    facts : CityFacts
        What they say of the city and its districts.
    inputs : CityInputs
        What else it was given.
    ledgers : mapping
        The tables of the ledger of each district that handed one in, as they were read.
    """

    region: Region
    lang: Language
    known: Known
    facts: CityFacts
    inputs: CityInputs
    ledgers: Mapping[str, Mapping[str, pd.DataFrame]] = field(default_factory=dict)

    @property
    def districts(self) -> tuple[str, ...]:
        """Codes of the districts."""
        return self.facts.districts

    @property
    def month(self) -> str:
        """The month that everything is read at, ``YYYY-MM``."""
        return str(self.facts.month)

    @property
    def table(self) -> pd.DataFrame:
        """Where each district stands, best growth first, with what its ledger comes to."""
        return plain_frame(self.standing, lang=self.lang)

    @cached_property
    def rollup(self) -> Rollup:
        """The ledgers of its districts."""
        told = self.facts.standing[["region_code", "ytd_yoy_pct"]]
        growth = {str(code): float(value) for code, value in told.to_numpy()}
        return roll_up(
            self.ledgers,
            self.districts,
            growth,
            month=self.facts.month,
            city_growth_pct=self.facts.city_growth_pct,
        )

    @cached_property
    def rules(self) -> SummonsRules:
        """When a district is reminded, summoned or supervised."""
        return summons_rules(self.inputs.summons)

    @cached_property
    def notices(self) -> pd.DataFrame:
        """The notices sent so far, each with its state."""
        return read_notices(self.inputs.notices, today=self.inputs.day)

    @cached_property
    def standing(self) -> pd.DataFrame:
        """:attr:`faiwatch.stats.city.CityFacts.standing` with lights, ledgers and notices."""
        table = self.facts.standing
        asked = table.assign(
            plan_growth_pct=table["target_growth_pct"],
            average_growth_pct=self.facts.city_growth_pct,
        )
        table = table.assign(
            light=light(asked, growth_scale(self.inputs.rules)), n_issues_overdue=float("nan")
        )
        if self.inputs.ledgers:
            ledgers = self.rollup.table.set_index("region_code")
            of = table["region_code"]
            month, measured = self.facts.month, self.facts.measured
            goals = {
                code: month_goal(own_targets(tables["targets"], code, year=month.year), month)
                for code, tables in self.ledgers.items()
                if "targets" in tables
            }
            goal = of.map(goals).astype("float64")
            at = measured[measured["period"] == month].set_index("region_code")["ytd_value_100m"]
            table = table.assign(
                n_issues_overdue=of.map(ledgers["n_issues_overdue"]),
                **{name: of.map(ledgers[number]) for name, number in LEDGER_WORDS.items()},
                month_target_100m=goal,
                month_gap_100m=of.map(at) - goal,
            )
        if self.inputs.notices is not None:
            late = n_overdue_by_district(self.notices)
            counted = table["region_code"].map(late).fillna(0.0)
            table = table.assign(n_notices_overdue=counted)
        return table

    @property
    def standing_in_words(self) -> pd.DataFrame:
        """The same for a reader: numbers of ledgers with their coverage, lights if any is known."""
        table = self.standing
        columns = {"light": table["light"] if table["light"].ne(MISSING).any() else None}
        for name, number in LEDGER_WORDS.items():
            words = self.rollup.words(number) if self.inputs.ledgers else {}
            columns[name] = pd.Series(
                [
                    words[code].in_language(self.lang) if code in words else None
                    for code in table["region_code"]
                ],
                index=table.index,
                dtype="object",
            )
        return table.assign(**columns)

    @cached_property
    def summons(self) -> pd.DataFrame:
        """Who is to be reminded, summoned or supervised, and why; the strictest first."""
        table = self.standing.rename(
            columns={"n_releases_ytd": "n_releases", "n_months_ytd": "n_months"}
        )
        return summoned(table, self.rules)

    @cached_property
    def findings(self) -> Mapping[str, Finding]:
        """Verdict, details and key numbers, each with the rows it rests on."""
        rollup = self.rollup if self.inputs.ledgers else None
        return city_findings(self.facts, self.summons, self.notices, rollup, name=self.region.name)

    @property
    def verdict(self) -> Finding:
        """The one sentence to take away."""
        return self.findings["verdict"]

    @property
    def plot(self) -> CityPlots:
        """Its charts: ``.plot.tiles()``, ``.plot.lines()``, ``.plot.matrix()`` and others."""
        return CityPlots(self)

    @property
    def names(self) -> dict[str, str]:
        """What the city and its districts are called."""
        return {
            code: region_named(code).name.in_language(self.lang)
            for code in (self.region.code, *self.districts)
        }

    def __repr__(self) -> str:
        return self.verdict.words(self.lang)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        details = [one for name, one in self.findings.items() if name.startswith("detail_")]
        tone = city_tone(self.facts)
        return blocks.verdict_bundle(self.verdict, lang=self.lang, tone=tone, details=details)


@dataclass(frozen=True)
class CityPlots:
    """The charts of a city, each a :class:`~faiwatch.view.charts.chart.Chart`."""

    city: City

    def tiles(self) -> Chart:
        """Draw a tile for each district, about where it lies."""
        return charts.tiles(self.city.facts, subject=self._subject, names=self.city.names)

    def lines(self, *, months: int = 36) -> Chart:
        """Draw a small line for each district beside the city's."""
        return charts.multiples(
            self.city.facts, subject=self._subject, names=self.city.names, months=months
        )

    def matrix(self, *, months: int = 12) -> Chart:
        """Draw the districts in four colours, month by month."""
        return charts.matrix(
            self.city.facts, subject=self._subject, names=self.city.names, months=months
        )

    def contributions(self) -> Chart:
        """Draw what each district adds to the growth of all, where their levels are known."""
        return charts.contributions(self.city.facts, subject=self._subject, names=self.city.names)

    @property
    def _subject(self) -> Subject:
        one = self.city
        return Subject(
            one.lang,
            one.region.name.in_language(one.lang),
            indicator_named(TOTAL).label.in_language(one.lang),
            one.known.source_words([one.region.code, *one.districts]).in_language(one.lang),
            one.month,
        )


def growth_scale(rules: str) -> Scale:
    """Return the part of a rule book that is about the growth of districts.

    Raises
    ------
    ParameterError
        There is no such rule book, or it is about something else.
    """
    about = {
        name: scale
        for name, book in presets().items()
        for scale in book.scale
        if scale.subject == "regions"
    }
    if rules not in about:
        raise refused("rules", rules, ", ".join(about))
    return about[rules]


def districts_asked(
    region: str, regions: str | Sequence[str | int], source: DataSource
) -> list[str]:
    """Return the districts to look at: those named, or those that the data have of the city.

    Without a table of regions that knows them, all regions of one's own figures but the city.

    Raises
    ------
    ParameterError
        There are none.
    """
    there = source.regions()
    if regions != "all":
        named = regions.split(",") if isinstance(regions, str) else regions
        codes = [code_of_region(one) for one in named]
    else:
        codes = [code for code in inside(region) if code in there]
        if not codes and not source.is_embedded:
            codes = sorted(there - {region})
    absent = [code for code in codes if code not in there]
    if absent or not codes:
        raise refused(
            "regions",
            ", ".join(absent) or region,
            Text("数据中有的县市区", "districts that the data have figures of"),
            Text("给出下辖县市区的代码或名称", "name the districts of the city"),
        )
    return codes


def open_city(
    source: DataSource,
    region: str,
    regions: str | Sequence[str | int],
    inputs: CityInputs,
    *,
    as_of: str,
    lang: Language,
) -> City:
    """Return a city by its code; see :func:`faiwatch.city`."""
    districts = districts_asked(region, regions, source)
    asked = [region] if region in source.regions() else districts
    known = known_figures(source, asked, as_of, indicator=TOTAL, used=districts)
    month = pd.Period(known.reached, "M")
    figures = known.of([region, *districts], TOTAL)
    figures = figures[figures["period"] <= month].reset_index(drop=True)
    lender = lender_code(inputs.base_shares)
    if lender == NONE:
        measured = measures(figures, breaks=scope_breaks())
    else:
        lent = known.lender(lender)
        lent = lent[lent["period"].dt.year <= month.year].set_index("period")["base_100m"]
        measured = measures_with_profile(figures, lent, breaks=scope_breaks())
    growth_scale(inputs.rules)
    strange = sorted(set(inputs.ledgers) - set(districts))
    if strange:
        raise refused(
            "ledgers",
            ", ".join(strange),
            Text("、".join(districts[:20]), ", ".join(districts[:20])),
            Text("台账须属于所列县市区", "a ledger has to be one of the districts"),
        )
    ledgers = {code: load_ledger(str(path)) for code, path in inputs.ledgers.items()}
    goals = ledger_targets(ledgers, year=month.year) | dict(inputs.targets)
    of_year, of_month = (
        {code: goal for (code, of), goal in goals.items() if of == at}
        for at in (MONTHS, month.month)
    )
    by_month = of_month if month.month < MONTHS else {}
    facts = CityFacts(region, tuple(districts), month, measured, of_year, by_month)
    return City(region_named(region), lang, known, facts, inputs, ledgers)


def inputs_of(
    *,
    targets: str | Path | Mapping[str, float] | None = None,
    ledgers: str | Path | Mapping[str, str | Path] | None = None,
    notices: str | Path | None = None,
    rules: str = RULES,
    summons: str | Path | None = None,
    base_shares: str | int = NONE,
    today: datetime.date | None = None,
) -> CityInputs:
    """Return what a city is looked at with, from what a user names."""
    return CityInputs(
        target_rows(targets),
        ledger_paths(ledgers),
        notices,
        rules,
        None if summons is None else Path(summons),
        str(base_shares),
        today or beijing_day(),
    )
