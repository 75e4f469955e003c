"""The article of a page: the cells of an executed notebook as a reader sees them.

nbconvert drops what is not for the reader and walks the cells; the template is our own.
"""

from __future__ import annotations

import faiwatch.core.fast_import  # noqa: F401  before nbformat, which imports jsonschema

# isort: split
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import PackageLoader
from markupsafe import Markup, escape
from nbconvert.exporters import TemplateExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from traitlets.config import Config

from faiwatch.core.errors import ERROR_BOX, PublicationBlockedError
from faiwatch.core.phrases import joined, say, with_stop
from faiwatch.core.text import LANGUAGES, Language, Text, clean
from faiwatch.data.calendars import CUMULATIVE
from faiwatch.data.reference import indicator_named
from faiwatch.site.words import in_subject, words_in
from faiwatch.view.html import ABOUT, LEFT_OUT, PAGE_HTML, WITHHELD, note

# What Jupyter itself adds or the reader finds in the page's foot.
_NOT_FOR_READERS = ("parameters", "injected-parameters", "papermill-error-cell-tag")
_READ = {WITHHELD, LEFT_OUT, PAGE_HTML, "text/html", "text/plain"}  # of an output
_FIRST_HEADING = re.compile(
    r'<div class="text">\s*<h1[^>]*>(?P<title>.*?)</h1>(?P<lead>.*?)</div>', re.DOTALL
)
_SECTION = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_ENDNOTES = re.compile(r'<aside class="fw-endnotes".*?</aside>', re.DOTALL)
_ANNEX = '<div class="fw-annex"'  # of the block annex
_CODE = re.compile(r'<details class="code">.*?</details>', re.DOTALL)
_ANNEXED = re.compile(  # a section, with its heading on its own
    r'<div class="text">\s*(<h2 .*?</h2>)(.*?)(?=<div class="text">\s*<h2 |\Z)', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Article:
    """Title, first words, sections and the rest of an executed notebook, as safe HTML."""

    title: str
    lead: Markup
    contents: tuple[tuple[str, str], ...]
    body: Markup


def read_article(executed: Path, lang: Language, subject: Text | None = None) -> Article:
    """Return the article of an executed notebook in one language.

    Parameters
    ----------
    executed : Path
        Notebook with outputs. Markdown cells tagged with the other language, those that name
        another calendar than that of the page in their metadata, and the cells that hold
        parameters are left out; warnings and logs are not for readers.
    lang : {"zh", "en"}
        Language of the page.
    subject : Text, optional
        What it is about where that is not fixed-asset investment, see :func:`subject_of`.

    Returns
    -------
    Article
        Title from the first ``#`` heading; sections from the ``##`` headings.

    Raises
    ------
    PublicationBlockedError
        A cell holds an error: a run that did not finish is never shown as a normal page.
    """
    notebook = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]
    for number, cell in enumerate(notebook.cells, start=1):
        if any(output.output_type == "error" for output in cell.get("outputs", ())):
            where = say("site.article.cell", number=number)
            raise PublicationBlockedError(say("site.article.cell_failed"), where=where)
    calendar = _about(notebook.cells).get("calendar", CUMULATIVE.name)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("calendar", calendar) == calendar
        and not (subject and cell.metadata.get("subject") == "investment")
    ]
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    found = (output.get("data", {}).get(LEFT_OUT) for output in outputs)
    lacking = list(dict.fromkeys(str(title) for title in found if title))
    notebook.cells = _without_empty_sections(notebook.cells)
    _join_silent_cells(notebook)
    for output in outputs:  # nbconvert copies all of them twice, the data of charts too
        if "data" in output:
            output.data = {kind: told for kind, told in output.data.items() if kind in _READ}
    written, _ = _exporter(lang).from_notebook_node(
        notebook, resources={"code_label": words_in(lang)["code_label"]}
    )
    article = _take_apart(written, executed.stem)
    if subject:
        escaped = Text(escape(subject.zh), escape(subject.en))
        article = replace(
            article,
            title=in_subject(article.title, subject, lang),
            lead=Markup(in_subject(article.lead, escaped, lang)),
        )
    if not lacking:
        return article
    heading = Text("没有数据、未列出的内容", "Left out, because there is no data for it")
    said = with_stop(joined(Text(title, title) for title in lacking)).in_language(lang)
    left_out = Markup(note(said, lang=lang, title=heading.in_language(lang)))
    return replace(article, body=article.body + left_out)


def compile_article(lang: Language) -> None:
    """Compile the template of articles, so that workers forked afterwards share it."""
    _exporter(lang).environment.get_template("article.html.j2")


@cache
def _exporter(lang: Language) -> TemplateExporter:
    """Return what writes articles of one language; its templates are compiled once a process."""
    hidden = {*_NOT_FOR_READERS, *LANGUAGES} - {lang}
    exporter = TemplateExporter(  # type: ignore[no-untyped-call]
        config=Config({"TagRemovePreprocessor": {"remove_cell_tags": hidden}}),
        extra_loaders=[PackageLoader("faiwatch.site", "template")],
        template_name="base",
        template_file="article.html.j2",
    )
    exporter.environment.autoescape = True
    exporter.optimistic_validation = True  # once, and not after each of a dozen preprocessors
    exporter.register_filter("markdown", _markdown)  # type: ignore[no-untyped-call]
    exporter.register_filter("readable", _readable)  # type: ignore[no-untyped-call]
    return exporter


def shown_before_error(executed: Path) -> Markup:
    """Return what the cell that ended in an error had shown by then, as safe HTML."""
    notebook = nbformat.read(executed, as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        outputs = cell.get("outputs", ())
        if any(output.output_type == "error" for output in outputs):
            return Markup().join(
                _readable(output)
                for output in outputs
                if output.output_type == "display_data" and ERROR_BOX not in output.metadata
            )
    return Markup()


def _take_apart(written: str, name: str) -> Article:
    first = _FIRST_HEADING.search(written)
    rest = written if first is None else written[: first.start()] + written[first.end() :]
    contents: list[tuple[str, str]] = []

    def number(section: re.Match[str]) -> str:
        # numbered, not named: an address to a section works in both languages
        contents.append((f"s{len(contents) + 1}", _plain(section[1])))
        return f'<h2 id="{contents[-1][0]}">{section[1]}</h2>'

    body = _fold_annex(_SECTION.sub(number, rest))
    return Article(
        title=_plain(first["title"]) if first else name,
        lead=Markup(first["lead"].strip() if first else ""),
        contents=tuple(contents),
        body=Markup(body),
    )


def _fold_annex(body: str) -> str:
    """Fold each section below the heading of the annex, whose call is no code to be read.

    The notes on the numbers before it go to the end, where paper has them.
    """
    before, annex, after = body.partition(_ANNEX)
    head, sections = after[: after.find("</div>")], after[after.find("</div>") :]
    folded = r'<details class="annex"><summary>\1</summary><div class="text">\2</details>'
    whole = annex + head + _ANNEXED.sub(folded, _CODE.sub("", sections, 1)) if annex else ""
    # on paper where the numbers of the summary come from stands behind everything
    return _ENDNOTES.sub("", before) + whole + "".join(_ENDNOTES.findall(before))


def _without_empty_sections(cells: Sequence[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Return cells without sections, heading and code, of which a page may or can show nothing."""
    sections: list[list[nbformat.NotebookNode]] = [[]]
    for cell in cells:
        is_heading = cell.cell_type == "markdown"
        if is_heading and sections[-1] and sections[-1][-1].cell_type == "code":
            sections.append([])
        sections[-1].append(cell)
    kept = []
    for section in sections:
        outputs = [output for cell in section for output in cell.get("outputs", ())]
        if not any(map(_is_silent, outputs)) or any(map(_readable, outputs)):
            kept += section
    return kept


def subject_of(
    cells: Sequence[nbformat.NotebookNode], parameters: Mapping[str, object]
) -> Text | None:
    """Return what an executed notebook is about, None where that is fixed-asset investment.

    Its verdict says so; one that shows none, or ended before, is about what was asked for.
    """
    if "zh" in (about := _about(cells)):
        return Text(about["zh"], about["en"])
    asked = str(parameters.get("indicator") or parameters.get("indicators") or "")
    one = indicator_named(asked.split(",")[0])
    return None if one.is_investment else indicator_named(one.subject).label


def _about(cells: Sequence[nbformat.NotebookNode]) -> Mapping[str, str]:
    """Return what a page is about, as its verdict says: nothing where it is about investment."""
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
    return next((data[ABOUT] for data in outputs if ABOUT in data), {})


def _is_silent(output: Mapping[str, Any]) -> bool:
    """Whether an output says that something is not shown: it may not be, or has no data."""
    return not {WITHHELD, LEFT_OUT}.isdisjoint(output.get("data", {}))


def _join_silent_cells(notebook: nbformat.NotebookNode) -> None:
    """Fold the code of cells that show nothing into the fold of the next cell that does."""
    before: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or set(cell.metadata.get("tags", ())) & {*_NOT_FOR_READERS}:
            continue
        if not any(_readable(output) for output in cell.outputs):
            before.append(cell.source)
            continue
        cell.source = "\n\n".join([*before, cell.source])
        before = []


def _markdown(source: str) -> Markup:
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True)
    return Markup(MarkdownWithMath(renderer=renderer).render(clean(source)))


def _readable(output: Mapping[str, Any]) -> Markup:
    """Return an output as HTML; empty for what is not for readers (warnings, style, objects)."""
    if output["output_type"] == "stream":
        shown = output["text"] if output["name"] == "stdout" else ""
        return Markup("<pre tabindex='0'>{}</pre>").format(clean(str(shown))) if shown else Markup()
    if _is_silent(output):
        return Markup()
    data = output.get("data", {})
    block = str(data.get(PAGE_HTML) or data.get("text/html", "")).strip()
    # a block is shown as it is; the style that notebooks load for their own cells is the page's
    if block:
        return Markup("" if block.startswith("<style") else block)
    plain = str(data.get("text/plain", ""))
    return Markup("<pre tabindex='0'>{}</pre>").format(clean(plain)) if plain else Markup()


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup)).strip()
