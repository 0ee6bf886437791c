"""One file from a web address: gone on with where it broke off, and tried again as long as there is hope.

What comes is kept in a part beside a note of what it is a part of, so that another run, or another address
of the same file, goes on with it. What it is worth only its sha256 tells; nothing here reads the content.
"""

import email.utils
import http.client
import json
import os
import random
import re
import socket
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from engines.base import NotFetched, Progress, WeightsWrong

FAILURES = 5  # in a row, none of which has brought anything, after which an address is given up
_ATTEMPTS = 300  # in all
_SILENCE = 30.0  # seconds without a byte, after which a connection counts as broken
_WINDOW, _LEAST = 30.0, 30_000  # seconds, and the bytes that have to come in them
_BLOCK = 1 << 18
_LONGEST = 60.0  # seconds between two attempts
_AGAIN = (408, 425, 429, 500, 502, 503, 504)  # what a server may answer otherwise a little later


# Where systems keep the certificates that they trust, if OpenSSL was built to look elsewhere.
_AUTHORITIES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian and its kin, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora and its kin
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, Alpine
)


def _trust() -> ssl.SSLContext:
    """The authorities that the system trusts.

    A bundle's OpenSSL looks where the system that it was built on keeps them, which may be a place that this
    system does not have.
    """
    context = ssl.create_default_context()
    known = ssl.get_default_verify_paths()
    if sys.platform != "win32" and not (known.cafile or known.capath):
        for path in _AUTHORITIES:
            if Path(path).is_file():
                context.load_verify_locations(path)
                break
    return context


@dataclass(frozen=True)
class Clock:
    """What time is, for tests that have none to wait."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class _Broken(Exception):
    """A connection that may be tried again; the text says why. ``after``: seconds the server asks for."""

    def __init__(self, why: str, after: float = 0.0, is_slow: bool = False) -> None:
        super().__init__(why)
        self.after, self.is_slow = after, is_slow


class _SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows no redirect from https to anything less, and none out of the web."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        before, after = urlsplit(req.full_url), urlsplit(newurl)
        allowed = ("https",) if before.scheme == "https" else ("http", "https")
        if after.scheme not in allowed:
            fp.close()
            raise NotFetched(f"{before.hostname} sends on to {after.scheme}:, which is not safe")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def download(
    url: str, part: Path, size: int, progress: Progress, *, proxy: str = "", clock: Clock | None = None
) -> None:
    """Bring ``part`` to the whole of what ``url`` names, ``size`` bytes if that is known, else 0.

    ``progress`` is told the fraction that is there; calling it off, or killing the process, leaves the part
    to be gone on with. ``proxy`` is an address; without one the environment's (``https_proxy``, ``no_proxy``
    ...) is used. Raises NotFetched in one line that says why, WeightsWrong if it is of another size,
    Cancelled, OSError of the disk.
    """
    _Download(url, part, size, progress, proxy, clock or Clock()).run()


def note_of(part: Path) -> Path:
    """The file beside a part that says what it is a part of."""
    return part.with_name(f"{part.name}.json")


class _Download:
    def __init__(self, url: str, part: Path, size: int, progress: Progress, proxy: str, clock: Clock) -> None:
        self._url, self._part, self._size, self._progress, self._clock = url, part, size, progress, clock
        self._host = urlsplit(url).hostname or url
        through = urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else None)
        safe = urllib.request.HTTPSHandler(context=_trust())
        self._opener = urllib.request.build_opener(through, safe, _SafeRedirects)

    def run(self) -> None:
        failures, total = 0, 0
        while True:
            before = self._there
            self._tell(before)
            if self._size and before == self._size:
                return
            try:
                self._once(before)
                return
            except _Broken as broken:
                total += 1
                came = self._there > before and not broken.is_slow
                failures = 1 if came else failures + 1
                if failures >= FAILURES or total >= _ATTEMPTS:
                    raise NotFetched(f"{self._host} did not give the file: {broken}") from None
                self._rest(max(broken.after, 0.0 if came else _pause(failures)))

    @property
    def _there(self) -> int:
        """Bytes of the part. One that is longer than the file is none of it."""
        try:
            there = self._part.stat().st_size
        except FileNotFoundError:
            return 0
        if self._size and there > self._size:
            self._part.unlink()
            return 0
        return there

    def _tell(self, there: int) -> None:
        self._progress(min(there / self._size, 1.0) if self._size else 0.0)

    def _rest(self, seconds: float) -> None:
        """Wait, and end the waiting when it is called off."""
        end = self._clock.now() + min(seconds, _LONGEST)
        while (left := end - self._clock.now()) > 0:
            self._tell(self._there)
            self._clock.sleep(min(left, 0.2))

    def _once(self, offset: int) -> None:
        """One connection. Raises _Broken if it did not bring the rest of the file."""
        headers = {"User-Agent": "Lacuna", "Accept-Encoding": "identity"}
        if offset:
            headers["Range"] = f"bytes={offset}-"
            # Of another address, or without a mark of its state, the hash has to tell whether the ends fit.
            if mark := self._mark():
                headers["If-Range"] = mark
        try:
            request = urllib.request.Request(self._url, headers=headers)
            response = self._opener.open(request, timeout=_SILENCE)
        except urllib.error.HTTPError as error:
            with error:
                self._refused(error)
        except (http.client.HTTPException, OSError, ValueError) as error:
            if isinstance(getattr(error, "reason", error), ssl.SSLCertVerificationError):
                raise NotFetched(f"{self._host} does not prove that it is {self._host}") from None
            raise _Broken(_reason(error)) from None
        with response:
            self._receive(response, offset)

    def _refused(self, error: urllib.error.HTTPError) -> None:
        if error.code == 416:  # the part does not fit
            self._part.unlink(missing_ok=True)
            raise _Broken("it does not know the part that is here")
        reason = str(error.reason).partition("\n")[0]
        words = f"{self._host} answers {error.code} {reason}".strip()
        if error.code not in _AGAIN:
            raise NotFetched(words)
        raise _Broken(words, _asked_for(error.headers.get("Retry-After", "")))

    def _receive(self, response: Any, offset: int) -> None:
        if response.status == 206:
            found = re.fullmatch(
                r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", "").strip()
            )
            if found is None or int(found[1]) != offset:
                self._part.unlink(missing_ok=True)
                raise _Broken("it gave another part than was asked for")
            total = 0 if found[2] == "*" else int(found[2])
        elif response.status == 200:
            offset, total = 0, int(response.headers.get("Content-Length") or 0)
        else:
            raise NotFetched(f"{self._host} answers {response.status} {response.reason}")
        if self._size and total and total != self._size:
            raise WeightsWrong(f"What {self._host} has is {total} bytes, not {self._size}.")
        end = self._size or total
        self._note(response)
        with self._part.open("r+b" if offset else "wb") as file:
            file.seek(offset)
            self._progress.interrupt = lambda: _hang_up(response)
            try:
                self._copy(response, file, offset, end)
            finally:
                self._progress.interrupt = None

    def _copy(self, response: Any, file: Any, there: int, end: int) -> None:
        since, then = self._clock.now(), there
        while True:
            self._tell(there)
            try:
                block = response.read1(_BLOCK)
            except (http.client.HTTPException, OSError, ValueError) as error:
                self._tell(there)  # called off it ends like this, too
                raise _Broken(_reason(error)) from None
            if not block:
                break
            if end and there + len(block) > end:
                raise WeightsWrong(f"What {self._host} has is longer than {end} bytes.")
            file.write(block)
            file.flush()  # what is killed has what it got
            there += len(block)
            if self._clock.now() - since > _WINDOW:
                if there - then < _LEAST:
                    raise _Broken("it is too slow", is_slow=True)
                since, then = self._clock.now(), there
        self._tell(there)
        if there < end:
            raise _Broken("the connection broke off")

    def _mark(self) -> str:
        """What says that the file at the address is still the one that the part is of; may be empty."""
        try:
            known = json.loads(note_of(self._part).read_text(encoding="utf-8"))
            return str(known["mark"]) if known["url"] == self._url else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _note(self, response: Any) -> None:
        etag = response.headers.get("ETag", "").strip()
        # A weak one says that two files mean the same, not that they are the same.
        mark = etag if etag.startswith('"') else response.headers.get("Last-Modified", "").strip()
        note_of(self._part).write_text(json.dumps({"url": self._url, "mark": mark}), encoding="utf-8")


def _hang_up(response: Any) -> None:
    """End a connection that another thread waits for."""
    try:
        line = socket.socket(fileno=response.fileno())
        try:
            line.shutdown(socket.SHUT_RDWR)
        finally:
            line.detach()
    except (OSError, ValueError, AttributeError):  # it has ended by itself
        pass


def _pause(failures: int) -> float:
    """Seconds to wait: doubled each time, and not the same for everyone whom a server has sent away."""
    return min(0.5 * 2**failures, _LONGEST) * random.uniform(0.75, 1.25)


def _asked_for(words: str) -> float:
    """Seconds that ``Retry-After`` asks for: a number or a date."""
    if words.strip().isdigit():
        return float(words)
    try:
        return max(email.utils.parsedate_to_datetime(words).timestamp() - time.time(), 0.0)
    except ValueError:
        return 0.0


def _reason(error: Exception) -> str:
    """Why, in a few words of one line."""
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "it does not answer"
    if isinstance(cause, http.client.IncompleteRead | http.client.RemoteDisconnected | ConnectionError):
        return "the connection broke off"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror if isinstance(cause.strerror, str) else os.strerror(cause.errno or 0)
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
