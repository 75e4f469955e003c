"""Tables for readers of two runs of a page; see :mod:`faiwatch.view.tables`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from faiwatch.core.text import Language, Text
from faiwatch.data.measures import measures_of
from faiwatch.view.tables import Table, in_words

_KINDS: Mapping[str, Text] = {
    "changed": Text("改变", "changed"),
    "gone": Text("不再出现", "gone"),
    "new": Text("新增", "new"),
}
_FIELDS: Mapping[str, Text] = {
    "notebook": Text("笔记本", "notebook"),
    "region": Text("地区", "region"),
    "as_of": Text("截至", "as of"),
    "data_as_of": Text("数据截至", "data as of"),
    "lang": Text("语言", "language"),
    "verdict": Text("结果", "outcome"),
    "cause": Text("原因", "reason"),
    "parameters": Text("参数", "parameters"),
    "data": Text("数据文件", "data files"),
    "code_version": Text("代码版本", "code version"),
    "lock_sha256": Text("锁定文件", "lock file"),
    "seeds": Text("随机种子", "seeds"),
    "versions": Text("软件包版本", "package versions"),
    "is_made_up": Text("是否演示数据", "demonstration data"),
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
    rows = pd.DataFrame(changes, columns=["id", "kind", "then", "now"], dtype="str").fillna("")
    return Table(
        rows.assign(kind=in_words(rows["kind"], _KINDS, lang)),
        Text("不同的结论", "Findings that differ"),
        measures_of(id="finding", kind="difference", then="former", now="latter"),
        lang,
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
        measures_of(field="circumstance", then="former", now="latter"),
        lang,
    )
