"""Where the weights are, and that they are the right ones."""

import hashlib
import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engines.base import WeightsMissing, WeightsWrong

CATALOG = Path(__file__).with_name("catalog.toml")


def embedded_folder() -> Path:
    """The folder of the weights that come with the program; ``LACUNA_MODELS`` names another."""
    return Path(os.environ.get("LACUNA_MODELS") or Path(__file__).parent.parent / "resources" / "models")


@dataclass(frozen=True)
class WeightFile:
    """One entry of ``catalog.toml``."""

    id: str
    purpose: str
    file: str
    bytes: int
    sha256: str
    licence: str
    commercial: bool


@cache
def catalog() -> dict[str, WeightFile]:
    """Every known weight file by its id."""
    entries = tomllib.loads(CATALOG.read_text(encoding="utf-8"))
    return {
        key: WeightFile(key, **{name: value for name, value in entry.items() if name != "sources"})
        for key, entry in entries.items()
    }


def is_present(weights_id: str) -> bool:
    """Whether the file is there, by its size; what is in it is checked when it is loaded."""
    entry = catalog()[weights_id]
    try:
        return (embedded_folder() / entry.file).stat().st_size == entry.bytes
    except OSError:
        return False


def load(weights_id: str) -> bytes:
    """The content of a weight file, checked against the catalogue.

    The bytes that were checked are the bytes that are returned, so no file can be swapped in between.
    Raises WeightsMissing or WeightsWrong.
    """
    entry = catalog()[weights_id]
    path = embedded_folder() / entry.file
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise WeightsMissing(
            f"The model for {entry.purpose.lower()} is missing: {path}. Install Lacuna again to restore it."
        ) from None
    except OSError as error:
        raise WeightsMissing(f"The model file {path} cannot be read: {error.strerror}.") from None
    if len(content) != entry.bytes or hashlib.sha256(content).hexdigest() != entry.sha256:
        raise WeightsWrong(
            f"The model file {path} is damaged or was changed, so it was not used. "
            "Install Lacuna again to restore it."
        )
    return content
