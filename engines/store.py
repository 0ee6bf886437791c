"""Which weights there are, where they lie on this machine, and that they are the right ones."""

import errno
import hashlib
import mmap
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import platformdirs

from engines import onnx_file, records
from engines.base import EngineError, WeightsMissing, WeightsWrong
from engines.sources import Source, source_of

CATALOG = Path(__file__).with_name("catalog.toml")
DATA_ONLY = (".onnx", ".safetensors")  # what a file of these holds is never run as a program


def embedded_folder() -> Path:
    """The folder of the weights that come with the program; ``LACUNA_MODELS`` names another."""
    return Path(os.environ.get("LACUNA_MODELS") or Path(__file__).parent.parent / "resources" / "models")


_chosen: Path | None = None


def packs_folder() -> Path:
    """The user's folder of weights that were installed, which may be copied to another machine as it is.

    ``LACUNA_DATA_DIR`` puts it elsewhere, then what :func:`keep_in` was told.
    """
    if not os.environ.get("LACUNA_DATA_DIR") and _chosen is not None:
        return _chosen
    return user_data() / "models"


def user_data() -> Path:
    """The user's folder of what was installed; ``LACUNA_DATA_DIR`` puts it elsewhere."""
    override = os.environ.get("LACUNA_DATA_DIR")
    return Path(override) if override else platformdirs.user_data_path("lacuna", appauthor=False)


def keep_in(folder: str) -> None:
    """Keep installed weights in a folder of the user's choice; an empty one is the usual place."""
    global _chosen
    _chosen = Path(folder).expanduser() if folder else None


@dataclass(frozen=True)
class WeightFile:
    """One entry of ``catalog.toml``. What its publisher does not tell is 0 or empty."""

    id: str
    purpose: str
    file: str
    licence: str
    commercial: bool
    sources: tuple[Source, ...] = ()
    bytes: int = 0
    sha256: str = ""
    title: str = ""  # what people call it, where it is a model that they choose
    md5: str = ""  # as its publisher tells it; no ground to run a program on
    download: int = 0  # bytes that have to be fetched for it
    # What it is recognised by where there is no hash: shapes of tensors by the ends of their names, or those
    # of an ONNX graph's inputs in any order. -1 is any side, 0 one that is free.
    tensors: Mapping[str, list[int]] = field(default_factory=dict)
    inputs: tuple[list[int], ...] = ()

    @property
    def embedded(self) -> bool:
        """Whether it comes with the program."""
        return any(source.kind == "embedded" for source in self.sources)

    @property
    def fetchable(self) -> bool:
        """Whether the program can get it by itself."""
        return any(source.fetchable for source in self.sources)

    @property
    def look_for(self) -> str:
        """For who brings the file along: what and where it was published; may be empty."""
        return next((source.name for source in self.sources if source.kind == "own"), "")


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
    path = path_of(weights_id)
    try:
        return path.is_file() and path.stat().st_size == (entry_of(weights_id).bytes or path.stat().st_size)
    except OSError:
        return False


def load(weights_id: str) -> bytes:
    """The content of a weight file, checked against the catalogue.

    The bytes that were checked are the bytes that are returned, so no file can be swapped in between. A file
    whose sha256 the catalogue does not know is returned as it is if it can hold nothing but data; what it is
    good for is then for its engine to find out. Raises WeightsMissing or WeightsWrong.
    """
    entry, path = entry_of(weights_id), path_of(weights_id)
    with _reading(entry, path):
        content = path.read_bytes()
    _judge(entry, path, memoryview(content))
    return content


def check(weights_id: str) -> Path:
    """Where a weight file is, after the checks of :func:`load`; it may be larger than the memory.

    Raises WeightsMissing or WeightsWrong.
    """
    entry, path = entry_of(weights_id), path_of(weights_id)
    with _reading(entry, path):
        content = mapped(path)
    _judge(entry, path, content)
    return path


@contextmanager
def refusals_told(name: str, needed: int) -> Iterator[None]:
    """What the disk refuses in this block, which puts ``name`` among the models and takes ``needed`` bytes
    meanwhile, as one line. Raises EngineError."""
    folder = packs_folder()
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EngineError(
                f"There is not enough room in {folder} for {name}, which needs "
                f"{needed / 1e6:.0f} MB meanwhile. Free some and try again."
            ) from error
        if error.errno in (errno.EACCES, errno.EROFS, errno.EPERM):
            raise EngineError(
                f"Models cannot be kept in {folder}: {error.strerror}. Allow writing there, or set "
                "LACUNA_DATA_DIR to another folder."
            ) from error
        raise


def mapped(path: Path) -> memoryview:
    """The bytes of a file, none of which is read before it is looked at. Raises OSError."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return memoryview(b"")
        return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


@contextmanager
def _reading(entry: WeightFile, path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        if not entry.embedded:
            raise WeightsMissing(
                f"The model for {_told(entry)} is not installed. {_to_restore(entry)}"
            ) from None
        raise WeightsMissing(
            f"The model for {_told(entry)} is missing: {path}. {_to_restore(entry)}"
        ) from None
    except OSError as error:
        raise WeightsMissing(f"The model file {path} cannot be read: {error.strerror}.") from None


def _judge(entry: WeightFile, path: Path, content: memoryview) -> None:
    """Raises WeightsWrong if a file is not the right one, or not safe."""
    if not entry.sha256 and path.suffix not in DATA_ONLY:
        raise WeightsWrong(_not_pinned(entry, path, content))
    known = entry.sha256 or records.sha256(path.parent, entry.id)
    wrong_size = entry.bytes and len(content) != entry.bytes
    if wrong_size or (known and hashlib.sha256(content).hexdigest() != known):
        raise WeightsWrong(
            f"The model file {path} is damaged or was changed, so it was not used. {_to_restore(entry, True)}"
        )
    if not entry.sha256 and path.suffix == ".onnx":
        onnx_file.inputs_of(content, str(path))


def _told(entry: WeightFile) -> str:
    """Its purpose in the middle of a sentence."""
    return entry.purpose[:1].lower() + entry.purpose[1:]


def _to_restore(entry: WeightFile, is_there: bool = False) -> str:
    if entry.embedded:
        return "Install Lacuna again to restore it."
    if entry.fetchable and is_there:
        return f"Install it again with: python main.py models install {entry.id}"
    if entry.fetchable:
        return f"Get it with: python main.py models install {entry.id}"
    return f"Bring your own, {entry.look_for}, and add it with: python main.py models import FILE"


def _not_pinned(entry: WeightFile, path: Path, content: memoryview) -> str:
    """Why a program of unknown sha256 is not run, and what makes it known once it is seen to be right."""
    if hashlib.md5(content, usedforsecurity=False).hexdigest() != entry.md5:
        return f"The model file {path} is not the published one, so it was not used. {_to_restore(entry)}"
    digest = hashlib.sha256(content).hexdigest()
    return (
        f"The model file {path} is a program that Lacuna does not know yet. Its md5 is the published one: "
        f'to trust it, add sha256 = "{digest}" to [{entry.id}] in {CATALOG}.'
    )
