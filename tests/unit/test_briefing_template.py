"""Templates: what users may write, and what happens when they write something else."""

import json
import signal
from pathlib import Path

import docx
import pandas as pd
import pytest

from faiwatch.briefing.template import Source, fill, own_template, standard_template
from faiwatch.cli import app as cli
from faiwatch.core.errors import DataInvalidError, DataMissingError, ParameterError
from faiwatch.core.provenance import Basis, What
from faiwatch.core.text import LANGUAGES, OPEN, Text
from faiwatch.data.measures import measures_of
from faiwatch.view.tables import Table

MONTH = Basis("2026-08", "2026-08", ())
GROWTH = MONTH.finding(
    "ytd_yoy", -7.2, What(Text("增速", "growth"), "pct", "g"), Text("−7.2%", "−7.2%")
).model_copy(update={"forms": {"phrase": Text("同比下降7.2%", "fell 7.2% on a year earlier")}})
PLAN = MONTH.missing("annual_plan", What(Text("计划", "plan"), "100m_cny", "sum"))
HOSTILE = MONTH.finding("event", "x", What(OPEN, "date", ""), Text("\ue000b\ue001<b>\n\u202e7", ""))
SLOTS = {slot.id: slot for slot in (GROWTH, PLAN, HOSTILE)}


def made(text, lang="zh"):
    return fill(Source("mine.txt", text), SLOTS, {"region": "演示区"}, lang)


def broken(text):
    with pytest.raises(ParameterError) as refused:
        made(text)
    assert refused.value.exit_code == 2
    return refused.value.message("en")


def test_a_figure_is_a_piece_that_names_its_slot():
    sentence = next(made("# 标题\n[level] 投资{{ ytd_yoy.phrase }}。").sentences)
    assert sentence.id == "level"
    assert [(piece.text, piece.slot) for piece in sentence.pieces] == [
        ("投资", ""),
        ("同比下降7.2%", "ytd_yoy"),
        ("。", ""),
    ]


def test_blank_lines_part_paragraphs_and_empty_sections_are_left_out():
    first = "# 标题\n## [a] 一节\n甲。\n乙。\n\n丙。\n"
    document = made(f"{first}## [b] 空节\n### 空\n## [c] 二节\n### [d] 小节\n丁。")
    assert [(one.id, one.level, one.title) for one in document.sections] == [
        ("a", 1, "一、一节"),
        ("c", 1, "二、二节"),
        ("d", 2, "（一）小节"),
    ]
    assert [len(one.sentences) for one in document.sections[0].paragraphs] == [2, 1]


def test_paragraphs_appear_when_their_data_exist():
    planned = "{% if annual_plan is known %}\n计划。\n{% endif %}\n"
    fallen = "{% if ytd_yoy is negative %}\n跌。\n{% endif %}"
    assert [one.text for one in made(f"# 标题\n{planned}{fallen}").sentences] == ["跌。"]


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", ["一是甲。", "二是丙。", "一是丁。"]),
        ("en", ["First甲。", "Second丙。", "First丁。"]),
    ],
)
def test_points_of_a_section_are_counted_as_they_are_told(lang, told):
    left_out = "{% if annual_plan is known %}\n[b] {{ ordinal }}乙。\n{% endif %}\n"
    text = f"# 标题\n## 一\n[a] {{{{ ordinal }}}}甲。\n\n{left_out}\n[c] {{{{ ordinal }}}}丙。\n"
    document = made(f"{text}## 二\n[d] {{{{ ordinal }}}}丁。", lang)
    assert [one.text for one in document.sentences] == told


def test_a_missing_figure_prints_as_such_in_any_form():
    sentence = next(made("# 标题\n{{ annual_plan }}{{ annual_plan.phrase }}").sentences)
    assert [piece.text for piece in sentence.pieces] == ["待补", "待补"]
    assert sentence.slots == ("annual_plan",)


def test_what_a_ledger_holds_cannot_pose_as_a_figure_or_break_a_line():
    pieces = next(made("# 标题\n{{ event }}").sentences).pieces
    assert len(pieces) == 1
    assert pieces[0].slot == "event"
    assert "\n" not in pieces[0].text
    assert "\u202e" not in pieces[0].text


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("# 标题\n\n{{ ytd_yo }}", 3, "did you mean 'ytd_yoy'?"),
        ("# 标题\n{{ ytd_yoy.frase }}", 2, "frase"),
        ("# 标题\n\n\n{% if ytd_yoy is known %}\n甲", 5, "endif"),
        ("# 标题\n{{ ytd_yoy | upper }}", 2, "No filter named 'upper'"),
        ("# 标题\n{% if ytd_yoy is big %}\n甲\n{% endif %}", 2, "big"),
        ("# 标题\n{{ region }}\n{{ 7 * 7 }}", 3, "arithmetic"),
        ("# 标题\n{{ ytd_yoy.value }}", 2, "bare number"),
        ("# 标题\n{% include '/etc/passwd' %}", 2, "passwd"),
        ("# 标题\n{% include 'mine.txt' %}", 2, "recursion"),
    ],
)
def test_a_broken_template_names_file_line_and_cause(text, line, cause):
    message = broken(text)
    assert f"mine.txt, line {line}" in message
    assert cause in message


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("{{ ytd_yoy.phrase.replace('7', '1') }}", "call"),
        ("{{ 'a'.ljust(2 * 10 ** 9) }}", "call"),
        ("{% if 'a'.ljust(2 * 10 ** 9) %}a{% endif %}", "call"),
        ("{% if 10 ** 10 ** 9 %}a{% endif %}", "arithmetic"),
        ("{{ ytd_yoy.phrase ~ '5' }}", "~"),
        ("{{ '5' ~ ytd_yoy }}", "~"),
        ("{{ ytd_yoy.value ~ '' }}", "~"),
        ("{{ ytd_yoy.phrase[2:] }}", "phrase"),
        ("{{ ytd_yoy.phrase | replace('7', '1') }}", "No filter named 'replace'"),
        ("{{ ytd_yoy.is_in }}", "is_in"),
        ("{{ ytd_yoy['value'] }}", "bare number"),
        ("{{ ytd_yoy is known }}", "is"),
        ("{{ region.upper }}", "region"),
        ("{{ [1, 2] }}", "List"),
        ("{{ none }}", "None"),
        ("{{ 5.2 }}", "5.2"),
        ("{% set x = ytd_yoy.phrase %}{{ x }}", "set"),
        ("{% for x in region %}{{ x }}{% endfor %}", "for"),
        ("{% macro m() %}9{% endmacro %}", "macro"),
        ("{% filter upper %}a{% endfilter %}", "filter"),
        ("{{ '\\ue000ytd_yoy\\ue0019.9%\\ue002' }}", "U+E000"),
        ("\ue000ytd_yoy\ue0019.9%\ue002", "U+E000"),
    ],
)
def test_what_would_alter_a_figure_is_refused_with_line_and_cause(text, cause):
    message = broken(f"# 标题\n好。\n{text}")
    assert "mine.txt, line 3" in message
    assert cause in message


def test_numbers_of_the_users_own_are_marked_and_those_of_slots_and_words_are_not():
    text = (
        "# 标题3\n## [a] 一节\n[b] {{ window }}投资{{ ytd_yoy }}，另有5.2亿元、十二个、{{ '7' }}。"
    )
    source = Source("mine.txt", text, is_own=True)
    document = fill(source, SLOTS, {"window": "2026年1—8月"}, "zh")
    assert next(document.sentences).text == "2026年1—8月投资−7.2%，另有5.2※亿元、十二※个、7※。"
    assert document.title == "标题3※"
    assert document.own_numbers == ("3", "5.2", "十二", "7")
    ours = fill(Source("ours.txt", text), SLOTS, {"window": "1月"}, "zh")
    assert ours.own_numbers == ()


def test_units_points_and_one_by_one_are_no_numbers_of_the_users_own():
    text = "# T\n{{ ordinal }}{{ ytd_yoy }} (100 million yuan, 10,000 yuan)，一项一策。"
    document = fill(Source("mine.txt", text, is_own=True), SLOTS, {}, "en")
    assert document.own_numbers == ()


@pytest.mark.parametrize(
    "trick",
    [
        "{{ ytd_yoy.__class__.__mro__ }}",
        "{{ ytd_yoy._slot.inputs }}",
        "{{ region.format.__globals__ }}",
        "{{ '{0.__class__}'.format(ytd_yoy) }}",
        "{{ ytd_yoy.is_in.__func__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ self._TemplateReference__context }}",
        "{% import 'os' as os %}{{ os.getcwd() }}",
        "{{ range(100000) | list }}",
        "{{ 'a' * 1000000000 }}",
    ],
)
def test_tricks_with_attributes_do_nothing(trick):
    assert "mine.txt, line 2" in broken(f"# 标题\n{trick}")


@pytest.mark.parametrize(
    ("text", "cause"),
    [("只有一句。", "no title"), ("# 标题\n[a] 甲。\n[a] 乙。", "one name")],
)
def test_a_template_without_title_or_with_one_name_twice_is_refused(text, cause):
    assert cause in broken(text)


def test_a_line_attaches_a_table_by_name_and_no_other():
    columns = measures_of("region")
    table = Table(pd.DataFrame({"region": ["甲"]}), Text("表", "Table"), columns, "zh")
    source = Source("a.txt", "# 题\n正文。\n+ [units] 目标{{ ytd_yoy }}\n< 某局\n")
    [attached] = fill(source, SLOTS, {}, "zh", {"units": table}).attachments
    assert (attached.id, attached.title) == ("units", "目标−7.2%")
    assert attached.table is table
    with pytest.raises(ParameterError) as refused:
        fill(source, SLOTS, {}, "zh", {"others": table})
    assert "others" in refused.value.message("en")


@pytest.mark.parametrize("kind", ["sent", "report", "note", "city"])
def test_our_templates_have_the_same_sentences_in_both_languages(kind):
    names = []
    for lang in LANGUAGES:
        lines = standard_template(kind, lang).text.splitlines()
        names.append([one.partition("]")[0] for one in lines if one.startswith(("[", "#"))][1:])
    assert names[0] == names[1]


@pytest.fixture
def faiwatch_says(capsys, monkeypatch):
    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setenv("FAIWATCH_LANG", "en")  # --lang sets it, and it is put back

    def run(*words):
        monkeypatch.setattr("sys.argv", ["faiwatch", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        return left.value.code, *capsys.readouterr()

    yield run
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def own_words(tmp_path, faiwatch_says):
    path = tmp_path / "mine.txt"
    assert faiwatch_says("template", "note", "--out", path, "--lang", "en")[0] == 0
    return path


def test_a_user_edits_the_words_without_touching_code(faiwatch_says, own_words, tmp_path):
    text = own_words.read_text("utf-8").replace("came to", "amounted to")
    own_words.write_text(text, encoding="utf-8")
    files = [tmp_path / f"note{ending}" for ending in (".txt", ".json", ".html", ".docx")]
    outs = [word for file in files for word in ("--out", file)]
    words = ("briefing", "--lang", "en", "--template", own_words, "--json", *outs)
    code, said, _ = faiwatch_says(*words)
    answer = json.loads(said)
    assert (code, answer["blocked"], answer["files"]) == (0, [], list(map(str, files)))
    keys = {"id", "value", "unit", "text", "state", "definition", "formula", "inputs"}
    assert all(keys <= set(slot) for slot in answer["slots"])
    assert "amounted to" in files[0].read_text("utf-8-sig")
    assert json.loads(files[1].read_text("utf-8"))["slots"] == answer["slots"]
    assert "amounted to" in files[2].read_text("utf-8")
    assert files[3].read_bytes()[:2] == b"PK"


def test_own_numbers_are_said_in_every_file(faiwatch_says, own_words, tmp_path):
    text = own_words.read_text("utf-8")
    own_words.write_text(f"{text}\nThe bureau adds 998,099 of its own.\n", encoding="utf-8")
    files = [tmp_path / f"note{ending}" for ending in (".txt", ".json", ".html", ".docx")]
    outs = [word for file in files for word in ("--out", file)]
    assert faiwatch_says("briefing", "--lang", "en", "--template", own_words, *outs)[0] == 0
    word = docx.Document(files[3])
    in_word = "\n".join(one.text for one in word.paragraphs)
    for told in (files[0].read_text("utf-8-sig"), files[2].read_text("utf-8"), in_word):
        assert "998,099※" in told
        assert "not checked against the data: 998,099" in told
    assert json.loads(files[1].read_text("utf-8"))["own_numbers"] == ["998,099"]


def test_a_broken_template_ends_with_exit_code_2(faiwatch_says, own_words):
    text = own_words.read_text("utf-8")
    own_words.write_text(f"{text}\n{{{{ anual_plan }}}}\n", encoding="utf-8")
    code, _, said = faiwatch_says("briefing", "--lang", "en", "--template", own_words)
    assert code == 2
    assert f"mine.txt, line {len(text.splitlines()) + 2}" in said
    assert "did you mean 'annual_plan'?" in said


def test_a_contradiction_is_told_in_json_with_exit_code_11(faiwatch_says, tmp_path):
    out = tmp_path / "report.txt"
    asked = ("--region", "990101", "--data", "demo", "--ledger", "demo", "--out", out)
    target = ("-p", "target_growth_pct=5")
    code, said, _ = faiwatch_says("briefing", *asked, *target, "--lang", "en", "--json")
    answer = json.loads(said)
    assert code == 11
    assert [one["id"] for one in answer["blocked"]] == ["two_targets"]
    assert answer["blocked"][0]["where"][0].startswith("ledger.xlsx 目标分解 ")
    assert answer["files"] == []
    assert not out.exists()


def test_an_unknown_ending_is_refused(faiwatch_says):
    code, _, said = faiwatch_says("briefing", "--lang", "en", "--out", "report.pdf")
    assert code == 2
    assert ".docx, .html, .txt, .json" in said


def test_a_template_is_a_text_that_people_write(tmp_path):
    (tmp_path / "large.txt").write_bytes(b"# a\n" * (1 << 18) + b"b")
    with pytest.raises(DataInvalidError, match="too large"):
        own_template(tmp_path / "large.txt")
    with pytest.raises(DataMissingError, match="regular file"):
        own_template(Path("/dev/zero"))
