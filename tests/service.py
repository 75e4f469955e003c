"""A real server on this machine whose answers a test decides."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit


class Service:
    """A server whose answers the test decides, and which remembers what it was asked."""

    def __init__(self):
        self.answer, self.asked, self.closing = None, [], threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                service.handle(self)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def handle(self, handler):
        split = urlsplit(handler.path)
        size = int(handler.headers.get("Content-Length") or 0)
        asked = SimpleNamespace(
            path=split.path,
            query={name: values[0] for name, values in parse_qs(split.query).items()},
            body=json.loads(handler.rfile.read(size)) if size else None,
            headers=handler.headers,
            time=time.monotonic(),
        )
        self.asked.append(asked)
        status, headers, content = self.answer(asked)
        if status is None:  # hangs
            self.closing.wait(30)
            return
        handler.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    def close(self):
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def reply(value, status=200, **headers):
    content = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode()
    return status, {name.replace("_", "-"): one for name, one in headers.items()}, content
