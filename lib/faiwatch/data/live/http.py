"""One polite HTTP client for all live sources.

It says who it is, leaves a pause between calls, waits a bounded time, tries again a bounded number
of times with growing pauses where trying again can help, and obeys ``Retry-After``. A secret is
added to the query below the level at which addresses are logged or stand in errors.
"""

from __future__ import annotations

import email.utils
import socket
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any, Self, TypeVar

import httpx

from faiwatch.core import __version__
from faiwatch.core.errors import DataMissingError
from faiwatch.core.phrases import say
from faiwatch.core.secrets import redact
from faiwatch.core.text import Text
from faiwatch.data.live.replies import Archive, UnreadableError, as_json, as_text, excerpt
from faiwatch.data.live.wire import Secret, SecretLine

USER_AGENT = f"faiwatch/{__version__} (statistics; python-httpx/{httpx.__version__})"
MOST_BYTES = 50_000_000
LONGEST_RETRY_AFTER = 60.0  # seconds; a longer wait is the scheduler's business
_WHOLE_REPLY = 5  # a reply may take this many time limits in all, however slowly it drips
_CAN_BE_MENDED = {429, 500, 502, 503, 504}
_trusted = cache(httpx.create_ssl_context)  # reads the certificates of all authorities

T = TypeVar("T")


class ServiceError(DataMissingError):
    """A service did not give what was asked.

    Attributes
    ----------
    is_hopeless : bool
        The service does not speak with us at all: asking for other parts is no use.
    """

    is_hopeless = False


@dataclass(frozen=True, slots=True)
class Manners:
    """How to treat a service.

    Attributes
    ----------
    timeout : float
        Seconds without a byte after which a call is given up.
    tries : int
        Calls for one reply at most.
    pause : float
        Seconds between two calls; doubled before each further try.
    """

    timeout: float = 30.0
    tries: int = 3
    pause: float = 1.2


class Client:
    """Ask one service; use it as a context manager.

    Parameters
    ----------
    base : str
        Address of the service, without a slash at the end.
    manners : Manners
        Time limit, tries and pause.
    archive : Archive
        The clock, and where replies are kept.
    secret : Secret, optional
        Sent to the host of `base` only, and only encrypted or to this machine.

    Raises
    ------
    ParameterError
        A secret would go over an unencrypted line.
    """

    def __init__(
        self, base: str, manners: Manners, archive: Archive, *, secret: Secret | None = None
    ) -> None:
        self.manners, self.archive = manners, archive
        self._base, self._secret = base, secret
        self._last_call, self._is_warm = float("-inf"), False
        self._sockets: list[socket.socket] = []
        self._http = httpx.Client(
            headers={
                "User-Agent": USER_AGENT,
                "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
                "Accept-Encoding": "gzip",  # what is unpacked within bounds
            },
            timeout=manners.timeout,
            follow_redirects=True,
            max_redirects=5,
            verify=_trusted(),
            transport=None if secret is None else SecretLine(httpx.URL(base), secret),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def warm_up(self, path: str, params: Mapping[str, str]) -> None:
        """Make the first call of a session, which some services answer with a cookie only.

        Raises
        ------
        ServiceError
            Hopeless: not even this call is answered with JSON.
        """
        if self._is_warm or self.archive.replies:
            return
        try:
            self._ask(_Call("GET", self._base + path, params), as_json)
        except ServiceError as error:
            error.is_hopeless = True
            raise
        self._is_warm = True

    def json(
        self, name: str, path: str, *, params: Mapping[str, str] | None = None, body: object = None
    ) -> object:
        """Return a JSON reply to a GET, or to a POST when there is a `body`.

        Parameters
        ----------
        name : str
            What the reply is called when it is kept, such as ``provinces.json``.
        path : str
            Below the base address.
        params : mapping, optional
            The query.
        body : object, optional
            Sent as JSON.

        Raises
        ------
        ServiceError
            No reply, a refusal, a page instead of JSON, or half of a reply, each time.
        """
        method = "GET" if body is None else "POST"
        return self._reply(name, _Call(method, self._base + path, params, body), as_json)

    def text(self, name: str, path: str, *, holds: str) -> str:
        """Return a page as text; it must hold certain words, or it is not the page we want.

        A `path` with a host of its own is a page that the user named; a secret never goes there.
        """
        call = _Call("GET", path if "://" in path else self._base + path)
        return self._reply(name, call, lambda content: as_text(content, holds))

    def content(self, name: str, path: str, *, params: Mapping[str, str] | None = None) -> bytes:
        """Return a reply as it came."""
        return self._reply(name, _Call("GET", self._base + path, params), lambda content: content)

    def _reply(self, name: str, call: _Call, accept: Callable[[bytes], T]) -> T:
        if name in self.archive.replies:
            return accept(self.archive.replies[name])
        content, read = self._ask(call, accept)
        self.archive.keep(name, content, self.archive.clock())
        return read

    def _ask(self, call: _Call, accept: Callable[[bytes], T]) -> tuple[bytes, T]:
        """Return the bytes of a reply and what `accept` reads in them, after some tries."""
        attempt = 0
        while True:
            attempt += 1
            try:
                content = self._once(call)
                return content, accept(content)
            except _AgainError as again:
                error, wait = again.error, again.wait
            except UnreadableError as unreadable:
                error, wait = _trouble(unreadable.what, call, got=unreadable.got), 0.0
            if attempt >= self.manners.tries or wait > LONGEST_RETRY_AFTER:
                raise error
            time.sleep(max(wait, self.manners.pause * 2 ** (attempt - 1)))

    def _once(self, call: _Call) -> bytes:
        """Return the body of a successful reply to one call."""
        time.sleep(max(0.0, self._last_call + self.manners.pause - time.monotonic()))
        try:
            reply, content = self._sent(call)
        except httpx.TimeoutException:
            what = Text("服务在时限内没有应答", "the service did not answer in time")
            raise _AgainError(_trouble(what, call)) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:  # two: no address
            what = Text("连接失败或中断", "the connection failed or broke")
            failure = _trouble(what, call, got=type(error).__name__)
            failure.is_hopeless = isinstance(error, httpx.ConnectError)
            raise _AgainError(failure) from None
        finally:
            self._last_call = time.monotonic()
        if not reply.is_success:
            raise self._refusal(call, reply, content)
        return content

    def _sent(self, call: _Call) -> tuple[httpx.Response, bytes]:
        """Return the reply to a call; the whole of it comes within a limit of time, or none."""
        # made anew for each try, so that it carries the cookies of the last reply
        request = self._http.build_request(
            call.method, call.url, params=call.params, json=call.body
        )
        request.extensions["trace"] = self._note_socket
        late = threading.Event()
        limit = threading.Timer(_WHOLE_REPLY * self.manners.timeout, self._hang_up, [late])
        limit.daemon = True
        limit.start()
        try:
            with closing(self._http.send(request, stream=True)) as reply:
                found = bytearray()
                for chunk in reply.iter_raw():
                    found += chunk
                    if len(found) > MOST_BYTES:
                        raise _too_large(call)
                content = bytes(found)
        except Exception:
            if late.is_set():  # whatever a broken line looks like to httpx
                raise httpx.ReadTimeout("", request=request) from None
            raise
        finally:
            limit.cancel()
        if late.is_set():
            raise httpx.ReadTimeout("", request=request)
        for packed in reversed(reply.headers.get("Content-Encoding", "").split(",")):
            content = _unpacked(content, packed.strip().lower(), call)
        values = [] if self._secret is None else [self._secret.value]
        return reply, redact(content, values)

    def _note_socket(self, event: str, told: Mapping[str, Any]) -> None:
        """Remember the socket of each connection: httpx has no limit for headers that drip."""
        if event == "connection.connect_tcp.complete":
            self._sockets.append(told["return_value"].get_extra_info("socket"))

    def _hang_up(self, late: threading.Event) -> None:
        """End whatever is being read, from another thread."""
        late.set()
        for one in self._sockets:
            with suppress(OSError):  # closed already
                one.shutdown(socket.SHUT_RDWR)

    def _refusal(self, call: _Call, reply: httpx.Response, content: bytes) -> Exception:
        """Return what an HTTP status means, and whether asking again can help."""
        got = f"HTTP {reply.status_code} {excerpt(content)}".strip()
        what = Text("服务没有给出数据", "the service gave no data")
        if reply.status_code in _CAN_BE_MENDED:
            wait = self._seconds_to_wait(reply.headers.get("Retry-After", ""))
            todo = None
            if wait > LONGEST_RETRY_AFTER:
                todo = Text(f"{wait:.0f} 秒后再试", f"try again after {wait:.0f} seconds")
            return _AgainError(_trouble(what, call, got=got, todo=todo), wait)
        failure = _trouble(what, call, got=got)
        if reply.status_code in {401, 403}:
            what = Text("服务拒绝了请求", "the service refuses us")
            failure = _trouble(what, call, got=got, todo=say("data.http.network_or_key"))
            failure.is_hopeless = True
        return failure

    def _seconds_to_wait(self, given: str) -> float:
        """Return ``Retry-After`` in seconds, which may be a number or a date (RFC 9110, 10.2.3)."""
        if given.strip().isdecimal():
            return float(given)
        try:
            until = email.utils.parsedate_to_datetime(given)
        except ValueError:
            return 0.0
        return max(0.0, until.timestamp() - self.archive.clock().timestamp())


@dataclass(frozen=True, slots=True)
class _Call:
    """What is asked of the service."""

    method: str
    url: str
    params: Mapping[str, str] | None = None
    body: object = None


class _AgainError(Exception):
    """A call failed and may go better the next time."""

    def __init__(self, error: ServiceError, wait: float = 0.0) -> None:
        super().__init__()
        self.error, self.wait = error, wait


def _unpacked(content: bytes, packed: str, call: _Call) -> bytes:
    """Return a body unpacked: a few bytes may stand for any number of them, and twice for more."""
    if packed in {"", "identity"}:
        return content
    if packed not in {"gzip", "x-gzip"}:
        what = Text("应答的压缩方式不支持", "the reply is packed in a way that is not supported")
        raise UnreadableError(what, excerpt(packed.encode()))
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = unpacker.decompress(content, MOST_BYTES + 1)
    except zlib.error as error:
        raise UnreadableError(Text("应答已损坏", "the reply is damaged"), str(error)) from None
    if len(found) > MOST_BYTES:
        raise _too_large(call)
    if not unpacker.eof:
        raise UnreadableError(Text("应答不完整", "the reply is not whole"), f"{len(content)} bytes")
    return found


def _too_large(call: _Call) -> ServiceError:
    what = Text("应答过大", "the reply is too large")
    return _trouble(what, call, got=f"> {MOST_BYTES:,} bytes")


def _trouble(
    what: Text, call: _Call, *, got: str | None = None, todo: Text | None = None
) -> ServiceError:
    url = httpx.URL(call.url)
    place = f"{url.host}{url.path}"  # without the query
    return ServiceError(what, where=place, got=got, todo=todo)
