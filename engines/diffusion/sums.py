"""The sums of the weights that models are loaded from, remembered so that no file is read twice for its own.

A recipe names the weights by their sha256, and those of a large model are minutes of reading. What is
remembered lies in the models' folder and is held against the size, the times and the place of the file.
It only names: whether a file is whole is always told by reading it (`collection.verify`).
"""

import hashlib
import json
import os
import re
import time
from pathlib import Path

from engines import store
from engines.base import Progress
from engines.locking import alone

_FILE, _LOCK = "sums.json", ".lock-sums"
_MOST = 256  # files that are remembered, the last ones
_LARGEST = 2 << 20  # bytes of what is remembered; a path has 4096 at most
_BLOCK = 1 << 24  # bytes hashed at a time
_SETTLED = 2_000_000_000  # ns; a file written to later than that might be so again without its times telling
_PATIENCE = 2.0  # seconds that another program's writing is waited for
_SUM = re.compile(r"[0-9a-f]{64}")


def sha256(path: Path) -> str:
    """Of a file, which is read only if it is not as it was when it was read last. Raises OSError."""
    before = _state(path)
    known = _read().get(_key(path))
    if known and known[:-1] == before:
        return known[-1]
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    if _state(path) == before and path.stat().st_mtime_ns < time.time_ns() - _SETTLED:
        _remember(path, before, digest.hexdigest())
    return digest.hexdigest()


def remember(path: Path, digest: str) -> None:
    """What a file is that has just been put in its place and was hashed on the way."""
    _remember(path, _state(path), digest)


def _key(path: Path) -> str:
    return str(path.resolve())


def _state(path: Path) -> list[int]:
    """What changes with a file's content; the third shows where a time of writing was put back."""
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _read() -> dict[str, list]:
    """What is remembered; of what makes no sense, nothing."""
    path = store.packs_folder() / _FILE
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return {}
        found = json.loads(path.read_bytes())
        return {key: entry for key, entry in found.items() if _is_entry(entry)}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def _is_entry(entry: object) -> bool:
    if not isinstance(entry, list) or len(entry) != 5:
        return False
    *state, digest = entry
    return (
        all(type(each) is int for each in state) and isinstance(digest, str) and bool(_SUM.fullmatch(digest))
    )


def _remember(path: Path, state: list[int], digest: str) -> None:
    """Where nothing can be written, nothing is remembered."""
    folder, began = store.packs_folder(), time.monotonic()

    def wait(seconds: float) -> None:
        if time.monotonic() - began > _PATIENCE:
            raise TimeoutError
        time.sleep(seconds)

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with alone(folder / _LOCK, Progress(), wait):
            known = _read()
            known.pop(_key(path), None)
            known[_key(path)] = [*state, digest]  # the last one
            last = dict(list(known.items())[-_MOST:])
            temporary = folder / f"{_FILE}.{os.getpid()}.tmp"
            temporary.write_text(json.dumps(last, indent=1), encoding="ascii")
            temporary.replace(folder / _FILE)
    except OSError:
        pass
