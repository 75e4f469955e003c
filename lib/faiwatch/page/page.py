"""What a notebook imports: open a page, fetch its tables, show blocks, save results.

A notebook says *what* is shown; everything about *how* is here and in :mod:`faiwatch.view.html`.
Each ``show_*`` call displays one block: HTML for the published page and, for charts, a vega-lite
bundle that JupyterLab draws interactively without a network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import publish_display_data

from faiwatch.core.errors import DataMissingError
from faiwatch.core.finding import Finding, write_findings
from faiwatch.core.phrases import count_of
from faiwatch.core.text import Language, Text, harmless, month_name
from faiwatch.data.reference import (
    check_exceptions,
    indicator_named,
    routes_in_words,
    scope_breaks,
)
from faiwatch.data.regions import NATION, Region, provinces, region_named
from faiwatch.data.schema import KEYS
from faiwatch.data.source import data_source
from faiwatch.forecast.cached import SHARED_HORIZON, outlook_of
from faiwatch.forecast.series import GrowthPaths
from faiwatch.forecast.target.position import base_of_year
from faiwatch.page.parameters import PageParameters, RegionsParameters, check_parameters
from faiwatch.page.refusals import load_or_show, refuse_errors
from faiwatch.stats.checks import check_observations
from faiwatch.stats.cumulative import LATEST, Array, refuse_late, releases_behind
from faiwatch.stats.growth import measures
from faiwatch.stats.vintages import before_last_release, issued_by, known_at
from faiwatch.view import html as blocks
from faiwatch.view.charts.chart import Chart, Subject
from faiwatch.view.html.rendering import left_out
from faiwatch.view.tables import Table, part_name

TOTAL = "total"
MADE_UP_NOTE = "演示数据 | made-up data"  # as in the column of the demonstration figures


@dataclass(frozen=True, slots=True)
class Page:
    """An open page: checked parameters and the figures known as of its month.

    Attributes
    ----------
    parameters : PageParameters
        Checked; the model of this notebook.
    figures : DataFrame
        Observations of every region as known at `as_of`, one row a month.
    issued : DataFrame
        The same before revisions were laid over each other: a row for each time a figure was
        issued, up to `as_of`.
    records : DataFrame
        What the checks say of the figures of every region; those that the page uses are without
        errors, or it would not have opened.
    as_of : str
        ``YYYY-MM``; with ``latest``, the last month that the page's region has a figure for.
    reached : str
        The last month that the page's region has a figure for; before `as_of` when it is late.
    """

    parameters: PageParameters
    figures: pd.DataFrame
    issued: pd.DataFrame
    records: pd.DataFrame
    as_of: str
    reached: str

    @property
    def lang(self) -> Language:
        """Language of the page."""
        return self.parameters.lang

    @property
    def region(self) -> Region:
        """Region of the page."""
        return region_named(self.parameters.region)

    @property
    def is_made_up(self) -> bool:
        """Whether its figures are made up."""
        return data_source(self.parameters.data).is_made_up or self.region.is_made_up

    @property
    def source(self) -> str:
        """The source line in the language of the page."""
        return self.source_words.in_language(self.lang)

    @property
    def source_words(self) -> Text:
        """Who published the figures, and by which copies those of the region came here."""
        asked = getattr(self.parameters, "indicator", None)
        return self._source_of([asked] if asked else list(self.figures["indicator"].unique()))

    def _source_of(self, indicators: Sequence[str]) -> Text:
        publisher = data_source(self.parameters.data).publisher
        is_many = isinstance(self.parameters, RegionsParameters)
        shown = self.compared_regions() if is_many else [self.parameters.region]
        of_shown = self.figures[self.figures["region_code"].isin(shown)]
        own = of_shown[of_shown["indicator"].isin(indicators)]
        known = [name for name in ("growth_route", "value_route") if name in own]
        routes = {route for name in known for route in own[name].dropna().unique()}
        told = routes_in_words(routes)
        return Text(
            "，".join(filter(None, (publisher.zh, told.zh))),
            ", ".join(filter(None, (publisher.en, told.en))),
        )

    def name(self, indicator: str) -> Text:
        """Return region and indicator as they stand in a sentence."""
        label, region = indicator_named(indicator).label, self.region.name
        return Text(f"{region.zh}{label.zh}", f"{label.en} in {region.en}")

    def subject(
        self, indicator: str, *, reached: str | None = None, with_parts: bool = False
    ) -> Subject:
        """Return what a chart of one indicator is about.

        Parameters
        ----------
        indicator : str
            Its name.
        reached : str, optional
            Last month of the figures shown, when they are not those of the page's own region.
        with_parts : bool
            Whether the chart shows other indicators of the page too: its source line is theirs.
        """
        source = self.source_words if with_parts else self._source_of([indicator])
        lang = self.lang
        return Subject(
            lang,
            self.region.name.in_language(lang),
            indicator_named(indicator).label.in_language(lang),
            source.in_language(lang),
            reached or self.reached,
        )

    def labels(self, indicators: Sequence[str]) -> dict[str, str]:
        """Return what readers call some indicators or parts, in the language of the page."""
        return {name: part_name(name).in_language(self.lang) for name in indicators}

    def region_names(self, codes: Sequence[str]) -> dict[str, str]:
        """Return what readers call some regions, in the language of the page."""
        return {code: region_named(code).name.in_language(self.lang) for code in codes}

    def breaks(self, indicator: str) -> pd.DataFrame:
        """Return the scope breaks of an indicator as ``period`` and ``label``."""
        concerned = [
            one for one in scope_breaks() if one.concerns(self.parameters.region, indicator)
        ]
        return pd.DataFrame(
            {
                "period": pd.PeriodIndex([one.period for one in concerned], freq="M"),
                "label": [one.what.in_language(self.lang) for one in concerned],
            }
        )

    def base_shares(self) -> pd.Series | None:
        """Return the nation's comparable base by month when the page is told to assume it."""
        wanted = getattr(self.parameters, "base_shares", "none")
        if wanted == "none":
            return None
        nation = self.figures_of([NATION], "total")
        return measures(nation).set_index("period")["base_100m"]

    def base_profile(self) -> Array | None:
        """Return the nation's comparable base through its year, to lend, when told to assume it."""
        if getattr(self.parameters, "base_shares", "none") == "none":
            return None
        return base_of_year(measures(self.figures_of([NATION], TOTAL)))

    def main_indicator(self, figures: pd.DataFrame) -> str:
        """Return the indicator that the verdict speaks of: the total, else the first there is."""
        there = list(figures["indicator"].unique())
        return TOTAL if TOTAL in there else there[0]

    def details(self, findings: Mapping[str, Finding]) -> list[Finding]:
        """Return the sentences by the definitions that the verdict does not use."""
        return [found for name, found in findings.items() if name.startswith("detail_")]

    def left_out(self, what: str) -> None:
        """Leave out what has no data: the published page names it once, with all others."""
        publish(left_out(what, lang=self.lang))

    def records_of(self, region: str) -> pd.DataFrame:
        """Return what the checks say of one region."""
        return self.records[self.records["region_code"] == region].reset_index(drop=True)

    def earlier_month(self, against: str) -> str:
        """Return the month to compare with; ``none`` is the month a year before the page's."""
        if against != "none":
            return against
        return str(pd.Period(self.as_of, "M") - 12)

    def compared_regions(self) -> list[str]:
        """Return the codes that the parameter ``regions`` asks for; ``all`` are the provinces.

        A user's own file has its own regions: there ``all`` is every one but the page's.
        """
        return _compared(self.parameters, self.figures)

    def figures_of(self, regions: Sequence[str], indicators: str = "all") -> pd.DataFrame:
        """Return the figures of some regions and indicators.

        Parameters
        ----------
        regions : sequence of str
            Region codes.
        indicators : str
            ``all``, or names separated by commas.

        Raises
        ------
        DataMissingError
            When a region or a named indicator has no figure.
        """
        found = self.figures[self.figures["region_code"].isin(list(regions))]
        there = list(found["indicator"].unique())
        wanted = there if indicators == "all" else indicators.split(",")
        absent = [name for name in wanted if name not in there]
        if absent or found.empty:
            raise DataMissingError(
                Text("没有这个序列的数据", "there are no figures of this series"),
                where=" ".join([*regions, self.as_of]),
                got=",".join(absent) or None,
                allowed=", ".join(sorted(there)) or None,
            )
        return found[found["indicator"].isin(wanted)].reset_index(drop=True)

    def before_last_release(self, figures: pd.DataFrame) -> pd.DataFrame:
        """Return what was known of the series in `figures` just before their last release."""
        return before_last_release(self.issued_of(figures), LATEST)

    def issued_of(self, figures: pd.DataFrame) -> pd.DataFrame:
        """Return the series in `figures` with a row for each time a figure was issued."""
        return self.issued.merge(figures[KEYS].drop_duplicates(), on=KEYS)

    def forecast(self, indicator: str, *, horizon: int = SHARED_HORIZON) -> GrowthPaths:
        """Return sample paths of the releases to come from the pool: the same on every page.

        (Where its track record is no better than seasonal naive, page 04 takes that instead.)

        Parameters
        ----------
        indicator : str
            Its name.
        horizon : int
            Releases ahead.

        Raises
        ------
        DataMissingError
            The series has no figure, or no growth is published.
        """
        figures = self.figures_of([self.parameters.region], indicator)
        return outlook_of(figures, horizon=horizon).paths

    def show_verdict(
        self, finding: Finding, *, tone: blocks.Tone, details: Sequence[Finding] = ()
    ) -> None:
        """Show the one sentence to take away, and sentences that go with it."""
        _show_style()
        show_block(blocks.verdict(finding, lang=self.lang, tone=tone, details=details), finding.en)
        if self.region.is_made_up:
            words = Text(
                "演示数据：全部数字均为虚构", "Demonstration data: every figure is made up"
            )
            show_block(blocks.banner(words.in_language(self.lang)), words.en)
        behind = releases_behind(pd.Period(self.reached, "M"), pd.Period(self.as_of, "M"))
        if behind:
            self.show_note(Text("数据滞后", "Figures are late"), [self._late(behind)])

    def _late(self, behind: int) -> Text:
        reached, asked = self.reached, self.as_of
        return Text(
            f"数据只到{month_name(reached, 'zh')}，"
            f"距所要求的{month_name(asked, 'zh')}还差{behind}次发布。",
            f"Figures end {month_name(reached, 'en')}, {count_of(behind, 'release')} before "
            f"{month_name(asked, 'en')}, which was asked for.",
        )

    def show_numbers(self, findings: Sequence[Finding]) -> None:
        """Show key numbers, each with its definition and where it comes from.

        Those without data are left out.
        """
        told = [finding for finding in findings if finding.state != "missing"]
        for finding in findings:
            if finding not in told:
                self.left_out(finding.definition_in(self.lang))
        if told:
            show_block(
                blocks.key_numbers(told, lang=self.lang),
                "\n".join(f"{finding.definition}: {finding.en}" for finding in told),
            )

    def show_chart(self, figure: Chart) -> None:
        """Show one chart with its caption and the table behind it, or say that it is empty.

        A chart without data is left out.
        """
        publish(figure._repr_mimebundle_())

    def show_table(self, table: Table, *, source: str = "") -> None:
        """Show one table, or say that there is nothing to show; `source` where it is another.

        Columns without data are left out, and so is a table of nothing else.
        """
        publish(replace(table, source=source or self.source)._repr_mimebundle_())

    def show_note(self, title: Text, paragraphs: Sequence[Text]) -> None:
        """Show a note of plain text, such as a method or a caveat."""
        words = [paragraph.in_language(self.lang) for paragraph in paragraphs]
        html = blocks.note(words, lang=self.lang, title=title.in_language(self.lang))
        show_block(html, "\n".join(words))

    def show_html(self, html: str, plain: str) -> None:
        """Show a block of :mod:`faiwatch.view.html`; nothing when it is empty."""
        if html:
            show_block(html, plain)

    def save(
        self, findings: Mapping[str, Finding], tables: Mapping[str, pd.DataFrame] | None = None
    ) -> None:
        """Save findings and tables in the results folder; without one nothing is saved.

        Parameters
        ----------
        findings : mapping of str to Finding
            Written to ``findings.json``.
        tables : mapping of str to DataFrame, optional
            Each written to ``<name>.csv`` (UTF-8 with a byte order mark, as spreadsheets need;
            a text that they would run as a formula is put behind an apostrophe).
            Tables of a made-up region get a column ``note`` that says so.
        """
        if not self.parameters.results:
            return
        folder = Path(self.parameters.results)
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in (tables or {}).items():
            told = table.assign(note=MADE_UP_NOTE) if self.region.is_made_up else table
            told.map(harmless).to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")
        write_findings(findings.values(), folder / "findings.json")


def open_page(notebook: str, values: Mapping[str, Any]) -> Page:
    """Check the parameters of a notebook and load the figures it may know.

    Parameters
    ----------
    notebook : str
        Name without suffix, such as ``02_monitor``.
    values : mapping
        The values of the tagged cell by name.

    Raises
    ------
    ParameterError
        A name or value is not allowed.
    DataMissingError
        There are no figures, or they end more than three releases before the month asked for.
    DataInvalidError
        A check found an error in the figures of a region that the page uses.
    """
    parameters = check_parameters(notebook, values)
    data, lang = parameters.data, parameters.lang
    issued = issued_by(load_or_show(data, lang=lang), parameters.as_of)
    figures = known_at(issued, LATEST)
    records = check_observations(figures, exceptions=check_exceptions(), breaks=scope_breaks())
    used = records["region_code"].isin(_regions_used(parameters, figures))
    refuse_errors(records[used], data, lang=lang)
    of_region = figures[figures["region_code"] == parameters.region]
    last = of_region.loc[of_region["ytd_yoy_pct"].notna(), "period"].max()
    if pd.isna(last):
        raise DataMissingError(
            Text("该地区截至该月没有增速", "this region has no growth up to this month"),
            where=parameters.region,
            got=parameters.as_of,
        )
    if parameters.as_of == LATEST:
        return Page(parameters, figures, issued, records, str(last), str(last))
    refuse_late(last, pd.Period(parameters.as_of, "M"))
    return Page(parameters, figures, issued, records, parameters.as_of, str(last))


def _regions_used(parameters: PageParameters, figures: pd.DataFrame) -> list[str]:
    """Return the regions whose figures reach the page; errors of others are no business of it."""
    used = [parameters.region]
    if isinstance(parameters, RegionsParameters):
        used += _compared(parameters, figures)
    if getattr(parameters, "base_shares", "none") == "nation":
        used.append(NATION)
    return used


def _compared(parameters: PageParameters, figures: pd.DataFrame) -> list[str]:
    asked = getattr(parameters, "regions", "all")
    if asked != "all":
        return str(asked).split(",")
    there = set(figures["region_code"]) - {parameters.region}
    known = [code for code in provinces() if code in there]
    return known or sorted(there) or [parameters.region]


def show_block(html: str, plain: str) -> None:
    """Show a block of :mod:`faiwatch.view.html`."""
    publish({"text/html": html, "text/plain": plain})


def publish(shown: Mapping[str, object]) -> None:
    """Show one output in several forms, each under its media type."""
    publish_display_data(dict(shown))  # type: ignore[no-untyped-call]


def _show_style() -> None:
    """Give JupyterLab the style of the blocks; the published page has it already."""
    show_block(f"<style>{blocks.stylesheet()}</style>", "")
