"""The profile of the screen that pictures are shown on."""

import ctypes
import os
import sys
from functools import cache
from pathlib import Path

from editor import settings

_MOST = 4 << 20  # bytes of a profile
_ANY_TYPE = 0


@cache
def profile() -> bytes | None:
    """The ICC profile that the settings name, or that X11 has for its first screen; None stands for sRGB.

    Looked up once; no Qt is needed, so that the first picture can be made ready while Qt loads.
    """
    chosen = settings.load().display_profile
    if chosen:
        try:
            data = Path(chosen).read_bytes()
        except OSError:
            return None
        return data if len(data) <= _MOST else None
    if sys.platform != "linux" or not os.environ.get("DISPLAY"):
        return None
    platform = os.environ.get("QT_QPA_PLATFORM", "wayland" if os.environ.get("WAYLAND_DISPLAY") else "xcb")
    return _of_x11() if platform.startswith("xcb") else None


def _of_x11() -> bytes | None:
    """The root window's property ``_ICC_PROFILE``, as "ICC Profiles in X Specification 0.4" has it."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return None
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = ctypes.c_void_p(x11.XOpenDisplay(None))
    if not display:
        return None
    try:
        return _property(x11, display, b"_ICC_PROFILE")
    finally:
        x11.XCloseDisplay(display)


def _property(x11: ctypes.CDLL, display: ctypes.c_void_p, name: bytes) -> bytes | None:
    """A property of the root window that is a row of bytes."""
    x11.XInternAtom.restype = x11.XDefaultRootWindow.restype = ctypes.c_ulong
    atom = x11.XInternAtom(display, name, True)
    if not atom:
        return None
    kind, count, rest = ctypes.c_ulong(), ctypes.c_ulong(), ctypes.c_ulong()
    size, data = ctypes.c_int(), ctypes.POINTER(ctypes.c_ubyte)()
    failed = x11.XGetWindowProperty(
        display,
        ctypes.c_ulong(x11.XDefaultRootWindow(display)),
        ctypes.c_ulong(atom),
        ctypes.c_long(0),
        ctypes.c_long(_MOST // 4),
        False,
        ctypes.c_ulong(_ANY_TYPE),
        ctypes.byref(kind),
        ctypes.byref(size),
        ctypes.byref(count),
        ctypes.byref(rest),
        ctypes.byref(data),
    )
    if failed or not data:
        return None
    try:
        whole = size.value == 8 and count.value and not rest.value
        return ctypes.string_at(data, count.value) if whole else None
    finally:
        x11.XFree(data)
