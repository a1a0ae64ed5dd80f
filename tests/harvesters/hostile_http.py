"""A tiny HTTP server that misbehaves on request, on loopback (which the client calls internal).

It is scripted: each request gets the next answer, the last one again and again.  An answer is
bytes to send as they are, or a function that gets the connection and does its worst.
"""

from __future__ import annotations

import socket
import socketserver
import ssl
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

Answer = bytes | Callable[[socket.socket], None]


@dataclass(frozen=True)
class Request:
    target: str
    headers: dict[str, str]
    connection: int
    method: str = "GET"
    body: bytes = b""


def answer(
    body: bytes = b"<x/>", status: int = 200, headers: Mapping[str, str] | None = None
) -> bytes:
    """A well-behaved answer, unless ``headers`` say otherwise."""
    lines = {"Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Whatever\r\n{head}\r\n".encode("latin-1") + body


def redirect(location: str, status: int = 302) -> bytes:
    return answer(b"", status, {"Location": location})


def trickle(head: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Send ``drop`` again and again, always soon enough for a timeout per read."""

    def send(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(300):
            connection.sendall(drop)
            time.sleep(0.02)

    return send


def silence(connection: socket.socket) -> None:
    """Say nothing until the client hangs up."""
    connection.recv(1)


def reset(connection: socket.socket) -> None:
    """Close with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def last_words(data: bytes) -> Callable[[socket.socket], None]:
    """Send ``data`` and close, whatever was promised."""

    def send(connection: socket.socket) -> None:
        connection.sendall(data)
        connection.close()

    return send


def endless(connection: socket.socket) -> None:
    """A chunked body that never ends."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")


@dataclass
class HostileServer:
    answers: tuple[Answer, ...]
    tls: ssl.SSLContext | None = None
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._at_once = 0
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.port = self._server.server_address[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/oai"

    def __enter__(self) -> Self:
        run = self._server.serve_forever
        threading.Thread(target=run, kwargs={"poll_interval": 0.005}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self, connection: socket.socket) -> None:
        """Answer requests until the client, or an answer, ends the connection."""
        with self._lock:
            self.connections += 1
            number = self.connections
        while head := _head(connection):
            with self._lock:
                turn = len(self.requests)
                self.requests.append(_request(head, number, connection))
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
            reply = self.answers[min(turn, len(self.answers) - 1)]
            try:
                connection.sendall(reply) if isinstance(reply, bytes) else reply(connection)
            finally:
                with self._lock:
                    self._at_once -= 1


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


def _handler(server: HostileServer) -> type[socketserver.BaseRequestHandler]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                if server.tls is None:
                    return server.serve(self.request)
                with server.tls.wrap_socket(self.request, server_side=True) as secured:
                    return server.serve(secured)
            except OSError:
                return None  # the client hung up, as a good client does

    return Handler


def _head(connection: socket.socket) -> bytes:
    """A request's head, and as much of its body as came along."""
    head = b""
    while b"\r\n\r\n" not in head:
        try:
            piece = connection.recv(65536)
        except OSError:
            return b""
        if not piece:
            return b""
        head += piece
    return head


def _request(head: bytes, number: int, connection: socket.socket) -> Request:
    text, _, body = head.partition(b"\r\n\r\n")
    first, *lines = text.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    method, target, _ = first.split(" ")
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Request(target, headers, number, method, body)
