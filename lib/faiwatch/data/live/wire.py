"""Where a secret joins a request: on the wire, below everything that logs.

httpx logs the address of every request and puts it into its errors. Neither meets the request
that is made here.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.request import getproxies, proxy_bypass

import httpx

from faiwatch.core.errors import ParameterError
from faiwatch.core.text import Text

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A query parameter that only the wire may see."""

    parameter: str
    value: str


class SecretLine(httpx.BaseTransport):
    """The connections of a client that add a secret to the query.

    Parameters
    ----------
    base : URL
        The one service that may see the secret.
    secret : Secret
        Query parameter and value.

    Raises
    ------
    ParameterError
        The secret would go over an unencrypted line to another machine.
    """

    def __init__(self, base: httpx.URL, secret: Secret) -> None:
        if base.scheme != "https" and base.host not in _LOOPBACK:
            raise ParameterError(
                Text("密钥只经加密连接发送", "a secret is sent over an encrypted line only"),
                where="base",
                got=str(base),
                allowed="https://",
            )
        # a client with a transport of its own does not look up the proxies of the environment
        proxy = None if proxy_bypass(base.host) else getproxies().get(base.scheme)
        self._wire = httpx.HTTPTransport(proxy=proxy)
        self._origin, self._secret = (base.scheme, base.host, base.port), secret

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request with the secret, which is in no other copy of it."""
        url = request.url
        if (url.scheme, url.host, url.port) == self._origin:  # a redirect may lead elsewhere
            url = url.copy_merge_params({self._secret.parameter: self._secret.value})
        return self._wire.handle_request(
            httpx.Request(
                request.method,
                url,
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions,
            )
        )

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()
