"""Tables for readers of two runs of a page; see :mod:`faiwatch.view.tables`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from faiwatch.core.text import Language, Text
from faiwatch.view.tables import Table

_KINDS: Mapping[str, Text] = {
    "changed": Text("不同", "changed"),
    "gone": Text("后者没有", "gone"),
    "new": Text("前者没有", "new"),
}
_FIELDS: Mapping[str, Text] = {
    "notebook": Text("笔记本", "notebook"),
    "region": Text("地区", "region"),
    "as_of": Text("截至", "as of"),
    "data_as_of": Text("数据截至", "data as of"),
    "lang": Text("语言", "language"),
    "verdict": Text("结果", "verdict"),
    "cause": Text("原因", "cause"),
    "parameters": Text("参数", "parameters"),
    "data": Text("数据文件", "data files"),
    "code_version": Text("代码版本", "code version"),
    "lock_sha256": Text("锁定文件", "lock file"),
    "seeds": Text("随机种子", "seeds"),
    "versions": Text("软件包版本", "package versions"),
    "is_made_up": Text("演示数据", "made-up data"),
}


def findings_table(changes: Sequence[Mapping[str, object]], *, lang: Language) -> Table:
    """Return the findings that are not the same in two runs.

    Parameters
    ----------
    changes : sequence of mapping
        From :func:`faiwatch.run.diff.compare_runs`: ``id kind then now``.
    lang : {"zh", "en"}
        Language of the table.
    """
    rows = [
        (one["id"], _KINDS[str(one["kind"])].in_language(lang), one["then"] or "", one["now"] or "")
        for one in changes
    ]
    return Table(
        pd.DataFrame(rows, columns=["id", "kind", "then", "now"], dtype="str"),
        Text("不同的结论", "Findings that differ"),
        {
            "id": Text("结论", "Finding"),
            "kind": Text("差异", "Difference"),
            "then": Text("前者", "Then"),
            "now": Text("后者", "Now"),
        },
    )


def circumstances_table(circumstances: Mapping[str, Sequence[str]], *, lang: Language) -> Table:
    """Return what else differs between two runs: parameters, data, code, versions."""
    rows = [
        (_FIELDS[name].in_language(lang) if name in _FIELDS else name, then, now)
        for name, (then, now) in circumstances.items()
    ]
    return Table(
        pd.DataFrame(rows, columns=["field", "then", "now"], dtype="str"),
        Text("运行条件的差别", "What else differs"),
        {
            "field": Text("条件", "Circumstance"),
            "then": Text("前者", "Then"),
            "now": Text("后者", "Now"),
        },
    )
