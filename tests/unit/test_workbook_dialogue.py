"""A dialogue that ends: questions as one, answers that are kept, and the terminal that asks."""

import io
import json
import shlex
import tomllib

import pytest

from faiwatch.core.errors import DataMissingError, ParameterError
from faiwatch.core.text import Text
from faiwatch.ingest.answered import Source
from faiwatch.ingest.answers_file import (
    Entry,
    Said,
    answer_options,
    kept_answers,
    read_answers,
    said,
    write_answers,
)
from faiwatch.ingest.dialogue import Asked, asked_of, choices_of, pasted
from faiwatch.ingest.log import Question, alike
from faiwatch.ingest.places import kept_files

OPEN = (
    "2020年固定资产投资,,\n时间,全社会完成,同比增长（%）\n"
    "1-2月,12005000,-30.9\n1-3月,23456000,-16.5\n"
)
LEDGER = "项目代码,项目名称,总投资,牵头\n2020-990101-47-03-012345,甲项目,1200,发改局\n"


@pytest.fixture
def own(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(OPEN, encoding="utf-8")
    return path


@pytest.fixture
def typed(faiwatch_says, monkeypatch):
    """Return a function that runs ``ingest --ask`` with lines that somebody types."""

    def run(*words, lines):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
        return faiwatch_says("ingest", *words, "--ask")

    return run


def question(id="label", flag="", proposal="", group="", cell="B2"):
    return Question(id, "一", cell, Text("？", "?"), "额", flag, proposal, group)


# --- alike questions are one, in the order of what they unblock -------------------------------


def test_questions_of_one_group_or_one_answer_are_one():
    columns = [
        question(flag=f"--map '{n}=skip'", group="industries", cell=f"B{n}") for n in range(1, 100)
    ]
    cells = [question("number", "--unreadable missing", cell=f"C{n}") for n in range(1, 30)]
    apart = [question(flag="--map a=skip"), question(flag="--map b=skip")]
    assert [len(one) for one in alike([*columns, *cells, *apart])] == [99, 29, 1, 1]


@pytest.mark.parametrize(
    ("flag", "expected"),
    [
        ("--unit 万元 | --unit 亿元", ["--unit '万元'", "--unit '亿元'"]),
        ("--duplicates first | last", ["--duplicates first", "--duplicates last"]),
        ("--region 000000 --indicator total", ["--region 000000 --indicator total"]),
        ("--map 'a b=growth ytd|skip'", ["--map 'a b=growth ytd'", "--map 'a b=skip'"]),
        ("--map 'a|b=skip' | --history none", ["--map 'a|b=skip'", "--history none"]),
        ("--subject-is-investment", ["--subject-is-investment"]),
        ("--sheet '一 二' --sheet 三", ["--sheet '一 二' --sheet '三'"]),
        ("", []),
        ("--map 'a", []),
    ],
)
def test_the_flag_of_a_question_is_taken_apart_into_what_may_be_answered(flag, expected):
    assert [one.flag for one in choices_of(question(flag=flag))] == expected


def test_what_is_proposed_is_a_whole_answer_and_an_example_is_none():
    nothing = Text("", "")
    near = Asked((question(flag="--map 额=value | --map 额=skip", proposal="投资额"),), 1, nothing)
    assert near.proposed.flag == "--map '额=value'"
    assert near.proposed.words.zh == "投资额"
    example = Asked((question("region", "--region 610000"),), 1, nothing)
    assert (example.proposed, example.is_free, example.choices) == (None, True, ())
    history = Asked((question("region", "--region 610000", proposal="91 of 91"),), 1, nothing)
    assert history.proposed.words.en == "Shaanxi"
    assert Asked((question(flag="--map OF=-", proposal="of"),), 1, nothing).proposed is None
    open_one = Asked((question(flag="--map '额=…'"),), 1, nothing)
    assert (open_one.is_free, [one.flag for one in open_one.choices]) == (
        True,
        ["--map '额=skip'"],
    )
    assert open_one.example.filled("growth ytd").flag == "--map '额=growth ytd'"
    assert open_one.example.filled("民间投资 累计增速").flag == "--map '额=growth ytd private'"
    lacking = Asked((question("field", "--map '…=unit'"),), 1, nothing)
    assert lacking.example.filled("牵头").flag == "--map '牵头=unit'"


def test_what_holds_up_the_whole_file_is_asked_first_and_single_cells_last(tmp_path):
    path = tmp_path / "own.csv"
    body = [f"2020年1-{n}月,{n}00,{n}5,1.5" for n in range(2, 9)]
    body[3] = "2020年1-5月,见附件,55,1.5"
    path.write_text("\n".join(["时间,完成投质,投资客,同比增长（%）", *body]), encoding="utf-8")
    asked = asked_of(Source.open(path).read(said({"map": {"完成投质": "value"}})))
    ids = [one.first.id for one in asked]
    assert ids.index("region") < ids.index("label") < ids.index("number")
    holds = {one.first.id: one.holds for one in asked}
    assert holds["region"] == 20  # once for the sheet, however many columns ask it
    assert (holds["label"], holds["number"]) == (7, 1)
    assert "below it 25, 35" in next(one.seen.en for one in asked if one.first.id == "label")


# --- answers add up ---------------------------------------------------------------------------


def test_a_label_is_given_its_meaning_piece_by_piece():
    mine, theirs = said({"map": {"额": "growth"}}), said({"map": {"额": "total ytd value"}})
    meaning = mine.over(theirs).for_figures().labels["额"]
    assert (meaning.indicator, meaning.measure, meaning.window) == ("total", "growth", "ytd")


def test_one_file_answers_for_figures_and_for_a_ledger():
    assert said({"indicator": "民间投资"}).for_figures().indicator == "private"
    both = said({"map": {"额": "value ytd", "牵头": "unit", "status:慢": "slow"}, "year": 2026})
    assert set(both.for_figures().labels) >= {"额"}
    assert both.for_ledger().labels == {"牵头": "unit", "status:慢": "slow"}
    assert both.for_figures().year == both.for_ledger().year == 2026


def test_every_field_of_the_answers_has_its_option():
    names = {"region", "indicator", "year", "unit", "growth_scale", "sheet", "map", "unreadable"}
    assert names | {"as_of", "duplicates", "headers", "subject_is_investment"} <= set(
        answer_options()
    )
    given = said({"sheet": "一", "unreadable": "missing", "growth-scale": "percent", "region": 0})
    answers = given.for_figures()
    assert (answers.sheets, answers.unreadable_is_missing) == (("一",), True)
    assert (answers.growth_scale, answers.region) == ("percent", "000000")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ('regoin = "610000"', "region"),
        ('region = "61"', "region"),
        ('region = ["610000"]', "region"),
        ('unit = "公里"', "万元"),
        ("year = 26", "1950"),
        ("year = true", "1950"),
        ('growth_scale = "percentage"', "fraction"),
        ('unreadable = "skip"', "missing"),
        ("sheet = [1]", "sheet"),
        ('subject_is_investment = "yes"', "true"),
        ('map = "额=value"', "[map]"),
        ('[map]\n"额" = "vaule"', "value"),
        ('[map]\n"额" = "…"', "value"),
        ("region = 610000 and more", "TOML"),
        ('as_of = "2026-13"', "YYYY-MM"),
        ('indicator = "Total"', "lower-case"),
    ],
)
def test_a_wrong_answer_is_refused_with_its_file_and_what_is_allowed(
    faiwatch_says, own, given, words
):
    (own.parent / "answers.toml").write_text(given, encoding="utf-8")
    code, _, err = faiwatch_says("ingest", own)
    assert code == 2
    assert words in err
    assert "answers.toml" in err


def test_a_file_of_answers_that_is_not_there_is_missing(faiwatch_says, own):
    assert faiwatch_says("ingest", own, "--answers", own.parent / "none.toml")[0] == 10
    with pytest.raises(DataMissingError):
        read_answers(own.parent / "none.toml")


def test_answers_beside_the_file_in_the_store_and_by_name_are_the_weaker_the_farther(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("FAIWATCH_ANSWERS", raising=False)
    folder, store, named = tmp_path / "in", tmp_path / "store", tmp_path / "named.toml"
    for place, year in ((folder, 2024), (store, 2023)):
        place.mkdir()
        (place / "answers.toml").write_text(f'year = {year}\nregion = "610000"', encoding="utf-8")
    named.write_text("year = 2025", encoding="utf-8")
    files = kept_files(folder / "a.csv", named=named, store=str(store))
    assert [one.parent.name for one in files] == [tmp_path.name, "in", "store"]
    assert kept_answers(files).values == {"year": 2025, "region": "610000"}
    assert kept_files(folder, named=folder / "answers.toml") == [folder / "answers.toml"]
    monkeypatch.setenv("FAIWATCH_ANSWERS", str(named))
    assert kept_files(tmp_path / "a.csv", store="s3://bucket/answers") == [named]


# --- kept answers fill only what is open ------------------------------------------------------


KEPT = 'region = "陕西"\nunit = "万元"\n[map]\n"全社会完成" = "total value ytd"\n'


def test_what_is_kept_is_used_and_said(faiwatch_says, own):
    assert faiwatch_says("ingest", own)[0] == 11
    (own.parent / "answers.toml").write_text(KEPT, encoding="utf-8")
    code, out, err = faiwatch_says("ingest", own)
    assert (code, err) == (0, "")
    assert "using the answers in" in out.splitlines()[0]
    assert "1,200.50" in out
    code, out, _ = faiwatch_says("ingest", own, "--region", "510000", "--history", "none")
    assert (code, "Sichuan" in out) == (0, True)  # an option wins


def test_a_unit_of_last_month_is_no_unit_of_a_file_that_states_its_own(faiwatch_says, own):
    (own.parent / "answers.toml").write_text(KEPT, encoding="utf-8")
    own.write_text(
        OPEN.replace("全社会完成", "投资额（亿元）")
        .replace("12005000", "1200.5")
        .replace("23456000", "2345.6"),
        encoding="utf-8",
    )
    code, out, _ = faiwatch_says("ingest", own)
    assert (code, "1,200.50" in out) == (0, True)
    # said now, it wins over the words of the file, as ever
    assert "0.12" in faiwatch_says("ingest", own, "--unit", "万元")[1]


def test_last_months_sheets_do_not_matter_this_month(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(OPEN, encoding="utf-8")
    kept = said(tomllib.loads(KEPT) | {"sheet": ["七月"]})
    assert Source.open(path).read(Said(), kept).rows == 2
    with pytest.raises(ParameterError):
        Source.open(path).read(kept)


def test_a_ledger_is_read_with_the_answers_beside_it(faiwatch_says, tmp_path):
    folder = tmp_path / "台账"
    folder.mkdir()
    (folder / "2026-08.csv").write_text(LEDGER, encoding="utf-8")
    export = ("ledger", "export", folder, "--out", tmp_path / "o.xlsx")
    code, _, err = faiwatch_says(*export)
    assert (code, "--ask, which keeps the answers" in err) == (11, True)
    answers = 'unit = "万元"\n[map]\n"牵头" = "unit"\n'
    named = tmp_path / "named.toml"
    named.write_text(answers, encoding="utf-8")
    code, _, err = faiwatch_says(*export, "--answers", named)
    assert (code, str(named) in err) == (0, True)
    (folder / "answers.toml").write_text(answers, encoding="utf-8")
    code, _, err = faiwatch_says(*export)
    assert (code, "answers.toml" in err) == (0, True)


# --- what is written --------------------------------------------------------------------------


def test_proposals_are_written_as_comments_so_that_nothing_is_taken(faiwatch_says, own):
    own.write_text(OPEN.replace("全社会完成", "完成投质"), encoding="utf-8")
    place = own.parent / "answers.toml"
    code, _, err = faiwatch_says("ingest", own, "--write-answers", "--unit", "万元")
    assert (code, f"written to {place}" in err) == (11, True)
    text = place.read_text(encoding="utf-8")
    assert tomllib.loads(text) == {"unit": "万元", "map": {}}
    assert '\n# "完成投质" = "' in text
    assert '\n# region = "…"' in text
    assert all(
        line.startswith("#") or "=" in line or line in {"", "[map]"} for line in text.splitlines()
    )
    faiwatch_says("ingest", own, "--write-answers", "--unit", "万元")
    assert place.read_text(encoding="utf-8") == text  # proposed once
    place.write_text(
        text.replace('# "完', '"完').replace('# region = "…"', 'region = "610000"'),
        encoding="utf-8",
    )
    assert faiwatch_says("ingest", own)[0] == 0


@pytest.mark.parametrize(
    "before",
    [
        "",
        '# mine\nregion = "610000"  # the province\n\n[map]\n# ours\n"完成" = "value"\n',
        'map = {"完成" = "value"}\nregion = "610000"',
        '"region" = "610000"\nsheet = [\n "a",\n]\n',
        "[map]\nregion = 'skip'\n",
    ],
)
def test_answers_are_put_into_a_file_that_somebody_wrote(tmp_path, before):
    path = tmp_path / "deep" / "answers.toml"
    if before:
        path.parent.mkdir()
        path.write_text(before, encoding="utf-8")
    awkward = '他"们\\的\n额 # =1'
    entries = [
        Entry("region", "510000", is_set=True),
        Entry("map", "完成=ytd", is_set=True),
        Entry("map", f"{awkward}=skip", is_set=True),
        Entry("sheet", "b", is_set=True),
        Entry("year", "2026", is_set=True),
        Entry("history", "none", is_set=True),
        Entry("unit", "万元", ("why",)),
    ]
    write_answers(path, entries, heading=["about"])
    text = path.read_text(encoding="utf-8")
    found, was = tomllib.loads(text), tomllib.loads(before)
    value = f"{was.get('map', {}).get('完成', '')} ytd".strip()
    labels = was.get("map", {}) | {"完成": value, awkward: "skip"}
    sheets = [*was.get("sheet", []), "b"]
    assert found == was | {"region": "510000", "map": labels, "sheet": sheets, "year": 2026}
    assert ("# ours" in text) == ("# ours" in before)
    assert ("about" in text) == (not before)
    read_answers(path)


# --- on a terminal ----------------------------------------------------------------------------


def test_a_hundred_open_labels_are_ten_lines_and_one_that_answers_what_is_proposed(
    faiwatch_says, own
):
    labels = [f"投资客{n}" for n in range(40)] + ["完成投质"]
    rows = [",".join(["陕西省固定资产投资", *labels]), f"2020年1-2月{',5' * 41}"]
    own.write_text("\n".join(["单位：亿元", *rows]), encoding="utf-8")
    code, out, err = faiwatch_says("ingest", own)
    assert code == 11
    lines = out.splitlines()
    assert len(lines) + len(err.splitlines()) <= 10
    assert "40 labels are not known" in lines[1]  # alike ones are one question
    command = lines[-2].partition("faiwatch ")[2]
    assert command.startswith(f"ingest {shlex.quote(str(own))} --map ")
    assert "完成投质=" in command
    assert "完成投质" in lines[0]  # a proposal comes first


def test_the_line_to_be_pasted_answers_all_proposals(faiwatch_says, own):
    own.write_text(OPEN.replace("全社会完成", "完成投质"), encoding="utf-8")
    _, out, _ = faiwatch_says("ingest", own, "--region", "610000", "--unit", "万元")
    command = next(line for line in out.splitlines() if line.startswith("All proposals"))
    assert faiwatch_says(*shlex.split(command.partition("faiwatch ")[2]))[0] == 0
    assert pasted(["faiwatch"], []) == ""


def test_every_question_says_what_was_seen(faiwatch_says, own):
    _, out, _ = faiwatch_says("ingest", own)
    assert "what does '全社会完成' mean? (2 figures wait for it)" in out
    assert "seen: below it 12005000, 23456000; right of it 同比增长（%）" in out


def test_what_is_asked_is_answered_kept_and_used_next_month(typed, faiwatch_says, own):
    lines = "陕西\nvalue ytd total\n1\ny\n"
    code, out, err = typed(own, lines=lines)
    assert (code, err) == (0, "")
    assert "1,200.50" in out
    place = own.parent / "answers.toml"
    assert tomllib.loads(place.read_text(encoding="utf-8")) == {
        "region": "陕西",
        "unit": "万元",
        "map": {"全社会完成": "value ytd total"},
    }
    assert faiwatch_says("ingest", own)[0] == 0


def test_a_proposal_is_taken_by_enter_and_by_nothing_else(typed, own):
    own.write_text(OPEN.replace("全社会完成", "完成投质").replace("年固", "年陕西省固"))
    code, out, _ = typed(own, "--unit", "万元", lines="\nn\n")
    assert (code, "(proposed)" in out) == (0, True)
    assert not (own.parent / "answers.toml").exists()
    assert typed(own, "--unit", "万元", lines="")[0] == 11


@pytest.mark.parametrize("lines", ["", "q\n", "s\ns\n", "陕西\n", "nowhere\n61\n9\n"])
def test_the_end_of_the_input_leaves_what_is_still_open(typed, own, lines):
    code, _, err = typed(own, lines=lines)
    assert (code, "--" in err) == (11, True)
    assert "Traceback" not in err


def test_an_answer_that_settles_nothing_is_asked_once(typed, own):
    code, out, _ = typed(own, lines="陕西\nytd\nytd\nq\n")
    assert code == 11
    assert out.count("what does '全社会完成' mean?") <= 2  # asked, and left open at the end


def test_an_answer_may_be_written_as_people_write_labels(typed, own):
    code, out, _ = typed(own, lines="Shaanxi\n累计投资额 全省固定资产\n累计投资额\n万元\nn\n")
    assert (code, "1,200.50" in out) == (0, True)


def test_json_stays_one_document(faiwatch_says, own):
    (own.parent / "answers.toml").write_text('unit = "万元"', encoding="utf-8")
    code, out, err = faiwatch_says("ingest", own, "--json", "--write-answers")
    assert (code, json.loads(out)["rows"]) == (11, 0)
    assert "using the answers" in err
    assert faiwatch_says("ingest", own, "--json", "--ask")[0] == 2
