"""What an analyst sees of a workbook: its table, its questions, and the form that answers them."""

import subprocess
import sys
import tomllib

import pytest

import faiwatch as fw
from faiwatch.page import workbook as module
from faiwatch.page.workbook_form import Form

OPEN = (
    "2020年固定资产投资,,\n时间,完成投质,同比增长（%）\n"
    "1-2月,12005000,-30.9\n1-3月,23456000,-16.5\n"
)


@pytest.fixture
def own(tmp_path, monkeypatch):
    monkeypatch.delenv("FAIWATCH_ANSWERS", raising=False)
    path = tmp_path / "own.csv"
    path.write_text(OPEN, encoding="utf-8")
    return path


def test_a_workbook_is_answered_in_python_and_keeps_its_answers(own):
    book = fw.read_workbook(own, answers={"unit": "万元"}, lang="en")
    assert (book.rows, len(book.asked)) == (0, 2)
    with pytest.raises(fw.DataInvalidError):
        book.settled()
    with pytest.raises(fw.ParameterError):
        book.answer(unit="公里")
    book.answer({"map": {"完成投质": "value"}}, region="Shaanxi")
    assert book.table["ytd_value_100m"].tolist() == [1200.5, 2345.6]
    assert book.settled() is book.table
    place = book.save()
    assert place == own.parent / "answers.toml"
    assert tomllib.loads(place.read_text(encoding="utf-8"))["region"] == "610000"
    assert fw.read_workbook(own).rows == 2
    named = book.save(own.parent / "named.toml")
    place.unlink()
    assert fw.read_workbook(own, answers=named).rows == 2
    assert list(book.tables) == ["figures"]
    assert {one.rule for one in book.coercions} >= {"map"}
    assert {one.rule for one in book.dropped} == {"title"}


def test_a_ledger_is_told_by_its_content(tmp_path):
    path = tmp_path / "2026-08.csv"
    path.write_text("项目代码,项目名称,总投资（万元）\n2020-990101-47-03-012345,甲,12\n", "utf-8")
    book = fw.read_workbook(path)
    assert list(book.tables) == ["projects"]
    assert book.table["total_investment"].tolist() == [12]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_where_nobody_can_click_questions_stand_in_a_table(own, lang):
    book = fw.read_workbook(own, lang=lang)
    shown = book._repr_mimebundle_()
    assert "<button" not in shown["text/html"]
    for words in ("--region 610000", "12005000", {"zh": "是哪个地区", "en": "which region"}[lang]):
        assert words in shown["text/html"]
        assert words in repr(book)
    book.answer(region="陕西", unit="万元", map={"完成投质": "value"})
    assert "1,200.50" in book._repr_mimebundle_()["text/html"]


def test_widgets_are_made_only_where_somebody_can_click(own, monkeypatch):
    shown = []
    monkeypatch.setattr(module, "display", lambda one, **_: shown.append(one))
    book = fw.read_workbook(own)
    book._ipython_display_()
    assert set(shown.pop()) >= {"text/html", "text/plain"}
    monkeypatch.setattr(module, "cell_of_front_end", lambda: "cell-1")
    book._ipython_display_()
    assert "fw-questions" in shown.pop()._dom_classes
    code = (
        "import sys, faiwatch as fw; fw.read_workbook(sys.argv[1]); "
        "print('ipywidgets' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, own], capture_output=True, text=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_form_answers_and_shows_the_table(own, lang):
    form = Form(fw.read_workbook(own, lang=lang))
    region, label = form.fields
    assert region.box.children[0].value.count("own!C3") == 1
    assert [region.choice.value, label.choice.value] == [None, None]  # nothing is taken by itself
    form.again.click()
    assert {"zh": "还没有回答", "en": "nothing is answered"}[lang] in form.said.value
    region.own.value = "nowhere"
    form.again.click()
    assert "nowhere" in form.said.value
    assert form.fields == [region, label]  # what was filled in stays
    region.own.value = {"zh": "陕西", "en": "Shaanxi"}[lang]
    form.propose.click()
    assert label.choice.value == label.asked.proposed
    form.again.click()
    assert {"zh": "还有 1 个问题", "en": "1 question is still open"}[lang] in form.said.value
    [unit] = form.fields
    unit.choice.value = unit.asked.choices[0]
    form.again.click()
    assert form.fields == []
    assert "1,200.50" in form.shown.value
    assert {"zh": "已读入 2 行", "en": "2 rows read"}[lang] in form.said.value
    form.save.click()
    answers = tomllib.loads((own.parent / "answers.toml").read_text(encoding="utf-8"))
    assert answers == {"region": "610000", "unit": "万元", "map": {"完成投质": "value"}}


def test_what_is_left_is_told_once_it_stands_there(own):
    form = Form(fw.read_workbook(own))
    _, label = form.fields
    told, off = [], []
    form.said.observe(lambda _: told.append([one.asked for one in form.fields]), "value")
    form.again.observe(lambda change: off.append(change["new"]), "disabled")
    label.choice.value = label.asked.proposed
    form.again.click()
    assert told == [[one.asked for one in form.fields]]
    assert label.asked not in told[0]
    assert off == [True, False]  # a click on what is about to move would be lost


def test_what_a_file_says_is_no_markup_in_the_form(own):
    own.write_text(OPEN.replace("完成投质", "<img src=x onerror=alert(1)>"), encoding="utf-8")
    form = Form(fw.read_workbook(own, region="陕西"))
    assert "<img" not in form.fields[0].box.children[0].value + form.shown.value
