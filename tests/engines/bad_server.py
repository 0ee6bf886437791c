"""A web server that serves one file as badly as it is told to, one way for each connection."""

import re
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field

Way = Callable[["Asked"], None]


@dataclass
class Asked:
    """One request: what was asked for, and the line to answer on."""

    line: socket.socket
    content: bytes
    etag: str
    path: str
    headers: dict[str, str]

    @property
    def start(self) -> int:
        """Where the answer begins: where the request says, unless the file is another one by now."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", ""))
        if found is None or self.headers.get("if-range", self.etag) != self.etag:
            return 0
        return int(found[1])

    def answer(self, status: str, headers: Iterable[tuple[str, object]] = (), body: bytes = b"") -> None:
        lines = [f"HTTP/1.1 {status}", "Connection: close", *(f"{name}: {value}" for name, value in headers)]
        self.line.sendall("\r\n".join([*lines, "", ""]).encode() + body)

    def give(self, upto: int | None = None, content: bytes | None = None, length: int | None = None) -> None:
        """The file from ``start`` on, as a good server does; or only ``upto`` bytes of the whole."""
        content = self.content if content is None else content
        whole = len(content) if length is None else length
        status, headers = "200 OK", [("ETag", self.etag), ("Content-Length", whole - self.start)]
        if self.start:
            status = "206 Partial Content"
            headers.append(("Content-Range", f"bytes {self.start}-{whole - 1}/{whole}"))
        self.answer(status, headers, content[self.start : upto])


def good(asked: Asked) -> None:
    asked.give()


def cut_at(place: int) -> Way:
    """Ends the connection when the file has come up to a place."""
    return lambda asked: asked.give(upto=place)


def cut_off_hard(asked: Asked) -> None:
    """Not even an answer."""
    asked.line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # ends with a reset


def answers(status: str, *headers: tuple[str, object]) -> Way:
    return lambda asked: asked.answer(status, headers, b"no file")


def whatever_is_asked_all(asked: Asked) -> None:
    """A server without ranges."""
    asked.answer("200 OK", [("Content-Length", len(asked.content))], asked.content)


def without_length(asked: Asked) -> None:
    asked.answer("200 OK", [], asked.content)


def in_chunks(upto: int | None = None) -> Way:
    def way(asked: Asked) -> None:
        body = b"".join(
            b"%x\r\n%s\r\n" % (len(block), block)
            for block in (asked.content[at : at + 9999] for at in range(0, len(asked.content), 9999))
        )
        whole = body + b"0\r\n\r\n" if upto is None else body[:upto]
        asked.answer("200 OK", [("Transfer-Encoding", "chunked")], whole)

    return way


def wrong_bytes(asked: Asked) -> None:
    content = bytearray(asked.content)
    content[len(content) // 2] ^= 1
    asked.give(content=bytes(content))


def too_long(asked: Asked) -> None:
    asked.answer("200 OK", [], asked.content + b"more")


def another_length(asked: Asked) -> None:
    asked.give(length=len(asked.content) - 10)


def another_range(asked: Asked) -> None:
    whole = len(asked.content)
    asked.answer(
        "206 Partial Content", [("Content-Range", f"bytes 5-{whole - 1}/{whole}")], asked.content[5:]
    )


def endless_headers(asked: Asked) -> None:
    asked.answer("200 OK", [(f"X-{number}", "x" * 100) for number in range(200)], asked.content)


def no_http(asked: Asked) -> None:
    asked.line.sendall(b"\x00\x01\x02 this is something else\r\n\r\n")


def dripping(blocks: int, pause: float) -> Way:
    """All of it, but slowly."""

    def way(asked: Asked) -> None:
        whole, size = asked.content[asked.start :], len(asked.content) // blocks + 1
        asked.answer("200 OK" if not asked.start else "206 Partial Content", _headers(asked))
        for at in range(0, len(whole), size):
            asked.line.sendall(whole[at : at + size])
            time.sleep(pause)

    return way


def stalling(upto: int, gate: threading.Event) -> Way:
    """Gives a piece, and then nothing until ``gate`` is set."""

    def way(asked: Asked) -> None:
        asked.answer("200 OK" if not asked.start else "206 Partial Content", _headers(asked))
        asked.line.sendall(asked.content[asked.start : upto])
        gate.wait(20)

    return way


def _headers(asked: Asked) -> list[tuple[str, object]]:
    whole = len(asked.content)
    out: list[tuple[str, object]] = [("ETag", asked.etag), ("Content-Length", whole - asked.start)]
    if asked.start:
        out.append(("Content-Range", f"bytes {asked.start}-{whole - 1}/{whole}"))
    return out


@dataclass
class BadServer:
    """``ways``: what happens to each connection in turn; then ``always``. ``asked``: headers that came."""

    content: bytes
    ways: list[Way] = field(default_factory=list)
    always: Way = good
    etag: str = '"one"'
    asked: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    sent: int = 0

    @contextmanager
    def running(self):
        """Serves in threads of its own; yields itself."""
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.port = door.getsockname()[1]
            door.settimeout(0.05)
            self._ending, threads = threading.Event(), []

            def welcome() -> None:
                while not self._ending.is_set():
                    try:
                        line, _ = door.accept()
                    except TimeoutError:
                        continue
                    line.settimeout(20)
                    threads.append(threading.Thread(target=self._serve, args=(line,)))
                    threads[-1].start()

            host = threading.Thread(target=welcome)
            host.start()
            try:
                yield self
            finally:
                self._ending.set()
                host.join()
                for thread in threads:
                    thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/weights.bin"

    def _serve(self, line: socket.socket) -> None:
        with line:
            try:
                head = b""
                while b"\r\n\r\n" not in head:
                    block = line.recv(4096)
                    if not block:
                        return
                    head += block
                first, *rest = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
                headers = {
                    name.lower(): value.strip() for name, _, value in (each.partition(":") for each in rest)
                }
                self.asked.append(headers)
                self.paths.append(first.split()[1])
                way = self.ways.pop(0) if self.ways else self.always
                way(Asked(line, self.content, self.etag, first.split()[1], headers))
            except OSError:  # the one who asked has gone
                pass
