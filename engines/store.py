"""Which weights there are, where they lie on this machine, and that they are the right ones."""

import hashlib
import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import platformdirs

from engines.base import EngineError, WeightsMissing, WeightsWrong
from engines.sources import Source, source_of

CATALOG = Path(__file__).with_name("catalog.toml")


def embedded_folder() -> Path:
    """The folder of the weights that come with the program; ``LACUNA_MODELS`` names another."""
    return Path(os.environ.get("LACUNA_MODELS") or Path(__file__).parent.parent / "resources" / "models")


def packs_folder() -> Path:
    """The user's folder of weights that were installed; ``LACUNA_DATA_DIR`` puts it elsewhere."""
    override = os.environ.get("LACUNA_DATA_DIR")
    base = Path(override) if override else platformdirs.user_data_path("lacuna", appauthor=False)
    return base / "models"


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
    sources: tuple[Source, ...]
    download: int = 0  # bytes that have to be fetched for it

    @property
    def embedded(self) -> bool:
        """Whether it comes with the program."""
        return any(source.kind == "embedded" for source in self.sources)


@cache
def catalog() -> dict[str, WeightFile]:
    """Every known weight file by its id."""
    entries = tomllib.loads(CATALOG.read_text(encoding="utf-8"))
    return {
        key: WeightFile(key, sources=tuple(map(source_of, entry.pop("sources"))), **entry)
        for key, entry in entries.items()
    }


def entry_of(weights_id: str) -> WeightFile:
    """The entry of one id. Raises EngineError if there is none of that name."""
    try:
        return catalog()[weights_id]
    except KeyError:
        known = ", ".join(catalog())
        raise EngineError(f'There is no model "{weights_id}". Choose one of: {known}.') from None


def path_of(weights_id: str) -> Path:
    """Where the file is, or where it would be: beside those of the program, else among the user's."""
    entry = entry_of(weights_id)
    beside = embedded_folder() / entry.file
    return beside if entry.embedded or beside.exists() else packs_folder() / entry.file


def is_present(weights_id: str) -> bool:
    """Whether the file is there, by its size; what is in it is checked when it is loaded."""
    try:
        return path_of(weights_id).stat().st_size == entry_of(weights_id).bytes
    except OSError:
        return False


def load(weights_id: str) -> bytes:
    """The content of a weight file, checked against the catalogue.

    The bytes that were checked are the bytes that are returned, so no file can be swapped in between.
    Raises WeightsMissing or WeightsWrong.
    """
    entry, path = entry_of(weights_id), path_of(weights_id)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        if not entry.embedded:
            raise WeightsMissing(
                f"The model for {_told(entry)} is not installed. "
                f"Get it with: python main.py models install {entry.id}"
            ) from None
        raise WeightsMissing(
            f"The model for {_told(entry)} is missing: {path}. Install Lacuna again to restore it."
        ) from None
    except OSError as error:
        raise WeightsMissing(f"The model file {path} cannot be read: {error.strerror}.") from None
    if len(content) != entry.bytes or hashlib.sha256(content).hexdigest() != entry.sha256:
        what = "Lacuna" if entry.embedded else "it"
        raise WeightsWrong(
            f"The model file {path} is damaged or was changed, so it was not used. "
            f"Install {what} again to restore it."
        )
    return content


def _told(entry: WeightFile) -> str:
    return entry.purpose[0].lower() + entry.purpose[1:]
