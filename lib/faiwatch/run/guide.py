"""The whole round by clicking: a workbook, its questions, pages, downloads, schedule; no code seen.

What is clicked runs the verbs of the command line in the workspace, so that it does what they do,
and each is shown as somebody could type it.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from IPython.display import display

from faiwatch.core.errors import FaiwatchError
from faiwatch.core.extras import extra
from faiwatch.core.phrases import say
from faiwatch.core.text import Language, Text, user_language
from faiwatch.data.parameter_types import DEMO, LEDGER_FORMATS, OVER_EMBEDDED
from faiwatch.data.regions import DEMO_DISTRICT, NATION, known_regions
from faiwatch.run.workspace import settings

STORE = "data/vintages"
_OWN = f"{OVER_EMBEDDED}{STORE}"  # the office's figures, with the official ones before them
_OF_A_TERMINAL = {"FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM"}  # which kernels set
_FIGURES = ("02_monitor", "03_trend", "04_forecast")
_LEDGER = ("06_projects", "08_briefing")
_DOWNLOADS = (".docx", ".xlsx", ".txt", ".csv")
_STEPS = (
    Text("1 选工作簿", "1 Choose a workbook"),
    Text("2 回答问题，核对读取结果", "2 Answer its questions, check what was read"),
    Text("3 生成页面", "3 Make pages"),
    Text("4 查看与下载", "4 Look and download"),
    Text("5 定时运行", "5 Schedule"),
)
_EXAMPLE = Text("（演示：虚构的区级台账）", "(example: the ledger of a made-up district)")


class Guide:
    """A panel that leads through the round; a cell that ends in it shows it.

    Parameters
    ----------
    folder : Path
        The workspace; the working directory by default.
    lang : {"zh", "en"}, optional
        By default that of the workspace.
    """

    def __init__(self, folder: Path = Path(), lang: Language | None = None) -> None:
        widgets = extra("ipywidgets")
        self.folder, self.lang = folder, lang or settings().lang or user_language()
        self.book: Any = None
        self.is_example = False
        wide = {"layout": widgets.Layout(width="auto")}
        names = [one.name.in_language(self.lang) for one in known_regions().values()]
        self.file = widgets.Dropdown(**wide)
        self.upload = widgets.FileUpload(
            accept=",".join(LEDGER_FORMATS),
            description=self.say(Text("从本机选入文件", "Bring a file")),
            layout=widgets.Layout(width="max-content"),
        )
        self.read = self._button(Text("读取", "Read"), self._read)
        self.region = widgets.Combobox(
            options=names,
            placeholder=self.say(Text("地区（台账用），如 陕西省", "region (of a ledger)")),
            **wide,
        )
        self.issued = widgets.DatePicker(description=self.say(Text("发布日期", "Release date")))
        self.questions = widgets.VBox(**wide)
        self.make = self._button(Text("存入并生成页面", "Keep it and make pages"), self._make)
        self.said, self.results = widgets.HTML(**wide), widgets.HTML(**wide)
        parts = (
            [self.file, self.upload, self.read],
            [self.questions],
            [self.region, self.issued, self.make, self.said],
            [self.results],
            [widgets.HTML(self._schedule(), **wide)],
        )
        steps = [
            widgets.VBox([widgets.HTML(f"<h3>{self.say(title)}</h3>"), *inside], **wide)
            for title, inside in zip(_STEPS, parts, strict=True)
        ]
        self.box = widgets.VBox(steps, layout=widgets.Layout(max_width="1100px"))
        self.box.add_class("fw-guide")
        self.upload.observe(self._keep, "value")
        self.list_files()

    def _ipython_display_(self) -> None:
        display(self.box)  # type: ignore[no-untyped-call]

    def say(self, words: Text) -> str:
        """Return words in the language of the panel."""
        return words.in_language(self.lang)

    def list_files(self, chosen: str = "") -> None:
        """Offer the workbooks of ``data/``, and the made-up ledger."""
        found = (self.folder / "data").glob("*")
        names = sorted(one.name for one in found if one.suffix.lower() in LEDGER_FORMATS)
        self.file.options = [(self.say(_EXAMPLE), ""), *((name, name) for name in names)]
        self.file.value = chosen or (names[0] if names else "")

    def _button(self, words: Text, act: Any) -> Any:  # noqa: ANN401  of ipywidgets
        made = extra("ipywidgets").Button(description=self.say(words), button_style="primary")
        made.layout.width = "max-content"
        made.on_click(act)
        return made

    def _keep(self, _: object) -> None:
        """Keep an uploaded file in ``data/``; one that is there and differs is not overwritten."""
        for given in self.upload.value:
            content, name = bytes(given["content"]), Path(given["name"]).name
            place = self.folder / "data" / name
            number = 2
            while place.exists() and place.read_bytes() != content:
                place = place.with_name(f"{Path(name).stem}-{number}{place.suffix}")
                number += 1
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(content)
            self.list_files(place.name)
            self._read(None)

    def _read(self, _: object) -> None:
        """Read the chosen workbook, and show what it leaves open as a form."""
        import faiwatch
        from faiwatch.ledger.files import ledger_file
        from faiwatch.page.workbook_form import Form

        self.is_example = not self.file.value
        path = ledger_file(DEMO) if self.is_example else self.folder / "data" / self.file.value
        try:
            self.book = faiwatch.read_workbook(path, lang=self.lang)
        except FaiwatchError as error:
            self.book = None
            self._tell([html.escape(error.message(self.lang))])
            return
        self.form = Form(self.book)
        self.questions.children = [self.form.box]
        self._tell([])

    def _make(self, _: object) -> None:
        """Keep what was read, and make its pages by the verbs of the command line."""
        book = self.book
        if book is None or book.questions:
            left = len(book.asked) if book is not None else 0
            open_now = say("run.guide.questions_open", left=left)
            first = Text("先选工作簿并读取", "choose a workbook and read it first")
            self._tell([self.say(open_now if left else first)])
            return
        if not self.is_example:
            book.save()
        name = f"data/{self.file.value}"
        is_ledger = "figures" not in book.tables
        regions = [self.region.value or NATION]
        data, ledger = str(settings().parameters.get("data", "embedded")), name
        if (self.folder / STORE).is_dir():
            data = _OWN
        if self.is_example:
            regions, data, ledger = [DEMO_DISTRICT], DEMO, DEMO
        elif not is_ledger:
            if not self.issued.value and book.table["issued"].isna().any():
                when = Text("请填写发布日期", "fill in the day on which it was issued")
                self._tell([self.say(when)])
                return
            issued = ["--issued", str(self.issued.value)] if self.issued.value else []
            words = ["ingest", name, "--data", STORE, *issued, "--json"]
            if self._verb(words)[0] != 0:
                return
            data, regions = _OWN, sorted(book.table["region_code"].unique())
        notebooks = _LEDGER if is_ledger else _FIGURES
        links: list[str] = []
        for region in regions:
            for notebook in notebooks:
                given = {"region": region, "data": data, "lang": self.lang}
                given |= {"ledger": ledger} if is_ledger else {}
                pairs = [word for one in given.items() for word in ("-p", "=".join(one))]
                words = ["run", notebook, *pairs, "--site", settings().site, "--json"]
                _, answer = self._verb(words)
                links += [link for run in answer.get("runs", ()) for link in self._links(run)]
                self.results.value = f"<ul>{''.join(links)}</ul>"

    def _verb(self, words: Sequence[str]) -> tuple[int, dict[str, Any]]:
        """Run a verb, say which and how it ended, and return its exit code and answer."""
        shown = html.escape(" ".join(["faiwatch", *words]))
        before = self.said.value
        running = self.say(Text("运行中…", "running…"))
        self.said.value = f"{before}<div><code>{shown}</code> {running}</div>"
        plain = {name: value for name, value in os.environ.items() if name not in _OF_A_TERMINAL}
        done = subprocess.run(
            [sys.executable, "-m", "faiwatch", *words],
            cwd=self.folder,
            env=plain | {"FAIWATCH_LANG": self.lang, "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        mark = self.say(
            Text("完成", "done") if done.returncode == 0 else Text("未完成", "not done")
        )
        answer: dict[str, Any] = json.loads(done.stdout or "{}")
        causes = [run["cause"] for run in answer.get("runs", ())] or [done.stderr.strip()[-600:]]
        why = html.escape("; ".join(causes)) if done.returncode else ""
        code = f" ({done.returncode})" if done.returncode else ""
        self.said.value = f"{before}<div><code>{shown}</code> {mark}{code} {why}</div>"
        return done.returncode, answer

    def _links(self, run: dict[str, Any]) -> list[str]:
        """Return links to a page and to the files of its run, as list items."""
        if not run["page"]:
            return [f"<li>{html.escape(run['notebook'])}: {html.escape(run['cause'])}</li>"]
        base = f"{os.environ.get('JUPYTERHUB_SERVICE_PREFIX', '/')}files/{settings().site}"
        page = f"{base}/{quote(run['page'])}"
        files = [
            f'<a href="{base}/runs/{run["run_id"]}/results/{quote(one["file"])}?download=1">'
            f"{html.escape(one['file'])}</a>"
            for one in run["results"]
            if Path(one["file"]).suffix in _DOWNLOADS
        ]
        title = html.escape(f"{run['notebook']} {run['region']}")
        return [f'<li><a href="{page}" target="_blank">{title}</a>　{"　".join(files)}</li>']

    def _schedule(self) -> str:
        """Return the line for the scheduler of this system from ``schedule.md``."""
        file = self.folder / "schedule.md"
        if not file.is_file():
            return ""
        blocks = re.findall(r"^```\n(.*?)^```", file.read_text(encoding="utf-8"), re.M | re.S)
        line = html.escape(blocks[-1 if sys.platform == "win32" else 0]) if blocks else ""
        more = self.say(Text("更多写法见 schedule.md", "more in schedule.md"))
        return f"<pre style='white-space:pre-wrap'>{line}</pre><p>{more}</p>"

    def _tell(self, lines: Sequence[str]) -> None:
        told = "".join(f"<div>{line}</div>" for line in lines)
        self.said.value = f'<div role="status">{told}</div>'
