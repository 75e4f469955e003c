"""Rules for summons: what a file may say, and when a rule holds."""

import filecmp
import runpy
import sys

import pandas as pd
import pytest

from faiwatch.core.errors import DataInvalidError, DataMissingError
from faiwatch.data.summons_rules import LEVELS, summons_rules
from faiwatch.stats.summons import summoned

HEAD = """days = { remind = 15, interview = 10, supervise = 5 }
name = { zh = "规则", en = "rules" }
source = { zh = "测试", en = "a test" }
"""
RULE = """[[rule]]
id = "{id}"
level = "{level}"
when = [{{ measure = "{measure}", {operator} = {limit} }}]
words = {{ zh = "{zh}", en = "because" }}
"""
USUAL = {
    "id": "one",
    "level": "remind",
    "measure": "ytd_yoy_pct",
    "operator": "below",
    "limit": 0,
    "zh": "增速{ytd_yoy_pct}",
}


def rules_of(tmp_path, *rules):
    path = tmp_path / "rules.toml"
    path.write_text(HEAD + "".join(RULE.format(**USUAL | rule) for rule in rules), "utf-8")
    return summons_rules(path)


@pytest.mark.parametrize(
    ("rule", "where"),
    [
        ({"measure": "growth"}, "rule[1].when[1].measure"),
        ({"limit": '"n_relases"'}, "rule[1].when[1].below"),
        ({"zh": "增速{ytd}"}, "rule[1].words.zh"),
        ({"zh": "增速{ytd_yoy_pct"}, "rule[1].words.zh"),
        ({"level": "shout"}, "rule[1].level"),
        ({"operator": "is", "limit": "true"}, "rule[1].when[1].is"),
    ],
)
def test_a_file_that_breaks_its_format_is_refused_with_its_place(tmp_path, rule, where):
    with pytest.raises(DataInvalidError) as error:
        rules_of(tmp_path, rule)
    assert where in str(error.value)


def test_a_name_twice_and_a_file_that_is_not_there_are_refused(tmp_path):
    with pytest.raises(DataInvalidError, match="one"):
        rules_of(tmp_path, {}, {})
    with pytest.raises(DataMissingError):
        summons_rules(tmp_path / "none.toml")


def test_the_strictest_level_counts_and_its_reasons_alone(tmp_path):
    rules = rules_of(
        tmp_path,
        {},
        {"id": "two", "level": "supervise", "measure": "rank", "operator": "at_least", "limit": 3},
        {"id": "three", "level": "interview", "measure": "city_gap_pp", "limit": '"change_pp"'},
    )
    facts = pd.DataFrame(
        {
            "region_code": list("abcd"),
            "ytd_yoy_pct": [-1.0, -2.0, 3.0, float("nan")],
            "rank": [1.0, 3.0, 2.0, float("nan")],
            "city_gap_pp": [0.0, -5.0, -4.0, float("nan")],
            "change_pp": [0.0, -6.0, -3.0, 1.0],
        }
    )
    found = summoned(facts, rules).set_index("region_code")
    assert found["level"].to_dict() == {"b": "supervise", "c": "interview", "a": "remind"}
    assert found.loc["b", "rules"] == "two one"
    assert found.loc["b", "n_reasons"] == 1
    assert found.loc["a", "reason_zh"] == "增速−1.0%"
    assert list(LEVELS) == ["remind", "interview", "supervise"]


def test_a_measure_that_is_not_known_fulfils_nothing(tmp_path):
    rules = rules_of(tmp_path, {"measure": "n_notices_overdue", "operator": "at_most", "limit": 9})
    assert summoned(pd.DataFrame({"region_code": ["a"]}), rules).empty


def test_the_made_up_city_is_made_again_byte_for_byte(project, tmp_path, monkeypatch):
    script = project / "data" / "demo" / "generate_city.py"
    monkeypatch.setattr(sys, "argv", [str(script), str(tmp_path)])
    runpy.run_path(str(script), run_name="__main__")
    assert (tmp_path / "city.csv").read_bytes() == script.with_name("city.csv").read_bytes()
    for name in ("990102", "990103"):
        made = tmp_path / "city" / f"{name}.xlsx"
        # pytest would look for every difference of two long files
        assert filecmp.cmp(made, script.parent / "city" / made.name, shallow=False)
