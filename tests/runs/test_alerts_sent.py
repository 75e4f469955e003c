"""Alerts reach a web hook and a mailbox, once, and a message that was not taken is tried again."""

import email
import email.policy
import http.server
import json
import socket
import threading

import pytest
from aiosmtpd.controller import Controller

LOOPBACK = "127.0.0.1"
FINDING = {
    "id": "run_ytd", "value": 5.0, "unit": "releases", "period": "2026-08", "as_of": "2026-08",
    "definition": "run", "definition_zh": "连续", "formula": "n", "inputs": [], "state": "ok",
    "zh": "5次", "en": "5 releases",
}  # fmt: skip
SAVE = f"""
import json, pathlib
done = pathlib.Path(results, "findings.json").write_text(json.dumps([{FINDING!r}]))
"""


class Mailbox:
    """Keeps what it is sent."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):  # noqa: ARG002  aiosmtpd's name
        self.letters.append(envelope.content)
        return "250 taken"


@pytest.fixture
def mailbox():
    """Return a mailbox behind a real SMTP server."""
    box = Mailbox()
    with socket.socket() as probe:  # the controller cannot take whatever port is free
        probe.bind((LOOPBACK, 0))
        box.port = probe.getsockname()[1]
    controller = Controller(box, hostname=LOOPBACK, port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def hook():
    """Return a web hook behind a real HTTP server; ``answer`` is the status that it gives."""

    class Hook(http.server.BaseHTTPRequestHandler):
        messages, answer = [], 200

        def do_POST(self):
            length = int(self.headers["Content-Length"])
            Hook.messages.append(json.loads(self.rfile.read(length)))
            self.send_response(Hook.answer)
            self.end_headers()

        def log_message(self, *words):
            """Keep the terminal quiet."""

    with http.server.ThreadingHTTPServer((LOOPBACK, 0), Hook) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        Hook.port = server.server_address[1]
        yield Hook
        server.shutdown()
        thread.join()


@pytest.fixture
def alerts(warm_house, hook, mailbox, faiwatch_says, monkeypatch):
    """Return ``faiwatch alerts``: exit code, alerts, and what it says on stderr."""
    mail = f"mailto://{LOOPBACK}:{mailbox.port}?from=fai@stats.local&to=duty@stats.local"
    monkeypatch.setenv("FAIWATCH_READERS_SECRET", f"json://{LOOPBACK}:{hook.port}/")
    monkeypatch.setenv("FAIWATCH_OPERATORS_SECRET", f"{mail}&mode=insecure")

    def tell(*words):
        code, said, trouble = faiwatch_says(
            "alerts", "--site", str(warm_house.site), "--json", *words
        )
        return code, json.loads(said) if said else None, trouble

    return tell


def test_everybody_is_told_once_and_again_when_it_did_not_arrive(warm_house, hook, mailbox, alerts):
    warm_house.write(SAVE)
    warm_house.run()
    code, found, _ = alerts("--dry-run", "--exit-on-alert")
    assert (code, [one["rule"] for one in found]) == (20, ["run_begun"])
    assert hook.messages == []

    hook.answer = 500
    code, _, trouble = alerts()
    assert code == 10, trouble
    assert "readers" in trouble
    assert f"{LOOPBACK}:{hook.port}" not in trouble

    hook.answer, hook.messages[:] = 200, []
    assert alerts()[0] == 0
    assert [one["title"] for one in hook.messages] == ["全国：出现连续负增长"]
    assert alerts("--exit-on-alert")[:2] == (0, [])
    assert len(hook.messages) == 1

    warm_house.write("raise ValueError('spoilt')")
    warm_house.run()
    assert alerts()[1][0]["rule"] == "run_failed"
    (letter,) = mailbox.letters
    told = email.message_from_bytes(letter, policy=email.policy.default)
    assert told["Subject"].startswith("全国：运行失败")
    assert "spoilt" in told.get_body(("plain", "html")).get_content()
    assert len(hook.messages) == 1
