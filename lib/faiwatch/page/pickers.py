"""The widgets of the analyst's bench."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets  # type: ignore[import-untyped]

from faiwatch.core.errors import FaiwatchError
from faiwatch.core.phrases import say
from faiwatch.core.text import Text, month_name
from faiwatch.data.measures import measure
from faiwatch.data.parameter_types import AUTO, LATEST, NONE
from faiwatch.data.reference import indicator_named
from faiwatch.data.regions import region_named
from faiwatch.data.source import data_source
from faiwatch.stats.negative import DEFINITIONS
from faiwatch.view.charts import theme

if TYPE_CHECKING:
    from faiwatch.page.explore import Bench
    from faiwatch.page.parameters import ExploreParameters

_FOR = ("00_explore", "02_monitor", "03_trend", "04_forecast", "05_target", "07_regions")
_MONTHS_BACK = 120
_PICKED = ("region", "indicator", "definition", "months", "as_of", "formula")
_WORDS = {
    "region": measure("region").name,
    "indicator": measure("indicator").name,
    "definition": Text("负增长口径", "Definition of negative growth"),
    "compare": Text("比较（最多四个）", "Compare with (up to four)"),
    "months": Text("窗口（月）", "Window (months)"),
    "as_of": measure("period").name,
    "formula": Text("公式", "Formula"),
    "own": Text("自备数据（CSV）", "Figures of your own (CSV)"),
    "save": Text("存为定时任务参数", "Save for a scheduled run"),
}


class Pickers:
    """Pickers for everything that the bench can be asked; what is picked is told to it at once.

    Parameters
    ----------
    bench : Bench
        Asked again whenever a value changes.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._is_following = False
        wide = widgets.Layout(width="100%")
        self.region = widgets.Dropdown(layout=wide)
        self.indicator = widgets.Dropdown(layout=wide)
        self.definition = widgets.Dropdown(
            options=[(self._say(word), name) for name, word in DEFINITIONS.items()], layout=wide
        )
        self.compare = widgets.SelectMultiple(
            rows=8,
            tooltip=self._say(Text("按住 Ctrl 多选", "hold Ctrl to pick several")),
            layout=wide,
        )
        self.months = widgets.IntSlider(
            min=12, max=360, step=12, continuous_update=False, layout=wide
        )
        self.as_of = widgets.Dropdown(layout=wide)
        self.formula = widgets.Text(continuous_update=False, layout=wide)
        self.upload = widgets.FileUpload(
            accept=".csv", description=self._say(Text("选择文件", "Choose a file")), layout=wide
        )
        self.notebook = widgets.Dropdown(options=_FOR, value="02_monitor", layout=wide)
        self.file = widgets.Text(value="parameters.json", layout=wide)
        self.save = widgets.Button(description=self._say(Text("保存", "Save")), layout=wide)
        self.said = widgets.HTML(layout=wide)
        self.follow(bench.choice)
        for name in (*_PICKED, "compare"):
            getattr(self, name).observe(partial(self._picked, name), "value")
        self.upload.observe(self._uploaded, "value")
        self.save.on_click(self._save)
        self.box = self._laid_out()

    def follow(self, choice: ExploreParameters) -> None:
        """Show what is chosen, and offer what goes with it."""
        known = data_source(choice.data).newest()
        there = set(zip(known["region_code"], known["indicator"], strict=True))
        regions = sorted({code for code, _ in there})
        own = [name for name in known["indicator"].unique() if (choice.region, name) in there]
        others = [code for code in regions if (code, choice.indicator) in there]
        beside = [self._indicator(name) for name in own if name != choice.indicator]
        beside += [self._region(code) for code in others if code != choice.region]
        automatic = Text("自动", "Chosen automatically")
        months = [str(one) for one in sorted(known["period"].unique())[-_MONTHS_BACK:]]
        if choice.as_of != LATEST and choice.as_of not in months:
            months.append(choice.as_of)
        with self._following():
            self.region.options = [self._region(code) for code in regions]
            self.indicator.options = [self._indicator(name) for name in own]
            self.compare.options = [(self._say(automatic), AUTO), *beside]
            latest = self._say(Text("最新", "the latest"))
            self.as_of.options = [(latest, LATEST)] + [
                (month_name(one, self._bench.lang), one) for one in reversed(months)
            ]
            self.compare.value = () if choice.compare == NONE else choice.compare.split(",")
            for name in _PICKED:
                getattr(self, name).value = getattr(choice, name)

    def _say(self, words: Text) -> str:
        return words.in_language(self._bench.lang)

    def _region(self, code: str) -> tuple[str, str]:
        return self._say(region_named(code).name), code

    def _indicator(self, name: str) -> tuple[str, str]:
        return self._say(indicator_named(name).label), name

    @contextmanager
    def _following(self) -> Iterator[None]:
        """Set values without taking them for picks."""
        self._is_following = True
        try:
            yield
        finally:
            self._is_following = False

    def _picked(self, name: str, change: dict[str, Any]) -> None:
        if self._is_following:
            return
        value = change["new"]
        if name == "compare":
            picked = [one for one in value if one != AUTO or len(value) == 1]
            value = ",".join(picked[:4]) or NONE
        more = {"compare": AUTO} if name in {"region", "indicator"} else {}
        if name == "region":
            more |= self._indicator_kept(value)
        self._choose(**{name: value}, **more)

    def _indicator_kept(self, region: str) -> dict[str, str]:
        known = data_source(self._bench.choice.data).newest()
        there = list(known.loc[known["region_code"] == region, "indicator"].unique())
        kept = self._bench.choice.indicator
        return {} if kept in there else {"indicator": "total" if "total" in there else there[0]}

    def _choose(self, **changes: object) -> None:
        """Tell the bench; what it refuses is said, and the pickers go back."""
        self._tell(Text("正在计算……", "computing …"))
        try:
            self._bench.choose(**changes)
        except FaiwatchError as error:
            self._tell(Text(error.message("zh"), error.message("en")), is_wrong=True)
            self.follow(self._bench.choice)
        else:
            self._tell(Text("", ""))

    def _uploaded(self, change: dict[str, Any]) -> None:
        if not change["new"]:
            return
        given = change["new"][0]
        path = Path(tempfile.mkdtemp(prefix="faiwatch-")) / Path(given["name"]).name
        path.write_bytes(bytes(given["content"]))
        self._choose(own=str(path))

    def _save(self, _: object) -> None:
        notebook, file = self.notebook.value, self.file.value.strip()
        try:
            path = self._bench.save(file, notebook)
        except (FaiwatchError, OSError) as error:
            self._tell(Text(str(error), str(error)), is_wrong=True)
            return
        told = say("page.pickers.saved_run", command=f"faiwatch run {notebook} -f {path}")
        if notebook == _FOR[0] and self._bench.choice.own.startswith(tempfile.gettempdir()):
            told = say("page.pickers.own_figures", told=told)
        self._tell(told)

    def _tell(self, words: Text, *, is_wrong: bool = False) -> None:
        colour = theme.NEGATIVE if is_wrong else theme.POSITIVE
        told = html.escape(self._say(words))
        self.said.value = f'<div style="color:{colour};line-height:1.5">{told}</div>'

    def _laid_out(self) -> widgets.Widget:
        def named(name: str, *controls: widgets.Widget) -> widgets.Widget:
            label = widgets.Label(self._say(_WORDS[name]), style={"font_weight": "600"})
            return widgets.VBox([label, *controls], layout=widgets.Layout(width="100%"))

        columns = [
            [named(name, getattr(self, name)) for name in column.split()]
            for column in ("region indicator as_of", "compare", "definition months formula")
        ]
        save = named("save", self.notebook, self.file, self.save)
        columns.append([named("own", self.upload), save])
        grid = widgets.GridBox(
            [widgets.VBox(column) for column in columns],
            layout=widgets.Layout(
                grid_template_columns="repeat(auto-fit, minmax(230px, 1fr))", grid_gap="6px 18px"
            ),
        )
        box = widgets.VBox(
            [grid, self.said],
            layout=widgets.Layout(
                border=f"1px solid {theme.GRID}", padding="10px 14px", max_width="1100px"
            ),
        )
        box.add_class("fw-pickers")
        return box
