"""Where the weights are, and that they are the right ones."""

import hashlib
import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engines.base import WeightsMissing, WeightsWrong

CATALOG = Path(__file__).with_name("catalog.toml")
DATA_ONLY = (".onnx", ".safetensors")  # what a file of these holds is never run as a program
_ELSEWHERE = b"\x0a\x08location"  # how ONNX names another file that it wants read


def embedded_folder() -> Path:
    """The folder of the weights that come with the program; ``LACUNA_MODELS`` names another."""
    return Path(os.environ.get("LACUNA_MODELS") or Path(__file__).parent.parent / "resources" / "models")


@dataclass(frozen=True)
class WeightFile:
    """One entry of ``catalog.toml``. What its publisher does not tell is 0 or empty."""

    id: str
    purpose: str
    file: str
    licence: str
    commercial: bool
    bytes: int = 0
    sha256: str = ""
    md5: str = ""  # as its publisher tells it; no ground to run a program on
    look_for: str = ""  # for who brings the file along: where it was published


@cache
def catalog() -> dict[str, WeightFile]:
    """Every known weight file by its id."""
    entries = tomllib.loads(CATALOG.read_text(encoding="utf-8"))
    found = {}
    for key, entry in entries.items():
        look_for = next((each["own"] for each in entry.pop("sources") if "own" in each), "")
        found[key] = WeightFile(key, **entry, look_for=look_for)
    return found


def is_present(weights_id: str) -> bool:
    """Whether the file is there, by its size; what is in it is checked when it is loaded."""
    entry = catalog()[weights_id]
    path = embedded_folder() / entry.file
    try:
        return path.is_file() and path.stat().st_size == (entry.bytes or path.stat().st_size)
    except OSError:
        return False


def load(weights_id: str) -> bytes:
    """The content of a weight file, checked against the catalogue.

    The bytes that were checked are the bytes that are returned, so no file can be swapped in between. A file
    whose sha256 the catalogue does not know is returned as it is if it can hold nothing but data; what it is
    good for is then for its engine to find out. Raises WeightsMissing or WeightsWrong.
    """
    entry = catalog()[weights_id]
    path = embedded_folder() / entry.file
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise WeightsMissing(
            f"The model for {_told(entry)} is missing: {path}. {_to_restore(entry)}"
        ) from None
    except OSError as error:
        raise WeightsMissing(f"The model file {path} cannot be read: {error.strerror}.") from None
    if not entry.sha256 and path.suffix not in DATA_ONLY:
        raise WeightsWrong(_not_pinned(entry, path, content))
    if not entry.sha256 and _ELSEWHERE in content:
        raise WeightsWrong(f"The model file {path} keeps data in other files, so it was not used.")
    wrong_size = entry.bytes and len(content) != entry.bytes
    if wrong_size or (entry.sha256 and hashlib.sha256(content).hexdigest() != entry.sha256):
        raise WeightsWrong(
            f"The model file {path} is damaged or was changed, so it was not used. {_to_restore(entry)}"
        )
    return content


def _told(entry: WeightFile) -> str:
    """Its purpose in the middle of a sentence."""
    return entry.purpose[:1].lower() + entry.purpose[1:]


def _to_restore(entry: WeightFile) -> str:
    if not entry.look_for:
        return "Install Lacuna again to restore it."
    return f"Bring your own: {entry.look_for}."


def _not_pinned(entry: WeightFile, path: Path, content: bytes) -> str:
    """Why a program of unknown sha256 is not run, and what makes it known once it is seen to be right."""
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != entry.md5:
        return f"The model file {path} is not the published one, so it was not used. {_to_restore(entry)}"
    digest = hashlib.sha256(content).hexdigest()
    return (
        f"The model file {path} is a program that Lacuna does not know yet. Its md5 is the published one: "
        f'to trust it, add sha256 = "{digest}" to [{entry.id}] in {CATALOG}.'
    )
