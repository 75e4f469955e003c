"""A page as a letter: small, without scripts, its picture inside, plain text beside it."""

import email
import email.policy
import json
import random
import re

import nbformat
import pytest

from faiwatch.core.errors import PublicationBlockedError
from faiwatch.core.finding import read_findings
from faiwatch.site.mail import MOST_BYTES, letter
from faiwatch.site.run_record import NOTEBOOK_FILE, read_record
from faiwatch.view.charts.chart import VEGALITE, picture


@pytest.fixture(scope="module")
def run(built_site):
    """Return record, findings and folder of the made-up district's run in English."""
    folder = next(built_site.glob("runs/2*-02_monitor-990101-en-*"))
    found = read_findings(folder / "results/findings.json")
    return read_record(folder / "run.json"), found, folder


def taken_apart(message):
    read = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    parts = {part.get_content_type(): part for part in read.walk() if not part.is_multipart()}
    return read, parts


def test_a_letter_holds_the_verdict_the_numbers_and_one_picture(run):
    record, found, folder = run
    made = letter(record, found, folder, address="http://stats.local/fai/")
    read, parts = taken_apart(made)
    verdict = next(one.en for one in found if one.id == "verdict")
    assert len(made.as_bytes()) <= MOST_BYTES
    assert read["Subject"].startswith("[made-up data] ")
    assert read["Subject"].removeprefix("[made-up data] ") in verdict
    assert set(parts) == {"text/plain", "text/html", "image/png"}
    html, plain = (parts[kind].get_content() for kind in ("text/html", "text/plain"))
    assert parts["image/png"].get_content().startswith(b"\x89PNG")
    assert f'src="cid:{parts["image/png"]["Content-ID"].strip("<>")}"' in html
    assert verdict in plain
    assert verdict in html
    assert "http://stats.local/fai/en/990101/02_monitor.html" in plain
    assert not re.search(r"<script|<link|<style|url\(|https?://(?!stats\.local)", html)


def test_a_letter_shows_nothing_that_its_words_could_do(run, tmp_path):
    record, found, _ = run
    folder = with_chart(tmp_path, None)
    hostile = [one.model_copy(update={"en": "<script>x</script>\nBcc: me"}) for one in found]
    read, parts = taken_apart(letter(record, hostile, folder))
    assert "\n" not in read["Subject"]
    assert read["Bcc"] is None
    assert "<script>" not in parts["text/html"].get_content()


def heavy_chart(points):
    """Return a chart whose picture is noise, which no PNG makes small."""
    noise = random.Random(0)
    values = [{"x": noise.random(), "y": noise.random(), "c": i} for i in range(points)]
    encoding = {name: {"field": name, "type": "quantitative"} for name in ("x", "y")}
    colour = {"field": "c", "type": "quantitative", "scale": {"scheme": "rainbow"}, "legend": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": values},
        "mark": {"type": "square", "size": 4},
        "height": 150,
        "encoding": encoding | {"color": colour},
    }


def with_chart(tmp_path, chart):
    outputs = []
    if chart:
        outputs = [nbformat.v4.new_output("display_data", {VEGALITE: chart})]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)])
    nbformat.write(notebook, tmp_path / NOTEBOOK_FILE)
    return tmp_path


def test_a_picture_that_is_too_large_is_made_smaller_until_it_fits(run, tmp_path):
    record, found, _ = run
    chart = heavy_chart(3_000)
    assert len(picture(chart, width=600, scale=1.0)) > MOST_BYTES
    made = letter(record, found, with_chart(tmp_path, chart))
    assert len(made.as_bytes()) <= MOST_BYTES
    assert taken_apart(made)[1]["image/png"].get_content().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("chart", "said"),
    [(heavy_chart(3_000) | {"height": 1_200}, "No picture: "), (None, "has no chart")],
    ids=["too large", "none"],
)
def test_a_letter_without_a_picture_says_why(run, tmp_path, chart, said):
    record, found, _ = run
    made = letter(record, found, with_chart(tmp_path, chart))
    _, parts = taken_apart(made)
    assert len(made.as_bytes()) <= MOST_BYTES
    assert "image/png" not in parts
    assert all(said in parts[kind].get_content() for kind in ("text/plain", "text/html"))


LONG = {
    "en": "Investment is falling. In January–August 2026 it fell 7.2 % on a year earlier.",
    "zh": "投资在下降：2026年1—8月，固定资产投资同比下降7.2%，已连续六个月为负，" * 4,
}


@pytest.mark.parametrize(("lang", "most"), [("zh", 60), ("en", 90)])
@pytest.mark.parametrize("words", [*LONG.values(), "无标点" * 60, "word " * 60])
def test_the_subject_is_a_headline(run, tmp_path, lang, most, words):
    record, found, _ = run
    folder = with_chart(tmp_path, None)  # a picture takes seconds
    told = [one.model_copy(update={"en": words, "zh": words}) for one in found]
    made = letter(record.model_copy(update={"lang": lang}), told, folder)
    subject = taken_apart(made)[0]["Subject"]
    assert 10 < len(subject) <= most
    assert not subject.endswith(("，", ",", "。", "；"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_subject_names_the_region_where_the_verdict_does_not(built_site, tmp_path, lang):
    folder = max(built_site.glob(f"runs/2*-04_forecast-990101-{lang}-*"))
    found = read_findings(folder / "results/findings.json")
    made = letter(read_record(folder / "run.json"), found, with_chart(tmp_path, None))
    subject = taken_apart(made)[0]["Subject"]
    region, words = {
        "zh": ("演示区：", "负增长概率"),
        "en": ("Demo District (made up): ", "Fixed-asset investment"),
    }[lang]
    assert region in subject
    assert words in subject


def test_a_run_that_did_not_end_well_is_no_letter(run):
    record, found, folder = run
    with pytest.raises(PublicationBlockedError):
        letter(record.model_copy(update={"verdict": "late"}), found, folder)
    with pytest.raises(PublicationBlockedError):
        letter(record, found[1:], folder)


def test_the_command_writes_it(built_site, tmp_path, faiwatch_says):
    runs = json.loads(faiwatch_says("prune", "--site", str(built_site), "--dry-run", "--json")[1])
    assert runs["runs"] == []
    run_id = next(built_site.glob("runs/2*-02_monitor-000000-zh-*")).name
    out = tmp_path / "letter.eml"
    code, said, _ = faiwatch_says("mail", run_id, "--site", str(built_site), "--out", str(out))
    assert (code, said.strip()) == (0, str(out))
    read = email.message_from_bytes(out.read_bytes(), policy=email.policy.default)
    assert "全国固定资产投资同比" in read["Subject"]
