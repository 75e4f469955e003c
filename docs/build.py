"""Build the documentation of both languages: ``make docs``, into ``site-docs/``, without a network.

``X.md`` and ``X.zh.md`` are one page. Each language is staged under one set of names, so that
links, addresses and the way to the other language are the same; a page that has no Chinese text
(decision records, the changelog) stands there in English. Made here, and
typed nowhere: the API reference (from ``faiwatch.__all__``), the commands (from the command line
itself), the glossary (from ``data/measures.csv``, ``data/findings.csv`` and CONTRIBUTING) and the
gallery (from the executed notebooks of a built site).
"""

import argparse
import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
DOCS, STAGE = PROJECT / "docs", PROJECT / ".cache/docs"
ALSO = {"CONTRIBUTING.md": "project/contributing.md", "CHANGELOG.md": "project/changelog.md"}
MADE = ("reference/api.md", "reference/commands.md", "reference/glossary.md", "gallery/index.md")
LINK = re.compile(r"(!?\[[^\]]*\]\()(?![a-z]+:|#)([^)\s]+?)(#[^)\s]*)?\)")
OUTSIDE = re.compile(
    r"""(?:<(?:script|img|iframe|source)[^>]*\bsrc|<link[^>]*rel="(?:stylesheet|preload|icon)"[^>]*\bhref)"""
    r"""="?(?:https?:)?//|url\(["']?(?:https?:)?//|@import[^;]*//"""
)
API = {
    ("序列", "Series"): "series panel catalog Series Panel Forecast Chart Finding",
    ("页面与运行", "Pages and runs"): "open_page explore run batch briefing",
    ("表格与台账", "Workbooks and ledgers"): "read_workbook ledger register city",
    (
        "纯计算",
        "Arithmetic alone",
    ): "measures flags sdmx forecast_array forecast_arrays ArrayForecast",
    ("数据与错误", "Data and errors"): "DataSource FaiwatchError ParameterError "
    "DataMissingError DataInvalidError",
}


def staged_name(page: Path) -> str:
    """Return where a page of the project stands in the documentation, '' if nowhere."""
    inside = page.relative_to(PROJECT).as_posix() if page.is_relative_to(PROJECT) else ""
    if inside in ALSO:
        return ALSO[inside]
    name = inside.removeprefix("docs/").replace(".zh.md", ".md")
    return name if inside.startswith("docs/") and name.endswith(".md") else ""


def linked(text: str, page: Path, name: str, lang: str) -> str:
    """Return a page whose links lead to staged pages, and to copies of files outside ``docs/``.

    An English page among Chinese ones leads to pages, not to headings: those have other names.
    """
    same = page.name.endswith(".zh.md") == (lang == "zh")
    up = "../" * name.count("/")

    def mended(found: re.Match[str]) -> str:
        target = (page.parent / found[2]).resolve()
        if other := staged_name(target):
            anchor = (found[3] or "") if same else ""
            return f"{found[1]}{up}{other}{anchor})"
        if target.is_dir():  # a folder has no page
            return found[1].lstrip("!").strip("[](")
        kind = "" if found[1].startswith("!") else "path:"
        return f"{found[1]}{kind}{up}repository/{target.relative_to(PROJECT)})"

    text = re.sub(r"\n\[(?:中文|English)\]\([\w-]+(?:\.zh)?\.md\)\n", "\n", text, count=1)
    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if at % 2 else LINK.sub(mended, part) for at, part in enumerate(parts))


def stage(lang: str) -> Path:
    """Lay the pages of one language out under the names that both share."""
    folder = STAGE / lang
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "repository").symlink_to(PROJECT, target_is_directory=True)
    pages = {p for p in DOCS.rglob("*.md") if not p.name.endswith(".zh.md")}
    for page in sorted(pages | {PROJECT / name for name in ALSO}):
        chinese = page.with_suffix(".zh.md")
        text_of = chinese if lang == "zh" and chinese.exists() else page
        name = staged_name(page)
        write(folder / name, linked(text_of.read_text("utf-8"), text_of, name, lang))
    return folder


def write(path: Path, text: str) -> None:
    """Write a page and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def api(lang: str) -> str:
    """Return the API reference: every public name with its docstring."""
    import faiwatch

    listed = " ".join(API.values()).split()
    if sorted(listed) != sorted(faiwatch.__all__):
        sys.exit(
            f"docs/build.py lists other names than faiwatch: {set(listed) ^ set(faiwatch.__all__)}"
        )
    head = {
        "zh": "# API 参考\n\n`import faiwatch as fw` 之后可用的全部名称，其余均为内部实现。"
        "说明取自代码中的文档字符串（英文）；其中的例子由测试逐一运行。\n",
        "en": "# API reference\n\nAll that `import faiwatch as fw` offers; everything else is "
        "private. The text is that of the docstrings, whose examples the tests run.\n",
    }
    parts = [head[lang]]
    for (zh, en), names in API.items():
        parts.append(f"## {zh if lang == 'zh' else en}\n\n```{{eval-rst}}")
        for name in names.split():
            kind = "class" if name[0].isupper() else "function"
            members = "" if name.endswith("Error") or kind == "function" else "\n   :members:"
            parts.append(f".. auto{kind}:: faiwatch.api.{name}{members}\n")
        parts.append("```\n")
    return "\n".join(parts)


def commands(lang: str) -> str:
    """Return what each verb of the command line says of itself."""
    import typer.main

    os.environ["FAIWATCH_LANG"] = lang
    from faiwatch.cli.app import application

    head = (
        "# 命令\n\n取自 `faiwatch 命令 --help`。"
        if lang == "zh"
        else "# Commands\n\nWhat `faiwatch VERB --help` says."
    )
    parts = [head]

    def tell(command, words: str) -> None:  # noqa: ANN001  click's own type
        told = {name: (one.help or "") for one in command.params for name in one.opts[:1]}
        parts.append(f"## `{words}`\n\n{(command.help or '').split(chr(12))[0].strip()}\n")
        if told := {name: text for name, text in told.items() if text and name != "--help"}:
            parts.append("| | |\n| --- | --- |")
            cell = lambda text: " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")  # noqa: E731
            parts.extend(f"| `{name}` | {cell(text)} |" for name, text in told.items())
            parts.append("")
        for name, deeper in getattr(command, "commands", {}).items():
            tell(deeper, f"{words} {name}")

    for name, command in typer.main.get_command(application()).commands.items():
        tell(command, f"faiwatch {name}")
    return "\n".join(parts) + "\n"


def rows_of(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of ``data/``."""
    with (PROJECT / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def glossary(lang: str) -> str:
    """Return the words of the pages in both languages, and what they mean."""
    text = (PROJECT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition("## Glossary")[2].partition("\n## ")[0]
    table = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("|")]
    order = (1, 0, 3) if lang == "zh" else (0, 1, 2)
    concepts = "\n".join("|" + "|".join(row[at] for at in order) + "|" for row in table)
    title, words, quantities, findings = {
        "zh": ("术语", "概念", "图表中的名称", "可引用的数字"),
        "en": ("Glossary", "Concepts", "Names in charts and tables", "Numbers that may be quoted"),
    }[lang]

    def formula(text: str) -> str:
        return f"`{text}`".replace("|", "\\|") if text else ""

    def method(name: str) -> str:
        return f"[{name}](../methods/{name}.md)" if name else ""

    seen: set[tuple[str, str]] = set()
    measures, found = [], []
    for row in sorted(rows_of("measures.csv"), key=lambda row: row["en"].lower()):
        if (row["zh"], row["en"]) not in seen:
            seen.add((row["zh"], row["en"]))
            cells = (row["zh"], row["en"], formula(row["formula"]), method(row["method"]))
            measures.append(f"| {' | '.join(cells)} |")
    for row in rows_of("findings.csv"):
        shown = row["formula_zh"] if lang == "zh" and row["formula_zh"] else row["formula"]
        found.append(f"| `{row['id']}` | {row['zh']} | {row['en']} | {formula(shown)} |")
    return "\n".join(
        [
            f"# {title}\n",
            f"## {words}\n\n{concepts}\n",
            f"## {quantities}\n\n| 中文 | English | | |\n| --- | --- | --- | --- |",
            *measures,
            f"\n## {findings}\n\n| | 中文 | English | |\n| --- | --- | --- | --- |",
            *found,
            "",
        ]
    )


def gallery(lang: str, site: Path, folder: Path) -> str:
    """Write a page for each notebook of a built site; return the page that lists them."""
    runs = []
    for record in site.glob("runs/*/run.json"):
        told = json.loads(record.read_text("utf-8"))
        public = told.get("parameters", {}).get("profile") == "public"
        if told.get("lang") == lang and told.get("verdict") in {"ok", "skipped"} and not public:
            # the nation where it has the page, and the newest run
            runs.append((told["notebook"], told["region"] == "000000", record.parent))
    newest = {name: folder / "executed.ipynb" for name, _, folder in sorted(runs)}
    title, lead = {
        "zh": ("图库", "各页笔记本运行后的图，和画出它的那一行。"),
        "en": ("Gallery", "The charts of each executed notebook, and the line that makes each."),
    }[lang]
    listed = []
    for name, path in sorted(newest.items()):
        parts, heading, drawn = [], "", 0
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            source = "".join(cell["source"])
            ours = re.search(r"[\u4e00-\u9fff]", source.splitlines()[0] if source else "")
            if cell["cell_type"] == "markdown" and bool(ours) == (lang == "zh"):
                heading = source.splitlines()[0].lstrip("# ")
                parts = parts or [f"# {heading}\n\n`{name}`\n"]
            for output in cell.get("outputs", []):
                if svg := output.get("data", {}).get("image/svg+xml"):
                    drawn += 1
                    said = "".join(output["data"]["text/plain"]).strip().splitlines()
                    write(folder / f"gallery/{name}-{drawn}.svg", "".join(svg))
                    alt = said[-1].replace("[", "(").replace("]", ")")
                    parts.append(f"## {said[0]}\n\n```python\n{source}\n```\n")
                    parts.append(f"![{alt}]({name}-{drawn}.svg)\n\n{alt}\n")
        if drawn:
            write(folder / f"gallery/{name}.md", "\n".join(parts))
            listed.append(name)
    toc = "\n".join(listed)
    return f"# {title}\n\n{lead}\n\n```{{toctree}}\n:maxdepth: 2\n\n{toc}\n```\n"


def outside(folder: Path) -> list[str]:
    """Return what the built pages would load from elsewhere: nothing, or the build has failed."""
    files = [p for p in folder.rglob("*") if p.suffix in {".html", ".css"} and p.is_file()]
    return [
        f"{path.relative_to(folder)}: {found[0]}"
        for path in files
        for found in OUTSIDE.finditer(path.read_text("utf-8"))
    ]


def main() -> None:
    """Stage and build both languages; a warning or anything loaded from outside is an error."""
    ask = argparse.ArgumentParser(description=main.__doc__)
    ask.add_argument("--out", type=Path, default=PROJECT / "site-docs")
    ask.add_argument(
        "--site", type=Path, default=PROJECT / "site", help="built site of the gallery"
    )
    words = ask.parse_args()
    for lang in ("zh", "en"):
        folder = stage(lang)
        for name, text in zip(
            MADE,
            (api(lang), commands(lang), glossary(lang), gallery(lang, words.site, folder)),
            strict=True,
        ):
            write(folder / name, text)
        subprocess.run(
            [
                *(sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "auto"),
                *("-c", DOCS, "-d", STAGE / f"{lang}.doctrees", folder, words.out / lang),
            ],
            env=os.environ | {"FAIWATCH_DOCS_LANG": lang, "FAIWATCH_LANG": lang},
            check=True,
        )
    write(
        words.out / "index.html",
        '<!doctype html><meta charset="utf-8"><title>faiwatch</title>'
        '<meta http-equiv="refresh" content="0; url=zh/index.html">'
        '<a href="zh/index.html" lang="zh">中文</a> '
        '<a href="en/index.html" lang="en">English</a>\n',
    )
    from faiwatch.cli.schema import write_schemas

    write_schemas(words.out / "schemas")
    if found := outside(words.out):
        sys.exit("the documentation would load from outside:\n" + "\n".join(found))
    sys.stdout.write(f"{words.out / 'index.html'}\n")


if __name__ == "__main__":
    main()
