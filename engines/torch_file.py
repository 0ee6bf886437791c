"""Reads the tensors of a checkpoint that torch has saved, without torch and without running what is in it.

Such a file is a zip archive: ``data.pkl``, a pickle of the state dict in which each storage is named, and
``data/N``, the bytes of each storage. A pickle may call any function there is; the reader below knows only
those that a state dict of tensors needs, its own in torch's stead, and refuses every other.
"""

import pickle
import zipfile
from collections import OrderedDict
from collections.abc import Sequence
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


def read(file: BinaryIO, within: Sequence[str] = ()) -> dict[str, np.ndarray]:
    """The tensors of a state dict by their names.

    ``within``: names under which a checkpoint may have that dict in another, the first that is there. Raises
    WeightsWrong if the file is anything else, or if it asks for something to be run.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _tensors(archive, within)
    except MemoryError:
        raise
    except Exception as error:  # a pickle may break in any way that Python can
        reason = str(error).strip().splitlines()
        told = reason[0] if reason else type(error).__name__
        raise WeightsWrong(f"The checkpoint was not read: {told}. Get it again from its maker.") from error


def _tensors(archive: zipfile.ZipFile, within: Sequence[str]) -> dict[str, np.ndarray]:
    names = [name for name in archive.namelist() if name.count("/") == 1 and name.endswith("/data.pkl")]
    if len(names) != 1:
        raise ValueError("it is not a file that torch.save makes")
    top = names[0].removesuffix("data.pkl")
    if f"{top}byteorder" in archive.namelist() and archive.read(f"{top}byteorder") != b"little":
        raise ValueError("its numbers are not little-endian")
    if archive.getinfo(names[0]).file_size > _LARGEST_PICKLE:
        raise ValueError("its list of tensors is too long")
    with archive.open(names[0]) as file:
        state = _Restricted(file, archive, top).load()
    if isinstance(state, dict):
        state = next((state[name] for name in within if isinstance(state.get(name), dict)), state)
    if not isinstance(state, dict) or not all(
        isinstance(name, str) and isinstance(value, np.ndarray) for name, value in state.items()
    ):
        raise ValueError("it holds more than named tensors")
    return dict(state)


class _StateDict(OrderedDict):
    """Takes the place of the published dict; what else hangs on that (versions of layers) is dropped."""

    def __setstate__(self, state: object) -> None:
        pass


@dataclass(frozen=True)
class _Storage:
    numbers: np.ndarray


class _Restricted(pickle.Unpickler):
    def __init__(self, file: BinaryIO, archive: zipfile.ZipFile, top: str) -> None:
        super().__init__(file)
        self._archive, self._top = archive, top
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
        kind, dtype, key, _device, count = pid
        if kind != "storage" or not isinstance(dtype, np.dtype):
            raise ValueError("it names something that is no storage")
        if key not in self._read:
            entry = self._archive.getinfo(f"{self._top}data/{key}")
            if entry.file_size != count * dtype.itemsize:
                raise ValueError(f"the storage {key} is not as long as it should be")
            self._read[key] = _Storage(np.frombuffer(self._archive.read(entry), dtype))
        return self._read[key]


def _tensor(storage: _Storage, offset: int, size: tuple, stride: tuple, *_: Any) -> np.ndarray:
    """A part of a storage in a shape, as a copy. Raises ValueError if it reaches beyond the storage."""
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
    return np.lib.stride_tricks.as_strided(numbers[offset:], size, bytes_).copy()
