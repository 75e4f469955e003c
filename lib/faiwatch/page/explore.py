"""The analyst's bench: what was picked, its charts that follow the pickers, and what is saved."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
from IPython.display import DisplayHandle, display

from faiwatch.core.errors import DataMissingError, FaiwatchError, ParameterError, nearest, refused
from faiwatch.core.extras import extra, has_extra, lacking
from faiwatch.core.files import atomic_write
from faiwatch.core.finding import write_findings
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text
from faiwatch.data.frames import plain_frame
from faiwatch.data.measures import label, measure, measures_of
from faiwatch.data.parameter_types import AUTO, NONE, without_folder
from faiwatch.data.reference import indicator_named, known_indicators
from faiwatch.data.regions import NATION, region_named
from faiwatch.data.source import data_source
from faiwatch.page.formula import evaluated
from faiwatch.page.panel import Key, Panel, full_name, open_panel, series_names
from faiwatch.page.parameters import FILES, NOTEBOOKS, ExploreParameters, check_parameters
from faiwatch.page.series import Series, open_series
from faiwatch.page.shown import bundle, cell_of_front_end
from faiwatch.stats.monitor import verdict_tone
from faiwatch.stats.negative import DEFINITIONS
from faiwatch.view import html as blocks
from faiwatch.view.charts import explore
from faiwatch.view.charts.chart import Chart
from faiwatch.view.tables import Table

if TYPE_CHECKING:
    from faiwatch.page.pickers import Pickers

NOTEBOOK = "00_explore"
GET_DUCKDB = Text(
    '查询要用 duckdb：pip install "faiwatch[sql]"', 'SQL needs duckdb: pip install "faiwatch[sql]"'
)
_NOT_SAVED = ("lang", "results")  # a scheduled run makes both languages and has its own folder


class Bench:
    """What an analyst has picked, and everything that follows from it.

    Made by :func:`faiwatch.explore`. At the end of a cell it shows its pickers, where somebody
    can click, then the verdict and what was chosen.

    Parameters
    ----------
    values : mapping
        Parameters of ``00_explore``.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.choice = self._checked(values)
        self._shown: dict[tuple[str, str], tuple[DisplayHandle, Live]] = {}
        self._pickers: Pickers | None = None

    # --- what is chosen -------------------------------------------------------------------------

    def choose(self, **changes: object) -> ExploreParameters:
        """Change some parameters; charts that are shown and the pickers follow.

        Parameters
        ----------
        **changes
            Parameters of ``00_explore`` by name.

        Returns
        -------
        ExploreParameters
            What is chosen now; a wrong value is refused and changes nothing.
        """
        before, self.choice = self.choice, self._checked(self.choice.model_dump() | changes)
        try:
            self._forget()
            _ = self.series, self.panel, self.own
        except FaiwatchError:
            self.choice = before
            self._forget()
            raise
        if self._pickers is not None:
            self._pickers.follow(self.choice)
        for handle, live in list(self._shown.values()):
            handle.update(live.bundle(), raw=True)  # type: ignore[no-untyped-call]
        return self.choice

    def _checked(self, values: Mapping[str, Any]) -> ExploreParameters:
        return cast("ExploreParameters", check_parameters(NOTEBOOK, values))

    def _forget(self) -> None:
        for name in ("series", "panel", "keys", "own"):
            self.__dict__.pop(name, None)

    @property
    def lang(self) -> Language:
        """Language of words and charts."""
        return self.choice.lang

    @cached_property
    def series(self) -> Series:
        """The series in question, with all its own questions and charts."""
        asked = self.choice
        source = data_source(asked.data)
        return open_series(
            source, asked.region, asked.indicator, as_of=asked.as_of, lang=asked.lang
        )

    @cached_property
    def keys(self) -> list[Key]:
        """Region code and indicator of the series compared, the one in question first."""
        region, indicator = self.series.region.code, self.series.indicator
        known = data_source(self.choice.data).newest()
        there = list(dict.fromkeys(zip(known["region_code"], known["indicator"], strict=True)))
        if self.choice.compare == AUTO:
            last = known.dropna(subset=["ytd_yoy_pct"]).groupby(["region_code", "indicator"])
            reached = last["period"].max()
            others = [
                key
                for key in there
                if key[0] == region and reached.get(key) == reached.get((region, indicator))
            ]
            usual = [*known_indicators()]  # the best known first; one's own behind them
            others.sort(key=lambda key: usual.index(key[1]) if key[1] in usual else len(usual))
            found = others if len(others) > 1 else [(NATION, indicator)]
        elif self.choice.compare == NONE:
            found = []
        else:
            found = [
                (one, indicator) if one.isdigit() else (region, one)
                for one in self.choice.compare.split(",")
            ]
            for code, name in found:
                if (code, name) not in there:
                    at_hand = sorted({c for c, n in there if n == indicator and c != region})
                    at_hand += sorted({n for c, n in there if c == region and n != indicator})
                    asked = code if code != region else name
                    raise refused(
                        "compare", asked, ", ".join(at_hand[:40]), nearest(asked, at_hand)
                    )
        unique = list(dict.fromkeys([(region, indicator), *(key for key in found if key in there)]))
        return unique[: explore.MOST_SERIES]

    @cached_property
    def panel(self) -> Panel:
        """The regions and indicators compared, with questions and charts over many."""
        asked = self.choice
        return open_panel(
            data_source(asked.data),
            list(dict.fromkeys(code for code, _ in self.keys)),
            list(dict.fromkeys(name for _, name in self.keys)),
            as_of=asked.as_of,
            lang=asked.lang,
        )

    @cached_property
    def own(self) -> Panel | None:
        """The figures of one's own; None without any."""
        if self.choice.own == NONE:
            return None
        source = data_source(self.choice.own)
        there = source.newest()
        codes, names = there["region_code"].unique(), there["indicator"].unique()
        return open_panel(source, list(codes), list(names), as_of="latest", lang=self.lang)

    # --- as frames ------------------------------------------------------------------------------

    @property
    def frame(self) -> pd.DataFrame:
        """The series compared, a row a release, for altair, pandas and SQL.

        ``month name region indicator_name value_pct state`` by the definition chosen, beside
        ``ytd_value_100m`` and ``ytd_yoy_pct`` as published.
        """
        flags = self.panel.named(self.keys)
        flags = flags[flags["definition"] == self.choice.definition]
        known = self.panel.known.of(self.panel.regions)
        keys = ["region_code", "indicator", "period"]
        both = flags.merge(known[[*keys, "ytd_value_100m", "ytd_yoy_pct"]], "left", on=keys)
        columns = [*keys, "which", "value_pct", "state", "ytd_value_100m", "ytd_yoy_pct"]
        both = both[both["period"] > both["period"].max() - self.choice.months]
        return plain_frame(both[columns].rename(columns={"which": "name"}), lang=self.lang)

    def wide(self) -> pd.DataFrame:
        """Return growth by the definition chosen: a month a row, a series a column.

        Columns are called as formulas call them: an indicator by its name, a region as ``r`` and
        its code; the one in question comes first.
        """
        flags = self.panel.named(self.keys)
        flags = flags[flags["definition"] == self.choice.definition]
        many = len({name for _, name in self.keys}) > 1
        short = {
            key: key[1] if many and key[0] == self.keys[0][0] else f"r{key[0]}" for key in self.keys
        }
        of_row = zip(flags["region_code"], flags["indicator"], strict=True)
        named = flags.assign(column=[short[key] for key in of_row])
        table = named.pivot(index="period", columns="column", values="value_pct")
        return table[list(short.values())].rename_axis("month").rename_axis(None, axis="columns")

    def evaluate(self, formula: str) -> pd.Series:
        """Return what a formula in pandas' own writing makes of the series compared, by month.

        Parameters
        ----------
        formula : str
            Of ``main``, ``others`` (the mean of the others) and the columns of :meth:`wide`, with
            numbers, ``+ - * / ( )`` and ``.shift(n) .diff(n) .rolling(n).mean() .abs()``.

        Raises
        ------
        ParameterError
            There is anything else in it.

        Examples
        --------
        >>> import faiwatch as fw
        >>> bench = fw.explore(as_of="2026-08", compare="private", lang="en")
        >>> float(bench.evaluate("private - total").iloc[-1].round(1))
        -2.9
        """
        table = self.wide()
        frame = table.assign(main=table.iloc[:, 0], others=table.iloc[:, 1:].mean(axis=1))
        return evaluated(frame, formula)

    def sql(self, query: str) -> pd.DataFrame:
        """Ask the figures in SQL (needs the extra ``sql``: duckdb).

        Parameters
        ----------
        query : str
            Over ``figures`` (the newest of each month, every region), ``vintages`` (a row for
            each time a figure was issued) and ``compared`` (:attr:`frame`).

        Returns
        -------
        DataFrame
            The answer; without duckdb one cell that says how to get it.
        """
        try:
            duckdb = extra("duckdb")
        except ParameterError:
            return pd.DataFrame({"duckdb": [GET_DUCKDB.in_language(self.lang)]})
        source = data_source(self.choice.data)
        with duckdb.connect() as asked:
            asked.register("figures", plain_frame(source.newest(), lang=self.lang))
            asked.register("vintages", plain_frame(source.vintages(), lang=self.lang))
            asked.register("compared", self.frame)
            answer: pd.DataFrame = asked.sql(query).df()
        return answer

    # --- as charts ------------------------------------------------------------------------------

    @property
    def plot(self) -> BenchPlots:
        """Its charts, which follow the pickers: ``.plot.compare()`` and the others."""
        return BenchPlots(self)

    def chart(self, drawn: explore.Drawn, title: str) -> Chart:
        """Return a chart of one's own, drawn with altair, that shows itself like the others.

        Parameters
        ----------
        drawn : altair chart
            Of :attr:`frame` or any other.
        title : str
            What it shows.

        Returns
        -------
        Chart
            Alive in JupyterLab, a picture elsewhere; nothing is fetched from outside.
        """
        return explore.own_chart(drawn, subject=self.series.subject, title=title)

    # --- for a scheduled run --------------------------------------------------------------------

    def parameters(self, notebook: str = NOTEBOOK) -> dict[str, object]:
        """Return what was chosen as parameters of a notebook, checked.

        Parameters
        ----------
        notebook : str
            Any that takes a series: ``02_monitor``, ``04_forecast`` ...

        Examples
        --------
        >>> import faiwatch as fw
        >>> bench = fw.explore(region="Shaanxi", months=48, lang="en")
        >>> bench.parameters("03_trend")["region"], bench.parameters("02_monitor")["months"]
        ('610000', 48)
        """
        chosen: dict[str, object] = self.choice.model_dump(exclude=set(_NOT_SAVED))
        if self.choice.indicator != "total":
            chosen["indicators"] = self.choice.indicator
        compared = list(dict.fromkeys(code for code, _ in self.keys))
        if len(compared) > 1:
            chosen["regions"] = ",".join(compared)
        if notebook in NOTEBOOKS:
            taken = NOTEBOOKS[notebook].model_fields
            chosen = {name: value for name, value in chosen.items() if name in taken}
        check_parameters(notebook, chosen)
        return chosen

    def save(self, path: str | Path, notebook: str = NOTEBOOK) -> Path:
        """Write what was chosen to a file for a scheduled run.

        ``faiwatch run NOTEBOOK -f FILE``, ``faiwatch batch -f FILE`` and ``papermill -f FILE``
        take it.

        Parameters
        ----------
        path : str or Path
            A ``.json`` file; one that is there is replaced.
        notebook : str
            Whose parameters.
        """
        target = Path(path)
        if target.suffix != ".json":
            raise refused(
                "path", target.name, Text("以 .json 结尾的文件名", "a name ending in .json")
            )
        atomic_write(target, json.dumps(self.parameters(notebook), indent=1) + "\n")
        return target

    def scheduled(self, notebook: str = "02_monitor") -> pd.DataFrame:
        """Return what :meth:`save` would write, a row a parameter; files by their names only."""
        rows = [
            (one, without_folder(str(said)) if one in FILES else str(said))
            for one, said in self.parameters(notebook).items()
        ]
        return pd.DataFrame(rows, columns=[label(one, self.lang) for one in ("parameter", "value")])

    def keep(self) -> None:
        """Save findings and :attr:`frame` in the results folder; without one nothing is saved."""
        if not self.choice.results:
            return
        folder = Path(self.choice.results)
        folder.mkdir(parents=True, exist_ok=True)
        found = self.series.findings(definition=self.choice.definition)
        write_findings(found.values(), folder / "findings.json")
        self.frame.to_csv(folder / "compared.csv", index=False, encoding="utf-8-sig")

    # --- how it shows itself --------------------------------------------------------------------

    @property
    def pickers(self) -> Pickers:
        """The widgets; a cell that ends in the bench shows them where somebody can click."""
        if self._pickers is None:
            extra("ipywidgets")
            from faiwatch.page.pickers import Pickers  # widgets only where somebody can click

            self._pickers = Pickers(self)
        return self._pickers

    def __repr__(self) -> str:
        return self.series.findings(definition=self.choice.definition)["verdict"].words(self.lang)

    def _ipython_display_(self) -> None:
        if cell_of_front_end():
            if has_extra("ipywidgets"):
                display(self.pickers.box)  # type: ignore[no-untyped-call]
            else:
                how = {"text/plain": lacking("ipywidgets").message(self.lang)}
                display(how, raw=True)  # type: ignore[no-untyped-call]
        Live(self, "chosen", self._bundle)._ipython_display_()

    def _bundle(self) -> dict[str, object]:
        asked, series = self.choice, self.series
        found = series.findings(definition=asked.definition)
        verdict = blocks.verdict(
            found["verdict"],
            lang=self.lang,
            tone=verdict_tone(series.facts, definition=asked.definition),
            details=[one for name, one in found.items() if name.startswith("detail_")],
        )
        names = list(series_names(self.keys, self.lang).values())
        between = Text("、", ", ").in_language(self.lang)
        rows = [
            (measure("region").name, region_named(asked.region).name),
            (measure("indicator").name, indicator_named(series.indicator).label),
            (measure("comparison").name, between.join(names[1:]) or "—"),
            (measure("definition").name, DEFINITIONS[asked.definition]),
            (
                Text("窗口", "Window"),
                say("page.explore.months", as_of=series.as_of, months=asked.months),
            ),
            (Text("公式", "Formula"), asked.formula),
            (Text("自备数据", "Own figures"), "—" if asked.own == NONE else Path(asked.own).name),
        ]
        columns = measures_of("parameter", "value")
        chosen = Table(
            pd.DataFrame(rows, columns=list(columns)),
            Text("当前选择", "What is chosen"),
            columns,
            self.lang,
            source=series.subject.source,
        )._repr_html_()
        return bundle(verdict + chosen, repr(self))


@dataclass(frozen=True)
class Live:
    """Something of the bench that is shown, and shown anew when another series is picked.

    In a saved notebook and in an export it is what it was last: a picture, a table.
    """

    bench: Bench
    name: str
    make: Callable[[], object]

    @property
    def chart(self) -> Chart:
        """The chart as it is now, to save, to change, or to take its figures from."""
        return cast("Chart", self.make())

    def bundle(self) -> dict[str, object]:
        """Return what is shown now, by media type; a note where there is nothing to show."""
        try:
            made = self.make()
        except (DataMissingError, ParameterError) as error:
            return _note(error.message(self.bench.lang), self.bench.lang)
        if not isinstance(made, Chart):
            return cast("dict[str, object]", made)
        shown = made._repr_mimebundle_()
        if made.is_without_data:
            return _note(str(shown["text/plain"]), self.bench.lang) | shown
        return shown

    def __repr__(self) -> str:
        return str(self.bundle()["text/plain"])

    def _ipython_display_(self) -> None:
        handle = display(self.bundle(), raw=True, display_id=True)  # type: ignore[no-untyped-call]
        if handle is not None and (cell := cell_of_front_end()):
            self.bench._shown[cell, self.name] = (handle, self)


@dataclass(frozen=True)
class BenchPlots:
    """The charts of the bench, each :class:`Live`."""

    bench: Bench

    def compare(self) -> Live:
        """Up to five series as lines, by the definition chosen."""
        one = self.bench
        return Live(self.bench, "compare", lambda: self._drawn(one.panel.named(one.keys)))

    def heat_map(self) -> Live:
        """Growth by year and month, by the definition chosen."""
        return self._of_series("heat_map", by_definition=True)

    def seasons(self) -> Live:
        """How much of a year each month carries."""
        return Live(self.bench, "seasons", lambda: self.bench.series.plot.seasons())

    def decomposition(self) -> Live:
        """Trend, season and rest."""
        return self._of_series("decomposition")

    def distribution(self) -> Live:
        """How often growth lay in which range, by the definition chosen."""
        return self._of_series("distribution", by_definition=True)

    def beside(self) -> Live:
        """Draw figures of one's own beside the series in question."""
        return Live(self.bench, "beside", self._beside)

    def formula(self) -> Live:
        """Draw what the formula makes of the series compared."""
        return Live(self.bench, "formula", self._formula)

    def _of_series(self, name: str, *, by_definition: bool = False) -> Live:
        def make() -> object:
            asked = self.bench.choice
            more = {"definition": asked.definition} if by_definition else {}
            return getattr(self.bench.series.plot, name)(months=asked.months, **more)

        return Live(self.bench, name, make)

    def _drawn(self, named: pd.DataFrame) -> Chart:
        subject, asked = self.bench.series.subject, self.bench.choice
        return explore.compared(
            named, subject=subject, definition=asked.definition, months=asked.months
        )

    def _beside(self) -> object:
        one = self.bench
        if one.own is None:
            return _note(say("page.explore.no_own").in_language(one.lang), one.lang)
        ours = one.panel.named(one.keys[:1])
        theirs = one.own.flagged
        mark = Text("自备：", "own: ").in_language(one.lang)
        keys = list(dict.fromkeys(zip(theirs["region_code"], theirs["indicator"], strict=True)))
        keys.sort(key=lambda key: key[1] != one.series.indicator)  # what is alike comes first
        own = [
            theirs[(theirs["region_code"] == code) & (theirs["indicator"] == name)].assign(
                which=mark + full_name((code, name), one.lang)
            )
            for code, name in keys[: explore.MOST_SERIES - 1]
        ]
        both = pd.concat([ours.assign(which=full_name(one.keys[0], one.lang)), *own])
        drawn = self._drawn(both)
        source = f"{drawn.source}; {one.own.source.in_language(one.lang)}"
        title = Text("与自备数据比较", "Beside figures of one's own").in_language(one.lang)
        return replace(drawn, id="beside", title=title, source=source)

    def _formula(self) -> Chart:
        one = self.bench
        return explore.of_formula(
            one.evaluate(one.choice.formula),
            subject=one.series.subject,
            name=one.choice.formula,
            months=one.choice.months,
        )


def _note(words: str, lang: Language) -> dict[str, object]:
    """Return a note as Jupyter shows an object, and as the published page takes it."""
    return bundle(blocks.note(words, lang=lang), words)
