"""What this machine has: memory, a graphics card, room on its disk. Nothing is loaded to find that out."""

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path

APPLE = "Apple graphics"  # their memory is the processor's own


@dataclass(frozen=True)
class Machine:
    """Bytes. ``card`` is the graphics card's name, empty if there is none that a runtime here can use."""

    memory: int
    free_memory: int  # what programs can still have without anything being put aside
    disk_free: int
    card: str = ""
    card_memory: int = 0
    card_free: int = 0


def machine(folder: Path) -> Machine:
    """This machine as it is now; ``folder``, or what it will be made in, is on the disk that counts."""
    total, free = _memory()
    card = _card(total, free) if _uses_cards() else ("", 0, 0)
    return Machine(total, free, _disk_free(folder), *card)


def _memory() -> tuple[int, int]:
    """All, and what is free; 0 where the system does not tell."""
    try:
        if sys.platform == "win32":
            return _windows_memory()
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        if sys.platform == "darwin":
            return total, _mac_free()
        total = min(total, _limit() or total)
        with Path("/proc/meminfo").open(encoding="ascii") as file:
            for line in file:
                if line.startswith("MemAvailable:"):
                    return total, min(int(line.split()[1]) * 1024, total)
    except (OSError, ValueError, AttributeError):
        pass
    return 0, 0


def _limit() -> int:
    """What a container may use (control groups, version 2); 0 if it may use all."""
    try:
        return int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
    except (OSError, ValueError):  # there is none, or it says "max"
        return 0


def _windows_memory() -> tuple[int, int]:
    class Status(ctypes.Structure):
        """MEMORYSTATUSEX."""

        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            *((name, ctypes.c_ulonglong) for name in ("total", "free", "pages", "free_pages", "a", "b", "c")),
        )

    status = Status(length=ctypes.sizeof(Status))
    if not ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return 0, 0
    return status.total, status.free


def _mac_free() -> int:
    """Free and inactive pages, as vm_stat counts them."""
    told = subprocess.run(["vm_stat"], capture_output=True, text=True, check=True, timeout=5).stdout
    pages = dict(line.split(":") for line in told.splitlines()[1:] if ":" in line)
    counted = ("Pages free", "Pages inactive", "Pages speculative")
    return sum(int(pages[name].strip(" .")) for name in counted) * os.sysconf("SC_PAGE_SIZE")


def _disk_free(folder: Path) -> int:
    for place in (folder, *folder.parents):
        try:
            return shutil.disk_usage(place).free
        except FileNotFoundError:
            continue
        except OSError:
            break
    return 0


@cache
def _uses_cards() -> bool:
    """Whether a runtime that is installed may compute on a graphics card."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    for name in ("torch", "onnxruntime-gpu", "onnxruntime-directml"):
        try:
            if not metadata.version(name).endswith("+cpu"):  # torch's build for processors alone
                return True
        except metadata.PackageNotFoundError:
            continue
    return False


def _card(memory: int, free: int) -> tuple[str, int, int]:
    if sys.platform == "darwin":
        # Apple's graphics share the memory; the system leaves about two thirds of it to them.
        return (APPLE, memory * 2 // 3, min(free, memory * 2 // 3)) if memory else ("", 0, 0)
    try:
        return _nvidia()
    except (OSError, AttributeError):
        return "", 0, 0


def _nvidia() -> tuple[str, int, int]:
    """The card with the most free memory, as the driver's own library (NVML) tells it.

    Raises OSError if there is no driver.
    """

    class Memory(ctypes.Structure):
        """nvmlMemory_t."""

        _fields_ = tuple((name, ctypes.c_ulonglong) for name in ("total", "free", "used"))

    library = ctypes.CDLL("nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1")
    if library.nvmlInit_v2() != 0:
        return "", 0, 0
    try:
        count, best = ctypes.c_uint(), ("", 0, 0)
        if library.nvmlDeviceGetCount_v2(ctypes.byref(count)) != 0:
            return best
        for index in range(count.value):
            device, name, memory = ctypes.c_void_p(), ctypes.create_string_buffer(96), Memory()
            told = (
                library.nvmlDeviceGetHandleByIndex_v2(index, ctypes.byref(device)),
                library.nvmlDeviceGetName(device, name, len(name)),
                library.nvmlDeviceGetMemoryInfo(device, ctypes.byref(memory)),
            )
            if not any(told) and memory.free >= best[2]:
                best = name.value.decode("utf-8", "replace"), memory.total, memory.free
        return best
    finally:
        library.nvmlShutdown()
