"""Any ledger at all, however dirty, becomes findings and a workbook; nothing in it runs."""

import io
import random
import re
import zipfile

import pandas as pd
import pytest

from faiwatch.data.ledger_fields import ledger_tables
from faiwatch.data.ledger_schema import ledger_frame
from faiwatch.data.light_rules import presets
from faiwatch.ledger.checks import check_ledger
from faiwatch.ledger.export.export import export_bytes
from faiwatch.ledger.export.workbook import LedgerExport
from faiwatch.ledger.findings import ledger_findings
from faiwatch.ledger.public_study import public_study
from faiwatch.ledger.study import Published, study_ledger

CODES = ["甲", "乙", "丙", "2026-990101-47-01-400001"]
WORDS = ["", "<script>", "=1+1", "\u202e", "x" * 2000, "由 甲 拆分", "由 乙、丙 打包", "凭证不全"]
DAYS = ["1955-05-05", "2020-02-29", "2026-03-15", "2026-08-31", "2026-09-01", "2099-12-31"]
MONTHS = ["2025-02", "2025-08", "2026-02", "2026-07", "2026-08"]
AMOUNTS = [0.0, -5.0, 1e12, 1e-6, 100.0, 33.3]


def a_value(field, chance):
    if not field.required and chance.random() < 0.25:
        return None
    if field.choices:
        words = [True, False] if field.kind == "flag" else [one.value for one in field.choices]
        return chance.choice(words)
    listed = {"code": CODES, "date": DAYS, "month": MONTHS}
    if field.kind == "text":
        return f"{chance.choice(WORDS)}{chance.randrange(9)}"
    return chance.choice(listed.get(field.kind, AMOUNTS))


def a_ledger(seed):
    chance = random.Random(seed)
    tables = {}
    for name, table in ledger_tables().items():
        rows = [
            {field: a_value(one, chance) for field, one in table.fields.items()}
            | {"file": "f", "sheet": "s", "row": row}
            for row in range(2, 2 + chance.choice([1, 12, 25]))
        ]
        if name == "projects" or chance.random() < 0.7:
            tables[name] = ledger_frame(name, pd.DataFrame(rows))
    return tables


@pytest.mark.parametrize("seed", [1, 3])
def test_any_ledger_becomes_findings_and_a_workbook(seed):
    tables, gone = a_ledger(seed), float("nan")
    published = Published(gone, gone, gone, pd.DataFrame(columns=["file", "sheet", "row"]))
    month = tables["projects"]["asof"].max()
    study = study_ledger(tables, published, list(presets().values()), as_of=month)
    export = LedgerExport(study, ledger_findings(study), check_ledger(tables), "f", False)
    for is_public in (False, True):
        content = export_bytes(export, is_public=is_public, lang="zh")
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            told = "\n".join(parts.read(one).decode() for one in parts.namelist())
        assert not re.search(r"<f[ >]|<hyperlink|<script", told)
    counts = public_study(study).by_unit["n"]
    assert not counts.between(1, 2).any()
