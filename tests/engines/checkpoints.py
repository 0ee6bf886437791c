"""Files as ``torch.save`` makes them, without torch: for whatever is to be read from such a file."""

import io
import pickle
import zipfile
from collections import OrderedDict

STORAGES = {"float32": "FloatStorage", "int64": "LongStorage", "float16": "HalfStorage"}


class _Named:
    """Pickles as the global of that name, whatever it is."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class _Storage:
    def __init__(self, key, array):
        self.key, self.array = key, array


class _Tensor:
    def __init__(self, storage, size=None, stride=None, offset=0):
        self.storage, self.offset = storage, offset
        self.size = storage.array.shape if size is None else size
        steps = [step // storage.array.itemsize for step in storage.array.strides]
        self.stride = tuple(steps) if stride is None else stride


class _Pickler(pickle._Pickler):
    """Python's own pickler, taught what torch's reduces a tensor to."""

    dispatch = pickle._Pickler.dispatch.copy()

    def persistent_id(self, value):
        if isinstance(value, _Storage):
            kind = _Named("torch", STORAGES[value.array.dtype.name])
            return ("storage", kind, value.key, "cpu", value.array.size)
        return None

    def save_named(self, value):
        self.write(pickle.GLOBAL + f"{value.module}\n{value.name}\n".encode())

    def save_tensor(self, value):
        self.save(_Named("torch._utils", "_rebuild_tensor_v2"))
        self.save((value.storage, value.offset, value.size, value.stride, False, OrderedDict()))
        self.write(pickle.REDUCE)

    dispatch[_Named] = save_named
    dispatch[_Tensor] = save_tensor


def torch_file_of(tensors, *, top="archive", change=None, storages=None):
    """The bytes of a file that holds a state dict; ``change`` may do something to the dict of tensors."""
    kept = [_Storage(str(index), array) for index, array in enumerate(tensors.values())]
    state = OrderedDict((name, _Tensor(storage)) for name, storage in zip(tensors, kept, strict=True))
    if change is not None:
        state = change(state)
    out = io.BytesIO()
    _Pickler(out, protocol=2).dump(state)
    contents = {storage.key: storage.array.tobytes() for storage in kept} | (storages or {})
    return zipped({"data.pkl": out.getvalue()} | {f"data/{key}": each for key, each in contents.items()}, top)


def zipped(members, top="archive"):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(f"{top}/{name}"), content)
    return packed.getvalue()
