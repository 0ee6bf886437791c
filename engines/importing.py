"""Large libraries, imported in a worker thread so that the window waits for none of it.

Python holds its global lock while shared objects are mapped, and while a full collection goes over all that
an import has made. With PyTorch and diffusers either kept every other thread waiting for 200 to 330 ms
(python tests/benchmarks/importing.py).
"""

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

_LARGE = ("torch", "diffusers")


@contextmanager
def aside(libraries: set[str]) -> Iterator[None]:
    """In this block ``libraries`` may be imported without other threads being held up.

    What a large one has made lives as long as the program: no later collection looks at it again. Nor does
    one at anything else that is there at that moment, which must therefore go without being collected.
    """
    before = _imported()
    if "torch" in libraries and "torch" not in before:
        _map_torch()
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if _imported() != before:
            gc.freeze()
        if was_on:
            gc.enable()


def _imported() -> set[str]:
    return {name for name in _LARGE if name in sys.modules}


def _map_torch() -> None:
    """Map PyTorch's shared objects with the global lock let go, as a call through ctypes does.

    Where that fails, or where there is no dlopen, the import does it as ever.
    """
    found = find_spec("torch")
    if os.name != "posix" or found is None or found.origin is None:
        return
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for path in (Path(found.origin).parent / "lib").glob("libtorch_python.*"):  # it needs all the others
        dlopen(os.fsencode(path), os.RTLD_LAZY | os.RTLD_LOCAL)
