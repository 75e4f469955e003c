"""A page as a letter: small, without scripts, its picture inside, plain text beside it."""

import email
import email.policy
import json
import re

import pytest

from faiwatch.core.errors import PublicationBlockedError
from faiwatch.core.finding import read_findings
from faiwatch.site.mail import MOST_BYTES, letter
from faiwatch.site.run_record import read_record


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
    assert read["Subject"] == f"[made-up data] {verdict}"
    assert set(parts) == {"text/plain", "text/html", "image/png"}
    html, plain = (parts[kind].get_content() for kind in ("text/html", "text/plain"))
    assert parts["image/png"].get_content().startswith(b"\x89PNG")
    assert f'src="cid:{parts["image/png"]["Content-ID"].strip("<>")}"' in html
    assert verdict in plain
    assert verdict in html
    assert "http://stats.local/fai/en/990101/02_monitor.html" in plain
    assert not re.search(r"<script|<link|<style|url\(|https?://(?!stats\.local)", html)


def test_a_letter_shows_nothing_that_its_words_could_do(run):
    record, found, folder = run
    hostile = [one.model_copy(update={"en": "<script>x</script>\nBcc: me"}) for one in found]
    read, parts = taken_apart(letter(record, hostile, folder))
    assert "\n" not in read["Subject"]
    assert read["Bcc"] is None
    assert "<script>" not in parts["text/html"].get_content()


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
