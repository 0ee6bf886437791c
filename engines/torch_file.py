"""Reads the tensors of a checkpoint that torch has saved, without torch and without running what is in it.

Such a file is a zip archive: ``data.pkl``, a pickle of the state dict in which each storage is named, and
``data/N``, the bytes of each storage. Before torch 1.6 it was a row of pickles (a number to know it by, the
version, the machine, the state dict, the names of the storages), then the storages in the order of these
names. A pickle may call any function there is; the reader below knows only those that a state dict of tensors
needs, its own in torch's stead, and refuses every other.
"""

import io
import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from engines.base import WeightsWrong

_STORAGES = {
    "DoubleStorage": np.dtype("<f8"),
    "FloatStorage": np.dtype("<f4"),
    "HalfStorage": np.dtype("<f2"),
    "LongStorage": np.dtype("<i8"),
    "IntStorage": np.dtype("<i4"),
    "ShortStorage": np.dtype("<i2"),
    "CharStorage": np.dtype("i1"),
    "ByteStorage": np.dtype("u1"),
    "BoolStorage": np.dtype("?"),
}
_LARGEST_PICKLE = 16 << 20  # of names and shapes alone; that of MobileSAM is 81 kB
_OLD, _OLD_VERSION = 0x1950A86A20F9469CFC6C, 1001  # what the row of pickles begins with


def read(file: BinaryIO, within: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """The tensors of a state dict by their names.

    ``within``: names under which a checkpoint may have that dict in another, the first that is there. Raises
    WeightsWrong if the file is anything else, or if it asks for something to be run.
    """
    try:
        if not zipfile.is_zipfile(file):
            file.seek(0)
            return _named(_old_state(file), within)
        with zipfile.ZipFile(file) as archive:
            return _named(_state(archive), within)
    except MemoryError:
        raise
    except Exception as error:  # a pickle may break in any way that Python can
        reason = str(error).strip().splitlines()
        told = reason[0] if reason else type(error).__name__
        raise WeightsWrong(f"The checkpoint was not read: {told}. Get it again from its maker.") from error


def _state(archive: zipfile.ZipFile) -> Any:
    """What is saved in a zip archive."""
    names = [name for name in archive.namelist() if name.count("/") == 1 and name.endswith("/data.pkl")]
    if len(names) != 1:
        raise ValueError("it is not a file that torch.save makes")
    top = names[0].removesuffix("data.pkl")
    if f"{top}byteorder" in archive.namelist() and archive.read(f"{top}byteorder") != b"little":
        raise ValueError("its numbers are not little-endian")
    if archive.getinfo(names[0]).file_size > _LARGEST_PICKLE:
        raise ValueError("its list of tensors is too long")

    def storage(key: str, dtype: np.dtype, count: int) -> np.ndarray:
        entry = archive.getinfo(f"{top}data/{key}")
        if entry.file_size != count * dtype.itemsize:
            raise ValueError(f"the storage {key} is not as long as it should be")
        return np.frombuffer(archive.read(entry), dtype)

    with archive.open(names[0]) as file:
        return _Restricted(file, storage).load()


def _old_state(file: BinaryIO) -> Any:
    """What is saved in a row of pickles."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    pickles = io.BytesIO(file.read(_LARGEST_PICKLE))
    storages: dict[str, np.ndarray] = {}

    def storage(key: str, dtype: np.dtype, count: int) -> np.ndarray:
        """Its place; the numbers come when all are known."""
        held = sum(each.nbytes for each in storages.values())
        if count < 0 or held + count * dtype.itemsize > size:
            raise ValueError(f"the storage {key} is longer than the file")
        storages[key] = np.empty(count, dtype)
        return storages[key]

    if pickles.getvalue()[:1] != b"\x80" or _Restricted(pickles, storage).load() != _OLD:
        raise ValueError("it is not a file that torch.save makes")
    version, machine = (_Restricted(pickles, storage).load() for _ in range(2))
    if version != _OLD_VERSION or not machine["little_endian"]:
        raise ValueError("its numbers are not little-endian")
    state = _Restricted(pickles, storage).load()
    names = _Restricted(pickles, storage).load()
    if not isinstance(names, list) or set(names) != storages.keys() or len(names) != len(storages):
        raise ValueError("its storages are not those of its tensors")
    file.seek(pickles.tell())
    for key in names:
        numbers = storages[key]
        count = int.from_bytes(file.read(8), "little")
        if count != len(numbers) or file.readinto(numbers.view(np.uint8)) != numbers.nbytes:
            raise ValueError(f"the storage {key} is not as long as it should be")
    return state


def _named(state: Any, within: Sequence[str]) -> dict[str, np.ndarray]:
    """The state dict of what is saved."""
    if isinstance(state, dict):
        state = next((state[name] for name in within if isinstance(state.get(name), dict)), state)
    if not isinstance(state, dict) or not all(
        isinstance(name, str) and isinstance(value, np.ndarray) for name, value in state.items()
    ):
        raise ValueError("it holds more than named tensors")
    return {name: value.copy() for name, value in state.items()}


class _StateDict(OrderedDict):
    """Takes the place of the published dict; what else hangs on that (versions of layers) is dropped."""

    def __setstate__(self, state: object) -> None:
        pass


@dataclass(frozen=True)
class _Storage:
    numbers: np.ndarray


class _Restricted(pickle.Unpickler):
    """``storage`` gives the numbers of a storage by its name, their type and how many they are."""

    def __init__(self, file: BinaryIO, storage: Callable[[str, np.dtype, int], np.ndarray]) -> None:
        super().__init__(file)
        self._storage = storage
        self._read: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return _StateDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        raise ValueError(f"it asks for {module}.{name}, which a list of tensors does not need")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _device, count, *views = pid
        if kind != "storage" or not isinstance(dtype, np.dtype) or any(view is not None for view in views):
            raise ValueError("it names something that is no storage")
        if key not in self._read:
            self._read[key] = _Storage(self._storage(key, dtype, count))
        return self._read[key]


def _tensor(storage: _Storage, offset: int, size: tuple, stride: tuple, *_: Any) -> np.ndarray:
    """A part of a storage in a shape, as a view. Raises ValueError if it reaches beyond the storage."""
    numbers = storage.numbers
    count, last = 1, offset
    for length, step in zip(size, stride, strict=True):
        if length < 0 or step < 0:
            raise ValueError("a tensor has a negative size")
        count *= length
        last += (length - 1) * step
    if count == 0:
        return np.empty(size, numbers.dtype)
    # A step of 0 would make a few bytes as large as one likes.
    if offset < 0 or last >= len(numbers) or count > len(numbers):
        raise ValueError("a tensor reaches beyond its storage")
    bytes_ = [step * numbers.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(numbers[offset:], size, bytes_)
