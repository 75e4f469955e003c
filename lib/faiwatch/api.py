"""The public API: ``import faiwatch as fw``. What is not named here is private.

Objects show themselves at the end of a cell; their frames hold ``month`` as a timestamp and units
in the names of columns, so that altair, ``frame.plot()``, Parquet and SQL take them as they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from faiwatch import __all__ as __all__
from faiwatch.core.errors import DataInvalidError as DataInvalidError
from faiwatch.core.errors import DataMissingError as DataMissingError
from faiwatch.core.errors import FaiwatchError as FaiwatchError
from faiwatch.core.errors import ParameterError as ParameterError
from faiwatch.core.finding import Finding as Finding
from faiwatch.core.text import LANGUAGES, Language, user_language
from faiwatch.data.frames import plain_frame
from faiwatch.data.parameter_types import DEMO, EMBEDDED, LATEST
from faiwatch.data.regions import code_of_region, provinces
from faiwatch.data.source import DataSource as DataSource
from faiwatch.data.source import data_source, over_embedded
from faiwatch.forecast.forecast import ArrayForecast as ArrayForecast
from faiwatch.forecast.forecast import forecast_array as forecast_array
from faiwatch.forecast.forecast import forecast_arrays as forecast_arrays
from faiwatch.page.ahead import Forecast as Forecast
from faiwatch.page.known import region_asked
from faiwatch.page.panel import Panel, open_panel
from faiwatch.page.parameters import parameters_in
from faiwatch.page.series import Series, open_series
from faiwatch.run.plugins import leave_out_broken
from faiwatch.stats.growth import measures as measures
from faiwatch.stats.negative import flags as flags
from faiwatch.stats.sdmx import sdmx as sdmx
from faiwatch.view.charts.chart import Chart as Chart

if TYPE_CHECKING:
    from faiwatch.briefing.record import Briefing
    from faiwatch.ledger.book import Ledger
    from faiwatch.ledger.city.book import City
    from faiwatch.ledger.work_book import Register
    from faiwatch.page.explore import Bench
    from faiwatch.page.page import Page
    from faiwatch.page.workbook import Workbook
    from faiwatch.site.run_record import RunRecord

_PAGES = {  # in the room that owns the subject; imported when they are opened
    "01_data": "page.data:DataPage.open",
    "02_monitor": "page.monitor:MonitorPage.open",
    "03_trend": "page.trend:TrendPage.open",
    "04_forecast": "page.forecast:ForecastPage.open",
    "05_target": "page.target:TargetPage.open",
    "06_projects": "ledger.page:open_ledger",
    "07_regions": "page.regions:RegionsPage.open",
    "08_briefing": "briefing.page:BriefingPage.open",
    "09_city": "briefing.city:CityBriefingPage.open",
    "10_brief": "briefing.brief:BriefPage.open",
}
Data: TypeAlias = str | Path | pd.DataFrame | DataSource


def series(
    region: str | int = "000000",
    indicator: str = "total",
    *,
    data: Data = "embedded",
    as_of: str = LATEST,
    lang: Language | None = None,
) -> Series:
    """Return one indicator of one region: its figures, what they imply, what comes next.

    Parameters
    ----------
    region : str or int
        Code or name: ``"610000"``, ``610000``, 「陕西」, ``"Shaanxi"``; the nation by default.
    indicator : str
        Name or label: ``"total"``, ``"private"``, 「民间投资」.
    data : str, Path, DataFrame or DataSource
        ``"embedded"`` (official figures), ``"demo"`` (made up), a CSV, a store of vintages, or a
        frame with ``month`` (or ``period``) and ``ytd_yoy_pct`` or ``ytd_value_100m``.
    as_of : str
        ``YYYY-MM``: only what was known then; ``"latest"`` by default.
    lang : {"zh", "en"}, optional
        Language of words and charts; that of the user by default (``FAIWATCH_LANG``).

    Returns
    -------
    Series
        Shows its verdict at the end of a cell.

    Raises
    ------
    ParameterError
        There is no such region or indicator; the message holds the nearest.
    DataMissingError
        No growth is published up to the month, or it ends more than three releases before it.
    DataInvalidError
        A figure is wrong: a January row, a month twice, a text where a number belongs.

    Examples
    --------
    >>> import faiwatch as fw
    >>> nation = fw.series(as_of="2026-08", lang="en")
    >>> float(nation.observations["ytd_yoy_pct"].iloc[-1])
    -7.2
    >>> chart = nation.plot.growth()

    A frame of one's own:

    >>> import pandas as pd
    >>> own = pd.DataFrame({"month": ["2026-02", "2026-03"], "ytd_yoy_pct": [0.4, -1.2]})
    >>> fw.series("610702", data=own.assign(region_code="610702")).spells()["n_releases"].tolist()
    [1]
    """
    source = data_source(data)
    code = region_asked(region, source)
    return open_series(source, code, indicator, as_of=as_of, lang=lang or user_language())


def panel(
    regions: str | Sequence[str | int] = "all",
    indicators: str | Sequence[str] = "total",
    *,
    data: Data = "embedded",
    as_of: str = LATEST,
    lang: Language | None = None,
) -> Panel:
    """Return many regions at once.

    Parameters
    ----------
    regions : "all" or sequence of str or int
        Codes or names; ``"all"`` are the 31 provinces, or every region of one's own figures.
    indicators : str or sequence of str
        Names or labels.
    data, as_of, lang
        As for :func:`series`.

    Examples
    --------
    >>> import faiwatch as fw
    >>> both = fw.panel(["Shaanxi", "四川"], as_of="2026-06")
    >>> sorted(both.observations["region_code"].unique())
    ['510000', '610000']
    """
    source = data_source(data)
    if regions == "all":
        codes = [code for code in provinces() if code in (there := source.regions())]
        codes = codes or sorted(there)
    else:
        named = [regions] if isinstance(regions, str | int) else regions
        codes = [region_asked(one, source) for one in named]
    wanted = [indicators] if isinstance(indicators, str) else indicators
    return open_panel(source, codes, wanted, as_of=as_of, lang=lang or user_language())


def city(  # noqa: PLR0913  options, not arguments
    region: str | int = "430500",
    *,
    data: Data | Sequence[str | Path] = "embedded",
    districts: str | Sequence[str | int] = "all",
    targets: str | Path | Mapping[str, float] | None = None,
    ledgers: str | Path | Mapping[str, str | Path] | None = None,
    notices: str | Path | None = None,
    rules: str = "tianjin_growth",
    summons: str | Path | None = None,
    base_shares: str | int = "none",
    as_of: str = LATEST,
    lang: Language | None = None,
) -> City:
    """Return a city over its districts: rank, gaps, spells, ledgers rolled up, who is summoned.

    Parameters
    ----------
    region : str or int
        The city by code or name; its own figures may be absent.
    data : str, Path, DataFrame, DataSource or sequence of paths
        As for :func:`series`; also a workbook, a folder of files, or several files, with the
        figures of one or more districts in each. Growth alone is enough.
    districts : "all" or sequence of str or int
        Codes or names; ``"all"`` are those that the data have of the city.
    targets : str, Path or mapping, optional
        Growth of the year that each district is to reach, percent: by name or code, or a CSV.
    ledgers : str, Path or mapping, optional
        Project ledgers: a folder with a file for each district, districts and their ledgers, or
        ``"demo"`` (made up).
    notices : str or Path, optional
        The list of notices sent (``faiwatch city --notices`` keeps it).
    rules : str
        Rule book for the light of growth.
    summons : str or Path, optional
        Rules for reminding and summoning; ``data/summons_rules.toml`` by default.
    base_shares : str or int
        Whose base growth without levels is spread by, as for :meth:`Series.growth`.
    as_of, lang
        As for :func:`series`.

    Returns
    -------
    City
        Shows its verdict at the end of a cell; ``.table``, ``.summons``, ``.notices``,
        ``.findings``, ``.rollup``, ``.plot.tiles()``.

    Raises
    ------
    ParameterError
        A region or rule book does not exist, or a ledger is no district's.
    DataMissingError, DataInvalidError
        Figures, targets, ledgers or notices cannot be read, or are wrong.

    Examples
    --------
    >>> import faiwatch as fw
    >>> shaoyang = fw.city("邵阳市", as_of="2025-09", lang="en")
    >>> shaoyang.table[["region", "ytd_yoy_pct"]].tail(2).to_numpy().tolist()
    [['Daxiang District', -22.4], ['Beita District', -28.8]]
    >>> shaoyang.summons["level"].value_counts().to_dict()
    {'remind': 4, 'supervise': 3, 'interview': 1}
    """
    from faiwatch.ledger.city.book import inputs_of, open_city
    from faiwatch.ledger.city.inputs import city_figures
    from faiwatch.ledger.files import demo_ledgers

    inputs = inputs_of(
        targets=targets,
        ledgers=demo_ledgers() if ledgers == DEMO else ledgers,
        notices=notices,
        rules=rules,
        summons=summons,
        base_shares=base_shares,
    )
    source, code = city_figures(data), code_of_region(region)
    return open_city(source, code, districts, inputs, as_of=as_of, lang=lang or user_language())


def explore(values: Mapping[str, object] | None = None, **parameters: object) -> Bench:
    """Open the analyst's bench: pick series by widgets or by name, and see what they say.

    Parameters
    ----------
    values : mapping, optional
        ``vars()`` of ``00_explore``: its parameters are taken from there.
    **parameters
        Those of ``00_explore`` by name (``faiwatch params 00_explore`` lists them).

    Returns
    -------
    Bench
        At the end of a cell it shows its pickers (where somebody can click), the verdict and what
        was chosen; ``.plot.compare()`` and the others draw and follow the pickers.

    Examples
    --------
    >>> import faiwatch as fw
    >>> bench = fw.explore(region="Shaanxi", as_of="2026-06", lang="en")
    >>> bench.plot.compare().chart.title
    'Series compared: year-to-date growth'
    >>> bench.choose(definition="block").definition
    'block'
    """
    from faiwatch.page.explore import NOTEBOOK, Bench

    given = parameters_in(NOTEBOOK, values or {}) | parameters
    if "lang" not in given:
        given["lang"] = user_language()
    return Bench(given)


def catalog(data: Data = "embedded", *, lang: Language | None = None) -> pd.DataFrame:
    """Return what series there are: a row each, with the months they reach.

    Returns
    -------
    DataFrame
        ``region_code region indicator indicator_name first_month last_month n_growth n_values``;
        the counts are of published figures.

    Examples
    --------
    >>> import faiwatch as fw
    >>> held = fw.catalog(lang="en")
    >>> held[held["region"] == "China"]["indicator"].head(2).tolist()
    ['construction_installation', 'domestic']
    """
    groups = data_source(data).newest().groupby(["region_code", "indicator"], as_index=False)
    table = groups.agg(
        first_month=("period", "min"),
        last_month=("period", "max"),
        n_growth=("ytd_yoy_pct", "count"),
        n_values=("ytd_value_100m", "count"),
    )
    return plain_frame(table, lang=lang or user_language())


def read_workbook(
    path: str | Path,
    *,
    region: str | int | None = None,
    indicator: str | None = None,
    unit: str | None = None,
    year: int | None = None,
    answers: str | Path | Mapping[str, object] | None = None,
    lang: Language | None = None,
) -> Workbook:
    """Read a workbook or CSV of any shape; what it leaves open is asked, never guessed.

    Parameters
    ----------
    path : str or Path
        ``.xlsx .xls .xlsb .ods .csv .tsv``, or a folder of them; figures or a project ledger.
    region, indicator, unit, year : optional
        What the file does not tell of its figures.
    answers : str, Path or mapping, optional
        A file of answers, or answers by the names of the options of ``faiwatch ingest``:
        ``{"map": {"完成额": "value ytd"}}``. By default ``answers.toml`` beside the workbook.
    lang : {"zh", "en"}, optional
        Language of words; that of the user by default.

    Returns
    -------
    Workbook
        At the end of a cell it shows the table, and what is open: in JupyterLab as a form.
        ``.table`` (Observations), ``.questions`` (what is open), ``.answer(...)`` (reads again),
        ``.save()`` (keeps the answers), ``.dropped`` and ``.coercions`` (what became of cells);
        ``.settled()`` returns the table or raises the first question.
        ``fw.series(..., data=book.table)`` goes on from there.
    """
    from faiwatch.ingest.answered import Source
    from faiwatch.ingest.answers_file import said
    from faiwatch.page.workbook import Workbook

    given: dict[str, object] = {"region": region, "indicator": indicator}
    now = said(given | {"unit": unit, "year": year})
    named = None
    if isinstance(answers, Mapping):
        now = now.over(said(answers))
    elif answers is not None:
        named = Path(answers)
    return Workbook(Path(path), Source.open(Path(path)), now, named, lang=lang or user_language())


def ledger(
    path: str | Path = "demo",
    month: str = LATEST,
    *,
    rules: str = "all",
    lang: Language | None = None,
) -> Ledger:
    """Read a project ledger and judge one month of it.

    Parameters
    ----------
    path : str or Path
        ``"demo"`` (made up), a workbook, a CSV or a folder of them.
    month : str
        ``YYYY-MM``, or ``"latest"``.
    rules : str
        ``"all"``, or names of rule books separated by commas.
    lang : {"zh", "en"}, optional
        Language of sentences and charts.

    Examples
    --------
    >>> import faiwatch as fw
    >>> book = fw.ledger("demo", "2026-08")
    >>> len(book.projects)
    122
    """
    from faiwatch.ledger.book import open_book

    return open_book(str(path), month, rules=rules, lang=lang or user_language())


def register(
    path: str | Path = "demo", month: str = LATEST, *, lang: Language | None = None
) -> Register:
    """Read the register of work of a ledger: decisions, notices, leads, reserve, road map.

    Parameters
    ----------
    path : str or Path
        ``"demo"`` (made up), a workbook, a CSV or a folder of them.
    month : str
        ``YYYY-MM``, or ``"latest"``.
    lang : {"zh", "en"}, optional
        Language of words and charts.

    Returns
    -------
    Register
        At the end of a cell it shows what is open; ``.agenda``, ``.road_map``, ``.notices`` and
        the others are frames, ``.save("register.xlsx")`` writes them.

    Examples
    --------
    >>> import faiwatch as fw
    >>> work = fw.register("demo", "2026-08")
    >>> work.road_map.columns[:5].tolist()
    ['month', 'day', 'kind', 'id', 'project_code']
    """
    from faiwatch.ledger.book import open_book
    from faiwatch.ledger.work_book import Register

    return Register(open_book(str(path), month, rules="all", lang=lang or user_language()))


def briefing(**parameters: object) -> Briefing:
    """Fill the report with figures, a ledger, or both.

    Parameters
    ----------
    **parameters
        Those of ``08_briefing`` (``faiwatch params 08_briefing`` lists them).

    Examples
    --------
    >>> import faiwatch as fw
    >>> report = fw.briefing(region="陕西", lang="en")
    >>> report.blocked
    ()
    """
    from faiwatch.briefing.page import BriefingPage

    return BriefingPage.open(parameters_in(BriefingPage.notebook, parameters)).briefing


def open_page(notebook: str, values: Mapping[str, object]) -> Page:
    """Open the page of a notebook: its parameters checked, its figures loaded.

    What its methods return can be kept and shows itself as the last line of a cell:
    ``page.verdict()``, ``page.numbers()``, ``page.plot.growth()``, and tables by name;
    ``page.series`` is what :func:`series` returns, ``page.panel`` and ``page.book`` likewise.

    Parameters
    ----------
    notebook : str
        Name without suffix, such as ``"02_monitor"``.
    values : mapping
        ``vars()`` of the notebook, or the parameters alone. Names that are no parameters are left
        alone, but one that is nearly a parameter is refused: it is a slip of the pen.

    Returns
    -------
    Page
        What the cells of the notebook ask.

    Raises
    ------
    ParameterError
        There is no such notebook, or a name or value is not allowed.
    DataMissingError, DataInvalidError
        Figures or a ledger are missing, late or wrong.

    Examples
    --------
    >>> import faiwatch as fw
    >>> page = fw.open_page("02_monitor", {"as_of": "2026-08", "lang": "en"})
    >>> page.numbers("ytd_yoy", "ytd_value").frame["value"].round(1).tolist()
    [-7.2, 293092.0]
    """
    given = parameters_in(notebook, values)
    page: Page = resolve_name(f"faiwatch.{_PAGES[notebook]}")(given)
    return page


def run(notebook: str, *, site: str | Path | None = None, **parameters: object) -> RunRecord:
    """Run a notebook and publish its page, as ``faiwatch run`` does.

    Parameters
    ----------
    notebook : str
        Name without suffix.
    site : str or Path, optional
        Folder of the site; by default that of the workspace that we work in, else ``site``.
    **parameters
        Of the notebook; before what the workspace says of it.

    Returns
    -------
    RunRecord
        ``verdict`` says how it ended, ``cause`` why, ``page`` where the page is.

    Raises
    ------
    ParameterError, DataMissingError
        Before any kernel starts; nothing is left behind.

    Examples
    --------
    >>> import faiwatch as fw
    >>> fw.run("02_monitor", region="陕西", lang="zh").verdict  # doctest: +SKIP
    'ok'
    """
    from faiwatch.run.jobs import Job, RunOptions
    from faiwatch.run.progress import quiet_progress
    from faiwatch.run.report import report
    from faiwatch.run.workspace import parameters_for, settings

    words = {name: str(value) for name, value in parameters.items()}
    plan = [Job(notebook, parameters_for(notebook) | words)]
    [record] = report(plan, RunOptions(Path(site or settings().site)), quiet_progress())
    return record


def batch(
    regions: str | Sequence[str | int],
    notebooks: Sequence[str] = (),
    *,
    site: str | Path | None = None,
    data: str = "embedded",
    lang: Language | None = None,
    **parameters: object,
) -> pd.DataFrame:
    """Make the pages of many regions, as ``faiwatch batch`` does; what still stands is reused.

    In a workspace its settings are the defaults.

    Parameters
    ----------
    regions : "all" or sequence of str or int
        Codes or names.
    notebooks : sequence of str, optional
        Names without suffix; those of the workspace, else ``02_monitor`` and ``04_forecast``.
    site : str or Path, optional
        Folder of the site; that of the workspace, else ``site``.
    data : str
        As for a notebook.
    lang : {"zh", "en"}, optional
        Both by default.
    **parameters
        Further parameters, the same for all.

    Returns
    -------
    DataFrame
        ``notebook region lang verdict cause seconds page``, a row a page.
    """
    from faiwatch.core.processes import default_workers
    from faiwatch.run.batch import check_plan, regions_of, run_batch
    from faiwatch.run.jobs import RunOptions, batch_plan
    from faiwatch.run.pool import OnThisMachine
    from faiwatch.run.progress import quiet_progress
    from faiwatch.run.workspace import settings

    usual = settings()
    data = over_embedded(data if data != EMBEDDED else str(usual.parameters.get("data", data)))
    if regions == "all":
        codes = regions_of("all", data)
    else:
        named = [regions] if isinstance(regions, str | int) else regions
        codes = [code_of_region(one) for one in named]
    languages = LANGUAGES if lang is None else (lang,)
    words = {name: str(value) for name, value in parameters.items()} | {"data": data}
    names = notebooks or usual.notebooks or ("02_monitor", "04_forecast")
    plan = batch_plan(codes, names, languages, words)
    check_plan(plan)
    options = RunOptions(Path(site or usual.site), workers=default_workers(), reuse=True)
    done = run_batch(plan, options, quiet_progress(), executor=OnThisMachine(warm=True))
    columns = ["notebook", "region", "lang", "verdict", "cause", "seconds", "page"]
    rows = [[getattr(one, name) for name in columns] for one in done.runs]
    return pd.DataFrame(rows, columns=columns)


leave_out_broken()
