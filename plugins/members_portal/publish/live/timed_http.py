"""HTTP requests without redirects, with a time limit for the whole answer and for each socket operation."""

from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from io import BufferedReader, RawIOBase
from socket import socket
from time import monotonic
from typing import Any
from urllib.request import AbstractHTTPHandler, OpenerDirector, ProxyHandler, Request

SOCKET_SECONDS = 30  # for one socket operation


def timed_opener(seconds: float) -> OpenerDirector:
    """Return an opener of http and https addresses; it raises TimeoutError for an answer that takes longer.

    It returns the answer of every status, also a redirect or an error. Proxies are those of the environment.
    """
    opener = OpenerDirector()
    for handler in (ProxyHandler(), TimedHandler(seconds)):
        opener.add_handler(handler)
    return opener


class TimedHandler(AbstractHTTPHandler):
    """Sends requests; each answer has a time limit in seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    http_request = https_request = AbstractHTTPHandler.do_request_

    def http_open(self, request: Request) -> HTTPResponse:
        return self.do_open(partial(self._connect, HTTPConnection), request)

    def https_open(self, request: Request) -> HTTPResponse:
        return self.do_open(partial(self._connect, HTTPSConnection), request)

    def _connect(self, kind: type[HTTPConnection], host: str, **options: Any) -> HTTPConnection:
        connection = kind(host, **options)
        connection.response_class = partial(TimedResponse, seconds=self.seconds)  # type: ignore[assignment]
        return connection


class TimedResponse(HTTPResponse):
    """A response with a time limit for status, headers and body together."""

    def __init__(self, sock: socket, *arguments: Any, seconds: float, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp = BufferedReader(TimedStream(self.fp.detach(), sock, seconds))


class TimedStream(RawIOBase):
    """A stream of a socket that raises TimeoutError after some seconds in all."""

    def __init__(self, raw: RawIOBase, sock: socket, seconds: float) -> None:
        self.raw, self.sock, self.seconds, self.end = raw, sock, seconds, monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self.end - monotonic()
        if left <= 0:
            raise TimeoutError(f"no complete answer within {self.seconds:g} seconds")
        self.sock.settimeout(min(left, SOCKET_SECONDS))
        return self.raw.readinto(buffer)

    def close(self) -> None:
        self.raw.close()
        super().close()
