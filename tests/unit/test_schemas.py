"""JSON Schemas of all outputs and inputs: valid, versioned, and true of what is really written.

What verbs print with ``--json`` is held against them in every test that runs one, see
``faiwatch_says`` in ``conftest.py``.
"""

import ast
import json
import tomllib

import pytest
from jsonschema import Draft202012Validator
from schemas import complaints, validator
from typer.main import get_command

from faiwatch.briefing.plain import slots_json
from faiwatch.cli.app import application
from faiwatch.cli.schema import FILES, INPUTS, SITE, VERBS, schema_named
from faiwatch.core.finding import Coverage, Finding, write_findings
from faiwatch.core.json_schema import DIALECT
from faiwatch.core.text import Text
from faiwatch.page.parameters import NOTEBOOKS, parameters_of
from faiwatch.site.api import API_FILES

NAMES = [*FILES, *VERBS, *SITE, *INPUTS]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_valid_schema_with_a_name_and_words(name):
    schema = schema_named(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert schema["$id"] == f"urn:faiwatch:schema:1:{name.replace(' ', '-')}"
    assert "Attributes\n---" not in json.dumps(schema)
    # the array of a type says it of the type
    assert any("description" in part for part in (schema, *schema.get("$defs", {}).values()))


def verbs_with(option):
    """Yield the words of every verb that takes an option."""
    for name, verb in get_command(application()).commands.items():
        inner = getattr(verb, "commands", {"": verb})
        for more, one in inner.items():
            if any(option in parameter.opts for parameter in one.params):
                yield f"{name} {more}".strip()


def test_every_verb_that_prints_json_has_one():
    assert set(verbs_with("--json")) == set(VERBS)
    assert {f"api/{name}" for name in API_FILES} == set(SITE)
    assert set(NOTEBOOKS) < set(INPUTS)


def test_a_schema_says_of_fields_what_the_code_says():
    finding = schema_named("findings.json")["$defs"]["Finding"]["properties"]
    assert finding["unit"]["description"].startswith("``pct``, ``pp``")
    assert finding["state"]["enum"] == ["ok", "indeterminate", "missing", "not_held", "partial"]
    record = schema_named("run.json")
    assert "additionalProperties" not in record  # a later version may add fields
    assert schema_named("alert_rules.toml")["additionalProperties"] is False


def test_findings_as_written_are_what_their_schema_says(tmp_path):
    one = Finding(
        id="gap",
        value=None,
        unit="pp",
        period="2026-08",
        as_of="2026-08",
        definition="d",
        definition_zh="d",
        formula="",
        inputs=(),
        state="partial",
        zh="zh",
        en="en",
        coverage=Coverage(n=3, n_known=2, n_by_rule=1, unknown_pct=4.0),
        forms={"phrase": Text("zh", "en")},
    )
    write_findings([one], tmp_path / "findings.json")
    told = json.loads((tmp_path / "findings.json").read_text())
    assert complaints(told, "findings.json") == []
    told[0]["surprise"] = 1
    told[0]["state"] = "perhaps"
    assert len(complaints(told, "findings.json")) == 2


def test_a_briefing_is_what_its_schema_says(small_briefing):
    for lang in ("zh", "en"):
        assert complaints(slots_json(small_briefing, lang), "slots.json") == []


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_cell_of_parameters_is_what_the_schema_says(notebook, project):
    given = parameters_of(notebook)().model_dump(mode="json")
    assert complaints(given, notebook) == []
    cells = json.loads((project / "notebooks" / f"{notebook}.ipynb").read_text())["cells"]
    cell = next(one for one in cells if "parameters" in one["metadata"].get("tags", ()))
    tree = ast.parse("".join(cell["source"]))
    written = {one.target.id: ast.literal_eval(one.value) for one in tree.body}
    assert complaints(written, notebook) == []
    assert complaints({**given, "months": "many"}, notebook)


ANSWERS = """
region = 610702
year = 2026
growth_scale = "percent"
take = ["annual=ytd", "monthly=cumulate"]

[map]
"完成额" = ["value", "ytd"]
"单位" = "unit"
"""


def test_answers_and_rules_that_are_taken_are_what_the_schemas_say(project):
    assert complaints(tomllib.loads(ANSWERS), "answers.toml") == []
    assert complaints(tomllib.loads('take = "monthly=ytd"'), "answers.toml")
    assert complaints({"regoin": "610702"}, "answers.toml")
    for rules in (project / "data/light_rules").glob("*.toml"):
        assert complaints(tomllib.loads(rules.read_text()), "light_rules.toml") == []
    for name in ("alert_rules.toml", "summons_rules.toml"):
        assert complaints(tomllib.loads((project / "data" / name).read_text()), name) == []


def test_the_verb_prints_writes_and_lists_them(faiwatch_says, tmp_path):
    code, out, _ = faiwatch_says("schema", "run.json")
    assert (code, json.loads(out)) == (0, schema_named("run.json"))
    _, listed, _ = faiwatch_says("schema")
    assert {line.strip() for line in listed.splitlines() if line.startswith("  ")} == set(NAMES)
    code, written, _ = faiwatch_says("schema", "--out", tmp_path)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert len(files) == len(written.splitlines()) == len(NAMES)
    assert json.loads((tmp_path / "api-series.schema.json").read_text()) == schema_named(
        "api/series"
    )
    code, _, said = faiwatch_says("schema", "run.jsn")
    assert code == 2
    assert "run.json" in said


def test_the_check_itself_finds_what_is_wrong():
    assert validator("status").is_valid({}) is False
